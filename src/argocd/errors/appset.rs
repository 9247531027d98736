//! About what ApplicationSets read of their generators.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// A parameter that a template reads.
pub(in crate::argocd) struct Reference<'a> {
    pub(in crate::argocd) name: &'a str,
    pub(in crate::argocd) is_go: bool,
    /// Whether Go refuses what is not there.
    pub(in crate::argocd) is_strict: bool,
    pub(in crate::argocd) at: Span,
    /// Every place that reads it.
    pub(in crate::argocd) others: &'a [Span],
}

impl Reference<'_> {
    fn shown(&self) -> String {
        if self.is_go {
            format!("{{{{ .{} }}}}", self.name)
        } else {
            format!("{{{{{}}}}}", self.name)
        }
    }

    /// What becomes of it where it is not given.
    fn becomes(&self) -> String {
        match (self.is_go, self.is_strict) {
            (false, _) => {
                format!("the text `{}` stays where it stands, and nothing says so", self.shown())
            }
            (true, false) => "it becomes `<no value>`, and nothing says so".to_owned(),
            (true, true) => "the Application is not made: `missingkey=error`".to_owned(),
        }
    }

    /// Shows the other places, as many as help.
    fn places(&self, found: Diagnostic) -> Diagnostic {
        let others: Vec<&Span> = self.others.iter().filter(|it| **it != self.at).collect();
        let more = others.len().saturating_sub(3);
        let found = others.iter().take(3).fold(found, |found, at| found.because(**at, "and here"));
        match more {
            0 => found,
            1 => found.help("and in one more place"),
            more => found.help(format!("and in {more} more places")),
        }
    }
}

/// A parameter that no generator gives, or not all do.
pub const UNKNOWN_PARAMETER: Code = Code::new("appset/unknown-parameter");

/// No entry gives it. `kinds` are the generators; `known` what they give.
pub(in crate::argocd) fn unknown_parameter(
    about: &Reference<'_>,
    kinds: &[&str],
    meant: Option<&str>,
    known: &[String],
    is_exact: bool,
) -> Diagnostic {
    let by = match kinds {
        [one] => format!("the generator `{one}`"),
        _ => "any of the generators".to_owned(),
    };
    let title = match kinds {
        [_] => format!("{by} gives no `{}`", about.name),
        _ => format!("none of the generators gives `{}`", about.name),
    };
    let found = Diagnostic::error(UNKNOWN_PARAMETER, title, about.at, "never filled in");
    let found = about.places(found).help(about.becomes());
    let is_of_go = !about.is_go && (about.name.starts_with('.') || about.name.contains(' '));
    if is_of_go {
        let found =
            found.help("it is written for Go, and `goTemplate` is not set: `goTemplate: true`");
        return match meant {
            Some(meant) => found.help(format!("without Go it is `{{{{{meant}}}}}`")),
            None => found,
        };
    }
    match meant {
        Some(meant) => {
            // With Go the place holds the dot, too.
            let text = if about.is_go { format!(".{meant}") } else { meant.to_owned() };
            if is_exact {
                found.fix(format!("replace with `{text}`"), about.at, text, false)
            } else {
                found.help(format!("`{text}` is given"))
            }
        }
        None if known.is_empty() => found,
        None => found.help(format!("{by} gives {}", listed(known))),
    }
}

fn listed(known: &[String]) -> String {
    let shown: Vec<String> = known.iter().take(14).map(|it| format!("`{it}`")).collect();
    let more = if known.len() > 14 { ", .." } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// Some entries give it.
pub(in crate::argocd) fn not_of_every_entry(
    about: &Reference<'_>,
    by: &str,
    lacks: &str,
    entry: Span,
) -> Diagnostic {
    let title = format!("the generator `{lacks}` gives no `{}`", about.name);
    let found = Diagnostic::error(UNKNOWN_PARAMETER, title, about.at, "not always filled in");
    about
        .places(found.because(entry, "this entry makes Applications by itself"))
        .help(about.becomes())
        .help(format!("entries of `generators` stand beside one another: what `{by}` gives, the others do not see; `matrix` combines two"))
}

/// An element of a list, or a file, has none.
pub(in crate::argocd) fn not_of_every_element(about: &Reference<'_>, element: Span) -> Diagnostic {
    let title = format!("not every set of parameters has `{}`", about.name);
    let found = Diagnostic::error(UNKNOWN_PARAMETER, title, about.at, "not always filled in");
    about.places(found.because(element, "this one has none")).help(about.becomes())
}

/// A later child of a merge gives it, which need not meet every set of the first.
pub(in crate::argocd) fn not_of_every_merge(about: &Reference<'_>) -> Diagnostic {
    let title = format!("`{}` is given by a later child of `merge` only", about.name);
    let found = Diagnostic::warning(UNKNOWN_PARAMETER, title, about.at, "perhaps not filled in");
    about
        .places(found)
        .help("a set of the first child without its match has none: give it a value in the first child")
        .help(about.becomes())
}

/// The engine that is silent.
pub(crate) const NO_GO_TEMPLATE: Code = Code::new("appset/no-go-template");

/// `sets` are names and places.
pub(in crate::argocd) fn no_go_template(sets: &[(&str, Span)]) -> Option<Diagnostic> {
    let ((name, at), others) = sets.split_first()?;
    let title = match others.len() {
        0 => format!("the ApplicationSet `{name}` is filled in without Go's templates"),
        more => format!("{} ApplicationSets are filled in without Go's templates", more + 1),
    };
    let found = Diagnostic::warning(NO_GO_TEMPLATE, title, *at, "no `goTemplate: true`");
    let found = others.iter().take(3).fold(found, |found, it| found.because(it.1, "this one, too"));
    Some(found.help("what is not given stays in the text, and nothing says so: `goTemplate: true` and `goTemplateOptions: [missingkey=error]` make it an error; names then begin with a dot, `{{ .name }}`, and a folder is `{{ .path.path }}`"))
}

/// Go prints `<no value>`.
pub(crate) const MISSING_KEY: Code = Code::new("appset/missing-key");

/// `sets` are names and places.
pub(in crate::argocd) fn no_missing_key(sets: &[(&str, Span)]) -> Option<Diagnostic> {
    let ((name, at), others) = sets.split_first()?;
    let title = match others.len() {
        0 => format!("what `{name}` is not given becomes `<no value>`"),
        more => format!("what {} ApplicationSets are not given becomes `<no value>`", more + 1),
    };
    let found = Diagnostic::warning(MISSING_KEY, title, *at, "no `missingkey=error`");
    let found = others.iter().take(3).fold(found, |found, it| found.because(it.1, "this one, too"));
    Some(found.help("beside it: `goTemplateOptions: [missingkey=error]`; then the Application is not made, and the ApplicationSet says why"))
}

/// A field where none is.
pub(crate) const UNKNOWN_FIELD: Code = Code::new("appset/unknown-field");

pub(in crate::argocd) fn unknown_field(
    of: &str,
    name: &str,
    near: Option<&str>,
    at: Span,
) -> Diagnostic {
    let title = format!("{of} has no field `{name}`");
    let found = Diagnostic::error(UNKNOWN_FIELD, title, at, "unknown field");
    match (name, near) {
        ("requeueAfterSeconds", _) => {
            found.help("it belongs into the generator itself: `- git: { requeueAfterSeconds: 60 }`")
        }
        ("template" | "values", _) => {
            found.help("it belongs into the generator itself: `- clusters: { values: {} }`")
        }
        (_, Some(near)) => found.fix(format!("replace with `{near}`"), at, near, false),
        (_, None) => found,
    }
}

pub(in crate::argocd) fn two_in_one(
    first: &str,
    second: &str,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title = format!("an entry of `generators` with both `{first}` and `{second}`");
    Diagnostic::error(UNKNOWN_FIELD, title, at, "a second generator")
        .because(because, "the first")
        .help("an entry each, or `matrix` to combine them")
}

pub(in crate::argocd) fn patch_without_go(at: Span) -> Diagnostic {
    let title = "`templatePatch` without `goTemplate`";
    Diagnostic::error(UNKNOWN_FIELD, title, at, "only Go's templates have it")
        .help("`goTemplate: true`")
}

/// Generators that do not go together.
pub(crate) const GENERATORS: Code = Code::new("appset/generators");

pub(in crate::argocd) fn not_two(count: usize, at: Span) -> Diagnostic {
    let title = format!("a `matrix` of {count} generators");
    Diagnostic::error(GENERATORS, title, at, "it takes two")
        .help("a third goes into a `matrix` that is one of the two")
}

pub(in crate::argocd) fn two_paths(name: &str, is_go: bool, at: Span, because: Span) -> Diagnostic {
    let title = format!("both generators of the `matrix` give `{name}`");
    let help = if is_go {
        "with Go the first one's stands: `pathParamPrefix: other` makes this one's `{{ .other.path.path }}`"
    } else {
        "different values are an error: `pathParamPrefix: other` makes this one's `{{other.path}}`"
    };
    let found = if is_go {
        Diagnostic::warning(GENERATORS, title, at, "the same name")
    } else {
        Diagnostic::error(GENERATORS, title, at, "the same name")
    };
    found.because(because, "given here, too").help(help)
}
