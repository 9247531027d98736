//! Functions of counters, gauges and buckets.

use super::context::Cx;
use crate::embedded::promql::{Aggregate, Call, Effect, NodeKind, function};
use crate::metrics::errors;
use crate::metrics::infer::{Kind, LossKind, Part, Presence, Quantity, Series, Shape, Typed};
use crate::metrics::problem::Place;
use crate::source::{Extent, Sym};

pub(super) fn check(cx: &mut Cx<'_, '_>) {
    let root = cx.root;
    root.walk(&mut |node, around| match &node.node.kind {
        NodeKind::Call(call) => {
            let Some(effect) = function(&call.name).map(|function| function.effect) else { return };
            match effect {
                Effect::Rate | Effect::Increase => {
                    if let Some(arg) = node.parts.first() {
                        grows(cx, call, arg);
                    }
                }
                Effect::Delta | Effect::Slope | Effect::Predict => {
                    if let Some(arg) = node.parts.first() {
                        falls(cx, call, arg);
                    }
                }
                Effect::Quantile | Effect::Fraction => buckets(cx, call, node),
                _ => {}
            }
        }
        NodeKind::Binary(_) => total(cx, node, around),
        _ => {}
    });
}

/// A selector of a range, with what is known of its series.
fn ranged<'t>(arg: &'t Typed<'_>) -> Option<(&'t Series, Extent)> {
    let bare = arg.bare();
    let (NodeKind::Selector(selector), Some(series)) = (&bare.node.kind, &bare.series) else {
        return None;
    };
    let at = selector.name.as_ref().map_or(bare.node.at, |name| name.at);
    Some((series, at))
}

/// Whether the program says what is scraped, so that the type is that of what runs.
const fn is_proved(series: &Series) -> bool {
    series.address.is_some()
}

fn grows(cx: &mut Cx<'_, '_>, call: &Call, arg: &Typed<'_>) {
    if let Some((series, at)) = ranged(arg) {
        if matches!(series.kind, Kind::Gauge | Kind::Info) && series.is_there() {
            // What was read in prose may be wrong.
            if !series.is_kind_sure {
                return;
            }
            let problem = errors::rate_on_gauge(
                cx.at(call.name_at),
                &call.name,
                cx.at(at),
                series.name.as_str(),
                is_proved(series),
            );
            cx.push(problem);
            return;
        }
        if series.kind == Kind::Counter && series.is_summed {
            let problem = errors::rate_over_sum(cx.at(call.name_at), &call.name, cx.at(at));
            cx.push(problem);
        }
        return;
    }
    let bare = arg.bare();
    if let NodeKind::Subquery(_) = bare.node.kind
        && bare.ty.is_summed
        && bare.ty.kind == Kind::Counter
        && let Some(inner) = bare.parts.first()
    {
        let problem = errors::rate_over_sum(cx.at(call.name_at), &call.name, cx.at(inner.node.at));
        cx.push(problem);
    }
}

fn falls(cx: &mut Cx<'_, '_>, call: &Call, arg: &Typed<'_>) {
    let Some((series, at)) = ranged(arg) else { return };
    if series.kind != Kind::Counter || !series.is_kind_sure || !series.is_there() {
        return;
    }
    let problem = errors::gauge_on_counter(
        cx.at(call.name_at),
        &call.name,
        cx.at(at),
        series.name.as_str(),
        is_proved(series),
    );
    cx.push(problem);
}

/// `histogram_quantile` of what has no `le`.
fn buckets(cx: &mut Cx<'_, '_>, call: &Call, node: &Typed<'_>) {
    let Some(arg) = node.parts.iter().find(|part| part.ty.shape == Shape::Vector) else { return };
    let Presence::Gone(loss, true) = arg.ty.labels.presence(Sym::new("le")) else { return };
    // Native histograms have no `le`: only series that are surely buckets need it.
    let is_bucket = |it: &Typed<'_>| {
        it.series.as_ref().is_some_and(|series| {
            series.part == Part::Bucket || series.name.as_str().ends_with("_bucket")
        })
    };
    let has_bucket = arg.any(&is_bucket);
    let all_buckets = !arg.any(&|it| it.series.is_some() && !is_bucket(it));
    if !has_bucket || !all_buckets {
        return;
    }
    let mut insert = None;
    arg.walk(&mut |inner, _| {
        if let NodeKind::Aggregate(aggregate) = &inner.node.kind
            && insert.is_none()
            && loss.kind == LossKind::By
        {
            insert = into_grouping(cx, aggregate, loss.at);
        }
    });
    let why = match loss.kind {
        LossKind::By => "`by` does not name `le`",
        LossKind::Without => "`without` takes `le` away",
        LossKind::Aggregated => "without `by`, no label is kept",
        _ => "`le` is lost here",
    };
    let problem = errors::no_le(
        cx.at(call.name_at),
        &call.name,
        (cx.at(loss.at), why.to_owned()),
        insert.as_ref().map(|(place, text)| (*place, text.as_str())),
        cx.usage,
    );
    cx.push(problem);
}

/// Where `le` goes into the grouping that stands at `at`.
fn into_grouping(cx: &Cx<'_, '_>, aggregate: &Aggregate, at: Extent) -> Option<(Place, String)> {
    let grouping = aggregate.grouping.as_ref().filter(|it| it.at == at)?;
    let last = grouping.labels.last()?;
    Some((cx.at(Extent::new(last.at.end, last.at.end)), ", le".to_owned()))
}

/// A counter that is compared with a number.
fn total(cx: &mut Cx<'_, '_>, node: &Typed<'_>, around: &[&Typed<'_>]) {
    let NodeKind::Binary(binary) = &node.node.kind else { return };
    if !binary.op.is_comparison() {
        return;
    }
    let [left, right] = node.parts.as_slice() else { return };
    let (counter, number) = match (left.ty.shape, right.ty.shape) {
        (Shape::Vector, Shape::Scalar) => (left, right),
        (Shape::Scalar, Shape::Vector) => (right, left),
        _ => return,
    };
    let Some(limit) = number.ty.number else { return };
    // `== 0`: nothing has happened yet; `> 0`: something has.
    if limit == 0.0 || counter.ty.kind != Kind::Counter || !counter.ty.is_kind_sure {
        return;
    }
    if counter.ty.unit.of == Quantity::Timestamp {
        return;
    }
    let is_presence = around.iter().any(|it| match &it.node.kind {
        NodeKind::Call(call) => {
            call.name.starts_with("absent") || call.name.ends_with("_over_time")
        }
        _ => false,
    });
    if is_presence {
        return;
    }
    let mut found = None;
    counter.walk(&mut |it, _| {
        if let (None, Some(series)) = (found, &it.series) {
            found = Some((it.node.at, series.name));
        }
    });
    let Some((at, name)) = found else { return };
    let problem = errors::counter_without_rate(cx.at(binary.op_at), cx.at(at), name.as_str());
    cx.push(problem);
}
