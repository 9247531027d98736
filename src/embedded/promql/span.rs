//! Spans of time: ranges, steps and offsets.

use pest::iterators::Pair;

use super::build::Builder;
use super::errors;
use super::grammar::Rule;
use super::literal::{MOST_SECONDS, Number};
use super::tree::{BinaryOp, TimeSpan, TimeSpanOp};
use crate::source::Extent;

impl Builder<'_, '_> {
    /// `span`: operands and operators.
    pub(super) fn span(&mut self, pair: Pair<'_, Rule>) -> TimeSpan {
        let mut operands: Vec<TimeSpan> = Vec::new();
        let mut operators: Vec<BinaryOp> = Vec::new();
        for part in pair.into_inner() {
            if part.as_rule() == Rule::span_op {
                let op = match part.as_str() {
                    "-" => BinaryOp::Sub,
                    "*" => BinaryOp::Mul,
                    "/" => BinaryOp::Div,
                    "%" => BinaryOp::Mod,
                    "^" => BinaryOp::Pow,
                    _ => BinaryOp::Add,
                };
                self.needs_duration_expressions(self.at(&part));
                while operators.last().is_some_and(|last| binds(*last, op)) {
                    self.close_span(&mut operands, &mut operators);
                }
                operators.push(op);
            } else {
                let operand = self.span_part(part);
                operands.push(operand);
            }
        }
        while !operators.is_empty() {
            self.close_span(&mut operands, &mut operators);
        }
        operands.pop().unwrap_or(TimeSpan { at: Extent::new(0, 0), op: TimeSpanOp::Seconds(0.0) })
    }

    fn close_span(&mut self, operands: &mut Vec<TimeSpan>, operators: &mut Vec<BinaryOp>) {
        let (Some(op), Some(right), Some(left)) = (operators.pop(), operands.pop(), operands.pop())
        else {
            return;
        };
        if matches!(op, BinaryOp::Div | BinaryOp::Mod) && right.op.seconds() == Some(0.0) {
            self.wrong(errors::span_by_zero(right.at, op.word()));
        }
        let at = Extent::new(left.at.start, right.at.end);
        operands
            .push(TimeSpan { at, op: TimeSpanOp::Arithmetic(op, Box::new(left), Box::new(right)) });
    }

    /// A sign or several, and what they stand before: `span_part`, or what follows `offset`.
    pub(super) fn span_part(&mut self, pair: Pair<'_, Rule>) -> TimeSpan {
        let mut signs: Vec<(bool, u32)> = Vec::new();
        let mut found = None;
        for part in pair.into_inner() {
            let at = self.at(&part);
            match part.as_rule() {
                Rule::sign => signs.push((part.as_str() == "-", at.start)),
                Rule::kw_offset => {}
                _ => found = Some(self.span_primary(part)),
            }
        }
        let mut span =
            found.unwrap_or(TimeSpan { at: Extent::new(0, 0), op: TimeSpanOp::Seconds(0.0) });
        for (is_minus, start) in signs.into_iter().rev() {
            let at = Extent::new(start, span.at.end);
            span = if is_minus {
                TimeSpan { at, op: TimeSpanOp::Minus(Box::new(span)) }
            } else {
                TimeSpan { at, op: span.op }
            };
        }
        span
    }

    fn span_primary(&mut self, pair: Pair<'_, Rule>) -> TimeSpan {
        let at = self.at(&pair);
        let op = match pair.as_rule() {
            Rule::span_paren => {
                self.needs_duration_expressions(at);
                let inner = pair.into_inner().find(|part| part.as_rule() == Rule::span);
                match inner {
                    Some(inner) => TimeSpanOp::Parens(Box::new(self.span(inner))),
                    None => TimeSpanOp::Seconds(0.0),
                }
            }
            Rule::span_call => {
                self.needs_duration_expressions(at);
                self.span_call(pair)
            }
            Rule::filled => TimeSpanOp::Variable(pair.as_str().to_owned()),
            _ if pair.as_str().contains(['$', super::HOLE]) || pair.as_str().contains("[[") => {
                TimeSpanOp::Variable(pair.as_str().to_owned())
            }
            _ => {
                // What cannot be read is told, and nothing more is said of it.
                let seconds = self.number(&pair).map_or(1.0, Number::value);
                if seconds.is_nan() || seconds > MOST_SECONDS {
                    self.wrong(errors::span_too_long(at));
                }
                TimeSpanOp::Seconds(seconds)
            }
        };
        TimeSpan { at, op }
    }

    fn span_call(&mut self, pair: Pair<'_, Rule>) -> TimeSpanOp {
        let at = self.at(&pair);
        let mut word = String::new();
        let mut args = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::span_word => word = part.as_str().to_ascii_lowercase(),
                Rule::span => args.push(self.span(part)),
                _ => {}
            }
        }
        let mut args = args.into_iter();
        match (word.as_str(), args.next(), args.next()) {
            ("step", None, None) => TimeSpanOp::Step,
            ("range", None, None) => TimeSpanOp::Range,
            ("min" | "min_of", Some(a), Some(b)) => TimeSpanOp::Min(Box::new(a), Box::new(b)),
            ("max" | "max_of", Some(a), Some(b)) => TimeSpanOp::Max(Box::new(a), Box::new(b)),
            _ => {
                self.wrong(errors::span_arguments(at, &word));
                TimeSpanOp::Seconds(1.0)
            }
        }
    }
}

/// Whether an operator is closed before another one.
const fn binds(last: BinaryOp, next: BinaryOp) -> bool {
    const fn strength(op: BinaryOp) -> u8 {
        match op {
            BinaryOp::Add | BinaryOp::Sub => 1,
            BinaryOp::Pow => 3,
            _ => 2,
        }
    }
    strength(last) > strength(next)
        || (strength(last) == strength(next) && !matches!(next, BinaryOp::Pow))
}
