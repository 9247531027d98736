//! Machines that are sold by type: each is one that there is, and large enough.

use crate::eval::Origin;
use crate::machines::{self, Lookup, Type, Vendor, Wanted};
use crate::model::{Machine, MachineSource, Market, Of, Provider, Purchase, ResourceId};
use crate::prove::cluster::site::{Site, sites};
use crate::prove::errors::market::{self as errors, Short};
use crate::prove::{Facts, Place, Refutation};

/// Every provider, with the block that describes it.
pub(super) fn providers<'a>(facts: &Facts<'a>) -> Vec<(ResourceId, &'a Provider<'a>)> {
    let named = facts.model.providers.iter().map(|it| (it.id, &it.value));
    let in_place = facts.model.clusters.iter().filter_map(|it| match &it.value.provider {
        MachineSource::InPlace(provider) => Some((it.id, provider.as_ref())),
        MachineSource::Named(_) => None,
    });
    named.chain(in_place).collect()
}

/// Types are chosen from families that the catalogue knows.
pub(crate) fn families(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for (block, provider) in providers(facts) {
        let Some(market) = provider.market() else { continue };
        let known = machines::families(market.vendor);
        for family in market.families.iter().filter(|it| !known.contains(&it.value)) {
            let (vendor, name) = (market.vendor, family.value.to_owned());
            let make = move |[at]: [_; 1]| errors::unknown_family(vendor, &name, at);
            found.push(Refutation::at([Place::new(block, family.origin)], make));
        }
    }
}

/// Every machine is a type that there is, as large as the program asks, and still sold.
pub(crate) fn types(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        let Some(market) = site.provider.market() else { continue };
        machine(&site, &market, &site.cluster.control_plane.machine, found);
        for (_, pool) in &site.cluster.workers {
            machine(&site, &market, &pool.machine, found);
        }
    }
}

fn machine(
    site: &Site<'_>,
    market: &Market<'_>,
    machine: &Machine<'_>,
    found: &mut Vec<Refutation>,
) {
    match market.purchase(machine) {
        Purchase::Chosen(_) => {}
        Purchase::TooLarge(closest) => nothing_fits(site, market, machine, closest, found),
        Purchase::Named(named, Lookup::Found(it)) => {
            large_enough(site, market, machine, (named, it), found);
            if !it.is_sold(&market.locations) {
                let successor = machines::successor(&it, &market.locations);
                let locations: Vec<String> =
                    market.locations.iter().map(|it| (*it).to_owned()).collect();
                let make = move |[at]: [_; 1]| errors::not_sold(&it, successor, &locations, at);
                found.push(Refutation::at([site.at(named.origin)], make));
            }
        }
        Purchase::Named(named, Lookup::UnknownSize { nearest, sizes }) => {
            let (vendor, name) = (market.vendor, named.value.to_owned());
            let make = move |[at]: [_; 1]| errors::unknown_size(vendor, &name, nearest, &sizes, at);
            found.push(Refutation::at([site.at(named.origin)], make));
        }
        Purchase::Named(named, Lookup::UnknownFamily) => unknown(site, market, named, found),
    }
}

/// A type of no family of the catalogue: a new one, unless it is another vendor's, or not made as names of types are.
fn unknown(site: &Site<'_>, market: &Market<'_>, named: Of<&str>, found: &mut Vec<Refutation>) {
    let (vendor, cluster, name) = (market.vendor, site.name, named.value.to_owned());
    if let Some(other) = machines::sold_by(named.value) {
        let instead = match machines::find(other, named.value) {
            Lookup::Found(it) => {
                let wanted = Wanted {
                    cpu: it.cpu,
                    memory: it.memory,
                    disk: 0,
                    arch: None,
                    locations: &market.locations,
                };
                let families: Vec<&str> = market.families.iter().map(|it| it.value).collect();
                machines::smallest(vendor, &families, &wanted)
            }
            Lookup::UnknownSize { .. } | Lookup::UnknownFamily => None,
        };
        let make =
            move |[at]: [_; 1]| errors::of_another(cluster, (vendor, other), &name, instead, at);
        found.push(Refutation::at([site.at(named.origin)], make));
    } else if vendor == Vendor::Aws && !named.value.contains('.') {
        let make = move |[at]: [_; 1]| errors::no_name(&name, at);
        found.push(Refutation::at([site.at(named.origin)], make));
    }
}

/// What a machine asks for and a type does not have, with the places that say so.
fn shortfalls(
    site: &Site<'_>,
    market: &Market<'_>,
    machine: &Machine<'_>,
    it: &Type,
) -> Vec<(Short, Place)> {
    let wanted = market.wanted(machine);
    let cpu = machine.cpu.filter(|_| it.cpu < wanted.cpu);
    let memory = machine.memory.filter(|_| it.memory < wanted.memory);
    let disk = it.disk.filter(|disk| *disk < wanted.disk);
    [
        cpu.map(|cpu| (Short::Cores(wanted.cpu), site.at(cpu.origin))),
        memory.map(|memory| (Short::Memory(wanted.memory), site.at(memory.origin))),
        disk.map(|_| (Short::Disk(wanted.disk), site.at(machine.disk.origin))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn large_enough(
    site: &Site<'_>,
    market: &Market<'_>,
    machine: &Machine<'_>,
    (named, it): (Of<&str>, Type),
    found: &mut Vec<Refutation>,
) {
    let short = shortfalls(site, market, machine, &it);
    if short.is_empty() {
        return;
    }
    let cluster = site.name;
    let instead = machines::smallest(market.vendor, &[it.family()], &market.wanted(machine));
    let at = |origin: Option<Origin>| site.at(origin.unwrap_or(named.origin));
    let places = [
        site.at(named.origin),
        at(machine.cpu.map(|it| it.origin)),
        at(machine.memory.map(|it| it.origin)),
        site.at(machine.disk.origin),
    ];
    let short: Vec<Short> = short.into_iter().map(|(short, _)| short).collect();
    let make = move |spans: [_; 4]| errors::too_small(cluster, &it, &short, instead, spans);
    found.push(Refutation::at(places, make));
}

/// No type of the provider's families is as large as a machine that has no type.
fn nothing_fits(
    site: &Site<'_>,
    market: &Market<'_>,
    machine: &Machine<'_>,
    closest: Option<Type>,
    found: &mut Vec<Refutation>,
) {
    // Families that are all unknown are told of, and nothing is known of their types.
    let Some(closest) = closest else { return };
    let short = shortfalls(site, market, machine, &closest);
    let families: Vec<String> = market.families.iter().map(|it| it.value.to_owned()).collect();
    let from = market.families.first().map(|it| it.origin).unwrap_or_default();
    let Some((_, at)) = short.first() else { return };
    let (cluster, places) = (site.name, [*at, Place::new(site.provider_block, from)]);
    let short: Vec<Short> = short.into_iter().map(|(short, _)| short).collect();
    let make =
        move |spans: [_; 2]| errors::nothing_fits(cluster, &families, &closest, &short, spans);
    found.push(Refutation::at(places, make));
}
