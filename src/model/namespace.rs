//! A namespace.

use super::{Map, Of, Quantity, Ref};
use crate::source::Sym;

/// `kind Namespace`.
#[derive(Clone, PartialEq, Debug)]
pub struct Namespace<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of its objects.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of its objects.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name.
    pub name: Of<Sym>,
    /// `restricted`, `baseline` or `privileged`.
    pub pod_security: Of<Sym>,
    /// The version of the standard, with or without its `v`; that of each cluster where nothing is said.
    pub pod_security_version: Option<Of<&'a str>>,
    /// `deny-by-default` or `open`.
    pub network: Of<Sym>,
    /// What else may reach its pods.
    pub ingress: Map<Traffic<'a>>,
    /// What else its pods may reach.
    pub egress: Map<Traffic<'a>>,
    /// What its pods may use together.
    pub quota: Option<Quota<'a>>,
    /// Whether a person is asked before it is deleted.
    pub protect: Of<bool>,
}

/// `schema Traffic`.
#[derive(Clone, PartialEq, Debug)]
pub struct Traffic<'a> {
    /// A name of its own.
    pub name: Of<Sym>,
    /// Why it is needed.
    pub reason: Of<&'a str>,
    /// Which pods of the namespace it is for; all where there is none.
    pub pods: Vec<Of<Ref>>,
    /// Namespaces at the other end.
    pub namespaces: Vec<Of<Ref>>,
    /// Programs at the other end.
    pub workloads: Vec<Of<Ref>>,
    /// Addresses at the other end.
    pub addresses: Vec<Of<&'a str>>,
    /// Whether the API server is at the other end.
    pub api_server: Of<bool>,
    /// Whether anybody may be at the other end.
    pub everybody: Of<bool>,
    /// The ports that are reached; all where there is none.
    pub ports: Vec<Of<i64>>,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: Of<Sym>,
}

/// `schema Quota`.
#[derive(Clone, PartialEq, Debug)]
pub struct Quota<'a> {
    /// The sum of the requested CPU.
    pub cpu: Option<Of<Quantity<'a>>>,
    /// The sum of the requested memory.
    pub memory: Option<Of<Quantity<'a>>>,
    /// The sum of the requested storage.
    pub storage: Option<Of<Quantity<'a>>>,
    /// The number of pods.
    pub pods: Option<Of<i64>>,
}
