//! Metrics by the names of their series.

use super::exporter::{Exporter, exporters};
use super::metric::Metric;
use super::table;
use crate::metrics::MetricType;

/// Which series of a metric a name means.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Part {
    /// Its only one: of a counter, a gauge, an info, a state set.
    Value,
    /// The quantiles of a summary: has the label `quantile`.
    Quantiles,
    /// The name of a histogram itself: without native histograms no series has it.
    Base,
    /// `_bucket`: has the label `le`.
    Bucket,
    /// `_sum`.
    Sum,
    /// `_count`.
    Count,
    /// `_created`: when the series began.
    Created,
}

/// A metric that a series' name means.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// The metric.
    pub metric: Metric,
    /// Which of its series.
    pub part: Part,
}

/// The metrics that have a series of this name, one an exporter; what is named so itself goes before what is named so in part. Several
/// exporters have the metrics of their libraries (`go_goroutines`).
pub fn find(series: &str) -> Vec<Found> {
    let mut found: Vec<Found> = named(series)
        .map(|metric| {
            let part = match metric.ty {
                MetricType::Histogram => Part::Base,
                MetricType::Summary => Part::Quantiles,
                MetricType::Counter
                | MetricType::Gauge
                | MetricType::Info
                | MetricType::StateSet
                | MetricType::Untyped => Part::Value,
            };
            Found { metric, part }
        })
        .collect();
    let parts = [
        ("_bucket", Part::Bucket),
        ("_sum", Part::Sum),
        ("_count", Part::Count),
        ("_created", Part::Created),
    ];
    for (suffix, part) in parts {
        let Some(base) = series.strip_suffix(suffix) else { continue };
        let counter = (part == Part::Created).then(|| format!("{base}_total"));
        let metrics = named(base).chain(counter.iter().flat_map(|name| named(name)));
        let has = |metric: &Metric| match metric.ty {
            MetricType::Histogram => true,
            MetricType::Summary => part != Part::Bucket,
            MetricType::Counter => part == Part::Created,
            MetricType::Gauge | MetricType::Info | MetricType::StateSet | MetricType::Untyped => {
                false
            }
        };
        let is_new = |metric: &Metric| {
            found.iter().all(|it| it.metric.exporter.name != metric.exporter.name)
        };
        let new: Vec<_> = metrics.filter(|it| has(it) && is_new(it)).collect();
        found.extend(new.into_iter().map(|metric| Found { metric, part }));
    }
    // What OpenTelemetry's translation appends to a counter, or Prometheus' own format to one without it.
    if found.is_empty()
        && let Some(base) = series.strip_suffix("_total")
    {
        let counters = named(base)
            .filter(|it| it.ty == MetricType::Counter && it.exporter.name == "otel-collector");
        found.extend(counters.map(|metric| Found { metric, part: Part::Value }));
    }
    found
}

fn named(name: &str) -> impl Iterator<Item = Metric> {
    table::rows_named(name).iter().filter_map(Metric::read)
}

/// The metric of this exporter that has a series of this name.
pub fn metric_of(exporter: &str, series: &str) -> Option<Found> {
    find(series).into_iter().find(|it| it.metric.exporter.name == exporter)
}

/// All metrics of an exporter, in the order of its table.
pub fn metrics_of(exporter: &str) -> Vec<Metric> {
    let table = table::TABLES.iter().find(|(name, _)| *name == exporter);
    let rows = table.into_iter().flat_map(|(name, text)| table::rows_of(name, text));
    rows.filter_map(|row| Metric::read(&row)).collect()
}

/// The exporter whose names begin like this one, if its table is complete: a name that it does not know, nobody exports.
pub fn owner(name: &str) -> Option<&'static Exporter> {
    exporters().iter().find(|it| it.is_complete && it.owns(name))
}

/// What queries take a name for that no table of an exporter has: its type, and labels that they use.
pub fn seen_in_queries(name: &str) -> Option<(MetricType, Vec<&'static str>)> {
    let seen = table::seen();
    let at = |name: &str| seen.binary_search_by(|(it, _)| (*it).cmp(name)).ok();
    let bases = ["_bucket", "_sum", "_count"].into_iter().filter_map(|it| name.strip_suffix(it));
    let place = at(name).or_else(|| bases.filter_map(at).next())?;
    let (_, rest) = seen.get(place)?;
    let mut words = rest.split(' ');
    let ty = match words.next()? {
        "counter" => MetricType::Counter,
        "gauge" => MetricType::Gauge,
        "histogram" => MetricType::Histogram,
        _ => MetricType::Untyped,
    };
    Some((ty, words.collect()))
}

/// Whether public rules and dashboards query a name that no table of an exporter has.
pub fn is_seen_in_queries(name: &str) -> bool {
    seen_in_queries(name).is_some()
}
