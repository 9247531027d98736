//! What is said of what watches clusters, and of what it loads.

use crate::diag::{Code, Diagnostic};
use crate::metrics::NoAbsence;
use crate::source::{Span, Sym};

/// How many clusters are named.
const MOST_NAMED: usize = 4;

/// Clusters as people list them: `on `a`, `b` and 3 more`.
fn on(clusters: &[Sym]) -> String {
    let named: Vec<String> =
        clusters.iter().take(MOST_NAMED).map(|name| format!("`{name}`")).collect();
    match clusters.len().saturating_sub(MOST_NAMED) {
        0 => match named.as_slice() {
            [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
            _ => named.join(", "),
        },
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// Nothing says where Argo CD runs.
pub(crate) const NO_HUB: Code = Code::new("monitoring/no-hub");

pub(in crate::prove) fn no_hub(name: Sym, at: Span) -> Diagnostic {
    let title = format!("nothing says where Argo CD runs, which installs `monitoring.{name}`");
    Diagnostic::error(NO_HUB, title, at, "an Application with no place")
        .help("say which cluster it is: `platform <name> { domain = \"..\", hub = <cluster> }`")
}

/// Two of them on one cluster.
pub(crate) const TWICE: Code = Code::new("monitoring/twice");

pub(in crate::prove) fn twice(
    (first, second): (Sym, Sym),
    clusters: &[Sym],
    [at, before]: [Span; 2],
) -> Diagnostic {
    let title = format!("`{first}` and `{second}` both watch {}", on(clusters));
    Diagnostic::error(TWICE, title, at, "a second Prometheus there")
        .because(before, format!("`{first}` watches it, too"))
        .help("each brings the operator and its CRDs, and would collect everything again: give them different `clusters`")
}

/// A namespace that refuses the pods.
pub(crate) const REFUSED_PODS: Code = Code::new("monitoring/refused-pods");

pub(in crate::prove) fn refused_pods(
    (monitoring, namespace, level): (Sym, Sym, Sym),
    [at, declared]: [Span; 2],
) -> Diagnostic {
    let title = format!(
        "the namespace `{namespace}` refuses the node exporter of `monitoring.{monitoring}`"
    );
    Diagnostic::error(REFUSED_PODS, title, at, "its pods look at the host")
        .because(declared, format!("admits pods that are `{level}`"))
        .help("the node exporter uses the host's network, processes and disks: `pod-security = \"privileged\"`")
        .help("or do without it, and without all `node_..` metrics: `exporters { node-exporter = false }`")
}

/// A collection that may last longer than its interval.
pub(crate) const TIMEOUT: Code = Code::new("monitoring/timeout");

pub(in crate::prove) fn timeout(
    port: Sym,
    (timeout, interval): (f64, f64),
    own: bool,
    [at, interval_at]: [Span; 2],
) -> Diagnostic {
    let title =
        format!("the port `{port}` may take longer than it has: {timeout} s of {interval} s");
    let found =
        Diagnostic::error(TIMEOUT, title, at, format!("more than the {interval} s between two"));
    let found = if own { found.because(interval_at, "how often it is collected") } else { found };
    found.help(
        "the operator refuses such a monitor: set a shorter `timeout`, or a longer `interval`",
    )
}

/// Rules that nobody evaluates, monitors that nobody follows.
pub(crate) const NO_PROMETHEUS: Code = Code::new("promql/no-prometheus");

pub(in crate::prove) fn no_prometheus(
    address: &str,
    rules: bool,
    clusters: &[Sym],
    of: usize,
    at: Span,
) -> Diagnostic {
    let some = if clusters.len() < of {
        format!(" ({} of {of} targets)", clusters.len())
    } else {
        String::new()
    };
    let title = format!("nothing in this program runs Prometheus on {}{some}", on(clusters));
    let label = if rules { "whether it can fire is open" } else { "nobody is known to collect it" };
    Diagnostic::warning(NO_PROMETHEUS, title, at, label)
        .help(format!("let it run there, and `{address}` is proved to be loaded: `monitoring main {{ namespace = monitoring }}`"))
        .help("or say what something else runs: `external monitoring main {}`")
}

/// An object that Prometheus does not load.
pub(crate) const NOT_LOADED: Code = Code::new("promql/not-loaded");

/// What is known of an object that lacks a label.
pub(in crate::prove) struct NotLoaded {
    /// The resource.
    pub(in crate::prove) address: String,
    /// What it becomes.
    pub(in crate::prove) kind: &'static str,
    /// The Prometheus.
    pub(in crate::prove) server: Sym,
    /// The label that is wanted.
    pub(in crate::prove) label: (Sym, String),
    /// What the object has in its place.
    pub(in crate::prove) own: Option<String>,
    /// The clusters where both stand.
    pub(in crate::prove) on: Vec<Sym>,
    /// How it comes to carry the label.
    pub(in crate::prove) mend: Mend,
}

/// How an object comes to carry a label that Prometheus selects by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::prove) enum Mend {
    /// By itself, where nothing replaces it.
    LeaveOut,
    /// The field `labels` of its block.
    Field,
    /// The head of the object.
    Metadata,
}

pub(in crate::prove) fn other_label(it: &NotLoaded, [at, wanted]: [Span; 2]) -> Diagnostic {
    let (key, value) = &it.label;
    let title = format!("Prometheus does not load `{}` on {}", it.address, on(&it.on));
    let label = match &it.own {
        Some(own) => format!("`{key}` is `{own}` here"),
        None => format!("has no label `{key}`"),
    };
    Diagnostic::error(NOT_LOADED, title, at, label)
        .because(wanted, format!("`monitoring.{}` selects `{key}` = `{value}`", it.server))
        .help(consequence(it.kind))
        .help(match it.mend {
            Mend::LeaveOut => {
                "objects get the labels that Prometheus selects by themselves: leave the label out"
                    .to_owned()
            }
            Mend::Field => format!("write the label: `labels = {{ \"{key}\" = \"{value}\" }}`"),
            Mend::Metadata => {
                format!(
                    "write the label: `metadata = {{ labels = {{ \"{key}\" = \"{value}\" }} }}`"
                )
            }
        })
}

pub(in crate::prove) fn other_namespace(
    (address, kind): (&str, &'static str),
    server: Sym,
    namespace: Sym,
    clusters: &[Sym],
    [at, looks]: [Span; 2],
) -> Diagnostic {
    let title = format!("Prometheus does not load `{address}` on {}", on(clusters));
    Diagnostic::error(NOT_LOADED, title, at, format!("it does not look into `{namespace}`"))
        .because(looks, format!("where `monitoring.{server}` looks"))
        .help(consequence(kind))
        .help(format!(
            "add `{namespace}` to `select-in`, or leave `select-in` out: then it looks everywhere"
        ))
}

fn consequence(kind: &str) -> &'static str {
    if kind == "PrometheusRule" {
        "none of its alerts can ever fire, and none of its records is made"
    } else {
        "nothing that it finds is collected"
    }
}

/// A query of which `absent` cannot be asked.
pub(crate) const OR_ABSENT: Code = Code::new("promql/or-absent");

/// `asked` is what is wrong in the query.
pub(in crate::prove) fn or_absent(
    name: Sym,
    why: NoAbsence,
    at: Span,
    asked: &[Span],
) -> Diagnostic {
    let (title, labels, help): (_, &[&str], _) = match why {
        NoAbsence::Several(..) => (
            format!("`{name}` selects several series, and not which of them may be gone"),
            &["one of them", "another one"],
            "say which one: `or absent(..)` in the query itself, or an alert of its own",
        ),
        NoAbsence::Asked(_) => (
            format!("the query of `{name}` asks for absence itself"),
            &["asked for here"],
            "leave out `or-absent`, or what the query asks for",
        ),
        NoAbsence::Nothing | NoAbsence::Unreadable => (
            format!("the query of `{name}` selects no series that may be gone"),
            &["no metric is named here"],
            "leave out `or-absent`",
        ),
    };
    let found = Diagnostic::error(OR_ABSENT, title, at, "wants a single selector");
    let because = asked.iter().zip(labels);
    because.fold(found, |found, (span, label)| found.because(*span, *label)).help(help)
}
