//! The object types that a project mentions, as files of the run.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::kubernetes::{Catalog, declarations, mentions};
use crate::source::Sources;
use crate::syntax::{Grain, Parsed, parse};

/// The declarations of object types.
#[derive(Debug)]
pub(super) struct Objects {
    /// What is known of object types.
    pub(super) catalog: Arc<Catalog>,
    /// The declarations that this project needs.
    pub(super) files: Vec<ObjectFile>,
}

/// A file of declarations.
#[derive(Debug)]
pub(super) struct ObjectFile {
    pub(super) parsed: Parsed,
    pub(super) text: Arc<str>,
    pub(super) module: String,
}

impl Objects {
    /// Declares what the texts of a project mention.
    pub(super) fn load(texts: &[Arc<str>], sources: &mut Sources) -> Self {
        let catalog = Catalog::core();
        let wanted: BTreeSet<&str> = texts.iter().flat_map(|text| mentions(text, catalog)).collect();
        let files = declarations(&wanted, catalog)
            .into_iter()
            .map(|file| {
                let text: Arc<str> = file.text.into();
                let id = sources.add_library(file.file, Arc::clone(&text));
                ObjectFile { parsed: parse(id, &text, Grain::Chunks), text, module: file.module }
            })
            .collect();
        Self { catalog: Arc::new(catalog.clone()), files }
    }
}
