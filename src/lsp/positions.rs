//! Places as the protocol counts them, and back.

use lsp_types::{Position, PositionEncodingKind, Range};

use crate::source::{Extent, LineIndex};

/// What a column counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of two bytes: what every client understands.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The one that costs least among those that a client offers.
    pub(super) fn among(offered: Option<&[PositionEncodingKind]>) -> Self {
        let offered = offered.unwrap_or_default();
        if offered.contains(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offered.contains(&PositionEncodingKind::UTF16) || offered.is_empty() {
            Self::Utf16
        } else if offered.contains(&PositionEncodingKind::UTF32) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, letter: char) -> usize {
        match self {
            Self::Utf8 => letter.len_utf8(),
            Self::Utf16 => letter.len_utf16(),
            Self::Utf32 => 1,
        }
    }

    /// How wide a piece of a text is.
    pub(super) fn len(self, text: &str) -> u32 {
        let width = match self {
            Self::Utf8 => text.len(),
            _ if text.is_ascii() => text.len(),
            _ => text.chars().map(|letter| self.width(letter)).sum(),
        };
        u32::try_from(width).unwrap_or(u32::MAX)
    }
}

/// A text with its lines, as a client sees it.
#[derive(Clone, Copy)]
pub(super) struct Page<'a> {
    pub(super) text: &'a str,
    pub(super) lines: &'a LineIndex,
    pub(super) encoding: Encoding,
}

impl Page<'_> {
    /// The text of a line (from 0) without what ends it.
    fn line(&self, line: usize) -> (usize, &str) {
        let start = self.lines.start(line).map_or(self.text.len(), |start| start as usize);
        let end = self.lines.start(line + 1).map_or(self.text.len(), |end| end as usize);
        let text = self.text.get(start..end).unwrap_or("");
        let text = text.strip_suffix('\n').unwrap_or(text);
        (start, text.strip_suffix('\r').unwrap_or(text))
    }

    /// The byte that a position names; past the end of a line its end, and past the last line that of the text.
    pub(super) fn offset(&self, position: Position) -> u32 {
        let (start, line) = self.line(position.line as usize);
        let wanted = position.character as usize;
        let within = if line.is_ascii() {
            wanted.min(line.len())
        } else {
            let mut width = 0;
            let fits = |&(_, letter): &(usize, char)| {
                width += self.encoding.width(letter);
                // A position inside of a character is one before it.
                width > wanted
            };
            line.char_indices().find(fits).map_or(line.len(), |(at, _)| at)
        };
        u32::try_from(start + within).unwrap_or(u32::MAX)
    }

    /// Where a byte stands.
    pub(super) fn position(&self, offset: u32) -> Position {
        let line = self.lines.line(offset);
        let start = self.lines.start(line).unwrap_or(0) as usize;
        let mut end = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = self.text.get(start..end).unwrap_or("");
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            character: self.encoding.len(before),
        }
    }

    pub(super) fn range(&self, at: Extent) -> Range {
        Range { start: self.position(at.start), end: self.position(at.end) }
    }

    pub(super) fn extent(&self, range: Range) -> Extent {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        Extent::new(start.min(end), start.max(end))
    }
}

#[cfg(test)]
mod tests {
    use lsp_types::Position;

    use super::{Encoding, Page};
    use crate::source::LineIndex;

    #[test]
    fn columns_count_what_was_agreed() {
        let text = "a\r\né𝄞x = 1\n";
        let lines = LineIndex::new(text);
        let check = |encoding, character, offset| {
            let page = Page { text, lines: &lines, encoding };
            let position = Position { line: 1, character };
            assert_eq!(page.offset(position), offset, "{encoding:?}");
            assert_eq!(page.position(offset), position, "{encoding:?}");
        };
        check(Encoding::Utf8, 6, 9);
        check(Encoding::Utf16, 3, 9);
        check(Encoding::Utf32, 2, 9);
        let page = Page { text, lines: &lines, encoding: Encoding::Utf16 };
        // Inside of a character, past a line, past the text.
        assert_eq!(page.offset(Position { line: 1, character: 2 }), 5);
        assert_eq!(page.offset(Position { line: 0, character: 99 }), 1);
        assert_eq!(page.offset(Position { line: 9, character: 0 }) as usize, text.len());
    }
}
