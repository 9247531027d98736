//! What clusters have for pods, and whether what runs there fits.
//!
//! * **Takes** a [`Model`](crate::model::Model): clusters, quotas, and what makes pods.
//! * **Gives** [`Capacity`] with its answers, the [`table`] of them, and the theorems `capacity/..`.
//! * **Owns** what is taken off a node before pods come, what a pod requests, and what decides where it may lie.
//! * **Never** takes what is not known for nothing or for endless: an answer is proved, or it says what it lacks.
//! * **Read first** `fit.rs`, then `node.rs` and `cluster.rs`.

mod amounts;
mod cluster;
mod defaults;
mod errors;
mod fit;
mod machine;
mod node;
mod place;
mod placement;
mod pod;
mod quotas;
mod read;
mod table;
mod used;
mod workload;

pub use amounts::{Amounts, Measure};
pub use cluster::{Capacity, ClusterCapacity, Refusal};
pub use errors::{
    DEFAULT_NO_NODE, FULL, NO_NODE, NODE_LOST, QUOTA, QUOTA_ALONE, QUOTA_EXCEEDED, QUOTA_TIGHT,
};
pub use fit::{Allowed, Fit, Lack, Shortage};
pub use machine::{Size, Unknown};
pub use node::{NodeClass, Role, Taken};
pub use place::{Because, Decided, Marks, NodeTaint, Placing};
pub use pod::{Lasting, Pods};
pub use table::{Answer, ClusterRow, NodeRow, NodeSize, Unmeasured, table, unmeasured};

pub(super) use defaults::given;
pub(super) use placement::pods;
pub(super) use quotas::quotas;
pub use used::fits;
pub(super) use used::used;
