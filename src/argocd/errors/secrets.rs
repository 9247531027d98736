//! About secrets that stand readable.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// A secret that is written out.
pub const PLAIN_SECRET: Code = Code::new("import/plain-secret");

/// A secret in a value of a chart.
pub(in crate::argocd) fn secret_value(field: &str, value: &str, at: Span) -> Diagnostic {
    let title = "a secret stands readable in this file";
    let found =
        Diagnostic::error(PLAIN_SECRET, title, at, format!("the value of `{field}`")).hiding(value);
    let found = match field {
        "adminPassword" => found.help("`admin.existingSecret` names a Secret that holds it"),
        _ => found.help("charts take a Secret by its name, in a field such as `existingSecret`; whoever may see the Application sees what stands in it"),
    };
    found.help("who could read this file knows it: make a new one")
}
