//! Ports: those that are named are there, no two are one, and no two programs answer under one address.

use std::collections::BTreeMap;

use crate::diag::nearest;
use crate::model::{Expose, Of, Port, Resource, ResourceId, Workload};
use crate::prove::errors::workload as errors;
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

/// Resources that differ from cluster to cluster stand in the model more than once: what is found in each is told once.
pub(super) fn once<T: PartialEq>(told: &mut Vec<T>, what: T) -> bool {
    let is_new = !told.contains(&what);
    if is_new {
        told.push(what);
    }
    is_new
}

/// Probes and ways from outside name ports that are there, and that speak TCP.
pub(in crate::prove) fn known(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut told = Vec::new();
    for workload in &facts.model.workloads {
        let it = &workload.value;
        // The name of an entry has no place of its own: what is written in it stands beside it.
        let exposed =
            it.expose.iter().map(|(_, it)| ("expose", Of::new(it.name.value, it.host.origin)));
        let probes = it.probes.written().filter_map(|(field, it)| Some((field, it.port()?)));
        for (field, name) in exposed.chain(probes) {
            if once(&mut told, (workload.id, name.origin)) {
                port(workload, field, name, found);
            }
        }
    }
}

fn port(
    workload: &Resource<'_, Workload<'_>>,
    field: &'static str,
    name: Of<Sym>,
    found: &mut Vec<Refutation>,
) {
    let ports: Vec<&Port<'_>> = workload.value.port.iter().map(|(_, port)| port).collect();
    let place = Place::new(workload.id, name.origin);
    let Some(port) = ports.iter().find(|port| port.name.value == name.value) else {
        let known: Vec<&str> = ports.iter().map(|port| port.name.value.as_str()).collect();
        let near = nearest(name.value.as_str(), known.iter().copied()).map(str::to_owned);
        let known: Vec<String> = known.into_iter().map(str::to_owned).collect();
        let address = workload.address().to_string();
        let value = name.value;
        found.push(Refutation::at([place], move |[at]: [_; 1]| {
            errors::unknown_port(field, value, &address, &known, near.as_deref(), at)
        }));
        return;
    };
    if port.protocol.value.as_str() != "tcp" {
        let protocol = Place::new(workload.id, port.protocol.origin);
        let (name, spoken) = (name.value, port.protocol.value);
        found.push(Refutation::at([place, protocol], move |spans: [_; 2]| {
            errors::not_tcp(field, name, spoken, spans)
        }));
    }
}

/// No two ports of a workload have one number.
pub(in crate::prove) fn numbers(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut told = Vec::new();
    for workload in &facts.model.workloads {
        let mut taken: BTreeMap<(&str, i64), &Port<'_>> = BTreeMap::new();
        for (_, port) in &workload.value.port {
            let key = (port.protocol.value.as_str(), port.number.value);
            let Some(first) = taken.get(&key) else {
                taken.insert(key, port);
                continue;
            };
            if !once(&mut told, (workload.id, port.number.origin)) {
                continue;
            }
            let places = [port, first].map(|it| Place::new(workload.id, it.number.origin));
            let names = (first.name.value, port.name.value, port.number.value);
            found.push(Refutation::at(places, move |spans: [_; 2]| {
                errors::one_number(names, spans)
            }));
        }
    }
}

/// What answers under an address: through which door, the host, and what paths begin with.
type Address<'a> = (String, &'a str, &'a str);

fn address<'a>(expose: &Expose<'a>, workload: &Workload<'_>) -> Address<'a> {
    let door = expose.gateway.map_or_else(
        || format!("ingress {}", expose.class.map_or("", |it| it.value.as_str())),
        |gateway| {
            let namespace = gateway.namespace.unwrap_or(workload.namespace).value.name;
            let listener = gateway.listener.map_or("", |it| it.value.as_str());
            format!("gateway {namespace}/{} {listener}", gateway.name.value)
        },
    );
    (door, expose.host.value, expose.path.value)
}

/// No two workloads answer under one address of a cluster.
pub(in crate::prove) fn exposed(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    type Taken<'m, 'a> = (&'m Resource<'a, Workload<'a>>, &'m Expose<'a>);
    let mut told: Vec<(ResourceId, ResourceId, String)> = Vec::new();
    let mut taken: BTreeMap<(u32, Address<'_>), Taken<'_, '_>> = BTreeMap::new();
    for workload in &facts.model.workloads {
        for (_, expose) in &workload.value.expose {
            for cluster in &workload.targets {
                let key = (cluster.id.0, address(expose, &workload.value));
                let shown = format!("{}{}", expose.host.value, expose.path.value);
                let Some((first, other)) = taken.get(&key) else {
                    taken.insert(key, (workload, expose));
                    continue;
                };
                if !once(&mut told, (first.id, workload.id, shown.clone())) {
                    continue;
                }
                let places = [
                    Place::new(workload.id, expose.host.origin),
                    Place::new(first.id, other.host.origin),
                ];
                let who = (first.address().to_string(), workload.address().to_string());
                let cluster = cluster.name;
                found.push(Refutation::at(places, move |spans: [_; 2]| {
                    errors::exposed_twice(&shown, (&who.0, &who.1), cluster, spans)
                }));
            }
        }
    }
}
