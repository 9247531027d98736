//! The functions of PromQL: what each takes and gives, and what it does to series.

use super::types::ValueType;

/// A function.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What its parameters are.
    pub takes: &'static [ValueType],
    /// How many parameters at the end may be left out.
    pub optional: usize,
    /// How often the last parameter may be repeated beyond its own place: `label_join(x, "a", "", "b", "c", ..)`.
    pub repeats: usize,
    /// What it gives.
    pub gives: ValueType,
    /// Whether it needs the feature `promql-experimental-functions`.
    pub is_experimental: bool,
    /// Whether its result keeps the metric's name.
    pub keeps_name: bool,
    /// What it does, in outline.
    pub effect: Effect,
}

/// What a function does to the series that it takes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Effect {
    /// A number of its own: `time()`, `pi()`, `vector(1)` (which has no labels).
    Constant,
    /// One value a series from its value now, in the same unit and order: `abs`, `round`, `clamp`.
    Value,
    /// One value a series from its value now, which means something else: `ln`, `sgn`, `sin`, `sqrt`.
    Transform,
    /// A part of a date from a time: `hour`, `day_of_week`.
    Date,
    /// The time of a sample: `timestamp`, `ts_of_max_over_time`.
    Time,
    /// The same series in another order: `sort`.
    Order,
    /// How fast a counter grows, a second: `rate`, `irate`.
    Rate,
    /// By how much a counter grows: `increase`.
    Increase,
    /// How often a counter began again: `resets`.
    Resets,
    /// How a gauge changes: `delta`, `idelta`.
    Delta,
    /// How a gauge changes, a second: `deriv`.
    Slope,
    /// What a gauge will be: `predict_linear`, `double_exponential_smoothing`.
    Predict,
    /// A value of the range in the same unit: `max_over_time`, `avg_over_time`, `last_over_time`.
    OverTime,
    /// A number about the values of the range: `count_over_time`, `changes`, `stdvar_over_time`, `present_over_time`.
    CountOverTime,
    /// 1 where nothing is there: `absent`, `absent_over_time`.
    Absent,
    /// The only series' value: `scalar`.
    Scalar,
    /// A quantile of the buckets of a histogram, which takes `le` away: `histogram_quantile`.
    Quantile,
    /// The share of observations in the buckets of a histogram: `histogram_fraction`.
    Fraction,
    /// A number of a native histogram: `histogram_count`, `histogram_sum`, `histogram_avg`.
    Histogram,
    /// `label_replace`
    LabelReplace,
    /// `label_join`
    LabelJoin,
    /// `info`, which adds labels of other metrics.
    Info,
}

use Effect as E;
use ValueType::{Range as R, Scalar as S, Text as T, Vector as V};

const fn f(
    name: &'static str,
    takes: &'static [ValueType],
    gives: ValueType,
    effect: Effect,
) -> Function {
    Function {
        name,
        takes,
        optional: 0,
        repeats: 0,
        gives,
        is_experimental: false,
        keeps_name: false,
        effect,
    }
}

impl Function {
    const fn optional(self) -> Self {
        Self { optional: 1, ..self }
    }

    const fn repeats(self, optional: usize, repeats: usize) -> Self {
        Self { optional, repeats, ..self }
    }

    const fn experimental(self) -> Self {
        Self { is_experimental: true, ..self }
    }

    const fn named(self) -> Self {
        Self { keeps_name: true, ..self }
    }

    /// The fewest arguments.
    pub const fn least(&self) -> usize {
        self.takes.len() - self.optional
    }

    /// The most arguments.
    pub const fn most(&self) -> usize {
        self.takes.len().saturating_add(self.repeats)
    }

    /// What an argument is, by its number.
    pub fn parameter(&self, index: usize) -> Option<ValueType> {
        self.takes.get(index).or(self.takes.last()).copied()
    }

    /// The number of the parameter that takes a range.
    pub fn range_parameter(&self) -> Option<usize> {
        self.takes.iter().position(|takes| *takes == ValueType::Range)
    }
}

/// Every function, by name.
pub const FUNCTIONS: &[Function] = &[
    f("abs", &[V], V, E::Value),
    f("absent", &[V], V, E::Absent),
    f("absent_over_time", &[R], V, E::Absent),
    f("acos", &[V], V, E::Transform),
    f("acosh", &[V], V, E::Transform),
    f("asin", &[V], V, E::Transform),
    f("asinh", &[V], V, E::Transform),
    f("atan", &[V], V, E::Transform),
    f("atanh", &[V], V, E::Transform),
    f("avg_over_time", &[R], V, E::OverTime),
    f("ceil", &[V], V, E::Value),
    f("changes", &[R], V, E::CountOverTime),
    f("clamp", &[V, S, S], V, E::Value),
    f("clamp_max", &[V, S], V, E::Value),
    f("clamp_min", &[V, S], V, E::Value),
    f("cos", &[V], V, E::Transform),
    f("cosh", &[V], V, E::Transform),
    f("count_over_time", &[R], V, E::CountOverTime),
    f("day_of_month", &[V], V, E::Date).optional(),
    f("day_of_week", &[V], V, E::Date).optional(),
    f("day_of_year", &[V], V, E::Date).optional(),
    f("days_in_month", &[V], V, E::Date).optional(),
    f("deg", &[V], V, E::Transform),
    f("delta", &[R], V, E::Delta),
    f("deriv", &[R], V, E::Slope),
    f("double_exponential_smoothing", &[R, S, S], V, E::Predict).experimental(),
    f("end", &[], S, E::Constant).experimental(),
    f("exp", &[V], V, E::Transform),
    f("first_over_time", &[R], V, E::OverTime).experimental().named(),
    f("floor", &[V], V, E::Value),
    f("histogram_avg", &[V], V, E::Histogram),
    f("histogram_count", &[V], V, E::Histogram),
    f("histogram_fraction", &[S, S, V], V, E::Fraction),
    f("histogram_quantile", &[S, V], V, E::Quantile),
    f("histogram_quantiles", &[V, T, S], V, E::Quantile).repeats(0, 9).experimental(),
    f("histogram_stddev", &[V], V, E::Histogram),
    f("histogram_stdvar", &[V], V, E::Histogram),
    f("histogram_sum", &[V], V, E::Histogram),
    f("hour", &[V], V, E::Date).optional(),
    f("idelta", &[R], V, E::Delta),
    f("increase", &[R], V, E::Increase),
    f("info", &[V, V], V, E::Info).optional().experimental().named(),
    f("irate", &[R], V, E::Rate),
    f("label_join", &[V, T, T, T], V, E::LabelJoin).repeats(1, usize::MAX).named(),
    f("label_replace", &[V, T, T, T, T], V, E::LabelReplace).named(),
    f("last_over_time", &[R], V, E::OverTime).named(),
    f("ln", &[V], V, E::Transform),
    f("log10", &[V], V, E::Transform),
    f("log2", &[V], V, E::Transform),
    f("mad_over_time", &[R], V, E::OverTime).experimental(),
    f("max_of", &[S, S], S, E::Constant).experimental(),
    f("max_over_time", &[R], V, E::OverTime),
    f("min_of", &[S, S], S, E::Constant).experimental(),
    f("min_over_time", &[R], V, E::OverTime),
    f("minute", &[V], V, E::Date).optional(),
    f("month", &[V], V, E::Date).optional(),
    f("pi", &[], S, E::Constant),
    f("predict_linear", &[R, S], V, E::Predict),
    f("present_over_time", &[R], V, E::CountOverTime),
    f("quantile_over_time", &[S, R], V, E::OverTime),
    f("rad", &[V], V, E::Transform),
    f("range", &[], S, E::Constant).experimental(),
    f("rate", &[R], V, E::Rate),
    f("resets", &[R], V, E::Resets),
    f("round", &[V, S], V, E::Value).optional(),
    f("scalar", &[V], S, E::Scalar),
    f("sgn", &[V], V, E::Transform),
    f("sin", &[V], V, E::Transform),
    f("sinh", &[V], V, E::Transform),
    f("sort", &[V], V, E::Order).named(),
    f("sort_by_label", &[V, T], V, E::Order).repeats(1, usize::MAX).experimental().named(),
    f("sort_by_label_desc", &[V, T], V, E::Order).repeats(1, usize::MAX).experimental().named(),
    f("sort_desc", &[V], V, E::Order).named(),
    f("sqrt", &[V], V, E::Transform),
    f("start", &[], S, E::Constant).experimental(),
    f("start_timestamp", &[V], V, E::Time).experimental(),
    f("stddev_over_time", &[R], V, E::OverTime),
    f("stdvar_over_time", &[R], V, E::CountOverTime),
    f("step", &[], S, E::Constant).experimental(),
    f("sum_over_time", &[R], V, E::OverTime),
    f("tan", &[V], V, E::Transform),
    f("tanh", &[V], V, E::Transform),
    f("time", &[], S, E::Constant),
    f("timestamp", &[V], V, E::Time),
    f("ts_of_first_over_time", &[R], V, E::Time).experimental(),
    f("ts_of_last_over_time", &[R], V, E::Time).experimental(),
    f("ts_of_max_over_time", &[R], V, E::Time).experimental(),
    f("ts_of_min_over_time", &[R], V, E::Time).experimental(),
    f("vector", &[S], V, E::Constant),
    f("year", &[V], V, E::Date).optional(),
];

/// A function by its name.
pub fn function(name: &str) -> Option<&'static Function> {
    let found = FUNCTIONS.binary_search_by(|function| function.name.cmp(name)).ok()?;
    FUNCTIONS.get(found)
}

#[cfg(test)]
mod tests {
    use super::{FUNCTIONS, function};

    #[test]
    fn the_table_is_in_order() {
        assert!(FUNCTIONS.is_sorted_by(|a, b| a.name < b.name));
        for row in FUNCTIONS {
            assert_eq!(function(row.name), Some(row));
            assert!(row.least() <= row.most(), "{}", row.name);
        }
        assert_eq!(function("holt_winters"), None);
    }
}
