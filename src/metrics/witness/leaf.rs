//! The selectors of a query, and which labels their series need.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::embedded::promql::{
    Aggregate, Binary, Call, LabelMatcher, MatchOp, Node, NodeKind, Selector, Side,
};
use crate::metrics::engine::whole_regex;

/// Names of labels.
pub(super) type Names = BTreeSet<String>;

/// What a selector chooses from: those that say the same are one.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Leaf {
    /// The metric's name, where the selector has one name.
    pub(super) name: Option<String>,
    /// All matchers.
    pub(super) matchers: Vec<LabelMatcher>,
    /// Labels of which something around the selector speaks.
    pub(super) wants: Names,
}

/// The leaves of a query and of the records in it.
#[derive(Default)]
pub(super) struct Leaves {
    pub(super) all: Vec<Leaf>,
    /// By what the selector says: its name and matchers.
    by_text: BTreeMap<String, usize>,
    /// By the selector itself: the queries live longer.
    by_address: FxHashMap<usize, usize>,
    /// For each leaf those that choose the same series.
    met: Vec<BTreeSet<usize>>,
    /// The longest way back that a selector looks, in milliseconds: range, offset and what is around it.
    pub(super) reach: f64,
    /// The shortest range, in milliseconds.
    pub(super) shortest: Option<f64>,
    /// Labels that hold parts of other labels: `label_replace`'s target, source and pattern.
    pub(super) copies: Vec<(String, String, String)>,
    /// The numbers that are written.
    pub(super) numbers: Vec<f64>,
    /// Whether the time matters.
    pub(super) has_time: bool,
}

/// What tells selectors apart that choose different series.
fn text_of(selector: &Selector) -> String {
    let name = selector.name.as_ref().map_or("", |name| &name.name);
    let mut parts: Vec<String> = selector
        .matchers
        .iter()
        .map(|matcher| format!("{}{:?}{:?}", matcher.label.name, matcher.op, matcher.value))
        .collect();
    parts.sort();
    format!("{name}{{{}", parts.join(","))
}

/// What tells a selector from all others.
fn address(selector: &Selector) -> usize {
    std::ptr::from_ref(selector).addr()
}

impl Leaves {
    /// The leaf of a selector.
    pub(super) fn of(&self, selector: &Selector) -> Option<usize> {
        self.by_address.get(&address(selector)).copied()
    }

    /// Finds which leaves choose one series: their matchers need the same labels, and none of them must have two values.
    pub(super) fn compare(&mut self) {
        let needed = |leaf: &Leaf| -> Names {
            let needed = leaf.matchers.iter().filter(|matcher| needs_value(matcher));
            needed.map(|matcher| matcher.label.name.clone()).collect()
        };
        let differ = |a: &Leaf, b: &Leaf| {
            a.matchers.iter().filter(|fixed| fixed.op == MatchOp::Equal).any(|fixed| {
                let mut same = b.matchers.iter().filter(|b| b.label.name == fixed.label.name);
                same.any(|matcher| !fits(matcher, &fixed.value))
            })
        };
        let all: Vec<(&Leaf, Names)> = self.all.iter().map(|leaf| (leaf, needed(leaf))).collect();
        let meet = |(one, needed): &(&Leaf, Names), (other, also): &(&Leaf, Names)| {
            one.name == other.name && needed == also && !differ(one, other) && !differ(other, one)
        };
        let met = |one| (0..).zip(&all).filter(|(_, it)| meet(one, it)).map(|(at, _)| at).collect();
        self.met = all.iter().map(met).collect();
    }

    /// Whether two leaves choose one series.
    pub(super) fn meet(&self, one: usize, other: usize) -> bool {
        self.met.get(one).is_some_and(|met| met.contains(&other))
    }

    /// Adds the selectors of a query, around which some labels are spoken of.
    pub(super) fn add(&mut self, node: &Node, wants: &Names, back: f64, depth: usize) {
        if depth > DEPTH {
            return;
        }
        let deeper = depth + 1;
        match &node.kind {
            NodeKind::Number(number) => {
                if number.is_finite() && !self.numbers.contains(number) && self.numbers.len() < 8 {
                    self.numbers.push(*number);
                }
            }
            NodeKind::Text(_) | NodeKind::Variable(_) => {}
            NodeKind::Parens(of) | NodeKind::Unary { of, .. } => self.add(of, wants, back, deeper),
            NodeKind::Selector(selector) => self.selector(selector, wants, back),
            NodeKind::Subquery(subquery) => {
                let range = subquery.range.milliseconds().unwrap_or(0.0);
                let offset = subquery.offset.as_ref().and_then(|span| span.milliseconds());
                // Its steps have to meet samples.
                if let Some(step) = subquery.step.as_ref().and_then(|span| span.milliseconds()) {
                    self.shorten(step * 4.0);
                }
                self.add(
                    &subquery.of,
                    wants,
                    back + range + offset.unwrap_or(0.0).max(0.0),
                    deeper,
                );
            }
            NodeKind::Binary(binary) => self.binary(binary, wants, back, deeper),
            NodeKind::Aggregate(aggregate) => {
                let wants = inner_wants(aggregate, wants);
                self.add(&aggregate.of, &wants, back, deeper);
                if let Some(parameter) = &aggregate.parameter {
                    self.add(parameter, &Names::new(), back, deeper);
                }
            }
            NodeKind::Call(call) => self.call(call, wants, back, deeper),
        }
    }

    fn shorten(&mut self, range: f64) {
        self.shortest = Some(self.shortest.map_or(range, |known| known.min(range)));
    }

    fn selector(&mut self, selector: &Selector, wants: &Names, back: f64) {
        let range = selector.range.as_ref().and_then(|span| span.milliseconds());
        let offset = selector.offset.as_ref().and_then(|span| span.milliseconds()).unwrap_or(0.0);
        self.reach = self.reach.max(back + range.unwrap_or(0.0) + offset.max(0.0));
        if let Some(range) = range {
            self.shorten(range);
        }
        let text = text_of(selector);
        let index = self.by_text.get(&text).copied().unwrap_or(self.all.len());
        self.by_address.insert(address(selector), index);
        if let Some(leaf) = self.all.get_mut(index) {
            leaf.wants.extend(wants.iter().cloned());
            return;
        }
        let by_matcher = || {
            let mut names = selector
                .matchers
                .iter()
                .filter(|matcher| matcher.label.name == "__name__" && matcher.op == MatchOp::Equal);
            names.next().map(|matcher| matcher.value.clone())
        };
        let name = selector.name.as_ref().map(|name| name.name.clone()).or_else(by_matcher);
        self.by_text.insert(text, index);
        self.all.push(Leaf { name, matchers: selector.matchers.clone(), wants: wants.clone() });
    }

    fn binary(&mut self, binary: &Binary, wants: &Names, back: f64, depth: usize) {
        let mut left = wants.clone();
        let mut right = wants.clone();
        match &binary.matching {
            Some(matching) if matching.is_on => {
                let on: Names = matching.labels.iter().map(|label| label.name.clone()).collect();
                let keeps_all = binary.op.is_set() || matching.group.is_some();
                if keeps_all {
                    // The other side gives what is asked for, and nothing else.
                    right = on.clone();
                    if let Some((side, more, _)) = &matching.group {
                        right.extend(more.iter().map(|label| label.name.clone()));
                        left.retain(|name| !more.iter().any(|label| label.name == *name));
                        if *side == Side::Right {
                            std::mem::swap(&mut left, &mut right);
                        }
                    }
                    left.extend(on.iter().cloned());
                    right.extend(on);
                } else {
                    left.clone_from(&on);
                    right = on;
                }
            }
            other => {
                // Labels must be equal on both sides: what one side says, the other one has.
                let skipped: Names = other
                    .iter()
                    .flat_map(|matching| matching.labels.iter().map(|label| label.name.clone()))
                    .collect();
                let shown = |node: &Node| -> Names {
                    let mut names = Names::new();
                    shown_labels(node, &mut names, 0);
                    names.difference(&skipped).cloned().collect()
                };
                let (of_left, of_right) = (shown(&binary.left), shown(&binary.right));
                if binary.op != crate::embedded::promql::BinaryOp::Or {
                    left.extend(of_right);
                    right.extend(of_left);
                }
                left.retain(|name| !skipped.contains(name) || wants.contains(name));
                right.retain(|name| !skipped.contains(name));
            }
        }
        self.add(&binary.left, &left, back, depth);
        self.add(&binary.right, &right, back, depth);
    }

    fn call(&mut self, call: &Call, wants: &Names, back: f64, depth: usize) {
        let mut wants = wants.clone();
        let text = |index: usize| call.args.get(index).and_then(Node::text);
        match call.name.as_str() {
            "label_replace" => {
                if let (Some(to), Some(from), Some(pattern)) = (text(1), text(3), text(4)) {
                    wants.remove(to);
                    if !from.is_empty() {
                        wants.insert(from.to_owned());
                        self.copies.push((to.to_owned(), from.to_owned(), pattern.to_owned()));
                    }
                }
            }
            "label_join" => {
                if let Some(to) = text(1) {
                    wants.remove(to);
                }
                wants.extend((3..call.args.len()).filter_map(text).map(str::to_owned));
            }
            "absent" | "absent_over_time" | "scalar" => wants = Names::new(),
            "time" => self.has_time = true,
            _ => {}
        }
        for arg in &call.args {
            self.add(arg, &wants, back, depth);
        }
    }
}

/// How deep a query is looked into.
pub(super) const DEPTH: usize = 100;

fn inner_wants(aggregate: &Aggregate, wants: &Names) -> Names {
    let named = |aggregate: &Aggregate| -> Names {
        let labels = aggregate.grouping.iter().flat_map(|grouping| grouping.labels.iter());
        labels.map(|label| label.name.clone()).collect()
    };
    let mut inner = match &aggregate.grouping {
        Some(grouping) if grouping.is_without => {
            let mut inner = wants.clone();
            inner.extend(named(aggregate));
            return inner;
        }
        Some(_) => named(aggregate),
        None => Names::new(),
    };
    if aggregate.op.chooses() {
        inner.extend(wants.iter().cloned());
    }
    inner
}

/// The labels that a query's series surely have, by what is written in it.
fn shown_labels(node: &Node, into: &mut Names, depth: usize) {
    if depth > DEPTH {
        return;
    }
    match &node.kind {
        NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::Variable(_) => {}
        NodeKind::Parens(of) | NodeKind::Unary { of, .. } => shown_labels(of, into, depth + 1),
        NodeKind::Subquery(subquery) => shown_labels(&subquery.of, into, depth + 1),
        NodeKind::Selector(selector) => into.extend(
            selector.matchers.iter().filter(|m| needs_value(m)).map(|m| m.label.name.clone()),
        ),
        NodeKind::Binary(binary) => match &binary.matching {
            Some(matching) if matching.is_on && matching.group.is_none() && !binary.op.is_set() => {
                into.extend(matching.labels.iter().map(|label| label.name.clone()));
            }
            _ => {
                shown_labels(&binary.left, into, depth + 1);
                let is_one = binary.matching.as_ref().is_none_or(|m| !m.is_on);
                if is_one && !binary.op.is_set() {
                    shown_labels(&binary.right, into, depth + 1);
                }
            }
        },
        NodeKind::Aggregate(aggregate) => match &aggregate.grouping {
            Some(grouping) if !grouping.is_without => {
                into.extend(grouping.labels.iter().map(|label| label.name.clone()));
            }
            Some(grouping) => {
                let mut inner = Names::new();
                shown_labels(&aggregate.of, &mut inner, depth + 1);
                inner.retain(|name| !grouping.labels.iter().any(|label| label.name == *name));
                into.extend(inner);
            }
            None if aggregate.op.chooses() => shown_labels(&aggregate.of, into, depth + 1),
            None => {}
        },
        NodeKind::Call(call) => {
            if !matches!(call.name.as_str(), "absent" | "absent_over_time" | "scalar" | "vector") {
                for arg in &call.args {
                    shown_labels(arg, into, depth + 1);
                }
            }
            if matches!(call.name.as_str(), "histogram_quantile" | "histogram_fraction") {
                into.remove("le");
            }
        }
    }
    into.remove("__name__");
}

/// Whether a series that fits has a value for the label.
pub(super) fn needs_value(matcher: &LabelMatcher) -> bool {
    match matcher.op {
        MatchOp::Equal => !matcher.value.is_empty(),
        MatchOp::NotEqual => matcher.value.is_empty(),
        MatchOp::Regex => !fits_regex(&matcher.value, ""),
        MatchOp::NotRegex => fits_regex(&matcher.value, ""),
    }
}

/// Whether a whole text matches.
pub(super) fn fits_regex(pattern: &str, text: &str) -> bool {
    whole_regex(pattern).is_some_and(|regex| regex.is_match(text))
}

/// Whether a value fits a matcher.
pub(super) fn fits(matcher: &LabelMatcher, value: &str) -> bool {
    match matcher.op {
        MatchOp::Equal => matcher.value == value,
        MatchOp::NotEqual => matcher.value != value,
        MatchOp::Regex => fits_regex(&matcher.value, value),
        MatchOp::NotRegex => !fits_regex(&matcher.value, value),
    }
}
