//! The messages about schemas that copy the fields of others.

use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// A copied field that is declared anew as something else.
pub(in crate::types) const REDECLARED: Code = Code::new("type/redeclared");

pub(in crate::types) fn redeclared(
    name: Sym,
    (at, is): (Span, &str),
    (first, was): (Span, &str),
    base: Sym,
) -> Diagnostic {
    Diagnostic::error(
        REDECLARED,
        format!("`{name}` is `{was}` in `{base}`, and `{is}` here"),
        at,
        format!("declared as `{is}`"),
    )
    .because(first, format!("`{base}` has it as `{was}`"))
    .help("who extends a schema may say more of a field, and nothing that the first would not take: give the new field a name of its own")
}
