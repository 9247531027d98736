//! A namespace.

use super::{Map, Of, Quantity, Range, Ref};
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
    /// What each container and volume may ask for.
    pub limits: Option<Limits<'a>>,
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
    /// The sum of the CPU limits.
    pub cpu_limits: Option<Of<Quantity<'a>>>,
    /// The sum of the memory limits.
    pub memory_limits: Option<Of<Quantity<'a>>>,
    /// The sum of the requested storage.
    pub storage: Option<Of<Quantity<'a>>>,
    /// The number of pods.
    pub pods: Option<Of<i64>>,
    /// The number of Services.
    pub services: Option<Of<i64>>,
    /// The number of Secrets.
    pub secrets: Option<Of<i64>>,
    /// The number of ConfigMaps.
    pub config_maps: Option<Of<i64>>,
    /// The number of PersistentVolumeClaims.
    pub persistent_volume_claims: Option<Of<i64>>,
    /// Numbers of other objects.
    pub other: Map<Of<i64>>,
}

/// `schema Limits`.
#[derive(Clone, PartialEq, Debug)]
pub struct Limits<'a> {
    /// Of each container.
    pub container: Option<ContainerLimits<'a>>,
    /// Of each volume.
    pub volume: Option<VolumeLimits<'a>>,
}

/// `schema ContainerLimits`.
#[derive(Clone, PartialEq, Debug)]
pub struct ContainerLimits<'a> {
    /// The CPU that is requested by default, and the limit by default.
    pub cpu: Option<Range<Quantity<'a>>>,
    /// The same of memory.
    pub memory: Option<Range<Quantity<'a>>>,
    /// The least CPU and the most.
    pub cpu_bounds: Option<Range<Quantity<'a>>>,
    /// The same of memory.
    pub memory_bounds: Option<Range<Quantity<'a>>>,
}

/// `schema VolumeLimits`.
#[derive(Clone, PartialEq, Debug)]
pub struct VolumeLimits<'a> {
    /// The smallest and the largest.
    pub size: Range<Quantity<'a>>,
}
