//! Versions and schedules.

use super::{Call, Row};
use crate::embedded::{
    Cron, Exact, Quantity, Unit, check_cron, check_exact_version, date_of, days_to,
};
use crate::eval::value::Value;
use std::cmp::Ordering;

pub(super) const ROWS: &[Row] = &[
    ("version-major", |call| part(call, |version| version.major)),
    ("version-minor", |call| part(call, |version| version.minor)),
    ("version-patch", |call| part(call, |version| version.patch)),
    ("version-compare", |call| match order(call) {
        Some(order) => Value::Int(order as i64),
        None => Value::Poison,
    }),
    ("version-newer", |call| match order(call) {
        Some(order) => Value::Bool(order == Ordering::Greater),
        None => Value::Poison,
    }),
    ("version-next-minor", next_minor),
    ("cron-max-gap", max_gap),
    ("cron-next", next_runs),
];

fn part(call: &mut Call<'_, '_>, which: fn(&Exact<'_>) -> u64) -> Value {
    let text = call.text(0);
    let Ok(version) = check_exact_version(&text) else { return Value::Poison };
    let number = i64::try_from(which(&version)).ok();
    call.number(number)
}

/// The order of the first two arguments; build metadata has no part in it.
fn order(call: &Call<'_, '_>) -> Option<Ordering> {
    let (a, b) = (call.text(0), call.text(1));
    let (a, b) = (check_exact_version(&a).ok()?, check_exact_version(&b).ok()?);
    Some(a.partial_cmp(&b).unwrap_or(Ordering::Equal))
}

fn next_minor(call: &mut Call<'_, '_>) -> Value {
    let text = call.text(0);
    let Ok(version) = check_exact_version(&text) else { return Value::Poison };
    let Some(minor) = version.minor.checked_add(1) else { return call.number(None) };
    let next = Exact { minor, patch: 0, pre_release: "", build: "", ..version };
    call.make_text(&next.to_string())
}

/// Steps that a walk through the calendar costs.
const CALENDAR: usize = 2_000;

fn schedule(call: &mut Call<'_, '_>) -> Option<Cron> {
    let schedule = check_cron(&call.text(0)).ok()?;
    call.work(CALENDAR).then_some(schedule)
}

fn max_gap(call: &mut Call<'_, '_>) -> Value {
    let Some(schedule) = schedule(call) else { return Value::Poison };
    match schedule.longest_gap() {
        Some(minutes) => {
            // Days and hours where it has them: `3d`, `1d12h`.
            let amount = minutes * Unit::Minute.factor();
            let fits = |unit: &Unit| amount >= unit.factor();
            let unit = [Unit::Day, Unit::Hour].into_iter().find(fits).unwrap_or(Unit::Minute);
            Value::Quantity(Quantity::new(amount, unit))
        }
        None => Value::Poison,
    }
}

fn next_runs(call: &mut Call<'_, '_>) -> Value {
    let Some(schedule) = schedule(call) else { return Value::Poison };
    let Some(mut minute) = read_minute(&call.text(1)) else {
        return call.wrong(1, "no date and time", "write it as `\"2026-03-01 00:00\"`");
    };
    let mut runs = Vec::new();
    for _ in 0..call.int(2) {
        let next = schedule.next(minute).filter(|_| call.work(CALENDAR));
        let Some(next) = next else { break };
        minute = next;
        runs.push(show_minute(minute));
    }
    call.make_texts(runs.iter().map(String::as_str))
}

const MINUTES_OF_A_DAY: i64 = 24 * 60;

/// Minutes from the beginning of 1970 to `2026-03-01 00:00` (or with a `T`).
fn read_minute(text: &str) -> Option<i64> {
    let (date, time) = text.split_once([' ', 'T'])?;
    let number = |part: &str, length: usize, low: i64, high: i64| {
        let is_plain = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        let value: i64 = part.parse().ok()?;
        (is_plain && (low..=high).contains(&value)).then_some(value)
    };
    let mut date = date.split('-');
    let year = number(date.next()?, 4, 1, 9999)?;
    let month = number(date.next()?, 2, 1, 12)?;
    let day = number(date.next()?, 2, 1, 31)?;
    let (hour, minute) = time.split_once(':')?;
    let (hour, minute) = (number(hour, 2, 0, 23)?, number(minute, 2, 0, 59)?);
    let days = days_to(year, month, day);
    let is_there = date.next().is_none() && date_of(days) == (year, month, day);
    is_there.then_some(days * MINUTES_OF_A_DAY + hour * 60 + minute)
}

fn show_minute(minute: i64) -> String {
    let (year, month, day) = date_of(minute.div_euclid(MINUTES_OF_A_DAY));
    let of_day = minute.rem_euclid(MINUTES_OF_A_DAY);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}", of_day / 60, of_day % 60)
}

#[cfg(test)]
mod tests {
    use super::{read_minute, show_minute};

    #[test]
    fn minutes_are_read() {
        let check = |text: &str, shown: Option<&str>| {
            assert_eq!(read_minute(text).map(show_minute).as_deref(), shown, "{text}");
        };
        check("2026-02-28T23:59", Some("2026-02-28 23:59"));
        check("2028-02-29 00:00", Some("2028-02-29 00:00"));
        check("2026-02-29 00:00", None);
        check("2026-2-1 00:00", None);
        check("2026-02-01", None);
        check("2026-02-01 24:00", None);
        check("2026-02-01-01 00:00", None);
    }
}
