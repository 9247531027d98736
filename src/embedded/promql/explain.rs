//! Why a query cannot be read on, in the words of who wrote it.

use super::errors::syntax;
use super::functions::FUNCTIONS;
use super::grammar::{Rule, Stop};
use super::problem::PromqlError;
use super::scan::{Kind, Token, tokens};
use super::tree::Aggregation;
use super::{Options, literal};
use crate::diag::nearest;
use crate::embedded::text::extent;
use crate::source::Extent;

/// The error about the place where the grammar did not go on.
pub(super) fn explain(text: &str, stop: Stop, _options: Options) -> PromqlError {
    let (tokens, _) = tokens(text);
    // A word that the grammar stopped in is wrong as a whole.
    let next = tokens.iter().position(|token| token.at.end as usize > stop.at);
    let here = Here { text, tokens: &tokens, next, stop: &stop };
    here.special().unwrap_or_else(|| here.general())
}

struct Here<'a> {
    text: &'a str,
    tokens: &'a [Token],
    /// The first token that was not read; none at the end.
    next: Option<usize>,
    stop: &'a Stop,
}

/// Words that stand between parts of a query.
const WORDS: &[&str] = &[
    "and",
    "or",
    "unless",
    "atan2",
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
    "offset",
    "bool",
];

impl<'a> Here<'a> {
    fn word(&self, token: Option<&Token>) -> &'a str {
        token.map_or("", |token| token.at.of(self.text))
    }

    fn token(&self, distance: isize) -> Option<&'a Token> {
        let next = self.next.unwrap_or(self.tokens.len());
        self.tokens.get(next.checked_add_signed(distance)?)
    }

    fn at(&self) -> Extent {
        match self.token(0) {
            Some(token) => token.at,
            None => self
                .token(-1)
                .map_or(extent(0, self.text.len()), |last| Extent::new(last.at.end, last.at.end)),
        }
    }

    fn wants(&self, rules: &[Rule]) -> bool {
        self.stop.wanted.iter().any(|rule| rules.contains(rule))
    }

    /// The innermost bracket that is open here, and where its opener is among the tokens.
    fn inside(&self) -> Option<(usize, &'a str)> {
        let mut open = Vec::new();
        for (index, token) in self.tokens.iter().enumerate().take(self.next.unwrap_or(usize::MAX)) {
            match token.kind {
                Kind::Open => open.push(index),
                Kind::Close => {
                    open.pop();
                }
                _ => {}
            }
        }
        let index = open.pop()?;
        Some((index, self.word(self.tokens.get(index))))
    }

    /// Whether an operand was read before: then an operator is missing.
    fn is_behind_operand(&self) -> bool {
        let ends_operand = |token: &Token| match token.kind {
            Kind::Number | Kind::Text | Kind::Variable | Kind::Close => true,
            Kind::Word => !WORDS.contains(&self.word(Some(token))),
            Kind::Sign | Kind::Open | Kind::Other => false,
        };
        self.wants(&[Rule::operator]) || self.token(-1).is_some_and(ends_operand)
    }

    fn special(&self) -> Option<PromqlError> {
        let found = self.word(self.token(0));
        let before = self.word(self.token(-1));
        if self.tokens.is_empty() {
            return Some(
                syntax("an empty query", extent(0, self.text.len()), "nothing to evaluate")
                    .help("the shortest query is a metric's name: `up`"),
            );
        }
        if let Some((_, "{")) = self.inside() {
            return self.in_braces(found, before);
        }
        if let Some((_, "[")) = self.inside() {
            return self.in_brackets(found);
        }
        self.in_grouping(found, before)
            .or_else(|| self.operator(found, before))
            .or_else(|| self.word_between(found, before))
            .or_else(|| self.comma(found, before))
    }

    /// `sum by instance (x)`, `avg(x) by`.
    fn in_grouping(&self, found: &str, before: &str) -> Option<PromqlError> {
        let takes = |word: &str| {
            ["by", "without", "on", "ignoring"].iter().any(|known| known.eq_ignore_ascii_case(word))
        };
        let at = self.at();
        if takes(before) && found != "(" {
            let word = before.to_ascii_lowercase();
            let title = format!("labels of `{word}` without parentheses");
            let is_label = self.token(0).is_some_and(|token| token.kind == Kind::Word);
            if !is_label {
                return Some(
                    syntax(format!("`{word}` without its labels"), at, "the labels are missing")
                        .because(self.token(-1)?.at, "takes labels".to_owned())
                        .help(format!("write `{word} (label, ..)`")),
                );
            }
            let mut end = self.token(0)?.at.end;
            let mut labels = vec![found];
            let mut index = 1;
            while self.word(self.token(index)) == ","
                && self.token(index + 1).is_some_and(|token| token.kind == Kind::Word)
            {
                labels.push(self.word(self.token(index + 1)));
                end = self.token(index + 1)?.at.end;
                index += 2;
            }
            let whole = Extent::new(at.start, end);
            return Some(syntax(title, whole, format!("`{word}` takes a list")).mend(
                whole,
                format!("({})", labels.join(", ")),
                true,
            ));
        }
        let (opener, "(") = self.inside()? else { return None };
        let word = opener.checked_sub(1).map(|index| self.word(self.tokens.get(index)))?;
        let is_grouping = takes(word)
            || ["group_left", "group_right"].iter().any(|known| known.eq_ignore_ascii_case(word));
        if !is_grouping || self.wants(&[Rule::operator]) {
            return None;
        }
        let word = word.to_ascii_lowercase();
        if self.token(0).is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Text))
            && before != ","
            && before != "("
        {
            let place = Extent::new(self.token(-1)?.at.end, self.token(-1)?.at.end);
            return Some(
                syntax(format!("labels of `{word}` without a comma"), at, "a second label")
                    .mend(place, ",", true),
            );
        }
        let label = if before == "," || before == "(" { "no label" } else { "not part of a label" };
        Some(
            syntax(format!("no label for `{word}`"), at, label).help(format!(
                "`{word}` takes names, with commas between them; a name of other characters stands in quotes: `\"a.b\"`"
            )),
        )
    }

    /// `{job=node}`, `{job=="a"}`, `{a="1" b="2"}`.
    fn in_braces(&self, found: &str, before: &str) -> Option<PromqlError> {
        let at = self.at();
        let token = self.token(0)?;
        let is_op = |word: &str| matches!(word, "=" | "!=" | "=~" | "!~");
        let before_is = |kind: Kind| self.token(-1).is_some_and(|token| token.kind == kind);
        if matches!(found, "==" | "===") {
            return Some(
                syntax("a label compared with `==`", at, "between a label and its value")
                    .mend(at, "=", true),
            );
        }
        let meant = match found {
            "~=" => Some("=~"),
            "<>" | "!==" => Some("!="),
            ":" | ":=" => Some("="),
            _ => None,
        };
        if let Some(meant) = meant {
            return Some(
                syntax("no operator of a matcher", at, "labels have `=`, `!=`, `=~`, `!~`")
                    .mend(at, meant, true),
            );
        }
        if is_op(before) && matches!(token.kind, Kind::Word | Kind::Number) {
            // Up to where the matcher ends.
            let mut end = token.at.end;
            let mut index = 1;
            while let Some(more) = self
                .token(index)
                .filter(|more| more.at.start == end && !matches!(self.word(Some(more)), "," | "}"))
            {
                end = more.at.end;
                index += 1;
            }
            let whole = Extent::new(at.start, end);
            let value = whole.of(self.text);
            return Some(
                syntax("a label's value without quotes", whole, "values stand in quotes").mend(
                    whole,
                    literal::quoted(value),
                    true,
                ),
            );
        }
        if is_op(before) {
            return Some(
                syntax("a label without a value", at, format!("`{found}` instead of a text"))
                    .help("a label's value stands in quotes: `job=\"node\"`"),
            );
        }
        if matches!(found, "<" | ">" | ">=" | "<=") {
            return Some(
                syntax("labels have no order", at, "labels have `=`, `!=`, `=~`, `!~`")
                    .help("a label's value is a text; the values of series are compared outside of the braces: `x{job=\"a\"} > 5`"),
            );
        }
        if before_is(Kind::Text) && matches!(token.kind, Kind::Word | Kind::Sign | Kind::Other) {
            let lower = found.to_ascii_lowercase();
            if matches!(lower.as_str(), "and" | "&&" | "&" | ";") {
                return Some(
                    syntax(format!("`{found}` between matchers"), at, "a comma stands here")
                        .mend(at, ",", true),
                );
            }
            if matches!(lower.as_str(), "or" | "||" | "|") {
                return Some(
                    syntax(format!("`{found}` between matchers"), at, "all matchers must hold")
                        .help("values of one label are alternatives of a regular expression: `job=~\"a|b\"`")
                        .help("else two selectors are joined: `x{a=\"1\"} or x{b=\"2\"}`"),
                );
            }
            if token.kind == Kind::Word {
                let end = self.token(-1)?.at.end;
                return Some(syntax("matchers without a comma", at, "a second matcher").mend(
                    Extent::new(end, end),
                    ",",
                    true,
                ));
            }
        }
        if found == "{" {
            return Some(
                syntax("a brace in braces", at, "labels are already open").help(
                    "the braces of a template (`{{ .. }}`) must be filled in before Prometheus reads the query",
                ),
            );
        }
        if before_is(Kind::Word) && matches!(found, "-" | "." | "/") {
            let start = self.token(-1)?.at.start;
            let mut end = at.end;
            let mut index = 1;
            while let Some(more) = self.token(index).filter(|more| {
                more.at.start == end
                    && (matches!(more.kind, Kind::Word | Kind::Number)
                        || matches!(self.word(Some(more)), "-" | "." | "/"))
            }) {
                end = more.at.end;
                index += 1;
            }
            let whole = Extent::new(start, end);
            return Some(
                syntax("a label of other characters", whole, format!("`{found}` in a name"))
                    .help("labels of scraped Kubernetes objects have `_` for such characters")
                    .help(format!(
                        "with such a name Prometheus 3 wants quotes: `{}`",
                        literal::quoted(whole.of(self.text))
                    )),
            );
        }
        if before_is(Kind::Word) && matches!(found, "," | "}") {
            let label = self.token(-1)?.at;
            return Some(syntax("a label without a value", label, "compared with nothing").help(
                format!(
                    "write `{0}=\"..\"`, or `{0}!=\"\"` where it must be there",
                    label.of(self.text)
                ),
            ));
        }
        None
    }

    /// `[5m 1m]`, `[]`, `[1h:5m:1m]`.
    fn in_brackets(&self, found: &str) -> Option<PromqlError> {
        let at = self.at();
        let token = self.token(0)?;
        if found == "]" {
            return Some(
                syntax("a range without its length", at, "a duration is missing")
                    .help("write `[5m]`, or `[1h:5m]` for a subquery"),
            );
        }
        if token.kind == Kind::Word || token.kind == Kind::Text {
            return Some(
                syntax("no duration", at, "a range takes a duration")
                    .help("write `[5m]`, or `[1h:5m]` for a subquery"),
            );
        }
        None
    }

    /// `&&`, `=`, `!`, `**`.
    fn operator(&self, found: &str, before: &str) -> Option<PromqlError> {
        let at = self.at();
        let (meant, sure) = match found {
            "&&" | "&" => ("and", true),
            "||" | "|" => ("or", true),
            "=" | "===" | ":=" => ("==", true),
            "<>" | "!==" => ("!=", true),
            "=>" => (">=", true),
            "=<" => ("<=", true),
            "**" => ("^", true),
            _ => ("", false),
        };
        if sure && self.is_behind_operand() {
            let found_is = format!("`{found}` is no operator");
            return Some(syntax(found_is, at, "between two queries").mend(at, meant, true));
        }
        if matches!(found, "=~" | "!~" | "~=") {
            return Some(
                syntax(format!("`{found}` outside of braces"), at, "matches labels only")
                    .help("write the matcher into the selector: `x{job=~\"a|b\"}`"),
            );
        }
        if found == "!" || found.eq_ignore_ascii_case("not") {
            return Some(
                syntax("no negation of queries", at, "means nothing here").help(
                    "`a unless b` is `a` where there is no `b`; `x == 0` is `x` where it is 0",
                ),
            );
        }
        if before == "=" && found == "=" {
            return None;
        }
        if found == ";" {
            return Some(
                syntax("a query does not end in `;`", at, "nothing follows").mend(at, "", true),
            );
        }
        None
    }

    /// A word behind an operand: `x an y`, `histogram_quantile(..) by (le)`, `x group_left y`.
    fn word_between(&self, found: &str, before: &str) -> Option<PromqlError> {
        let at = self.at();
        let token = self.token(0)?;
        if token.kind != Kind::Word {
            return None;
        }
        let lower = found.to_ascii_lowercase();
        if matches!(lower.as_str(), "group_left" | "group_right") {
            return Some(
                syntax(format!("`{lower}` without `on` or `ignoring`"), at, "matched by nothing")
                    .help(format!("say which labels are equal on both sides: `a * on (instance) {lower} (node) b`")),
            );
        }
        if self.is_behind_operand() {
            if matches!(lower.as_str(), "by" | "without") {
                let label = "only aggregations group";
                return Some(
                    syntax(format!("`{lower}` behind what does not aggregate"), at, label).help(
                        format!("it belongs to an aggregation: `sum {lower} (label) (..)`, or behind its parentheses"),
                    ),
                );
            }
            if matches!(lower.as_str(), "on" | "ignoring" | "bool") {
                return Some(
                    syntax(format!("`{lower}` before an operator"), at, "follows the operator")
                        .help(format!(
                            "write it behind the operator: `a / {lower}{} b`",
                            if lower == "bool" { "" } else { " (label)" }
                        )),
                );
            }
            if let Some(near) = nearest(&lower, WORDS.iter().copied())
                && near != lower
            {
                return Some(
                    syntax("two queries without an operator", at, "no word of PromQL")
                        .mend(at, near, true),
                );
            }
            // A misspelt aggregation: `summ by (x) (y)` is read as a metric and a word.
            return None;
        }
        if before.is_empty() || !WORDS.contains(&lower.as_str()) {
            return None;
        }
        Some(
            syntax(format!("`{lower}` instead of a query"), at, "a query is missing before it")
                .help(format!("a metric of this name stands in quotes: `{{\"{lower}\"}}`")),
        )
    }

    /// `sum(x,)`, `sum(,x)`.
    fn comma(&self, found: &str, before: &str) -> Option<PromqlError> {
        let (_, "(") = self.inside()? else { return None };
        if found == ")" && before == "," {
            let comma = self.token(-1)?.at;
            return Some(
                syntax("a comma at the end", comma, "no argument follows").mend(comma, "", true),
            );
        }
        None
    }

    fn general(&self) -> PromqlError {
        let at = self.at();
        let found = self.word(self.token(0));
        let before = self.word(self.token(-1));
        let wanted = self.expected();
        let is_end = self.token(0).is_none();
        let label = if is_end {
            "the query ends here".to_owned()
        } else {
            let short: String = found.chars().take(20).collect();
            format!("found `{short}`")
        };
        let title = if self.is_behind_operand() {
            let is_operand = self.token(0).is_some_and(|token| {
                matches!(
                    token.kind,
                    Kind::Word | Kind::Number | Kind::Text | Kind::Open | Kind::Variable
                )
            });
            if is_operand {
                "two queries without an operator"
            } else {
                "a query that does not go on like this"
            }
        } else if is_end {
            "a query that is not finished"
        } else {
            "not what a query has here"
        };
        let error = syntax(title, at, label);
        let error = if wanted.is_empty() {
            error
        } else {
            error.help(format!("expected: {}", wanted.join(", or ")))
        };
        // `summ by (x) (y)`: the word before is a metric to the grammar.
        let is_call = matches!(found, "(") || ["by", "without"].contains(&found);
        let words = FUNCTIONS
            .iter()
            .map(|function| function.name)
            .chain(Aggregation::ALL.iter().map(|op| op.word()));
        if is_call
            && let Some(near) = nearest(before, words)
            && near != before
            && let Some(token) = self.token(-1)
        {
            return error.mend(token.at, near, true);
        }
        if matches!(found, "by" | "without") && !before.is_empty() {
            return error;
        }
        error
    }

    /// What could stand here, in words.
    fn expected(&self) -> Vec<&'static str> {
        let rows: &[(&[Rule], &str)] = &[
            (
                &[
                    Rule::operand,
                    Rule::expr,
                    Rule::paren,
                    Rule::selector,
                    Rule::metric,
                    Rule::aggregate,
                    Rule::call,
                    Rule::query,
                ],
                "a query: a metric, a function, a number",
            ),
            (&[Rule::operator], "an operator: `+`, `==`, `and`"),
            (&[Rule::matcher, Rule::label], "a label"),
            (&[Rule::match_op], "`=`, `!=`, `=~` or `!~`"),
            (&[Rule::span, Rule::span_part, Rule::span_call], "a duration: `5m`"),
            (&[Rule::labels], "labels in parentheses"),
            (&[Rule::name, Rule::word], "a label"),
            (&[Rule::arguments], "arguments in parentheses"),
            (&[Rule::moment], "seconds, `start()` or `end()`"),
            (&[Rule::comma], "a comma"),
            (&[Rule::close_paren], "`)`"),
            (&[Rule::close_bracket], "`]`"),
            (&[Rule::close_brace], "`}`"),
        ];
        rows.iter()
            .filter(|(rules, _)| self.wants(rules))
            .map(|(_, words)| *words)
            .take(4)
            .collect()
    }
}
