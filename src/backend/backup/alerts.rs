//! Alerts of backups.

use crate::backend::k8s::{Fields, Metadata, labels, list, object, text};
use crate::backend::{Document, Manifest, Output};
use crate::eval::Origin;
use crate::metrics::{Rule, RuleKind, backup};
use crate::model::{Backup, Model, Resource};

/// The file of a backup's alerts.
pub(super) fn output<'a>(
    model: &'a Model<'a>,
    resource: &'a Resource<'a, Backup<'a>>,
) -> Output<'a> {
    let base = resource.value.base();
    Output {
        clusters: resource.targets.clone(),
        document: Document {
            path: format!("{}/backup-{}-alerts.yaml", base.namespace.value.name, base.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests: vec![rules(model, resource)],
        },
    }
}

fn rules<'a>(model: &Model<'a>, resource: &'a Resource<'a, Backup<'a>>) -> Manifest<'a> {
    let base = resource.value.base();
    let made = resource.value.watched().map(|it| backup::generate(&it));
    let rules = made.map_or_else(Vec::new, |group| group.rules);
    let name = text(format!("backup-{}", base.name.value), base.name.origin);
    let group = Fields::new()
        .with("name", name.clone())
        .with("rules", list(rules.iter().map(|it| rule(it, &resource.value))));
    let metadata = Metadata::new(name, labels(model))
        .namespace(base.namespace)
        .labels(&model.selected_labels(&resource.targets))
        .labels(&base.labels)
        .annotations(&base.annotations);
    let spec = Fields::new().with("groups", list([group]));
    object("monitoring.coreos.com/v1", "PrometheusRule", metadata, Some(spec))
}

fn rule<'a>(rule: &Rule, backup: &Backup<'a>) -> Fields<'a> {
    let promise = Origin::rule("a backup is watched: that it runs, ran, and went well");
    let measured = backup.base().rpo.origin;
    let expr = if rule.name == "BackupTooOld" { measured } else { promise };
    let texts = |texts: &[(String, String)]| {
        texts.iter().fold(Fields::new(), |fields, (key, value)| {
            fields.with(key.clone(), text(value.clone(), promise))
        })
    };
    let pending = match rule.kind {
        RuleKind::Alert { pending, .. } => Some(text(format!("{pending}s"), promise)),
        RuleKind::Record => None,
    };
    Fields::new()
        .with("alert", text(rule.name.clone(), promise))
        .with("expr", text(rule.expr.clone(), expr))
        .maybe("for", pending)
        .unless_empty("labels", texts(&rule.labels))
        .unless_empty("annotations", texts(&rule.annotations))
}
