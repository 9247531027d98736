//! Queries with holes: each value is printed as the query's syntax wants it where it stands.

use super::errors;
use super::evaluator::Evaluator;
use super::expr::Frame;
use super::value::{Later, LaterRef, Value};
use crate::embedded::{
    Dimension, HolePosition, Matcher, QueryPiece, Quote, grafana_staged, grafana_variable,
    scan_query,
};
use crate::source::Sym;
use crate::syntax::{ExprId, TextPart};
use crate::types::{TextKind, TyKind};

impl Evaluator<'_> {
    /// The text of a query, with its holes filled.
    pub(super) fn query(&mut self, parts: &[TextPart], frame: &Frame) -> Value {
        match self.query_parts(parts, frame, true) {
            Some(printed) => Value::Text(self.store.text(&printed.concat())),
            None => Value::Poison,
        }
    }

    /// What each part of a query gives. What does not print is told once.
    pub(super) fn query_parts(
        &mut self,
        parts: &[TextPart],
        frame: &Frame,
        tells: bool,
    ) -> Option<Vec<String>> {
        let names = self.names;
        let letters: Vec<String> = parts
            .iter()
            .map(|part| match *part {
                TextPart::Escape(letter, _) => letter.to_string(),
                TextPart::Verbatim(_) | TextPart::Hole(_) => String::new(),
            })
            .collect();
        let pieces: Vec<QueryPiece<'_>> = parts
            .iter()
            .zip(&letters)
            .map(|(part, letter)| match *part {
                TextPart::Verbatim(at) => QueryPiece::Text(names.text(frame.tree, at)),
                TextPart::Escape(..) => QueryPiece::Text(letter),
                TextPart::Hole(_) => QueryPiece::Hole,
            })
            .collect();
        // What does not balance was reported when it was typed.
        let mut positions = scan_query(&pieces).ok()?.into_iter();
        let mut out = Vec::with_capacity(parts.len());
        for (index, (part, letter)) in parts.iter().zip(&letters).enumerate() {
            out.push(match *part {
                TextPart::Verbatim(at) => names.text(frame.tree, at).to_owned(),
                TextPart::Escape(..) => letter.clone(),
                TextPart::Hole(hole) => {
                    let value = self.eval(hole, frame);
                    let position = positions.next()?;
                    if value == Value::Poison {
                        return None;
                    }
                    let printed = match value {
                        Value::Later(later) => {
                            let next = pieces.get(index + 1).and_then(|piece| match piece {
                                QueryPiece::Text(text) => text.chars().next(),
                                QueryPiece::Hole => None,
                            });
                            self.later_hole(later, position, next)
                        }
                        value => self.hole_text(hole, value, position, frame),
                    };
                    if printed.is_none() && tells {
                        let at = self.span(frame.tree, hole);
                        self.report(errors::hole_text(at));
                    }
                    printed?
                }
            });
        }
        Some(out)
    }

    /// What a query asks for that Grafana fills in: only there the checker takes values that are known later.
    fn later_hole(
        &self,
        later: LaterRef,
        position: HolePosition,
        next: Option<char>,
    ) -> Option<String> {
        let name = match self.store.read_later(later) {
            Later::Staged(name) => Sym::new(grafana_staged(name.as_str())?),
            Later::Field(_, name, _) => name,
            Later::Item(..) | Later::Call(..) | Later::Otherwise(..) => return None,
        };
        let written = grafana_variable(name.as_str(), next);
        let is_bare = matches!(position, HolePosition::LabelValue { quote: None, .. });
        Some(if is_bare { format!("\"{written}\"") } else { written })
    }

    fn hole_text(
        &self,
        hole: ExprId,
        value: Value,
        position: HolePosition,
        frame: &Frame,
    ) -> Option<String> {
        match position {
            HolePosition::LabelValue { matcher, quote } => {
                let is_regex = matches!(matcher, Matcher::Regex | Matcher::NotRegex);
                let ty = self.types.type_of_expr(frame.tree, hole);
                let is_pattern = matches!(self.types.tys.core(ty), TyKind::Text(TextKind::Regex));
                let one = |value: Value| {
                    let text = self.plain(value)?;
                    Some(if is_regex && !is_pattern { regex_quoted(&text) } else { text })
                };
                let text = match value {
                    Value::List(run) => {
                        let texts: Option<Vec<String>> =
                            self.store.items(run).iter().map(|&item| one(item)).collect();
                        texts?.join("|")
                    }
                    value => one(value)?,
                };
                Some(match quote {
                    Some(Quote::Backtick) if text.contains('`') => return None,
                    Some(quote) => escaped(&text, quote),
                    None => format!("\"{}\"", escaped(&text, Quote::Double)),
                })
            }
            HolePosition::Text(quote) => Some(escaped(&self.plain(value)?, quote)),
            HolePosition::Duration => match value {
                Value::Quantity(duration) => Some(duration.to_string()),
                _ => None,
            },
            HolePosition::LabelList => match value {
                Value::List(run) => {
                    let texts: Option<Vec<String>> =
                        self.store.items(run).iter().map(|&item| self.plain(item)).collect();
                    Some(texts?.join(", "))
                }
                value => self.plain(value),
            },
            HolePosition::Operand => Some(match value {
                Value::Int(number) => signed(number.to_string()),
                Value::Float(number) => signed(number.to_string()),
                Value::Quantity(quantity) => match quantity.dimension() {
                    Dimension::Number
                    | Dimension::Duration
                    | Dimension::Bytes
                    | Dimension::Cpu
                    | Dimension::Percent => signed(quantity.in_main_unit().to_string()),
                },
                Value::Text(_) => format!("({})", self.plain(value)?),
                _ => return None,
            }),
            HolePosition::Refused(_) => None,
        }
    }

    fn plain(&self, value: Value) -> Option<String> {
        match value {
            Value::Resource(block) => Some(self.blocks.get(block as usize)?.name.to_string()),
            value => self.print(value),
        }
    }
}

/// A number as an operand: one below zero in parentheses, so that no operator before it takes its sign.
fn signed(text: String) -> String {
    if text.starts_with('-') { format!("({text})") } else { text }
}

/// A text with the characters escaped that RE2 reads.
fn regex_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if "\\.+*?()|[]{}^$".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// A text inside quotes of PromQL. Backticks have no escapes: a text with a backtick cannot stand in them
/// (see [`Evaluator::hole_text`]).
fn escaped(text: &str, quote: Quote) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match (letter, quote) {
            (letter, Quote::Backtick) => out.push(letter),
            ('\\', _) => out.push_str("\\\\"),
            ('\n', _) => out.push_str("\\n"),
            ('\t', _) => out.push_str("\\t"),
            ('\r', _) => out.push_str("\\r"),
            ('"', Quote::Double) => out.push_str("\\\""),
            ('\'', Quote::Single) => out.push_str("\\'"),
            (letter, _) => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{escaped, regex_quoted, signed};
    use crate::embedded::Quote;

    #[test]
    fn values_in_queries() {
        assert_eq!(regex_quoted("a.b|c"), "a\\.b\\|c");
        assert_eq!(escaped("say \"hi\"\\", Quote::Double), "say \\\"hi\\\"\\\\");
        assert_eq!(escaped("it's", Quote::Single), "it\\'s");
        assert_eq!(signed("-3".to_owned()), "(-3)");
        assert_eq!(signed("0.8".to_owned()), "0.8");
    }
}
