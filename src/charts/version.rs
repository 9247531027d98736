//! Versions of charts, and the ranges in which Helm lets them be named.

use std::fmt;

/// Three numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Version(pub u32, pub u32, pub u32);

impl Version {
    /// Reads `1.16.4` or `v1.16.4`. None for what names no release.
    pub fn read(text: &str) -> Option<Self> {
        let (numbers, rest) = parts(text.trim())?;
        match (numbers.as_slice(), rest) {
            ([major, minor, patch], true) => Some(Self(*major, *minor, *patch)),
            _ => None,
        }
    }

    /// The line of releases that it belongs to.
    pub(super) const fn minor(self) -> (u32, u32) {
        (self.0, self.1)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// The numbers at the front of a version, and whether nothing but numbers and what was built stands there.
fn parts(text: &str) -> Option<(Vec<u32>, bool)> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let text = text.split_once('+').map_or(text, |(numbers, _)| numbers);
    let mut numbers = Vec::new();
    for part in text.split('.') {
        if matches!(part, "x" | "X" | "*") {
            return Some((numbers, true));
        }
        if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) || numbers.len() == 3
        {
            return None;
        }
        numbers.push(part.parse().ok()?);
    }
    Some((numbers, true))
}

/// What the version of an installation may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Versions {
    /// One release.
    One(Version),
    /// Whichever is the newest from the first on, and before the second.
    Range(Version, Version),
    /// Any.
    Any,
}

impl Versions {
    /// Reads what Argo CD and Helm take for a chart's version: `62.7.0`, `62.x.x`, `~1.6.2`, `^1`, `*`. Ranges of other forms may be anything.
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        let text = text.strip_prefix('=').map_or(text, str::trim_start);
        let (caret, tilde) = (text.strip_prefix('^'), text.strip_prefix('~'));
        let rest = caret.or(tilde).unwrap_or(text).trim();
        let Some((numbers, _)) = parts(rest) else { return Self::Any };
        let of = |at: usize| numbers.get(at).copied().unwrap_or(0);
        let from = Version(of(0), of(1), of(2));
        match numbers.len() {
            0 => Self::Any,
            3 if caret.is_none() && tilde.is_none() => Self::One(from),
            1 => Self::Range(from, Version(from.0 + 1, 0, 0)),
            _ if caret.is_some() && from.0 > 0 => Self::Range(from, Version(from.0 + 1, 0, 0)),
            _ => Self::Range(from, Version(from.0, from.1 + 1, 0)),
        }
    }

    /// Whether a release of these lines may be meant.
    pub(super) fn meet(self, first: Version, last: Version) -> bool {
        match self {
            Self::One(own) => own.minor() >= first.minor() && own.minor() <= last.minor(),
            Self::Range(from, to) => from.minor() <= last.minor() && to > first,
            Self::Any => true,
        }
    }

    /// Whether no release outside of these lines can be meant.
    pub(super) fn lie_in(self, first: Version, last: Version) -> bool {
        match self {
            Self::One(own) => own.minor() >= first.minor() && own.minor() <= last.minor(),
            Self::Range(from, to) => from.minor() >= first.minor() && to <= last,
            Self::Any => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Version, Versions};

    #[test]
    fn versions_and_ranges_are_read() {
        let range = |from: (u32, u32, u32), to: (u32, u32, u32)| {
            Versions::Range(Version(from.0, from.1, from.2), Version(to.0, to.1, to.2))
        };
        for (text, expected) in [
            ("62.7.0", Versions::One(Version(62, 7, 0))),
            ("v1.16.1", Versions::One(Version(1, 16, 1))),
            ("=1.16.1+up1", Versions::One(Version(1, 16, 1))),
            ("62.x.x", range((62, 0, 0), (63, 0, 0))),
            ("62", range((62, 0, 0), (63, 0, 0))),
            ("v1.15.x", range((1, 15, 0), (1, 16, 0))),
            ("1.6.*", range((1, 6, 0), (1, 7, 0))),
            ("~1.6.2", range((1, 6, 2), (1, 7, 0))),
            ("^1.6.2", range((1, 6, 2), (2, 0, 0))),
            ("^0.9.2", range((0, 9, 2), (0, 10, 0))),
            ("*", Versions::Any),
            (">=1.2", Versions::Any),
            ("HEAD", Versions::Any),
            ("1.2.3-rc.1", Versions::Any),
            ("", Versions::Any),
        ] {
            assert_eq!(Versions::read(text), expected, "{text}");
        }
    }
}
