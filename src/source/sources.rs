//! All files of a run.

use std::sync::{Arc, OnceLock};

use super::{FileId, LineIndex, Position, Span};

/// One file: its name as shown to people, and its text.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: Arc<str>,
    lines: OnceLock<LineIndex>,
    library: bool,
}

impl Source {
    /// The name as shown: a path relative to the project, or `std/..` for the library.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, shared.
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// Whether the file is part of the library that the compiler ships.
    pub fn is_library(&self) -> bool {
        self.library
    }

    /// The line index, made at first use.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }
}

/// Every source text of a run, by [`FileId`].
#[derive(Default, Debug)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file of the project.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.push(name.into(), text.into(), false)
    }

    /// Adds a file of the library.
    pub fn add_library(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.push(name.into(), text.into(), true)
    }

    fn push(&mut self, name: String, text: Arc<str>, library: bool) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Source { name, text, lines: OnceLock::new(), library });
        id
    }

    /// A file. Ids come from [`Sources::add`] of the same set.
    ///
    /// # Panics
    /// When the id is of another set: a bug in the compiler, not in anybody's program.
    #[expect(clippy::indexing_slicing, reason = "ids are made by this set only")]
    pub fn get(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// All files in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0u32..).map(FileId).zip(&self.files)
    }

    /// The file with this name.
    pub fn find(&self, name: &str) -> Option<FileId> {
        self.iter().find(|(_, file)| file.name == name).map(|(id, _)| id)
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> &str {
        span.extent().of(self.get(span.file).text())
    }

    /// Where a span starts, as people count.
    pub fn position(&self, span: Span) -> Position {
        let file = self.get(span.file);
        file.lines().position(file.text(), span.start)
    }
}

/// codespan-reporting draws straight from the sources; the only foreign trait outside `report`.
impl<'a> codespan_reporting::files::Files<'a> for Sources {
    type FileId = FileId;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: FileId) -> Result<&'a str, codespan_reporting::files::Error> {
        self.files
            .get(id.0 as usize)
            .map(Source::name)
            .ok_or(codespan_reporting::files::Error::FileMissing)
    }

    fn source(&'a self, id: FileId) -> Result<&'a str, codespan_reporting::files::Error> {
        self.files
            .get(id.0 as usize)
            .map(Source::text)
            .ok_or(codespan_reporting::files::Error::FileMissing)
    }

    fn line_index(
        &'a self,
        id: FileId,
        byte: usize,
    ) -> Result<usize, codespan_reporting::files::Error> {
        let file =
            self.files.get(id.0 as usize).ok_or(codespan_reporting::files::Error::FileMissing)?;
        Ok(file.lines().line(u32::try_from(byte).unwrap_or(u32::MAX)))
    }

    fn line_range(
        &'a self,
        id: FileId,
        line: usize,
    ) -> Result<std::ops::Range<usize>, codespan_reporting::files::Error> {
        let file =
            self.files.get(id.0 as usize).ok_or(codespan_reporting::files::Error::FileMissing)?;
        let lines = file.lines();
        let start = lines.start(line).ok_or(codespan_reporting::files::Error::LineTooLarge {
            given: line,
            max: lines.count().saturating_sub(1),
        })? as usize;
        let end = lines.start(line + 1).map_or(file.text.len(), |next| next as usize);
        Ok(start..end)
    }
}
