//! Patterns of paths and names.

use super::text::{TextError, extent};

/// A pattern that was checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Glob<'a> {
    /// The pattern as written.
    pub text: &'a str,
    /// Whether it has anything but plain characters.
    pub is_pattern: bool,
}

/// `*` for any run of characters but `/`, `**` between slashes for any folders, `?` for one
/// character, `[a-z]` and `[!a-z]` for one of a class, `{a,b}` for alternatives, `\` before a
/// character that means itself.
pub fn check(text: &str) -> Result<Glob<'_>, TextError> {
    let mut reader = Reader { text, at: 0, open: Vec::new(), is_pattern: false };
    if text.is_empty() {
        return Err(TextError::new(extent(0, 0), "nothing", "a pattern"));
    }
    while let Some(c) = reader.next() {
        reader.one(c)?;
    }
    match reader.open.first() {
        Some(&open) => Err(TextError::new(
            extent(open, open + 1),
            "`{` without its `}`",
            "`{a,b}`, or `\\{` for the character itself",
        )),
        None => Ok(Glob { text, is_pattern: reader.is_pattern }),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Where the open braces are.
    open: Vec<usize>,
    is_pattern: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Reads on after `c`.
    fn one(&mut self, c: char) -> Result<(), TextError> {
        let start = self.at - c.len_utf8();
        match c {
            '\\' => {
                self.next().ok_or_else(|| {
                    TextError::new(
                        extent(start, start + 1),
                        "`\\` at the end",
                        "a character after it that means itself",
                    )
                })?;
            }
            '?' => self.is_pattern = true,
            '*' => self.stars(start)?,
            '[' => self.class(start)?,
            '{' => {
                self.is_pattern = true;
                self.open.push(start);
                if self.open.len() > 16 {
                    let at = extent(start, self.at);
                    return Err(TextError::new(at, "too many open braces", "at most 16, nested"));
                }
            }
            '}' => {
                self.open.pop().ok_or_else(|| {
                    TextError::new(
                        extent(start, start + 1),
                        "`}` without its `{`",
                        "`{a,b}`, or `\\}` for the character itself",
                    )
                })?;
            }
            _ => {}
        }
        Ok(())
    }

    fn stars(&mut self, start: usize) -> Result<(), TextError> {
        self.is_pattern = true;
        while self.peek() == Some('*') {
            self.at += 1;
        }
        let length = self.at - start;
        let before = self.text.get(..start).unwrap_or("").chars().next_back();
        let boundary = |c: Option<char>| matches!(c, None | Some('/' | '{' | ',' | '}'));
        let whole = boundary(before) && boundary(self.peek());
        if length == 1 || (length == 2 && whole) {
            return Ok(());
        }
        // Tools do not agree on what this means.
        let at = extent(start, self.at);
        let (found, by) =
            if whole { ("more than two `*`", "**") } else { ("`**` beside other characters", "*") };
        let error = TextError::new(at, found, "`*` in a part of a path, or `**` as a whole part");
        Err(error.suggest(at, by).only_right(self.text, |mended| check(mended).is_ok()))
    }

    fn class(&mut self, start: usize) -> Result<(), TextError> {
        const RULE: &str = "`[abc]`, `[a-z]` or `[!a-z]`; `\\[` for the character itself";
        self.is_pattern = true;
        if matches!(self.peek(), Some('!' | '^')) {
            self.at += 1;
        }
        let mut members = 0u32;
        loop {
            let low_at = self.at;
            let Some(low) = self.member() else {
                return Err(TextError::new(extent(start, start + 1), "`[` without its `]`", RULE));
            };
            if low == (']', false) {
                if members == 0 {
                    return Err(TextError::new(extent(start, self.at), "an empty class", RULE));
                }
                return Ok(());
            }
            members += 1;
            let is_range = self.text.get(self.at..).is_some_and(|rest| {
                rest.starts_with('-') && !rest.starts_with("-]") && rest.len() > 1
            });
            if is_range {
                self.at += 1;
                let Some(high) = self.member() else { continue };
                if high.0 < low.0 {
                    let at = extent(low_at, self.at);
                    return Err(TextError::new(at, "a range that runs backwards", RULE));
                }
            }
        }
    }

    /// A character of a class, and whether a `\` was before it.
    fn member(&mut self) -> Option<(char, bool)> {
        match self.next()? {
            '\\' => Some((self.next()?, true)),
            c => Some((c, false)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::table::refuse;
    use super::check;

    #[test]
    fn globs() {
        for text in [
            "*",
            "**",
            "apps/*",
            "apps/**/values.yaml",
            "team-?",
            "[a-z]*",
            "[!a]b",
            "[^a-c-]",
            "{a,b/**,**/c}",
            "\\*",
            "[\\]]",
            "é*",
        ] {
            assert!(check(text).unwrap().is_pattern || text.starts_with('\\'), "{text}");
        }
        assert!(!check("apps/web").unwrap().is_pattern);
        let refuse =
            |text, at, found, mended| refuse(|t| check(t).map(drop), text, at, found, mended);
        refuse("", (0, ""), "nothing", None);
        refuse("a**", (1, "**"), "`**` beside other characters", Some("a*"));
        refuse("**.yaml", (0, "**"), "`**` beside other characters", Some("*.yaml"));
        refuse("a/***/b", (2, "***"), "more than two `*`", Some("a/**/b"));
        refuse("[a", (0, "["), "`[` without its `]`", None);
        refuse("[]", (0, "[]"), "an empty class", None);
        refuse("[!]", (0, "[!]"), "an empty class", None);
        refuse("x[z-a]", (2, "z-a"), "a range that runs backwards", None);
        refuse("{a,b", (0, "{"), "`{` without its `}`", None);
        refuse("a}", (1, "}"), "`}` without its `{`", None);
        refuse("a\\", (1, "\\"), "`\\` at the end", None);
        refuse(&"{".repeat(17), (16, "{"), "too many open braces", None);
    }
}
