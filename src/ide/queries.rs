//! The words of the languages inside of texts, as far as colours need them: a text that is being written has no tree.

use super::tokens::TokenSort;
use crate::embedded::promql;
use crate::source::Extent;

/// Words of PromQL that are no functions.
const OF_PROMQL: [&str; 18] = [
    "and",
    "atan2",
    "bool",
    "by",
    "end",
    "fill",
    "fill_left",
    "fill_right",
    "group_left",
    "group_right",
    "ignoring",
    "inf",
    "nan",
    "offset",
    "on",
    "or",
    "start",
    "unless",
];

/// What gathers series into fewer.
const AGGREGATIONS: [&str; 14] = [
    "avg",
    "bottomk",
    "count",
    "count_values",
    "group",
    "limit_ratio",
    "limitk",
    "max",
    "min",
    "quantile",
    "stddev",
    "stdvar",
    "sum",
    "topk",
];

/// Words of Rego.
const OF_REGO: [&str; 14] = [
    "as", "contains", "default", "else", "every", "false", "if", "import", "in", "not", "null",
    "package", "some", "true",
];

/// The words of a piece of PromQL.
pub(super) fn promql(text: &str, mut put: impl FnMut(Extent, TokenSort)) {
    let mut braces = 0_u32;
    scan(text, "#", &mut |at, word, after, before| {
        let sort = match word.chars().next() {
            Some('"' | '\'' | '`') => TokenSort::String,
            Some('#') => TokenSort::Comment,
            Some(first) if first.is_ascii_digit() => TokenSort::Number,
            Some(first) if first.is_alphabetic() || first == '_' || first == ':' => {
                let lower = word.to_ascii_lowercase();
                if braces > 0 {
                    TokenSort::Property
                } else if lower == "without" || OF_PROMQL.contains(&lower.as_str()) {
                    TokenSort::Keyword
                } else if promql::function(word).is_some()
                    || AGGREGATIONS.contains(&lower.as_str())
                    || after == Some('(')
                {
                    TokenSort::Function
                } else if before == Some('(') && is_grouping(text, at) {
                    TokenSort::Property
                } else {
                    TokenSort::Variable
                }
            }
            Some('{') => {
                braces += 1;
                return;
            }
            Some('}') => {
                braces = braces.saturating_sub(1);
                return;
            }
            Some('+' | '-' | '*' | '/' | '%' | '^' | '=' | '!' | '<' | '>' | '~' | '@') => {
                TokenSort::Operator
            }
            _ => return,
        };
        put(at, sort);
    });
}

/// Whether a word stands in the parentheses of `by`, `on` or their like.
fn is_grouping(text: &str, at: Extent) -> bool {
    let before = text.get(..at.start as usize).unwrap_or("");
    let Some(open) = before.rfind('(') else { return false };
    let word = before.get(..open).unwrap_or("").trim_end();
    let word = word.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
    matches!(word, "by" | "without" | "on" | "ignoring" | "group_left" | "group_right")
}

/// The words of a piece of Rego.
pub(super) fn rego(text: &str, mut put: impl FnMut(Extent, TokenSort)) {
    scan(text, "#", &mut |at, word, after, before| {
        let sort = match word.chars().next() {
            Some('"' | '`') => TokenSort::String,
            Some('#') => TokenSort::Comment,
            Some(first) if first.is_ascii_digit() => TokenSort::Number,
            Some(first) if first.is_alphabetic() || first == '_' => {
                if OF_REGO.contains(&word) {
                    TokenSort::Keyword
                } else if before == Some('.') {
                    TokenSort::Property
                } else if after == Some('(') {
                    TokenSort::Function
                } else {
                    TokenSort::Variable
                }
            }
            Some('=' | '!' | '<' | '>' | '+' | '-' | '*' | '/' | '|' | '&' | ':') => {
                TokenSort::Operator
            }
            _ => return,
        };
        put(at, sort);
    });
}

/// Finds words, numbers, texts, comments and signs; tells each with the sign behind and before it.
fn scan(text: &str, comment: &str, put: &mut dyn FnMut(Extent, &str, Option<char>, Option<char>)) {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let mut at = 0;
    let mut before = None;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or("");
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        let len = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if rest.starts_with(comment) {
            rest.find('\n').unwrap_or(rest.len())
        } else if matches!(first, '"' | '\'' | '`') {
            let mut letters = rest.char_indices().skip(1);
            let mut escaped = false;
            let end = letters.find(|&(_, letter)| {
                let ends = letter == first && !escaped;
                escaped = letter == '\\' && !escaped && first != '`';
                ends
            });
            end.map_or(rest.len(), |(end, letter)| end + letter.len_utf8())
        } else if first.is_ascii_digit() {
            rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len())
        } else if is_part(first) {
            rest.find(|c| !is_part(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let word = rest.get(..len).unwrap_or("");
        let after = rest.get(len..).and_then(|rest| rest.trim_start().chars().next());
        put(Extent::new(offset(at), offset(at + len)), word, after, before);
        before = word.chars().next_back();
        at += len;
    }
}

#[cfg(test)]
mod tests {
    use super::{promql, rego};
    use crate::ide::tokens::TokenSort;

    #[test]
    fn words_are_told_apart() {
        let shown = |text: &str, is_promql: bool| {
            let mut out = Vec::new();
            let put = |at: crate::source::Extent, sort: TokenSort| {
                out.push(format!("{} {sort:?}", at.of(text)));
            };
            if is_promql {
                promql(text, put)
            } else {
                rego(text, put)
            }
            out.join(", ")
        };
        assert_eq!(
            shown("sum by (job) (rate(http_total{code=~\"5..\"}[5m])) > 0.5", true),
            "sum Function, by Keyword, job Property, rate Function, http_total Variable, code Property, = Operator, \
             ~ Operator, \"5..\" String, 5m Number, > Operator, 0.5 Number"
        );
        assert_eq!(
            shown("deny[msg] { not input.x # no\n f(1) }", false),
            "deny Variable, msg Variable, not Keyword, input Variable, x Property, # no Comment, f Function, 1 Number"
        );
    }
}
