//! Functions on labels, and those on missing series.

use super::eval::{Engine, Sample, unique};
use super::fault::Fault;
use super::labels::{Labels, NAME};
use crate::embedded::promql::{LabelMatcher, MatchOp, Node, NodeKind};
use crate::source::Sym;

impl<'q> Engine<'q> {
    /// `label_replace(v, dst, replacement, src, regex)`.
    pub(super) fn label_replace(
        &mut self,
        samples: Vec<Sample>,
        texts: &[&str],
    ) -> Result<Vec<Sample>, Fault> {
        let [to, replacement, from, pattern] = texts else {
            return Err(Fault::Type("a number"));
        };
        let (to, from) = (Sym::new(to), Sym::new(from));
        let regex = self.regex(pattern)?;
        let mut out = Vec::new();
        for mut sample in samples {
            let value = sample.labels.get(from).as_str();
            if let Some(found) = regex.captures(value) {
                let mut text = String::new();
                found.expand(replacement, &mut text);
                sample.labels = sample.labels.with(to, Sym::new(&text));
            }
            out.push(sample);
        }
        unique(out)
    }
}

/// `label_join(v, dst, separator, src..)`.
pub(super) fn label_join(samples: Vec<Sample>, texts: &[&str]) -> Result<Vec<Sample>, Fault> {
    let [to, separator, from @ ..] = texts else { return Err(Fault::Type("a number")) };
    let to = Sym::new(to);
    let from: Vec<Sym> = from.iter().map(|name| Sym::new(name)).collect();
    let join = |mut sample: Sample| {
        let values: Vec<&str> = from.iter().map(|name| sample.labels.get(*name).as_str()).collect();
        sample.labels = sample.labels.with(to, Sym::new(&values.join(separator)));
        sample
    };
    unique(samples.into_iter().map(join).collect())
}

/// The labels of what is absent: those that the selector says with one value each.
pub(super) fn absent_labels(node: &Node) -> Labels {
    let matchers: &[LabelMatcher] = match &node.kind {
        NodeKind::Selector(selector) => &selector.matchers,
        NodeKind::Parens(of) => return absent_labels(of),
        _ => &[],
    };
    let mut seen: Vec<Sym> = Vec::new();
    let mut labels = Labels::default();
    for matcher in matchers {
        let name = Sym::new(&matcher.label.name);
        if name == *NAME {
            continue;
        }
        if matcher.op == MatchOp::Equal && !seen.contains(&name) {
            labels = labels.with(name, Sym::new(&matcher.value));
            seen.push(name);
        } else {
            labels = labels.with(name, Sym::EMPTY);
        }
    }
    labels
}

/// Samples in the order of some labels, numbers in their texts by size; then of all labels.
pub(super) fn sort_by_label(mut samples: Vec<Sample>, names: &[&str], falls: bool) -> Vec<Sample> {
    let key = |sample: &Sample| -> (Vec<Vec<Run>>, Vec<(&'static str, &'static str)>) {
        let runs = names.iter().map(|name| runs(sample.labels.value(name))).collect();
        (runs, sample.labels.pairs())
    };
    samples.sort_by_cached_key(key);
    if falls {
        samples.reverse();
    }
    samples
}

/// A run of a text: digits are compared as numbers.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Run {
    Digits(usize, String),
    Text(String),
}

fn runs(text: &str) -> Vec<Run> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        out.push(if is_digit {
            let digits = run.trim_start_matches('0');
            Run::Digits(digits.len(), digits.to_owned())
        } else {
            Run::Text(run.to_owned())
        });
        rest = after;
    }
    out
}
