//! The messages about components, their children, and what stands around blocks.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// A component that holds itself.
pub(crate) const RECURSION: Code = Code::new("type/component-recursion");

/// `path`: each component of the loop, from the first, and where its block of the next one stands.
pub(in crate::types) fn recursion(first: &str, at: Span, path: &[(String, Span)]) -> Diagnostic {
    let names: Vec<&str> = path.iter().map(|(name, _)| name.as_str()).collect();
    let mut found = Diagnostic::error(
        RECURSION,
        format!("component `{first}` holds itself"),
        at,
        "this begins the loop",
    );
    for (name, at) in path.iter().skip(1) {
        found = found.because(*at, format!("in `{name}`"));
    }
    found
        .help(format!("`{}` -> `{first}`", names.join("` -> `")))
        .help("components compose, and never recurse: what repeats is a `for`")
}

/// A child that a component does not have.
pub const NO_CHILD: Code = Code::new("type/no-child");

/// `declared`: where the component is; `near`: the nearest name with its place.
pub fn no_child(
    word: &str,
    name: &str,
    component: &str,
    at: Span,
    declared: Span,
    near: Option<(&str, Option<Span>)>,
    known: &[String],
) -> Diagnostic {
    let mut found = Diagnostic::error(
        NO_CHILD,
        format!("`{component}` has no child `{word} {name}`"),
        at,
        "no such child",
    );
    if let Some((near, Some(there))) = near {
        found = found.because(there, format!("`{near}` is made here"));
    } else {
        found = found.because(declared, "the component");
    }
    if let Some((near, _)) = near {
        return found.suggest(at, Some(near));
    }
    if known.is_empty() {
        return found.help("a using block amends what the component makes, and adds nothing to it");
    }
    found.help(format!("its children are {}", known.join(", ")))
}

/// A name from outside in the body of a component.
pub(crate) const OUTSIDE: Code = Code::new("type/outside-component");

pub(in crate::types) fn outside(
    address: &str,
    component: &str,
    at: Span,
    there: Span,
) -> Diagnostic {
    Diagnostic::error(
        OUTSIDE,
        format!("`{address}` inside of component `{component}`"),
        at,
        "stands outside",
    )
    .because(there, "declared here")
    .help(
        "a component knows its inputs and its own children only: declare an input, and let the block that uses it say which one",
    )
}

pub(in crate::types) fn single_pattern(keyword: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        AMENDMENT,
        format!("`{keyword}` in a component or loop"),
        at,
        "there is only one",
    )
    .help(format!("a project has one `{keyword}`: write it at the top of a file"))
}

/// `external` before a component's use.
pub(in crate::types) fn external_component(word: &str, at: Span, declared: Span) -> Diagnostic {
    Diagnostic::error(
        super::MISPLACED,
        format!("`external` before a `{word}` means nothing"),
        at,
        "not before a component's use",
    )
    .because(declared, "a component makes blocks, and these are written out")
    .help("declare the blocks that live outside one by one: `external kind name { }`")
}

/// A local that hides another one.
pub(crate) const SHADOWED: Code = Code::new("name/shadowed");

pub(in crate::types) fn shadowed(name: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::error(SHADOWED, format!("a second local `{name}`"), at, "already a local here")
        .because(first, format!("the first `{name}`"))
        .help("locals may hide a name of the module, and not one another: rename this one")
}

/// What a child's amendment may not say.
pub(crate) const AMENDMENT: Code = Code::new("type/amendment");

pub(in crate::types) fn amendment(what: &str, at: Span, help: &str) -> Diagnostic {
    Diagnostic::error(AMENDMENT, format!("{what} on a component's child"), at, "not here")
        .help(help)
}
