//! What values point to. Everything is appended; nothing moves.

use super::origin::Origin;
use super::value::{Later, LaterRef, Part, Run, TextRef, Value};
use crate::source::Sym;

/// The arenas of one evaluation.
#[derive(Default, Debug)]
pub struct Store {
    text: String,
    texts: Vec<(u32, u32)>,
    lists: Vec<Value>,
    maps: Vec<(Sym, Value)>,
    /// Where each entry of a map comes from, beside it.
    map_origins: Vec<Origin>,
    ranges: Vec<(Value, Value)>,
    later: Vec<Later>,
    parts: Vec<Part>,
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Store {
    /// Stores a text.
    pub fn text(&mut self, text: &str) -> TextRef {
        let start = number(self.text.len());
        self.text.push_str(text);
        self.texts.push((start, number(self.text.len())));
        TextRef(number(self.texts.len() - 1))
    }

    /// Reads a text.
    pub fn read(&self, text: TextRef) -> &str {
        self.texts
            .get(text.0 as usize)
            .and_then(|&(start, end)| self.text.get(start as usize..end as usize))
            .unwrap_or("")
    }

    /// The text of a text or name.
    pub fn as_text(&self, value: Value) -> Option<&str> {
        match value {
            Value::Text(text) => Some(self.read(text)),
            Value::Name(name) => Some(name.as_str()),
            _ => None,
        }
    }

    /// Stores a list.
    pub fn list(&mut self, items: &[Value]) -> Value {
        let start = number(self.lists.len());
        self.lists.extend_from_slice(items);
        Value::List(Run { start, len: number(items.len()) })
    }

    /// The items of a list.
    pub fn items(&self, run: Run) -> &[Value] {
        self.lists.get(run.range()).unwrap_or(&[])
    }

    /// Stores a map.
    pub fn map(&mut self, entries: &[(Sym, Value)]) -> Value {
        self.map_from(entries, &[])
    }

    /// Stores a map whose entries have slots of their own.
    pub fn map_from(&mut self, entries: &[(Sym, Value)], origins: &[Origin]) -> Value {
        let start = number(self.maps.len());
        self.maps.extend_from_slice(entries);
        self.map_origins.extend_from_slice(origins);
        self.map_origins.resize(self.maps.len(), Origin::NONE);
        Value::Map(Run { start, len: number(entries.len()) })
    }

    /// The entries of a map.
    pub fn entries(&self, run: Run) -> &[(Sym, Value)] {
        self.maps.get(run.range()).unwrap_or(&[])
    }

    /// Where the entries of a map come from.
    pub fn origins(&self, run: Run) -> &[Origin] {
        self.map_origins.get(run.range()).unwrap_or(&[])
    }

    /// Stores a range.
    pub fn range(&mut self, low: Value, high: Value) -> Value {
        self.ranges.push((low, high));
        Value::Range(number(self.ranges.len() - 1))
    }

    /// The ends of a range.
    pub fn ends(&self, range: u32) -> (Value, Value) {
        self.ranges.get(range as usize).copied().unwrap_or((Value::Poison, Value::Poison))
    }

    /// Stores a later value.
    pub fn later(&mut self, later: Later) -> LaterRef {
        self.later.push(later);
        LaterRef(number(self.later.len() - 1))
    }

    /// Reads a later value.
    pub fn read_later(&self, later: LaterRef) -> Later {
        self.later.get(later.0 as usize).copied().unwrap_or(Later::Staged(Sym::EMPTY))
    }

    /// Stores a text with later holes.
    pub fn template(&mut self, parts: &[Part]) -> Value {
        let start = number(self.parts.len());
        self.parts.extend_from_slice(parts);
        Value::Template(Run { start, len: number(parts.len()) })
    }

    /// The parts of a text with later holes.
    pub fn parts(&self, run: Run) -> &[Part] {
        self.parts.get(run.range()).unwrap_or(&[])
    }
}
