//! Quantities: to numbers, from numbers, and to round sizes.

use super::{Call, Row};
use crate::embedded::{Quantity, Unit};
use crate::eval::value::Value;

pub(super) const ROWS: &[Row] = &[
    ("to-seconds", |call| ratio(call)),
    ("to-cores", |call| ratio(call)),
    ("to-ratio", |call| ratio(call)),
    ("to-bytes", |call| call.quantity(0).map_or(Value::Poison, |q| Value::Int(q.amount()))),
    ("seconds", |call| of(call, Unit::Second)),
    ("cores", |call| of(call, Unit::Core)),
    ("bytes", |call| of(call, Unit::Byte)),
    ("percent", |call| of(call, Unit::Percent)),
    ("round-up", |call| rounded(call, true)),
    ("round-down", |call| rounded(call, false)),
];

/// How many of its main unit: seconds, cores, shares of one.
fn ratio(call: &Call<'_, '_>) -> Value {
    call.quantity(0).map_or(Value::Poison, |q| Value::Float(q.in_main_unit().to_float()))
}

fn of(call: &mut Call<'_, '_>, unit: Unit) -> Value {
    match call.int(0).checked_mul(unit.factor()) {
        Some(amount) => Value::Quantity(Quantity::new(amount, unit)),
        None => call.number(None),
    }
}

fn rounded(call: &mut Call<'_, '_>, up: bool) -> Value {
    let amounts = match (call.arg(0), call.arg(1)) {
        (Value::Quantity(value), Value::Quantity(step)) => Some((value.amount(), step.amount())),
        (Value::Int(value), Value::Int(step)) => Some((value, step)),
        _ => None,
    };
    let Some((value, step)) = amounts else {
        return call.wrong(
            0,
            "a `Float` has no steps",
            "`round`, `floor` and `ceil` make it an `Int`",
        );
    };
    if step <= 0 {
        return call.wrong(
            1,
            "a step that is not above zero",
            "the step is what the result is a multiple of",
        );
    }
    let below = value.rem_euclid(step);
    let found = match (below, up) {
        (0, _) => Some(value),
        (_, true) => value.checked_add(step - below),
        (_, false) => value.checked_sub(below),
    };
    match (found, call.arg(1)) {
        (Some(amount), Value::Quantity(step)) => {
            Value::Quantity(Quantity::new(amount, step.unit()))
        }
        _ => call.number(found),
    }
}
