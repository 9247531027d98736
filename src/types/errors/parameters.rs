//! The messages about parameters of generators.

pub use crate::argocd::UNKNOWN_PARAMETER;
use crate::diag::{Diagnostic, nearest};
use crate::embedded::kebab;
use crate::source::{Span, Sym};

fn listed(names: &[(Sym, Span)]) -> String {
    let names: Vec<String> = names.iter().take(12).map(|(name, _)| format!("`{name}`")).collect();
    names.join(", ")
}

/// `owner` is what is read, as written; `deeper` is where a parameter of that name stands.
pub(in crate::types) fn unknown(
    owner: &str,
    (name, at): (Sym, Span),
    known: &[(Sym, Span)],
    declared: Span,
    deeper: Option<&str>,
) -> Diagnostic {
    let error = Diagnostic::error(
        UNKNOWN_PARAMETER,
        format!("`{owner}` gives no parameter `{name}`"),
        at,
        "no such parameter",
    );
    let ours = kebab(name.as_str());
    if let Some((_, declared)) = known.iter().find(|(known, _)| known.as_str() == ours) {
        return error
            .because(*declared, format!("`{ours}` is declared here"))
            .help("names are written with `-` here, whatever Argo CD calls them")
            .fix(format!("replace with `{ours}`"), at, ours, true);
    }
    if let Some(deeper) = deeper {
        return error.because(declared, format!("`{owner}` gives {}", listed(known))).fix(
            format!("replace with `{deeper}`"),
            at,
            deeper,
            true,
        );
    }
    if let Some(near) = nearest(name.as_str(), known.iter().map(|(name, _)| name.as_str())) {
        let error = match known.iter().find(|(name, _)| name.as_str() == near) {
            Some((_, declared)) => error.because(*declared, format!("`{near}` is declared here")),
            None => error,
        };
        return error.suggest(at, Some(near));
    }
    match known {
        [] => error.because(declared, format!("`{owner}` gives nothing")),
        _ => error.because(declared, format!("`{owner}` gives {}", listed(known))),
    }
}

/// `meant` is the parameter that Argo CD calls so.
pub(in crate::types) fn no_generator(
    (name, at): (Sym, Span),
    known: &[(Sym, Span)],
    meant: Option<&str>,
) -> Diagnostic {
    let error = Diagnostic::error(
        UNKNOWN_PARAMETER,
        format!("no generator here is called `{name}`"),
        at,
        "nothing gives it",
    );
    if let Some(meant) = meant {
        return error.fix(format!("replace with `{meant}`"), at, meant, true);
    }
    if let Some(near) = nearest(name.as_str(), known.iter().map(|(name, _)| name.as_str())) {
        let declared = known.iter().find(|(name, _)| name.as_str() == near);
        let error = match declared {
            Some((_, declared)) => error.because(*declared, format!("`{near}` is declared here")),
            None => error,
        };
        return error.suggest(at, Some(near));
    }
    match (name.as_str(), known) {
        (_, []) => error.help("the block has no `from`: it generates nothing"),
        ("env" | "environment" | "cluster", _) => error.help(format!(
            "the target at hand is `here`: `here.environment.name`; generators are {}",
            listed(known)
        )),
        _ => error.help(format!("generators are {}", listed(known))),
    }
}
