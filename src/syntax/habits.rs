//! What a refused member most likely means: habits of other languages first, then what the grammar wanted.

use pest::error::{Error, ErrorVariant};

use super::errors;
use super::parse::Rule;
use super::rules;
use crate::diag::Diagnostic;
use crate::source::{Extent, Span};

/// A member that the grammar refuses, in the text that it was read from.
pub(super) struct View<'t> {
    /// The item.
    pub(super) text: &'t str,
    /// The member.
    pub(super) segment: Extent,
    /// The furthest place that the grammar reached; behind the member if that is not finished.
    pub(super) at: u32,
    /// What pest says.
    pub(super) error: &'t Error<Rule>,
}

/// Words that never name a variable, parameter or module.
const RESERVED: [&str; 16] = [
    "if", "then", "else", "match", "by", "for", "in", "let", "all", "is", "self", "outer", "here",
    "true", "false", "none",
];

/// Says what is wrong.
pub(super) fn explain(view: &View<'_>, span: &dyn Fn(Extent) -> Span) -> Diagnostic {
    let whole = view.segment.of(view.text);
    let place = (view.at.saturating_sub(view.segment.start) as usize).min(whole.len());
    let start = view.segment.start;
    let cx = Cx {
        whole,
        place,
        head: whole.get(..place).unwrap_or(whole),
        tail: whole.get(place..).unwrap_or(""),
        span: &|from, to| span(Extent::new(start + from as u32, start + to as u32)),
    };
    let habits: [fn(&Cx<'_>) -> Option<Diagnostic>; 15] = [
        dash,
        value_missing,
        operator_at_line_start,
        escape,
        number,
        double_equals,
        colon,
        reserved,
        minus,
        comma,
        equals,
        call_blank,
        brace_in_condition,
        pipe,
        leading_dot,
    ];
    habits.iter().find_map(|habit| habit(&cx)).unwrap_or_else(|| unexpected(&cx, view.error))
}

struct Cx<'a> {
    /// The member's text.
    whole: &'a str,
    /// Where the grammar stopped, in it.
    place: usize,
    head: &'a str,
    tail: &'a str,
    /// A range of it in the file.
    span: &'a dyn Fn(usize, usize) -> Span,
}

impl Cx<'_> {
    /// Where the last token before the stop ends.
    fn head_end(&self) -> usize {
        self.head.trim_end().len()
    }

    /// The token at the stop: its text and where it starts.
    fn found(&self) -> (usize, &str) {
        let blanks = self.tail.len() - self.tail.trim_start_matches([' ', '\t', '\r']).len();
        let start = self.place + blanks;
        (start, token(self.whole.get(start..).unwrap_or("")))
    }
}

/// The first token of a text: a word, a number, a text's opener, an operator; empty at a line's end.
fn token(text: &str) -> &str {
    let Some(first) = text.chars().next() else { return "" };
    if first == '\n' || text.starts_with("//") {
        return "";
    }
    if first.is_ascii_alphanumeric() || first == '_' {
        return word(text);
    }
    if first == '"' || first == '`' {
        let line = text.lines().next().unwrap_or(text);
        let close = line.get(1..).and_then(|rest| rest.find(first)).map_or(1, |n| n + 2);
        return line.get(..close).unwrap_or(line);
    }
    for operator in ["...", "==", "!=", "<=", ">=", "&&", "||", "??", "..", "=>", "->", "+=", "?."]
    {
        if text.starts_with(operator) {
            return text.get(..operator.len()).unwrap_or("");
        }
    }
    text.get(..first.len_utf8()).unwrap_or("")
}

fn word(text: &str) -> &str {
    let length =
        text.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
    text.get(..length).unwrap_or("").trim_end_matches('-')
}

/// A name, plain or quoted, or a path of them; empty if there is none.
fn path(text: &str) -> &str {
    let mut end = 0;
    loop {
        let rest = text.get(end..).unwrap_or("");
        let name = match rest.strip_prefix('"') {
            Some(inner) => inner.find(['"', '\n']).map_or(0, |n| n + 2),
            None if rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') => {
                word(rest).len()
            }
            None => 0,
        };
        if name == 0 {
            return text.get(..end.saturating_sub(1)).unwrap_or("");
        }
        end += name;
        if !text.get(end..).unwrap_or("").starts_with('.') {
            return text.get(..end).unwrap_or("");
        }
        end += 1;
    }
}

/// The member behind its marks: where it starts.
fn behind_marks(whole: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = whole.get(at..).unwrap_or("");
        let mark = word(rest);
        if !super::Marks::ALL.iter().any(|&(_, name)| name == mark) {
            return at;
        }
        let after = rest.get(mark.len()..).unwrap_or("");
        let next = after.trim_start_matches([' ', '\t']);
        if after.len() == next.len() || next.starts_with(['=', ':', '{', '+']) {
            return at;
        }
        at += rest.len() - next.len();
    }
}

/// `- item`.
fn dash(cx: &Cx<'_>) -> Option<Diagnostic> {
    let at = match cx.whole.strip_prefix("- ") {
        Some(_) => 0,
        None => {
            let name = path(cx.whole);
            let rest = cx.whole.get(name.len()..)?.trim_start_matches([' ', '\t']);
            let value = rest.strip_prefix(':').or_else(|| rest.strip_prefix('='))?;
            if name.is_empty() || !value.trim_start().starts_with("- ") || !value.contains('\n') {
                return None;
            }
            cx.whole.len() - value.trim_start().len()
        }
    };
    Some(errors::dash((cx.span)(at, at + 1)))
}

/// `image =`, and on the next line another member.
fn value_missing(cx: &Cx<'_>) -> Option<Diagnostic> {
    let (found_at, found) = cx.found();
    if found == "," || found.is_empty() || is_closer(found) {
        let head = cx.head.trim_end();
        return head
            .ends_with("..")
            .then(|| errors::value_missing((cx.span)(head.len() - 2, head.len()), ".."));
    }
    let before = cx.whole.get(..found_at)?;
    let line = before.rfind('\n')?;
    let above = before.get(..line)?.trim_end();
    let operator = [
        "=>", "..", "==", "!=", "<=", ">=", "&&", "||", "??", "=", "+", "-", "*", "/", "<", ">",
        ":",
    ]
    .into_iter()
    .find(|operator| above.ends_with(operator))?;
    let next = cx.whole.get(line + 1..)?.trim_start();
    let begins_member = {
        let name = path(next);
        let behind = next.get(name.len()..)?.trim_start_matches([' ', '\t']);
        let statement =
            matches!(word(next), "let" | "check" | "warn" | "remove" | "for" | "assert" | "import");
        !name.is_empty()
            && (statement || behind.starts_with(['=', '{', ':']) || behind.starts_with("+="))
    };
    let at = above.len() - operator.len();
    begins_member.then(|| errors::value_missing((cx.span)(at, above.len()), operator))
}

fn is_closer(token: &str) -> bool {
    matches!(token, "}" | ")" | "]")
}

/// A line that begins with an infix operator.
fn operator_at_line_start(cx: &Cx<'_>) -> Option<Diagnostic> {
    let found = token(cx.whole);
    let infix = ["+", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "..", "-", "."];
    (infix.contains(&found))
        .then(|| errors::operator_at_line_start((cx.span)(0, found.len()), found))
}

/// A backslash in a text, and what may not follow it.
fn escape(cx: &Cx<'_>) -> Option<Diagnostic> {
    let from = cx.place.saturating_sub(2);
    let near = cx.whole.get(from..(cx.place + 1).min(cx.whole.len()))?;
    let at = from + near.rfind('\\')?;
    let next = cx.whole.get(at + 1..)?.chars().next()?;
    let quotes = cx.whole.get(..at)?.rsplit('\n').next()?.matches('"').count();
    if quotes % 2 == 0 || matches!(next, 'n' | 't' | '"' | '\\' | '(') {
        return None;
    }
    let end = at + 1 + next.len_utf8();
    Some(errors::escape((cx.span)(at, end), (cx.span)(at, at), next))
}

/// Numbers as other languages write them.
fn number(cx: &Cx<'_>) -> Option<Diagnostic> {
    let part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%');
    let bytes = cx.whole.as_bytes();
    let mut start = cx.place;
    while start > 0 && bytes.get(start - 1).copied().is_some_and(part) {
        start -= 1;
    }
    let rest = cx.whole.get(start..)?;
    let length = rest.bytes().take_while(|&b| part(b)).count();
    let whole = rest.get(..length)?;
    let text = whole.split("..").next()?;
    let first = text.bytes().next()?;
    if !first.is_ascii_digit() {
        return None;
    }
    let dots = text.bytes().filter(|&b| b == b'.').count();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let after = text.get(digits..)?;
    let place = (cx.span)(start, start + text.len());
    let exponent = || {
        let (mantissa, power) = text.split_once(['e', 'E'])?;
        let plain = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        (plain(mantissa) && (plain(power) || power.is_empty())).then_some(())
    };
    if dots > 1 {
        Some(errors::dotted_number(place, text))
    } else if text.ends_with('.') {
        Some(errors::trailing_dot(place, text))
    } else if first == b'0' && digits > 1 {
        Some(errors::leading_zero(place, text))
    } else if first == b'0' && after.starts_with(['x', 'X', 'b', 'B']) && after.len() > 1 {
        Some(errors::number_base(place, text))
    } else if exponent().is_some() {
        Some(errors::exponent(place, text))
    } else {
        None
    }
}

/// `a == 1`.
fn double_equals(cx: &Cx<'_>) -> Option<Diagnostic> {
    let start = behind_marks(cx.whole);
    let rest = cx.whole.get(start..)?;
    let name = match rest.strip_prefix("let ") {
        Some(behind) => 4 + word(behind).len(),
        None => path(rest).len(),
    };
    let behind = rest.get(name..)?;
    let at = start + name + (behind.len() - behind.trim_start_matches([' ', '\t']).len());
    let doubled = name > 0 && cx.whole.get(at..)?.starts_with("==") && cx.place <= at + 2;
    doubled.then(|| errors::double_equals((cx.span)(at, at + 2)))
}

/// `key: value`.
fn colon(cx: &Cx<'_>) -> Option<Diagnostic> {
    let start = behind_marks(cx.whole);
    let rest = cx.whole.get(start..)?;
    let name = path(rest);
    let behind = rest.get(name.len()..)?;
    let at = start + name.len() + (behind.len() - behind.trim_start_matches([' ', '\t']).len());
    let value = cx.whole.get(at..)?.strip_prefix(':')?;
    let shown = value.trim_start();
    let upper = shown.starts_with(|first: char| first.is_ascii_uppercase());
    if name.is_empty() || cx.place <= at || upper || shown.is_empty() || value.contains(" = ") {
        return None;
    }
    let edit = (cx.span)(start + name.len(), at + 1);
    Some(errors::colon((cx.span)(at, at + 1), edit, name))
}

/// `let for = 1`.
fn reserved(cx: &Cx<'_>) -> Option<Diagnostic> {
    let head = cx.head.trim_end();
    let last =
        head.rsplit(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).next()?;
    let (at, found) = match cx.found() {
        (at, found) if RESERVED.contains(&found) => (at, found),
        _ if RESERVED.contains(&last) => (head.len() - last.len(), last),
        _ => return None,
    };
    let before = cx.whole.get(..at)?.trim_end();
    let declares =
        ["let", "for", "fn", "as"].iter().any(|w| {
            before.strip_suffix(w).is_some_and(|b| {
                !b.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'))
            })
        }) || before.strip_prefix("for ").is_some_and(|names| names.trim_end().ends_with(','))
            || (before.contains("fn ") && before.ends_with(['(', ',']) && !before.contains('='));
    declares.then(|| errors::reserved((cx.span)(at, at + found.len()), found))
}

/// `a -1`, `3-1`.
fn minus(cx: &Cx<'_>) -> Option<Diagnostic> {
    let from = cx.place.saturating_sub(1);
    let near = cx.whole.get(from..(cx.place + 1).min(cx.whole.len()))?;
    let at = from + near.find('-')?;
    let before = cx.whole.get(..at)?.trim_end_matches([' ', '\t']);
    let after = cx.whole.get(at + 1..)?;
    let operand = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '(' | ')' | ']' | '"');
    if !before.ends_with(operand) || !after.starts_with(operand) {
        return None;
    }
    Some(errors::minus((cx.span)(at, at + 1), (cx.span)(before.len(), at + 1)))
}

/// `a = 1 b = 2`.
fn comma(cx: &Cx<'_>) -> Option<Diagnostic> {
    let (at, _) = cx.found();
    let rest = cx.whole.get(at..)?;
    let name = path(rest);
    let behind = rest.get(name.len()..)?.trim_start_matches([' ', '\t']);
    let begins = (behind.starts_with('=') && !behind.starts_with("==")) || behind.starts_with("+=");
    let block = behind.starts_with('{')
        || (behind.starts_with(|c: char| c.is_ascii_alphabetic()) && behind.contains('{'));
    let complete =
        cx.head.contains('=') || cx.head.trim_end().ends_with('}') || cx.head.contains(": ");
    let starts_in_line = !cx.head.get(cx.head_end()..)?.contains('\n');
    if name.is_empty()
        || RESERVED.contains(&name)
        || !(begins || block)
        || !complete
        || !starts_in_line
        || cx.head.trim_end().ends_with('=')
    {
        return None;
    }
    let end = cx.head_end();
    Some(errors::comma_missing((cx.span)(at, at + name.len()), (cx.span)(end, end), name))
}

/// `replicas 3`.
fn equals(cx: &Cx<'_>) -> Option<Diagnostic> {
    let start = behind_marks(cx.whole);
    let rest = cx.whole.get(start..)?;
    let name = path(rest);
    let behind = rest.get(name.len()..)?;
    let value = behind.trim_start_matches([' ', '\t']);
    if name.is_empty() || value.len() == behind.len() {
        return None;
    }
    let at = start + rest.len() - value.len();
    let number = value.starts_with(|c: char| c.is_ascii_digit()) || value.starts_with(['[', '`']);
    let constant = ["true", "false", "none"].contains(&value.trim_end());
    if !(number || constant)
        || RESERVED.contains(&name)
        || matches!(name, "check" | "warn" | "assert" | "if" | "for" | "let" | "by")
    {
        return None;
    }
    let end = start + name.len();
    Some(errors::equals_missing(
        (cx.span)(at, at + token(value).len().max(1)),
        (cx.span)(end, at),
        name,
    ))
}

/// `f (x)`.
fn call_blank(cx: &Cx<'_>) -> Option<Diagnostic> {
    let (at, found) = cx.found();
    let end = cx.head_end();
    let callee = cx
        .head
        .trim_end()
        .ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ')' | ']'));
    let blank = at > end && !cx.whole.get(end..at)?.contains('\n');
    (matches!(found, "(" | "[") && callee && blank)
        .then(|| errors::call_blank((cx.span)(at, at + 1), (cx.span)(end, at), found))
}

/// `if Docker {} == p { }`.
fn brace_in_condition(cx: &Cx<'_>) -> Option<Diagnostic> {
    let statement = word(cx.whole);
    let (at, found) = cx.found();
    let operator = matches!(found, "==" | "!=" | "&&" | "||" | "??" | "." | "+" | "is" | "in");
    (matches!(statement, "if" | "for") && cx.head.trim_end().ends_with('}') && operator)
        .then(|| errors::brace_in_condition((cx.span)(at, at + found.len()), statement))
}

/// `\(value | humanizeDuration)`.
fn pipe(cx: &Cx<'_>) -> Option<Diagnostic> {
    let (at, found) = cx.found();
    let start = cx.head.rfind("\\(")? + 2;
    if found != "|" {
        return None;
    }
    let mut call = cx.whole.get(start..at)?.trim().to_owned();
    let (opened, closed) = (call.matches('(').count(), call.matches(')').count());
    if call.is_empty() || opened != closed || call.contains('"') {
        return None;
    }
    let mut end = at;
    let mut is_simple = true;
    while let Some(rest) = cx.whole.get(end..)?.trim_start_matches([' ', '\t']).strip_prefix('|') {
        let function = word(rest.trim_start_matches([' ', '\t']));
        if function.is_empty() {
            is_simple = false;
            break;
        }
        call = format!("{}({call})", here(function));
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        end = cx.whole.len() - rest.len() + blanks + function.len();
    }
    is_simple &= cx.whole.get(end..)?.trim_start_matches([' ', '\t']).starts_with(')');
    let fixed = is_simple.then(|| ((cx.span)(start, end), call));
    Some(errors::pipe((cx.span)(at, at + 1), fixed))
}

/// A function of Prometheus' templates by its name here: `humanizeDuration` is `humanize-duration`. Others keep theirs, and are
/// answered by name.
fn here(name: &str) -> String {
    match name.strip_prefix("humanize") {
        Some(what) if what.starts_with(|c: char| c.is_ascii_uppercase()) => {
            format!("humanize-{}", what.to_ascii_lowercase())
        }
        _ => name.to_owned(),
    }
}

/// `\(.Value)`, `\(.Labels.job)`.
fn leading_dot(cx: &Cx<'_>) -> Option<Diagnostic> {
    let (at, found) = cx.found();
    let begins = cx.head.trim_end().ends_with(['(', '=', ',', '[']);
    let name = path(cx.whole.get(at + 1..)?);
    if found != "." || !begins || name.is_empty() {
        return None;
    }
    let (first, rest) = name.split_at(name.find('.').unwrap_or(name.len()));
    let meant = match first {
        "Value" => Some(format!("value{rest}")),
        "Labels" => Some(format!("label{rest}")),
        _ => first.starts_with(|c: char| c.is_ascii_lowercase()).then(|| name.to_owned()),
    };
    Some(errors::leading_dot((cx.span)(at, at + 1 + name.len()), meant.as_deref()))
}

/// What stands there, and what the grammar wanted.
fn unexpected(cx: &Cx<'_>, error: &Error<Rule>) -> Diagnostic {
    let (at, found) = cx.found();
    let wanted = wanted(error);
    let begins_name = found.starts_with(|c: char| c.is_ascii_alphabetic() || c == '"');
    if wanted.contains(&"`{`") && !wanted.contains(&"a value") && (found.is_empty() || begins_name)
    {
        let end = cx.head_end().min(cx.whole.len());
        return errors::brace_missing((cx.span)(end, end));
    }
    if found.is_empty() {
        let end = cx.head_end().min(cx.whole.len());
        let ends = if at >= cx.whole.trim_end().len() { "member" } else { "line" };
        return errors::unfinished((cx.span)(end, end), ends, &wanted);
    }
    errors::unexpected((cx.span)(at, at + found.len()), found, &wanted)
}

/// The user's words for what the grammar tried at the furthest place.
fn wanted(error: &Error<Rule>) -> Vec<&'static str> {
    let mut words: Vec<&'static str> = Vec::new();
    let mut add = |rule: Rule| {
        if let Some(word) = rules::word(rule)
            && !words.contains(&word)
        {
            words.push(word);
        }
    };
    let at = match error.location {
        pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
    };
    let attempts = error.parse_attempts();
    let further = attempts.as_ref().is_some_and(|attempts| attempts.max_position > at);
    if let ErrorVariant::ParsingError { positives, .. } = &error.variant
        && !further
    {
        positives.iter().copied().for_each(&mut add);
    }
    if let Some(attempts) = attempts
        && attempts.max_position >= at
    {
        for stack in attempts.call_stacks() {
            match stack.deepest.get_rule() {
                Some(&rule) => add(rule),
                None => stack.parent.into_iter().for_each(&mut add),
            }
        }
    }
    words
}
