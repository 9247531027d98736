//! The messages about arms of `by`.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// An arm of `by` or a condition that can never hold.
pub(crate) const UNKNOWN_ARM: Code = Code::new("type/unknown-arm");

pub(in crate::types) fn unknown_arm(
    name: &str,
    axis: &str,
    at: Span,
    near: Option<&str>,
) -> Diagnostic {
    Diagnostic::error(
        UNKNOWN_ARM,
        format!("no {axis} is called `{name}`"),
        at,
        "this arm can never hold",
    )
    .suggest(at, near)
}

pub(in crate::types) fn unknown_axis(name: &str, at: Span, near: Option<&str>) -> Diagnostic {
    Diagnostic::error(
        UNKNOWN_ARM,
        format!("values do not differ by `{name}`"),
        at,
        "neither `environment` nor `cluster`",
    )
    .help("`by environment { dev = 1, prod = 3 }` gives a value per environment")
    .suggest(at, near)
}

pub(in crate::types) fn repeated_arm(name: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::error(UNKNOWN_ARM, format!("two arms for `{name}`"), at, "never reached")
        .because(first, "this arm takes it")
}
