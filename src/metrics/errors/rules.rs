//! Rules among each other.

use super::{listed, lost};
use crate::diag::{Code, Level};
use crate::metrics::infer::Loss;
use crate::metrics::problem::{Place, Problem};

/// A rule that is there already.
pub const RULE_TWICE: Code = Code::new("promql/rule-twice");

/// Name, query and labels are equal.
pub(in crate::metrics) fn rule_twice(
    at: Place,
    first: Place,
    name: &str,
    is_alert: bool,
) -> Problem {
    let title = if is_alert {
        format!("the alert `{name}` is there twice, with the same query and labels")
    } else {
        format!("`{name}` is recorded twice, with the same query and labels")
    };
    Problem::new(RULE_TWICE, Level::Warning, title, at, "again").because(first, "the first one")
}

/// Records that need themselves.
pub(in crate::metrics) const RECORD_LOOP: Code = Code::new("promql/record-loop");

/// `path` leads from the record back to it.
pub(in crate::metrics) fn record_loop(at: Place, name: &str, path: &[&str]) -> Problem {
    let title = format!("`{name}` is recorded from itself");
    let found = Problem::new(RECORD_LOOP, Level::Warning, title, at, "what it records");
    let found = if path.len() > 1 {
        found.help(format!("it goes through {}", listed(path, 6)))
    } else {
        found
    };
    found.help("each evaluation takes the value of the one before; without a first value there never is one")
}

/// A record that is used above the rule that makes it.
pub(in crate::metrics) const RECORD_ORDER: Code = Code::new("promql/record-order");

/// Rules of a group are evaluated in their order.
pub(in crate::metrics) fn record_order(at: Place, name: &str, made: Place) -> Problem {
    Problem::new(
        RECORD_ORDER,
        Level::Warning,
        format!("`{name}` is used before the rule that records it"),
        at,
        "the value before this one",
    )
    .because(made, "recorded further down in the same group")
    .help("rules of a group are evaluated in their order: move the record up")
}

/// A record named like a metric.
pub(in crate::metrics) const RECORD_NAME: Code = Code::new("promql/record-name");

/// `is_metric` where an exporter has the name.
pub(in crate::metrics) fn record_name(at: Place, name: &str, exporter: Option<&str>) -> Problem {
    let help = "names of records are `level:metric:operations`: `job:http_requests:rate5m`";
    match exporter {
        Some(exporter) => Problem::new(
            RECORD_NAME,
            Level::Warning,
            format!("`{name}` is recorded under the name of a metric"),
            at,
            format!("{exporter} exports it"),
        )
        .help("queries get both series, and cannot tell them apart")
        .help(help),
        None => Problem::new(
            RECORD_NAME,
            Level::Hint,
            format!("`{name}` looks like a metric that is exported"),
            at,
            "a record without `:`",
        )
        .help(help),
    }
}

/// `label` is a word of the name's first part, `has` the labels that there are.
pub(in crate::metrics) fn record_level(
    at: Place,
    name: &str,
    label: &str,
    loss: Loss,
    lost_at: Place,
    has: &[&str],
) -> Problem {
    let title = format!("`{name}` says that it is by `{label}`, and its series have no such label");
    let found = Problem::new(RECORD_NAME, Level::Hint, title, at, format!("`{label}` is not kept"))
        .because(lost_at, lost(loss, label))
        .help("names of records are `level:metric:operations`: the level names the labels that are left");
    if has.is_empty() { found } else { found.help(format!("its labels: {}", listed(has, 12))) }
}
