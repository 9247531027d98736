//! About what ApplicationSets make of parameters.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// Two Applications of one name.
pub(crate) const NAME_CLASH: Code = Code::new("appset/name-clash");

pub(in crate::argocd) fn same_elements(at: Span, second: Span, first: Span) -> Diagnostic {
    let title = "two elements make Applications of one name";
    Diagnostic::error(NAME_CLASH, title, at, "nothing here tells them apart")
        .because(first, "this element")
        .because(second, "and this one")
        .help("the ApplicationSet makes none of its Applications then: put what differs into the name")
}

pub(in crate::argocd) fn same_of(
    what: &str,
    keys: &[String],
    is_go: bool,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title = format!("the name is the same for every {what}");
    let shown: Vec<String> = keys
        .iter()
        .filter(|it| !it.ends_with("[]") && !it.ends_with(".segments"))
        .take(3)
        .map(|it| if is_go { format!("`{{{{ .{it} }}}}`") } else { format!("`{{{{{it}}}}}`") })
        .collect();
    Diagnostic::warning(NAME_CLASH, title, at, format!("no {what} in it"))
        .because(because, format!("one Application for each {what}"))
        .help(format!(
            "from the second on the ApplicationSet makes none of its Applications: {} tells them apart",
            shown.join(" or ")
        ))
}

pub(in crate::argocd) fn same_base(at: Span, because: Span) -> Diagnostic {
    let title = "folders of one name in two places make Applications of one name";
    Diagnostic::warning(NAME_CLASH, title, at, "the last step of the path only")
        .because(because, "looks in more than one folder")
        .help("from the second on the ApplicationSet makes none of its Applications: put the folder around into the name, `{{path[1]}}`, or with Go `{{ index .path.segments 1 }}`")
}

/// `places` are the name, the second pattern and the first.
pub(in crate::argocd) fn same_folders(
    first: &str,
    second: &str,
    base: &str,
    places: (Span, Span, Span),
) -> Diagnostic {
    let title = format!("`{first}` and `{second}` make Applications of one name");
    let (at, pattern, other) = places;
    let found = Diagnostic::error(NAME_CLASH, title, at, format!("`{base}` for both"));
    let found = if pattern == other {
        found.because(pattern, "finds both")
    } else {
        found.because(other, "finds the first").because(pattern, "finds the second")
    };
    found.help("the ApplicationSet makes none of its Applications then: put the folder around into the name, `{{path[1]}}`, or with Go `{{ index .path.segments 1 }}`")
}

/// A text that is no name.
pub const NO_NAME: Code = Code::new("appset/no-name");

pub(in crate::argocd) fn raw(
    name: &str,
    what: &str,
    instead: &str,
    at: Span,
    others: &[Span],
    is_exact: bool,
) -> Diagnostic {
    let title = format!("`{name}` becomes a part of {what}");
    let found = Diagnostic::warning(NO_NAME, title, at, "may have slashes and capitals");
    let found = others.iter().take(3).fold(found, |found, at| found.because(*at, "and here"));
    let found = found.help("names have small letters, digits and `-`, and at most 63 of them: a branch `feature/Login` has none, and its Application is not made");
    if is_exact {
        found.fix(format!("replace with `{instead}`"), at, instead, false)
    } else {
        found.help(format!("`{instead}` is made for names"))
    }
}

pub(in crate::argocd) fn path_as_name(
    name: &str,
    what: &str,
    instead: &str,
    at: Span,
    is_exact: bool,
) -> Diagnostic {
    let title = format!("`{name}` becomes a part of {what}");
    let found = Diagnostic::error(NO_NAME, title, at, "a path with slashes");
    if is_exact {
        found.fix(format!("replace with `{instead}`"), at, instead, false)
    } else {
        found.help(format!("`{instead}` is its last step"))
    }
}

pub(in crate::argocd) fn no_name(text: &str, what: &str, at: Span, because: Span) -> Diagnostic {
    let title = format!("`{text}` cannot be a part of {what}");
    Diagnostic::error(NO_NAME, title, at, "no name")
        .because(because, "put into the name here")
        .help("names have small letters, digits, `-` and `.`")
}

/// What others write becomes YAML.
pub(crate) const INJECTION: Code = Code::new("appset/value-injection");

pub(in crate::argocd) fn injection(name: &str, who: &str, is_go: bool, at: Span) -> Diagnostic {
    let title = format!("`{name}` is put into YAML as it is");
    let help = if is_go {
        "`valuesObject` takes it as a text whatever it holds; here `{{ .x | toJson }}` quotes it"
    } else {
        "`valuesObject` takes it as a text whatever it holds"
    };
    Diagnostic::warning(INJECTION, title, at, "read as YAML")
        .help(format!("{who} decides what it holds: with `: `, ` #` or a line break in it the values are others, or none"))
        .help(help)
}

/// Anybody's pull request is deployed.
pub(crate) const ANY_PULL_REQUEST: Code = Code::new("appset/any-pull-request");

pub(in crate::argocd) fn any_pull_request(at: Span) -> Diagnostic {
    let title = "every open pull request is deployed";
    Diagnostic::warning(ANY_PULL_REQUEST, title, at, "no `labels`, no `filters`")
        .help("those from forks, too: whoever opens one runs what its manifests say; `labels: [preview]` below the provider lets those be made that somebody has looked at")
}

/// Data goes with an element.
pub(crate) const REMOVES_DATA: Code = Code::new("appset/removes-data");

pub(in crate::argocd) fn removes_data(
    set: &str,
    chart: &str,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title = format!("what `{set}` no longer makes is deleted, with its data");
    Diagnostic::warning(REMOVES_DATA, title, at, "removes what it made")
        .because(because, format!("`{chart}` holds data"))
        .help("an element that is gone, a label that changed, or an answer that failed is enough: `syncPolicy: { preserveResourcesOnDeletion: true, applicationsSync: create-update }`")
}

/// Environments that are one.
pub(crate) const NO_PROMOTION: Code = Code::new("appset/no-promotion");

pub(in crate::argocd) fn no_promotion(names: &[String], at: Span, because: Span) -> Diagnostic {
    let title = format!("{} all get the same, at the same time", names.join(", "));
    Diagnostic::warning(NO_PROMOTION, title, at, "one revision of one path")
        .because(because, "the environments")
        .help("what is merged is in all of them at once, and nothing is tried before the last: give each a revision or a path of its own, `targetRevision: '{{revision}}'`, and move the later ones when the earlier ones hold")
}
