//! The library that the compiler ships: what a program speaks of, parsed once a process.

use std::sync::{Arc, OnceLock};

use include_dir::{Dir, DirEntry, include_dir};
use rustc_hash::FxHashSet;

use crate::diag::Sink;
use crate::source::{FileId, Sources};
use crate::syntax::{Grain, Parsed, Placed, parse};

static LIBRARY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/stdlib");

/// A file of the library.
#[derive(Debug)]
pub(super) struct LibraryFile {
    /// As shown: `std/packs/sizes.iflux`.
    pub(super) name: String,
    /// Its text.
    pub(super) text: Arc<str>,
    /// Its module: `std.packs`.
    pub(super) module: String,
    /// A module of its own: `std.sizes`.
    pub(super) also: Option<String>,
    /// Whether every file of a program sees its items.
    pub(super) prelude: bool,
    /// What it declares.
    items: FxHashSet<&'static str>,
    /// Every word in it.
    words: FxHashSet<&'static str>,
    /// Its trees and what was found, once somebody asked.
    parsed: OnceLock<(Vec<Placed>, Sink)>,
}

impl LibraryFile {
    /// The file as part of a run.
    pub(super) fn parsed(&self, file: FileId) -> Parsed {
        let (trees, sink) = self.parsed.get_or_init(|| {
            // The spans inside of a finding belong to a file of one run; the library has none.
            let parsed = parse(FileId(0), &self.text, Grain::Chunks);
            (parsed.trees, parsed.sink)
        });
        Parsed { file, trees: trees.clone(), sink: sink.clone() }
    }
}

/// Every file of the library, by name.
pub(super) fn library() -> &'static [LibraryFile] {
    static FILES: OnceLock<Vec<LibraryFile>> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut files = Vec::new();
        collect(&LIBRARY, &mut files);
        files.sort_by(|a, b| a.name.cmp(&b.name));
        files
    })
}

fn collect(folder: &'static Dir<'static>, files: &mut Vec<LibraryFile>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(inner) => collect(inner, files),
            DirEntry::File(file) => {
                let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) else {
                    continue;
                };
                let Some(stem) = path.strip_suffix(".iflux") else { continue };
                let (room, name) = stem.split_once('/').unwrap_or(("", stem));
                let (items, words) = (items(text), words(text).collect());
                let text: Arc<str> = text.into();
                files.push(LibraryFile {
                    name: format!("std/{path}"),
                    module: format!("std.{room}"),
                    // A folder of packs is one module: `packs/alerts/etcd.iflux` is in `std.alerts`.
                    also: (room == "packs")
                        .then(|| format!("std.{}", name.split('/').next().unwrap_or(name))),
                    prelude: matches!(room, "kinds" | "prelude"),
                    items,
                    words,
                    text,
                    parsed: OnceLock::new(),
                });
            }
        }
    }
}

/// The words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
        .filter(|word| !word.is_empty())
}

/// What a file of the library declares: its items begin their lines.
fn items(text: &'static str) -> FxHashSet<&'static str> {
    let lines = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    lines.filter_map(|line| words(line).nth(1)).collect()
}

/// Which files of the library a program may speak of: a pack that none of its words names means nothing to it, and is not
/// looked at. A name that is imported and that no pack has asks for all of them, so that the nearest one can be told.
pub(super) fn wanted<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<bool> {
    let files = library();
    let mut said: FxHashSet<&str> = FxHashSet::default();
    for text in texts {
        said.extend(words(text));
        if !imports_known(text, files) {
            return vec![true; files.len()];
        }
    }
    let mut wanted: Vec<bool> = files
        .iter()
        .map(|file| file.prelude || file.name == SIZES || !file.items.is_disjoint(&said))
        .collect();
    loop {
        let mut grew = false;
        for (number, file) in files.iter().enumerate() {
            let is_said = || {
                let mut others = files.iter().zip(&wanted).filter(|(_, wanted)| **wanted);
                others.any(|(other, _)| !other.prelude && !other.words.is_disjoint(&file.items))
            };
            if wanted.get(number) == Some(&false) && is_said() {
                if let Some(wanted) = wanted.get_mut(number) {
                    *wanted = true;
                }
                grew = true;
            }
        }
        if !grew {
            return wanted;
        }
    }
}

/// Small, and so the module `std.packs` is always there.
const SIZES: &str = "std/packs/sizes.iflux";

/// Whether all that a text speaks of below `std` is a list of items that the packs have.
fn imports_known(text: &str, files: &[LibraryFile]) -> bool {
    text.match_indices("std.").all(|(at, found)| {
        let rest = text.get(at + found.len()..).unwrap_or("");
        let listed = rest.strip_prefix("packs.{").or_else(|| rest.strip_prefix("sizes.{"));
        let Some((names, _)) = listed.and_then(|listed| listed.split_once('}')) else {
            return false;
        };
        let known = |name| name == "as" || files.iter().any(|file| file.items.contains(name));
        words(names).all(known)
    })
}

/// Adds the library's texts to the sources of a run.
pub(super) fn add(sources: &mut Sources) -> Vec<FileId> {
    library()
        .iter()
        .map(|file| sources.add_library(file.name.clone(), Arc::clone(&file.text)))
        .collect()
}
