//! Who reaches whom: what network policies mean, and what a program wants of them.
//!
//! * **Takes** objects of a cluster; and the model, for what must be reached.
//! * **Gives** a [`Relation`] that says for two ends on which ports one reaches the other; what a program wants to be let through
//!   ([`wanted`]); and findings about policies that somebody wrote ([`judge`]).
//! * **Owns** the meaning of NetworkPolicy and of Cilium's policies, and the codes `reach/..`.
//! * **Never** makes an object.
//! * **Read first** `policy.rs`, then `relation.rs`, then `wanted.rs` and `standing.rs`.

mod ends;
pub(crate) mod errors;
mod index;
mod judge;
mod objects;
mod picture;
mod plugin;
mod policy;
mod ports;
mod relation;
mod selector;
mod standing;
mod wanted;

pub use index::Index;
pub use judge::{Around, Must, judge};
pub use objects::{Scene, read};
pub use picture::{Picture, Spot};
pub use plugin::Plugin;
pub use policy::{
    Direction, Entity, NAME_OF_NAMESPACE, Peer, Policy, Port, Rule, Who, labels_of_namespace,
    policies, selector,
};
pub use ports::{Ports, Protocol};
pub use relation::{End, Outside, Pod, Relation, Side, World};
pub use selector::{Labels, Requirement, Selector, Test};
pub use standing::labels_of_database;
pub use wanted::{
    Declared, Part, Party, Pass, Same, Spoken, Wanted, agreed, declared, is_asked, wanted,
};
