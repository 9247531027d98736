//! What runs can start, and can be reached.
//!
//! * **Takes** workloads, jobs and databases, and the namespaces that they run in.
//! * **Gives** refutations: ports that are not there, addresses that two answer, volumes that pods fight for, secrets in plain sight.
//! * **Owns** the codes `workload/..` and `database/..`, and `secret/literal`.
//! * **Never** counts what pods request: that is `capacity`; or what their namespace admits: that is `admission`.
//! * **Read first** `ports.rs`.

mod databases;
mod images;
mod literals;
mod names;
mod ports;
mod volumes;

pub(super) use databases::{saved, spare};
pub(super) use images::images;
pub(super) use literals::{hidden, literals, of_text};
pub(super) use names::names;
pub(super) use ports::{exposed, known, numbers};
pub(super) use volumes::{mounts, shared};
