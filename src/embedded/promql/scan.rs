//! The signs and words of a query, and whether its brackets and texts are closed.
//!
//! Looked at before the grammar, so that no recursion meets more nesting than it can bear, and so that a missing bracket is
//! told at its opener rather than at the end of the query.

use super::problem::PromqlError;
use super::{HOLE, Options, errors};
use crate::embedded::text::extent;
use crate::source::Extent;

/// How deep brackets may be nested.
pub(super) const DEPTH: usize = 64;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A name or keyword.
    Word,
    /// What begins with a digit.
    Number,
    /// A text in quotes.
    Text,
    /// A variable of Grafana or a hole.
    Variable,
    /// An operator, a comma, a colon.
    Sign,
    /// `(`, `[`, `{`
    Open,
    /// `)`, `]`, `}`
    Close,
    /// A character that no query holds outside of texts.
    Other,
}

/// A token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: Extent,
}

/// Signs of more than one character, and what people write for them.
const SIGNS: &[&str] = &[
    "===", "!==", "==", "=~", "!~", "~=", "!=", ">=", "<=", "=>", "=<", "<>", "**", "&&", "||",
    ":=",
];

/// The tokens of a query, and the place of a text's quote that nothing closes.
pub(super) fn tokens(text: &str) -> (Vec<Token>, Option<Extent>) {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        let (kind, length) = match first {
            ' ' | '\t' | '\n' | '\r' => {
                at += 1;
                continue;
            }
            '#' => {
                at += rest.find(['\n', '\r']).unwrap_or(rest.len());
                continue;
            }
            '"' | '\'' | '`' => match text_length(rest, first) {
                Some(length) => (Kind::Text, length),
                None => return (tokens, Some(extent(at, at + 1))),
            },
            '(' | '{' => (Kind::Open, 1),
            '[' => match variable_length(rest) {
                Some(length) => (Kind::Variable, length),
                None => (Kind::Open, 1),
            },
            ')' | ']' | '}' => (Kind::Close, 1),
            '$' | HOLE => match variable_length(rest) {
                Some(length) => (Kind::Variable, length),
                None => (Kind::Other, 1),
            },
            first if first.is_ascii_digit() || (first == '.' && second_is_digit(rest)) => {
                (Kind::Number, number_length(rest))
            }
            first if first.is_alphabetic() || first == '_' => (Kind::Word, word_length(rest)),
            first => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                match sign {
                    Some(sign) => (Kind::Sign, sign.len()),
                    None if "+-*/%^=<>@,:".contains(first) => (Kind::Sign, 1),
                    None => (Kind::Other, first.len_utf8()),
                }
            }
        };
        tokens.push(Token { kind, at: extent(at, at + length) });
        at += length;
    }
    (tokens, None)
}

fn second_is_digit(rest: &str) -> bool {
    rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
}

fn text_length(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            '\n' if quote != '`' => return None,
            _ if escaped => escaped = false,
            '\\' if quote != '`' => escaped = true,
            letter if letter == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn number_length(rest: &str) -> usize {
    let is_hex = rest.starts_with("0x") || rest.starts_with("0X");
    let bytes = rest.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let is_exponent = !is_hex
            && matches!(byte, b'+' | b'-')
            && at
                .checked_sub(1)
                .and_then(|before| bytes.get(before))
                .is_some_and(|before| matches!(before, b'e' | b'E'))
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        if !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.') || is_exponent) {
            break;
        }
        at += 1;
    }
    at
}

fn word_length(rest: &str) -> usize {
    rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':'))).unwrap_or(rest.len())
}

/// How long a variable of Grafana or a hole is that a text begins with.
pub(super) fn variable_length(rest: &str) -> Option<usize> {
    let closed = |open: &str, close: &str, never: char| {
        let inner = rest.strip_prefix(open)?;
        // The first bracket of either sort must be the end.
        let end = inner.find([never, close.chars().next()?])?;
        let is_closed = end > 0 && inner.get(end..)?.starts_with(close);
        is_closed.then_some(open.len() + end + close.len())
    };
    if rest.starts_with(HOLE) {
        return Some(HOLE.len_utf8());
    }
    if let Some(length) = closed("${", "}", '{').or_else(|| closed("[[", "]]", '[')) {
        return Some(length);
    }
    let name = rest.strip_prefix('$')?;
    if !name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        return None;
    }
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    Some(1 + end.unwrap_or(name.len()))
}

/// Whether brackets and texts are closed, and nesting bearable.
pub(super) fn scan(text: &str, options: Options) -> Result<(), Box<PromqlError>> {
    let (tokens, open_text) = tokens(text);
    let mut open: Vec<(char, Extent)> = Vec::new();
    for token in &tokens {
        let sign = token.at.of(text).chars().next().unwrap_or(' ');
        match token.kind {
            Kind::Open => {
                open.push((sign, token.at));
                if open.len() > DEPTH {
                    return Err(Box::new(errors::too_deep(token.at, DEPTH)));
                }
            }
            Kind::Close => match open.pop() {
                Some((opener, _)) if pair(opener) == sign => {}
                Some((opener, at)) => {
                    return Err(Box::new(errors::crossed((opener, at), sign, token.at)));
                }
                None => return Err(Box::new(errors::unopened(sign, token.at))),
            },
            Kind::Variable if !options.grafana => {
                let is_hole = sign == HOLE && options.holes;
                if !is_hole {
                    return Err(Box::new(errors::variable(token.at, token.at.of(text))));
                }
            }
            Kind::Word | Kind::Number | Kind::Text | Kind::Variable | Kind::Sign | Kind::Other => {}
        }
    }
    if let Some(at) = open_text {
        return Err(Box::new(errors::open_text(at, at.of(text))));
    }
    match open.last() {
        Some(&(opener, at)) => Err(Box::new(errors::unclosed(opener, at, text.len()))),
        None => Ok(()),
    }
}

/// What closes a bracket.
pub(super) const fn pair(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}
