//! The scanner: divides a file into items by nesting, texts and comments, before the grammar sees it.
//!
//! It finds what the grammar could only stumble over: texts and brackets that are never closed, closers
//! without an opener, nesting beyond the limit, and signs of other languages. Each becomes a [`Fault`]:
//! a finding, and the edits that let the rest of the item be read.

use super::errors;
use super::faults::{Fault, Mend};
use super::lower::offset;
use super::parse::MAX_FINDINGS;
use super::split_lines::goes_on;
use super::split_text::Closers;
use crate::diag::Diagnostic;
use crate::source::{Extent, FileId, Span};

/// How often a file is read again from the start of an item because a bracket in it is never closed.
const MAX_REWINDS: usize = 32;

/// What a scan gives.
pub(super) struct Scan {
    /// The items, which together are the whole text: each with the blanks, comments and docs before it.
    pub(super) items: Vec<Extent>,
    /// What is wrong, in order.
    pub(super) faults: Vec<Fault>,
    /// The nesting, if it was asked for.
    pub(super) outline: Outline,
}

/// Braces and what stands between their separators: how recovery finds the member around a place.
#[derive(Default)]
pub(super) struct Outline {
    /// Every `{ }` and the file itself, as they close.
    pub(super) bodies: Vec<OutlineBody>,
}

/// A pair of braces, or the file.
pub(super) struct OutlineBody {
    /// With its braces.
    pub(super) at: Extent,
    /// The members, by separators: first token to last token.
    pub(super) segments: Vec<Extent>,
    /// Whether it holds members: not the arms of a `match` or `by`.
    pub(super) holds_members: bool,
}

/// How a text is closed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TextKind {
    Quoted,
    Raw,
    HashQuoted,
    HashRaw,
    Block,
    Fence(usize),
    HashFence,
}

impl TextKind {
    pub(super) const fn one_line(self) -> bool {
        matches!(self, Self::Quoted | Self::Raw | Self::HashQuoted | Self::HashRaw)
    }
}

#[derive(Clone, Copy)]
pub(super) struct Bracket {
    pub(super) at: usize,
    pub(super) open: u8,
    /// Indentation of the opener's line.
    pub(super) indent: usize,
    /// Start of the opener's line.
    pub(super) line: usize,
    /// First later line that is indented no further and does not begin with a closer.
    pub(super) suspect: Option<usize>,
    /// An opener inside whose closer stands further left than it should, and that closer's line.
    pub(super) inner: Option<(usize, usize)>,
    /// `if`s since the last separator.
    pub(super) ifs: usize,
    /// `<` of type arguments that are open.
    pub(super) angles: usize,
    /// A separator was met; it counts once the next token shows that the member does not go on.
    pub(super) pending: Option<usize>,
    /// First and last byte of the member at hand.
    pub(super) segment: Option<(usize, usize)>,
    /// First segment of this bracket in the recorder's stack.
    pub(super) first_segment: usize,
    pub(super) holds_members: bool,
}

pub(super) enum Frame {
    Bracket(Bracket),
    Text { kind: TextKind, at: usize, indent: usize },
    Hole(Bracket),
}

/// Reads `text` from byte `start`; what lies in one another is at most `nesting` deep.
pub(super) fn scan(file: FileId, text: &str, start: usize, nesting: usize, outline: bool) -> Scan {
    let mut scanner = Scanner::new(file, text, start, nesting, outline);
    scanner.run();
    Scan { items: scanner.items, faults: scanner.faults, outline: scanner.outline }
}

pub(super) struct Scanner<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    pub(super) items: Vec<Extent>,
    pub(super) faults: Vec<Fault>,
    pub(super) outline: Outline,
    pub(super) record: bool,
    pub(super) segments: Vec<Extent>,
    pub(super) stack: Vec<Frame>,
    /// The file as a bracket that nothing closes.
    pub(super) top: Bracket,
    pub(super) item_start: usize,
    pub(super) item_faults: usize,
    pub(super) line: usize,
    pub(super) indent: usize,
    pub(super) line_begins: bool,
    pub(super) last_token: usize,
    pub(super) one_line_texts: usize,
    pub(super) depth: usize,
    /// Open brackets of each kind since the last hole: `(`, `[`, `{`.
    pub(super) open: [usize; 3],
    pub(super) saved_open: Vec<[usize; 3]>,
    pub(super) closers: Closers,
    pub(super) rewinds: usize,
    /// `(line, opener)`: the opener ends before the line.
    pub(super) forced: Vec<(usize, usize)>,
    /// `(opener, end)`: the text ends there.
    pub(super) forced_texts: Vec<(usize, usize)>,
    /// How deep brackets, texts and holes may lie in one another.
    pub(super) nesting: usize,
    pub(super) too_deep: bool,
    /// The line last searched for `}}`, and where its last one stands.
    pub(super) templates: Option<(usize, usize)>,
    /// The last `*/` of the file, once it was looked for.
    pub(super) comment_end: Option<Option<usize>>,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(
        file: FileId,
        text: &'t str,
        start: usize,
        nesting: usize,
        record: bool,
    ) -> Self {
        Self {
            file,
            text,
            bytes: text.as_bytes(),
            at: start,
            items: Vec::new(),
            faults: Vec::new(),
            outline: Outline::default(),
            record,
            segments: Vec::new(),
            stack: Vec::new(),
            top: bracket(start, 0),
            item_start: start,
            item_faults: 0,
            line: start,
            indent: 0,
            line_begins: true,
            last_token: start,
            one_line_texts: 0,
            depth: 0,
            open: [0; 3],
            saved_open: Vec::new(),
            closers: Closers::of(text),
            rewinds: 0,
            forced: Vec::new(),
            forced_texts: Vec::new(),
            nesting,
            too_deep: false,
            templates: None,
            comment_end: None,
        }
    }

    pub(super) fn run(&mut self) {
        loop {
            if self.at >= self.bytes.len() {
                if self.end_of_file() {
                    continue;
                }
                break;
            }
            match self.stack.last() {
                Some(&Frame::Text { kind, .. }) => self.text_step(kind),
                _ => self.code_step(),
            }
        }
        self.close_segment_of_top();
        if self.item_start < self.bytes.len() || self.items.is_empty() {
            self.items.push(extent(self.item_start, self.bytes.len()));
        }
        if self.record {
            let segments = std::mem::take(&mut self.segments);
            let at = extent(0, self.bytes.len());
            self.outline.bodies.push(OutlineBody { at, segments, holds_members: true });
        }
    }

    pub(super) fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    pub(super) fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or("")
    }

    pub(super) fn line_end(&self, at: usize) -> usize {
        self.bytes
            .get(at..)
            .and_then(|rest| rest.iter().position(|&b| b == b'\n'))
            .map_or(self.bytes.len(), |n| at + n)
    }

    // ---- code ----------------------------------------------------------------------------------------------------

    pub(super) fn code_step(&mut self) {
        let byte = self.byte(self.at);
        match byte {
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'\n' => self.newline(),
            b'/' if self.byte(self.at + 1) == b'/' => self.at = self.line_end(self.at),
            b',' => {
                self.token(self.at);
                self.last_token = self.at + 1;
                self.at += 1;
                let here = self.at;
                if !(self.record && self.comma_goes_on()) {
                    self.separate(here);
                }
            }
            b'{' | b'(' | b'[' => self.opener(byte),
            b'}' | b')' | b']' => self.closer(byte),
            b'"' | b'`' => self.text_opener(),
            b'#' if matches!(self.byte(self.at + 1), b'"' | b'`') => self.text_opener(),
            b'#' | b';' | b'$' | b'\'' => self.foreign(),
            b'/' if self.byte(self.at + 1) == b'*' => self.foreign(),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => self.word(),
            b'<' | b'>' => self.angle(byte),
            0xE2 if Fault::typographic(self.rest(self.at)).is_some() => self.foreign(),
            _ => {
                let start = self.at;
                self.token(start);
                self.at += self.rest(start).chars().next().map_or(1, char::len_utf8);
                self.last_token = self.at;
            }
        }
    }

    /// `Range<T>` nests without brackets that the stack counts.
    pub(super) fn angle(&mut self, byte: u8) {
        let start = self.at;
        self.token(start);
        self.at += 1;
        self.last_token = self.at;
        let adjacent = start > 0 && self.byte(start - 1).is_ascii_alphanumeric();
        let frame = self.bracket_mut();
        if byte == b'>' {
            frame.angles = frame.angles.saturating_sub(1);
        } else if adjacent {
            frame.angles += 1;
        }
        let nested = frame.angles + frame.ifs;
        if self.depth + nested > self.nesting {
            self.report_too_deep(start, 1);
        }
    }

    pub(super) fn word(&mut self) {
        let start = self.at;
        let length = self
            .bytes
            .get(start..)
            .unwrap_or(&[])
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_' || **b == b'-')
            .count();
        self.token(start);
        self.at = start + length;
        self.last_token = self.at;
        if self.bytes.get(start..self.at) == Some(b"if") {
            let frame = self.bracket_mut();
            frame.ifs += 1;
            let nested = frame.angles + frame.ifs;
            if self.depth + nested > self.nesting {
                self.report_too_deep(start, 2);
            }
        }
    }

    /// The innermost bracket, hole or the file.
    pub(super) fn bracket_mut(&mut self) -> &mut Bracket {
        match self.stack.last_mut() {
            Some(Frame::Bracket(bracket) | Frame::Hole(bracket)) => bracket,
            Some(Frame::Text { .. }) | None => &mut self.top,
        }
    }

    /// A token starts at `start`: settles the separator before it, and notes lines that look misplaced.
    pub(super) fn token(&mut self, start: usize) {
        let rest = self.bytes.get(start..).unwrap_or(&[]);
        let first_of_line = std::mem::replace(&mut self.line_begins, false);
        if first_of_line
            && self.depth > 0
            && self.depth <= self.nesting
            && !is_closer(self.byte(start))
            && !goes_on(rest)
        {
            let (line, indent) = (self.line, self.indent);
            for frame in self.stack.iter_mut().rev() {
                let Frame::Bracket(bracket) = frame else { break };
                if bracket.indent < indent {
                    break;
                }
                if bracket.line != line && bracket.suspect.is_none() {
                    bracket.suspect = Some(line);
                }
            }
        }
        let at_top = self.stack.is_empty();
        let frame = self.bracket_mut();
        if let Some(boundary) = frame.pending
            && !is_closer(rest.first().copied().unwrap_or(0))
        {
            frame.pending = None;
            if !goes_on(rest) {
                frame.ifs = 0;
                frame.angles = 0;
                let done = frame.segment.take();
                self.finish_segment(done);
                if at_top && self.text.get(boundary - 1..boundary) == Some("\n") {
                    self.items.push(extent(self.item_start, boundary));
                    self.start_item(boundary);
                }
            }
        }
        let comma = rest.first() == Some(&b',');
        let frame = self.bracket_mut();
        if frame.segment.is_none() && !comma {
            frame.segment = Some((start, start));
        }
    }

    pub(super) fn start_item(&mut self, at: usize) {
        self.item_start = at;
        self.item_faults = self.faults.len();
        self.too_deep = false;
    }

    /// Records the member that just ended, up to its last token.
    pub(super) fn finish_segment(&mut self, segment: Option<(usize, usize)>) {
        if self.record
            && let Some((start, _)) = segment
        {
            let mut end = self.last_token.max(start);
            while end > start && self.byte(end - 1) == b',' {
                end = start + self.text.get(start..end - 1).unwrap_or("").trim_end().len();
            }
            self.segments.push(extent(start, end));
        }
    }

    pub(super) fn close_segment_of_top(&mut self) {
        let done = self.top.segment.take();
        self.finish_segment(done);
    }

    // ---- the end -------------------------------------------------------------------------------------------------

    /// Settles what is open at the file's end. Gives whether to go on from somewhere.
    pub(super) fn end_of_file(&mut self) -> bool {
        if self.one_line_texts > 0 {
            self.unclosed_line_text();
        }
        let rewind = !self.record && self.rewinds < MAX_REWINDS;
        let outer_text = self.stack.iter().find_map(|frame| match frame {
            Frame::Text { at, indent, .. } => Some((*at, *indent)),
            Frame::Bracket(_) | Frame::Hole(_) => None,
        });
        if let Some((at, indent)) = outer_text {
            self.indent = indent;
            let end = if rewind { self.text_end_by_indentation(at) } else { self.bytes.len() };
            self.forced_texts.push((at, end));
            self.rewind();
            return true;
        }
        let Some(Frame::Bracket(outer)) = self.stack.first() else { return false };
        let (opener, line) = match (outer.inner, outer.suspect) {
            (Some(inner), _) => inner,
            (None, Some(line)) => (outer.at, line),
            (None, None) => (outer.at, self.bytes.len()),
        };
        if rewind && line < self.bytes.len() && !self.forced.contains(&(line, opener)) {
            self.forced.push((line, opener));
            self.rewind();
            return true;
        }
        let (opener, end) = (outer.at, self.bytes.len());
        self.close_through(opener, end);
        false
    }

    /// Reads the item at hand again.
    pub(super) fn rewind(&mut self) {
        self.rewinds += 1;
        self.at = self.item_start;
        self.faults.truncate(self.item_faults);
        self.stack.clear();
        self.segments.clear();
        self.top = bracket(self.item_start, 0);
        self.begin_line(self.item_start);
        self.last_token = self.item_start;
        self.one_line_texts = 0;
        self.depth = 0;
        self.open = [0; 3];
        self.saved_open.clear();
        self.too_deep = false;
    }

    // ---- findings ------------------------------------------------------------------------------------------------

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::at(self.file, extent(start, end))
    }

    pub(super) fn fault(&mut self, at: usize, diagnostic: Diagnostic, mend: Mend) {
        // an item that is too deep is lost as it is: that nobody closed it all is the same cause
        if !(self.too_deep && errors::is_unclosed(diagnostic.code)) {
            self.add_fault(Fault { at: offset(at), diagnostic, mend });
        }
    }

    /// Notes what is wrong, unless the file's findings are too many to tell anyway.
    fn add_fault(&mut self, fault: Fault) {
        if self.faults.len() < MAX_FINDINGS {
            self.faults.push(fault);
        }
    }

    /// Signs of other languages that would confuse the reading of what follows.
    pub(super) fn foreign(&mut self) {
        let start = self.at;
        let line = self.line_end(start);
        let text = self.text;
        let comment_end = *self.comment_end.get_or_insert_with(|| text.rfind("*/"));
        let Some(found) = Fault::foreign(self.file, text, start, line, comment_end) else {
            self.at += 1;
            self.last_token = self.at;
            return;
        };
        if found.comment {
            let semicolon = self.byte(start) == b';';
            self.at = found.end.max(start + 1);
            if semicolon {
                let here = self.at;
                self.separate(here);
            }
        } else {
            self.token(start);
            self.at = found.end.max(start + 1);
            self.last_token = self.at;
        }
        let merged = self.faults.get_mut(self.item_faults..).and_then(|faults| faults.last_mut());
        match merged {
            Some(last) if last.takes(&found.fault) => last.merge(found.fault),
            _ => self.add_fault(found.fault),
        }
    }
}

pub(super) fn bracket(at: usize, open: u8) -> Bracket {
    Bracket {
        at,
        open,
        indent: 0,
        line: at,
        suspect: None,
        inner: None,
        ifs: 0,
        angles: 0,
        pending: None,
        segment: None,
        first_segment: 0,
        holds_members: true,
    }
}

pub(super) fn extent(start: usize, end: usize) -> Extent {
    Extent::new(offset(start), offset(end))
}

pub(super) const fn is_closer(byte: u8) -> bool {
    matches!(byte, b'}' | b')' | b']')
}

pub(super) const fn slot(byte: u8) -> usize {
    match byte {
        b'(' | b')' => 0,
        b'[' | b']' => 1,
        _ => 2,
    }
}

pub(super) const fn closer_of(open: u8) -> char {
    match open {
        b'(' => ')',
        b'[' => ']',
        _ => '}',
    }
}

#[cfg(test)]
mod tests {
    use super::scan;
    use crate::source::FileId;
    use crate::syntax::lower::MAX_NESTING;

    fn check(text: &str, items: &[&str]) {
        let scanned = scan(FileId(0), text, 0, MAX_NESTING, false);
        assert!(scanned.faults.is_empty(), "{text}");
        let found: Vec<&str> = scanned.items.iter().map(|item| item.of(text)).collect();
        assert_eq!(found, items);
        assert_eq!(found.concat(), text, "the items are the whole text");
    }

    #[test]
    fn items_end_where_nothing_goes_on() {
        check("", &[""]);
        check("let a = 1\nlet b = 2", &["let a = 1\n", "let b = 2"]);
        check(
            "let a = 1 // x\n\n/// doc\nlet b = 2\n",
            &["let a = 1 // x\n", "\n/// doc\nlet b = 2\n"],
        );
        check("let a =\n  1\nlet b = 2\n", &["let a =\n  1\n", "let b = 2\n"]);
        check("let a = b\n  && c\nlet d = 1\n", &["let a = b\n  && c\n", "let d = 1\n"]);
        check("if a {\n}\nelse { }\nb c {\n}\n", &["if a {\n}\nelse { }\n", "b c {\n}\n"]);
        check(
            "let a = 80%\nlet b = Range<Cpu>\nlet c = 1\n",
            &["let a = 80%\n", "let b = Range<Cpu>\n", "let c = 1\n"],
        );
        check(
            "preset A for K : B,\n  C {\n}\nlet c = 1\n",
            &["preset A for K : B,\n  C {\n}\n", "let c = 1\n"],
        );
    }

    #[test]
    fn texts_hide_what_they_hold() {
        check(
            "let a = \"} \\(f(\"{\")) [\"\nlet b = 1\n",
            &["let a = \"} \\(f(\"{\")) [\"\n", "let b = 1\n"],
        );
        check(
            "let a = ```\n  }\n  ```\nlet b = 1\n",
            &["let a = ```\n  }\n  ```\n", "let b = 1\n"],
        );
        check("let a = `\\\\(`\nlet b = 1\n", &["let a = `\\\\(`\n", "let b = 1\n"]);
        check("let a = #\"\\(\"#\nlet b = 1\n", &["let a = #\"\\(\"#\n", "let b = 1\n"]);
    }
}
