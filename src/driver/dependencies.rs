//! `[dependencies]` of `iflux.toml`, and where they come from.

use toml::Spanned;
use toml::de::DeValue;

use super::config::Reader;
use crate::source::Span;

/// A dependency as a package declares it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dependency {
    /// The name by which files import it.
    pub name: String,
    /// Where `iflux.toml` names it.
    pub at: Span,
    /// Where it comes from.
    pub source: DependencySource,
}

/// Where a dependency comes from, as it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DependencySource {
    /// `{ path = "../base" }`, from the folder of the package that declares it.
    Path(String),
    /// `{ git = "https://..", rev = "v1.2.0", path = "lib" }`.
    Git {
        /// What git fetches from.
        url: String,
        /// A commit's forty digits, or a tag.
        rev: String,
        /// The package's folder in the repository; empty for its root.
        path: String,
    },
}

/// Where a dependency comes from, whoever names it: two of one name are the same if these are equal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Location {
    /// A folder of the project, used where it stands; the root is empty.
    Inside(String),
    /// A folder beside the project, from the project's root: `../base`. A copy stands in `vendor/`.
    Outside(String),
    /// A folder of a repository. A copy stands in `vendor/`.
    Git {
        /// What git fetches from.
        url: String,
        /// A commit's forty digits, or a tag.
        rev: String,
        /// The folder in the repository; empty for its root.
        path: String,
    },
}

impl Location {
    /// Where something that the package at this place names comes from; `None` when it leads out of a repository.
    pub fn locate(&self, source: &DependencySource) -> Option<Self> {
        match (source, self) {
            (DependencySource::Git { url, rev, path }, _) => {
                Some(Self::Git { url: url.clone(), rev: rev.clone(), path: path.clone() })
            }
            (DependencySource::Path(to), Self::Inside(from) | Self::Outside(from)) => {
                let path = joined(from, to);
                let outside = path == ".." || path.starts_with("../");
                Some(if outside { Self::Outside(path) } else { Self::Inside(path) })
            }
            (DependencySource::Path(to), Self::Git { url, rev, path }) => {
                let path = joined(path, to);
                let outside = path == ".." || path.starts_with("../");
                (!outside).then(|| Self::Git { url: url.clone(), rev: rev.clone(), path })
            }
        }
    }

    /// The place in a few words: `../base`, `https://.. at v1.2.0`.
    pub fn shown(&self) -> String {
        match self {
            Self::Inside(path) | Self::Outside(path) => format!("`{path}`"),
            Self::Git { url, rev, path } if path.is_empty() => format!("`{url}` at `{rev}`"),
            Self::Git { url, rev, path } => format!("`{path}` of `{url}` at `{rev}`"),
        }
    }
}

/// A path from another, without `.` and with `..` only at its start.
fn joined(from: &str, to: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(to.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

const KEYS: [&str; 3] = ["path", "git", "rev"];

/// Whether a name may be imported: small letters, digits, and hyphens inside; `std` is the library's.
pub(super) fn is_name(name: &str) -> bool {
    let inner =
        |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(inner)
        && !name.ends_with('-')
        && !name.contains("--")
        && name.len() <= 63
        && !RESERVED.contains(&name)
}

/// What no import can bind, and the library's own name.
const RESERVED: [&str; 15] = [
    "std", "if", "then", "else", "match", "by", "for", "in", "let", "all", "is", "self", "outer",
    "here", "none",
];

/// What git is asked to fetch from: nothing that could be an option or run a program.
fn is_url(url: &str) -> bool {
    let schemes = ["https://", "ssh://", "file://", "git@"];
    let plain = url.bytes().all(|byte| byte.is_ascii_graphic());
    plain && schemes.iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme))
}

/// A commit, or what a tag may be called.
fn is_rev(rev: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/+".contains(&byte);
    !rev.is_empty()
        && rev.len() <= 200
        && rev.bytes().all(letter)
        && !rev.starts_with(['-', '.', '/'])
        && !rev.ends_with(['.', '/'])
        && !rev.contains("..")
        && !rev.contains("//")
}

/// Whether a path is relative and made of plain steps; `up` allows `..`.
fn is_path(path: &str, up: bool) -> bool {
    !path.is_empty()
        && !path.starts_with('/')
        && !path.contains(['\\', '\0', ':'])
        && path.split('/').all(|step| match step {
            ".." => up,
            "" => false,
            // `vendor`, `out` and hidden folders are no part of any package.
            "." => true,
            step => !super::world::unpackaged(step),
        })
}

impl Reader<'_> {
    /// The table `[dependencies]`.
    pub(super) fn dependencies(&mut self, section: &Spanned<DeValue<'_>>) -> Vec<Dependency> {
        let Some(table) = section.get_ref().as_table() else {
            self.wrong(section, "dependencies", "a table");
            return Vec::new();
        };
        let mut found = Vec::new();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let at = self.span(&key.span());
            if !is_name(name) {
                self.bad_name(at, name);
            } else if let Some(source) = self.source(name, value) {
                found.push(Dependency { name: name.to_owned(), at, source });
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found
    }

    fn bad_name(&mut self, at: Span, name: &str) {
        let wanted =
            "a name of small letters, digits and inner hyphens, and no word of the language";
        self.sink.report(super::problems::wrong_value(at, name, wanted, "name"));
    }

    fn source(&mut self, name: &str, value: &Spanned<DeValue<'_>>) -> Option<DependencySource> {
        const FORMS: &str = "`{ path = \"..\" }`, or `{ git = \"..\", rev = \"..\" }`";
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(value, name, FORMS);
            return None;
        };
        let (mut path, mut git, mut rev) = (None, None, None);
        let mut whole = true;
        for (key, value) in table {
            let word = key.get_ref().as_ref();
            let slot = match word {
                "path" => &mut path,
                "git" => &mut git,
                "rev" => &mut rev,
                other => {
                    self.unknown(key.span(), other, &format!("dependencies.{name}"), &KEYS);
                    whole = false;
                    continue;
                }
            };
            match value.get_ref().as_str() {
                Some(text) => *slot = Some((text.to_owned(), value)),
                None => {
                    self.wrong(value, word, "a text");
                    whole = false;
                }
            }
        }
        if !whole {
            return None;
        }
        match (git, rev, path) {
            (None, None, Some((path, at))) => {
                if !is_path(&path, true) {
                    self.wrong(at, "path", "a relative path with `/`, of no hidden folder");
                    return None;
                }
                Some(DependencySource::Path(path))
            }
            (Some((url, url_at)), Some((rev, rev_at)), path) => {
                if !is_url(&url) {
                    self.wrong(
                        url_at,
                        "git",
                        "an address that begins with `https://`, `ssh://`, `git@` or `file://`",
                    );
                    return None;
                }
                if !is_rev(&rev) {
                    self.wrong(rev_at, "rev", "a commit\'s forty digits, or a tag");
                    return None;
                }
                let path = match path {
                    Some((path, at)) if !is_path(&path, false) => {
                        self.wrong(at, "path", "a folder of the repository");
                        return None;
                    }
                    Some((path, _)) => joined("", &path),
                    None => String::new(),
                };
                Some(DependencySource::Git { url, rev, path })
            }
            _ => {
                self.wrong(value, name, FORMS);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DependencySource, Location, is_name, is_rev, is_url, joined};

    #[test]
    fn words_of_a_dependency() {
        for good in ["base", "acme-base", "a1"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "std", "for", "Base", "a_b", "-a", "a-", "1a", "a.b", "a--b"] {
            assert!(!is_name(bad), "{bad}");
        }
        for good in ["https://x/y.git", "ssh://git@x/y", "git@x:y.git", "file:///x"] {
            assert!(is_url(good), "{good}");
        }
        for bad in ["", "http://x/y", "ext::sh -c x", "-uorigin", "https://", "/x", "https://a b"] {
            assert!(!is_url(bad), "{bad}");
        }
        for good in ["v1.2.0", "release/1", "0123456789012345678901234567890123456789"] {
            assert!(is_rev(good), "{good}");
        }
        for bad in ["", "-x", "a..b", "HEAD^", "a:b", "a b", "/a", "a/"] {
            assert!(!is_rev(bad), "{bad}");
        }
    }

    #[test]
    fn places_are_found_from_where_they_are_named() {
        assert_eq!(joined("a/b", "../../../c/./d"), "../c/d");
        let path = |to: &str| DependencySource::Path(to.to_owned());
        let root = Location::Inside(String::new());
        assert_eq!(root.locate(&path("libs/a")), Some(Location::Inside("libs/a".to_owned())));
        let beside = root.locate(&path("../base")).unwrap();
        assert_eq!(beside, Location::Outside("../base".to_owned()));
        assert_eq!(beside.locate(&path("../x")), Some(Location::Outside("../x".to_owned())));
        let git = |path: &str| Location::Git {
            url: "https://x/y".to_owned(),
            rev: "v1".to_owned(),
            path: path.to_owned(),
        };
        assert_eq!(git("a").locate(&path("../b")), Some(git("b")));
        assert_eq!(git("a").locate(&path("../../b")), None);
    }
}
