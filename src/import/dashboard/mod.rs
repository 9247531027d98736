//! Dashboards of Grafana that somebody wrote as JSON.
//!
//! * **Takes** documents that are dashboards, and ConfigMaps, resources and values that hold some.
//! * **Gives** findings, with their places in the JSON, wherever that stands.
//! * **Owns** where dashboards stand in files, and what Grafana needs of their JSON.
//! * **Never** judges what a query means: that is `metrics`.
//! * **Read first** `found.rs`, then `judge.rs`.

mod found;
mod judge;
mod model;
mod panels;
mod queries;
mod variables;

pub(super) use found::{Dashboard, dashboards, of_values};
pub(super) use judge::{Around, judge_dashboard};
