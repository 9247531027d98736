//! What is said of queries whose parts do not fit.

use super::super::functions::{FUNCTIONS, Function};
use super::super::problem::PromqlError;
use super::super::tree::{Aggregation, Binary, Node, NodeKind};
use super::super::types::{ValueType, value_type};
use crate::diag::{Code, nearest};
use crate::source::Extent;

/// A part of a query of the wrong type.
pub const TYPE: Code = Code::new("promql/type");
/// Too many or too few arguments.
pub const ARGUMENTS: Code = Code::new("promql/arguments");
/// A function that does not exist.
pub const FUNCTION: Code = Code::new("promql/function");
/// An operator or modifier where it means nothing.
pub const OPERATOR: Code = Code::new("promql/operator");
/// Matchers that choose everything, or a name twice.
pub const MATCHER: Code = Code::new("promql/matcher");
/// A regular expression that is none.
pub const REGEX: Code = Code::new("promql/regex");
/// A text that is no label's name.
pub const LABEL: Code = Code::new("promql/label");

/// `rat(x[5m])`. `is_word` says of what else the name is a keyword.
pub(in super::super) fn unknown_function(at: Extent, name: &str) -> PromqlError {
    let found = PromqlError::new(
        FUNCTION,
        format!("no function `{name}`"),
        at,
        "Prometheus has none of this name",
    );
    let aggregations = Aggregation::ALL.iter().map(|op| op.word());
    let known = FUNCTIONS.iter().map(|function| function.name).chain(aggregations);
    let renamed = match name {
        "holt_winters" => Some(("double_exponential_smoothing", "renamed in Prometheus 3")),
        "avg_rate" | "mean" | "average" => Some(("avg", "that is what Prometheus calls it")),
        "median" => Some(("quantile", "the median is `quantile(0.5, ..)`")),
        "if" | "ifnot" => Some(("unless", "no function: `a and b`, `a unless b`")),
        "now" => Some(("time", "that is what Prometheus calls it")),
        _ => None,
    };
    if let Some((new, why)) = renamed {
        return found.help(format!("`{new}`: {why}"));
    }
    if let Some(lower) = known.clone().find(|known| known.eq_ignore_ascii_case(name)) {
        return found.mend(at, lower, true);
    }
    match nearest(name, known) {
        Some(near) => found.mend(at, near, true),
        None => found,
    }
}

fn counted(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}"),
        1 => format!("one {what}"),
        count => format!("{count} {what}s"),
    }
}

/// How a function is called, with the types of its parameters.
fn shape(function: &Function) -> String {
    let words: Vec<&str> = function
        .takes
        .iter()
        .map(|takes| match takes {
            ValueType::Scalar => "number",
            ValueType::Vector => "vector",
            ValueType::Range => "metric[5m]",
            ValueType::Text => "\"text\"",
            ValueType::Unknown => "..",
        })
        .collect();
    let more = if function.repeats > 0 { ", .." } else { "" };
    format!("{}({}{more})", function.name, words.join(", "))
}

/// `rate()`, `rate(x[5m], y)`.
pub(in super::super) fn arguments(
    name_at: Extent,
    function: &Function,
    args: &[Node],
) -> PromqlError {
    let (least, most) = (function.least(), function.most());
    let wanted = if least == most {
        counted(least, "argument")
    } else if most > 20 {
        format!("at least {least} arguments")
    } else {
        format!("{least} to {most} arguments")
    };
    let at = args.get(most).map_or(name_at, |extra| extra.at);
    let label = if args.len() > most { "one too many" } else { "an argument is missing" };
    PromqlError::new(ARGUMENTS, format!("`{}` takes {wanted}", function.name), at, label)
        .help(format!("write `{}`", shape(function)))
}

/// `topk(x)`, `sum()`, `sum(a, b)`.
pub(in super::super) fn aggregation_arguments(
    op: Aggregation,
    op_at: Extent,
    args_at: Extent,
    args: &[Node],
) -> PromqlError {
    let word = op.word();
    let parameter = match op {
        Aggregation::Quantile => "0.9, ",
        Aggregation::CountValues => "\"label\", ",
        Aggregation::LimitRatio => "0.5, ",
        op if op.takes_parameter() => "5, ",
        _ => "",
    };
    let wanted = if op.takes_parameter() { "a parameter and a query" } else { "one query" };
    let title = format!("`{word}` takes {wanted}");
    let extra = args.get(if op.takes_parameter() { 2 } else { 1 });
    let found = match (args.is_empty(), extra) {
        (true, _) => PromqlError::new(ARGUMENTS, title, args_at, "nothing to aggregate"),
        (false, Some(extra)) => PromqlError::new(ARGUMENTS, title, extra.at, "one too many"),
        (false, None) => PromqlError::new(ARGUMENTS, title, op_at, "the parameter is missing"),
    };
    found.help(format!(
        "write `{word}({parameter}query)`, or `{word} by (label) ({parameter}query)`"
    ))
}

/// A parameter of `topk`, `count_values` and their like of another type.
pub(in super::super) fn aggregation_parameter(
    op: Aggregation,
    parameter: &Node,
    of: &Node,
    wanted: ValueType,
) -> PromqlError {
    let found = value_type(parameter);
    let error = PromqlError::new(
        TYPE,
        format!("`{}` takes {} first", op.word(), wanted.words()),
        parameter.at,
        format!("this is {}", found.words()),
    );
    if value_type(of) == wanted && found == ValueType::Vector {
        error.help("the parameter comes first, and the query second")
    } else {
        error
    }
}

/// What a range lacks: `rate(x)`.
fn missing_range(of: &Node) -> Option<(Extent, &'static str)> {
    match &of.bare().kind {
        NodeKind::Selector(selector) if selector.range.is_none() => {
            let end = selector
                .braces
                .or(selector.name.as_ref().map(|name| name.at))
                .map_or(of.at.end, |at| at.end);
            Some((Extent::new(end, end), "[5m]"))
        }
        NodeKind::Selector(_) => None,
        _ => Some((Extent::new(of.at.end, of.at.end), "[5m:]")),
    }
}

/// An argument of another type than the function takes.
pub(in super::super) fn wrong_argument(
    function: &Function,
    name_at: Extent,
    args: &[Node],
    arg: &Node,
    wanted: ValueType,
) -> PromqlError {
    let found = value_type(arg);
    let name = function.name;
    let error = PromqlError::new(
        TYPE,
        format!("`{name}` takes {} here", wanted.words()),
        arg.at,
        format!("this is {}", found.words()),
    )
    .because(name_at, format!("called as `{}`", shape(function)));
    match (wanted, found) {
        (ValueType::Range, ValueType::Vector) => match missing_range(arg) {
            Some((at, text)) if !matches!(arg.bare().kind, NodeKind::Selector(_)) => {
                let inner = match &arg.bare().kind {
                    NodeKind::Aggregate(aggregate) => Some(aggregate.op.word()),
                    _ => None,
                };
                let error = error.help(format!(
                    "a query that is evaluated again and again over a range is a subquery: `(..){text}`"
                ));
                let _ = at;
                match inner {
                    Some(word) if matches!(name, "rate" | "increase" | "irate") => {
                        error.help(format!("a counter's `{name}` comes first: `{word}({name}(x[5m]))`"))
                    }
                    _ => error,
                }
            }
            Some((at, text)) => error.mend(at, text, false),
            None => error,
        },
        (ValueType::Vector, ValueType::Range) => match &arg.kind {
            NodeKind::Selector(_) => error.help(
                "a range is for functions over time: `rate(x[5m])`, `max_over_time(x[5m])`; or leave it out",
            ),
            _ => error.help("a range is for functions over time: `max_over_time(..)`"),
        },
        (ValueType::Vector, ValueType::Scalar) => {
            let is_swapped = args.iter().any(|other| value_type(other) == ValueType::Vector)
                && function.takes.contains(&ValueType::Scalar);
            if is_swapped {
                error.help(format!("the order is `{}`", shape(function)))
            } else {
                error.help("a number becomes a vector with `vector(..)`")
            }
        }
        (ValueType::Scalar, ValueType::Vector) => {
            let is_swapped = args.iter().any(|other| value_type(other) == ValueType::Scalar)
                && function.takes.contains(&ValueType::Vector);
            if is_swapped {
                error.help(format!("the order is `{}`", shape(function)))
            } else {
                error.help("a vector of one series becomes a number with `scalar(..)`")
            }
        }
        _ => error,
    }
}

/// `sum(x[5m])`, `sum(1)`.
pub(in super::super) fn not_a_vector(op: Aggregation, of: &Node) -> PromqlError {
    let found = value_type(of);
    let error = PromqlError::new(
        TYPE,
        format!("`{}` aggregates an instant vector", op.word()),
        of.at,
        format!("this is {}", found.words()),
    );
    match found {
        ValueType::Range => error.help(format!(
            "over time it is `{}_over_time(x[5m])`; a counter has a `rate` first: `{}(rate(x[5m]))`",
            op.word(),
            op.word(),
        )),
        _ => error,
    }
}

/// `x[5m] > 1`, `"a" == "b"`.
pub(in super::super) fn range_as_operand(operand: &Node, op: &str, op_at: Extent) -> PromqlError {
    let found = value_type(operand);
    let error = PromqlError::new(
        TYPE,
        format!("`{op}` takes numbers and instant vectors"),
        operand.at,
        format!("this is {}", found.words()),
    )
    .because(op_at, format!("operand of this `{op}`"));
    match found {
        ValueType::Range => {
            error.help("make one value a series of it first: `rate(x[5m])`, `max_over_time(x[5m])`")
        }
        _ => error.help("labels are compared in braces: `x{job=\"a\"}`"),
    }
}

/// `-x[5m]`.
pub(in super::super) fn unary(of: &Node) -> PromqlError {
    PromqlError::new(
        TYPE,
        "a sign stands before numbers and instant vectors",
        of.at,
        format!("this is {}", value_type(of).words()),
    )
}

/// `x[5m][1h:5m]`.
pub(in super::super) fn subquery_of(of: &Node) -> PromqlError {
    PromqlError::new(
        TYPE,
        "a subquery is of an instant vector",
        of.at,
        format!("this is {}", value_type(of).words()),
    )
}

/// `info(x, up)`.
pub(in super::super) fn info_selector(arg: &Node) -> PromqlError {
    PromqlError::new(TYPE, "`info` takes labels second", arg.at, "not a selector of labels only")
        .help("write the labels in braces, without a metric: `info(x, {k8s_cluster=~\".+\"})`")
}

/// `1 > 2`.
pub(in super::super) fn needs_bool(binary: &Binary) -> PromqlError {
    let at = binary.op_at;
    let after = Extent::new(at.end, at.end);
    PromqlError::new(
        OPERATOR,
        "two numbers compared without `bool`",
        at,
        "both sides are numbers",
    )
    .help("a comparison of series leaves those out that it is false for; of numbers it is 1 or 0, which `bool` says")
    .mend(after, " bool", true)
}

/// `a + bool b`.
pub(in super::super) fn bool_place(binary: &Binary, at: Extent) -> PromqlError {
    PromqlError::new(
        OPERATOR,
        format!("`bool` with `{}`", binary.op.word()),
        at,
        "only comparisons have it",
    )
    .because(binary.op_at, "no comparison".to_owned())
    .mend(at, "", false)
}

/// `1 and x`.
pub(in super::super) fn set_of_scalars(binary: &Binary, scalar: &Node) -> PromqlError {
    let word = binary.op.word();
    PromqlError::new(OPERATOR, format!("`{word}` joins series"), scalar.at, "this is a number")
        .because(binary.op_at, format!("`{word}` takes vectors on both sides"))
        .help("a number becomes a series without labels with `vector(..)`")
}

/// `a + on (x) 1`.
pub(in super::super) fn matching_of_scalars(at: Extent, scalar: &Node) -> PromqlError {
    PromqlError::new(OPERATOR, "labels matched with a number", at, "only vectors have labels")
        .because(scalar.at, format!("this is {}", value_type(scalar).words()))
        .mend(at, "", false)
}

/// `a and on (x) group_left b`.
pub(in super::super) fn group_of_set(binary: &Binary, at: Extent) -> PromqlError {
    let word = binary.op.word();
    PromqlError::new(OPERATOR, format!("a group with `{word}`"), at, "means nothing here")
        .because(binary.op_at, format!("`{word}` compares any number of series"))
        .mend(at, "", false)
}

/// `a * on (x) group_left (x) b`.
pub(in super::super) fn group_overlap(label: &str, at: Extent, on: Extent) -> PromqlError {
    PromqlError::new(
        OPERATOR,
        format!("`{label}` is matched and taken over"),
        at,
        "is equal on both sides anyway",
    )
    .because(on, "matched here".to_owned())
}

/// `a + fill(0) 1`, `a and fill(0) b`.
pub(in super::super) fn fill_place(at: Extent, why: &str) -> PromqlError {
    PromqlError::new(OPERATOR, "missing series filled in", at, why)
        .help("`fill` stands between two vectors that are calculated with or compared")
}

/// `a + fill(0) fill_left(0) b`.
pub(in super::super) fn fill_twice(at: Extent, first: Extent) -> PromqlError {
    PromqlError::new(OPERATOR, "a side filled twice", at, "the second one")
        .because(first, "the first one".to_owned())
        .help("`fill(..)` fills both sides; else `fill_left(..)` and `fill_right(..)`, each once")
}

/// `a{"b"}`, `a{__name__="b"}`.
pub(in super::super) fn name_twice(at: Extent, first: Extent, name: &str) -> PromqlError {
    PromqlError::new(MATCHER, "a metric's name twice", at, "the second name")
        .because(first, format!("`{name}` is the metric's name"))
}

/// `{}`, `{job=~".*"}`.
pub(in super::super) fn all_empty(at: Extent, is_empty: bool) -> PromqlError {
    let label =
        if is_empty { "chooses every series" } else { "every matcher takes an empty label" };
    PromqlError::new(MATCHER, "a selector of everything", at, label).help(
        "Prometheus wants a metric's name, or a matcher that an empty label does not pass: `{job=~\".+\"}`",
    )
}

/// `{job=~"("}`.
pub(in super::super) fn bad_regex(at: Extent, found: &str, expected: &str) -> PromqlError {
    PromqlError::new(REGEX, "not a regular expression (RE2)", at, found)
        .help(format!("expected: {expected}"))
}

/// `by ("")`.
pub(in super::super) fn empty_label(at: Extent) -> PromqlError {
    PromqlError::new(LABEL, "no label's name", at, "an empty text")
}
