//! About single Applications.

use crate::diag::{Code, Diagnostic, Level};
use crate::source::Span;

/// A version that is another tomorrow.
pub(crate) const NOT_PINNED: Code = Code::new("app/not-pinned");

pub(in crate::argocd) fn not_pinned(chart: &str, version: &str, at: Span) -> Diagnostic {
    let title = match version {
        "" => format!("the chart `{chart}` has no version"),
        version => format!("`{version}` is no version of `{chart}`, but whichever is the newest"),
    };
    Diagnostic::error(NOT_PINNED, title, at, "not pinned")
        .help("a release of the chart then reaches clusters by itself, at different times, and the same commit deploys other things tomorrow: write one version, `targetRevision: 1.2.3`")
}

pub(in crate::argocd) fn others_branch(by: &str, revision: &str, at: Span) -> Diagnostic {
    let shown = if revision.is_empty() { "HEAD" } else { revision };
    let title = format!("{by} follows `{shown}` of another owner's repository");
    Diagnostic::warning(NOT_PINNED, title, at, "not pinned")
        .help("whatever is pushed there is deployed: write a tag or a commit")
}

pub(in crate::argocd) fn follows_branch(at: Span, more: usize) -> Diagnostic {
    let title = match more {
        0 => "an Application follows a branch".to_owned(),
        more => format!("{} Applications follow a branch", more + 1),
    };
    let mut found = Diagnostic::warning(NOT_PINNED, title, at, "the first of them");
    found.level = Level::Hint;
    found.help("what is merged is deployed to all of them at once; where one environment comes before another, give each a path or a revision of its own")
}

/// Images that nobody keeps.
pub(crate) const BITNAMI: Code = Code::new("app/frozen-images");

pub(in crate::argocd) fn bitnami(at: Span) -> Diagnostic {
    let title = "the images of this chart are no longer kept";
    Diagnostic::warning(BITNAMI, title, at, "a chart of Bitnami")
        .help("since 2025-08-28 its versioned images are in `bitnamilegacy`, without fixes, and the chart's own addresses find none: take the chart of the software's own project, or set `image.repository` to an image that is kept")
}

/// An address that has no charts.
pub(crate) const REPOSITORY: Code = Code::new("app/repository");

pub(in crate::argocd) fn no_chart_repository(at: Span) -> Diagnostic {
    let title = "this address has no charts";
    Diagnostic::warning(REPOSITORY, title, at, "a page, it seems")
        .help("Bitnami's charts are at `https://charts.bitnami.com/bitnami`")
}

pub(in crate::argocd) fn placeholder(word: &str, at: Span) -> Diagnostic {
    let title = format!("`{word}` stands where a name belongs");
    Diagnostic::warning(REPOSITORY, title, at, "nobody's repository")
}

pub(in crate::argocd) fn two_owners(other: &str, own: &str, at: Span, because: Span) -> Diagnostic {
    let title = format!("`{other}` is not the repository of the other Applications");
    Diagnostic::warning(REPOSITORY, title, at, "another owner")
        .because(because, format!("`{own}` here"))
        .help("its folder is among these files, so both mean the same: one of the addresses is wrong, or a copy")
}

/// A cluster that is not meant.
pub(crate) const DESTINATION: Code = Code::new("app/destination");

pub(in crate::argocd) fn no_destination(by: &str, at: Span) -> Diagnostic {
    let title = format!("{by} says no cluster");
    Diagnostic::error(DESTINATION, title, at, "neither `server` nor `name`")
        .help("`destination: { name: in-cluster }`, or the address: `destination: { server: https://kubernetes.default.svc }`")
}

pub(in crate::argocd) fn two_destinations(at: Span, because: Span) -> Diagnostic {
    let title = "a destination with both `server` and `name`";
    Diagnostic::error(DESTINATION, title, at, "a second cluster")
        .because(because, "the first")
        .help("Argo CD refuses both: keep one")
}

pub(in crate::argocd) fn wrong_destination(
    field: &str,
    text: &str,
    at: Span,
    because: Option<Span>,
) -> Diagnostic {
    let (is, instead) = match field {
        "server" => {
            ("a cluster's name", "`destination.name` takes names; a server is `https://..`")
        }
        _ => ("an address", "`destination.server` takes addresses"),
    };
    let title = format!("`{text}` is {is}, and stands as `{field}`");
    let found = Diagnostic::error(DESTINATION, title, at, "no cluster has it");
    let found = match because {
        Some(because) => found.because(because, "put into the destination here"),
        None => found,
    };
    found.help(instead)
}

pub(in crate::argocd) fn confused(field: &str, name: &str, is_go: bool, at: Span) -> Diagnostic {
    let dot = if is_go { "." } else { "" };
    let other = if field == "server" { "server" } else { "name" };
    let title = format!("`{name}` of a cluster stands as `{field}`");
    Diagnostic::error(DESTINATION, title, at, "no cluster has it")
        .help(format!("`{dot}{other}` is the cluster's {field}"))
}

/// Objects that are too large.
pub(crate) const SERVER_SIDE: Code = Code::new("app/no-server-side-apply");

pub(in crate::argocd) fn no_server_side_apply(at: Span) -> Diagnostic {
    let title = "the chart's CustomResourceDefinitions are too large for this Application";
    Diagnostic::error(SERVER_SIDE, title, at, "no `ServerSideApply=true`")
        .help("each is applied with all of it in an annotation, which may have 262144 bytes, and theirs have more: `syncOptions: [ServerSideApply=true]`")
}
