//! What is said of dashboards.

use crate::diag::{Code, Diagnostic, Level};
use crate::source::Span;

/// Two dashboards that Grafana takes for one.
pub(crate) const UID_TWICE: Code = Code::new("dashboard/uid-twice");

/// `places` are the clusters where both stand.
pub(in crate::prove) fn uid_twice(
    uid: &str,
    [first, second]: [&str; 2],
    [at, other]: [Span; 2],
) -> Diagnostic {
    let title = format!("Grafana would know `{second}` and `{first}` by one uid, `{uid}`");
    Diagnostic::error(UID_TWICE, title, at, "the uid of two dashboards")
        .because(other, format!("the uid of `{first}`"))
        .help("one of them would be shown, which one is chance: give each a `uid` of its own")
}

/// A uid that Grafana does not take.
pub(crate) const UID_TOO_LONG: Code = Code::new("dashboard/uid-too-long");

pub(in crate::prove) fn uid_too_long(name: &str, length: usize, at: Span) -> Diagnostic {
    let title = format!("the uid of `{name}` has {length} characters, and Grafana takes 40");
    Diagnostic::error(UID_TOO_LONG, title, at, "the name is the uid, too")
        .help("set a shorter one: `uid = \"..\"`")
}

/// A variable that no dashboard has.
pub(crate) const UNKNOWN_VARIABLE: Code = Code::new("dashboard/unknown-variable");

/// `near` is the nearest right name; the fix holds where the name is written as it is meant. `declare` says what to do where there is none.
pub(crate) fn unknown_variable(
    name: &str,
    near: Option<&str>,
    (declared, declare): (&[&str], &str),
    at: Span,
    replacement: Option<String>,
) -> Diagnostic {
    let title = format!("this dashboard has no variable `{name}`");
    let found = Diagnostic::error(UNKNOWN_VARIABLE, title, at, "no such variable");
    match (near, declared) {
        (Some(near), _) => match replacement {
            Some(text) => found.fix(format!("write `{near}`"), at, text, true),
            None => found.help(format!("there is one called `{near}`")),
        },
        (None, []) => found.help(declare),
        (None, _) => {
            let names: Vec<String> =
                declared.iter().take(8).map(|name| format!("`{name}`")).collect();
            found.help(format!("there are {}", names.join(", ")))
        }
    }
}

/// A variable that reads one that comes after it, or itself.
pub(crate) const VARIABLE_ORDER: Code = Code::new("dashboard/variable-order");

pub(crate) fn variable_order(name: &str, read: &str, at: Span) -> Diagnostic {
    if name == read {
        let title = format!("the variable `{name}` reads itself");
        return Diagnostic::error(VARIABLE_ORDER, title, at, "not known yet")
            .help("its values are asked for before the viewer can pick one");
    }
    let title = format!("the variable `{name}` reads `{read}`, which comes after it");
    Diagnostic::error(VARIABLE_ORDER, title, at, "not known yet")
        .help(format!("move `variable {read}` above it: Grafana fills variables in their order"))
}

/// Many values where one is compared.
pub(crate) const MANY_VALUES: Code = Code::new("dashboard/many-values");

/// `operator` is `=` or `!=`, `replacement` what stands for it.
pub(in crate::prove) fn many_values(
    name: &str,
    setting: &str,
    (operator, wanted): (&str, &str),
    [at, operator_at, declared]: [Span; 3],
    is_exact: bool,
) -> Diagnostic {
    let title =
        format!("several values of `{name}` can be picked, and `{operator}` compares with one");
    let found = Diagnostic::error(MANY_VALUES, title, at, "becomes `(a|b)` where two are picked")
        .because(declared, format!("`{setting}`: several can be picked"));
    if is_exact {
        found.fix(format!("compare with `{wanted}`"), operator_at, wanted, true)
    } else {
        found.help(format!("compare with `{wanted}`, which takes alternatives"))
    }
}

/// A variable where its values do not fit.
pub(crate) const VARIABLE_PLACE: Code = Code::new("dashboard/variable-place");

pub(in crate::prove) fn no_interval(
    name: &str,
    sort: &str,
    at: Span,
    declared: Span,
) -> Diagnostic {
    let title = format!("`{name}` is no span of time, and a range is one");
    Diagnostic::error(VARIABLE_PLACE, title, at, "a range of the query")
        .because(declared, format!("`{name}` is a `{sort}`"))
        .help(format!("`variable {name} : Interval {{ values = [5m, 1h] }}`, or `rate-interval`"))
}

/// What is repeated for one value.
pub(crate) const REPEATED_ONCE: Code = Code::new("dashboard/repeated-once");

pub(in crate::prove) fn repeated_once(name: &str, at: Span, declared: Span) -> Diagnostic {
    let title = format!("it is repeated for each value of `{name}`, of which one is picked");
    let mut found = Diagnostic::error(REPEATED_ONCE, title, at, "there will be one");
    found.level = Level::Warning;
    found
        .because(declared, "one value is picked")
        .help("let several be picked: `multi = true`, or `include-all = true`")
}

/// A label that no series of the query has.
pub(crate) const LOST_LABEL: Code = Code::new("dashboard/lost-label");

/// Where a dashboard shows a label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shown {
    /// In the legend of a query.
    Legend,
    /// As a column of a table.
    Column,
    /// As the values of a variable.
    Variable,
}

/// How a label was lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lost {
    /// An aggregation does not keep it.
    Grouped,
    /// The metric does not have it.
    NeverThere,
    /// In another way.
    Otherwise,
}

/// `kept` are the labels that there are; the spans are those of the label and of what has only these.
pub(crate) fn lost_label(
    label: &str,
    (shown, how): (Shown, Lost),
    kept: &[String],
    near: Option<&str>,
    [at, keeps]: [Span; 2],
) -> Diagnostic {
    let (title, text) = match shown {
        Shown::Legend => (
            format!("the legend shows `{label}`, which no series of the query has"),
            "always empty",
        ),
        Shown::Column => (
            format!("the column `{label}` is empty: no query of the table has this label"),
            "no such label",
        ),
        Shown::Variable => (
            format!("there is nothing to pick: these series have no label `{label}`"),
            "no such label",
        ),
    };
    let names: Vec<String> = kept.iter().take(8).map(|name| format!("`{name}`")).collect();
    let more = if kept.len() > 8 { ", .." } else { "" };
    let because = match (how, names.as_slice()) {
        (_, []) => "keeps no label".to_owned(),
        (Lost::NeverThere, _) => format!("has only {}{more}", names.join(", ")),
        (Lost::Grouped | Lost::Otherwise, _) => format!("keeps only {}{more}", names.join(", ")),
    };
    let found = Diagnostic::error(LOST_LABEL, title, at, text).because(keeps, because);
    match near {
        Some(near) => found.help(format!("`{near}` is there")),
        None if how == Lost::Grouped => {
            let mut all: Vec<&str> = kept.iter().map(String::as_str).collect();
            all.push(label);
            found.help(format!("let the query keep it: `by ({})`", all.join(", ")))
        }
        None => found,
    }
}

/// Several series where one value is meant.
pub(crate) const MANY_SERIES: Code = Code::new("dashboard/many-series");

pub(in crate::prove) fn many_series(panel: &str, kept: &[String], at: Span) -> Diagnostic {
    let names: Vec<String> = kept.iter().take(4).map(|name| format!("`{name}`")).collect();
    let title = format!(
        "this {panel} shows a value for each {}, and nothing tells them apart",
        names.join(", ")
    );
    let mut found = Diagnostic::error(MANY_SERIES, title, at, "many series");
    found.level = Level::Warning;
    let first = kept.first().map_or("instance", String::as_str);
    found.help(format!(
        "make one of them, with `sum(..)`, `max(..)` or `count(..)`; or say which is which: `legend = \"\\(label.{first})\"`"
    ))
}

/// Numbers that are shown as something else.
pub(crate) const UNIT: Code = Code::new("dashboard/unit");

/// `said` is the unit of the panel, `is` what the query yields, in words.
pub(in crate::prove) fn unit(
    said: &str,
    is: &str,
    help: &str,
    at: Span,
    query: Span,
) -> Diagnostic {
    let title = format!("shown as `{said}`, the query yields {is}");
    let mut found = Diagnostic::error(UNIT, title, at, "read as another thing");
    found.level = Level::Warning;
    found.because(query, is).help(help)
}

/// A range that stays while the graph grows.
pub(crate) const FIXED_RANGE: Code = Code::new("dashboard/fixed-range");

pub(in crate::prove) fn fixed_range(at: Span) -> Diagnostic {
    let title = "the range of `rate` stays the same, however much of the past is shown";
    let mut found = Diagnostic::error(FIXED_RANGE, title, at, "a fixed range");
    found.level = Level::Hint;
    found.help("over days a point stands for more than this, and what lies between points is left out: `[\\(rate-interval)]` grows along")
}

/// A variable whose series are computed.
pub(crate) const NO_SELECTOR: Code = Code::new("dashboard/no-selector");

pub(in crate::prove) fn no_selector(at: Span) -> Diagnostic {
    let title = "the values of a label are those of plain series";
    Diagnostic::error(NO_SELECTOR, title, at, "computed")
        .help("a metric, with what its labels must be: `kube_pod_info{namespace=\"shop\"}`")
}
