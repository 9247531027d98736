//! Maps. Their order is that in which they are written.

use super::lists::count;
use super::{Call, Row};
use crate::eval::value::Value;
use crate::source::Sym;
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) const ROWS: &[Row] = &[
    ("size", |call| count(call.entries(0).len())),
    ("keys", |call| {
        let keys: Vec<Value> =
            call.entries(0).into_iter().map(|(key, _)| Value::Name(key)).collect();
        call.make_list(&keys)
    }),
    ("values", |call| {
        let values: Vec<Value> = call.entries(0).into_iter().map(|(_, value)| value).collect();
        call.make_list(&values)
    }),
    ("get", |call| {
        let key = call.text(1);
        let found = call.entries(0).into_iter().find(|(known, _)| known.as_str() == key);
        found.map_or_else(|| call.arg(2), |(_, value)| value)
    }),
    ("merge", merge),
    ("pick", |call| chosen(call, true)),
    ("omit", |call| chosen(call, false)),
    ("invert", invert),
    ("map-of", map_of),
];

/// The entries of the second stand in for those of the first; new ones come last.
fn merge(call: &mut Call<'_, '_>) -> Value {
    let mut entries = call.entries(0);
    let places: FxHashMap<Sym, usize> =
        entries.iter().enumerate().map(|(index, (key, _))| (*key, index)).collect();
    for (key, value) in call.entries(1) {
        match places.get(&key).and_then(|&index| entries.get_mut(index)) {
            Some(known) => known.1 = value,
            None => entries.push((key, value)),
        }
    }
    call.make_map(&entries)
}

fn chosen(call: &mut Call<'_, '_>, wanted: bool) -> Value {
    let Some(keys) = call.texts(1) else { return Value::Poison };
    let keys: FxHashSet<String> = keys.into_iter().collect();
    let entries: Vec<(Sym, Value)> = call
        .entries(0)
        .into_iter()
        .filter(|(key, _)| keys.contains(key.as_str()) == wanted)
        .collect();
    call.make_map(&entries)
}

fn invert(call: &mut Call<'_, '_>) -> Value {
    let mut entries: Vec<(Sym, Value)> = Vec::new();
    let mut known: FxHashMap<Sym, Sym> = FxHashMap::default();
    for (key, value) in call.entries(0) {
        let Some(text) = call.cx.store.as_text(value).map(Sym::new) else { return Value::Poison };
        if let Some(first) = known.insert(text, key) {
            let title = format!("`{first}` and `{key}` both hold \"{text}\"");
            return call.wrong(0, &title, "turned round, a map needs each value once");
        }
        entries.push((text, Value::Name(key)));
    }
    call.make_map(&entries)
}

fn map_of(call: &mut Call<'_, '_>) -> Value {
    let (Some(keys), values) = (call.texts(0), call.items(1)) else { return Value::Poison };
    if keys.len() != values.len() {
        let title = format!("{} keys for {} values", keys.len(), values.len());
        return call.wrong(1, &title, "each key takes the value at its place");
    }
    let mut known = FxHashSet::default();
    let mut entries = Vec::with_capacity(keys.len());
    for (key, value) in keys.iter().zip(values) {
        let key = Sym::new(key);
        if !known.insert(key) {
            return call.wrong(
                0,
                &format!("the key `{key}` comes twice"),
                "a map holds each key once",
            );
        }
        entries.push((key, value));
    }
    call.make_map(&entries)
}
