//! What panels ask, and what they show of the answers.

use super::judge::Around;
use super::model::{Panel, Target};
use crate::diag::{Diagnostic, Level, nearest};
use crate::embedded::promql::{Node as Query, NodeKind, Options, TimeSpanOp, read};
use crate::embedded::{VariableSpot, VariableUse, legend_labels, variable_uses};
use crate::import::doc::Node;
use crate::import::errors::dashboard as errors;
use crate::metrics::Problem;
use crate::metrics::infer::{Inferred, LossKind};
use crate::prove::errors::dashboard::{self as own, Lost, Shown};
use crate::source::{Extent, Span, Sym};

/// What is wrong with the queries of a panel, and with what it shows of them.
pub(super) fn panel(panel: &Panel, around: &Around<'_, '_>, out: &mut Vec<Diagnostic>) {
    for target in &panel.targets {
        let Some(yields) = ask(&target.expr, around, out) else { continue };
        let legend = target.node.get("legendFormat");
        if let Some(legend) = &legend {
            shown(legend, &target.expr, &yields, out);
        }
        let text = legend.as_ref().and_then(Node::text).unwrap_or_default().to_owned();
        single(panel, target, &text, &yields, out);
        if matches!(panel.kind.as_str(), "timeseries" | "graph" | "heatmap") {
            alike(target, legend.as_ref(), &yields, out);
        }
    }
}

/// What a query yields, once what is wrong with it was told; none where it is wrong.
pub(super) fn ask(
    expr: &Node,
    around: &Around<'_, '_>,
    out: &mut Vec<Diagnostic>,
) -> Option<Inferred> {
    let text = expr.text()?;
    if text.trim().is_empty() {
        return None;
    }
    let (yields, problems) = around.judge.query(text, true);
    // A variable outside of texts can stand for an operator, or for a part of a query: what it is put into is known when it is picked.
    let is_part = |read: &VariableUse| {
        let is_range = VariableSpot::of(text, read.at) == VariableSpot::Range;
        !read.is_built_in() && !is_range && stands_free(text, read.at)
    };
    if yields.is_none() && variable_uses(text).iter().any(is_part) {
        return None;
    }
    let is_wrong = problems.iter().any(|problem| problem.level == Level::Error);
    out.extend(problems.iter().filter_map(|problem| placed(problem, expr)));
    // One cause gives one error.
    yields.filter(|_| !is_wrong)
}

/// Whether a place in a query lies outside of its texts.
fn stands_free(query: &str, at: Extent) -> bool {
    let before = query.get(..at.start as usize).unwrap_or_default();
    let (mut open, mut escaped) = (None, false);
    for letter in before.chars() {
        match open {
            None if matches!(letter, '"' | '\'' | '`') => open = Some(letter),
            None => {}
            Some(_) if escaped => escaped = false,
            Some(quote) if letter == '\\' => escaped = quote != '`',
            Some(quote) if letter == quote => open = None,
            Some(_) => {}
        }
    }
    open.is_none()
}

fn placed(problem: &Problem, expr: &Node) -> Option<Diagnostic> {
    problem.diagnostic(&mut |place| {
        Some(place.at.map_or_else(|| (expr.span(), false), |at| expr.part(at)))
    })
}

/// A label that is shown is one that series have.
fn shown(legend: &Node, expr: &Node, yields: &Inferred, out: &mut Vec<Diagnostic>) {
    let text = legend.text().unwrap_or_default();
    for (label, at) in legend_labels(text) {
        // The metric's own name is a label to Grafana.
        if label != "__name__" && !label.contains('$') {
            out.extend(lost(&label, Shown::Legend, legend.part(at).0, expr, yields));
        }
    }
}

/// What is said of a label that is surely lost.
pub(super) fn lost(
    label: &str,
    shown: Shown,
    at: Span,
    expr: &Node,
    yields: &Inferred,
) -> Option<Diagnostic> {
    let loss = yields.surely_lost(Sym::new(label))?;
    let kept: Vec<String> = yields.labels.names().into_iter().map(str::to_owned).collect();
    let how = match loss.kind {
        LossKind::By | LossKind::Aggregated => Lost::Grouped,
        LossKind::NeverThere => Lost::NeverThere,
        LossKind::Without
        | LossKind::On
        | LossKind::Ignoring
        | LossKind::OtherSide
        | LossKind::NotTaken
        | LossKind::Absent
        | LossKind::FromNumber
        | LossKind::Emptied
        | LossKind::UsedUp
        | LossKind::Recorded => Lost::Otherwise,
    };
    let near = nearest(label, kept.iter().map(String::as_str)).map(str::to_owned);
    let keeps = expr.part(loss.at).0;
    Some(own::lost_label(label, (shown, how), &kept, near.as_deref(), [at, keeps]))
}

/// What shows one value has one series, or says which is which.
fn single(
    panel: &Panel,
    target: &Target,
    legend: &str,
    yields: &Inferred,
    out: &mut Vec<Diagnostic>,
) {
    let shows_one = matches!(panel.kind.as_str(), "stat" | "gauge" | "bargauge" | "singlestat");
    if !shows_one || !legend_labels(legend).is_empty() || picks(&target.expr) {
        return;
    }
    let kept = yields.several();
    if !kept.is_empty() {
        out.push(errors::many_series(&panel.kind, &kept, target.expr.span()));
    }
}

/// Lines that nobody can tell apart, since all have one name.
fn alike(target: &Target, legend: Option<&Node>, yields: &Inferred, out: &mut Vec<Diagnostic>) {
    let Some(legend) = legend else { return };
    let text = legend.text().unwrap_or_default();
    if text.is_empty() || text == "__auto" || picks(&target.expr) {
        return;
    }
    let kept = yields.several();
    let told: Vec<String> = legend_labels(text).into_iter().map(|(label, _)| label).collect();
    // Who names a pod names all that belongs to it; a namespace has many of them.
    let wide = ["namespace", "job", "service", "cluster", "phase", "condition"];
    let is_wide = |label: &String| wide.contains(&label.as_str());
    let first = match told.as_slice() {
        [] => kept.first(),
        told if told.iter().all(is_wide) => {
            kept.iter().find(|label| matches!(label.as_str(), "pod" | "container" | "instance"))
        }
        _ => None,
    };
    if let Some(first) = first {
        out.push(errors::lines_alike(text, first, legend.span(), target.expr.span()));
    }
}

/// Whether a matcher asks for what somebody picks: then it may well be one series.
fn picks(expr: &Node) -> bool {
    let text = expr.text().unwrap_or_default();
    variable_uses(text).iter().any(|it| !it.is_built_in())
}

/// Ranges of `rate` that are written out, where lines are drawn: told once.
pub(super) fn fixed_ranges(panels: &[Panel], out: &mut Vec<Diagnostic>) {
    let lines =
        panels.iter().filter(|it| matches!(it.kind.as_str(), "timeseries" | "graph" | "heatmap"));
    let places: Vec<Span> =
        lines.flat_map(|it| &it.targets).filter_map(|it| fixed_range(&it.expr)).collect();
    out.extend(errors::fixed_ranges(&places));
}

/// The first range of `rate` in a query that is written out.
fn fixed_range(expr: &Node) -> Option<Span> {
    let options = Options { features: None, grafana: true, holes: false };
    let query = read(expr.text()?, options).ok()?;
    let mut found: Vec<Extent> = Vec::new();
    let mut next: Vec<&Query> = vec![&query.root];
    while let Some(node) = next.pop() {
        if let NodeKind::Call(call) = &node.kind
            && call.name == "rate"
            && let Some(first) = call.args.first()
            && let NodeKind::Selector(selector) = &first.kind
            && let Some(range) = &selector.range
            && matches!(range.op, TimeSpanOp::Seconds(_))
        {
            found.push(range.at);
        }
        next.extend(node.children());
    }
    found.sort_by_key(|at| at.start);
    found.first().map(|first| expr.part(*first).0)
}
