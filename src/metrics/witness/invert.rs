//! What the arguments of a function should be, for the function to give what is wanted.

use super::plan::{Goal, Plan, Planner, Slope, copied, in_turn};
use crate::embedded::promql::{Call, Node, NodeKind};

impl Planner<'_> {
    pub(super) fn call(&self, call: &Call, goal: Goal, depth: usize) -> Vec<Plan> {
        let arg = |index: usize, goal: Goal| {
            call.args.get(index).map(|node| self.plans(node, goal, depth)).unwrap_or_default()
        };
        let name = call.name.as_str();
        if let Some(range) = call.args.iter().find(|node| range_of(node).is_some()) {
            return self.over(call, range, goal, depth);
        }
        match (name, goal) {
            ("absent", Goal::Missing) => arg(0, Goal::Exists),
            ("absent", Goal::Exists | Goal::Buckets(_)) => arg(0, Goal::Missing),
            ("absent", Goal::Value(value)) if value > 0.0 => arg(0, Goal::Missing),
            ("absent", Goal::Value(_)) => Vec::new(),
            ("histogram_quantile", Goal::Value(value)) => arg(1, Goal::Buckets(value)),
            ("histogram_quantile", goal) => arg(1, goal),
            ("histogram_fraction", goal) => arg(2, goal),
            ("abs", Goal::Value(value)) => {
                let mut plans = arg(0, Goal::Value(value));
                plans.extend(arg(0, Goal::Value(-value)));
                plans
            }
            (_, Goal::Value(value)) => {
                let inner = match name {
                    "sqrt" => value * value,
                    "ln" => value.exp(),
                    "log2" => value.exp2(),
                    "log10" => 10_f64.powf(value),
                    "exp" => value.ln(),
                    "timestamp" | "hour" | "minute" | "month" | "year" | "day_of_week"
                    | "day_of_month" | "day_of_year" | "days_in_month" => {
                        return arg(0, Goal::Exists);
                    }
                    _ => value,
                };
                arg(0, Goal::Value(inner))
            }
            // The functions of the calendar need no series.
            _ if call.args.is_empty() => {
                if goal == Goal::Missing {
                    Vec::new()
                } else {
                    vec![Plan::new()]
                }
            }
            (_, goal) => arg(0, goal),
        }
    }

    /// A function over a range.
    fn over(&self, call: &Call, range: &Node, goal: Goal, depth: usize) -> Vec<Plan> {
        let name = call.name.as_str();
        let seconds = range_of(range).unwrap_or(300.0).max(1.0);
        let of = |goal: Goal, slope: Option<Slope>| self.ranged(range, goal, slope, depth);
        if name == "absent_over_time" {
            return match goal {
                Goal::Missing => of(Goal::Exists, None),
                Goal::Value(value) if value <= 0.0 => Vec::new(),
                Goal::Exists | Goal::Value(_) | Goal::Buckets(_) => of(Goal::Missing, None),
            };
        }
        let is_rate = matches!(name, "rate" | "irate" | "increase");
        let value = match goal {
            Goal::Missing => return of(Goal::Missing, None),
            Goal::Buckets(value) => {
                let slope = is_rate.then_some(Slope::PerSecond(1.0));
                return of(Goal::Buckets(value), slope);
            }
            Goal::Exists => {
                let slope = match name {
                    "changes" => Some(Slope::Flapping),
                    "resets" => Some(Slope::Resetting),
                    _ if is_rate => Some(Slope::PerSecond(1.0)),
                    _ => None,
                };
                return of(Goal::Exists, slope);
            }
            Goal::Value(value) => value,
        };
        let growing = |slope: f64| of(Goal::Exists, Some(Slope::PerSecond(slope)));
        // What is grown within the scene may be all that the range sees.
        let within = seconds.min(self.span);
        let several =
            |slopes: &[f64]| in_turn(slopes.iter().map(|slope| growing(*slope)).collect());
        match name {
            "rate" | "irate" if value < 0.0 => Vec::new(),
            "increase" if value < 0.0 => Vec::new(),
            "rate" | "irate" | "deriv" => {
                several(&[value, value * seconds / within, value * 4.0 * seconds / within])
            }
            "increase" | "delta" => several(&[
                value / seconds,
                value / within,
                value / self.interval,
                value * 4.0 / within,
            ]),
            "idelta" => growing(value / self.interval),
            "changes" if value > 0.0 => of(Goal::Exists, Some(Slope::Flapping)),
            "resets" if value > 0.0 => of(Goal::Exists, Some(Slope::Resetting)),
            "changes" | "resets" => of(Goal::Exists, None),
            "predict_linear" => {
                let after = call.args.get(1).and_then(|node| self.number(node, depth));
                let after = after.unwrap_or(3600.0);
                let mut all = Vec::new();
                for target in [value, value - 10.0, value * 2.0, value + 10.0] {
                    all.push(of(Goal::Exists, Some(Slope::Reaching { value: target, after })));
                }
                // A short way to the end makes a steep line.
                all.push(of(Goal::Exists, Some(Slope::Reaching { value, after: after / 4.0 })));
                all.push(of(Goal::Value(value), None));
                in_turn(all)
            }
            "sum_over_time" => {
                let count = (seconds / self.interval).max(1.0);
                in_turn(vec![of(Goal::Value(value / count), None), of(Goal::Value(value), None)])
            }
            "count_over_time" | "present_over_time" => of(Goal::Exists, None),
            "stddev_over_time" | "stdvar_over_time" => of(Goal::Exists, Some(Slope::Flapping)),
            _ => of(Goal::Value(value), None),
        }
    }

    /// Plans for what stands in a range: a selector, or a query that is evaluated again and again.
    fn ranged(&self, node: &Node, goal: Goal, slope: Option<Slope>, depth: usize) -> Vec<Plan> {
        match &node.kind {
            NodeKind::Parens(of) => self.ranged(of, goal, slope, depth + 1),
            NodeKind::Selector(selector) => self.leaf(selector, goal, slope, depth + 1),
            NodeKind::Subquery(subquery) => {
                let mut plans = self.plans(&subquery.of, goal, depth + 1);
                if let Some(slope) = slope {
                    for wish in plans.iter_mut().flat_map(std::collections::BTreeMap::values_mut) {
                        wish.slope = wish.slope.or(Some(slope));
                    }
                }
                copied(plans, 1, 0.0)
            }
            _ => Vec::new(),
        }
    }
}

/// The seconds of a range; none for what is none.
pub(super) fn range_of(node: &Node) -> Option<f64> {
    let milliseconds = match &node.kind {
        NodeKind::Parens(of) => return range_of(of),
        NodeKind::Selector(selector) => selector.range.as_ref()?.milliseconds(),
        NodeKind::Subquery(subquery) => subquery.range.milliseconds(),
        _ => return None,
    };
    Some(milliseconds.unwrap_or(300_000.0) / 1000.0)
}
