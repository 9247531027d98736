//! The messages of this room.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// A resource whose values do not have the shape that its schema promises: a fault of the compiler.
pub(super) const NOT_LIFTED: Code = Code::new("model/not-lifted");

pub(super) fn not_lifted(address: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        NOT_LIFTED,
        format!("the values of `{address}` are not what its kind promises"),
        at,
        "cannot be built",
    )
    .help("this is a fault of the compiler: please report it with the program that shows it")
}
