//! What one session hands to the next, so that an editor reads again only what changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::{FileId, Sources};
use crate::syntax::{Grain, Parsed, parse_within, reuse};

/// The files of an earlier session, read.
#[derive(Default, Debug)]
pub struct Kept {
    files: BTreeMap<String, KeptFile>,
    /// How deep things might lie in one another.
    nesting: usize,
}

/// A file, and what its text gave.
#[derive(Debug)]
pub(super) struct KeptFile {
    text: Arc<str>,
    parsed: Parsed,
}

impl Kept {
    pub(super) fn of(
        files: impl Iterator<Item = Parsed>,
        sources: &Sources,
        nesting: usize,
    ) -> Self {
        let kept = files.map(|parsed| {
            let source = sources.get(parsed.file);
            (source.name().to_owned(), KeptFile { text: source.shared(), parsed })
        });
        Self { files: kept.collect(), nesting }
    }

    /// A file that is read within the same limit.
    pub(super) fn take(&mut self, name: &str, nesting: usize) -> Option<KeptFile> {
        self.files.remove(name).filter(|_| self.nesting == nesting)
    }
}

impl KeptFile {
    /// What `text` gives, by what is known of the earlier one.
    pub(super) fn parse(
        self,
        file: FileId,
        text: &Arc<str>,
        grain: Grain,
        nesting: usize,
    ) -> Parsed {
        let Self { text: old, parsed } = self;
        if *old == **text {
            // Findings name the file that they were made of.
            if parsed.file == file || parsed.sink.is_empty() {
                return Parsed { file, ..parsed };
            }
        }
        match grain {
            Grain::Items => reuse(&parsed, &old, file, text, nesting),
            Grain::Chunks | Grain::Whole => parse_within(file, text, grain, nesting),
        }
    }
}
