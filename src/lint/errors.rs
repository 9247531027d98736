//! The messages of this room.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// An import that nothing in its file reads.
pub const UNUSED_IMPORT: Code = Code::new("lint/unused-import");

/// `name` is what the import brings; `cut` is the text whose removal takes it away.
pub(super) fn unused_import(name: &str, at: Span, cut: Span) -> Diagnostic {
    let title = format!("`{name}` is imported, and nothing in this file uses it");
    Diagnostic::warning(UNUSED_IMPORT, title, at, "not used").fix(
        format!("remove the import of `{name}`"),
        cut,
        "",
        true,
    )
}

pub(super) fn empty_import(at: Span, cut: Span) -> Diagnostic {
    let title = "this import brings nothing";
    Diagnostic::warning(UNUSED_IMPORT, title, at, "no name is picked").fix(
        "remove it",
        cut,
        "",
        true,
    )
}

/// An `allow` that leaves out nothing.
pub const UNUSED_ALLOW: Code = Code::new("lint/unused-allow");

pub(super) fn unused_allow(code: &str, at: Span) -> Diagnostic {
    Diagnostic::warning(
        UNUSED_ALLOW,
        format!("`allow({code})` allows nothing"),
        at,
        "nothing of this code is found here",
    )
    .fix("remove it", at, "", false)
}

/// A `///` that documents nothing.
pub const STRAY_DOC: Code = Code::new("lint/stray-doc");

/// `whole` is the comment, `mark` its `///`.
pub(super) fn stray_doc(whole: Span, mark: Span) -> Diagnostic {
    let title = "this `///` documents nothing";
    Diagnostic::warning(STRAY_DOC, title, whole, "nothing right below it")
        .help("a doc stands on lines of its own, right above what it documents")
        .fix("make it a plain comment", mark, "//", false)
}
