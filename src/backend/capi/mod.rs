//! Clusters, made by Cluster API on the hub.
//!
//! * **Takes** `cluster` and `provider` resources, and the platform's hub.
//! * **Gives** `<hub>/clusters/<cluster>.yaml` and `<hub>/cluster-classes/<class>.yaml`: a ClusterClass with its templates.
//! * **Owns** which clusters share a ClusterClass, the names of classes and templates, and the variables and patches of a class.
//! * **Never** changes a template under its name: the names of templates carry a digest of what they hold.
//! * **Read first** `shape.rs`, `infrastructure.rs` and `setting.rs`, then `class.rs` and `topology.rs`; Talos is `talos.rs`.

mod aws;
mod addresses;
mod class;
mod digest;
mod docker;
mod hetzner;
mod infrastructure;
mod kube_vip;
mod kubeadm;
mod metal3;
mod node_settings;
mod proxmox;
mod setting;
mod shape;
mod size;
mod talos;
mod topology;
mod vsphere;

use std::sync::Arc;

use super::{Backend, Job, Makes};
use crate::eval::Origin;
use crate::model::{Model, Of, Os, Ref};
use crate::source::Sym;

pub(in crate::backend) use digest::rename;

/// Whether a name that a program gives is that of a template: its digest may be left out, which changes with every build.
pub(super) fn is_called(api_version: &str, kind: &str, name: &str, given: &str) -> bool {
    name == given
        || digest::is_template(api_version, kind) && digest::undigested(name) == Some(given)
}

/// What a program may call an object: a template without its digest.
pub(super) fn called<'n>(api_version: &str, kind: &str, name: &'n str) -> &'n str {
    let is_template = digest::is_template(api_version, kind);
    if is_template { digest::undigested(name).unwrap_or(name) } else { name }
}

/// The backend.
pub(super) struct ClusterApi;

impl Backend for ClusterApi {
    fn name(&self) -> &'static str {
        "capi"
    }

    fn makes(&self) -> &'static [Makes] {
        MAKES
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let Some(platform) = model.platforms.first() else { return Vec::new() };
        let hub = Hub {
            model,
            cluster: platform.value.hub.value,
            namespace: platform.value.cluster_namespace.map_or_else(
                || {
                    let rule =
                        "without a `cluster-namespace` the Cluster API objects live in `default`";
                    Of::new(Sym::new("default"), Origin::rule(rule))
                },
                |it| Of::new(it.value.name, it.origin),
            ),
        };
        let providers = model.providers.iter().map(|provider| (provider.id, provider)).collect();
        let mut jobs = Vec::with_capacity(model.clusters.len());
        for shape in shape::group(model, &providers) {
            let Some(class) = class::class(hub, &shape) else { continue };
            let class = Arc::new(class);
            let own = Arc::clone(&class);
            jobs.push(Box::new(move || class::output(hub, &own)) as Job<'a>);
            for cluster in shape.clusters {
                let class = Arc::clone(&class);
                jobs.push(Box::new(move || topology::output(hub, cluster, &class)) as Job<'a>);
            }
        }
        for cluster in model.clusters.iter().filter(|it| !shape::has_class(&it.value)) {
            let Os::Talos(talos) = &cluster.value.os else { continue };
            let Some(home) = shape::home(&cluster.value, &providers) else { continue };
            jobs.push(Box::new(move || talos::output(hub, cluster, home, talos)) as Job<'a>);
        }
        jobs
    }
}

const CLASS_FILE: &str = "<hub>/cluster-classes/<class>.yaml";
const CLUSTER_FILE: &str = "<hub>/clusters/<name>.yaml";

const fn class(
    kind: &'static str,
    object: &'static str,
    name: &'static str,
    about: &'static str,
) -> Makes {
    Makes { kind, object, name, file: CLASS_FILE, about }
}

const fn cluster(object: &'static str, name: &'static str, about: &'static str) -> Makes {
    Makes { kind: "cluster", object, name, file: CLUSTER_FILE, about }
}

/// What a class is made of: of a provider, or of a cluster that has its provider in place.
macro_rules! makes {
    ($($kind:literal),*; $($rest:expr,)*) => {
        &[
            $(
                class($kind, "cluster.x-k8s.io/v1beta2 ClusterClass", "<class>", "What clusters of one preset and provider share; the class is called after them."),
                class($kind, "infrastructure.cluster.x-k8s.io/<version> <provider>ClusterTemplate", "<class>-cluster-<digest>", "What the provider makes once a cluster."),
                class($kind, "controlplane.cluster.x-k8s.io/v1beta2 KubeadmControlPlaneTemplate", "<class>-control-plane-<digest>", "How their control planes are set up."),
                class($kind, "infrastructure.cluster.x-k8s.io/<version> <provider>MachineTemplate", "<class>-control-plane-<digest>", "The machines of their control planes."),
                class($kind, "bootstrap.cluster.x-k8s.io/v1beta2 KubeadmConfigTemplate", "<class>-worker-<pool>-<digest>", "How the machines of a pool join, one a pool."),
                class($kind, "infrastructure.cluster.x-k8s.io/<version> <provider>MachineTemplate", "<class>-worker-<pool>-<digest>", "The machines of a pool, one a pool."),
                class($kind, "controlplane.cluster.x-k8s.io/v1alpha3 TalosControlPlaneTemplate", "<class>-control-plane-<digest>", "With Talos and `cluster-class`: how the control plane is set up, by a provider that nobody has released."),
                class($kind, "bootstrap.cluster.x-k8s.io/v1alpha3 TalosConfigTemplate", "<class>-worker-<pool>-<digest>", "With Talos and `cluster-class`: how the machines of a pool are set up, one a pool."),
            )*
            $($rest),*
        ]
    };
}

const MAKES: &[Makes] = makes! {
    "provider", "cluster";
    cluster("cluster.x-k8s.io/v1beta2 Cluster", "<name>", "The cluster: what Cluster API makes of it."),
    cluster("ipam.cluster.x-k8s.io/v1alpha2 InClusterIPPool", "<name>", "On VSphere and Metal3, with `addresses`: where its machines get them of."),
    cluster("infrastructure.cluster.x-k8s.io/v1beta2 Metal3DataTemplate", "<name>-<digest>", "On Metal3: what hosts are told of their names and addresses."),
    cluster("infrastructure.cluster.x-k8s.io/<version> <provider>Cluster", "<name>", "With Talos: what the provider makes once."),
    cluster("infrastructure.cluster.x-k8s.io/<version> <provider>MachineTemplate", "<name>-<part>-<digest>", "With Talos: the machines of the control plane, and of a pool."),
    cluster("controlplane.cluster.x-k8s.io/v1alpha3 TalosControlPlane", "<name>-control-plane", "With Talos: the control plane."),
    cluster("bootstrap.cluster.x-k8s.io/v1alpha3 TalosConfigTemplate", "<name>-<pool>-<digest>", "With Talos: how the machines of a pool are set up, one a pool."),
    cluster("cluster.x-k8s.io/v1beta2 MachineDeployment", "<name>-<pool>", "With Talos: the machines of a pool, one a pool."),
    cluster("cluster.x-k8s.io/v1beta2 MachineHealthCheck", "<name>-<part>", "With Talos: when a machine is replaced, one a pool and one for the control plane."),
};

/// Where the objects go.
#[derive(Clone, Copy)]
struct Hub<'a> {
    model: &'a Model<'a>,
    cluster: Ref,
    namespace: Of<Sym>,
}

#[cfg(test)]
mod tests {
    use super::ClusterApi;
    use crate::backend::{Backend, fixture};

    #[test]
    fn clusters_of_one_size_share_a_class() {
        insta::assert_snapshot!(fixture::lowered(&ClusterApi, &fixture::model()));
    }

    #[test]
    fn no_platform_no_clusters() {
        let model = crate::model::Model { platforms: Vec::new(), ..fixture::model() };
        assert!(ClusterApi.lower(&model).is_empty());
    }
}
