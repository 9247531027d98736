//! The scanner at texts: openers, holes, closers, and texts that are never closed.

use super::errors;
use super::faults::Mend;
use super::split::{Frame, Scanner, TextKind, bracket, is_closer};
use super::split_lines::begins_member;

/// How many lines below an unclosed text its end is looked for.
const MAX_LINES_OF_STRING: usize = 30;

impl Scanner<'_> {
    pub(super) fn text_opener(&mut self) {
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
    pub(super) fn misopened(&mut self, kind: TextKind, start: usize, line: usize) {
        let mark = match kind {
            TextKind::Fence(count) => "`".repeat(count),
            TextKind::HashFence => "```#".to_owned(),
            TextKind::Block
            | TextKind::Quoted
            | TextKind::Raw
            | TextKind::HashQuoted
            | TextKind::HashRaw => "\"\"\"".to_owned(),
        };
        let here = self.text.get(self.at..line).unwrap_or("").find(&mark);
        let end = here
            .map(|n| self.at + n + mark.len())
            .or_else(|| self.closer_below(kind, line))
            .unwrap_or(line);
        let span = self.span(start, self.at);
        let diagnostic =
            errors::text_beside_opener(span, self.text.get(start..self.at).unwrap_or(""));
        self.fault(start, diagnostic, Mend::lose(start, start, end));
        self.at = end;
        self.last_token = end;
    }

    /// One past a closer of a text of lines, if a line close below `line` is one.
    pub(super) fn closer_below(&self, kind: TextKind, line: usize) -> Option<usize> {
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
    pub(super) fn text_end_by_indentation(&self, start: usize) -> usize {
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
    pub(super) fn lose_text(&mut self, start: usize, end: usize) {
        let opener = self.span(start, self.at);
        let word = self.text.get(start..self.at).unwrap_or("");
        let diagnostic = errors::unclosed_text(opener, word);
        let keep = if end < self.bytes.len() { end.saturating_sub(1) } else { end };
        self.fault(start, diagnostic, Mend::lose(start, start, keep));
        self.at = keep;
    }

    pub(super) fn text_step(&mut self, kind: TextKind) {
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
                } else if next == b'\n'
                    || next == b'\r'
                    || hash
                    || (matches!(kind, TextKind::Raw | TextKind::Fence(_)) && next != b'\\')
                {
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

    pub(super) fn open_hole(&mut self, length: usize) {
        let mut hole = bracket(self.at, b'(');
        hole.indent = self.indent;
        hole.line = self.line;
        hole.first_segment = self.segments.len();
        self.saved_open.push(std::mem::take(&mut self.open));
        self.push(Frame::Hole(hole), b'(');
        self.at += length;
    }

    pub(super) fn close_text(&mut self, length: usize) {
        self.at += length;
        self.last_token = self.at;
        self.pop();
    }

    /// At a line's end inside a text of lines: closes it if the next line is its closer.
    pub(super) fn text_line(&mut self, kind: TextKind) {
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
    pub(super) fn unclosed_line_text(&mut self) {
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
            let diagnostic = errors::string_over_lines(
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
        let diagnostic = errors::unclosed_string(open, place, word);
        self.fault(opened, diagnostic, Mend::lose_but(opened, opened, end, kept));
        self.last_token = end;
    }

    /// Where a text that should have ended on its line seems to: at the only mark of a line close by that
    /// follows something and is followed by nothing.
    pub(super) fn closed_later(&self, opened: usize, kind: TextKind) -> Option<usize> {
        let mark = match kind {
            TextKind::Quoted => '"',
            TextKind::Raw => '`',
            TextKind::HashQuoted
            | TextKind::HashRaw
            | TextKind::Block
            | TextKind::Fence(_)
            | TextKind::HashFence => return None,
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
pub(super) struct Closers {
    block: Option<usize>,
    hash: Option<usize>,
    fences: Vec<(usize, usize)>,
}

impl Closers {
    pub(super) fn of(text: &str) -> Self {
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
