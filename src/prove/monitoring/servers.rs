//! What watches clusters can run there, and can do what it is told.

use super::scene::{on, seconds};
use crate::eval::Origin;
use crate::model::{Model, Of, Quantity, Ref, ResourceId};
use crate::prove::errors::monitoring as errors;
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

/// Argo CD runs on the hub: without one nothing installs the chart.
pub(crate) fn hub(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    if !facts.model.platforms.is_empty() {
        return;
    }
    for monitoring in &facts.model.monitorings {
        let name = monitoring.name.value;
        let place = Place::name(monitoring.id);
        found.push(Refutation::at([place], move |[at]: [_; 1]| errors::no_hub(name, at)));
    }
}

/// A cluster has one Prometheus that this program knows: the operator of a second would take over the objects of the first.
pub(crate) fn alone(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let servers: Vec<_> = facts.model.selecting().collect();
    for (number, second) in servers.iter().enumerate() {
        for first in servers.iter().take(number).filter(|first| first.id != second.id) {
            let both: Vec<_> = second
                .targets
                .iter()
                .filter(|it| first.targets.iter().any(|other| other.id == it.id))
                .map(|it| it.name)
                .collect();
            if both.is_empty() {
                continue;
            }
            let names = (first.name, second.name);
            let places = [Place::name(second.id), Place::name(first.id)];
            found.push(Refutation::at(places, move |spans| errors::twice(names, &both, spans)));
        }
    }
}

/// The node exporter uses the host's network, process table and disks: no namespace but a privileged one admits its pods.
pub(crate) fn pods(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    for monitoring in &model.monitorings {
        let it = &monitoring.value;
        if !it.exporters.node_exporter.value {
            continue;
        }
        let mut told: Vec<Of<crate::source::Sym>> = Vec::new();
        for target in &monitoring.targets {
            // Of a namespace that is `external` nothing is known.
            let own = model.namespaces.iter().filter(|known| known.id == it.namespace.value.id);
            let Some(namespace) =
                own.into_iter().find(|known| known.targets.iter().any(|on| on.id == target.id))
            else {
                continue;
            };
            let level = namespace.value.pod_security;
            if level.value.as_str() == "privileged" || told.contains(&level) {
                continue;
            }
            told.push(level);
            let names = (monitoring.name.value, namespace.name.value, level.value);
            let places = [
                Place::new(monitoring.id, it.namespace.origin),
                Place::new(namespace.id, level.origin),
            ];
            found.push(Refutation::at(places, move |spans| errors::refused_pods(names, spans)));
        }
    }
}

/// A collection ends before the next one begins: the operator refuses a monitor that says otherwise.
pub(crate) fn intervals(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    for scrape in &model.scrapes {
        for (port, it) in &scrape.value.port {
            let collected = (*port, it.timeout, it.interval);
            interval(model, (scrape.id, &scrape.targets), collected, found);
        }
    }
    for workload in &model.workloads {
        for (port, it) in workload.value.scraped() {
            let collected = (port.name.value, it.timeout, it.interval);
            interval(model, (workload.id, &workload.targets), collected, found);
        }
    }
}

fn interval<'a>(
    model: &Model<'a>,
    (id, targets): (ResourceId, &[Ref]),
    (port, timeout, own): (Sym, Option<Of<Quantity<'a>>>, Option<Of<Quantity<'a>>>),
    found: &mut Vec<Refutation>,
) {
    let Some(timeout) = timeout else { return };
    let usual = |target: &Ref| {
        on(&model.monitorings, *target).map(|it| it.value.prometheus.scrape_interval)
    };
    // Where the port says no interval, the shortest of its clusters counts.
    let shortest = || {
        let all = targets.iter().filter_map(usual);
        let rule = Origin::NONE;
        all.min_by_key(|it| it.value.amount).map(|it| Of::new(it.value, rule))
    };
    let Some(interval) = own.or_else(shortest) else { return };
    if timeout.value.amount <= interval.value.amount {
        return;
    }
    let is_own = own.is_some();
    let times = (seconds(timeout), seconds(interval));
    let places = [Place::new(id, timeout.origin), Place::new(id, interval.origin)];
    found.push(Refutation::at(places, move |spans| errors::timeout(port, times, is_own, spans)));
}
