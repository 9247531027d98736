//! What watches a cluster.

use super::{Map, Of, Quantity, Range, Ref};
use crate::source::Sym;

/// `kind Monitoring`.
#[derive(Clone, PartialEq, Debug)]
pub struct Monitoring<'a> {
    /// The clusters where it runs.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of its objects.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of its objects.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name, and that of the Helm release.
    pub name: Of<Sym>,
    /// The namespace that all of it runs in.
    pub namespace: Of<Ref>,
    /// The version of the chart.
    pub version: Of<&'a str>,
    /// Where the chart comes from.
    pub repository: Of<&'a str>,
    /// The project of Argo CD.
    pub project: Option<Of<Ref>>,
    /// The server that collects metrics and evaluates rules.
    pub prometheus: PrometheusServer<'a>,
    /// The servers that tell people of alerts.
    pub alertmanager: AlertmanagerServer<'a>,
    /// The server that shows dashboards.
    pub grafana: Option<GrafanaServer<'a>>,
    /// What the chart collects by itself.
    pub exporters: Exporters,
}

/// What a program states of a Prometheus that something else runs. What it does not state is not known: no default of ours holds there.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ExternalMonitoring<'a> {
    /// How often metrics are collected.
    pub scrape_interval: Option<Of<Quantity<'a>>>,
    /// How often rules are evaluated.
    pub evaluation_interval: Option<Of<Quantity<'a>>>,
    /// How long samples are kept.
    pub retention: Option<Of<Quantity<'a>>>,
    /// Labels of all that it sends.
    pub external_labels: Option<Map<Of<&'a str>>>,
    /// Features that are off by default.
    pub features: Option<Vec<Of<Sym>>>,
    /// The labels by which it selects rules and monitors.
    pub select: Map<Of<&'a str>>,
    /// The namespaces where it looks for them; not known where there is none.
    pub select_in: Vec<Of<Ref>>,
}

/// `schema PrometheusServer`.
#[derive(Clone, PartialEq, Debug)]
pub struct PrometheusServer<'a> {
    /// How many servers collect the same.
    pub replicas: Of<i64>,
    /// How long samples are kept.
    pub retention: Of<Quantity<'a>>,
    /// How many bytes of samples are kept at most.
    pub retention_size: Option<Of<Quantity<'a>>>,
    /// The volume of each server.
    pub storage: Option<PersistentStorage<'a>>,
    /// The CPU that it requests, and its limit.
    pub cpu: Option<Range<Quantity<'a>>>,
    /// The memory that it requests, and its limit.
    pub memory: Option<Range<Quantity<'a>>>,
    /// How often metrics are collected.
    pub scrape_interval: Of<Quantity<'a>>,
    /// How long a collection may take.
    pub scrape_timeout: Of<Quantity<'a>>,
    /// How often rules are evaluated.
    pub evaluation_interval: Of<Quantity<'a>>,
    /// Labels of all that it sends.
    pub external_labels: Map<Of<&'a str>>,
    /// Features that are off by default.
    pub features: Vec<Of<Sym>>,
    /// The labels by which it selects rules and monitors.
    pub select: Map<Of<&'a str>>,
    /// The namespaces where it looks for them, beside its own; all of them where there is none.
    pub select_in: Vec<Of<Ref>>,
}

/// `schema AlertmanagerServer`.
#[derive(Clone, PartialEq, Debug)]
pub struct AlertmanagerServer<'a> {
    /// Whether there is one.
    pub enabled: Of<bool>,
    /// How many servers share the work.
    pub replicas: Of<i64>,
    /// How long it keeps silences and what it told.
    pub retention: Of<Quantity<'a>>,
    /// The volume of each server.
    pub storage: Option<PersistentStorage<'a>>,
    /// The CPU that it requests, and its limit.
    pub cpu: Option<Range<Quantity<'a>>>,
    /// The memory that it requests, and its limit.
    pub memory: Option<Range<Quantity<'a>>>,
}

/// `schema GrafanaServer`.
#[derive(Clone, PartialEq, Debug)]
pub struct GrafanaServer<'a> {
    /// The Secret with the administrator's name and password.
    pub admin: Of<Sym>,
    /// The key of the name.
    pub admin_user_key: Of<&'a str>,
    /// The key of the password.
    pub admin_password_key: Of<&'a str>,
    /// The address under which people reach it.
    pub url: Option<Of<&'a str>>,
    /// The volume that keeps what people save in it.
    pub storage: Option<PersistentStorage<'a>>,
    /// Whether the chart's own dashboards are loaded.
    pub chart_dashboards: Of<bool>,
    /// The CPU that it requests, and its limit.
    pub cpu: Option<Range<Quantity<'a>>>,
    /// The memory that it requests, and its limit.
    pub memory: Option<Range<Quantity<'a>>>,
}

/// `schema PersistentStorage`.
#[derive(Clone, PartialEq, Debug)]
pub struct PersistentStorage<'a> {
    /// Its size.
    pub size: Of<Quantity<'a>>,
    /// Its StorageClass.
    pub class: Option<Of<Sym>>,
}

/// `schema Exporters`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exporters {
    /// The machines.
    pub node_exporter: Of<bool>,
    /// The objects of Kubernetes.
    pub kube_state_metrics: Of<bool>,
    /// The kubelets.
    pub kubelet: Of<bool>,
    /// The containers.
    pub cadvisor: Of<bool>,
    /// `usual` or `all`.
    pub container_metrics: Of<Sym>,
    /// The API servers.
    pub api_server: Of<bool>,
    /// The DNS servers.
    pub coredns: Of<bool>,
    /// The controller-managers; none where the cluster decides.
    pub controller_manager: Option<Of<bool>>,
    /// The schedulers.
    pub scheduler: Option<Of<bool>>,
    /// The members of etcd.
    pub etcd: Option<Of<bool>>,
}

impl<'a> PrometheusServer<'a> {
    /// The labels of all that a server sends from a cluster.
    pub fn external_labels(&self, cluster: Sym) -> Map<Of<&'a str>> {
        let rule =
            crate::eval::Origin::rule("what a server sends says which cluster it comes from");
        let key = Sym::new("cluster");
        let own = self.external_labels.iter().any(|(name, _)| *name == key);
        let first = (!own).then(|| (key, Of::new(cluster.as_str(), rule)));
        first.into_iter().chain(self.external_labels.iter().copied()).collect()
    }
}

/// Which parts of a control plane are collected from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ControlPlaneParts {
    /// The controller-managers.
    pub controller_manager: Of<bool>,
    /// The schedulers.
    pub scheduler: Of<bool>,
    /// The members of etcd.
    pub etcd: Of<bool>,
}

impl Exporters {
    /// What is not kept of the `usual` metrics of containers: labels, joined by `;`, and what they match.
    pub const DROPPED: &'static [(&'static [&'static str], &'static str)] = &[
        (
            &["__name__"],
            "container_cpu_(cfs_throttled_seconds_total|load_average_10s|system_seconds_total|user_seconds_total)",
        ),
        (
            &["__name__"],
            "container_fs_(io_current|io_time_seconds_total|io_time_weighted_seconds_total|reads_merged_total|sector_reads_total|sector_writes_total|writes_merged_total)",
        ),
        (&["__name__"], "container_memory_(mapped_file|swap)"),
        (&["__name__"], "container_(file_descriptors|tasks_state|threads_max)"),
        (&["__name__"], "container_spec.*"),
        (&["__name__", "scope"], "container_memory_failures_total;hierarchy"),
        (
            &["__name__", "interface"],
            "container_network_.*;(cali|cilium|cni|lxc|nodelocaldns|tunl).*",
        ),
        (&["id", "pod"], ".+;"),
    ];

    /// The names of containers' metrics that are not kept, as regular expressions.
    pub fn dropped(&self) -> impl Iterator<Item = &'static str> {
        let usual = self.container_metrics.value.as_str() != "all";
        let by_name = move |(labels, _): &&(&[&str], &str)| usual && **labels == ["__name__"];
        Self::DROPPED.iter().filter(by_name).map(|(_, pattern)| *pattern)
    }

    /// Which parts of a control plane are collected from; `is_ours` where this program makes the cluster, and lets them show their metrics.
    pub fn control_plane(&self, is_ours: bool) -> ControlPlaneParts {
        let rule = crate::eval::Origin::rule(if is_ours {
            "the control planes that this program makes show their metrics"
        } else {
            "of a control plane that this program does not make it is not known whether it shows its metrics"
        });
        let decided = |said: Option<Of<bool>>| said.unwrap_or(Of::new(is_ours, rule));
        ControlPlaneParts {
            controller_manager: decided(self.controller_manager),
            scheduler: decided(self.scheduler),
            etcd: decided(self.etcd),
        }
    }
}
