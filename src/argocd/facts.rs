//! What charts bring to a cluster, and what they need there.

use crate::charts::brought_by;

/// API groups whose objects are of no use before something that is no definition of theirs runs.
pub(super) const NEEDS: [(&str, &str); 1] = [("operator.cluster.x-k8s.io", "cert-manager.io")];

/// What installs the definitions of a group, for messages.
pub(super) fn installer(group: &str) -> &'static str {
    match group {
        "gateway.networking.k8s.io" => {
            "the CustomResourceDefinitions of the Gateway API (`standard-install.yaml` of a release of kubernetes-sigs/gateway-api)"
        }
        "operator.cluster.x-k8s.io" => "the chart `cluster-api-operator`",
        "monitoring.coreos.com" => {
            "the chart `kube-prometheus-stack` or `prometheus-operator-crds`"
        }
        "cert-manager.io" => "the chart `cert-manager`",
        _ => "its operator",
    }
}

/// Whether a chart brings an API group.
pub(super) fn brings(chart: &str, group: &str) -> bool {
    let own = brought_by(chart).map(|it| it.groups.as_slice()).unwrap_or_default();
    own.iter().any(|it| is_in(group, it))
}

/// Whether a group is another one, or below it: `templates.gatekeeper.sh` of `gatekeeper.sh`.
pub(super) fn is_in(group: &str, of: &str) -> bool {
    group == of || group.strip_suffix(of).is_some_and(|it| it.ends_with('.'))
}

/// Charts whose volumes hold what cannot be made again.
const DATA: [&str; 26] = [
    "cassandra",
    "clickhouse",
    "cockroachdb",
    "consul",
    "couchdb",
    "elasticsearch",
    "etcd",
    "gitea",
    "gitlab",
    "harbor",
    "influxdb",
    "kafka",
    "longhorn",
    "mariadb",
    "mariadb-galera",
    "minio",
    "mongodb",
    "mysql",
    "nextcloud",
    "opensearch",
    "postgresql",
    "postgresql-ha",
    "rabbitmq",
    "redis",
    "vault",
    "zookeeper",
];

/// Whether a chart keeps data.
pub(super) fn holds_data(chart: &str) -> bool {
    let name = chart.rsplit('/').next().unwrap_or(chart);
    DATA.contains(&name)
}
