//! The messages about `match`.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// A `match` that leaves out what its value can be.
pub(crate) const MISSING_CASE: Code = Code::new("type/missing-case");

/// `missing` are patterns; `fix` is where arms can be added, and their text.
pub(in crate::types) fn missing_case(
    missing: &[String],
    at: Span,
    subject: (Span, String),
    fix: Option<(Span, String)>,
) -> Diagnostic {
    let named: Vec<&String> = missing.iter().filter(|one| *one != "_").collect();
    let mut list: Vec<String> = named.iter().take(8).map(|one| format!("`{one}`")).collect();
    let more = named.len().saturating_sub(8);
    if more > 0 {
        list.push(format!("{more} more"));
    }
    if named.len() < missing.len() {
        list.push("all that has no arm of its own".to_owned());
    }
    let error = Diagnostic::error(
        MISSING_CASE,
        format!("no arm takes {}", list.join(", ")),
        at,
        "this `match` is not complete",
    )
    .because(subject.0, format!("this is `{}`", subject.1))
    .help("every value has an arm; `_ => ..` takes all that are left");
    match fix {
        Some((at, text)) => {
            error.fix("add what is missing, with the last arm's value", at, text, false)
        }
        None => error,
    }
}

/// An arm of `match` that no value reaches.
pub(crate) const UNREACHABLE_ARM: Code = Code::new("type/unreachable-arm");

pub(in crate::types) fn taken_before(written: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::error(UNREACHABLE_ARM, format!("`{written}` is taken before"), at, "never reached")
        .because(first, "this arm takes it")
}

pub(in crate::types) fn nothing_left(at: Span, last: Span) -> Diagnostic {
    Diagnostic::error(UNREACHABLE_ARM, "nothing is left for `_`", at, "never reached")
        .because(last, "the arms before take every value")
        .help("remove this arm: a member that is added later is then reported here")
}

pub(in crate::types) fn never_absent(at: Span, subject: (Span, String)) -> Diagnostic {
    Diagnostic::error(UNREACHABLE_ARM, "this value is never absent", at, "never reached")
        .because(subject.0, format!("this is `{}`", subject.1))
}

pub(in crate::types) fn binding_of_several(name: &str, at: Span) -> Diagnostic {
    super::misplaced(
        &format!("the name `{name}`"),
        at,
        "an arm of several patterns binds no name: give each member an arm of its own",
    )
}
