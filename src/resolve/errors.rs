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

pub(super) fn item_as_module(path: &str, at: Span, parent: &str, name: &str) -> Diagnostic {
    let picked = format!("{parent}.{{{name}}}");
    let title = format!("`{path}` is no module, but an item of one");
    Diagnostic::error(UNKNOWN_IMPORT, title, at, "an item is picked in braces").fix(
        format!("replace with `{picked}`"),
        at,
        picked,
        true,
    )
}

pub(super) fn import_outside(path: &str, at: Span) -> Diagnostic {
    let title = format!("`{path}` leads out of the project");
    Diagnostic::error(UNKNOWN_IMPORT, title, at, "above the project's root").help(
        "what other projects share is a dependency: name it in `iflux.toml` under `[dependencies]`",
    )
}

pub(super) fn unknown_dependency(name: &str, at: Span, near: Option<&str>) -> Diagnostic {
    let title = format!("no dependency is called `{name}`");
    let found = Diagnostic::error(UNKNOWN_IMPORT, title, at, "not in `iflux.toml`");
    if near.is_some() {
        return found.suggest(at, near);
    }
    found.help(format!("a folder of the project is imported by `./{name}`")).help(format!(
        "a dependency is named in `iflux.toml`: `[dependencies]` and `{name} = {{ path = \"../{name}\" }}`"
    ))
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

/// An item that its module keeps to itself.
pub const PRIVATE: Code = Code::new("name/private");

/// An item that its module keeps to itself.
pub fn private(name: &str, at: Span, declared: Span) -> Diagnostic {
    Diagnostic::error(PRIVATE, format!("`{name}` is private"), at, "only its own folder sees it")
        .because(declared, "it is declared `private` here")
        .help("remove `private` there if other folders are meant to use it")
}

/// Modules that import one another.
pub const IMPORT_CYCLE: Code = Code::new("name/import-cycle");

/// `path` begins and ends with the module of the first import; each import leads to the next module.
pub(super) fn import_cycle(path: &[String], imports: &[Span]) -> Diagnostic {
    let first =
        imports.first().copied().unwrap_or_else(|| Span::new(crate::source::FileId(0), 0, 0));
    let title = "folders import one another in a circle";
    let mut found = Diagnostic::error(IMPORT_CYCLE, title, first, "an import of the circle");
    for (from_to, &import) in path.windows(2).zip(imports).skip(1) {
        if let [from, to] = from_to {
            found = found.because(import, format!("and `{from}` imports `{to}` here"));
        }
    }
    found
        .help(format!("the circle: {}", path.join(" -> ")))
        .help("move what they share into a folder that imports none of them")
}

pub(super) fn imports_itself(module: &str, at: Span) -> Diagnostic {
    let title = format!("the folder `{module}` imports itself");
    Diagnostic::error(IMPORT_CYCLE, title, at, "this very folder")
        .help("the files of a folder see one another's items: remove the import")
}

/// A block of a kind that the file does not see.
pub const NOT_IMPORTED: Code = Code::new("name/not-imported");

pub(super) fn not_imported(
    word: &str,
    name: &str,
    at: Span,
    declared: Span,
    import: &str,
) -> Diagnostic {
    let title = format!("the kind `{name}` is not imported");
    Diagnostic::error(NOT_IMPORTED, title, at, format!("`{word}` is its keyword"))
        .because(declared, "it is declared here")
        .help(format!("at the top of this file: `{import}`"))
}

/// A resource of a dependency.
pub const RESOURCE_IN_DEPENDENCY: Code = Code::new("name/resource-in-dependency");

pub(super) fn resource_in_dependency(word: &str, at: Span) -> Diagnostic {
    let title = format!("a dependency declares a resource of its own, a `{word}`");
    Diagnostic::error(RESOURCE_IN_DEPENDENCY, title, at, "a resource outside of components")
        .help("a package holds types, presets, functions and components; the project that uses it declares resources")
}

/// An environment or cluster that a dependency names.
pub const TARGET_IN_DEPENDENCY: Code = Code::new("name/target-in-dependency");

/// An environment or cluster that a dependency names.
pub fn target_in_dependency(word: &str, name: &str, at: Span) -> Diagnostic {
    let title = format!("a dependency names the {word} `{name}`");
    Diagnostic::error(TARGET_IN_DEPENDENCY, title, at, "every project has its own")
        .help("let the project decide: take what differs as a field or an input")
}
