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

mod allowance;
mod blocks;
mod budget;
mod builtins;
mod call;
mod chain;
mod closed;
mod context;
mod data;
mod draft;
mod errors;
mod evaluate;
mod evaluator;
mod fits;
mod expr;
mod guard;
mod inside;
mod judge;
mod literal;
mod make;
mod map;
mod matching;
mod operator;
mod origin;
mod path;
mod pending;
mod place;
mod query;
mod reach;
mod refer;
mod rules;
mod settle;
mod shape;
mod shaped;
mod slot;
mod store;
mod test;
mod text;
mod trace;
mod value;
mod walk;
mod witness;
mod written;

pub use blocks::Block;
pub use budget::Limits;
pub use builtins::names as builtin_names;
pub use call::CallNote;
pub use evaluate::{Resource, evaluate};
pub use evaluator::{Edge, Evaluator, Instance, NOTHING, OwnWrites, Record};
pub use fits::Fits;
pub use origin::Origin;
pub use reach::{Reach, Reached};
pub use store::Store;
pub use test::{Failure, TestRun};
pub use trace::{Trace, TraceLayer};
pub use value::{Later, LaterRef, Part, RecordId, Run, TextRef, Value};
pub use written::Within;
