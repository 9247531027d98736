//! The manifests of a cluster's network are objects that a ConfigMap can hold.

use rustc_hash::FxHashSet;

use crate::embedded::{MOST_OF_CONFIG_MAP, read_objects};
use crate::model::Cni;
use crate::prove::errors::cni::{no_object, not_an_object, secret, too_large};
use crate::prove::{Facts, Place, Refutation};

/// How many documents of one file are told of.
const MOST_FAULTS: usize = 10;

/// Every document of every file is an object, no Secret, and small enough. A text that several clusters share is read once: what is
/// wrong with it is written in one place.
pub(crate) fn manifests(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut read: FxHashSet<(&str, &str)> = FxHashSet::default();
    for cluster in &facts.model.clusters {
        let Some(Cni::Manifests(manifests)) = &cluster.value.cni else { continue };
        for (name, content) in &manifests.files {
            if read.insert((name.as_str(), content.value)) {
                let place = Place::new(cluster.id, content.origin);
                file(name.as_str(), content.value, place, found);
            }
        }
    }
}

fn file(name: &'static str, text: &str, place: Place, found: &mut Vec<Refutation>) {
    let (objects, faults) = read_objects(text);
    if objects.is_empty() && faults.is_empty() {
        found.push(Refutation::at([place], move |[at]: [_; 1]| no_object(name, at)));
    }
    for fault in faults.into_iter().take(MOST_FAULTS) {
        found.push(Refutation::at([place], move |[at]: [_; 1]| {
            not_an_object(name, fault.number, fault.line, &fault.reason, at)
        }));
    }
    for object in objects {
        let shown = format!("`{} {}`", object.kind, object.name);
        let (bytes, line) = (object.text.len(), object.line);
        if object.is_secret {
            found.push(Refutation::at([place], move |[at]: [_; 1]| secret(name, &shown, line, at)));
        } else if bytes >= MOST_OF_CONFIG_MAP {
            found.push(Refutation::at([place], move |[at]: [_; 1]| {
                too_large(name, &shown, bytes, MOST_OF_CONFIG_MAP, at)
            }));
        }
    }
}
