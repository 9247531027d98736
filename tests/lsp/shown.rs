//! What comes back, in lines that people can read and compare.

use serde_json::Value;

/// A value of JSON, without quotes and brackets where they say nothing; ranges are `line:column-line:column` from 1.
pub(crate) fn shown(value: &Value) -> String {
    let mut out = String::new();
    put(value, 0, &mut out);
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

fn put(value: &Value, depth: usize, out: &mut String) {
    if let Some(line) = in_a_line(value) {
        out.push_str(&line);
        return;
    }
    let indent = "  ".repeat(depth);
    match value {
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                if number > 0 || depth > 0 {
                    out.push_str(&format!("\n{indent}"));
                }
                out.push_str("- ");
                put(item, depth + 1, out);
            }
        }
        Value::Object(fields) => {
            let mut first = true;
            for (name, field) in fields {
                if field.is_null() {
                    continue;
                }
                if !first {
                    out.push_str(&format!("\n{indent}"));
                }
                first = false;
                out.push_str(name);
                out.push_str(": ");
                // A digest of what also holds the folder's name.
                if name == "resultId" && field.as_str().is_some_and(|it| it.len() == 16) {
                    out.push_str("some digest");
                    continue;
                }
                if in_a_line(field).is_none() && field.is_object() {
                    out.push_str(&format!("\n{indent}  "));
                }
                put(field, depth + 1, out);
            }
        }
        Value::String(text) => {
            for line in text.lines() {
                out.push_str(&format!("\n{indent}| {line}"));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn in_a_line(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("nothing".to_owned()),
        Value::Bool(it) => Some(it.to_string()),
        Value::Number(it) => Some(it.to_string()),
        Value::String(text) if text.contains('\n') => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) if items.is_empty() => Some("none".to_owned()),
        Value::Array(items) if items.iter().all(|it| it.is_number() || is_word(it)) => {
            let items: Vec<String> = items.iter().filter_map(in_a_line).collect();
            Some(items.join(" "))
        }
        Value::Array(_) => None,
        Value::Object(fields) if fields.is_empty() => Some("{}".to_owned()),
        Value::Object(fields) => {
            let position = |value: &Value| {
                let (line, column) = (value["line"].as_u64()?, value["character"].as_u64()?);
                (value.as_object()?.len() == 2).then(|| format!("{}:{}", line + 1, column + 1))
            };
            if fields.len() == 2 && fields.contains_key("start") {
                return Some(format!(
                    "{}-{}",
                    position(&value["start"])?,
                    position(&value["end"])?
                ));
            }
            position(value)
        }
    }
}

fn is_word(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.contains([' ', '\n']))
}
