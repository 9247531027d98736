//! The scanner at brackets: nesting, and closers that are missing or too many.

use super::errors;
use super::faults::Mend;
use super::lower::offset;
use super::split::{
    Bracket, Frame, OutlineBody, Scanner, bracket, closer_of, extent, is_closer, slot,
};
use crate::diag::Diagnostic;
use crate::source::Span;

/// Bytes of a line in which a closer is looked for.
const MAX_LOOKED_AHEAD: usize = 400;

impl Scanner<'_> {
    pub(super) fn opener(&mut self, byte: u8) {
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
    pub(super) fn template_closes(&mut self, start: usize) -> bool {
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

    pub(super) fn push(&mut self, frame: Frame, byte: u8) {
        self.stack.push(frame);
        self.depth += 1;
        if let Some(open) = self.open.get_mut(slot(byte)) {
            *open += 1;
        }
        if self.depth > self.nesting {
            self.report_too_deep(self.at, 1);
        }
    }

    pub(super) fn report_too_deep(&mut self, at: usize, len: usize) {
        if !self.too_deep {
            self.too_deep = true;
            let span = self.span(at, at + len);
            self.fault(at, errors::too_deep(span, self.nesting), Mend::lose_item());
        }
    }

    /// Whether the brace at `at` holds members: after `match x`, `by x` and `.` it does not.
    pub(super) fn holds_members(&self, at: usize) -> bool {
        let start = match self.stack.last() {
            Some(Frame::Bracket(bracket) | Frame::Hole(bracket)) => bracket.segment,
            _ => self.top.segment,
        };
        let head = start.and_then(|(start, _)| self.text.get(start..at)).unwrap_or("").trim_end();
        if head.ends_with('.') {
            return false;
        }
        // the subject of a `match` has no braces of its own, and `by` one word
        let near = head.rsplit(['{', '}']).next().unwrap_or("");
        let mut words =
            near.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')));
        let by = words.clone().rev().filter(|word| !word.is_empty()).nth(1) == Some("by");
        !by && !words.any(|word| word == "match")
    }

    pub(super) fn closer(&mut self, byte: u8) {
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

    pub(super) fn top_is(&self, byte: u8) -> bool {
        match self.stack.last() {
            Some(Frame::Bracket(bracket) | Frame::Hole(bracket)) => {
                slot(bracket.open) == slot(byte)
            }
            Some(Frame::Text { .. }) | None => false,
        }
    }

    /// Takes the innermost bracket or hole away.
    pub(super) fn pop(&mut self) -> Option<Frame> {
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
    pub(super) fn mismatch(&mut self, byte: u8) {
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
    pub(super) fn wrong_closer(&mut self, byte: u8) -> bool {
        let Some(&Frame::Bracket(top)) = self.stack.last() else { return false };
        let start = self.at;
        let closer = closer_of(top.open);
        let next = self.rest(start + 1).trim_start_matches([' ', '\t']);
        if top.line != self.line
            || next.starts_with(closer)
            || self.closes_further_on(start, top.open)
        {
            return false;
        }
        let (open, at) = (self.span(top.at, top.at + 1), self.span(start, start + 1));
        let diagnostic = errors::wrong_closer(at, open, char::from(byte), closer);
        let mut mend = Mend::blank(start, start);
        mend.put.push((offset(start), u8::try_from(closer).unwrap_or(b'}')));
        self.fault(start, diagnostic, mend);
        true
    }

    /// Whether the closer of `open` stands further on in this line, as far as is worth looking.
    fn closes_further_on(&self, at: usize, open: u8) -> bool {
        let rest = self.bytes.get(at + 1..).unwrap_or(&[]);
        let line = rest.iter().take(MAX_LOOKED_AHEAD).take_while(|&&byte| byte != b'\n');
        let mut due = 1;
        for &byte in line {
            if byte == open {
                due += 1;
            } else if is_closer(byte) && slot(byte) == slot(open) {
                due -= 1;
            }
        }
        due <= 0
    }

    pub(super) fn stray_closer(&mut self, byte: u8) {
        let start = self.at;
        let mut end = start + 1;
        while self.byte(end) == byte {
            end += 1;
        }
        let unwanted = self.open.get(slot(byte)).copied().unwrap_or(0) == 0;
        if unwanted {
            let span = self.span(start, end);
            let word = self.text.get(start..end).unwrap_or("");
            let diagnostic = errors::stray_closer(span, word);
            self.fault(start, diagnostic, Mend::blank(start, end));
        }
        self.at = end;
    }

    pub(super) fn unclosed(
        &self,
        frames: &[Bracket],
        closer: Option<usize>,
        end: usize,
    ) -> Diagnostic {
        let openers: Vec<(Span, char)> = frames
            .iter()
            .map(|frame| (self.span(frame.at, frame.at + 1), char::from(frame.open)))
            .collect();
        let closer = closer.map(|at| self.span(at, at + 1));
        let insert = self.end_of_code(frames.last().map_or(end, |frame| frame.at), end);
        errors::unclosed_block(&openers, closer, self.span(insert, insert))
    }

    /// One past the last byte before `end` that is not blank.
    pub(super) fn end_of_code(&self, start: usize, end: usize) -> usize {
        start + self.text.get(start..end).unwrap_or("").trim_end().len()
    }

    /// At a line before which an opener was found to end: ends it.
    pub(super) fn force_close(&mut self) {
        let Some(&(_, opener)) = self.forced.iter().find(|&&(line, _)| line == self.line) else {
            return;
        };
        let line = self.line;
        self.close_through(opener, line);
    }

    /// Takes away every bracket down to `opener`, as if closed before `end`.
    pub(super) fn close_through(&mut self, opener: usize, end: usize) {
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
}
