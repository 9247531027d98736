//! What runs can start, can be reached, and is admitted.
//!
//! * **Takes** workloads, jobs and databases, and the namespaces that they run in.
//! * **Gives** refutations: ports that are not there, addresses that two answer, volumes that pods fight for, secrets in plain sight.
//! * **Owns** the codes `workload/..` and `database/..`, and `secret/literal`.
//! * **Never** counts what pods request: that is `capacity`.
//! * **Read first** `ports.rs`.

mod admitted;
mod databases;
mod literals;
mod names;
mod ports;
mod volumes;

pub(super) use admitted::{admitted, images};
pub(super) use databases::saved;
pub(super) use literals::{literals, of_text};
pub(super) use names::names;
pub(super) use ports::{exposed, known, numbers};
pub(super) use volumes::{mounts, shared};
