//! Quantities: a whole number of a dimension's base unit, and the unit that it is shown in.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::decimal::{Decimal, Product};

/// What a quantity measures.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Dimension {
    /// A bare number; base unit one.
    Number,
    /// Time; base unit the millisecond.
    Duration,
    /// Memory and disk; base unit the byte.
    Bytes,
    /// Processor time; base unit the millicore.
    Cpu,
    /// A share; base unit the millionth (a ten-thousandth of a percent).
    Percent,
}

impl Dimension {
    /// The name of its type in the language.
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Number => "Int",
            Self::Duration => "Duration",
            Self::Bytes => "Bytes",
            Self::Cpu => "Cpu",
            Self::Percent => "Percent",
        }
    }

    /// The smallest amount, as a phrase: a quantity is a whole number of these.
    pub const fn base_name(self) -> &'static str {
        match self {
            Self::Number => "one",
            Self::Duration => "a millisecond",
            Self::Bytes => "a byte",
            Self::Cpu => "a thousandth of a core",
            Self::Percent => "a ten-thousandth of a percent",
        }
    }
}

/// A unit. Only these can be written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(u8)]
#[expect(missing_docs, reason = "each is the name of the unit")]
pub enum Unit {
    /// A bare number.
    None,
    Percent,
    Millicore,
    /// Written without a suffix: `0.5` is half a core.
    Core,
    /// Written without a suffix.
    Byte,
    Kilobyte,
    Megabyte,
    Gigabyte,
    Terabyte,
    Petabyte,
    Exabyte,
    Kibibyte,
    Mebibyte,
    Gibibyte,
    Tebibyte,
    Pebibyte,
    Exbibyte,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
}

/// The units of time, largest first.
pub(super) const TIMES: [Unit; 6] =
    [Unit::Week, Unit::Day, Unit::Hour, Unit::Minute, Unit::Second, Unit::Millisecond];

/// The decimal units of memory, largest first.
const DECIMAL_BYTES: [Unit; 7] = [
    Unit::Exabyte,
    Unit::Petabyte,
    Unit::Terabyte,
    Unit::Gigabyte,
    Unit::Megabyte,
    Unit::Kilobyte,
    Unit::Byte,
];

/// The binary units of memory, largest first.
const BINARY_BYTES: [Unit; 7] = [
    Unit::Exbibyte,
    Unit::Pebibyte,
    Unit::Tebibyte,
    Unit::Gibibyte,
    Unit::Mebibyte,
    Unit::Kibibyte,
    Unit::Byte,
];

impl Unit {
    /// What it measures, how it is written, and how many base units it is.
    const fn facts(self) -> (Dimension, &'static str, i64) {
        match self {
            Self::None => (Dimension::Number, "", 1),
            Self::Percent => (Dimension::Percent, "%", 10_000),
            Self::Millicore => (Dimension::Cpu, "m", 1),
            Self::Core => (Dimension::Cpu, "", 1_000),
            Self::Byte => (Dimension::Bytes, "", 1),
            Self::Kilobyte => (Dimension::Bytes, "k", 1_000),
            Self::Megabyte => (Dimension::Bytes, "M", 1_000_000),
            Self::Gigabyte => (Dimension::Bytes, "G", 1_000_000_000),
            Self::Terabyte => (Dimension::Bytes, "T", 1_000_000_000_000),
            Self::Petabyte => (Dimension::Bytes, "P", 1_000_000_000_000_000),
            Self::Exabyte => (Dimension::Bytes, "E", 1_000_000_000_000_000_000),
            Self::Kibibyte => (Dimension::Bytes, "Ki", 1 << 10),
            Self::Mebibyte => (Dimension::Bytes, "Mi", 1 << 20),
            Self::Gibibyte => (Dimension::Bytes, "Gi", 1 << 30),
            Self::Tebibyte => (Dimension::Bytes, "Ti", 1 << 40),
            Self::Pebibyte => (Dimension::Bytes, "Pi", 1 << 50),
            Self::Exbibyte => (Dimension::Bytes, "Ei", 1 << 60),
            Self::Millisecond => (Dimension::Duration, "ms", 1),
            Self::Second => (Dimension::Duration, "s", 1_000),
            Self::Minute => (Dimension::Duration, "m", 60_000),
            Self::Hour => (Dimension::Duration, "h", 3_600_000),
            Self::Day => (Dimension::Duration, "d", 86_400_000),
            Self::Week => (Dimension::Duration, "w", 604_800_000),
        }
    }

    /// What it measures.
    pub const fn dimension(self) -> Dimension {
        self.facts().0
    }

    /// How it is written.
    pub const fn suffix(self) -> &'static str {
        self.facts().1
    }

    /// How many base units of its dimension it is.
    pub const fn factor(self) -> i64 {
        self.facts().2
    }
}

/// Why an operation on quantities has no result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArithmeticError {
    /// The result is outside what 64 bits hold.
    Overflow,
    /// The result is no whole number of base units.
    Inexact(Dimension),
    /// A division by nothing.
    DivisionByZero,
    /// The two sides measure different things.
    Unlike(Dimension, Dimension),
}

/// What the division of two quantities gives.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Ratio {
    /// It divides.
    Whole(i64),
    /// It does not.
    Fraction(f64),
}

/// An exact amount, and the unit that it is shown in: the one that it was written with, if that can
/// be. Quantities are equal when their amounts are: `60m` is `1h`.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    amount: i64,
    unit: Unit,
}

impl Quantity {
    /// So many base units, shown in `unit` if that takes at most three decimals (time is split:
    /// `1h30m`), else in the largest unit of the same family that takes none.
    pub fn new(amount: i64, unit: Unit) -> Self {
        let family: &[Unit] = match unit {
            Unit::Kibibyte
            | Unit::Mebibyte
            | Unit::Gibibyte
            | Unit::Tebibyte
            | Unit::Pebibyte
            | Unit::Exbibyte => &BINARY_BYTES,
            Unit::Kilobyte
            | Unit::Megabyte
            | Unit::Gigabyte
            | Unit::Terabyte
            | Unit::Petabyte
            | Unit::Exabyte => &DECIMAL_BYTES,
            Unit::None
            | Unit::Percent
            | Unit::Millicore
            | Unit::Core
            | Unit::Byte
            | Unit::Millisecond
            | Unit::Second
            | Unit::Minute
            | Unit::Hour
            | Unit::Day
            | Unit::Week => &[],
        };
        if family.is_empty() || i128::from(amount) * 1_000 % i128::from(unit.factor()) == 0 {
            return Self { amount, unit };
        }
        let whole = family.iter().copied().find(|u| amount % u.factor() == 0);
        Self { amount, unit: whole.unwrap_or(Unit::Byte) }
    }

    /// An amount in the very unit it was written with.
    pub(super) const fn written(amount: i64, unit: Unit) -> Self {
        Self { amount, unit }
    }

    /// A bare number.
    pub const fn number(value: i64) -> Self {
        Self { amount: value, unit: Unit::None }
    }

    /// How many base units: milliseconds, bytes, millicores, millionths, or ones.
    pub const fn amount(self) -> i64 {
        self.amount
    }

    /// The unit that it is shown in; for time the largest one.
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// What it measures.
    pub const fn dimension(self) -> Dimension {
        self.unit.dimension()
    }

    /// The amount in the dimension's own scale, as queries count: seconds, bytes, cores, and a
    /// share of one for percent.
    pub fn in_main_unit(self) -> Decimal {
        let scale = match self.dimension() {
            Dimension::Number | Dimension::Bytes => 0,
            Dimension::Duration | Dimension::Cpu => 3,
            Dimension::Percent => 6,
        };
        Decimal::new(i128::from(self.amount), scale)
    }

    fn like(self, other: Self) -> Result<(), ArithmeticError> {
        let (left, right) = (self.dimension(), other.dimension());
        if left == right { Ok(()) } else { Err(ArithmeticError::Unlike(left, right)) }
    }

    /// The sum, in the unit of the left side.
    pub fn checked_add(self, other: Self) -> Result<Self, ArithmeticError> {
        self.like(other)?;
        let sum = self.amount.checked_add(other.amount).ok_or(ArithmeticError::Overflow)?;
        Ok(Self::new(sum, self.unit))
    }

    /// The difference, in the unit of the left side.
    pub fn checked_sub(self, other: Self) -> Result<Self, ArithmeticError> {
        self.like(other)?;
        let difference = self.amount.checked_sub(other.amount).ok_or(ArithmeticError::Overflow)?;
        Ok(Self::new(difference, self.unit))
    }

    /// The same amount on the other side of zero.
    pub fn checked_neg(self) -> Result<Self, ArithmeticError> {
        let amount = self.amount.checked_neg().ok_or(ArithmeticError::Overflow)?;
        Ok(Self { amount, unit: self.unit })
    }

    /// A multiple.
    pub fn checked_mul(self, by: i64) -> Result<Self, ArithmeticError> {
        let product = self.amount.checked_mul(by).ok_or(ArithmeticError::Overflow)?;
        Ok(Self::new(product, self.unit))
    }

    /// A multiple by a decimal, where that is a whole number of base units.
    pub fn checked_mul_decimal(self, by: Decimal) -> Result<Self, ArithmeticError> {
        match by.times(self.amount) {
            Ok(product) => Ok(Self::new(product, self.unit)),
            Err(Product::Overflow) => Err(ArithmeticError::Overflow),
            Err(Product::Inexact) => Err(ArithmeticError::Inexact(self.dimension())),
        }
    }

    /// How often `other` goes into `self`.
    pub fn checked_div(self, other: Self) -> Result<Ratio, ArithmeticError> {
        self.like(other)?;
        if other.amount == 0 {
            return Err(ArithmeticError::DivisionByZero);
        }
        let (left, right) = (i128::from(self.amount), i128::from(other.amount));
        if left % right == 0 {
            let ratio = i64::try_from(left / right).map_err(|_| ArithmeticError::Overflow)?;
            return Ok(Ratio::Whole(ratio));
        }
        #[expect(clippy::cast_precision_loss, reason = "the ratio of two numbers is a float here")]
        let ratio = self.amount as f64 / other.amount as f64;
        Ok(Ratio::Fraction(ratio))
    }

    /// The order of two quantities of one dimension.
    pub fn compare(self, other: Self) -> Result<Ordering, ArithmeticError> {
        self.like(other)?;
        Ok(self.amount.cmp(&other.amount))
    }

    fn whole_of(self, unit: Unit) -> Option<i64> {
        let fits = self.dimension() == unit.dimension() && self.amount % unit.factor() == 0;
        fits.then(|| self.amount / unit.factor())
    }

    /// A duration in whole seconds.
    pub fn seconds(self) -> Option<i64> {
        self.whole_of(Unit::Second)
    }

    /// Bytes in whole MiB.
    pub fn mebibytes(self) -> Option<i64> {
        self.whole_of(Unit::Mebibyte)
    }

    /// Bytes in whole GiB.
    pub fn gibibytes(self) -> Option<i64> {
        self.whole_of(Unit::Gibibyte)
    }

    /// A duration as Go reads it, which knows neither days nor weeks: `168h`, `1m30s`.
    pub fn go_duration(self) -> Option<String> {
        if self.dimension() != Dimension::Duration {
            return None;
        }
        let unit = if self.unit.factor() > Unit::Hour.factor() { Unit::Hour } else { self.unit };
        Some(Self { amount: self.amount, unit }.to_string())
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.dimension() == other.dimension() && self.amount == other.amount
    }
}

impl Eq for Quantity {}

impl Hash for Quantity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.dimension().hash(state);
        self.amount.hash(state);
    }
}

/// Quantities of different dimensions have no order.
impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.compare(*other).ok()
    }
}

/// As written in the language, and as Kubernetes (bytes, cores) and Prometheus (time) read it.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.amount < 0 {
            f.write_str("-")?;
        }
        let amount = self.amount.unsigned_abs();
        if self.dimension() == Dimension::Duration {
            return split_time(f, amount, self.unit);
        }
        let factor = self.unit.factor().unsigned_abs();
        write!(f, "{}", amount / factor)?;
        let mut rest = u128::from(amount % factor);
        if rest > 0 {
            f.write_str(".")?;
        }
        // Ends, since every factor divides a power of ten.
        while rest > 0 {
            rest *= 10;
            write!(f, "{}", rest / u128::from(factor))?;
            rest %= u128::from(factor);
        }
        f.write_str(self.unit.suffix())
    }
}

/// Time in whole numbers of `largest` and what is below it, without the parts that are zero.
fn split_time(f: &mut fmt::Formatter<'_>, amount: u64, largest: Unit) -> fmt::Result {
    if amount == 0 {
        return write!(f, "0{}", largest.suffix());
    }
    let mut rest = amount;
    for unit in TIMES.into_iter().skip_while(|&unit| unit != largest) {
        let factor = unit.factor().unsigned_abs();
        if rest >= factor {
            write!(f, "{}{}", rest / factor, unit.suffix())?;
            rest %= factor;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::literal::parse_text;
    use super::{ArithmeticError, Decimal, Dimension, Quantity, Ratio, Unit};
    use proptest::prelude::*;

    fn q(text: &str, dimension: Dimension) -> Quantity {
        parse_text(text, dimension).unwrap()
    }

    fn check(result: Result<Quantity, ArithmeticError>, expected: Result<&str, ArithmeticError>) {
        assert_eq!(result.map(|quantity| quantity.to_string()), expected.map(str::to_owned));
    }

    #[test]
    fn results_keep_the_unit_of_the_left_side_where_they_can() {
        use Dimension::{Bytes, Cpu, Duration, Percent};
        check(q("1Gi", Bytes).checked_add(q("512Mi", Bytes)), Ok("1.5Gi"));
        check(q("1Gi", Bytes).checked_sub(q("1Mi", Bytes)), Ok("1023Mi"));
        check(q("1Gi", Bytes).checked_sub(q("1M", Bytes)), Ok("1072741824"));
        check(q("8Gi", Bytes).checked_mul(7), Ok("56Gi"));
        check(q("8Gi", Bytes).checked_mul_decimal(Decimal::new(75, 2)), Ok("6Gi"));
        check(
            q("1Gi", Bytes).checked_mul_decimal(Decimal::new(1, 1)),
            Err(ArithmeticError::Inexact(Bytes)),
        );
        check(q("10Mi", Bytes).checked_sub(q("20Mi", Bytes)), Ok("-10Mi"));
        check(q("1", Cpu).checked_sub(q("250m", Cpu)), Ok("0.75"));
        check(q("250m", Cpu).checked_add(q("1", Cpu)), Ok("1250m"));
        check(q("5m", Duration).checked_add(q("30s", Duration)), Ok("5m30s"));
        check(q("30s", Duration).checked_add(q("5m", Duration)), Ok("330s"));
        check(q("1h", Duration).checked_sub(q("30m", Duration)), Ok("30m"));
        check(q("1h", Duration).checked_sub(q("1h", Duration)), Ok("0h"));
        check(q("80%", Percent).checked_sub(q("0.5%", Percent)), Ok("79.5%"));
        check(
            q("80%", Percent).checked_add(q("1", Cpu)),
            Err(ArithmeticError::Unlike(Percent, Cpu)),
        );
        check(q("7Ei", Bytes).checked_add(q("7Ei", Bytes)), Err(ArithmeticError::Overflow));
        check(Quantity::number(i64::MIN).checked_neg(), Err(ArithmeticError::Overflow));
    }

    #[test]
    fn ratios() {
        let bytes = |text| q(text, Dimension::Bytes);
        assert_eq!(bytes("1Gi").checked_div(bytes("256Mi")), Ok(Ratio::Whole(4)));
        assert_eq!(bytes("1Gi").checked_div(bytes("3Gi")), Ok(Ratio::Fraction(1.0 / 3.0)));
        assert_eq!(bytes("1Gi").checked_div(bytes("0")), Err(ArithmeticError::DivisionByZero));
        let least = Quantity::number(i64::MIN);
        assert_eq!(least.checked_div(Quantity::number(-1)), Err(ArithmeticError::Overflow));
    }

    #[test]
    fn other_spellings() {
        let time = |text| q(text, Dimension::Duration);
        assert_eq!(time("7d").go_duration().as_deref(), Some("168h"));
        assert_eq!(time("1w1h30m").go_duration().as_deref(), Some("169h30m"));
        assert_eq!(time("90m").go_duration().as_deref(), Some("90m"));
        assert_eq!(time("1500ms").go_duration().as_deref(), Some("1500ms"));
        assert_eq!(time("0d").go_duration().as_deref(), Some("0h"));
        assert_eq!(time("1h30m").seconds(), Some(5400));
        assert_eq!(time("1500ms").seconds(), None);
        assert_eq!(q("8Gi", Dimension::Bytes).mebibytes(), Some(8192));
        assert_eq!(q("8G", Dimension::Bytes).mebibytes(), None);
        assert_eq!(q("1536Mi", Dimension::Bytes).gibibytes(), None);
        assert_eq!(q("80%", Dimension::Percent).in_main_unit().to_string(), "0.8");
        assert_eq!(q("250m", Dimension::Cpu).in_main_unit().to_string(), "0.25");
        assert_eq!(time("1500ms").in_main_unit().to_string(), "1.5");
        assert_eq!(q("1", Dimension::Cpu).go_duration(), None);
    }

    #[test]
    fn equality_is_of_amounts() {
        assert_eq!(q("60m", Dimension::Duration), q("1h", Dimension::Duration));
        assert_eq!(q("0.5", Dimension::Cpu), q("500m", Dimension::Cpu));
        assert_ne!(q("1", Dimension::Cpu), q("1000", Dimension::Bytes));
        assert!(size_of::<Quantity>() <= 16);
        assert!(size_of::<Option<Quantity>>() <= 16);
    }

    fn any_unit() -> impl Strategy<Value = Unit> {
        prop::sample::select(vec![
            Unit::None,
            Unit::Percent,
            Unit::Millicore,
            Unit::Core,
            Unit::Byte,
            Unit::Kilobyte,
            Unit::Gigabyte,
            Unit::Exabyte,
            Unit::Kibibyte,
            Unit::Gibibyte,
            Unit::Exbibyte,
            Unit::Millisecond,
            Unit::Second,
            Unit::Minute,
            Unit::Hour,
            Unit::Day,
            Unit::Week,
        ])
    }

    proptest! {
        #[test]
        fn printed_quantities_read_back(amount: i64, unit in any_unit()) {
            let quantity = Quantity::new(amount, unit);
            let read = parse_text(&quantity.to_string(), quantity.dimension()).unwrap();
            prop_assert_eq!(read, quantity);
            prop_assert_eq!(read.to_string(), quantity.to_string());
        }

        #[test]
        fn small_quantities_read_back(amount in -100_000i64..100_000, unit in any_unit()) {
            let quantity = Quantity::new(amount, unit);
            let read = parse_text(&quantity.to_string(), quantity.dimension()).unwrap();
            prop_assert_eq!(read, quantity);
        }

        #[test]
        fn subtraction_undoes_addition(a: i64, b: i64, unit in any_unit(), other in any_unit()) {
            let (a, b) = (Quantity::new(a, unit), Quantity::new(b, other));
            match a.checked_add(b) {
                Ok(sum) => prop_assert_eq!(sum.checked_sub(b).unwrap(), a),
                Err(ArithmeticError::Overflow) => {
                    prop_assert!(a.amount().checked_add(b.amount()).is_none());
                }
                Err(error) => {
                    prop_assert_eq!(error, ArithmeticError::Unlike(a.dimension(), b.dimension()));
                    prop_assert_ne!(a.dimension(), b.dimension());
                }
            }
        }

        #[test]
        fn order_is_the_order_of_amounts(a: i64, b: i64, unit in any_unit()) {
            let (left, right) = (Quantity::new(a, unit), Quantity::new(b, unit));
            prop_assert_eq!(left.partial_cmp(&right), Some(a.cmp(&b)));
            prop_assert_eq!(left == right, a == b);
        }
    }
}
