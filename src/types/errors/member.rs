//! The messages about fields that only some members of a union have.

use super::{UNKNOWN_FIELD, listed};
use crate::diag::Diagnostic;
use crate::source::{Span, Sym};

/// A field that a block of all members of a kind sets, and not all of them have, or not with one type.
pub(in crate::types) fn not_shared(
    name: &str,
    (kind, keyword): (&str, &str),
    at: Span,
    having: &[(Sym, Span)],
    is_in_all: bool,
) -> Diagnostic {
    let (title, label) = if is_in_all {
        (format!("`{name}` is not the same field in every `{kind}`"), "which of them is meant?")
    } else {
        (format!("not every `{kind}` has a field `{name}`"), "not a field of all")
    };
    let mut error = Diagnostic::error(UNKNOWN_FIELD, title, at, label);
    for (member, declared) in having {
        error = error.because(*declared, format!("`{member}` has one"));
    }
    let first = having.first().map_or("", |(member, _)| member.as_str());
    error.help(format!("`{keyword} * : {first} {{ .. }}` is a layer below those only"))
}

/// A field that other members of the union have, in a record of one that has not.
pub(in crate::types) fn of_another_member(
    name: &str,
    owner: &str,
    at: Span,
    having: &[(Sym, Span)],
    known: &[&str],
) -> Diagnostic {
    let members: Vec<String> = having.iter().map(|(member, _)| format!("`{member}`")).collect();
    let mut error = Diagnostic::error(
        UNKNOWN_FIELD,
        format!("`{owner}` has no field `{name}`"),
        at,
        format!("a setting of {}", members.join(" and ")),
    );
    for (member, declared) in having {
        error = error.because(*declared, format!("`{member}` has one"));
    }
    if known.is_empty() { error } else { error.help(format!("`{owner}` has {}", listed(known))) }
}
