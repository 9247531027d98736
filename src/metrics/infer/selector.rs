//! Series by name and labels.

use std::rc::Rc;

use super::Typed;
use super::labels::{Label, LabelSet, Loss, LossKind, Origin, Presence, Values};
use super::series::{Series, What};
use super::ty::{Inferred, Shape};
use super::world::World;
use crate::embedded::promql::{LabelMatcher, MatchOp, Node, Selector};
use crate::source::{Extent, Sym};

/// Why a selector cannot mean what it says.
#[derive(Clone, PartialEq, Debug)]
pub enum Fault {
    /// Nothing is known of the metric, or it is not there.
    Metric,
    /// A matcher wants a label that no series has: its number, and whether that is proved.
    Label(usize, bool),
    /// A matcher on a label that no series has, which has no effect: its number, and whether that is proved.
    NoEffect(usize, bool),
    /// A matcher wants a value that the label never has: its number, and whether that is proved.
    Value(usize, bool),
}

/// The type of a selector.
pub(super) fn infer<'q>(node: &'q Node, selector: &'q Selector, world: &World<'_>) -> Typed<'q> {
    let shape = if selector.range.is_some() { Shape::Range } else { Shape::Vector };
    let Some(name) = name_of(selector) else {
        let mut ty = Inferred::unknown(shape);
        ty.has_name = true;
        for matcher in &selector.matchers {
            narrow(&mut ty.labels, matcher);
        }
        return Typed::leaf(node, ty);
    };
    let series = world.series(Sym::new(name));
    let mut ty = Inferred::of_series(&series, node.at, shape);
    let mut faults = Vec::new();
    if !series.is_there()
        && !matches!(series.what, What::Unknown | What::UnknownRecord | What::NotScraped { .. })
    {
        faults.push(Fault::Metric);
    }
    for (number, matcher) in selector.matchers.iter().enumerate() {
        if matcher.label.name == "__name__" {
            continue;
        }
        if let Some(fault) = judge(&series, &ty.labels, number, matcher) {
            faults.push(fault);
        }
    }
    for matcher in selector.matchers.iter().filter(|matcher| matcher.label.name != "__name__") {
        narrow(&mut ty.labels, matcher);
    }
    if faults.iter().any(|fault| !matches!(fault, Fault::NoEffect(..))) {
        // What is wrong is said here: nothing follows from it.
        let mut open = Inferred::unknown(shape);
        open.has_name = true;
        open.empties = ty.empties;
        open.metric = ty.metric;
        open.kind = ty.kind;
        open.unit = ty.unit;
        ty = open;
    }
    Typed { series: Some(series), faults, ..Typed::leaf(node, ty) }
}

/// The only name that series of a selector have.
pub(super) fn name_of(selector: &Selector) -> Option<&str> {
    if let Some(name) = &selector.name {
        return (!name.has_variable()).then_some(name.name.as_str());
    }
    let mut names = selector
        .matchers
        .iter()
        .filter(|matcher| matcher.label.name == "__name__" && matcher.op == MatchOp::Equal);
    let name = names.next()?;
    (!is_variable(&name.value)).then_some(name.value.as_str())
}

/// Whether a value is filled in later, by Grafana or by the program around.
fn is_variable(value: &str) -> bool {
    value.contains(['$', crate::embedded::promql::HOLE]) || value.contains("[[")
}

/// The values that a regular expression means, where it is plain words: `a|b`.
fn plain_values(pattern: &str) -> Option<Vec<&str>> {
    let pattern = pattern.strip_prefix('(').and_then(|it| it.strip_suffix(')')).unwrap_or(pattern);
    let is_plain = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'/' | b':' | b'|' | b' ')
    };
    (!pattern.is_empty() && pattern.bytes().all(is_plain)).then(|| pattern.split('|').collect())
}

/// Whether a pattern matches the empty text, as far as is easily seen.
fn may_be_empty(pattern: &str) -> bool {
    pattern.is_empty()
        || pattern.starts_with('|')
        || pattern.ends_with('|')
        || pattern.contains("||")
        || pattern.contains(['*', '?', '^', '$', '{'])
}

fn judge(
    series: &Series,
    labels: &LabelSet,
    number: usize,
    matcher: &LabelMatcher,
) -> Option<Fault> {
    if is_variable(&matcher.value) || matcher.label.has_variable() {
        return None;
    }
    let wants_value = match matcher.op {
        MatchOp::Equal => !matcher.value.is_empty(),
        MatchOp::Regex => !may_be_empty(&matcher.value),
        MatchOp::NotEqual => matcher.value.is_empty(),
        MatchOp::NotRegex => false,
    };
    let _ = series;
    match labels.presence(Sym::new(&matcher.label.name)) {
        Presence::Gone(_, is_proved) if wants_value => Some(Fault::Label(number, is_proved)),
        Presence::Gone(_, is_proved)
            if !matcher.value.is_empty() || matcher.op == MatchOp::NotRegex =>
        {
            let is_any = matcher.op == MatchOp::Regex;
            (!is_any).then_some(Fault::NoEffect(number, is_proved))
        }
        Presence::Sure(label) | Presence::Possible(label) => {
            let Values::Of(known) = &label.values else { return None };
            let wanted: Vec<&str> = match matcher.op {
                MatchOp::Equal if !matcher.value.is_empty() => vec![matcher.value.as_str()],
                MatchOp::Regex => plain_values(&matcher.value)?,
                MatchOp::Equal | MatchOp::NotEqual | MatchOp::NotRegex => return None,
            };
            let is_known = |value: &&str| known.iter().any(|known| known.as_str() == *value);
            let is_wrong = !wanted.iter().any(is_known) && !wanted.contains(&"");
            is_wrong.then_some(Fault::Value(number, labels.closed().is_some()))
        }
        Presence::Gone(..) | Presence::Unknown => None,
    }
}

/// What a matcher says of the labels of what it lets through.
fn narrow(labels: &mut LabelSet, matcher: &LabelMatcher) {
    if matcher.label.name == "__name__" || matcher.label.has_variable() {
        return;
    }
    let name = Sym::new(&matcher.label.name);
    let known = labels.label(name);
    let origin = known.map_or(Origin::Query, |label| label.origin);
    let before = known.map_or(Values::Any, |label| label.values.clone());
    let put = |labels: &mut LabelSet, values: Values| {
        labels.put(Label { name, is_sure: true, values, origin, decided: Some(matcher.at) });
    };
    let variable = is_variable(&matcher.value);
    match matcher.op {
        MatchOp::Equal if matcher.value.is_empty() => {
            labels.lose(name, Loss { at: matcher.at, kind: LossKind::Emptied }, true);
        }
        MatchOp::Equal if !variable => put(labels, Values::one(Sym::new(&matcher.value))),
        MatchOp::Regex if !variable => match plain_values(&matcher.value) {
            Some(values) if !values.contains(&"") => {
                let values: Rc<[Sym]> = values.into_iter().map(Sym::new).collect();
                put(labels, Values::Of(values));
            }
            Some(_) => {}
            None if !may_be_empty(&matcher.value) => put(labels, before),
            // `.+`
            None if matcher.value == ".+" => put(labels, before),
            None => {}
        },
        MatchOp::NotEqual if matcher.value.is_empty() => put(labels, before),
        MatchOp::NotEqual | MatchOp::NotRegex | MatchOp::Equal | MatchOp::Regex => {}
    }
}

/// The labels of `absent`: what the matchers of its selector say.
pub(super) fn of_absent(selector: &Selector, at: Extent) -> LabelSet {
    let mut labels = LabelSet::none(at, LossKind::Absent);
    let mut twice: Vec<&str> = Vec::new();
    for (number, matcher) in selector.matchers.iter().enumerate() {
        let name = matcher.label.name.as_str();
        if name == "__name__" {
            continue;
        }
        let is_again =
            selector.matchers.iter().take(number).any(|earlier| earlier.label.name == name);
        if is_again {
            // Prometheus drops a label that two matchers speak of, if one of them is an equality.
            twice.push(name);
            continue;
        }
        if matcher.op == MatchOp::Equal && !matcher.value.is_empty() {
            let values = if is_variable(&matcher.value) {
                Values::Any
            } else {
                Values::one(Sym::new(&matcher.value))
            };
            labels.put(Label {
                name: Sym::new(name),
                is_sure: true,
                values,
                origin: Origin::Query,
                decided: Some(matcher.at),
            });
        }
    }
    for name in twice {
        labels.lose(Sym::new(name), Loss { at, kind: LossKind::Absent }, true);
    }
    labels
}
