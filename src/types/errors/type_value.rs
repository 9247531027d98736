//! Messages about types as values: Kubernetes kinds, and schemas.

use super::NOT_A_VALUE;
use crate::diag::Diagnostic;
use crate::source::Span;

/// What is no schema, where one is wanted as a value.
pub(in crate::types) fn no_type_value(
    name: &str,
    what: &str,
    at: Span,
    declared: Option<Span>,
    help: String,
) -> Diagnostic {
    let title = format!("`{name}` is {what}, and a schema is wanted");
    let error = Diagnostic::error(NOT_A_VALUE, title, at, "no schema").help(help);
    match declared {
        Some(declared) => error.because(declared, "it is declared here"),
        None => error,
    }
}

/// What is no type of Kubernetes objects, where one is wanted as a value.
pub(in crate::types) fn no_object_value(
    name: &str,
    what: &str,
    at: Span,
    declared: Option<Span>,
) -> Diagnostic {
    let title = format!("`{name}` is {what}, and a Kubernetes kind is wanted");
    let error = Diagnostic::error(NOT_A_VALUE, title, at, "no Kubernetes kind")
        .help("kinds are written as paths: `k8s.apps.v1.Deployment`; others come from `iflux import crd FILE`");
    match declared {
        Some(declared) => error.because(declared, "it is declared here"),
        None => error,
    }
}
