//! How `$value` is printed.

use super::context::Cx;
use crate::embedded::promql::NodeKind;
use crate::embedded::{TemplateRead, TemplateUsage};
use crate::metrics::errors;
use crate::metrics::infer::{Quantity, Typed, Unit};
use crate::metrics::problem::Part;
use crate::source::Extent;

pub(super) fn check(cx: &mut Cx<'_, '_>, part: Part, text: &str, read: &TemplateRead) {
    let unit = cx.root.ty.unit;
    let at = cx.part(part, Some(read.at));
    let sign = behind(text, read.at);
    let function = match &read.usage {
        TemplateUsage::Argument(function) => function.as_str(),
        TemplateUsage::Printed => "",
        TemplateUsage::Tested | TemplateUsage::Ranged | TemplateUsage::Kept => return,
    };
    if function == "humanizePercentage"
        && let Some(sign) = sign
    {
        let problem = errors::percent_twice(cx.part(part, Some(sign)));
        cx.push(problem);
    }
    let expr = cx.at(cx.root.node.at);
    if unit.is_known()
        && let Some(instead) = misfit(function, unit)
    {
        let problem = errors::humanize(at, function, unit.words(), expr, instead);
        cx.push(problem);
        return;
    }
    let is_share = unit.of == Quantity::Ratio && !unit.is_rate;
    if is_share && matches!(function, "" | "printf" | "humanize") && sign.is_some() {
        let problem = errors::ratio_as_percent(at, expr);
        cx.push(problem);
        return;
    }
    if function.is_empty()
        && counts_things(text, read.at)
        && let Some(increase) = increase(cx.root)
    {
        let problem = errors::fraction(at, cx.at(increase));
        cx.push(problem);
    }
}

/// Whether a function prints another unit than this, and what to write instead.
fn misfit(function: &str, unit: Unit) -> Option<Option<&'static str>> {
    let is = |of: Quantity| unit == Unit::of(of);
    match function {
        "humanizePercentage" if is(Quantity::Percent) => Some(Some(
            "`humanizePercentage` multiplies by 100: leave `* 100` out of the query, or print `{{ $value | printf \"%.1f\" }}%`",
        )),
        "humanizePercentage" => {
            let is_other = is(Quantity::Bytes)
                || is(Quantity::Seconds)
                || is(Quantity::Timestamp)
                || is(Quantity::Milliseconds)
                || is(Quantity::Other);
            is_other.then_some(None)
        }
        "humanizeDuration" if is(Quantity::Seconds) => None,
        "humanizeDuration" if is(Quantity::Timestamp) => {
            Some(Some("how long ago is `time() - x`; the moment itself prints `humanizeTimestamp`"))
        }
        "humanizeDuration" => {
            let is_other = is(Quantity::Bytes)
                || is(Quantity::Ratio)
                || is(Quantity::Percent)
                || is(Quantity::Milliseconds)
                || is(Quantity::Other);
            is_other.then_some(None)
        }
        "humanize1024" => {
            let is_other = is(Quantity::Seconds)
                || is(Quantity::Ratio)
                || is(Quantity::Percent)
                || is(Quantity::Timestamp)
                || is(Quantity::Milliseconds)
                || is(Quantity::Other);
            is_other.then_some(None)
        }
        "humanizeTimestamp" | "toTime" => {
            let is_other = is(Quantity::Seconds)
                || is(Quantity::Bytes)
                || is(Quantity::Ratio)
                || is(Quantity::Percent);
            is_other.then_some(None)
        }
        _ => None,
    }
}

/// Whether a word follows, as in `{{ $value }} restarts`.
fn counts_things(text: &str, at: Extent) -> bool {
    let Some(rest) = text.get(at.end as usize..) else { return false };
    let Some((_, behind)) = rest.split_once("}}") else { return false };
    let mut letters = behind.chars();
    letters.next() == Some(' ') && letters.next().is_some_and(char::is_alphabetic)
}

/// The percent sign right behind the action that a place is in.
fn behind(text: &str, at: Extent) -> Option<Extent> {
    let rest = text.get(at.end as usize..)?;
    let end = at.end as usize + rest.find("}}")? + 2;
    let tail = text.get(end..)?;
    let blanks = tail.len() - tail.trim_start_matches(' ').len();
    let start = u32::try_from(end + blanks).ok()?;
    tail.trim_start_matches(' ').starts_with('%').then(|| Extent::new(start, start + 1))
}

/// The `increase` whose result is the value of an alert.
fn increase(root: &Typed<'_>) -> Option<Extent> {
    let bare = root.bare();
    match &bare.node.kind {
        NodeKind::Call(call) if call.name == "increase" => Some(call.name_at),
        NodeKind::Binary(binary) if binary.op.is_comparison() || binary.op.is_set() => {
            bare.parts.first().and_then(increase)
        }
        NodeKind::Aggregate(_) => bare.parts.first().and_then(increase),
        _ => None,
    }
}
