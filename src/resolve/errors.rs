//! The messages of this room.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// Two things with one name.
pub const DUPLICATE: Code = Code::new("name/duplicate");

/// Two things with one name.
pub fn duplicate(what: &str, name: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        DUPLICATE,
        format!("two declarations of {what} `{name}`"),
        again,
        "declared again here",
    )
    .because(first, "it is declared here first")
    .help("rename one of them, or write both parts in one block")
}

/// A block whose keyword is no kind.
pub const UNKNOWN_KIND: Code = Code::new("name/unknown-kind");

pub(super) fn unknown_kind(word: &str, at: Span, near: Option<&str>, known: &[&str]) -> Diagnostic {
    let error = Diagnostic::error(
        UNKNOWN_KIND,
        format!("no kind has the keyword `{word}`"),
        at,
        "not a kind",
    );
    if near.is_some() {
        return error.suggest(at, near);
    }
    let list: Vec<String> = known.iter().take(12).map(|word| format!("`{word}`")).collect();
    error.help(format!(
        "there are {}; `kind PodMonitor {{ }}` would add `pod-monitor`",
        list.join(", ")
    ))
}

/// Something at a file's top that is no item.
pub const NOT_AN_ITEM: Code = Code::new("name/not-an-item");

pub(super) fn not_an_item(what: &str, place: &str, at: Span, help: &str) -> Diagnostic {
    Diagnostic::error(NOT_AN_ITEM, format!("{what} at the top of {place}"), at, "not an item")
        .help(help)
}

/// Something where it cannot stand.
pub(super) fn misplaced(what: &str, at: Span, help: &str) -> Diagnostic {
    Diagnostic::error(NOT_AN_ITEM, what.to_owned(), at, "not here").help(help)
}

/// An import that finds nothing.
pub const UNKNOWN_IMPORT: Code = Code::new("name/unknown-import");

pub(super) fn unknown_module(path: &str, at: Span, near: Option<&str>) -> Diagnostic {
    let mut found = Diagnostic::error(
        UNKNOWN_IMPORT,
        format!("no module `{path}`"),
        at,
        "nothing to import here",
    );
    if let Some(near) = near {
        found = found.help(format!("there is `{near}`"));
    }
    found.suggest(at, near)
}

pub(super) fn unknown_pick(name: &str, module: &str, at: Span, near: Option<&str>) -> Diagnostic {
    Diagnostic::error(
        UNKNOWN_IMPORT,
        format!("module `{module}` declares no `{name}`"),
        at,
        "not declared there",
    )
    .suggest(at, near)
}

/// A part of the language that this version of the compiler does not have yet.
pub const UNSUPPORTED: Code = Code::new("name/unsupported");

/// A part of the language that this version of the compiler does not have yet.
pub fn unsupported(what: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        UNSUPPORTED,
        format!("this version of iflux has no {what} yet"),
        at,
        "not supported yet",
    )
    .help("the compiler refuses what it would otherwise have to ignore")
}
