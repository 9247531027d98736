//! Selectors, and what follows a selector or a query: ranges, offsets, moments.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a match names the rules that its place of the grammar allows"
)]

use pest::iterators::Pair;

use super::build::{Builder, is_filled};
use super::errors;
use super::grammar::Rule;
use super::literal::Number;
use super::tree::{
    AtTime, LabelMatcher, LabelName, MatchOp, Node, NodeKind, RangeModifier, Selector, Subquery,
    TimeSpan,
};
use crate::source::Extent;

impl Selector {
    /// Whether it is a name only, with nothing behind it.
    pub(super) fn is_bare_name(&self) -> bool {
        self.matchers.is_empty()
            && self.braces.is_none()
            && self.range.is_none()
            && self.modifier.is_none()
            && self.offset.is_none()
            && self.at_time.is_none()
    }
}

impl Selector {
    /// Whether its name stands before the braces.
    pub(super) fn has_outer_name(&self) -> bool {
        match (&self.name, self.braces) {
            (Some(name), Some(braces)) => name.at.end <= braces.start,
            (name, _) => name.is_some(),
        }
    }
}

impl Builder<'_, '_> {
    pub(super) fn selector(&mut self, pair: Pair<'_, Rule>) -> Option<Selector> {
        let mut selector = Selector {
            name: None,
            matchers: Vec::new(),
            braces: None,
            range: None,
            modifier: None,
            offset: None,
            at_time: None,
        };
        for part in pair.into_inner() {
            let at = self.at(&part);
            match part.as_rule() {
                Rule::metric => {
                    selector.name = Some(LabelName { name: part.as_str().to_owned(), at });
                }
                _ => {
                    selector.braces = Some(at);
                    for matcher in part.into_inner() {
                        if matcher.as_rule() == Rule::matcher {
                            self.matcher(matcher, &mut selector)?;
                        }
                    }
                }
            }
        }
        Some(selector)
    }

    fn matcher(&mut self, pair: Pair<'_, Rule>, selector: &mut Selector) -> Option<()> {
        let whole = self.at(&pair);
        let mut label: Option<LabelName> = None;
        let mut op = None;
        let mut value = None;
        for part in pair.into_inner() {
            let at = self.at(&part);
            match part.as_rule() {
                Rule::label => label = Some(LabelName { name: part.as_str().to_owned(), at }),
                Rule::match_op => {
                    op = Some(match part.as_str().trim_end() {
                        "=~" => MatchOp::Regex,
                        "!~" => MatchOp::NotRegex,
                        "!=" => MatchOp::NotEqual,
                        _ => MatchOp::Equal,
                    });
                }
                Rule::filled => value = Some((part.as_str().to_owned(), at)),
                _ => {
                    let text = self.unquoted(&part)?;
                    if op.is_some() {
                        value = Some((text, at));
                    } else {
                        label = Some(LabelName { name: text, at });
                    }
                }
            }
        }
        let label = label?;
        match (op, value) {
            (Some(op), Some((value, value_at))) => {
                selector.matchers.push(LabelMatcher { label, op, value, value_at, at: whole });
            }
            // A text alone is the metric's name. A second one is a matcher that nothing fulfils, as Prometheus has it.
            _ => match &selector.name {
                Some(first) if selector.has_outer_name() => {
                    self.wrong(errors::name_twice(label.at, first.at, &first.name));
                }
                Some(_) => selector.matchers.push(LabelMatcher {
                    op: MatchOp::Equal,
                    value: label.name,
                    value_at: label.at,
                    at: label.at,
                    label: LabelName { name: "__name__".to_owned(), at: label.at },
                }),
                None => selector.name = Some(label),
            },
        }
        Some(())
    }

    /// What follows a selector or a query.
    pub(super) fn suffix(&mut self, mut node: Node, pair: Pair<'_, Rule>) -> Node {
        let at = self.at(&pair);
        match pair.as_rule() {
            Rule::range => return self.range(node, pair),
            Rule::offset => {
                let span = self.span_part(pair);
                let slot = match &mut node.kind {
                    NodeKind::Selector(selector) => &mut selector.offset,
                    NodeKind::Subquery(subquery) => &mut subquery.offset,
                    _ => {
                        self.wrong(errors::modifier_place(at, "offset", &node));
                        return node;
                    }
                };
                match slot {
                    Some(first) => {
                        let first = first.at;
                        self.wrong(errors::modifier_twice(at, "offset", first));
                    }
                    None => *slot = Some(span),
                }
            }
            Rule::at_time => {
                let moment = self.moment(pair);
                let slot = match &mut node.kind {
                    NodeKind::Selector(selector) => &mut selector.at_time,
                    NodeKind::Subquery(subquery) => &mut subquery.at_time,
                    _ => {
                        self.wrong(errors::modifier_place(at, "@", &node));
                        return node;
                    }
                };
                match slot {
                    Some((_, first)) => {
                        let first = *first;
                        self.wrong(errors::modifier_twice(at, "@", first));
                    }
                    None => *slot = Some((moment, at)),
                }
            }
            rule => {
                let (modifier, word) = if rule == Rule::kw_anchored {
                    (RangeModifier::Anchored, "anchored")
                } else {
                    (RangeModifier::Smoothed, "smoothed")
                };
                if !self.features().extended_range_selectors {
                    let what = format!("`{word}`");
                    self.wrong(errors::feature(at, &what, "promql-extended-range-selectors"));
                }
                match &mut node.kind {
                    NodeKind::Selector(selector) => match selector.modifier {
                        Some((first, first_at)) if first != modifier => {
                            self.wrong(errors::anchored_and_smoothed(at, first_at));
                        }
                        _ => selector.modifier = Some((modifier, at)),
                    },
                    _ => self.wrong(errors::modifier_place(at, word, &node)),
                }
            }
        }
        node.at = Extent::new(node.at.start, at.end);
        node
    }

    fn range(&mut self, mut node: Node, pair: Pair<'_, Rule>) -> Node {
        let at = self.at(&pair);
        let whole = Extent::new(node.at.start, at.end);
        let mut spans: Vec<TimeSpan> = Vec::new();
        let mut is_subquery = false;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::span => {
                    let span = self.span(part);
                    if span.op.seconds().is_some_and(|seconds| seconds <= 0.0) {
                        self.wrong(errors::span_of_nothing(span.at, spans.is_empty()));
                    }
                    spans.push(span);
                }
                Rule::colon => is_subquery = true,
                _ => {}
            }
        }
        let mut spans = spans.into_iter();
        let Some(range) = spans.next() else { return node };
        if is_subquery {
            let subquery =
                Subquery { of: node, range, step: spans.next(), offset: None, at_time: None };
            return Node { at: whole, kind: NodeKind::Subquery(Box::new(subquery)) };
        }
        match &mut node.kind {
            NodeKind::Selector(selector) if selector.range.is_some() => {
                self.wrong(errors::range_twice(at));
            }
            NodeKind::Selector(selector) => {
                let before = selector
                    .offset
                    .as_ref()
                    .map(|offset| ("offset", offset.at))
                    .or(selector.at_time.as_ref().map(|(_, at)| ("@", *at)));
                match before {
                    Some((word, first)) => {
                        self.wrong(errors::range_after_modifier(at, word, first));
                    }
                    None => selector.range = Some(range),
                }
            }
            _ => {
                let shown = at.of(self.text).to_owned();
                self.wrong(errors::range_place(at, &shown, &node));
            }
        }
        node.at = whole;
        node
    }

    fn moment(&mut self, pair: Pair<'_, Rule>) -> AtTime {
        let mut is_minus = false;
        let mut found = AtTime::Unix(0.0);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::sign => is_minus = part.as_str() == "-",
                Rule::moment if part.as_str().eq_ignore_ascii_case("start") => {
                    found = AtTime::Start;
                }
                Rule::moment => found = AtTime::End,
                Rule::number if !is_filled(part.as_str()) => {
                    let at = self.at(&part);
                    let seconds = self.number(&part).map_or(0.0, Number::value);
                    if !seconds.is_finite() || seconds.abs() >= 9.2e18 {
                        self.wrong(errors::no_moment(at));
                    }
                    found = AtTime::Unix(if is_minus { -seconds } else { seconds });
                }
                Rule::number | Rule::filled => found = AtTime::Variable,
                _ => {}
            }
        }
        found
    }
}
