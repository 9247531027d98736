//! What all backends share: objects, metadata, quantities.
//!
//! * **Takes** pieces of models.
//! * **Gives** builders of [`Node`](super::Node)s whose scalars keep their origin.
//! * **Owns** the labels that every object carries, and how quantities and durations are printed.
//! * **Never** knows a kind of object beyond its name.
//! * **Read first** `fields.rs`.

mod fields;
mod metadata;
mod quantity;
mod yaml;

pub(in crate::backend) use fields::{Fields, IntoNode, list, text};
pub(in crate::backend) use metadata::{CONFIRM, Metadata, confirm, labels, object};
pub(in crate::backend) use quantity::{bytes, cpu, duration, scaled_up, seconds};
pub(in crate::backend) use yaml::yaml;
