//! Scalars and collections of models.

use crate::eval::Origin;
use crate::source::Sym;

/// A scalar and where it comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Of<T> {
    /// The scalar.
    pub value: T,
    /// What wrote it.
    pub origin: Origin,
}

impl<T> Of<T> {
    /// A scalar with its origin.
    pub const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }
}

/// A map: entries with distinct keys, in the order in which they were written.
pub type Map<T> = Vec<(Sym, T)>;

/// An amount with a unit.
#[derive(Clone, Copy, Debug)]
pub struct Quantity<'a> {
    /// How many of the smallest unit: milliseconds of a `Duration`, bytes of `Bytes`, millicores of a `Cpu`, millionths of a `Percent`
    /// (`50%` is 500,000).
    pub amount: i64,
    /// The quantity as the program writes it (`20Gi`); none where it was computed.
    pub written: Option<&'a str>,
}

/// Equal amounts are equal, however they are written.
impl PartialEq for Quantity<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.amount == other.amount
    }
}
impl Eq for Quantity<'_> {}

impl<'a> Quantity<'a> {
    /// An amount as a program writes it.
    pub const fn new(amount: i64, written: &'a str) -> Self {
        Self { amount, written: Some(written) }
    }

    /// An amount that was computed.
    pub const fn computed(amount: i64) -> Self {
        Self { amount, written: None }
    }
}

/// A range; an end that is `none` is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range<T> {
    /// The lower end, part of the range.
    pub low: Option<Of<T>>,
    /// The upper end, part of the range.
    pub high: Option<Of<T>>,
}
