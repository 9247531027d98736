//! Which metrics exist, and who exports them.
//!
//! * **Takes** names of series and exporters, and versions of the software that exports.
//! * **Gives** [`Metric`]s with type, labels and history; [`Exporter`]s and how they are scraped; the nearest right names.
//! * **Owns** the tables in `stdlib/catalog/metrics`, which are read when the first name is asked for.
//! * **Never** says of a name that it does not exist where a table is not complete.
//! * **Read first** `metric.rs`, then `find.rs`.

mod chart;
mod exporter;
mod find;
mod metric;
mod near;
mod release;
mod table;
#[cfg(test)]
mod tests;

pub use chart::{app_version, exporters_of_chart};
pub use exporter::{Exporter, ScrapeFacts, exporter, exporters};
pub use find::{
    Found, Part, find, is_seen_in_queries, metric_of, metrics_of, owner, seen_in_queries,
};
pub use metric::{Label, Labels, Metric, Presence, Unit};
pub use near::nearest_metrics;
pub use release::Release;
