//! JSON as people read it: short things in one line, everything in the order in which it was made.

use serde_json::Value;

/// Columns that a line has.
const WIDTH: usize = 100;

/// A value as indented JSON, with a line end.
pub(super) fn printed(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, 0, 0);
    out.push('\n');
    out
}

/// Writes a value; `before` columns of its line are taken.
fn write(out: &mut String, value: &Value, depth: usize, before: usize) {
    let flat = flat(value);
    let is_simple = matches!(value, Value::Array(_) | Value::Object(_)) && nesting(value) > 2;
    if !is_simple && before + flat.len() <= WIDTH {
        return out.push_str(&flat);
    }
    let indent = "  ".repeat(depth + 1);
    let (open, close, items): (char, char, Vec<(String, &Value)>) = match value {
        Value::Array(items) => ('[', ']', items.iter().map(|item| (String::new(), item)).collect()),
        Value::Object(entries) => {
            let entry = |(key, value): (&String, _)| (format!("{}: ", quoted(key)), value);
            ('{', '}', entries.iter().map(entry).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return out.push_str(&flat);
        }
    };
    out.push(open);
    for (index, (key, item)) in items.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&indent);
        out.push_str(key);
        write(out, item, depth + 1, indent.len() + key.len() + 1);
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(close);
}

/// How many lists and maps lie in one another.
fn nesting(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(nesting).max().unwrap_or(0),
        Value::Object(entries) => 1 + entries.values().map(nesting).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// A value in one line.
fn flat(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(flat).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Object(entries) => {
            let entry = |(key, value): (&String, _)| format!("{}: {}", quoted(key), flat(value));
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::String(text) => quoted(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::printed;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn short_things_stand_in_one_line() {
        let long = "x".repeat(60);
        let value =
            json!({ "a": [1, 2.5], "b": { "c": [true, null] }, "d": [long, long], "e": {} });
        let expected = format!(
            "{{\n  \"a\": [1, 2.5],\n  \"b\": {{ \"c\": [true, null] }},\n  \"d\": [\n    \"{long}\",\n    \"{long}\"\n  ],\n  \"e\": {{}}\n}}\n"
        );
        assert_eq!(printed(&value), expected);
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 60, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(value in any_value()) {
            let text = printed(&value);
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }
}
