//! What Gatekeeper is told.

use crate::backend::argocd::application::WAVE;
use crate::backend::k8s::{Fields, IntoNode, Metadata, labels, list, object, text};
use crate::backend::objects::plain;
use crate::backend::{Manifest, Node};
use crate::embedded::rego::{Dialect, Rego};
use crate::eval::Origin;
use crate::model::{Model, ObjectKind, Policy, Tree};

/// The name of the target that Gatekeeper has.
const TARGET: &str = "admission.k8s.gatekeeper.sh";

/// The template and the constraint.
pub(super) fn objects<'a>(model: &'a Model<'a>, policy: &'a Policy<'a>) -> Vec<Manifest<'a>> {
    vec![template(model, policy), constraint(model, policy)]
}

fn template<'a>(model: &'a Model<'a>, policy: &'a Policy<'a>) -> Manifest<'a> {
    let named = Origin::rule("a ConstraintTemplate is called as its kind, in lower case");
    let kind = policy.template_kind();
    let metadata = Metadata::new(text(kind.to_lowercase(), named), labels(model))
        .labels(&policy.labels)
        .annotation("description", policy.description.map(IntoNode::into_node))
        .annotations(&policy.annotations);
    let schema = schema_of(policy.param.iter().map(|(name, value)| (name.as_str(), value)));
    let crd = Fields::new()
        .with("names", Fields::new().with("kind", text(kind, policy.name.origin)))
        .with("validation", Fields::new().with("openAPIV3Schema", schema));
    let target = Fields::new()
        .with("target", text(TARGET, Origin::rule("the one target that Gatekeeper has")))
        .with("code", list(code(policy)));
    let spec =
        Fields::new().with("crd", Fields::new().with("spec", crd)).with("targets", list([target]));
    object("templates.gatekeeper.sh/v1", "ConstraintTemplate", metadata, Some(spec))
}

fn code<'a>(policy: &'a Policy<'a>) -> Option<Fields<'a>> {
    let engine = Origin::rule("the language that the policy is written in");
    if let Some(rego) = policy.rego {
        let dialect = Rego::read(rego.value).map_or(Dialect::V1, |it| it.dialect);
        let version = Origin::rule("the version of Rego that the policy can be read as");
        let source =
            Fields::new().with("version", text(dialect.name(), version)).with("rego", rego);
        return Some(Fields::new().with("engine", text("Rego", engine)).with("source", source));
    }
    let validation = Fields::new().maybe("expression", policy.cel).maybe("message", policy.message);
    let source = Fields::new().with("validations", list([validation]));
    Some(Fields::new().with("engine", text("K8sNativeValidation", engine)).with("source", source))
}

/// The schema of an object of values.
fn schema_of<'a>(entries: impl Iterator<Item = (&'a str, &'a Tree<'a>)>) -> Fields<'a> {
    let rule = Origin::rule("the schema of what the policy is told");
    let properties =
        entries.fold(Fields::new(), |fields, (name, value)| fields.with(name, schema(value)));
    Fields::new().with("type", text("object", rule)).unless_empty("properties", properties)
}

fn schema<'a>(value: &'a Tree<'a>) -> Fields<'a> {
    let rule = Origin::rule("the schema of what the policy is told");
    let of = |name: &'static str| Fields::new().with("type", text(name, rule));
    match value {
        Tree::Bool(_) => of("boolean"),
        Tree::Int(_) => of("integer"),
        Tree::Float(..) => of("number"),
        Tree::Text(_) => of("string"),
        Tree::Map(entries) => schema_of(entries.iter().map(|(key, value)| (key.as_str(), value))),
        Tree::List(items) => {
            let schemas: Vec<Fields<'_>> = items.iter().map(schema).collect();
            let item = match schemas.split_first() {
                Some((first, rest)) if rest.iter().all(|it| it == first) => first.clone(),
                // Items of several types, or none at all.
                _ => {
                    let any = "x-kubernetes-preserve-unknown-fields";
                    Fields::new().with(any, Node::Bool(true, rule))
                }
            };
            of("array").with("items", item)
        }
    }
}

fn constraint<'a>(model: &'a Model<'a>, policy: &'a Policy<'a>) -> Manifest<'a> {
    let after = Origin::rule("a constraint comes once Gatekeeper made its kind of the template");
    let metadata = Metadata::new(policy.name, labels(model))
        .labels(&policy.labels)
        .annotation(WAVE, Some(text("1", after)))
        .annotations(&policy.annotations);
    let parameters = policy
        .param
        .iter()
        .fold(Fields::new(), |fields, (name, value)| fields.with(name.as_str(), plain(value)));
    let spec = Fields::new()
        .with("enforcementAction", policy.action)
        .with("match", meant(model, policy))
        .unless_empty("parameters", parameters);
    object("constraints.gatekeeper.sh/v1beta1", policy.template_kind(), metadata, Some(spec))
}

/// Which objects a constraint is for.
fn meant<'a>(model: &'a Model<'a>, policy: &'a Policy<'a>) -> Fields<'a> {
    let left_out = Origin::rule("`except`, and what a cluster cannot be mended without");
    let closely = policy.r#match.closely();
    let fields = Fields::new().with("kinds", list(by_group(policy.r#match.kinds())));
    let fields = match closely {
        Some(closely) => {
            let scope = match closely.scope.value.as_str() {
                "namespaced" => Some("Namespaced"),
                "cluster" => Some("Cluster"),
                _ => None,
            };
            let labels =
                Fields::new().unless_empty("matchLabels", Fields::new().all(&closely.labels));
            fields
                .maybe("scope", scope.map(|it| text(it, closely.scope.origin)))
                .unless_empty("namespaces", list(closely.namespaces.iter().copied()))
                .unless_empty("labelSelector", labels)
        }
        None => fields,
    };
    let all = policy.left_out(model).into_iter().map(|it| text(it, left_out));
    fields.with("excludedNamespaces", list(all))
}

/// Kinds of one group stand together.
fn by_group<'a>(kinds: &'a [ObjectKind<'a>]) -> Vec<Fields<'a>> {
    let mut groups: Vec<&str> = Vec::new();
    for kind in kinds {
        if !groups.contains(&kind.group) {
            groups.push(kind.group);
        }
    }
    let of = |group: &'a str| {
        let own = kinds.iter().filter(move |it| it.group == group);
        let origin = own.clone().next().map_or(Origin::NONE, |it| it.origin);
        Fields::new()
            .with("apiGroups", list([text(group, origin)]))
            .with("kinds", list(own.map(|it| text(it.kind, it.origin))))
    };
    groups.into_iter().map(of).collect()
}

/// How workloads become pods.
pub(super) fn expansion<'a>(model: &'a Model<'a>) -> Vec<Manifest<'a>> {
    let rule = Origin::rule("workloads are judged as the pods that they become");
    let kinds = |group: &'static str, all: &'static [&'static str]| {
        Fields::new()
            .with("groups", list([text(group, rule)]))
            .with("versions", list([text("v1", rule)]))
            .with("kinds", list(all.iter().map(|it| text(*it, rule))))
    };
    let made = |name: &'static str, from: Vec<Fields<'a>>, source: &'static str| {
        let pod = Fields::new()
            .with("group", text("", rule))
            .with("version", text("v1", rule))
            .with("kind", text("Pod", rule));
        let spec = Fields::new()
            .with("applyTo", list(from))
            .with("templateSource", text(source, rule))
            .with("generatedGVK", pod);
        let metadata = Metadata::new(text(name, rule), labels(model));
        object("expansion.gatekeeper.sh/v1beta1", "ExpansionTemplate", metadata, Some(spec))
    };
    let plain = vec![
        kinds("apps", &["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"]),
        kinds("batch", &["Job"]),
    ];
    vec![
        made("workloads", plain, "spec.template"),
        made("cron-jobs", vec![kinds("batch", &["CronJob"])], "spec.jobTemplate.spec.template"),
    ]
}
