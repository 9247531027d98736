//! The messages of this room that are not about files (those are in `problems.rs`).

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
