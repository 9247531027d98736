//! Names that change with what they name.

use sha2::{Digest, Sha256};

use crate::backend::{Manifest, Node};

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

/// Gives templates of a document the names of what they hold now, after a program has amended them, and tells those who refer to them.
pub(in crate::backend) fn rename(manifests: &mut [Manifest<'_>]) {
    // What refers to a template that gets another name is another template itself. Each turn settles one.
    for _ in 0..manifests.len() {
        let Some((old, new)) = manifests.iter().find_map(outdated) else { return };
        for manifest in &mut *manifests {
            replace(&mut manifest.root, &old, &new);
        }
    }
}

/// The name that a template has, and the one that it should have.
fn outdated(manifest: &Manifest<'_>) -> Option<(String, String)> {
    let name = manifest.root.get("metadata")?.get("name")?.as_text()?;
    let kind = manifest.root.get("kind")?.as_text()?;
    let api_version = manifest.root.get("apiVersion")?.as_text()?;
    let plain = undigested(name)?;
    if !is_template(api_version, kind) {
        return None;
    }
    let new = template(plain, api_version, kind, manifest.root.get("spec")?);
    (new != name).then(|| (name.to_owned(), new))
}

/// Whether objects of a type are called after what they hold.
pub(super) fn is_template(api_version: &str, kind: &str) -> bool {
    kind.ends_with("Template") && api_version.contains(".cluster.x-k8s.io/")
}

/// A template's name without its digest.
pub(super) fn undigested(name: &str) -> Option<&str> {
    let (plain, digits) = name.rsplit_once('-')?;
    let is_digest = digits.len() == DIGITS && digits.bytes().all(|it| it.is_ascii_hexdigit());
    is_digest.then_some(plain)
}

fn replace(node: &mut Node<'_>, old: &str, new: &str) {
    match node {
        Node::Text(text, _) if text == old => *text = new.to_owned().into(),
        Node::List(items) => items.iter_mut().for_each(|item| replace(item, old, new)),
        Node::Map(entries) => entries.iter_mut().for_each(|(_, value)| replace(value, old, new)),
        Node::Text(..) | Node::Bool(..) | Node::Int(..) | Node::Float(..) => {}
    }
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
