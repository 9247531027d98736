//! Texts that Grafana fills: variables in queries, titles and legends, and labels in legends.

use super::text::extent;
use crate::source::Extent;

/// A variable in a text: `$node`, `${node}`, `${node:csv}`, `[[node]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VariableUse {
    /// The variable's name.
    pub name: String,
    /// Where it stands, the dollar and braces included.
    pub at: Extent,
}

impl VariableUse {
    /// Whether Grafana brings it along: `$__rate_interval`. What is but a number is a group of `label_replace`, and stays as it is.
    pub fn is_built_in(&self) -> bool {
        let is_group = self.name.bytes().all(|byte| byte.is_ascii_digit());
        self.name.starts_with("__") || is_group || BUILT_IN.contains(&self.name.as_str())
    }
}

/// Variables that every dashboard has, beside those that begin with `__`.
const BUILT_IN: &[&str] = &["timeFilter", "timeRange", "dashboard", "from", "to", "org", "user"];

/// A variable as Grafana reads it before `next`.
pub fn grafana_variable(name: &str, next: Option<char>) -> String {
    if next.is_some_and(is_word) { format!("${{{name}}}") } else { format!("${name}") }
}

/// The variable behind a staged name of a query, where it is always the same one.
pub fn grafana_staged(name: &str) -> Option<&'static str> {
    Some(match name {
        "rate-interval" => "__rate_interval",
        "interval" => "__interval",
        "range" => "__range",
        _ => return None,
    })
}

/// Every variable in a text, in order.
pub fn variable_uses(text: &str) -> Vec<VariableUse> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some((name, length)) = variable_at(rest) {
            found.push(VariableUse { name: name.to_owned(), at: extent(at, at + length) });
            at += length;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

/// The name of the variable that a text begins with, and how long it is as written.
fn variable_at(text: &str) -> Option<(&str, usize)> {
    let (opener, closer) = if text.starts_with("${") {
        (2, "}")
    } else if text.starts_with("[[") {
        (2, "]]")
    } else if text.starts_with('$') {
        let name = word(text.get(1..)?)?;
        return Some((name, 1 + name.len()));
    } else {
        return None;
    };
    let inner = text.get(opener..)?;
    let name = word(inner)?;
    let after = inner.get(name.len()..)?;
    let end = after.find(closer)?;
    // A format (`:csv`) or a field (`.name`) may follow.
    let is_plain = end == 0 || (after.starts_with([':', '.']) && !after.get(..end)?.contains('$'));
    is_plain.then_some((name, opener + name.len() + end + closer.len()))
}

fn word(text: &str) -> Option<&str> {
    let end = text.find(|letter| !is_word(letter)).unwrap_or(text.len());
    text.get(..end).filter(|word| !word.is_empty())
}

const fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// Every label that a legend shows, `{{instance}}`, with its place inside the braces.
pub fn legend_labels(text: &str) -> Vec<(String, Extent)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text.get(at..).and_then(|rest| rest.find("{{")) {
        let start = at + open + 2;
        let Some(length) = text.get(start..).and_then(|rest| rest.find("}}")) else { break };
        let inner = text.get(start..start + length).unwrap_or_default();
        let name = inner.trim();
        if !name.is_empty() {
            let from = start + inner.len() - inner.trim_start().len();
            found.push((name.to_owned(), extent(from, from + name.len())));
        }
        at = start + length + 2;
    }
    found
}

/// Where a variable stands in a query.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VariableSpot {
    /// In a label's value, compared with `=` or `!=`, which stands there.
    Exactly(Extent),
    /// In a label's value, compared with `=~` or `!~`.
    Pattern,
    /// A range, or its step.
    Range,
    /// Somewhere else.
    Other,
}

impl VariableSpot {
    /// What stands around an extent of a query.
    pub fn of(query: &str, at: Extent) -> Self {
        let before = query.get(..at.start as usize).unwrap_or_default();
        if before.trim_end().ends_with(['[', ':']) && inside_brackets(before) {
            return Self::Range;
        }
        let Some(quote) = before.rfind(['"', '\'', '`']) else { return Self::Other };
        let head = before.get(..quote).unwrap_or_default().trim_end();
        let length = |operator: &str| head.ends_with(operator).then_some(operator.len());
        if length("=~").or_else(|| length("!~")).is_some() {
            return Self::Pattern;
        }
        match length("!=").or_else(|| length("=")) {
            Some(length) => {
                let end = u32::try_from(head.len()).unwrap_or(u32::MAX);
                let start = end.saturating_sub(u32::try_from(length).unwrap_or(0));
                Self::Exactly(Extent::new(start, end))
            }
            None => Self::Other,
        }
    }
}

/// Whether a text ends inside of square brackets.
fn inside_brackets(text: &str) -> bool {
    text.rfind('[').is_some_and(|open| text.rfind(']').is_none_or(|close| close < open))
}

#[cfg(test)]
mod tests {
    use super::{VariableSpot, grafana_variable, legend_labels, variable_uses};
    use proptest::prelude::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let found = variable_uses(text);
        let found: Vec<_> = found.iter().map(|it| (it.name.as_str(), it.at.of(text))).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn variables_in_every_spelling() {
        check(
            r#"up{a="$a", b=~"${b:regex}-[[c]]"}[$__rate_interval]"#,
            &[
                ("a", "$a"),
                ("b", "${b:regex}"),
                ("c", "[[c]]"),
                ("__rate_interval", "$__rate_interval"),
            ],
        );
        check("${a.text} costs 5$ é$ä ${} ${a", &[("a", "${a.text}")]);
        check("$node_x", &[("node_x", "$node_x")]);
        check("", &[]);
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(grafana_variable("node", Some('"')), "$node");
        assert_eq!(grafana_variable("node", None), "$node");
        assert_eq!(grafana_variable("node", Some('_')), "${node}");
    }

    #[test]
    fn labels_of_legends() {
        let check = |text: &str, expected: &[&str]| {
            let found = legend_labels(text);
            for (name, at) in &found {
                assert_eq!(at.of(text), name, "{text}");
            }
            let names: Vec<_> = found.into_iter().map(|(name, _)| name).collect();
            assert_eq!(names, expected, "{text}");
        };
        check("{{a}} and {{ b }}é{{}}", &["a", "b"]);
        check("{{a", &[]);
        check("plain", &[]);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in r"([$a_1{}:. \[\]é]){0,30}", next in any::<Option<char>>()) {
            for found in variable_uses(&text) {
                prop_assert!(found.at.of(&text).contains(&found.name));
            }
            for (name, at) in legend_labels(&text) {
                prop_assert_eq!(at.of(&text), name);
            }
            let written = format!("{}{}", grafana_variable("v", next), next.map_or_else(String::new, |c| c.to_string()));
            prop_assert_eq!(&variable_uses(&written)[0].name, "v");
        }
    }

    #[test]
    fn where_variables_stand() {
        let check = |query: &str, expected: &str| {
            let spots: Vec<String> = variable_uses(query)
                .iter()
                .map(|read| match VariableSpot::of(query, read.at) {
                    VariableSpot::Exactly(at) => format!("exactly {}", at.of(query)),
                    other @ (VariableSpot::Pattern | VariableSpot::Range | VariableSpot::Other) => {
                        format!("{other:?}").to_lowercase()
                    }
                })
                .collect();
            assert_eq!(spots.join(", "), expected, "{query}");
        };
        check(r#"up{a="$x"}"#, "exactly =");
        check(r#"up{a != 'x$x'}"#, "exactly !=");
        check(r#"up{a=~"$x|$y", b!~`$z`}"#, "pattern, pattern, pattern");
        check("rate(up[$x])", "range");
        check("up[1h:$x]", "range");
        check("up[ $x : $y ]", "range, range");
        check(r#"label_replace(up, "a", "$x", "b", "(.*)")"#, "other");
        check("$x", "other");
    }
}
