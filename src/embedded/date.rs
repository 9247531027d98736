//! Dates of days, in the Gregorian calendar carried back and on without end.

/// Days that the calendar takes to repeat: 400 years.
const ERA: i64 = 146_097;
/// Days from the March with which the calendar's year 0 begins to 1970-01-01.
const EPOCH: i64 = 719_468;

/// Days from 1970-01-01 to a date; months and days count from 1. A day that its month does not have counts into the next one.
pub fn days_to(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March here, so that a leap day is a year's last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leaps + (153 * month + 2) / 5 + day - 1 - EPOCH
}

/// The date so many days after 1970-01-01: year, month and day, as [`days_to`] takes them.
pub fn date_of(days: i64) -> (i64, i64, i64) {
    let shifted = days + EPOCH;
    let (era, of_era) = (shifted.div_euclid(ERA), shifted.rem_euclid(ERA));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let year = year + era * 400;
    if month < 10 { (year, month + 3, day) } else { (year + 1, month - 9, day) }
}

#[cfg(test)]
mod tests {
    use super::{ERA, date_of, days_to};

    #[test]
    fn dates_go_there_and_back() {
        for days in (-ERA..2 * ERA).step_by(7) {
            let (year, month, day) = date_of(days);
            assert_eq!(days_to(year, month, day), days, "{year}-{month}-{day}");
        }
        assert_eq!(date_of(0), (1970, 1, 1));
        assert_eq!(date_of(days_to(2024, 2, 28) + 1), (2024, 2, 29));
        assert_eq!(date_of(days_to(2100, 2, 28) + 1), (2100, 3, 1));
    }
}
