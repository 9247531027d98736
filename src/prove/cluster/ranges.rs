//! The networks inside of a cluster: of a size that Kubernetes takes, and apart from one another and from what is outside.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::embedded::{Addresses, check_cidr, check_ip, free_network};
use crate::eval::Origin;
use crate::prove::cluster::site::{Inner, Site, sites};
use crate::prove::errors::ranges as errors;
use crate::prove::{Facts, Place, Refutation};

/// How many addresses the services of a cluster need at least: that of the DNS server is the tenth (`MinimumAddressesInServiceSubnet`
/// in kubeadm's constants.go).
const FEWEST_SERVICES: u128 = 10;

/// How many bits of a service's address may differ (`MaximumBitsForServiceSubnet`, which the API server wants as well).
const MOST_SERVICE_BITS: u8 = 20;

/// How many bits longer the prefix of a node's pods may be than that of all pods (`PodSubnetNodeMaskMaxDiff`).
const MOST_NODE_BITS: u8 = 16;

/// The prefix of a node's pods, unless the controller manager is told another one.
pub(super) const fn node_prefix(is_ipv4: bool) -> u8 {
    if is_ipv4 { 24 } else { 64 }
}

/// The networks of pods and services have a size that Kubernetes takes, and are of one family.
pub(crate) fn sizes(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        let networks = site.networks();
        for inner in &networks {
            size(&site, *inner, found);
        }
        let [pods, services] = networks.as_slice() else { continue };
        if pods.network.addr().is_ipv4() != services.network.addr().is_ipv4() {
            let (name, v4) = (site.name, pods.network.addr().is_ipv4());
            let (pods, services) = (*pods, *services);
            let places = [site.at(pods.origin), site.at(services.origin), site.here()];
            let make = move |[pods, services, here]: [_; 3]| {
                errors::families(name, v4, pods, services, here)
            };
            found.push(Refutation::at(places, make));
        }
    }
}

fn size(site: &Site<'_>, inner: Inner, found: &mut Vec<Refutation>) {
    let network = inner.network;
    let (prefix, is_ipv4) = (network.prefix_len(), network.addr().is_ipv4());
    let full: u8 = if is_ipv4 { 32 } else { 128 };
    let name = site.name;
    let fault = if inner.field == "services" {
        if Addresses::of(&network).count() < FEWEST_SERVICES {
            // The smallest network with so many addresses: 16.
            Some((false, full - 4))
        } else {
            (full - prefix > MOST_SERVICE_BITS).then_some((true, full - MOST_SERVICE_BITS))
        }
    } else {
        let node = node_prefix(is_ipv4);
        // What is too small for the nodes that there are is told of with their number.
        (node.saturating_sub(prefix) > MOST_NODE_BITS).then_some((true, node - MOST_NODE_BITS))
    };
    let Some((too_large, wanted)) = fault else { return };
    let make = move |[at]: [_; 1]| {
        if too_large {
            errors::too_large(name, inner.field, network, wanted, at)
        } else {
            errors::few_services(name, network, wanted, at)
        }
    };
    found.push(Refutation::at([site.at(inner.origin)], make));
}

/// What a network inside of a cluster may not hold.
struct Outer {
    /// In words: `` `addresses` ``, `the network of the machines`.
    what: &'static str,
    addresses: Addresses,
    place: Place,
}

/// Pods, services, machines, and what machines talk to are apart.
pub(crate) fn inside(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        let networks = site.networks();
        if let [pods, services] = networks.as_slice()
            && Addresses::of(&pods.network).both(&Addresses::of(&services.network)).is_some()
        {
            overlap_of_both(&site, *pods, *services, found);
        }
        let outer = outer(&site);
        // What is free for one network is not free for the other, too.
        let mut promised: Vec<Addresses> = Vec::new();
        for inner in &networks {
            let whole = Addresses::of(&inner.network);
            let met = outer.iter().find(|it| it.addresses.both(&whole).is_some());
            // An API server among the pods mostly stands beside its machines: that is one mistake.
            if endpoint_inside(&site, *inner, met.is_some(), found) {
                continue;
            }
            if let Some(met) = met {
                overlap_with(&site, *inner, met, (&outer, &mut promised), found);
            }
        }
    }
}

/// What is outside of a cluster, and its machines must reach.
fn outer(site: &Site<'_>) -> Vec<Outer> {
    let addresses = |(addresses, origin)| Outer {
        what: "the addresses of its machines",
        addresses,
        place: site.at(origin),
    };
    let mut outer: Vec<Outer> = site.addresses().into_iter().map(addresses).collect();
    let provider = |origin: Origin| Place::new(site.provider_block, origin);
    if let Some(network) = site.made_network()
        && let Ok(range) = check_cidr(network.value)
    {
        outer.push(Outer {
            what: "the network of its machines",
            addresses: Addresses::of(&range),
            place: provider(network.origin),
        });
    }
    if let Some(wire) = site.wire() {
        if let Some(network) = machine_network(wire.gateway.value, wire.prefix.value) {
            outer.push(Outer {
                what: "the network of its machines",
                addresses: Addresses::of(&network),
                place: provider(wire.gateway.origin),
            });
        }
        outer.extend(wire.dns.iter().filter_map(|server| {
            Some(Outer {
                what: "a name server of its machines",
                addresses: Addresses::one(check_ip(server.value).ok()?),
                place: provider(server.origin),
            })
        }));
    }
    outer
}

/// The network in which a gateway stands.
pub(super) fn machine_network(gateway: &str, prefix: i64) -> Option<IpNet> {
    let gateway: IpAddr = check_ip(gateway).ok()?;
    Some(IpNet::new(gateway, u8::try_from(prefix).ok()?).ok()?.trunc())
}

fn overlap_of_both(site: &Site<'_>, pods: Inner, services: Inner, found: &mut Vec<Refutation>) {
    let mut taken: Vec<Addresses> = outer(site).iter().map(|it| it.addresses).collect();
    taken.push(Addresses::of(&services.network));
    let free = free_network(pods.network.prefix_len(), pods.network.addr().is_ipv4(), &taken);
    let name = site.name;
    let places = [site.at(pods.origin), site.at(services.origin), site.here()];
    found.push(Refutation::at(places, move |[at, other, here]| {
        let (pods, services) = (pods.network, services.network);
        errors::pods_and_services(name, pods, services, free, [at, other, here])
    }));
}

fn overlap_with(
    site: &Site<'_>,
    inner: Inner,
    met: &Outer,
    (outer, promised): (&[Outer], &mut Vec<Addresses>),
    found: &mut Vec<Refutation>,
) {
    let mut taken: Vec<Addresses> = outer.iter().map(|it| it.addresses).collect();
    taken.extend(promised.iter().copied());
    let others = site.networks();
    taken.extend(
        others.iter().filter(|it| it.field != inner.field).map(|it| Addresses::of(&it.network)),
    );
    let free = free_network(inner.network.prefix_len(), inner.network.addr().is_ipv4(), &taken);
    promised.extend(free.iter().map(Addresses::of));
    let (name, what, addresses) = (site.name, met.what, met.addresses);
    let places = [site.at(inner.origin), met.place, site.here()];
    found.push(Refutation::at(places, move |spans| {
        errors::overlap(name, (inner.field, inner.network), (what, addresses), free, spans)
    }));
}

fn endpoint_inside(
    site: &Site<'_>,
    inner: Inner,
    machines_too: bool,
    found: &mut Vec<Refutation>,
) -> bool {
    let Some((endpoint, origin)) = site.endpoint() else { return false };
    if !inner.network.contains(&endpoint) {
        return false;
    }
    let name = site.name;
    let places = [site.at(origin), site.at(inner.origin), site.here()];
    found.push(Refutation::at(places, move |spans| {
        errors::endpoint_inside(name, endpoint, (inner.field, inner.network), machines_too, spans)
    }));
    true
}
