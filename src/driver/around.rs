//! What can be told of a program in which an error stands.

use super::theorems;
use crate::diag::{Diagnostic, Level, Sink};
use crate::eval::{Evaluator, Resource};
use crate::model;
use crate::prove;
use crate::resolve::Names;
use crate::source::{Sources, Span, Sym};

/// Tells of errors beside those that stand in alerts: a misspelt label of one alert says nothing of the queries of the others. Mistakes
/// elsewhere may decide what exists, and then nothing is judged.
pub(super) fn judge_around_alerts(
    values: &mut Evaluator<'_>,
    resources: &[Resource],
    earlier: &prove::Earlier,
    sources: &Sources,
    sink: &mut Sink,
) {
    let alerts = spans_of_alerts(values.names);
    let stands_in_alerts = |found: &Diagnostic| {
        let Some(label) = &found.primary else { return false };
        found.level != Level::Error || alerts.iter().any(|block| block.holds(label.span))
    };
    if sink.has_errors() || !values.found().iter().all(stands_in_alerts) {
        return;
    }
    let refutations = {
        let Some(model) = model::lift_around_alerts(values, resources, sources) else { return };
        prove::prove_around_alerts(&prove::Facts { model: &model, earlier })
    };
    let mut found = Sink::new();
    theorems::report(refutations, values, resources, sources, &mut found);
    let told: Vec<Span> = (values.found().iter())
        .filter_map(|found| found.primary.as_ref().map(|label| label.span))
        .collect();
    for error in found.into_sorted() {
        // What is missing may be what a warning asks for.
        let is_error = error.level == Level::Error;
        let place = error.primary.as_ref().map(|label| label.span);
        // The types saw the same text: one cause gives one error.
        let is_new = place.is_none_or(|place| !told.iter().any(|told| told.meets(place)));
        if is_error && is_new {
            sink.report(error);
        }
    }
}

/// Where the blocks of alerts stand.
fn spans_of_alerts(names: &Names) -> Vec<Span> {
    let alerts = names.keywords.get(&Sym::new(model::Kind::Alerts.keyword()));
    let blocks = names.blocks.iter().filter(|block| Some(&block.kind) == alerts);
    blocks
        .map(|block| {
            let tree = names.tree(block.tree);
            tree.span(tree.tree.member(block.member).at)
        })
        .collect()
}
