//! Texts. What grows is measured before it is made.

use super::lists::count;
use super::{Call, Row};
use crate::eval::value::Value;

pub(super) const ROWS: &[Row] = &[
    ("join", join),
    ("split", |call| {
        let (text, by) = (call.text(0), call.text(1));
        call.make_texts(text.split(by.as_str()))
    }),
    ("lines", |call| {
        let text = call.text(0);
        call.make_texts(text.lines())
    }),
    ("upper", |call| made(call, |text| text.to_uppercase())),
    ("lower", |call| made(call, |text| text.to_lowercase())),
    ("title-case", |call| made(call, title_case)),
    ("slug", |call| made(call, slug)),
    ("trim", |call| made(call, |text| text.trim().to_owned())),
    ("trim-prefix", |call| {
        let (text, part) = (call.text(0), call.text(1));
        call.make_text(text.strip_prefix(part.as_str()).unwrap_or(&text))
    }),
    ("trim-suffix", |call| {
        let (text, part) = (call.text(0), call.text(1));
        call.make_text(text.strip_suffix(part.as_str()).unwrap_or(&text))
    }),
    ("truncate", |call| {
        let (text, most) = (call.text(0), usize::try_from(call.int(1)).unwrap_or(usize::MAX));
        let end = text.char_indices().nth(most).map_or(text.len(), |(end, _)| end);
        call.make_text(text.get(..end).unwrap_or(&text))
    }),
    ("replace", replace),
    ("starts-with", |call| Value::Bool(call.text(0).starts_with(call.text(1).as_str()))),
    ("ends-with", |call| Value::Bool(call.text(0).ends_with(call.text(1).as_str()))),
    ("contains", |call| Value::Bool(call.text(0).contains(call.text(1).as_str()))),
    ("char-count", |call| count(call.text(0).chars().count())),
    ("byte-count", |call| count(call.text(0).len())),
    ("pad-start", |call| pad(call, true)),
    ("pad-end", |call| pad(call, false)),
    ("repeat", repeat),
    ("indent", indent),
    ("matches", |call| match regex(call, 1) {
        Some(pattern) => Value::Bool(pattern.is_match(&call.text(0))),
        None => Value::Poison,
    }),
    ("capture", capture),
    ("replace-pattern", replace_pattern),
];

/// A text made of the first one; all that use it at most triple its bytes.
fn made(call: &mut Call<'_, '_>, how: fn(&str) -> String) -> Value {
    let text = call.text(0);
    let made = how(&text);
    call.make_text(&made)
}

fn join(call: &mut Call<'_, '_>) -> Value {
    let Some(texts) = call.texts(0) else { return Value::Poison };
    let by = call.text(1);
    let gaps = texts.len().saturating_sub(1) as u64;
    let bytes: u64 = texts.iter().map(|text| text.len() as u64).sum();
    let all = bytes.saturating_add(gaps.saturating_mul(by.len() as u64));
    if !call.has_room(all) {
        return Value::Poison;
    }
    call.make_text(&texts.join(&by))
}

fn title_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at_start = true;
    for letter in text.chars() {
        if at_start && letter.is_alphanumeric() {
            out.extend(letter.to_uppercase());
        } else {
            out.push(letter);
        }
        at_start = !letter.is_alphanumeric();
    }
    out
}

/// Lower case letters and digits, with one `-` in place of anything else between them.
fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let letter = letter.to_ascii_lowercase();
        if letter.is_ascii_alphanumeric() {
            out.push(letter);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

fn replace(call: &mut Call<'_, '_>) -> Value {
    let (text, from, to) = (call.text(0), call.text(1), call.text(2));
    let found = text.matches(from.as_str()).count() as u64;
    let grown = (to.len() as u64).saturating_mul(found).saturating_add(text.len() as u64);
    if !call.has_room(grown) {
        return Value::Poison;
    }
    call.make_text(&text.replace(&from, &to))
}

fn pad(call: &mut Call<'_, '_>, start: bool) -> Value {
    let (text, with) = (call.text(0), call.text(2));
    let width = u64::try_from(call.int(1)).unwrap_or(0);
    let missing = width.saturating_sub(text.chars().count() as u64);
    let bytes = missing.saturating_mul(with.len() as u64).saturating_add(text.len() as u64);
    if !call.has_room(bytes) {
        return Value::Poison;
    }
    let fill = with.repeat(usize::try_from(missing).unwrap_or(0));
    let padded = if start { format!("{fill}{text}") } else { format!("{text}{fill}") };
    call.make_text(&padded)
}

fn repeat(call: &mut Call<'_, '_>) -> Value {
    let text = call.text(0);
    let times = u64::try_from(call.int(1)).unwrap_or(0);
    if !call.has_room(times.saturating_mul(text.len() as u64)) {
        return Value::Poison;
    }
    call.make_text(&text.repeat(usize::try_from(times).unwrap_or(0)))
}

/// Blanks before every line that holds something.
fn indent(call: &mut Call<'_, '_>) -> Value {
    let text = call.text(0);
    let by = u64::try_from(call.int(1)).unwrap_or(0);
    let lines = text.split('\n').count() as u64;
    if !call.has_room(by.saturating_mul(lines).saturating_add(text.len() as u64)) {
        return Value::Poison;
    }
    let margin = " ".repeat(usize::try_from(by).unwrap_or(0));
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| if line.is_empty() { String::new() } else { format!("{margin}{line}") })
        .collect();
    call.make_text(&lines.join("\n"))
}

/// A pattern, compiled. Its type has it checked as RE2, which has no patterns that take long.
fn regex(call: &mut Call<'_, '_>, index: usize) -> Option<regex::Regex> {
    let pattern = call.text(index);
    if !call.work(pattern.len().saturating_mul(100)) {
        return None;
    }
    match regex::RegexBuilder::new(&pattern).size_limit(1 << 20).build() {
        Ok(pattern) => Some(pattern),
        Err(_) => {
            call.wrong(
                index,
                "a pattern that grows too large",
                "smaller counts in `{ }` make it smaller",
            );
            None
        }
    }
}

fn capture(call: &mut Call<'_, '_>) -> Value {
    let Some(pattern) = regex(call, 1) else { return Value::Poison };
    let text = call.text(0);
    let Some(found) = pattern.captures(&text) else { return Value::Absent };
    let groups: Vec<&str> =
        found.iter().skip(1).map(|group| group.map_or("", |group| group.as_str())).collect();
    call.make_texts(groups.into_iter())
}

/// Every match replaced; its groups are `${1}`, `${2}`.
fn replace_pattern(call: &mut Call<'_, '_>) -> Value {
    let Some(pattern) = regex(call, 1) else { return Value::Poison };
    let (text, to) = (call.text(0), call.text(2));
    let mut made = String::new();
    let mut rest = 0;
    for found in pattern.captures_iter(&text) {
        let Some(whole) = found.get(0) else { continue };
        made.push_str(text.get(rest..whole.start()).unwrap_or(""));
        found.expand(&to, &mut made);
        rest = whole.end();
        // Groups may repeat large parts of the text.
        if !call.has_room(made.len() as u64) {
            return Value::Poison;
        }
    }
    made.push_str(text.get(rest..).unwrap_or(""));
    call.make_text(&made)
}

#[cfg(test)]
mod tests {
    use super::{slug, title_case};

    #[test]
    fn names_of_things() {
        assert_eq!(slug("  Team Ä: Payments__2 "), "team-payments-2");
        assert_eq!(slug("--"), "");
        assert_eq!(title_case("the orders-api of shop"), "The Orders-Api Of Shop");
    }
}
