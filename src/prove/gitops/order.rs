//! Who waits for whom.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::model::{Kind, ResourceId};
use crate::order::{Order, Why, orders};
use crate::prove::errors::gitops as errors;
use crate::prove::{Facts, Place, Refutation};

/// Nothing waits for itself. Loops of references alone are found before any value is looked at.
pub(in crate::prove) fn cycles(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut told: FxHashSet<Vec<String>> = FxHashSet::default();
    for order in orders(facts.model) {
        for hops in order.cycles() {
            if hops.iter().all(|hop| hop.why == Why::Refers) {
                continue;
            }
            let steps: Vec<errors::Step> = hops
                .iter()
                .filter_map(|hop| {
                    Some(errors::Step {
                        from: order.node(hop.from)?.address.clone(),
                        to: order.node(hop.to)?.address.clone(),
                        why: hop.why.clone(),
                    })
                })
                .collect();
            let places: Vec<Place> = hops
                .iter()
                .filter_map(|hop| order.node(hop.from))
                .map(|node| Place::name(node.id))
                .collect();
            let cluster = order.cluster.name;
            if told.insert(steps.iter().map(|step| step.from.clone()).collect()) {
                found.push(Refutation::new(places, move |spans| {
                    errors::cycle(cluster, &steps, spans)
                }));
            }
        }
    }
}

/// Something brings the types of every object.
pub(in crate::prove) fn brought(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    // What runs without addons is described for objects only: others install what they need.
    if facts.model.addons.is_empty() {
        return;
    }
    let mut missing: BTreeMap<(String, String), (Place, Vec<&str>)> = BTreeMap::new();
    let orders = orders(facts.model);
    for order in &orders {
        note(order, &mut missing);
    }
    let mut told: FxHashSet<String> = FxHashSet::default();
    for ((group, address), (place, clusters)) in missing {
        // That a backup has nobody who makes it is a theorem of its own.
        if address.starts_with("backup.") && matches!(group.as_str(), "velero.io" | "longhorn.io") {
            continue;
        }
        // One cause: the first that wants it speaks for all.
        if !told.insert(group.clone()) {
            continue;
        }
        let clusters: Vec<String> = clusters.into_iter().map(str::to_owned).collect();
        let make = move |[at]: [_; 1]| errors::nothing_brings(&group, &address, &clusters, at);
        found.push(Refutation::at([place], make));
    }
}

/// Volumes are of classes that something brings.
pub(in crate::prove) fn classes(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut told: FxHashSet<(ResourceId, String)> = FxHashSet::default();
    for order in orders(facts.model) {
        for it in &order.misspelt {
            let Some(by) = order.node(it.by) else { continue };
            if !told.insert((by.id, it.name.to_owned())) {
                continue;
            }
            let (name, meant) = (it.name.to_owned(), it.meant.to_owned());
            let cluster = order.cluster.name;
            let brings = it.brings.and_then(|at| order.node(at));
            let mut places = vec![Place::new(by.id, it.at)];
            places.extend(brings.map(|node| Place::name(node.id)));
            found.push(Refutation::new(places, move |spans| {
                errors::unknown_class(&name, &meant, cluster, spans)
            }));
        }
    }
}

fn note<'o>(order: &'o Order<'_>, missing: &mut BTreeMap<(String, String), (Place, Vec<&'o str>)>) {
    for (at, group) in &order.missing {
        let Some(node) = order.node(*at) else { continue };
        // Whether Prometheus loads what is written is a matter of its own theorems.
        if group == "monitoring.coreos.com" {
            continue;
        }
        let key = (group.clone(), node.address.clone());
        let entry = missing.entry(key).or_insert_with(|| (Place::name(node.id), Vec::new()));
        entry.1.push(order.cluster.name.as_str());
    }
}

/// What runs before Argo CD waits for nothing that Argo CD brings.
pub(in crate::prove) fn bootstrap(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let addons = &facts.model.addons;
    let early = |id| addons.iter().any(|it| it.id == id && it.value.bootstrap.value);
    let mut told = FxHashSet::default();
    for order in orders(facts.model) {
        for wait in order.waits() {
            let (Some(from), Some(to)) = (order.node(wait.from), order.node(wait.to)) else {
                continue;
            };
            if to.kind != Kind::Addon || !early(from.id) || early(to.id) {
                continue;
            }
            let Some(addon) = addons.iter().find(|it| it.id == from.id) else { continue };
            if told.insert((from.id, to.id)) {
                let names = (from.address.clone(), to.address.clone());
                let places =
                    [Place::new(from.id, addon.value.bootstrap.origin), Place::name(to.id)];
                found.push(Refutation::at(places, move |spans: [_; 2]| {
                    errors::bootstrap_waits(&names.0, &names.1, spans)
                }));
            }
        }
    }
}
