//! Lists.

use super::{Call, Row};
use crate::eval::value::Value;
use std::cmp::Ordering;

pub(super) const ROWS: &[Row] = &[
    ("length", |call| count(call.items(0).len())),
    ("first", |call| call.items(0).first().copied().unwrap_or(Value::Absent)),
    ("last", |call| call.items(0).last().copied().unwrap_or(Value::Absent)),
    ("slice", slice),
    ("reverse", |call| {
        let mut items = call.items(0);
        items.reverse();
        call.make_list(&items)
    }),
    ("sort", sort),
    ("unique", unique),
    ("flatten", flatten),
    ("range", range),
    ("chunk", chunk),
    ("zip", |call| {
        let (left, right) = (call.items(0), call.items(1));
        let pairs: Vec<Value> =
            left.iter().zip(&right).map(|(&a, &b)| call.make_list(&[a, b])).collect();
        call.make_list(&pairs)
    }),
    ("index-of", index_of),
    ("any", |call| Value::Bool(call.items(0).contains(&Value::Bool(true)))),
    ("every", |call| Value::Bool(call.items(0).iter().all(|&item| item == Value::Bool(true)))),
    ("sum", sum),
    ("smallest", |call| extreme(call, Ordering::Less)),
    ("largest", |call| extreme(call, Ordering::Greater)),
];

pub(super) fn count(length: usize) -> Value {
    Value::Int(i64::try_from(length).unwrap_or(i64::MAX))
}

/// Bounds as people mean them: from the end where negative, cut to what is there.
fn slice(call: &mut Call<'_, '_>) -> Value {
    let items = call.items(0);
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let end = match call.arg(2) {
        Value::Int(end) => end,
        _ => length,
    };
    let place = |index: i64| {
        let from_end = if index < 0 { index.saturating_add(length) } else { index };
        usize::try_from(from_end.clamp(0, length)).unwrap_or(0)
    };
    let (start, end) = (place(call.int(1)), place(end));
    call.make_list(items.get(start..end.max(start)).unwrap_or(&[]))
}

fn sort(call: &mut Call<'_, '_>) -> Value {
    let mut items = call.items(0);
    if items.contains(&Value::Poison) {
        return Value::Poison;
    }
    let depth = items.len().checked_ilog2().unwrap_or(0) as usize + 1;
    if !call.work(items.len().saturating_mul(depth)) {
        return Value::Poison;
    }
    items.sort_by(|&a, &b| call.cx.compare(a, b).unwrap_or(Ordering::Equal));
    call.make_list(&items)
}

fn unique(call: &mut Call<'_, '_>) -> Value {
    let mut kept: Vec<Value> = Vec::new();
    // Texts are many at times; they are compared by their bytes at once.
    let mut texts = rustc_hash::FxHashSet::default();
    for item in call.items(0) {
        if let Some(text) = call.cx.store.as_text(item) {
            if texts.insert(text.to_owned()) {
                kept.push(item);
            }
            continue;
        }
        let mut known = false;
        for &other in &kept {
            match call.cx.equal(item, other, call.target) {
                Some(equal) => known |= equal,
                None => return spent(call),
            }
        }
        if !known {
            kept.push(item);
        }
    }
    call.make_list(&kept)
}

/// The answer of a comparison that met poison, or the end of the budget.
fn spent(call: &mut Call<'_, '_>) -> Value {
    call.work(0);
    Value::Poison
}

fn flatten(call: &mut Call<'_, '_>) -> Value {
    let mut all = Vec::new();
    for inner in call.items(0) {
        let Value::List(run) = inner else { return Value::Poison };
        if !call.has_entries(all.len() as u64 + u64::from(run.len)) {
            return Value::Poison;
        }
        all.extend_from_slice(call.cx.store.items(run));
    }
    call.make_list(&all)
}

fn range(call: &mut Call<'_, '_>) -> Value {
    let (start, end, step) = (call.int(0), call.int(1), call.int(2));
    let span = i128::from(end) - i128::from(start);
    let count = if span <= 0 { 0 } else { (span + i128::from(step) - 1) / i128::from(step.max(1)) };
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    if !call.has_entries(count) {
        return Value::Poison;
    }
    let items: Vec<Value> = (0..count)
        .filter_map(|turn| start.checked_add(i64::try_from(turn).ok()?.checked_mul(step)?))
        .map(Value::Int)
        .collect();
    call.make_list(&items)
}

fn chunk(call: &mut Call<'_, '_>) -> Value {
    let items = call.items(0);
    let size = usize::try_from(call.int(1)).unwrap_or(usize::MAX).max(1);
    let parts: Vec<Value> = items.chunks(size).map(|part| call.make_list(part)).collect();
    call.make_list(&parts)
}

fn index_of(call: &mut Call<'_, '_>) -> Value {
    let wanted = call.arg(1);
    for (index, item) in call.items(0).into_iter().enumerate() {
        match call.cx.equal(item, wanted, call.target) {
            Some(true) => return count(index),
            Some(false) => {}
            None => return spent(call),
        }
    }
    Value::Absent
}

fn sum(call: &mut Call<'_, '_>) -> Value {
    use crate::syntax::BinaryOp;
    let items = call.items(0);
    if !call.work(items.len()) {
        return Value::Poison;
    }
    let Some((first, rest)) = items.split_first() else { return zero(call) };
    let at = call.at;
    rest.iter().fold(*first, |sum, &item| match (sum, item) {
        (Value::Poison, _) | (_, Value::Poison) => Value::Poison,
        _ => call.cx.arithmetic(BinaryOp::Add, sum, item, at),
    })
}

/// Nothing, of the type that the call gives.
fn zero(call: &Call<'_, '_>) -> Value {
    use crate::embedded::{Dimension, Quantity, Unit};
    use crate::types::TyKind;
    let tys = &call.cx.types.tys;
    match tys.kind(tys.present(call.result)) {
        TyKind::Float => Value::Float(0.0),
        TyKind::Quantity(dimension) => Value::Quantity(Quantity::new(
            0,
            match dimension {
                Dimension::Number => return Value::Int(0),
                Dimension::Duration => Unit::Second,
                Dimension::Bytes => Unit::Byte,
                Dimension::Cpu => Unit::Core,
                Dimension::Percent => Unit::Percent,
            },
        )),
        _ => Value::Int(0),
    }
}

fn extreme(call: &mut Call<'_, '_>, wanted: Ordering) -> Value {
    let items = call.items(0);
    if !call.work(items.len()) {
        return Value::Poison;
    }
    let mut best = Value::Absent;
    for item in items {
        if item == Value::Poison {
            return item;
        }
        if best == Value::Absent || call.cx.compare(item, best) == Some(wanted) {
            best = item;
        }
    }
    best
}
