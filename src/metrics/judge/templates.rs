//! What labels and annotations of alerts read.

use super::context::Cx;
use super::units;
use crate::diag::Diagnostic;
use crate::embedded::promql::{BinaryOp, NodeKind, Options, parse};
use crate::embedded::{
    TemplateContext, TemplateLabels, TemplateRead, TemplateReads, TemplateUsage, check_template,
    is_template, template_reads,
};
use crate::metrics::errors::{self, Use};
use crate::metrics::infer::{Loss, LossKind, Origin, Presence, Shape, Typed, infer};
use crate::metrics::problem::{Part, Place, Problem};
use crate::metrics::rule::{Rule, RuleKind};
use crate::source::{Extent, FileId, Span, Sym};

/// What Prometheus puts before every template.
const BEFORE: &str = "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}";

/// The labels that the texts of an alert do not see.
const NOT_SEEN: &str = "alertname";

fn texts(rule: &Rule) -> impl Iterator<Item = (Part, &str, &str)> {
    let labels = rule.labels.iter().enumerate();
    let annotations = rule.annotations.iter().enumerate();
    labels
        .map(|(number, (name, text))| (Part::Label(number), name.as_str(), text.as_str()))
        .chain(
            annotations.map(|(number, (name, text))| {
                (Part::Annotation(number), name.as_str(), text.as_str())
            }),
        )
        .filter(|(_, _, text)| is_template(text))
}

/// What cannot be read.
pub(super) fn check_syntax(rule: &Rule, place: Place, out: &mut Vec<Problem>) -> bool {
    if matches!(rule.kind, RuleKind::Record) {
        return true;
    }
    let before = out.len();
    for (part, _, text) in texts(rule) {
        let context = TemplateContext::prometheus(TemplateLabels::Open);
        for fault in check_template(text, &[], &context) {
            let found = fault
                .diagnostic(&|extent| (Span::at(FileId(0), extent), true), &|text| text.to_owned());
            out.extend(problem(&found, Place { part, ..place }));
        }
    }
    out.len() == before
}

fn problem(found: &Diagnostic, place: Place) -> Option<Problem> {
    let at = |span: Span| Place { at: Some(span.extent()), ..place };
    let primary = found.primary.as_ref()?;
    let fix = found.fixes.first().and_then(|fix| {
        let edit = fix.edits.first()?;
        Some((fix.title.clone(), at(edit.span), edit.text.clone(), fix.sure))
    });
    Some(Problem {
        code: found.code,
        level: found.level,
        title: found.title.clone(),
        primary: (at(primary.span), primary.text.clone()),
        because: found.because.iter().map(|it| (at(it.span), it.text.clone())).collect(),
        help: found.help.clone(),
        fix,
    })
}

pub(super) fn check(cx: &mut Cx<'_, '_>, rule: &Rule) {
    let mut faults = Vec::new();
    let place = cx.part(Part::Expr, None);
    check_syntax(rule, place, &mut faults);
    for fault in faults {
        cx.push(fault);
    }
    let mut all_read: Vec<(Part, TemplateRead)> = Vec::new();
    for (part, name, text) in texts(rule) {
        let reads = reads(text);
        for (query, at) in &reads.queries {
            asked(cx, part, text, query, *at);
        }
        for read in reads.reads {
            match read.path.first().map(String::as_str) {
                Some("Value") if matches!(part, Part::Label(_)) => {
                    let problem = errors::value_in_label(cx.part(part, Some(read.at)), name);
                    cx.push(problem);
                }
                Some("Value") => units::check(cx, part, text, &read),
                Some("Labels") if read.path.len() == 2 => all_read.push((part, read)),
                _ => {}
            }
        }
    }
    let mut told: Vec<String> = Vec::new();
    let names: Vec<String> =
        all_read.iter().filter_map(|(_, read)| read.path.get(1).cloned()).collect();
    for (part, read) in &all_read {
        let Some(label) = read.path.get(1) else { continue };
        // Each label once an alert: every further read says the same.
        if told.contains(label)
            || read.usage == TemplateUsage::Tested
            || read.tested.contains(&read.path)
        {
            continue;
        }
        // `or $labels.instance "all of them"` prints something in any case.
        let falls_back = matches!(&read.usage, TemplateUsage::Argument(name) if name == "or");
        let at = cx.part(*part, Some(read.at));
        if label_read(cx, rule, at, (label, falls_back), &names) {
            told.push(label.clone());
        }
    }
}

/// What a template reads, with places in its own text.
fn reads(text: &str) -> TemplateReads {
    let before = u32::try_from(BEFORE.len()).unwrap_or(u32::MAX);
    let mut reads = template_reads(&format!("{BEFORE}{text}"));
    reads.reads.retain(|read| read.at.start >= before);
    for read in &mut reads.reads {
        read.at = Extent::new(read.at.start - before, read.at.end.saturating_sub(before));
    }
    for (_, at) in &mut reads.queries {
        *at = Extent::new(at.start.saturating_sub(before), at.end.saturating_sub(before));
    }
    reads
}

/// What a text asks Prometheus for: `{{ query "up" }}`. `at` is the literal.
fn asked(cx: &mut Cx<'_, '_>, part: Part, text: &str, query: &str, at: Extent) {
    let literal = at.of(text);
    let options = Options { features: cx.world.scene().features, ..Options::default() };
    let mut found = Vec::new();
    let place = cx.part(Part::Expr, None);
    match parse(query, options) {
        Err(faults) => found.extend(faults.iter().map(|fault| super::refused(fault, place))),
        Ok(query_tree) => {
            let root = infer(&query_tree, cx.world);
            let mut inner = Cx::new(cx.world, Use::Text, query, &root, place, None);
            if root.ty.shape == Shape::Range {
                let problem =
                    errors::not_series(inner.at(root.node.at), "a range of values a series");
                inner.push(problem);
            }
            super::check_query(&mut inner);
            found = inner.finish();
        }
    }
    let moved = |place: &mut Place| {
        place.part = part;
        place.at = Some(place.at.map_or(at, |inside| in_literal(literal, at, inside)));
    };
    for mut problem in found {
        moved(&mut problem.primary.0);
        problem.because.iter_mut().for_each(|(place, _)| moved(place));
        // What is written there may be escaped.
        if literal.contains('\\') {
            problem.fix = None;
        }
        if let Some((_, place, ..)) = &mut problem.fix {
            moved(place);
        }
        cx.push(problem);
    }
}

/// Where a part of a text stands in the literal that it is written as.
fn in_literal(literal: &str, at: Extent, inside: Extent) -> Extent {
    let is_raw = literal.starts_with('`');
    // The byte of the literal where each byte of the text begins.
    let mut starts: Vec<u32> = Vec::with_capacity(literal.len());
    let mut letters = literal.char_indices().skip(1).peekable();
    while let Some((from, letter)) = letters.next() {
        let mut length = letter.len_utf8();
        if letter == '\\' && !is_raw {
            match letters.next() {
                Some((_, 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\\' | '"' | '\'')) => {
                    length = 1
                }
                // A number: where it ends is not needed for any message.
                _ => return at,
            }
        }
        starts.extend(std::iter::repeat_n(u32::try_from(from).unwrap_or(u32::MAX), length));
    }
    let place = |byte: u32| starts.get(byte as usize).map(|start| at.start + start);
    match (place(inside.start), place(inside.end)) {
        (Some(start), Some(end)) => Extent::new(start, end),
        (Some(start), None) => Extent::new(start, at.end.saturating_sub(1)),
        (None, _) => at,
    }
}

/// A read of a label, and whether something else is printed where it is empty; whether something was said of it.
fn label_read(
    cx: &mut Cx<'_, '_>,
    rule: &Rule,
    at: Place,
    (label, falls_back): (&str, bool),
    read: &[String],
) -> bool {
    let root = cx.root;
    let labels = &root.ty.labels;
    let name = Sym::new(label);
    if root.ty.shape == Shape::Unknown || label == "__name__" {
        return false;
    }
    if label == NOT_SEEN && labels.label(name).is_none() && labels.closed().is_some() {
        let problem = errors::rule_label(at, label, Some(&rule.name), cx.part(Part::Name, None));
        cx.push(problem);
        return true;
    }
    match labels.presence(name) {
        Presence::Gone(loss, is_proved) => {
            let of_rule = rule.labels.iter().position(|(known, _)| known == label);
            if let Some(number) = of_rule {
                let value = rule.labels.get(number).map(|(_, value)| value.as_str());
                let value = value.filter(|value| !is_template(value));
                let declared = cx.part(Part::Label(number), None);
                let problem = errors::rule_label(at, label, value, declared);
                cx.push(problem);
                return true;
            }
            let lost_at =
                if loss.at == Extent::default() { cx.at(root.node.at) } else { cx.at(loss.at) };
            let insert = keep(cx, root, label, loss);
            let has = labels.names();
            let problem = errors::label_lost(at, label, loss, lost_at, &has, insert, is_proved);
            cx.push(problem);
            true
        }
        Presence::Sure(of) | Presence::Possible(of) => {
            let exported = format!("exported_{label}");
            let (is_target, is_metric) = (of.origin == Origin::Target, of.origin == Origin::Metric);
            if read.contains(&exported) {
                return false;
            }
            let mut found = None;
            root.walk(&mut |node, _| {
                let Some(series) = &node.series else { return };
                let is_sure = is_target && series.renamed.contains(&name);
                let is_likely = is_metric && series.maybe_renamed.contains(&name);
                if is_sure || is_likely {
                    found.get_or_insert((node.node.at, series.name, is_sure));
                }
            });
            let Some((metric_at, metric, is_sure)) = found else {
                return !falls_back
                    && matches!(labels.presence(name), Presence::Possible(_))
                    && empty_where_absent(cx, at, label);
            };
            let problem =
                errors::scrape_label(at, label, metric.as_str(), cx.at(metric_at), is_sure);
            cx.push(problem);
            true
        }
        Presence::Unknown => false,
    }
}

/// A label that series have, and what `absent` yields where there are none does not.
fn empty_where_absent(cx: &mut Cx<'_, '_>, at: Place, label: &str) -> bool {
    let root = cx.root;
    let Some((absent, loss)) = absent_without(root, Sym::new(label)) else { return false };
    let problem = errors::label_of_absent(at, label, loss, cx.at(absent));
    cx.push(problem);
    true
}

/// The `absent` among the alternatives of a query that surely has no such label.
fn absent_without(of: &Typed<'_>, label: Sym) -> Option<(Extent, Loss)> {
    let of = of.bare();
    match &of.node.kind {
        NodeKind::Binary(binary) if binary.op == BinaryOp::Or => {
            of.parts.iter().find_map(|part| absent_without(part, label))
        }
        NodeKind::Call(call) if call.name.starts_with("absent") => {
            match of.ty.labels.presence(label) {
                Presence::Gone(loss, true) => Some((call.name_at, loss)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Where a label may be kept: behind the last one of the `by (..)` that lost it.
fn keep(cx: &Cx<'_, '_>, root: &Typed<'_>, label: &str, loss: Loss) -> Option<(Place, String)> {
    if loss.kind != LossKind::By {
        return None;
    }
    let mut place = None;
    root.walk(&mut |node, _| {
        if let NodeKind::Aggregate(aggregate) = &node.node.kind
            && let Some(grouping) = &aggregate.grouping
            && grouping.at == loss.at
            && let Some(last) = grouping.labels.last()
        {
            let end = Extent::new(last.at.end, last.at.end);
            place = Some((cx.at(end), format!(", {label}")));
        }
    });
    place
}
