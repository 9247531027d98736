//! What Argo CD is told can be applied, in the order in which it is told.
//!
//! * **Takes** addons, projects, repositories, secrets, and who waits for whom on each cluster.
//! * **Gives** refutations: loops, what nothing brings, names that clash, projects that forbid what is asked of them.
//! * **Owns** the join of application, project, cluster, namespace and kind.
//! * **Never** looks into a chart.
//! * **Read first** `order.rs`.

mod names;
mod order;
mod pinned;
mod projects;
mod secrets;
mod sops;
mod values;

pub(super) use names::{applied, names};
pub(super) use order::{bootstrap, brought, classes, cycles};
pub(super) use pinned::pinned;
pub(super) use projects::{as_admin, limits};
pub(super) use secrets::{inside, same_namespace};
pub(super) use sops::encrypted;
pub(super) use values::{plain, read};
