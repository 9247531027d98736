//! What the API server itself is told.

use std::fmt::Write as _;

use crate::backend::Manifest;
use crate::backend::k8s::{Fields, Metadata, labels, list, object, text};
use crate::eval::Origin;
use crate::model::{Model, ObjectKind, Policy, Tree};

const VERSION: &str = "admissionregistration.k8s.io/v1";

/// The policy and its binding.
pub(super) fn objects<'a>(model: &'a Model<'a>, policy: &'a Policy<'a>) -> Vec<Manifest<'a>> {
    let metadata = || {
        Metadata::new(policy.name, labels(model))
            .labels(&policy.labels)
            .annotations(&policy.annotations)
    };
    let rule = Origin::rule("what cannot be judged is not taken");
    let told = Origin::rule("what the policy is told, as a value of CEL");
    let params = (!policy.param.is_empty()).then(|| {
        let entries = policy.param.iter().map(|(name, value)| (name.as_str(), value));
        let mut written = String::new();
        map(entries, &mut written);
        Fields::new().with("name", text("params", told)).with("expression", text(written, told))
    });
    let validation = Fields::new().maybe("expression", policy.cel).maybe("message", policy.message);
    let spec = Fields::new()
        .with("failurePolicy", text("Fail", rule))
        .with("matchConstraints", meant(model, policy))
        .unless_empty("variables", list(params))
        .with("validations", list([validation]));
    let action = match policy.action.value.as_str() {
        "deny" => "Deny",
        "warn" => "Warn",
        _ => "Audit",
    };
    let binding = Fields::new()
        .with("policyName", policy.name)
        .with("validationActions", list([text(action, policy.action.origin)]));
    vec![
        object(VERSION, "ValidatingAdmissionPolicy", metadata(), Some(spec)),
        object(VERSION, "ValidatingAdmissionPolicyBinding", metadata(), Some(binding)),
    ]
}

/// Which objects the policy is for.
fn meant<'a>(model: &'a Model<'a>, policy: &'a Policy<'a>) -> Fields<'a> {
    const NAME: &str = "kubernetes.io/metadata.name";
    let left_out = Origin::rule("`except`, and what a cluster cannot be mended without");
    let closely = policy.r#match.closely();
    let asked = Origin::rule("what is made and what is changed is judged");
    let rules = policy.r#match.kinds().iter().map(|kind| {
        Fields::new()
            .with("apiGroups", list([text(kind.group, kind.origin)]))
            .with("apiVersions", list([text("*", kind.origin)]))
            .with("operations", list(["CREATE", "UPDATE"].map(|it| text(it, asked))))
            .with("resources", list([text(plural(kind), kind.origin)]))
    });
    let among = |operator: &'static str, names: Vec<String>| {
        Fields::new()
            .with("key", text(NAME, left_out))
            .with("operator", text(operator, left_out))
            .with("values", list(names.into_iter().map(|it| text(it, left_out))))
    };
    let mut expressions = vec![among("NotIn", policy.left_out(model))];
    if let Some(closely) = closely.filter(|it| !it.namespaces.is_empty()) {
        let names = closely.namespaces.iter().map(|it| it.value.name.to_string()).collect();
        expressions.push(among("In", names));
    }
    let labels = closely.map_or_else(Fields::new, |it| Fields::new().all(&it.labels));
    Fields::new()
        .with("resourceRules", list(rules))
        .with("namespaceSelector", Fields::new().with("matchExpressions", list(expressions)))
        .unless_empty("objectSelector", Fields::new().unless_empty("matchLabels", labels))
}

/// The name under which an API server serves a kind.
fn plural(kind: &ObjectKind<'_>) -> String {
    let lower = kind.kind.to_lowercase();
    let is_vowel = |c: Option<char>| c.is_some_and(|c| "aeiou".contains(c));
    match lower.strip_suffix('y') {
        _ if lower == "endpoints" => lower,
        Some(stem) if !is_vowel(stem.chars().last()) => format!("{stem}ies"),
        _ if ["s", "x", "ch", "sh"].iter().any(|it| lower.ends_with(it)) => format!("{lower}es"),
        _ => format!("{lower}s"),
    }
}

fn map<'a>(entries: impl Iterator<Item = (&'a str, &'a Tree<'a>)>, out: &mut String) {
    out.push('{');
    for (index, (key, value)) in entries.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        quoted(key, out);
        out.push_str(": ");
        literal(value, out);
    }
    out.push('}');
}

/// A value as CEL writes it.
fn literal(value: &Tree<'_>, out: &mut String) {
    match value {
        Tree::Bool(value) => out.push_str(if value.value { "true" } else { "false" }),
        Tree::Int(value) => {
            let _ = write!(out, "{}", value.value);
        }
        Tree::Float(value, _) => {
            let _ = write!(out, "{value:?}");
        }
        Tree::Text(text) => quoted(text.value, out),
        Tree::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                literal(item, out);
            }
            out.push(']');
        }
        Tree::Map(entries) => map(entries.iter().map(|(key, value)| (key.as_str(), value)), out),
    }
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::{literal, plural};
    use crate::eval::Origin;
    use crate::model::{ObjectKind, Of, Tree};

    #[test]
    fn plurals() {
        for (kind, expected) in [
            ("Pod", "pods"),
            ("Ingress", "ingresses"),
            ("NetworkPolicy", "networkpolicies"),
            ("Endpoints", "endpoints"),
            ("Gateway", "gateways"),
        ] {
            let kind = ObjectKind { group: "", kind, namespaced: true, origin: Origin::NONE };
            assert_eq!(plural(&kind), expected);
        }
    }

    #[test]
    fn texts_are_quoted() {
        let text = Tree::Text(Of::new("a\"\\\n", Origin::NONE));
        let mut out = String::new();
        literal(&Tree::List(vec![text, Tree::Int(Of::new(1, Origin::NONE))]), &mut out);
        assert_eq!(out, r#"["a\"\\\n", 1]"#);
    }
}
