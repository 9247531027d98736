//! What every expression must be, and what every name means.
//!
//! * **Takes** [`Names`](crate::resolve::Names).
//! * **Gives** [`Types`]: schemas, kinds, the type of every declaration, the [`Meaning`] of every name.
//! * **Owns** types, expectations and their origins, what fits where, units by expectation.
//! * **Never** evaluates; a value is looked at only when it is a literal.
//! * **Read first** `ty.rs`, `schema.rs`, then `expr.rs`.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "asks a value, type or node for the one shape that is wanted; every other one is the mismatch"
)]

mod access;
mod bases;
mod block;
mod bounds;
mod by;
mod call;
mod check;
mod component;
mod computed;
mod declare;
mod declared;
mod engine;
mod errors;
mod expectation;
mod expr;
mod finite;
mod fits;
mod foreign;
mod function;
mod generators;
mod habits;
mod hole;
mod is;
mod later;
mod list;
mod literal;
mod map;
mod map_literal;
mod matching;
mod meaning;
mod name;
mod narrow;
mod object;
mod operator;
mod parameters;
mod path;
mod pattern;
mod place;
mod query;
mod record;
mod reads;
mod refine;
mod schema;
mod shaped;
mod star;
mod template;
mod test;
mod text;
mod ty;
mod type_value;
mod unify;

pub use bounds::Measure;
pub use check::check;
pub use computed::{Computing, Known};
pub use engine::{Engine, SERVED, Served};
pub use errors::{
    AMBIGUOUS, LATER, MISMATCH, NO_CHILD, NO_CONTEXT, OTHER_CONTEXT, OUT_OF_RANGE, UNKNOWN_NAME,
    UNKNOWN_PARAMETER, UNKNOWN_REFERENCE, no_child, out_of_range, unknown_reference,
};
pub use expectation::{Expectation, Why};
pub use meaning::{Constant, IsTest, Meaning, MemberMeaning, Parameter, Signature, Types};
pub use parameters::{ParameterField, Parameters};
pub use path::BUILT_IN;
pub use refine::{Between, Bounds, Refinement};
pub use schema::{CheckDecl, Field, KindInfo, Schema, SchemaId};
pub use text::{Refusal, read_text};
pub use ty::{Named, TextKind, Ty, TyKind, Tys};
