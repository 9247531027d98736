//! Metrics, labels and values that are not there.

use super::context::Cx;
use crate::diag::nearest;
use crate::embedded::promql::{NodeKind, Selector};
use crate::metrics::catalog;
use crate::metrics::errors::{self, OfMetric};
use crate::metrics::infer::{Part, SelectorFault, Series, Typed, Values, What};
use crate::source::{Extent, Sym};

pub(super) fn check(cx: &mut Cx<'_, '_>) {
    let root = cx.root;
    let mut told: Vec<Sym> = Vec::new();
    root.walk(&mut |node, around| {
        let (NodeKind::Selector(selector), Some(series)) = (&node.node.kind, &node.series) else {
            return;
        };
        let at = name_at(selector).unwrap_or(node.node.at);
        if !told.contains(&series.name) {
            told.push(series.name);
            metric(cx, series, at);
        }
        if series.part == Part::Base && series.kind == crate::metrics::infer::Kind::Histogram {
            base(cx, series, at, around);
        }
        for fault in &node.faults {
            label(cx, series, selector, fault);
        }
    });
}

fn name_at(selector: &Selector) -> Option<Extent> {
    let name = selector.name.as_ref().map(|name| name.at);
    name.or_else(|| {
        let matcher = selector.matchers.iter().find(|it| it.label.name == "__name__")?;
        Some(matcher.value_at)
    })
}

fn metric(cx: &mut Cx<'_, '_>, series: &Series, at: Extent) {
    let name = series.name.as_str();
    let place = cx.at(at);
    let scene = cx.world.scene();
    let is_program = !scene.scrapes.is_empty() && !scene.of_files;
    match &series.what {
        What::Lacking { exporter, is_proved } => {
            let mut near = catalog::nearest_metrics(name, Some(exporter));
            // What the query uses already is not what was meant here.
            near.retain(|near| !is_used(cx.root, near));
            let problem = errors::metric_lacking(
                place,
                name,
                (exporter, &near),
                (*is_proved, is_program),
                cx.usage,
            );
            cx.push(problem);
        }
        What::Gone { metric, is_proved } => {
            let version = series.version.as_deref();
            let problem =
                errors::metric_removed(place, metric, name, version, *is_proved, cx.usage);
            cx.push(problem);
        }
        What::Dropped { by } => {
            let problem = errors::metric_dropped(place, name, by, cx.usage);
            cx.push(problem);
        }
        What::Unknown => {
            if catalog::is_seen_in_queries(name) {
                return;
            }
            let near = catalog::nearest_metrics(name, None);
            let own = cx.world.own_metrics().filter(|(own, _)| is_slip(name, own));
            let mut own: Vec<(&str, Option<&str>)> = own.collect();
            own.sort_unstable();
            let tells = own.first().and_then(|(_, help)| *help);
            let mut close: Vec<String> = own.iter().map(|(own, _)| (*own).to_owned()).collect();
            close.extend(near.iter().filter(|near| is_slip(name, near)).cloned());
            let is_decided = is_program && cx.world.scene().is_closed && !has_unknown_scrape(cx);
            if close.is_empty() && !is_decided {
                return;
            }
            let problem = errors::metric_unknown(place, name, &close, is_program);
            let problem = match (close.first(), tells) {
                (Some(near), Some(tells)) => problem.help(format!("`{near}`: {tells}")),
                _ => problem,
            };
            cx.push(problem);
        }
        What::UnknownRecord => {
            let near = cx.world.record_names().filter(|known| is_slip(name, known));
            let near: Vec<String> = near.map(str::to_owned).take(3).collect();
            if near.is_empty() {
                return;
            }
            let problem = errors::metric_unknown(place, name, &near, false);
            cx.push(problem);
        }
        // Whoever knows the program's clusters tells what is not scraped.
        What::NotScraped { .. }
        | What::Recorded
        | What::Declared
        | What::Synthetic
        | What::Catalogued { .. } => {}
    }
}

/// Whether a query selects series of a name.
fn is_used(root: &Typed<'_>, name: &str) -> bool {
    root.any(&|node| node.series.as_ref().is_some_and(|series| series.name.as_str() == name))
}

/// Whether something is scraped of which it is not known what it exports.
fn has_unknown_scrape(cx: &Cx<'_, '_>) -> bool {
    cx.world.scene().scrapes.iter().any(|scrape| {
        scrape.is_relabelled || scrape.exporter.is_none() && scrape.metrics.is_empty()
    })
}

/// Whether one name is a slip of the other: the same words in another order, or two letters off.
fn is_slip(name: &str, near: &str) -> bool {
    let words = |name: &str| {
        let mut words: Vec<String> = name.split(['_', ':']).map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    if words(name) == words(near) {
        return true;
    }
    // Words that stand for other things are no slips of one another.
    if words(name).len() != words(near).len() {
        return false;
    }
    let differing: Vec<(&str, &str)> = name
        .split(['_', ':'])
        .zip(near.split(['_', ':']))
        .filter(|(one, other)| one != other)
        .collect();
    matches!(differing.as_slice(), [(one, other)] if one.len() > 3 && nearest(one, [*other]).is_some() && one.len().abs_diff(other.len()) <= 1)
}

/// The name of a histogram, where no function of native histograms takes it.
fn base(cx: &mut Cx<'_, '_>, series: &Series, at: Extent, around: &[&Typed<'_>]) {
    let call = around.iter().rev().find_map(|node| match &node.node.kind {
        NodeKind::Call(call) if call.name.starts_with("histogram_") => Some(call.name.as_str()),
        _ => None,
    });
    // A quantile of a native histogram has no `le`; who names it is of the old way.
    let names_le = around.iter().any(|node| match &node.node.kind {
        NodeKind::Aggregate(aggregate) => aggregate
            .grouping
            .as_ref()
            .is_some_and(|it| !it.is_without && it.labels.iter().any(|label| label.name == "le")),
        _ => false,
    });
    let is_quantile = matches!(call, Some("histogram_quantile" | "histogram_fraction"));
    let is_native = call.is_some() && !(is_quantile && names_le);
    let is_asked_for_presence = around.iter().any(|node| match &node.node.kind {
        NodeKind::Call(call) => call.name.starts_with("absent"),
        _ => false,
    });
    if is_native && !is_asked_for_presence {
        return;
    }
    let problem = errors::histogram_base(cx.at(at), series.name.as_str(), is_quantile);
    cx.push(problem);
}

fn label(cx: &mut Cx<'_, '_>, series: &Series, selector: &Selector, fault: &SelectorFault) {
    let (number, is_proved) = match fault {
        SelectorFault::Metric => return,
        SelectorFault::Label(number, is_proved)
        | SelectorFault::NoEffect(number, is_proved)
        | SelectorFault::Value(number, is_proved) => (*number, *is_proved),
    };
    let Some(matcher) = selector.matchers.get(number) else { return };
    let label = matcher.label.name.as_str();
    let own: Vec<&str> = series.labels.names();
    let near = nearest(label, own.iter().copied());
    let other = other_release(series, label);
    let of = OfMetric { name: series.name.as_str(), labels: &own, near, other: other.as_deref() };
    let at = cx.at(matcher.label.at);
    let problem = match fault {
        SelectorFault::Metric => return,
        SelectorFault::Label(..) => errors::label_unknown(at, label, of, is_proved, cx.usage),
        SelectorFault::NoEffect(..) => errors::no_effect(at, label, of),
        // Whoever knows the program's clusters tells of jobs that nothing scrapes.
        SelectorFault::Value(..) if label == "job" => return,
        SelectorFault::Value(..) => {
            let known = series.labels.label(Sym::new(label)).map(|label| label.values.clone());
            let Some(Values::Of(known)) = known else { return };
            let mut known: Vec<&str> = known.iter().map(|value| value.as_str()).collect();
            known.sort_unstable();
            errors::label_value(
                cx.at(matcher.value_at),
                label,
                &matcher.value,
                &known,
                is_proved,
                cx.usage,
            )
        }
    };
    cx.push(problem);
}

/// Where another release has the label.
fn other_release(series: &Series, label: &str) -> Option<String> {
    let What::Catalogued { metric } = &series.what else { return None };
    let version = series.version.as_deref()?;
    let all = metric.labels(None);
    all.known.iter().any(|known| known.name == label).then(|| {
        format!("other releases of {} have the label; {version} does not", metric.exporter.title)
    })
}
