//! Schedules of Kubernetes' CronJobs.

use crate::diag::nearest;

use super::name::unwanted;
use super::text::{TextError, all, extent};

/// A schedule: which minutes, hours and days it names, as sets of bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cron {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether the day of the month, or of the week, is left open by `*`. If neither is, a day
    /// that fits one of them is enough.
    any_day: bool,
    any_weekday: bool,
}

struct Field {
    name: &'static str,
    low: u32,
    high: u32,
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", low: 0, high: 59, names: &[] },
    Field { name: "hour", low: 0, high: 23, names: &[] },
    Field { name: "day of the month", low: 1, high: 31, names: &[] },
    Field {
        name: "month",
        low: 1,
        high: 12,
        names: &[
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ],
    },
    Field {
        name: "day of the week",
        low: 0,
        high: 6,
        names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    },
];

const MACROS: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

const RULE: &str = "five fields: minute, hour, day of the month, month, day of the week";
const MINUTES_OF_A_DAY: i64 = 24 * 60;
/// The calendar repeats after 400 years, weekdays included.
const DAYS_OF_THE_CALENDAR: i64 = 146_097;

/// A schedule as Kubernetes reads it: five fields, or one of `@hourly`, `@daily`, `@weekly`,
/// `@monthly`, `@yearly`. It must come at some time.
pub fn check(text: &str) -> Result<Cron, TextError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(TextError::new(all(text), "nothing", RULE));
    }
    if trimmed.starts_with('@') {
        return by_name(text);
    }
    for prefix in ["TZ=", "CRON_TZ="] {
        if trimmed.starts_with(prefix) {
            let end = text.find(' ').unwrap_or(text.len());
            let error = TextError::new(
                extent(0, end),
                "a time zone",
                "five fields; a zone is a field of its own beside the schedule",
            );
            return Err(error);
        }
    }
    let fields: Vec<(usize, &str)> = words(text).collect();
    if let Some(&(at, word)) = fields.get(5) {
        let last = fields.last().map_or(at + word.len(), |(at, word)| at + word.len());
        let error = TextError::new(extent(at, last), "more than five fields", RULE);
        // Other programs begin with seconds.
        let seconds = fields.first().is_some_and(|(_, first)| *first == "0") && fields.len() == 6;
        let rest = fields.get(1).and_then(|(at, _)| text.get(*at..)).unwrap_or("");
        return Err(if seconds && check(rest).is_ok() {
            error.suggest(all(text), rest)
        } else {
            error
        });
    }
    let mut sets = [(0u64, false); 5];
    let mut given = fields.iter();
    for (field, set) in FIELDS.iter().zip(&mut sets) {
        let Some(&(at, word)) = given.next() else {
            let found = format!("{} of five fields", fields.len());
            return Err(TextError::new(all(text), found, RULE));
        };
        *set = field
            .list(word, at)
            .map_err(|error| error.only_right(text, |mended| check(mended).is_ok()))?;
    }
    let [minutes, hours, days, months, weekdays] = sets;
    let cron = Cron {
        minutes: minutes.0,
        hours: hours.0,
        days: days.0,
        months: months.0,
        weekdays: weekdays.0,
        any_day: days.1,
        any_weekday: weekdays.1,
    };
    if cron.next(0).is_none() {
        let (start, end) = match (fields.get(2), fields.get(3)) {
            (Some((start, _)), Some((at, word))) => (*start, at + word.len()),
            _ => (0, text.len()),
        };
        let expected = "a day that one of these months has";
        return Err(TextError::new(extent(start, end), "a day that never comes", expected));
    }
    Ok(cron)
}

fn by_name(text: &str) -> Result<Cron, TextError> {
    let expected = "five fields, or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`";
    if let Some((_, fields)) = MACROS.iter().find(|(name, _)| *name == text) {
        return check(fields);
    }
    let word = text.split_whitespace().next().unwrap_or(text);
    let start = text.find('@').unwrap_or(0);
    let at = extent(start, start + word.len());
    if word == "@every" {
        return Err(TextError::new(
            at,
            "an interval",
            "fixed times: intervals begin anew whenever the controller does",
        ));
    }
    let names = MACROS.iter().map(|(name, _)| *name);
    let error = TextError::new(at, "an unknown schedule", expected);
    let known = names.clone().find(|name| *name == word).or_else(|| nearest(word, names));
    Err(match known {
        Some(name) => error.suggest(all(text), name),
        None => error,
    })
}

/// Words between blanks, with where they start.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split([' ', '\t']).filter_map(move |word| {
        let start = at;
        at += word.len() + 1;
        (!word.is_empty()).then_some((start, word))
    })
}

impl Field {
    fn rule(&self) -> String {
        let names = match self.names {
            [first, .., last] => format!(", or `{first}` to `{last}`"),
            _ => String::new(),
        };
        format!(
            "{} {} from {} to {}{names}",
            if self.name == "hour" { "an" } else { "a" },
            self.name,
            self.low,
            self.high
        )
    }

    /// The set of a list, and whether an item of it leaves the field open.
    fn list(&self, text: &str, at: usize) -> Result<(u64, bool), TextError> {
        let mut set = 0;
        let mut open = false;
        let mut at = at;
        for item in text.split(',') {
            let (bits, is_open) = self.item(item, at)?;
            set |= bits;
            open |= is_open;
            at += item.len() + 1;
        }
        Ok((set, open))
    }

    /// `*`, `n`, `n-m`, each maybe with `/step`.
    fn item(&self, text: &str, at: usize) -> Result<(u64, bool), TextError> {
        if text.is_empty() {
            return Err(TextError::new(extent(at, at), "an empty item", self.rule()));
        }
        let (range, step) = match text.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (text, None),
        };
        let (low, high, star) = if matches!(range, "*" | "?") {
            (self.low, self.high, true)
        } else if let Some((low, high)) = range.split_once('-') {
            let first = self.value(low, at)?;
            let last = self.value(high, at + low.len() + 1)?;
            if last < first {
                return Err(TextError::new(
                    extent(at, at + range.len()),
                    "a range that runs backwards",
                    "the smaller number first",
                ));
            }
            (first, last, false)
        } else {
            let value = self.value(range, at)?;
            (value, if step.is_some() { self.high } else { value }, false)
        };
        let width = match step {
            None => 1,
            Some(digits) => {
                let at = extent(at + range.len() + 1, at + text.len());
                match digits.parse::<u32>() {
                    Ok(width) if width > 0 && digits.bytes().all(|b| b.is_ascii_digit()) => width,
                    _ => return Err(TextError::new(at, "no step", "a number above zero")),
                }
            }
        };
        if width > self.high - self.low {
            let at = extent(at + range.len() + 1, at + text.len());
            let expected =
                format!("at most {}: it never takes a second step", self.high - self.low);
            return Err(TextError::new(at, "too long a step", expected));
        }
        let step = usize::try_from(width).unwrap_or(usize::MAX);
        let bits = (low..=high).step_by(step).fold(0u64, |set, value| set | 1 << value);
        // With a step, a `*` is a list like any other.
        Ok((bits, star && width == 1))
    }

    fn value(&self, text: &str, at: usize) -> Result<u32, TextError> {
        let here = extent(at, at + text.len());
        let lower = text.to_ascii_lowercase();
        if let Some(index) = self.names.iter().position(|name| *name == lower) {
            return Ok(self.low + u32::try_from(index).unwrap_or(0));
        }
        if let Some((inner, c)) = text.char_indices().find(|(_, c)| !c.is_ascii_digit()) {
            let is_word = !self.names.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic());
            let start = at + inner;
            let (at, found) = if is_word {
                (here, "an unknown name".to_owned())
            } else {
                (extent(start, start + c.len_utf8()), unwanted(c))
            };
            let error = TextError::new(at, found, self.rule());
            let short = lower.get(..3).filter(|short| self.names.contains(short));
            return Err(match short {
                Some(short) if is_word => error.suggest(here, short),
                _ => error,
            });
        }
        match text.parse::<u32>() {
            Ok(value) if (self.low..=self.high).contains(&value) => Ok(value),
            Ok(7) if self.high == 6 => {
                let error = TextError::new(here, "7, which is no weekday", "0 for Sunday");
                Err(error.suggest(here, "0"))
            }
            Ok(value) => {
                let side = if value < self.low { "below" } else { "above" };
                let bound = if value < self.low { self.low } else { self.high };
                Err(TextError::new(here, format!("`{text}` is {side} {bound}"), self.rule()))
            }
            Err(_) => {
                let found = if text.is_empty() { "no number" } else { "too large a number" };
                Err(TextError::new(here, found, self.rule()))
            }
        }
    }
}

impl Cron {
    /// The first run after a minute, both counted from the beginning of 1970 in the schedule's own
    /// time zone. Always some, for a schedule that [`check`] gave.
    pub fn next(&self, after: i64) -> Option<i64> {
        let first = after.checked_add(1)?;
        let (today, minute) =
            (first.div_euclid(MINUTES_OF_A_DAY), first.rem_euclid(MINUTES_OF_A_DAY));
        if self.runs_on(today)
            && let Some(minute) = self.minutes_of_a_day().find(|&run| run >= minute)
        {
            return today.checked_mul(MINUTES_OF_A_DAY)?.checked_add(minute);
        }
        let start = self.minutes_of_a_day().next()?;
        let day = (1..=DAYS_OF_THE_CALENDAR)
            .filter_map(|days| today.checked_add(days))
            .find(|&day| self.runs_on(day))?;
        day.checked_mul(MINUTES_OF_A_DAY)?.checked_add(start)
    }

    /// The longest time between two runs, in minutes, over all years of the calendar.
    pub fn longest_gap(&self) -> Option<i64> {
        let first = self.minutes_of_a_day().next()?;
        let last = self.minutes_of_a_day().last()?;
        let inner = self
            .minutes_of_a_day()
            .zip(self.minutes_of_a_day().skip(1))
            .map(|(a, b)| b - a)
            .max()
            .unwrap_or(0);
        let overnight = first + MINUTES_OF_A_DAY - last;
        let mut days = (0..DAYS_OF_THE_CALENDAR).filter(|&day| self.runs_on(day));
        let start = days.next()?;
        let mut before = start;
        let mut most_days = 0;
        for day in days {
            most_days = most_days.max(day - before);
            before = day;
        }
        most_days = most_days.max(start + DAYS_OF_THE_CALENDAR - before);
        Some(inner.max(overnight + (most_days - 1) * MINUTES_OF_A_DAY))
    }

    /// How many runs there are at most within some minutes, at least one, counted over a leap year.
    pub fn most_within(&self, minutes: i64) -> i64 {
        const FIRST: i64 = 19_723 * MINUTES_OF_A_DAY;
        const LAST: i64 = FIRST + 366 * MINUTES_OF_A_DAY;
        let mut runs: Vec<i64> = Vec::new();
        let mut at = FIRST - 1;
        while let Some(next) = self.next(at).filter(|next| *next < LAST) {
            runs.push(next);
            at = next;
        }
        let (mut most, mut first) = (1, 0);
        for (number, run) in runs.iter().enumerate() {
            while runs.get(first).is_some_and(|old| run - old > minutes) {
                first += 1;
            }
            most = most.max(number - first + 1);
        }
        i64::try_from(most).unwrap_or(i64::MAX)
    }

    fn minutes_of_a_day(&self) -> impl Iterator<Item = i64> {
        let (hours, minutes) = (self.hours, self.minutes);
        (0..24).filter(move |hour| hours >> hour & 1 == 1).flat_map(move |hour| {
            (0..60).filter(move |minute| minutes >> minute & 1 == 1).map(move |m| hour * 60 + m)
        })
    }

    /// Whether it runs on a day counted from 1970-01-01.
    fn runs_on(&self, day: i64) -> bool {
        let (month, day_of_month) = civil(day);
        // 1970 began on a Thursday.
        let weekday = (day + 4).rem_euclid(7);
        let fits_day = self.days >> day_of_month & 1 == 1;
        let fits_weekday = self.weekdays >> weekday & 1 == 1;
        let fits = if self.any_day || self.any_weekday {
            fits_day && fits_weekday
        } else {
            fits_day || fits_weekday
        };
        fits && self.months >> month & 1 == 1
    }
}

/// Month and day of the month of a day counted from 1970-01-01, in the Gregorian calendar.
fn civil(day: i64) -> (i64, i64) {
    // Years begin in March here, so that a leap day is a year's last.
    let of_era = (day.rem_euclid(DAYS_OF_THE_CALENDAR) + 719_468) % DAYS_OF_THE_CALENDAR;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * month + 2) / 5 + 1;
    (if month < 10 { month + 3 } else { month - 9 }, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::super::text::table::refuse;
    use super::{check, civil};

    /// Minutes from 1970 to a day and time of 2026-01, which began on a Thursday.
    fn january(day: i64, hour: i64, minute: i64) -> i64 {
        ((20_454 + day - 1) * 24 + hour) * 60 + minute
    }

    fn runs(text: &str, after: i64, expected: i64, gap: i64) {
        let cron = check(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(cron.next(after), Some(expected), "{text}");
        assert_eq!(cron.longest_gap(), Some(gap), "{text}");
    }

    #[test]
    fn runs_within_a_time_are_counted() {
        const DAY: i64 = 24 * 60;
        for (text, minutes, most) in [
            ("0 2 * * *", 7 * DAY, 8),
            ("0 2 * * *", 7 * DAY - 1, 7),
            ("0 */6 * * *", DAY, 5),
            ("0 2 * * mon-fri", 7 * DAY, 6),
            // Once in a year, or in none of the one that is looked at.
            ("0 0 29 2 *", DAY, 1),
            ("0 0 1 1 *", 1000 * DAY, 1),
        ] {
            assert_eq!(check(text).map(|it| it.most_within(minutes)), Ok(most), "{text}");
        }
    }

    #[test]
    fn runs_and_gaps() {
        const DAY: i64 = 24 * 60;
        let start = january(1, 0, 0);
        runs("* * * * *", start, start + 1, 1);
        runs("0 3 * * *", start, january(1, 3, 0), DAY);
        runs("0 3 * * *", january(1, 3, 0), january(2, 3, 0), DAY);
        runs("*/15 * * * *", january(1, 0, 50), january(1, 1, 0), 15);
        runs("*/25 * * * *", january(1, 0, 50), january(1, 1, 0), 25);
        runs("5/20 * * * *", start, january(1, 0, 5), 20);
        runs("30 2,14 * * *", january(1, 3, 0), january(1, 14, 30), 12 * 60);
        runs("0 9-17 * * mon-fri", january(2, 17, 30), january(5, 9, 0), 64 * 60);
        runs("0 0 * * 0", start, january(4, 0, 0), 7 * DAY);
        runs("0 0 1 * *", start, january(32, 0, 0), 31 * DAY);
        // The thirteenth or a Friday; with `*` in one of them, both must fit.
        runs("0 0 13 * 5", start, january(2, 0, 0), 7 * DAY);
        runs("0 0 */2 * 5", start, january(2, 0, 0), 2 * DAY);
        runs("0 0 29 2 *", start, january(1, 0, 0) + (365 * 2 + 59) * DAY, 2921 * DAY);
        runs("0 0 31 */2 ?", start, january(31, 0, 0), 184 * DAY);
        runs("@hourly", start, start + 60, 60);
        runs("@yearly", start, start + 365 * DAY, 366 * DAY);
        runs("0 12 1 JAN *", start, start + 720, 366 * DAY);
        assert_eq!(check("@midnight"), check("0 0 * * *"));
        assert_eq!(check("@weekly"), check("  0  0 * * sun "));
        assert_eq!(check("* * * * *").unwrap().next(i64::MAX), None);
    }

    #[test]
    fn dates() {
        assert_eq!(civil(0), (1, 1));
        assert_eq!(civil(-1), (12, 31));
        assert_eq!(civil(20_454), (1, 1));
        assert_eq!(civil(11_016), (2, 29));
        assert_eq!(civil(11_017), (3, 1));
    }

    #[test]
    fn wrong_schedules() {
        let refuse =
            |text, at, found, mended| refuse(|t| check(t).map(drop), text, at, found, mended);
        refuse("", (0, ""), "nothing", None);
        refuse("0 3 * *", (0, "0 3 * *"), "4 of five fields", None);
        refuse("0 0 3 * * *", (10, "*"), "more than five fields", Some("0 3 * * *"));
        refuse("0 3 * * * 2026", (10, "2026"), "more than five fields", None);
        refuse("60 3 * * *", (0, "60"), "`60` is above 59", None);
        refuse("0 24 * * *", (2, "24"), "`24` is above 23", None);
        refuse("0 3 0 * *", (4, "0"), "`0` is below 1", None);
        refuse("0 3 * 13 *", (6, "13"), "`13` is above 12", None);
        refuse("0 3 * * 7", (8, "7"), "7, which is no weekday", Some("0 3 * * 0"));
        refuse("0 3 * * 1-7", (10, "7"), "7, which is no weekday", None);
        refuse("0 3 * * monday", (8, "monday"), "an unknown name", Some("0 3 * * mon"));
        refuse("0 3 * foo *", (6, "foo"), "an unknown name", None);
        refuse("0 3 L * *", (4, "L"), "`L`, an uppercase letter", None);
        refuse("0 5-3 * * *", (2, "5-3"), "a range that runs backwards", None);
        refuse("*/0 * * * *", (2, "0"), "no step", None);
        refuse("*/x * * * *", (2, "x"), "no step", None);
        refuse("*/90 * * * *", (2, "90"), "too long a step", None);
        refuse("1,,2 * * * *", (2, ""), "an empty item", None);
        refuse("1- * * * *", (2, ""), "no number", None);
        refuse("99999999999 * * * *", (0, "99999999999"), "too large a number", None);
        refuse("0 3 31 2 *", (4, "31 2"), "a day that never comes", None);
        refuse("0 3 31 4,6 *", (4, "31 4,6"), "a day that never comes", None);
        refuse("@dayly", (0, "@dayly"), "an unknown schedule", Some("@daily"));
        refuse("@every 5m", (0, "@every"), "an interval", None);
        refuse("@reboot", (0, "@reboot"), "an unknown schedule", None);
        refuse("TZ=UTC 0 3 * * *", (0, "TZ=UTC"), "a time zone", None);
    }
}
