//! A Kubernetes cluster that Cluster API makes.

use super::{Cni, Map, Of, Provider, Quantity, Range, Ref, Tree};
use crate::eval::Origin;
use crate::source::Sym;

/// `kind Cluster`.
#[derive(Clone, PartialEq, Debug)]
pub struct Cluster<'a> {
    /// The block's own name.
    pub name: Of<Sym>,
    /// The environment it belongs to.
    pub environment: Of<Ref>,
    /// Where its machines come from.
    pub provider: MachineSource<'a>,
    /// The Kubernetes version, with its `v`.
    pub kubernetes: Of<&'a str>,
    /// What makes nodes of its machines.
    pub os: Os<'a>,
    /// The address of the API server; none where the provider brings one.
    pub endpoint: Option<Of<&'a str>>,
    /// Its port.
    pub endpoint_port: Of<i64>,
    /// The addresses of its machines.
    pub addresses: Vec<Range<&'a str>>,
    /// The machines that run etcd and the API server.
    pub control_plane: ControlPlane<'a>,
    /// The pools of machines that run workloads.
    pub workers: Map<NodePool<'a>>,
    /// The networks inside of the cluster.
    pub network: Network<'a>,
    /// Where the pods' network comes from, if the program says so.
    pub cni: Option<Cni<'a>>,
    /// When a machine counts as broken.
    pub health: Health<'a>,
    /// What a node keeps for itself.
    pub reserved: Reserved<'a>,
    /// How long pods may take to leave a machine.
    pub drain_timeout: Of<Quantity<'a>>,
    /// How long to try to delete a Node object.
    pub delete_timeout: Of<Quantity<'a>>,
    /// Labels of the Cluster object.
    pub labels: Map<Of<&'a str>>,
}

impl Cluster<'_> {
    /// What wrote how large the machines are.
    pub fn sizes(&self) -> impl Iterator<Item = Origin> {
        let machines = std::iter::once(&self.control_plane.machine)
            .chain(self.workers.iter().map(|(_, pool)| &pool.machine));
        machines.flat_map(|machine| {
            let cpu = machine.cpu.map(|it| it.origin);
            let memory = machine.memory.map(|it| it.origin);
            let named = machine.r#type.map(|it| it.origin);
            [cpu, memory, named, Some(machine.disk.origin)].into_iter().flatten()
        })
    }
}

/// A provider of the program, or one that the cluster writes in place.
#[derive(Clone, PartialEq, Debug)]
pub enum MachineSource<'a> {
    /// `provider = lab`.
    Named(Of<Ref>),
    /// `provider = Docker {}`.
    InPlace(Box<Provider<'a>>),
}

/// What makes nodes of machines.
#[derive(Clone, PartialEq, Debug)]
pub enum Os<'a> {
    /// kubeadm.
    Kubeadm(Kubeadm<'a>),
    /// Talos Linux.
    Talos(Talos<'a>),
}

impl Os<'_> {
    /// Whether it is Talos.
    pub const fn is_talos(&self) -> bool {
        matches!(self, Self::Talos(_))
    }
}

/// `schema Kubeadm`.
#[derive(Clone, PartialEq, Debug)]
pub struct Kubeadm<'a> {
    /// Commands before kubeadm.
    pub before: Vec<Of<&'a str>>,
    /// Commands after kubeadm.
    pub after: Vec<Of<&'a str>>,
}

/// `schema Talos`.
#[derive(Clone, PartialEq, Debug)]
pub struct Talos<'a> {
    /// The version of Talos, with its `v`.
    pub version: Of<&'a str>,
    /// Patches of all machines' configuration, by name.
    pub patches: Map<Tree<'a>>,
    /// Patches of control-plane machines.
    pub control_plane_patches: Map<Tree<'a>>,
    /// Patches of workers.
    pub worker_patches: Map<Tree<'a>>,
    /// Whether it gets a ClusterClass.
    pub cluster_class: Of<bool>,
    /// Whether the hub has a provider that was never released.
    pub unreleased_provider: Of<bool>,
}

/// `schema Reserved`.
#[derive(Clone, PartialEq, Debug)]
pub struct Reserved<'a> {
    /// Cores for the system and the kubelet.
    pub cpu: Of<Quantity<'a>>,
    /// Memory for the system and the kubelet.
    pub memory: Of<Quantity<'a>>,
    /// Memory that stays free.
    pub eviction: Of<Quantity<'a>>,
    /// How many pods a node takes.
    pub pods: Of<i64>,
}

/// `schema ControlPlane`.
#[derive(Clone, PartialEq, Debug)]
pub struct ControlPlane<'a> {
    /// How many machines.
    pub replicas: Of<i64>,
    /// Their size.
    pub machine: Machine<'a>,
    /// Labels of their nodes.
    pub labels: Map<Of<&'a str>>,
    /// Taints of their nodes, by key.
    pub taints: Map<Taint<'a>>,
}

/// `schema NodePool`.
#[derive(Clone, PartialEq, Debug)]
pub struct NodePool<'a> {
    /// The pool's own name.
    pub name: Of<Sym>,
    /// How many machines, where they do not scale.
    pub replicas: Of<i64>,
    /// The autoscaler's bounds.
    pub scale: Option<Range<i64>>,
    /// Their size.
    pub machine: Machine<'a>,
    /// The failure domain that they stand in.
    pub zone: Option<Of<&'a str>>,
    /// How many more may stand while they are replaced.
    pub max_surge: Of<i64>,
    /// How many less may stand while they are replaced.
    pub max_unavailable: Of<i64>,
    /// `immediate` or `defer`.
    pub upgrades: Of<Sym>,
    /// Its own, older Kubernetes version, with its `v`.
    pub kubernetes: Option<Of<&'a str>>,
    /// Labels of their nodes.
    pub labels: Map<Of<&'a str>>,
    /// Taints of their nodes, by key.
    pub taints: Map<Taint<'a>>,
}

/// `schema Machine`.
#[derive(Clone, PartialEq, Debug)]
pub struct Machine<'a> {
    /// Cores.
    pub cpu: Option<Of<i64>>,
    /// Memory.
    pub memory: Option<Of<Quantity<'a>>>,
    /// The provider's own name of the size.
    pub r#type: Option<Of<&'a str>>,
    /// The boot disk.
    pub disk: Of<Quantity<'a>>,
}

/// `schema Taint`.
#[derive(Clone, PartialEq, Debug)]
pub struct Taint<'a> {
    /// Its value; may be empty.
    pub value: Of<&'a str>,
    /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
    pub effect: Of<Sym>,
}

/// `schema Dns`.
#[derive(Clone, PartialEq, Debug)]
pub struct Dns<'a> {
    /// The namespace of the servers.
    pub namespace: Of<Sym>,
    /// Their labels.
    pub pods: Map<Of<&'a str>>,
    /// Their port.
    pub port: Of<i64>,
    /// The address of a cache on every node.
    pub node_local: Option<Of<&'a str>>,
}

/// `schema Network`.
#[derive(Clone, PartialEq, Debug)]
pub struct Network<'a> {
    /// The addresses of pods.
    pub pods: Of<&'a str>,
    /// The addresses of services.
    pub services: Of<&'a str>,
    /// The domain of services.
    pub domain: Of<&'a str>,
    /// Where names are looked up.
    pub dns: Dns<'a>,
    /// Whose objects say who reaches whom: `kubernetes`, `cilium`.
    pub policies: Of<Sym>,
    /// Whether pods are reached from other clusters.
    pub routed: Of<bool>,
}

/// `schema Health`.
#[derive(Clone, PartialEq, Debug)]
pub struct Health<'a> {
    /// How long a new machine may take to become a node.
    pub startup: Of<Quantity<'a>>,
    /// How long a node may be unready, or silent.
    pub unhealthy_after: Of<Quantity<'a>>,
    /// The share of broken machines up to which they are replaced.
    pub max_unhealthy: Of<Quantity<'a>>,
}
