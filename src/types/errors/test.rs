//! The messages about what stands in a `test`.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// A test that cannot fail.
pub(crate) const EMPTY: Code = Code::new("test/empty");

pub(in crate::types) fn empty_test(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error(EMPTY, format!("test `{name}` asserts nothing"), at, "it cannot fail")
        .help("a test holds at least one `assert ..` or `expect error CODE in { .. }`")
}

/// `expect error` with a code that no finding has.
pub(crate) const UNKNOWN_CODE: Code = Code::new("test/unknown-code");

pub(in crate::types) fn unknown_code(
    code: &str,
    at: Span,
    near: Option<&str>,
    label: &'static str,
) -> Diagnostic {
    Diagnostic::error(UNKNOWN_CODE, format!("no finding has the code `{code}`"), at, label)
        .help("`iflux explain` lists all codes")
        .suggest(at, near)
}

pub(in crate::types) fn unreadable_code(code: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        UNKNOWN_CODE,
        format!("`{code}` cannot be expected"),
        at,
        "says that a file is unreadable",
    )
    .help("what stands in the braces is read with its file: what cannot be read is an error of the file itself")
}

/// An `allow` that does not say why.
pub(in crate::types) const NO_REASON: Code = Code::new("type/no-reason");

pub(in crate::types) fn no_reason(code: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        NO_REASON,
        format!("`allow({code})` without a reason"),
        at,
        "why is it wanted?",
    )
    .help(format!("write `allow({code}) because \"..\"`"))
}
