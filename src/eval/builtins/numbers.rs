//! Numbers.

use super::{Call, Row};
use crate::eval::value::Value;
use std::cmp::Ordering;

pub(super) const ROWS: &[Row] = &[
    ("abs", abs),
    ("min", |call| least(call, 0, 1, Ordering::Less)),
    ("max", |call| least(call, 0, 1, Ordering::Greater)),
    ("clamp", clamp),
    ("floor", |call| whole(call, f64::floor)),
    ("ceil", |call| whole(call, f64::ceil)),
    ("round", |call| whole(call, f64::round)),
    ("power", |call| {
        let exponent = u32::try_from(call.int(1)).unwrap_or(u32::MAX);
        let power = call.int(0).checked_pow(exponent);
        call.number(power)
    }),
    ("to-float", |call| Value::Float(float(call.arg(0)))),
    ("parse-int", |call| call.text(0).parse().map_or(Value::Absent, Value::Int)),
    ("parse-float", parse_float),
];

pub(super) fn float(value: Value) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "as the language says")]
    match value {
        Value::Int(value) => value as f64,
        Value::Float(value) => value,
        _ => 0.0,
    }
}

fn abs(call: &mut Call<'_, '_>) -> Value {
    match call.arg(0) {
        Value::Int(value) => {
            let found = value.checked_abs();
            call.number(found)
        }
        Value::Float(value) => Value::Float(value.abs()),
        Value::Quantity(value) if value.amount() < 0 => match value.checked_neg() {
            Ok(value) => Value::Quantity(value),
            Err(problem) => call.cx.arithmetic_problem(problem, call.at),
        },
        value => value,
    }
}

fn least(call: &Call<'_, '_>, a: usize, b: usize, wanted: Ordering) -> Value {
    let (a, b) = (call.arg(a), call.arg(b));
    if call.cx.compare(b, a) == Some(wanted) { b } else { a }
}

fn clamp(call: &mut Call<'_, '_>) -> Value {
    if call.cx.compare(call.arg(1), call.arg(2)) == Some(Ordering::Greater) {
        let (low, high) = (call.cx.show(call.arg(1)), call.cx.show(call.arg(2)));
        return call.wrong(
            1,
            &format!("nothing lies from {low} to {high}"),
            "the lower end comes first",
        );
    }
    if call.cx.compare(call.arg(0), call.arg(1)) == Some(Ordering::Less) {
        return call.arg(1);
    }
    least(call, 0, 2, Ordering::Less)
}

fn whole(call: &mut Call<'_, '_>, how: fn(f64) -> f64) -> Value {
    let value = how(float(call.arg(0)));
    // Both ends are exact as floating-point numbers: -2^63 fits, 2^63 does not.
    #[expect(clippy::cast_possible_truncation, reason = "within the bounds of an i64")]
    let found = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0)
        .contains(&value)
        .then_some(value as i64);
    call.number(found)
}

fn parse_float(call: &mut Call<'_, '_>) -> Value {
    let text = call.text(0);
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    match text.parse::<f64>() {
        Ok(value) if is_plain && value.is_finite() => Value::Float(value),
        _ => Value::Absent,
    }
}
