//! Which labels the series of a query have, where that can be told without knowing any metric.
//!
//! An aggregation says itself which labels it keeps, and a comparison or sum with a plain number changes none. All
//! else is open: a selector has the labels that its metric has, and `or` those of either side.

use super::text::extent;
use crate::source::Extent;

/// The labels of every series that a query yields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Labels {
    /// Their names, in the order written. No other label is there.
    pub names: Vec<String>,
    /// What keeps only these: `by (instance)`, or the word of an aggregation without a grouping.
    pub at: Extent,
}

/// The labels that a query yields; none where they depend on more than its text.
pub fn labels(query: &str) -> Option<Labels> {
    let tokens = tokens(query)?;
    let mut reader = Reader { query, tokens: &tokens, next: 0, depth: 0 };
    let found = reader.operation()?;
    match found {
        Operand::Known(labels) if reader.next == tokens.len() => Some(labels),
        Operand::Known(_) | Operand::Number => None,
    }
}

/// Aggregations whose result has the labels of their grouping, and no others. `topk` and its like keep all labels of
/// what they choose from, and `count_values` makes one.
const AGGREGATIONS: &[&str] =
    &["sum", "min", "max", "avg", "count", "group", "stddev", "stdvar", "quantile"];

/// How many parentheses and signs may lie around an operand; what is deeper is open.
const MOST_NESTED: u32 = 64;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Word,
    Number,
    Text,
    Sign,
}

#[derive(Clone, Copy, Debug)]
struct Token {
    kind: Kind,
    start: usize,
    end: usize,
}

/// The tokens of a query; none where a text in it does not end.
fn tokens(query: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let bytes = query.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let kind = match byte {
            b'#' => {
                at = query.get(at..)?.find('\n').map_or(bytes.len(), |line| at + line + 1);
                continue;
            }
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'"' | b'\'' | b'`' => {
                at += 1;
                loop {
                    match *bytes.get(at)? {
                        b'\\' if byte != b'`' => at += 2,
                        found => {
                            at += 1;
                            if found == byte {
                                break;
                            }
                        }
                    }
                }
                Kind::Text
            }
            b'0'..=b'9' | b'.' => {
                while bytes.get(at).is_some_and(|byte| is_word(*byte) || *byte == b'.') {
                    let exponent = matches!(bytes.get(at), Some(b'e' | b'E'))
                        && !query.get(start..at)?.starts_with("0x");
                    at += 1;
                    if exponent && matches!(bytes.get(at), Some(b'+' | b'-')) {
                        at += 1;
                    }
                }
                Kind::Number
            }
            byte if is_word(byte) => {
                while bytes.get(at).is_some_and(|byte| is_word(*byte)) {
                    at += 1;
                }
                let word = query.get(start..at)?;
                let is_number = ["inf", "nan"].iter().any(|one| word.eq_ignore_ascii_case(one));
                if is_number { Kind::Number } else { Kind::Word }
            }
            b'=' | b'!' | b'<' | b'>' => {
                at += if bytes.get(at + 1) == Some(&b'=') { 2 } else { 1 };
                Kind::Sign
            }
            byte if byte.is_ascii() => {
                at += 1;
                Kind::Sign
            }
            _ => return None,
        };
        tokens.push(Token { kind, start, end: at });
    }
    Some(tokens)
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':')
}

enum Operand {
    Number,
    Known(Labels),
}

struct Reader<'a> {
    query: &'a str,
    tokens: &'a [Token],
    next: usize,
    depth: u32,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.next).copied()
    }

    fn text(&self, token: Token) -> &'a str {
        self.query.get(token.start..token.end).unwrap_or("")
    }

    /// The next token if it is this sign or word.
    fn take(&mut self, wanted: &str) -> Option<Token> {
        let token = self.peek()?;
        if token.kind == Kind::Text || !self.text(token).eq_ignore_ascii_case(wanted) {
            return None;
        }
        self.next += 1;
        Some(token)
    }

    /// Operands and operators: all but one operand are numbers.
    fn operation(&mut self) -> Option<Operand> {
        let mut found = self.operand()?;
        loop {
            let operator = self.peek().map(|token| self.text(token));
            match operator {
                Some("+" | "-" | "*" | "/" | "%" | "^" | "==" | "!=" | "<" | ">" | "<=" | ">=") => {
                    self.next += 1;
                    self.take("bool");
                }
                _ => return Some(found),
            }
            found = match (found, self.operand()?) {
                (Operand::Number, other) | (other, Operand::Number) => other,
                // Which labels two aggregations have together depends on how they match.
                (Operand::Known(_), Operand::Known(_)) => return None,
            };
        }
    }

    fn operand(&mut self) -> Option<Operand> {
        while self.take("-").or_else(|| self.take("+")).is_some() {}
        let token = self.peek()?;
        match token.kind {
            Kind::Number => {
                self.next += 1;
                Some(Operand::Number)
            }
            Kind::Sign if self.text(token) == "(" => {
                self.depth += 1;
                if self.depth > MOST_NESTED {
                    return None;
                }
                self.next += 1;
                let inner = self.operation()?;
                self.take(")")?;
                self.depth -= 1;
                Some(inner)
            }
            Kind::Word => self.aggregation(token).map(Operand::Known),
            Kind::Sign | Kind::Text => None,
        }
    }

    fn aggregation(&mut self, word: Token) -> Option<Labels> {
        let name = self.text(word);
        if !AGGREGATIONS.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            return None;
        }
        self.next += 1;
        let before = self.grouping()?;
        self.arguments()?;
        let after = if before.is_some() { None } else { self.grouping()? };
        Some(
            before
                .or(after)
                .unwrap_or(Labels { names: Vec::new(), at: extent(word.start, word.end) }),
        )
    }

    /// `by (a, b)`; an inner none where there is no grouping.
    #[expect(clippy::option_option, reason = "what is unreadable, and what is not there")]
    fn grouping(&mut self) -> Option<Option<Labels>> {
        if self.peek().is_some_and(|token| self.text(token).eq_ignore_ascii_case("without")) {
            return None;
        }
        let Some(by) = self.take("by") else { return Some(None) };
        self.take("(")?;
        let mut names = Vec::new();
        loop {
            if let Some(close) = self.take(")") {
                return Some(Some(Labels { names, at: extent(by.start, close.end) }));
            }
            let token = self.peek()?;
            self.next += 1;
            let text = self.text(token);
            names.push(match token.kind {
                Kind::Word => text.to_owned(),
                Kind::Text if !text.contains('\\') => text.get(1..text.len() - 1)?.to_owned(),
                Kind::Text | Kind::Number | Kind::Sign => return None,
            });
            if self.take(",").is_none() && self.peek().map(|token| self.text(token)) != Some(")") {
                return None;
            }
        }
    }

    /// What stands in the parentheses of an aggregation, whatever it is.
    fn arguments(&mut self) -> Option<()> {
        self.take("(")?;
        let mut open = 1;
        while open > 0 {
            let token = self.peek()?;
            self.next += 1;
            if token.kind == Kind::Sign {
                match self.text(token) {
                    "(" => open += 1,
                    ")" => open -= 1,
                    _ => {}
                }
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::labels;
    use proptest::prelude::*;

    /// The labels that a query yields, and what keeps them.
    fn check(query: &str, expected: Option<(&str, &str)>) {
        let found = labels(query);
        let found = found.as_ref().map(|found| (found.names.join(","), found.at.of(query)));
        let found = found.as_ref().map(|(names, at)| (names.as_str(), *at));
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn aggregations_say_what_they_keep() {
        check("sum by (instance) (up) == 0", Some(("instance", "by (instance)")));
        check("sum(up) by (a, b,)", Some(("a,b", "by (a, b,)")));
        check("SUM BY(a)(rate(x[5m])) > BOOL 0.5", Some(("a", "BY(a)")));
        check("count(up)", Some(("", "count")));
        check("100 * (1 - avg by (node) (x{a=\")\"}))", Some(("node", "by (node)")));
        check("1e-3 < quantile by (\"a.b\") (0.9, x)", Some(("a.b", "by (\"a.b\")")));
        check("(sum by () (up)) # by (b)\n / 2 ^ -1", Some(("", "by ()")));
        check("max by (a) (topk(3, x)) == Inf", Some(("a", "by (a)")));
    }

    #[test]
    fn everything_else_is_open() {
        for query in [
            "up",
            "up == 0",
            "sum without (a) (up)",
            "sum(up) without (a)",
            "topk by (a) (3, up)",
            "count_values by (a) (\"b\", up)",
            "sum by (a) (x) / sum by (a) (y)",
            "sum by (a) (x) or up",
            "sum by (a) (x) and up",
            "sum by (a) (x)[5m:1m]",
            "sum by (a) (x) offset 5m",
            "label_replace(sum by (a) (x), \"b\", \"\", \"\", \"\")",
            "absent(up)",
            "rate(up[5m])",
            "1 == 1",
            "sum",
            "sum by (a",
            "sum by (a) (x",
            "sum by (a b) (x)",
            "sum(x) \"",
            "(sum(x)",
            "",
        ] {
            check(query, None);
        }
        check(&format!("{}sum(x){}", "(".repeat(5_000), ")".repeat(5_000)), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read(query in r#"(sum|by|without|[(),\[\]{}"'`\\#\n =<>-]|up|[0-9]{1,3}|é){0,40}"#) {
            if let Some(found) = labels(&query) {
                prop_assert!(!found.at.of(&query).is_empty());
            }
        }
    }
}
