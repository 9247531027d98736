//! The name of a set of manifests.

use sha2::{Digest, Sha256};

use crate::model::{Map, Of};

/// Hexadecimal digits of a digest in a name.
const DIGITS: usize = 8;

/// The longest name of a set: with `cni-` before it and a number behind, it still fits a label.
const LONGEST: usize = 52;

/// `cilium-3f2a91c0`: the names of the files, and a digest of names and contents. A selector of a ClusterResourceSet may not change, so
/// that other content is another set, and a Cluster moves there by its label.
pub(super) fn name(files: &Map<Of<&str>>) -> String {
    let mut hasher = Sha256::new();
    for (file, content) in files {
        for part in [file.as_str(), content.value] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
    }
    let hash = hasher.finalize();
    let digest: String = hash.iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}")).collect();
    let names: Vec<&str> = files.iter().map(|(file, _)| file.as_str()).collect();
    let prefix: String = names.join("-").chars().take(LONGEST - DIGITS - 1).collect();
    format!("{}-{digest}", prefix.trim_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, name};
    use crate::backend::fixture::of;
    use crate::source::Sym;

    #[test]
    fn sets_are_told_apart() {
        let set = |files: &[(&str, &'static str)]| {
            name(&files.iter().map(|&(file, text)| (Sym::new(file), of(text))).collect())
        };
        let cilium = set(&[("cilium", "a")]);
        assert!(cilium.starts_with("cilium-") && cilium.len() == "cilium-".len() + 8, "{cilium}");
        assert_ne!(cilium, set(&[("cilium", "b")]));
        assert_ne!(set(&[("a", "b"), ("c", "d")]), set(&[("a", "bc"), ("c", "d")]));
        assert!(set(&[("cilium", "a"), ("rules", "b")]).starts_with("cilium-rules-"));
        let long = "a".repeat(40);
        assert_eq!(set(&[(&long, "a"), ("bcdef", "c")]).len(), LONGEST);
    }
}
