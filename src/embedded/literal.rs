//! Numbers and quantities as written.

use crate::source::Extent;

use super::decimal::{Decimal, MOST_DIGITS, Product};
use super::quantity::{Dimension, Quantity, TIMES, Unit};

/// A text that is no number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Malformed {
    /// The wrong part, inside the text.
    pub at: Extent,
    /// What is wrong, as a noun phrase.
    pub reason: String,
    /// The whole text as it should be, where that is clear.
    pub suggestion: Option<String>,
}

/// Why a literal is no quantity of a dimension.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConversionError {
    /// Its unit means something else; see [`Literal::readings`].
    OtherDimension,
    /// It is no whole number of [`Dimension::base_name`].
    Inexact,
    /// It is outside what 64 bits of base units hold.
    Overflow,
}

/// Why a text is no quantity of a dimension.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum QuantityError {
    /// It is no number at all.
    Malformed(Malformed),
    /// It is the number `Literal`, but not of this dimension.
    Conversion(ConversionError, Literal),
}

/// What follows the digits, and so what the number can mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Suffix {
    /// Nothing.
    None,
    /// Nothing, and the digits are octal: a file's mode.
    Octal,
    /// `m`: minutes or thousandths of a core.
    M,
    /// A unit that means one thing.
    Unit(Unit),
    /// Several units of time, the largest of which is this; the value is in milliseconds.
    Times(Unit),
}

/// A numeric literal: `3`, `0.5`, `0o644`, `500m`, `1h30m`, `1.5Gi`, `80%`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Literal {
    value: Decimal,
    suffix: Suffix,
    pointed: bool,
}

impl Literal {
    /// What it can mean, the likeliest first.
    pub const fn readings(&self) -> &'static [Dimension] {
        match self.suffix {
            Suffix::None => &[Dimension::Number, Dimension::Bytes, Dimension::Cpu],
            Suffix::Octal => &[Dimension::Number],
            Suffix::M => &[Dimension::Duration, Dimension::Cpu],
            Suffix::Times(_) => &[Dimension::Duration],
            Suffix::Unit(unit) => match unit.dimension() {
                Dimension::Number => &[Dimension::Number],
                Dimension::Duration => &[Dimension::Duration],
                Dimension::Bytes => &[Dimension::Bytes],
                Dimension::Cpu => &[Dimension::Cpu],
                Dimension::Percent => &[Dimension::Percent],
            },
        }
    }

    /// The unit that it is written in, read as `dimension`.
    pub fn unit(&self, dimension: Dimension) -> Option<Unit> {
        let unit = match (self.suffix, dimension) {
            (Suffix::None | Suffix::Octal, Dimension::Number) => Unit::None,
            (Suffix::None, Dimension::Bytes) => Unit::Byte,
            (Suffix::None, Dimension::Cpu) => Unit::Core,
            (Suffix::M, Dimension::Cpu) => Unit::Millicore,
            (Suffix::M, Dimension::Duration) => Unit::Minute,
            (Suffix::Unit(unit) | Suffix::Times(unit), _) if unit.dimension() == dimension => unit,
            (
                Suffix::None | Suffix::Octal | Suffix::M | Suffix::Unit(_) | Suffix::Times(_),
                Dimension::Number
                | Dimension::Duration
                | Dimension::Bytes
                | Dimension::Cpu
                | Dimension::Percent,
            ) => return None,
        };
        Some(unit)
    }

    /// The quantity that it means where `dimension` is wanted.
    pub fn to(&self, dimension: Dimension) -> Result<Quantity, ConversionError> {
        let unit = self.unit(dimension).ok_or(ConversionError::OtherDimension)?;
        let factor = match self.suffix {
            Suffix::Times(_) => 1,
            Suffix::None | Suffix::Octal | Suffix::M | Suffix::Unit(_) => unit.factor(),
        };
        match self.value.times(factor) {
            Ok(amount) => Ok(Quantity::written(amount, unit)),
            Err(Product::Inexact) => Err(ConversionError::Inexact),
            Err(Product::Overflow) => Err(ConversionError::Overflow),
        }
    }

    /// The number before the unit, exactly (milliseconds, if there are several units).
    pub const fn value(&self) -> Decimal {
        self.value
    }

    /// Whether it is written with a decimal point.
    pub const fn has_point(&self) -> bool {
        self.pointed
    }

    /// Whether it is written in decimal and without a unit.
    pub fn is_bare(&self) -> bool {
        self.suffix == Suffix::None
    }

    /// The same below zero. A sign is no part of a literal, but the least number of 64 bits has no
    /// positive counterpart, so the sign comes before [`Literal::to`].
    #[must_use]
    pub const fn negated(&self) -> Self {
        Self { value: self.value.negated(), suffix: self.suffix, pointed: self.pointed }
    }
}

/// Reads a numeric literal, without a sign.
pub fn read(text: &str) -> Result<Literal, Malformed> {
    Reader { text, at: 0 }.literal()
}

/// Reads a quantity from a text, where a quantity is wanted; unlike a literal it may have a sign.
pub fn parse_text(text: &str, dimension: Dimension) -> Result<Quantity, QuantityError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => (true, rest),
        _ => (false, text),
    };
    let literal = match read(digits) {
        Ok(literal) if negative => literal.negated(),
        Ok(literal) => literal,
        Err(mut malformed) => {
            if negative {
                malformed.at = malformed.at.shift(1);
                malformed.suggestion = malformed.suggestion.map(|text| format!("-{text}"));
            }
            return Err(QuantityError::Malformed(malformed));
        }
    };
    literal.to(dimension).map_err(|error| QuantityError::Conversion(error, literal))
}

/// Digits before a unit.
struct Digits<'a> {
    at: Extent,
    whole: &'a str,
    fraction: Option<&'a str>,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> (&'a str, Extent) {
        let rest = self.rest();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let extent = extent(self.at, self.at + length);
        self.at += length;
        (extent.of(self.text), extent)
    }

    fn literal(mut self) -> Result<Literal, Malformed> {
        let text = self.text;
        if !text.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(self.no_number());
        }
        if let Some(digits) = text.strip_prefix("0o") {
            return octal(digits);
        }
        if text.starts_with("0x") || text.starts_with("0b") || text.starts_with("0O") {
            return Err(self.other_base());
        }
        let first = self.digits()?;
        let (suffix, at) = self.take(|c| !c.is_ascii_digit());
        if self.rest().is_empty() {
            let suffix = suffix_of(suffix).ok_or_else(|| self.unknown_unit(&first, suffix, at))?;
            return Ok(Literal {
                value: decimal(&first)?,
                suffix,
                pointed: first.fraction.is_some(),
            });
        }
        self.at = at.start as usize;
        self.times(first)
    }

    /// Digits with `_` between them, and maybe a fraction.
    fn digits(&mut self) -> Result<Digits<'a>, Malformed> {
        let (whole, at) = self.take(is_digit);
        self.underscores(whole, at)?;
        if whole.len() > 1 && whole.starts_with('0') {
            return Err(self.leading_zero(whole, at));
        }
        if !self.rest().starts_with('.') {
            return Ok(Digits { at, whole, fraction: None });
        }
        self.at += 1;
        let (fraction, after) = self.take(is_digit);
        if fraction.is_empty() {
            return Err(Malformed {
                at: extent(at.end as usize, at.end as usize + 1),
                reason: "a decimal point without digits after it".to_owned(),
                suggestion: self.rest().is_empty().then(|| format!("{whole}.0")),
            });
        }
        self.underscores(fraction, after)?;
        if self.rest().starts_with('.') {
            return Err(Malformed {
                at: extent(self.at, self.at + 1),
                reason: "a second decimal point".to_owned(),
                suggestion: None,
            });
        }
        Ok(Digits { at: at.to(after), whole, fraction: Some(fraction) })
    }

    fn underscores(&self, digits: &str, at: Extent) -> Result<(), Malformed> {
        let stray = if digits.starts_with('_') {
            Some(0)
        } else if digits.ends_with('_') {
            Some(digits.len() - 1)
        } else {
            digits.find("__").map(|before| before + 1)
        };
        let Some(stray) = stray else { return Ok(()) };
        let stray = at.start as usize + stray;
        Err(Malformed {
            at: extent(stray, stray + 1),
            reason: "a `_` that stands between no two digits".to_owned(),
            suggestion: self.readable(&self.text.replace('_', "")),
        })
    }

    /// The suggestion, if it is right itself.
    fn readable(&self, suggestion: &str) -> Option<String> {
        (suggestion != self.text && read(suggestion).is_ok()).then(|| suggestion.to_owned())
    }

    fn no_number(&self) -> Malformed {
        let text = self.text;
        let trimmed = text.trim();
        let (end, reason) = match text.chars().next() {
            None => (0, "no number"),
            Some('-' | '+') => (1, "a sign, which is no part of a number"),
            Some('.') => (1, "a decimal point without digits before it"),
            Some(c) if c.is_whitespace() => {
                (text.len() - text.trim_start().len(), "a blank before the number")
            }
            Some(c) => (c.len_utf8(), "no digit at the beginning"),
        };
        let suggestion = match text.strip_prefix('.') {
            Some(_) => self.readable(&format!("0{text}")),
            None => self.readable(trimmed.trim_start_matches('+')),
        };
        Malformed { at: extent(0, end), reason: reason.to_owned(), suggestion }
    }

    fn other_base(&self) -> Malformed {
        let (prefix, digits) = self.text.split_at_checked(2).unwrap_or((self.text, ""));
        let (radix, reason) = match prefix {
            "0x" => (16, "a hexadecimal number"),
            "0b" => (2, "a binary number"),
            _ => (8, "an octal number, which begins with a small `0o`"),
        };
        let value = u64::from_str_radix(&digits.replace('_', ""), radix).ok();
        let suggestion = match radix {
            8 => value.map(|value| format!("0o{value:o}")),
            _ => value.map(|value| value.to_string()),
        };
        Malformed { at: extent(0, 2), reason: reason.to_owned(), suggestion }
    }

    fn leading_zero(&self, whole: &str, at: Extent) -> Malformed {
        let zeros = whole.len() - whole.trim_start_matches(['0', '_']).len();
        let zeros = zeros.clamp(1, whole.len() - 1);
        let is_mode = self.text == whole
            && whole.len() >= 4
            && whole.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
        let (kept, rest) = (at.start as usize + zeros, self.text);
        let suggestion = if is_mode {
            // `0644` is a file's mode in most other languages.
            Some(format!("0o{}", whole.trim_start_matches('0')))
        } else {
            let before = rest.get(..at.start as usize).unwrap_or("");
            let after = rest.get(kept..).unwrap_or("");
            self.readable(&format!("{before}{after}"))
        };
        Malformed {
            at: extent(at.start as usize, kept),
            reason: "a leading zero".to_owned(),
            suggestion: suggestion.filter(|text| read(text).is_ok()),
        }
    }

    /// Several units of time: `1h30m`.
    fn times(mut self, first: Digits<'a>) -> Result<Literal, Malformed> {
        let mut part = first;
        let mut total: i128 = 0;
        let mut largest: Option<Unit> = None;
        let mut before: Option<Unit> = None;
        let mut split_wrong: Option<(Extent, Unit)> = None;
        loop {
            let (suffix, at) = self.take(|c| !c.is_ascii_digit());
            let unit = match suffix_of(suffix) {
                Some(Suffix::M) => Unit::Minute,
                Some(Suffix::Unit(unit)) if unit.dimension() == Dimension::Duration => unit,
                Some(Suffix::None | Suffix::Octal | Suffix::Unit(_) | Suffix::Times(_)) | None => {
                    return Err(self.not_of_time(&part, suffix, at));
                }
            };
            if before.is_some_and(|before| before.factor() <= unit.factor()) {
                return Err(Malformed {
                    at,
                    reason: "units of time that do not descend".to_owned(),
                    suggestion: None,
                });
            }
            if part.fraction.is_some() {
                return Err(Malformed {
                    at: part.at,
                    reason: "a fraction beside other units".to_owned(),
                    suggestion: None,
                });
            }
            let amount = decimal(&part)?
                .times(unit.factor())
                .map_err(|_| too_long(part.at, "more time than 64 bits hold"))?;
            total += i128::from(amount);
            if let Some(next) = before.and(larger(unit))
                && amount >= next.factor()
                && split_wrong.is_none()
            {
                split_wrong = Some((part.at.to(at), next));
            }
            largest = largest.or(Some(unit));
            before = Some(unit);
            if self.rest().is_empty() {
                break;
            }
            part = self.digits()?;
        }
        let largest = largest.unwrap_or(Unit::Millisecond);
        let value = Decimal::new(total, 0);
        let whole = value.to_int();
        if let Some((at, next)) = split_wrong {
            return Err(Malformed {
                at,
                reason: format!("a part of `1{}` or more after a larger unit", next.suffix()),
                suggestion: whole.map(|ms| Quantity::written(ms, largest).to_string()),
            });
        }
        if whole.is_none() {
            return Err(too_long(extent(0, self.text.len()), "more time than 64 bits hold"));
        }
        Ok(Literal { value, suffix: Suffix::Times(largest), pointed: false })
    }

    fn not_of_time(&self, part: &Digits<'_>, suffix: &str, at: Extent) -> Malformed {
        if let Some(exponent) = self.exponent(part, suffix, at) {
            return exponent;
        }
        if suffix.is_empty() {
            return Malformed {
                at: part.at,
                reason: "a number without its unit of time".to_owned(),
                suggestion: None,
            };
        }
        if suffix_of(suffix).is_none() {
            return self.unknown_unit(part, suffix, at);
        }
        Malformed {
            at,
            reason: format!("`{suffix}` beside other units, which only time has"),
            suggestion: None,
        }
    }

    /// `1e3`, which other languages read.
    fn exponent(&self, part: &Digits<'_>, suffix: &str, at: Extent) -> Option<Malformed> {
        let is_exponent = matches!(suffix, "e" | "E" | "e+" | "E+" | "e-" | "E-");
        let power = self.text.get(at.end as usize..).unwrap_or("");
        if !is_exponent || power.is_empty() {
            return None;
        }
        let power = format!("{}{power}", if suffix.ends_with('-') { "-" } else { "" });
        let suggestion = || -> Option<String> {
            let value = decimal(part).ok()?.shifted(power.parse().ok()?)?;
            (part.at.start == 0).then(|| value.to_string())
        };
        Some(Malformed {
            at: extent(at.start as usize, self.text.len()),
            reason: "an exponent".to_owned(),
            suggestion: suggestion(),
        })
    }

    fn unknown_unit(&self, part: &Digits<'_>, suffix: &str, at: Extent) -> Malformed {
        if let Some(exponent) = self.exponent(part, suffix, at) {
            return exponent;
        }
        let before = self.text.get(..at.start as usize).unwrap_or("");
        let after = self.text.get(at.end as usize..).unwrap_or("");
        if suffix.trim() != suffix {
            return Malformed {
                at,
                reason: "a blank in a number".to_owned(),
                suggestion: self.readable(&format!("{before}{}{after}", suffix.trim())),
            };
        }
        let meant = match suffix {
            "KB" | "kB" | "kb" | "K" => "k",
            "MB" | "mb" | "Mb" => "M",
            "GB" | "gb" | "Gb" | "g" => "G",
            "TB" | "tb" | "Tb" | "t" => "T",
            "PB" | "pb" => "P",
            "EB" | "eb" => "E",
            "KiB" | "kiB" | "ki" | "kib" | "KI" => "Ki",
            "MiB" | "mi" | "mib" | "MI" => "Mi",
            "GiB" | "gi" | "gib" | "GI" => "Gi",
            "TiB" | "ti" | "tib" | "TI" => "Ti",
            "PiB" | "pi" | "pib" => "Pi",
            "EiB" | "ei" | "eib" => "Ei",
            "msec" | "millis" | "milliseconds" => "ms",
            "sec" | "secs" | "second" | "seconds" | "S" => "s",
            "min" | "mins" | "minute" | "minutes" => "m",
            "hr" | "hrs" | "hour" | "hours" | "H" => "h",
            "day" | "days" | "D" => "d",
            "week" | "weeks" | "W" => "w",
            "B" | "b" | "bytes" | "cores" | "cpu" => "",
            "percent" | "pct" => "%",
            _ => {
                return self.unit_without_likeness(part, suffix, at);
            }
        };
        Malformed {
            at,
            reason: format!("`{suffix}`, which is no unit"),
            suggestion: self.readable(&format!("{before}{meant}{after}")),
        }
    }

    fn unit_without_likeness(&self, part: &Digits<'_>, suffix: &str, at: Extent) -> Malformed {
        let (reason, suggestion) = match suffix {
            "us" | "µs" | "μs" | "ns" => {
                ("a unit below the millisecond, the smallest one".to_owned(), None)
            }
            "y" => {
                let days = part.whole.parse::<u32>().ok().and_then(|years| years.checked_mul(365));
                let whole = part.fraction.is_none() && at.end as usize == self.text.len();
                let days = days.filter(|_| whole).map(|days| format!("{days}d"));
                ("a year, which has no fixed length".to_owned(), days)
            }
            _ => (format!("`{suffix}`, which is no unit"), None),
        };
        Malformed { at, reason, suggestion }
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || c == '_'
}

fn extent(start: usize, end: usize) -> Extent {
    Extent::new(u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
}

/// The next larger unit of time.
fn larger(unit: Unit) -> Option<Unit> {
    TIMES.into_iter().rev().find(|other| other.factor() > unit.factor())
}

fn suffix_of(text: &str) -> Option<Suffix> {
    let unit = match text {
        "" => return Some(Suffix::None),
        "m" => return Some(Suffix::M),
        "%" => Unit::Percent,
        "k" => Unit::Kilobyte,
        "M" => Unit::Megabyte,
        "G" => Unit::Gigabyte,
        "T" => Unit::Terabyte,
        "P" => Unit::Petabyte,
        "E" => Unit::Exabyte,
        "Ki" => Unit::Kibibyte,
        "Mi" => Unit::Mebibyte,
        "Gi" => Unit::Gibibyte,
        "Ti" => Unit::Tebibyte,
        "Pi" => Unit::Pebibyte,
        "Ei" => Unit::Exbibyte,
        "ms" => Unit::Millisecond,
        "s" => Unit::Second,
        "h" => Unit::Hour,
        "d" => Unit::Day,
        "w" => Unit::Week,
        _ => return None,
    };
    Some(Suffix::Unit(unit))
}

fn too_long(at: Extent, reason: &str) -> Malformed {
    Malformed { at, reason: reason.to_owned(), suggestion: None }
}

fn decimal(digits: &Digits<'_>) -> Result<Decimal, Malformed> {
    let fraction = digits.fraction.unwrap_or("").replace('_', "");
    let fraction = fraction.trim_end_matches('0');
    let all = format!("{}{fraction}", digits.whole.replace('_', ""));
    let scale = u8::try_from(fraction.len()).ok().filter(|_| all.len() <= MOST_DIGITS);
    match (scale, all.parse()) {
        (Some(scale), Ok(mantissa)) => Ok(Decimal::new(mantissa, scale)),
        _ => Err(too_long(digits.at, "a number of more than 36 digits")),
    }
}

fn octal(digits: &str) -> Result<Literal, Malformed> {
    let error = |at: usize, length: usize, reason: &str| Malformed {
        at: extent(at + 2, at + 2 + length),
        reason: reason.to_owned(),
        suggestion: None,
    };
    if digits.is_empty() {
        return Err(Malformed {
            at: extent(0, 2),
            reason: "an octal number without digits".to_owned(),
            suggestion: None,
        });
    }
    if let Some((at, c)) = digits.char_indices().find(|(_, c)| !matches!(c, '0'..='7' | '_')) {
        return Err(error(at, c.len_utf8(), "no octal digit"));
    }
    if digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") {
        let at = if digits.starts_with('_') {
            0
        } else {
            digits.find("__").map_or(digits.len() - 1, |before| before + 1)
        };
        return Err(error(at, 1, "a `_` that stands between no two digits"));
    }
    let value = i64::from_str_radix(&digits.replace('_', ""), 8)
        .map_err(|_| error(0, digits.len(), "more than 64 bits hold"))?;
    Ok(Literal { value: Decimal::whole(value), suffix: Suffix::Octal, pointed: false })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ConversionError, Dimension, Literal, QuantityError, parse_text, read};
    use Dimension::{Bytes, Cpu, Duration, Number, Percent};

    /// The literal, read as each dimension that it can mean.
    fn check(text: &str, expected: &[(Dimension, &str, i64)]) {
        let literal = read(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        let found: Vec<(Dimension, String, i64)> = literal
            .readings()
            .iter()
            .filter_map(|&dimension| {
                let quantity = literal.to(dimension).ok()?;
                Some((dimension, quantity.to_string(), quantity.amount()))
            })
            .collect();
        let expected: Vec<(Dimension, String, i64)> =
            expected.iter().map(|&(d, text, amount)| (d, text.to_owned(), amount)).collect();
        assert_eq!(found, expected, "{text}");
    }

    /// The wrong part with its reason, and the suggestion.
    fn refuse(text: &str, at: &str, reason: &str, suggestion: Option<&str>) {
        let error = read(text).unwrap_err();
        assert_eq!(error.at.of(text), at, "{text}: {error:?}");
        assert_eq!(error.reason, reason, "{text}");
        assert_eq!(error.suggestion.as_deref(), suggestion, "{text}");
        if let Some(suggestion) = suggestion {
            assert!(read(suggestion).is_ok(), "{suggestion}");
        }
    }

    #[test]
    fn literals_mean_what_their_units_allow() {
        check("3", &[(Number, "3", 3), (Bytes, "3", 3), (Cpu, "3", 3000)]);
        check("0", &[(Number, "0", 0), (Bytes, "0", 0), (Cpu, "0", 0)]);
        check("1_000", &[(Number, "1000", 1000), (Bytes, "1000", 1000), (Cpu, "1000", 1_000_000)]);
        check("0.5", &[(Cpu, "0.5", 500)]);
        check("0.50", &[(Cpu, "0.5", 500)]);
        check("0.0001", &[]);
        check("0o644", &[(Number, "420", 420)]);
        check("5m", &[(Duration, "5m", 300_000), (Cpu, "5m", 5)]);
        check("500m", &[(Duration, "500m", 30_000_000), (Cpu, "500m", 500)]);
        check("90m", &[(Duration, "90m", 5_400_000), (Cpu, "90m", 90)]);
        check("1.5m", &[(Duration, "1m30s", 90_000)]);
        check("1h30m", &[(Duration, "1h30m", 5_400_000)]);
        check("1h0m", &[(Duration, "1h", 3_600_000)]);
        check("1w2d3h4m5s6ms", &[(Duration, "1w2d3h4m5s6ms", 788_645_006)]);
        check("1w1h", &[(Duration, "1w1h", 608_400_000)]);
        check("36h30m", &[(Duration, "36h30m", 131_400_000)]);
        check("7d", &[(Duration, "7d", 604_800_000)]);
        check("1.5h", &[(Duration, "1h30m", 5_400_000)]);
        check("0s", &[(Duration, "0s", 0)]);
        check("1500ms", &[(Duration, "1500ms", 1500)]);
        check("20Gi", &[(Bytes, "20Gi", 20 << 30)]);
        check("1.5Gi", &[(Bytes, "1.5Gi", 3 << 29)]);
        check("1.9990234375Gi", &[(Bytes, "1.9990234375Gi", 2047 << 20)]);
        check("5M", &[(Bytes, "5M", 5_000_000)]);
        check("5E", &[(Bytes, "5E", 5_000_000_000_000_000_000)]);
        check("0.3k", &[(Bytes, "0.3k", 300)]);
        check("80%", &[(Percent, "80%", 800_000)]);
        check("99.9999%", &[(Percent, "99.9999%", 999_999)]);
    }

    #[test]
    fn literals_that_fit_no_whole_amount() {
        let to = |text: &str, dimension| read(text).unwrap().to(dimension).map(|q| q.to_string());
        assert_eq!(to("0.3", Bytes), Err(ConversionError::Inexact));
        assert_eq!(to("0.0001", Cpu), Err(ConversionError::Inexact));
        assert_eq!(to("0.1Gi", Bytes), Err(ConversionError::Inexact));
        assert_eq!(to("0.5ms", Duration), Err(ConversionError::Inexact));
        assert_eq!(to("99.99999%", Percent), Err(ConversionError::Inexact));
        assert_eq!(to("0.5", Number), Err(ConversionError::Inexact));
        assert_eq!(to("8Ei", Bytes), Err(ConversionError::Overflow));
        assert_eq!(to("9223372036854775807", Number), Ok("9223372036854775807".to_owned()));
        assert_eq!(to("9223372036854775808", Number), Err(ConversionError::Overflow));
        assert_eq!(to("9223372036854775808", Cpu), Err(ConversionError::Overflow));
        assert_eq!(to("3", Duration), Err(ConversionError::OtherDimension));
        assert_eq!(to("0o644", Bytes), Err(ConversionError::OtherDimension));
        assert_eq!(to("500m", Bytes), Err(ConversionError::OtherDimension));
        let least = read("9223372036854775808").unwrap().negated().to(Number);
        assert_eq!(least.map(|q| q.amount()), Ok(i64::MIN));
    }

    #[test]
    fn floats_keep_their_value() {
        let float = |text: &str| read(text).map(|literal: Literal| literal.value().to_float());
        assert_eq!(float("0.1"), Ok(0.1));
        assert_eq!(float("3.141592653589793238462643"), Ok(std::f64::consts::PI));
        assert_eq!(float("2.0"), Ok(2.0));
        assert!(read("2.0").unwrap().has_point());
        assert!(!read("2").unwrap().has_point());
    }

    #[test]
    fn malformed_numbers() {
        refuse("", "", "no number", None);
        refuse("x", "x", "no digit at the beginning", None);
        refuse("-5", "-", "a sign, which is no part of a number", None);
        refuse("+5", "+", "a sign, which is no part of a number", Some("5"));
        refuse(" 5m", " ", "a blank before the number", Some("5m"));
        refuse("5 m", " m", "a blank in a number", Some("5m"));
        refuse(".5", ".", "a decimal point without digits before it", Some("0.5"));
        refuse("5.", ".", "a decimal point without digits after it", Some("5.0"));
        refuse("1.2.3", ".", "a second decimal point", None);
        refuse("007", "00", "a leading zero", Some("7"));
        refuse("0644", "0", "a leading zero", Some("0o644"));
        refuse("05m", "0", "a leading zero", Some("5m"));
        refuse("1h05m", "0", "a leading zero", Some("1h5m"));
        refuse("00", "0", "a leading zero", Some("0"));
        refuse("0_0", "0_", "a leading zero", Some("0"));
        refuse("1__000", "_", "a `_` that stands between no two digits", Some("1000"));
        refuse("1_000_", "_", "a `_` that stands between no two digits", Some("1000"));
        refuse("5_m", "_", "a `_` that stands between no two digits", Some("5m"));
        refuse("1e3", "e3", "an exponent", Some("1000"));
        refuse("1.5e-2", "e-2", "an exponent", Some("0.015"));
        refuse("2E6", "E6", "an exponent", Some("2000000"));
        refuse("1e999", "e999", "an exponent", None);
        refuse("0x1F", "0x", "a hexadecimal number", Some("31"));
        refuse("0b101", "0b", "a binary number", Some("5"));
        refuse("0O644", "0O", "an octal number, which begins with a small `0o`", Some("0o644"));
        refuse("0o", "0o", "an octal number without digits", None);
        refuse("0o684", "8", "no octal digit", None);
        refuse("0o6_", "_", "a `_` that stands between no two digits", None);
        refuse("8GB", "GB", "`GB`, which is no unit", Some("8G"));
        refuse("8GiB", "GiB", "`GiB`, which is no unit", Some("8Gi"));
        refuse("8gi", "gi", "`gi`, which is no unit", Some("8Gi"));
        refuse("5min", "min", "`min`, which is no unit", Some("5m"));
        refuse("5µs", "µs", "a unit below the millisecond, the smallest one", None);
        refuse("2y", "y", "a year, which has no fixed length", Some("730d"));
        refuse("5 €", " €", "a blank in a number", None);
        refuse("5€", "€", "`€`, which is no unit", None);
        refuse("30m1h", "h", "units of time that do not descend", None);
        refuse("1h1h", "h", "units of time that do not descend", None);
        refuse("1h30", "30", "a number without its unit of time", None);
        refuse("1Gi512Mi", "Gi", "`Gi` beside other units, which only time has", None);
        refuse("1.5h30m", "1.5", "a fraction beside other units", None);
        refuse("1h90m", "90m", "a part of `1h` or more after a larger unit", Some("2h30m"));
        refuse("1w30h", "30h", "a part of `1d` or more after a larger unit", Some("1w1d6h"));
        refuse(&"9".repeat(37), &"9".repeat(37), "a number of more than 36 digits", None);
        refuse("9999999999999999w1d", "9999999999999999", "more time than 64 bits hold", None);
    }

    #[test]
    fn texts_may_have_a_sign() {
        assert_eq!(parse_text("-5m30s", Duration).map(|q| q.to_string()), Ok("-5m30s".to_owned()));
        let Err(QuantityError::Malformed(error)) = parse_text("-5min", Duration) else {
            panic!("accepted");
        };
        assert_eq!((error.at.of("-5min"), error.suggestion.as_deref()), ("min", Some("-5m")));
        assert!(matches!(
            parse_text("500m", Bytes),
            Err(QuantityError::Conversion(ConversionError::OtherDimension, _))
        ));
        assert!(matches!(parse_text("--5", Number), Err(QuantityError::Malformed(_))));
    }

    /// Texts made of what numbers are made of, so that most get past the first check.
    fn nearly_numbers() -> impl Strategy<Value = String> {
        proptest::string::string_regex("[0-9._eExo+mshdwkMGTPEi% -]{0,24}").unwrap()
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_inside_it(text in prop_oneof![any::<String>(), nearly_numbers()]) {
            match read(&text) {
                Ok(literal) => {
                    prop_assert!(!literal.readings().is_empty());
                    for &dimension in literal.readings() {
                        let Ok(quantity) = literal.to(dimension) else { continue };
                        let again = parse_text(&quantity.to_string(), dimension).unwrap();
                        prop_assert_eq!(again, quantity);
                        prop_assert_eq!(again.to_string(), quantity.to_string());
                    }
                }
                Err(error) => {
                    prop_assert!(text.get(error.at.start as usize..error.at.end as usize).is_some());
                    prop_assert!(!error.reason.is_empty());
                    if let Some(suggestion) = error.suggestion {
                        prop_assert!(read(&suggestion).is_ok(), "{}", suggestion);
                    }
                }
            }
        }
    }
}
