//! The object types that a project mentions, as files of the run.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::errors;
use crate::diag::Sink;
use crate::kubernetes::{Catalog, declarations, mentions};
use crate::source::{FileId, Sources, Span};
use crate::syntax::{Grain, Parsed, parse};

/// The file with the object types that a project's clusters have beside Kubernetes' own: `iflux import crd` writes it.
pub const TABLE: &str = "crds.types";

fn line_span(file: FileId, text: &str, line: usize) -> Span {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let end = text
        .get(start..)
        .and_then(|rest| rest.lines().next())
        .map_or(start, |line| start + line.len());
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { file, start: byte(start), end: byte(end) }
}

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
    /// Declares what the texts of a project mention; `table` is the project's own table.
    pub(super) fn load(
        texts: &[Arc<str>],
        table: Option<(FileId, &str)>,
        sources: &mut Sources,
        sink: &mut Sink,
    ) -> Self {
        let written = texts.iter().map(AsRef::as_ref).chain(table.map(|(_, text)| text));
        let mut catalog = Catalog::of_library(written).clone();
        if let Some((file, text)) = table
            && let Some(line) = catalog.add_project(text)
        {
            sink.report(errors::wrong_table(line_span(file, text, line)));
        }
        let catalog = &catalog;
        let wanted: BTreeSet<&str> =
            texts.iter().flat_map(|text| mentions(text, catalog)).collect();
        let patched: BTreeSet<&str> = texts
            .iter()
            .filter(|text| text.contains("patch "))
            .flat_map(|text| mentions(text, catalog))
            .collect();
        let files: Vec<ObjectFile> = declarations(&wanted, catalog, false)
            .into_iter()
            .chain(declarations(&patched, catalog, true))
            .map(|file| {
                let text: Arc<str> = file.text.into();
                let id = sources.add_library(file.file, Arc::clone(&text));
                let parsed = parse(id, &text, Grain::Chunks);
                // A field that could not be declared would be left out of every object without a word.
                if parsed.sink.has_errors() {
                    let at = table.and_then(|(file_of_table, table)| {
                        let is_it = |line: &str| line.strip_prefix("type ") == Some(&file.of);
                        let line = table.lines().position(is_it)? + 1;
                        Some(line_span(file_of_table, table, line))
                    });
                    debug_assert!(at.is_some(), "a declaration of our own that does not parse");
                    if let Some(at) = at {
                        sink.report(errors::undeclared_type(at));
                    }
                }
                ObjectFile { parsed, text, module: file.module }
            })
            .collect();
        Self { catalog: Arc::new(catalog.clone()), files }
    }
}
