//! PromQL, computed: what a query yields over given series, as Prometheus 3 does.
//!
//! * **Takes** series of numbers ([`Series`], also in the notation of promtool), and trees of queries.
//! * **Gives** the [`Value`] of a query at a moment, or a [`Fault`]; when an alert fires ([`Alerting`]).
//! * **Owns** what the selectors, operators and functions of PromQL do.
//! * **Never** works without bound: what costs more than its [`Limits`] is a fault. Native histograms are refused by name.
//! * **Read first** `eval.rs`, then `select.rs`.

#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    reason = "what is added to the language is refused here until it is computed"
)]

mod aggregate;
mod alert;
mod binary;
mod buckets;
mod calendar;
mod call;
mod eval;
mod fault;
mod join;
mod labels;
mod notation;

mod over_time;
mod rate;
mod select;
mod series;
mod table;

pub use alert::{Active, Alerting, State};
pub use eval::{Engine, Limits, Options, Sample, Value};
pub use fault::Fault;
pub use labels::Labels;
pub use notation::{NotationError, read_name, read_values};
pub(super) use select::whole_regex;

pub use series::{Point, STALE, Series, is_stale};

#[cfg(test)]
mod tests;
