//! Where the actions of a template begin and end.

use super::errors;
use super::problem::Problem;
use crate::embedded::text::extent;
use crate::source::Extent;

/// How deep parentheses may be nested in an action, and blocks in a template.
pub(super) const DEPTH: usize = 64;

/// An action, from `{{` to `}}`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Action {
    /// With its delimiters.
    pub(super) at: Extent,
    /// Between them, without trim markers.
    pub(super) inner: Extent,
    /// Whether it is closed and its texts are: else only its first word can be trusted.
    pub(super) is_whole: bool,
}

/// Finds every action. Text outside of them, `}}` included, means itself.
pub(super) fn scan(text: &str, holes: &[u32], problems: &mut Vec<Problem>) -> Vec<Action> {
    let mut actions = Vec::new();
    let mut at = 0;
    while let Some(open) = find(text, at, "{{") {
        let mut start = open + 2;
        if rest(text, start).starts_with('-') && rest(text, start + 1).starts_with(BLANKS) {
            // The blank behind the marker belongs to it.
            start += 2;
        }
        at = if rest(text, start).starts_with("/*") {
            comment(text, open, start, problems)
        } else {
            let mut cursor = Cursor { text, open, start, problems, is_whole: true };
            let (inner_end, end) = cursor.close();
            let is_whole = cursor.is_whole;
            let whole = extent(open, end);
            let hole = holes.iter().find(|&&hole| whole.start < hole && hole < whole.end);
            if let Some(&hole) = hole {
                problems.push(errors::hole(Extent::new(hole, hole), whole));
            }
            let inner = extent(start, inner_end.max(start));
            actions.push(Action { at: whole, inner, is_whole: is_whole && hole.is_none() });
            end
        };
    }
    actions
}

const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

fn rest(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or("")
}

fn find(text: &str, from: usize, what: &str) -> Option<usize> {
    rest(text, from).find(what).map(|at| from + at)
}

/// Reads `/* .. */` and the delimiter, which must follow at once; gives where it ends.
fn comment(text: &str, open: usize, start: usize, problems: &mut Vec<Problem>) -> usize {
    let Some(close) = find(text, start + 2, "*/") else {
        problems.push(errors::open_comment(extent(start, start + 2)));
        return find(text, start, "}}").map_or(text.len(), |end| end + 2);
    };
    let after = close + 2;
    let tail = rest(text, after);
    if tail.starts_with("}}") {
        return after + 2;
    }
    if tail.starts_with(BLANKS) && rest(text, after + 1).starts_with("-}}") {
        return after + 4;
    }
    let end = find(text, after, "}}");
    problems.push(match end {
        Some(end) => errors::behind_comment(extent(after, end.max(after)), rest(text, after)),
        None => errors::open_action(extent(open, open + 2)),
    });
    end.map_or(text.len(), |end| end + 2)
}

/// Looks for the end of one action.
struct Cursor<'a> {
    text: &'a str,
    open: usize,
    start: usize,
    problems: &'a mut Vec<Problem>,
    is_whole: bool,
}

impl Cursor<'_> {
    /// Where the content ends, and where the action does.
    fn close(&mut self) -> (usize, usize) {
        let mut at = self.start;
        let mut parens: Vec<usize> = Vec::new();
        let mut too_deep = false;
        loop {
            let tail = rest(self.text, at);
            let Some(first) = tail.chars().next() else {
                self.wrong(errors::open_action(extent(self.open, self.open + 2)));
                return (at, at);
            };
            if tail.starts_with("}}") {
                self.unclosed(&parens);
                return (at, at + 2);
            }
            if BLANKS.contains(&first) && rest(self.text, at + 1).starts_with("-}}") {
                self.unclosed(&parens);
                return (at, at + 4);
            }
            if tail.starts_with("{{") {
                // What follows is another action: this one lacks its end.
                self.wrong(errors::open_action(extent(self.open, self.open + 2)));
                return (at, at);
            }
            at = match first {
                '"' => match self.quoted(at) {
                    Some(end) => end,
                    None => return self.skip(at, errors::open_text),
                },
                '`' => match find(self.text, at + 1, "`") {
                    Some(end) => end + 1,
                    None => return self.skip(at, errors::open_raw),
                },
                '\'' => match self.char(at) {
                    Ok(end) => end,
                    Err(problem) => {
                        self.wrong(*problem);
                        let end = find(self.text, at, "}}").unwrap_or(self.text.len());
                        return (end, (end + 2).min(self.text.len()));
                    }
                },
                '(' => {
                    parens.push(at);
                    if parens.len() > DEPTH && !std::mem::replace(&mut too_deep, true) {
                        self.wrong(errors::too_deep(extent(at, at + 1), DEPTH));
                    }
                    at + 1
                }
                ')' => {
                    if parens.pop().is_none() {
                        self.wrong(errors::stray_paren(extent(at, at + 1)));
                    }
                    at + 1
                }
                other => at + other.len_utf8(),
            };
        }
    }

    fn wrong(&mut self, problem: Problem) {
        // The first is the cause of what follows.
        if std::mem::replace(&mut self.is_whole, false) {
            self.problems.push(problem);
        }
    }

    fn unclosed(&mut self, parens: &[usize]) {
        if let Some(&last) = parens.last() {
            self.wrong(errors::open_paren(extent(last, last + 1)));
        }
    }

    /// A text that has no end: the action ends at the next `}}`.
    fn skip(&mut self, at: usize, problem: fn(Extent) -> Problem) -> (usize, usize) {
        self.wrong(problem(extent(at, at + 1)));
        let end = find(self.text, at, "}}").unwrap_or(self.text.len());
        (end, (end + 2).min(self.text.len()))
    }

    /// Behind the closing quote; none if the line ends before.
    fn quoted(&self, at: usize) -> Option<usize> {
        let mut escaped = false;
        for (index, letter) in rest(self.text, at + 1).char_indices() {
            match letter {
                '\n' => return None,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return Some(at + 1 + index + 1),
                _ => {}
            }
        }
        None
    }

    /// Behind a lone letter in single quotes.
    fn char(&self, at: usize) -> Result<usize, Box<Problem>> {
        let tail = rest(self.text, at + 1);
        let mut letters = tail.chars();
        let escaped = letters.next() == Some('\\');
        if escaped {
            let quote = tail.char_indices().skip(2).find(|(_, letter)| *letter == '\'');
            if let Some((index, _)) = quote
                && super::literal::unquote(tail.get(..index).unwrap_or(""), '\'')
                    .is_ok_and(|read| read.chars().count() == 1)
            {
                return Ok(at + 1 + index + 1);
            }
        } else if letters.next() == Some('\'') && !tail.starts_with(['\n', '\'']) {
            let len = tail.chars().next().map_or(0, char::len_utf8);
            return Ok(at + 1 + len + 1);
        }
        // A text in the wrong quotes, if it is closed in this action.
        let action = tail.find("}}").and_then(|end| tail.get(..end)).unwrap_or(tail);
        let close = action.find(['\'', '\n']).filter(|&end| rest(action, end).starts_with('\''));
        Err(Box::new(match close {
            Some(len) => {
                let content = tail.get(..len).unwrap_or("");
                errors::single_quotes(extent(at, at + len + 2), content)
            }
            None => errors::lone_quote(extent(at, at + 1)),
        }))
    }
}
