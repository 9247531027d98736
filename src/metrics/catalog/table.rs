//! The tables: a line a metric, read when somebody asks for it.

use std::sync::LazyLock;

use super::release::Release;

macro_rules! tables {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../stdlib/catalog/metrics/", $name, ".txt")))),*]
    };
}

/// Every table by its exporter.
pub(super) const TABLES: &[(&str, &str)] = tables! {
    "alertmanager" "argo-cd" "cadvisor" "cert-manager" "cilium" "cluster-api-controllers" "cluster-api-ksm" "config-reloader" "controller-runtime"
    "coredns" "etcd"
    "external-dns" "external-secrets" "gatekeeper" "go-runtime" "grafana-operator" "grpc-go" "istio" "kube-apiserver"
    "kube-controller-manager" "kube-proxy" "kube-scheduler" "kube-state-metrics" "kube-state-metrics-self" "kubelet"
    "kubernetes-component-base" "longhorn" "node-exporter" "opencost" "otel-collector" "prometheus" "prometheus-operator"
    "prometheus-synthetic" "velero"
};

const USAGE: &str = include_str!("../../../stdlib/catalog/metrics/usage.txt");

/// A line of a table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Row {
    /// The metric's name.
    pub(super) name: &'static str,
    /// Its exporter.
    pub(super) exporter: &'static str,
    /// Where it was read.
    pub(super) source: &'static str,
    /// The line without its name.
    pub(super) rest: &'static str,
}

/// All rows, by name. A row is taken apart only when it is asked for.
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let mut rows: Vec<Row> =
        TABLES.iter().flat_map(|(exporter, text)| rows_of(exporter, text)).collect();
    rows.sort_unstable();
    rows
});

static SEEN: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let mut rows: Vec<_> = USAGE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(' '))
        .collect();
    rows.sort_unstable();
    rows
});

/// All rows, by name and exporter.
pub(super) fn rows() -> &'static [Row] {
    &ROWS
}

/// The rows of a name.
pub(super) fn rows_named(name: &str) -> &'static [Row] {
    let from = ROWS.partition_point(|row| row.name < name);
    let rest = ROWS.get(from..).unwrap_or(&[]);
    let count = rest.iter().take_while(|row| row.name == name).count();
    rest.get(..count).unwrap_or(&[])
}

/// Names that are only known from queries, and what these take them for.
pub(super) fn seen() -> &'static [(&'static str, &'static str)] {
    &SEEN
}

/// The rows of one exporter, in the order of its table.
pub(super) fn rows_of(exporter: &'static str, text: &'static str) -> impl Iterator<Item = Row> {
    let mut source = "";
    text.lines().filter_map(move |line| {
        if let Some(place) = line.strip_prefix("@ ") {
            source = place;
            return None;
        }
        if line.starts_with(['#']) || line.starts_with("samples ") {
            return None;
        }
        let (name, rest) = line.split_once(' ')?;
        Some(Row { name, exporter, source, rest })
    })
}

/// The releases that an exporter's table was read in, from old to new.
pub(super) fn samples(exporter: &str) -> Vec<Release> {
    let Some((_, text)) = TABLES.iter().find(|(name, _)| *name == exporter) else {
        return Vec::new();
    };
    let line = text.lines().take_while(|line| !line.starts_with("@ "));
    let words = line.filter_map(|line| line.strip_prefix("samples ")).flat_map(|it| it.split(' '));
    words.filter_map(Release::read).collect()
}
