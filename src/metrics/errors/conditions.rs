//! Conditions that decide nothing.

use super::Use;
use crate::diag::{Code, Level};
use crate::metrics::problem::{Place, Problem};

/// A comparison that every series passes.
pub(in crate::metrics) const ALWAYS_TRUE: Code = Code::new("promql/always-true");

/// `why` says which values there are.
pub(in crate::metrics) fn always_true(at: Place, of: Place, why: &str, usage: Use) -> Problem {
    let found = Problem::new(
        ALWAYS_TRUE,
        Level::Warning,
        "a comparison that always holds",
        at,
        "always true",
    )
    .because(of, why.to_owned());
    if usage == Use::Alert {
        found.help("the alert fires for every series that there is")
    } else {
        found
    }
}

/// A comparison that no series passes.
pub(in crate::metrics) const NEVER_TRUE: Code = Code::new("promql/never-true");

/// `why` says which values there are.
pub(in crate::metrics) fn never_true(at: Place, of: Place, why: &str, usage: Use) -> Problem {
    Problem::new(NEVER_TRUE, Level::Warning, "a comparison that never holds", at, "never true")
        .because(of, why.to_owned())
        .help(format!("it yields {}", usage.never()))
}

/// A ratio that is compared with a percentage.
pub(in crate::metrics) fn percent_of_ratio(
    at: Place,
    of: Place,
    number: f64,
    is_never: bool,
    usage: Use,
) -> Problem {
    let (code, title) = if is_never {
        (NEVER_TRUE, "a ratio is compared with a percentage: it hardly ever is that large")
    } else {
        (ALWAYS_TRUE, "a ratio is compared with a percentage: it hardly ever is that large")
    };
    let found = Problem::new(code, Level::Warning, title, at, "compares 0 to 1 with this")
        .because(of, "a ratio of 0 to 1")
        .help(format!("compare with `{}`, or multiply by 100", number / 100.0));
    if is_never { found.help(format!("it yields {}", usage.never())) } else { found }
}

/// A count that is nothing where nothing is left.
pub(in crate::metrics) const COUNT_EMPTY: Code = Code::new("promql/count-empty");

/// `word` is the aggregation, `filter` the comparison inside of it.
pub(in crate::metrics) fn count_empty(
    at: Place,
    word: &str,
    filter: Place,
    compared: Place,
    has_labels: bool,
) -> Problem {
    let title = format!("`{word}` of nothing is nothing, not 0: the worst case is not seen");
    let found = Problem::new(COUNT_EMPTY, Level::Warning, title, at, "empty where none is left")
        .because(filter, "leaves out series, maybe all of them")
        .because(compared, "of no series, this compares nothing");
    if has_labels {
        found.help(
            "count with `bool`, so that every series counts 0 or 1: `sum by (..) (x == bool 1)`",
        )
    } else {
        found.help("count with `bool`: `sum(x == bool 1)`; or say what stands for nothing: `(count(..) or vector(0))`")
    }
}

/// A quotient of nothing by nothing, among others.
pub(in crate::metrics) const DIVIDED_BY_ZERO: Code = Code::new("promql/divided-by-zero");

/// `divisor` may be 0 for some series, `around` is what puts all of them together.
pub(in crate::metrics) fn divided_by_zero(
    divisor: Place,
    shown: &str,
    (around, word): (Place, &str),
    usage: Use,
) -> Problem {
    let what = match usage {
        Use::Alert => "the alert is silent, or fires for nothing",
        Use::Record => "the record is no number",
        Use::Panel | Use::Text => "the result is no number",
    };
    Problem::new(
        DIVIDED_BY_ZERO,
        Level::Warning,
        format!("one series that is divided by 0 spoils the whole `{word}`"),
        divisor,
        "0 where nothing happens",
    )
    .because(around, "0 / 0 is no number, and neither is any sum with it")
    .help(format!("then {what}: divide the sums, `sum(a) / sum(b)`, or leave out what is 0"))
    .mend(
        format!("leave out what is 0: `({shown} > 0)`"),
        divisor,
        format!("({shown} > 0)"),
        false,
    )
}

/// An alert without a condition.
pub(in crate::metrics) const NO_CONDITION: Code = Code::new("promql/no-condition");

/// `at` is the whole query.
pub(in crate::metrics) fn no_condition(at: Place, is_bool: bool) -> Problem {
    let found = Problem::new(
        NO_CONDITION,
        Level::Warning,
        "an alert without a condition: it fires for every series of the query",
        at,
        if is_bool { "0 and 1 both fire" } else { "nothing is compared" },
    );
    if is_bool {
        found.help("an alert fires for every series, whatever its value: leave `bool` out")
    } else {
        found.help("compare it with something: `.. > 0`")
    }
}

/// A rule that is no series.
pub(in crate::metrics) const NOT_SERIES: Code = Code::new("promql/not-series");

/// `found` are the words for what it is.
pub(in crate::metrics) fn not_series(at: Place, found: &str) -> Problem {
    Problem::new(
        NOT_SERIES,
        Level::Error,
        format!("a rule needs one value a series, and this is {found}"),
        at,
        "fails at every evaluation",
    )
    .help("take a function of the range: `rate(x[5m])`, `max_over_time(x[5m])`")
}
