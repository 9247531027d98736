//! What a cluster's Prometheus collects, as far as a program decides it.

pub use crate::embedded::promql::Features;

/// Labels that targets, clusters and Prometheus give to nearly every alert.
pub const USUAL_LABELS: [&str; 10] = [
    "cluster",
    "container",
    "endpoint",
    "instance",
    "job",
    "namespace",
    "node",
    "pod",
    "prometheus",
    "service",
];

/// What the series of a metric are.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MetricType {
    /// Only grows, and starts again at zero.
    Counter,
    /// Goes up and down.
    Gauge,
    /// `_bucket`, `_sum` and `_count`, or a native histogram.
    Histogram,
    /// Quantiles, `_sum` and `_count`.
    Summary,
    /// Always 1; what it tells stands in its labels.
    Info,
    /// 0 or 1 for each state, which a label names.
    StateSet,
    /// The exporter does not say.
    Untyped,
}

/// A metric that a program declares.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Declared {
    /// Its name, without `_bucket` and the like.
    pub name: String,
    /// What it is.
    pub ty: MetricType,
    /// Its own labels: no other.
    pub labels: Vec<String>,
    /// Labels whose values are all known.
    pub values: Vec<(String, Vec<String>)>,
    /// The unit of its values: `seconds`, `bytes`.
    pub unit: Option<String>,
    /// What it tells.
    pub help: Option<String>,
}

/// What finds targets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Monitor {
    /// A ServiceMonitor: adds `namespace`, `service`, `pod`, `container`, `endpoint`.
    Service,
    /// A PodMonitor: the same without `service`.
    Pod,
    /// Something else, which adds `job` and `instance`, and maybe more.
    Other,
}

/// Targets that Prometheus collects from.
#[derive(Clone, PartialEq, Debug)]
pub struct Scrape {
    /// What declares it, for messages: `scrape.longhorn`, or `monitoring.main`.
    pub address: String,
    /// The exporter's name in the catalogue; none for a program's own metrics only.
    pub exporter: Option<String>,
    /// The version of the software that exports, as it is written: `v1.6.4`.
    pub version: Option<String>,
    /// The values that the label `job` has; empty where they are not known.
    pub jobs: Vec<String>,
    /// What finds the targets.
    pub monitor: Monitor,
    /// Further labels of the targets (`targetLabels`, `podTargetLabels`, relabelings).
    pub target_labels: Vec<String>,
    /// Whether a metric's own labels win over those of the target.
    pub honor_labels: bool,
    /// Whether series are relabelled or dropped in ways that are not known.
    pub is_relabelled: bool,
    /// Names that are dropped when they are collected: regular expressions.
    pub dropped: Vec<String>,
    /// Names of which no others are kept: regular expressions; all are where there is none.
    pub kept: Vec<String>,
    /// Seconds from one scrape to the next.
    pub interval: Option<f64>,
    /// What the program says of metrics that these targets have.
    pub metrics: Vec<Declared>,
}

impl Scrape {
    /// Whether a metric is not kept when it is collected.
    pub fn drops(&self, metric: &str) -> bool {
        // What is no regular expression is refused elsewhere.
        let is_like = |pattern: &String| {
            regex::Regex::new(&format!("^(?s:{pattern})$")).is_ok_and(|it| it.is_match(metric))
        };
        self.dropped.iter().any(is_like) || !self.kept.is_empty() && !self.kept.iter().any(is_like)
    }
}

/// What the Prometheus of a cluster sees.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scene {
    /// What it collects from.
    pub scrapes: Vec<Scrape>,
    /// Whether it collects from nothing else: then a metric without a scrape has no series.
    pub is_closed: bool,
    /// Metrics that may come from anywhere.
    pub metrics: Vec<Declared>,
    /// Seconds from one scrape to the next, where a scrape does not say.
    pub scrape_interval: Option<f64>,
    /// Seconds from one evaluation of rules to the next, where a group does not say.
    pub evaluation_interval: Option<f64>,
    /// Seconds that samples are kept.
    pub retention: Option<f64>,
    /// Labels that Prometheus adds to what it sends on.
    pub external_labels: Vec<String>,
    /// Exporters that only the scrapes here collect from, without labels that somebody adds: so in a scene that is not closed, too.
    pub sole: Vec<String>,
    /// Whether it is what files of other tools say, in which nothing can be declared.
    pub of_files: bool,
    /// Features that are on; all of them where nothing is known.
    pub features: Option<Features>,
}
