//! Operators on values: exact, or an error.

use std::cmp::Ordering;

use super::errors;
use super::evaluator::Evaluator;
use super::expr::Frame;
use super::value::{Later, LaterRef, Value};
use crate::embedded::{ArithmeticError, Decimal, Quantity, Ratio};
use crate::source::Span;
use crate::syntax::{BinaryOp, ExprId};
use crate::types::Meaning;

impl Evaluator<'_> {
    pub(super) fn binary(
        &mut self,
        expr: ExprId,
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
        frame: &Frame,
        meaning: Meaning,
    ) -> Value {
        let a = self.eval(left, frame);
        match op {
            BinaryOp::And => {
                return match a {
                    Value::Bool(false) => a,
                    Value::Bool(true) => self.eval(right, frame),
                    _ => Value::Poison,
                };
            }
            BinaryOp::Or => {
                return match a {
                    Value::Bool(true) => a,
                    Value::Bool(false) => self.eval(right, frame),
                    _ => Value::Poison,
                };
            }
            BinaryOp::Otherwise => {
                return match a {
                    Value::Absent => self.eval(right, frame),
                    Value::Later(later) if self.may_be_missing(later) => {
                        let other = self.eval(right, frame);
                        Value::Later(self.store.later(Later::Otherwise(later, other)))
                    }
                    _ => a,
                };
            }
            BinaryOp::Is => return self.is(a, meaning),
            _ => {}
        }
        let b = self.eval(right, frame);
        if a == Value::Poison || b == Value::Poison {
            return Value::Poison;
        }
        let at = self.span(frame.tree, expr);
        match op {
            BinaryOp::Equal | BinaryOp::NotEqual => match self.equal(a, b, frame.target) {
                Some(equal) => Value::Bool(equal == (op == BinaryOp::Equal)),
                None if self.budget.steps > self.budget.limits.steps => {
                    let limit = self.budget.limits.steps.to_string();
                    self.over_budget("steps", limit, at)
                }
                None => Value::Poison,
            },
            BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => {
                match self.compare(a, b) {
                    Some(order) => Value::Bool(match op {
                        BinaryOp::Less => order == Ordering::Less,
                        BinaryOp::LessEqual => order != Ordering::Greater,
                        BinaryOp::Greater => order == Ordering::Greater,
                        _ => order != Ordering::Less,
                    }),
                    None => Value::Poison,
                }
            }
            BinaryOp::In => self.member_of(a, b, frame.target),
            BinaryOp::Range => self.store.range(a, b),
            BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Remainder => self.arithmetic(op, a, b, at),
            BinaryOp::And | BinaryOp::Or | BinaryOp::Otherwise | BinaryOp::Is => Value::Poison,
        }
    }

    /// Whether a later value may not be there when it is asked for: fields may, values and what is computed are.
    fn may_be_missing(&self, later: LaterRef) -> bool {
        match self.store.read_later(later) {
            Later::Field(..) | Later::Item(..) => true,
            Later::Otherwise(_, Value::Later(other)) => self.may_be_missing(other),
            Later::Staged(_) | Later::Call(..) | Later::Otherwise(..) => false,
        }
    }

    fn member_of(&mut self, item: Value, container: Value, target: u32) -> Value {
        match container {
            Value::List(run) => {
                for index in 0..run.len as usize {
                    let Some(&other) = self.store.items(run).get(index) else { break };
                    match self.equal(item, other, target) {
                        Some(true) => return Value::Bool(true),
                        Some(false) => {}
                        None => return Value::Poison,
                    }
                }
                Value::Bool(false)
            }
            Value::Map(run) => {
                let key = self.store.as_text(item);
                Value::Bool(key.is_some_and(|key| {
                    self.store.entries(run).iter().any(|(k, _)| k.as_str() == key)
                }))
            }
            Value::Range(range) => {
                let (low, high) = self.store.ends(range);
                let above = low == Value::Open
                    || self.compare(item, low).is_some_and(|order| order != Ordering::Less);
                let below = high == Value::Open
                    || self.compare(item, high).is_some_and(|order| order != Ordering::Greater);
                Value::Bool(above && below)
            }
            _ => Value::Poison,
        }
    }

    /// Whether two values are equal; records field by field. `None` on poison.
    pub(super) fn equal(&mut self, a: Value, b: Value, target: u32) -> Option<bool> {
        // Values share parts, so that comparing them can take longer than writing them.
        self.budget.steps += 1;
        if self.budget.steps > self.budget.limits.steps {
            return None;
        }
        match (a, b) {
            (Value::Poison, _) | (_, Value::Poison) => None,
            (Value::Int(x), Value::Float(y)) | (Value::Float(y), Value::Int(x)) => {
                #[expect(
                    clippy::cast_precision_loss,
                    clippy::float_cmp,
                    reason = "as the language says"
                )]
                let equal = x as f64 == y;
                Some(equal)
            }
            (Value::Text(_) | Value::Name(_), Value::Text(_) | Value::Name(_)) => {
                Some(self.store.as_text(a) == self.store.as_text(b))
            }
            (Value::Quantity(x), Value::Quantity(y)) => Some(x == y),
            (Value::List(x), Value::List(y)) => {
                let (x, y) = (self.store.items(x).to_vec(), self.store.items(y).to_vec());
                if x.len() != y.len() {
                    return Some(false);
                }
                for (x, y) in x.into_iter().zip(y) {
                    if !self.equal(x, y, target)? {
                        return Some(false);
                    }
                }
                Some(true)
            }
            (Value::Map(x), Value::Map(y)) => {
                let (x, y) = (self.store.entries(x).to_vec(), self.store.entries(y).to_vec());
                if x.len() != y.len() {
                    return Some(false);
                }
                for (key, value) in x {
                    let Some((_, other)) = y.iter().find(|(known, _)| *known == key) else {
                        return Some(false);
                    };
                    if !self.equal(value, *other, target)? {
                        return Some(false);
                    }
                }
                Some(true)
            }
            (Value::Range(x), Value::Range(y)) => {
                let ((a, b), (c, d)) = (self.store.ends(x), self.store.ends(y));
                Some(self.equal(a, c, target)? && self.equal(b, d, target)?)
            }
            (Value::Record(x), Value::Record(y)) => {
                let (schema, other) = (self.schema_of(x)?, self.schema_of(y)?);
                if schema != other {
                    return Some(false);
                }
                let count = u16::try_from(self.types.schema(schema).fields.len()).unwrap_or(0);
                for slot in 0..count {
                    let (x, y) = (
                        self.field_at(x, slot, target, None),
                        self.field_at(y, slot, target, None),
                    );
                    if !self.equal(x, y, target)? {
                        return Some(false);
                    }
                }
                Some(true)
            }
            _ => Some(a == b),
        }
    }

    pub(super) fn compare(&self, a: Value, b: Value) -> Option<Ordering> {
        #[expect(clippy::cast_precision_loss, reason = "as the language says")]
        match (a, b) {
            (Value::Int(x), Value::Int(y)) => Some(x.cmp(&y)),
            (Value::Float(x), Value::Float(y)) => x.partial_cmp(&y),
            (Value::Int(x), Value::Float(y)) => (x as f64).partial_cmp(&y),
            (Value::Float(x), Value::Int(y)) => x.partial_cmp(&(y as f64)),
            (Value::Quantity(x), Value::Quantity(y)) => x.compare(y).ok(),
            _ => Some(self.store.as_text(a)?.cmp(self.store.as_text(b)?)),
        }
    }

    pub(super) fn arithmetic(&mut self, op: BinaryOp, a: Value, b: Value, at: Span) -> Value {
        match (a, b) {
            (Value::Int(x), Value::Int(y)) => self.integers(op, x, y, at),
            (Value::Quantity(x), Value::Quantity(y)) => {
                let result = match op {
                    BinaryOp::Add => x.checked_add(y),
                    BinaryOp::Subtract => x.checked_sub(y),
                    BinaryOp::Divide => {
                        return match x.checked_div(y) {
                            Ok(Ratio::Whole(ratio)) =>
                            {
                                #[expect(
                                    clippy::cast_precision_loss,
                                    reason = "a ratio is a Float"
                                )]
                                Value::Float(ratio as f64)
                            }
                            Ok(Ratio::Fraction(ratio)) => Value::Float(ratio),
                            Err(problem) => self.arithmetic_problem(problem, at),
                        };
                    }
                    _ => return Value::Poison,
                };
                self.quantity(result, at)
            }
            (Value::Quantity(q), Value::Int(n)) if op == BinaryOp::Divide => self.share(q, n, at),
            (Value::Quantity(q), Value::Int(n)) | (Value::Int(n), Value::Quantity(q)) => {
                let result = q.checked_mul(n);
                self.quantity(result, at)
            }
            (Value::Quantity(q), Value::Float(x)) | (Value::Float(x), Value::Quantity(q)) => {
                match Decimal::from_float(x) {
                    Some(by) => {
                        let result = q.checked_mul_decimal(by);
                        self.quantity(result, at)
                    }
                    None => {
                        self.report(errors::arithmetic("the factor is no number", at));
                        Value::Poison
                    }
                }
            }
            (x, y) => {
                #[expect(clippy::cast_precision_loss, reason = "as the language says")]
                let float = |value: Value| match value {
                    Value::Int(value) => Some(value as f64),
                    Value::Float(value) => Some(value),
                    _ => None,
                };
                let (Some(x), Some(y)) = (float(x), float(y)) else { return Value::Poison };
                let result = match op {
                    BinaryOp::Add => x + y,
                    BinaryOp::Subtract => x - y,
                    BinaryOp::Multiply => x * y,
                    BinaryOp::Divide => x / y,
                    _ => return Value::Poison,
                };
                if !result.is_finite() {
                    self.report(errors::arithmetic("the result is no number", at));
                    return Value::Poison;
                }
                Value::Float(result)
            }
        }
    }

    fn integers(&mut self, op: BinaryOp, x: i64, y: i64, at: Span) -> Value {
        if y == 0 && matches!(op, BinaryOp::Divide | BinaryOp::Remainder) {
            self.report(errors::arithmetic("a division by zero", at));
            return Value::Poison;
        }
        if op == BinaryOp::Divide && x.checked_rem(y) != Some(0) {
            let found = errors::arithmetic(&format!("{x} / {y} is no whole number"), at);
            self.report(
                found.help(
                    "whole numbers divide exactly; write one side with a point for a `Float`",
                ),
            );
            return Value::Poison;
        }
        let result = match op {
            BinaryOp::Add => x.checked_add(y),
            BinaryOp::Subtract => x.checked_sub(y),
            BinaryOp::Multiply => x.checked_mul(y),
            BinaryOp::Divide => x.checked_div(y),
            BinaryOp::Remainder => x.checked_rem_euclid(y),
            _ => return Value::Poison,
        };
        match result {
            Some(value) => Value::Int(value),
            None => {
                self.report(errors::arithmetic("the result does not fit into 64 bits", at));
                Value::Poison
            }
        }
    }

    fn share(&mut self, q: Quantity, n: i64, at: Span) -> Value {
        if n == 0 {
            self.report(errors::arithmetic("a division by zero", at));
            return Value::Poison;
        }
        if q.amount() % n != 0 {
            self.report(errors::arithmetic(
                &format!("{q} / {n} is no whole number of base units"),
                at,
            ));
            return Value::Poison;
        }
        Value::Quantity(Quantity::new(q.amount() / n, q.unit()))
    }

    fn quantity(&mut self, result: Result<Quantity, ArithmeticError>, at: Span) -> Value {
        match result {
            Ok(quantity) => Value::Quantity(quantity),
            Err(problem) => self.arithmetic_problem(problem, at),
        }
    }

    pub(super) fn arithmetic_problem(&mut self, problem: ArithmeticError, at: Span) -> Value {
        let title = match problem {
            ArithmeticError::Overflow => "the result does not fit into 64 bits".to_owned(),
            ArithmeticError::Inexact(dimension) => {
                format!(
                    "the result is no whole number of {}s",
                    dimension.base_name().trim_start_matches("a ")
                )
            }
            ArithmeticError::DivisionByZero => "a division by zero".to_owned(),
            ArithmeticError::Unlike(a, b) => {
                format!("`{}` and `{}` do not add up", a.type_name(), b.type_name())
            }
        };
        self.report(errors::arithmetic(&title, at));
        Value::Poison
    }
}
