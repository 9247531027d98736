//! `images.lock`: which bytes an image's tag stands for.
//!
//! A line an image: the image as programs write it, and its digest. What begins with `#` is a remark.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::image::check as check_image;
use super::text::extent;
use crate::source::{Extent, FileId};

/// The file's name; it stands beside `iflux.toml`.
pub const IMAGE_LOCK: &str = "images.lock";

/// What the file begins with.
const HEADER: &str = "\
# Which bytes the tags of images stand for. Made by `iflux lock-images`; commit it.
# A line an image: `IMAGE DIGEST`.
";

/// Images whose digests are known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ImageLock {
    /// The file that holds them; none where there is none.
    pub file: Option<FileId>,
    /// By the image in full, as container runtimes read it.
    pub entries: BTreeMap<String, LockedImage>,
}

/// An image whose digest is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LockedImage {
    /// As it is written.
    pub image: String,
    /// `sha256:` and 64 digits.
    pub digest: String,
    /// Its line, without what stands around it.
    pub at: Extent,
}

/// A line that cannot be meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LockFault {
    /// It is no image and digest: why.
    Unreadable(Extent, String),
    /// The image stands there twice: the second line, and the first.
    Twice(String, [Extent; 2]),
}

impl ImageLock {
    /// Reads a file, and what is wrong with it.
    pub fn read(text: &str) -> (Self, Vec<LockFault>) {
        let mut lock = Self::default();
        let mut faults = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let written = line.trim();
            let from = start + line.len() - line.trim_start().len();
            start += line.len();
            if written.is_empty() || written.starts_with('#') {
                continue;
            }
            let at = extent(from, from + written.len());
            match entry(written) {
                Err(why) => faults.push(LockFault::Unreadable(at, why)),
                Ok((full, image, digest)) => {
                    if let Some(first) = lock.entries.get(&full) {
                        faults.push(LockFault::Twice(image, [at, first.at]));
                    } else {
                        lock.entries.insert(full, LockedImage { image, digest, at });
                    }
                }
            }
        }
        (lock, faults)
    }

    /// The digest of an image that says none itself.
    pub fn digest_of(&self, image: &str) -> Option<&str> {
        let parts = check_image(image).ok().filter(|it| !it.is_pinned())?;
        self.entries.get(&parts.normalised()).map(|it| it.digest.as_str())
    }

    /// The file.
    pub fn write(&self) -> String {
        let mut out = HEADER.to_owned();
        for entry in self.entries.values() {
            let _ = writeln!(out, "{} {}", entry.image, entry.digest);
        }
        out
    }
}

/// An image in full, as it is written, and its digest: `image digest`, and `image@digest` as other tools print it.
fn entry(line: &str) -> Result<(String, String, String), String> {
    const FORM: &str = "an image and its digest: `nginx:1.29 sha256:..`";
    let mut words = line.split_whitespace();
    let (Some(first), second, None) = (words.next(), words.next(), words.next()) else {
        return Err(format!("is more than {FORM}"));
    };
    let parts =
        check_image(first).map_err(|error| format!("`{first}` is no image: {}", error.expected))?;
    let digest = match (parts.digest, second) {
        (Some(digest), None) => digest,
        (None, Some(digest)) => digest,
        (Some(own), Some(other)) if own == other => own,
        (Some(_), Some(_)) => return Err("says two digests".to_owned()),
        (None, None) => return Err(format!("has no digest; expected {FORM}")),
    };
    let bare = first.split_once('@').map_or(first, |it| it.0);
    // An image's own parser says what a digest is.
    if check_image(&format!("{bare}@{digest}")).is_err() {
        return Err(format!("`{digest}` is no digest: `sha256:` and 64 hexadecimal digits"));
    }
    let full = check_image(bare).map_err(|error| error.expected)?.normalised();
    Ok((full, bare.to_owned(), digest.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{ImageLock, LockFault};

    fn digest(of: char) -> String {
        format!("sha256:{}", of.to_string().repeat(64))
    }

    #[test]
    fn what_is_written_is_read() {
        let text = format!(
            "# a remark\n\n  nginx:1.29   {}\nghcr.io/acme/web@{}\r\n",
            digest('a'),
            digest('b')
        );
        let (lock, faults) = ImageLock::read(&text);
        assert_eq!(faults, []);
        assert_eq!(lock.digest_of("docker.io/library/nginx:1.29"), Some(digest('a').as_str()));
        assert_eq!(lock.digest_of("ghcr.io/acme/web:latest"), Some(digest('b').as_str()));
        assert_eq!(lock.digest_of("nginx:1.28"), None);
        assert_eq!(lock.digest_of(&format!("nginx:1.29@{}", digest('c'))), None);
        let (again, faults) = ImageLock::read(&lock.write());
        assert_eq!(faults, []);
        assert_eq!(again.write(), lock.write());
        assert_eq!(again.entries.len(), 2);
    }

    #[test]
    fn lines_that_cannot_be_meant_are_shown() {
        for line in [
            "nginx:1.29".to_owned(),
            "nginx:1.29 sha256:abc".to_owned(),
            format!("NGINX:1 {}", digest('a')),
            format!("nginx:1.29 {} more", digest('a')),
            format!("nginx@{} {}", digest('a'), digest('b')),
        ] {
            let (lock, faults) = ImageLock::read(&line);
            assert!(lock.entries.is_empty(), "{line}");
            assert!(
                matches!(faults.as_slice(), [LockFault::Unreadable(at, _)] if at.of(&line) == line),
                "{line}: {faults:?}"
            );
        }
        let twice = format!("nginx {}\nnginx:latest {}\n", digest('a'), digest('b'));
        let (lock, faults) = ImageLock::read(&twice);
        assert_eq!(lock.entries.len(), 1);
        assert!(matches!(faults.as_slice(), [LockFault::Twice(..)]));
    }
}
