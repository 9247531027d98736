//! What is said of queries that cannot be read. Whose types do not fit: `errors/meaning.rs`.

mod meaning;

pub use meaning::{ARGUMENTS, FUNCTION, LABEL, MATCHER, OPERATOR, REGEX, TYPE};
pub(super) use meaning::{
    aggregation_arguments, aggregation_parameter, all_empty, arguments, bad_regex, bool_place,
    empty_label, fill_place, fill_twice, group_of_set, group_overlap, info_selector,
    matching_of_scalars, name_twice, needs_bool, not_a_vector, range_as_operand, set_of_scalars,
    subquery_of, unary, unknown_function, wrong_argument,
};

use super::literal::Malformed;
use super::problem::PromqlError;
use super::scan::pair;
use super::tree::{Node, NodeKind};
use crate::diag::Code;
use crate::embedded::errors::UNBALANCED;
use crate::embedded::text::extent;
use crate::source::Extent;

/// A text that is no query.
pub const SYNTAX: Code = Code::new("promql/syntax");
/// What needs a feature of Prometheus that is off.
pub const FEATURE: Code = Code::new("promql/feature");
/// A variable of Grafana where nothing fills it in.
pub const VARIABLE: Code = Code::new("promql/variable");

/// A text that cannot be read on at a place.
pub(super) fn syntax(
    title: impl Into<String>,
    at: Extent,
    label: impl Into<String>,
) -> PromqlError {
    PromqlError::new(SYNTAX, title, at, label)
}

/// `(` within `(` within `(`, and so on.
pub(super) fn too_deep(at: Extent, most: usize) -> PromqlError {
    syntax("a query nested too deep", at, "one bracket too many")
        .help(format!("at most {most} brackets stand inside of one another"))
}

/// More levels of operators than a tree holds.
pub(super) fn too_many(at: Extent, most: usize) -> PromqlError {
    syntax("a query of too many parts", at, "one operator too many").help(format!(
        "at most {most} operators and calls stand inside of one another; a regular expression or a recording rule is shorter"
    ))
}

const TITLE: &str = "a query that does not close what it opens";

/// `(` closed by `]`.
pub(super) fn crossed(open: (char, Extent), found: char, at: Extent) -> PromqlError {
    let (opener, opened_at) = open;
    let closer = pair(opener);
    PromqlError::new(UNBALANCED, TITLE, at, format!("`{found}` after an open `{opener}`"))
        .because(opened_at, format!("`{closer}` closes this first"))
        .help(format!("expected: the `{closer}` of that `{opener}` first"))
}

/// `)` without `(`.
pub(super) fn unopened(found: char, at: Extent) -> PromqlError {
    let opener = match found {
        ')' => '(',
        ']' => '[',
        _ => '{',
    };
    PromqlError::new(UNBALANCED, TITLE, at, format!("`{found}` without its `{opener}`"))
        .help(format!("expected: a `{opener}` before it"))
        .mend(at, "", false)
}

/// `(` without `)`.
pub(super) fn unclosed(opener: char, at: Extent, end: usize) -> PromqlError {
    let closer = pair(opener);
    PromqlError::new(UNBALANCED, TITLE, at, format!("`{opener}` without its `{closer}`"))
        .help(format!("expected: a `{closer}` later in the query"))
        .mend(extent(end, end), closer.to_string(), false)
}

/// A quote without a second one.
pub(super) fn open_text(at: Extent, quote: &str) -> PromqlError {
    let where_to = if quote == "`" { "" } else { ", on its line" };
    PromqlError::new(UNBALANCED, TITLE, at, format!("{quote} without a second one"))
        .help(format!("expected: the same mark at the text's end{where_to}"))
}

/// `$node`, `[[node]]` where no Grafana is.
pub(super) fn variable(at: Extent, written: &str) -> PromqlError {
    let found = PromqlError::new(
        VARIABLE,
        "a variable that nothing fills in",
        at,
        format!("`{written}` is Grafana's"),
    );
    if written.contains("__rate_interval") || written.contains("__interval") {
        found.help("Prometheus reads rules as they are: write a duration, such as `5m`")
    } else if written.starts_with("[[") {
        found.help("a range stands in single brackets: `[5m]`")
    } else {
        found.help("Prometheus reads rules as they are: write the value")
    }
}

/// What a feature flag of Prometheus turns on.
pub(super) fn feature(at: Extent, what: &str, flag: &str) -> PromqlError {
    PromqlError::new(
        FEATURE,
        format!("{what}: a feature that is off"),
        at,
        "Prometheus refuses the query",
    )
    .help(format!("turn it on for Prometheus: `--enable-feature={flag}`"))
}

/// `5min`, `1.5h`, `0xg`.
pub(super) fn number(at: Extent, written: &str, why: Malformed) -> PromqlError {
    let found = syntax("no number and no duration", at, "cannot be read");
    match why {
        Malformed::Unit(word, meant) => {
            let found = PromqlError { label: format!("no unit `{word}`"), ..found }
                .help("units of time are `ms`, `s`, `m`, `h`, `d`, `w` and `y`");
            match meant {
                Some(unit) => found.mend(at, written.replacen(&word, unit, 1), true),
                None => found,
            }
        }
        Malformed::Order(before, after) => {
            let label = if before == after {
                format!("`{after}` twice")
            } else {
                format!("`{after}` after the smaller `{before}`")
            };
            PromqlError { label, ..found }
                .help("a duration has the larger unit first, and each once: `1h30m`")
        }
        Malformed::Fraction(whole) => {
            let found = PromqlError { label: "a fraction with a unit".to_owned(), ..found }
                .help("durations are whole: `1h30m`, not `1.5h`");
            match whole {
                Some(whole) => found.mend(at, whole, true),
                None => found,
            }
        }
        Malformed::TooLong => PromqlError { label: "too long".to_owned(), ..found }
            .help("the longest duration is 292 years"),
        Malformed::Number => found.help(
            "numbers are `0.5`, `1e3`, `0x1f`, `1_000`, `Inf`, `NaN`; durations are `5m`, `1h30m`",
        ),
    }
}

/// `"\d"`.
pub(super) fn escape(at: Extent, written: &str) -> PromqlError {
    let found = syntax("no escape of a text", at, "stands for no character").help(
        "`\\\\` is one backslash: a regular expression has two here, or stands in backquotes",
    );
    let letter = written.chars().nth(1);
    if letter.is_some_and(|letter| !matches!(letter, 'x' | 'u' | 'U' | '0'..='9' | '"' | '\'')) {
        found.mend(at, format!("\\{written}"), true)
    } else {
        found
    }
}

/// `[5m / 0]`.
pub(super) fn span_by_zero(at: Extent, op: &str) -> PromqlError {
    syntax("a duration divided by zero", at, format!("`{op}` by this"))
}

/// More than 292 years.
pub(super) fn span_too_long(at: Extent) -> PromqlError {
    syntax("a duration that is too long", at, "too long").help("the longest duration is 292 years")
}

/// `[0s]`, `[-5m]`.
pub(super) fn span_of_nothing(at: Extent, is_range: bool) -> PromqlError {
    let what = if is_range { "a range" } else { "a step" };
    syntax(format!("{what} of no length"), at, "not above zero")
}

/// `step(5m)`, `max(5m)`.
pub(super) fn span_arguments(at: Extent, word: &str) -> PromqlError {
    let (label, help) = if matches!(word, "step" | "range") {
        ("takes nothing", format!("write `{word}()`"))
    } else {
        ("takes two durations", format!("write `{word}(step(), 1m)`"))
    };
    syntax("a call in a duration", at, label).help(help)
}

/// `@ Inf`.
pub(super) fn no_moment(at: Extent) -> PromqlError {
    syntax("no moment", at, "not in seconds since 1970")
        .help("`@` takes seconds since 1970, `start()` or `end()`")
}

/// What a suffix follows, in words.
fn named(node: &Node) -> &'static str {
    match node.kind {
        NodeKind::Aggregate(_) => "an aggregation",
        NodeKind::Call(_) => "a call",
        NodeKind::Parens(_) => "parentheses",
        NodeKind::Number(_) => "a number",
        NodeKind::Text(_) => "a text",
        NodeKind::Subquery(_) => "a subquery",
        NodeKind::Variable(_) => "a variable",
        NodeKind::Selector(_) | NodeKind::Unary { .. } | NodeKind::Binary(_) => "this",
    }
}

/// `sum(x) offset 5m`.
pub(super) fn modifier_place(at: Extent, word: &str, node: &Node) -> PromqlError {
    let behind = named(node);
    syntax(format!("`{word}` behind {behind}"), at, "only behind a selector")
        .because(node.at, format!("{behind}, not a selector"))
        .help(match node.kind {
            NodeKind::Subquery(_) => {
                format!("`{word}` chooses points of a range, and not of a subquery")
            }
            _ => format!("write `{word}` behind each metric inside, or behind a subquery"),
        })
}

/// `x offset 5m offset 5m`.
pub(super) fn modifier_twice(at: Extent, word: &str, first: Extent) -> PromqlError {
    syntax(format!("`{word}` twice"), at, "the second one")
        .because(first, "the first one".to_owned())
        .mend(at, "", false)
}

/// `x anchored smoothed`.
pub(super) fn anchored_and_smoothed(at: Extent, first: Extent) -> PromqlError {
    syntax("`anchored` and `smoothed` at once", at, "the second one")
        .because(first, "the first one".to_owned())
}

/// `x[5m][5m]`.
pub(super) fn range_twice(at: Extent) -> PromqlError {
    syntax("a second range", at, "the metric has one").mend(at, "", false)
}

/// `x offset 5m [5m]`.
pub(super) fn range_after_modifier(at: Extent, word: &str, first: Extent) -> PromqlError {
    syntax(format!("a range behind `{word}`"), at, "too late")
        .because(first, format!("`{word}` stands here"))
        .help(format!("the range comes first: `x[5m] {word} ..`"))
}

/// `sum(x)[5m]`, `rate(x)[5m]`.
pub(super) fn range_place(at: Extent, shown: &str, node: &Node) -> PromqlError {
    let behind = named(node);
    let found = syntax(format!("a range behind {behind}"), at, "only a metric has a range")
        .because(node.at, format!("{behind}, which has one value now"));
    let takes_range = match &node.kind {
        NodeKind::Call(call) => super::function(&call.name)
            .and_then(|function| function.range_parameter())
            .and_then(|index| call.args.get(index))
            .filter(
                |arg| matches!(&arg.kind, NodeKind::Selector(selector) if selector.range.is_none()),
            )
            .map(|arg| (call.name.as_str(), arg.at)),
        _ => None,
    };
    let inner = shown.trim_start_matches('[').trim_end_matches(']');
    match takes_range {
        Some((name, _)) => {
            found.help(format!("the range stands inside of `{name}(..)`, behind the metric"))
        }
        None => found.help(format!(
            "evaluated again and again over the range, it is a subquery: `[{inner}:]`"
        )),
    }
}
