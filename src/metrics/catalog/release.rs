//! Releases of software, as tables name them.

use std::fmt;

/// Three numbers: `v1.6.4`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Release(pub u32, pub u32, pub u32);

impl Release {
    /// Reads `v1.6.4`, `1.6.4` or `1.6`, the first of its line. None for what names no release: a range, `latest`, and one before a
    /// release (`-rc.1`), which may be either way.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split_once('+').map_or(text, |(numbers, _)| numbers);
        let mut numbers = text.split('.').map(|part| {
            let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| part.parse().ok()).flatten()
        });
        let major = numbers.next()??;
        let minor = numbers.next()??;
        let patch = numbers.next().unwrap_or(Some(0))?;
        numbers.next().is_none().then_some(Self(major, minor, patch))
    }
}

impl fmt::Display for Release {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "v{}.{}.{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::Release;

    #[test]
    fn releases_are_read_and_ordered() {
        assert_eq!(Release::read("v1.6.4"), Some(Release(1, 6, 4)));
        assert_eq!(Release::read("1.18"), Some(Release(1, 18, 0)));
        assert_eq!(Release::read("2.0.0+up1"), Some(Release(2, 0, 0)));
        for text in [
            "",
            "v",
            "latest",
            "1",
            "1.x",
            "1.2.3-rc.1",
            "1.2.3.4",
            "1..2",
            "~1.2",
            "99999999999.1",
        ] {
            assert_eq!(Release::read(text), None, "{text}");
        }
        assert!(Release(1, 10, 0) > Release(1, 9, 9));
        assert_eq!(Release(1, 10, 0).to_string(), "v1.10.0");
    }
}
