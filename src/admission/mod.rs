//! What the API server says when the final objects reach it.
//!
//! * **Takes** objects as they will be applied, as [`View`]s: nodes of manifests, or of files that others wrote.
//! * **Gives** [`Finding`]s: pods that their namespace refuses, and labels of namespaces that mean something else than they say.
//! * **Owns** the controls of the Pod Security Standards at every minor version of Kubernetes, and the codes `pss/..`.
//! * **Never** says anything of a namespace that is not among the objects.
//! * **Read first** `pod_security/mod.rs`, then `judge.rs`.

mod errors;
mod judge;
mod namespace;
pub mod pod_security;
mod pods;
mod view;

pub use judge::{Clusters, Finding, Object, Place, Said, judge, matters};
pub use view::{Scalar, View};
