//! Values against the schemas of variables, as Cluster API judges them.

use super::look::{entries, flag, get, items, number, shown, text};
use super::schema::{Base, Ty};
use crate::backend::Node;
use crate::diag::nearest;

/// Why a value does not fit its schema.
#[derive(Clone, Debug)]
pub(super) struct Unfit<'n, 'a> {
    /// The wrong part.
    pub(super) node: &'n Node<'a>,
    /// Where in the value: `.cpu`; empty for the whole.
    pub(super) path: String,
    /// What is there.
    pub(super) found: String,
    /// What is wanted.
    pub(super) wanted: String,
}

/// How deep values are judged.
const DEPTH: usize = 32;

/// Everything of a value that a schema refuses. Patterns, formats and rules in CEL are left to the API server.
pub(super) fn unfit<'n, 'a>(schema: &Node<'_>, value: &'n Node<'a>) -> Vec<Unfit<'n, 'a>> {
    let mut out = Vec::new();
    judge(schema, value, "", 0, &mut out);
    out
}

fn judge<'n, 'a>(
    schema: &Node<'_>,
    value: &'n Node<'a>,
    path: &str,
    depth: usize,
    out: &mut Vec<Unfit<'n, 'a>>,
) {
    if depth > DEPTH {
        return;
    }
    let mut tell = |found: String, wanted: String| {
        out.push(Unfit { node: value, path: path.to_owned(), found, wanted });
    };
    let base = Ty::Schema(schema).base();
    let is_of_type = match (base, value) {
        (Base::Unknown, _)
        | (Base::Text | Base::IntOrText, Node::Text(..))
        | (Base::Int | Base::Number | Base::IntOrText, Node::Int(..))
        | (Base::Number, Node::Float(..))
        | (Base::Bool, Node::Bool(..))
        | (Base::List, Node::List(_))
        | (Base::Record, Node::Map(_)) => true,
        (Base::Int, Node::Float(value, _)) => value.fract() == 0.0,
        _ => false,
    };
    if !is_of_type {
        tell(shown(value), base.words().to_owned());
        return;
    }
    if let Some(allowed @ Node::List(_)) = get(schema, "enum") {
        let allowed = items(Some(allowed));
        if !allowed.iter().any(|one| is_same(one, value)) {
            let list: Vec<String> = allowed.iter().map(shown).collect();
            let near = text(value).and_then(|it| nearest(it, allowed.iter().filter_map(text)));
            let near = near.map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
            tell(shown(value), format!("one of {}{near}", list.join(", ")));
        }
    }
    if let Some((found, wanted)) = out_of_bounds(schema, value) {
        tell(found, wanted);
    }
    match value {
        Node::List(list) => {
            let Some(of) = get(schema, "items") else { return };
            for (index, item) in list.iter().enumerate() {
                judge(of, item, &format!("{path}[{index}]"), depth + 1, out);
            }
        }
        Node::Map(fields) if base == Base::Record => {
            for (key, inner) in fields {
                let here = format!("{path}.{key}");
                match Ty::Schema(schema).field(key) {
                    Ok(Ty::Schema(of)) => judge(of, inner, &here, depth + 1, out),
                    Ok(Ty::Builtin(_) | Ty::Unknown) => {}
                    Err(known) => {
                        let near = nearest(key, known.iter().copied());
                        let near = near
                            .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                        out.push(Unfit {
                            node: inner,
                            path: here,
                            found: format!("the field `{key}`"),
                            wanted: format!("{}{near}", fields_of(&known)),
                        });
                    }
                }
            }
            for name in items(get(schema, "required")).iter().filter_map(text) {
                let is_there = fields.iter().any(|(key, _)| key == name);
                if !is_there && !has_default(schema, name) {
                    out.push(Unfit {
                        node: value,
                        path: path.to_owned(),
                        found: format!("a record without `{name}`"),
                        wanted: format!("one with `{name}`"),
                    });
                }
            }
        }
        Node::Map(_) | Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::Text(..) => {}
    }
}

fn fields_of(known: &[&str]) -> String {
    if known.is_empty() {
        return "a record without fields".to_owned();
    }
    let list: Vec<String> = known.iter().take(12).map(|name| format!("`{name}`")).collect();
    let more = if known.len() > 12 { ", .." } else { "" };
    format!("one of {}{more}", list.join(", "))
}

fn has_default(schema: &Node<'_>, name: &str) -> bool {
    let field = get(schema, "properties").and_then(|fields| get(fields, name));
    field.is_some_and(|field| get(field, "default").is_some())
}

/// What bounds of numbers, texts, lists and maps say.
fn out_of_bounds(schema: &Node<'_>, value: &Node<'_>) -> Option<(String, String)> {
    #[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^53")]
    let length = |count: usize| count as f64;
    let (size, low, high, unit) = match value {
        Node::Int(..) | Node::Float(..) => (number(value)?, "minimum", "maximum", ""),
        Node::Text(text, _) => {
            (length(text.chars().count()), "minLength", "maxLength", " characters")
        }
        Node::List(items) => (length(items.len()), "minItems", "maxItems", " items"),
        Node::Map(entries) => (length(entries.len()), "minProperties", "maxProperties", " fields"),
        Node::Bool(..) => return None,
    };
    let found = || if unit.is_empty() { shown(value) } else { format!("{size}{unit}") };
    if let Some(low) = get(schema, low).and_then(number) {
        let is_excluded = unit.is_empty() && flag(schema, &["exclusiveMinimum"]);
        if size < low || is_excluded && size <= low {
            let than = if is_excluded { "more than" } else { "at least" };
            return Some((found(), format!("{than} {low}{unit}")));
        }
    }
    if let Some(high) = get(schema, high).and_then(number) {
        let is_excluded = unit.is_empty() && flag(schema, &["exclusiveMaximum"]);
        if size > high || is_excluded && size >= high {
            let than = if is_excluded { "less than" } else { "at most" };
            return Some((found(), format!("{than} {high}{unit}")));
        }
    }
    None
}

/// Whether two values are one in JSON, wherever they come from.
fn is_same(left: &Node<'_>, right: &Node<'_>) -> bool {
    match (left, right) {
        (Node::Bool(left, _), Node::Bool(right, _)) => left == right,
        (Node::Text(left, _), Node::Text(right, _)) => left == right,
        (Node::List(left), Node::List(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| is_same(left, right))
        }
        (Node::Map(_), Node::Map(_)) => {
            let (left, right) = (entries(left), entries(right));
            left.len() == right.len()
                && left.iter().all(|(key, value)| {
                    right.iter().any(|(other, it)| other == key && is_same(value, it))
                })
        }
        (left, right) => match (number(left), number(right)) {
            (Some(left), Some(right)) => left.total_cmp(&right).is_eq(),
            _ => false,
        },
    }
}
