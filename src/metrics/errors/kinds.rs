//! Functions of counters, gauges and histograms.

use super::{Use, level};
use crate::diag::{Code, Level};
use crate::metrics::problem::{Place, Problem};

/// `rate` of what goes up and down.
pub(in crate::metrics) const RATE_ON_GAUGE: Code = Code::new("promql/rate-on-gauge");

/// `function` takes counters.
pub(in crate::metrics) fn rate_on_gauge(
    at: Place,
    function: &str,
    metric_at: Place,
    metric: &str,
    is_proved: bool,
) -> Problem {
    let instead = match function {
        "increase" => "delta",
        "irate" => "idelta",
        _ => "deriv",
    };
    Problem::new(
        RATE_ON_GAUGE,
        level(is_proved),
        format!("`{function}` of a gauge: `{metric}` goes up and down"),
        at,
        "takes counters",
    )
    .because(metric_at, "a gauge: every fall counts as a restart at 0")
    .mend(format!("replace with `{instead}`"), at, instead, false)
}

/// `deriv` of what only grows.
pub(in crate::metrics) const GAUGE_ON_COUNTER: Code = Code::new("promql/gauge-on-counter");

/// `function` takes gauges.
pub(in crate::metrics) fn gauge_on_counter(
    at: Place,
    function: &str,
    metric_at: Place,
    metric: &str,
    is_proved: bool,
) -> Problem {
    let found = Problem::new(
        GAUGE_ON_COUNTER,
        level(is_proved),
        format!("`{function}` of a counter: `{metric}` begins again at 0 with every restart"),
        at,
        "takes gauges",
    )
    .because(metric_at, "a counter");
    let instead = match function {
        "delta" => "increase",
        "idelta" => "irate",
        "deriv" => "rate",
        _ => return found.help(format!("of a rate: `{function}(rate({metric}[5m])[1h:5m], ..)`")),
    };
    found.mend(format!("replace with `{instead}`"), at, instead, false)
}

/// A counter that is compared as it is.
pub(in crate::metrics) const COUNTER_WITHOUT_RATE: Code = Code::new("promql/counter-without-rate");

/// `at` is the comparison.
pub(in crate::metrics) fn counter_without_rate(
    at: Place,
    metric_at: Place,
    metric: &str,
) -> Problem {
    Problem::new(
        COUNTER_WITHOUT_RATE,
        Level::Warning,
        "a counter is compared as it is: it counts since the last restart",
        at,
        "compares a total",
    )
    .because(metric_at, format!("`{metric}` is a counter"))
    .help(format!(
        "compare what was added lately: `increase({metric}[10m])`, or `rate({metric}[5m])` a second"
    ))
}

/// `rate` over a sum of counters.
pub(in crate::metrics) const RATE_OVER_SUM: Code = Code::new("promql/rate-over-sum");

/// `sum_at` is where counters are put together.
pub(in crate::metrics) fn rate_over_sum(at: Place, function: &str, sum_at: Place) -> Problem {
    Problem::new(
        RATE_OVER_SUM,
        Level::Warning,
        format!("`{function}` over a sum of counters"),
        at,
        "does not see restarts",
    )
    .because(sum_at, "when one of these begins again at 0, the sum falls by all it had counted")
    .help(format!("first the rate of each, then the sum: `sum({function}(..))`"))
}

/// Buckets without their bounds.
pub(in crate::metrics) const NO_LE: Code = Code::new("promql/no-le");

/// `lost` is where `le` was lost; `insert` where it may be added to a grouping.
pub(in crate::metrics) fn no_le(
    at: Place,
    function: &str,
    lost: (Place, String),
    insert: Option<(Place, &str)>,
    usage: Use,
) -> Problem {
    let found = Problem::new(
        NO_LE,
        Level::Error,
        format!("`{function}` needs the label `le`, which tells buckets apart"),
        at,
        "gets no `le`",
    )
    .because(lost.0, lost.1)
    .help(format!("it yields {}", usage.never()));
    match insert {
        Some((place, text)) => {
            found.mend(format!("insert `{}`", text.trim_matches([',', ' '])), place, text, true)
        }
        None => found.help("keep it: `by (le)`"),
    }
}

/// A histogram's name itself.
pub(in crate::metrics) const HISTOGRAM_BASE: Code = Code::new("promql/histogram-base");

/// A name that only `_bucket`, `_sum` and `_count` are series of.
pub(in crate::metrics) fn histogram_base(at: Place, metric: &str, is_quantile: bool) -> Problem {
    let found = Problem::new(
        HISTOGRAM_BASE,
        Level::Warning,
        format!(
            "`{metric}` is a histogram: no series has this name, unless native histograms are scraped"
        ),
        at,
        "a histogram",
    );
    if is_quantile {
        found.mend(format!("replace with `{metric}_bucket`"), at, format!("{metric}_bucket"), false)
    } else {
        found.help(format!("its series: `{metric}_bucket`, `{metric}_sum`, `{metric}_count`"))
    }
}
