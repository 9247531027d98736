//! The messages about texts that must match a pattern.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// A text that does not match the pattern of its type.
pub(crate) const PATTERN: Code = Code::new("type/pattern");

/// `named` is the type that asks for the pattern, and what its doc says first.
pub(in crate::types) fn pattern(
    text: &str,
    pattern: &str,
    at: Span,
    named: Option<(&str, &str)>,
) -> Diagnostic {
    match named {
        Some((name, doc)) => {
            let error = Diagnostic::error(
                PATTERN,
                format!("`{text}` is no `{name}`"),
                at,
                format!("not written like a `{name}`"),
            );
            let error = if doc.is_empty() { error } else { error.help(format!("`{name}`: {doc}")) };
            error.help(format!("its pattern is `{pattern}`"))
        }
        None => Diagnostic::error(
            PATTERN,
            format!("`{text}` does not match `{pattern}`"),
            at,
            "does not match the pattern",
        ),
    }
}
