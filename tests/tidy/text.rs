//! Rust text without what is not code.

/// What stays beside code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Only code: comments and the insides of literals become blanks.
    Code,
    /// Code and literals: comments become blanks.
    Literals,
}

/// The same text, line by line and column by column, with blanks for what is not kept.
pub(super) fn blanked(text: &str, keep: Keep) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let next = chars.get(at + 1).copied();
        let (end, kept) = match (c, next) {
            ('/', Some('/')) => (line_comment(&chars, at), false),
            ('/', Some('*')) => (block_comment(&chars, at), false),
            ('"', _) => (string(&chars, at), keep == Keep::Literals),
            ('r', Some('"' | '#')) if !is_word(&chars, at) => match raw_string(&chars, at) {
                Some(end) => (end, keep == Keep::Literals),
                None => (at + 1, true),
            },
            ('\'', _) => match character(&chars, at) {
                Some(end) => (end, keep == Keep::Literals),
                None => (at + 1, true),
            },
            _ => (at + 1, true),
        };
        let piece = chars.get(at..end).unwrap_or_default();
        out.extend(piece.iter().map(|&c| if kept || c == '\n' { c } else { ' ' }));
        at = end;
    }
    out
}

/// Whether the character before belongs to the same word, as the `r` of `for"`.
fn is_word(chars: &[char], at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|before| chars.get(before))
        .is_some_and(|c| c.is_alphanumeric() || *c == '_')
}

fn line_comment(chars: &[char], at: usize) -> usize {
    chars.iter().skip(at).position(|&c| c == '\n').map_or(chars.len(), |length| at + length)
}

fn block_comment(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while at < chars.len() {
        match (chars.get(at), chars.get(at + 1)) {
            (Some('/'), Some('*')) => {
                depth += 1;
                at += 2;
            }
            (Some('*'), Some('/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    chars.len()
}

fn string(chars: &[char], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(&c) = chars.get(at) {
        match c {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

fn raw_string(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars.iter().skip(at + 1).take_while(|&&c| c == '#').count();
    let open = at + 1 + hashes;
    (chars.get(open) == Some(&'"')).then_some(())?;
    let closing = (open + 1..chars.len()).find(|&quote| {
        chars.get(quote) == Some(&'"')
            && chars
                .get(quote + 1..=quote + hashes)
                .is_some_and(|tail| tail.iter().all(|&c| c == '#'))
    });
    Some(closing.map_or(chars.len(), |quote| quote + 1 + hashes))
}

/// The end of a character literal; `None` for a lifetime.
fn character(chars: &[char], at: usize) -> Option<usize> {
    if chars.get(at + 1) == Some(&'\\') {
        let length = chars.iter().skip(at + 3).position(|&c| c == '\'')?;
        return Some(at + 3 + length + 1);
    }
    (chars.get(at + 2) == Some(&'\'')).then_some(at + 3)
}

#[test]
fn comments_and_literals_become_blanks() {
    let check = |text: &str, code: &str, literals: &str| {
        assert_eq!(blanked(text, Keep::Code), code);
        assert_eq!(blanked(text, Keep::Literals), literals);
    };
    check("a // b\nc", "a     \nc", "a     \nc");
    check("a /* b /* c */\n */ d", "a             \n    d", "a             \n    d");
    check("f(\"// \\\" x\") y", "f(         ) y", "f(\"// \\\" x\") y");
    check("r#\"a\"b\"# c", "         c", "r#\"a\"b\"# c");
    check("'\"' 'a '\\'' b", "    'a      b", "'\"' 'a '\\'' b");
    check("for\"a\" r#in", "for    r#in", "for\"a\" r#in");
}
