//! Which labels the series of a query have, where its text alone says so.

use super::build::is_filled;
use super::functions::{Effect, function};
use super::tree::{Aggregate, Aggregation, Binary, Call, LabelName, MatchOp, Node, NodeKind};
use super::types::{ValueType, value_type};
use super::{Options, parsed};
use crate::source::Extent;

/// The labels of every series that a query yields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Labels {
    /// Their names, in the order written. No other label is there.
    pub names: Vec<String>,
    /// What keeps only these: `by (instance)`, or the word of an aggregation without a grouping.
    pub at: Extent,
}

/// The labels that a query yields; none where they depend on more than its text, in which a [`HOLE`](super::HOLE) is anything that fits.
pub fn labels(query: &str) -> Option<Labels> {
    let options = Options { grafana: true, holes: true, features: None };
    let query = parsed(query, options).ok()?;
    // A list of labels may be filled in later: then they are not known.
    of(&query.root).filter(|found| !found.names.iter().any(|name| is_filled(name)))
}

fn of(node: &Node) -> Option<Labels> {
    match &node.kind {
        NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::Variable(_) => None,
        // Its labels are those that its metric has.
        NodeKind::Selector(_) => None,
        NodeKind::Subquery(subquery) => of(&subquery.of),
        NodeKind::Unary { of: inner, .. } | NodeKind::Parens(inner) => of(inner),
        NodeKind::Binary(binary) => of_binary(binary),
        NodeKind::Aggregate(aggregate) => of_aggregate(aggregate),
        NodeKind::Call(call) => of_call(call, node.at),
    }
}

fn names(labels: &[LabelName]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for label in labels {
        if !names.contains(&label.name) {
            names.push(label.name.clone());
        }
    }
    names
}

fn of_aggregate(aggregate: &Aggregate) -> Option<Labels> {
    if aggregate.op.chooses() {
        return of(&aggregate.of);
    }
    let mut found = match &aggregate.grouping {
        None => Labels { names: Vec::new(), at: aggregate.op_at },
        Some(by) if !by.is_without => {
            let wanted = names(&by.labels);
            let kept = match of(&aggregate.of) {
                // What is lost inside does not come back.
                Some(inner) => {
                    wanted.into_iter().filter(|name| inner.names.contains(name)).collect()
                }
                None => wanted,
            };
            Labels { names: kept, at: by.at }
        }
        Some(without) => {
            let inner = of(&aggregate.of)?;
            let lost = names(&without.labels);
            let kept = inner.names.into_iter().filter(|name| !lost.contains(name)).collect();
            Labels { names: kept, at: without.at }
        }
    };
    if aggregate.op == Aggregation::CountValues {
        let label = aggregate.parameter.as_ref()?.text()?;
        if !found.names.iter().any(|name| name == label) {
            found.names.push(label.to_owned());
        }
    }
    Some(found)
}

fn of_binary(binary: &Binary) -> Option<Labels> {
    if binary.op.is_set() {
        return match binary.op {
            super::BinaryOp::Or => {
                let (mut left, right) = (of(&binary.left)?, of(&binary.right)?);
                for name in right.names {
                    if !left.names.contains(&name) {
                        left.names.push(name);
                    }
                }
                Some(left)
            }
            _ => of(&binary.left),
        };
    }
    match (value_type(&binary.left), value_type(&binary.right)) {
        (ValueType::Scalar, _) => of(&binary.right),
        (_, ValueType::Scalar) => of(&binary.left),
        // A number that is filled in later changes no label, and a query that is must have the same ones.
        (ValueType::Vector, ValueType::Unknown) if binary.matching.is_none() => of(&binary.left),
        (ValueType::Unknown, ValueType::Vector) if binary.matching.is_none() => of(&binary.right),
        (ValueType::Vector, ValueType::Vector) => {
            let Some(matching) = &binary.matching else {
                // Both sides have the same labels where anything matches.
                return of(&binary.left).or_else(|| of(&binary.right));
            };
            match (&matching.group, matching.is_on) {
                (None, true) => Some(Labels { names: names(&matching.labels), at: matching.at }),
                (None, false) => {
                    let lost = names(&matching.labels);
                    let mut inner = of(&binary.left)?;
                    inner.names.retain(|name| !lost.contains(name));
                    Some(inner)
                }
                (Some((side, more, _)), _) => {
                    let many = match side {
                        super::Side::Left => of(&binary.left)?,
                        super::Side::Right => of(&binary.right)?,
                    };
                    let mut names_kept = many.names;
                    for name in names(more) {
                        if !names_kept.contains(&name) {
                            names_kept.push(name);
                        }
                    }
                    Some(Labels { names: names_kept, at: many.at })
                }
            }
        }
        _ => None,
    }
}

fn of_call(call: &Call, at: Extent) -> Option<Labels> {
    let function = function(&call.name)?;
    let series = call
        .args
        .iter()
        .find(|arg| matches!(value_type(arg), ValueType::Vector | ValueType::Range));
    match function.effect {
        Effect::Constant | Effect::Scalar => {
            (function.gives == ValueType::Vector).then(|| Labels { names: Vec::new(), at })
        }
        Effect::Date if call.args.is_empty() => Some(Labels { names: Vec::new(), at }),
        Effect::Info => None,
        Effect::Absent => Some(Labels { names: absent(call.args.first()?), at: call.name_at }),
        Effect::Quantile if call.name == "histogram_quantiles" => None,
        Effect::Quantile | Effect::Fraction => {
            let mut inner = of(series?)?;
            inner.names.retain(|name| name != "le");
            Some(inner)
        }
        Effect::LabelReplace | Effect::LabelJoin => {
            let mut inner = of(series?)?;
            let label = call.args.get(1)?.text()?;
            if !inner.names.iter().any(|name| name == label) {
                inner.names.push(label.to_owned());
            }
            Some(inner)
        }
        _ => of(series?),
    }
}

/// The labels that a selector fixes to one value each.
fn absent(of: &Node) -> Vec<String> {
    let NodeKind::Selector(selector) = &of.bare().kind else { return Vec::new() };
    let equal = |name: &str| {
        let mut of_name = selector.matchers.iter().filter(|matcher| matcher.label.name == name);
        of_name.next().is_some_and(|matcher| matcher.op == MatchOp::Equal)
            && of_name.next().is_none()
    };
    let mut names = Vec::new();
    for matcher in &selector.matchers {
        let name = &matcher.label.name;
        if name != "__name__" && equal(name) && !matcher.value.is_empty() {
            names.push(name.clone());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::labels;
    use proptest::prelude::*;

    /// The labels that a query yields, and what keeps them.
    fn check(query: &str, expected: Option<(&str, &str)>) {
        let found = labels(query);
        let found = found.as_ref().map(|found| (found.names.join(","), found.at.of(query)));
        let found = found.as_ref().map(|(names, at)| (names.as_str(), *at));
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn what_a_query_says_itself() {
        check("sum by (instance) (up) == 0", Some(("instance", "by (instance)")));
        check("sum(up) by (a, b,)", Some(("a,b", "by (a, b,)")));
        check("SUM BY(a)(rate(x[5m])) > BOOL 0.5", Some(("a", "BY(a)")));
        check("count(up)", Some(("", "count")));
        check("100 * (1 - avg by (node) (x{a=\")\"}))", Some(("node", "by (node)")));
        check("1e-3 < quantile by (\"a.b\") (0.9, x)", Some(("a.b", "by (\"a.b\")")));
        check("(sum by () (up)) # by (b)\n / 2 ^ -1", Some(("", "by ()")));
        check("max by (a) (topk(3, x)) == Inf", Some(("a", "by (a)")));
        check("topk(3, sum by (a) (x))", Some(("a", "by (a)")));
        check("count_values by (a) (\"b\", up)", Some(("a,b", "by (a)")));
        check("sum by (a, b) (x) / on (a) y", Some(("a", "on (a)")));
        check("sum by (a) (x) / sum by (a) (y)", Some(("a", "by (a)")));
        check("sum by (a) (x) and up", Some(("a", "by (a)")));
        check("sum without (a) (max by (a, b) (x))", Some(("b", "without (a)")));
        check("sum by (a, c) (max by (a, b) (x))", Some(("a", "by (a, c)")));
        check("histogram_quantile(0.9, sum by (le, a) (x))", Some(("a", "by (le, a)")));
        check(
            "label_replace(sum by (a) (x), \"b\", \"$1\", \"a\", \"(.*)\")",
            Some(("a,b", "by (a)")),
        );
        check("absent(up{job=\"a\", ns=~\"b\"})", Some(("job", "absent")));
        check("absent(sum(up))", Some(("", "absent")));
        check("max_over_time(sum by (a) (x)[5m:1m])", Some(("a", "by (a)")));
        check("vector(1)", Some(("", "vector(1)")));
        check("sum by (a) (x[\u{1a}:]) > \u{1a}", None);
        check("sum by (a) (rate(x[\u{1a}])) > \u{1a}", Some(("a", "by (a)")));
        check("sum by (a, \u{1a}) (x)", None);
    }

    #[test]
    fn everything_else_is_open() {
        for query in [
            "up",
            "up == 0",
            "sum without (a) (up)",
            "sum(up) without (a)",
            "topk by (a) (3, up)",
            "sum by (a) (x) or up",
            "rate(up[5m])",
            "up * on (a) group_left (b) x",
            "1 == bool 1",
            "sum",
            "sum by (a",
            "sum by (a b) (x)",
            "sum(x) \"",
            "",
        ] {
            check(query, None);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(query in r#"(sum|by|without|[(),\[\]{}"'`\\#\n =<>-]|up|[0-9]{1,3}|é){0,40}"#) {
            if let Some(found) = labels(&query) {
                prop_assert!(!found.at.of(&query).is_empty());
            }
        }
    }
}
