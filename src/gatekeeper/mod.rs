//! What Gatekeeper says of objects: policies in Rego and CEL, as they are held against what is about to be applied.
//!
//! * **Takes** objects as JSON, and [`Constraint`]s: a policy that was read, what it is told, and what it is for.
//! * **Gives** violations, those of the pods among them that an object will become; and what is wrong with a policy itself ([`study`]).
//! * **Owns** how workloads are expanded into pods, which objects a constraint is for, and the codes `policy/..`.
//! * **Never** knows where a policy is written: its places are extents in its text.
//! * **Read first** `object.rs`, then `constraint.rs` and `study.rs`.

mod constraint;
pub(crate) mod errors;
mod object;
mod program;
mod study;

pub use constraint::{Constraint, Scope, Undecided, Verdict};
pub use object::{Kinds, expanded, group_and_kind, name_of, namespace_of};
pub use program::Program;
pub use study::{Flaw, study};

#[cfg(test)]
mod tests;
