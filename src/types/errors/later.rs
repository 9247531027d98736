//! The messages about values that are known only later.

use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// A value that is known only later.
pub const LATER: Code = Code::new("type/later");

/// Why a value must be known while building.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::types) enum Now {
    /// An operand of `+`, `-`, `*`, `/` or `%`.
    Arithmetic,
    /// An operand of a comparison, or of `in`.
    Comparison,
    /// What `if`, `&&`, `||`, `!` or a check asks.
    Condition,
    /// What `match` looks at.
    Match,
    /// What `is` looks at.
    Test,
    /// What a `for` goes through.
    Loop,
    /// A block's name.
    Name,
    /// A key of a map.
    Key,
    /// The index of a list or map.
    Index,
    /// Where a resource stands.
    Clusters,
    /// A `let` outside of the context.
    Let,
    /// An argument of this function.
    Argument(Sym),
    /// It is read as a field of its block.
    Bare,
    /// A query, which is asked before.
    Query,
    /// Any other value.
    Value,
}

/// What is known of the context that a value belongs to.
pub(in crate::types) struct Context<'a> {
    /// Its name.
    pub(in crate::types) name: Sym,
    /// When its values are known.
    pub(in crate::types) when: String,
    /// What to do instead of computing with them.
    pub(in crate::types) instead: Option<&'static str>,
    /// Its fields that take them.
    pub(in crate::types) fields: Vec<Sym>,
    /// The functions that take them.
    pub(in crate::types) functions: Vec<&'a str>,
}

impl Now {
    const fn reason(self) -> &'static str {
        match self {
            Self::Arithmetic => "arithmetic is done while building",
            Self::Comparison => "a comparison is decided while building",
            Self::Condition => "a condition is decided while building",
            Self::Match => "`match` decides while building",
            Self::Test => "`is` decides while building",
            Self::Loop => "a loop runs while building",
            Self::Name => "names are settled while building: they say which blocks there are",
            Self::Key => "the keys of a map are settled while building",
            Self::Index => "an index is looked up while building",
            Self::Clusters => {
                "`clusters` says where a resource is written, which is settled while building"
            }
            Self::Let => {
                "a `let` outside of the block has one value, which is computed while building"
            }
            Self::Argument(_) => "an ordinary function computes while building",
            Self::Bare => "a staged name is no field of its block",
            Self::Query => "a query is asked before it is known which series it yields",
            Self::Value => "this is settled while building",
        }
    }
}

fn listed(names: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    let names: Vec<String> = names.into_iter().take(8).map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// A value that is known only later, where it must be known now. `what` is the value as written.
pub(in crate::types) fn later(
    what: &str,
    at: Span,
    now: Now,
    context: &Context<'_>,
    staged: Option<(&str, Span)>,
) -> Diagnostic {
    let is_short = what.len() <= 40 && !what.contains('\n');
    let subject = if is_short { format!("`{what}`") } else { "this value".to_owned() };
    let mut error = Diagnostic::error(
        LATER,
        format!("{subject} is known only {}", context.when),
        at,
        "not known when this is built",
    );
    if let Some((name, declared)) = staged {
        error = error.because(
            declared,
            format!("`{name}` is staged: a name in the `later` texts of `{}`", context.name),
        );
    }
    let computes =
        matches!(now, Now::Arithmetic | Now::Comparison | Now::Condition | Now::Match | Now::Test);
    let help = match (now, context.instead) {
        (Now::Argument(_), _) if context.functions.is_empty() => {
            format!("{}, and there is none for `{}`", now.reason(), context.name)
        }
        (Now::Argument(_), _) => {
            let functions = listed(&context.functions);
            format!("{}; for values of `{}` there are {functions}", now.reason(), context.name)
        }
        (_, Some(instead)) if computes => format!("{}; {instead}", now.reason()),
        _ if computes || context.fields.is_empty() => now.reason().to_owned(),
        _ => {
            let (fields, name) = (listed(&context.fields), context.name);
            format!("{}; the texts that take it are those of `{name}`: {fields}", now.reason())
        }
    };
    error.help(help)
}

/// `??` where the engine has no such thing.
pub(in crate::types) fn no_alternative(at: Span) -> Diagnostic {
    Diagnostic::error(
        LATER,
        "Grafana cannot say what stands for a label that is missing",
        at,
        "known only when Grafana draws",
    )
    .help("`??` is decided while building; let the query make the label: `label_replace(..)`")
}

/// A later value of one context where another one's is wanted.
pub const OTHER_CONTEXT: Code = Code::new("type/other-context");

/// `staged` says what belongs to the found context, and where that is declared; `wanted` the same of the place.
pub(in crate::types) fn other_context(
    what: &str,
    at: Span,
    (found, when): (Sym, &str),
    staged: (Span, String),
    wanted: (Span, String),
    (place, place_when): (Sym, &str),
) -> Diagnostic {
    Diagnostic::error(
        OTHER_CONTEXT,
        format!("`{what}` belongs to `{found}`, and this is read for `{place}`"),
        at,
        format!("of another context: `{found}`"),
    )
    .because(staged.0, staged.1)
    .because(wanted.0, wanted.1)
    .help(format!("`{what}` is known {when}; what is wanted here is filled {place_when}"))
}

pub(in crate::types) fn other_engine(
    function: &str,
    at: Span,
    declared: Span,
    of: Sym,
    place: Sym,
    functions: &[&str],
) -> Diagnostic {
    let error = Diagnostic::error(
        OTHER_CONTEXT,
        format!("`{function}` is for values of `{of}`, and this text is read for `{place}`"),
        at,
        format!("a function of `{of}`"),
    )
    .because(declared, "its parameters say so");
    match functions {
        [] => error.help(format!("no function takes values of `{place}`")),
        _ => error.help(format!("for values of `{place}` there are {}", listed(functions))),
    }
}

/// A function of an engine's templates in a hole. `ours` is what it is called here.
pub(in crate::types) fn template_function(
    name: &str,
    at: Span,
    engine: &str,
    does: &str,
    ours: Option<&str>,
) -> Diagnostic {
    let title = format!("no function `{name}` is declared here");
    let error = Diagnostic::error(crate::types::UNKNOWN_NAME, title, at, "declared nowhere");
    match ours {
        Some(ours) => error.fix(format!("replace with `{ours}`"), at, ours, true),
        None => error.help(format!(
            "it is a function of {engine} ({does}), which reads it in the text, beside the holes: `{{{{ .. | {name} }}}}`"
        )),
    }
}

/// A later type that does not say what it belongs to, or names what stages nothing.
pub const NO_CONTEXT: Code = Code::new("type/no-context");

pub(in crate::types) fn no_context(written: &str, at: Span, contexts: &[&str]) -> Diagnostic {
    let error = Diagnostic::error(
        NO_CONTEXT,
        format!("`{written}` does not say what it belongs to"),
        at,
        "known when?",
    );
    match contexts {
        [] => error.help("a schema that declares `staged` names is such a context"),
        [only] => error.fix(
            format!("write `{written} of {only}`"),
            at,
            format!("{written} of {only}"),
            false,
        ),
        several => error.help(format!(
            "write `{written} of {}`: there are {}",
            several.first().unwrap_or(&""),
            listed(several)
        )),
    }
}

pub(in crate::types) fn stages_nothing(
    name: &str,
    at: Span,
    declared: Span,
    contexts: &[&str],
) -> Diagnostic {
    let error =
        Diagnostic::error(NO_CONTEXT, format!("`{name}` stages no names"), at, "no context")
            .because(declared, "declared here, without a `staged` member");
    if contexts.is_empty() {
        error
    } else {
        error.help(format!("contexts are {}", listed(contexts)))
    }
}

/// A staged name that a local of the same name hides.
pub(in crate::types) fn hidden_staged(
    name: &str,
    at: Span,
    local: Option<Span>,
    staged: Span,
    context: Sym,
) -> Diagnostic {
    let mut error = Diagnostic::error(
        crate::types::AMBIGUOUS,
        format!("`{name}` can mean 2 things"),
        at,
        "which one?",
    );
    if let Some(local) = local {
        error = error.because(local, format!("`{name}` is declared here"));
    }
    error
        .because(staged, format!("`{name}` is staged: a name in the `later` texts of `{context}`"))
        .help("the staged name has this name in every block: rename the other one")
}
