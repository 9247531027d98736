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

use super::{Backend, Job};
use crate::eval::Origin;
use crate::model::{Model, Of, Ref};
use crate::source::Sym;

/// The backend.
pub(super) struct ClusterApi;

impl Backend for ClusterApi {
    fn name(&self) -> &'static str {
        "capi"
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
