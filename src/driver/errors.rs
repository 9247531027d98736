//! The messages of this room that are not about files (those are in `problems.rs`).

use crate::diag::{Code, Diagnostic, Level};
use crate::source::Span;

/// A question about a value that does not exist.
pub(crate) const NO_SUCH_VALUE: Code = Code::new("why/no-such-value");

pub(super) fn no_such_value(query: &str, missing: &str, near: Option<&str>) -> Diagnostic {
    let found = Diagnostic::new(Level::Error, NO_SUCH_VALUE, format!("nothing is at `{missing}`"));
    match near {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found.help(format!("`{query}` is read as kind, name, field, field, ..")),
    }
}

pub(super) fn no_such_file(path: &str, near: Option<&str>) -> Diagnostic {
    let found = Diagnostic::new(
        Level::Error,
        NO_SUCH_VALUE,
        format!("this project does not build `{path}`"),
    );
    match near {
        Some(near) => found.help(format!("it builds `{near}`")),
        None => found,
    }
}

pub(super) fn no_such_line(path: &str, line: usize, lines: usize) -> Diagnostic {
    Diagnostic::new(
        Level::Error,
        NO_SUCH_VALUE,
        format!("`{path}` has {lines} lines, and no line {line}"),
    )
}

/// The project's table of object types cannot be read.
pub(crate) const WRONG_TABLE: Code = Code::new("kubernetes/wrong-table");

pub(super) fn wrong_table(at: Span) -> Diagnostic {
    Diagnostic::error(
        WRONG_TABLE,
        format!("a line of `{}` that says nothing", super::TABLE),
        at,
        "neither a type nor a field",
    )
    .help("`iflux import crd FILE` writes this file: import again what it should hold")
}
