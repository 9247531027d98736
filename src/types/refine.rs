//! Refinements: what a value must be beyond its base type.

use crate::embedded::{Decimal, Dimension, Quantity, Unit};
use crate::source::Sym;

/// A refinement of a type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Refinement {
    /// Bounds of a number, or of the length of a text or list.
    Bounds(Bounds),
    /// Bounds of a number with a fraction.
    Between(Between),
    /// The text matches this pattern whole.
    Pattern(Sym),
    /// One exact version, no range and no moving tag.
    Exact,
}

/// Bounds, both ends included, in base units.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Bounds {
    /// At least this.
    pub low: Option<i64>,
    /// At most this.
    pub high: Option<i64>,
    /// The unit to show them in; [`Dimension::Number`] for integers and lengths.
    pub dimension: Dimension,
}

/// Bounds of a `Float`, both ends included, as written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Between {
    /// At least this.
    pub low: Option<Decimal>,
    /// At most this.
    pub high: Option<Decimal>,
}

impl Between {
    /// Whether a number lies within.
    pub fn holds(&self, value: f64) -> bool {
        self.low.is_none_or(|low| value >= low.to_float())
            && self.high.is_none_or(|high| value <= high.to_float())
    }

    /// The bounds in words: `0 to 1`, `at least 0.5`.
    pub fn words(&self) -> String {
        match (self.low, self.high) {
            (Some(low), Some(high)) => format!("{low} to {high}"),
            (Some(low), None) => format!("at least {low}"),
            (None, Some(high)) => format!("at most {high}"),
            (None, None) => "anything".to_owned(),
        }
    }
}

impl Bounds {
    /// Whether an amount in base units lies within.
    pub fn holds(&self, amount: i64) -> bool {
        self.low.is_none_or(|low| amount >= low) && self.high.is_none_or(|high| amount <= high)
    }

    /// The bounds in words: `1 to 7`, `at least 5Gi`, `at most 63`.
    pub fn words(&self) -> String {
        let show = |amount: i64| show_amount(amount, self.dimension);
        match (self.low, self.high) {
            (Some(low), Some(high)) => format!("{} to {}", show(low), show(high)),
            (Some(low), None) => format!("at least {}", show(low)),
            (None, Some(high)) => format!("at most {}", show(high)),
            (None, None) => "anything".to_owned(),
        }
    }
}

impl Refinement {
    /// As the language writes it.
    pub fn show(&self) -> String {
        match self {
            Self::Bounds(bounds) => {
                let show = |amount: Option<i64>| {
                    amount.map_or_else(String::new, |amount| show_amount(amount, bounds.dimension))
                };
                format!("({}..{})", show(bounds.low), show(bounds.high))
            }
            Self::Between(between) => {
                let show =
                    |end: Option<Decimal>| end.map_or_else(String::new, |end| end.to_string());
                format!("({}..{})", show(between.low), show(between.high))
            }
            Self::Pattern(pattern) => format!("(`{pattern}`)"),
            Self::Exact => "(exact)".to_owned(),
        }
    }
}

/// An amount in base units as the language writes it.
fn show_amount(amount: i64, dimension: Dimension) -> String {
    let unit = match dimension {
        Dimension::Number => return amount.to_string(),
        Dimension::Duration => Unit::Week,
        Dimension::Bytes => Unit::Exbibyte,
        Dimension::Cpu if amount % 1000 == 0 => Unit::Core,
        Dimension::Cpu => Unit::Millicore,
        Dimension::Percent => Unit::Percent,
    };
    Quantity::new(amount, unit).to_string()
}
