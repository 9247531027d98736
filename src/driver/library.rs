//! The library that the compiler ships, parsed once a process.

use std::sync::{Arc, OnceLock};

use include_dir::{Dir, DirEntry, include_dir};

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
    trees: Vec<Placed>,
    findings: crate::diag::Sink,
}

impl LibraryFile {
    /// The file as part of a run.
    pub(super) fn parsed(&self, file: FileId) -> Parsed {
        Parsed { file, trees: self.trees.clone(), sink: self.findings.clone() }
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
                let text: Arc<str> = text.into();
                // The spans inside of a finding belong to a file of one run; the library has none.
                let parsed = parse(FileId(0), &text, Grain::Chunks);
                files.push(LibraryFile {
                    name: format!("std/{path}"),
                    module: format!("std.{room}"),
                    also: (room == "packs").then(|| format!("std.{name}")),
                    prelude: matches!(room, "kinds" | "prelude"),
                    text,
                    trees: parsed.trees,
                    findings: parsed.sink,
                });
            }
        }
    }
}

/// Adds the library's texts to the sources of a run.
pub(super) fn add(sources: &mut Sources) -> Vec<FileId> {
    library()
        .iter()
        .map(|file| sources.add_library(file.name.clone(), Arc::clone(&file.text)))
        .collect()
}
