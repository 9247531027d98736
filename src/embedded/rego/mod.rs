//! Policies of Open Policy Agent, as Gatekeeper reads and runs them.
//!
//! * **Takes** the text of a policy; an input of Gatekeeper as JSON.
//! * **Gives** a [`Rego`]: its rules, and what it [`Reads`]; the [`Violation`]s that it finds in an input.
//! * **Owns** which version of Rego a text is written in, and the limits within which one is read and run.
//! * **Never** knows an object: what a policy is for, and what it is run on, is said above.
//! * **Read first** `parse.rs`, then `reads.rs` and `run.rs`.
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    reason = "asks a tree or a value for the shape that is wanted; every other one is none"
)]

mod parse;
mod reads;
mod run;

pub use parse::{Dialect, LONGEST, MOST_LINES, Rego};
pub use reads::{Foreign, ForeignKind, Read, Reads};
pub use run::{RunError, SECONDS, Violation};

#[cfg(test)]
mod tests;
