//! Policies, held against objects.

use serde_json::Value as Json;

use super::{Call, Row};
use crate::embedded::cel::Cel;
use crate::embedded::rego::{Rego, RunError, SECONDS};
use crate::eval::data::Style;
use crate::eval::value::{RecordId, Value};
use crate::gatekeeper::{Constraint, Program, Scope};

pub(super) const ROWS: &[Row] = &[("denies", denies)];

/// What a question costs, in steps: a policy is read, and run.
const QUESTION: usize = 10_000;

fn denies(call: &mut Call<'_, '_>) -> Value {
    let Some(policy) = call.root(call.arg(0)) else { return Value::Poison };
    if !call.work(QUESTION) {
        return Value::Poison;
    }
    let Some(program) = program(call, policy) else { return Value::Poison };
    if let Program::Rego(rego) = &program
        && !rego.has_entry
    {
        return Value::Bool(false);
    }
    if !program.is_decided() {
        let title = "what this policy denies depends on what only a cluster knows";
        return call.wrong(
            0,
            title,
            "it reads other objects (`data.inventory`), or asks for what an API server has",
        );
    }
    let (Some(constraint), Some(object)) =
        (constraint(call, policy, program), json(call, call.arg(1)))
    else {
        return Value::Poison;
    };
    match constraint.verdict(&object) {
        Ok(verdict) => {
            let note = match verdict.messages.as_slice() {
                [] if verdict.is_asked => "the policy does not object".to_owned(),
                [] => "the policy is not for this object".to_owned(),
                said => format!("the policy says: {}", said.join("; ")),
            };
            call.cx.note(call.at, note);
            Value::Bool(verdict.count > 0)
        }
        Err(error) => {
            let title = match error {
                RunError::TooLong => {
                    format!("the policy takes more than {SECONDS} s on this object")
                }
                RunError::Failed(said) => format!("the policy fails on this object: {said}"),
                RunError::NoMessage(item) => format!("the policy gives {item}, which has no `msg`"),
                RunError::NotKnown(what) => {
                    format!("what this policy says of this object is not known: {what}")
                }
            };
            call.wrong(0, &title, "what cannot be run denies nothing, and lets nothing pass")
        }
    }
}

/// A value as JSON.
fn json(call: &mut Call<'_, '_>, value: Value) -> Option<Json> {
    let written = call.cx.write_data(value, Style::Json, call.target, call.at);
    written.ok().and_then(|text| serde_json::from_str(&text).ok())
}

fn text(call: &Call<'_, '_>, value: Value) -> Option<String> {
    match value {
        Value::Name(name) => Some(name.to_string()),
        Value::Resource(block) => Some(call.cx.blocks.get(block as usize)?.name.to_string()),
        value => call.cx.store.as_text(value).map(str::to_owned),
    }
}

fn list(call: &Call<'_, '_>, value: Value) -> Vec<Value> {
    match value {
        Value::List(run) => call.cx.store.items(run).to_vec(),
        _ => Vec::new(),
    }
}

fn names(call: &mut Call<'_, '_>, record: RecordId, field: &str) -> Option<Vec<String>> {
    let value = call.field(record, field);
    list(call, value).into_iter().map(|it| text(call, it)).collect()
}

/// What a policy is written in; none where that cannot be read, which its type says.
fn program(call: &mut Call<'_, '_>, policy: RecordId) -> Option<Program> {
    let rego = call.field(policy, "rego");
    if let Some(text) = call.cx.store.as_text(rego) {
        return Rego::read(text).ok().map(Program::Rego);
    }
    let (cel, message) = (call.field(policy, "cel"), call.field(policy, "message"));
    let read = Cel::read(call.cx.store.as_text(cel)?).ok()?;
    Some(Program::Cel(read, text(call, message)?))
}

/// The policy as it is held against objects.
fn constraint(call: &mut Call<'_, '_>, policy: RecordId, program: Program) -> Option<Constraint> {
    let told = call.field(policy, "param");
    let parameters = json(call, told)?;
    let mut excluded = vec!["kube-system".to_owned(), "gatekeeper-system".to_owned()];
    excluded.extend(names(call, policy, "except")?);
    let meant = call.field(policy, "match");
    let closely = match meant {
        Value::Record(record) => Some(record),
        _ => None,
    };
    let kinds = match closely {
        Some(record) => call.field(record, "kinds"),
        None => meant,
    };
    let kinds: Option<Vec<(String, String)>> = list(call, kinds)
        .into_iter()
        .map(|kind| {
            let Value::Object(object) = kind else { return None };
            let found = call.cx.names.catalog.objects.get(object as usize)?;
            Some((found.group.clone(), found.kind.clone()))
        })
        .collect();
    let kinds = kinds?;
    let is_for_pods = kinds.iter().any(|(group, kind)| group.is_empty() && kind == "Pod");
    let expands = is_for_pods && call.field(policy, "workloads") == Value::Bool(true);
    let mut constraint = Constraint {
        program,
        parameters,
        kinds,
        namespaces: Vec::new(),
        excluded,
        labels: Vec::new(),
        scope: Scope::All,
        expands,
    };
    if let Some(record) = closely {
        constraint.namespaces = names(call, record, "namespaces")?;
        let labels = call.field(record, "labels");
        if let Value::Map(run) = labels {
            for (key, value) in call.cx.store.entries(run).to_vec() {
                constraint.labels.push((key.to_string(), text(call, value)?));
            }
        }
        let scope = call.field(record, "scope");
        constraint.scope = match text(call, scope)?.as_str() {
            "namespaced" => Scope::Namespaced,
            "cluster" => Scope::Cluster,
            _ => Scope::All,
        };
    }
    Some(constraint)
}
