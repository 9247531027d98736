//! Names that change with what they name.

use sha2::{Digest, Sha256};

use crate::backend::{Manifest, Node};
use crate::source::Sym;

/// Hexadecimal digits of a digest in a name: 32 bits tell the classes of one preset and provider apart.
const DIGITS: usize = 8;

/// The longest name of a class, so that it fits a label.
const LONGEST: usize = 63;

/// `large-lab-3f2a91c0`: the preset in kebab-case, the provider, and a digest of both and of the objects but for their metadata.
pub(super) fn name(base: Option<Sym>, provider: Sym, objects: &[Manifest<'_>]) -> String {
    let base = base.map_or("cluster", Sym::as_str);
    let prefix = kebab(base) + "-" + &kebab(provider.as_str());
    let prefix: String = prefix.chars().take(LONGEST - DIGITS - 1).collect();
    let mut hasher = Sha256::new();
    lead(&mut hasher, b'n', base.as_bytes());
    lead(&mut hasher, b'n', provider.as_str().as_bytes());
    for object in objects {
        let Node::Map(entries) = &object.root else { continue };
        // Labels and the namespace may change without a new name: only types and specs are immutable.
        for (key, value) in entries.iter().filter(|(key, _)| key != "metadata") {
            lead(&mut hasher, b'k', key.as_bytes());
            feed(&mut hasher, value);
        }
    }
    let hash = hasher.finalize();
    let digest: String = hash.iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{digest}", prefix.trim_matches('-'))
}

/// `NodePool` to `node-pool`; what a name in Kubernetes may not hold turns into a hyphen.
fn kebab(name: &str) -> String {
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
    use super::{kebab, name};
    use crate::backend::{Manifest, Node};
    use crate::source::Sym;

    #[test]
    fn names_follow_preset_provider_and_content() {
        let object = |key: &'static str| Manifest {
            root: Node::Map(vec![(key.into(), Node::List(vec![]))]),
        };
        let lab = Sym::new("lab");
        let first = name(Some(Sym::new("ExtraLarge")), lab, &[object("a")]);
        assert!(first.starts_with("extra-large-lab-"), "{first}");
        assert_eq!(first.len(), "extra-large-lab-".len() + 8);
        assert_ne!(first, name(Some(Sym::new("ExtraLarge")), lab, &[object("b")]));
        assert!(name(None, lab, &[]).starts_with("cluster-lab-"));
        assert_ne!(name(None, lab, &[]), name(None, Sym::new("Lab"), &[]));
        let long = name(None, Sym::new(&"p".repeat(63)), &[]);
        assert_eq!(long.len(), 63);
    }

    #[test]
    fn kebab_case_splits_before_capitals() {
        assert_eq!(kebab("Large"), "large");
        assert_eq!(kebab("NodePool2XL"), "node-pool2-xl");
        assert_eq!(kebab("HA"), "ha");
        assert_eq!(kebab("é.1"), "--1");
    }
}
