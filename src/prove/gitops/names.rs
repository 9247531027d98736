//! Names of Applications, and whether anybody applies them.

use std::collections::BTreeMap;

use crate::model::ResourceId;
use crate::prove::errors::gitops as errors;
use crate::prove::{Facts, Place, Refutation};

/// Every Application has a name of its own: all of them stand in one namespace of the hub.
pub(in crate::prove) fn names(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    let mut taken: BTreeMap<String, Vec<(ResourceId, String)>> = BTreeMap::new();
    let mut note = |name: String, id: ResourceId, address: String| {
        let who = taken.entry(name).or_default();
        if who.iter().all(|(known, _)| *known != id) {
            who.push((id, address));
        }
    };
    for any in model.resources() {
        use crate::model::Kind;
        match any.kind {
            Kind::Addon | Kind::Monitoring => {
                for cluster in any.targets {
                    let name = format!("{}-{}", cluster.name, any.name);
                    note(name, any.id, any.address.clone());
                }
            }
            Kind::Cluster => note(any.name.to_string(), any.id, any.address.clone()),
            Kind::Platform => {
                note("root".to_owned(), any.id, any.address.clone());
                if let Some(platform) = model.platforms.first() {
                    let hub = platform.value.hub.value.name;
                    note(format!("{hub}-argo-cd"), any.id, any.address.clone());
                }
            }
            Kind::Environment
            | Kind::Provider
            | Kind::Namespace
            | Kind::Alerts
            | Kind::Scrape
            | Kind::Receiver
            | Kind::TimeWindow
            | Kind::Routing
            | Kind::Slo
            | Kind::Manifest
            | Kind::SecretStore
            | Kind::Secret
            | Kind::Service
            | Kind::Repository
            | Kind::Project
            | Kind::Dashboard
            | Kind::Workload
            | Kind::Job
            | Kind::Database
            | Kind::Apps
            | Kind::Policy
            | Kind::Backup
            | Kind::Team
            | Kind::Traffic => {}
        }
    }
    if model.platforms.first().is_none_or(|it| it.value.repo.is_none()) {
        return;
    }
    for (name, who) in taken {
        let [(first, a), (second, b), ..] = who.as_slice() else { continue };
        let (a, b) = (a.clone(), b.clone());
        let places = [Place::name(*second), Place::name(*first)];
        found.push(Refutation::at(places, move |spans: [_; 2]| {
            errors::same_name(&name, (&b, &a), spans)
        }));
    }
}

/// Somebody applies what is written for Argo CD.
pub(in crate::prove) fn applied(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    let Some(platform) = model.platforms.first().filter(|it| it.value.repo.is_none()) else {
        return;
    };
    let Some(first) = model.addons.first() else { return };
    let (address, count) = (first.address().to_string(), model.addons.len());
    let places = [Place::name(platform.id), Place::name(first.id)];
    found.push(Refutation::at(places, move |spans: [_; 2]| {
        errors::no_repository(&address, count, spans)
    }));
}
