//! Values as data of other tools, and back.

use super::evaluator::Evaluator;
use super::value::Value;
use crate::embedded::Data;
use crate::resolve::{Embedded, TreeId};
use crate::source::{Span, Sym};
use crate::types::{Ty, TyKind};

/// How data is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// On one line.
    Json,
    /// Indented by two.
    JsonLines,
    /// Blocks of YAML.
    Yaml,
}

/// Words that some reader of YAML takes for something else than a text.
const WORDS: [&str; 12] =
    ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "~", "nan", "inf"];

impl Evaluator<'_> {
    /// Data as a value. `null` is `none`.
    pub(super) fn data_value(&mut self, data: &Data, at: Span) -> Value {
        match data {
            Data::Null => Value::Open,
            Data::Bool(value) => Value::Bool(*value),
            Data::Int(value) => Value::Int(*value),
            Data::Float(value) => Value::Float(*value),
            Data::Text(text) => Value::Text(self.store.text(text)),
            Data::List(items) => {
                let items: Vec<Value> =
                    items.iter().map(|item| self.data_value(item, at)).collect();
                self.list(&items, at)
            }
            Data::Map(entries) => {
                if entries.len() as u64 > self.budget.limits.entries
                    || !self.charge(entries.len() as u64, at)
                {
                    let limit = self.budget.limits.entries.to_string();
                    return self.over_budget("entries in one map", limit, at);
                }
                let entries: Vec<(Sym, Value)> = entries
                    .iter()
                    .map(|(key, item)| (Sym::new(key), self.data_value(item, at)))
                    .collect();
                self.store.map(&entries)
            }
        }
    }

    /// A file that was read into the program: its text, or its data.
    pub(super) fn embedded(&mut self, tree: TreeId, path: &str, wanted: Ty, at: Span) -> Value {
        let file = self.names.tree(tree).file;
        let is_data = *self.types.tys.core(wanted) == TyKind::Data;
        let key = (file, Sym::new(path), is_data);
        if let Some(&known) = self.files.get(&key) {
            return known;
        }
        let names = self.names;
        let found = names.embedded.iter().find(|((of, _, written), held)| {
            *of == file && written.as_str() == path && matches!(held, Embedded::Data(_)) == is_data
        });
        let value = match found {
            Some((_, Embedded::Text(text))) if text.len() as u64 > self.budget.limits.text => {
                let limit = self.budget.limits.text.to_string();
                self.over_budget("bytes in one text", limit, at)
            }
            Some((_, Embedded::Text(text))) => Value::Text(self.store.text(text)),
            Some((_, Embedded::Data(data))) => self.data_value(data, at),
            // Told where the path stands.
            Some((_, Embedded::Wrong { .. })) | None => Value::Poison,
        };
        self.files.insert(key, value);
        value
    }

    /// Writes a value as data. `Err(None)` on poison and past the budget, else what cannot be written.
    pub(super) fn write_data(
        &mut self,
        value: Value,
        style: Style,
        target: u32,
        at: Span,
    ) -> Result<String, Option<&'static str>> {
        let mut out = String::new();
        self.write_value(&mut out, value, style, 0, (target, at))?;
        if style == Style::Yaml {
            out.push('\n');
        }
        Ok(out)
    }

    fn write_value(
        &mut self,
        out: &mut String,
        value: Value,
        style: Style,
        depth: usize,
        place: (u32, Span),
    ) -> Result<(), Option<&'static str>> {
        // Values share parts, so that writing them can take longer than making them.
        if !self.charge(1, place.1) {
            return Err(None);
        }
        if out.len() as u64 > self.budget.limits.text {
            let limit = self.budget.limits.text.to_string();
            self.over_budget("bytes in one text", limit, place.1);
            return Err(None);
        }
        // Records that hold one another are made on demand: their depth is not that of a text.
        if depth as u64 > self.budget.limits.nesting {
            let limit = self.budget.limits.nesting.to_string();
            self.over_budget("levels of one value", limit, place.1);
            return Err(None);
        }
        match value {
            Value::Poison => return Err(None),
            Value::Absent | Value::Open => out.push_str("null"),
            Value::Bool(value) => out.push_str(if value { "true" } else { "false" }),
            Value::Int(value) => out.push_str(&value.to_string()),
            Value::Float(value) => out.push_str(&format!("{value:?}")),
            Value::Quantity(value) => scalar(out, &value.to_string(), style),
            Value::Text(text) => scalar(out, self.store.read(text), style),
            Value::Name(name) => scalar(out, name.as_str(), style),
            Value::Resource(block) => {
                let name = self.blocks.get(block as usize).map_or(Sym::EMPTY, |block| block.name);
                scalar(out, name.as_str(), style);
            }
            Value::List(run) => {
                let items = self.store.items(run).to_vec();
                if items.is_empty() {
                    out.push_str("[]");
                    return Ok(());
                }
                open(out, "[", style);
                for (index, item) in items.into_iter().enumerate() {
                    separate(out, index, style, depth);
                    if style == Style::Yaml {
                        out.push_str("- ");
                    }
                    self.write_value(out, item, style, depth + 1, place)?;
                }
                close(out, "]", style, depth);
            }
            Value::Map(run) => {
                let entries = self.store.entries(run).to_vec();
                self.write_entries(out, entries, style, depth, place)?;
            }
            Value::Record(record) => {
                let Some(schema) = self.schema_of(record) else { return Err(None) };
                let types = self.types;
                let mut entries = Vec::new();
                for field in &types.schema(schema).fields {
                    if field.marks.has(crate::syntax::Marks::STAGED) {
                        continue;
                    }
                    match self.field(record, field.name, place.0, Some(place.1)) {
                        Value::Absent => {}
                        value => entries.push((field.name, value)),
                    }
                }
                self.write_entries(out, entries, style, depth, place)?;
            }
            Value::Range(_) => return Err(Some("a range")),
            Value::Object(_) => return Err(Some("a Kubernetes kind")),
            Value::Type(_) => return Err(Some("a schema")),
            Value::Later(_) | Value::Template(_) => return Err(Some("a later value")),
        }
        Ok(())
    }

    fn write_entries(
        &mut self,
        out: &mut String,
        entries: Vec<(Sym, Value)>,
        style: Style,
        depth: usize,
        place: (u32, Span),
    ) -> Result<(), Option<&'static str>> {
        if entries.is_empty() {
            out.push_str("{}");
            return Ok(());
        }
        open(out, "{", style);
        for (index, (key, value)) in entries.into_iter().enumerate() {
            separate(out, index, style, depth);
            scalar(out, key.as_str(), style);
            out.push(':');
            let is_block = match value {
                Value::List(run) => run.len > 0,
                Value::Map(run) => run.len > 0,
                Value::Record(_) => true,
                _ => false,
            };
            match style {
                Style::Json => {}
                Style::Yaml if is_block => line(out, depth + 1),
                Style::Yaml | Style::JsonLines => out.push(' '),
            }
            self.write_value(out, value, style, depth + 1, place)?;
        }
        close(out, "}", style, depth);
        Ok(())
    }
}

fn open(out: &mut String, bracket: &str, style: Style) {
    if style != Style::Yaml {
        out.push_str(bracket);
    }
}

/// What stands before an element.
fn separate(out: &mut String, index: usize, style: Style, depth: usize) {
    match style {
        Style::Json if index > 0 => out.push(','),
        Style::JsonLines => {
            if index > 0 {
                out.push(',');
            }
            line(out, depth + 1);
        }
        Style::Yaml if index > 0 => line(out, depth),
        Style::Json | Style::Yaml => {}
    }
}

fn close(out: &mut String, bracket: &str, style: Style, depth: usize) {
    if style == Style::JsonLines {
        line(out, depth);
    }
    if style != Style::Yaml {
        out.push_str(bracket);
    }
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// A text. In YAML it stands plain where no reader could take it for anything else, else in the quotes of JSON.
fn scalar(out: &mut String, text: &str, style: Style) {
    let is_plain = style == Style::Yaml
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./".contains(&byte))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if is_plain {
        out.push_str(text);
        return;
    }
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // What ends a line for some readers, or is no character of YAML.
            letter
                if letter.is_control()
                    || matches!(
                        letter,
                        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
                    ) =>
            {
                out.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
}
