//! Texts with holes.

use super::errors;
use super::evaluator::Evaluator;
use super::expr::Frame;
use super::value::{Later, LaterRef, Part, Value};
use crate::embedded::shell_word;
use crate::source::{Span, Sym};
use crate::syntax::{ExprId, TextId, TextPart};
use crate::types::{TextKind, TyKind};

impl Evaluator<'_> {
    /// A text literal: what it holds, with its holes filled.
    pub(super) fn text(&mut self, text: TextId, expr: ExprId, frame: &Frame) -> Value {
        let names = self.names;
        let nodes = &names.tree(frame.tree).tree;
        let parts = nodes.parts_of(nodes.text(text).parts);
        let ty = self.types.type_of_expr(frame.tree, expr);
        if matches!(self.types.tys.core(ty), TyKind::Later(..)) {
            return self.later_text(parts, expr, frame);
        }
        if let [TextPart::Verbatim(at)] = parts {
            return Value::Text(self.store.text(names.text(frame.tree, *at)));
        }
        if matches!(self.types.tys.core(ty), TyKind::Text(TextKind::PromQl)) {
            return self.query(parts, frame);
        }
        // What is put into a script is one word of it.
        let is_script = matches!(self.types.tys.core(ty), TyKind::Text(TextKind::Shell));
        let mut open = String::new();
        for part in parts {
            match *part {
                TextPart::Verbatim(at) => open.push_str(names.text(frame.tree, at)),
                TextPart::Escape(letter, _) => open.push(letter),
                TextPart::Hole(hole) => {
                    let value = self.eval(hole, frame);
                    match self.print(value) {
                        Some(printed) if is_script => open.push_str(&shell_word(&printed)),
                        Some(printed) => open.push_str(&printed),
                        None => return self.no_text(value, hole, frame),
                    }
                }
            }
            let at = self.span(frame.tree, expr);
            if let Some(over) = self.over_text(frame.tree, open.len(), at) {
                return over;
            }
            if open.len() as u64 > self.budget.limits.text {
                let at = self.span(frame.tree, expr);
                return self.too_long(at);
            }
        }
        Value::Text(self.store.text(&open))
    }

    /// A text that is filled later. What stands in it is the target's own text, what is put in means itself.
    fn later_text(&mut self, parts: &[TextPart], expr: ExprId, frame: &Frame) -> Value {
        let names = self.names;
        let at = self.span(frame.tree, expr);
        let mut done = Pieces::default();
        for part in parts {
            match *part {
                TextPart::Verbatim(at) => done.text(names.text(frame.tree, at), true),
                TextPart::Escape(letter, _) => done.text(letter.encode_utf8(&mut [0; 4]), true),
                TextPart::Hole(hole) => match self.eval(hole, frame) {
                    Value::Later(later) => done.0.push(Piece::Hole(later)),
                    Value::Template(run) => {
                        for &part in self.store.parts(run) {
                            match part {
                                Part::Source(text) => done.text(self.store.read(text), true),
                                Part::Text(text) => done.text(self.store.read(text), false),
                                Part::Hole(later) => done.0.push(Piece::Hole(later)),
                            }
                        }
                    }
                    value => match self.print(value) {
                        Some(printed) => done.text(&printed, false),
                        None => return self.no_text(value, hole, frame),
                    },
                },
            }
            let length = done.length();
            if let Some(over) = self.over_text(frame.tree, length, at) {
                return over;
            }
            if length as u64 > self.budget.limits.text {
                return self.too_long(at);
            }
        }
        if let Some(plain) = done.plain() {
            return Value::Text(self.store.text(&plain));
        }
        let parts: Vec<Part> = done
            .0
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text, true) => Part::Source(self.store.text(&text)),
                Piece::Text(text, false) => Part::Text(self.store.text(&text)),
                Piece::Hole(later) => Part::Hole(later),
            })
            .collect();
        self.store.template(&parts)
    }

    /// Poison for a value that does not print, reported where only its data says so.
    fn no_text(&mut self, value: Value, hole: ExprId, frame: &Frame) -> Value {
        if matches!(value, Value::List(_) | Value::Map(_) | Value::Open) {
            let (at, found) = (self.span(frame.tree, hole), self.data_words(value));
            self.report(errors::data::no_text(&found, at));
        }
        Value::Poison
    }

    fn too_long(&mut self, at: Span) -> Value {
        let limit = self.budget.limits.text.to_string();
        self.over_budget("bytes in one text", limit, at)
    }

    /// A scalar as text; `None` on poison and on what does not print.
    pub fn print(&self, value: Value) -> Option<String> {
        Some(match value {
            Value::Bool(value) => value.to_string(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) => value.to_string(),
            Value::Quantity(value) => value.to_string(),
            Value::Text(text) => self.store.read(text).to_owned(),
            Value::Name(name) => name.as_str().to_owned(),
            Value::Poison
            | Value::Absent
            | Value::Open
            | Value::List(_)
            | Value::Map(_)
            | Value::Record(_)
            | Value::Resource(_)
            | Value::Object(_)
            | Value::Type(_)
            | Value::Range(_)
            | Value::Later(_)
            | Value::Template(_) => return None,
        })
    }

    /// A later value as the language writes it, shortened.
    fn show_later(&self, later: LaterRef, depth: u32) -> String {
        if depth > 8 {
            return "..".to_owned();
        }
        match self.store.read_later(later) {
            Later::Staged(name) => name.to_string(),
            Later::Field(base, name, _) => {
                let base = self.show_later(base, depth + 1);
                let is_name =
                    name.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
                if is_name { format!("{base}.{name}") } else { format!("{base}[\"{name}\"]") }
            }
            Later::Item(base, number, _) => {
                format!("{}[{number}]", self.show_later(base, depth + 1))
            }
            Later::Call(function, args) => {
                let args = self.store.items(args).iter();
                let args: Vec<String> = args.map(|&arg| self.show_at(arg, depth + 1)).collect();
                format!("{function}({})", args.join(", "))
            }
            Later::Otherwise(first, other) => {
                let first = self.show_later(first, depth + 1);
                format!("{first} ?? {}", self.show_at(other, depth + 1))
            }
        }
    }

    /// Any value in the language's own spelling, shortened: for messages and `why`.
    pub fn show(&self, value: Value) -> String {
        self.show_at(value, 0)
    }

    /// Lists inside of lists are cut at a depth: four items a list, each of four, soon are millions.
    fn show_at(&self, value: Value, depth: u32) -> String {
        match value {
            Value::List(run) if depth > 2 && run.len > 0 => "[..]".to_owned(),
            Value::Map(run) if depth > 2 && run.len > 0 => "{ .. }".to_owned(),
            Value::Poison => "?".to_owned(),
            Value::Absent => "absent".to_owned(),
            Value::Open => "none".to_owned(),
            Value::Text(text) => quoted(self.store.read(text)),
            Value::Name(name) => name.as_str().to_owned(),
            Value::Resource(block) => self.address(block),
            Value::Object(object) => {
                let found = self.names.catalog.objects.get(object as usize);
                found.map_or_else(String::new, crate::kubernetes::ObjectType::path)
            }
            Value::Type(schema) => self.types.schema(schema).name.to_string(),
            Value::List(run) => {
                let items = self.store.items(run);
                let shown: Vec<String> =
                    items.iter().take(4).map(|&item| self.show_at(item, depth + 1)).collect();
                let more = if items.len() > 4 { ", .." } else { "" };
                format!("[{}{more}]", shown.join(", "))
            }
            Value::Map(run) if run.len == 0 => "{}".to_owned(),
            Value::Map(run) => {
                let entries = self.store.entries(run);
                let shown: Vec<String> = entries
                    .iter()
                    .take(4)
                    .map(|&(key, value)| {
                        format!("{} = {}", key_text(key), self.show_at(value, depth + 1))
                    })
                    .collect();
                let more = if entries.len() > 4 { ", .." } else { "" };
                format!("{{ {}{more} }}", shown.join(", "))
            }
            Value::Record(record) => match self.schema_of(record) {
                Some(schema) => format!("{} {{ .. }}", self.types.schema(schema).name),
                None => "{ .. }".to_owned(),
            },
            Value::Range(range) => {
                let (low, high) = self.store.ends(range);
                format!("{} .. {}", self.show_at(low, depth), self.show_at(high, depth))
            }
            Value::Later(later) => self.show_later(later, depth),
            Value::Template(run) => {
                let mut out = String::new();
                for part in self.store.parts(run) {
                    match *part {
                        Part::Source(text) | Part::Text(text) => {
                            out.push_str(self.store.read(text));
                        }
                        Part::Hole(later) => {
                            out.push_str("\\(");
                            out.push_str(&self.show_later(later, depth));
                            out.push(')');
                        }
                    }
                }
                quoted(&out)
            }
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Quantity(_) => {
                self.print(value).unwrap_or_default()
            }
        }
    }
}

/// A piece of a text that is filled later.
enum Piece {
    /// Text, and whether it is the target's own.
    Text(String, bool),
    Hole(LaterRef),
}

#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn text(&mut self, text: &str, is_source: bool) {
        match self.0.last_mut() {
            Some(Piece::Text(last, source)) if *source == is_source => last.push_str(text),
            _ => self.0.push(Piece::Text(text.to_owned(), is_source)),
        }
    }

    fn length(&self) -> usize {
        self.0
            .iter()
            .map(|piece| if let Piece::Text(text, _) = piece { text.len() } else { 0 })
            .sum()
    }

    /// The whole text, where nothing in it is filled later or the target's own.
    fn plain(&self) -> Option<String> {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text, is_source) if !is_source || !text.contains("{{") => {
                    Some(text.as_str())
                }
                Piece::Text(..) | Piece::Hole(_) => None,
            })
            .collect()
    }
}

/// A key as the language writes it: in quotes, where it is no name.
pub(super) fn key_text(key: Sym) -> String {
    let text = key.as_str();
    let is_name = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        && !text.ends_with('-');
    if is_name { text.to_owned() } else { format!("{text:?}") }
}

/// A text in quotes, on one line, cut after 60 characters.
fn quoted(text: &str) -> String {
    let line: String = text.chars().take(60).collect::<String>().replace('\n', "\\n");
    let more = if text.chars().nth(60).is_some() { ".." } else { "" };
    format!("\"{line}{more}\"")
}
