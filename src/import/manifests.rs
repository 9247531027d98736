//! All files that are judged together.

use super::alertmanager::{Carrier as Told, Configuration, configurations};
use super::dashboard::{Dashboard, dashboards, of_values};
use super::doc::{Doc, Node};
use super::rules::{Rules, unreadable};
use super::stack::{self, File, Release};
use crate::diag::Diagnostic;
use crate::source::FileId;

/// What files hold.
#[derive(Debug, Default)]
pub struct Manifests {
    /// Rules of Prometheus.
    pub rules: Rules,
    pub(super) dashboards: Vec<Dashboard>,
    pub(super) configurations: Vec<Configuration>,
    pub(super) files: Vec<File>,
    pub(super) problems: Vec<Diagnostic>,
    /// Files that lie beside them, and were not read.
    pub(super) others: Vec<String>,
    /// How many files held something that is judged.
    held: usize,
}

/// How many things of a sort there are, for reports.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Rules of Prometheus.
    pub rules: usize,
    /// Dashboards.
    pub dashboards: usize,
    /// Configurations of Alertmanager.
    pub configurations: usize,
    /// Applications of Argo CD, ApplicationSets included.
    pub applications: usize,
    /// Files that hold any of them.
    pub files: usize,
}

/// Words of files that are meant to be judged, also where they cannot be read.
const SIGNS: [&str; 6] =
    ["PrometheusRule", "alert:", "record:", "\"panels\"", "grafana_dashboard", "receivers:"];

impl Manifests {
    /// Reads a file, and adds what it holds. Says whether it held something that is judged. A file that was not named itself, cannot be read
    /// and has no sign of it is passed over.
    pub fn read(&mut self, file: FileId, name: &str, text: &str, is_named: bool) -> bool {
        let (doc, wrong) = Doc::read(file, text);
        if let Some(wrong) = &wrong {
            let is_meant = is_named || SIGNS.iter().any(|sign| text.contains(sign));
            if is_meant {
                self.problems.push(unreadable(name, text, wrong, file));
            }
            self.held += usize::from(is_meant);
            return is_meant;
        }
        let mut roots = Vec::new();
        for root in doc.roots() {
            match root.word("kind").as_deref() {
                // `kubectl get -o yaml` makes a List; others a ConfigMapList.
                Some(kind) if kind.ends_with("List") && root.has("items") => {
                    roots.extend(root.list("items"));
                }
                _ => roots.push(root),
            }
        }
        let mut is_held = false;
        for root in &roots {
            is_held |= self.rules.document(root);
            let before = (self.dashboards.len(), self.problems.len());
            self.dashboards.extend(dashboards(root, &mut self.problems));
            is_held |= before != (self.dashboards.len(), self.problems.len());
            let found = configurations(root);
            is_held |= !found.is_empty() || is_of_others(root);
            self.configurations.extend(found);
        }
        self.held += usize::from(is_held);
        self.files.push(File { name: name.to_owned(), roots });
        is_held
    }

    /// Says that a file lies there which is not read.
    pub fn lies(&mut self, name: &str) {
        self.others.push(name.to_owned());
    }

    /// How much there is.
    pub fn counts(&self) -> Counts {
        Counts {
            rules: self.rules.groups.iter().map(|it| it.rules.len()).sum(),
            dashboards: self.dashboards.len(),
            configurations: self.configurations.len(),
            applications: stack::objects(&self.files)
                .filter(|it| matches!(it.2.as_str(), "Application" | "ApplicationSet"))
                .count(),
            files: self.held,
        }
    }

    /// Adds what values of the stack hold: Alertmanager's configuration, and dashboards. Gives what they say of Grafana.
    pub(super) fn unpack(&mut self, releases: &[Release], unread: &[Node]) -> Vec<Node> {
        let mut grafana = Vec::new();
        let of_releases = releases.iter().filter(|it| it.chart == stack::STACK);
        let layers = of_releases.flat_map(|it| {
            let has =
                |path: &[&str]| it.values.get(path).and_then(|it| it.text().map(str::to_owned));
            let is_off = has(&["defaultRules", "create"]).as_deref() == Some("false")
                || has(&["defaultRules", "rules", "general"]).as_deref() == Some("false");
            let is_whole = it.values.are_whole() && it.values.layers().len() == 1;
            it.values.layers().iter().map(move |layer| (layer.clone(), !is_off, is_whole))
        });
        let off = |node: &Node| node.flag(&["defaultRules", "create"]) == Some(false);
        let loose = unread.iter().map(|node| (node.clone(), !off(node), true));
        for (values, has_watchdog, is_whole) in layers.chain(loose).collect::<Vec<_>>() {
            if let Some(root) = values.at(&["alertmanager", "config"]).filter(Node::is_map) {
                let carrier = Told::Chart { has_watchdog, is_whole };
                self.configurations.push(Configuration { root, carrier });
            }
            if let Some(own) = values.get("grafana") {
                self.dashboards.extend(of_values(&own, &mut self.problems));
                grafana.push(own);
            }
        }
        grafana
    }
}

/// Whether a document says what is installed, what Prometheus and Alertmanager take, or what bounds a namespace and its traffic.
fn is_of_others(root: &Node) -> bool {
    match root.word("kind").as_deref() {
        Some(
            "Application"
            | "ApplicationSet"
            | "AppProject"
            | "HelmRelease"
            | "ServiceMonitor"
            | "PodMonitor"
            | "Prometheus"
            | "AlertmanagerConfig"
            | "ConstraintTemplate"
            | "LimitRange"
            | "ResourceQuota"
            | "NetworkPolicy"
            | "CiliumNetworkPolicy"
            | "CiliumClusterwideNetworkPolicy"
            | "Role"
            | "ClusterRole"
            | "RoleBinding"
            | "ClusterRoleBinding",
        ) => true,
        // What it says of its pods is judged.
        Some("Namespace") => {
            root.at(&["metadata", "labels"]).and_then(|it| it.fields()).is_some_and(|it| {
                it.iter().any(|(key, ..)| key.starts_with("pod-security.kubernetes.io/"))
            })
        }
        // The kinds of constraints are those of templates.
        Some(_) => root.word("apiVersion").is_some_and(|it| it.contains(".gatekeeper.sh/")),
        None => {
            root.get(stack::STACK).is_some_and(|it| stack::is_of_stack(&it))
                || stack::is_of_stack(root)
                || root.has("creation_rules")
        }
    }
}
