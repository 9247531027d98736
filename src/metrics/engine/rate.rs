//! How values grow: rates, differences and trends.

use super::over_time::{Sum, pairs};
use super::series::Point;

/// What a series grows by within a window, stretched to its borders where the points come near enough.
/// None with fewer than two points.
pub(super) fn growth(
    points: &[Point],
    window: (i64, i64),
    is_counter: bool,
    is_rate: bool,
    is_old: bool,
) -> Option<f64> {
    let (first, last) = (points.first()?, points.last()?);
    if points.len() < 2 {
        return None;
    }
    let mut grown = last.1 - first.1;
    if is_counter {
        // A counter that falls has started again.
        grown += pairs(points).filter(|(a, b)| b.1 < a.1).map(|(a, _)| a.1).sum::<f64>();
    }
    let mut to_start = seconds(first.0 - window.0);
    let mut to_end = seconds(window.1 - last.0);
    let sampled = seconds(last.0 - first.0);
    let step = sampled / (points.len() - 1) as f64;
    let near = step * 1.1;
    // A counter was not less than nothing. Prometheus 2 asked for that first.
    let is_bounded = is_counter && grown > 0.0 && first.1 >= 0.0;
    let since_zero = if is_bounded { sampled * (first.1 / grown) } else { f64::INFINITY };
    if is_old {
        to_start = to_start.min(since_zero);
    }
    if to_start >= near {
        to_start = step / 2.0;
    }
    if !is_old {
        to_start = to_start.min(since_zero);
    }
    if to_end >= near {
        to_end = step / 2.0;
    }
    let mut factor = if sampled == 0.0 { 1.0 } else { (sampled + to_start + to_end) / sampled };
    if is_rate {
        factor /= seconds(window.1 - window.0);
    }
    Some(grown * factor)
}

/// The difference of the last two points, or the growth a second between them.
pub(super) fn last_step(points: &[Point], is_rate: bool) -> Option<f64> {
    let (a, b) = pairs(points).last()?;
    let between = seconds(b.0 - a.0);
    if between == 0.0 {
        return None;
    }
    if !is_rate {
        return Some(b.1 - a.1);
    }
    let grown = if b.1 < a.1 { b.1 } else { b.1 - a.1 };
    Some(grown / between)
}

/// Slope a second and value at a moment of the line that lies nearest to the points.
pub(super) fn line(points: &[Point], at: i64) -> Option<(f64, f64)> {
    let first = points.first()?.1;
    if points.len() < 2 {
        return None;
    }
    #[expect(clippy::float_cmp, reason = "what Prometheus does")]
    if points.iter().all(|(_, value)| *value == first) {
        return Some(if first.is_infinite() { (f64::NAN, f64::NAN) } else { (0.0, first) });
    }
    let sum = |of: fn(f64, f64) -> f64| {
        Sum::of(points.iter().map(|(moment, value)| of(seconds(moment - at), *value))).total()
    };
    let count = points.len() as f64;
    let (x, y) = (sum(|x, _| x), sum(|_, y| y));
    let (xy, xx) = (sum(|x, y| x * y), sum(|x, _| x * x));
    let slope = (xy - x * y / count) / (xx - x * x / count);
    Some((slope, y / count - slope * x / count))
}

/// Double exponential smoothing; both factors lie between 0 and 1.
pub(super) fn smoothed(points: &[Point], smoothing: f64, trending: f64) -> Option<f64> {
    let (first, second) = (points.first()?.1, points.get(1)?.1);
    let mut before = 0.0;
    let mut smooth = first;
    let mut trend = second - first;
    for (index, (_, value)) in points.iter().enumerate().skip(1) {
        if index > 1 {
            trend = trending * (smooth - before) + (1.0 - trending) * trend;
        }
        before = smooth;
        smooth = smoothing * value + (1.0 - smoothing) * (smooth + trend);
    }
    Some(smooth)
}

fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1000.0
}
