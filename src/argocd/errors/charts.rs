//! About charts and their values.

use crate::charts::{Chart, Wrong};
use crate::diag::{Code, Diagnostic, Level};
use crate::source::Span;

/// A value that nothing reads.
pub const UNKNOWN_KEY: Code = Code::new("gitops/unread-value");

/// The key at the end of `path` is not known, or one before it.
pub(in crate::argocd) fn unknown_key(
    chart: &Chart,
    path: &[&str],
    wrong: &Wrong,
    at: Span,
    because: Option<Span>,
) -> Diagnostic {
    let shown = path.iter().take(wrong.step + 1).copied().collect::<Vec<_>>().join(".");
    let title = format!("the chart `{}` reads no `{shown}`", chart.name());
    let label = if chart.refuses() { "refused by its schema" } else { "passed over" };
    let found = Diagnostic::error(UNKNOWN_KEY, title, at, label);
    let mut found = match because {
        Some(because) => found.because(because, "these are its values"),
        None => found,
    };
    if !chart.is_sure() {
        found.level = Level::Warning;
    }
    if let Some((first, last)) = wrong.in_versions {
        return found.help(format!("versions from {first} to {last} do"));
    }
    let found = match (wrong.nearest, wrong.elsewhere.as_slice()) {
        (Some(near), _) if path.len() == wrong.step + 1 => {
            found.fix(format!("replace with `{near}`"), at, near, false)
        }
        (Some(near), _) => found.help(format!("`{near}` is read there")),
        (None, []) => {
            let known: Vec<String> =
                wrong.known.iter().take(12).map(|it| format!("`{it}`")).collect();
            let more = if wrong.known.len() > 12 { ", .." } else { "" };
            found.help(format!("there it reads {}{more}", known.join(", ")))
        }
        (None, _) => found,
    };
    match wrong.elsewhere.as_slice() {
        [] => found,
        places => {
            let shown: Vec<String> = places.iter().map(|it| format!("`{it}`")).collect();
            found.help(format!("it reads {}", shown.join(", ")))
        }
    }
}

/// What Argo CD no longer has.
pub(crate) const REMOVED: Code = Code::new("chart/removed");

pub(in crate::argocd) fn plugins(at: Span) -> Diagnostic {
    let title = "Argo CD reads no plugins from `argocd-cm`";
    Diagnostic::warning(REMOVED, title, at, "removed in 2.8")
        .help("a plugin is a sidecar of the repository server since: `repoServer.extraContainers` with a ConfigManagementPlugin mounted, in the chart `configs.cmp`")
}

/// A guard that lets through what it cannot judge.
pub(crate) const FAIL_OPEN: Code = Code::new("chart/fail-open");

pub(in crate::argocd) fn fail_open(at: Span) -> Diagnostic {
    let title = "what Gatekeeper cannot judge is let through";
    let mut found = Diagnostic::warning(FAIL_OPEN, title, at, "while it does not answer, too");
    found.level = Level::Hint;
    found.help("`Fail` refuses it; then its own namespace and `kube-system` must be exempt, and two replicas run. Where it stays, write down why")
}

/// A value that an example has.
pub(crate) const EXAMPLE: Code = Code::new("chart/example-value");

pub(in crate::argocd) fn example_domain(text: &str, at: Span) -> Diagnostic {
    let title = format!("`{text}` is a domain for examples");
    Diagnostic::warning(EXAMPLE, title, at, "nobody's domain")
}
