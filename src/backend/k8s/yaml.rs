//! YAML inside of a text: files on machines, and configuration that another tool merges.

use crate::backend::Node;

/// A node as block YAML that every reader takes the same way: what is not a plain word is quoted.
pub(in crate::backend) fn yaml(node: &Node<'_>) -> String {
    let mut out = String::new();
    block(&mut out, node, 0);
    out
}

/// Writes a map or list in lines of its own, anything else in one.
fn block(out: &mut String, node: &Node<'_>, depth: usize) {
    match node {
        Node::Map(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                out.push_str(&"  ".repeat(depth));
                entry(out, key, value, depth);
            }
        }
        Node::List(items) if !items.is_empty() => {
            for item in items {
                out.push_str(&"  ".repeat(depth));
                out.push_str("- ");
                item_of(out, item, depth);
            }
        }
        Node::Map(_)
        | Node::List(_)
        | Node::Bool(..)
        | Node::Int(..)
        | Node::Float(..)
        | Node::Text(..) => {
            out.push_str(&"  ".repeat(depth));
            out.push_str(&scalar(node));
            out.push('\n');
        }
    }
}

fn entry(out: &mut String, key: &str, value: &Node<'_>, depth: usize) {
    out.push_str(&word(key));
    out.push(':');
    if is_nested(value) {
        out.push('\n');
        block(out, value, depth + 1);
    } else {
        out.push(' ');
        out.push_str(&scalar(value));
        out.push('\n');
    }
}

/// An item: a map's first entry stands beside the dash.
fn item_of(out: &mut String, item: &Node<'_>, depth: usize) {
    match item {
        Node::Map(entries) if !entries.is_empty() => {
            for (number, (key, value)) in entries.iter().enumerate() {
                if number > 0 {
                    out.push_str(&"  ".repeat(depth + 1));
                }
                entry(out, key, value, depth + 1);
            }
        }
        Node::List(items) if !items.is_empty() => {
            out.push('\n');
            block(out, item, depth + 1);
        }
        Node::Map(_)
        | Node::List(_)
        | Node::Bool(..)
        | Node::Int(..)
        | Node::Float(..)
        | Node::Text(..) => {
            out.push_str(&scalar(item));
            out.push('\n');
        }
    }
}

const fn is_nested(node: &Node<'_>) -> bool {
    match node {
        Node::Map(entries) => !entries.is_empty(),
        Node::List(items) => !items.is_empty(),
        Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::Text(..) => false,
    }
}

fn scalar(node: &Node<'_>) -> String {
    match node {
        Node::Bool(value, _) => value.to_string(),
        Node::Int(value, _) => value.to_string(),
        Node::Float(value, _) => serde_json::Value::from(*value).to_string(),
        Node::Text(value, _) => word(value),
        Node::List(_) => "[]".to_owned(),
        Node::Map(_) => "{}".to_owned(),
    }
}

/// Words that some reader of YAML takes for something else than a text.
const RESERVED: [&str; 12] =
    ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf", "infinity"];

/// A text, plain where no reader could take it for something else.
fn word(text: &str) -> String {
    let plain = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
        && text.chars().all(|char| char.is_ascii_alphanumeric() || "._/-".contains(char))
        && !RESERVED.contains(&text.to_ascii_lowercase().as_str());
    if plain { text.to_owned() } else { quoted(text) }
}

/// A text in double quotes; what YAML counts as unprintable is escaped.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => out.extend(['\\', char]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            ' '..='~'
            | '\u{a0}'..='\u{d7ff}'
            | '\u{e000}'..='\u{fefe}'
            | '\u{ff00}'..='\u{fffd}'
                if !matches!(char, '\u{2028}' | '\u{2029}') =>
            {
                out.push(char);
            }
            _ => out.push_str(&format!("\\U{:08x}", u32::from(char))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::yaml;
    use crate::backend::{Node, fixture};
    use crate::eval::Origin;

    fn anything() -> impl Strategy<Value = Node<'static>> {
        let none = Origin::NONE;
        let leaf = prop_oneof![
            any::<bool>().prop_map(move |value| Node::Bool(value, none)),
            any::<i32>().prop_map(move |value| Node::Int(value.into(), none)),
            ".*".prop_map(move |value| Node::Text(value.into(), none)),
            prop::sample::select(vec!["yes", "1e3", "~", "0x1", "- a", "a: b", "Null", "1_0", ""])
                .prop_map(move |value| Node::Text(value.into(), none)),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Node::List),
                prop::collection::btree_map(".*", inner, 0..4).prop_map(|entries| {
                    Node::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(node in anything()) {
            let read: serde_json::Value = serde_yaml::from_str(&yaml(&node)).unwrap();
            prop_assert_eq!(read, fixture::json(&node));
        }
    }
}
