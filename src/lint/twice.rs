//! Two blocks that set the same fields  =>  one finding, not one a field.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Sink};
use crate::resolve::Names;
use crate::source::Span;
use crate::syntax::MemberKind;

/// The code of a path that is set twice.
const SET_TWICE: &str = "eval/set-twice";

/// Tells once of two blocks side by side that set several fields twice: that is one block too many, or a name that was copied along.
pub fn merged(names: &Names, found: Sink) -> Sink {
    if !found.has_errors() {
        return found;
    }
    let all = found.into_sorted();
    let mut blocks: Option<Vec<Span>> = None;
    let mut first_of: FxHashMap<(Span, Span), usize> = FxHashMap::default();
    let mut kept: Vec<(Diagnostic, Vec<String>)> = Vec::with_capacity(all.len());
    for diagnostic in all {
        let pair = places(&diagnostic).and_then(|(again, first)| {
            let blocks = blocks.get_or_insert_with(|| written_blocks(names));
            beside(blocks, again, first)
        });
        let known = pair.and_then(|pair| first_of.get(&pair)).and_then(|at| kept.get_mut(*at));
        if let Some((_, more)) = known {
            more.extend(diagnostic.title.split(" is ").next().map(str::to_owned));
            continue;
        }
        if let Some(pair) = pair {
            first_of.insert(pair, kept.len());
        }
        kept.push((diagnostic, Vec::new()));
    }
    let mut out = Sink::new();
    for (diagnostic, more) in kept {
        out.report(if more.is_empty() {
            diagnostic
        } else {
            let are = if more.len() == 1 { "is" } else { "are" };
            diagnostic
                .help(format!("so {are} {}, by the same two blocks", more.join(", ")))
                .help("if the second block is meant to be another one, give it a name of its own")
        });
    }
    out
}

/// Where a field is set again, and where it was set before.
fn places(diagnostic: &Diagnostic) -> Option<(Span, Span)> {
    let is_it = diagnostic.code.as_str() == SET_TWICE;
    let first = diagnostic.because.first().filter(|_| is_it)?;
    Some((diagnostic.primary.as_ref()?.span, first.span))
}

/// Every block of a program.
fn written_blocks(names: &Names) -> Vec<Span> {
    let of_tree = |info: &'_ crate::resolve::TreeInfo| -> Vec<Span> {
        let is_block = |kind: &MemberKind| matches!(kind, MemberKind::Block { .. });
        let members = info.tree.members.iter().filter(|member| is_block(&member.kind));
        members.map(|member| info.span(member.at)).collect()
    };
    names.trees.iter().flat_map(of_tree).collect()
}

/// The two blocks of one block that hold these places, one each.
fn beside(blocks: &[Span], again: Span, first: Span) -> Option<(Span, Span)> {
    let around = blocks.iter().filter(|block| block.holds(again) && block.holds(first));
    around.min_by_key(|block| block.end - block.start)?;
    let widest = |place: Span, other: Span| {
        let own = blocks.iter().filter(|block| block.holds(place) && !block.holds(other));
        own.max_by_key(|block| block.end - block.start).copied()
    };
    Some((widest(again, first)?, widest(first, again)?))
}
