//! A query's tree as text.

use super::literal::{quoted, shown_number, shown_seconds};
use super::tree::{
    Aggregate, AtTime, Binary, LabelName, MatchOp, Node, NodeKind, Query, RangeModifier, Selector,
    Side, TimeSpan, TimeSpanOp,
};

/// The text of a query, as Prometheus would write it: what is read from it has the same structure.
pub fn print(query: &Query) -> String {
    let mut out = String::new();
    node(&mut out, &query.root);
    out
}

fn node(out: &mut String, of: &Node) {
    match &of.kind {
        NodeKind::Number(number) => out.push_str(&shown_number(*number)),
        NodeKind::Text(text) => out.push_str(&quoted(text)),
        NodeKind::Variable(name) => out.push_str(name),
        NodeKind::Selector(of) => selector(out, of),
        NodeKind::Subquery(subquery) => {
            node(out, &subquery.of);
            out.push('[');
            span(out, &subquery.range);
            out.push(':');
            if let Some(step) = &subquery.step {
                span(out, step);
            }
            out.push(']');
            moved(out, subquery.at_time.as_ref().map(|(at, _)| *at), subquery.offset.as_ref());
        }
        NodeKind::Unary { is_minus, of } => {
            out.push(if *is_minus { '-' } else { '+' });
            node(out, of);
        }
        NodeKind::Parens(of) => {
            out.push('(');
            node(out, of);
            out.push(')');
        }
        NodeKind::Binary(of) => binary(out, of),
        NodeKind::Aggregate(of) => aggregate(out, of),
        NodeKind::Call(call) => {
            out.push_str(&call.name);
            arguments(out, call.args.iter());
        }
    }
}

fn arguments<'n>(out: &mut String, args: impl Iterator<Item = &'n Node>) {
    out.push('(');
    for (index, arg) in args.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        node(out, arg);
    }
    out.push(')');
}

fn binary(out: &mut String, of: &Binary) {
    node(out, &of.left);
    out.push(' ');
    out.push_str(of.op.word());
    if of.bool_at.is_some() {
        out.push_str(" bool");
    }
    if let Some(matching) = &of.matching {
        out.push_str(if matching.is_on { " on " } else { " ignoring " });
        labels(out, &matching.labels);
        if let Some((side, more, _)) = &matching.group {
            out.push_str(match side {
                Side::Left => " group_left ",
                Side::Right => " group_right ",
            });
            labels(out, more);
        }
    }
    for fill in &of.fill {
        out.push_str(match fill.side {
            None => " fill (",
            Some(Side::Left) => " fill_left (",
            Some(Side::Right) => " fill_right (",
        });
        out.push_str(&shown_number(fill.value));
        out.push(')');
    }
    out.push(' ');
    node(out, &of.right);
}

fn aggregate(out: &mut String, of: &Aggregate) {
    out.push_str(of.op.word());
    if let Some(grouping) = &of.grouping {
        out.push_str(if grouping.is_without { " without " } else { " by " });
        labels(out, &grouping.labels);
        out.push(' ');
    }
    arguments(out, of.parameter.iter().chain([&of.of]));
}

fn labels(out: &mut String, of: &[LabelName]) {
    out.push('(');
    for (index, label) in of.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        name(out, label, true);
    }
    out.push(')');
}

/// A name, in quotes where it is not one of the classic form.
fn name(out: &mut String, of: &LabelName, may_have_colon: bool) {
    if is_classic(&of.name, may_have_colon) || of.has_variable() {
        out.push_str(&of.name);
    } else {
        out.push_str(&quoted(&of.name));
    }
}

fn is_classic(text: &str, may_have_colon: bool) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_' || (may_have_colon && c == ':');
    // `Inf` and `NaN` are numbers wherever a word may stand.
    let is_number = text.eq_ignore_ascii_case("inf") || text.eq_ignore_ascii_case("nan");
    text.starts_with(letter) && text.chars().all(|c| letter(c) || c.is_ascii_digit()) && !is_number
}

/// Words that begin something else where a metric's name may stand.
const RESERVED: &[&str] = &["bool", "on", "ignoring", "group_left", "group_right", "atan2"];

fn selector(out: &mut String, of: &Selector) {
    let is_plain = |name: &LabelName| {
        (is_classic(&name.name, true) || name.has_variable())
            && !RESERVED.iter().any(|word| word.eq_ignore_ascii_case(&name.name))
    };
    // Before the braces it would be a second name.
    let may_stand_outside = of.matchers.iter().all(|matcher| matcher.label.name != "__name__");
    let mut in_braces: Vec<String> = Vec::new();
    match &of.name {
        Some(name) if is_plain(name) && may_stand_outside => out.push_str(&name.name),
        Some(name) => in_braces.push(quoted(&name.name)),
        None => {}
    }
    for matcher in &of.matchers {
        let mut text = String::new();
        name(&mut text, &matcher.label, false);
        text.push_str(match matcher.op {
            MatchOp::Equal => "=",
            MatchOp::NotEqual => "!=",
            MatchOp::Regex => "=~",
            MatchOp::NotRegex => "!~",
        });
        text.push_str(&quoted(&matcher.value));
        in_braces.push(text);
    }
    if !in_braces.is_empty() || of.name.is_none() {
        out.push('{');
        out.push_str(&in_braces.join(", "));
        out.push('}');
    }
    if let Some(range) = &of.range {
        out.push('[');
        span(out, range);
        out.push(']');
    }
    match of.modifier {
        Some((RangeModifier::Anchored, _)) => out.push_str(" anchored"),
        Some((RangeModifier::Smoothed, _)) => out.push_str(" smoothed"),
        None => {}
    }
    moved(out, of.at_time.as_ref().map(|(at, _)| *at), of.offset.as_ref());
}

/// `@ start() offset 5m`
fn moved(out: &mut String, at: Option<AtTime>, offset: Option<&TimeSpan>) {
    match at {
        Some(AtTime::Unix(seconds)) => out.push_str(&format!(" @ {}", shown_number(seconds))),
        Some(AtTime::Start) => out.push_str(" @ start()"),
        Some(AtTime::End) => out.push_str(" @ end()"),
        Some(AtTime::Variable) => out.push_str(" @ $time"),
        None => {}
    }
    if let Some(offset) = offset {
        out.push_str(" offset ");
        // What is calculated stands in parentheses behind `offset`, as it was read.
        span(out, offset);
    }
}

fn span(out: &mut String, of: &TimeSpan) {
    match &of.op {
        TimeSpanOp::Seconds(seconds) => out.push_str(&shown_seconds(*seconds)),
        TimeSpanOp::Variable(name) => out.push_str(name),
        TimeSpanOp::Step => out.push_str("step()"),
        TimeSpanOp::Range => out.push_str("range()"),
        TimeSpanOp::Minus(of) => {
            out.push('-');
            span(out, of);
        }
        TimeSpanOp::Arithmetic(op, left, right) => {
            span(out, left);
            out.push_str(&format!(" {} ", op.word()));
            span(out, right);
        }
        TimeSpanOp::Min(a, b) | TimeSpanOp::Max(a, b) => {
            out.push_str(if matches!(of.op, TimeSpanOp::Min(..)) { "min_of(" } else { "max_of(" });
            span(out, a);
            out.push_str(", ");
            span(out, b);
            out.push(')');
        }
        TimeSpanOp::Parens(of) => {
            out.push('(');
            span(out, of);
            out.push(')');
        }
    }
}
