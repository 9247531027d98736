//! Metrics and their labels.

use super::{Use, level, listed};
use crate::diag::{Code, Level};
use crate::metrics::catalog::{Exporter, Metric};
use crate::metrics::problem::{Place, Problem};

/// A metric that nobody exports.
pub(in crate::metrics) const METRIC_UNKNOWN: Code = Code::new("promql/metric-unknown");

fn near(found: Problem, at: Place, near: &[String], is_same_words: bool) -> Problem {
    match near {
        [] => found,
        [one] => found.mend(format!("replace with `{one}`"), at, one.clone(), is_same_words),
        [one, others @ ..] => {
            let others: Vec<&str> = others.iter().map(String::as_str).collect();
            found
                .mend(format!("replace with `{one}`"), at, one.clone(), false)
                .help(format!("there are also {}", listed(&others, 3)))
        }
    }
}

/// A name that begins like an exporter's, which does not have it.
pub(in crate::metrics) fn metric_lacking(
    at: Place,
    name: &str,
    (exporter, nearest): (&Exporter, &[String]),
    (is_proved, is_program): (bool, bool),
    usage: Use,
) -> Problem {
    let title = format!("{} has no metric `{name}`", exporter.title);
    let found = Problem::new(METRIC_UNKNOWN, level(is_proved), title, at, "no such metric");
    let found = near(found, at, nearest, false).help(format!("it selects {}", usage.never()));
    if is_proved && is_program {
        found.help(
            "if something else exports it, declare it: `metric` in the `scrape` that collects it",
        )
    } else {
        found
    }
}

/// A name that nothing is known of, near to one that is.
pub(in crate::metrics) fn metric_unknown(
    at: Place,
    name: &str,
    nearest: &[String],
    is_program: bool,
) -> Problem {
    let title = format!("no exporter is known that has `{name}`");
    let found = near(
        Problem::new(METRIC_UNKNOWN, Level::Warning, title, at, "unknown metric"),
        at,
        nearest,
        false,
    );
    if is_program {
        found.help("a metric of one's own is declared in the `scrape` that collects it: `metric orders_total { type = \"counter\" }`")
    } else {
        found
    }
}

/// A metric that another release has.
pub(in crate::metrics) const METRIC_REMOVED: Code = Code::new("promql/metric-removed");

/// What the release has to do with a metric.
pub(in crate::metrics) fn metric_removed(
    at: Place,
    metric: &Metric,
    name: &str,
    version: Option<&str>,
    is_proved: bool,
    usage: Use,
) -> Problem {
    let exporter = metric.exporter.title;
    let is_new = !metric.is_removed;
    let title = match version {
        Some(version) if is_new => format!("{exporter} {version} does not have `{name}` yet"),
        Some(version) => format!("{exporter} {version} does not have `{name}` any more"),
        None => format!("{exporter} does not have `{name}` any more"),
    };
    let label = match (metric.since, metric.until) {
        (Some(since), _) if is_new => format!("since {since}"),
        (_, Some(until)) => format!("until {until}"),
        _ => "removed".to_owned(),
    };
    let found = Problem::new(METRIC_REMOVED, level(is_proved), title, at, label)
        .help(format!("it selects {}", usage.never()));
    match metric.replaced_by.as_slice() {
        [] => found,
        [one] => found.mend(format!("replace with `{one}`"), at, *one, false),
        several => found.help(format!("what tells the same today: {}", listed(several, 3))),
    }
}

/// A metric that is dropped when it is collected.
pub(in crate::metrics) const NOT_KEPT: Code = Code::new("promql/not-kept");

/// `by` is what drops it: `monitoring.main`, `scrape.shop`.
pub(in crate::metrics) fn metric_dropped(at: Place, name: &str, by: &str, usage: Use) -> Problem {
    let title = format!("`{name}` is dropped when it is collected");
    let found = Problem::new(NOT_KEPT, Level::Error, title, at, format!("`{by}` does not keep it"))
        .help(format!("it selects {}", usage.never()));
    if by.starts_with("monitoring.") {
        found.help("let it be kept: `exporters { container-metrics = \"all\" }` there")
    } else {
        found.help("let it be kept: change `drop` or `keep` there")
    }
}

/// A label that no series of a metric has.
pub(in crate::metrics) const LABEL_UNKNOWN: Code = Code::new("promql/label-unknown");

/// What is known of the metric whose label it is not.
#[derive(Clone, Copy, Debug)]
pub(in crate::metrics) struct OfMetric<'a> {
    /// The metric.
    pub(in crate::metrics) name: &'a str,
    /// Its labels.
    pub(in crate::metrics) labels: &'a [&'a str],
    /// The nearest of them.
    pub(in crate::metrics) near: Option<&'a str>,
    /// Releases that have the label.
    pub(in crate::metrics) other: Option<&'a str>,
}

/// A matcher that wants a label which no series has.
pub(in crate::metrics) fn label_unknown(
    at: Place,
    label: &str,
    of: OfMetric<'_>,
    is_proved: bool,
    usage: Use,
) -> Problem {
    let title = format!("`{}` has no label `{label}`", of.name);
    let found = Problem::new(LABEL_UNKNOWN, level(is_proved), title, at, "no such label")
        .help(format!("the matcher leaves {}", usage.never()))
        .help(format!("its labels: {}", listed(of.labels, 12)));
    let found = match of.other {
        Some(other) => found.help(other),
        None => found,
    };
    match of.near {
        Some(near) => found.mend(format!("replace with `{near}`"), at, near, false),
        None => found,
    }
}

/// A matcher on a label that no series has, which every series passes.
pub(in crate::metrics) fn no_effect(at: Place, label: &str, of: OfMetric<'_>) -> Problem {
    let title = format!("`{}` has no label `{label}`: the matcher has no effect", of.name);
    let found = Problem::new(LABEL_UNKNOWN, Level::Warning, title, at, "no such label")
        .help(format!("its labels: {}", listed(of.labels, 12)));
    match of.near {
        Some(near) => found.mend(format!("replace with `{near}`"), at, near, false),
        None => found,
    }
}

/// A value that a label never has.
pub(in crate::metrics) const LABEL_VALUE: Code = Code::new("promql/label-value");

/// `known` are the values that it has.
pub(in crate::metrics) fn label_value(
    at: Place,
    label: &str,
    value: &str,
    known: &[&str],
    is_proved: bool,
    usage: Use,
) -> Problem {
    let title = format!("`{label}` is never `{value}`");
    let found = Problem::new(LABEL_VALUE, level(is_proved), title, at, "no such value")
        .help(format!("the matcher leaves {}", usage.never()))
        .help(format!("its values: {}", listed(known, 12)));
    match crate::diag::nearest(value, known.iter().copied()) {
        Some(near) => {
            found.mend(format!("replace with `{near}`"), at, format!("\"{near}\""), false)
        }
        None => found,
    }
}
