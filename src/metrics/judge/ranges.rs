//! Ranges against scrapes, steps and retention.

use super::context::Cx;
use crate::embedded::promql::{Call, Effect, NodeKind, TimeSpan, function};
use crate::metrics::errors;
use crate::metrics::infer::Typed;

pub(super) fn check(cx: &mut Cx<'_, '_>) {
    let root = cx.root;
    root.walk(&mut |node, around| {
        if let NodeKind::Call(call) = &node.node.kind
            && needs_two(call)
        {
            for arg in &node.parts {
                short(cx, call, arg);
            }
        }
        back(cx, node, around);
    });
}

/// Whether a function gives nothing for a single sample.
fn needs_two(call: &Call) -> bool {
    function(&call.name).is_some_and(|function| {
        matches!(
            function.effect,
            Effect::Rate | Effect::Increase | Effect::Delta | Effect::Slope | Effect::Predict
        )
    })
}

fn short(cx: &mut Cx<'_, '_>, call: &Call, arg: &Typed<'_>) {
    let bare = arg.bare();
    match &bare.node.kind {
        NodeKind::Selector(selector) => {
            // Points at the edges are made up.
            if selector.modifier.is_some() {
                return;
            }
            let Some(span) = &selector.range else { return };
            let Some(range) = span.op.seconds().filter(|range| *range > 0.0) else { return };
            let Some(series) = &bare.series else { return };
            let Some(interval) = series.interval.filter(|interval| *interval > 0.0) else { return };
            if range < interval * 4.0 {
                let problem = errors::short_range(
                    cx.at(span.at),
                    &call.name,
                    range,
                    interval,
                    series.address.as_deref(),
                    cx.usage,
                );
                cx.push(problem);
            }
        }
        NodeKind::Subquery(subquery) => {
            let Some(range) = subquery.range.op.seconds() else { return };
            let step = match &subquery.step {
                Some(step) => step.op.seconds(),
                None => cx.interval,
            };
            let Some(step) = step.filter(|step| *step > 0.0) else { return };
            if range <= step {
                let problem =
                    errors::one_point(cx.at(subquery.range.at), &call.name, range, step, cx.usage);
                cx.push(problem);
            }
        }
        _ => {}
    }
}

/// How far a selector looks back, with the subqueries around it.
fn back(cx: &mut Cx<'_, '_>, node: &Typed<'_>, around: &[&Typed<'_>]) {
    let Some(retention) = cx.world.scene().retention else { return };
    let NodeKind::Selector(selector) = &node.node.kind else { return };
    if selector.at_time.is_some() {
        return;
    }
    let seconds = |span: Option<&TimeSpan>| span.and_then(|span| span.op.seconds()).unwrap_or(0.0);
    let mut total = seconds(selector.range.as_ref()) + seconds(selector.offset.as_ref());
    let longer =
        |one: &&TimeSpan, other: &&TimeSpan| seconds(Some(one)).total_cmp(&seconds(Some(other)));
    let mut widest = selector.range.iter().chain(&selector.offset).max_by(longer);
    for outer in around {
        if let NodeKind::Subquery(subquery) = &outer.node.kind {
            if subquery.at_time.is_some() {
                return;
            }
            total += seconds(Some(&subquery.range)) + seconds(subquery.offset.as_ref());
            let longest = seconds(widest);
            for span in [Some(&subquery.range), subquery.offset.as_ref()].into_iter().flatten() {
                if seconds(Some(span)) > longest {
                    widest = Some(span);
                }
            }
        }
    }
    if let (true, Some(span)) = (total > retention, widest) {
        let problem = errors::beyond_retention(cx.at(span.at), total, retention);
        cx.push(problem);
    }
}
