//! Secrets that stand readable in Applications and values.

use super::errors::secrets::secret_value;
use super::tree::Tree;
use super::view::Whole;
use crate::diag::Diagnostic;

/// How fields end that hold a secret.
const ENDS: [&str; 10] = [
    "password",
    "passwd",
    "token",
    "apikey",
    "secretkey",
    "secretaccesskey",
    "clientsecret",
    "privatekey",
    "connectionstring",
    "encryptionkey",
];

/// Whether a field's name says that it holds a secret.
pub(super) fn is_secret(field: &str) -> bool {
    let name = bare(field.rsplit('.').next().unwrap_or(field));
    ENDS.iter().any(|end| name.ends_with(end))
}

/// A name in small letters, without what divides its words.
fn bare(name: &str) -> String {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    letters.to_lowercase()
}

/// Whether a text is a secret itself, and nothing that something else fills in.
fn is_written_out(text: &str) -> bool {
    let is_filled = text.starts_with(['<', '$', '%']) || text.contains("{{") || text.contains("${");
    !text.is_empty() && !is_filled
}

/// Whether the value of a field, by the field's name, is a secret that stands there itself.
pub fn holds_secret(field: &str, value: &str) -> bool {
    is_secret(field) && is_secret_text(field, value)
}

/// Whether a text can be a secret: a switch, a file or the name of a key is none.
fn is_secret_text(field: &str, text: &str) -> bool {
    let (name, value) = (bare(field), bare(text));
    // `existingSecretPasswordKey`, `tokenSecretRef`, `automountServiceAccountToken`.
    let is_reference =
        ["existing", "secretref", "keyref", "automount", "tokenreview", "passwordsecretkey"];
    // `password: mysql-password` names a key of a Secret, and so does `S3_PASSWORD`.
    let is_name = ENDS.iter().any(|end| value.ends_with(end)) && value.len() > 8
        || name.ends_with(&value)
        || text.contains('_')
            && text.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_')
        || [".key", ".pem", ".crt", ".txt"].iter().any(|it| text.ends_with(it));
    let is_switch = matches!(
        value.as_str(),
        "true" | "false" | "null" | "none" | "enabled" | "disabled" | "token" | "key" | ""
    );
    is_written_out(text)
        && !is_reference.iter().any(|it| name.contains(it))
        && !is_name
        && !is_switch
        && !text.starts_with(['/', '@'])
        && !text.contains("://")
        && !value.contains("secret")
        && !["ENC[", "ref+", "vault:", "AQICAH"].iter().any(|it| text.starts_with(it))
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

/// How deep values are looked at.
const DEEPEST: usize = 32;

fn below<T: Tree>(values: &T, out: &mut Vec<Diagnostic>) {
    map(values, 0, out);
}

fn map<T: Tree>(node: &T, depth: usize, out: &mut Vec<Diagnostic>) {
    if depth > DEEPEST {
        return;
    }
    for item in node.items().unwrap_or_default() {
        map(&item, depth + 1, out);
    }
    let fields = node.fields().unwrap_or_default();
    // Beside the name of a Secret stand the names of its keys.
    let names_secret = fields.iter().any(|(name, _, value)| {
        let name = name.to_lowercase();
        let is_name = name.contains("existingsecret")
            || name.ends_with("secretname")
            || name.ends_with("secretref")
            || name == "secret";
        is_name && value.text().is_none_or(|it| !it.is_empty())
    });
    for (name, _, value) in fields {
        let is_key =
            name.to_lowercase().ends_with("keys") || name.to_lowercase().contains("existing");
        if value.text().is_some() {
            if !names_secret {
                one(&name, &value, out);
            }
        } else if !is_key {
            map(&value, depth + 1, out);
        }
    }
}

fn one<T: Tree>(field: &str, node: &T, out: &mut Vec<Diagnostic>) {
    let text = node.text().unwrap_or_default();
    if is_secret(field) && is_secret_text(field, text) && !node.is_bare() {
        out.push(secret_value(field.rsplit('.').next().unwrap_or(field), text, node.span()));
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
            ("password", "mysql-password", false),
            ("secretAccessKey", "S3_PASSWORD", false),
            ("apiKey", "apiKey", false),
            ("rootPassword", "Harbor12345", true),
            ("token", "/var/run/token", false),
        ] {
            assert_eq!(is_secret(field) && is_secret_text(field, text), expected, "{field}");
        }
    }
}
