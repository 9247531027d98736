//! Runs to an end.

use super::container::{EnvValue, File, Security, Toleration};
use super::{Map, Of, Quantity, Range, Ref, Volume};
use crate::source::Sym;

/// `kind Job`.
#[derive(Clone, PartialEq, Debug)]
pub struct Job<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of its objects.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of its objects.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name.
    pub name: Of<Sym>,
    /// The namespace that it runs in.
    pub namespace: Of<Ref>,
    /// Its image.
    pub image: Of<&'a str>,
    /// When it runs; once where there is none.
    pub schedule: Option<Of<&'a str>>,
    /// Whose clock the schedule means.
    pub time_zone: Of<&'a str>,
    /// What runs: a script.
    pub script: Option<Of<&'a str>>,
    /// What runs in place of the image's entry point.
    pub command: Vec<Of<&'a str>>,
    /// What the entry point is told.
    pub args: Vec<Of<&'a str>>,
    /// Its environment.
    pub env: Map<EnvValue<'a>>,
    /// Files, by path.
    pub file: Map<File<'a>>,
    /// Its volumes.
    pub volume: Map<Volume<'a>>,
    /// The CPU that it requests, and its limit.
    pub cpu: Range<Quantity<'a>>,
    /// The memory that it requests, and its limit.
    pub memory: Range<Quantity<'a>>,
    /// How long a run may take.
    pub deadline: Of<Quantity<'a>>,
    /// How often a run that fails is tried again.
    pub retries: Of<i64>,
    /// `forbid`, `replace` or `allow`.
    pub overlap: Of<Sym>,
    /// How late a run may begin.
    pub start_within: Of<Quantity<'a>>,
    /// How many runs are kept.
    pub keep: KeptRuns,
    /// Whether it waits.
    pub suspended: Of<bool>,
    /// What it may do on its node.
    pub security: Security<'a>,
    /// Labels of the nodes that it may run on.
    pub schedule_on: Map<Of<&'a str>>,
    /// Taints that do not keep it away.
    pub tolerate: Map<Toleration<'a>>,
}

/// `schema KeptRuns`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeptRuns {
    /// Of those that went well.
    pub done: Of<i64>,
    /// Of those that failed.
    pub failed: Of<i64>,
}
