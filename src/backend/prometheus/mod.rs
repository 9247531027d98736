//! Alerts and recording rules.
//!
//! * **Takes** `alerts` and `slo` resources.
//! * **Gives** `<cluster>/<namespace>/<alerts>.yaml` and `slo-<name>.yaml`: a PrometheusRule with one group.
//! * **Owns** the shape of a PrometheusRule.
//! * **Never** reads a query: that is judged before.
//! * **Read first** this file.

mod slo;

use super::k8s::{Fields, IntoNode, Metadata, duration, labels, list, object, text};
use super::{Backend, Document, Job, Makes, Manifest, Node, Output};
use crate::model::{Alert, Alerts, Model, Record, Resource, Template};

/// The backend.
pub(super) struct Prometheus;

impl Backend for Prometheus {
    fn name(&self) -> &'static str {
        "prometheus"
    }

    fn makes(&self) -> &'static [Makes] {
        &[
            Makes {
                kind: "alerts",
                object: "monitoring.coreos.com/v1 PrometheusRule",
                name: "<name>",
                file: "<cluster>/<namespace>/<name>.yaml",
                about: "One group with all its records and alerts.",
            },
            Makes {
                kind: "slo",
                object: "monitoring.coreos.com/v1 PrometheusRule",
                name: "slo-<name>",
                file: "<cluster>/<namespace>/slo-<name>.yaml",
                about: "One group: the ratio of errors over each window, what is left of the budget, and two alerts.",
            },
        ]
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let job = |alerts| Box::new(move || output(model, alerts)) as Job<'a>;
        let promise = |slo| Box::new(move || slo::output(model, slo)) as Job<'a>;
        model.alerts.iter().map(job).chain(model.slos.iter().map(promise)).collect()
    }
}

fn output<'a>(model: &'a Model<'a>, resource: &'a Resource<'a, Alerts<'a>>) -> Output<'a> {
    let namespace = resource.value.namespace.value.name;
    Output {
        clusters: resource.targets.clone(),
        document: Document {
            path: format!("{namespace}/{}.yaml", resource.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests: vec![rules(model, resource)],
        },
    }
}

fn rules<'a>(model: &Model<'a>, resource: &Resource<'a, Alerts<'a>>) -> Manifest<'a> {
    let alerts = &resource.value;
    let records = alerts.record.iter().map(|(_, record)| recording(record));
    let rules = records.chain(alerts.alert.iter().map(|(_, alert)| alerting(alerts, alert)));
    let group = Fields::new()
        .with("name", alerts.name)
        .maybe("interval", alerts.interval.map(duration))
        .with("rules", list(rules));
    let metadata = Metadata::new(alerts.name, labels(model))
        .namespace(alerts.namespace)
        .labels(&model.selected_labels(&resource.targets))
        .labels(&alerts.labels)
        .annotations(&alerts.annotations);
    let spec = Fields::new().with("groups", list([group]));
    object("monitoring.coreos.com/v1", "PrometheusRule", metadata, Some(spec))
}

fn recording<'a>(record: &Record<'a>) -> Fields<'a> {
    Fields::new()
        .with("record", record.name)
        .with("expr", record.expr)
        .unless_empty("labels", Fields::new().all(&record.labels))
}

fn alerting<'a>(alerts: &Alerts<'a>, alert: &Alert<'a>) -> Fields<'a> {
    let severity = Fields::new().with("severity", alert.severity);
    let labels = alert
        .labels
        .iter()
        .fold(severity, |fields, (key, value)| fields.with(key.as_str(), template(value)));
    let annotations = Fields::new()
        .with("summary", template(&alert.summary))
        .maybe("description", alert.description.as_ref().map(template))
        .maybe("runbook_url", runbook(alerts, alert));
    let annotations = alert
        .annotations
        .iter()
        .fold(annotations, |fields, (key, value)| fields.with(key.as_str(), template(value)));
    Fields::new()
        .with("alert", alert.name)
        .with("expr", query(alert))
        .maybe("for", (alert.r#for.value.amount != 0).then(|| duration(alert.r#for)))
        .maybe("keep_firing_for", alert.keep_firing_for.map(duration))
        .with("labels", labels)
        .with("annotations", annotations)
}

fn query<'a>(alert: &Alert<'a>) -> Node<'a> {
    if alert.or_absent.value {
        text(alert.query().into_owned(), alert.expr.origin)
    } else {
        alert.expr.into_node()
    }
}

fn template<'a>(template: &Template<'a>) -> Node<'a> {
    text(template.printed(), template.origin)
}

fn runbook<'a>(alerts: &Alerts<'a>, alert: &Alert<'a>) -> Option<Node<'a>> {
    let below = |base: &str| format!("{}/{}", base.trim_end_matches('/'), alert.name.value);
    alert
        .runbook
        .map(IntoNode::into_node)
        .or_else(|| alerts.runbooks.map(|base| text(below(base.value), base.origin)))
}

#[cfg(test)]
mod tests {
    use super::Prometheus;
    use crate::backend::fixture;

    #[test]
    fn alerts_become_one_rule_object() {
        insta::assert_snapshot!(fixture::lowered(&Prometheus, &fixture::model()));
    }
}
