//! What is said of what a cluster must say itself, and of what means nothing on its provider.

use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// No address of the API server where the provider brings none.
pub(crate) const NO_ENDPOINT: Code = Code::new("cluster/no-endpoint");

pub(crate) fn no_endpoint(cluster: Sym, provider: &str, talos: bool, at: Span) -> Diagnostic {
    let title = format!("`cluster.{cluster}` has no `endpoint`, and {provider} brings none");
    let announced = if talos { "Talos announces it itself" } else { "kube-vip announces it" };
    Diagnostic::error(NO_ENDPOINT, title, at, "no address of its API server")
        .help(format!(
            "{provider} has no load balancer: a free address outside of `addresses` is taken over by one control-plane machine at a time; {announced}"
        ))
        .help("write it: `endpoint = \"10.0.1.10\"`")
}

/// No addresses for machines where the provider gives none.
pub(crate) const NO_ADDRESSES: Code = Code::new("cluster/no-addresses");

pub(crate) fn no_addresses(cluster: Sym, provider: &str, wanted: u64, at: Span) -> Diagnostic {
    let title = format!("`cluster.{cluster}` has no `addresses`, and {provider} gives none");
    Diagnostic::error(NO_ADDRESSES, title, at, "no addresses for its machines").help(format!(
        "{wanted} are needed while machines are replaced: `addresses = [\"10.0.1.11\" .. \"10.0.1.29\"]`"
    ))
}

/// An address that the provider gives itself.
pub(crate) const UNUSED: Code = Code::new("cluster/unused-address");

pub(crate) fn unused(cluster: Sym, field: &str, provider: &str, at: Span) -> Diagnostic {
    let title = format!("`{field}` means nothing here: `cluster.{cluster}` is on {provider}");
    let gives = match field {
        "endpoint" => {
            "the address of the API server is that of the load balancer, which the provider makes"
        }
        _ => "machines get their addresses from the provider",
    };
    Diagnostic::warning(UNUSED, title, at, "not used").help(gives).help(format!(
        "where it is to stay for another provider, say so: `allow({UNUSED}) because \"..\"`"
    ))
}

/// A type of machine where the provider has none.
pub(crate) const NO_TYPES: Code = Code::new("cluster/no-machine-types");

pub(crate) fn no_types(
    cluster: Sym,
    written: &str,
    provider: &str,
    sizes: bool,
    at: Span,
) -> Diagnostic {
    let title =
        format!("{provider} has no machine types, and `cluster.{cluster}` asks for `{written}`");
    if !sizes {
        return Diagnostic::warning(NO_TYPES, title, at, "not used")
            .help("sizes mean nothing there: the machines share what they run on");
    }
    Diagnostic::error(NO_TYPES, title, at, format!("no type of {provider}"))
        .help("write the size as numbers: `machine { cpu = 4, memory = 8Gi }`")
        .help("both may stand: then the type counts where the provider has types, and the numbers elsewhere")
}
