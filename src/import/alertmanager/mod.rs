//! Alertmanager's configuration as it is written by hand.
//!
//! * **Takes** documents that are configurations, and Secrets, ConfigMaps and values that hold some; the alerts of the files beside them.
//! * **Gives** findings: what Alertmanager refuses, and routes, receivers and inhibitions that cannot do what they say.
//! * **Owns** which fields a configuration has.
//! * **Never** says that an alert does not exist where other files may bring it.
//! * **Read first** `found.rs`, then `judge.rs`.

mod alerts;
mod found;
mod judge;
mod receivers;
mod routes;
mod schema;

pub(super) use alerts::Alarm;
pub(super) use found::{Carrier, Configuration, configurations};
pub(super) use judge::judge_configuration;
pub(super) use schema::is_written_out;
