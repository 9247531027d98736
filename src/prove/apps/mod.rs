//! What Argo CD makes applications of: names that cannot meet, parameters that are there, and what may move where.
//!
//! * **Takes** the `apps` of a program, and its clusters, environments and repositories.
//! * **Gives** refutations, under the codes `appset/..`.
//! * **Owns** which parameters tell two things apart that a generator finds.
//! * **Never** says anything of folders and files that it would have to see: only of what any of them would do.
//! * **Read first** `names.rs`, then `unique.rs`.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "asks a generator or later value for the one shape that is wanted; every other one says nothing here"
)]

mod known;
mod merged;
mod names;
mod parameters;
mod promotion;
mod sets;
mod unique;

pub(super) use merged::keys;
pub(super) use names::names;
pub(super) use parameters::parameters;
pub(super) use promotion::{order, revisions};
pub(super) use sets::{asked, sets};
pub(super) use unique::{across, unique};
