//! The Prometheus servers of the files.

use super::release::Release;
use super::selector::Selector;
use super::values::Values;
use super::{File, STACK, name_of, objects};
use crate::import::doc::Node;

/// A Prometheus that the operator runs, and what it takes.
#[derive(Clone, Debug)]
pub(in crate::import) struct Server {
    /// What it is called in messages: ``the Prometheus of `monitoring` ``.
    pub(super) shown: String,
    /// PrometheusRules.
    pub(super) rules: Selector,
    /// ServiceMonitors.
    pub(super) services: Selector,
    /// PodMonitors.
    pub(super) pods: Selector,
    /// What decides which rules, and which monitors: of the values, or the name of the release.
    pub(super) rules_at: Node,
    /// The same of monitors.
    pub(super) services_at: Node,
    /// What it is given, where a chart makes it.
    pub(super) values: Option<Values>,
}

/// Kinds and charts that evaluate PrometheusRules, or read monitors, beside Prometheus itself.
const OTHERS: [&str; 12] = [
    "ThanosRuler",
    "VMAlert",
    "VMAgent",
    "VMCluster",
    "victoria-metrics-k8s-stack",
    "victoria-metrics-operator",
    "mimir-distributed",
    "k8s-monitoring",
    "alloy",
    "grafana-agent",
    "grafana-agent-operator",
    "opentelemetry-operator",
];

/// The servers, where the files say of all that they run what it takes; none where something else may take the rest.
pub(in crate::import) fn servers(files: &[File], releases: &[Release]) -> Vec<Server> {
    let mut found = Vec::new();
    for (_, root, kind) in objects(files) {
        if OTHERS.contains(&kind.as_str()) {
            return Vec::new();
        }
        // Objects may get further labels on their way.
        if kind == "Kustomization" && is_amended(root) {
            return Vec::new();
        }
        if kind == "Prometheus" {
            found.extend(of_object(root));
        }
    }
    let is_kustomization = |file: &&File| file.name.ends_with("kustomization.yaml");
    let mut kustomizations = files.iter().filter(is_kustomization).flat_map(|it| &it.roots);
    if kustomizations.any(is_amended)
        || releases.iter().any(|it| OTHERS.contains(&it.chart.as_str()))
    {
        return Vec::new();
    }
    for release in releases.iter().filter(|it| it.chart == STACK) {
        let values = &release.values;
        if values.flag(&["thanosRuler", "enabled"]) == Some(true) {
            return Vec::new();
        }
        if values.flag(&["prometheus", "enabled"]) == Some(false) {
            continue;
        }
        let of = |kind: &str| Selector::of_values(values, kind, release.name.as_deref());
        let at = |kind: &str| {
            let own = values.get(&["prometheus", "prometheusSpec", &format!("{kind}Selector")]);
            let own = own.filter(|it| it.fields().is_some_and(|it| !it.is_empty()));
            own.unwrap_or_else(|| release.named_at.clone())
        };
        found.push(Server {
            shown: match &release.name {
                Some(name) => format!("the Prometheus of `{name}`"),
                None => "the Prometheus of the stack".to_owned(),
            },
            rules: of("rule"),
            services: of("serviceMonitor"),
            pods: of("podMonitor"),
            rules_at: at("rule"),
            services_at: at("serviceMonitor"),
            values: Some(values.clone()),
        });
    }
    found
}

fn is_amended(root: &Node) -> bool {
    let fields = ["commonLabels", "labels", "patches", "patchesStrategicMerge", "components"];
    fields.iter().any(|field| root.has(field) || root.at(&["spec", field]).is_some())
}

fn of_object(root: &Node) -> Option<Server> {
    let spec = root.get("spec")?;
    let of = |field: &str| spec.get(field).map_or(Selector::Nothing, |it| Selector::of(&it));
    let at = |field: &str| spec.get(field).unwrap_or_else(|| spec.clone());
    Some(Server {
        shown: format!("the Prometheus `{}`", name_of(root)),
        rules: of("ruleSelector"),
        services: of("serviceMonitorSelector"),
        pods: of("podMonitorSelector"),
        rules_at: at("ruleSelector"),
        services_at: at("serviceMonitorSelector"),
        values: None,
    })
}
