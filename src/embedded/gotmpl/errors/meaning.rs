//! What is said of templates that can be read, and cannot be right.

use super::super::context::Engine;
use super::super::functions::Function;
use super::super::kind::{Kind, Param};
use super::super::problem::Problem;
use super::super::tree::Name;
use crate::diag::{Code, nearest};
use crate::source::Extent;

/// A function that the engine does not have.
pub const UNKNOWN_FUNCTION: Code = Code::new("template/unknown-function");

pub(in crate::embedded::gotmpl) fn unknown_function(
    at: Extent,
    name: &str,
    engine: Engine,
) -> Problem {
    let title = format!("{} has no function `{name}`", engine.words());
    Problem::new(UNKNOWN_FUNCTION, title, at, "no such function")
}

/// A variable that nothing declares.
pub const UNKNOWN_VARIABLE: Code = Code::new("template/unknown-variable");

pub(in crate::embedded::gotmpl) fn unknown_variable(
    at: Extent,
    name: &str,
    near: Option<&str>,
    known: &[&str],
) -> Problem {
    let title = format!("the template has no variable `{name}`");
    let found = Problem::new(UNKNOWN_VARIABLE, title, at, "no such variable");
    match near {
        Some(near) => found.mend(at, near, true),
        None => found.help(format!("its variables: {}", listed(known))),
    }
}

/// A variable of the template in a definition.
pub(in crate::embedded::gotmpl) fn outer_variable(at: Extent, name: &str) -> Problem {
    let title = format!("`{name}` is not seen in a definition");
    Problem::new(UNKNOWN_VARIABLE, title, at, "declared outside of this definition")
        .help("`define` and `block` see the value that they are called with, as `.` and `$`")
}

/// A field that nothing has.
pub const UNKNOWN_FIELD: Code = Code::new("template/unknown-field");

fn no_field(title: String, at: Extent, label: &str, name: &str, known: &[&str]) -> Problem {
    let found = Problem::new(UNKNOWN_FIELD, title, at, label);
    match nearest(name, known.iter().copied()) {
        Some(near) => found.mend(at, near, true),
        None => found,
    }
}

pub(in crate::embedded::gotmpl) fn unknown_label(
    at: Extent,
    name: &str,
    known: &[&str],
) -> Problem {
    let title = format!("the query yields no label `{name}`");
    let mut found = no_field(title, at, "no such label", name, known);
    found.lost = Some(name.to_owned());
    if known.is_empty() {
        found.help("what the query yields has no labels")
    } else {
        found.help(format!("its labels: {}", listed(known)))
    }
}

pub(in crate::embedded::gotmpl) fn unknown_parameter(
    at: Extent,
    name: &str,
    known: &[&str],
) -> Problem {
    let title = format!("no parameter `{name}` is given here");
    let found = no_field(title, at, "no such parameter", name, known);
    if known.is_empty() { found } else { found.help(format!("given are: {}", listed(known))) }
}

pub(in crate::embedded::gotmpl) fn unknown_field(
    of: &str,
    at: Extent,
    name: &str,
    known: &[&str],
) -> Problem {
    no_field(format!("{of} has no field `{name}`"), at, "no such field", name, known)
        .help(format!("its fields: {}", listed(known)))
}

/// A field of the dot at the top of an alert's template.
pub(in crate::embedded::gotmpl) fn unknown_of_alert(
    at: Extent,
    name: &str,
    known: &[&str],
    base: Extent,
) -> Problem {
    let found = unknown_field("the alert", at, name, known);
    // `.instance`, where the alert has labels of any name.
    let whole = base.to(at);
    if found.fix.is_none() && whole.start < at.start && at.start - whole.start == 1 {
        return found.mend(whole, format!("$labels.{name}"), false);
    }
    found
}

pub(in crate::embedded::gotmpl) fn no_fields(base: &str, words: &str, at: Extent) -> Problem {
    let title = format!("`{base}` has no fields");
    Problem::new(UNKNOWN_FIELD, title, at, format!("a field of {words}"))
}

/// A `template` that nothing defines.
pub const UNKNOWN_TEMPLATE: Code = Code::new("template/unknown-template");

pub(in crate::embedded::gotmpl) fn unknown_template(name: &Name, near: Option<&str>) -> Problem {
    let title = format!("no template `{}` is defined", name.text);
    let found = Problem::new(UNKNOWN_TEMPLATE, title, name.at, "no such template");
    match near {
        Some(near) => found.mend(name.at, super::super::literal::quoted(near), true),
        None => found.help("only what this text defines is known in it"),
    }
}

/// Too few or too many arguments.
pub const ARGUMENTS: Code = Code::new("template/arguments");

pub(in crate::embedded::gotmpl) fn arguments(
    at: Extent,
    function: &Function,
    given: usize,
    is_piped: bool,
) -> Problem {
    let needed = count(function.params.len());
    let least = if function.rest.is_some() { "at least " } else { "" };
    let found = match (given, is_piped) {
        (0, _) => "none is given".to_owned(),
        (1, true) => "only what is piped is given".to_owned(),
        (given, true) => format!("{given} are, with the piped one"),
        (1, false) => "one is given".to_owned(),
        (given, false) => format!("{given} are given"),
    };
    let title = format!("`{}` takes {least}{needed}", function.name);
    Problem::new(ARGUMENTS, title, at, found).help(format!("`{}`: {}", function.name, function.doc))
}

/// `$labels.a "b"`, `x | $value`.
pub(in crate::embedded::gotmpl) fn not_a_function(
    shown: &str,
    at: Extent,
    extra: Extent,
) -> Problem {
    Problem::new(ARGUMENTS, format!("`{shown}` takes no arguments"), at, "not a function")
        .because(extra, "this would be its argument")
}

pub(in crate::embedded::gotmpl) fn format_arguments(
    at: Extent,
    verbs: usize,
    given: usize,
) -> Problem {
    let title = format!("a format for {} with {} to print", count(verbs), given);
    let label = if given < verbs { "prints `MISSING`" } else { "prints `EXTRA`" };
    Problem::new(ARGUMENTS, title, at, label)
}

/// A value of a kind that does not fit.
pub const MISMATCH: Code = Code::new("template/mismatch");

pub(in crate::embedded::gotmpl) fn argument(
    at: Extent,
    function: &Function,
    wanted: Param,
    found: Kind,
) -> Problem {
    let title = format!("`{}` takes {}, not {}", function.name, wanted.words(), found.words());
    let problem = Problem::new(MISMATCH, title, at, format!("this is {}", found.words()))
        .help(format!("`{}`: {}", function.name, function.doc));
    match (wanted, found) {
        (Param::Text | Param::Pattern, Kind::Float | Kind::Int) => {
            problem.help("`printf \"%v\" x` makes a text of a number")
        }
        _ => problem,
    }
}

pub(in crate::embedded::gotmpl) fn not_a_number(at: Extent, name: &str, text: &str) -> Problem {
    let title = format!("`{name}` takes a number, and `{text}` reads as none");
    Problem::new(MISMATCH, title, at, "not a number")
}

pub(in crate::embedded::gotmpl) fn pattern(at: Extent, found: &str, expected: &str) -> Problem {
    Problem::new(MISMATCH, "not a regular expression (RE2)", at, found)
        .help(format!("expected: {expected}"))
}

pub(in crate::embedded::gotmpl) fn not_ranged(words: &str, at: Extent) -> Problem {
    Problem::new(MISMATCH, format!("a `range` through {words}"), at, "has no elements")
}

pub(in crate::embedded::gotmpl) fn not_indexed(at: Extent, words: &str) -> Problem {
    Problem::new(MISMATCH, format!("an entry of {words}"), at, "has no entries")
}

pub(in crate::embedded::gotmpl) fn lone_nil(at: Extent) -> Problem {
    Problem::new(MISMATCH, "`nil` is nothing that prints", at, "no value")
}

pub(in crate::embedded::gotmpl) fn compared(
    at: Extent,
    kind: Kind,
    other: Kind,
    other_at: Extent,
) -> Problem {
    // Go tells them apart even where the fraction is nothing.
    let words = |kind: Kind| if kind == Kind::Float { "a fractional number" } else { kind.words() };
    let (found, wanted) = (words(kind), words(other));
    Problem::new(
        MISMATCH,
        format!("{found} is compared with {wanted}"),
        at,
        format!("this is {found}"),
    )
    .because(other_at, format!("this is {wanted}"))
    .help("templates compare values of one type only, and fail on others")
}

pub(in crate::embedded::gotmpl) fn verb(
    at: Extent,
    verb: char,
    kind: Kind,
    value: Extent,
) -> Problem {
    let instead = if kind == Kind::Float {
        "`%.2f`, `%.0f` or `%v`"
    } else if kind == Kind::Int {
        "`%d` or `%v`"
    } else {
        "`%s` or `%q`"
    };
    let title = format!("`%{verb}` does not print {}", kind.words());
    Problem::new(MISMATCH, title, at, format!("prints `%!{verb}(..)`"))
        .because(value, format!("this is {}", kind.words()))
        .help(format!("{} is printed by {instead}", kind.words()))
}

fn count(number: usize) -> String {
    match number {
        0 => "no arguments".to_owned(),
        1 => "one argument".to_owned(),
        2 => "two arguments".to_owned(),
        more => format!("{more} arguments"),
    }
}

/// Names, at most eight of them.
fn listed(names: &[&str]) -> String {
    const MOST: usize = 8;
    let shown: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    match names.len().checked_sub(MOST) {
        Some(more) if more > 0 => format!("{} and {more} more", shown.join(", ")),
        _ => shown.join(", "),
    }
}
