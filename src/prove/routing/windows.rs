//! Times that come, and go.

use crate::model::{Range, Resource, ResourceId, TimeWindow};
use crate::prove::errors::routing as errors;
use crate::prove::{Facts, Place, Refutation};

/// Every window is one that Alertmanager reads, and that comes and goes.
pub(crate) fn windows(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for window in &facts.model.time_windows {
        if malformed(window, found) {
            continue;
        }
        if let Some((at, why)) = never(&window.value) {
            let (id, name) = (window.id, window.name.value);
            found.push(Refutation::at([Place::new(id, at)], move |[at]: [_; 1]| {
                errors::never(name, &why, at)
            }));
        } else if is_always(&window.value) {
            always(facts, window.id, found);
        }
    }
}

/// What uses a window that never ends.
fn always(facts: &Facts<'_>, id: ResourceId, found: &mut Vec<Refutation>) {
    for routing in &facts.model.routings {
        for step in routing.value.steps() {
            let route = step.route.name.value;
            for (uses, is_mute) in [(&step.route.mute, true), (&step.route.active, false)] {
                let Some(used) = uses.iter().find(|used| used.value.id == id) else { continue };
                let name = used.value.name;
                let places = [Place::new(routing.id, used.origin), Place::name(id)];
                found.push(Refutation::at(places, move |[at, because]: [_; 2]| {
                    errors::always(name, route, is_mute, at, because)
                }));
            }
        }
    }
}

/// Whether Alertmanager refuses a window; reports the first reason.
fn malformed(window: &Resource<'_, TimeWindow<'_>>, found: &mut Vec<Refutation>) -> bool {
    let it = &window.value;
    let mut refuse = |origin, title: String, help: &'static str| {
        let place = Place::new(window.id, origin);
        found.push(Refutation::at([place], move |[at]: [_; 1]| errors::malformed(title, help, at)));
        true
    };
    for range in &it.times {
        let (Some(low), Some(high)) = (range.low, range.high) else {
            let origin = range.low.or(range.high).map_or(window.name.origin, |end| end.origin);
            return refuse(origin, "a time of the day without its end".to_owned(), ENDS);
        };
        if low.value >= high.value {
            let title = format!("`{}` is not before `{}`", low.value, high.value);
            return refuse(
                low.origin,
                title,
                "what goes on over midnight is two: `[\"22:00\" .. \"24:00\", \"00:00\" .. \"06:00\"]`",
            );
        }
    }
    for (range, most) in
        it.days.iter().map(|it| (it, 31)).chain(it.years.iter().map(|it| (it, 9999)))
    {
        let (Some(low), Some(high)) = (range.low, range.high) else {
            let origin = range.low.or(range.high).map_or(window.name.origin, |end| end.origin);
            return refuse(origin, "a range without its end".to_owned(), ENDS);
        };
        let is_days = most == 31;
        let least = if is_days { -31 } else { 1 };
        let outside = [low, high]
            .into_iter()
            .find(|end| end.value == 0 || end.value < least || end.value > most);
        if let Some(end) = outside {
            let title = format!(
                "there is no such {}: `{}`",
                if is_days { "day" } else { "year" },
                end.value
            );
            return refuse(
                end.origin,
                title,
                "days of a month are 1 to 31, or -31 to -1 counted from its end",
            );
        }
        // Alertmanager compares them in the shortest month.
        let place = |day: i64| if day < 0 { 28 + day } else { day };
        if (low.value < 0 && high.value > 0)
            || (is_days && place(low.value) > place(high.value))
            || (!is_days && low.value > high.value)
        {
            let title = format!("`{}` is not before `{}`", low.value, high.value);
            return refuse(
                low.origin,
                title,
                "the first day comes first, in every month: `1 .. 7`, `-3 .. -1`",
            );
        }
    }
    false
}

const ENDS: &str = "Alertmanager wants both ends";

/// Days of each month, in a leap year.
const MONTHS: [(&str, i64); 12] = [
    ("january", 31),
    ("february", 29),
    ("march", 31),
    ("april", 30),
    ("may", 31),
    ("june", 30),
    ("july", 31),
    ("august", 31),
    ("september", 30),
    ("october", 31),
    ("november", 30),
    ("december", 31),
];

/// Why a window never comes, and what says so.
fn never(window: &TimeWindow<'_>) -> Option<(crate::eval::Origin, String)> {
    let first = window.days.first()?.low?;
    let lengths: Vec<i64> = MONTHS
        .iter()
        .filter(|(name, _)| {
            window.months.is_empty() || window.months.iter().any(|it| it.value.as_str() == *name)
        })
        .map(|(_, days)| *days)
        .collect();
    let comes = |range: &Range<i64>, length: i64| {
        let (Some(low), Some(high)) = (range.low, range.high) else { return true };
        let day = |value: i64| if value < 0 { length + 1 + value } else { value };
        day(low.value).max(1) <= day(high.value).min(length)
    };
    let is_some =
        window.days.iter().any(|range| lengths.iter().any(|&length| comes(range, length)));
    let longest = lengths.iter().max()?;
    (!is_some).then(|| (first.origin, format!("its months have at most {longest} days")))
}

/// Whether a window holds at every moment.
fn is_always(window: &TimeWindow<'_>) -> bool {
    let mut times: Vec<(&str, &str)> = window
        .times
        .iter()
        .filter_map(|range| Some((range.low?.value, range.high?.value)))
        .collect();
    times.sort_unstable();
    let mut until = "00:00";
    for (low, high) in times {
        if low > until {
            break;
        }
        until = until.max(high);
    }
    let all_day = window.times.is_empty() || until == "24:00";
    let count = |names: &[crate::model::Of<crate::source::Sym>]| {
        let mut names: Vec<&str> = names.iter().map(|it| it.value.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names.len()
    };
    let all_week = matches!(count(&window.weekdays), 0 | 7);
    let all_year = matches!(count(&window.months), 0 | 12);
    let is_taken = |day: i64| {
        window.days.iter().any(|range| {
            matches!((range.low, range.high), (Some(low), Some(high)) if low.value <= day && day <= high.value)
        })
    };
    let all_month = window.days.is_empty() || (1..=31).all(is_taken);
    all_day && all_week && all_year && all_month && window.years.is_empty()
}

#[cfg(test)]
mod tests {
    use super::{is_always, never};
    use crate::eval::Origin;
    use crate::model::{Of, Range, TimeWindow};
    use crate::source::Sym;

    fn of<T>(value: T) -> Of<T> {
        Of::new(value, Origin::NONE)
    }

    fn window<'a>(
        times: &[(&'a str, &'a str)],
        days: &[(i64, i64)],
        months: &[&str],
    ) -> TimeWindow<'a> {
        TimeWindow {
            name: of(Sym::new("w")),
            times: times
                .iter()
                .map(|&(low, high)| Range { low: Some(of(low)), high: Some(of(high)) })
                .collect(),
            weekdays: Vec::new(),
            days: days
                .iter()
                .map(|&(low, high)| Range { low: Some(of(low)), high: Some(of(high)) })
                .collect(),
            months: months.iter().map(|month| of(Sym::new(month))).collect(),
            years: Vec::new(),
            location: of("UTC"),
        }
    }

    #[test]
    fn windows_come_and_go() {
        let check = |window: &TimeWindow<'_>, comes: bool, goes: bool| {
            assert_eq!((never(window).is_none(), !is_always(window)), (comes, goes), "{window:?}");
        };
        check(&window(&[], &[], &[]), true, false);
        check(&window(&[("12:00", "24:00"), ("00:00", "12:00")], &[], &[]), true, false);
        check(&window(&[("12:30", "24:00"), ("00:00", "12:00")], &[], &[]), true, true);
        check(&window(&[], &[(1, 31)], &[]), true, false);
        check(&window(&[], &[(30, 31)], &["february"]), false, true);
        check(&window(&[], &[(29, 31)], &["february"]), true, true);
        check(&window(&[], &[(31, 31)], &["april", "june"]), false, true);
        check(&window(&[], &[(-31, -31)], &["april"]), false, true);
        check(&window(&[], &[(-3, -1)], &["april"]), true, true);
    }
}
