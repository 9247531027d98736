//! Classic histograms: what their buckets say about the observations.

use rustc_hash::FxHashMap;

use super::eval::{Sample, unique};
use super::fault::Fault;
use super::labels::{LE, Labels};

/// An upper bound, and how many observations lie at or below it.
type Bucket = (f64, f64);

/// What a function of buckets makes of each histogram.
pub(super) fn of_each(
    samples: Vec<Sample>,
    of: impl Fn(Vec<Bucket>) -> f64,
) -> Result<Vec<Sample>, Fault> {
    let mut places: FxHashMap<Labels, usize> = FxHashMap::default();
    let mut all: Vec<(Labels, Vec<Bucket>)> = Vec::new();
    for sample in samples {
        let Some(bound) = number(sample.labels.get(*LE).as_str()) else { continue };
        let rest = sample.labels.without(&[*LE]);
        let index = *places.entry(rest.clone()).or_insert(all.len());
        match all.get_mut(index) {
            Some((_, buckets)) => buckets.push((bound, sample.value)),
            None => all.push((rest, vec![(bound, sample.value)])),
        }
    }
    let each = |(labels, buckets): (Labels, Vec<Bucket>)| Sample {
        labels: labels.nameless(),
        value: of(buckets),
    };
    unique(all.into_iter().map(each).collect())
}

/// A number as Go reads it.
fn number(text: &str) -> Option<f64> {
    let plain = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_word = ["inf", "infinity", "nan"].iter().any(|word| plain.eq_ignore_ascii_case(word));
    let is_digits = plain.starts_with(|letter: char| letter.is_ascii_digit() || letter == '.');
    (is_word || is_digits).then(|| text.parse().ok()).flatten()
}

/// Sorted, with one bucket a bound; none where the last one has a bound.
fn sorted(mut buckets: Vec<Bucket>) -> Option<Vec<Bucket>> {
    buckets.sort_by(|a, b| a.0.partial_cmp(&b.0).unwrap_or(std::cmp::Ordering::Equal));
    if buckets.last()?.0 != f64::INFINITY {
        return None;
    }
    let mut out: Vec<Bucket> = Vec::new();
    for bucket in buckets {
        match out.last_mut() {
            #[expect(clippy::float_cmp, reason = "the same bound")]
            Some(last) if last.0 == bucket.0 => last.1 += bucket.1,
            _ => out.push(bucket),
        }
    }
    Some(out)
}

/// The value below which a part of the observations lies.
pub(super) fn quantile(of: f64, buckets: Vec<Bucket>) -> f64 {
    if of.is_nan() {
        return f64::NAN;
    }
    if of < 0.0 {
        return f64::NEG_INFINITY;
    }
    if of > 1.0 {
        return f64::INFINITY;
    }
    let Some(mut buckets) = sorted(buckets) else { return f64::NAN };
    make_monotonic(&mut buckets);
    let Some((_, observations)) = buckets.last().copied() else { return f64::NAN };
    if buckets.len() < 2 || observations == 0.0 || observations.is_nan() {
        return f64::NAN;
    }
    let rank = of * observations;
    let last = buckets.len() - 1;
    let index = buckets.iter().take(last).position(|(_, count)| *count >= rank).unwrap_or(last);
    let bucket = |index: usize| buckets.get(index).copied().unwrap_or((f64::NAN, f64::NAN));
    if index == last {
        return bucket(last - 1).0;
    }
    let (end, count) = bucket(index);
    if index == 0 {
        return if end <= 0.0 { end } else { end * (rank / count) };
    }
    let (start, below) = bucket(index - 1);
    start + (end - start) * ((rank - below) / (count - below))
}

/// Counts that fall, or differ by what rounding takes, are those of the bucket before.
fn make_monotonic(buckets: &mut [Bucket]) {
    const TOLERANCE: f64 = 1e-12;
    let Some(mut before) = buckets.first().map(|(_, count)| *count) else { return };
    for (_, count) in buckets.iter_mut().skip(1) {
        let near = (*count - before).abs() <= TOLERANCE * (count.abs() + before.abs());
        if *count < before || near {
            *count = before;
        } else {
            before = *count;
        }
    }
}

/// The part of the observations that lies between two values.
pub(super) fn fraction(lower: f64, upper: f64, buckets: Vec<Bucket>) -> f64 {
    let Some(buckets) = sorted(buckets) else { return f64::NAN };
    let count = buckets.last().map_or(0.0, |(_, count)| *count);
    if count == 0.0 || lower.is_nan() || upper.is_nan() {
        return f64::NAN;
    }
    if lower >= upper {
        return 0.0;
    }
    // How many observations lie below a value; even within a bucket.
    let below = |value: f64| {
        let first = buckets.first().map_or(0.0, |(bound, _)| *bound);
        let mut start = if first > 0.0 { 0.0 } else { f64::NEG_INFINITY };
        let mut rank = 0.0;
        for (end, count) in &buckets {
            if value <= start {
                return rank;
            }
            if value < *end {
                let is_endless = start == f64::NEG_INFINITY || *end == f64::INFINITY;
                if is_endless {
                    return if start == f64::NEG_INFINITY { *count } else { rank };
                }
                return rank + (count - rank) * (value - start) / (end - start);
            }
            rank = *count;
            start = *end;
        }
        rank
    };
    (below(upper) - below(lower)) / count
}
