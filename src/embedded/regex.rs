//! Regular expressions of RE2, which Prometheus and Kubernetes read.

use regex_syntax::ast::parse::ParserBuilder;
use regex_syntax::ast::{
    self, AssertionKind, Ast, ClassSet, ClassSetItem, ClassUnicodeKind, ErrorKind, Flag,
    FlagsItemKind, GroupKind, HexLiteralKind, LiteralKind, RepetitionKind, RepetitionRange,
    Visitor,
};
use regex_syntax::hir;

use super::text::{TextError, extent};

/// A regular expression that RE2 takes and that means the same there. Whether it must match the
/// whole text is up to who uses it.
pub fn check(text: &str) -> Result<(), TextError> {
    read(text).map_err(|error| error.only_right(text, |mended| read(mended).is_ok()))
}

fn read(text: &str) -> Result<(), TextError> {
    let tree = ParserBuilder::new()
        .octal(false)
        .build()
        .parse(text)
        .map_err(|error| malformed(text, &error))?;
    ast::visit(&tree, Subset { most: vec![1000] })?;
    hir::translate::Translator::new().translate(text, &tree).map(drop).map_err(|error| {
        let at = place(error.span());
        TextError::new(at, "an unknown class", "a class that Unicode knows: `\\pL`, `\\p{Greek}`")
    })
}

fn place(span: &ast::Span) -> crate::source::Extent {
    extent(span.start.offset, span.end.offset)
}

fn malformed(text: &str, error: &ast::Error) -> TextError {
    let mut at = place(error.span());
    if at.is_empty() && *error.kind() == ErrorKind::RepetitionMissing {
        // The operator itself is one byte.
        at = extent(at.start as usize, (at.start as usize + 1).min(text.len()));
    }
    let (found, expected) = match error.kind() {
        ErrorKind::UnsupportedLookAround => (
            "a look-around",
            "an expression that matches what is to be found itself: RE2 cannot look ahead or back",
        ),
        ErrorKind::UnsupportedBackreference => {
            ("a back-reference", "an expression without `\\1`: RE2 does not remember what matched")
        }
        ErrorKind::GroupUnclosed => {
            ("`(` without its `)`", "`)`, or `\\(` for the character itself")
        }
        ErrorKind::GroupUnopened => {
            ("`)` without its `(`", "`(`, or `\\)` for the character itself")
        }
        ErrorKind::ClassUnclosed => {
            ("`[` without its `]`", "`]`, or `\\[` for the character itself")
        }
        ErrorKind::ClassRangeInvalid => {
            ("a range that runs backwards", "the smaller character first: `[a-z]`")
        }
        ErrorKind::ClassRangeLiteral | ErrorKind::ClassEscapeInvalid => {
            ("no character of a class", "one character; `\\-` is the hyphen itself")
        }
        ErrorKind::RepetitionMissing => {
            ("nothing to repeat", "an expression before it, or a `\\` for the character itself")
        }
        ErrorKind::RepetitionCountInvalid => {
            ("a count that runs backwards", "the smaller number first: `{2,5}`")
        }
        ErrorKind::RepetitionCountUnclosed
        | ErrorKind::RepetitionCountDecimalEmpty
        | ErrorKind::DecimalEmpty
        | ErrorKind::DecimalInvalid => {
            ("no count", "`{2}`, `{2,}` or `{2,5}`; `\\{` is the character itself")
        }
        ErrorKind::EscapeUnrecognized | ErrorKind::EscapeUnexpectedEof => (
            "no escape",
            "`\\` before a sign, or one of `\\d \\w \\s \\b \\t \\n`; `\\\\` is itself",
        ),
        ErrorKind::EscapeHexEmpty
        | ErrorKind::EscapeHexInvalid
        | ErrorKind::EscapeHexInvalidDigit => ("no character's number", "`\\x7F` or `\\x{10FFFF}`"),
        ErrorKind::FlagUnrecognized
        | ErrorKind::FlagUnexpectedEof
        | ErrorKind::FlagDanglingNegation
        | ErrorKind::FlagDuplicate { .. }
        | ErrorKind::FlagRepeatedNegation { .. } => {
            ("no flag", "`(?:` for a group, or flags of `i m s U`, each once")
        }
        ErrorKind::GroupNameDuplicate { .. } => ("a second group of this name", "another name"),
        ErrorKind::GroupNameEmpty
        | ErrorKind::GroupNameInvalid
        | ErrorKind::GroupNameUnexpectedEof => {
            ("no group's name", "`(?P<name>`, with letters, digits and `_`")
        }
        ErrorKind::NestLimitExceeded(_) | ErrorKind::CaptureLimitExceeded => {
            ("too many groups", "fewer groups inside one another")
        }
        ErrorKind::UnicodeClassInvalid => {
            ("an unknown class", "a class that Unicode knows: `\\pL`, `\\p{Greek}`")
        }
        ErrorKind::SpecialWordBoundaryUnclosed
        | ErrorKind::SpecialWordBoundaryUnrecognized
        | ErrorKind::SpecialWordOrRepetitionUnexpectedEof => {
            ("no boundary", "`\\b`, and nothing in braces after it")
        }
        _ => ("no regular expression", "what RE2 takes"),
    };
    let error_at = TextError::new(at, found, expected);
    let is_sign = matches!(
        error.kind(),
        ErrorKind::GroupUnclosed
            | ErrorKind::GroupUnopened
            | ErrorKind::ClassUnclosed
            | ErrorKind::RepetitionMissing
    );
    match at.of(text).chars().next().filter(|_| is_sign) {
        Some(sign) => {
            let start = at.start as usize;
            error_at.suggest(extent(start, start + sign.len_utf8()), format!("\\{sign}"))
        }
        None => error_at,
    }
}

/// Refuses what this parser reads and RE2 does not, or reads otherwise.
struct Subset {
    /// How often may be repeated what is inside the repetitions around.
    most: Vec<u32>,
}

impl Subset {
    fn flags(flags: &ast::Flags) -> Result<(), TextError> {
        for item in &flags.items {
            match item.kind {
                FlagsItemKind::Negation
                | FlagsItemKind::Flag(
                    Flag::CaseInsensitive
                    | Flag::MultiLine
                    | Flag::DotMatchesNewLine
                    | Flag::SwapGreed,
                ) => {}
                FlagsItemKind::Flag(Flag::Unicode | Flag::CRLF | Flag::IgnoreWhitespace) => {
                    return Err(TextError::new(
                        place(&item.span),
                        "no flag of RE2",
                        "flags of `i m s U`",
                    ));
                }
            }
        }
        Ok(())
    }

    fn literal(literal: &ast::Literal) -> Result<(), TextError> {
        match &literal.kind {
            LiteralKind::HexBrace(HexLiteralKind::X) | LiteralKind::HexFixed(HexLiteralKind::X) => {
                Ok(())
            }
            LiteralKind::HexBrace(_) | LiteralKind::HexFixed(_) => {
                let number = u32::from(literal.c);
                let at = place(&literal.span);
                Err(TextError::new(at, "no escape of RE2", "`\\x{..}`")
                    .suggest(at, format!("\\x{{{number:X}}}")))
            }
            LiteralKind::Verbatim
            | LiteralKind::Meta
            | LiteralKind::Superfluous
            | LiteralKind::Octal
            | LiteralKind::Special(_) => Ok(()),
        }
    }

    fn unicode(class: &ast::ClassUnicode) -> Result<(), TextError> {
        let at = place(&class.span);
        match &class.kind {
            ClassUnicodeKind::OneLetter(_) => Ok(()),
            // RE2 knows the names of categories and scripts as Unicode spells them.
            ClassUnicodeKind::Named(name)
                if name.trim_start_matches('^').starts_with(|c: char| c.is_ascii_uppercase()) =>
            {
                Ok(())
            }
            ClassUnicodeKind::Named(_) | ClassUnicodeKind::NamedValue { .. } => {
                Err(TextError::new(
                    at,
                    "no class of RE2",
                    "a category or a script: `\\p{Lu}`, `\\p{Greek}`",
                ))
            }
        }
    }

    fn assertion(assertion: &ast::Assertion) -> Result<(), TextError> {
        let at = place(&assertion.span);
        let (found, by) = match assertion.kind {
            AssertionKind::StartLine
            | AssertionKind::EndLine
            | AssertionKind::StartText
            | AssertionKind::EndText
            | AssertionKind::WordBoundary
            | AssertionKind::NotWordBoundary => return Ok(()),
            AssertionKind::WordBoundaryStartAngle | AssertionKind::WordBoundaryEndAngle => {
                ("no boundary in RE2", "\\b")
            }
            AssertionKind::WordBoundaryStart
            | AssertionKind::WordBoundaryEnd
            | AssertionKind::WordBoundaryStartHalf
            | AssertionKind::WordBoundaryEndHalf => ("no boundary of RE2", "\\b"),
        };
        Err(TextError::new(at, found, "`\\b` for either side of a word").suggest(at, by))
    }

    fn repetition(&mut self, repetition: &ast::Repetition) -> Result<(), TextError> {
        let at = place(&repetition.op.span);
        if let Ast::Repetition(inner) = &*repetition.ast {
            return Err(TextError::new(
                place(&inner.op.span).to(at),
                "a repetition of a repetition",
                "one of them, or a group: `(?:a*)*`",
            ));
        }
        let most = self.most.last().copied().unwrap_or(1000);
        let times = match &repetition.op.kind {
            RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore | RepetitionKind::OneOrMore => 1,
            RepetitionKind::Range(
                RepetitionRange::Exactly(times)
                | RepetitionRange::AtLeast(times)
                | RepetitionRange::Bounded(_, times),
            ) => *times,
        };
        if times > most {
            return Err(TextError::new(
                at,
                "too many repetitions",
                "at most 1000, those of repetitions inside one another multiplied",
            ));
        }
        self.most.push(most / times.max(1));
        Ok(())
    }
}

impl Visitor for Subset {
    type Output = ();
    type Err = TextError;

    fn finish(self) -> Result<(), TextError> {
        Ok(())
    }

    fn visit_pre(&mut self, tree: &Ast) -> Result<(), TextError> {
        match tree {
            Ast::Flags(set) => Self::flags(&set.flags),
            Ast::Literal(literal) => Self::literal(literal),
            Ast::Assertion(assertion) => Self::assertion(assertion),
            Ast::ClassUnicode(class) => Self::unicode(class),
            Ast::Repetition(repetition) => self.repetition(repetition),
            Ast::Group(group) => match &group.kind {
                GroupKind::NonCapturing(flags) => Self::flags(flags),
                GroupKind::CaptureName { name, .. } => {
                    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
                    if name.name.chars().all(plain) {
                        return Ok(());
                    }
                    let at = place(&name.span);
                    Err(TextError::new(at, "no group's name", "letters, digits and `_`"))
                }
                GroupKind::CaptureIndex(_) => Ok(()),
            },
            Ast::ClassBracketed(class) => match &class.kind {
                ClassSet::Item(_) => Ok(()),
                ClassSet::BinaryOp(operation) => Err(set_operation(operation)),
            },
            Ast::Empty(_)
            | Ast::Dot(_)
            | Ast::ClassPerl(_)
            | Ast::Alternation(_)
            | Ast::Concat(_) => Ok(()),
        }
    }

    fn visit_post(&mut self, tree: &Ast) -> Result<(), TextError> {
        if matches!(tree, Ast::Repetition(_)) {
            self.most.pop();
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), TextError> {
        match item {
            ClassSetItem::Literal(literal) => Self::literal(literal),
            ClassSetItem::Range(range) => {
                Self::literal(&range.start)?;
                Self::literal(&range.end)
            }
            ClassSetItem::Unicode(class) => Self::unicode(class),
            ClassSetItem::Bracketed(inner) => {
                let start = inner.span.start.offset;
                Err(TextError::new(
                    extent(start, start + 1),
                    "a class in a class",
                    "one class; `\\[` is the character itself",
                ))
            }
            ClassSetItem::Empty(_)
            | ClassSetItem::Ascii(_)
            | ClassSetItem::Perl(_)
            | ClassSetItem::Union(_) => Ok(()),
        }
    }

    fn visit_class_set_binary_op_pre(
        &mut self,
        operation: &ast::ClassSetBinaryOp,
    ) -> Result<(), TextError> {
        Err(set_operation(operation))
    }
}

fn set_operation(operation: &ast::ClassSetBinaryOp) -> TextError {
    TextError::new(
        place(&operation.span),
        "an operation on classes",
        "one class: RE2 reads `&&`, `--` and `~~` as characters",
    )
}

#[cfg(test)]
mod tests {
    use super::super::text::table::refuse;
    use super::check;

    #[test]
    fn expressions_of_re2() {
        for text in [
            "",
            "a|b",
            "10\\.0\\.[0-9]+",
            "(?i)web-.*",
            "(?P<name>a)",
            "(?:a{1,3})+?",
            "^$",
            "\\bx\\B",
            "[[:alpha:]_]",
            "\\pL\\p{Greek}\\P{Lu}",
            "\\x7F\\x{10FFFF}",
            "\\A\\z",
            "[\\[\\]-]",
            "é",
            "(a{10}){100}",
            "\\d\\w\\s\\D",
            "[^/]*",
            "a{1000}",
            "\\/\\-\\_",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_re2_refuses_or_reads_otherwise() {
        let refuse = |text, at, found, mended| refuse(check, text, at, found, mended);
        refuse("a(?=b)", (1, "(?="), "a look-around", None);
        refuse("(?<!a)b", (0, "(?<!"), "a look-around", None);
        refuse("(a)\\1", (3, "\\1"), "a back-reference", None);
        refuse("(a", (0, "("), "`(` without its `)`", Some("\\(a"));
        refuse("a)", (1, ")"), "`)` without its `(`", Some("a\\)"));
        refuse("[a", (0, "["), "`[` without its `]`", Some("\\[a"));
        refuse("*.yaml", (0, "*"), "nothing to repeat", Some("\\*.yaml"));
        refuse("[z-a]", (1, "z-a"), "a range that runs backwards", None);
        refuse("a{3,2}", (1, "{3,2}"), "a count that runs backwards", None);
        refuse("a{x}", (2, ""), "no count", None);
        refuse("a\\q", (1, "\\q"), "no escape", None);
        refuse("(?x)a b", (2, "x"), "no flag of RE2", None);
        refuse("(?z)a", (2, "z"), "no flag", None);
        refuse("[a[b]]", (2, "["), "a class in a class", None);
        refuse("[a&&b]", (1, "a&&b"), "an operation on classes", None);
        refuse("[x[a--b]]", (2, "["), "a class in a class", None);
        refuse("a**", (1, "**"), "a repetition of a repetition", None);
        refuse("a{2}{3}", (1, "{2}{3}"), "a repetition of a repetition", None);
        refuse("a{1001}", (1, "{1001}"), "too many repetitions", None);
        refuse("((a{100}){11})", (3, "{100}"), "too many repetitions", None);
        refuse("\\<web\\>", (0, "\\<"), "no boundary in RE2", None);
        refuse("\\u{e9}", (0, "\\u{e9}"), "no escape of RE2", Some("\\x{E9}"));
        refuse("\\p{Klingon}", (0, "\\p{Klingon}"), "an unknown class", None);
        refuse("\\p{greek}", (0, "\\p{greek}"), "no class of RE2", None);
        refuse("\\p{sc=Greek}", (0, "\\p{sc=Greek}"), "no class of RE2", None);
        let deep = |open: &str, close: &str| open.repeat(100_000) + "a" + &close.repeat(100_000);
        assert_eq!(check(&deep("(", ")")).map_err(|e| e.found), Err("too many groups".to_owned()));
        assert!(check(&deep("[", "]")).is_err());
        assert!(check(&deep("(", "")).is_err());
    }
}
