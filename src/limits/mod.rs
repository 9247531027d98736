//! What a namespace lets its containers, pods and volumes ask for.
//!
//! * **Takes** objects of a cluster: LimitRanges, ResourceQuotas, what makes pods, and what is counted.
//! * **Gives** a [`Scene`] a namespace at a time, and findings about it ([`judge`]); the defaults that an item of a LimitRange comes to.
//! * **Owns** what the API server, its admission plugins LimitRanger and ResourceQuota make of these objects, quantities, and the codes `limits/..`.
//! * **Never** knows nodes: whether they have what is asked for is shown by `prove::capacity`.
//! * **Read first** `range.rs`, then `pods.rs`, `refused.rs`, `quotas.rs`.

pub(crate) mod errors;
mod judge;
mod pods;
mod quantity;
mod quotas;
mod range;
mod ranges;
mod refused;
mod scene;

pub use judge::{Around, is_refusal, judge};
pub use quantity::{bytes, cores, parse, scale, shown};
pub use range::{Amount, Amounts, Defaults, Item, Type, defaults};
pub use scene::Scene;
