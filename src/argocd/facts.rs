//! What charts bring to a cluster, and what they need there.
//!
//! Which API groups a chart defines is read in its folder `crds`, or in its templates of CustomResourceDefinitions.

/// What a chart brings.
pub(super) struct Brings {
    pub(super) chart: &'static str,
    /// Ends of the API groups that its CustomResourceDefinitions have.
    pub(super) groups: &'static [&'static str],
}

/// Charts that bring CustomResourceDefinitions.
pub(super) const BRINGS: [Brings; 32] = [
    Brings { chart: "cert-manager", groups: &["cert-manager.io"] },
    Brings { chart: "kube-prometheus-stack", groups: &["monitoring.coreos.com"] },
    Brings { chart: "prometheus-operator-crds", groups: &["monitoring.coreos.com"] },
    Brings { chart: "prometheus-operator", groups: &["monitoring.coreos.com"] },
    Brings { chart: "victoria-metrics-operator", groups: &["operator.victoriametrics.com"] },
    Brings { chart: "victoria-metrics-k8s-stack", groups: &["operator.victoriametrics.com"] },
    Brings { chart: "gatekeeper", groups: &["gatekeeper.sh"] },
    Brings { chart: "kyverno", groups: &["kyverno.io"] },
    Brings { chart: "external-secrets", groups: &["external-secrets.io"] },
    Brings { chart: "sealed-secrets", groups: &["bitnami.com"] },
    Brings { chart: "cilium", groups: &["cilium.io"] },
    Brings { chart: "longhorn", groups: &["longhorn.io"] },
    Brings { chart: "rook-ceph", groups: &["ceph.rook.io"] },
    Brings { chart: "metallb", groups: &["metallb.io"] },
    Brings { chart: "argo-cd", groups: &["argoproj.io"] },
    Brings { chart: "argo-rollouts", groups: &["argoproj.io"] },
    Brings { chart: "argo-workflows", groups: &["argoproj.io"] },
    Brings { chart: "argo-events", groups: &["argoproj.io"] },
    Brings { chart: "cloudnative-pg", groups: &["postgresql.cnpg.io"] },
    Brings { chart: "plugin-barman-cloud", groups: &["barmancloud.cnpg.io"] },
    Brings { chart: "cluster-api-operator", groups: &["operator.cluster.x-k8s.io"] },
    Brings { chart: "velero", groups: &["velero.io"] },
    Brings { chart: "keda", groups: &["keda.sh"] },
    Brings { chart: "traefik", groups: &["traefik.io", "gateway.networking.k8s.io"] },
    Brings {
        chart: "gateway-helm",
        groups: &["gateway.envoyproxy.io", "gateway.networking.k8s.io"],
    },
    Brings { chart: "gateway-crds-helm", groups: &["gateway.networking.k8s.io"] },
    Brings { chart: "gateway-api", groups: &["gateway.networking.k8s.io"] },
    Brings { chart: "gateway-api-crds", groups: &["gateway.networking.k8s.io"] },
    Brings { chart: "base", groups: &["istio.io"] },
    Brings { chart: "crossplane", groups: &["crossplane.io"] },
    Brings { chart: "strimzi-kafka-operator", groups: &["kafka.strimzi.io"] },
    Brings { chart: "grafana-operator", groups: &["grafana.integreatly.org"] },
];

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
    let own = BRINGS.iter().filter(|it| it.chart == chart);
    own.flat_map(|it| it.groups).any(|it| is_in(group, it))
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
