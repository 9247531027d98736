//! What is known of a program before its clusters are there.

use super::components::{
    CORE, Component, KUBEADM_BOOTSTRAP, KUBEADM_CONTROL_PLANE, TALOS_BOOTSTRAP, TALOS_CONTROL_PLANE,
};
use super::gitops::{GitOps, gitops};
use super::needs::{Credentials, Machines, Variable, needs};
use super::objects::{FileFacts, files};
use super::restore::{RestoreFacts, restores};
use super::secrets::{SecretFacts, secrets};
use super::volumes::{VolumeFacts, volumes};
use crate::backend::Output;
use crate::eval::Origin;
use crate::model::{Cluster, Cni, MachineSource, Model, Os, Provider, Resource};
use crate::prove::Place;
use crate::prove::capacity::{ClusterRow, table};

/// What must exist before the clusters of a program can.
#[derive(Clone, PartialEq, Debug)]
pub struct DayZero {
    /// The platform's name.
    pub platform: String,
    /// The cluster where Cluster API runs.
    pub hub: Hub,
    /// The namespace of the Cluster objects.
    pub namespace: String,
    /// The program's clusters, by name.
    pub clusters: Vec<ClusterFacts>,
    /// What the nodes of each cluster have for pods.
    pub capacity: Vec<ClusterRow>,
    /// Every file of the build, by path.
    pub files: Vec<FileFacts>,
    /// Secrets that something in the clusters reads.
    pub secrets: Vec<SecretFacts>,
    /// The clusters of which etcd is saved.
    pub restores: Vec<RestoreFacts>,
    /// What Velero and Longhorn save on clusters.
    pub volumes: Vec<VolumeFacts>,
    /// How Argo CD comes to the hub; none where the platform names no repository.
    pub gitops: Option<GitOps>,
}

/// The cluster where Cluster API runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hub {
    /// Its name.
    pub name: String,
    /// Whether the program makes it; else something else does.
    pub is_made: bool,
}

/// A cluster of a program.
#[derive(Clone, PartialEq, Debug)]
pub struct ClusterFacts {
    /// Its name.
    pub name: String,
    /// Its environment.
    pub environment: String,
    /// Where its machines come from: `Proxmox`.
    pub schema: &'static str,
    /// The provider's name, if it has one.
    pub provider: Option<String>,
    /// Where the program says so.
    pub provider_place: Place,
    /// Whether containers on one machine take the place of machines.
    pub is_local: bool,
    /// `v1.34.3`.
    pub kubernetes: String,
    /// The version of Talos, where Talos makes the nodes.
    pub talos: Option<String>,
    /// How many machines run etcd and the API server.
    pub control_plane: i64,
    /// How many machines each pool has, by its name.
    pub pools: Vec<(String, i64)>,
    /// The address of the API server; none where the provider brings one.
    pub endpoint: Option<String>,
    /// Its port.
    pub port: i64,
    /// The addresses of pods.
    pub pods: String,
    /// The addresses of services.
    pub services: String,
    /// Where the network of pods comes from.
    pub network: Network,
    /// The components of Cluster API that it needs.
    pub components: Vec<&'static Component>,
    /// Credentials that its provider names.
    pub credentials: Vec<Credentials>,
    /// What `clusterctl init` is to know.
    pub variables: Vec<Variable>,
    /// What its machines are made of.
    pub machines: Machines,
    /// Commands before `clusterctl init`, each with its reason.
    pub before: Vec<(String, &'static str)>,
    /// What must run beside Cluster API.
    pub beside: Option<String>,
    /// The cloud controller manager without which its nodes take no pods.
    pub cloud_controller: Option<&'static str>,
}

/// Where the network of a cluster's pods comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Network {
    /// Cluster API applies manifests.
    Manifests,
    /// Talos installs it.
    Talos,
    /// Nothing does.
    Nobody,
}

impl ClusterFacts {
    /// Whether its nodes come from kubeadm with a ClusterClass, which is behind a feature gate.
    pub(super) fn has_class(&self, files: &[FileFacts]) -> bool {
        files.iter().flat_map(|file| &file.objects).any(|object| {
            object.is("cluster.x-k8s.io", "Cluster")
                && object.name == self.name
                && object.class.is_some()
        })
    }

    /// The API server for people: `10.0.0.9:6443`.
    pub(super) fn api_server(&self) -> String {
        match &self.endpoint {
            Some(host) if host.contains(':') => format!("[{host}]:{}", self.port),
            Some(host) => format!("{host}:{}", self.port),
            None => "made by the provider".to_owned(),
        }
    }

    /// The minor version of its Kubernetes.
    pub(super) fn minor(&self) -> Option<u32> {
        self.kubernetes.trim_start_matches('v').split('.').nth(1)?.parse().ok()
    }
}

impl DayZero {
    /// The clusters that a hub makes: all but those of containers.
    pub(super) fn remote(&self) -> impl Iterator<Item = &ClusterFacts> {
        self.clusters.iter().filter(|cluster| !cluster.is_local)
    }

    /// A cluster by its name.
    pub fn cluster(&self, name: &str) -> Option<&ClusterFacts> {
        self.clusters.iter().find(|cluster| cluster.name == name)
    }

    /// The file with an object; none where no file of the hub has it.
    pub(super) fn file_with(&self, group: &str, kind: &str, name: &str) -> Option<&FileFacts> {
        self.files.iter().filter(|file| file.folder == self.hub.name).find(|file| {
            file.objects.iter().any(|object| object.is(group, kind) && object.name == name)
        })
    }

    /// The file of the namespace of the Cluster objects; none where the program does not make it.
    pub fn namespace_file(&self) -> Option<&FileFacts> {
        self.file_with("", "Namespace", &self.namespace)
    }

    /// The files that a cluster is made of, in apply order: manifests, class, cluster.
    pub fn files_of(&self, cluster: &str) -> Vec<&FileFacts> {
        let own = self.file_with("cluster.x-k8s.io", "Cluster", cluster);
        let object = own.and_then(|file| {
            file.objects
                .iter()
                .find(|it| it.is("cluster.x-k8s.io", "Cluster") && it.name == cluster)
        });
        let class = object.and_then(|it| it.class.as_deref());
        let class = class.and_then(|name| self.file_with("cluster.x-k8s.io", "ClusterClass", name));
        let set = object.and_then(|it| it.set.as_deref()).and_then(|set| {
            self.files.iter().filter(|file| file.folder == self.hub.name).find(|file| {
                file.objects.iter().any(|object| {
                    object.is("addons.cluster.x-k8s.io", "ClusterResourceSet")
                        && object.set.as_deref() == Some(set)
                })
            })
        });
        [set, class, own].into_iter().flatten().collect()
    }
}

/// What is known of a program; none where it names no platform.
pub fn day_zero(model: &Model<'_>, outputs: &[Output<'_>]) -> Option<DayZero> {
    let platform = model.platforms.first()?;
    let hub = platform.value.hub.value;
    let namespace = platform.value.cluster_namespace.map_or("default", |it| it.value.name.as_str());
    let mut clusters: Vec<ClusterFacts> =
        model.clusters.iter().filter_map(|cluster| facts(model, cluster)).collect();
    clusters.sort_by(|a, b| a.name.cmp(&b.name));
    Some(DayZero {
        platform: platform.name.value.as_str().to_owned(),
        hub: Hub {
            name: hub.name.as_str().to_owned(),
            is_made: model.clusters.iter().any(|cluster| cluster.id == hub.id),
        },
        namespace: namespace.to_owned(),
        clusters,
        capacity: table(model),
        files: files(outputs),
        secrets: secrets(model),
        restores: restores(model),
        volumes: volumes(model),
        gitops: gitops(model),
    })
}

fn facts(model: &Model<'_>, resource: &Resource<'_, Cluster<'_>>) -> Option<ClusterFacts> {
    let cluster = &resource.value;
    let (provider, name, origin): (&Provider<'_>, _, _) = match &cluster.provider {
        MachineSource::InPlace(provider) => (provider, None, Origin::NONE),
        MachineSource::Named(named) => {
            let found = model.providers.iter().find(|it| it.id == named.value.id)?;
            (&found.value, Some(named.value.name.as_str().to_owned()), named.origin)
        }
    };
    let needs = needs(provider, cluster);
    let mut components = vec![&CORE];
    match &cluster.os {
        Os::Kubeadm(_) => components.extend([&KUBEADM_BOOTSTRAP, &KUBEADM_CONTROL_PLANE]),
        Os::Talos(_) => components.extend([&TALOS_BOOTSTRAP, &TALOS_CONTROL_PLANE]),
    }
    components.extend(needs.components);
    Some(ClusterFacts {
        name: resource.name.value.as_str().to_owned(),
        environment: cluster.environment.value.name.as_str().to_owned(),
        schema: provider.schema(),
        provider: name,
        provider_place: Place::new(resource.id, origin),
        is_local: matches!(provider, Provider::Docker(_)),
        kubernetes: cluster.kubernetes.value.to_owned(),
        talos: match &cluster.os {
            Os::Talos(talos) => Some(talos.version.value.to_owned()),
            Os::Kubeadm(_) => None,
        },
        control_plane: cluster.control_plane.replicas.value,
        pools: cluster
            .workers
            .iter()
            .map(|(name, pool)| (name.as_str().to_owned(), pool.replicas.value))
            .collect(),
        endpoint: cluster.endpoint.map(|it| it.value.to_owned()),
        port: cluster.endpoint_port.value,
        pods: cluster.network.pods.value.to_owned(),
        services: cluster.network.services.value.to_owned(),
        network: match (&cluster.cni, &cluster.os) {
            (Some(Cni::Manifests(_)), _) => Network::Manifests,
            (Some(Cni::Talos(_)) | None, Os::Talos(_)) => Network::Talos,
            (Some(Cni::Talos(_)) | None, Os::Kubeadm(_)) => Network::Nobody,
        },
        components,
        credentials: needs.credentials,
        variables: needs.variables,
        machines: needs.machines,
        before: needs.before,
        beside: needs.beside,
        cloud_controller: needs.cloud_controller,
    })
}
