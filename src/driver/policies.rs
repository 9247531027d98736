//! Policies of a program, held against the objects that the program makes.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde_json::Value;

use crate::backend::{self, Node};
use crate::gatekeeper::{Constraint, Flaw, Verdict, errors, group_and_kind, name_of, study};
use crate::model::{Model, Policy, Ref, Resource, ResourceId};
use crate::prove::{Place, Refutation, policy as theorems};

/// An object of the program.
struct Object {
    address: String,
    clusters: Vec<Ref>,
    root: Value,
}

/// The policies of which nothing is known before they stand in a cluster: those that look at other objects, or ask what only an API server knows.
pub(super) fn undecided(model: &Model<'_>) -> Vec<String> {
    let open = model.policies.iter().filter(|it| {
        theorems::constraint(model, &it.value).is_some_and(|it| !it.program.is_decided())
    });
    let mut out: Vec<String> = open.map(|it| it.address().to_string()).collect();
    out.dedup();
    out
}

/// What the policies of a program say of its objects.
pub(super) fn refuted(model: &Model<'_>) -> Vec<Refutation> {
    if model.policies.is_empty() {
        return Vec::new();
    }
    let objects = objects(model);
    let ids: BTreeMap<String, ResourceId> =
        model.resources().into_iter().map(|it| (it.address, it.id)).collect();
    let mut found = Vec::new();
    for policy in &model.policies {
        let Some(constraint) = theorems::constraint(model, &policy.value) else { continue };
        let reads = constraint.program.reads();
        // What is wrong with the policy itself is said by theorems, and nothing follows from it.
        let is_for_nothing = theorems::is_for_nothing(model, &policy.value);
        if !constraint.program.is_decided() || !reads.foreign.is_empty() || is_for_nothing {
            continue;
        }
        of_policy(policy, &constraint, &objects, &ids, &mut found);
    }
    found
}

fn of_policy(
    policy: &Resource<'_, Policy<'_>>,
    constraint: &Constraint,
    objects: &[Object],
    ids: &BTreeMap<String, ResourceId>,
    found: &mut Vec<Refutation>,
) {
    let here = |object: &&Object| object.clusters.iter().any(|it| policy.targets.contains(it));
    let asked: Vec<&Object> = objects.iter().filter(here).collect();
    let cases = policy.value.test.iter();
    let cases: Result<Vec<Verdict>, _> =
        cases.map(|(_, case)| constraint.verdict(&theorems::json_of(&case.object))).collect();
    // What cannot be run at all is told of by theorems.
    let (Ok(cases), Ok(_)) = (cases, study(constraint)) else { return };
    let mut fired = cases.iter().any(|it| it.count > 0);
    let verdicts: Vec<_> =
        asked.par_iter().map(|object| constraint.verdict(&object.root)).collect();
    let address = policy.address().to_string();
    for (object, verdict) in asked.iter().zip(verdicts) {
        let Verdict { messages, count, .. } = match verdict {
            Ok(verdict) => verdict,
            Err(error) => {
                // Where it fails once it fails often.
                found.push(theorems::failed(policy, shown(object), error));
                return;
            }
        };
        if count == 0 {
            continue;
        }
        fired = true;
        let Some(id) = ids.get(&object.address) else { continue };
        let places = [Place::name(*id), Place::name(policy.id)];
        let (address, what) = (address.clone(), shown(object));
        let action = policy.value.action.value;
        found.push(Refutation::at(places, move |spans: [_; 2]| {
            errors::refused(&address, &what, action.as_str(), &messages, spans)
        }));
    }
    // That it never looks inside of what it is for is said already.
    let is_blind = || {
        let flaws = study(constraint).unwrap_or_default();
        flaws.iter().any(|it| matches!(it, Flaw::NeverLooksInside { .. }))
    };
    if !fired && !constraint.fires_on_samples() && !is_blind() {
        let place = Place::name(policy.id);
        found.push(Refutation::at([place], move |[at]: [_; 1]| errors::never_fires(&address, at)));
    }
}

/// ``the Deployment `web` of `workload.web` ``.
fn shown(object: &Object) -> String {
    let (_, kind) = group_and_kind(&object.root);
    let (name, address) = (name_of(&object.root), &object.address);
    format!("the {kind} `{name}` of `{address}`")
}

fn objects(model: &Model<'_>) -> Vec<Object> {
    let jobs = backend::lower(model);
    jobs.par_iter()
        .flat_map_iter(|job| {
            let output = job();
            let (clusters, address) = (output.clusters, output.document.address.to_string());
            let all: Vec<Object> = output
                .document
                .manifests
                .iter()
                .map(|it| Object {
                    address: address.clone(),
                    clusters: clusters.clone(),
                    root: json(&it.root),
                })
                .collect();
            all
        })
        .collect()
}

/// An object as an API server gets it.
fn json(node: &Node<'_>) -> Value {
    match node {
        Node::Bool(value, _) => (*value).into(),
        Node::Int(value, _) => (*value).into(),
        Node::Float(value, _) => (*value).into(),
        Node::Text(value, _) => value.as_ref().into(),
        Node::List(items) => items.iter().map(json).collect(),
        Node::Map(entries) => {
            entries.iter().map(|(key, value)| (key.to_string(), json(value))).collect()
        }
    }
}
