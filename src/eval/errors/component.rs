//! The messages about what loops and components make.

use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// Names of blocks that need themselves.
pub(crate) const NAMES_CYCLE: Code = Code::new("eval/names-cycle");

pub(in crate::eval) fn names_cycle(keyword: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        NAMES_CYCLE,
        format!("which `{keyword}`s there are depends on which there are"),
        at,
        "decided by itself",
    )
    .help(format!(
        "a loop or condition around `{keyword}` blocks may not read the list of all of them, nor what such a list decides"
    ))
}

/// Two resources that come to one name.
pub(crate) const NAME_CLASH: Code = Code::new("eval/name-clash");

/// Each derivation is a list of places and words, from the block itself outwards.
pub(in crate::eval) fn name_clash(
    keyword: &str,
    name: Sym,
    again: &[(Span, String)],
    first: &[(Span, String)],
    none: Span,
) -> Diagnostic {
    let at = |steps: &[(Span, String)]| steps.last().map(|(at, _)| *at);
    let words = |steps: &[(Span, String)]| {
        steps.first().map_or_else(String::new, |(_, words)| words.clone())
    };
    let title = format!("two `{keyword}`s are called `{name}`");
    // Every derivation has a step: the block itself.
    let place = at(again).or_else(|| at(first)).unwrap_or(none);
    let mut found = Diagnostic::error(NAME_CLASH, title, place, "makes one of them");
    for (at, words) in again.iter().rev().skip(1) {
        found = found.because(*at, format!("it is {words}"));
    }
    for (index, (at, words)) in first.iter().rev().enumerate() {
        let begin = if index == 0 { "the other comes from" } else { "it is" };
        if index == 0 && *at == place {
            continue;
        }
        found = found.because(*at, format!("{begin} {words}"));
    }
    found.help(format!(
        "{} and {} are both written out as `{name}`: rename one of them",
        words(again),
        words(first)
    ))
}

/// An amendment of a child that no turn of a loop makes.
pub(crate) const AMENDMENT_MISSES: Code = Code::new("eval/amendment-misses");

pub(in crate::eval) fn amendment_misses(keyword: &str, at: Span, used: Span) -> Diagnostic {
    Diagnostic::error(
        AMENDMENT_MISSES,
        format!("no `{keyword}` of this name is made"),
        at,
        "amends nothing",
    )
    .because(used, "for this block")
    .help("the condition or loop around that child in its component makes none of this name here")
}

/// A child on clusters where its component's use is not.
pub(crate) const WIDER_THAN_USE: Code = Code::new("eval/wider-than-use");

pub(in crate::eval) fn wider_than_use(
    child: &str,
    at: Span,
    parent: &str,
    more: &[Sym],
) -> Diagnostic {
    let list: Vec<String> = more.iter().take(5).map(|name| format!("`{name}`")).collect();
    Diagnostic::error(
        WIDER_THAN_USE,
        format!("`{child}` is on clusters where `{parent}` is not"),
        at,
        format!("also on {}", list.join(", ")),
    )
    .help(format!(
        "`clusters` of `{parent}` holds for what it makes: a child may narrow it, and not widen it"
    ))
}

/// A `let` of a body that needs itself.
pub(in crate::eval) fn let_cycle(at: Span) -> Diagnostic {
    Diagnostic::error(super::CYCLE, "a `let` that needs itself", at, "needs its own value")
}
