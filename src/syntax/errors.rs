//! What this room has to say.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// Something stands where the grammar does not allow it.
pub(super) const UNEXPECTED: Code = Code::new("syntax/unexpected");

/// `found` stands where one of `wanted` may.
pub(super) fn unexpected(at: Span, found: &str, wanted: &[&str]) -> Diagnostic {
    let shown =
        if found.starts_with(['"', '`']) { "a text".to_owned() } else { format!("`{found}`") };
    expected(
        Diagnostic::error(UNEXPECTED, format!("unexpected {shown}"), at, "not expected here"),
        wanted,
    )
}

/// A member or line ends where one of `wanted` must follow.
pub(super) fn unfinished(at: Span, what: &str, wanted: &[&str]) -> Diagnostic {
    let title = format!("the {what} ends too early");
    expected(Diagnostic::error(UNEXPECTED, title, at, "not finished here"), wanted)
}

/// The line before a member ends in something that wants a value; `after` is what.
pub(super) fn value_missing(at: Span, after: &str) -> Diagnostic {
    let made = Diagnostic::error(
        UNEXPECTED,
        format!("`{after}` has nothing behind it"),
        at,
        "a value is missing",
    );
    if after == ".." {
        made.help("the open end of a range is written `none`: `100m .. none`")
    } else {
        made
    }
}

/// Puts what was wanted into the label, or into the help where it is long.
fn expected(mut diagnostic: Diagnostic, wanted: &[&str]) -> Diagnostic {
    // an expression can nearly always go on: that says nothing where something else is wanted
    let telling: Vec<&str> = wanted
        .iter()
        .copied()
        .filter(|word| !matches!(*word, "an operator" | "`because`" | "a member" | "the end"))
        .collect();
    let wanted = if telling.is_empty() { wanted } else { &telling };
    let mut list = String::new();
    for (index, word) in wanted.iter().enumerate() {
        list.push_str(if index == 0 {
            ""
        } else if index + 1 == wanted.len() {
            " or "
        } else {
            ", "
        });
        list.push_str(word);
    }
    if let (1..=2, Some(label)) = (wanted.len(), diagnostic.primary.as_mut()) {
        label.text = format!("expected {list}");
        return diagnostic;
    }
    if wanted.is_empty() { diagnostic } else { diagnostic.help(format!("expected {list}")) }
}

/// A block without its braces.
pub(super) const BRACE_MISSING: Code = Code::new("syntax/brace-missing");

/// `cluster prod` without `{ }`.
pub(super) fn brace_missing(at: Span) -> Diagnostic {
    Diagnostic::error(BRACE_MISSING, "a block without its `{`", at, "`{` is missing here").help(
        "a block has braces, even if nothing stands in them: `cluster prod { }`; a value needs `=`",
    )
}

/// Nesting beyond the limit.
pub(super) const TOO_DEEP: Code = Code::new("syntax/too-deep");

/// Brackets, holes and `if`s nest deeper than `limit`.
pub(super) fn too_deep(at: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(TOO_DEEP, "nesting is too deep", at, format!("level {}", limit + 1)).help(
        format!(
            "brackets, interpolations and `if`s nest at most {limit} deep: name a part with `let`"
        ),
    )
}

/// An expression whose operators and brackets nest deeper than `limit`.
pub(super) fn expression_too_deep(at: Span, limit: u32) -> Diagnostic {
    Diagnostic::error(TOO_DEEP, "an expression nests too deep", at, "too many operators in one")
        .help(format!(
            "an expression nests at most {limit} levels, operators counted: name a part with `let`"
        ))
}

/// Whether a code says that something is opened and never closed.
pub(super) fn is_unclosed(code: Code) -> bool {
    code == UNCLOSED_BLOCK || code == UNCLOSED_STRING
}

/// More findings than anybody reads.
pub(super) const TOO_MANY: Code = Code::new("syntax/too-many");

/// `limit` findings were told; what is wrong from `at` on is not.
pub(super) fn too_many(at: Span, limit: usize) -> Diagnostic {
    let title = format!("more than {limit} findings in one file");
    Diagnostic::error(TOO_MANY, title, at, "nothing more is told from here")
        .help("is this an iflux file? If it is, mend what is told, and run again")
}

/// A text without its closing mark.
pub(super) const UNCLOSED_STRING: Code = Code::new("syntax/unclosed-string");

/// A text of one line meets the line's end; `mark` would close it at `end`.
pub(super) fn unclosed_string(at: Span, end: Span, mark: &str) -> Diagnostic {
    let (name, shown) =
        if mark == "\"" { ("quotes", "a `\"`") } else { ("backticks", "a backtick") };
    Diagnostic::error(UNCLOSED_STRING, "a text is never closed", at, "opened here")
        .help(format!(
            "a text in {name} ends on its line; several lines stand between `\"\"\"` or in a fence"
        ))
        .fix(format!("close it with {shown}"), end, mark, false)
}

/// A text of one line is closed on a later one, at `closer`.
pub(super) fn string_over_lines(at: Span, closer: Span) -> Diagnostic {
    Diagnostic::error(UNCLOSED_STRING, "a text is never closed", at, "must end on its line")
        .because(closer, "this seems to be its end")
        .help("a text of several lines begins with `\"\"\"` at a line's end, and ends with `\"\"\"` on a line of its own")
}

/// A text of several lines has no closer.
pub(super) fn unclosed_text(at: Span, opener: &str) -> Diagnostic {
    Diagnostic::error(UNCLOSED_STRING, "a text is never closed", at, "opened here")
        .help(format!("the closer stands alone on its line: {}", opener.trim_start_matches('#')))
}

/// A text of several lines that begins beside its opener.
pub(super) const BESIDE_OPENER: Code = Code::new("syntax/beside-opener");

/// Something stands behind `opener` on its line.
pub(super) fn text_beside_opener(at: Span, opener: &str) -> Diagnostic {
    Diagnostic::error(
        BESIDE_OPENER,
        format!("a text begins beside its opener {opener}"),
        at,
        "must end its line",
    )
    .help(format!(
        "put the text on the lines below `{opener}`, and the closer on a line of its own"
    ))
}

/// A bracket without its closer.
pub(super) const UNCLOSED_BLOCK: Code = Code::new("syntax/unclosed-block");

/// These brackets are never closed, innermost first; a `closer` of another kind came first, if any did.
/// What is missing fits at `end`.
pub(super) fn unclosed_block(
    openers: &[(Span, char)],
    closer: Option<Span>,
    end: Span,
) -> Diagnostic {
    let closers: String = openers
        .iter()
        .map(|(_, open)| match open {
            '(' => ')',
            '[' => ']',
            _ => '}',
        })
        .collect();
    let (at, open) = openers.first().copied().unwrap_or((end, '{'));
    let mut made =
        Diagnostic::error(UNCLOSED_BLOCK, format!("`{open}` is never closed"), at, "opened here");
    for &(outer, open) in openers.iter().skip(1).take(3) {
        made = made.because(outer, format!("this `{open}` is not closed either"));
    }
    if let Some(closer) = closer {
        made = made.because(closer, "this closes something around it");
    }
    made.fix(format!("insert `{closers}`"), end, closers, false)
}

/// A closer without its opener.
pub(super) const STRAY_CLOSER: Code = Code::new("syntax/stray-closer");

/// Nothing is open that `word` could close.
pub(super) fn stray_closer(at: Span, word: &str) -> Diagnostic {
    let shown: String = word.chars().take(3).collect();
    Diagnostic::error(STRAY_CLOSER, format!("`{shown}` closes nothing"), at, "nothing is open here")
        .fix("remove it", at, "", false)
}

/// Whether a finding of the scanner leaves the rest of its line in doubt.
pub(super) fn confuses_its_line(code: Code) -> bool {
    [UNCLOSED_BLOCK, UNCLOSED_STRING].contains(&code)
}

/// Whether a stray closer follows from an earlier finding, so that it is no news: how many lines lie between.
pub(super) fn explains_stray_closer(code: Code, lines: usize) -> bool {
    match code {
        UNCLOSED_BLOCK | STRAY_CLOSER => lines == 0 && code == UNCLOSED_BLOCK,
        BRACE_MISSING => true,
        _ => lines <= 30,
    }
}

/// `found` stands where `closer` is due.
pub(super) fn wrong_closer(at: Span, open: Span, found: char, closer: char) -> Diagnostic {
    Diagnostic::error(
        STRAY_CLOSER,
        format!("`{found}` where `{closer}` is due"),
        at,
        "nothing it could close",
    )
    .because(open, format!("this wants a `{closer}`"))
    .fix(format!("replace with `{closer}`"), at, closer, true)
}

/// Comparisons and ranges in a row.
pub(super) const CHAINED: Code = Code::new("syntax/chained-comparison");

/// `operator` compares the outcome of a comparison.
pub(super) fn chained_comparison(at: Span, first: Span, operator: &str) -> Diagnostic {
    let title = format!("`{operator}` after a comparison or range");
    Diagnostic::error(CHAINED, title, at, "its left side is a result")
        .because(first, "this is the left side")
        .help("comparisons and ranges do not chain: join them with `&&`, or use parentheses")
}

/// A line left of its text's margin.
pub(super) const MARGIN: Code = Code::new("syntax/margin");

/// A line of a text stands left of its closer.
pub(super) fn margin(at: Span, closer: Span) -> Diagnostic {
    Diagnostic::error(
        MARGIN,
        "a line left of its text's margin",
        at,
        "indented less than the closer",
    )
    .because(closer, "the closer's indentation is the margin")
    .help("indent the line at least as far as the closer, with the same blanks")
}

/// An escape that there is not.
pub(super) const ESCAPE: Code = Code::new("syntax/escape");

/// `\next` means nothing in a text in quotes.
pub(super) fn escape(at: Span, insert: Span, next: char) -> Diagnostic {
    Diagnostic::error(ESCAPE, format!("`\\{next}` is no escape"), at, "unknown escape")
        .help(r"texts in quotes know `\n`, `\t`, `\\`, `\u{1F600}`, the escaped quote and `\(value)`; a raw text in backticks has no escapes")
        .fix("escape the backslash", insert, "\\", false)
}

/// `\u{digits}` names no character.
pub(super) fn no_character(at: Span, digits: &str) -> Diagnostic {
    Diagnostic::error(
        ESCAPE,
        format!("no character has the number {digits}"),
        at,
        "not a Unicode character",
    )
    .help("Unicode ends at 10FFFF, and D800 to DFFF are no characters")
}

/// A hole where a name must be constant.
pub(super) const NAME_HOLE: Code = Code::new("syntax/name-hole");

/// A field's name holds `\(..)`.
pub(super) fn name_hole(at: Span) -> Diagnostic {
    Diagnostic::error(NAME_HOLE, "a field's name holds an interpolation", at, "must be constant")
        .help(r#"names interpolate where keys are free: `namespace "team-\(t)" { }`, `[key] = value`"#)
}

/// A reason that is computed.
pub(super) const BECAUSE_HOLE: Code = Code::new("syntax/because-hole");

/// `because "..\(..).."`.
pub(super) fn because_hole(at: Span) -> Diagnostic {
    Diagnostic::error(BECAUSE_HOLE, "a reason holds an interpolation", at, "must be constant")
        .help("a reason is read by people, and told before anything is evaluated")
}

/// `:` where `=` is meant.
pub(super) const COLON: Code = Code::new("syntax/colon");

/// `name: value`, as in YAML; `edit` reaches from the name to the colon.
pub(super) fn colon(at: Span, edit: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        COLON,
        format!("`:` sets nothing: `{name}` gets its value with `=`"),
        at,
        "`=` sets a field",
    )
    .help("`:` only says of what type a field is, or on what a block is based")
    .fix("replace with `=`", edit, " =", true)
}

/// A list in YAML's way.
pub(super) const DASH: Code = Code::new("syntax/dash-item");

/// `- item`.
pub(super) fn dash(at: Span) -> Diagnostic {
    Diagnostic::error(DASH, "a list item with a dash", at, "no list starts here")
        .help("a list stands in brackets: `args = [\"-a\", \"-b\"]`; what has a name is a block: `workers general { }`")
}

/// A comment in another language's way.
pub(super) const COMMENT: Code = Code::new("syntax/comment");

/// `#`.
pub(super) fn hash_comment(at: Span) -> Diagnostic {
    Diagnostic::error(COMMENT, "`#` begins no comment", at, "a comment begins with `//`").fix(
        "replace with `//`",
        at,
        "//",
        true,
    )
}

/// `/*`.
pub(super) fn block_comment(at: Span) -> Diagnostic {
    Diagnostic::error(COMMENT, "`/*` begins no comment", at, "a comment begins with `//`")
        .help("comments end with their line: begin each line with `//`")
}

/// `;`.
pub(super) const SEMICOLON: Code = Code::new("syntax/semicolon");

/// Members end with their line, or with a `,`.
pub(super) fn semicolon(at: Span, ends_line: bool) -> Diagnostic {
    let made =
        Diagnostic::error(SEMICOLON, "`;` separates nothing", at, "a line's end or `,` does");
    if ends_line {
        made.fix("remove it", at, "", true)
    } else {
        made.fix("replace with `,`", at, ",", true)
    }
}

/// Interpolation in another language's way.
pub(super) const DOLLAR: Code = Code::new("syntax/dollar");

/// `${x}` or `$x` outside a text.
pub(super) fn dollar(at: Span, inner: &str) -> Diagnostic {
    let made = Diagnostic::error(DOLLAR, "`$` marks no variable", at, "a name stands for itself")
        .help("a value is used by its name; inside a text it is `\\(name)`");
    let name = !inner.is_empty()
        && inner.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        && inner.starts_with(|c: char| c.is_ascii_alphabetic());
    // The variables of Prometheus' templates have names here, too.
    let inner = if inner == "labels" { "label" } else { inner };
    if name { made.fix(format!("replace with `{inner}`"), at, inner, false) } else { made }
}

/// A pipe in a hole.
pub(super) const PIPE: Code = Code::new("syntax/pipe");

/// `value | humanize`. `fixed` is the piped value and its functions, and the call that they mean.
pub(super) fn pipe(at: Span, fixed: Option<(Span, String)>) -> Diagnostic {
    let made = Diagnostic::error(PIPE, "`|` pipes nothing", at, "a function is called")
        .help("a function takes its arguments in parentheses: `humanize(value)`");
    match fixed {
        Some((place, call)) => made.fix(format!("write `{call}`"), place, call, false),
        None => made,
    }
}

/// A name with a dot before it.
pub(super) const LEADING_DOT: Code = Code::new("syntax/leading-dot");

/// `.Value`. `meant` is the name that it has here.
pub(super) fn leading_dot(at: Span, meant: Option<&str>) -> Diagnostic {
    let made =
        Diagnostic::error(LEADING_DOT, "a dot before a name", at, "a name stands for itself");
    match meant {
        Some(meant) => made.fix(format!("replace with `{meant}`"), at, meant, false),
        None => {
            made.help("a value is used by its name; a dot reads a field of what stands before it")
        }
    }
}

/// A template outside a text.
pub(super) const TEMPLATE: Code = Code::new("syntax/template");

/// `{{ x }}`.
pub(super) fn template(at: Span) -> Diagnostic {
    Diagnostic::error(TEMPLATE, "a template outside a text", at, "`{{ }}` means nothing here")
        .help("a value is used by its name; `{{ }}` belongs into the texts of tools that read it")
}

/// Quotation marks that begin no text.
pub(super) const QUOTES: Code = Code::new("syntax/quotes");

/// A text in single or typographic quotes.
pub(super) fn quotes(at: Span, inner: &str) -> Diagnostic {
    let made = Diagnostic::error(QUOTES, "a text in the wrong quotes", at, "texts stand in `\"`");
    if inner.contains(['"', '\\']) || inner.is_empty() {
        made.help("a text with quotes or backslashes in it can be raw: `` `...` ``")
    } else {
        made.fix(format!("replace with `\"{inner}\"`"), at, format!("\"{inner}\""), true)
    }
}

/// `=` is missing.
pub(super) const EQUALS_MISSING: Code = Code::new("syntax/equals-missing");

/// `name value`; `gap` is what stands between them.
pub(super) fn equals_missing(at: Span, gap: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        EQUALS_MISSING,
        format!("`{name}` is set without `=`"),
        at,
        "a value needs `=` before",
    )
    .fix("insert `=`", gap, " = ", true)
}

/// `==` where `=` is meant.
pub(super) const DOUBLE_EQUALS: Code = Code::new("syntax/double-equals");

/// `name == value` as a member.
pub(super) fn double_equals(at: Span) -> Diagnostic {
    Diagnostic::error(DOUBLE_EQUALS, "`==` sets nothing", at, "`==` compares, `=` sets").fix(
        "replace with `=`",
        at,
        "=",
        true,
    )
}

/// Two members without a separator.
pub(super) const COMMA_MISSING: Code = Code::new("syntax/comma-missing");

/// `name` begins a member on the line of another, which ends at `end`.
pub(super) fn comma_missing(at: Span, end: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        COMMA_MISSING,
        "two members without a separator",
        at,
        "the next member begins here",
    )
    .help(format!(
        "members on one line are separated by `,`: put one before `{name}`, or a line's end"
    ))
    .fix("insert `,`", end, ",", true)
}

/// Minus without blanks.
pub(super) const MINUS: Code = Code::new("syntax/minus");

/// `a -1` or `3-1`; `edit` reaches from the left side to the minus.
pub(super) fn minus(at: Span, edit: Span) -> Diagnostic {
    Diagnostic::error(MINUS, "minus without blanks", at, "needs a blank on both sides")
        .help("names may hold hyphens (`eu-1`), so minus between two values takes a blank on both sides")
        .fix("put blanks around it", edit, " - ", true)
}

/// A word of the language as a new name.
pub(super) const RESERVED: Code = Code::new("syntax/reserved-word");

/// `let for = 1`.
pub(super) fn reserved(at: Span, word: &str) -> Diagnostic {
    Diagnostic::error(RESERVED, format!("`{word}` cannot be a name"), at, "a word of the language")
        .help("words of the language name fields only, never variables, parameters or modules")
}

/// A number that is none.
pub(super) const NUMBER: Code = Code::new("syntax/number");

/// `10.0.0.1`.
pub(super) fn dotted_number(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(NUMBER, format!("`{text}` is no number"), at, "more than one point")
        .help("addresses and versions are texts")
        .fix(format!("replace with `\"{text}\"`"), at, format!("\"{text}\""), false)
}

/// `3.`.
pub(super) fn trailing_dot(at: Span, text: &str) -> Diagnostic {
    let whole = text.trim_end_matches('.');
    Diagnostic::error(NUMBER, format!("`{text}` is no number"), at, "ends in a point").fix(
        format!("replace with `{whole}`"),
        at,
        whole,
        true,
    )
}

/// `007`.
pub(super) fn leading_zero(at: Span, text: &str) -> Diagnostic {
    let plain = text.trim_start_matches('0');
    let made =
        Diagnostic::error(NUMBER, format!("`{text}` begins with a zero"), at, "octal or decimal?");
    let octal = format!("0o{plain}");
    let made = made.help(format!("file modes and other octal numbers are written `{octal}`"));
    if plain.starts_with(|c: char| c.is_ascii_digit()) {
        made.fix(format!("replace with `{plain}`"), at, plain, false)
    } else {
        made
    }
}

/// `0xff`.
pub(super) fn number_base(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(NUMBER, format!("`{text}` is no number"), at, "decimal or `0o` only")
}

/// `1e9`.
pub(super) fn exponent(at: Span, text: &str) -> Diagnostic {
    Diagnostic::error(NUMBER, format!("`{text}` has an exponent"), at, "numbers have none")
        .help("write the digits (`1_000_000`), or a unit (`20Gi`, `500m`)")
}

/// An operator that begins a line.
pub(super) const LINE_OPERATOR: Code = Code::new("syntax/line-operator");

/// The line before is complete, and `operator` begins none.
pub(super) fn operator_at_line_start(at: Span, operator: &str) -> Diagnostic {
    let title = format!("a line begins with `{operator}`");
    Diagnostic::error(LINE_OPERATOR, title, at, "the line before has ended")
        .help(format!("put `{operator}` at the end of the line before; only `&&`, `||`, `??`, `then`, `else` and `|` begin one"))
}

/// A call or index apart from what it belongs to.
pub(super) const CALL_BLANK: Code = Code::new("syntax/call-blank");

/// `f (x)`; `gap` is the blank.
pub(super) fn call_blank(at: Span, gap: Span, open: &str) -> Diagnostic {
    Diagnostic::error(
        CALL_BLANK,
        format!("a blank before `{open}`"),
        at,
        "stands apart from its name",
    )
    .help("`(`, `[` and `.` of a call, index or access stand without blank")
    .fix("remove the blank", gap, "", true)
}

/// Braces in a condition.
pub(super) const BRACE_IN_CONDITION: Code = Code::new("syntax/brace-in-condition");

/// `if Docker {} == p { }`.
pub(super) fn brace_in_condition(at: Span, statement: &str) -> Diagnostic {
    let title = format!("braces in the head of an `{statement}`");
    let title = if statement == "for" { title.replace("an `for`", "a `for`") } else { title };
    Diagnostic::error(BRACE_IN_CONDITION, title, at, "the body seems to end here")
        .help(format!("what bears braces stands in parentheses there: `{statement} (..) {{ }}`"))
}
