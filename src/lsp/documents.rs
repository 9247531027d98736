//! The texts that are open in the editor.

use std::collections::BTreeMap;
use std::sync::Arc;

use lsp_types::{TextDocumentContentChangeEvent, Uri};

use super::positions::{Encoding, Page};
use crate::source::LineIndex;

/// An open text.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// As the client spells it.
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) text: Arc<str>,
    lines: Arc<LineIndex>,
}

impl Document {
    pub(super) fn new(uri: Uri, version: i32, text: String) -> Self {
        let lines = Arc::new(LineIndex::new(&text));
        Self { uri, version, text: text.into(), lines }
    }

    pub(super) fn page(&self, encoding: Encoding) -> Page<'_> {
        Page { text: &self.text, lines: &self.lines, encoding }
    }

    /// Makes the edits of a client, one after the other.
    pub(super) fn change(
        &mut self,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) {
        for change in changes {
            let text = match change.range {
                None => change.text,
                Some(range) => {
                    let at = self.page(encoding).extent(range);
                    let before = self.text.get(..at.start as usize).unwrap_or_default();
                    let after = self.text.get(at.end as usize..).unwrap_or_default();
                    [before, &change.text, after].concat()
                }
            };
            self.lines = Arc::new(LineIndex::new(&text));
            self.text = text.into();
        }
        self.version = version;
    }
}

/// The open texts by their URI.
#[derive(Default, Debug)]
pub(super) struct Documents {
    open: BTreeMap<Uri, Document>,
}

impl Documents {
    pub(super) fn insert(&mut self, document: Document) {
        self.open.insert(document.uri.clone(), document);
    }

    pub(super) fn remove(&mut self, uri: &Uri) -> Option<Document> {
        self.open.remove(uri)
    }

    pub(super) fn get(&self, uri: &Uri) -> Option<&Document> {
        self.open.get(uri)
    }

    pub(super) fn get_mut(&mut self, uri: &Uri) -> Option<&mut Document> {
        self.open.get_mut(uri)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Document> {
        self.open.values()
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use lsp_types::{Position, Range, TextDocumentContentChangeEvent, Uri};

    use super::Document;
    use crate::lsp::positions::Encoding;

    #[test]
    fn edits_follow_one_another() {
        let uri = Uri::from_str("file:///a.iflux").unwrap();
        let mut document = Document::new(uri, 1, "ä = 1\n".to_owned());
        let change = |start: (u32, u32), end: (u32, u32), text: &str| {
            let at = |(line, character)| Position { line, character };
            let range = Some(Range { start: at(start), end: at(end) });
            TextDocumentContentChangeEvent { range, range_length: None, text: text.to_owned() }
        };
        let changes = vec![change((0, 1), (0, 1), "b"), change((0, 2), (1, 0), "\nc = 2\n")];
        document.change(2, changes, Encoding::Utf16);
        assert_eq!(document.text.as_ref(), "äb\nc = 2\n");
        document.change(3, vec![change((1, 0), (9, 9), "")], Encoding::Utf16);
        assert_eq!(document.text.as_ref(), "äb\n");
        document.change(4, Vec::new(), Encoding::Utf16);
        assert_eq!(document.text.as_ref(), "äb\n");
        assert_eq!(document.version, 4);
    }
}
