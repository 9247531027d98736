//! Blocks and expressions to values.
//!
//! * **Takes** [`Names`](crate::resolve::Names) and [`Types`](crate::types::Types).
//! * **Gives** [`Evaluator`] with every value, and the [`Resource`]s with their targets.
//! * **Owns** the override rule, targets, exact arithmetic, provenance, the budget.
//! * **Never** types a name; never knows what a kind becomes.
//! * **Read first** `value.rs`, `shape.rs`, `settle.rs`, `slot.rs`.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "asks a value, type or node for the one shape that is wanted; every other one is the mismatch"
)]

mod blocks;
mod budget;
mod closed;
mod draft;
mod errors;
mod evaluate;
mod evaluator;
mod expr;
mod guard;
mod inside;
mod judge;
mod literal;
mod make;
mod operator;
mod origin;
mod path;
mod pending;
mod query;
mod rules;
mod settle;
mod shape;
mod slot;
mod store;
mod text;
mod trace;
mod value;
mod walk;

pub use blocks::Block;
pub use budget::Limits;
pub use evaluate::{Resource, evaluate};
pub use evaluator::{Edge, Evaluator, Instance, NOTHING, OwnWrites, Record};
pub use origin::Origin;
pub use store::Store;
pub use trace::{Trace, TraceLayer};
pub use value::{Later, LaterRef, Part, RecordId, Run, TextRef, Value};
