//! How Go prints values.

use super::value::Val;
use super::{Done, humanize, refuse};
use crate::embedded::number::{general, shortest};

/// A value as an action prints it, and as `%v` does.
pub(super) fn shown(value: &Val) -> Done<String> {
    Ok(match value {
        Val::Nil => "<no value>".to_owned(),
        Val::Bool(value) => value.to_string(),
        Val::Int(value) => value.to_string(),
        Val::Float(value) => shortest(*value),
        Val::Text(text) => text.clone(),
        Val::Map(entries) => {
            let parts: Done<Vec<String>> =
                entries.iter().map(|(key, value)| Ok(format!("{key}:{}", shown(value)?))).collect();
            format!("map[{}]", parts?.join(" "))
        }
        Val::List(items) => {
            let parts: Done<Vec<String>> = items.iter().map(shown).collect();
            format!("[{}]", parts?.join(" "))
        }
        Val::Time(seconds) => match humanize::timestamp(*seconds) {
            Some(text) => text,
            None => return refuse("a time that is too far away"),
        },
        Val::Duration(nanoseconds) => duration(*nanoseconds),
        Val::Sample(..) => return refuse("a series printed as a whole"),
        Val::Data => return refuse("the alert printed as a whole"),
    })
}

/// `1h23m45s`, as Go prints a duration.
fn duration(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let amount = nanoseconds.unsigned_abs();
    if amount == 0 {
        return "0s".to_owned();
    }
    let part = |amount: u64, of: u64| {
        // Every digit of a fraction of nanoseconds.
        let text = format!("{}.{:09}", amount / of, amount % of * (1_000_000_000 / of));
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    if amount < 1_000 {
        return format!("{sign}{amount}ns");
    }
    if amount < 1_000_000 {
        return format!("{sign}{}µs", part(amount, 1_000));
    }
    if amount < 1_000_000_000 {
        return format!("{sign}{}ms", part(amount, 1_000_000));
    }
    let minutes = amount / 60_000_000_000;
    let seconds = part(amount % 60_000_000_000, 1_000_000_000);
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
        (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

/// `print` and `println`: a blank between two values of which neither is a text; `println` has it everywhere.
pub(super) fn printed(values: &[Val], is_line: bool) -> Done<String> {
    let mut out = String::new();
    let mut before: Option<&Val> = None;
    for value in values {
        let is_text = |value: &Val| matches!(value, Val::Text(_));
        if let Some(before) = before
            && (is_line || (!is_text(before) && !is_text(value)))
        {
            out.push(' ');
        }
        out.push_str(&shown(value)?);
        before = Some(value);
    }
    if is_line {
        out.push('\n');
    }
    Ok(out)
}

/// `printf`, as far as its verbs are those that alerts use.
pub(super) fn formatted(format: &str, values: &[Val]) -> Done<String> {
    let mut out = String::new();
    let mut values = values.iter();
    let mut letters = format.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let (mut left, mut zeros, mut plus) = (false, false, false);
        while let Some(flag) = letters.next_if(|flag| matches!(flag, '-' | '0' | '+')) {
            match flag {
                '-' => left = true,
                '0' => zeros = true,
                _ => plus = true,
            }
        }
        let width = digits(&mut letters).unwrap_or(0);
        let precision = if letters.next_if_eq(&'.').is_some() {
            Some(digits(&mut letters).unwrap_or(0))
        } else {
            None
        };
        let Some(verb) = letters.next() else { return refuse("a format that ends in `%`") };
        if verb == '%' {
            out.push('%');
            continue;
        }
        let Some(value) = values.next() else {
            return refuse("a format with more verbs than values");
        };
        let mut text = one(verb, precision, value)?;
        if plus && matches!(value, Val::Int(_) | Val::Float(_)) && !text.starts_with(['-', '+']) {
            text.insert(0, '+');
        }
        let missing = width.min(1000).saturating_sub(text.chars().count());
        if left {
            text.push_str(&" ".repeat(missing));
        } else if zeros && matches!(value, Val::Int(_) | Val::Float(_)) {
            let at = usize::from(text.starts_with(['-', '+']));
            text.insert_str(at, &"0".repeat(missing));
        } else {
            text.insert_str(0, &" ".repeat(missing));
        }
        out.push_str(&text);
    }
    if values.next().is_some() {
        return refuse("a format with fewer verbs than values");
    }
    Ok(out)
}

fn digits(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<usize> {
    let mut out = None;
    while let Some(digit) = letters.peek().and_then(|letter| letter.to_digit(10)) {
        letters.next();
        out = Some(out.unwrap_or(0_usize).saturating_mul(10).saturating_add(digit as usize));
    }
    out
}

fn one(verb: char, precision: Option<usize>, value: &Val) -> Done<String> {
    let precision = precision.map(|digits| digits.min(100));
    Ok(match (verb, value) {
        ('v', value) if precision.is_none() => shown(value)?,
        ('s', Val::Text(text)) => match precision {
            Some(most) => text.chars().take(most).collect(),
            None => text.clone(),
        },
        ('q', Val::Text(text)) if precision.is_none() && is_plain(text) => format!("\"{text}\""),
        ('d', Val::Int(value)) if precision.is_none() => value.to_string(),
        ('t', Val::Bool(value)) => value.to_string(),
        ('f' | 'F', Val::Float(value)) if value.is_finite() => {
            let digits = precision.unwrap_or(6);
            format!("{value:.digits$}")
        }
        ('f' | 'F' | 'g' | 'e', Val::Float(value)) if !value.is_finite() => shortest(*value),
        ('g', Val::Float(value)) => match precision {
            Some(digits) => general(*value, digits),
            None => shortest(*value),
        },
        _ => return refuse(format!("`%{verb}` of this value")),
    })
}

/// Whether a text reads the same in quotes.
fn is_plain(text: &str) -> bool {
    text.chars().all(|letter| !letter.is_control() && letter != '"' && letter != '\\')
}
