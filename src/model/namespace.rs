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
    /// What its pods may use together.
    pub quota: Option<Quota<'a>>,
    /// Whether a person is asked before it is deleted.
    pub protect: Of<bool>,
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
