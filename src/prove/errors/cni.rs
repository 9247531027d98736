//! What is said of the manifests of a cluster's network.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// A file of which a document is no Kubernetes object.
pub(crate) const CNI_NOT_OBJECTS: Code = Code::new("cluster/cni-not-objects");

/// `number` counts documents, `line` the lines of the file, both from 1.
pub(in crate::prove) fn not_an_object(
    file: &str,
    number: usize,
    line: usize,
    reason: &str,
    at: Span,
) -> Diagnostic {
    let title = format!("document {number} of the file `{file}` is no Kubernetes object");
    Diagnostic::error(CNI_NOT_OBJECTS, title, at, format!("line {line}: {reason}"))
        .help("Cluster API applies each document as one object, with `apiVersion`, `kind` and `metadata.name`")
}

pub(in crate::prove) fn no_object(file: &str, at: Span) -> Diagnostic {
    let title = format!("the file `{file}` holds no Kubernetes object");
    Diagnostic::error(CNI_NOT_OBJECTS, title, at, "nothing to apply")
        .help("what a chart makes comes out of `helm template`, in the form that is needed here")
}

/// A document that no ConfigMap can hold.
pub(crate) const CNI_TOO_LARGE: Code = Code::new("cluster/cni-too-large");

/// `object` is its kind and name, `bytes` its size, `most` that of a ConfigMap.
pub(in crate::prove) fn too_large(
    file: &str,
    object: &str,
    bytes: usize,
    most: usize,
    at: Span,
) -> Diagnostic {
    let title = format!("{object} of the file `{file}` is too large for a ConfigMap");
    Diagnostic::error(CNI_TOO_LARGE, title, at, format!("{bytes} bytes in one document"))
        .help(format!(
            "documents are divided over ConfigMaps of {most} bytes; one alone may not have more"
        ))
        .help("take descriptions out of it, or let the CNI's operator install it")
}

/// A Secret among the manifests.
pub(crate) const CNI_SECRET: Code = Code::new("cluster/cni-secret");

/// `object` is its kind and name.
pub(in crate::prove) fn secret(file: &str, object: &str, line: usize, at: Span) -> Diagnostic {
    let title = format!("{object} of the file `{file}` would stand readable in the output");
    Diagnostic::error(CNI_SECRET, title, at, format!("line {line}: a Secret with values"))
        .help("the output holds no Secret: take it out of the file, and create it in the cluster once that runs")
        .help("charts can make certificates in the cluster instead: Cilium's with `hubble.tls.auto.method=cronJob`")
}
