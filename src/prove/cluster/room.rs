//! Room for all machines of a cluster: in the range of its pods, and among its addresses.

use crate::embedded::{Addresses, check_ip};
use crate::prove::cluster::ranges::{machine_network, node_prefix};
use crate::prove::cluster::site::{Site, sites};
use crate::prove::errors::ranges as errors;
use crate::prove::{Facts, Refutation};

/// Every machine gets an address, and every node a network for its pods.
pub(crate) fn room(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        nodes(&site, found);
        machines(&site, found);
    }
}

fn nodes(site: &Site<'_>, found: &mut Vec<Refutation>) {
    let networks = site.networks();
    let Some(pods) = networks.iter().find(|it| it.field == "pods") else { return };
    let (prefix, is_ipv4) = (pods.network.prefix_len(), pods.network.addr().is_ipv4());
    let node = node_prefix(is_ipv4);
    let rooms = match node.checked_sub(prefix) {
        Some(bits) => 1u128 << bits,
        None => 0,
    };
    let (machines, surge) = site.machines();
    let wanted = machines.saturating_add(surge);
    if rooms >= u128::from(wanted) {
        return;
    }
    let bits = u64::BITS - wanted.saturating_sub(1).leading_zeros();
    let enough = u8::try_from(bits).ok().and_then(|bits| node.checked_sub(bits));
    let (name, network) = (site.name, pods.network);
    let make = move |[at]: [_; 1]| {
        errors::few_nodes(name, network, (machines, surge), (rooms, node, enough), at)
    };
    found.push(Refutation::at([site.at(pods.origin)], make));
}

fn machines(site: &Site<'_>, found: &mut Vec<Refutation>) {
    let ranges = site.addresses();
    let Some(&(_, origin)) = ranges.first() else { return };
    let given = ranges.iter().fold(0u128, |sum, (range, _)| sum.saturating_add(range.count()));
    let left_out = left_out(site).into_iter();
    let left_out: u128 = left_out
        .map(|one| u128::from(ranges.iter().any(|(range, _)| range.both(&one).is_some())))
        .sum();
    let usable = given.saturating_sub(left_out);
    let (machines, surge) = site.machines();
    if usable >= u128::from(machines.saturating_add(surge)) {
        return;
    }
    let name = site.name;
    let make =
        move |[at]: [_; 1]| errors::few_addresses(name, usable, left_out, (machines, surge), at);
    found.push(Refutation::at([site.at(origin)], make));
}

/// The addresses that no machine gets, each once: Cluster API's in-cluster addresses leave out the gateway, and the first and last
/// address of the network (of IPv6 the first).
fn left_out(site: &Site<'_>) -> Vec<Addresses> {
    let Some(wire) = site.wire() else { return Vec::new() };
    let mut out: Vec<Addresses> =
        check_ip(wire.gateway.value).ok().map(Addresses::one).into_iter().collect();
    if let Some(network) = machine_network(wire.gateway.value, wire.prefix.value) {
        out.push(Addresses::one(network.network()));
        if network.addr().is_ipv4() {
            out.push(Addresses::one(network.broadcast()));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}
