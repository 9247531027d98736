//! Policies for Gatekeeper in files: whether their templates and constraints are what it reads, and what their Rego does.

use serde_json::Value;

use super::doc::Node;
use super::stack::{File, name_of, objects};
use crate::argocd::Tree as _;
use crate::diag::{Diagnostic, nearest};
use crate::embedded::rego::{ForeignKind, Rego};
use crate::embedded::{Language, text_error};
use crate::gatekeeper::{Constraint, Flaw, Program, Scope, errors, study};
use crate::source::{Extent, Span};

/// The group of constraints.
const CONSTRAINTS: &str = "constraints.gatekeeper.sh";

/// A ConstraintTemplate.
struct Template {
    kind: String,
    /// Its Rego, and where that stands.
    rego: Option<(Node, Rego)>,
    /// What its schema knows; none where it has no schema, or one that lets everything through.
    known: Option<Vec<String>>,
}

/// What is wrong with the templates and constraints of files.
pub(super) fn policies(files: &[File], found: &mut Vec<Diagnostic>) {
    let all: Vec<(&Node, String)> = objects(files).map(|(_, root, kind)| (root, kind)).collect();
    let of_templates = |it: &&(&Node, String)| {
        it.1 == "ConstraintTemplate" && group(it.0) == "templates.gatekeeper.sh"
    };
    let templates: Vec<Template> =
        all.iter().filter(of_templates).filter_map(|it| template(it.0, found)).collect();
    for (root, kind) in &all {
        let (group, template) = (group(root), templates.iter().find(|it| it.kind == *kind));
        // Of `config.gatekeeper.sh` there is one kind.
        let is_misplaced = group == "config.gatekeeper.sh" && kind != "Config"
            || template.is_some() && group.ends_with("gatekeeper.sh") && group != CONSTRAINTS;
        if is_misplaced && let Some(at) = root.get("apiVersion") {
            found.push(errors::wrong_group(kind, at.text().unwrap_or(""), at.span()));
        }
        if is_misplaced || group == CONSTRAINTS {
            constraint(root, kind, template, found);
        }
    }
}

fn group(root: &Node) -> String {
    let version = root.word("apiVersion").unwrap_or_default();
    version.split_once('/').map_or_else(String::new, |it| it.0.to_owned())
}

/// The place of a part of a text.
fn part(text: &Node, at: Extent) -> Span {
    text.part(at).0
}

fn template(root: &Node, found: &mut Vec<Diagnostic>) -> Option<Template> {
    let crd = root.at(&["spec", "crd", "spec"])?;
    let named = crd.at(&["names", "kind"])?;
    let kind = named.text()?.to_owned();
    let name = root.at(&["metadata", "name"]);
    if let Some(name) = name.filter(|it| it.text() != Some(kind.to_lowercase().as_str())) {
        found.push(errors::template_name(name.text().unwrap_or(""), &kind, name.span()));
    }
    let validation = crd.get("validation");
    let schema = validation.as_ref().and_then(|it| it.get("openAPIV3Schema"));
    let legacy = validation.as_ref().and_then(|it| it.flag(&["legacySchema"]));
    if let Some(validation) = &validation
        && let Some(key) = validation.key("properties").or_else(|| validation.key("type"))
    {
        found.push(errors::schema_place(key.text().unwrap_or(""), key.span()));
    } else if let (Some(true), Some(key)) =
        (legacy, validation.as_ref().and_then(|it| it.key("legacySchema")))
    {
        found.push(errors::legacy_schema(key.span()));
    }
    let names = |schema: &Node| {
        let properties = schema.get("properties").and_then(|it| it.fields()).unwrap_or_default();
        properties.into_iter().map(|it| it.0).collect::<Vec<_>>()
    };
    let known = schema.as_ref().filter(|it| {
        legacy != Some(true) && it.flag(&["x-kubernetes-preserve-unknown-fields"]) != Some(true)
    });
    let known = known.map(names);
    let target = root.at(&["spec"]).map(|it| it.list("targets")).unwrap_or_default();
    let target = target.first()?.clone();
    let text = target.get("rego").or_else(|| {
        let code = target.list("code");
        code.iter().find_map(|it| it.at(&["source", "rego"]))
    });
    let rego = text.and_then(|text| {
        let written = text.text()?.to_owned();
        match Rego::read(&written) {
            Ok(rego) => {
                judge(&text, &rego, known.as_deref(), found);
                Some((text, rego))
            }
            Err(error) => {
                found.push(text_error(Language::Rego, part(&text, error.at), error));
                None
            }
        }
    });
    Some(Template { kind, rego, known })
}

/// What is wrong with Rego whatever it is for.
fn judge(text: &Node, rego: &Rego, known: Option<&[String]>, found: &mut Vec<Diagnostic>) {
    if !rego.has_entry {
        let near = nearest("violation", rego.rules.iter().map(|it| it.0.as_str()))
            .or_else(|| rego.rules.iter().map(|it| it.0.as_str()).find(|it| *it == "deny"));
        let near = near.and_then(|near| rego.rules.iter().find(|it| it.0 == near));
        let near = near.map(|it| (it.0.as_str(), part(text, it.1)));
        found.push(errors::no_violation(near, part(text, rego.package_at)));
    }
    for foreign in &rego.reads.foreign {
        let near = match foreign.kind {
            ForeignKind::Input => nearest(&foreign.written, ["review", "parameters"]),
            ForeignKind::Data
            | ForeignKind::Function
            | ForeignKind::Variable
            | ForeignKind::Unknown => None,
        };
        let at = part(text, foreign.at);
        found.push(errors::not_given(foreign.kind, &foreign.written, near, at));
    }
    let Some(known) = known else { return };
    let mut told: Vec<&str> = Vec::new();
    for read in &rego.reads.parameters {
        let is_known = known.contains(&read.name) || told.contains(&read.name.as_str());
        if !is_known && !read.has_default {
            told.push(&read.name);
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let near = nearest(&read.name, known.iter().copied());
            found.push(errors::unknown_parameter(&read.name, &known, near, part(text, read.at)));
        }
    }
}

fn constraint(root: &Node, kind: &str, template: Option<&Template>, found: &mut Vec<Diagnostic>) {
    let spec = root.get("spec");
    let meant = spec.as_ref().and_then(|it| it.get("match"));
    let listed = meant.as_ref().filter(|it| it.items().is_some());
    if listed.is_some()
        && let Some(key) = spec.as_ref().and_then(|it| it.key("match"))
    {
        found.push(errors::match_is_list(key.span()));
    }
    let action = spec.as_ref().and_then(|it| it.word("enforcementAction"));
    let is_strict = action.as_deref().is_none_or(|it| it == "deny");
    let limits = |it: &Node| {
        ["excludedNamespaces", "namespaces", "namespaceSelector", "labelSelector", "name"]
            .iter()
            .any(|name| it.has(name))
    };
    let address = format!("{kind} `{}`", name_of(root));
    if is_strict && listed.is_none() && !meant.as_ref().is_some_and(limits) {
        let at = root.at(&["metadata", "name"]).unwrap_or_else(|| root.clone());
        found.push(errors::no_exclusion(&address, at.span()));
    }
    let Some(template) = template else { return };
    let parameters = spec.as_ref().and_then(|it| it.get("parameters"));
    let told = parameters.as_ref().and_then(Node::fields).unwrap_or_default();
    let Some((text, rego)) = &template.rego else { return };
    if !rego.reads.any_parameter {
        for (name, key, _) in &told {
            if rego.reads.parameters.iter().all(|it| it.name != *name) {
                found.push(errors::unread_parameter(name, key.span()));
            }
        }
    }
    // Where everything is read, the schema says what there is.
    if let (true, Some(known)) = (rego.reads.any_parameter, &template.known) {
        for (name, key, _) in told.iter().filter(|it| !known.contains(&it.0)) {
            found.push(errors::unread_parameter(name, key.span()));
        }
    }
    if !rego.reads.foreign.is_empty() || !rego.has_entry || rego.reads.inventory {
        return;
    }
    let entries = match (&meant, listed) {
        (_, Some(list)) => list.items().unwrap_or_default(),
        (Some(meant), None) => meant.list("kinds"),
        (None, None) => Vec::new(),
    };
    let held = Constraint {
        program: Program::Rego(rego.clone()),
        parameters: parameters.as_ref().map_or_else(|| Value::Object(Default::default()), json),
        kinds: entries.iter().flat_map(kinds).collect(),
        namespaces: Vec::new(),
        excluded: Vec::new(),
        labels: Vec::new(),
        scope: Scope::All,
        expands: true,
    };
    let at = meant.as_ref().map_or_else(|| root.span(), Node::span);
    match study(&held) {
        Ok(flaws) => {
            for flaw in flaws {
                let at = match &flaw {
                    Flaw::NeverLooksInside { .. } => at,
                    Flaw::SkipsContainers { .. } | Flaw::ImplicitRegistry { .. } => {
                        let rule = rego.rules.iter().find(|it| it.0 == "violation");
                        rule.map_or_else(|| text.span(), |it| part(text, it.1))
                    }
                };
                found.push(errors::flaw(&address, &flaw, at));
            }
        }
        Err(error) => {
            let on = "a pod that was made to try it";
            found.push(errors::fails(&address, on, &error, text.span()));
        }
    }
}

/// The groups and kinds of an entry of `match`.
fn kinds(entry: &Node) -> Vec<(String, String)> {
    let words = |name: &str| -> Vec<String> {
        entry.list(name).iter().filter_map(|it| it.text().map(str::to_owned)).collect()
    };
    let groups = words("apiGroups");
    let of = |kind: String| groups.iter().map(move |group| (group.clone(), kind.clone()));
    words("kinds").into_iter().flat_map(of).collect()
}

/// A value of YAML as JSON.
fn json(node: &Node) -> Value {
    if let Some(fields) = node.fields() {
        return fields.into_iter().map(|(name, _, value)| (name, json(&value))).collect();
    }
    if let Some(items) = node.items() {
        return items.iter().map(json).collect();
    }
    let text = node.text().unwrap_or("");
    if !node.is_bare() {
        return Value::String(text.to_owned());
    }
    match text {
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
    }
}
