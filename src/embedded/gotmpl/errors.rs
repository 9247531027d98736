//! What is said of templates that cannot be read.

mod meaning;

pub use meaning::{
    ARGUMENTS, MISMATCH, UNKNOWN_FIELD, UNKNOWN_FUNCTION, UNKNOWN_TEMPLATE, UNKNOWN_VARIABLE,
};
pub(super) use meaning::{
    argument, arguments, compared, format_arguments, lone_nil, no_fields, not_a_function,
    not_a_number, not_indexed, not_ranged, outer_variable, pattern, unknown_field,
    unknown_function, unknown_label, unknown_of_alert, unknown_parameter, unknown_template,
    unknown_variable, verb,
};

use super::problem::Problem;
use super::tree::Word;
use crate::diag::Code;
use crate::embedded::text::extent;
use crate::source::Extent;

/// A text that is no template.
pub const GO_TEMPLATE: Code = Code::new("text/go-template");
/// A hole inside of an action.
pub const HOLE_IN_ACTION: Code = Code::new("template/hole-in-action");

fn wrong(title: impl Into<String>, at: Extent, label: impl Into<String>) -> Problem {
    Problem::new(GO_TEMPLATE, title, at, label)
}

/// `{{` without `}}`.
pub(super) fn open_action(at: Extent) -> Problem {
    wrong("an action that is not closed", at, "no `}}` follows").help(
        "`{{` begins an action, and `}}` ends it; a `{{` that is meant as text is `{{ \"{{\" }}`",
    )
}

/// `{{/*` without `*/`.
pub(super) fn open_comment(at: Extent) -> Problem {
    wrong("a comment that is not closed", at, "no `*/` follows")
}

/// Something between `*/` and `}}`.
pub(super) fn behind_comment(at: Extent, rest: &str) -> Problem {
    let blanks = at.of(rest).trim().is_empty() || rest.trim_start().starts_with("}}");
    let found = wrong("a comment beside something else", at, "`}}` follows `*/` at once");
    if blanks && !at.is_empty() {
        found.mend(at, "", false)
    } else {
        found.help("a comment is an action of its own: `{{/* why */}}`")
    }
}

/// `"` without its end on the line.
pub(super) fn open_text(at: Extent) -> Problem {
    wrong("a text that is not closed", at, "no `\"` follows on this line")
}

/// A backquote without its end.
pub(super) fn open_raw(at: Extent) -> Problem {
    wrong("a raw text that is not closed", at, "no backquote follows")
}

/// `'text'`.
pub(super) fn single_quotes(at: Extent, content: &str) -> Problem {
    let written = super::literal::quoted(content);
    wrong("a text in single quotes", at, "single quotes hold one letter").mend(at, written, true)
}

/// `'`.
pub(super) fn lone_quote(at: Extent) -> Problem {
    wrong("a stray single quote", at, "nothing begins with `'` here")
        .help("texts of an action stand in double quotes or backquotes")
}

/// `(` without `)`.
pub(super) fn open_paren(at: Extent) -> Problem {
    wrong("a parenthesis that is not closed", at, "no `)` follows in this action")
}

/// `)` without `(`.
pub(super) fn stray_paren(at: Extent) -> Problem {
    wrong("a parenthesis that nothing opens", at, "no `(` stands before it")
}

/// Nesting past the limit.
pub(super) fn too_deep(at: Extent, limit: usize) -> Problem {
    wrong("a template that is nested too deeply", at, format!("more than {limit} levels"))
}

/// `{{ }}`.
pub(super) fn empty_action(at: Extent) -> Problem {
    wrong("an action that says nothing", at, "a value is wanted")
        .help("an action prints a value: `{{ $value }}`; braces that are meant as text are `{{ \"{{\" }}`")
}

/// `3x`.
pub(super) fn number(at: Extent, text: &str) -> Problem {
    wrong(format!("`{text}` is no number"), at, "not a number of Go")
}

/// `\.` in a quoted text.
pub(super) fn escape(at: Extent, escape: &str) -> Problem {
    let found = wrong(format!("`{escape}` is no escape of Go"), at, "no such escape");
    found.help("a regular expression stands in backquotes, or with `\\\\` for each `\\`")
}

/// `{{ $a, $b := x }}` outside of `range`.
pub(super) fn two_variables(at: Extent) -> Problem {
    wrong("two variables for one value", at, "only `range` gives two")
}

/// `x | "text"`.
pub(super) fn piped_into_constant(at: Extent) -> Problem {
    wrong("a value piped into a constant", at, "not a function")
        .help("what stands behind `|` is a function, and gets the value as its last argument")
}

/// `"text".field`.
pub(super) fn field_of_constant(at: Extent) -> Problem {
    wrong("a field of a constant", at, "a constant has no fields")
}

/// `{{ end }}` or `{{ else }}` outside of a block.
pub(super) fn stray(at: Extent, word: &str) -> Problem {
    let found = wrong(format!("an `{word}` that belongs to nothing"), at, "no block is open here");
    found.help("`if`, `with`, `range`, `define` and `block` open one")
}

/// `..a`.
pub(super) fn two_dots(at: Extent) -> Problem {
    wrong("a dot behind a dot", at, "one dot reads a field")
}

/// A block without `{{ end }}`; `at` is its word.
pub(super) fn no_end(at: Extent, word: &str) -> Problem {
    let article = if word == "if" { "an" } else { "a" };
    wrong(format!("{article} `{word}` without its `end`"), at, "no `{{ end }}` closes this")
}

/// A second `{{ else }}`.
pub(super) fn second_else(at: Extent, first: Extent) -> Problem {
    wrong("an `else` behind an `else`", at, "`end` is wanted here")
        .because(first, "everything else is here already")
}

/// `{{ else range x }}`, or `else if` in a `range`.
pub(super) fn else_range(at: Extent, word: Word) -> Problem {
    let word = word.as_str();
    wrong(format!("`else {word}` where a bare `else` is wanted"), at, "no condition goes here")
        .help(format!("write `{{{{ else }}}}{{{{ {word} .. }}}}`, and close both"))
}

/// `{{ break }}` outside of a `range`.
pub(super) fn outside_range(at: Extent, word: &str) -> Problem {
    wrong(format!("a `{word}` outside of a `range`"), at, "no `range` is open here")
}

/// A `define` in a block.
pub(super) fn inner_define(at: Extent, around: Extent, word: &str) -> Problem {
    wrong("a definition inside of a block", at, "`define` stands outside of blocks")
        .because(around, format!("this `{word}` is open"))
}

/// A hole of the language around in an action.
pub(super) fn hole(at: Extent, action: Extent) -> Problem {
    Problem::new(HOLE_IN_ACTION, "a hole inside of an action", at, "nothing is filled in here")
        .because(action, "this action is read by the template engine, later")
        .help("close the action before it: `{{ .. }}\\(x)`")
}

/// Where the grammar could not go on.
pub(super) fn unexpected(content: &str, stop: usize, base: usize) -> Problem {
    let blanks = |text: &str| text.len() - text.trim_start().len();
    let tail = content.get(stop..).unwrap_or("");
    let mut start = stop + blanks(tail);
    // A name is refused as a whole where something stands behind it that cannot.
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '$');
    let name = content.get(start..).unwrap_or("");
    let len = name.find(|letter: char| !is_part(letter)).unwrap_or(name.len());
    let behind = name.get(len..).and_then(|rest| rest.chars().next());
    if behind.is_some_and(|next| !next.is_whitespace() && !matches!(next, ',' | '|' | '(' | ')')) {
        start += len;
    }
    let tail = content.get(start..).unwrap_or("");
    let head = content.get(..stop).unwrap_or("");
    let at = |from: usize, to: usize| extent(base + from, base + to);
    let Some(first) = tail.chars().next() else {
        let trimmed = content.trim_end();
        let end = trimmed.len();
        // A blank may have more than one byte.
        let blank = trimmed.char_indices().rev().find(|(_, letter)| letter.is_whitespace());
        let last = blank.map_or(blanks(content), |(at, letter)| at + letter.len_utf8());
        let what = content.get(last..end).unwrap_or("");
        if what.ends_with('|') {
            return wrong(
                "a pipe that leads nowhere",
                at(end - 1, end),
                "a function is wanted after it",
            );
        }
        return wrong(
            "an action that ends too early",
            at(last, end),
            format!("a value is wanted after `{what}`"),
        );
    };
    if let Some(found) = name_with_hyphen(content, start, &at) {
        return found;
    }
    let operator =
        ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "*", "/", "%", "!", "-", "??", "?"]
            .into_iter()
            .find(|operator| tail.starts_with(operator));
    let place = at(start, start + operator.map_or(first.len_utf8(), str::len));
    if let Some(operator) = operator {
        if operator == "/" && tail.starts_with("/*") {
            return wrong(
                "a comment beside something else",
                at(start, start + 2),
                "`{{` stands right before `/*`",
            );
        }
        if operator == "-" && tail == "-" {
            return wrong("a trim marker without its blank", place, "a blank belongs before `-}}`")
                .mend(at(start, start), " ", true);
        }
        let instead = match operator {
            "==" => "eq a b",
            "!=" => "ne a b",
            "<" => "lt a b",
            "<=" => "le a b",
            ">" => "gt a b",
            ">=" => "ge a b",
            "&&" => "and a b",
            "||" | "??" | "?" => "or a b",
            "!" => "not a",
            _ => {
                return wrong(
                    format!("`{operator}` in an action"),
                    place,
                    "templates do not count",
                )
                .help("compute it in the query");
            }
        };
        return wrong(format!("`{operator}` in an action"), place, "templates have no operators")
            .help(format!("a function does it: `{instead}`"));
    }
    match first {
        '[' => wrong("an index in brackets", place, "templates index by a function")
            .help("`index $labels \"name\"` reads an entry"),
        '.' => wrong("a dot without a field", place, "a field's name is wanted"),
        ',' => wrong("a comma between arguments", place, "arguments are separated by blanks"),
        '|' if head.trim().is_empty() => {
            wrong("a pipe without a value", place, "a value is wanted before it")
        }
        '|' if head.ends_with('|') => {
            let place = at(start - 1, start + 1);
            wrong("`||` in an action", place, "templates have no operators")
                .help("a function does it: `or a b`")
        }
        '|' => wrong("a pipe behind a pipe", place, "a function is wanted before it"),
        '"' | '`' | '\'' | '(' => {
            wrong("two arguments without a blank between", place, "a blank is wanted before this")
                .mend(at(start, start), " ", true)
        }
        _ => {
            let len = tail.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
            let len = len.unwrap_or(tail.len()).max(first.len_utf8());
            let found = tail.get(..len).unwrap_or("");
            wrong(
                format!("`{}` does not fit here", found.escape_default()),
                at(start, start + len),
                "not expected here",
            )
        }
    }
}

/// `$labels.a-b`, `humanize-duration`.
fn name_with_hyphen(
    content: &str,
    start: usize,
    at: &dyn Fn(usize, usize) -> Extent,
) -> Option<Problem> {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '$');
    let head = content.get(..start)?;
    // The grammar stops before the word or behind it.
    let begin = head.len()
        - head
            .chars()
            .rev()
            .take_while(|&letter| is_part(letter) || letter == '-')
            .map(char::len_utf8)
            .sum::<usize>();
    let tail = content.get(begin..)?;
    let len = tail.find(|letter: char| !is_part(letter) && letter != '-').unwrap_or(tail.len());
    let word = tail.get(..len)?;
    let hyphen = word.find('-').filter(|&hyphen| hyphen > 0 && hyphen + 1 < word.len())?;
    if !word.get(hyphen + 1..)?.starts_with(char::is_alphabetic) {
        return None;
    }
    let place = at(begin + hyphen, begin + hyphen + 1);
    let found = wrong("a name with a hyphen", place, "names of templates have none");
    let whole = at(begin, begin + len);
    let dot = word.get(..hyphen)?.rfind('.');
    Some(match dot {
        Some(dot) => {
            let (base, name) = (word.get(..dot)?, word.get(dot + 1..)?);
            let base = if base.is_empty() { "." } else { base };
            if name.contains('.') {
                return Some(found);
            }
            let index = format!("index {base} {}", super::literal::quoted(name));
            let is_alone = content.trim() == word;
            found.mend(whole, if is_alone { index } else { format!("({index})") }, true)
        }
        None => {
            let mut camel = String::new();
            for (index, part) in word.split('-').enumerate() {
                let mut letters = part.chars();
                match letters.next() {
                    Some(first) if index > 0 => camel.extend(first.to_uppercase()),
                    Some(first) => camel.push(first),
                    None => {}
                }
                camel.push_str(letters.as_str());
            }
            found.mend(whole, camel, false)
        }
    })
}
