//! Messages about bounds and what else stands in parentheses behind a type.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// A value outside its bounds.
pub const OUT_OF_RANGE: Code = Code::new("type/out-of-range");

/// A value outside its bounds.
pub fn out_of_range(
    found: &str,
    bounds: &str,
    what: &str,
    at: Span,
    origin: Option<(Span, String)>,
) -> Diagnostic {
    let mut error = Diagnostic::error(
        OUT_OF_RANGE,
        format!("{found} is outside {bounds}"),
        at,
        format!("{what} must be {bounds}"),
    );
    if let Some((span, text)) = origin {
        error = error.because(span, text);
    }
    error
}

/// What stands in parentheses behind a type, and does not go with it.
pub(crate) const REFINEMENT: Code = Code::new("type/refinement");

pub(in crate::types) fn no_refinement(ty: &str, what: &str, at: Span, help: &str) -> Diagnostic {
    let title = format!("`{ty}` has no {}", what.trim_start_matches("a "));
    Diagnostic::error(REFINEMENT, title, at, format!("{what} on `{ty}`")).help(help.to_owned())
}

pub(in crate::types) fn empty_bounds(ty: &str, at: Span) -> Diagnostic {
    let title = format!("no `{ty}` lies within these bounds");
    Diagnostic::error(REFINEMENT, title, at, "nothing is in between")
        .help("the lower end comes first, and a named type's own bounds hold as well")
}
