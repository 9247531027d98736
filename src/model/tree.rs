//! Values of any nesting: what an object holds.

use super::Of;
use super::lift::{Lift, Reader};
use crate::eval::{self, Evaluator, Origin, Value};
use crate::source::Sym;

/// A value of any nesting. Fields that are not set are left out; a reference is its resource's name, a quantity the text that the
/// program writes.
#[derive(Clone, PartialEq, Debug)]
pub enum Tree<'a> {
    /// A boolean.
    Bool(Of<bool>),
    /// A whole number.
    Int(Of<i64>),
    /// A number with a fraction.
    Float(f64, Origin),
    /// A text.
    Text(Of<&'a str>),
    /// A list.
    List(Vec<Self>),
    /// A record or map, in the order of its schema, or as written.
    Map(Vec<(Sym, Self)>),
}

impl<'a> Tree<'a> {
    /// What stands below some keys.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        let Some((key, rest)) = path.split_first() else { return Some(self) };
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(known, _)| known.as_str() == *key)?.1.at(rest)
    }

    /// The text that it is.
    pub const fn text(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text.value),
            _ => None,
        }
    }

    /// Who says so; what holds others has no place of its own.
    pub const fn origin(&self) -> Option<Origin> {
        match self {
            Self::Bool(it) => Some(it.origin),
            Self::Int(it) => Some(it.origin),
            Self::Text(it) => Some(it.origin),
            Self::Float(_, origin) => Some(*origin),
            Self::List(_) | Self::Map(_) => None,
        }
    }
}

impl<'a> Lift<'a> for Tree<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let values: &'a Evaluator<'a> = reader.values;
        Some(match value {
            Value::Bool(value) => Self::Bool(Of::new(value, origin)),
            Value::Int(value) => Self::Int(Of::new(value, origin)),
            Value::Float(value) => Self::Float(value, origin),
            Value::Quantity(quantity) => {
                Self::Text(Of::new(Sym::new(&quantity.to_string()).as_str(), origin))
            }
            Value::Text(_) | Value::Name(_) => {
                Self::Text(Of::new(values.store.as_text(value)?, origin))
            }
            Value::Resource(block) => {
                let name = values.blocks.get(block as usize)?.name;
                Self::Text(Of::new(name.as_str(), origin))
            }
            Value::List(run) => {
                let items = values.store.items(run).iter();
                Self::List(
                    items.map(|&item| Self::lift(reader, item, origin)).collect::<Option<_>>()?,
                )
            }
            Value::Map(run) => {
                let entries = values.store.entries(run).iter().zip(values.store.origins(run));
                let mut out = Vec::new();
                for (&(key, value), &slot) in entries {
                    let origin = if slot == Origin::NONE { origin } else { slot };
                    if value != Value::Absent {
                        out.push((key, Self::lift(reader, value, origin)?));
                    }
                }
                Self::Map(out)
            }
            Value::Record(record) => Self::Map(fields(reader, record, &[])?),
            _ => return None,
        })
    }
}

/// The fields of a record that are set, but for some.
pub(super) fn fields<'a>(
    reader: &Reader<'a>,
    record: eval::RecordId,
    but: &[&str],
) -> Option<Vec<(Sym, Tree<'a>)>> {
    let schema = reader.values.schema_of(record)?;
    let mut out = Vec::new();
    for field in &reader.values.types.schema(schema).fields {
        if but.contains(&field.name.as_str()) {
            continue;
        }
        let (value, origin) = reader.field(record, field.name.as_str());
        if value != Value::Absent {
            out.push((field.name, Tree::lift(reader, value, origin)?));
        }
    }
    Some(out)
}
