//! What stands between two tokens: blanks, ends of lines, separators, comments.

/// A comment, `//` to the end of its line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comment<'t> {
    /// As written, without blanks behind it.
    pub(super) text: &'t str,
    /// Whether nothing but blanks stands before it on its line.
    pub(super) own_line: bool,
    /// Whether an empty line stands before it.
    pub(super) blank_before: bool,
}

/// The gap before a token.
#[derive(Default, Debug)]
pub(super) struct Gap<'t> {
    /// Its comments, in order.
    pub(super) comments: Vec<Comment<'t>>,
    /// Whether a line ends in it.
    pub(super) line: bool,
    /// Whether an empty line stands right before the token.
    pub(super) blank: bool,
    /// Where the token starts.
    pub(super) end: usize,
}

impl Gap<'_> {
    /// Whether what follows it cannot stand on the same line, or was not meant to.
    pub(super) const fn breaks(&self) -> bool {
        self.line || !self.comments.is_empty()
    }
}

/// The gap that begins at byte `start`; commas belong to it where `commas` says so.
pub(super) fn gap_at(text: &str, start: usize, commas: bool) -> Gap<'_> {
    let bytes = text.as_bytes();
    let mut gap = Gap { end: start, ..Gap::default() };
    let mut lines = 0;
    while let Some(&byte) = bytes.get(gap.end) {
        match byte {
            b'\n' => {
                lines += 1;
                gap.line = true;
                gap.end += 1;
            }
            b' ' | b'\t' | b'\r' => gap.end += 1,
            b',' if commas => gap.end += 1,
            b'/' if bytes.get(gap.end + 1) == Some(&b'/') => {
                let rest = text.get(gap.end..).unwrap_or("");
                let line = rest.split('\n').next().unwrap_or("");
                gap.comments.push(Comment {
                    text: line.trim_end(),
                    own_line: gap.line,
                    blank_before: lines > 1,
                });
                lines = 0;
                gap.end += line.len();
            }
            _ => break,
        }
    }
    gap.blank = lines > 1;
    gap
}

#[cfg(test)]
mod tests {
    use super::gap_at;

    #[test]
    fn a_gap_knows_its_comments_and_empty_lines() {
        let gap = gap_at(" // a \r\n\n\n // b\n\n,x", 0, true);
        let shown: Vec<_> =
            gap.comments.iter().map(|c| (c.text, c.own_line, c.blank_before)).collect();
        assert_eq!(shown, [("// a", false, false), ("// b", true, true)]);
        assert!(gap.line && gap.blank);
        assert_eq!(gap.end, 18);
        let gap = gap_at(" , x", 0, false);
        assert!(!gap.breaks() && gap.comments.is_empty());
        assert_eq!(gap.end, 1);
    }
}
