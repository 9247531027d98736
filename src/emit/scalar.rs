//! One scalar: plain where every reader agrees, `|` for clean lines, else JSON's double quotes.
//!
//! The readers that must agree on a plain text: YAML 1.1 (`yes`, `12:30`, `1_000`, dates, `=`, `<<`), YAML 1.2, and
//! Kubernetes' own (`y`, `0755`, `08`, `1e3`, a commit like `1234e56`). Rather than knowing every form of number of
//! every reader, a text that starts with a digit is plain only if it holds a byte that no number and no date holds.

use std::io::Write as _;

/// A byte of ordinary text.
const ORDINARY: u8 = 0;
/// Ends the scalar before a blank, or at the end.
const COLON: u8 = 1;
/// Starts a comment after a blank.
const HASH: u8 = 1 << 1;
const BLANK: u8 = 1 << 2;
const LINE_END: u8 = 1 << 3;
const TAB: u8 = 1 << 4;
/// In no number, date or time of any reader: `256Mi`, `30s`, `10.0.0.0/16`, `25%` are texts for everybody.
const DECISIVE: u8 = 1 << 5;
/// Part of a character outside ASCII.
const FOREIGN: u8 = 1 << 6;
/// A control character: only ever written as an escape.
const CONTROL: u8 = 1 << 7;

const CLASSES: [u8; 256] = {
    let mut table = [ORDINARY; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let class = match byte as u8 {
            b'\n' => LINE_END,
            b'\t' => TAB,
            0..=0x1f | 0x7f => CONTROL,
            b' ' => BLANK,
            b':' => COLON,
            b'#' => HASH,
            b'g'..=b'n' | b'p'..=b's' | b'u'..=b'w' | b'y' => DECISIVE,
            b'G'..=b'N' | b'P'..=b'S' | b'U'..=b'W' | b'Y' => DECISIVE,
            b'/' | b'%' => DECISIVE,
            0x80.. => FOREIGN,
            _ => ORDINARY,
        };
        #[expect(clippy::indexing_slicing, reason = "below 256; evaluated by the compiler")]
        {
            table[byte] = class;
        }
        byte += 1;
    }
    table
};

#[inline]
#[expect(clippy::indexing_slicing, reason = "a table of 256 entries, by a byte")]
fn class(byte: u8) -> u8 {
    CLASSES[usize::from(byte)]
}

/// Values longer than this are quoted, keys longer than [`PLAIN_KEY`].
const PLAIN_VALUE: usize = 1024;
/// Some writers and reviewers' tools treat longer plain keys as complex.
const PLAIN_KEY: usize = 120;
/// A key that takes more characters must stand behind `? `: readers look no further for its colon.
pub(super) const SIMPLE_KEY: usize = 1000;

/// Words that a reader takes for a truth value, nothing, or a number; in any case.
const WORDS: [&[u8]; 12] = [
    b"y",
    b"n",
    b"on",
    b"no",
    b"off",
    b"yes",
    b"nan",
    b"inf",
    b"true",
    b"null",
    b"false",
    b"infinity",
];

fn is_word(text: &[u8]) -> bool {
    text.len() <= 8 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// What a text holds: the classes of all its bytes.
#[inline]
fn classes(text: &[u8]) -> u8 {
    text.iter().fold(ORDINARY, |seen, &byte| seen | class(byte))
}

fn has_pair(text: &[u8], first: u8, second: u8) -> bool {
    text.windows(2).any(|pair| pair == [first, second])
}

fn is_plain(text: &[u8], seen: u8, limit: usize) -> bool {
    if seen & (LINE_END | TAB | FOREIGN | CONTROL) != 0 || text.len() > limit {
        return false;
    }
    let starts = match text {
        [b'a'..=b'z' | b'A'..=b'Z', ..] => !is_word(text),
        [b'/' | b'(' | b'_', ..] | [b'-', b'-', b'a'..=b'z' | b'A'..=b'Z', ..] => true,
        [b'0'..=b'9', ..] => seen & DECISIVE != 0,
        _ => false,
    };
    starts
        && !matches!(text.last(), Some(b' ' | b':'))
        && (seen & (COLON | BLANK) != COLON | BLANK || !has_pair(text, b':', b' '))
        && (seen & (HASH | BLANK) != HASH | BLANK || !has_pair(text, b' ', b'#'))
}

/// A character that a reader ends a line at, refuses, or drops, unless it is escaped.
pub(super) fn needs_escape(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether `|` gives the text back, and looks like it: no blank or line's end in front, no blank at a line's end,
/// nothing that needs an escape.
fn is_literal(text: &str, seen: u8) -> bool {
    let bytes = text.as_bytes();
    seen & LINE_END != 0
        && seen & CONTROL == 0
        && !matches!(bytes, [b' ' | b'\t' | b'\n', ..] | [.., b' ' | b'\t'])
        && (seen & BLANK == 0 || !has_pair(bytes, b' ', b'\n'))
        && (seen & TAB == 0 || !has_pair(bytes, b'\t', b'\n'))
        && (seen & FOREIGN == 0 || !text.chars().any(|c| c != '\n' && c != '\t' && needs_escape(c)))
}

/// Writes a text as a value; the lines of a literal stand `indent` to the right. Gives the number of line ends,
/// the last of which the caller writes: 0 for a scalar of one line.
pub(super) fn value(text: &str, indent: usize, out: &mut Vec<u8>) -> usize {
    let bytes = text.as_bytes();
    let seen = classes(bytes);
    if is_plain(bytes, seen, PLAIN_VALUE) {
        out.extend_from_slice(bytes);
        0
    } else if is_literal(text, seen) {
        literal(bytes, indent, out)
    } else {
        quoted(text, seen, out);
        0
    }
}

/// Writes a text as a key, without its colon.
pub(super) fn key(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let seen = classes(bytes);
    if is_plain(bytes, seen, PLAIN_KEY) {
        out.extend_from_slice(bytes);
    } else {
        quoted(text, seen, out);
    }
}

fn literal(text: &[u8], indent: usize, out: &mut Vec<u8>) -> usize {
    let (chomp, body): (&[u8], &[u8]) = match text {
        [.., b'\n', b'\n'] => (b"|+", text.strip_suffix(b"\n").unwrap_or(text)),
        [body @ .., b'\n'] => (b"|", body),
        body => (b"|-", body),
    };
    out.extend_from_slice(chomp);
    let mut lines = 0;
    for line in body.split(|&byte| byte == b'\n') {
        out.push(b'\n');
        lines += 1;
        if !line.is_empty() {
            blanks(indent, out);
            out.extend_from_slice(line);
        }
    }
    lines
}

fn quoted(text: &str, seen: u8, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = 0;
    let bytes = text.as_bytes();
    let copy = |from: usize, to: usize, out: &mut Vec<u8>| {
        out.extend_from_slice(bytes.get(from..to).unwrap_or_default());
    };
    if seen & FOREIGN == 0 {
        for (at, &byte) in bytes.iter().enumerate() {
            if byte == b'"' || byte == b'\\' || class(byte) & (CONTROL | LINE_END | TAB) != 0 {
                copy(rest, at, out);
                escape(char::from(byte), out);
                rest = at + 1;
            }
        }
    } else {
        for (at, c) in text.char_indices() {
            if c == '"' || c == '\\' || needs_escape(c) {
                copy(rest, at, out);
                escape(c, out);
                rest = at + c.len_utf8();
            }
        }
    }
    copy(rest, bytes.len(), out);
    out.push(b'"');
}

/// Escapes that JSON, YAML 1.1 and YAML 1.2 share. All that need one lie below U+10000.
fn escape(c: char, out: &mut Vec<u8>) {
    let short: &[u8] = match c {
        '"' => b"\\\"",
        '\\' => b"\\\\",
        '\n' => b"\\n",
        '\t' => b"\\t",
        '\r' => b"\\r",
        '\u{8}' => b"\\b",
        '\u{c}' => b"\\f",
        _ => {
            // A vector takes every write.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
            return;
        }
    };
    out.extend_from_slice(short);
}

/// Writes a whole number.
pub(super) fn int(value: i64, out: &mut Vec<u8>) {
    // A vector takes every write.
    let _ = write!(out, "{value}");
}

/// Writes a number with a fraction: always with a point, and a sign in its exponent, since YAML 1.1 takes `1e21` and
/// `1.0e21` for texts.
pub(super) fn float(value: f64, out: &mut Vec<u8>) {
    if !value.is_finite() {
        let word: &[u8] = match (value.is_nan(), value > 0.0) {
            (true, _) => b".nan",
            (false, true) => b".inf",
            (false, false) => b"-.inf",
        };
        out.extend_from_slice(word);
        return;
    }
    let start = out.len();
    // A vector takes every write. The debug form is the shortest that reads back, with a point or an exponent.
    let _ = write!(out, "{value:?}");
    let written = out.get(start..).unwrap_or_default();
    let Some(e) = written.iter().position(|&byte| byte == b'e').map(|at| start + at) else {
        return;
    };
    if out.get(e + 1) != Some(&b'-') {
        out.insert(e + 1, b'+');
    }
    if !out.get(start..e).unwrap_or_default().contains(&b'.') {
        out.splice(e..e, *b".0");
    }
}

/// Writes the blanks in front of a line.
#[inline]
pub(super) fn blanks(count: usize, out: &mut Vec<u8>) {
    const ROW: [u8; 64] = [b' '; 64];
    match ROW.get(..count) {
        Some(blanks) => out.extend_from_slice(blanks),
        None => out.resize(out.len() + count, b' '),
    }
}

#[cfg(test)]
mod tests {
    use super::{float, key, value};

    fn check(text: &str, expected: &str) {
        let mut out = Vec::new();
        value(text, 2, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected, "{text:?}");
    }

    #[test]
    fn texts_that_nobody_mistakes_are_plain() {
        for text in [
            "eu-1",
            "monitoring",
            "256Mi",
            "30s",
            "1h30m",
            "10.0.0.0/16",
            "25%",
            "/var/lib/etcd",
            "--config.file=/etc/x.yaml",
            "ghcr.io/acme/web:1.8.2@sha256:2c26",
            "rate(foo{a=\"x\"}[5m]) > 0",
            "http://orders.shop.svc:9000",
            "a#b",
            "__name__",
            "yes, please",
            "nothing",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn texts_that_some_reader_mistakes_are_quoted() {
        for text in [
            "",
            "y",
            "N",
            "yes",
            "ON",
            "oFF",
            "null",
            "~",
            "0755",
            "08",
            "1e3",
            "1234e56",
            "1_000",
            "12:30",
            "2024-01-02",
            "10.0.1.100",
            "2.4.0",
            "=",
            "<<",
            "- a",
            "a: b",
            "a #b",
            "a:",
            "a ",
            " a",
            "@x",
            "`x`",
            "%x",
            "-c",
            "---",
            "#a",
            "0xdeadbeef",
            "infinity",
        ] {
            check(text, &format!("\"{text}\""));
        }
        check("über", "\"über\"");
        check("a\u{85}b\u{2028}\u{feff}\0\r", r#""a\u0085b\u2028\ufeff\u0000\r""#);
        check("\"\\\t", r#""\"\\\t""#);
    }

    #[test]
    fn clean_lines_stay_lines() {
        check("a\nb", "|-\n  a\n  b");
        check("a\nb\n", "|\n  a\n  b");
        check("a\n\n\n", "|+\n  a\n\n");
        check("a\n\n  b — c\n\td", "|-\n  a\n\n    b — c\n  \td");
        check("---\n...\n", "|\n  ---\n  ...");
        check("\na", r#""\na""#);
        check(" a\nb", r#"" a\nb""#);
        check("a \nb", r#""a \nb""#);
        check("a\r\nb", r#""a\r\nb""#);
        check("a\nb\u{2029}", r#""a\nb\u2029""#);
    }

    #[test]
    fn keys_stand_on_one_line() {
        let mut out = Vec::new();
        key("a\nb", &mut out);
        key(&"k".repeat(121), &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), format!("\"a\\nb\"\"{}\"", "k".repeat(121)));
    }

    #[test]
    fn floats_have_a_point_and_a_signed_exponent() {
        for (number, expected) in [
            (0.5, "0.5"),
            (3.0, "3.0"),
            (-0.0, "-0.0"),
            (1e21, "1.0e+21"),
            (1.5e300, "1.5e+300"),
            (1e-7, "1.0e-7"),
            (-2.25e-9, "-2.25e-9"),
        ] {
            let mut out = Vec::new();
            float(number, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
