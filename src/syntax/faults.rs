//! What the scanner finds wrong, and the edits of a working copy that let the rest be read.

use super::errors;
use super::lower::offset;
use crate::diag::{Diagnostic, Edit};
use crate::source::{Extent, FileId, Span};

/// A finding of the scanner.
pub(super) struct Fault {
    /// Where, in the file.
    pub(super) at: u32,
    /// What to say.
    pub(super) diagnostic: Diagnostic,
    /// How to read on.
    pub(super) mend: Mend,
}

/// How a working copy of the item is changed. All places are in the file; lengths never change, but for
/// what is appended.
#[derive(Default)]
pub(super) struct Mend {
    /// What is overwritten with blanks.
    pub(super) blank: Vec<Extent>,
    /// What is overwritten with something that reads as a name, because a member with it is lost.
    pub(super) lost: Vec<Extent>,
    /// Single bytes.
    pub(super) put: Vec<(u32, u8)>,
    /// Closers behind the item's end.
    pub(super) append: String,
    /// The place whose innermost member is lost.
    pub(super) lose_member: Option<u32>,
    /// The whole item is lost.
    pub(super) lose_item: bool,
    /// A brace whose body is incomplete.
    pub(super) opener: Option<u32>,
}

impl Mend {
    /// The item cannot be read at all.
    pub(super) fn lose_item() -> Self {
        Self { lose_item: true, ..Self::default() }
    }

    /// The member around `at` is lost, and `start..end` of it means nothing.
    pub(super) fn lose(at: usize, start: usize, end: usize) -> Self {
        Self::lose_but(at, start, end, Vec::new())
    }

    /// Like [`Mend::lose`], but the bytes at `kept` stand.
    pub(super) fn lose_but(at: usize, start: usize, end: usize, kept: Vec<usize>) -> Self {
        let mut lost = Vec::new();
        let mut from = start;
        for keep in kept {
            lost.push(extent(from, keep));
            from = keep + 1;
        }
        lost.push(extent(from, end.max(from)));
        Self { lost, lose_member: Some(offset(at)), ..Self::default() }
    }

    /// Reads `start..end` as blanks.
    pub(super) fn blank(start: usize, end: usize) -> Self {
        Self { blank: vec![extent(start, end)], ..Self::default() }
    }

    /// Reads on as if these closers stood at the item's end.
    pub(super) fn append(opener: usize, closers: &str) -> Self {
        Self { append: closers.to_owned(), opener: Some(offset(opener)), ..Self::default() }
    }

    /// Puts a closer at `at`, and a line's end at `then`.
    pub(super) fn put(opener: usize, at: usize, closer: u8, then: Option<usize>) -> Self {
        let mut put = vec![(offset(at), closer)];
        put.extend(then.map(|at| (offset(at), b'\n')));
        Self { put, opener: Some(offset(opener)), ..Self::default() }
    }
}

/// A sign of another language.
pub(super) struct Foreign {
    /// The finding.
    pub(super) fault: Fault,
    /// Where to read on.
    pub(super) end: usize,
    /// Whether it is no token.
    pub(super) comment: bool,
}

/// Opening and closing quotation marks that word processors make.
const TYPOGRAPHIC: [(&str, &str); 4] = [
    ("\u{201C}", "\u{201D}"),
    ("\u{201D}", "\u{201D}"),
    ("\u{2018}", "\u{2019}"),
    ("\u{201E}", "\u{201C}"),
];

impl Fault {
    /// The closing mark of the typographic quotation mark that `rest` begins with.
    pub(super) fn typographic(rest: &str) -> Option<(&'static str, &'static str)> {
        TYPOGRAPHIC.into_iter().find(|(open, _)| rest.starts_with(open))
    }

    /// Whether `other` is the same habit again, and one finding can mend both.
    pub(super) fn takes(&self, other: &Self) -> bool {
        let code = self.diagnostic.code;
        code == other.diagnostic.code && (code == errors::SEMICOLON || code == errors::COMMENT)
    }

    /// Adds the edits of the same habit again.
    pub(super) fn merge(&mut self, other: Self) {
        let edits: Vec<Edit> =
            other.diagnostic.fixes.into_iter().flat_map(|fix| fix.edits).collect();
        if let Some(fix) = self.diagnostic.fixes.first_mut() {
            fix.edits.extend(edits);
        }
        self.mend.blank.extend(other.mend.blank);
        self.mend.put.extend(other.mend.put);
    }

    /// What stands at `start`, on a line that ends at `line`, if it is of another language.
    /// `comment_end` is the last `*/` of the file.
    pub(super) fn foreign(
        file: FileId,
        text: &str,
        start: usize,
        line: usize,
        comment_end: Option<usize>,
    ) -> Option<Foreign> {
        let rest = text.get(start..line)?;
        let span = |from: usize, to: usize| Span::at(file, extent(from, to));
        let made = |diagnostic, mend, end, comment| {
            Some(Foreign { fault: Self { at: offset(start), diagnostic, mend }, end, comment })
        };
        if rest.starts_with("/*") {
            let end = comment_end
                .filter(|&last| last > start + 1)
                .and_then(|_| text.get(start + 2..)?.find("*/"))
                .map(|n| start + 2 + n + 2);
            let diagnostic = errors::block_comment(span(start, start + 2));
            let end = end.unwrap_or(line);
            return made(diagnostic, Mend::blank(start, end), end, true);
        }
        if rest.starts_with('#') {
            let diagnostic = errors::hash_comment(span(start, start + 1));
            return made(diagnostic, Mend::blank(start, line), line, true);
        }
        if rest.starts_with(';') {
            let last = rest.get(1..).unwrap_or("").trim_start();
            let ends_line = last.is_empty() || last.starts_with("//");
            let diagnostic = errors::semicolon(span(start, start + 1), ends_line);
            let mend = Mend { put: vec![(offset(start), b'\n')], ..Mend::default() };
            return made(diagnostic, mend, start + 1, true);
        }
        if rest.starts_with("{{") {
            let end = start + rest.find("}}")? + 2;
            let diagnostic = errors::template(span(start, end));
            return made(diagnostic, Mend::lose(start, start, end), end, false);
        }
        if rest.starts_with('$') {
            let braced = rest.strip_prefix("${").and_then(|inner| inner.find('}'));
            let end = match braced {
                Some(close) => start + 2 + close + 1,
                None => {
                    let name = rest.get(1..).unwrap_or("");
                    let length =
                        name.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_');
                    start + 1 + length.count()
                }
            };
            let inner = text.get(start..end).unwrap_or("").trim_matches(['$', '{', '}']);
            let diagnostic = errors::dollar(span(start, end), inner.trim());
            return made(diagnostic, Mend::lose(start, start, end), end, false);
        }
        let (open, close) = match rest.strip_prefix('\'') {
            Some(_) => ("'", "'"),
            None => Self::typographic(rest)?,
        };
        let content = rest.get(open.len()..).unwrap_or("");
        let length = content.find(close).or_else(|| content.find('"'));
        let closed = length.is_some();
        let length = length.unwrap_or(content.trim_end().len());
        let inner = content.get(..length).unwrap_or("");
        let closer = content.get(length..).and_then(|rest| rest.chars().next()).filter(|_| closed);
        let end = start + open.len() + length + closer.map_or(0, char::len_utf8);
        let diagnostic = errors::quotes(span(start, end), inner);
        // the marks of one byte can become quotes in place; the others would move what follows
        let mend = if !closed || open.len() > 1 || inner.contains(['"', '\\']) {
            Mend::lose(start, start, end)
        } else {
            Mend { put: vec![(offset(start), b'"'), (offset(end) - 1, b'"')], ..Mend::default() }
        };
        made(diagnostic, mend, end, false)
    }
}

fn extent(start: usize, end: usize) -> Extent {
    Extent::new(offset(start), offset(end))
}
