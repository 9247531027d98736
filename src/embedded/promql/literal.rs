//! Numbers, durations and texts as Go reads them.

/// A number or duration, in seconds for the latter.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Number {
    /// A plain number.
    Plain(f64),
    /// A duration.
    Seconds(f64),
}

impl Number {
    pub(super) const fn value(self) -> f64 {
        match self {
            Self::Plain(value) | Self::Seconds(value) => value,
        }
    }
}

/// The units of durations, largest first, and their milliseconds.
const UNITS: &[(&str, u64)] = &[
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// The largest duration: nanoseconds in 63 bits.
pub(super) const MOST_SECONDS: f64 = 9_223_372_036.0;

/// What a number or duration is; the reason where it is neither.
pub(super) fn number(text: &str) -> Result<Number, Malformed> {
    if text.eq_ignore_ascii_case("inf") {
        return Ok(Number::Plain(f64::INFINITY));
    }
    if text.eq_ignore_ascii_case("nan") {
        return Ok(Number::Plain(f64::NAN));
    }
    if let Some(number) = plain(text) {
        return Ok(Number::Plain(number));
    }
    duration(text)
}

/// Why a text is no number and no duration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Malformed {
    /// Digits that no unit and no rule of numbers fits.
    Number,
    /// A unit that does not exist, with the one that is meant.
    Unit(String, Option<&'static str>),
    /// A unit twice, or after a smaller one.
    Order(&'static str, &'static str),
    /// A fraction with a unit: `1.5h`, and what it is in whole units.
    Fraction(Option<String>),
    /// More than fits.
    TooLong,
}

/// A number of Go: decimal, octal after a `0`, hexadecimal after `0x`; `_` between digits.
fn plain(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let is_hex = bytes.len() > 2 && bytes.starts_with(b"0x") || bytes.starts_with(b"0X");
    // A `_` stands between digits, or behind `0x`.
    for (index, byte) in bytes.iter().enumerate() {
        let is_digit = |byte: Option<&u8>| {
            byte.is_some_and(|b| if is_hex { b.is_ascii_hexdigit() } else { b.is_ascii_digit() })
        };
        let before = index.checked_sub(1).and_then(|before| bytes.get(before));
        let after_prefix = is_hex && index == 2;
        if *byte == b'_' && !((is_digit(before) || after_prefix) && is_digit(bytes.get(index + 1)))
        {
            return None;
        }
    }
    let bare: String = text.chars().filter(|letter| *letter != '_').collect();
    if is_hex {
        let digits = bare.get(2..)?;
        return i64::from_str_radix(digits, 16).ok().map(as_float);
    }
    let digits = bare.as_bytes();
    if digits.len() > 1
        && digits.first() == Some(&b'0')
        && digits.iter().all(|digit| (b'0'..=b'7').contains(digit))
    {
        return i64::from_str_radix(&bare, 8).ok().map(as_float);
    }
    let is_float = bare.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && bare
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
    if !is_float {
        return None;
    }
    // Go takes numbers that are too large for an error.
    bare.parse::<f64>().ok().filter(|number| number.is_finite())
}

#[expect(clippy::cast_precision_loss, reason = "what Prometheus does")]
const fn as_float(number: i64) -> f64 {
    number as f64
}

fn duration(text: &str) -> Result<Number, Malformed> {
    let mut rest = text;
    let mut milliseconds: u64 = 0;
    let mut last: Option<usize> = None;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (amount, tail) = rest.split_at_checked(digits).ok_or(Malformed::Number)?;
        if amount.is_empty() {
            return Err(Malformed::Number);
        }
        if tail.starts_with('.') {
            return Err(fraction(text));
        }
        let letters = tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let (unit, tail) = tail.split_at_checked(letters).ok_or(Malformed::Number)?;
        let Some(index) = UNITS.iter().position(|(name, _)| *name == unit) else {
            if unit.is_empty() {
                return Err(Malformed::Number);
            }
            return Err(Malformed::Unit(unit.to_owned(), meant(unit)));
        };
        let Some(&(name, length)) = UNITS.get(index) else { return Err(Malformed::Number) };
        if let Some(before) = last
            && before >= index
        {
            return Err(Malformed::Order(UNITS.get(before).map_or("", |row| row.0), name));
        }
        last = Some(index);
        milliseconds = amount
            .parse::<u64>()
            .ok()
            .and_then(|amount| amount.checked_mul(length))
            .and_then(|more| milliseconds.checked_add(more))
            .ok_or(Malformed::TooLong)?;
        rest = tail;
    }
    #[expect(clippy::cast_precision_loss, reason = "below 2^53 wherever it is taken")]
    let seconds = milliseconds as f64 / 1000.0;
    if seconds > MOST_SECONDS { Err(Malformed::TooLong) } else { Ok(Number::Seconds(seconds)) }
}

/// The unit that a word means.
fn meant(word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    Some(match lower.as_str() {
        "min" | "mins" | "minute" | "minutes" => "m",
        "sec" | "secs" | "second" | "seconds" => "s",
        "hr" | "hrs" | "hour" | "hours" => "h",
        "day" | "days" => "d",
        "week" | "weeks" => "w",
        "year" | "years" => "y",
        "msec" | "millis" | "milliseconds" => "ms",
        _ => return UNITS.iter().map(|row| row.0).find(|unit| *unit == lower),
    })
}

/// `1.5h` in whole units.
fn fraction(text: &str) -> Malformed {
    let split = text.find(|c: char| c.is_ascii_alphabetic());
    let parts = split.and_then(|at| text.split_at_checked(at));
    let whole = parts.and_then(|(amount, unit)| {
        let (_, length) = UNITS.iter().find(|(name, _)| *name == unit)?;
        #[expect(clippy::cast_precision_loss, reason = "a unit has few digits")]
        let milliseconds = amount.parse::<f64>().ok()? * *length as f64;
        Some(shown_seconds(milliseconds / 1000.0))
            .filter(|shown| shown.ends_with('s') || shown.ends_with(char::is_alphabetic))
    });
    Malformed::Fraction(whole)
}

/// A span of time as it is written: `5m`, `1h30m`, `500ms`; a plain number where no whole milliseconds do.
pub(super) fn shown_seconds(seconds: f64) -> String {
    let milliseconds = seconds * 1000.0;
    #[expect(clippy::float_cmp, reason = "whether it is whole")]
    let is_whole = milliseconds.round() == milliseconds;
    if !is_whole || !(1.0..9.0e15).contains(&milliseconds) {
        return shown_number(seconds);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held above")]
    let mut left = milliseconds as u64;
    let mut out = String::new();
    for (unit, length) in UNITS {
        // A year is written only where it is the whole, as Prometheus does.
        let amount = left / length;
        if amount == 0 || (matches!(*unit, "y" | "w") && !left.is_multiple_of(*length)) {
            continue;
        }
        left %= length;
        out.push_str(&format!("{amount}{unit}"));
    }
    out
}

/// A number as PromQL writes it.
pub(super) fn shown_number(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "Inf".to_owned() } else { "-Inf".to_owned() }
    } else if number != 0.0 && !(1.0e-6..1.0e15).contains(&number.abs()) {
        format!("{number:e}")
    } else {
        number.to_string()
    }
}

/// What a text in quotes holds; where it cannot be read, the place of the wrong escape in it and its length.
pub(super) fn unquote(text: &str) -> Result<String, (usize, usize)> {
    let quote = text.chars().next().unwrap_or('"');
    let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
    if quote == '`' {
        return Ok(inner.replace('\r', ""));
    }
    let mut out: Vec<u8> = Vec::with_capacity(inner.len());
    let mut letters = inner.char_indices();
    let mut buffer = [0; 4];
    while let Some((at, letter)) = letters.next() {
        if letter != '\\' {
            out.extend(letter.encode_utf8(&mut buffer).as_bytes());
            continue;
        }
        let wrong = |length: usize| Err((at + 1, length.min(inner.len() - at)));
        let Some((_, kind)) = letters.next() else { return wrong(1) };
        let simple = match kind {
            'a' => Some(7),
            'b' => Some(8),
            'f' => Some(12),
            'n' => Some(b'\n'),
            'r' => Some(b'\r'),
            't' => Some(b'\t'),
            'v' => Some(11),
            '\\' => Some(b'\\'),
            _ => None,
        };
        if let Some(byte) = simple {
            out.push(byte);
            continue;
        }
        if kind == quote {
            out.extend(kind.encode_utf8(&mut buffer).as_bytes());
            continue;
        }
        let (start, digits, radix) = match kind {
            'x' => (at + 2, 2, 16),
            'u' => (at + 2, 4, 16),
            'U' => (at + 2, 8, 16),
            '0'..='7' => (at + 1, 3, 8),
            _ => return wrong(1 + kind.len_utf8()),
        };
        let written = inner.get(start..start + digits).unwrap_or("");
        let is_number =
            written.len() == digits && written.chars().all(|digit| digit.is_digit(radix));
        let Some(code) = is_number.then(|| u32::from_str_radix(written, radix).ok()).flatten()
        else {
            return wrong(start - at + digits);
        };
        for _ in 0..start + digits - at - 1 - kind.len_utf8() {
            letters.next();
        }
        match (kind, u8::try_from(code), char::from_u32(code)) {
            ('x' | '0'..='7', Ok(byte), _) => out.push(byte),
            ('u' | 'U', _, Some(letter)) => out.extend(letter.encode_utf8(&mut buffer).as_bytes()),
            _ => return wrong(start - at + digits),
        }
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// A text in double quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::{Malformed, Number, number, quoted, shown_seconds, unquote};
    use proptest::prelude::*;

    #[test]
    fn numbers_of_every_form() {
        for (text, value) in [
            ("1", 1.0),
            ("017", 15.0),
            ("08", 8.0),
            ("0x1f", 31.0),
            ("0X_1F", 31.0),
            ("1_000", 1000.0),
            ("1e3", 1000.0),
            ("1E-2", 0.01),
            (".5", 0.5),
            ("5.", 5.0),
            ("InF", f64::INFINITY),
        ] {
            assert_eq!(number(text), Ok(Number::Plain(value)), "{text}");
        }
        for (text, seconds) in [
            ("5m", 300.0),
            ("1h30m", 5400.0),
            ("1d", 86_400.0),
            ("100ms", 0.1),
            ("1y2w", 32_745_600.0),
        ] {
            assert_eq!(number(text), Ok(Number::Seconds(seconds)), "{text}");
        }
        for text in ["1__0", "1_", "1..2", "0xg", "1e", "1m5", "1e999"] {
            assert!(number(text).is_err(), "{text}");
        }
        assert_eq!(number("5min"), Err(Malformed::Unit("min".to_owned(), Some("m"))));
        assert_eq!(number("5M"), Err(Malformed::Unit("M".to_owned(), Some("m"))));
        assert_eq!(number("5m1h"), Err(Malformed::Order("m", "h")));
        assert_eq!(number("1.5h"), Err(Malformed::Fraction(Some("1h30m".to_owned()))));
        assert_eq!(number("999999y"), Err(Malformed::TooLong));
    }

    #[test]
    fn texts_of_every_form() {
        assert_eq!(unquote(r#""a\"\n\x41\101\u00e4""#).as_deref(), Ok("a\"\nAAä"));
        assert_eq!(unquote(r"'it\'s'").as_deref(), Ok("it's"));
        assert_eq!(unquote(r"`\d`").as_deref(), Ok(r"\d"));
        assert_eq!(unquote(r#""a\d""#), Err((2, 2)));
        assert_eq!(unquote(r#""\u12""#), Err((1, 4)));
        assert_eq!(unquote(r#""\'""#), Err((1, 2)));
    }

    proptest! {
        #[test]
        fn what_is_quoted_is_read_back(text in any::<String>()) {
            prop_assert_eq!(unquote(&quoted(&text)), Ok(text));
        }

        #[test]
        fn durations_are_read_back(milliseconds in 1_u32..) {
            let seconds = f64::from(milliseconds) / 1000.0;
            prop_assert_eq!(number(&shown_seconds(seconds)).map(Number::value), Ok(seconds));
        }

        #[test]
        fn any_text_is_a_number_or_not(text in "[0-9a-zA-Z_.+ä-]{0,12}") {
            let _ = number(&text);
            let _ = unquote(&text);
        }
    }
}
