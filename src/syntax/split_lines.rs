//! The scanner at the ends of lines: whether a member ends there or goes on.

use super::split::{Frame, Scanner};

impl Scanner<'_> {
    pub(super) fn newline(&mut self) {
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

    pub(super) fn begin_line(&mut self, line: usize) {
        self.line = line;
        let rest = self.bytes.get(line..).unwrap_or(&[]);
        self.indent = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        self.line_begins = true;
    }

    /// Notes that a separator stands here.
    pub(super) fn separate(&mut self, after: usize) {
        let frame = self.bracket_mut();
        if frame.segment.is_some() && frame.pending.is_none() {
            frame.pending = Some(after);
        }
    }

    /// Whether the comma just read stands within a member: `for k, v in`, or between the bases of a block.
    pub(super) fn comma_goes_on(&self) -> bool {
        let segment = match self.stack.last() {
            Some(Frame::Bracket(bracket) | Frame::Hole(bracket)) => bracket.segment,
            _ => self.top.segment,
        };
        let head = segment.and_then(|(start, _)| self.text.get(start..self.at)).unwrap_or("");
        let clause = head.rfind("for ").and_then(|at| head.get(at..)).unwrap_or("");
        if !clause.is_empty() && !clause.contains(" in ") {
            return true;
        }
        let rest = self.rest(self.at).trim_start();
        let length = rest
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
            .count();
        let (path, behind) = rest.split_at(length);
        let upper =
            path.rsplit('.').next().unwrap_or("").starts_with(|c: char| c.is_ascii_uppercase());
        upper && behind.trim_start().starts_with([',', '{']) && head.contains(':')
    }

    /// Whether the tokens before a line's end want more.
    pub(super) fn goes_on_after(&self, end: usize) -> bool {
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
}

/// Whether a line that begins so goes on with what the line before began.
pub(super) fn goes_on(rest: &[u8]) -> bool {
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
pub(super) fn begins_member(line: &str) -> bool {
    let line = line.trim();
    let word = line.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    line.starts_with(['}', ')', ']']) || (word && line.contains(['=', '{']))
}

pub(super) fn ends_in_word(head: &[u8], word: &[u8]) -> bool {
    head.strip_suffix(word).is_some_and(|before| {
        before
            .last()
            .is_none_or(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')))
    })
}
