//! Messages about names that blocks declare: `param registries: [String] = ["docker.io/"]`.

use super::{MISMATCH, MISPLACED, UNKNOWN_NAME};
use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// A name that is declared with two types.
pub(crate) const DECLARED_OTHERWISE: Code = Code::new("type/declared-otherwise");

pub(in crate::types) fn declared_otherwise(
    name: &str,
    (ty, at): (&str, Span),
    (before, first): (&str, Span),
) -> Diagnostic {
    let title = format!("`{name}` is declared as `{before}` already");
    Diagnostic::error(DECLARED_OTHERWISE, title, at, format!("here as `{ty}`"))
        .because(first, format!("`{before}` is declared here"))
        .help(format!("set it where it is known: `override param.{name} = ..`"))
}

/// A name that no `param` declares, where one is set or read.
pub(in crate::types) fn undeclared(
    field: &str,
    name: &str,
    at: Span,
    near: Option<(&str, Span)>,
    known: &[Sym],
) -> Diagnostic {
    let title = format!("no `{name}` is declared in `{field}`");
    let error = Diagnostic::error(UNKNOWN_NAME, title, at, "declared nowhere");
    match near {
        Some((near, declared)) => {
            error.because(declared, format!("`{near}` is declared here")).suggest(at, Some(near))
        }
        None if known.is_empty() => {
            error.help(format!("declare it with its type: `param {name}: [String] = ..`"))
        }
        None => {
            let list: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            error.help(format!("declared are {}", list.join(", ")))
        }
    }
}

/// `param` in a block that has no such map.
pub(in crate::types) fn no_declared(name: &str, schema: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        MISPLACED,
        "`param` is out of place".to_owned(),
        at,
        "nothing is declared here",
    )
    .help(format!(
        "a `{schema}` has no field `declared param`; fields are set with `=`: `{name} = ..`"
    ))
}

/// A declared name without a value.
pub(in crate::types) fn valueless(name: &str, ty: &str, at: Span) -> Diagnostic {
    Diagnostic::error(MISPLACED, format!("`{name}` has no value"), at, "declared without a value")
        .help(format!(
            "a declared name has one, which upper layers may override: `param {name}: {ty} = ..`"
        ))
}

/// A declared type whose values are no data.
pub(in crate::types) fn not_data(name: &str, ty: &str, at: Span, field: Span) -> Diagnostic {
    let title = format!("`{name}` is `{ty}`, and parameters are data");
    Diagnostic::error(MISMATCH, title, at, "no data")
        .because(field, "parameters are declared here")
        .help("data are numbers, texts, quantities, and lists and maps of them")
}

/// A name of a declared map that is not written out.
pub(in crate::types) fn computed_name(field: &str, at: Span) -> Diagnostic {
    let title = "a computed name is out of place".to_owned();
    Diagnostic::error(MISPLACED, title, at, "not written out").help(format!(
        "the names of `{field}` are declared: others refer to them, so each is written out"
    ))
}

/// A declared map that is set as a whole.
pub(in crate::types) fn whole_declared(field: &str, at: Span) -> Diagnostic {
    let title = format!("`{field}` as a whole is out of place");
    Diagnostic::error(MISPLACED, title, at, "its names are declared one by one")
        .help(format!("declare each name, or set one that is declared: `{field}.name = ..`"))
}

/// A declared field that is no map.
pub(in crate::types) fn no_declared_map(field: &str, ty: &str, at: Span) -> Diagnostic {
    let title = format!("`{field}` is declared, and no map");
    Diagnostic::error(MISPLACED, title, at, format!("it is `{ty}`")).help(
        "`declared` says that the entries of a map are names: `declared metric: {Name: Metric}`",
    )
}

/// A declared map of data that no word declares entries of.
pub(in crate::types) fn no_param(field: &str, at: Span) -> Diagnostic {
    let title = format!("nothing declares entries of `{field}`");
    Diagnostic::error(MISPLACED, title, at, "a map of data")
        .help("names of data are declared by `param name: T = ..`, in a field called `param`")
}
