//! Databases that must not be lost are saved.

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
