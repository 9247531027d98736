//! Operators between two operands: which series meet, and what they give.

use rustc_hash::{FxHashMap, FxHashSet};

use super::eval::{Engine, Sample, Value, unique};
use super::fault::Fault;
use super::labels::{Labels, NAME};
use crate::embedded::promql::{Binary, BinaryOp, Side};
use crate::source::Sym;

/// What of a series' labels must be equal on both sides.
struct Key {
    is_on: bool,
    /// For `ignoring`: the metric's name, too.
    names: Vec<Sym>,
}

impl Key {
    fn of(binary: &Binary) -> Self {
        let matching = binary.matching.as_ref();
        let is_on = matching.is_some_and(|matching| matching.is_on);
        let labels = matching.map_or(&[][..], |matching| &matching.labels);
        let mut names: Vec<Sym> = labels.iter().map(|label| Sym::new(&label.name)).collect();
        if !is_on {
            names.push(*NAME);
        }
        Self { is_on, names }
    }

    fn of_labels(&self, labels: &Labels) -> Labels {
        if self.is_on { labels.only(&self.names) } else { labels.without(&self.names) }
    }
}

impl<'q> Engine<'q> {
    pub(super) fn binary(&mut self, binary: &'q Binary, at: i64) -> Result<Value, Fault> {
        let left = self.eval(&binary.left, at)?;
        let right = self.eval(&binary.right, at)?;
        match (left, right) {
            (Value::Scalar(a), Value::Scalar(b)) => {
                let value = binary.op.on_numbers(a, b);
                value.map(Value::Scalar).ok_or(Fault::Type("a number"))
            }
            (Value::Vector(samples), Value::Scalar(number)) => {
                self.charge(samples.len())?;
                with_number(binary, samples, number, false).map(Value::Vector)
            }
            (Value::Scalar(number), Value::Vector(samples)) => {
                self.charge(samples.len())?;
                with_number(binary, samples, number, true).map(Value::Vector)
            }
            (Value::Vector(left), Value::Vector(right)) => {
                self.charge(left.len() + right.len())?;
                let result = if binary.op.is_set() {
                    sets(binary, left, right)
                } else {
                    matched(binary, left, right, self.options.is_closed)?
                };
                unique(result).map(Value::Vector)
            }
            (Value::Text(_), _) | (_, Value::Text(_)) => Err(Fault::Type("a text")),
        }
    }
}

/// What two numbers give, and whether the series stays: a comparison keeps the left number.
fn combine(op: BinaryOp, a: f64, b: f64) -> (f64, bool) {
    let value = op.on_numbers(a, b).unwrap_or(f64::NAN);
    if op.is_comparison() { (a, value > 0.0) } else { (value, true) }
}

fn with_number(
    binary: &Binary,
    samples: Vec<Sample>,
    number: f64,
    is_swapped: bool,
) -> Result<Vec<Sample>, Fault> {
    let is_bool = binary.bool_at.is_some();
    let mut out = Vec::new();
    for sample in samples {
        let (a, b) = if is_swapped { (number, sample.value) } else { (sample.value, number) };
        let (mut value, mut is_kept) = combine(binary.op, a, b);
        if binary.op.is_comparison() && is_swapped {
            value = sample.value;
        }
        if is_bool {
            value = if is_kept { 1.0 } else { 0.0 };
            is_kept = true;
        }
        if is_kept {
            let drops_name = is_bool || !binary.op.is_comparison();
            let labels = if drops_name { sample.labels.nameless() } else { sample.labels };
            out.push(Sample { labels, value });
        }
    }
    unique(out)
}

fn sets(binary: &Binary, left: Vec<Sample>, right: Vec<Sample>) -> Vec<Sample> {
    let key = Key::of(binary);
    let keys = |samples: &[Sample]| -> FxHashSet<Labels> {
        samples.iter().map(|sample| key.of_labels(&sample.labels)).collect()
    };
    match binary.op {
        BinaryOp::Or => {
            let known = keys(&left);
            let more =
                right.into_iter().filter(|sample| !known.contains(&key.of_labels(&sample.labels)));
            left.into_iter().chain(more).collect()
        }
        _ => {
            let known = keys(&right);
            let wants = binary.op == BinaryOp::And;
            left.into_iter()
                .filter(|sample| known.contains(&key.of_labels(&sample.labels)) == wants)
                .collect()
        }
    }
}

fn matched(
    binary: &Binary,
    left: Vec<Sample>,
    right: Vec<Sample>,
    is_old: bool,
) -> Result<Vec<Sample>, Fault> {
    let key = Key::of(binary);
    let group = binary.matching.as_ref().and_then(|matching| matching.group.as_ref());
    let many_right = group.is_some_and(|(side, ..)| *side == Side::Right);
    let is_one_to_one = group.is_none();
    let include: Vec<Sym> =
        group.map_or(&[][..], |(_, labels, _)| labels).iter().map(|l| Sym::new(&l.name)).collect();
    let fill = |side: Side| {
        let mut fills = binary.fill.iter().filter(|fill| fill.side.is_none_or(|of| of == side));
        fills.next_back().map(|fill| fill.value)
    };
    let (many_fill, one_fill) = if many_right {
        (fill(Side::Right), fill(Side::Left))
    } else {
        (fill(Side::Left), fill(Side::Right))
    };
    if (left.is_empty() && right.is_empty())
        || ((left.is_empty() || right.is_empty()) && many_fill.is_none() && one_fill.is_none())
    {
        return Ok(Vec::new());
    }
    let (many, one) = if many_right { (right, left) } else { (left, right) };
    let mut by_key: FxHashMap<Labels, &Sample> = FxHashMap::default();
    for sample in &one {
        let of = key.of_labels(&sample.labels);
        if let Some(known) = by_key.insert(of.clone(), sample) {
            let (one, other) = (known.labels.to_string(), sample.labels.to_string());
            let (one, other) = if one <= other { (one, other) } else { (other, one) };
            return Err(Fault::ManyToMany { group: of.to_string(), one, other });
        }
    }
    let is_bool = binary.bool_at.is_some();
    let mut taken: FxHashSet<(Labels, Labels)> = FxHashSet::default();
    let mut met: FxHashSet<Labels> = FxHashSet::default();
    let mut out = Vec::new();
    let mut pair = |many: &Sample, one: &Sample, of: &Labels| -> Result<(), Fault> {
        let (a, b) = if many_right { (one.value, many.value) } else { (many.value, one.value) };
        let (mut value, mut is_kept) = combine(binary.op, a, b);
        if is_bool {
            value = if is_kept { 1.0 } else { 0.0 };
        }
        let mut labels = many.labels.clone();
        if is_bool || !binary.op.is_comparison() {
            labels = labels.nameless();
        }
        if is_one_to_one {
            // `ignoring` keeps a name that a comparison keeps.
            let names: Vec<Sym> =
                key.names.iter().copied().filter(|name| *name != *NAME || key.is_on).collect();
            labels = if key.is_on { labels.only(&names) } else { labels.without(&names) };
        }
        for name in &include {
            labels = labels.with(*name, one.labels.get(*name));
        }
        let mark = if is_one_to_one { Labels::default() } else { labels.clone() };
        is_kept |= is_bool;
        // What a comparison leaves out was no match before, and is one in the newest releases.
        if (is_kept || !is_old) && !taken.insert((of.clone(), mark)) {
            return Err(Fault::ManyToOne { group: of.to_string() });
        }
        if is_kept {
            out.push(Sample { labels, value });
        }
        Ok(())
    };
    for sample in &many {
        let of = key.of_labels(&sample.labels);
        met.insert(of.clone());
        match (by_key.get(&of), one_fill) {
            (Some(one), _) => pair(sample, one, &of)?,
            (None, Some(value)) => pair(sample, &Sample { labels: of.clone(), value }, &of)?,
            (None, None) => {}
        }
    }
    if let Some(value) = many_fill {
        for sample in &one {
            let of = key.of_labels(&sample.labels);
            if !met.contains(&of) {
                pair(&Sample { labels: of.clone(), value }, sample, &of)?;
            }
        }
    }
    Ok(out)
}
