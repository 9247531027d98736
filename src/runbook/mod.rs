//! Day zero: what must exist before the clusters of a program can, and the commands that bring them up.
//!
//! * **Takes** a [`Model`](crate::model::Model), and what its backends make of it.
//! * **Gives** [`DayZero`], plain data; the [`platform`] runbook and that of a [`restore`] as Markdown, and a [`local`] shell script.
//! * **Owns** the table of Cluster API's providers: releases, the objects that they serve, and what they want to be told.
//! * **Never** guesses a path or a name: files are those of the build, credentials those that the program names.
//! * **Read first** `facts.rs`, then `components.rs`.

mod capacity;
mod components;
mod facts;
mod gitops;
mod laptop;
mod markdown;
mod needs;
mod objects;
mod platform;
mod restore;
mod secrets;
mod steps;
mod volumes;

pub use components::{COMPONENTS, Component, Part, Served};
pub use facts::{ClusterFacts, DayZero, Hub, Network, day_zero};
pub use gitops::{Early, EarlySource, GitOps};
pub use laptop::local;
pub use needs::{Credentials, Machines, Variable};
pub use objects::{FileFacts, ObjectFacts};
pub use platform::platform;
pub use restore::{RestoreFacts, restore};
pub use secrets::SecretFacts;
pub use volumes::VolumeFacts;
