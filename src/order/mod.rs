//! What must be there before what, on each cluster.
//!
//! * **Takes** a model.
//! * **Gives** an [`Order`] for each cluster: its resources, who waits for whom and why, cycles among them, and how deep each lies.
//! * **Owns** the rules that no reference shows: objects come after what brings their CustomResourceDefinitions, volumes after what brings
//!   their StorageClass, and what Cluster API reads after its namespace.
//! * **Never** knows an object or a file: what is written where is the backends' business.
//! * **Read first** `cluster.rs`.

mod cluster;
mod wants;

pub use cluster::{Misspelt, Node, Order, Wait, Why, levels, orders};
pub use wants::is_built_in;
