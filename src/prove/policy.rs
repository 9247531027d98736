//! Theorems about policies: that they can be run, read what they are told, and see what they are for.

use serde_json::{Value, json};

use super::{Facts, Place, Refutation};
use crate::embedded::cel::{Cel, FUNCTIONS};
use crate::embedded::rego::{ForeignKind, Reads, Rego, RunError};
use crate::eval::{Origin, Within};
use crate::gatekeeper::{Constraint, Flaw, Program, Scope, Verdict, errors, study};
use crate::kubernetes::minor_of;
use crate::model::{Expected, Model, Policy, PolicyObjects, Resource, Tree};
use crate::source::Extent;

/// A value as policies see it.
pub fn json_of(tree: &Tree<'_>) -> Value {
    match tree {
        Tree::Bool(value) => json!(value.value),
        Tree::Int(value) => json!(value.value),
        Tree::Float(value, _) => json!(value),
        Tree::Text(value) => json!(value.value),
        Tree::List(items) => items.iter().map(json_of).collect(),
        Tree::Map(entries) => {
            entries.iter().map(|(key, value)| (key.to_string(), json_of(value))).collect()
        }
    }
}

fn origin_of(tree: &Tree<'_>) -> Origin {
    match tree {
        Tree::Bool(value) => value.origin,
        Tree::Int(value) => value.origin,
        Tree::Float(_, origin) => *origin,
        Tree::Text(value) => value.origin,
        Tree::List(items) => items.first().map_or(Origin::NONE, origin_of),
        Tree::Map(entries) => entries.first().map_or(Origin::NONE, |it| origin_of(&it.1)),
    }
}

/// A policy as it is held against objects; none where it cannot be read.
pub fn constraint(model: &Model<'_>, policy: &Policy<'_>) -> Option<Constraint> {
    let program = match (policy.rego, policy.cel) {
        (Some(rego), _) => Program::Rego(Rego::read(rego.value).ok().filter(|it| it.has_entry)?),
        (None, Some(cel)) => {
            let message = policy.message.map_or("", |it| it.value);
            Program::Cel(Cel::read(cel.value).ok()?, message.to_owned())
        }
        (None, None) => return None,
    };
    let kinds = policy.r#match.kinds().iter();
    let closely = policy.r#match.closely();
    let scope = closely.map_or(Scope::All, |it| match it.scope.value.as_str() {
        "namespaced" => Scope::Namespaced,
        "cluster" => Scope::Cluster,
        _ => Scope::All,
    });
    Some(Constraint {
        program,
        parameters: policy
            .param
            .iter()
            .map(|(name, value)| (name.to_string(), json_of(value)))
            .collect(),
        kinds: kinds.map(|it| (it.group.to_owned(), it.kind.to_owned())).collect(),
        namespaces: closely.map_or_else(Vec::new, |it| {
            it.namespaces.iter().map(|it| it.value.name.to_string()).collect()
        }),
        excluded: policy.left_out(model),
        labels: closely.map_or_else(Vec::new, |it| {
            it.labels.iter().map(|(key, value)| (key.to_string(), value.value.to_owned())).collect()
        }),
        scope,
        expands: policy.workloads.value && policy.is_for_pods(),
    })
}

/// Policies are readable, and read what they are told.
pub(super) fn read(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for policy in &facts.model.policies {
        if let Some(text) = policy.value.cel {
            let place = |at: Extent| Place::within(policy.id, text.origin, Some(Within::At(at)));
            let Ok(cel) = Cel::read(text.value) else { continue };
            foreign(&cel.reads, place, found);
            parameters(policy, &cel.reads, place, found);
        }
        let Some(text) = policy.value.rego else { continue };
        let place = |at: Extent| Place::within(policy.id, text.origin, Some(Within::At(at)));
        let Ok(rego) = Rego::read(text.value) else { continue };
        if !rego.has_entry {
            let names: Vec<&str> = rego.rules.iter().map(|it| it.0.as_str()).collect();
            let near = crate::diag::nearest("violation", names.iter().copied());
            let near = near.or_else(|| names.iter().copied().find(|it| *it == "deny"));
            let near = near.and_then(|near| rego.rules.iter().find(|it| it.0 == near)).cloned();
            let places = std::iter::once(rego.package_at).chain(near.as_ref().map(|it| it.1));
            let places: Vec<Place> = places.map(place).collect();
            found.push(Refutation::written(places, move |written| {
                let near = near.as_ref().map(|it| it.0.as_str());
                let near = near.zip(written.get(1).map(|it| it.at));
                Some(errors::no_violation(near, written.first()?.at))
            }));
        }
        foreign(&rego.reads, place, found);
        parameters(policy, &rego.reads, place, found);
    }
}

/// What a policy asks for, and is never given.
fn foreign(reads: &Reads, place: impl Fn(Extent) -> Place, found: &mut Vec<Refutation>) {
    for foreign in reads.foreign.clone() {
        found.push(Refutation::at([place(foreign.at)], move |[at]: [_; 1]| {
            let known: &[&str] = match foreign.kind {
                ForeignKind::Variable => &["object", "oldObject", "request", "params"],
                ForeignKind::Function | ForeignKind::Data | ForeignKind::Input => {
                    &["review", "parameters"]
                }
                ForeignKind::Unknown => FUNCTIONS,
            };
            let near = crate::diag::nearest(&foreign.written, known.iter().copied());
            // It stands below `variables`: written again at the root, it would be no nearer.
            let near = near.filter(|it| *it != foreign.written);
            errors::not_given(foreign.kind, &foreign.written, near, at)
        }));
    }
}

fn parameters(
    policy: &Resource<'_, Policy<'_>>,
    reads: &Reads,
    place: impl Fn(Extent) -> Place,
    found: &mut Vec<Refutation>,
) {
    let known: Vec<String> = policy.value.param.iter().map(|it| it.0.to_string()).collect();
    let mut told: Vec<&str> = Vec::new();
    for read in &reads.parameters {
        if read.has_default || known.contains(&read.name) || told.contains(&read.name.as_str()) {
            continue;
        }
        told.push(&read.name);
        let (name, known) = (read.name.clone(), known.clone());
        found.push(Refutation::at([place(read.at)], move |[at]: [_; 1]| {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let near = crate::diag::nearest(&name, known.iter().copied());
            errors::unknown_parameter(&name, &known, near, at)
        }));
    }
    // One misspelt name is one finding.
    if reads.any_parameter || !told.is_empty() {
        return;
    }
    for (name, value) in &policy.value.param {
        if reads.parameters.iter().all(|it| it.name != name.as_str()) {
            let (place, name) = (Place::new(policy.id, origin_of(value)), *name);
            found.push(Refutation::at([place], move |[at]: [_; 1]| {
                errors::unread_parameter(name.as_str(), at)
            }));
        }
    }
}

/// Policies are for something.
pub(super) fn matched(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for policy in &facts.model.policies {
        let Some((why, origin)) = nothing(facts.model, &policy.value) else { continue };
        let (address, place) = (policy.address().to_string(), Place::new(policy.id, origin));
        found.push(Refutation::at([place], move |[at]: [_; 1]| {
            errors::matches_nothing(&address, &why, at)
        }));
    }
    for (at, policy) in facts.model.policies.iter().enumerate() {
        let template = policy.value.template_kind().to_lowercase();
        let before = facts.model.policies.iter().take(at);
        let same = before
            .clone()
            .find(|it| it.id != policy.id && it.value.template_kind().to_lowercase() == template);
        if let Some(first) = same {
            let places = [Place::name(policy.id), Place::name(first.id)];
            let (first, second) = (first.address().to_string(), policy.address().to_string());
            found.push(Refutation::at(places, move |spans: [_; 2]| {
                errors::one_template(&first, &second, &template, spans)
            }));
        }
    }
}

/// The minor version of Kubernetes whose API server takes policies of its own, as `v1`.
const FIRST_OF_POLICIES: u32 = 30;

/// API servers know the policies that they are given.
pub(super) fn served(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for policy in &facts.model.policies {
        let engine = policy.value.engine;
        if engine.value.as_str() != "admission-policy" {
            continue;
        }
        let old = policy.targets.iter().find_map(|target| {
            let cluster = facts.model.clusters.iter().find(|it| it.id == target.id)?;
            let version = cluster.value.kubernetes;
            let minor = minor_of(version.value)?;
            (minor < FIRST_OF_POLICIES).then_some((cluster, version))
        });
        let Some((cluster, version)) = old else { continue };
        let places = [Place::new(policy.id, engine.origin), Place::new(cluster.id, version.origin)];
        let (name, version) = (cluster.name.value, version.value.to_owned());
        found.push(Refutation::at(places, move |spans: [_; 2]| {
            errors::too_old((name.as_str(), &version), spans)
        }));
    }
}

/// Whether a policy is for nothing, which a theorem says.
pub fn is_for_nothing(model: &Model<'_>, policy: &Policy<'_>) -> bool {
    nothing(model, policy).is_some()
}

/// Why a policy is for nothing.
fn nothing(model: &Model<'_>, policy: &Policy<'_>) -> Option<(String, Origin)> {
    let PolicyObjects::Closely(closely) = &policy.r#match else { return None };
    let is = |namespaced: bool| closely.kinds.iter().all(|it| it.namespaced == namespaced);
    match closely.scope.value.as_str() {
        "cluster" if is(true) => {
            let why = "all these kinds live in namespaces".to_owned();
            return Some((why, closely.scope.origin));
        }
        "namespaced" if is(false) => {
            let why = "none of these kinds lives in a namespace".to_owned();
            return Some((why, closely.scope.origin));
        }
        _ => {}
    }
    let out = policy.left_out(model);
    let all_out = !closely.namespaces.is_empty()
        && is(true)
        && closely
            .namespaces
            .iter()
            .all(|it| out.iter().any(|name| name == it.value.name.as_str()));
    let first = closely.namespaces.first()?;
    all_out.then(|| ("all of these are left out".to_owned(), first.origin))
}

/// Policies hold what their cases say, and see the containers that they judge.
pub(super) fn tried(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for policy in &facts.model.policies {
        let Some(constraint) = constraint(facts.model, &policy.value) else { continue };
        // What it is not given, or told, is said already.
        if !constraint.program.reads().foreign.is_empty() || !constraint.program.is_decided() {
            continue;
        }
        if let Err((on, error)) = cases(policy, &constraint, found) {
            found.push(failed(policy, on, error));
            continue;
        }
        match study(&constraint) {
            Ok(flaws) => {
                for flaw in flaws {
                    let place = match &flaw {
                        Flaw::NeverLooksInside { .. } => {
                            let kinds = policy.value.r#match.kinds().first();
                            Place::new(policy.id, kinds.map_or(Origin::NONE, |it| it.origin))
                        }
                        Flaw::SkipsContainers { .. } | Flaw::ImplicitRegistry { .. } => {
                            Place::name(policy.id)
                        }
                    };
                    let address = policy.address().to_string();
                    found.push(Refutation::at([place], move |[at]: [_; 1]| {
                        errors::flaw(&address, &flaw, at)
                    }));
                }
            }
            Err(error) => {
                found.push(failed(policy, "a pod that was made to try it".to_owned(), error))
            }
        }
    }
}

/// A policy that cannot be run.
pub fn failed(policy: &Resource<'_, Policy<'_>>, on: String, error: RunError) -> Refutation {
    let text = policy.value.rego.or(policy.value.cel);
    let origin = text.map_or(Origin::NONE, |it| it.origin);
    let at = policy.value.rego.and_then(|it| Rego::read(it.value).ok());
    let at = at.and_then(|it| it.rules.iter().find(|it| it.0 == "violation").map(|it| it.1));
    let place = Place::within(policy.id, origin, at.map(Within::At));
    let address = policy.address().to_string();
    Refutation::at([place], move |[at]: [_; 1]| errors::fails(&address, &on, &error, at))
}

/// Holds the cases against the policy.
fn cases(
    policy: &Resource<'_, Policy<'_>>,
    constraint: &Constraint,
    found: &mut Vec<Refutation>,
) -> Result<(), (String, RunError)> {
    for (name, case) in &policy.value.test {
        let object = json_of(&case.object);
        let on = || format!("the object of its case `{name}`");
        let verdict: Verdict = constraint.verdict(&object).map_err(|error| (on(), error))?;
        let (holds, expected) = match case.violations {
            Expected::Some(_) => (verdict.count > 0, "some violation".to_owned()),
            Expected::Exactly(count) => (
                i64::try_from(verdict.count).is_ok_and(|it| it == count.value),
                match count.value {
                    0 => "no violation".to_owned(),
                    1 => "one violation".to_owned(),
                    count => format!("{count} violations"),
                },
            ),
        };
        if !holds {
            let place = Place::new(policy.id, case.violations.origin());
            let (address, name) = (policy.address().to_string(), name.to_string());
            found.push(Refutation::at([place], move |[at]: [_; 1]| {
                errors::case_fails(&address, &name, &expected, &verdict, at)
            }));
        }
    }
    Ok(())
}
