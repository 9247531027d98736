//! Queries of Prometheus: where the holes of a query stand, and so what fits them.

use super::pieces::{Item, Piece, Unbalanced, items, unbalanced};

/// What a text inside a query is written in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Quote {
    /// `"`, with escapes.
    Double,
    /// `'`, with escapes.
    Single,
    /// `` ` ``, without.
    Backtick,
}

impl Quote {
    /// The character.
    pub const fn as_char(self) -> char {
        match self {
            Self::Double => '"',
            Self::Single => '\'',
            Self::Backtick => '`',
        }
    }

    const fn of(c: char) -> Option<Self> {
        match c {
            '"' => Some(Self::Double),
            '\'' => Some(Self::Single),
            '`' => Some(Self::Backtick),
            _ => None,
        }
    }
}

/// How a label's value is compared.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Matcher {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    Regex,
    /// `!~`
    NotRegex,
}

/// Where a hole stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Position {
    /// The value of a label or a part of it; without a quote it is the whole value, and needs one.
    LabelValue {
        /// The operator before it.
        matcher: Matcher,
        /// The quotes around it.
        quote: Option<Quote>,
    },
    /// In a text that is no label's value.
    Text(Quote),
    /// A range, a step, or what `offset` takes.
    Duration,
    /// One of the labels of `by`, `without`, `on`, `ignoring`, `group_left` or `group_right`.
    LabelList,
    /// A number or a whole query.
    Operand,
    /// Where no value fits.
    Refused(Refusal),
}

/// Why no value fits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Refusal {
    /// It would be a metric's name.
    MetricName,
    /// It would be a function's name.
    FunctionName,
    /// It would be a label's name in a selector.
    LabelName,
    /// It touches a word or a number, of which it would become a part.
    PartOfWord,
    /// It follows a `\`, which would escape its first character.
    Escape,
    /// It is in a comment.
    Comment,
}

/// Where each hole of a query stands, in order. Reads words, quotes and brackets only: whether the
/// rest is a query is not asked here.
pub fn scan(pieces: &[Piece<'_>]) -> Result<Vec<Position>, Unbalanced> {
    let mut scanner = Scanner { items: items(pieces), ..Scanner::default() };
    scanner.run()?;
    Ok(scanner.holes)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    /// `(`
    Group,
    /// `(` after a word that takes labels.
    Labels,
    /// `[`
    Range,
    /// `{`
    Selector,
}

impl Bracket {
    const fn pair(self) -> (char, char) {
        match self {
            Self::Group | Self::Labels => ('(', ')'),
            Self::Range => ('[', ']'),
            Self::Selector => ('{', '}'),
        }
    }
}

#[derive(Default)]
struct Scanner {
    items: Vec<Item>,
    next: usize,
    open: Vec<(Bracket, Item)>,
    holes: Vec<Position>,
    /// The operator since the last comma of a selector.
    matcher: Option<Matcher>,
    /// The last token was a word that takes labels.
    takes_labels: bool,
    /// The last token was `offset`, maybe with a sign.
    after_offset: bool,
}

impl Scanner {
    fn peek(&self) -> Option<Item> {
        self.items.get(self.next).copied()
    }

    fn char_at(&self, index: usize) -> Option<char> {
        self.items.get(index)?.char
    }

    fn inside(&self) -> Option<Bracket> {
        self.open.last().map(|(bracket, _)| *bracket)
    }

    fn run(&mut self) -> Result<(), Unbalanced> {
        while let Some(item) = self.peek() {
            let start = self.next;
            self.next += 1;
            let Some(c) = item.char else {
                let position = self.bare_hole(start);
                self.holes.push(position);
                self.end_token();
                continue;
            };
            if c == '#' {
                self.comment();
            } else if let Some(quote) = Quote::of(c) {
                self.quoted(quote, item)?;
                self.end_token();
            } else if self.is_word(c) {
                self.word(start);
            } else if !c.is_whitespace() {
                self.sign(c, item)?;
            }
        }
        match self.open.last() {
            Some(&(bracket, item)) => {
                let (opener, closer) = bracket.pair();
                Err(unbalanced(
                    item,
                    format!("`{opener}` without its `{closer}`"),
                    format!("a `{closer}` later in the query"),
                ))
            }
            None => Ok(()),
        }
    }

    fn end_token(&mut self) {
        self.takes_labels = false;
        self.after_offset = false;
    }

    /// Whether a character belongs to words and numbers here.
    fn is_word(&self, c: char) -> bool {
        c.is_alphanumeric()
            || matches!(c, '_' | '.')
            || (c == ':' && self.inside() != Some(Bracket::Range))
    }

    fn comment(&mut self) {
        while let Some(item) = self.peek() {
            self.next += 1;
            match item.char {
                Some('\n') => return,
                Some(_) => {}
                None => self.holes.push(Position::Refused(Refusal::Comment)),
            }
        }
    }

    fn word(&mut self, start: usize) {
        let mut word = String::new();
        self.next = start;
        while let Some(c) = self.peek().and_then(|item| item.char).filter(|&c| self.is_word(c)) {
            // Keywords are ASCII in either case.
            word.push(c.to_ascii_lowercase());
            self.next += 1;
        }
        self.takes_labels = matches!(
            word.as_str(),
            "by" | "without" | "on" | "ignoring" | "group_left" | "group_right"
        );
        self.after_offset = word == "offset";
    }

    fn sign(&mut self, c: char, item: Item) -> Result<(), Unbalanced> {
        let takes_labels = self.takes_labels;
        let after_offset = self.after_offset;
        self.end_token();
        match c {
            '(' => {
                let bracket = if takes_labels { Bracket::Labels } else { Bracket::Group };
                self.open.push((bracket, item));
            }
            '[' => self.open.push((Bracket::Range, item)),
            '{' => {
                self.matcher = None;
                self.open.push((Bracket::Selector, item));
            }
            ')' | ']' | '}' => self.close(c, item)?,
            '+' | '-' => self.after_offset = after_offset,
            ',' => self.matcher = None,
            '=' | '!' if self.inside() == Some(Bracket::Selector) => {
                let second = self.char_at(self.next).filter(|c| matches!(c, '=' | '~'));
                self.next += usize::from(second.is_some());
                self.matcher = Some(match (c, second) {
                    ('!', Some('~')) => Matcher::NotRegex,
                    ('!', _) => Matcher::NotEqual,
                    (_, Some('~')) => Matcher::Regex,
                    _ => Matcher::Equal,
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, c: char, item: Item) -> Result<(), Unbalanced> {
        match self.open.pop() {
            Some((bracket, _)) if bracket.pair().1 == c => Ok(()),
            Some((bracket, _)) => {
                let (opener, closer) = bracket.pair();
                Err(unbalanced(
                    item,
                    format!("`{c}` after an open `{opener}`"),
                    format!("the `{closer}` of that `{opener}` first"),
                ))
            }
            None => {
                let opener = match c {
                    ')' => '(',
                    ']' => '[',
                    _ => '{',
                };
                Err(unbalanced(
                    item,
                    format!("`{c}` without its `{opener}`"),
                    format!("a `{opener}` before it"),
                ))
            }
        }
    }

    fn quoted(&mut self, quote: Quote, opener: Item) -> Result<(), Unbalanced> {
        let position = match (self.inside(), self.matcher) {
            (Some(Bracket::Selector), Some(matcher)) => {
                Position::LabelValue { matcher, quote: Some(quote) }
            }
            (Some(Bracket::Selector | Bracket::Labels), _) => Position::Refused(Refusal::LabelName),
            (Some(Bracket::Group | Bracket::Range) | None, _) => Position::Text(quote),
        };
        let mut escaped = false;
        while let Some(item) = self.peek() {
            self.next += 1;
            match item.char {
                None if escaped => self.holes.push(Position::Refused(Refusal::Escape)),
                None => self.holes.push(position),
                Some('\n') if quote != Quote::Backtick => break,
                Some(c) if c == quote.as_char() && !escaped => return Ok(()),
                Some('\\') if quote != Quote::Backtick && !escaped => {
                    escaped = true;
                    continue;
                }
                Some(_) => {}
            }
            escaped = false;
        }
        let mark = quote.as_char();
        Err(unbalanced(
            opener,
            format!("{mark} without a second one"),
            if quote == Quote::Backtick {
                "the same mark at the text's end".to_owned()
            } else {
                "the same mark at the text's end, on its line".to_owned()
            },
        ))
    }

    /// A hole outside of texts.
    fn bare_hole(&self, index: usize) -> Position {
        let touches = |neighbour: Option<&Item>| match neighbour {
            Some(Item { char: Some(c), .. }) => self.is_word(*c),
            Some(Item { char: None, .. }) => true,
            None => false,
        };
        let before = index.checked_sub(1).and_then(|before| self.items.get(before));
        if touches(before) || touches(self.items.get(index + 1)) {
            return Position::Refused(Refusal::PartOfWord);
        }
        match (self.inside(), self.matcher) {
            (Some(Bracket::Labels), _) => Position::LabelList,
            (Some(Bracket::Range), _) => Position::Duration,
            (Some(Bracket::Selector), Some(matcher)) => {
                Position::LabelValue { matcher, quote: None }
            }
            (Some(Bracket::Selector), None) => Position::Refused(Refusal::LabelName),
            (Some(Bracket::Group) | None, _) if self.after_offset => Position::Duration,
            (Some(Bracket::Group) | None, _) => self.operand(index + 1),
        }
    }

    /// What stands before item `next`, by what follows.
    fn operand(&self, next: usize) -> Position {
        let mut after = self.items.iter().skip(next).filter_map(|item| item.char);
        match after.find(|c| !c.is_whitespace()) {
            Some('{') => Position::Refused(Refusal::MetricName),
            Some('(') => Position::Refused(Refusal::FunctionName),
            // Only a subquery, which has a `:`, may follow a whole query.
            Some('[') if !after.take_while(|&c| c != ']').any(|c| c == ':') => {
                Position::Refused(Refusal::MetricName)
            }
            Some(_) | None => Position::Operand,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pieces::Piece;
    use super::scan;
    use proptest::prelude::*;

    /// The pieces of a query in which each `$` is a hole.
    fn pieces(query: &str) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        for (index, text) in query.split('$').enumerate() {
            if index > 0 {
                pieces.push(Piece::Hole);
            }
            pieces.push(Piece::Text(text));
        }
        pieces
    }

    /// The position of each hole, in words.
    fn check<T: AsRef<str>>(query: &str, expected: &[T]) {
        let found = scan(&pieces(query)).unwrap_or_else(|error| panic!("{query}: {error:?}"));
        let found: Vec<String> = found.iter().map(|position| format!("{position:?}")).collect();
        let expected: Vec<&str> = expected.iter().map(AsRef::as_ref).collect();
        assert_eq!(found, expected, "{query}");
    }

    fn refuse(query: &str, at: (usize, &str), found: &str) {
        let pieces = pieces(query);
        let error = scan(&pieces).expect_err(query);
        let Piece::Text(text) = pieces[error.piece] else { panic!("{query}: {error:?}") };
        assert_eq!((error.piece, error.error.at.of(text)), at, "{query}");
        assert_eq!(error.error.found, found, "{query}");
    }

    #[test]
    fn values_of_labels() {
        let value = |matcher: &str, quote: &str| {
            format!("LabelValue {{ matcher: {matcher}, quote: {quote} }}")
        };
        check(r#"up{job="$"}"#, &[value("Equal", "Some(Double)")]);
        check(r"up{job!='web-$'}", &[value("NotEqual", "Some(Single)")]);
        check(
            r"up{job=~`$|$`}",
            &[value("Regex", "Some(Backtick)"), value("Regex", "Some(Backtick)")],
        );
        check(r#"up{job = ~ "$"}"#, &[value("Equal", "Some(Double)")]);
        check(
            r#"up{job !~"$", a="b",c=$}"#,
            &[value("NotRegex", "Some(Double)"), value("Equal", "None")],
        );
        check(r#"{job="a\"$"}"#, &[value("Equal", "Some(Double)")]);
        check(r#"{job="a", $="b"}"#, &["Refused(LabelName)"]);
        check(r#"{"$"="b"}"#, &["Refused(LabelName)"]);
        check(r#"{job="\$"}"#, &["Refused(Escape)"]);
        check(r#"label_replace(up, "a", "$", "b", "")"#, &["Text(Double)"]);
    }

    #[test]
    fn durations() {
        check("rate(x[$])", &["Duration"]);
        check("max_over_time(x[$:$])", &["Duration", "Duration"]);
        check("x offset $ + y offset -$", &["Duration", "Duration"]);
        check("x OFFSET\n$", &["Duration"]);
        check("x[$m]", &["Refused(PartOfWord)"]);
        check("x[1h$]", &["Refused(PartOfWord)"]);
        check("x offset 5m > $", &["Operand"]);
        check("x @ $", &["Operand"]);
    }

    #[test]
    fn labels_operands_and_names() {
        check("sum by ($) (x)", &["LabelList"]);
        check("sum BY(job, $)(x) / on ($) group_left($) y", &["LabelList"; 3]);
        check(r#"sum by ("$") (x)"#, &["Refused(LabelName)"]);
        check("sum without (job) ($)", &["Operand"]);
        check("x > $", &["Operand"]);
        check("($) / 100 * $", &["Operand", "Operand"]);
        check("$", &["Operand"]);
        check("clamp_max(x, $)", &["Operand"]);
        check("max_over_time($[1h:5m])", &["Operand"]);
        check("rate($[5m])", &["Refused(MetricName)"]);
        check(r#"$ {job="a"}"#, &["Refused(MetricName)"]);
        check("$(x)", &["Refused(FunctionName)"]);
        check("node_$_total", &["Refused(PartOfWord)"]);
        check("job:$", &["Refused(PartOfWord)"]);
        check("x > $$", &["Refused(PartOfWord)", "Refused(PartOfWord)"]);
        check("x > 5$", &["Refused(PartOfWord)"]);
        check("x # more than $ of \"them\n > $", &["Refused(Comment)", "Operand"]);
        check::<&str>("", &[]);
    }

    #[test]
    fn what_is_not_closed() {
        refuse("sum(rate(x[5m])", (0, "("), "`(` without its `)`");
        refuse("x > $)", (2, ")"), "`)` without its `(`");
        refuse("rate(x[5m)", (0, ")"), "`)` after an open `[`");
        refuse("x{a=\"$}", (0, "\""), "\" without a second one");
        refuse("x{a='b\n'}", (0, "'"), "' without a second one");
        refuse("x{a=`b\n", (0, "`"), "` without a second one");
        refuse("$]", (2, "]"), "`]` without its `[`");
        check::<&str>("x{a=`b\n`}", &[]);
        check::<&str>(r#"x{a="(["}"#, &[]);
    }

    proptest! {
        #[test]
        fn every_hole_has_a_position_or_a_place_is_named(
            query in r#"[a-z$ (){}\[\]"'`\\=~!,:#\n5-]{0,40}"#
        ) {
            let pieces = pieces(&query);
            match scan(&pieces) {
                Ok(holes) => prop_assert_eq!(holes.len(), query.matches('$').count()),
                Err(error) => {
                    let Piece::Text(text) = pieces[error.piece] else { panic!("{error:?}") };
                    prop_assert_eq!(error.error.at.of(text).chars().count(), 1);
                }
            }
        }
    }
}
