//! What is said of what nothing loads, collects or reads.

use crate::argocd::UNREAD_VALUES;
use crate::diag::{Code, Diagnostic, Level};
use crate::metrics::{Rule, RuleKind};
use crate::prove::errors::monitoring::NOT_LOADED;
use crate::prove::errors::scrape::NOT_SCRAPED;
use crate::prove::monitoring::Bearing;
use crate::source::Span;

/// An object that no Prometheus takes.
pub(in crate::import) enum Unloaded {
    /// Rules.
    Rules {
        /// The object's name.
        name: String,
        /// How many alerts it has.
        alerts: usize,
        /// How many rules.
        rules: usize,
    },
    /// A monitor.
    Monitor {
        /// Its kind.
        kind: String,
        /// Its name.
        name: String,
    },
    /// A monitor that a chart makes.
    OfChart {
        /// The chart.
        chart: String,
        /// The value that gives it labels.
        labels: String,
        /// What it collects.
        title: &'static str,
    },
}

/// Why it is not taken.
pub(in crate::import) struct Why<'a> {
    /// The server.
    pub(in crate::import) server: &'a str,
    /// The labels that are missing; empty where the server takes nothing.
    pub(in crate::import) lacks: &'a [(String, String)],
    /// What of the values selects: `rule`.
    pub(in crate::import) field: &'static str,
    /// Whether the values leave it to the chart.
    pub(in crate::import) is_default: bool,
}

/// Rules or a monitor that no Prometheus of the files takes.
pub(in crate::import) fn not_loaded(
    what: &Unloaded,
    why: &Why<'_>,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title = match what {
        Unloaded::Rules { name, alerts: 0, rules } => {
            format!("none of the {rules} rules of `{name}` is ever loaded")
        }
        Unloaded::Rules { name, alerts: 1, .. } => {
            format!("the alert of `{name}` is never loaded")
        }
        Unloaded::Rules { name, alerts, .. } => {
            format!("none of the {alerts} alerts of `{name}` is ever loaded")
        }
        Unloaded::Monitor { kind, name } => format!("nothing reads the {kind} `{name}`"),
        Unloaded::OfChart { chart, title, .. } => {
            format!("nothing reads the monitor of `{chart}` for {title}: its metrics never arrive")
        }
    };
    let wanted: Vec<String> =
        why.lacks.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let label = if wanted.is_empty() { "taken by nobody" } else { "not with the labels it wants" };
    let selects = match (wanted.as_slice(), why.is_default) {
        ([], _) => format!("{} takes nothing: it has no selector", why.server),
        (_, true) => format!("{} takes what has `{}`", why.server, wanted.join(", ")),
        (_, false) => format!("{} takes only what has `{}`", why.server, wanted.join(", ")),
    };
    let found = Diagnostic::error(NOT_LOADED, title, at, label).because(because, selects);
    let found = match (what, wanted.as_slice()) {
        (_, []) => found,
        (Unloaded::OfChart { labels, .. }, _) => {
            found.help(format!("set `{labels}: {{ {} }}`", wanted.join(", ")))
        }
        _ => found.help(format!("give it the labels: `labels: {{ {} }}`", wanted.join(", "))),
    };
    if why.is_default {
        found.help(format!(
            "or let all be taken: `prometheus.prometheusSpec.{}SelectorNilUsesHelmValues: false`",
            why.field
        ))
    } else {
        found
    }
}

/// A file of rules beside a Prometheus that reads objects.
pub(in crate::import) fn plain_file(
    rules: usize,
    server: &str,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title = match rules {
        1 => "the rule of this file is never loaded".to_owned(),
        many => format!("none of the {many} rules of this file is ever loaded"),
    };
    Diagnostic::warning(NOT_LOADED, title, at, "a file, and no PrometheusRule")
        .because(because, format!("{server} reads PrometheusRules"))
        .help("put the groups into an object: `kind: PrometheusRule`, `spec: { groups: .. }`, with the labels that it selects")
}

/// What nothing collects.
pub(in crate::import) struct Missing {
    /// What it is.
    pub(in crate::import) title: &'static str,
    /// The value that makes a monitor; empty where there is none.
    pub(in crate::import) flag: String,
    /// The value that gives it labels.
    pub(in crate::import) labels: String,
    /// What installs it.
    pub(in crate::import) by: String,
    /// A label that Prometheus wants of monitors.
    pub(in crate::import) wanted: Option<(String, String)>,
}

impl Missing {
    /// Whether it is sure that nothing of the files collects it.
    pub(in crate::import) fn is_sure(&self) -> bool {
        !self.flag.is_empty()
    }
}

/// Metrics that nothing collects. `about` is a rule that asks for them, how many more do, and how that bears on it.
pub(in crate::import) fn not_scraped(
    about: (&Rule, usize, Bearing),
    shown: &str,
    missing: &Missing,
    level: Level,
    (at, others, because): (Span, &[Span], Span),
) -> Diagnostic {
    let (rule, more, bearing) = about;
    let name = match more {
        0 => format!("`{}`", rule.name),
        more => format!("`{}` and {more} more", rule.name),
    };
    let is_alert = matches!(rule.kind, RuleKind::Alert { .. });
    let comes = match (bearing, is_alert) {
        (Bearing::Needed, true) => "can never fire",
        (Bearing::Needed, false) => "never made",
        (Bearing::InPart, _) => "lacks a part of its query for good",
        (Bearing::Absence, _) => "holds for good",
    };
    let title = format!("{name} {comes}: nothing collects {shown}");
    let mut found =
        Diagnostic::error(NOT_SCRAPED, title, at, format!("a metric of {}", missing.title));
    found.level = level;
    let found = others.iter().take(3).fold(found, |found, at| found.because(*at, "this, too"));
    if missing.flag.is_empty() {
        return found
            .because(because, "the nodes run Talos, it seems")
            .help("there etcd is no pod, so that the chart's Service for it finds none: give its addresses, `kubeEtcd: { endpoints: [..] }`, and let etcd serve metrics (`listen-metrics-urls` in the machine configuration)");
    }
    let found = found.because(
        because,
        format!("{} makes no monitor: `{}` is not set", missing.by, missing.flag),
    );
    let label = missing.wanted.as_ref().map_or_else(String::new, |(key, value)| {
        format!(", and `{}: {{ {key}: {value} }}`, by which Prometheus takes it", missing.labels)
    });
    found.help(format!("set `{}: true`{label}", missing.flag))
}

pub(in crate::import) fn unread_values(
    file: &str,
    by: &str,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title = format!("nothing reads `{file}`: no value in it holds");
    Diagnostic::warning(UNREAD_VALUES, title, at, "values of the chart")
        .because(because, format!("{by} does not name it"))
        .help("an Application reads values of a repository through a second source: `sources: [{ chart: .. , helm: { valueFiles: [$values/..] } }, { repoURL: .., ref: values }]`; or put them into `helm.valuesObject`")
}

/// What no Application deploys.
pub(crate) const NOT_DEPLOYED: Code = Code::new("import/not-deployed");

/// `names` are files, `paths` the folders that Applications read.
pub(in crate::import) fn not_deployed(
    names: &[&str],
    paths: &[&str],
    at: Span,
    because: Span,
) -> Diagnostic {
    let shown: Vec<String> = names.iter().take(4).map(|name| format!("`{name}`")).collect();
    let more =
        if names.len() > 4 { format!(" and {} more", names.len() - 4) } else { String::new() };
    let title = format!("no Application of these files deploys {}{more}", shown.join(", "));
    let found = Diagnostic::warning(NOT_DEPLOYED, title, at, "in no folder that one reads")
        .because(because, "Applications are how things come to clusters here");
    let paths: Vec<String> = paths.iter().take(4).map(|it| format!("`{it}`")).collect();
    let found = found.help(format!(
        "they read {}; folders below only with `directory: {{ recurse: true }}`",
        paths.join(", ")
    ));
    found.help("an Application with the folder as its `path` does; if something else deploys them, pass this over")
}

/// Dashboards that no provider reads.
pub(crate) const NO_PROVIDER: Code = Code::new("dashboard/no-provider");

pub(in crate::import) fn no_provider(names: &[&str], at: Span) -> Diagnostic {
    let shown: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let title = format!("Grafana does not load the dashboards of {}", shown.join(", "));
    Diagnostic::warning(NO_PROVIDER, title, at, "no `dashboardProviders` beside it")
        .help("the chart puts their files into a folder, which only a provider reads: `dashboardProviders: { dashboardproviders.yaml: { apiVersion: 1, providers: [{ name: default, type: file, options: { path: /var/lib/grafana/dashboards/default } }] } }`")
}

pub(in crate::import) fn no_such_dashboard(name: &str, other: &str, at: Span) -> Diagnostic {
    let title = format!("there is no file `{name}`");
    Diagnostic::warning(NO_PROVIDER, title, at, "answered with an error")
        .help(format!("these files have `{other}`: the chart downloads the JSON itself, and reads no ConfigMap from there"))
}
