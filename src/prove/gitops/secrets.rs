//! Secrets stand where they are read, and what is outside is outside.

use crate::model::{Model, Ref, Resource, ResourceId, Secret, SecretKey};
use crate::prove::errors::gitops as errors;
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

/// A pod reads Secrets of its own namespace only.
pub(in crate::prove) fn same_namespace(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    for scrape in &model.scrapes {
        let Some(namespace) = scrape.value.namespace else { continue };
        for (_, port) in &scrape.value.port {
            let keys = [port.token, port.tls.as_ref().and_then(|tls| tls.ca)];
            for key in keys.into_iter().flatten() {
                held(model, scrape.id, key, namespace.value, "the monitor", found);
            }
        }
    }
    for read in model.keys_read_by_pods() {
        held(model, read.reader, read.key, read.namespace, "a pod", found);
    }
    asked_with(model, found);
    for receiver in &model.receivers {
        for monitoring in &model.monitorings {
            let together = receiver
                .targets
                .iter()
                .any(|cluster| monitoring.targets.iter().any(|it| it.id == cluster.id));
            if !together {
                continue;
            }
            for key in receiver.value.secrets() {
                let namespace = monitoring.value.namespace.value;
                held(model, receiver.id, key, namespace, "Alertmanager", found);
            }
        }
    }
}

/// Argo CD reads the tokens of generators in its own namespace, and so does what ends previews.
fn asked_with(model: &Model<'_>, found: &mut Vec<Refutation>) {
    let Some(platform) = model.platforms.first() else { return };
    let (own, hub) = (platform.value.argo_cd.namespace.value, platform.value.hub.value);
    let mut seen = Vec::new();
    for resource in &model.apps {
        for (_, generator) in &resource.value.from {
            let Some(key) = generator.token() else { continue };
            let held =
                key.block.and_then(|block| model.secrets.iter().find(|it| it.id == block.id));
            let Some(secret) = held else { continue };
            if seen.contains(&(resource.id, secret.id)) {
                continue;
            }
            seen.push((resource.id, secret.id));
            let is_there = |it: &Resource<'_, Secret<'_>>| {
                it.id == secret.id && it.targets.iter().any(|cluster| cluster.id == hub.id)
            };
            if !model.secrets.iter().any(is_there) {
                let names = (Sym::new(key.secret.value), hub.name);
                let places = [Place::new(resource.id, key.secret.origin), Place::name(secret.id)];
                found.push(Refutation::at(places, move |spans: [_; 2]| {
                    errors::not_on_hub(names, spans)
                }));
            }
            let stands = secret.value.namespace;
            if stands.value.name == own {
                continue;
            }
            let names = (Sym::new(key.secret.value), stands.value.name, own);
            let places =
                [Place::new(resource.id, key.secret.origin), Place::new(secret.id, stands.origin)];
            found.push(Refutation::at(places, move |spans: [_; 2]| {
                errors::other_namespace("Argo CD", names, spans)
            }));
        }
    }
}

fn held(
    model: &Model<'_>,
    reader: ResourceId,
    key: SecretKey<'_>,
    namespace: Ref,
    who: &'static str,
    found: &mut Vec<Refutation>,
) {
    let Some(block) = key.block else { return };
    let secret = model.secrets.iter().find(|it| it.id == block.id);
    let database = model.databases.iter().find(|it| it.id == block.id);
    let found_in = secret
        .map(|it| (it.id, it.value.namespace))
        .or_else(|| database.map(|it| (it.id, it.value.namespace)));
    let Some((owner, stands)) = found_in else { return };
    if stands.value.id == namespace.id {
        return;
    }
    let names = (Sym::new(key.secret.value), stands.value.name, namespace.name);
    let places = [Place::new(reader, key.secret.origin), Place::new(owner, stands.origin)];
    found.push(Refutation::at(places, move |spans: [_; 2]| {
        errors::other_namespace(who, names, spans)
    }));
}

/// What is a `service` runs outside.
pub(in crate::prove) fn inside(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for service in &facts.model.services {
        let name = service.name.value;
        let places = [Place::name(service.id)];
        found.push(Refutation::at(places, move |[at]: [_; 1]| errors::not_external(name, at)));
    }
}
