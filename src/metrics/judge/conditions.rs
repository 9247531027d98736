//! Comparisons, and alerts without one.

use super::context::Cx;
use crate::embedded::promql::{Aggregation, Binary, BinaryOp, NodeKind};
use crate::metrics::errors::{self, Use};
use crate::metrics::infer::{Domain, Empties, Inferred, Kind, Quantity, Shape, Typed, What};
use crate::source::Extent;

pub(super) fn check(cx: &mut Cx<'_, '_>) {
    let root = cx.root;
    root.walk(&mut |node, around| {
        let (NodeKind::Binary(binary), [left, right]) = (&node.node.kind, node.parts.as_slice())
        else {
            return;
        };
        if !binary.op.is_comparison() {
            return;
        }
        let is_inside_sum = around.iter().any(|it| matches!(it.node.kind, NodeKind::Aggregate(_)));
        if binary.bool_at.is_none() || !is_inside_sum {
            bounds(cx, binary, left, right);
        }
        counts(cx, binary, left, right);
    });
    if cx.usage != Use::Panel {
        divisions(cx);
    }
}

/// `sum(rate(a[5m]) / rate(b[5m]))`
fn divisions(cx: &mut Cx<'_, '_>) {
    let root = cx.root;
    root.walk(&mut |node, around| {
        let (NodeKind::Binary(binary), [left, right]) = (&node.node.kind, node.parts.as_slice())
        else {
            return;
        };
        if binary.op != BinaryOp::Div || left.ty.shape != Shape::Vector || !may_rest(right) {
            return;
        }
        let Some((at, word)) = spoiled(around) else { return };
        let shown = right.bare().node.at.of(cx.text);
        let problem =
            errors::divided_by_zero(cx.at(right.node.at), shown, (cx.at(at), word), cx.usage);
        cx.push(problem);
    });
}

/// Whether a part of a query is 0 while nothing happens: how counters grow, and sums of that.
fn may_rest(of: &Typed<'_>) -> bool {
    let of = of.bare();
    match &of.node.kind {
        NodeKind::Call(call) => matches!(call.name.as_str(), "rate" | "irate" | "increase"),
        NodeKind::Aggregate(aggregate) => {
            matches!(
                aggregate.op,
                Aggregation::Sum | Aggregation::Avg | Aggregation::Max | Aggregation::Min
            ) && of.parts.first().is_some_and(may_rest)
        }
        NodeKind::Binary(binary) if binary.op == BinaryOp::Add => of.parts.iter().all(may_rest),
        _ => false,
    }
}

/// What puts the quotients of all series together, where nothing between leaves some out.
fn spoiled<'t>(around: &[&'t Typed<'_>]) -> Option<(Extent, &'t str)> {
    for it in around.iter().rev() {
        match &it.node.kind {
            NodeKind::Parens(_) | NodeKind::Unary { .. } | NodeKind::Subquery(_) => {}
            NodeKind::Binary(binary) if !binary.op.is_comparison() && !binary.op.is_set() => {}
            NodeKind::Call(call) => match call.name.as_str() {
                "avg_over_time" | "sum_over_time" => return Some((call.name_at, &call.name)),
                "abs" | "ceil" | "floor" | "round" | "clamp" | "clamp_min" | "clamp_max"
                | "label_replace" | "label_join" | "sort" | "sort_desc" => {}
                _ => return None,
            },
            NodeKind::Aggregate(aggregate) => {
                let sums = matches!(
                    aggregate.op,
                    Aggregation::Sum | Aggregation::Avg | Aggregation::Stddev | Aggregation::Stdvar
                );
                return sums.then(|| (aggregate.op_at, aggregate.op.word()));
            }
            _ => return None,
        }
    }
    None
}

/// The same comparison with the sides the other way round.
const fn turned(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Gt => BinaryOp::Lt,
        BinaryOp::Lt => BinaryOp::Gt,
        BinaryOp::Ge => BinaryOp::Le,
        BinaryOp::Le => BinaryOp::Ge,
        other => other,
    }
}

fn bounds(cx: &mut Cx<'_, '_>, binary: &Binary, left: &Typed<'_>, right: &Typed<'_>) {
    let (of, op, number) = match (left.ty.shape, right.ty.number) {
        (Shape::Vector, Some(number)) if right.ty.shape == Shape::Scalar => {
            (left, binary.op, number)
        }
        _ => match (left.ty.number, right.ty.shape) {
            (Some(number), Shape::Vector) if left.ty.shape == Shape::Scalar => {
                (right, turned(binary.op), number)
            }
            _ => return,
        },
    };
    if of.ty.number.is_some() || number.is_nan() {
        return;
    }
    let (at, of_at) = (cx.at(binary.op_at), cx.at(of.node.at));
    let (low, high) = of.ty.domain.bounds();
    let why = match of.ty.domain {
        Domain::Any => "",
        Domain::NotNegative => "0 or more",
        Domain::Count => "1 or more: of nothing there is no count",
        Domain::Bool => "0 or 1",
        Domain::One => "always 1",
    };
    let is_always = match op {
        BinaryOp::Ge => low >= number,
        BinaryOp::Gt => low > number,
        BinaryOp::Le => high <= number,
        BinaryOp::Lt => high < number,
        BinaryOp::Ne => number < low || number > high,
        _ => false,
    };
    // `count(..) > 0` and `info == 1` ask whether there is something.
    let asks_presence = matches!(of.ty.domain, Domain::Count | Domain::One);
    if is_always && !asks_presence {
        let problem = errors::always_true(at, of_at, why, cx.usage);
        cx.push(problem);
        return;
    }
    let is_never = match op {
        BinaryOp::Lt => low >= number,
        BinaryOp::Le => low > number,
        BinaryOp::Gt => high <= number,
        BinaryOp::Ge => high < number,
        #[expect(clippy::float_cmp, reason = "the bounds are whole")]
        BinaryOp::Eq => {
            number < low
                || number > high
                || matches!(of.ty.domain, Domain::Bool) && number != number.round()
        }
        BinaryOp::Ne => matches!(of.ty.domain, Domain::One) && (number - 1.0).abs() < f64::EPSILON,
        _ => false,
    };
    // An empty count is told of as that.
    if is_never && !(of.ty.empties.is_filtered() && of.ty.domain == Domain::Count) {
        let problem = errors::never_true(at, of_at, why, cx.usage);
        cx.push(problem);
        return;
    }
    let is_share = of.ty.unit.of == Quantity::Ratio && !of.ty.unit.is_rate;
    if is_share && number > 10.0 {
        match op {
            BinaryOp::Gt | BinaryOp::Ge => {
                let problem = errors::percent_of_ratio(at, of_at, number, true, cx.usage);
                cx.push(problem);
            }
            BinaryOp::Lt | BinaryOp::Le => {
                let problem = errors::percent_of_ratio(at, of_at, number, false, cx.usage);
                cx.push(problem);
            }
            _ => {}
        }
    }
}

/// `count(x == 1) < 3`
fn counts(cx: &mut Cx<'_, '_>, binary: &Binary, left: &Typed<'_>, right: &Typed<'_>) {
    let (small, op, large) = match binary.op {
        BinaryOp::Lt | BinaryOp::Le | BinaryOp::Eq => (left, binary.op, right),
        BinaryOp::Gt | BinaryOp::Ge => (right, turned(binary.op), left),
        _ => return,
    };
    let holds_for_nothing = match (op, large.ty.number) {
        (BinaryOp::Lt, Some(number)) => number > 0.0,
        (BinaryOp::Le, Some(number)) => number >= 0.0,
        (BinaryOp::Eq, Some(number)) => number == 0.0,
        (BinaryOp::Eq, None) => false,
        (_, None) => true,
        _ => false,
    };
    if !holds_for_nothing {
        return;
    }
    let Some((aggregate, filter)) = counted(small) else { return };
    let NodeKind::Aggregate(of) = &aggregate.node.kind else { return };
    let has_labels = of.grouping.as_ref().is_some_and(|it| !it.labels.is_empty() || it.is_without);
    let problem = errors::count_empty(
        cx.at(of.op_at),
        of.op.word(),
        cx.at(filter),
        cx.at(binary.op_at),
        has_labels,
    );
    cx.push(problem);
}

/// The count or sum of what a comparison lets through, as far as the value is it.
fn counted<'t, 'q>(of: &'t Typed<'q>) -> Option<(&'t Typed<'q>, Extent)> {
    let of = of.bare();
    match &of.node.kind {
        NodeKind::Aggregate(aggregate)
            if matches!(aggregate.op, Aggregation::Count | Aggregation::Sum) =>
        {
            let inner = of.parts.first()?.bare();
            let NodeKind::Binary(binary) = &inner.node.kind else { return None };
            let filters = binary.op.is_comparison() && binary.bool_at.is_none();
            (filters && inner.ty.empties.is_filtered()).then_some((of, binary.op_at))
        }
        NodeKind::Binary(binary) if matches!(binary.op, BinaryOp::Div | BinaryOp::Mul) => {
            of.parts.first().and_then(counted)
        }
        _ => None,
    }
}

/// Whether an alert has a condition at all.
pub(super) fn check_alert(cx: &mut Cx<'_, '_>) {
    debug_assert_eq!(cx.usage, Use::Alert);
    let root = cx.root;
    let bare = root.bare();
    if root.ty.empties.is_filtered() || root.ty.shape != Shape::Vector || root.ty.number.is_some() {
        return;
    }
    if let NodeKind::Binary(binary) = &bare.node.kind
        && binary.bool_at.is_some()
    {
        let problem = errors::no_condition(cx.at(binary.op_at), true);
        cx.push(problem);
        return;
    }
    if is_decided(bare) {
        let problem = errors::no_condition(cx.at(root.node.at), false);
        cx.push(problem);
    }
}

/// Whether everything that the query selects is known to be there all the time.
fn is_decided(root: &Typed<'_>) -> bool {
    let is_steady = |ty: &Inferred| {
        matches!(ty.kind, Kind::Gauge | Kind::Counter) && ty.empties == Empties::Vanishes
    };
    let is_known = |node: &Typed<'_>| match &node.node.kind {
        NodeKind::Selector(selector) => node.series.as_ref().is_some_and(|series| {
            matches!(series.what, What::Catalogued { .. } | What::Declared)
                && is_steady(&node.ty)
                && selector.matchers.iter().all(|matcher| {
                    matches!(matcher.label.name.as_str(), "job" | "instance" | "namespace")
                })
        }),
        NodeKind::Variable(_) => false,
        _ => true,
    };
    root.any(&|node| matches!(node.node.kind, NodeKind::Selector(_)))
        && !root.any(&|node| !is_known(node))
}
