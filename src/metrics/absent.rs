//! `or absent(..)`: a query that yields a series where those that it asks for are gone, too.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a query has many kinds of nodes, and two of them matter here"
)]

use crate::embedded::promql::{LabelMatcher, Node, NodeKind, Options, Selector, read};
use crate::source::Extent;

/// A query with `or absent(..)` behind it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrAbsent {
    /// The whole query.
    pub text: String,
    /// Where the query that was given stands in it.
    query: Extent,
    /// The selector, in the query that was given.
    selector: Extent,
    /// Where its copy begins in the whole query.
    copy: u32,
}

/// Why there is nothing to ask `absent` of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoAbsence {
    /// The query cannot be read.
    Unreadable,
    /// It selects no series.
    Nothing,
    /// It selects different series: the first two selectors.
    Several(Extent, Extent),
    /// It asks for absence itself.
    Asked(Extent),
}

impl OrAbsent {
    /// Where a part of the whole query stands in the one that was given; none where it was made here.
    pub fn written(&self, at: Extent) -> Option<Extent> {
        let moved = |from: u32, to: u32| Extent::new(at.start - from + to, at.end - from + to);
        if self.query.start <= at.start && at.end <= self.query.end {
            return Some(moved(self.query.start, 0));
        }
        let end = self.copy + self.selector.len();
        (self.copy <= at.start && at.end <= end).then(|| moved(self.copy, self.selector.start))
    }
}

/// A query that fires where the series of its only selector are gone, too.
///
/// # Errors
/// Why it has no single selector.
pub fn or_absent(expr: &str) -> Result<OrAbsent, NoAbsence> {
    let query = read(expr, Options::default()).map_err(|_| NoAbsence::Unreadable)?;
    let mut found: Vec<(&Selector, Extent)> = Vec::new();
    collect(&query.root, &mut found)?;
    let Some(&(first, selector)) = found.first() else { return Err(NoAbsence::Nothing) };
    if let Some((_, other)) = found.iter().find(|(other, _)| !is_same(first, other)) {
        return Err(NoAbsence::Several(selector, *other));
    }
    // A comment would take what follows with it.
    let (open, close) = if expr.contains(['\n', '#']) {
        ("(\n", "\n)\nor\nabsent(")
    } else {
        ("(", ") or absent(")
    };
    let shown = selector.of(expr);
    let start = length(open);
    let end = start + length(expr);
    Ok(OrAbsent {
        text: format!("{open}{expr}{close}{shown})"),
        query: Extent::new(start, end),
        selector,
        copy: end + length(close),
    })
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// Every selector, and where it stands without range and modifiers. The reader of queries bounds how deep nodes lie.
fn collect<'q>(node: &'q Node, found: &mut Vec<(&'q Selector, Extent)>) -> Result<(), NoAbsence> {
    match &node.kind {
        NodeKind::Call(call) if call.name.starts_with("absent") => {
            return Err(NoAbsence::Asked(call.name_at));
        }
        NodeKind::Selector(selector) => {
            let name = selector.name.as_ref().map(|name| name.at);
            let places = [name, selector.braces];
            let at = places.into_iter().flatten().reduce(|one, other| {
                Extent::new(one.start.min(other.start), one.end.max(other.end))
            });
            found.push((selector, at.unwrap_or(node.at)));
        }
        _ => {}
    }
    node.children().into_iter().try_for_each(|child| collect(child, found))
}

/// Whether two selectors mean the same series.
fn is_same(one: &Selector, other: &Selector) -> bool {
    let name = |it: &Selector| it.name.as_ref().map(|name| name.name.clone());
    let is_equal = |a: &LabelMatcher, b: &LabelMatcher| {
        a.label.name == b.label.name && a.op == b.op && a.value == b.value
    };
    let are_in = |these: &Selector, those: &Selector| {
        these.matchers.iter().all(|a| those.matchers.iter().any(|b| is_equal(a, b)))
    };
    name(one) == name(other) && are_in(one, other) && are_in(other, one)
}

#[cfg(test)]
mod tests {
    use super::{NoAbsence, or_absent};
    use crate::source::Extent;

    #[test]
    fn the_only_selector_is_asked_for() {
        let check = |expr: &str, expected: &str| {
            assert_eq!(or_absent(expr).map(|it| it.text), Ok(expected.to_owned()), "{expr}");
        };
        check("up{job=\"a\"} == 0", "(up{job=\"a\"} == 0) or absent(up{job=\"a\"})");
        check("sum(rate(x[5m] offset 1h)) < 1", "(sum(rate(x[5m] offset 1h)) < 1) or absent(x)");
        check(
            "x{b=\"1\",a=\"2\"} / x{a=\"2\",b=\"1\"} > 1",
            "(x{b=\"1\",a=\"2\"} / x{a=\"2\",b=\"1\"} > 1) or absent(x{b=\"1\",a=\"2\"})",
        );
        check("{__name__=\"x\"} == 0", "({__name__=\"x\"} == 0) or absent({__name__=\"x\"})");
        check("x == 0 # gone", "(\nx == 0 # gone\n)\nor\nabsent(x)");
    }

    #[test]
    fn without_one_there_is_nothing_to_ask_for() {
        let check = |expr: &str, expected: NoAbsence| {
            assert_eq!(or_absent(expr), Err(expected), "{expr}");
        };
        check("vector(1) == 1", NoAbsence::Nothing);
        check("a / b > 1", NoAbsence::Several(Extent::new(0, 1), Extent::new(4, 5)));
        check("a == 0 or absent(a)", NoAbsence::Asked(Extent::new(10, 16)));
        check("a ==", NoAbsence::Unreadable);
    }

    #[test]
    fn places_are_those_of_what_was_given() {
        let made = or_absent("up{job=\"a\"} == 0").expect("one selector");
        let at = |text: &str, from: usize| {
            let start =
                made.text.get(from..).and_then(|rest| rest.find(text)).expect("it is there");
            let start = u32::try_from(from + start).expect("short");
            Extent::new(start, start + u32::try_from(text.len()).expect("short"))
        };
        assert_eq!(made.written(at("job", 0)), Some(Extent::new(3, 6)));
        assert_eq!(made.written(at("job", 20)), Some(Extent::new(3, 6)));
        assert_eq!(made.written(at("absent", 0)), None);
    }
}
