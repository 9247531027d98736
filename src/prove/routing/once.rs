//! A cluster has one routing.

use rustc_hash::FxHashMap;

use crate::model::ResourceId;
use crate::prove::errors::routing as errors;
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

/// No cluster has two routings: its Alertmanager has one configuration.
pub(crate) fn one_a_cluster(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut first: FxHashMap<ResourceId, (ResourceId, Sym)> = FxHashMap::default();
    let mut told: Vec<(ResourceId, ResourceId)> = Vec::new();
    for routing in &facts.model.routings {
        for target in &routing.targets {
            let (other, other_name) =
                *first.entry(target.id).or_insert((routing.id, routing.name.value));
            if other == routing.id || told.contains(&(routing.id, other)) {
                continue;
            }
            told.push((routing.id, other));
            let (name, cluster) = (routing.name.value, target.name);
            let places = [Place::name(routing.id), Place::name(other)];
            found.push(Refutation::at(places, move |[at, because]| {
                errors::two_routings(name, other_name, cluster, at, because)
            }));
        }
    }
}
