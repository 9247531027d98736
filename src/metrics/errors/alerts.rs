//! What alerts get wrong that queries may do.

use super::ranges::duration;
use crate::diag::{Code, Level};
use crate::metrics::problem::{Place, Problem};

/// A target that is gone is not down.
pub const TARGET_VANISHES: Code = Code::new("promql/target-vanishes");

/// `selector` is the `up{..}`; `end` the end of the query, where that is all of it.
pub(in crate::metrics) fn target_vanishes(
    at: Place,
    selector: &str,
    end: Option<Place>,
) -> Problem {
    let found = Problem::new(
        TARGET_VANISHES,
        Level::Warning,
        "the alert is silent where the target vanishes, or never was scraped",
        at,
        "no series, no alert",
    )
    .help(
        "`up` is 0 for a target that does not answer; one that is not there any more has no `up`",
    );
    match end {
        Some(end) => {
            let more = format!("or absent({selector})");
            found.mend(format!("add `{more}`"), end, format!(" {more}"), false)
        }
        None => found.help(format!("add an alert on `absent({selector})`")),
    }
}

/// `for` that is never, or always reached.
pub(in crate::metrics) const PENDING: Code = Code::new("promql/pending");

/// `for` is as long as the range.
pub(in crate::metrics) fn pending_too_long(
    at: Place,
    pending: f64,
    range_at: Place,
    range: f64,
) -> Problem {
    Problem::new(
        PENDING,
        Level::Hint,
        "`for` is as long as the range: a single event is forgotten before the alert fires",
        at,
        format!("waits {}", duration(pending)),
    )
    .because(range_at, format!("an event counts for {}", duration(range)))
    .help("make `for` shorter than the range, or leave it out")
}

/// `for` is shorter than it takes to see the alert twice.
pub(in crate::metrics) fn pending_too_short(at: Place, pending: f64, interval: f64) -> Problem {
    Problem::new(
        PENDING,
        Level::Warning,
        "`for` is reached at the second evaluation",
        at,
        format!("rules are evaluated every {}", duration(interval)),
    )
    .help(format!(
        "{} of `for` and evaluations every {} are one look: take at least {}",
        duration(pending),
        duration(interval),
        duration(interval * 2.0)
    ))
}

/// `absent` without patience.
pub(in crate::metrics) const ABSENT_AT_ONCE: Code = Code::new("promql/absent-at-once");

/// `absent` in an alert without `for`.
pub(in crate::metrics) fn absent_at_once(at: Place) -> Problem {
    Problem::new(
        ABSENT_AT_ONCE,
        Level::Hint,
        "`absent` without `for` fires whenever Prometheus has just started",
        at,
        "absent at first",
    )
    .help("wait a few scrapes: `for: 5m`")
}

/// `irate` decides an alert.
pub(in crate::metrics) const IRATE: Code = Code::new("promql/irate-in-alert");

/// `irate` looks at the last two samples only.
pub(in crate::metrics) fn irate(at: Place) -> Problem {
    Problem::new(
        IRATE,
        Level::Warning,
        "`irate` looks at two samples only: an alert on it comes and goes",
        at,
        "too nervous for alerts",
    )
    .mend("replace with `rate`", at, "rate", false)
}

/// `topk` decides an alert.
pub(in crate::metrics) const TOPK: Code = Code::new("promql/topk-in-alert");

/// Which series are chosen changes from one evaluation to the next.
pub(in crate::metrics) fn topk(at: Place, word: &str) -> Problem {
    Problem::new(
        TOPK,
        Level::Warning,
        format!("`{word}` chooses other series from one evaluation to the next"),
        at,
        "alerts come and go",
    )
    .help("an alert that is no longer chosen counts as resolved: compare with a limit instead")
}

/// A fraction where a count is told.
pub(in crate::metrics) const FRACTION: Code = Code::new("promql/fraction");

/// `$value` of an `increase`, as it is.
pub(in crate::metrics) fn fraction(at: Place, increase: Place) -> Problem {
    Problem::new(
        FRACTION,
        Level::Hint,
        "`$value` will be a fraction, such as 3.0000416",
        at,
        "printed as it is",
    )
    .because(increase, "`increase` estimates from the samples in the range")
    .help("round it: `{{ $value | printf \"%.0f\" }}`, or `{{ $value | humanize }}`")
}
