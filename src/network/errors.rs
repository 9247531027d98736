//! Messages about who reaches whom.

use super::ports::Ports;
use super::relation::Side;
use crate::diag::{Code, Diagnostic};
use crate::source::Span;

pub(crate) const MATCHES_NOTHING: Code = Code::new("reach/matches-nothing");
pub(crate) const NO_DNS: Code = Code::new("reach/no-dns");
pub(crate) const BLOCKED: Code = Code::new("reach/blocked");
pub(crate) const UNDECLARED: Code = Code::new("reach/undeclared");

/// A selector of namespaces that selects none. `named` is the namespace that a label seems to mean.
pub(super) fn no_namespace(label: &str, named: Option<&str>, blinds: bool, at: Span) -> Diagnostic {
    let title = format!("no namespace has the label `{label}`");
    let found = Diagnostic::warning(MATCHES_NOTHING, title, at, "nobody is meant here");
    let found = match named {
        Some(name) => found.help(format!(
            "the API server gives every namespace a label with its name: `kubernetes.io/metadata.name: {name}`"
        )),
        None => found.help("`namespaceSelector: {}` means all namespaces, and `kubernetes.io/metadata.name` one of them"),
    };
    if blinds {
        found.help("without this rule the pods of the policy look up no name either: the DNS servers are refused")
    } else {
        found
    }
}

/// A policy for pods that do not exist.
pub(super) fn no_pod(
    policy: &str,
    namespace: &str,
    near: Option<&(String, String)>,
    at: Span,
) -> Diagnostic {
    let title = format!("the policy `{policy}` is for no pod of `{namespace}`");
    let found = Diagnostic::warning(MATCHES_NOTHING, title, at, "selects nothing there");
    match near {
        Some((written, meant)) => found.help(format!("a pod there has `{meant}`, not `{written}`")),
        None => found.help("a policy works in its own namespace only: `metadata.namespace`"),
    }
}

/// Policies of a namespace where nothing runs. `more` is how many others there are.
pub(super) fn nothing_there(policy: &str, namespace: &str, more: usize, at: Span) -> Diagnostic {
    let title = format!("nothing runs in `{namespace}`, which the policy `{policy}` is for");
    let found =
        Diagnostic::warning(MATCHES_NOTHING, title, at, "is for pods of its namespace only");
    let found = match more {
        0 => found,
        1 => found.help("so is another policy there"),
        more => found.help(format!("so are {more} other policies there")),
    };
    found.help(
        "each namespace needs policies of its own: what runs elsewhere is not closed by these",
    )
}

/// Pods that may go out, but not to the DNS servers.
pub(super) fn no_dns(whom: &str, at: Span) -> Diagnostic {
    let title = format!("{whom} cannot look up names");
    Diagnostic::warning(NO_DNS, title, at, "refuses the DNS servers, too")
        .help("what goes out must be allowed to reach `k8s-app: kube-dns` in the namespace `kube-system`, on UDP and TCP 53")
}

/// A need that a policy refuses.
pub(super) fn blocked(
    from: &str,
    to: &str,
    ports: &Ports,
    side: Side,
    at: Span,
    policy: Option<(&str, Span)>,
) -> Diagnostic {
    let title = format!("`{from}` cannot reach `{to}` on {ports}");
    let which = match side {
        Side::Caller => format!("egress of `{from}`"),
        Side::Called => format!("ingress of `{to}`"),
    };
    let found = Diagnostic::error(BLOCKED, title, at, "is refused");
    match policy {
        Some((name, at)) => found.because(at, format!("`{name}` closes the {which}")),
        None => found.help(format!("a policy closes the {which}")),
    }
    .help("where one policy selects a pod, only what some policy allows passes")
}

/// Traffic that a policy lets through and nothing declares.
pub(super) fn undeclared(from: &str, to: &str, ports: &Ports, more: usize, at: Span) -> Diagnostic {
    let title = format!("`{from}` may reach `{to}` on {ports}, and nothing says that it must");
    let found = Diagnostic::warning(UNDECLARED, title, at, "lets it through");
    let found = if more > 0 {
        found.help(format!("so may {more} other {}", if more == 1 { "pair" } else { "pairs" }))
    } else {
        found
    };
    found.help("`needs` at who calls says that it must, and makes the policy; `allow(reach/undeclared) because \"..\"` keeps this one")
}
