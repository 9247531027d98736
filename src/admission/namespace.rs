//! What the labels of a namespace say of its pods.

use super::View;
use super::pod_security::Level;
use crate::kubernetes::minor_of;

const PREFIX: &str = "pod-security.kubernetes.io/";

/// What a namespace does with pods that fall short.
pub(super) const MODES: [&str; 3] = ["enforce", "audit", "warn"];

/// A namespace, as its labels say.
pub(super) struct Space<T> {
    pub(super) name: String,
    /// What is enforced, and the label that says so; none where nothing is said, or nothing that can be read.
    pub(super) enforced: Option<(Level, T)>,
    pub(super) pin: Pin,
    pub(super) faults: Vec<Fault<T>>,
}

/// The version of the standards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Pin {
    /// That of the cluster.
    Latest,
    /// That of a minor version.
    Minor(u32),
}

/// A label that does not say what somebody meant.
pub(super) struct Fault<T> {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) at: T,
    pub(super) what: What,
}

/// What is wrong with a label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    /// No label of Pod Security.
    Label,
    /// No level.
    Level,
    /// No version.
    Version,
    /// A version that may be ahead of the cluster's.
    Ahead(u32),
}

/// `v1.34`, as labels say it.
fn pinned(text: &str) -> Option<Pin> {
    if text == "latest" {
        return Some(Pin::Latest);
    }
    let digits = text.strip_prefix("v1.")?;
    let is_plain = digits == "0" || !digits.starts_with('0');
    let is_number = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    (is_plain && is_number).then(|| digits.parse().ok()).flatten().map(Pin::Minor)
}

/// The version that is near to what was written.
pub(super) fn near_version(text: &str) -> Option<String> {
    let plain = text.trim().trim_start_matches(['v', 'V']);
    if plain.eq_ignore_ascii_case("latest") {
        return Some("latest".to_owned());
    }
    minor_of(plain).map(|minor| format!("v1.{minor}"))
}

/// An object as a namespace; none where it is none.
pub(super) fn space<T: View>(root: &T) -> Option<Space<T>> {
    if root.get("kind")?.text() != Some("Namespace") || !super::pods::is_of(root, "") {
        return None;
    }
    let name = root.at(&["metadata", "name"])?.text()?.to_owned();
    let mut space = Space { name, enforced: None, pin: Pin::Latest, faults: Vec::new() };
    if let Some(labels) = root.at(&["metadata", "labels"]) {
        labels.entries(&mut |key, value| {
            if let Some(rest) = key.strip_prefix(PREFIX) {
                space.label(key, rest, value);
            }
        });
    }
    Some(space)
}

impl<T: View> Space<T> {
    fn label(&mut self, label: &str, rest: &str, at: T) {
        let (mode, is_version) = match rest.strip_suffix("-version") {
            Some(mode) => (mode, true),
            None => (rest, false),
        };
        let text = at.text().unwrap_or_default().to_owned();
        let is_enforced = mode == "enforce";
        let what = if !MODES.contains(&mode) {
            Some(What::Label)
        } else if is_version {
            let pin = pinned(&text);
            if let (Some(pin), true) = (pin, is_enforced) {
                self.pin = pin;
            }
            match pin {
                None => Some(What::Version),
                Some(Pin::Minor(minor)) => Some(What::Ahead(minor)),
                Some(Pin::Latest) => None,
            }
        } else {
            let level = Level::read(&text);
            if let (Some(level), true) = (level, is_enforced) {
                self.enforced = Some((level, at.clone()));
            }
            level.is_none().then_some(What::Level)
        };
        if let Some(what) = what {
            self.faults.push(Fault { label: label.to_owned(), value: text, at, what });
        }
    }
}

/// The label of Pod Security that is near to one that is none.
pub(super) fn near_label(label: &str) -> Option<String> {
    let rest = label.strip_prefix(PREFIX)?;
    let all: Vec<String> =
        MODES.iter().flat_map(|mode| [(*mode).to_owned(), format!("{mode}-version")]).collect();
    let near = crate::diag::nearest(rest, all.iter().map(String::as_str))?;
    Some(format!("{PREFIX}{near}"))
}

#[cfg(test)]
mod tests {
    use super::{Pin, near_label, near_version, pinned};

    #[test]
    fn versions_are_latest_or_a_minor() {
        for (text, pin) in [
            ("latest", Some(Pin::Latest)),
            ("v1.0", Some(Pin::Minor(0))),
            ("v1.34", Some(Pin::Minor(34))),
            ("1.34", None),
            ("v1.034", None),
            ("v1.34.2", None),
            ("v1.", None),
            ("v2.1", None),
            ("Latest", None),
            ("", None),
        ] {
            assert_eq!(pinned(text), pin, "{text}");
        }
    }

    #[test]
    fn what_was_meant() {
        assert_eq!(near_version("1.34").as_deref(), Some("v1.34"));
        assert_eq!(near_version("v1.34.2").as_deref(), Some("v1.34"));
        assert_eq!(near_version("Latest").as_deref(), Some("latest"));
        assert_eq!(near_version("newest"), None);
        let near = near_label("pod-security.kubernetes.io/enforced");
        assert_eq!(near.as_deref(), Some("pod-security.kubernetes.io/enforce"));
    }
}
