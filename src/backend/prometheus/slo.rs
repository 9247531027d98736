//! Promises, as rules.

use crate::backend::k8s::{Fields, Metadata, labels, list, object, text};
use crate::backend::{Document, Manifest, Output};
use crate::eval::Origin;
use crate::metrics::{Rule, RuleKind, slo};
use crate::model::{Model, Resource, Slo};

/// The file of a promise.
pub(super) fn output<'a>(model: &'a Model<'a>, resource: &'a Resource<'a, Slo<'a>>) -> Output<'a> {
    let namespace = resource.value.namespace.value.name;
    Output {
        clusters: resource.targets.clone(),
        document: Document {
            path: format!("{namespace}/slo-{}.yaml", resource.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests: vec![rules(model, resource)],
        },
    }
}

fn rules<'a>(model: &Model<'a>, resource: &Resource<'a, Slo<'a>>) -> Manifest<'a> {
    let promise = &resource.value;
    // A promise that cannot be counted is an error, and nothing is written.
    let made = slo::generate(&promise.promise()).ok();
    let rules = made.map_or_else(Vec::new, |made| made.group.rules);
    let shape = Origin::rule("burn rates over several windows");
    let name = text(format!("slo-{}", promise.name.value), promise.name.origin);
    let group = Fields::new()
        .with("name", name.clone())
        .with("rules", list(rules.iter().map(|it| rule(it, promise, shape))));
    let metadata = Metadata::new(name, labels(model))
        .namespace(promise.namespace)
        .labels(&model.selected_labels(&resource.targets))
        .labels(&promise.labels)
        .annotations(&promise.annotations);
    let spec = Fields::new().with("groups", list([group]));
    object("monitoring.coreos.com/v1", "PrometheusRule", metadata, Some(spec))
}

fn rule<'a>(rule: &Rule, promise: &Slo<'a>, shape: Origin) -> Fields<'a> {
    let is_alert = rule.kind != RuleKind::Record;
    let key = if is_alert { "alert" } else { "record" };
    let expr = if is_alert { promise.objective.origin } else { shape };
    let texts = |texts: &[(String, String)]| {
        texts.iter().fold(Fields::new(), |fields, (key, value)| {
            fields.with(key.clone(), text(value.clone(), shape))
        })
    };
    Fields::new()
        .with(key, text(rule.name.clone(), shape))
        .with("expr", text(rule.expr.clone(), expr))
        .unless_empty("labels", texts(&rule.labels))
        .unless_empty("annotations", texts(&rule.annotations))
}
