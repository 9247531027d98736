//! Places: a byte range in a file.

/// A file of one run, in the order in which it was added to [`super::Sources`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FileId(pub u32);

/// A half-open byte range inside something that starts elsewhere: a tree, a text, a chunk.
///
/// Both ends lie on character boundaries of the text that they were made from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Extent {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Extent {
    /// The range `start..end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same range, `by` bytes further on.
    #[must_use]
    pub const fn shift(self, by: u32) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }

    /// Length in bytes.
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether the range holds nothing; an absent part of a tree is an empty range.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The piece of `text` that the range covers; empty when it does not fit.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// A byte range in one file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end` of `file`.
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// An extent of a file.
    pub const fn at(file: FileId, extent: Extent) -> Self {
        Self { file, start: extent.start, end: extent.end }
    }

    /// Whether another range lies inside of this one.
    pub fn holds(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// Whether the two have a byte in common.
    pub fn meets(self, other: Self) -> bool {
        self.file == other.file && self.start < other.end && other.start < self.end
    }

    /// The range without its file.
    pub const fn extent(self) -> Extent {
        Extent { start: self.start, end: self.end }
    }
}
