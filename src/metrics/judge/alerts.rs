//! What queries may do, and alerts should not.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::context::Cx;
use crate::embedded::promql::{BinaryOp, LabelMatcher, MatchOp, NodeKind, Selector};
use crate::metrics::errors;
use crate::metrics::infer::{Shape, Typed};
use crate::metrics::problem::Part;
use crate::metrics::rule::{Group, Rule, RuleKind};
use crate::source::Extent;

/// What other alerts watch over.
#[derive(Debug, Default)]
pub(super) struct Companions {
    /// The matchers of `job` of every `absent(..)`; none where it has none.
    absent: Vec<Option<(MatchOp, String)>>,
}

impl Companions {
    /// Of all alerts.
    pub(super) fn of(groups: &[Group], typed: &FxHashMap<&str, Rc<Typed<'_>>>) -> Self {
        let mut absent = Vec::new();
        for rule in groups.iter().flat_map(|group| &group.rules) {
            // Most queries do not ask for what is not there.
            if !matches!(rule.kind, RuleKind::Alert { .. }) || !rule.expr.contains("absent") {
                continue;
            }
            let Some(root) = typed.get(rule.expr.as_str()) else { continue };
            root.walk(&mut |node, around| {
                let NodeKind::Selector(selector) = &node.node.kind else { return };
                if is_absent(around) {
                    absent.push(job(selector).map(|it| (it.op, it.value.clone())));
                }
            });
        }
        absent.sort_by(|a, b| {
            let text = |it: &Option<(MatchOp, String)>| it.as_ref().map(|(_, text)| text.clone());
            text(a).cmp(&text(b))
        });
        absent.dedup();
        Self { absent }
    }

    fn watch(&self, matcher: &LabelMatcher) -> bool {
        self.absent.iter().any(|absent| match absent {
            None => false,
            Some((op, value)) => *op == matcher.op && *value == matcher.value,
        })
    }
}

fn is_absent(around: &[&Typed<'_>]) -> bool {
    around.iter().any(|node| match &node.node.kind {
        NodeKind::Call(call) => call.name.starts_with("absent"),
        _ => false,
    })
}

fn job(selector: &Selector) -> Option<&LabelMatcher> {
    let is_wanted = |op| matches!(op, MatchOp::Equal | MatchOp::Regex);
    selector.matchers.iter().find(|it| it.label.name == "job" && is_wanted(it.op))
}

pub(super) fn check(cx: &mut Cx<'_, '_>, rule: &Rule, pending: f64, others: &Companions) {
    let root = cx.root;
    root.walk(&mut |node, _| match &node.node.kind {
        NodeKind::Call(call) if call.name == "irate" => {
            let problem = errors::irate(cx.at(call.name_at));
            cx.push(problem);
        }
        // With a grouping it is a way to say which one of equal series counts.
        NodeKind::Aggregate(aggregate)
            if aggregate.op.chooses() && aggregate.grouping.is_none() =>
        {
            let problem = errors::topk(cx.at(aggregate.op_at), aggregate.op.word());
            cx.push(problem);
        }
        _ => {}
    });
    vanishes(cx, others);
    patience(cx, pending);
    if pending == 0.0 && rule.expr.contains("absent") {
        at_once(cx);
    }
}

/// `up{job="x"} == 0`
fn vanishes(cx: &mut Cx<'_, '_>, others: &Companions) {
    let root = cx.root;
    let asks_absent = root.any(&|node| match &node.node.kind {
        NodeKind::Call(call) => call.name.starts_with("absent"),
        _ => false,
    });
    if asks_absent {
        return;
    }
    let mut found = None;
    root.walk(&mut |node, around| {
        let (NodeKind::Binary(binary), [left, right]) = (&node.node.kind, node.parts.as_slice())
        else {
            return;
        };
        // What is left out by `unless` may be gone.
        let is_condition = around.iter().all(|it| match &it.node.kind {
            NodeKind::Parens(_) => true,
            NodeKind::Binary(outer) => matches!(outer.op, BinaryOp::And | BinaryOp::Or),
            _ => false,
        });
        let is_down = match (binary.op, right.ty.number) {
            (BinaryOp::Eq, Some(number)) => number == 0.0,
            (BinaryOp::Lt, Some(number)) => number > 0.0 && number <= 1.0,
            (BinaryOp::Ne, Some(number)) => (number - 1.0).abs() < f64::EPSILON,
            _ => false,
        };
        let bare = left.bare();
        if let NodeKind::Selector(selector) = &bare.node.kind
            && selector.name.as_ref().is_some_and(|name| name.name == "up")
            && selector.offset.is_none()
            && is_condition
            && is_down
            && let Some(matcher) = job(selector)
            && !others.watch(matcher)
        {
            found.get_or_insert((bare.node.at, node.node.at));
        }
    });
    if let Some((at, whole)) = found {
        let selector = at.of(cx.text);
        let end = cx.root.node.at.end;
        let end = (whole == cx.root.bare().node.at).then(|| cx.at(Extent::new(end, end)));
        let problem = errors::target_vanishes(cx.at(at), selector, end);
        cx.push(problem);
    }
}

/// `for`, against the range and the interval of evaluations.
fn patience(cx: &mut Cx<'_, '_>, pending: f64) {
    if pending <= 0.0 {
        return;
    }
    let place = cx.part(Part::For, None);
    if let Some(interval) = cx.interval
        && pending < interval * 2.0
    {
        let problem = errors::pending_too_short(place, pending, interval);
        cx.push(problem);
        return;
    }
    let root = cx.root.bare();
    let (NodeKind::Binary(binary), [left, right]) = (&root.node.kind, root.parts.as_slice()) else {
        return;
    };
    let is_any = binary.op == BinaryOp::Gt && right.ty.number == Some(0.0)
        || binary.op == BinaryOp::Ge && right.ty.number.is_some_and(|number| number <= 1.0)
        || binary.op == BinaryOp::Ne && right.ty.number == Some(0.0);
    if !is_any {
        return;
    }
    let mut range = None;
    left.walk(&mut |node, around| {
        let inside = around.iter().all(|it| match &it.node.kind {
            NodeKind::Parens(_) | NodeKind::Aggregate(_) => true,
            NodeKind::Call(call) => matches!(call.name.as_str(), "increase" | "changes"),
            _ => false,
        });
        let of_call = around.iter().any(|it| matches!(&it.node.kind, NodeKind::Call(_)));
        if let NodeKind::Selector(selector) = &node.node.kind
            && inside
            && of_call
            && let Some(span) = &selector.range
        {
            range = span.op.seconds().map(|seconds| (span.at, seconds));
        }
    });
    if let Some((at, seconds)) = range
        && pending >= seconds
    {
        let problem = errors::pending_too_long(place, pending, cx.at(at), seconds);
        cx.push(problem);
    }
}

/// `absent` decides the alert, and nothing waits.
fn at_once(cx: &mut Cx<'_, '_>) {
    let root = cx.root;
    let mut found = None;
    root.walk(&mut |node, around| {
        let is_condition = around.iter().all(|it| match &it.node.kind {
            NodeKind::Parens(_) => true,
            NodeKind::Binary(binary) => binary.op == BinaryOp::Or || binary.op.is_comparison(),
            _ => false,
        });
        if let NodeKind::Call(call) = &node.node.kind
            && call.name == "absent"
            && node.ty.shape == Shape::Vector
            && is_condition
        {
            found.get_or_insert(call.name_at);
        }
    });
    if let Some(at) = found {
        let problem = errors::absent_at_once(cx.at(at));
        cx.push(problem);
    }
}
