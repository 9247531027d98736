//! Series of numbers over time.

use super::labels::Labels;

/// A moment, in milliseconds since 1970, and the number that a series has there.
pub type Point = (i64, f64);

/// A series: its points in the order of time.
#[derive(Clone, PartialEq, Debug)]
pub struct Series {
    /// Its labels, the name among them.
    pub labels: Labels,
    /// Its points.
    pub points: Vec<Point>,
}

/// The number that says that a series has ended: one of the numbers that are none.
pub const STALE: f64 = f64::from_bits(0x7ff0_0000_0000_0002);

/// Whether a number says that the series has ended.
pub fn is_stale(value: f64) -> bool {
    value.to_bits() == STALE.to_bits()
}

impl Series {
    /// The points after `start` and up to `end`; the one at `start`, too, where the left end is closed.
    pub(super) fn between(&self, start: i64, end: i64, is_closed: bool) -> &[Point] {
        let first =
            self.points.partition_point(|(at, _)| *at < start || (*at == start && !is_closed));
        let last = self.points.partition_point(|(at, _)| *at <= end);
        self.points.get(first..last).unwrap_or(&[])
    }
}
