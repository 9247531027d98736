//! The files of a project, as the client names them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lsp_types::{
    DocumentChangeOperation, DocumentChanges, Location, OneOf,
    OptionalVersionedTextDocumentIdentifier, Position, Range, TextDocumentEdit, TextEdit, Uri,
    WorkspaceEdit,
};

use super::client::Client;
use super::positions::Page;
use super::uris;
use crate::diag::Edit;
use crate::host::TextCache;
use crate::source::{FileId, Sources, Span};

/// An open text of the project.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) text: Arc<str>,
}

/// What is needed to speak of a project's files.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) client: Client,
    /// None of a text that was never saved.
    pub(super) root: Option<PathBuf>,
    pub(super) cache: Arc<TextCache>,
    /// By their paths in the project.
    pub(super) open: BTreeMap<String, Open>,
}

impl Place {
    /// The URI of a file of a run. The library's files are put where editors can open them.
    pub(super) fn uri(&self, sources: &Sources, file: FileId) -> Option<Uri> {
        let source = sources.get(file);
        if source.is_library() {
            return uris::uri_of(&self.cache.file(source.name(), source.text())?);
        }
        self.uri_of_path(source.name())
    }

    /// The URI of a path in the project.
    pub(super) fn uri_of_path(&self, path: &str) -> Option<Uri> {
        if let Some(open) = self.open.get(path) {
            return Some(open.uri.clone());
        }
        let root = self.root.as_ref()?;
        uris::uri_of(&path.split('/').fold(root.clone(), |folder, step| folder.join(step)))
    }

    /// The file that a URI names.
    pub(super) fn file(&self, sources: &Sources, uri: &Uri) -> Option<FileId> {
        if let Some((path, _)) = self.open.iter().find(|(_, open)| open.uri == *uri) {
            return sources.find(path);
        }
        let path = uris::path_of(uri)?;
        let inside = |root: &Path| {
            let steps = path.strip_prefix(root).ok()?.components();
            let steps: Vec<_> = steps.map(|it| it.as_os_str().to_string_lossy()).collect();
            Some(steps.join("/"))
        };
        let own = self.root.as_deref().and_then(inside).and_then(|name| sources.find(&name));
        own.or_else(|| inside(self.cache.folder()).and_then(|name| sources.find(&name)))
    }

    pub(super) fn page<'a>(&self, sources: &'a Sources, file: FileId) -> Page<'a> {
        let source = sources.get(file);
        Page { text: source.text(), lines: source.lines(), encoding: self.client.can.encoding }
    }

    pub(super) fn range(&self, sources: &Sources, span: Span) -> Range {
        self.page(sources, span.file).range(span.extent())
    }

    pub(super) fn location(&self, sources: &Sources, span: Span) -> Option<Location> {
        Some(Location { uri: self.uri(sources, span.file)?, range: self.range(sources, span) })
    }

    /// A place in a text, as the compiler counts.
    pub(super) fn offset(&self, sources: &Sources, file: FileId, position: Position) -> u32 {
        self.page(sources, file).offset(position)
    }

    /// Edits of any files as one change.
    pub(super) fn workspace_edit(&self, sources: &Sources, edits: &[Edit]) -> WorkspaceEdit {
        let mut by_file: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
        for edit in edits {
            let range = self.range(sources, edit.span);
            let new_text = edit.text.clone();
            by_file.entry(edit.span.file).or_default().push(TextEdit { range, new_text });
        }
        let texts = by_file.into_iter().filter_map(|(file, edits)| {
            Some((self.uri(sources, file)?, sources.get(file).name(), edits))
        });
        if !self.client.can.versioned_edits {
            let changes = texts.map(|(uri, _, edits)| (uri, edits)).collect();
            return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
        }
        let documents = texts.map(|(uri, name, edits)| {
            let version = self.open.get(name).map(|open| open.version);
            let text_document = OptionalVersionedTextDocumentIdentifier { uri, version };
            let edits = edits.into_iter().map(OneOf::Left).collect();
            DocumentChangeOperation::Edit(TextDocumentEdit { text_document, edits })
        });
        let document_changes = Some(DocumentChanges::Operations(documents.collect()));
        WorkspaceEdit { document_changes, ..WorkspaceEdit::default() }
    }
}
