//! What must hold of alerts and of what collects metrics: that what is asked for is there.
//!
//! * **Takes** `monitoring`, `scrape`, `alerts` and promises of a model, and objects of the Prometheus operator among its manifests.
//! * **Gives** a refutation for each rule that one breaks, and the [`Scene`](crate::metrics::Scene) of a cluster.
//! * **Owns** the codes `monitoring/..`, and of `promql/..` those that speak of what is collected and loaded.
//! * **Never** judges what a query means: that is `metrics`.
//! * **Read first** `scene.rs`.
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    reason = "asks a tree or value for the one shape that is wanted; every other one is not it"
)]

mod absences;
mod loaded;
mod objects;
mod rules;
mod scene;
mod scrape;
mod servers;
mod sources;
mod workloads;

pub(super) use absences::absences;
pub use loaded::unwatched;
pub(super) use loaded::{loaded, watched};
pub(super) use rules::rules;
pub use scene::scene;
pub(crate) use scrape::{Bearing, name_of, walk};
pub(super) use scrape::{Job, Missing, Spot};
pub(super) use servers::{alone, hub, intervals, pods};
