//! Resources to manifests.

mod manifest;

pub use manifest::{Document, Manifest, Node};
