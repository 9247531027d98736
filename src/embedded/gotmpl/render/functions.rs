//! The functions of Prometheus' templates, and those that every template has.

use std::cmp::Ordering;

use super::print::{formatted, printed};
use super::value::Val;
use super::{Done, Renderer, humanize, refuse};
use crate::embedded::span_seconds;

impl Renderer<'_, '_> {
    pub(super) fn call(&mut self, name: &str, args: Vec<Val>) -> Done<Val> {
        self.steps = self.steps.saturating_sub(1);
        if let Some(of) = of_number(name) {
            let number = match args.as_slice() {
                [one] => one.number(),
                _ => None,
            };
            return match number {
                Some(number) => of(number),
                None => refuse(format!("`{name}` of something that is no number")),
            };
        }
        match (name, args.as_slice()) {
            ("query", [Val::Text(query)]) => match (self.firing.ask)(query) {
                Some(series) => {
                    let map = |pairs: super::Pairs| {
                        pairs.into_iter().map(|(name, value)| (name, Val::Text(value))).collect()
                    };
                    let samples =
                        series.into_iter().map(|(pairs, value)| Val::Sample(map(pairs), value));
                    Ok(Val::List(samples.collect()))
                }
                None => refuse("a query inside of a template"),
            },
            ("first", [Val::List(items)]) => {
                items.first().cloned().map_or_else(|| refuse("`first` of no series"), Ok)
            }
            ("value", [Val::Sample(_, value)]) => Ok(Val::Float(*value)),
            ("label", [Val::Text(name), Val::Sample(labels, _)]) => Ok(label(labels, name)),
            ("strvalue", [Val::Sample(labels, _)]) => Ok(label(labels, "__value__")),
            ("sortByLabel", [Val::Text(name), Val::List(items)]) => {
                let mut items = items.clone();
                let key = |item: &Val| match item {
                    Val::Sample(labels, _) => super::print::shown(&label(labels, name)).ok(),
                    _ => None,
                };
                items.sort_by_key(key);
                Ok(Val::List(items))
            }
            ("args", all) => {
                let entry = |(index, value): (usize, &Val)| (format!("arg{index}"), value.clone());
                Ok(Val::map(all.iter().enumerate().map(entry)))
            }
            ("now", []) => Ok(Val::Float(self.firing.now)),
            ("externalURL" | "pathPrefix", []) => Ok(Val::Text(String::new())),
            ("safeHtml", [Val::Text(text)]) => Ok(Val::Text(text.clone())),
            ("toUpper", [Val::Text(text)]) => Ok(Val::Text(text.to_uppercase())),
            ("toLower", [Val::Text(text)]) => Ok(Val::Text(text.to_lowercase())),
            ("title", [Val::Text(text)]) if text.is_ascii() => Ok(Val::Text(title(text))),
            ("stripPort", [Val::Text(text)]) => Ok(Val::Text(strip_port(text))),
            ("stripDomain", [Val::Text(text)]) => Ok(Val::Text(strip_domain(text))),
            ("match", [Val::Text(pattern), Val::Text(text)]) => {
                Ok(Val::Bool(regex(pattern)?.is_match(text)))
            }
            ("reReplaceAll", [Val::Text(pattern), Val::Text(with), Val::Text(text)]) => {
                Ok(Val::Text(regex(pattern)?.replace_all(text, with.as_str()).into_owned()))
            }
            ("parseDuration", [Val::Text(text)]) => match signed(text) {
                Some(value) => Ok(Val::Float(value)),
                None => refuse(format!("the duration `{text}`")),
            },
            ("urlQueryEscape" | "urlquery", [Val::Text(text)]) => Ok(Val::Text(escaped(text))),
            ("print", all) => printed(all, false).map(Val::Text),
            ("println", all) => printed(all, true).map(Val::Text),
            ("printf", [Val::Text(format), rest @ ..]) => formatted(format, rest).map(Val::Text),
            ("not", [value]) => Ok(Val::Bool(!value.is_true())),
            ("len", [value]) => match value {
                Val::Text(text) => length(text.len()),
                Val::List(items) => length(items.len()),
                Val::Map(entries) => length(entries.len()),
                _ => refuse("`len` of something that has no parts"),
            },
            ("index", [of, keys @ ..]) => index(of.clone(), keys),
            ("eq", [first, rest @ ..]) if !rest.is_empty() => {
                let mut is_equal = false;
                for other in rest {
                    is_equal |= compare(first, other)? == Some(Ordering::Equal);
                }
                Ok(Val::Bool(is_equal))
            }
            ("ne", [a, b]) => Ok(Val::Bool(compare(a, b)? != Some(Ordering::Equal))),
            ("lt", [a, b]) => Ok(Val::Bool(compare(a, b)? == Some(Ordering::Less))),
            ("gt", [a, b]) => Ok(Val::Bool(compare(a, b)? == Some(Ordering::Greater))),
            ("le", [a, b]) => {
                Ok(Val::Bool(matches!(compare(a, b)?, Some(Ordering::Less | Ordering::Equal))))
            }
            ("ge", [a, b]) => {
                Ok(Val::Bool(matches!(compare(a, b)?, Some(Ordering::Greater | Ordering::Equal))))
            }
            _ => refuse(format!("the function `{name}` of these values")),
        }
    }
}

fn of_number(name: &str) -> Option<fn(f64) -> Done<Val>> {
    Some(match name {
        "humanize" => |value| Ok(Val::Text(humanize::humanize(value))),
        "humanize1024" => |value| Ok(Val::Text(humanize::humanize1024(value))),
        "humanizeDuration" => |value| Ok(Val::Text(humanize::duration(value))),
        "humanizePercentage" => |value| Ok(Val::Text(humanize::percentage(value))),
        "humanizeTimestamp" => |value| match humanize::timestamp(value) {
            Some(text) => Ok(Val::Text(text)),
            None => refuse("a time that is too far away"),
        },
        "toTime" => |value| {
            if value.is_finite() { Ok(Val::Time(value)) } else { refuse("a time that is none") }
        },
        "toDuration" => |value| Ok(Val::Duration((value * 1e9) as i64)),
        _ => return None,
    })
}

fn label(labels: &[(String, Val)], name: &str) -> Val {
    let found = labels.iter().find(|(known, _)| known == name);
    found.map_or_else(|| Val::Text(String::new()), |(_, value)| value.clone())
}

fn length(of: usize) -> Done<Val> {
    Ok(Val::Int(i64::try_from(of).unwrap_or(i64::MAX)))
}

fn index(mut of: Val, keys: &[Val]) -> Done<Val> {
    for key in keys {
        of = match (of, key) {
            (Val::Map(entries), Val::Text(name)) => label(&entries, name),
            (Val::List(items), Val::Int(index)) => {
                let found = usize::try_from(*index).ok().and_then(|index| items.get(index));
                match found {
                    Some(value) => value.clone(),
                    None => return refuse("an index beyond the end"),
                }
            }
            _ => return refuse("`index` of something that has no such parts"),
        };
    }
    Ok(of)
}

/// Go compares values of one kind only.
fn compare(a: &Val, b: &Val) -> Done<Option<Ordering>> {
    match (a, b) {
        (Val::Text(a), Val::Text(b)) => Ok(Some(a.cmp(b))),
        (Val::Int(a), Val::Int(b)) => Ok(Some(a.cmp(b))),
        (Val::Float(a), Val::Float(b)) => Ok(a.partial_cmp(b)),
        (Val::Bool(a), Val::Bool(b)) => Ok(Some(a.cmp(b))),
        _ => refuse("a comparison of two kinds of values"),
    }
}

fn regex(pattern: &str) -> Done<regex::Regex> {
    let built = regex::RegexBuilder::new(pattern).size_limit(1 << 20).build();
    built.or_else(|_| refuse(format!("the regular expression `{pattern}`")))
}

fn title(text: &str) -> String {
    let mut is_start = true;
    let letter = |letter: char| {
        let is_word = letter.is_ascii_alphanumeric() || letter == '\'' || letter == '_';
        let shown = if is_start { letter.to_ascii_uppercase() } else { letter };
        is_start = !is_word;
        shown
    };
    text.chars().map(letter).collect()
}

/// Host and port, where a text is both.
fn split(text: &str) -> Option<(&str, &str)> {
    let (host, port) = text.rsplit_once(':')?;
    if let Some(inner) = host.strip_prefix('[') {
        return Some((inner.strip_suffix(']')?, port));
    }
    (!host.contains([':', '[', ']']) && !port.contains(['[', ']'])).then_some((host, port))
}

fn strip_port(text: &str) -> String {
    split(text).map_or(text, |(host, _)| host).to_owned()
}

fn strip_domain(text: &str) -> String {
    let (host, port) = split(text).unwrap_or((text, ""));
    if host.parse::<std::net::IpAddr>().is_ok() {
        return text.to_owned();
    }
    let host = host.split('.').next().unwrap_or(host);
    if port.is_empty() { host.to_owned() } else { format!("{host}:{port}") }
}

/// Seconds of a span that may lie before: `-1d12h`.
fn signed(text: &str) -> Option<f64> {
    match text.strip_prefix('-') {
        Some(rest) => span_seconds(rest).map(|seconds| -seconds),
        None => span_seconds(text),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            byte if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') => {
                out.push(char::from(byte));
            }
            byte => {
                use std::fmt::Write as _;
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
