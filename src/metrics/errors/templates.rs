//! What annotations and labels of alerts read.

use super::{level, listed, lost};
use crate::diag::{Code, Level};
use crate::metrics::infer::Loss;
use crate::metrics::problem::{Place, Problem};

/// A label that the query does not keep.
pub(in crate::metrics) const LABEL_LOST: Code = Code::new("promql/label-lost");

/// `at` is the read, `lost_at` where in the query the label was lost, `has` the labels that are there.
pub(in crate::metrics) fn label_lost(
    at: Place,
    label: &str,
    loss: Loss,
    lost_at: Place,
    has: &[&str],
    insert: Option<(Place, String)>,
    is_proved: bool,
) -> Problem {
    let title = format!("the query keeps no label `{label}`: nothing is printed here");
    let found = Problem::new(LABEL_LOST, level(is_proved), title, at, "always empty")
        .because(lost_at, lost(loss, label));
    let found = if has.is_empty() {
        found.help("what the query yields has no labels")
    } else {
        found.help(format!("its labels: {}", listed(has, 12)))
    };
    match insert {
        Some((place, text)) => found.mend(format!("keep `{label}`, too"), place, text, false),
        None => found,
    }
}

/// A label that is there for series, and not where there are none.
pub(in crate::metrics) fn label_of_absent(
    at: Place,
    label: &str,
    loss: Loss,
    absent: Place,
) -> Problem {
    let title = format!("nothing is printed for `{label}` where the series are gone");
    Problem::new(LABEL_LOST, Level::Warning, title, at, "empty where it is absent")
        .because(absent, lost(loss, label))
        .help(format!(
            "say what is printed then: `{{{{ or $labels.{label} \"..\" }}}}`; or let another alert watch what is gone"
        ))
}

/// A label of the rule, which its own texts do not see.
pub(in crate::metrics) const RULE_LABEL: Code = Code::new("promql/rule-label");

/// `$labels` holds what the query yields.
pub(in crate::metrics) fn rule_label(
    at: Place,
    label: &str,
    value: Option<&str>,
    declared: Place,
) -> Problem {
    let title =
        format!("`$labels` does not hold `{label}`: it is a label of the rule, not of the query");
    let found = Problem::new(RULE_LABEL, Level::Warning, title, at, "always empty")
        .because(declared, "added after the texts are filled in");
    match value {
        Some(value) => found.help(format!("write it out: `{value}`")),
        None => found,
    }
}

/// A label of the target in the place of the metric's.
pub(in crate::metrics) const SCRAPE_LABEL: Code = Code::new("promql/scrape-label");

/// The metric's own label is `exported_..`.
pub(in crate::metrics) fn scrape_label(
    at: Place,
    label: &str,
    metric: &str,
    metric_at: Place,
    is_sure: bool,
) -> Problem {
    let title =
        format!("`{label}` is that of the scraped target, not the one that `{metric}` is about");
    let found = Problem::new(SCRAPE_LABEL, Level::Warning, title, at, "label of the target");
    let found = if is_sure {
        found.because(metric_at, format!("its own `{label}` is stored as `exported_{label}`"))
    } else {
        found.because(
            metric_at,
            format!("as its chart scrapes it, its own `{label}` is stored as `exported_{label}`"),
        )
    };
    found
        .help(format!("read `exported_{label}`, or let the metric's labels win: `honor-labels = true` on the scrape"))
}

/// A unit that a function does not take.
pub(in crate::metrics) const HUMANIZE: Code = Code::new("promql/humanize-unit");

/// `function` prints another unit than the value has.
pub(in crate::metrics) fn humanize(
    at: Place,
    function: &str,
    unit: &str,
    expr: Place,
    instead: Option<&str>,
) -> Problem {
    let wanted = match function {
        "humanizePercentage" => "a ratio of 0 to 1",
        "humanizeDuration" => "seconds",
        "humanize1024" => "bytes",
        _ => "seconds since 1970",
    };
    let found = Problem::new(
        HUMANIZE,
        Level::Warning,
        format!("`{function}` takes {wanted}, and the value is {unit}"),
        at,
        "prints a wrong number",
    )
    .because(expr, unit.to_owned());
    match instead {
        Some(instead) => found.help(instead.to_owned()),
        None => found,
    }
}

/// `{{ $value }}%` of a ratio.
pub(in crate::metrics) fn ratio_as_percent(at: Place, expr: Place) -> Problem {
    Problem::new(
        HUMANIZE,
        Level::Warning,
        "a ratio is printed as a percentage: 0.93% where 93% is meant",
        at,
        "`%` follows",
    )
    .because(expr, "a ratio of 0 to 1")
    .help("`{{ $value | humanizePercentage }}` multiplies, and prints the sign")
}

/// `{{ $value | humanizePercentage }}%`.
pub(in crate::metrics) fn percent_twice(at: Place) -> Problem {
    Problem::new(HUMANIZE, Level::Warning, "two percent signs are printed", at, "a second sign")
        .help("`humanizePercentage` prints one itself")
        .mend("remove it", at, "", true)
}

/// The value in a label.
pub(in crate::metrics) const VALUE_IN_LABEL: Code = Code::new("promql/value-in-label");

/// With every new value it is another alert.
pub(in crate::metrics) fn value_in_label(at: Place, label: &str) -> Problem {
    Problem::new(
        VALUE_IN_LABEL,
        Level::Warning,
        format!("the label `{label}` holds the value: with every new one it is another alert"),
        at,
        "changes all the time",
    )
    .help("labels tell alerts apart: `for` begins again with each change; put the value into an annotation")
}
