//! About the order in which Applications come.

use crate::diag::{Code, Diagnostic, Level};
use crate::source::Span;

/// An Application before what it needs.
pub(in crate::argocd) struct Order<'a> {
    pub(in crate::argocd) app: &'a str,
    pub(in crate::argocd) provider: &'a str,
    pub(in crate::argocd) group: &'a str,
    pub(in crate::argocd) why: &'a str,
    pub(in crate::argocd) waves: (i64, i64),
}

/// The order is the wrong way round.
pub(crate) const BEFORE_PROVIDER: Code = Code::new("wave/before-provider");

pub(in crate::argocd) fn before_provider(
    about: &Order<'_>,
    at: Span,
    because: Span,
    need: Span,
) -> Diagnostic {
    let Order { app, provider, group, why, waves: (own, later) } = about;
    let title = format!("`{app}` comes before `{provider}`, which it needs");
    Diagnostic::error(BEFORE_PROVIDER, title, at, format!("wave {own}"))
        .because(because, format!("`{provider}` is in wave {later}"))
        .because(need, format!("`{group}`: {why}"))
        .help("an object of a kind that is not there yet fails the whole sync")
        .help(format!("give `{app}` a wave after {later}, or `{provider}` one before {own}"))
}

/// Definitions that nobody installs.
pub const NO_PROVIDER: Code = Code::new("gitops/nothing-brings");

pub(in crate::argocd) fn no_provider(
    group: &str,
    why: &str,
    installer: &str,
    at: Span,
    others: &[Span],
) -> Diagnostic {
    let title = format!("nothing here installs the definitions of `{group}`");
    let found = Diagnostic::warning(NO_PROVIDER, title, at, why);
    let found = others.iter().take(3).fold(found, |found, at| found.because(*at, "and here"));
    found
        .help(format!("they come with {installer}: an Application in an earlier wave"))
        .help("if something else installs them, pass this over")
}

/// Waves that wait for nothing.
pub(crate) const NO_HEALTH: Code = Code::new("wave/no-health");

pub(in crate::argocd) fn no_health(waves: &[i64], at: Span) -> Diagnostic {
    let shown: Vec<String> = waves.iter().map(ToString::to_string).collect();
    let title = format!("the waves {} of Applications wait for nothing", shown.join(", "));
    Diagnostic::warning(NO_HEALTH, title, at, "one of them")
        .help("Argo CD has had no health of an Application since 1.8, so the next wave begins at once: `argocd-cm` must say it, in `resource.customizations.health.argoproj.io_Application`")
}

/// Applications that leave everything behind.
pub(crate) const NO_FINALIZERS: Code = Code::new("app/no-finalizer");

pub(in crate::argocd) fn no_finalizers(count: usize, at: Span) -> Diagnostic {
    let title = format!("none of the {count} Applications removes its objects when it goes");
    let mut found = Diagnostic::warning(NO_FINALIZERS, title, at, "the first of them");
    found.level = Level::Hint;
    found.help("`metadata.finalizers: [resources-finalizer.argocd.argoproj.io]` does; for what holds data it may be meant so")
}
