//! Pod Security Standards, as the API server judges pods.
//!
//! * **Takes** the `metadata` and `spec` of a pod, or of a template of pods, and a [`Policy`].
//! * **Gives** every [`Violation`], with the field, its value and what is admitted.
//! * **Owns** which control asks what since which version.
//! * **Never** allocates for a pod that is admitted.
//! * **Read first** `policy.rs`, then `evaluate.rs`.

mod container;
mod control;
mod evaluate;
mod policy;
#[cfg(test)]
mod tests;

pub use control::{Control, Level};
pub use evaluate::{Violation, evaluate};
pub use policy::{NEWEST, OLDEST, Policy};
