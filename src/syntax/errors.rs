//! What this room has to say.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// Something stands where the grammar does not allow it.
pub const UNEXPECTED: Code = Code::new("syntax/unexpected");

/// `found` stands where one of `wanted` may.
pub(super) fn unexpected(at: Span, found: &str, label: &str) -> Diagnostic {
    Diagnostic::error(UNEXPECTED, format!("unexpected {found}"), at, label)
}

/// Nesting beyond the limit.
pub const TOO_DEEP: Code = Code::new("syntax/too-deep");

/// An expression whose operators and brackets nest deeper than `limit`.
pub(super) fn expression_too_deep(at: Span, limit: u32) -> Diagnostic {
    Diagnostic::error(TOO_DEEP, "an expression nests too deep", at, "too many operators in one")
        .help(format!(
            "an expression nests at most {limit} levels, operators counted: name a part with `let`"
        ))
}

/// Comparisons and ranges in a row.
pub const CHAINED: Code = Code::new("syntax/chained-comparison");

/// `operator` compares the outcome of a comparison.
pub(super) fn chained_comparison(at: Span, first: Span, operator: &str) -> Diagnostic {
    Diagnostic::error(
        CHAINED,
        format!("`{operator}` after a comparison or range"),
        at,
        "compares a result",
    )
    .because(first, "this is the left side")
    .help("comparisons and ranges do not chain: join them with `&&`, or use parentheses")
}

/// A line left of its text's margin.
pub const MARGIN: Code = Code::new("syntax/margin");

/// A line of a text stands left of its closer.
pub(super) fn margin(at: Span, closer: Span) -> Diagnostic {
    Diagnostic::error(
        MARGIN,
        "a line left of the text's margin",
        at,
        "indented less than the closer",
    )
    .because(closer, "the closer's indentation is the margin")
    .help("indent the line at least as far as the closer, with the same blanks")
}

/// An escape that names no character.
pub const NO_CHARACTER: Code = Code::new("syntax/no-character");

/// `\u{digits}` is none.
pub(super) fn no_character(at: Span, digits: &str) -> Diagnostic {
    Diagnostic::error(
        NO_CHARACTER,
        format!("no character has the number {digits}"),
        at,
        "not a Unicode character",
    )
    .help("Unicode ends at 10FFFF, and D800 to DFFF are no characters")
}

/// A hole where a name must be constant.
pub const NAME_HOLE: Code = Code::new("syntax/name-hole");

/// A field's name holds `\(..)`.
pub(super) fn name_hole(at: Span) -> Diagnostic {
    Diagnostic::error(NAME_HOLE, "a field's name holds an interpolation", at, "must be constant")
        .help("names interpolate where keys are free: `namespace \"team-\\(t)\" { }`, `[key] = value`")
}
