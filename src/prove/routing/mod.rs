//! Who hears of alerts: routes, receivers, inhibitions and times that can do what they say.
//!
//! * **Takes** the routings, receivers and time windows of a program, and the alerts on their clusters.
//! * **Gives** refutations, under the codes `alertmanager/..`.
//! * **Owns** what is known of the labels of an alert before it fires.
//! * **Never** says of an alert what its query alone decides.
//! * **Read first** `alerts.rs`, then `routes.rs`.

mod alerts;
mod inhibitions;
mod once;
mod receivers;
mod routes;
mod templates;
mod windows;

pub(super) use inhibitions::inhibitions;
pub(super) use once::one_a_cluster;
pub(super) use receivers::{receivers, urls};
pub(super) use routes::{groups, routes, silent};
pub(super) use templates::templates;
pub(super) use windows::windows;
