//! What is said of rights.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// A rule that says `*`.
pub(crate) const WILDCARD: Code = Code::new("rbac/wildcard");

/// Span: the `*`. `of` is what it stands for, `leads` says what somebody with the rule can do.
pub(super) fn wildcard(kind: &str, name: &str, of: &str, leads: &[&str], at: Span) -> Diagnostic {
    let title = format!("a rule of the {kind} `{name}` is about all {of}");
    let found = Diagnostic::warning(WILDCARD, title, at, "all there are, and all there will be");
    let found = leads.iter().take(3).fold(found, |found, it| found.help(format!("so {it}")));
    found.help("name the groups, resources and verbs that are used")
}

/// A right that leads to more than it says.
pub(crate) const ESCALATION: Code = Code::new("rbac/escalation");

/// Spans: the verb, the resource.
pub(super) fn escalation(
    kind: &str,
    name: &str,
    (verb, resource): (&str, &str),
    leads_to: &str,
    [at, of]: [Span; 2],
) -> Diagnostic {
    let title = format!("the {kind} `{name}` gives more than it says: {leads_to}");
    let found = Diagnostic::warning(ESCALATION, title, at, format!("`{verb}` of `{resource}`"));
    let found = if at == of { found } else { found.because(of, "this is what it is about") };
    found.help("whoever is bound to it has that power, and so has everything that runs as it: leave it out, or bound it by `resourceNames`")
}

/// A right to read every Secret.
pub(crate) const SECRETS: Code = Code::new("rbac/secrets");

/// Spans: the verb, the resource.
pub(super) fn secrets(kind: &str, name: &str, verb: &str, [at, of]: [Span; 2]) -> Diagnostic {
    let title = format!("the {kind} `{name}` reads every Secret");
    let found = Diagnostic::warning(SECRETS, title, at, format!("`{verb}` of `secrets`"));
    let found = if at == of { found } else { found.because(of, "all of them") };
    found
        .help("tokens, keys and passwords are Secrets: with them come the rights of everybody whose they are. `list` and `watch` show the values, too")
        .help("name those that are needed: `resourceNames: [..]`, with the verb `get`")
}

/// A binding to the role that may do everything.
pub(crate) const CLUSTER_ADMIN: Code = Code::new("rbac/cluster-admin");

/// Span: the role's name.
pub(super) fn cluster_admin(shown: &str, is_of_cluster: bool, at: Span) -> Diagnostic {
    let (title, help) = if is_of_cluster {
        (
            format!("{shown} gives every right over the cluster"),
            "`view`, `edit` and `admin` are there, and roles with just what is needed: no program needs `cluster-admin`, and people need it in an emergency",
        )
    } else {
        (
            format!("{shown} gives every right over its namespace"),
            "`admin` gives all but quotas and the namespace itself, `edit` no roles, `view` no Secrets",
        )
    };
    Diagnostic::warning(CLUSTER_ADMIN, title, at, "may do everything").help(help)
}

/// A binding to everybody.
pub(crate) const EVERYBODY: Code = Code::new("rbac/everybody");

/// Span: the subject's name.
pub(super) fn everybody(shown: &str, name: &str, who: &str, at: Span) -> Diagnostic {
    let title = format!("{shown} is for `{name}`: {who}");
    Diagnostic::warning(EVERYBODY, title, at, "not somebody")
        .help("name a group of the identity provider, or a service account")
}

/// A binding to a role that is not there.
pub(crate) const NO_ROLE: Code = Code::new("rbac/no-role");

/// Span: the role's name.
pub(super) fn no_role(
    shown: &str,
    kind: &str,
    name: &str,
    near: Option<&str>,
    at: Span,
) -> Diagnostic {
    let title = format!("{shown} gives nothing: there is no {kind} `{name}`");
    Diagnostic::warning(NO_ROLE, title, at, "nothing here brings it")
        .help("the API server takes such a binding, and refuses everybody")
        .suggest(at, near)
}

/// A binding of a service account that is not there.
pub(crate) const NO_ACCOUNT: Code = Code::new("rbac/no-account");

/// Span: the subject's name.
pub(super) fn no_account(
    shown: &str,
    name: &str,
    namespace: &str,
    near: Option<&str>,
    at: Span,
) -> Diagnostic {
    let title =
        format!("{shown} is for nobody: there is no service account `{name}` in `{namespace}`");
    Diagnostic::warning(NO_ACCOUNT, title, at, "nothing here brings it")
        .help("whoever makes one of this name there has these rights")
        .suggest(at, near)
}

/// A binding that the API server refuses.
pub(crate) const REFUSED: Code = Code::new("rbac/refused");

/// Span: what is wrong.
pub(super) fn refused(shown: &str, why: &str, near: Option<&str>, at: Span) -> Diagnostic {
    let title = format!("the API server refuses the {shown}: {why}");
    Diagnostic::error(REFUSED, title, at, "is not taken").suggest(at, near)
}

/// Span: the kind of the role.
pub(super) fn role_for_all(shown: &str, name: &str, at: Span) -> Diagnostic {
    let title = format!("the API server refuses the {shown}: `{name}` is a Role");
    Diagnostic::error(REFUSED, title, at, "lives in one namespace")
        .help("a ClusterRoleBinding gives a ClusterRole, in every namespace; a RoleBinding gives either, in its own")
}
