//! From wishes to series, in the notation of promtool.

use std::collections::BTreeMap;

use super::label::Values;
use super::leaf::{Leaf, Leaves, fits};
use super::plan::{Plan, Slope, Wish};
use crate::embedded::promql::MatchOp;
use crate::embedded::{fixed, general};
use crate::metrics::engine::Labels;
use crate::source::Sym;

/// How long a scene is, and how often there are samples and evaluations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Frame {
    /// Milliseconds between two samples, and two evaluations.
    pub(super) interval: i64,
    /// The moment that is looked at, in milliseconds.
    pub(super) at: i64,
}

impl Frame {
    pub(super) const fn steps(self) -> i64 {
        self.at / self.interval
    }

    pub(super) fn seconds(self) -> f64 {
        self.at as f64 / 1000.0
    }

    fn step_seconds(self) -> f64 {
        self.interval as f64 / 1000.0
    }
}

/// A span as Prometheus reads it: `16m`, `90s`, `500ms`.
pub fn duration(milliseconds: i64) -> String {
    if milliseconds % 1000 != 0 {
        format!("{milliseconds}ms")
    } else if milliseconds % 60_000 != 0 || milliseconds == 0 {
        format!("{}s", milliseconds / 1000)
    } else {
        format!("{}m", milliseconds / 60_000)
    }
}

/// Which label tells the copies of a series apart: one of which the query speaks, or another one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Vary {
    Outside,
    Inside,
}

/// Series as they are written: name and values.
pub(super) type Written = Vec<(String, String)>;

/// The series of a plan; none where a leaf can have no labels, or one series would be two.
pub(super) fn draw(
    leaves: &Leaves,
    labels: &[Option<Values>],
    plan: &Plan,
    frame: Frame,
    vary: Vary,
) -> Option<Written> {
    // Selectors that say different things may still mean one series: then it has to be what both wish.
    let mut wished: BTreeMap<String, (Values, Wish, usize)> = BTreeMap::new();
    for (index, wish) in plan {
        let leaf = leaves.all.get(*index)?;
        let values = labels.get(*index)?.as_ref()?;
        let is_laddered =
            wish.buckets.is_some() && !leaf.matchers.iter().any(|m| m.label.name == "le");
        let wish = Wish { buckets: wish.buckets.filter(|_| is_laddered), ..*wish };
        for copy in 0..wish.copies.max(1) {
            let values = copied(leaf, values, copy, vary)?;
            let name = shown(&values);
            let joined = match wished.get(&name) {
                Some((_, known, _)) => known.and(wish)?,
                None => wish,
            };
            wished.insert(name, (values, joined, copy));
        }
    }
    let mut out: Written = Vec::new();
    for (name, (values, wish, copy)) in wished {
        if wish.buckets.is_some() {
            ladder(&values, wish, frame, &mut out);
        } else {
            out.push((name, numbers(&wish, copy, frame)));
        }
    }
    out.sort();
    let is_once = out.iter().zip(out.iter().skip(1)).all(|(a, b)| a.0 != b.0);
    is_once.then_some(out)
}

fn shown(values: &Values) -> String {
    Labels::new(values.iter().map(|(name, value)| (Sym::new(name), Sym::new(value)))).to_string()
}

/// The labels of one of several series.
fn copied(leaf: &Leaf, values: &Values, copy: usize, vary: Vary) -> Option<Values> {
    if copy == 0 {
        return Some(values.clone());
    }
    const NAMES: [&str; 12] = [
        "instance",
        "pod",
        "node",
        "container",
        "cpu",
        "device",
        "namespace",
        "name",
        "member",
        "config_hash",
        "version",
        "code",
    ];
    let is_free = |name: &str| {
        !leaf.matchers.iter().any(|m| m.label.name == name && m.op == MatchOp::Equal)
            && name != "__name__"
            && name != "le"
    };
    let outside =
        NAMES.iter().map(|name| (*name).to_owned()).filter(|name| !leaf.wants.contains(name));
    let inside = || {
        let known = NAMES.iter().map(|name| (*name).to_owned());
        let known = known.filter(|name| leaf.wants.contains(name));
        known.chain(leaf.wants.iter().cloned())
    };
    let mut names: Vec<String> = match vary {
        Vary::Outside => outside.chain(inside()).collect(),
        Vary::Inside => inside().chain(outside).collect(),
    };
    names.retain(|name| is_free(name));
    for name in names {
        let value = match values.get(&name) {
            Some(known) => format!("{known}-{}", copy + 1),
            None => format!("{}-{}", name.replace('_', "-"), copy + 1),
        };
        let matchers = leaf.matchers.iter().filter(|m| m.label.name == name);
        if matchers.clone().all(|m| fits(m, &value)) {
            let mut values = values.clone();
            values.insert(name, value);
            return Some(values);
        }
    }
    None
}

/// The buckets of a histogram whose observations all lie between two bounds.
fn ladder(values: &Values, wish: Wish, frame: Frame, out: &mut Written) {
    let near = wish.buckets.unwrap_or(1.0);
    let (low, high) = if near > 0.0 { (near * 0.9, near * 1.2) } else { (near - 1.0, near + 0.5) };
    let steps = frame.steps();
    let grown = match wish.slope {
        Some(_) => format!("0+{}x{steps}", number(frame.step_seconds())),
        None => format!("100x{steps}"),
    };
    let rows = [
        (number(low), format!("0x{steps}")),
        (number(high), grown.clone()),
        ("+Inf".to_owned(), grown),
    ];
    for (bound, numbers) in rows {
        let mut values = values.clone();
        values.insert("le".to_owned(), bound);
        out.push((shown(&values), numbers));
    }
}

/// A number with six digits, without an exponent.
fn number(value: f64) -> String {
    let rounded: f64 = general(value, 6).parse().unwrap_or(value);
    fixed(if rounded == 0.0 { 0.0 } else { rounded })
}

/// `first+stepxtimes`.
fn line(first: f64, step: f64, steps: i64) -> String {
    let (first, step) = (number(first), number(step));
    match step.strip_prefix('-') {
        _ if step == "0" => format!("{first}x{steps}"),
        Some(step) => format!("{first}-{step}x{steps}"),
        None => format!("{first}+{step}x{steps}"),
    }
}

fn numbers(wish: &Wish, copy: usize, frame: Frame) -> String {
    let steps = frame.steps();
    let apart = wish.spread * copy as f64;
    match wish.slope {
        None => line(wish.value.unwrap_or(1.0) + apart, 0.0, steps),
        Some(Slope::PerSecond(slope)) => {
            let grown = slope * frame.seconds();
            let first = match wish.value {
                Some(value) => value - grown,
                None if slope < 0.0 => -grown,
                None => 0.0,
            };
            // A counter begins at nothing, and not below.
            let first = if slope > 0.0 && first < 0.0 { 0.0 } else { first };
            line(first + apart, slope * frame.step_seconds(), steps)
        }
        Some(Slope::Reaching { value, after }) => {
            let last = wish.value.unwrap_or(if value < 0.0 { 100.0 } else { value / 2.0 });
            let slope = (value - last) / after.max(1.0);
            line(last - slope * frame.seconds(), slope * frame.step_seconds(), steps)
        }
        Some(Slope::Late) => {
            let late = (steps / 12).max(1);
            let early = (steps - late - 1).max(0);
            format!("0+1x{early} {}", line(early as f64 + 100.0, 100.0, late))
        }
        Some(Slope::Flapping) => pattern(steps, |index| f64::from(u8::from(index % 2 == 1))),
        Some(Slope::Resetting) => {
            pattern(steps, |index| f64::from(u8::try_from(index % 3).unwrap_or(0)))
        }
    }
}

/// Values one by one, as far back as it makes sense to write them.
fn pattern(steps: i64, value: impl Fn(i64) -> f64) -> String {
    const MOST: i64 = 240;
    let mut parts = Vec::new();
    let written = steps.min(MOST);
    if steps > written {
        parts.push(format!("0x{}", steps - written - 1));
    }
    parts.extend((0..=written).map(|index| fixed(value(index))));
    parts.join(" ")
}
