//! Traffic that no other block asks for.

use super::{Map, Of, Ref};
use crate::source::Sym;

/// `kind Traffic`.
#[derive(Clone, PartialEq, Debug)]
pub struct Traffic<'a> {
    /// The clusters where it is let through.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of its objects.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of its objects.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name.
    pub name: Of<Sym>,
    /// The namespace whose pods it is about.
    pub namespace: Of<Ref>,
    /// Which pods of the namespace it is for; all where there is none.
    pub pods: Vec<Of<Ref>>,
    /// `ingress` or `egress`.
    pub direction: Of<Sym>,
    /// Why it is needed.
    pub reason: Of<&'a str>,
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
