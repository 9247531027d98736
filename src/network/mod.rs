//! Who reaches whom: what network policies mean, and what a program wants of them.
//!
//! * **Takes** policies and pods of a cluster; and the model, for what must be reached.
//! * **Gives** a [`Relation`] that says for two ends on which ports one reaches the other.
//! * **Owns** the meaning of NetworkPolicy and of Cilium's policies.
//! * **Never** makes an object, and judges nothing.
//! * **Read first** `policy.rs`, then `relation.rs`.

mod plugin;
mod policy;
mod ports;
mod relation;
mod selector;
mod wanted;

pub use plugin::Plugin;
pub use policy::{
    Direction, Entity, NAME_OF_NAMESPACE, Peer, Policy, Port, Rule, Who, labels_of_namespace,
    policies, selector,
};
pub use ports::{Ports, Protocol};
pub use relation::{End, Outside, Pod, Relation, Side, World};
pub use selector::{Labels, Requirement, Selector, Test};
pub use wanted::{Part, Party, Pass, Wanted, wanted};
