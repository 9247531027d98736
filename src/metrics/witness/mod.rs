//! Witnesses: series that make an alert fire, and nearly the same ones that do not.
//!
//! * **Takes** the rules of a file, and the number of an alert among them.
//! * **Gives** a [`Witness`]: two scenes of series, each run through the rules; or [`Undecided`], with the reason.
//! * **Owns** how series are found that a query wants, and what a test of promtool says of them.
//! * **Never** claims what the engine has not seen: every scene was computed, as Prometheus 2 and as Prometheus 3 do.
//! * **Read first** `search.rs`, then `plan.rs`.

#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    reason = "what is added to the language finds no witness until something is known of it"
)]

mod draw;
mod invert;
mod label;
mod leaf;
mod plan;
mod ruleset;
mod search;
mod settle;
mod silence;
mod target;
mod words;

pub use draw::duration;
pub use ruleset::{Fired, Played, Ruleset, Unreadable};
pub use search::{Scene, Undecided, Witness, witness};

#[cfg(test)]
mod tests;
