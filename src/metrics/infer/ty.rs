//! The type of a query: what its series look like.

use std::rc::Rc;

use super::labels::LabelSet;
use super::labels::LossKind;
use super::unit::Unit;
use crate::metrics::catalog;
use crate::source::{Extent, Sym};

/// What a part of a query gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A number.
    Scalar,
    /// A text.
    Text,
    /// Series with a value each.
    Vector,
    /// Series with values over a span of time.
    Range,
    /// A variable gives it.
    Unknown,
}

/// What the values of series are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// A histogram as a whole: a native one, or nothing.
    Histogram,
    /// Always 1.
    Info,
    /// Not known.
    Unknown,
}

/// Which series of a metric.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Its only one.
    Value,
    /// The quantiles of a summary.
    Quantiles,
    /// A histogram's name itself.
    Base,
    /// `_bucket`
    Bucket,
    /// `_sum`
    Sum,
    /// `_count`
    Count,
    /// `_created`
    Created,
}

impl From<catalog::Part> for Part {
    fn from(part: catalog::Part) -> Self {
        match part {
            catalog::Part::Value => Self::Value,
            catalog::Part::Quantiles => Self::Quantiles,
            catalog::Part::Base => Self::Base,
            catalog::Part::Bucket => Self::Bucket,
            catalog::Part::Sum => Self::Sum,
            catalog::Part::Count => Self::Count,
            catalog::Part::Created => Self::Created,
        }
    }
}

/// The values that a series may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Domain {
    /// Any.
    Any,
    /// 0 and above.
    NotNegative,
    /// 1 and above, whole: what `count` gives.
    Count,
    /// 0 or 1.
    Bool,
    /// 1.
    One,
}

impl Domain {
    /// The least value and the greatest one.
    pub const fn bounds(self) -> (f64, f64) {
        match self {
            Self::Any => (f64::NEG_INFINITY, f64::INFINITY),
            Self::NotNegative => (0.0, f64::INFINITY),
            Self::Count => (1.0, f64::INFINITY),
            Self::Bool => (0.0, 1.0),
            Self::One => (1.0, 1.0),
        }
    }
}

/// Whether there may be no series at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Empties {
    /// There always are.
    Never,
    /// Only if what is measured vanishes.
    Vanishes,
    /// A comparison, `and` or `unless` leaves out series: where it stands.
    Filtered(Extent),
}

impl Empties {
    /// Of what needs both.
    #[must_use]
    pub const fn both(self, other: Self) -> Self {
        match (self, other) {
            (Self::Filtered(_), _) => self,
            (_, Self::Filtered(_)) => other,
            (Self::Vanishes, _) | (_, Self::Vanishes) => Self::Vanishes,
            (Self::Never, Self::Never) => Self::Never,
        }
    }

    /// Of what one of both is enough for.
    #[must_use]
    pub const fn either(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never, _) | (_, Self::Never) => Self::Never,
            (Self::Vanishes, _) | (_, Self::Vanishes) => Self::Vanishes,
            (Self::Filtered(_), Self::Filtered(_)) => self,
        }
    }

    /// Whether a condition leaves out series.
    pub const fn is_filtered(self) -> bool {
        matches!(self, Self::Filtered(_))
    }
}

/// What a query yields.
#[derive(Clone, PartialEq, Debug)]
pub struct Inferred {
    /// A number, series, ranges of series.
    pub shape: Shape,
    /// The labels of the series.
    pub labels: LabelSet,
    /// What the values are.
    pub kind: Kind,
    /// Whether the kind is declared by an exporter, and not guessed.
    pub is_kind_sure: bool,
    /// Which series of a histogram.
    pub part: Part,
    /// What the values measure.
    pub unit: Unit,
    /// Which values there may be.
    pub domain: Domain,
    /// Whether the metric's name is kept.
    pub has_name: bool,
    /// Whether there may be no series.
    pub empties: Empties,
    /// The number, where it is plain.
    pub number: Option<f64>,
    /// Labels of which no two series have the same values, where the query itself says.
    pub key: Option<Rc<[Sym]>>,
    /// The metric that the values are of, where it is one.
    pub metric: Option<Sym>,
    /// Whether values of several series were put together.
    pub is_summed: bool,
}

impl Inferred {
    /// Of which nothing is known.
    pub const fn unknown(shape: Shape) -> Self {
        Self {
            shape,
            labels: LabelSet::open(),
            kind: Kind::Unknown,
            is_kind_sure: false,
            part: Part::Value,
            unit: Unit::UNKNOWN,
            domain: Domain::Any,
            has_name: false,
            empties: Empties::Vanishes,
            number: None,
            key: None,
            metric: None,
            is_summed: false,
        }
    }

    /// A number.
    pub fn scalar(number: Option<f64>, at: Extent) -> Self {
        Self {
            shape: Shape::Scalar,
            labels: LabelSet::none(at, LossKind::FromNumber),
            empties: Empties::Never,
            number,
            kind: Kind::Gauge,
            ..Self::unknown(Shape::Scalar)
        }
    }

    /// A text.
    pub fn text(at: Extent) -> Self {
        Self {
            labels: LabelSet::none(at, LossKind::FromNumber),
            empties: Empties::Never,
            ..Self::unknown(Shape::Text)
        }
    }

    /// Whether it is series.
    pub const fn is_series(&self) -> bool {
        matches!(self.shape, Shape::Vector | Shape::Range)
    }
}
