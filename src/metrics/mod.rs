//! Metrics: which exist, who exports them, with which labels; and what a query over them yields.
//!
//! * **Takes** rules as texts, and a [`Scene`]: what is scraped on a cluster.
//! * **Gives** [`Inferred`] of a query: its labels, kind and unit; [`Problem`]s of rules and queries.
//! * **Owns** the catalogue in `stdlib/catalog/metrics`, the types of PromQL, and the codes `promql/..`.
//! * **Never** looks into a program: places are extents in the texts that it was given.
//! * **Read first** `scene.rs`, then `rule.rs`.

mod absent;
pub mod backup;
pub mod catalog;
pub mod engine;
mod errors;
pub mod infer;
mod judge;
mod problem;
mod rule;
mod scene;
pub mod slo;
mod stack;
pub mod witness;

pub use absent::{NoAbsence, OrAbsent, or_absent};
pub use errors::{RULE_TWICE, TARGET_VANISHES};
pub use judge::{Judge, judge, judge_query};
pub use problem::{Part, Place, Problem};
pub use rule::{Group, Rule, RuleKind};
pub use scene::{Declared, Features, MetricType, Monitor, Scene, Scrape, USUAL_LABELS};
pub use stack::{StackVersions, stack};
