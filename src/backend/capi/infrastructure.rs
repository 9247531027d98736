//! The door to providers of machines: what each of them brings.

use std::borrow::Cow;

use super::setting::{Setting, Target};
use super::{aws, docker, hetzner, metal3, proxmox, vsphere};
use crate::backend::Node;
use crate::backend::k8s::{Fields, list, text};
use crate::eval::Origin;
use crate::model::{Cluster, Machine, Of, Provider};
use crate::source::Sym;

/// What a provider of machines brings to the clusters on it.
pub(super) trait Infrastructure<'a> {
    /// `infrastructure.cluster.x-k8s.io/v1beta2`: the version of its objects.
    fn api_version(&self) -> &'static str;

    /// The kind of a cluster's infrastructure, without `Template`: `DevCluster`.
    fn cluster_kind(&self) -> &'static str;

    /// The kind of a machine, without `Template`: `DevMachine`.
    fn machine_kind(&self) -> &'static str;

    /// The `spec` of a cluster's infrastructure. The API server accepts it as it is: what a Cluster sets itself has a stand-in.
    fn cluster(&self) -> Fields<'a>;

    /// What else that says where Talos runs on the machines.
    fn cluster_of_talos(&self, cluster: Fields<'a>) -> Fields<'a> {
        cluster
    }

    /// The `spec` of a machine.
    fn machine(&self, machine: &Machine<'a>, role: Role) -> Fields<'a>;

    /// What differs between clusters, beside the endpoint.
    fn settings(&self) -> Vec<Setting<'a>> {
        Vec::new()
    }

    /// Whether the program supplies the address of the API server; else the provider makes a load balancer.
    fn takes_endpoint(&self) -> bool;

    /// How a machine becomes a node.
    fn node(&self) -> NodeSetup;

    /// Users of the machines, as kubeadm's bootstrap makes them.
    fn users(&self) -> Vec<Fields<'a>> {
        Vec::new()
    }

    /// The interface that carries the endpoint, where the machines have several and the program says which.
    fn interface(&self) -> Option<Of<&'a str>> {
        None
    }

    /// Templates that the machines of a class need beside their own: type and `spec`, by the machine's role.
    fn companions(&self, _machine: &Machine<'a>, _role: Role) -> Vec<Companion<'a>> {
        Vec::new()
    }

    /// Objects that a cluster needs beside its own: pools of addresses.
    fn objects(&self, _cluster: &Cluster<'a>) -> Vec<Extra<'a>> {
        Vec::new()
    }
}

/// An object that a cluster needs beside its own.
pub(super) struct Extra<'a> {
    /// `apiVersion`.
    pub(super) api_version: &'static str,
    /// `kind`.
    pub(super) kind: &'static str,
    /// `metadata.name`.
    pub(super) name: String,
    /// `spec`.
    pub(super) spec: Fields<'a>,
    /// Whether its name changes with what it holds, so that an old one goes after those who use it.
    pub(super) rotates: bool,
}

/// What a machine is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role {
    /// etcd and the API server.
    ControlPlane {
        /// Whether Talos runs on it.
        talos: bool,
    },
    /// Workloads.
    Worker {
        /// Whether Talos runs on it.
        talos: bool,
    },
}

impl Role {
    /// Whether Talos runs on the machine.
    pub(super) const fn is_talos(self) -> bool {
        match self {
            Self::ControlPlane { talos } | Self::Worker { talos } => talos,
        }
    }

    /// The template of the machine.
    pub(super) const fn target(self) -> Target {
        match self {
            Self::ControlPlane { .. } => Target::ControlPlaneMachines,
            Self::Worker { .. } => Target::WorkerMachines,
        }
    }
}

/// An object that a machine's template refers to.
pub(super) struct Companion<'a> {
    /// `apiVersion`.
    pub(super) api_version: &'static str,
    /// `kind`.
    pub(super) kind: &'static str,
    /// `spec`.
    pub(super) spec: Fields<'a>,
    /// Where the machine's `spec` names it: `dataTemplate`.
    pub(super) named_at: &'static str,
}

/// How kubeadm registers a node.
#[derive(Clone, Debug, Default)]
pub(super) struct NodeSetup {
    /// The node's name, if it is not the machine's own host name: a template of cloud-init.
    pub(super) name: Option<&'static str>,
    /// Arguments of the kubelet, and why.
    pub(super) kubelet: Vec<(&'static str, Cow<'static, str>, &'static str)>,
    /// Where the container runtime listens, if the kubelet does not find it itself.
    pub(super) socket: Option<&'static str>,
    /// Whether a cloud controller manager outside of Kubernetes gives nodes their addresses and zones.
    pub(super) external_cloud: bool,
    /// Further names of the API server in its certificate.
    pub(super) names: &'static [&'static str],
    /// Commands before kubeadm.
    pub(super) before: Vec<&'static str>,
    /// Whether the machines share one disk, so that its filling up says nothing about a node.
    pub(super) shared_disk: bool,
}

/// What a provider brings.
pub(super) fn of<'a>(provider: &'a Provider<'a>) -> Box<dyn Infrastructure<'a> + 'a> {
    match provider {
        Provider::Proxmox(proxmox) => Box::new(proxmox::Machines(proxmox)),
        Provider::Docker(docker) => Box::new(docker::Containers(docker)),
        Provider::Aws(aws) => Box::new(aws::Machines { provider: aws, market: aws.market() }),
        Provider::Hetzner(hetzner) => {
            Box::new(hetzner::Machines { provider: hetzner, market: hetzner.market() })
        }
        Provider::VSphere(vsphere) => Box::new(vsphere::Machines(vsphere)),
        Provider::Metal3(metal3) => Box::new(metal3::Hosts(metal3)),
    }
}

/// A user with keys, who may become root; nobody without keys.
pub(super) fn user<'a>(name: Of<Sym>, keys: &[Of<&'a str>]) -> Vec<Fields<'a>> {
    if keys.is_empty() {
        return Vec::new();
    }
    let rule = Origin::rule("who may log into a machine is there to repair it");
    let user = Fields::new()
        .with("name", name)
        .with("sshAuthorizedKeys", list(keys.iter().copied()))
        .with("sudo", text("ALL=(ALL) NOPASSWD:ALL", rule));
    vec![user]
}

/// A stand-in for host and port of the API server.
pub(super) fn endpoint_filler<'a>() -> Fields<'a> {
    let rule = Origin::rule("an address for documentation: every Cluster replaces it by its own");
    Fields::new().with("host", text("192.0.2.1", rule)).with("port", Node::Int(6443, rule))
}
