//! Numbers and texts inside of actions, as Go reads them.

use super::tree::Number;

/// What a number is; none for what is no number.
pub(super) fn number(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if let Some(real) = text.strip_suffix('i') {
        // `1i`, or `1+2i`.
        let split = real.rfind(['+', '-']).filter(|&at| at > 0 && !is_exponent(real, at));
        let parts = match split {
            Some(at) => vec![real.get(..at)?, real.get(at..)?],
            None => vec![real],
        };
        return parts.into_iter().all(|part| number(part).is_some()).then_some(Number::Complex);
    }
    let lower = unsigned.to_ascii_lowercase();
    let radix = match lower.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 10,
    };
    if radix != 10 {
        let rest = lower.get(2..)?;
        if radix == 16
            && let Some((digits, exponent)) = rest.split_once('p')
        {
            let digits = digits.replacen('.', "", 1);
            let power = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            return (is_digits(&digits, 16) && is_digits(power, 10)).then_some(Number::Float);
        }
        return is_digits(rest.strip_prefix('_').unwrap_or(rest), radix).then_some(Number::Int);
    }
    let old_octal = lower.len() > 1 && lower.starts_with('0');
    if is_digits(&lower, 10) {
        let is_int = !old_octal || lower.bytes().all(|byte| byte == b'_' || byte < b'8');
        return is_int.then_some(Number::Int);
    }
    let (mantissa, exponent) = match lower.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (lower.as_str(), None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let power = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    let is_right = (!whole.is_empty() || !fraction.is_empty())
        && (whole.is_empty() || is_digits(whole, 10))
        && (fraction.is_empty() || is_digits(fraction, 10))
        && power.is_none_or(|power| is_digits(power, 10));
    if !is_right {
        return None;
    }
    let value: f64 = lower.replace('_', "").parse().ok()?;
    // Go turns a fraction without a rest into a whole number where one is wanted.
    let is_whole = value.fract() == 0.0 && value.abs() < 9.2e18;
    Some(if is_whole { Number::WholeFloat } else { Number::Float })
}

/// Whether the sign at `at` belongs to an exponent.
fn is_exponent(text: &str, at: usize) -> bool {
    let lower = text.to_ascii_lowercase();
    let letter = if lower.trim_start_matches(['+', '-']).starts_with("0x") { 'p' } else { 'e' };
    text.get(..at).is_some_and(|before| before.to_ascii_lowercase().ends_with(letter))
}

/// Digits, with single `_` between them.
fn is_digits(text: &str, radix: u32) -> bool {
    let mut last_is_digit = false;
    for letter in text.chars() {
        if letter == '_' {
            if !last_is_digit {
                return false;
            }
            last_is_digit = false;
        } else if letter.is_digit(radix) {
            last_is_digit = true;
        } else {
            return false;
        }
    }
    last_is_digit
}

/// A wrong escape: where it starts in the content, and how long it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct WrongEscape {
    /// From the first byte of the content.
    pub(super) at: usize,
    /// In bytes.
    pub(super) len: usize,
}

/// What a quoted text holds. `quote` is the quote around it, which may be escaped.
pub(super) fn unquote(content: &str, quote: char) -> Result<String, WrongEscape> {
    let mut out = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(letter) = rest.chars().next() {
        let at = content.len() - rest.len();
        if letter != '\\' {
            out.push(letter);
            rest = rest.get(letter.len_utf8()..).unwrap_or("");
            continue;
        }
        let after = rest.get(1..).unwrap_or("");
        let Some(escape) = after.chars().next() else { return Err(WrongEscape { at, len: 1 }) };
        let wrong = WrongEscape { at, len: 1 + escape.len_utf8() };
        let (read, len) = match escape {
            'a' => ('\u{7}', 1),
            'b' => ('\u{8}', 1),
            'f' => ('\u{c}', 1),
            'n' => ('\n', 1),
            'r' => ('\r', 1),
            't' => ('\t', 1),
            'v' => ('\u{b}', 1),
            '\\' => ('\\', 1),
            letter if letter == quote => (quote, 1),
            'x' => (coded(after.get(1..3), 16).ok_or(wrong)?, 3),
            'u' => (coded(after.get(1..5), 16).ok_or(wrong)?, 5),
            'U' => (coded(after.get(1..9), 16).ok_or(wrong)?, 9),
            '0'..='7' => {
                (coded(after.get(..3), 8).filter(|&code| u32::from(code) < 256).ok_or(wrong)?, 3)
            }
            _ => return Err(wrong),
        };
        out.push(read);
        rest = after.get(len..).unwrap_or("");
    }
    Ok(out)
}

fn coded(digits: Option<&str>, radix: u32) -> Option<char> {
    let digits = digits.filter(|digits| digits.chars().all(|digit| digit.is_digit(radix)))?;
    char::from_u32(u32::from_str_radix(digits, radix).ok()?)
}

/// A text of Go.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::super::tree::Number::{self, Complex, Float, Int, WholeFloat};
    use super::{WrongEscape, number, unquote};

    fn check(text: &str, expected: Option<Number>) {
        assert_eq!(number(text), expected, "{text}");
    }

    #[test]
    fn numbers_of_go() {
        check("3", Some(Int));
        check("-3", Some(Int));
        check("1_000", Some(Int));
        check("0x1F", Some(Int));
        check("0o17", Some(Int));
        check("0b11", Some(Int));
        check("017", Some(Int));
        check("1.0", Some(WholeFloat));
        check("1e3", Some(WholeFloat));
        check("+.5", Some(Float));
        check("1.5e-3", Some(Float));
        check("0x1p-2", Some(Float));
        check("2i", Some(Complex));
        check("1+2i", Some(Complex));
        check("1e+2i", Some(Complex));
        for wrong in ["1__0", "0x", "1.2.3", "09", "3x", "1e", "1+2", "0b12", "i", "1_", "."] {
            check(wrong, None);
        }
    }

    #[test]
    fn texts_of_go() {
        assert_eq!(unquote(r#"a\n\"\x41\u00e4\101"#, '"').as_deref(), Ok("a\n\"AäA"));
        assert_eq!(unquote(r"a\.b", '"'), Err(WrongEscape { at: 1, len: 2 }));
        assert_eq!(unquote(r"\'", '"'), Err(WrongEscape { at: 0, len: 2 }));
        assert_eq!(unquote(r"ä\x4", '"'), Err(WrongEscape { at: 2, len: 2 }));
        assert_eq!(unquote("\\", '"'), Err(WrongEscape { at: 0, len: 1 }));
    }
}
