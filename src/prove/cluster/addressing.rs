//! What a cluster must say of itself on its provider, and what means nothing there.

use crate::model::Machine;
use crate::prove::cluster::site::{Gives, Site, sites};
use crate::prove::errors::addressing as errors;
use crate::prove::{Facts, Refutation};

/// Each provider gives addresses of API servers and machines, or the program does.
pub(crate) fn addresses(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        endpoint(&site, found);
        machines(&site, found);
    }
}

fn endpoint(site: &Site<'_>, found: &mut Vec<Refutation>) {
    let (name, habits) = (site.name, site.habits());
    match (habits.endpoint, site.cluster.endpoint) {
        (Gives::Nothing, None) => {
            let talos = !site.is_kubeadm();
            let make = move |[at]: [_; 1]| errors::no_endpoint(name, habits.schema, talos, at);
            found.push(Refutation::at([site.here()], make));
        }
        (Gives::All, Some(endpoint)) => {
            let make = move |[at]: [_; 1]| errors::unused(name, "endpoint", habits.schema, at);
            found.push(Refutation::at([site.at(endpoint.origin)], make));
        }
        (Gives::Nothing, Some(_)) | (Gives::All, None) | (Gives::Rest, _) => {}
    }
}

fn machines(site: &Site<'_>, found: &mut Vec<Refutation>) {
    let (name, habits) = (site.name, site.habits());
    let first = site.cluster.addresses.first().and_then(|range| range.low.or(range.high));
    match (habits.addresses, first) {
        (Gives::Nothing, None) => {
            let (machines, surge) = site.machines();
            let wanted = machines.saturating_add(surge);
            let make = move |[at]: [_; 1]| errors::no_addresses(name, habits.schema, wanted, at);
            found.push(Refutation::at([site.here()], make));
        }
        (Gives::All, Some(range)) => {
            let make = move |[at]: [_; 1]| errors::unused(name, "addresses", habits.schema, at);
            found.push(Refutation::at([site.at(range.origin)], make));
        }
        (Gives::Nothing, Some(_)) | (Gives::All, None) | (Gives::Rest, _) => {}
    }
}

/// Names of sizes mean something where the provider has such names.
pub(crate) fn machine_types(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        if site.habits().types {
            continue;
        }
        typed(&site, &site.cluster.control_plane.machine, found);
        for (_, pool) in &site.cluster.workers {
            typed(&site, &pool.machine, found);
        }
    }
}

fn typed(site: &Site<'_>, machine: &Machine<'_>, found: &mut Vec<Refutation>) {
    let Some(named) = machine.r#type else { return };
    // With numbers beside it the same program runs elsewhere, where the type is known.
    if machine.cpu.is_some() && machine.memory.is_some() {
        return;
    }
    let (name, habits, written) = (site.name, site.habits(), named.value.to_owned());
    let make =
        move |[at]: [_; 1]| errors::no_types(name, &written, habits.schema, habits.sizes, at);
    found.push(Refutation::at([site.at(named.origin)], make));
}
