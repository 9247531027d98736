//! Where the pods' network comes from.

use super::{Map, Of};

/// What `Cluster.cni` may be.
#[derive(Clone, PartialEq, Debug)]
pub enum Cni<'a> {
    /// Objects that Cluster API applies.
    Manifests(Manifests<'a>),
    /// What Talos installs.
    Talos(TalosCni<'a>),
}

/// `schema Manifests`.
#[derive(Clone, PartialEq, Debug)]
pub struct Manifests<'a> {
    /// Files of Kubernetes objects, by name; at least one.
    pub files: Map<Of<&'a str>>,
}

/// `schema TalosCni`.
#[derive(Clone, PartialEq, Debug)]
pub struct TalosCni<'a> {
    /// Manifests that Talos downloads; none for its own Flannel.
    pub urls: Vec<Of<&'a str>>,
}
