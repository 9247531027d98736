//! Programs of other languages inside of texts: what they close, and where a value may be put.
//!
//! Rego and CEL take no values, so only their texts, comments and brackets are read. In a shell's script a value is
//! put in as one quoted word, which is possible outside of quotes only.

use super::language::Language;
use super::pieces::{Item, Piece, Unbalanced, items, unbalanced};

/// Where a hole of a program stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Spot {
    /// Where a shell reads words: a value is put in quotes.
    Word,
    /// In quotes of a shell, which a quoted value would end.
    Quoted,
    /// Behind a `\`, which would take the quote's meaning away.
    Escaped,
    /// Behind a `<<`, in lines that a shell reads without quotes.
    HereDocument,
    /// In a comment.
    Comment,
    /// In a language that takes no values.
    Never,
}

/// Where each hole of a program stands, in order; or what is not closed, where that is sure.
pub fn scan_program(language: Language, pieces: &[Piece<'_>]) -> Result<Vec<Spot>, Unbalanced> {
    let mut scanner = Scanner { items: items(pieces), next: 0, spots: Vec::new() };
    if language == Language::Shell {
        scanner.shell()?;
    } else {
        scanner.brackets(if language == Language::Rego { &REGO } else { &CEL })?;
    }
    Ok(scanner.spots)
}

/// A value as one word of a shell, whatever it holds.
pub fn shell_word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// How a language with brackets writes texts and comments.
struct Lexis {
    /// What begins a comment, to the end of its line.
    comment: &'static str,
    /// Quotes without escapes, over several lines.
    raw: &'static [char],
    /// Quotes with escapes.
    quotes: &'static [char],
    /// Whether three quotes hold lines, and `r` before a quote takes the escapes away.
    has_prefixes: bool,
}

const REGO: Lexis = Lexis { comment: "#", raw: &['`'], quotes: &['"'], has_prefixes: false };
const CEL: Lexis = Lexis { comment: "//", raw: &[], quotes: &['"', '\''], has_prefixes: true };

struct Scanner {
    items: Vec<Item>,
    next: usize,
    spots: Vec<Spot>,
}

impl Scanner {
    fn take(&mut self) -> Option<Item> {
        let item = self.items.get(self.next).copied()?;
        self.next += 1;
        Some(item)
    }

    fn ahead(&self, by: usize) -> Option<char> {
        self.items.get(self.next + by)?.char
    }

    fn before(&self) -> Option<char> {
        self.next.checked_sub(2).and_then(|before| self.items.get(before))?.char
    }

    /// Whether these characters come next.
    fn comes(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(by, c)| self.ahead(by) == Some(c))
    }

    /// To the end of a line; holes on the way stand at `spot`.
    fn line(&mut self, spot: Spot) {
        while let Some(item) = self.take() {
            match item.char {
                Some('\n') => return,
                Some(_) => {}
                None => self.spots.push(spot),
            }
        }
    }

    /// To the end of a quoted text that `opener` begins. Whether it ends.
    fn quoted(&mut self, end: &str, has_escapes: bool, spot: Spot, lines: bool) -> bool {
        loop {
            if self.comes(end) {
                self.next += end.len();
                return true;
            }
            let Some(item) = self.take() else { return false };
            match item.char {
                None => self.spots.push(spot),
                Some('\\') if has_escapes && self.ahead(0).is_some() => self.next += 1,
                Some('\n') if !lines => return false,
                Some(_) => {}
            }
        }
    }

    fn brackets(&mut self, lexis: &Lexis) -> Result<(), Unbalanced> {
        let mut open: Vec<(char, Item)> = Vec::new();
        loop {
            if self.comes(lexis.comment) {
                self.line(Spot::Never);
                continue;
            }
            let Some(item) = self.take() else { break };
            let Some(c) = item.char else {
                self.spots.push(Spot::Never);
                continue;
            };
            if lexis.raw.contains(&c) {
                let end = c.to_string();
                if !self.quoted(&end, false, Spot::Never, true) {
                    return Err(unclosed(item, c));
                }
            } else if lexis.quotes.contains(&c) {
                let prefix = self.before().filter(|_| lexis.has_prefixes);
                let is_raw = matches!(prefix, Some('r' | 'R'));
                let three = [c, c, c].iter().collect::<String>();
                let is_long = lexis.has_prefixes && self.comes(three.get(1..).unwrap_or(""));
                if is_long {
                    self.next += 2;
                }
                let end = if is_long { three } else { c.to_string() };
                if !self.quoted(&end, !is_raw, Spot::Never, is_long) {
                    return Err(unclosed(item, c));
                }
            } else {
                match c {
                    '(' | '[' | '{' => open.push((c, item)),
                    ')' | ']' | '}' => match open.pop() {
                        Some((opener, _)) if closer(opener) == c => {}
                        Some((opener, _)) => {
                            return Err(unbalanced(
                                item,
                                format!("`{c}` after an open `{opener}`"),
                                format!("the `{}` of that `{opener}` first", closer(opener)),
                            ));
                        }
                        None => {
                            return Err(unbalanced(
                                item,
                                format!("`{c}` without an opener"),
                                "what it closes, before it".to_owned(),
                            ));
                        }
                    },
                    _ => {}
                }
            }
        }
        match open.last() {
            Some(&(opener, item)) => Err(unclosed(item, opener)),
            None => Ok(()),
        }
    }

    fn shell(&mut self) -> Result<(), Unbalanced> {
        let text: String = self.items.iter().filter_map(|item| item.char).collect();
        // Lines behind `<<` and commands in backticks read quotes in ways of their own, and the `)` of a `case` closes
        // nothing: there nothing is sure.
        let has_case = text.contains("case") && text.contains("$(");
        let is_plain = !text.contains("<<") && !text.contains('`') && !text.contains('$');
        let mut open: Vec<(char, Item)> = Vec::new();
        let mut here = false;
        let mut tangled = has_case;
        while let Some(item) = self.take() {
            let in_quotes = matches!(open.last(), Some(('"', _)));
            let Some(c) = item.char else {
                self.spots.push(match (here, in_quotes || tangled) {
                    (true, _) => Spot::HereDocument,
                    (false, true) => Spot::Quoted,
                    (false, false) => Spot::Word,
                });
                continue;
            };
            let before = self.before();
            let starts_word =
                before.is_none_or(|c| c.is_whitespace() || matches!(c, ';' | '&' | '|' | '('));
            match c {
                '\\' => {
                    if let Some(Item { char: None, .. }) = self.take() {
                        self.spots.push(Spot::Escaped);
                    }
                }
                '`' => {
                    self.quoted("`", true, Spot::Quoted, true);
                }
                '"' if in_quotes => {
                    open.pop();
                }
                '$' if in_quotes && self.ahead(0) == Some('(') => {
                    self.next += 1;
                    open.push(('(', item));
                }
                '$' if self.ahead(0) == Some('{') => tangled |= self.is_tangled(),
                _ if in_quotes => {}
                '#' if starts_word && !here => self.line(Spot::Comment),
                '<' if self.ahead(0) == Some('<') => {
                    self.next += 1;
                    // `<<<` is followed by a word.
                    if self.ahead(0) == Some('<') {
                        self.next += 1;
                    } else {
                        here = true;
                    }
                }
                '\'' if !here => {
                    let closes = self.quoted("'", before == Some('$'), Spot::Quoted, true);
                    if !closes && is_plain {
                        return Err(unclosed(item, c));
                    }
                }
                '"' | '(' => open.push((c, item)),
                ')' if matches!(open.last(), Some(('(', _))) => {
                    open.pop();
                }
                _ => {}
            }
        }
        match open.last() {
            Some(&('"', item)) if is_plain => Err(unclosed(item, '"')),
            _ => Ok(()),
        }
    }

    /// Whether the `${..}` that begins here holds quotes or commands, which are read in ways of their own.
    fn is_tangled(&self) -> bool {
        let rest = self.items.iter().skip(self.next).map(|item| item.char);
        rest.take_while(|c| *c != Some('}')).any(|c| matches!(c, Some('"' | '\'' | '`' | '(')))
    }
}

const fn closer(opener: char) -> char {
    match opener {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        quote => quote,
    }
}

fn unclosed(item: Item, opener: char) -> Unbalanced {
    let closer = closer(opener);
    let found = match opener {
        '`' => "a backtick that is not closed".to_owned(),
        '"' | '\'' => format!("{opener} without a second one"),
        _ => format!("`{opener}` without its `{closer}`"),
    };
    unbalanced(item, found, format!("{closer} behind it"))
}

#[cfg(test)]
mod tests {
    use super::super::language::Language;
    use super::super::pieces::Piece;
    use super::{scan_program, shell_word};
    use proptest::prelude::*;

    /// The pieces of a program in which each `@` is a hole.
    fn pieces(program: &str) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        for (index, text) in program.split('@').enumerate() {
            if index > 0 {
                pieces.push(Piece::Hole);
            }
            pieces.push(Piece::Text(text));
        }
        pieces
    }

    fn check(language: Language, program: &str, expected: &str) {
        let found = match scan_program(language, &pieces(program)) {
            Ok(spots) => format!("{spots:?}"),
            Err(wrong) => wrong.error.found,
        };
        assert_eq!(found, expected, "{program}");
    }

    #[test]
    fn a_shell_reads_words_outside_of_quotes() {
        let check = |program, expected| check(Language::Shell, program, expected);
        check("echo @ --a=@;@", "[Word, Word, Word]");
        check("echo '@' \"@\" `@`", "[Quoted, Quoted, Quoted]");
        check("echo \\@ \\' @", "[Escaped, Word]");
        check("echo a#@ # @ '\n@", "[Word, Comment, Word]");
        check("cat <<EOF\nit's @\nEOF", "[HereDocument]");
        check(
            "cat <<<@ $(echo @ \"$(echo \"@\" @)@\" @)",
            "[Word, Word, Quoted, Word, Quoted, Word]",
        );
        check("echo \"${a:-\"b\"}\" @", "[Quoted]");
        check("echo \"${a:-b}\" @ $(case x in a) echo \"@\";; esac)", "[Quoted, Quoted]");
        check("echo \"a\\\"@\" @", "[Quoted, Word]");
        check("echo \"a", "\" without a second one");
        check("echo $'it\\'s' @", "[Word]");
        check("echo 'a", "' without a second one");
        check("case $x in a) echo @;; esac", "[Word]");
        check("", "[]");
    }

    #[test]
    fn rego_and_cel_take_nothing() {
        check(Language::Rego, "deny[msg] { x == @; msg := `}@` } # (", "[Never, Never]");
        check(Language::Rego, "a := \"}\\\"\"", "[]");
        check(Language::Rego, "deny[msg] { x == (1 }", "`}` after an open `(`");
        check(Language::Rego, "a := \"x\ny\"", "\" without a second one");
        check(Language::Rego, "}", "`}` without an opener");
        check(Language::Cel, "self.a.all(x, x in ['(', \"]\"]) // {", "[]");
        check(Language::Cel, r"r'\' + '''a'(''' + '\''", "[]");
        check(Language::Cel, "size(self.a", "`(` without its `)`");
        check(Language::Cel, "@ == 'a", "' without a second one");
    }

    #[test]
    fn any_text_is_one_word() {
        assert_eq!(shell_word("it's"), r"'it'\''s'");
        assert_eq!(shell_word("$(rm -rf /) `x` \"\\"), "'$(rm -rf /) `x` \"\\'");
        assert_eq!(shell_word(""), "''");
    }

    proptest! {
        #[test]
        fn any_program_is_read(program in r#"([()\[\]{}"'`\\#/\n@<$ ;r]|'''|a){0,40}"#) {
            for language in [Language::Shell, Language::Rego, Language::Cel] {
                let pieces = pieces(&program);
                let holes = pieces.iter().filter(|piece| **piece == Piece::Hole).count();
                if let Ok(spots) = scan_program(language, &pieces) {
                    prop_assert_eq!(spots.len(), holes);
                }
            }
        }
    }
}
