//! The record of a build: which files it wrote, and what was in them.
//!
//! One line a file, sorted, in the form that `sha256sum --check` reads, so that a record in a
//! repository merges like any text and can be verified without this program.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The record's name below the output's root.
pub const RECORD: &str = ".iflux-build";

const HEAD: &str = "# What `iflux build` wrote. The next build removes what it no longer writes, and nothing else.\n";

/// SHA-256 of a file's content.
pub(super) type Hash = [u8; 32];

/// Paths and hashes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Record {
    pub(super) files: BTreeMap<String, Hash>,
}

/// The hash of a content.
pub(super) fn hash(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

impl Record {
    /// Reads a record. A line that is none (a merge conflict, an edit) is left out: its file then
    /// counts as one that people wrote.
    pub(super) fn parse(text: &str) -> Self {
        let files = text.lines().filter_map(|line| {
            let (digits, path) = line.split_once("  ")?;
            Some((path.to_owned(), from_hex(digits)?))
        });
        Self { files: files.collect() }
    }

    /// The text of the record.
    pub(super) fn text(&self) -> String {
        let mut out = HEAD.to_owned();
        for (path, hash) in &self.files {
            for byte in hash {
                let _ = write!(out, "{byte:02x}");
            }
            let _ = writeln!(out, "  {path}");
        }
        out
    }
}

fn from_hex(digits: &str) -> Option<Hash> {
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    let mut hash = [0; 32];
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::{Record, hash};

    #[test]
    fn a_record_reads_back_and_survives_damage() {
        let mut record = Record::default();
        record.files.insert("b/x y.yaml".to_owned(), hash(b""));
        record.files.insert("a.yaml".to_owned(), hash(b"a"));
        let text = record.text();
        assert!(text.contains(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b/x y.yaml\n"
        ));
        assert_eq!(Record::parse(&text), record);
        let damaged = format!("<<<<<<< HEAD\n{text}=======\nzz  c\n\u{e9}  d\n>>>>>>> x\n");
        assert_eq!(Record::parse(&damaged), record);
    }
}
