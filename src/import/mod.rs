//! What other tools wrote, as something a project reads or as something to judge.
//!
//! * **Takes** the text of CustomResourceDefinitions, PrometheusRules and files of rules.
//! * **Gives** [`Rules`] with the places where they are written, and `alerts` blocks of them; types as a table, which [`Catalog`](crate::kubernetes::Catalog) reads.
//! * **Owns** how OpenAPI's structural schemas become types, how a place in a value of YAML is found in its file, and the codes `import/..`.
//! * **Never** reads or writes a file.
//! * **Read first** `crd.rs`, and for rules `yaml.rs`, then `rules.rs`.

mod alerts;
mod crd;
mod errors;
mod judge;
mod rules;
mod scalar;
mod yaml;

pub use alerts::{Written, write_alerts};
pub use crd::{Imported, Note, import_crds, merged};
pub(crate) use errors::nothing_known;
pub use judge::judge_rules;
pub use rules::{Origin, Rules};
pub use scalar::Places;
pub use yaml::{NodeId, Yaml, YamlError};
