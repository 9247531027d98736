//! A Kubernetes cluster that Cluster API makes.

use super::{Map, Of, Quantity, Range, Ref};
use crate::source::Sym;

/// `kind Cluster`.
#[derive(Clone, PartialEq, Debug)]
pub struct Cluster<'a> {
    /// The block's own name.
    pub name: Of<Sym>,
    /// The environment it belongs to.
    pub environment: Of<Ref>,
    /// Where its machines come from.
    pub provider: Of<Ref>,
    /// The Kubernetes version, with its `v`.
    pub kubernetes: Of<&'a str>,
    /// The address of the API server.
    pub endpoint: Of<&'a str>,
    /// Its port.
    pub endpoint_port: Of<i64>,
    /// The addresses of its machines; at least one range.
    pub addresses: Vec<Range<&'a str>>,
    /// The machines that run etcd and the API server.
    pub control_plane: ControlPlane<'a>,
    /// The pools of machines that run workloads.
    pub workers: Map<NodePool<'a>>,
    /// The networks inside of the cluster.
    pub network: Network<'a>,
    /// When a machine counts as broken.
    pub health: Health<'a>,
    /// How long pods may take to leave a machine.
    pub drain_timeout: Of<Quantity<'a>>,
    /// How long to try to delete a Node object.
    pub delete_timeout: Of<Quantity<'a>>,
    /// Labels of the Cluster object.
    pub labels: Map<Of<&'a str>>,
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
    /// How many machines.
    pub replicas: Of<i64>,
    /// Their size.
    pub machine: Machine<'a>,
    /// Labels of their nodes.
    pub labels: Map<Of<&'a str>>,
    /// Taints of their nodes, by key.
    pub taints: Map<Taint<'a>>,
}

/// `schema Machine`.
#[derive(Clone, PartialEq, Debug)]
pub struct Machine<'a> {
    /// Cores.
    pub cpu: Of<i64>,
    /// Memory.
    pub memory: Of<Quantity<'a>>,
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

/// `schema Network`.
#[derive(Clone, PartialEq, Debug)]
pub struct Network<'a> {
    /// The addresses of pods.
    pub pods: Of<&'a str>,
    /// The addresses of services.
    pub services: Of<&'a str>,
    /// The domain of services.
    pub domain: Of<&'a str>,
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
