//! The functions of PromQL that look at one number, or at the points of one range.

use super::calendar::Moment;
use super::over_time::{self, Sum};
use super::rate;
use super::series::Point;

/// What a function over a range sees.
pub(super) struct Frame<'f> {
    /// At least one.
    pub(super) points: &'f [Point],
    /// The borders of the range.
    pub(super) window: (i64, i64),
    /// Whether rates are stretched as Prometheus 2 did.
    pub(super) is_old: bool,
    /// The moment of the query.
    pub(super) at: i64,
    /// The other arguments.
    pub(super) numbers: &'f [f64],
}

impl Frame<'_> {
    fn values(&self) -> impl Iterator<Item = f64> {
        self.points.iter().map(|(_, value)| *value)
    }

    fn number(&self, index: usize) -> f64 {
        self.numbers.get(index).copied().unwrap_or(f64::NAN)
    }
}

/// A function over a range.
pub(super) type OverRange = fn(&Frame<'_>) -> Option<f64>;

/// What a function over a range gives for each series.
pub(super) fn over_range(name: &str) -> Option<OverRange> {
    Some(match name {
        "rate" => |f| rate::growth(f.points, f.window, true, true, f.is_old),
        "increase" => |f| rate::growth(f.points, f.window, true, false, f.is_old),
        "delta" => |f| rate::growth(f.points, f.window, false, false, f.is_old),
        "irate" => |f| rate::last_step(f.points, true),
        "idelta" => |f| rate::last_step(f.points, false),
        "deriv" => |f| Some(rate::line(f.points, f.points.first()?.0)?.0),
        "predict_linear" => |f| {
            let (slope, value) = rate::line(f.points, f.at)?;
            Some(slope * f.number(0) + value)
        },
        "double_exponential_smoothing" | "holt_winters" => {
            |f| rate::smoothed(f.points, f.number(0), f.number(1))
        }
        "avg_over_time" => |f| Some(over_time::mean(f.values())),
        "sum_over_time" => |f| Some(Sum::of(f.values()).total()),
        "count_over_time" => |f| Some(f.points.len() as f64),
        "min_over_time" => |f| Some(over_time::extreme(f.points, |a, best| a < best)?.1),
        "max_over_time" => |f| Some(over_time::extreme(f.points, |a, best| a > best)?.1),
        "last_over_time" => |f| Some(f.points.last()?.1),
        "first_over_time" => |f| Some(f.points.first()?.1),
        "present_over_time" => |_| Some(1.0),
        "stddev_over_time" => |f| Some(over_time::variance(f.points).sqrt()),
        "stdvar_over_time" => |f| Some(over_time::variance(f.points)),
        "mad_over_time" => |f| Some(over_time::deviation(f.points)),
        "quantile_over_time" => |f| Some(over_time::quantile(f.number(0), f.values().collect())),
        "changes" => |f| Some(over_time::changes(f.points)),
        "resets" => |f| Some(over_time::resets(f.points)),
        "ts_of_first_over_time" => |f| Some(f.points.first()?.0 as f64 / 1000.0),
        "ts_of_last_over_time" => |f| Some(f.points.last()?.0 as f64 / 1000.0),
        "ts_of_min_over_time" => {
            |f| Some(over_time::extreme(f.points, |a, best| a <= best)?.0 as f64 / 1000.0)
        }
        "ts_of_max_over_time" => {
            |f| Some(over_time::extreme(f.points, |a, best| a >= best)?.0 as f64 / 1000.0)
        }
        _ => return None,
    })
}

/// A function of one number.
pub(super) fn of_number(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "abs" => f64::abs,
        "ceil" => f64::ceil,
        "floor" => f64::floor,
        "exp" => f64::exp,
        "sqrt" => f64::sqrt,
        "ln" => f64::ln,
        "log2" => f64::log2,
        "log10" => f64::log10,
        "sin" => f64::sin,
        "cos" => f64::cos,
        "tan" => f64::tan,
        "asin" => f64::asin,
        "acos" => f64::acos,
        "atan" => f64::atan,
        "sinh" => f64::sinh,
        "cosh" => f64::cosh,
        "tanh" => f64::tanh,
        "asinh" => f64::asinh,
        "acosh" => f64::acosh,
        "atanh" => f64::atanh,
        "rad" => |value| value * std::f64::consts::PI / 180.0,
        "deg" => |value| value * 180.0 / std::f64::consts::PI,
        "sgn" => |value| {
            if value < 0.0 {
                -1.0
            } else if value > 0.0 {
                1.0
            } else {
                value
            }
        },
        _ => return None,
    })
}

/// A function of a moment, in seconds since 1970.
pub(super) fn of_moment(name: &str) -> Option<fn(Moment) -> i64> {
    Some(match name {
        "year" => |moment| moment.year,
        "month" => |moment| moment.month,
        "day_of_month" => |moment| moment.day,
        "day_of_week" => |moment| moment.weekday,
        "day_of_year" => |moment| moment.day_of_year,
        "days_in_month" => Moment::days_in_month,
        "hour" => |moment| moment.hour,
        "minute" => |moment| moment.minute,
        _ => return None,
    })
}
