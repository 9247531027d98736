//! Addresses of several clusters: none is taken twice, and each cluster can be reached from where it must be.

use rustc_hash::FxHashMap;

use crate::embedded::{Addresses, check_cidr, check_ip, meetings};
use crate::model::ResourceId;
use crate::prove::cluster::ranges::machine_network;
use crate::prove::cluster::site::{Inner, Site, sites};
use crate::prove::errors::between as errors;
use crate::prove::errors::between::Use;
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

/// Addresses that something has.
#[derive(Clone, Copy, Debug)]
struct Taken {
    what: Use,
    /// The cluster or provider that has them.
    owner: Sym,
    block: ResourceId,
    addresses: Addresses,
    place: Place,
    provider: ResourceId,
}

/// No address is that of two machines, or of a machine and something else.
pub(crate) fn taken_twice(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let sites = sites(facts);
    let taken: Vec<Taken> = sites.iter().flat_map(of_cluster).collect();
    endpoints(&taken, found);
    let mut by_provider: FxHashMap<ResourceId, Vec<Taken>> = FxHashMap::default();
    let mut order = Vec::new();
    for one in &taken {
        let group = by_provider.entry(one.provider).or_default();
        if group.is_empty() {
            order.push(one.provider);
        }
        group.push(*one);
    }
    for provider in order {
        let Some(mut group) = by_provider.remove(&provider) else { continue };
        if let Some(site) = sites.iter().find(|site| site.provider_block == provider) {
            group.extend(of_provider(site));
        }
        for (first, second) in pairs(&group) {
            twice(first, second, true, found);
        }
    }
    for (first, second) in pairs(&taken) {
        if first.provider != second.provider {
            twice(first, second, false, found);
        }
    }
}

fn pairs(taken: &[Taken]) -> Vec<(Taken, Taken)> {
    let mut ranges: Vec<(Addresses, usize)> =
        taken.iter().enumerate().map(|(number, one)| (one.addresses, number)).collect();
    let met = meetings(&mut ranges);
    let get = |number: usize| taken.get(number).copied();
    met.into_iter().filter_map(|(a, b)| Some((get(a.1.min(b.1))?, get(a.1.max(b.1))?))).collect()
}

fn twice(first: Taken, second: Taken, one_network: bool, found: &mut Vec<Refutation>) {
    let Some(both) = first.addresses.both(&second.addresses) else { return };
    // Two endpoints have a sweep of their own; what providers have, they may have together.
    if (first.what == Use::Endpoint && second.what == Use::Endpoint)
        || (first.what.is_of_provider() && second.what.is_of_provider())
    {
        return;
    }
    // What the provider has comes last, and is not what somebody would change.
    let (mine, other) =
        if second.what.is_of_provider() { (first, second) } else { (second, first) };
    let same = mine.block == other.block;
    let (first, second) = ((mine.what, mine.owner), (other.what, other.owner));
    found.push(Refutation::at([mine.place, other.place], move |[at, because]| {
        let (first, second) = ((first.0, first.1, at), (second.0, second.1, because));
        errors::twice(first, second, both, same, one_network)
    }));
}

/// Two API servers at one address: the hub would talk to whichever answers, wherever they are.
fn endpoints(taken: &[Taken], found: &mut Vec<Refutation>) {
    let endpoints: Vec<Taken> =
        taken.iter().filter(|one| one.what == Use::Endpoint).copied().collect();
    for (first, second) in pairs(&endpoints) {
        let (name, other, address) = (second.owner, first.owner, second.addresses.first());
        let places = [second.place, first.place];
        let make =
            move |[at, because]: [_; 2]| errors::one_endpoint(name, other, address, at, because);
        found.push(Refutation::at(places, make));
    }
}

fn of_cluster(site: &Site<'_>) -> Vec<Taken> {
    let taken = |what, addresses, origin| Taken {
        what,
        owner: site.name,
        block: site.id,
        addresses,
        place: site.at(origin),
        provider: site.provider_block,
    };
    let mut out: Vec<Taken> = Vec::new();
    out.extend(
        site.endpoint().map(|(ip, origin)| taken(Use::Endpoint, Addresses::one(ip), origin)),
    );
    out.extend(
        site.addresses().into_iter().map(|(range, origin)| taken(Use::Machines, range, origin)),
    );
    out
}

fn of_provider(site: &Site<'_>) -> Vec<Taken> {
    let Some(wire) = site.wire() else { return Vec::new() };
    let one = |what, text: crate::model::Of<&str>| {
        Some(Taken {
            what,
            owner: site.name,
            block: site.provider_block,
            addresses: Addresses::one(check_ip(text.value).ok()?),
            place: Place::new(site.provider_block, text.origin),
            provider: site.provider_block,
        })
    };
    let servers = wire.dns.iter().filter_map(|server| one(Use::NameServer, *server));
    servers.chain(one(Use::Gateway, wire.gateway)).collect()
}

/// Machines stand in the network of their gateway, and so does what they announce.
pub(crate) fn one_network(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        let Some(wire) = site.wire() else { continue };
        let Some(network) = machine_network(wire.gateway.value, wire.prefix.value) else {
            continue;
        };
        let gateway = Place::new(site.provider_block, wire.gateway.origin);
        let name = site.name;
        let apart = |addresses: &Addresses| {
            !(network.contains(&addresses.first()) && network.contains(&addresses.last()))
        };
        // All ranges are written in one list: one finding speaks for them.
        if let Some((range, origin)) = site.addresses().into_iter().find(|(it, _)| apart(it)) {
            let make = move |[at, because]: [_; 2]| {
                errors::other_network(name, range, network, at, because)
            };
            found.push(Refutation::at([site.at(origin), gateway], make));
        }
        if let Some((endpoint, origin)) = site.endpoint_outside()
            && !network.contains(&endpoint)
        {
            let make = move |[at, because]: [_; 2]| {
                errors::endpoint_elsewhere(name, endpoint, network, at, because)
            };
            found.push(Refutation::at([site.at(origin), gateway], make));
        }
    }
}

/// Cluster API runs among the pods of the hub: what has an address of the hub's own networks cannot be reached from there.
pub(crate) fn reachable(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let Some(platform) = facts.model.platforms.first() else { return };
    let hub = platform.value.hub.value.id;
    let sites = sites(facts);
    let Some(hub) = sites.iter().find(|site| site.id == hub) else { return };
    for inner in hub.networks() {
        let whole = Addresses::of(&inner.network);
        let mut hidden = sites.iter().filter(|site| site.id != hub.id).filter_map(|site| {
            let endpoint =
                site.endpoint_outside().map(|(ip, origin)| (true, Addresses::one(ip), origin));
            let machines =
                site.addresses().into_iter().map(|(range, origin)| (false, range, origin));
            let mut all = endpoint.into_iter().chain(machines);
            all.find(|(_, range, _)| range.both(&whole).is_some()).map(|it| (site, it))
        });
        let Some((site, (is_endpoint, range, origin))) = hidden.next() else { continue };
        let more: Vec<Sym> = hidden.map(|(site, _)| site.name).collect();
        let (name, hub_name) = (site.name, hub.name);
        let places = [site.at(origin), hub.at(inner.origin), hub.here()];
        found.push(Refutation::at(places, move |spans| {
            let of_hub = (hub_name, inner.field, inner.network);
            errors::hidden(name, is_endpoint, range, of_hub, &more, spans)
        }));
    }
}

/// Pods that other clusters reach have addresses that no other such cluster uses.
pub(crate) fn routed(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let sites: Vec<Site<'_>> =
        sites(facts).into_iter().filter(|it| it.cluster.network.routed.value).collect();
    let networks: Vec<Vec<Inner>> = sites.iter().map(Site::networks).collect();
    let of = |field: &'static str| {
        networks.iter().enumerate().filter_map(move |(number, networks)| {
            let inner = networks.iter().find(|it| it.field == field)?;
            Some((Addresses::of(&inner.network), number))
        })
    };
    let mut pods: Vec<(Addresses, usize)> = of("pods").collect();
    let mut met: Vec<(usize, usize, &'static str)> = meetings(&mut pods)
        .into_iter()
        .map(|(a, b)| (a.1.max(b.1), a.1.min(b.1), "pods"))
        .collect();
    if met.is_empty() {
        // The ranges of pods are sorted, and none meets another: those that a range of services meets stand beside one another.
        for (services, number) in of("services") {
            let behind = pods.partition_point(|(range, _)| range.first() <= services.last());
            let before = pods.get(..behind).unwrap_or_default().iter().rev().take(2);
            let other = before
                .filter(|(range, owner)| *owner != number && range.both(&services).is_some())
                .map(|(_, owner)| *owner)
                .next();
            met.extend(other.map(|other| (number, other, "services")));
        }
    }
    for (mine, other, field) in met {
        let (Some(mine), Some(other)) = (sites.get(mine), sites.get(other)) else { continue };
        let (network, pods) = (&mine.cluster.network, other.cluster.network.pods);
        let text = if field == "pods" { network.pods } else { network.services };
        let (Ok(range), Ok(theirs)) = (check_cidr(text.value), check_cidr(pods.value)) else {
            continue;
        };
        let names = (mine.name, other.name);
        let places = [mine.at(text.origin), other.at(pods.origin), mine.here(), other.here()];
        found.push(Refutation::at(places, move |spans| {
            errors::routed(names, field, range, theirs, spans)
        }));
    }
}
