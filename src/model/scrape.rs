//! What Prometheus collects metrics from.

use super::{Map, Of, Quantity, Ref, SecretKey};
use crate::source::Sym;

/// `kind Scrape`.
#[derive(Clone, PartialEq, Debug)]
pub struct Scrape<'a> {
    /// The clusters where it is collected.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of the monitor.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of the monitor.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name.
    pub name: Of<Sym>,
    /// The namespace of the monitor, and of what it finds; none may be stated of what is `external`.
    pub namespace: Option<Of<Ref>>,
    /// Further namespaces where it finds Services or pods.
    pub also_in: Vec<Of<Ref>>,
    /// The exporter.
    pub exporter: Option<Of<Sym>>,
    /// The version of the software that exports.
    pub version: Option<Of<&'a str>>,
    /// `services` or `pods`.
    pub finds: Of<Sym>,
    /// Labels of the Services or pods.
    pub selector: Map<Of<&'a str>>,
    /// Labels of which one of several values is wanted.
    pub any_of: Map<Vec<Of<&'a str>>>,
    /// The names of the Services that are found.
    pub services: Vec<Of<Sym>>,
    /// The value of `job`.
    pub job: Option<Of<&'a str>>,
    /// The label whose value becomes `job`.
    pub job_label: Option<Of<&'a str>>,
    /// The values that `job` has.
    pub jobs: Vec<Of<&'a str>>,
    /// Labels of the Service that all series get.
    pub service_labels: Vec<Of<&'a str>>,
    /// Labels of the pod that all series get.
    pub pod_labels: Vec<Of<&'a str>>,
    /// Labels that all series get.
    pub add_labels: Map<Of<&'a str>>,
    /// Whether all series get the node's name.
    pub node_label: Of<bool>,
    /// Metrics that are not kept.
    pub drop: Vec<Of<&'a str>>,
    /// The metrics that are kept; all of them where there is none.
    pub keep: Vec<Of<&'a str>>,
    /// How many samples a collection may yield.
    pub sample_limit: Option<Of<i64>>,
    /// The ports.
    pub port: Map<ScrapePort<'a>>,
    /// Metrics that it yields, beside those of its exporter.
    pub metric: Map<ExportedMetric<'a>>,
}

/// `schema ScrapePort`.
#[derive(Clone, PartialEq, Debug)]
pub struct ScrapePort<'a> {
    /// The port's own name.
    pub name: Of<Sym>,
    /// The number of the pod's port.
    pub number: Option<Of<i64>>,
    /// Where metrics stand.
    pub path: Of<&'a str>,
    /// `http` or `https`.
    pub scheme: Of<Sym>,
    /// How often.
    pub interval: Option<Of<Quantity<'a>>>,
    /// How long it may take.
    pub timeout: Option<Of<Quantity<'a>>>,
    /// Whether the metrics' own labels win.
    pub honor_labels: Of<bool>,
    /// Parameters of the request.
    pub params: Map<Vec<Of<&'a str>>>,
    /// How the server's certificate is judged.
    pub tls: Option<ScrapeTls<'a>>,
    /// The token that Prometheus shows.
    pub token: Option<SecretKey<'a>>,
    /// Whether it shows that of its own service account.
    pub service_account_token: Of<bool>,
}

/// `schema ScrapeTls`.
#[derive(Clone, PartialEq, Debug)]
pub struct ScrapeTls<'a> {
    /// The certificate of the authority.
    pub ca: Option<SecretKey<'a>>,
    /// The name that the certificate must be for.
    pub server_name: Option<Of<&'a str>>,
    /// Whether any certificate will do.
    pub insecure: Of<bool>,
}

/// `schema ExportedMetric`.
#[derive(Clone, PartialEq, Debug)]
pub struct ExportedMetric<'a> {
    /// Its name.
    pub name: Of<Sym>,
    /// What it is.
    pub r#type: Of<Sym>,
    /// Its own labels.
    pub labels: Vec<Of<&'a str>>,
    /// Labels whose values are all known.
    pub values: Map<Vec<Of<&'a str>>>,
    /// The unit of its value.
    pub unit: Option<Of<&'a str>>,
    /// What it tells.
    pub help: Option<Of<&'a str>>,
}
