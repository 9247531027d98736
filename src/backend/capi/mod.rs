//! Clusters, made by Cluster API on the hub: kubeadm on Proxmox.
//!
//! * **Takes** `cluster` and `provider` resources, and the platform's hub.
//! * **Gives** `<hub>/clusters/<cluster>.yaml` and `<hub>/cluster-classes/<class>.yaml`: a ClusterClass with its templates.
//! * **Owns** which clusters share a ClusterClass, the names of classes and templates, and the variables and patches of a class.
//! * **Never** changes a template under its name: names of classes and templates carry a digest of all they hold.
//! * **Read first** `shape.rs`, then `class.rs` and `cluster.rs`.

mod class;
mod cluster;
mod digest;
mod kube_vip;
mod kubeadm;
mod node_settings;
mod patches;
mod proxmox;
mod shape;

use std::sync::Arc;

use super::{Backend, Job, Makes};
use crate::eval::Origin;
use crate::model::{Model, Of, Ref};
use crate::source::Sym;

/// The backend.
pub(super) struct ClusterApi;

impl Backend for ClusterApi {
    fn name(&self) -> &'static str {
        "capi"
    }

    fn makes(&self) -> &'static [Makes] {
        const fn class(object: &'static str, name: &'static str, about: &'static str) -> Makes {
            let file = "<hub>/cluster-classes/<class>.yaml";
            Makes { kind: "provider", object, name, file, about }
        }
        const MAKES: &[Makes] = &[
            Makes {
                kind: "cluster",
                object: "cluster.x-k8s.io/v1beta2 Cluster",
                name: "<name>",
                file: "<hub>/clusters/<name>.yaml",
                about: "The cluster: what Cluster API makes of it.",
            },
            class(
                "cluster.x-k8s.io/v1beta2 ClusterClass",
                "<class>",
                "What clusters of one preset and machine sizes share; the class is called after them, and ends in a digest.",
            ),
            class(
                "infrastructure.cluster.x-k8s.io/v1alpha2 ProxmoxClusterTemplate",
                "<class>-cluster",
                "Their network and hosts.",
            ),
            class(
                "controlplane.cluster.x-k8s.io/v1beta2 KubeadmControlPlaneTemplate",
                "<class>-control-plane",
                "How their control planes are set up.",
            ),
            class(
                "infrastructure.cluster.x-k8s.io/v1alpha2 ProxmoxMachineTemplate",
                "<class>-control-plane",
                "The machines of their control planes.",
            ),
            class(
                "bootstrap.cluster.x-k8s.io/v1beta2 KubeadmConfigTemplate",
                "<class>-worker-<pool>",
                "How the machines of a pool join, one a pool.",
            ),
            class(
                "infrastructure.cluster.x-k8s.io/v1alpha2 ProxmoxMachineTemplate",
                "<class>-worker-<pool>",
                "The machines of a pool, one a pool.",
            ),
        ];
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
        let mut jobs = Vec::with_capacity(model.clusters.len());
        for (shape, clusters) in shape::group(model) {
            let class = Arc::new(class::class(hub, &shape));
            let name = Sym::new(&class.name);
            jobs.push(Box::new(move || class::output(hub, &class)) as Job<'a>);
            for cluster in clusters {
                jobs.push(Box::new(move || cluster::output(hub, cluster, name)) as Job<'a>);
            }
        }
        jobs
    }
}

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
