//! Who needs whom: the resources of a program and the references between them.
//!
//! * **Takes** resources and references as plain data.
//! * **Gives** [`ResourceGraph`]: its cycles as findings, the order and the waves of its resources, its neighbours, drawings.
//! * **Owns** what "needs", "before" and "wave" mean.
//! * **Never** looks into a value: what refers to what is known when it begins. Nothing here recurs, whatever the depth.
//! * **Read first** `resource_graph.rs`, then `cycles.rs`.

mod cycles;
mod drawing;
mod errors;
mod resource_graph;

pub use errors::CYCLE;
pub use resource_graph::{EdgeInfo, EdgeReason, NodeInfo, ResourceGraph};
