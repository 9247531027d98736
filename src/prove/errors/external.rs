//! What is said of providers that another program describes.

use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// A cluster on machines of which nothing is known.
pub(crate) const EXTERNAL_PROVIDER: Code = Code::new("cluster/external-provider");

/// Spans: where the cluster names its provider, and the provider's name.
pub(crate) fn not_described(
    (cluster, provider): (Sym, Sym),
    [at, declared]: [Span; 2],
) -> Diagnostic {
    let title = format!("`cluster.{cluster}` is made here, and its provider is not described here");
    Diagnostic::error(EXTERNAL_PROVIDER, title, at, "nothing is known of its machines")
        .because(declared, format!("`{provider}` is `external`"))
        .help("describe the provider in this program, or make the cluster `external` as well")
}
