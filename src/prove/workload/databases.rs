//! Databases that must not be lost are saved, and go on when a server is lost.

use super::ports::once;
use crate::model::Ref;
use crate::prove::errors::workload as errors;
use crate::prove::{Facts, Place, Refutation};

/// A database of a protected environment has a backup.
pub(in crate::prove) fn saved(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    let environment = |cluster: &Ref| {
        let cluster = model.clusters.iter().find(|it| it.id == cluster.id)?;
        let id = cluster.value.environment.value.id;
        model.environments.iter().find(|it| it.id == id && it.value.protected.value)
    };
    let mut told = Vec::new();
    for database in model.databases.iter().filter(|it| it.value.backup.is_none()) {
        let Some(environment) = database.targets.iter().find_map(environment) else { continue };
        if once(&mut told, database.id) {
            let places = [
                Place::name(database.id),
                Place::new(environment.id, environment.value.protected.origin),
            ];
            let names = (database.name.value, environment.name.value);
            found
                .push(Refutation::at(places, move |spans: [_; 2]| errors::no_backup(names, spans)));
        }
    }
}

/// Followers that must have each change are more than those that must be there.
pub(in crate::prove) fn spare(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut told = Vec::new();
    for database in &facts.model.databases {
        let (synchronous, instances) = (database.value.synchronous, database.value.instances);
        let has_spare = synchronous.value + 1 < instances.value;
        if synchronous.value == 0 || has_spare || !once(&mut told, database.id) {
            continue;
        }
        let places = [
            Place::new(database.id, synchronous.origin),
            Place::new(database.id, instances.origin),
        ];
        let (name, counts) = (database.name.value, (synchronous.value, instances.value));
        found.push(Refutation::at(places, move |spans: [_; 2]| {
            errors::no_spare(name, counts, spans)
        }));
    }
}
