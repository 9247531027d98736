//! What runs in a namespace has a name of its own there: objects and labels are called after it.

use std::collections::BTreeMap;

use super::ports::once;
use crate::model::{Declared, Of, Ref, Resource, ResourceId};
use crate::prove::errors::workload as errors;
use crate::prove::{Facts, Place, Refutation};

/// Who has a name in a namespace of a cluster.
type Taken = BTreeMap<(u32, u32, &'static str), (ResourceId, String)>;

/// No workload, job and database of one namespace share a name.
pub(in crate::prove) fn names(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    let (mut taken, mut told) = (Taken::new(), Vec::new());
    for it in &model.workloads {
        take(it, it.value.namespace, &mut taken, &mut told, found);
    }
    for it in &model.jobs {
        take(it, it.value.namespace, &mut taken, &mut told, found);
    }
    for it in &model.databases {
        take(it, it.value.namespace, &mut taken, &mut told, found);
    }
}

fn take<T: Declared>(
    resource: &Resource<'_, T>,
    namespace: Of<Ref>,
    taken: &mut Taken,
    told: &mut Vec<ResourceId>,
    found: &mut Vec<Refutation>,
) {
    let name = resource.name.value.as_str();
    for cluster in &resource.targets {
        let key = (cluster.id.0, namespace.value.id.0, name);
        let own = || (resource.id, resource.address().to_string());
        let (first, address) = taken.entry(key).or_insert_with(own);
        if *first == resource.id || !once(told, resource.id) {
            continue;
        }
        let places = [Place::name(resource.id), Place::name(*first)];
        let who = (address.clone(), resource.address().to_string());
        let namespace = namespace.value.name;
        found.push(Refutation::at(places, move |spans: [_; 2]| {
            errors::name_taken((&who.0, &who.1), namespace, spans)
        }));
    }
}
