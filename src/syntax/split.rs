//! The scanner: divides a file into items by nesting, texts and comments, before the grammar sees it.
//!
//! It finds what the grammar could only stumble over: texts and brackets that are never closed, closers
//! without an opener, nesting beyond the limit, and signs of other languages. Each becomes a [`Fault`]:
//! a finding, and the edits that let the rest of the item be read.

use super::faults::{Fault, Mend};
use super::lower::{MAX_NESTING, offset};
use crate::diag::Diagnostic;
use crate::source::{Extent, FileId, Span};

/// How often a file is read again from the start of an item because a bracket in it is never closed.
const MAX_REWINDS: usize = 32;

/// How many lines below an unclosed text its end is looked for.
const MAX_LINES_OF_STRING: usize = 30;

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
enum TextKind {
    Quoted,
    Raw,
    HashQuoted,
    HashRaw,
    Block,
    Fence(usize),
    HashFence,
}

impl TextKind {
    const fn one_line(self) -> bool {
        matches!(self, Self::Quoted | Self::Raw | Self::HashQuoted | Self::HashRaw)
    }
}

#[derive(Clone, Copy)]
struct Bracket {
    at: usize,
    open: u8,
    /// Indentation of the opener's line.
    indent: usize,
    /// Start of the opener's line.
    line: usize,
    /// First later line that is indented no further and does not begin with a closer.
    suspect: Option<usize>,
    /// An opener inside whose closer stands further left than it should, and that closer's line.
    inner: Option<(usize, usize)>,
    /// `if`s since the last separator.
    ifs: usize,
    /// `<` of type arguments that are open.
    angles: usize,
    /// A separator was met; it counts once the next token shows that the member does not go on.
    pending: Option<usize>,
    /// First and last byte of the member at hand.
    segment: Option<(usize, usize)>,
    /// First segment of this bracket in the recorder's stack.
    first_segment: usize,
    holds_members: bool,
}

enum Frame {
    Bracket(Bracket),
    Text { kind: TextKind, at: usize, indent: usize },
    Hole(Bracket),
}

/// Reads `text` from byte `start`.
pub(super) fn scan(file: FileId, text: &str, start: usize, outline: bool) -> Scan {
    let mut scanner = Scanner::new(file, text, start, outline);
    scanner.run();
    Scan { items: scanner.items, faults: scanner.faults, outline: scanner.outline }
}

struct Scanner<'t> {
    file: FileId,
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    items: Vec<Extent>,
    faults: Vec<Fault>,
    outline: Outline,
    record: bool,
    segments: Vec<Extent>,
    stack: Vec<Frame>,
    /// The file as a bracket that nothing closes.
    top: Bracket,
    item_start: usize,
    item_faults: usize,
    line: usize,
    indent: usize,
    line_begins: bool,
    last_token: usize,
    one_line_texts: usize,
    depth: usize,
    /// Open brackets of each kind since the last hole: `(`, `[`, `{`.
    open: [usize; 3],
    saved_open: Vec<[usize; 3]>,
    closers: Closers,
    rewinds: usize,
    /// `(line, opener)`: the opener ends before the line.
    forced: Vec<(usize, usize)>,
    /// `(opener, end)`: the text ends there.
    forced_texts: Vec<(usize, usize)>,
    too_deep: bool,
    /// The line last searched for `}}`, and where its last one stands.
    templates: Option<(usize, usize)>,
    /// The last `*/` of the file, once it was looked for.
    comment_end: Option<Option<usize>>,
}

impl<'t> Scanner<'t> {
    fn new(file: FileId, text: &'t str, start: usize, record: bool) -> Self {
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
            too_deep: false,
            templates: None,
            comment_end: None,
        }
    }

    fn run(&mut self) {
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

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or("")
    }

    fn line_end(&self, at: usize) -> usize {
        self.bytes
            .get(at..)
            .and_then(|rest| rest.iter().position(|&b| b == b'\n'))
            .map_or(self.bytes.len(), |n| at + n)
    }

    // ---- code ----------------------------------------------------------------------------------------------------

    fn code_step(&mut self) {
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
                self.separate(here);
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
    fn angle(&mut self, byte: u8) {
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
        if self.depth + nested > MAX_NESTING {
            self.report_too_deep(start, 1);
        }
    }

    fn word(&mut self) {
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
            if self.depth + nested > MAX_NESTING {
                self.report_too_deep(start, 2);
            }
        }
    }

    /// The innermost bracket, hole or the file.
    fn bracket_mut(&mut self) -> &mut Bracket {
        match self.stack.last_mut() {
            Some(Frame::Bracket(bracket) | Frame::Hole(bracket)) => bracket,
            Some(Frame::Text { .. }) | None => &mut self.top,
        }
    }

    fn newline(&mut self) {
        if self.one_line_texts > 0 {
            self.unclosed_line_text();
            return;
        }
        let end = self.at;
        self.at += 1;
        self.begin_line(self.at);
        if !self.goes_on_after(end) {
            let here = self.at;
            self.separate(here);
        }
        self.force_close();
    }

    fn begin_line(&mut self, line: usize) {
        self.line = line;
        let rest = self.bytes.get(line..).unwrap_or(&[]);
        self.indent = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        self.line_begins = true;
    }

    /// Notes that a separator stands here.
    fn separate(&mut self, after: usize) {
        let frame = self.bracket_mut();
        if frame.segment.is_some() && frame.pending.is_none() {
            frame.pending = Some(after);
        }
    }

    /// Whether the tokens before a line's end want more.
    fn goes_on_after(&self, end: usize) -> bool {
        let Some((start, _)) = (match self.stack.last() {
            Some(Frame::Bracket(bracket) | Frame::Hole(bracket)) => bracket.segment,
            _ => self.top.segment,
        }) else {
            return false;
        };
        let last = self.last_token.min(end);
        let head = self.bytes.get(start.min(last)..last).unwrap_or(&[]);
        let before = |back: usize| head.len().checked_sub(back).and_then(|i| head.get(i)).copied();
        match before(1) {
            Some(b'=' | b'+' | b'-' | b'*' | b'/' | b'<' | b'!' | b'&' | b'|' | b':' | b',') => {
                true
            }
            Some(b'>') => matches!(before(2), Some(b'=' | b' ' | b'\t')),
            Some(b'%') => matches!(before(2), Some(b' ' | b'\t')),
            Some(b'?') => before(2) == Some(b'?'),
            Some(b'.') => before(2) == Some(b'.'),
            Some(b'n' | b'e' | b's') => ["then", "else", "because", "in", "is"]
                .iter()
                .any(|word| ends_in_word(head, word.as_bytes())),
            _ => false,
        }
    }

    /// A token starts at `start`: settles the separator before it, and notes lines that look misplaced.
    fn token(&mut self, start: usize) {
        let rest = self.bytes.get(start..).unwrap_or(&[]);
        let first_of_line = std::mem::replace(&mut self.line_begins, false);
        if first_of_line
            && self.depth > 0
            && self.depth <= MAX_NESTING
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

    fn start_item(&mut self, at: usize) {
        self.item_start = at;
        self.item_faults = self.faults.len();
        self.too_deep = false;
    }

    /// Records the member that just ended, up to its last token.
    fn finish_segment(&mut self, segment: Option<(usize, usize)>) {
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

    fn close_segment_of_top(&mut self) {
        let done = self.top.segment.take();
        self.finish_segment(done);
    }

    // ---- brackets ------------------------------------------------------------------------------------------------

    fn opener(&mut self, byte: u8) {
        let start = self.at;
        if byte == b'{' && self.byte(start + 1) == b'{' && self.template_closes(start) {
            self.foreign();
            return;
        }
        self.token(start);
        let mut frame = bracket(start, byte);
        frame.indent = self.indent;
        frame.line = self.line;
        frame.first_segment = self.segments.len();
        frame.holds_members = byte == b'{' && self.record && self.holds_members(start);
        self.push(Frame::Bracket(frame), byte);
        self.at += 1;
        self.last_token = self.at;
    }

    /// Whether `}}` stands further on in this line. The line is searched once.
    fn template_closes(&mut self, start: usize) -> bool {
        let end = match self.templates {
            Some((line, end)) if line == self.line => end,
            _ => {
                let line = self.line_end(start);
                let last = self.text.get(start..line).and_then(|rest| rest.rfind("}}"));
                let end = last.map_or(0, |n| start + n);
                self.templates = Some((self.line, end));
                end
            }
        };
        end > start
    }

    fn push(&mut self, frame: Frame, byte: u8) {
        self.stack.push(frame);
        self.depth += 1;
        if let Some(open) = self.open.get_mut(slot(byte)) {
            *open += 1;
        }
        if self.depth > MAX_NESTING {
            self.report_too_deep(self.at, 1);
        }
    }

    fn report_too_deep(&mut self, at: usize, len: usize) {
        if !self.too_deep {
            self.too_deep = true;
            let span = self.span(at, at + len);
            self.fault(at, super::errors::too_deep(span, MAX_NESTING), Mend::lose_item());
        }
    }

    /// Whether the brace at `at` holds members: after `match x`, `by x` and `.` it does not.
    fn holds_members(&self, at: usize) -> bool {
        let start = match self.stack.last() {
            Some(Frame::Bracket(bracket) | Frame::Hole(bracket)) => bracket.segment,
            _ => self.top.segment,
        };
        let head = start.and_then(|(start, _)| self.text.get(start..at)).unwrap_or("");
        if head.ends_with('.') {
            return false;
        }
        let tail = head.rsplit(['=', '(', '[', '{', ',', '}', '>', ':', '\n']).next().unwrap_or("");
        !tail.split_ascii_whitespace().any(|word| word == "match" || word == "by")
    }

    fn closer(&mut self, byte: u8) {
        let start = self.at;
        let first_of_line = self.line_begins;
        self.line_begins = false;
        let kind = slot(byte);
        if self.open.get(kind).copied().unwrap_or(0) == 0 && !self.wrong_closer(byte) {
            self.stray_closer(byte);
            return;
        }
        if self.open.get(kind).copied().unwrap_or(0) > 0 && !self.top_is(byte) {
            self.mismatch(byte);
        }
        self.at = start + 1;
        self.line_begins = false;
        let frame = self.pop();
        if let Some(Frame::Bracket(frame)) = frame {
            self.last_token = start + 1;
            if first_of_line && self.indent < frame.indent && frame.line != self.line {
                let line = self.line;
                let parent = self.bracket_mut();
                if parent.inner.is_none() {
                    parent.inner = Some((frame.at, line));
                }
            }
        }
    }

    fn top_is(&self, byte: u8) -> bool {
        match self.stack.last() {
            Some(Frame::Bracket(bracket) | Frame::Hole(bracket)) => {
                slot(bracket.open) == slot(byte)
            }
            Some(Frame::Text { .. }) | None => false,
        }
    }

    /// Takes the innermost bracket or hole away.
    fn pop(&mut self) -> Option<Frame> {
        let mut frame = self.stack.pop()?;
        match &mut frame {
            Frame::Bracket(bracket) => {
                self.depth -= 1;
                let kind = slot(bracket.open);
                if let Some(open) = self.open.get_mut(kind) {
                    *open = open.saturating_sub(1);
                }
                let done = bracket.segment.take();
                self.finish_segment(done);
                if self.record {
                    let first = bracket.first_segment.min(self.segments.len());
                    let segments = self.segments.split_off(first);
                    if bracket.open == b'{' {
                        let at = extent(bracket.at, (self.at).max(bracket.at + 1));
                        let holds_members = bracket.holds_members;
                        self.outline.bodies.push(OutlineBody { at, segments, holds_members });
                    }
                }
            }
            Frame::Hole(bracket) => {
                self.depth -= 1;
                self.open = self.saved_open.pop().unwrap_or_default();
                self.segments.truncate(bracket.first_segment);
            }
            Frame::Text { kind, .. } => {
                if kind.one_line() {
                    self.one_line_texts -= 1;
                }
            }
        }
        Some(frame)
    }

    /// `byte` closes something below the innermost bracket: what lies between is never closed.
    fn mismatch(&mut self, byte: u8) {
        let closer = self.at;
        let mut unclosed = Vec::new();
        while !self.top_is(byte) {
            match self.pop() {
                Some(Frame::Bracket(bracket)) => unclosed.push(bracket),
                Some(Frame::Hole(_) | Frame::Text { .. }) => {}
                None => break,
            }
        }
        let Some(&outer) = unclosed.last() else { return };
        let end = match outer.suspect {
            Some(line) if line < closer => line - 1,
            _ => closer,
        };
        let mend = Mend::lose(outer.at, outer.at, end);
        let diagnostic = self.unclosed(&unclosed, Some(closer), end);
        self.fault(outer.at, diagnostic, mend);
    }

    /// Whether `byte` stands where the closer of a bracket of this very line is due: a slip of the finger.
    fn wrong_closer(&mut self, byte: u8) -> bool {
        let Some(&Frame::Bracket(top)) = self.stack.last() else { return false };
        if top.line != self.line {
            return false;
        }
        let start = self.at;
        let closer = closer_of(top.open);
        let (open, at) = (self.span(top.at, top.at + 1), self.span(start, start + 1));
        let diagnostic = super::errors::wrong_closer(at, open, char::from(byte), closer);
        let mut mend = Mend::blank(start, start);
        mend.put.push((offset(start), u8::try_from(closer).unwrap_or(b'}')));
        self.fault(start, diagnostic, mend);
        true
    }

    fn stray_closer(&mut self, byte: u8) {
        let start = self.at;
        let mut end = start + 1;
        while self.byte(end) == byte {
            end += 1;
        }
        let unwanted = self.open.get(slot(byte)).copied().unwrap_or(0) == 0;
        if unwanted {
            let span = self.span(start, end);
            let word = self.text.get(start..end).unwrap_or("");
            let diagnostic = super::errors::stray_closer(span, word);
            self.fault(start, diagnostic, Mend::blank(start, end));
        }
        self.at = end;
    }

    fn unclosed(&self, frames: &[Bracket], closer: Option<usize>, end: usize) -> Diagnostic {
        let openers: Vec<(Span, char)> = frames
            .iter()
            .map(|frame| (self.span(frame.at, frame.at + 1), char::from(frame.open)))
            .collect();
        let closer = closer.map(|at| self.span(at, at + 1));
        let insert = self.end_of_code(frames.last().map_or(end, |frame| frame.at), end);
        super::errors::unclosed_block(&openers, closer, self.span(insert, insert))
    }

    /// One past the last byte before `end` that is not blank.
    fn end_of_code(&self, start: usize, end: usize) -> usize {
        start + self.text.get(start..end).unwrap_or("").trim_end().len()
    }

    /// At a line before which an opener was found to end: ends it.
    fn force_close(&mut self) {
        let Some(&(_, opener)) = self.forced.iter().find(|&&(line, _)| line == self.line) else {
            return;
        };
        let line = self.line;
        self.close_through(opener, line);
    }

    /// Takes away every bracket down to `opener`, as if closed before `end`.
    fn close_through(&mut self, opener: usize, end: usize) {
        let found = self
            .stack
            .iter()
            .any(|frame| matches!(frame, Frame::Bracket(bracket) if bracket.at == opener));
        if !found {
            return;
        }
        let mut unclosed = Vec::new();
        while let Some(frame) = self.pop() {
            if let Frame::Bracket(bracket) = frame {
                unclosed.push(bracket);
                if bracket.at == opener {
                    break;
                }
            }
        }
        let Some(&outer) = unclosed.last() else { return };
        let closers: String = unclosed.iter().map(|frame| closer_of(frame.open)).collect();
        let last = self.stack.is_empty();
        let next = self.bytes.get(end + self.indent).copied().unwrap_or(0);
        let mend = if last {
            Mend::append(opener, &closers)
        } else if closers == "}" && end > 0 && is_closer(next) {
            Mend::put(opener, end - 1, b'}', None)
        } else if closers == "}" && self.indent > 0 && end > 0 {
            Mend::put(opener, end - 1, b'}', Some(end))
        } else {
            Mend::lose(outer.at, outer.at, end.saturating_sub(1))
        };
        let diagnostic = self.unclosed(&unclosed, None, end);
        self.fault(opener, diagnostic, mend);
        if last && end < self.bytes.len() {
            self.close_segment_of_top();
            self.top = bracket(end, 0);
            self.items.push(extent(self.item_start, end));
            self.start_item(end);
        } else {
            let here = self.at;
            self.separate(here);
        }
    }

    // ---- texts ---------------------------------------------------------------------------------------------------

    fn text_opener(&mut self) {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or(&[]);
        let ticks = |from: usize| {
            rest.get(from..).unwrap_or(&[]).iter().take_while(|&&b| b == b'`').count()
        };
        let (kind, length) = match rest.first() {
            Some(b'#') if rest.get(1) == Some(&b'"') => (TextKind::HashQuoted, 2),
            Some(b'#') if ticks(1) >= 3 => (TextKind::HashFence, 4),
            Some(b'#') => (TextKind::HashRaw, 2),
            Some(b'`') => match ticks(0) {
                1 => (TextKind::Raw, 1),
                2 => (TextKind::Raw, 2),
                count => (TextKind::Fence(count), count),
            },
            _ if rest.starts_with(b"\"\"\"") => (TextKind::Block, 3),
            _ if rest.starts_with(b"\"\"") => (TextKind::Quoted, 2),
            _ => (TextKind::Quoted, 1),
        };
        self.token(start);
        self.at = start + length;
        self.last_token = self.at;
        if length == 2 && matches!(kind, TextKind::Raw | TextKind::Quoted) {
            return;
        }
        if !kind.one_line() {
            if let Some(&(_, end)) = self.forced_texts.iter().find(|&&(at, _)| at == start) {
                self.lose_text(start, end);
                return;
            }
            let line = self.line_end(self.at);
            let word = self.text.get(self.at..line).unwrap_or("").trim();
            let language = word.bytes().all(|b| b.is_ascii_alphanumeric());
            if !language || (kind == TextKind::Block && !word.is_empty()) {
                self.misopened(kind, start, line);
                return;
            }
            if !self.closers.has_after(kind, line) {
                let end = self.text_end_by_indentation(start);
                self.lose_text(start, end);
                return;
            }
        } else {
            self.one_line_texts += 1;
        }
        let indent = self.indent;
        self.stack.push(Frame::Text { kind, at: start, indent });
    }

    /// A text of lines whose opener does not end its line: read to the closer on that line, or to its end.
    fn misopened(&mut self, kind: TextKind, start: usize, line: usize) {
        let mark = match kind {
            TextKind::Fence(count) => "`".repeat(count),
            TextKind::HashFence => "```#".to_owned(),
            _ => "\"\"\"".to_owned(),
        };
        let here = self.text.get(self.at..line).unwrap_or("").find(&mark);
        let end = here
            .map(|n| self.at + n + mark.len())
            .or_else(|| self.closer_below(kind, line))
            .unwrap_or(line);
        let span = self.span(start, self.at);
        let diagnostic =
            super::errors::text_beside_opener(span, self.text.get(start..self.at).unwrap_or(""));
        self.fault(start, diagnostic, Mend::lose(start, start, end));
        self.at = end;
        self.last_token = end;
    }

    /// One past a closer of a text of lines, if a line close below `line` is one.
    fn closer_below(&self, kind: TextKind, line: usize) -> Option<usize> {
        let mut at = line;
        for _ in 0..MAX_LINES_OF_STRING {
            if at >= self.bytes.len() {
                return None;
            }
            if let Some(end) = closer_at(self.text, at + 1, kind) {
                return Some(end);
            }
            at = self.line_end(at + 1);
        }
        None
    }

    /// The start of the first line after `start` that is indented no further than its own, and reads like code.
    fn text_end_by_indentation(&self, start: usize) -> usize {
        let mut at = self.line_end(start);
        while at < self.bytes.len() {
            let line = at + 1;
            let end = self.line_end(line);
            let body = self.text.get(line..end).unwrap_or("");
            let indent = body.len() - body.trim_start_matches([' ', '\t']).len();
            if indent <= self.indent && begins_member(body) {
                return line;
            }
            at = end;
        }
        self.bytes.len()
    }

    /// A text of lines that is never closed: what follows on lines that are indented further is lost.
    fn lose_text(&mut self, start: usize, end: usize) {
        let opener = self.span(start, self.at);
        let word = self.text.get(start..self.at).unwrap_or("");
        let diagnostic = super::errors::unclosed_text(opener, word);
        let keep = if end < self.bytes.len() { end.saturating_sub(1) } else { end };
        self.fault(start, diagnostic, Mend::lose(start, start, keep));
        self.at = keep;
    }

    fn text_step(&mut self, kind: TextKind) {
        let byte = self.byte(self.at);
        match byte {
            b'\\' => {
                let next = self.byte(self.at + 1);
                let hash =
                    matches!(kind, TextKind::HashQuoted | TextKind::HashRaw | TextKind::HashFence);
                if hash && next == b'#' && self.byte(self.at + 2) == b'(' {
                    self.open_hole(3);
                } else if !hash && next == b'(' {
                    self.open_hole(2);
                } else if next == b'\n' || next == b'\r' || hash {
                    self.at += 1;
                } else if matches!(kind, TextKind::Raw | TextKind::Fence(_)) && next != b'\\' {
                    self.at += 1;
                } else {
                    self.at += 1;
                    self.at += self.rest(self.at).chars().next().map_or(0, char::len_utf8);
                }
            }
            b'\n' if kind.one_line() => self.unclosed_line_text(),
            b'\n' => self.text_line(kind),
            b'"' if kind == TextKind::Quoted => self.close_text(1),
            b'`' if kind == TextKind::Raw => self.close_text(1),
            b'"' if kind == TextKind::HashQuoted && self.byte(self.at + 1) == b'#' => {
                self.close_text(2);
            }
            b'`' if kind == TextKind::HashRaw && self.byte(self.at + 1) == b'#' => {
                self.close_text(2)
            }
            _ => {
                let stops: &[u8] = b"\\\n\"`";
                let rest = self.bytes.get(self.at + 1..).unwrap_or(&[]);
                let next = rest.iter().position(|b| stops.contains(b)).unwrap_or(rest.len());
                self.at += 1 + next;
            }
        }
    }

    fn open_hole(&mut self, length: usize) {
        let mut hole = bracket(self.at, b'(');
        hole.indent = self.indent;
        hole.line = self.line;
        hole.first_segment = self.segments.len();
        self.saved_open.push(std::mem::take(&mut self.open));
        self.push(Frame::Hole(hole), b'(');
        self.at += length;
    }

    fn close_text(&mut self, length: usize) {
        self.at += length;
        self.last_token = self.at;
        self.pop();
    }

    /// At a line's end inside a text of lines: closes it if the next line is its closer.
    fn text_line(&mut self, kind: TextKind) {
        let line = self.at + 1;
        self.line = line;
        match closer_at(self.text, line, kind) {
            Some(end) => {
                self.at = end;
                self.last_token = end;
                self.pop();
                self.line_begins = false;
            }
            None => self.at = line,
        }
    }

    /// A text of one line meets the line's end.
    fn unclosed_line_text(&mut self) {
        let end = self.at;
        let index = self
            .stack
            .iter()
            .position(|frame| matches!(frame, Frame::Text { kind, .. } if kind.one_line()));
        let Some(index) = index else { return };
        let mut opened = end;
        let mut kind = TextKind::Quoted;
        while self.stack.len() > index {
            if let Some(Frame::Text { at, kind: text, .. }) = self.pop() {
                opened = at;
                kind = text;
            }
        }
        let end = self.end_of_code(opened, end).max(opened + 1);
        // closers that the text swallowed and that fit what its own line opened
        let mut kept = Vec::new();
        for at in opened + 1..end {
            let byte = self.byte(at);
            let fits = is_closer(byte)
                && self.top_is(byte)
                && matches!(self.stack.last(), Some(Frame::Bracket(b)) if b.line == self.line);
            if fits {
                self.pop();
                kept.push(at);
            }
        }
        if kept.is_empty()
            && let Some(close) = self.closed_later(opened, kind)
        {
            let diagnostic = super::errors::string_over_lines(
                self.span(opened, opened + 1),
                self.span(close, close + 1),
            );
            self.fault(opened, diagnostic, Mend::lose(opened, opened, close + 1));
            self.at = close + 1;
            self.last_token = self.at;
            return;
        }
        let word = if matches!(kind, TextKind::Raw | TextKind::HashRaw) { "`" } else { "\"" };
        let insert = kept.first().map_or(end, |&at| self.end_of_code(opened, at));
        let (open, place) = (self.span(opened, opened + 1), self.span(insert, insert));
        let diagnostic = super::errors::unclosed_string(open, place, word);
        self.fault(opened, diagnostic, Mend::lose_but(opened, opened, end, kept));
        self.last_token = end;
    }

    /// Where a text that should have ended on its line seems to: at the only mark of a line close by that
    /// follows something and is followed by nothing.
    fn closed_later(&self, opened: usize, kind: TextKind) -> Option<usize> {
        let mark = match kind {
            TextKind::Quoted => '"',
            TextKind::Raw => '`',
            _ => return None,
        };
        let mut line = self.line_end(opened) + 1;
        for _ in 0..MAX_LINES_OF_STRING {
            let end = self.line_end(line.min(self.bytes.len()));
            let body = self.text.get(line..end)?;
            if let Some(first) = body.find(mark) {
                let before = body.get(..first)?.chars().next_back();
                let after = body.get(first + 1..)?.trim();
                let closes = before
                    .is_none_or(|c| !matches!(c, ' ' | '\t' | '=' | '(' | '[' | '{' | ',' | ':'))
                    || body.trim() == mark.to_string();
                return (closes && after.chars().all(|c| matches!(c, ',' | '}' | ')' | ']' | ' ')))
                    .then_some(line + first);
            }
            line = end + 1;
        }
        None
    }

    // ---- the end -------------------------------------------------------------------------------------------------

    /// Settles what is open at the file's end. Gives whether to go on from somewhere.
    fn end_of_file(&mut self) -> bool {
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
    fn rewind(&mut self) {
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

    fn span(&self, start: usize, end: usize) -> Span {
        Span::at(self.file, extent(start, end))
    }

    fn fault(&mut self, at: usize, diagnostic: Diagnostic, mend: Mend) {
        self.faults.push(Fault { at: offset(at), diagnostic, mend });
    }

    /// Signs of other languages that would confuse the reading of what follows.
    fn foreign(&mut self) {
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
            _ => self.faults.push(found.fault),
        }
    }
}

fn bracket(at: usize, open: u8) -> Bracket {
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

fn extent(start: usize, end: usize) -> Extent {
    Extent::new(offset(start), offset(end))
}

const fn is_closer(byte: u8) -> bool {
    matches!(byte, b'}' | b')' | b']')
}

const fn slot(byte: u8) -> usize {
    match byte {
        b'(' | b')' => 0,
        b'[' | b']' => 1,
        _ => 2,
    }
}

const fn closer_of(open: u8) -> char {
    match open {
        b'(' => ')',
        b'[' => ']',
        _ => '}',
    }
}

/// Whether a line that begins so goes on with what the line before began.
fn goes_on(rest: &[u8]) -> bool {
    rest.starts_with(b"&&")
        || rest.starts_with(b"|")
        || rest.starts_with(b"??")
        || rest.starts_with(b",")
        || [&b"then"[..], b"else", b"because"].iter().any(|word| {
            rest.strip_prefix(*word).is_some_and(|after| {
                !after
                    .first()
                    .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
            })
        })
}

/// Whether a line looks like a member's first, or like the end of a body.
fn begins_member(line: &str) -> bool {
    let line = line.trim();
    let word = line.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    line.starts_with(['}', ')', ']']) || (word && line.contains(['=', '{']))
}

fn ends_in_word(head: &[u8], word: &[u8]) -> bool {
    head.strip_suffix(word).is_some_and(|before| {
        before
            .last()
            .is_none_or(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')))
    })
}

/// One past the closer of a text, if the line at `line` is one.
fn closer_at(text: &str, line: usize, kind: TextKind) -> Option<usize> {
    let rest = text.get(line..)?;
    let body = rest.trim_start_matches([' ', '\t']);
    let at = line + (rest.len() - body.len());
    let ticks = body.bytes().take_while(|&b| b == b'`').count();
    match kind {
        TextKind::Block => body.starts_with("\"\"\"").then_some(at + 3),
        TextKind::Fence(count) => (ticks == count).then_some(at + count),
        TextKind::HashFence => body.starts_with("```#").then_some(at + 4),
        TextKind::Quoted | TextKind::Raw | TextKind::HashQuoted | TextKind::HashRaw => None,
    }
}

/// The last place where a text of each kind could be closed, so that an opener behind it is known to be
/// unclosed without reading on to the end.
struct Closers {
    block: Option<usize>,
    hash: Option<usize>,
    fences: Vec<(usize, usize)>,
}

impl Closers {
    fn of(text: &str) -> Self {
        let mut found = Self { block: None, hash: None, fences: Vec::new() };
        if !text.contains("```") && !text.contains("\"\"\"") {
            return found;
        }
        let mut line = 0;
        for body in text.split_inclusive('\n') {
            let start = body.trim_start_matches([' ', '\t']);
            if start.starts_with("\"\"\"") {
                found.block = Some(line);
            } else if start.starts_with("```") {
                if start.starts_with("```#") {
                    found.hash = Some(line);
                }
                let ticks = start.bytes().take_while(|&b| b == b'`').count();
                match found.fences.iter_mut().find(|(count, _)| *count == ticks) {
                    Some((_, last)) => *last = line,
                    None => found.fences.push((ticks, line)),
                }
            }
            line += body.len();
        }
        found
    }

    fn has_after(&self, kind: TextKind, at: usize) -> bool {
        let last = match kind {
            TextKind::Block => self.block,
            TextKind::HashFence => self.hash,
            TextKind::Fence(ticks) => {
                self.fences.iter().find(|(count, _)| *count == ticks).map(|&(_, last)| last)
            }
            TextKind::Quoted | TextKind::Raw | TextKind::HashQuoted | TextKind::HashRaw => None,
        };
        last.is_some_and(|last| last > at)
    }
}
