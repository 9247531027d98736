//! Aggregations.

use rustc_hash::FxHashMap;

use super::eval::{Engine, Sample, Value, unique};
use super::fault::Fault;
use super::labels::{Labels, NAME};
use super::over_time::{Sum, quantile};
use crate::embedded::fixed;
use crate::embedded::promql::{Aggregate, Aggregation};
use crate::source::Sym;

impl<'q> Engine<'q> {
    pub(super) fn aggregate(
        &mut self,
        aggregate: &'q Aggregate,
        at: i64,
    ) -> Result<Vec<Sample>, Fault> {
        let mut samples = self.vector(&aggregate.of, at)?;
        self.charge(samples.len())?;
        let parameter = match &aggregate.parameter {
            Some(node) => Some(self.eval(node, at)?),
            None => None,
        };
        let op = aggregate.op;
        if op == Aggregation::CountValues {
            let Some(Value::Text(label)) = parameter else { return Err(Fault::Type("a number")) };
            let label = Sym::new(&label);
            for sample in &mut samples {
                let value = Sym::new(&fixed(sample.value));
                sample.labels = sample.labels.with(label, value);
            }
            let groups = by_group(aggregate, samples, Some(label)).into_iter();
            return unique(groups.map(count).collect());
        }
        let number = match parameter {
            Some(Value::Scalar(number)) => number,
            None => 0.0,
            Some(_) => return Err(Fault::Type("a vector")),
        };
        if op.chooses() {
            let limit = samples.len();
            return chosen(op, number, limit, by_group(aggregate, samples, None));
        }
        let groups = by_group(aggregate, samples, None).into_iter();
        let of = |(labels, samples): (Labels, Vec<Sample>)| {
            let values: Vec<f64> = samples.iter().map(|sample| sample.value).collect();
            Sample { labels, value: one(op, number, &values) }
        };
        unique(groups.map(of).collect())
    }
}

fn count((labels, samples): (Labels, Vec<Sample>)) -> Sample {
    Sample { labels, value: samples.len() as f64 }
}

/// The samples of each group, in the order in which the groups are met.
/// `also` tells groups apart, too.
fn by_group(
    aggregate: &Aggregate,
    samples: Vec<Sample>,
    also: Option<Sym>,
) -> Vec<(Labels, Vec<Sample>)> {
    let grouping = aggregate.grouping.as_ref();
    let mut names: Vec<Sym> = grouping
        .map_or(&[][..], |grouping| &grouping.labels)
        .iter()
        .map(|label| Sym::new(&label.name))
        .collect();
    let is_without = grouping.is_some_and(|grouping| grouping.is_without);
    if is_without {
        names.push(*NAME);
    } else {
        names.extend(also);
    }
    let mut places: FxHashMap<Labels, usize> = FxHashMap::default();
    let mut groups: Vec<(Labels, Vec<Sample>)> = Vec::new();
    for sample in samples {
        let of =
            if is_without { sample.labels.without(&names) } else { sample.labels.only(&names) };
        let index = *places.entry(of.clone()).or_insert(groups.len());
        match groups.get_mut(index) {
            Some((_, members)) => members.push(sample),
            None => groups.push((of, vec![sample])),
        }
    }
    groups
}

/// What the values of a group give; there is at least one.
fn one(op: Aggregation, number: f64, values: &[f64]) -> f64 {
    let extreme = |is_better: fn(f64, f64) -> bool| {
        let better = |best: f64, value: f64| {
            if is_better(value, best) || best.is_nan() { value } else { best }
        };
        values.iter().copied().reduce(better).unwrap_or(f64::NAN)
    };
    let count = values.len() as f64;
    match op {
        Aggregation::Sum => Sum::of(values.iter().copied()).total(),
        Aggregation::Avg => super::over_time::mean(values.iter().copied()),
        Aggregation::Min => extreme(|value, best| value < best),
        Aggregation::Max => extreme(|value, best| value > best),
        Aggregation::Count | Aggregation::CountValues => count,
        Aggregation::Group => 1.0,
        Aggregation::Stddev => variance(values).sqrt(),
        Aggregation::Stdvar => variance(values),
        Aggregation::Quantile => quantile(number, values.to_vec()),
        Aggregation::Topk
        | Aggregation::Bottomk
        | Aggregation::Limitk
        | Aggregation::LimitRatio => f64::NAN,
    }
}

fn variance(values: &[f64]) -> f64 {
    let Some((first, rest)) = values.split_first() else { return f64::NAN };
    let mut squares = if first.is_finite() { 0.0 } else { f64::NAN };
    let mut mean = *first;
    let mut count = 1.0;
    for value in rest {
        count += 1.0;
        let delta = value - mean;
        mean += delta / count;
        squares += delta * (value - mean);
    }
    squares / count
}

fn chosen(
    op: Aggregation,
    number: f64,
    limit: usize,
    groups: Vec<(Labels, Vec<Sample>)>,
) -> Result<Vec<Sample>, Fault> {
    if op == Aggregation::LimitRatio {
        return Err(Fault::Refused("`limit_ratio`".to_owned()));
    }
    if number.is_nan() {
        return Err(Fault::Argument(format!("`{}` of a number that is none", op.word())));
    }
    // Truncated, as Prometheus does; negative numbers choose nothing.
    let most = (number.max(0.0) as usize).min(limit);
    let mut out = Vec::new();
    for (_, samples) in groups {
        match op {
            Aggregation::Topk => out.extend(Heap::best(samples, most, |a, b| a < b)),
            Aggregation::Bottomk => out.extend(Heap::best(samples, most, |a, b| a > b)),
            _ => out.extend(samples.into_iter().take(most)),
        }
    }
    Ok(out)
}

/// A binary heap as Go keeps it: which of equal values stays depends on it.
struct Heap {
    items: Vec<Sample>,
    is_less: fn(f64, f64) -> bool,
}

impl Heap {
    /// The best samples, the best one first.
    fn best(samples: Vec<Sample>, most: usize, is_less: fn(f64, f64) -> bool) -> Vec<Sample> {
        if most == 0 {
            return Vec::new();
        }
        let mut heap = Self { items: Vec::new(), is_less };
        for sample in samples {
            if heap.items.len() < most {
                heap.items.push(sample);
                heap.up(heap.items.len() - 1);
            } else if let Some(worst) = heap.items.first_mut()
                && (is_less(worst.value, sample.value)
                    || (worst.value.is_nan() && !sample.value.is_nan()))
            {
                *worst = sample;
                heap.down();
            }
        }
        let mut items = heap.items;
        items.sort_by(|a, b| {
            if a.value.is_nan() || b.value.is_nan() {
                return a.value.is_nan().cmp(&b.value.is_nan());
            }
            is_less(a.value, b.value).cmp(&is_less(b.value, a.value))
        });
        items
    }

    fn less(&self, a: usize, b: usize) -> bool {
        let value = |index: usize| self.items.get(index).map_or(f64::NAN, |sample| sample.value);
        value(a).is_nan() || (self.is_less)(value(a), value(b))
    }

    fn up(&mut self, mut child: usize) {
        while child > 0 {
            let parent = (child - 1) / 2;
            if !self.less(child, parent) {
                break;
            }
            self.items.swap(child, parent);
            child = parent;
        }
    }

    fn down(&mut self) {
        let mut parent = 0;
        loop {
            let left = 2 * parent + 1;
            if left >= self.items.len() {
                break;
            }
            let right = left + 1;
            let child =
                if right < self.items.len() && self.less(right, left) { right } else { left };
            if !self.less(child, parent) {
                break;
            }
            self.items.swap(parent, child);
            parent = child;
        }
    }
}
