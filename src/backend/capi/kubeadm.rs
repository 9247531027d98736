//! kubeadm: how a machine becomes a node.

use super::class::{BOOTSTRAP, CONTROL_PLANE, Part};
use super::kube_vip;
use crate::backend::Node;
use crate::backend::k8s::{Fields, list, text};
use crate::eval::Origin;

/// The control plane: kubeadm's defaults, but for what follows.
pub(super) fn control_plane_template<'a>() -> Part<'a> {
    let rotate = Origin::rule("control-plane machines are replaced before their certificates end");
    let before = Fields::new().with("certificatesExpiryDays", Node::Int(30, rotate));
    let profiling = argument(
        "profiling",
        "false",
        Origin::rule("nobody profiles a control plane through its API"),
    );
    let metrics = Origin::rule("Prometheus reads the metrics of every control-plane machine");
    let watched = || {
        let bind = argument("bind-address", "0.0.0.0", metrics);
        Fields::new().with("extraArgs", list([bind, profiling.clone()]))
    };
    // Etcd stops writing at its quota, and 8 GiB is the most that etcd itself advises.
    let quota = Origin::rule("etcd may grow to 8 GiB");
    let etcd = Fields::new().with(
        "extraArgs",
        list([
            argument("quota-backend-bytes", "8589934592", quota),
            argument("listen-metrics-urls", "http://0.0.0.0:2381", metrics),
        ]),
    );
    let cluster = Fields::new()
        .with("apiServer", Fields::new().with("extraArgs", list([profiling.clone()])))
        .with("controllerManager", watched())
        .with("scheduler", watched())
        .with("etcd", Fields::new().with("local", etcd));
    let join =
        Fields::new().with("controlPlane", api_endpoint()).with("nodeRegistration", registration());
    let config = Fields::new()
        .with("clusterConfiguration", cluster)
        .with("initConfiguration", api_endpoint().with("nodeRegistration", registration()))
        .with("joinConfiguration", join)
        .with("preKubeadmCommands", list([kube_vip::before_kubeadm()]))
        .with("postKubeadmCommands", list([kube_vip::after_kubeadm()]));
    let spec = Fields::new()
        .with("rollout", Fields::new().with("before", before))
        .with("kubeadmConfigSpec", config);
    Part { api_version: CONTROL_PLANE, kind: "KubeadmControlPlaneTemplate", spec }
}

/// A worker.
pub(super) fn config_template<'a>() -> Part<'a> {
    let join = Fields::new().with("nodeRegistration", registration());
    let spec = Fields::new().with("joinConfiguration", join);
    Part { api_version: BOOTSTRAP, kind: "KubeadmConfigTemplate", spec }
}

/// Where the API server listens; every Cluster sets its own port.
fn api_endpoint<'a>() -> Fields<'a> {
    let rule = Origin::rule("the API server listens where kube-vip sends");
    let endpoint = Fields::new().with("bindPort", Node::Int(6443, rule));
    Fields::new().with("localAPIEndpoint", endpoint)
}

/// Cluster API finds the node of a machine by its provider's id, which cloud-init knows.
fn registration<'a>() -> Fields<'a> {
    let rule = Origin::rule("a node says which Proxmox machine it is");
    let id = argument("provider-id", "proxmox://'{{ ds.meta_data.instance_id }}'", rule);
    Fields::new().with("kubeletExtraArgs", list([id]))
}

fn argument<'a>(name: &'static str, value: &'static str, origin: Origin) -> Fields<'a> {
    Fields::new().with("name", text(name, origin)).with("value", text(value, origin))
}
