//! Names that change with what they name.

use sha2::{Digest, Sha256};

use crate::backend::{Manifest, Node};
use crate::source::Sym;

/// Hexadecimal digits of a digest in a name: 32 bits tell the classes of one preset and provider apart.
const DIGITS: usize = 8;

/// The longest name of a class, so that it fits a label.
const LONGEST: usize = 63;

/// `large-lab-3f2a91c0`: the preset in kebab-case, the provider, and a digest of the objects.
pub(super) fn name(base: Option<Sym>, provider: Sym, objects: &[Manifest<'_>]) -> String {
    let base = base.map_or_else(|| "cluster".to_owned(), |base| kebab(base.as_str()));
    let mut prefix = format!("{base}-{provider}");
    prefix.truncate(LONGEST - DIGITS - 1);
    let prefix = prefix.trim_end_matches('-');
    format!("{prefix}-{}", digest(objects))
}

/// `NodePool` to `node-pool`.
fn kebab(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut after_small = false;
    for char in name.chars() {
        if char.is_ascii_uppercase() && after_small {
            out.push('-');
        }
        after_small = char.is_ascii_lowercase() || char.is_ascii_digit();
        out.push(char.to_ascii_lowercase());
    }
    out
}

fn digest(objects: &[Manifest<'_>]) -> String {
    let mut hasher = Sha256::new();
    for object in objects {
        feed(&mut hasher, &object.root);
    }
    let hash = hasher.finalize();
    hash.iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
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
        let object = |key: &'static str| Manifest { root: Node::Map(vec![(key.into(), Node::List(vec![]))]) };
        let lab = Sym::new("lab");
        let first = name(Some(Sym::new("ExtraLarge")), lab, &[object("a")]);
        assert!(first.starts_with("extra-large-lab-"), "{first}");
        assert_eq!(first.len(), "extra-large-lab-".len() + 8);
        assert_ne!(first, name(Some(Sym::new("ExtraLarge")), lab, &[object("b")]));
        assert!(name(None, lab, &[]).starts_with("cluster-lab-"));
        let long = name(None, Sym::new(&"p".repeat(63)), &[]);
        assert_eq!(long.len(), 63);
    }

    #[test]
    fn kebab_case_splits_before_capitals() {
        assert_eq!(kebab("Large"), "large");
        assert_eq!(kebab("NodePool2XL"), "node-pool2-xl");
        assert_eq!(kebab("HA"), "ha");
    }
}
