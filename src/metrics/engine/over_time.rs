//! What the points of a range come to: sums, means, extremes, quantiles, and how often they change.

use super::series::Point;

/// A sum that keeps what rounding takes away.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Sum {
    value: f64,
    rest: f64,
}

impl Sum {
    pub(super) fn of(values: impl Iterator<Item = f64>) -> Self {
        values.fold(Self::default(), Self::and)
    }

    pub(super) fn and(self, value: f64) -> Self {
        let sum = self.value + value;
        let rest = if sum.is_infinite() {
            0.0
        } else if self.value.abs() >= value.abs() {
            self.rest + ((self.value - sum) + value)
        } else {
            self.rest + ((value - sum) + self.value)
        };
        Self { value: sum, rest }
    }

    pub(super) fn total(self) -> f64 {
        if self.value.is_infinite() { self.value } else { self.value + self.rest }
    }

    fn scaled(self, by: f64) -> Self {
        Self { value: self.value * by, rest: self.rest * by }
    }
}

/// The mean: by the sum, and step by step from where the sum would be too large for a number.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let mut sum = Sum::default();
    let mut count = 0.0;
    let mut is_stepwise = false;
    for value in values {
        count += 1.0;
        if !is_stepwise {
            let next = sum.and(value);
            if !next.value.is_infinite() || count <= 1.0 {
                sum = next;
                continue;
            }
            is_stepwise = true;
            sum = sum.scaled(1.0 / (count - 1.0));
        }
        sum = sum.scaled((count - 1.0) / count).and(value / count);
    }
    if is_stepwise { sum.value + sum.rest } else { sum.value / count + sum.rest / count }
}

/// A quantile of values; what is no number counts as the smallest.
pub(super) fn quantile(of: f64, mut values: Vec<f64>) -> f64 {
    if values.is_empty() || of.is_nan() {
        return f64::NAN;
    }
    if of < 0.0 {
        return f64::NEG_INFINITY;
    }
    if of > 1.0 {
        return f64::INFINITY;
    }
    values.sort_by(|a, b| {
        b.is_nan().cmp(&a.is_nan()).then(a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal))
    });
    let last = values.len() - 1;
    let rank = of * last as f64;
    let lower = rank.floor().max(0.0) as usize;
    let upper = (lower + 1).min(last);
    let weight = rank - rank.floor();
    let value = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    value(lower) * (1.0 - weight) + value(upper) * weight
}

/// The point whose value is better than all others; a number is better than none.
pub(super) fn extreme(points: &[Point], is_better: fn(f64, f64) -> bool) -> Option<Point> {
    points.iter().copied().reduce(|best, point| {
        if is_better(point.1, best.1) || best.1.is_nan() { point } else { best }
    })
}

pub(super) fn variance(points: &[Point]) -> f64 {
    let (mut mean, mut squares) = (Sum::default(), Sum::default());
    let mut count = 0.0;
    for (_, value) in points {
        count += 1.0;
        let delta = value - (mean.value + mean.rest);
        mean = mean.and(delta / count);
        squares = squares.and(delta * (value - (mean.value + mean.rest)));
    }
    (squares.value + squares.rest) / count
}

/// The median of the distances from the median.
pub(super) fn deviation(points: &[Point]) -> f64 {
    let values: Vec<f64> = points.iter().map(|(_, value)| *value).collect();
    if values.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    let median = quantile(0.5, values.clone());
    quantile(0.5, values.into_iter().map(|value| (value - median).abs()).collect())
}

/// How often the value is another one than just before.
pub(super) fn changes(points: &[Point]) -> f64 {
    #[expect(clippy::float_cmp, reason = "what Prometheus does")]
    let is_change = |a: f64, b: f64| a != b && !(a.is_nan() && b.is_nan());
    pairs(points).filter(|(a, b)| is_change(a.1, b.1)).count() as f64
}

/// How often the value is smaller than just before.
pub(super) fn resets(points: &[Point]) -> f64 {
    pairs(points).filter(|(a, b)| b.1 < a.1).count() as f64
}

/// Neighbours.
pub(super) fn pairs(points: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    points.iter().copied().zip(points.iter().copied().skip(1))
}
