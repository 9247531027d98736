//! Policies of Open Policy Agent, as Gatekeeper reads and runs them.
//!
//! A text is read once ([`Rego::read`]): what it asks of its parameters, and what Gatekeeper would refuse, is known from its tree.
//! What it says of an object is known by running it ([`Rego::violations`]).

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
