//! The messages of this room; those about components and arms stand below, in `errors/`.

mod arm;
mod bounds;
mod component;
mod declared;
mod extends;
pub(super) mod function;
pub(super) mod later;
pub(super) mod matching;
mod member;
pub(super) mod parameters;
mod test;
pub(super) mod text;
mod type_value;

pub(super) use arm::{repeated_arm, unknown_arm, unknown_axis};
pub use bounds::{OUT_OF_RANGE, out_of_range};
pub(super) use bounds::{empty_bounds, no_refinement};
pub use component::{NO_CHILD, no_child};
pub(super) use component::{
    amendment, external_component, outside, recursion, shadowed, single_pattern,
};
pub(super) use declared::{
    computed_name, declared_otherwise, no_declared, no_declared_map, no_param, not_data,
    undeclared, valueless, whole_declared,
};
pub(super) use extends::redeclared;
pub use later::{LATER, NO_CONTEXT, OTHER_CONTEXT};
pub(super) use member::{not_shared, of_another_member};
pub use parameters::UNKNOWN_PARAMETER;
pub(super) use test::{empty_test, no_reason, unknown_code, unreadable_code};
pub(super) use type_value::{no_object_value, no_type_value};

use super::expectation::Expectation;
use super::habits::Habit;
use crate::diag::{Code, Diagnostic, Level};
use crate::resolve::{DUPLICATE, DefKind};
use crate::source::Span;

/// A value of the wrong type.
pub const MISMATCH: Code = Code::new("type/mismatch");

pub(super) fn mismatch(
    at: Span,
    found: &str,
    wanted: &str,
    expect: Option<Expectation>,
) -> Diagnostic {
    let found = quoted(found);
    let mut error = Diagnostic::error(
        MISMATCH,
        format!("found {found} where {} is wanted", quoted(wanted)),
        at,
        format!("this is {found}"),
    );
    if let Some(expect) = expect {
        error = error.because(expect.origin, expect.because(wanted));
    }
    error
}

/// Types stand in backticks, words (`a list`) do not.
fn quoted(what: &str) -> String {
    let is_prose = what.starts_with("a ") || what.starts_with("something ");
    if is_prose { what.to_owned() } else { format!("`{what}`") }
}

pub(super) fn append_to(at: Span, found: &str, declared: Span, name: &str) -> Diagnostic {
    Diagnostic::error(MISMATCH, "`+=` where no list is".to_owned(), at, "nothing to append to")
        .because(declared, format!("`{name}` is `{found}`"))
        .help(format!("write `{name} = ..`"))
}

/// A field that the schema does not have.
pub(crate) const UNKNOWN_FIELD: Code = Code::new("type/unknown-field");

pub(super) fn unknown_field(
    name: &str,
    owner: &str,
    at: Span,
    near: Option<(&str, Option<Span>)>,
    known: &[&str],
) -> Diagnostic {
    let mut error = Diagnostic::error(
        UNKNOWN_FIELD,
        format!("`{owner}` has no field `{name}`"),
        at,
        "no such field",
    );
    if let Some((near, declared)) = near {
        if let Some(declared) = declared {
            error = error.because(declared, format!("`{near}` is declared here"));
        }
        return error.suggest(at, Some(near));
    }
    if known.is_empty() { error } else { error.help(format!("its fields: {}", listed(known))) }
}

/// Names as a help lists them: the first dozen, and how many more there are.
fn listed(names: &[&str]) -> String {
    let list: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(12);
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{tail}", list.join(", "))
}

/// A field that may not be set.
pub(crate) const READ_ONLY: Code = Code::new("type/read-only");

pub(super) fn read_only(name: &str, what: &str, at: Span, declared: Span) -> Diagnostic {
    Diagnostic::error(READ_ONLY, format!("`{name}` cannot be set"), at, "set here")
        .because(declared, what.to_owned())
        .help("remove this line")
}

/// A name that is declared nowhere.
pub const UNKNOWN_NAME: Code = Code::new("name/unknown");

pub(super) fn unknown_name(
    name: &str,
    at: Span,
    near: Option<&str>,
    help: Option<String>,
) -> Diagnostic {
    let mut error = Diagnostic::error(
        UNKNOWN_NAME,
        format!("no name `{name}` is declared here"),
        at,
        "declared nowhere",
    );
    if let Some(help) = help {
        error = error.help(help);
    }
    error.suggest(at, near)
}

/// A function that is declared nowhere, and what other languages' function of the name is here.
pub(super) fn unknown_function(
    name: &str,
    at: Span,
    near: Option<&str>,
    habit: Option<Habit>,
) -> Diagnostic {
    let title = format!("no function `{name}` is declared here");
    let error = Diagnostic::error(UNKNOWN_NAME, title, at, "declared nowhere");
    match habit {
        // The two may differ in their parameters, so a person has to look.
        Some(Habit::Function(ours)) => error.fix(format!("replace with `{ours}`"), at, ours, false),
        Some(Habit::Sentence(says)) => error.help(says),
        None => error.suggest(at, near),
    }
}

pub(super) fn second_of_single(keyword: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        DUPLICATE,
        format!("a project has one `{keyword}`"),
        at,
        "this is a second one",
    )
    .because(first, "this is the one")
    .help("write both parts in one block")
}

pub(super) fn no_null(name: &str, at: Span) -> Diagnostic {
    let help = "absence is not a value: leave an optional field out, or give a default with `??`";
    unknown_name(name, at, None, Some(help.to_owned()))
}

/// A reference to a resource that does not exist.
pub const UNKNOWN_REFERENCE: Code = Code::new("name/unknown-reference");

/// A reference to a resource that does not exist.
pub fn unknown_reference(
    name: &str,
    kind: &str,
    at: Span,
    near: Option<(&str, Span)>,
    origin: Option<(Span, String)>,
    known: &[&str],
) -> Diagnostic {
    let mut error = Diagnostic::error(
        UNKNOWN_REFERENCE,
        format!("no {kind} is called `{name}`"),
        at,
        format!("no such {kind}"),
    );
    if let Some((span, text)) = origin {
        error = error.because(span, text);
    }
    match near {
        Some((near, declared)) => {
            error.because(declared, format!("`{near}` is declared here")).suggest(at, Some(near))
        }
        None if known.is_empty() => error.help(format!("declare it: `{kind} {name} {{ }}`")),
        None => {
            let list: Vec<String> = known.iter().take(8).map(|name| format!("`{name}`")).collect();
            error.help(format!("there are {}", list.join(", ")))
        }
    }
}

/// A name that fits several things.
pub const AMBIGUOUS: Code = Code::new("name/ambiguous");

pub(super) fn ambiguous(name: &str, at: Span, candidates: &[(String, Span)]) -> Diagnostic {
    let mut error = Diagnostic::error(
        AMBIGUOUS,
        format!("`{name}` can mean {} things", candidates.len()),
        at,
        "which one?",
    );
    for (address, declared) in candidates {
        error = error.because(*declared, format!("`{address}` is declared here"));
    }
    for (address, _) in candidates {
        if address.contains('.') {
            error = error.fix(format!("write `{address}`"), at, address.clone(), false);
        }
    }
    error
}

/// A type that does not exist.
pub(crate) const UNKNOWN_TYPE: Code = Code::new("name/unknown-type");

pub(super) fn unknown_type(name: &str, at: Span, what: &str, near: Option<&str>) -> Diagnostic {
    Diagnostic::error(UNKNOWN_TYPE, format!("no {what} `{name}`"), at, format!("no such {what}"))
        .suggest(at, near)
}

/// A base of a block that does not fit it.
pub(crate) const WRONG_BASE: Code = Code::new("type/wrong-base");

pub(super) fn wrong_base(
    title: String,
    at: Span,
    declared: Option<Span>,
    help: String,
) -> Diagnostic {
    let error = Diagnostic::error(WRONG_BASE, title, at, "does not fit here").help(help);
    declared.into_iter().fold(error, |error, at| error.because(at, "declared here"))
}

pub(super) fn built_in_name(what: &str, name: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        crate::resolve::DUPLICATE,
        format!("a {what} with the name of the type `{name}`"),
        at,
        "the language has it",
    )
    .help("rename it: the types of the language keep their names everywhere")
}

/// A type that is defined by itself.
pub(crate) const TYPE_CYCLE: Code = Code::new("type/cycle");

pub(super) fn type_cycle(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        TYPE_CYCLE,
        format!("`{name}` is defined by itself"),
        at,
        "needs itself to be known",
    )
    .help("break the loop with `?`, a list or a map, or state the type")
}

pub(super) fn endless(name: &str, around: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        TYPE_CYCLE,
        format!("`{name}` holds itself without end: {around}"),
        at,
        "needs one more of them",
    )
    .help("let it be absent (`?`), or hold them in a list or map")
}

pub(super) fn preset_cycle(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        TYPE_CYCLE,
        format!("preset `{name}` builds on itself"),
        at,
        "leads back here",
    )
    .help("take it, or what leads to it, out of the bases behind `:`")
}

pub(super) fn too_deep(name: &str, at: Span, most: usize) -> Diagnostic {
    Diagnostic::error(
        TYPE_CYCLE,
        format!("`{name}` stands at the end of too long a chain of definitions"),
        at,
        format!("more than {most} deep"),
    )
    .help("shorten the chain, or declare types on the way: `let x: Int = ..`")
}

/// A quantity whose unit does not fit.
pub(crate) const UNIT: Code = Code::new("type/unit");

pub(super) fn unit(
    text: &str,
    at: Span,
    wanted: &str,
    expect: Expectation,
    help: Option<String>,
) -> Diagnostic {
    let mut error = Diagnostic::error(
        UNIT,
        format!("`{text}` is no `{wanted}`"),
        at,
        format!("wanted: `{wanted}`"),
    )
    .because(expect.origin, expect.because(wanted));
    if let Some(help) = help {
        error = error.help(help);
    }
    error
}

/// A quantity that can be read in several ways.
pub(crate) const AMBIGUOUS_UNIT: Code = Code::new("type/ambiguous-unit");

pub(super) fn ambiguous_unit(text: &str, at: Span, readings: &[String]) -> Diagnostic {
    Diagnostic::error(
        AMBIGUOUS_UNIT,
        format!("`{text}` can be read as {}", readings.join(" or ")),
        at,
        "its unit is open here",
    )
    .help("say which: `let x: Duration = ..`, or use it where one of them is wanted")
}

/// A numeric literal that is malformed or cannot be held exactly.
pub(crate) const NUMBER: Code = Code::new("type/number");

pub(super) fn number(at: Span, title: String, label: String, fix: Option<String>) -> Diagnostic {
    let error = Diagnostic::error(NUMBER, title, at, label);
    match fix {
        Some(fix) => error.fix(format!("write `{fix}`"), at, fix, false),
        None => error,
    }
}

/// A value that may be absent where one is needed.
pub(crate) const MAY_BE_ABSENT: Code = Code::new("type/may-be-absent");

pub(super) fn may_be_absent(
    at: Span,
    found: &str,
    expect: Option<Expectation>,
    wanted: &str,
) -> Diagnostic {
    let mut error = Diagnostic::error(
        MAY_BE_ABSENT,
        format!("`{found}` may be absent where {} is wanted", quoted(wanted)),
        at,
        "may be absent",
    );
    if let Some(expect) = expect {
        error = error.because(expect.origin, expect.because(wanted));
    }
    error.help("give a value for that case: `x ?? default`")
}

/// An operator whose operands do not fit.
pub(crate) const OPERATOR: Code = Code::new("type/operator");

pub(super) fn operator(
    op: &str,
    left: &str,
    right: &str,
    at: Span,
    help: Option<&str>,
) -> Diagnostic {
    let error = Diagnostic::error(
        OPERATOR,
        format!("`{op}` does not take `{left}` and `{right}`"),
        at,
        "these do not go together",
    );
    help.into_iter().fold(error, Diagnostic::help)
}

pub(super) fn unary(op: &str, found: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        OPERATOR,
        format!("`{op}` does not take `{found}`"),
        at,
        format!("this is `{found}`"),
    )
}

/// A read of a field from something that has none.
pub(crate) const NO_FIELDS: Code = Code::new("type/no-fields");

pub(super) fn no_fields(found: &str, at: Span, help: Option<&str>) -> Diagnostic {
    let error = Diagnostic::error(
        NO_FIELDS,
        format!("`{found}` has no fields"),
        at,
        "nothing to read here",
    );
    help.into_iter().fold(error, Diagnostic::help)
}

/// A call that does not fit the function.
pub(crate) const CALL: Code = Code::new("type/call");

pub(super) fn call(title: String, at: Span, label: &str, declared: Option<Span>) -> Diagnostic {
    let error = Diagnostic::error(CALL, title, at, label);
    match declared {
        Some(declared) => error.because(declared, "the function is declared here"),
        None => error,
    }
}

pub(super) fn too_many(name: &str, params: usize, at: Span, declared: Span) -> Diagnostic {
    let count = match params {
        0 => "no argument".to_owned(),
        1 => "one argument".to_owned(),
        _ => format!("{params} arguments"),
    };
    call(format!("`{name}` takes {count}"), at, "one too many", Some(declared))
}

pub(super) fn no_parameter(
    name: &str,
    label: &str,
    at: Span,
    declared: Span,
    near: Option<&str>,
) -> Diagnostic {
    call(format!("`{name}` has no parameter `{label}`"), at, "no such parameter", Some(declared))
        .suggest(at, near)
}

pub(super) fn repeated_argument(name: &str, param: &str, at: Span, declared: Span) -> Diagnostic {
    call(format!("`{name}` is given `{param}` twice"), at, "given already", Some(declared))
}

/// A record whose schema nobody says.
pub(crate) const UNTYPED_RECORD: Code = Code::new("type/untyped-record");

pub(super) fn untyped_record(at: Span, choices: &[String]) -> Diagnostic {
    let error =
        Diagnostic::error(UNTYPED_RECORD, "a record of unknown type", at, "which schema is this?");
    if choices.is_empty() {
        error.help(
            "name the schema before the brace: `Docker { }`, or state a type: `let x: Docker = { }`, `let x: {String: String} = { }`",
        )
    } else {
        error.help(format!("name it before the brace: {}", choices.join(", ")))
    }
}

/// A member that means nothing where it stands.
pub(crate) const MISPLACED: Code = Code::new("type/misplaced-member");

pub(super) fn misplaced(what: &str, at: Span, help: &str) -> Diagnostic {
    Diagnostic::error(MISPLACED, format!("{what} means nothing here"), at, "not in this place")
        .help(help)
}

/// A block where a value belongs, or a value where a block belongs.
pub(crate) const NOT_A_BLOCK: Code = Code::new("type/not-a-block");

pub(super) fn not_a_block(name: &str, found: &str, at: Span, declared: Span) -> Diagnostic {
    Diagnostic::error(NOT_A_BLOCK, format!("`{name}` is no block"), at, format!("it is `{found}`"))
        .because(declared, "declared here")
        .help(format!("write `{name} = ..`"))
}

pub(super) fn needs_key(name: &str, value: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        NOT_A_BLOCK,
        format!("`{name}` is a record, its block takes no name"),
        at,
        "no name belongs here",
    )
    .help(format!("write `{name} {{ .. }}`: there is one `{value}`"))
}

pub(super) fn needs_name(
    field: &str,
    name: &str,
    entry: &str,
    at: Span,
    declared: Span,
) -> Diagnostic {
    Diagnostic::error(
        NOT_A_BLOCK,
        format!("`{field}` holds entries by name, and this block has none"),
        at,
        format!("a field of one `{entry}`"),
    )
    .because(declared, "declared here")
    .help(format!("write `{field} some-name {{ {name} = .. }}`"))
}

/// Another tool's interpolation in a text, which stays as it is written.
pub(crate) const FOREIGN_HOLE: Code = Code::new("type/foreign-hole");

pub(super) fn foreign_hole(
    written: &str,
    name: Option<&str>,
    at: Span,
    refused: bool,
) -> Diagnostic {
    let level = if refused { Level::Error } else { Level::Warning };
    let error =
        Diagnostic::new(level, FOREIGN_HOLE, format!("`{written}` is no interpolation here"))
            .at(at, "stays as it is written");
    match name {
        Some(name) => error.fix(format!("interpolate `{name}`"), at, format!("\\({name})"), false),
        None if refused => error.help("values are put into texts by `\\(name)`"),
        None => error.help(
            "values are put into texts by `\\(name)`; text that is meant so is raw: `` `..` ``",
        ),
    }
}

/// A value where a reference is wanted.
pub(crate) const NOT_A_VALUE: Code = Code::new("type/not-a-value");

pub(super) fn not_a_value(word: &str, at: Span, help: String) -> Diagnostic {
    Diagnostic::error(NOT_A_VALUE, format!("`{word}` is no value"), at, "not a value by itself")
        .help(help)
}

pub(super) fn not_a_member(word: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        NOT_A_VALUE,
        format!("`is` does not ask for `{word}`"),
        at,
        "no member of a union",
    )
    .help("`is` asks for a schema or kind, or for `absent`; values are compared with `==`")
}

pub(super) fn function_as_value(name: &str, at: Span) -> Diagnostic {
    not_a_value(name, at, format!("a function is called: `{name}(..)`"))
}

pub(super) fn definition_as_value(
    name: &str,
    kind: DefKind,
    at: Span,
    declared: Span,
) -> Diagnostic {
    let help = match kind {
        DefKind::Preset => {
            format!("a preset stands behind the colon of a block: `kind name : {name} {{ }}`")
        }
        DefKind::Kind | DefKind::Component => {
            format!("`all {name}` is the list of its resources")
        }
        DefKind::Schema => format!("a record of it is written `{name} {{ .. }}`"),
        DefKind::Type | DefKind::Fn | DefKind::Let => {
            format!("a type stands behind a colon: `let x: {name} = ..`")
        }
    };
    not_a_value(name, at, help).because(declared, format!("it is a {}", kind.word()))
}
