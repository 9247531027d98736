//! By which values charts let themselves be collected.
//!
//! Read in their values.yaml and the templates of their monitors: github.com/cilium/cilium (install/kubernetes/cilium), longhorn/longhorn
//! (chart), cert-manager/cert-manager (deploy/charts/cert-manager), argoproj/argo-helm (charts/argo-cd), kubernetes-sigs/external-dns
//! (charts/external-dns). None makes a monitor by default.

/// A monitor that a chart makes when it is asked to.
pub(super) struct ChartMonitor {
    /// The chart.
    pub(super) chart: &'static str,
    /// What it collects, for messages.
    pub(super) title: &'static str,
    /// Values that must be `true`; the last one makes the monitor.
    pub(super) flags: &'static [&'static [&'static str]],
    /// Maps of labels that the monitor gets.
    pub(super) labels: &'static [&'static [&'static str]],
    /// Labels that it always has.
    pub(super) fixed: &'static [(&'static str, &'static str)],
    /// How metrics begin that only this monitor collects.
    pub(super) owns: &'static [&'static str],
    /// But not these.
    pub(super) except: &'static [&'static str],
    /// The value of the label `job`.
    pub(super) jobs: &'static [&'static str],
}

/// Every monitor that is known.
pub(super) const MONITORS: [ChartMonitor; 8] = [
    ChartMonitor {
        chart: "cilium",
        title: "Cilium's agent",
        flags: &[&["prometheus", "enabled"], &["prometheus", "serviceMonitor", "enabled"]],
        labels: &[&["prometheus", "serviceMonitor", "labels"]],
        fixed: &[],
        owns: &["cilium_"],
        except: &["cilium_operator_"],
        jobs: &["cilium-agent"],
    },
    ChartMonitor {
        chart: "cilium",
        title: "Cilium's operator",
        flags: &[&["operator", "prometheus", "serviceMonitor", "enabled"]],
        labels: &[&["operator", "prometheus", "serviceMonitor", "labels"]],
        fixed: &[],
        owns: &["cilium_operator_"],
        except: &[],
        jobs: &["cilium-operator"],
    },
    ChartMonitor {
        chart: "longhorn",
        title: "Longhorn",
        flags: &[&["metrics", "serviceMonitor", "enabled"]],
        labels: &[&["metrics", "serviceMonitor", "additionalLabels"]],
        fixed: &[],
        owns: &["longhorn_"],
        except: &[],
        jobs: &["longhorn-backend"],
    },
    ChartMonitor {
        chart: "cert-manager",
        title: "cert-manager",
        flags: &[&["prometheus", "servicemonitor", "enabled"]],
        labels: &[&["prometheus", "servicemonitor", "labels"]],
        fixed: &[("prometheus", "default")],
        owns: &["certmanager_"],
        except: &[],
        jobs: &["cert-manager"],
    },
    ChartMonitor {
        chart: "argo-cd",
        title: "Argo CD's controller",
        flags: &[
            &["controller", "metrics", "enabled"],
            &["controller", "metrics", "serviceMonitor", "enabled"],
        ],
        labels: &[
            &["controller", "metrics", "serviceMonitor", "additionalLabels"],
            &["controller", "metrics", "serviceMonitor", "selector"],
        ],
        fixed: &[],
        owns: &["argocd_app_", "argocd_cluster_"],
        except: &[],
        jobs: &["argocd-application-controller-metrics", "argocd-metrics"],
    },
    ChartMonitor {
        chart: "argo-cd",
        title: "Argo CD's server",
        flags: &[
            &["server", "metrics", "enabled"],
            &["server", "metrics", "serviceMonitor", "enabled"],
        ],
        labels: &[
            &["server", "metrics", "serviceMonitor", "additionalLabels"],
            &["server", "metrics", "serviceMonitor", "selector"],
        ],
        fixed: &[],
        owns: &[],
        except: &[],
        jobs: &["argocd-server-metrics"],
    },
    ChartMonitor {
        chart: "argo-cd",
        title: "Argo CD's repository server",
        flags: &[
            &["repoServer", "metrics", "enabled"],
            &["repoServer", "metrics", "serviceMonitor", "enabled"],
        ],
        labels: &[
            &["repoServer", "metrics", "serviceMonitor", "additionalLabels"],
            &["repoServer", "metrics", "serviceMonitor", "selector"],
        ],
        fixed: &[],
        owns: &["argocd_git_", "argocd_repo_"],
        except: &[],
        jobs: &["argocd-repo-server-metrics", "argocd-repo-server"],
    },
    ChartMonitor {
        chart: "external-dns",
        title: "external-dns",
        flags: &[&["serviceMonitor", "enabled"]],
        labels: &[&["serviceMonitor", "additionalLabels"]],
        fixed: &[],
        owns: &["external_dns_"],
        except: &[],
        jobs: &["external-dns"],
    },
];

impl ChartMonitor {
    /// Whether only this monitor collects a metric.
    pub(super) fn collects(&self, metric: &str) -> bool {
        let begins = |all: &[&str]| all.iter().any(|start| metric.starts_with(start));
        begins(self.owns) && !begins(self.except)
    }

    /// The word by which a monitor of one's own would name what it collects.
    pub(super) fn word(&self) -> &'static str {
        match self.chart {
            "argo-cd" => "argocd",
            chart => chart,
        }
    }
}
