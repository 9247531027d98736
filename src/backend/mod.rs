//! Resources to manifests.
//!
//! * **Takes** the [`Model`](crate::model::Model).
//! * **Gives** [`Job`]s: each makes the body of one file, and says in which clusters' folders it stands.
//! * **Owns** the table of backends and the shape of the output's tree; a backend is a folder and a row.
//! * **Never** reads or writes a file, asks the clock, or repeats a check of a kind.
//! * **Read first** `lower.rs`, then `prometheus/`; `k8s/` holds what all of them share.

mod alertmanager;
mod argocd;
mod apps;
mod backup;
mod capi;
mod classes;
mod database;
mod day_zero;
mod expiry;
mod grafana;
mod k8s;
mod images;
mod judge;
mod lower;
mod manifest;
mod monitoring;
mod namespaces;
mod network;
mod objects;
mod patch;
mod policies;
mod prometheus;
mod secrets;
mod teams;
mod workload;

#[cfg(test)]
mod fixture;

pub use alertmanager::{Configuration, configuration as alertmanager_configuration};
pub use backup::steps as backup_steps;
pub use classes::{ClassFinding, Spot, is_of_cluster_api, judge_classes};
pub use images::{UsedImage, images_of};
pub use judge::{Problem, judge, origin_of};
pub use lower::{Backend, Job, Makes, Output, backends, lower, lower_pods, makes};
pub use manifest::{Document, Manifest, Node};
pub use patch::{Misfit, PatchProblem, patch_problems};
pub use policies::gator_suites;
