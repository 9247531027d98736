//! What is said of who may reach whom.

use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// An address of something that nothing lets through.
pub(crate) const NOT_NEEDED: Code = Code::new("reach/not-needed");

/// Span: the text. `meant` is what `needs` would say.
pub(in crate::prove) fn not_needed(host: &str, meant: &str, at: Span) -> Diagnostic {
    let title = format!("`{host}` is named here, and nothing lets the pods reach it");
    Diagnostic::warning(NOT_NEEDED, title, at, "network policies refuse this")
        .help(format!("say that it is called: `needs = [{meant}]`"))
        .help("`network = \"open\"` at the namespace lets everything through")
}

/// Network policies that nothing enforces.
pub(crate) const NOT_ENFORCED: Code = Code::new("reach/not-enforced");

/// Span: the cluster's name.
pub(in crate::prove) fn not_enforced(cluster: Sym, at: Span) -> Diagnostic {
    let title = format!("nothing enforces network policies on `{cluster}`");
    Diagnostic::warning(NOT_ENFORCED, title, at, "its pods' network is Flannel")
        .help(
            "Flannel reads no policies, so that everybody reaches everybody: Cilium and Calico do",
        )
        .help("Talos installs Flannel unless `cni` says something else")
}

/// Cilium's policies where it does not run.
pub(crate) const NOT_CILIUM: Code = Code::new("reach/not-cilium");

/// Span: what asks for them.
pub(in crate::prove) fn not_cilium(cluster: Sym, is_flannel: bool, at: Span) -> Diagnostic {
    if is_flannel {
        let title =
            format!("`{cluster}` asks for Cilium's policies, and its pods' network is Flannel");
        return Diagnostic::error(NOT_CILIUM, title, at, "nothing knows such objects there")
            .help("an API server takes CiliumNetworkPolicies once Cilium is installed: `addon cilium : Cilium { .. }`")
            .help("Talos installs Flannel unless `cni` says something else");
    }
    let title = format!("nothing here says that Cilium runs on `{cluster}`");
    Diagnostic::warning(NOT_CILIUM, title, at, "asks for its policies")
        .help("without Cilium the API server refuses them, and nothing is closed: `addon cilium : Cilium { .. }` installs it, an `external addon` says that something else does")
}
