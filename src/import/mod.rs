//! What other tools wrote, as something a project reads or as something to judge.
//!
//! * **Takes** the text of CustomResourceDefinitions, and files with rules, dashboards, configurations of Alertmanager and what installs them.
//! * **Gives** [`Manifests`] with the places where everything is written, and findings about them; `alerts` blocks of [`Rules`]; types as a
//!   table, which [`Catalog`](crate::kubernetes::Catalog) reads.
//! * **Owns** how OpenAPI's structural schemas become types, how a place in a value of YAML is found in its file, and the codes `import/..`.
//! * **Never** reads or writes a file.
//! * **Read first** `crd.rs`, and for what is judged `doc.rs`, then `manifests.rs`.

mod alertmanager;
mod admitted;
mod backups;
mod alerts;
mod crd;
mod dashboard;
mod doc;
mod errors;
mod json;
mod judge;
mod manifests;
mod policies;
mod resources;
mod rules;
mod scalar;
mod stack;
#[cfg(test)]
mod tests;
mod yaml;

pub use alerts::{Written, write_alerts};
pub use crd::{Imported, Note, import_crds, merged};
pub(crate) use errors::nothing_known;
pub use judge::judge_manifests;
pub use manifests::{Counts, Manifests};
pub use rules::{Origin, Rules};
pub use yaml::{NodeId, Yaml, YamlError};
