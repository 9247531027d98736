//! Dates of moments, in UTC.

use crate::embedded::{date_of, days_to};

/// A moment as a calendar and a clock show it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Moment {
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    /// 0 is Sunday.
    pub(super) weekday: i64,
    pub(super) day_of_year: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
}

const DAY: i64 = 86_400;

impl Moment {
    /// The moment so many seconds after 1970 began.
    pub(super) fn of(seconds: f64) -> Self {
        // Beyond a hundred million years a calendar says nothing.
        let seconds = seconds.clamp(-3.2e15, 3.2e15) as i64;
        let (days, of_day) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        let (year, month, day) = date_of(days);
        Self {
            year,
            month,
            day,
            weekday: (days + 4).rem_euclid(7),
            day_of_year: days - days_to(year, 1, 1) + 1,
            hour: of_day / 3600,
            minute: of_day / 60 % 60,
            second: of_day % 60,
        }
    }

    pub(super) fn days_in_month(self) -> i64 {
        let (year, month) =
            if self.month == 12 { (self.year + 1, 1) } else { (self.year, self.month + 1) };
        days_to(year, month, 1) - days_to(self.year, self.month, 1)
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn moments_have_dates() {
        let leap = Moment::of(1_709_210_096.0); // 2024-02-29 12:34:56, a Thursday
        assert_eq!((leap.year, leap.month, leap.day), (2024, 2, 29));
        assert_eq!((leap.hour, leap.minute, leap.second), (12, 34, 56));
        assert_eq!((leap.weekday, leap.day_of_year, leap.days_in_month()), (4, 60, 29));
        let first = Moment::of(0.0);
        assert_eq!((first.year, first.month, first.day, first.weekday), (1970, 1, 1, 4));
        assert_eq!(Moment::of(-1.0).year, 1969);
        assert_eq!(Moment::of(f64::NAN), first);
    }
}
