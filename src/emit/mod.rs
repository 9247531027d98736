//! Manifests to bytes.
//!
//! * **Takes** [`Document`](crate::backend::Document)s, in any order.
//! * **Gives** a [`FilePlan`]: every path with its bytes, in path order; on request the [`LineMap`] of a file.
//! * **Owns** the YAML writer, the header of a file, the order of files, and the limit on what a build may write.
//! * **Never** decides what stands in a manifest, and writes to no disk. No text is written so that a reader of
//!   YAML 1.1, YAML 1.2 or Kubernetes' own takes it for something else.
//! * **Read first** `yaml.rs`, then `scalar.rs`.

mod errors;
mod line_map;
mod plan;
mod scalar;
mod yaml;

pub use errors::{PATH_CLASH, TOO_LARGE};
pub use line_map::{LineMap, LineOrigin};
pub use plan::{FilePlan, PlannedFile, emit, render, render_with_lines};
pub use yaml::write;
