//! Dashboards.
//!
//! * **Takes** `dashboard` resources.
//! * **Gives** `<cluster>/<namespace>/dashboard-<name>.yaml`: a ConfigMap for the sidecar beside Grafana, or a GrafanaDashboard for its
//!   operator, with the dashboard in Grafana's JSON.
//! * **Owns** Grafana's names of things, and where panels stand.
//! * **Never** reads a query: that is judged before.
//! * **Read first** `dashboard.rs`, then `panel.rs` and `layout.rs`.
#![allow(clippy::indexing_slicing, reason = "sets keys of JSON objects that were just made")]

mod dashboard;
mod fields;
mod json;
mod layout;
mod panel;
mod query;
mod text;
mod unit;
mod variable;

#[cfg(test)]
mod fixture;
#[cfg(test)]
pub(super) use fixture::everything;

use super::k8s::{Fields, IntoNode, Metadata, labels, object, text as scalar};
use super::{Backend, Document, Job, Makes, Manifest, Output};
use crate::eval::Origin;
use crate::model::{Dashboard, Model, Of, Resource};

/// The backend.
pub(super) struct Grafana;

/// The label by which the sidecar of the chart kube-prometheus-stack finds dashboards.
pub(super) const SIDECAR_LABEL: (&str, &str) = ("grafana_dashboard", "1");

/// The annotation that names the folder, as that chart sets the sidecar up.
pub(super) const FOLDER: &str = "grafana_folder";

impl Backend for Grafana {
    fn name(&self) -> &'static str {
        "grafana"
    }

    fn makes(&self) -> &'static [Makes] {
        &[
            Makes {
                kind: "dashboard",
                object: "v1 ConfigMap",
                name: "dashboard-<name>",
                file: "<cluster>/<namespace>/dashboard-<name>.yaml",
                about: "The dashboard in Grafana's JSON, labelled for the sidecar beside Grafana.",
            },
            Makes {
                kind: "dashboard",
                object: "grafana.integreatly.org/v1beta1 GrafanaDashboard",
                name: "<name>",
                file: "<cluster>/<namespace>/dashboard-<name>.yaml",
                about: "The same for the operator of Grafana, with `via = \"operator\"`.",
            },
        ]
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let job = |dashboard| Box::new(move || output(model, dashboard)) as Job<'a>;
        model.dashboards.iter().map(job).collect()
    }
}

fn output<'a>(model: &'a Model<'a>, resource: &'a Resource<'a, Dashboard<'a>>) -> Output<'a> {
    let dashboard = &resource.value;
    let namespace = dashboard.namespace.value.name;
    let is_for_operator = dashboard.via.value.as_str() == "operator";
    let manifest = if is_for_operator {
        for_operator(model, dashboard)
    } else {
        for_sidecar(model, dashboard)
    };
    Output {
        clusters: resource.targets.clone(),
        document: Document {
            path: format!("{namespace}/dashboard-{}.yaml", resource.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests: vec![manifest],
        },
    }
}

/// The dashboard as Grafana reads it.
fn json(dashboard: &Dashboard<'_>) -> String {
    json::printed(&dashboard::dashboard(dashboard))
}

fn for_sidecar<'a>(model: &Model<'a>, dashboard: &Dashboard<'a>) -> Manifest<'a> {
    let rule = Origin::rule("the sidecar finds dashboards by this label");
    let (label, value) = SIDECAR_LABEL;
    // Keys of all ConfigMaps become files of one folder.
    let name = format!("dashboard-{}", dashboard.name.value);
    let key = format!("{name}.json");
    let metadata = metadata(model, dashboard, Of::new(name.into(), dashboard.name.origin))
        .label(label, Some(scalar(value, rule)))
        .annotation(FOLDER, dashboard.folder.map(|folder| scalar(folder.value, folder.origin)));
    let mut manifest = object("v1", "ConfigMap", metadata, None);
    let body = scalar(json(dashboard), dashboard.title.origin);
    manifest.root =
        Fields::of(manifest.root).with("data", Fields::new().with(key, body)).into_node();
    manifest
}

fn for_operator<'a>(model: &Model<'a>, dashboard: &Dashboard<'a>) -> Manifest<'a> {
    let name = Of::new(dashboard.name.value.as_str().into(), dashboard.name.origin);
    let labels = Fields::new().all(&dashboard.instances);
    let spec = Fields::new()
        .with("instanceSelector", Fields::new().with("matchLabels", labels))
        .maybe("folder", dashboard.folder)
        .with("json", scalar(json(dashboard), dashboard.title.origin));
    let metadata = metadata(model, dashboard, name);
    object("grafana.integreatly.org/v1beta1", "GrafanaDashboard", metadata, Some(spec))
}

fn metadata<'a>(
    model: &Model<'a>,
    dashboard: &Dashboard<'a>,
    name: Of<std::borrow::Cow<'a, str>>,
) -> Metadata<'a> {
    Metadata::new(name, labels(model))
        .namespace(dashboard.namespace)
        .labels(&dashboard.labels)
        .annotations(&dashboard.annotations)
}

#[cfg(test)]
mod tests {
    use super::Grafana;
    use crate::backend::fixture;

    #[test]
    fn dashboards_become_json() {
        insta::assert_snapshot!(fixture::lowered(&Grafana, &fixture::model()));
    }
}
