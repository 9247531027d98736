//! Exact decimal numbers: what stands in a program, and what a unit is multiplied by.

use std::fmt;

/// `mantissa * 10^-scale`, with no zero at the end of the mantissa that a smaller scale could spare.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Decimal {
    mantissa: i128,
    scale: u8,
}

/// The most digits that a number may have: every such number fits an `i128`.
pub(super) const MOST_DIGITS: usize = 36;

impl Decimal {
    /// A whole number.
    pub const fn whole(value: i64) -> Self {
        Self { mantissa: value as i128, scale: 0 }
    }

    /// `mantissa * 10^-scale`; the scale is at most 36.
    pub(super) const fn new(mut mantissa: i128, mut scale: u8) -> Self {
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// The shortest decimal that reads back as this floating-point number: `0.1` is one tenth.
    /// `None` for infinities, for what is no number, and past 36 digits.
    pub fn from_float(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let text = value.to_string();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.len() + fraction.len() > MOST_DIGITS {
            return None;
        }
        let mantissa: i128 = format!("{whole}{fraction}").parse().ok()?;
        let scale = u8::try_from(fraction.len()).ok()?;
        Some(Self::new(if negative { -mantissa } else { mantissa }, scale))
    }

    /// The nearest floating-point number.
    pub fn to_float(self) -> f64 {
        // The standard library's reader rounds correctly; arithmetic on powers of ten would not.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The whole number, if it is one that fits.
    pub fn to_int(self) -> Option<i64> {
        if self.scale == 0 { i64::try_from(self.mantissa).ok() } else { None }
    }

    /// Whether there is no fraction.
    pub const fn is_whole(self) -> bool {
        self.scale == 0
    }

    /// The same on the other side of zero.
    pub(super) const fn negated(self) -> Self {
        Self { mantissa: -self.mantissa, scale: self.scale }
    }

    /// `self * 10^power`, within 36 digits.
    pub(super) fn shifted(self, power: i32) -> Option<Self> {
        let scale = i32::from(self.scale).checked_sub(power)?;
        let (mantissa, scale) = if scale < 0 {
            let factor = 10i128.checked_pow(scale.unsigned_abs())?;
            (self.mantissa.checked_mul(factor)?, 0)
        } else {
            (self.mantissa, scale)
        };
        let digits = usize::try_from(mantissa.unsigned_abs().checked_ilog10().unwrap_or(0)).ok()?;
        let scale = u8::try_from(scale).ok()?;
        if digits >= MOST_DIGITS || usize::from(scale) >= MOST_DIGITS {
            return None;
        }
        Some(Self::new(mantissa, scale))
    }

    /// `self * factor` as a whole number.
    pub(super) fn times(self, factor: i64) -> Result<i64, Product> {
        let denominator = 10i128.pow(u32::from(self.scale));
        let factor = i128::from(factor);
        let shared = greatest_common_divisor(factor.unsigned_abs(), denominator.unsigned_abs());
        // The divisor is at most the denominator, which fits.
        let shared = i128::try_from(shared).unwrap_or(1);
        let denominator = denominator / shared;
        if self.mantissa % denominator != 0 {
            return Err(Product::Inexact);
        }
        (self.mantissa / denominator)
            .checked_mul(factor / shared)
            .and_then(|product| i64::try_from(product).ok())
            .ok_or(Product::Overflow)
    }
}

/// Why a product is no `i64`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Product {
    Inexact,
    Overflow,
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// Without exponent: `0.5`, `-3`, `1500`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs();
        let unit = 10u128.pow(u32::from(self.scale));
        if self.scale == 0 {
            write!(f, "{sign}{digits}")
        } else {
            let width = usize::from(self.scale);
            write!(f, "{sign}{}.{:0width$}", digits / unit, digits % unit)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Decimal, Product};

    fn check(value: f64, expected: Option<&str>) {
        assert_eq!(Decimal::from_float(value).map(|d| d.to_string()).as_deref(), expected);
        if let Some(decimal) = Decimal::from_float(value) {
            assert_eq!(decimal.to_float(), value);
        }
    }

    #[test]
    fn floats_are_their_shortest_decimals() {
        check(0.1, Some("0.1"));
        check(-0.25, Some("-0.25"));
        check(3.0, Some("3"));
        check(0.1 + 0.2, Some("0.30000000000000004"));
        check(1e30, Some("1000000000000000000000000000000"));
        check(1e-40, None);
        check(1e40, None);
        check(f64::NAN, None);
        check(f64::INFINITY, None);
    }

    #[test]
    fn products_are_exact_or_refused() {
        let tenth = Decimal::new(1, 1);
        assert_eq!(tenth.times(20), Ok(2));
        assert_eq!(tenth.times(25), Err(Product::Inexact));
        assert_eq!(Decimal::whole(i64::MAX).times(2), Err(Product::Overflow));
        assert_eq!(Decimal::whole(-1).times(i64::MIN), Err(Product::Overflow));
        assert_eq!(Decimal::new(5 * 10i128.pow(35), 36).times(i64::MAX - 1), Ok(i64::MAX / 2));
        assert_eq!(Decimal::new(0, 5).times(7), Ok(0));
        assert_eq!(tenth.times(0), Ok(0));
    }
}
