//! Ranges, against what is scraped and kept.

use super::Use;
use crate::diag::{Code, Level};
use crate::metrics::problem::{Place, Problem};

/// Seconds as people write them.
pub(in crate::metrics) fn duration(seconds: f64) -> String {
    let units = [("w", 604_800.0), ("d", 86_400.0), ("h", 3_600.0), ("m", 60.0), ("s", 1.0)];
    let whole = units.into_iter().find(|(_, size)| {
        seconds >= *size && ((seconds / size) - (seconds / size).round()).abs() < 1e-9
    });
    match whole {
        Some((unit, size)) => format!("{}{unit}", (seconds / size).round()),
        None => format!("{seconds}s"),
    }
}

/// A range that holds too few samples.
pub(in crate::metrics) const SHORT_RANGE: Code = Code::new("promql/short-range");

/// `interval` is how often it is scraped, by what.
pub(in crate::metrics) fn short_range(
    at: Place,
    function: &str,
    range: f64,
    interval: f64,
    by: Option<&str>,
    usage: Use,
) -> Problem {
    let needed = duration(interval * 4.0);
    let by = by.map_or_else(String::new, |by| format!(" by `{by}`"));
    let (level, title, label) = if range <= interval {
        (
            Level::Error,
            format!("`{function}` never has the two samples that it needs"),
            "at most one sample".to_owned(),
        )
    } else if range < interval * 2.0 {
        (
            Level::Error,
            format!("`{function}` has two samples only by chance"),
            "one sample, or two".to_owned(),
        )
    } else {
        (
            Level::Warning,
            format!("one scrape that fails leaves `{function}` without a result"),
            "few samples".to_owned(),
        )
    };
    let found = Problem::new(SHORT_RANGE, level, title, at, label)
        .help(format!(
            "it is scraped every {}{by}: take at least four times that",
            duration(interval)
        ))
        .mend(format!("replace with `{needed}`"), at, needed, false);
    if range <= interval { found.help(format!("it yields {}", usage.never())) } else { found }
}

/// A subquery with a single point.
pub(in crate::metrics) const ONE_POINT: Code = Code::new("promql/one-point");

/// `range` is not longer than `step`.
pub(in crate::metrics) fn one_point(
    at: Place,
    function: &str,
    range: f64,
    step: f64,
    usage: Use,
) -> Problem {
    Problem::new(
        ONE_POINT,
        Level::Error,
        format!("the subquery has one point, and `{function}` needs two"),
        at,
        "one point",
    )
    .help(format!(
        "since Prometheus 3 a range leaves out its beginning: `[{}:{}]` is one point; it yields {}",
        duration(range),
        duration(step),
        usage.never()
    ))
    .help("take a longer range, or a shorter step")
}

/// A time before anything was kept.
pub(in crate::metrics) const BEYOND_RETENTION: Code = Code::new("promql/beyond-retention");

/// `back` is how far the query looks.
pub(in crate::metrics) fn beyond_retention(at: Place, back: f64, retention: f64) -> Problem {
    Problem::new(
        BEYOND_RETENTION,
        Level::Warning,
        "the query looks back further than samples are kept",
        at,
        format!("{} back", duration(back)),
    )
    .help(format!("Prometheus keeps {}: `retention` of `monitoring`", duration(retention)))
}
