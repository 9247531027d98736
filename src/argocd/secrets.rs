//! Secrets that stand readable in Applications and values.

use super::errors::secrets::secret_value;
use super::tree::Tree;
use super::view::Whole;
use crate::diag::Diagnostic;

/// How fields end that hold a secret.
const ENDS: [&str; 12] = [
    "password",
    "passwd",
    "rootpassword",
    "token",
    "apikey",
    "accesskey",
    "secretkey",
    "secretaccesskey",
    "clientsecret",
    "privatekey",
    "connectionstring",
    "encryptionkey",
];

/// Whether a field's name says that it holds a secret.
pub(super) fn is_secret(field: &str) -> bool {
    let name = field.rsplit('.').next().unwrap_or(field);
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = name.to_lowercase();
    ENDS.iter().any(|end| name.ends_with(end))
}

/// Whether a text is a secret itself, and nothing that something else fills in.
fn is_written_out(text: &str) -> bool {
    let is_filled = text.starts_with(['<', '$', '%']) || text.contains("{{") || text.contains("${");
    !text.is_empty() && !is_filled
}

/// Whether a text can be a secret: a switch, a number of bytes or the name of a key is none.
fn is_secret_text(field: &str, text: &str) -> bool {
    let field = field.to_lowercase();
    // `auth.existingSecretPasswordKey`, `tokenRef`, `secretName`, `automountServiceAccountToken`.
    let is_reference = ["existing", "secretref", "keyref", "automount", "tokenreview", "rotate"];
    is_written_out(text)
        && !is_reference.iter().any(|it| field.contains(it))
        && !matches!(text.to_lowercase().as_str(), "true" | "false" | "null" | "~" | "none")
        && !text.starts_with(['/', '@'])
        && !text.contains("://")
        && !text.to_lowercase().contains("secret")
        && !text.starts_with("ENC[")
        && !text.starts_with("ref+")
        && !text.starts_with("vault:")
}

pub(super) fn judge<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    for app in whole.all() {
        for source in &app.sources {
            let Some(helm) = source.node.get("helm") else { continue };
            let text = helm.get("values").and_then(|it| it.inside());
            for values in text.into_iter().chain(helm.get("valuesObject")) {
                below(&values, out);
            }
            for parameter in helm.list("parameters") {
                let Some(value) = parameter.get("value") else { continue };
                one(&parameter.word("name").unwrap_or_default(), &value, out);
            }
        }
    }
    for set in &whole.sets {
        if let Some(generators) = set.spec.get("generators") {
            below(&generators, out);
        }
    }
}

fn below<T: Tree>(values: &T, out: &mut Vec<Diagnostic>) {
    values.each(&mut |path, node| {
        if let Some(field) = path.last() {
            one(field, node, out);
        }
    });
}

fn one<T: Tree>(field: &str, node: &T, out: &mut Vec<Diagnostic>) {
    let text = node.text().unwrap_or_default();
    if is_secret(field) && is_secret_text(field, text) && !node.is_bare() {
        out.push(secret_value(field.rsplit('.').next().unwrap_or(field), node.span()));
    }
}

#[cfg(test)]
mod tests {
    use super::{is_secret, is_secret_text};

    #[test]
    fn fields_that_hold_secrets() {
        for (field, text, expected) in [
            ("rootPassword", "changeme", true),
            ("grafana.adminPassword", "admin", true),
            ("client_secret", "abc", true),
            ("existingSecretPassword", "db", false),
            ("password", "{{ .password }}", false),
            ("password", "${DB_PASSWORD}", false),
            ("automountServiceAccountToken", "false", false),
            ("secretName", "db", false),
            ("passwordKey", "password", false),
            ("token", "/var/run/token", false),
        ] {
            assert_eq!(is_secret(field) && is_secret_text(field, text), expected, "{field}");
        }
    }
}
