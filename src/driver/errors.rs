//! The messages of this room that are not about files (those are in `problems.rs`).

pub(super) mod supply;

use super::lock::LOCK_FILE;
use crate::diag::{Code, Diagnostic, Level};
use crate::eval::Failure;
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

/// An assertion that does not hold.
pub(crate) const TEST_FAILED: Code = Code::new("test/failed");

/// A false assertion, with the value of each of its parts at its place. `ran` is how many clusters it was computed for.
pub(super) fn test_failed(name: &str, failure: &Failure, ran: usize) -> Diagnostic {
    let says = match (&failure.message, failure.is_false) {
        (Some(message), _) => message.clone(),
        (None, true) => "an assertion does not hold".to_owned(),
        (None, false) => "an assertion cannot be computed".to_owned(),
    };
    let label = if failure.is_false { "this is false" } else { "this has no value" };
    let title = format!("test `{name}`: {says}");
    let mut found = Diagnostic::error(TEST_FAILED, title, failure.sign, label);
    for (at, value) in &failure.values {
        found = found.because(*at, value.clone());
    }
    if failure.targets.is_empty() || ran < 2 {
        return found;
    }
    let names: Vec<String> =
        failure.targets.iter().take(5).map(|name| format!("`{name}`")).collect();
    let more = failure.targets.len().saturating_sub(5);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    found.help(format!(
        "on {}{more} ({} of {ran} targets)",
        names.join(", "),
        failure.targets.len()
    ))
}

/// A test that reads the target, with no target on which all that it names exists.
pub(crate) const NO_TARGET: Code = Code::new("test/no-target");

pub(super) fn test_nowhere(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        NO_TARGET,
        format!("test `{name}` ran on no cluster"),
        at,
        "nowhere is all it names",
    )
    .help("it depends on the cluster, and no cluster has every resource that it names: split it")
}

/// An expected error that does not arise, or not alone.
pub(crate) const UNMET: Code = Code::new("test/unmet");

pub(super) fn test_unmet(name: &str, code: &str, at: Span, arose: &[&Diagnostic]) -> Diagnostic {
    if arose.is_empty() {
        return Diagnostic::error(
            UNMET,
            format!("test `{name}`: `{code}` does not arise"),
            at,
            "no error arises",
        )
        .help("what stands in the braces is right, as an addition to the project");
    }
    let met = arose.iter().any(|found| found.code.as_str() == code);
    let (title, label) = if met {
        (format!("test `{name}`: `{code}` is not the only error"), "others arise, too")
    } else {
        (format!("test `{name}`: `{code}` does not arise"), "other errors arise instead")
    };
    let mut found = Diagnostic::error(UNMET, title, at, label);
    let others = arose.iter().filter(|found| found.code.as_str() != code);
    for other in others.clone().take(5) {
        let text = format!("{}: {}", other.code, other.title);
        found = match &other.primary {
            Some(label) => found.because(label.span, text),
            None => found.help(text),
        };
    }
    let more = others.count().saturating_sub(5);
    if more > 0 { found.help(format!("{more} more errors arise")) } else { found }
}

/// A dependency whose exact content is not settled.
pub(crate) const NOT_LOCKED: Code = Code::new("dependency/not-locked");

pub(super) fn not_locked(name: &str, at: Span, other: Option<&str>) -> Diagnostic {
    let (title, label) = match other {
        None => (format!("`{LOCK_FILE}` does not know the dependency `{name}`"), "not locked yet"),
        Some(_) => (
            format!("`{LOCK_FILE}` has `{name}` from another source"),
            "this is not what is locked",
        ),
    };
    let found = Diagnostic::error(NOT_LOCKED, title, at, label);
    let found = match other {
        Some(other) => found.help(format!("the lock has {other}")),
        None => found,
    };
    found.help("run `iflux fetch`: a build never opens a connection")
}

/// A dependency without its copy.
pub(crate) const NOT_FETCHED: Code = Code::new("dependency/not-fetched");

pub(super) fn not_fetched(name: &str, at: Span, folder: &str) -> Diagnostic {
    let title = format!("the dependency `{name}` is not in `{folder}`");
    Diagnostic::error(NOT_FETCHED, title, at, "its files are not here")
        .help("run `iflux fetch`: a build never opens a connection")
}

/// A copy that was edited.
pub(crate) const CHANGED: Code = Code::new("dependency/changed");

pub(super) fn changed(name: &str, at: Span, folder: &str) -> Diagnostic {
    let title = format!("`{folder}` is not what `{LOCK_FILE}` says");
    Diagnostic::error(CHANGED, title, at, format!("the copy of `{name}` was changed")).help(
        "run `iflux fetch`, which brings back what is locked; change a dependency where it lives",
    )
}

/// A folder that is no package.
pub(crate) const NO_PACKAGE: Code = Code::new("dependency/no-package");

pub(super) fn no_package(name: &str, at: Span, place: &str, why: &str) -> Diagnostic {
    let title = format!("there is no package at {place}: {why}");
    Diagnostic::error(NO_PACKAGE, title, at, format!("`{name}` comes from there")).help(
        "a package is a folder with `iflux.toml` and `.iflux` files; an empty `iflux.toml` will do",
    )
}

pub(super) fn out_of_repository(name: &str, at: Span) -> Diagnostic {
    let title = format!("the path of `{name}` leads out of its repository");
    Diagnostic::error(NO_PACKAGE, title, at, "no folder of the repository")
        .help("name it by `git` and `rev`: a fetch brings one folder of a repository, and not what lies beside it")
}

/// One name for two packages.
pub(crate) const CONFLICT: Code = Code::new("dependency/conflict");

pub(super) fn conflict(name: &str, at: Span, here: &str, first: Span, there: &str) -> Diagnostic {
    let title = format!("two packages are called `{name}`");
    Diagnostic::error(CONFLICT, title, at, format!("here it is {here}"))
        .because(first, format!("here it is {there}"))
        .help("name one source in both places, or give one of the two another name")
}

/// Packages that need one another.
pub(crate) const DEPENDENCY_CYCLE: Code = Code::new("dependency/cycle");

/// `names` are the packages of the circle, the project's is empty; each declares the next at its place.
pub(super) fn dependency_cycle(names: &[String], declared: &[Span]) -> Diagnostic {
    let shown = |name: &String| {
        if name.is_empty() { "the project".to_owned() } else { format!("`{name}`") }
    };
    let mut way: Vec<String> = names.iter().map(shown).collect();
    let is_project = names.first().is_some_and(String::is_empty);
    way.extend((!is_project).then(|| names.first().map(shown)).flatten());
    let title = "packages depend on one another in a circle";
    let mut found = Diagnostic::new(Level::Error, DEPENDENCY_CYCLE, title);
    for (at, name) in declared.iter().zip(names) {
        found = if found.primary.is_none() {
            found.at(*at, "a dependency of the circle")
        } else {
            found.because(*at, format!("which {} names here", shown(name)))
        };
    }
    if is_project {
        return found.help("this path is the project itself");
    }
    found
        .help(format!("the circle: {}", way.join(" -> ")))
        .help("move what they share into a package that needs none of them")
}

/// A lock that is none.
pub(crate) const LOCK_BROKEN: Code = Code::new("dependency/lock");

pub(super) fn lock_broken(at: Span, words: &str) -> Diagnostic {
    let title = format!("`{LOCK_FILE}` cannot be read: {words}");
    Diagnostic::error(LOCK_BROKEN, title, at, "not as `iflux fetch` writes it")
        .help("take the version of your repository, or remove the file and run `iflux fetch`")
}

/// A repository that gives another content for a commit.
pub(crate) const OTHER_CONTENT: Code = Code::new("dependency/other-content");

pub(super) fn other_content(name: &str, at: Span, commit: &str) -> Diagnostic {
    let title =
        format!("`{name}` is not what `{LOCK_FILE}` says, though it is the commit `{commit}`");
    Diagnostic::error(OTHER_CONTENT, title, at, "the content is another one")
        .help("a commit does not change: ask who changed the lock, or the repository")
        .help("if it is meant, remove its entry from the lock and run `iflux fetch`")
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

/// A type of the table whose name, fields or bounds are none of the language.
pub(super) fn undeclared_type(at: Span) -> Diagnostic {
    Diagnostic::error(
        WRONG_TABLE,
        format!("a type of `{}` that cannot be declared", super::TABLE),
        at,
        "its name or a field",
    )
    .help("`iflux import crd FILE` writes this file: import again what it should hold")
}
