//! About AppProjects, and what they let Applications do.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// A project that is nowhere.
pub(crate) const UNKNOWN: Code = Code::new("project/unknown");

pub(in crate::argocd) fn misspelt(name: &str, near: &str, at: Span) -> Diagnostic {
    let title = format!("no file here makes the project `{name}`");
    Diagnostic::error(UNKNOWN, title, at, "no AppProject of this name")
        .fix(format!("replace with `{near}`"), at, near, false)
        .help("Argo CD syncs nothing of an Application whose project is not there")
}

pub(in crate::argocd) fn unknown(
    name: &str,
    known: &[&str],
    others: usize,
    at: Span,
) -> Diagnostic {
    let title = format!("no file here makes the project `{name}`");
    let found = Diagnostic::warning(UNKNOWN, title, at, "no AppProject of this name");
    let found = match others {
        0 => found,
        others => found.help(format!("{others} more belong to it")),
    };
    let shown: Vec<String> = known.iter().take(8).map(|it| format!("`{it}`")).collect();
    let found = if shown.is_empty() {
        found
    } else {
        found.help(format!("these files make {}", shown.join(", ")))
    };
    found.help("Argo CD syncs nothing of an Application whose project is not there; if something else makes it, pass this over")
}

/// Many of which no file says anything.
pub(in crate::argocd) fn all_unknown(names: &[(String, Span)]) -> Option<Diagnostic> {
    let ((first, at), _) = names.split_first()?;
    let title = format!("no file here makes the project `{first}`, and {} more", names.len() - 1);
    let others: Vec<String> =
        names.iter().skip(1).take(8).map(|it| format!("`{}`", it.0)).collect();
    let more = if names.len() > 9 { ", .." } else { "" };
    Some(
        Diagnostic::warning(UNKNOWN, title, *at, "no AppProject of this name")
            .help(format!("nor {}{more}", others.join(", ")))
            .help("Argo CD syncs nothing of an Application whose project is not there; if something else makes them, pass this over"),
    )
}

/// A project that allows everything.
pub const EVERYTHING: Code = Code::new("gitops/project-of-all");

pub(in crate::argocd) fn everything(name: &str, at: Span, because: Span) -> Diagnostic {
    let title = format!("the project `{name}` allows everything");
    Diagnostic::warning(EVERYTHING, title, at, "every kind, from any repository")
        .because(because, "and in every namespace, Argo CD's own included")
        .help("whoever may write an Application of it is an administrator of the cluster: name the repositories, the namespaces and the kinds that it needs")
}

/// A repository that is not let in.
pub(crate) const REPOSITORY: Code = Code::new("project/repository");

pub(in crate::argocd) fn repository(
    repository: &str,
    project: &str,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title = format!("the project `{project}` does not allow `{repository}`");
    Diagnostic::error(REPOSITORY, title, at, "refused")
        .because(because, "it allows these")
        .help("Argo CD does not read it: add it to `sourceRepos`")
}

/// A cluster or namespace that is not let in.
pub(crate) const DESTINATION: Code = Code::new("project/destination");

pub(in crate::argocd) fn destination(
    server: &str,
    namespace: &str,
    project: &str,
    at: Span,
    because: Span,
) -> Diagnostic {
    let place = match namespace {
        "" => format!("`{server}`"),
        namespace => format!("`{namespace}` on `{server}`"),
    };
    let title = format!("the project `{project}` does not allow {place}");
    Diagnostic::error(DESTINATION, title, at, "refused")
        .because(because, "it allows these")
        .help("Argo CD syncs nothing of it: add it to `destinations`")
}

pub(in crate::argocd) fn other_clusters(project: &str, at: Span, because: Span) -> Diagnostic {
    let title = format!("the project `{project}` allows only the cluster of Argo CD");
    Diagnostic::error(DESTINATION, title, at, "any cluster")
        .because(because, "it allows these")
        .help(
            "an Application for any other cluster is refused: add their servers to `destinations`",
        )
}

/// A namespace that may not be made.
pub(crate) const NO_NAMESPACE: Code = Code::new("project/no-namespace");

pub(in crate::argocd) fn no_namespace(
    namespace: &str,
    project: &str,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title = format!("the project `{project}` does not let `{namespace}` be made");
    Diagnostic::error(NO_NAMESPACE, title, at, "refused")
        .because(because, "a Namespace belongs to no namespace, and is not allowed here")
        .help("`clusterResourceWhitelist: [{ group: \"\", kind: Namespace }]`")
}
