//! Text literals: pieces, escapes, holes, margins.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a match names the rules that its place of the grammar allows, of some two hundred"
)]

use pest::iterators::Pair;

use super::errors;
use super::lower::{Lower, Walk, count, extend, offset};
use super::parse::Rule;
use super::{Expr, Extent, Name, Sym, Text, TextForm, TextId, TextPart};

/// Every rule of a text literal.
pub(super) const TEXTS: [Rule; 7] = [
    Rule::quoted,
    Rule::block_text,
    Rule::raw,
    Rule::fence,
    Rule::hash_quoted,
    Rule::hash_raw,
    Rule::hash_fence,
];

/// Where the content of a text stands, and what each of its lines starts with.
struct Frame {
    form: TextForm,
    content: Extent,
    /// Indentation that is not part of the lines; `None` where a text has one line.
    margin: Option<Extent>,
}

impl Lower<'_> {
    /// Adds a text literal.
    pub(super) fn text(&mut self, pair: Pair<'_, Rule>) -> TextId {
        let at = self.at(&pair);
        let frame = self.frame(pair.as_rule(), at);
        let mut language = Sym::EMPTY;
        let mut parts = Vec::new();
        let mut from = frame.content.start;
        let mut line_start = true;
        let mut walk = Walk::of(pair);
        while let Some(token) = walk.next() {
            let token_at = self.at(&token);
            match token.as_rule() {
                Rule::language => language = Sym::new(token.as_str()),
                Rule::escape => {
                    self.gap(&frame, from, token_at.start, &mut line_start, &mut parts);
                    line_start = false;
                    from = token_at.end;
                    parts.push(self.escape(token.as_str(), token_at));
                }
                _ => {
                    self.gap(&frame, from, token_at.start, &mut line_start, &mut parts);
                    line_start = false;
                    from = token_at.end;
                    let value = match Walk::of(token).take(Rule::expr) {
                        Some(expr) => self.expression(expr),
                        None => self.expr(Expr::Error, token_at),
                    };
                    parts.push(TextPart::Hole(value));
                }
            }
        }
        self.gap(&frame, from, frame.content.end, &mut line_start, &mut parts);
        let parts = extend(&mut self.tree.parts, &parts);
        let id = TextId(count(self.tree.texts.len()));
        self.tree.texts.push(Text { at, form: frame.form, language, parts });
        id
    }

    /// A text literal as a name, if it holds none but plain characters and escapes.
    pub(super) fn quoted_name(&mut self, pair: Pair<'_, Rule>) -> Result<Name, TextId> {
        let at = self.at(&pair);
        if pair.clone().into_inner().any(|token| token.as_rule() == Rule::hole) {
            return Err(self.text(pair));
        }
        let source = pair.as_str();
        let inner = source.get(1..source.len().saturating_sub(1)).unwrap_or("");
        if !inner.contains('\\') {
            return Ok(Name { sym: Sym::new(inner), at });
        }
        let mut spelled = String::new();
        let mut from = at.start + 1;
        let mut walk = Walk::of(pair);
        while let Some(token) = walk.next() {
            let token_at = self.at(&token);
            spelled.push_str(Extent::new(from, token_at.start).of(self.text));
            if let TextPart::Escape(char, _) = self.escape(token.as_str(), token_at) {
                spelled.push(char);
            }
            from = token_at.end;
        }
        spelled.push_str(Extent::new(from, at.end - 1).of(self.text));
        Ok(Name { sym: Sym::new(&spelled), at })
    }

    fn frame(&self, rule: Rule, at: Extent) -> Frame {
        let one_line = |form, open: u32, close: u32| Frame {
            form,
            content: Extent::new(at.start + open, at.end - close),
            margin: None,
        };
        match rule {
            Rule::block_text => self.lines(TextForm::Block, at, 3),
            Rule::fence => {
                let ticks = at.of(self.text).bytes().take_while(|&byte| byte == b'`').count();
                self.lines(TextForm::Fence, at, offset(ticks))
            }
            Rule::hash_fence => self.lines(TextForm::HashFence, at, 4),
            Rule::hash_quoted => one_line(TextForm::HashQuoted, 2, 2),
            Rule::hash_raw => one_line(TextForm::HashRaw, 2, 2),
            Rule::raw => one_line(TextForm::Raw, 1, 1),
            _ => one_line(TextForm::Quoted, 1, 1),
        }
    }

    /// The frame of a text that holds lines and is closed by `close` bytes.
    fn lines(&self, form: TextForm, at: Extent, close: u32) -> Frame {
        let source = at.of(self.text);
        let opener = source.find('\n').unwrap_or(source.len());
        let closer = source.len().saturating_sub(close as usize);
        let head = source.get(..closer).unwrap_or("");
        let last = head.rfind('\n').unwrap_or(closer);
        let end = if head.get(..last).is_some_and(|text| text.ends_with('\r')) {
            last.saturating_sub(1)
        } else {
            last
        };
        let start = (opener + 1).min(source.len());
        Frame {
            form,
            content: Extent::new(at.start + offset(start), at.start + offset(end.max(start))),
            margin: Some(Extent::new(
                at.start + offset((last + 1).min(closer)),
                at.start + offset(closer),
            )),
        }
    }

    /// The verbatim pieces of `from..to`: one a line, without margins and carriage returns.
    fn gap(
        &mut self,
        frame: &Frame,
        from: u32,
        to: u32,
        line_start: &mut bool,
        parts: &mut Vec<TextPart>,
    ) {
        let Some(margin) = frame.margin else {
            if from < to {
                parts.push(TextPart::Verbatim(Extent::new(from, to)));
            }
            return;
        };
        let mut at = from;
        while at < to {
            let rest = Extent::new(at, to).of(self.text);
            let line = rest.find('\n').map_or(rest, |end| rest.get(..=end).unwrap_or(rest));
            let next = at + offset(line.len());
            let start = if *line_start { at + self.margin_of(line, margin, at) } else { at };
            *line_start = line.ends_with('\n');
            if let Some(body) = line.strip_suffix("\r\n") {
                let carriage = at + offset(body.len());
                push_verbatim(parts, start, carriage);
                push_verbatim(parts, carriage + 1, next);
            } else {
                push_verbatim(parts, start, next);
            }
            at = next;
        }
    }

    /// How many bytes of `line` are margin.
    fn margin_of(&mut self, line: &str, margin: Extent, at: u32) -> u32 {
        let wanted = margin.of(self.text);
        let shared = line.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count();
        if shared < wanted.len() && !line.trim().is_empty() {
            let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
            let place = self.span(Extent::new(at, at + offset(indentation.max(1))));
            let closer = self.span(margin);
            self.report(errors::margin(place, closer));
        }
        offset(shared)
    }

    fn escape(&mut self, source: &str, at: Extent) -> TextPart {
        let char = match source.as_bytes().get(1) {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'u') => {
                let digits = source.get(3..source.len().saturating_sub(1)).unwrap_or("");
                let point = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
                point.unwrap_or_else(|| {
                    let span = self.span(at);
                    self.report(errors::no_character(span, digits));
                    char::REPLACEMENT_CHARACTER
                })
            }
            Some(&byte) => char::from(byte),
            None => '\\',
        };
        TextPart::Escape(char, at)
    }
}

fn push_verbatim(parts: &mut Vec<TextPart>, start: u32, end: u32) {
    if start < end {
        parts.push(TextPart::Verbatim(Extent::new(start, end)));
    }
}

#[cfg(test)]
mod tests {
    use crate::source::FileId;
    use crate::syntax::{Grain, TextForm, TextPart, parse};

    /// The pieces of the first text of `let a = source`: verbatim as they are, escapes as characters, holes as `<..>`.
    fn check(source: &str, form: TextForm, pieces: &[&str]) {
        let text = format!("let a = {source}\n");
        let parsed = parse(FileId(0), &text, Grain::Chunks);
        assert!(parsed.sink.is_empty(), "{source}: {:?}", parsed.sink);
        let tree = &parsed.trees[0].tree;
        let literal = tree.texts.last().unwrap();
        assert_eq!(literal.form, form);
        let shown: Vec<String> = tree
            .parts_of(literal.parts)
            .iter()
            .map(|part| match *part {
                TextPart::Verbatim(at) => at.of(&text).to_owned(),
                TextPart::Escape(char, _) => char.to_string(),
                TextPart::Hole(id) => format!("<{}>", tree.expr_extent(id).of(&text)),
            })
            .collect();
        assert_eq!(shown, pieces, "{source}");
    }

    #[test]
    fn one_line_texts() {
        check(r#""""#, TextForm::Quoted, &[]);
        check(
            r#""a\n\u{1F600}b\(c + 1)""#,
            TextForm::Quoted,
            &["a", "\n", "\u{1F600}", "b", "<c + 1>"],
        );
        check(r"`a\d\\(b)\(c)`", TextForm::Raw, &[r"a\d\\(b)", "<c>"]);
        check(r##"#"a \(b) "c" \#(d)"#"##, TextForm::HashQuoted, &[r#"a \(b) "c" "#, "<d>"]);
        check(r"#`a\(b)\#(c)`#", TextForm::HashRaw, &[r"a\(b)", "<c>"]);
    }

    #[test]
    fn lines_lose_their_margin_and_the_last_its_end() {
        check(
            "\"\"\"\n  a\n    b\n\n  c\\(d)\n  \"\"\"",
            TextForm::Block,
            &["a\n", "  b\n", "\n", "c", "<d>"],
        );
        check("```sql\n\ta\n\t```", TextForm::Fence, &["a"]);
        check("````\n  ```\n  ````", TextForm::Fence, &["```"]);
        check("#```\n  \\(a) \\#(b)\n  ```#", TextForm::HashFence, &["\\(a) ", "<b>"]);
        check("\"\"\"\n  \"\"\"", TextForm::Block, &[]);
        check("\"\"\"\r\n  a\r\n  b\r\n  \"\"\"", TextForm::Block, &["a", "\n", "b"]);
    }
}
