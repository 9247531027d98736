//! Expressions of the Common Expression Language, as API servers and Gatekeeper read and run them.
//!
//! * **Takes** the text of an expression; its variables as JSON.
//! * **Gives** a [`Cel`]: what it reads, and whether it holds.
//! * **Owns** which names and functions Kubernetes has, and the limits within which an expression is read and run.
//! * **Never** knows an object: what an expression is for, and what it is run on, is said above.
//! * **Read first** `read.rs`, then `run.rs`.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "asks a value for the shape that is wanted; every other one is none"
)]

mod reads;
mod read;
mod run;

pub use read::{Cel, DEEPEST, LONGEST};
pub use reads::RUN as FUNCTIONS;
pub use run::CelError;

#[cfg(test)]
mod tests;
