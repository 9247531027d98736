//! `iflux.lock`: what exactly stands in `vendor/`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::dependencies::{Location, is_name};

/// The file's name; it stands beside `iflux.toml`.
pub const LOCK_FILE: &str = "iflux.lock";

/// The dependencies of which `vendor/` holds a copy, by name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lock {
    /// Each name once.
    pub entries: BTreeMap<String, Locked>,
}

/// One of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Locked {
    /// Where it came from.
    pub location: Location,
    /// The commit's forty digits; empty where no git was asked.
    pub commit: String,
    /// `sha256:` and the digest of its files.
    pub hash: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    #[serde(default)]
    dependency: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    git: Option<String>,
    rev: Option<String>,
    path: Option<String>,
    commit: Option<String>,
    hash: String,
}

/// Reads a lock.
///
/// # Errors
/// What is wrong with it, in a few words.
pub fn parse_lock(text: &str) -> Result<Lock, String> {
    let file: File =
        toml::from_str(text).map_err(|error| error.message().trim().replace('\n', ", "))?;
    if file.version != 1 {
        return Err(format!("version {} is of another iflux", file.version));
    }
    let mut lock = Lock::default();
    for entry in file.dependency {
        // A name is a folder of `vendor/`, which a fetch may remove: none may lead elsewhere.
        if !is_name(&entry.name) {
            return Err(format!("`{}` is no name of a dependency", entry.name));
        }
        let location = match (entry.git, entry.rev, entry.path) {
            (Some(url), Some(rev), path) => {
                Location::Git { url, rev, path: path.unwrap_or_default() }
            }
            (None, None, Some(path)) => Location::Outside(path),
            _ => return Err(format!("`{}` has no source", entry.name)),
        };
        let locked =
            Locked { location, commit: entry.commit.unwrap_or_default(), hash: entry.hash };
        if lock.entries.insert(entry.name.clone(), locked).is_some() {
            return Err(format!("`{}` stands there twice", entry.name));
        }
    }
    Ok(lock)
}

impl Lock {
    /// The file: sorted by name, the same bytes for the same content.
    pub fn render(&self) -> String {
        let mut out = "# Written by `iflux fetch`. Commit it with `iflux.toml` and `vendor/`; do not edit it.\nversion = 1\n".to_owned();
        for (name, locked) in &self.entries {
            out.push_str("\n[[dependency]]\n");
            let mut line = |key: &str, value: &str| {
                // A text of JSON is one of TOML.
                let value = serde_json::Value::from(value);
                out.push_str(&format!("{key} = {value}\n"));
            };
            line("name", name);
            match &locked.location {
                Location::Inside(path) | Location::Outside(path) => line("path", path),
                Location::Git { url, rev, path } => {
                    line("git", url);
                    line("rev", rev);
                    if !path.is_empty() {
                        line("path", path);
                    }
                    line("commit", &locked.commit);
                }
            }
            line("hash", &locked.hash);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Location, Lock, Locked, parse_lock};

    #[test]
    fn names_lead_nowhere() {
        for name in ["../evil", "/etc", "a/b", "..", ".", "", ".git", "A", "a\\\\b", "std"] {
            let text = format!(
                "version = 1\n[[dependency]]\nname = \"{name}\"\npath = \"../x\"\nhash = \"sha256:0\"\n"
            );
            let found = parse_lock(&text);
            assert!(found.as_ref().is_err_and(|why| why.contains("no name")), "{name}: {found:?}");
        }
    }

    #[test]
    fn a_lock_is_read_as_it_was_written() {
        let mut lock = Lock::default();
        let git = Location::Git {
            url: "https://x/\"y\"".to_owned(),
            rev: "v1".to_owned(),
            path: "lib".to_owned(),
        };
        let entry = |location: Location, commit: &str| Locked {
            location,
            commit: commit.to_owned(),
            hash: "sha256:00".to_owned(),
        };
        lock.entries.insert("b".to_owned(), entry(git, "ab"));
        lock.entries.insert("a".to_owned(), entry(Location::Outside("../a".to_owned()), ""));
        let text = lock.render();
        assert_eq!(parse_lock(&text), Ok(lock));
        assert!(text.find("\"a\"") < text.find("\"b\""));
        assert_eq!(parse_lock(&Lock::default().render()), Ok(Lock::default()));
    }

    #[test]
    fn what_is_no_lock_says_why() {
        let check = |text: &str, expected: &str| {
            let found = parse_lock(text).unwrap_err();
            assert!(found.contains(expected), "{found}");
        };
        check("version = 2\n", "version 2");
        check("", "version");
        check("version = 1\n[[dependency]]\nname = \"a\"\nhash = \"x\"\n", "no source");
        check("version = 1\nx = 1\n", "x");
        let entry = "[[dependency]]\nname = \"a\"\npath = \"../a\"\nhash = \"x\"\n";
        check(&format!("version = 1\n{entry}{entry}"), "twice");
    }
}
