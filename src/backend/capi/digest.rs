//! Names that change with what they name.

use sha2::{Digest, Sha256};

use crate::backend::Node;

/// Hexadecimal digits of a digest in a name: 32 bits tell the templates of one class apart.
const DIGITS: usize = 8;

/// The longest name of a class, so that it fits a label.
const LONGEST: usize = 63;

/// `large-lab`; with what tells it apart, or where it would be too long, `large-lab-3f2a91c0`.
pub(super) fn class(plain: &str, apart: Option<String>) -> String {
    let plain = plain.trim_matches('-');
    if apart.is_none() && plain.len() <= LONGEST {
        return plain.to_owned();
    }
    let mut hasher = Sha256::new();
    lead(&mut hasher, b'n', plain.as_bytes());
    lead(&mut hasher, b'c', apart.unwrap_or_default().as_bytes());
    let short: String = plain.chars().take(LONGEST - DIGITS - 1).collect();
    format!("{}-{}", short.trim_end_matches('-'), digits(hasher))
}

/// `large-lab-worker-general-3f2a91c0`: a template's name and a digest of its type and `spec`. Cluster API forbids to change a
/// template under its name, so that another content is another template.
pub(super) fn template(name: &str, api_version: &str, kind: &str, spec: &Node<'_>) -> String {
    let mut hasher = Sha256::new();
    lead(&mut hasher, b'n', api_version.as_bytes());
    lead(&mut hasher, b'n', kind.as_bytes());
    feed(&mut hasher, spec);
    format!("{name}-{}", digits(hasher))
}

fn digits(hasher: Sha256) -> String {
    hasher.finalize().iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
}

/// `NodePool` to `node-pool`; what a name in Kubernetes may not hold turns into a hyphen.
pub(super) fn kebab(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut after_small = false;
    for char in name.chars() {
        if char.is_ascii_uppercase() && after_small {
            out.push('-');
        }
        after_small = char.is_ascii_lowercase() || char.is_ascii_digit();
        out.push(if char.is_ascii_alphanumeric() { char.to_ascii_lowercase() } else { '-' });
    }
    out
}

/// Every part is led by its type and length, so that no two trees feed the same bytes.
fn feed(hasher: &mut Sha256, node: &Node<'_>) {
    match node {
        Node::Bool(value, _) => hasher.update([b'b', u8::from(*value)]),
        Node::Int(value, _) => lead(hasher, b'i', &value.to_be_bytes()),
        Node::Float(value, _) => lead(hasher, b'f', &value.to_be_bytes()),
        Node::Text(value, _) => lead(hasher, b't', value.as_bytes()),
        Node::List(items) => {
            lead(hasher, b'l', &(items.len() as u64).to_be_bytes());
            for item in items {
                feed(hasher, item);
            }
        }
        Node::Map(entries) => {
            lead(hasher, b'm', &(entries.len() as u64).to_be_bytes());
            for (key, value) in entries {
                lead(hasher, b'k', key.as_bytes());
                feed(hasher, value);
            }
        }
    }
}

fn lead(hasher: &mut Sha256, tag: u8, bytes: &[u8]) {
    hasher.update([tag]);
    hasher.update((bytes.len() as u64).to_be_bytes());
    hasher.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::{class, kebab, template};
    use crate::backend::Node;
    use crate::eval::Origin;

    #[test]
    fn classes_are_called_after_preset_and_provider() {
        assert_eq!(class("large-lab", None), "large-lab");
        let apart = class("large-lab", Some("a".into()));
        assert!(
            apart.starts_with("large-lab-") && apart.len() == "large-lab-".len() + 8,
            "{apart}"
        );
        assert_ne!(apart, class("large-lab", Some("b".into())));
        let long = class(&"p".repeat(80), None);
        assert_eq!(long.len(), 63);
        assert_ne!(long, class(&"p".repeat(81), None));
    }

    #[test]
    fn templates_change_their_names_with_their_content() {
        let name = |kind: &str, cores: i64| {
            let spec = Node::Map(vec![("cores".into(), Node::Int(cores, Origin::NONE))]);
            template("large-lab", "v1", kind, &spec)
        };
        assert_eq!(name("A", 2), name("A", 2));
        assert_ne!(name("A", 2), name("A", 4));
        assert_ne!(name("A", 2), name("B", 2));
        assert!(name("A", 2).starts_with("large-lab-"));
    }

    #[test]
    fn kebab_case_splits_before_capitals() {
        assert_eq!(kebab("Large"), "large");
        assert_eq!(kebab("NodePool2XL"), "node-pool2-xl");
        assert_eq!(kebab("HA"), "ha");
        assert_eq!(kebab("\u{e9}.1"), "--1");
    }
}
