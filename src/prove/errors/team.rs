//! What is said of teams.

use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// A namespace of two teams.
pub(crate) const TWO_OWNERS: Code = Code::new("team/two-owners");

/// Spans: where it is named again, where it is named first.
pub(in crate::prove) fn two_owners(
    namespace: Sym,
    first: Sym,
    is_own: bool,
    [at, before]: [Span; 2],
) -> Diagnostic {
    let (title, label) = if is_own {
        (format!("`{first}` names the namespace `{namespace}` twice"), "named again")
    } else {
        (format!("the namespace `{namespace}` is another team's"), "belongs to somebody")
    };
    Diagnostic::error(TWO_OWNERS, title, at, label)
        .because(before, format!("it is of `{first}`"))
        .help("one team answers for a namespace: a second group is bound to it by a `manifest` with a RoleBinding")
}

/// What a namespace of a team lacks.
#[derive(Clone, Copy)]
pub(in crate::prove) enum Lack {
    /// A quota.
    Quota,
    /// Network policies.
    Network,
    /// A Pod Security level.
    PodSecurity,
}

/// A namespace that does not hold who is in it.
pub(crate) const UNBOUNDED: Code = Code::new("team/unbounded");

/// Spans: where the team names it, the namespace.
pub(in crate::prove) fn unbounded(
    namespace: Sym,
    team: Sym,
    lack: Lack,
    [at, of]: [Span; 2],
) -> Diagnostic {
    let (title, label, help) = match lack {
        Lack::Quota => (
            format!("the namespace `{namespace}` of `{team}` has no quota"),
            "has no `quota`",
            "one team can take what all others need: `namespace * { quota { cpu = 4, memory = 8Gi, pods = 50 } }` gives one to every namespace without",
        ),
        Lack::Network => (
            format!("the namespace `{namespace}` of `{team}` is open to all others"),
            "is `open`",
            "leave `network = \"open\"` out: `needs` and `traffic` say what is let through",
        ),
        Lack::PodSecurity => (
            format!("pods in the namespace `{namespace}` of `{team}` may take over their node"),
            "admits everything",
            "`pod-security = \"privileged\"` is for what serves nodes: give a team `restricted` or `baseline`",
        ),
    };
    Diagnostic::warning(UNBOUNDED, title, of, label)
        .because(at, "this team shares its clusters with others")
        .help(help)
}

/// A project that goes to namespaces of others.
pub(crate) const FOREIGN: Code = Code::new("team/foreign-project");

/// Spans: the pattern, the other team.
pub(in crate::prove) fn foreign(
    team: Sym,
    other: Sym,
    namespace: Sym,
    [at, of]: [Span; 2],
) -> Diagnostic {
    let title = format!("the project of `{team}` goes to namespaces of `{other}`");
    Diagnostic::warning(FOREIGN, title, at, format!("takes `{namespace}`, too"))
        .because(of, "this team's")
        .help("what is deployed by one team there replaces what another has: name the team's own namespaces, or leave `namespaces` out")
}
