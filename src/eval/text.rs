//! Texts with holes.

use super::evaluator::Evaluator;
use super::expr::Frame;
use super::value::{Part, Value};
use crate::embedded::template_literal;
use crate::source::Span;
use crate::syntax::{ExprId, TextId, TextPart};
use crate::types::{TextKind, Ty, TyKind};

impl Evaluator<'_> {
    /// A text literal: what it holds, with its holes filled.
    pub(super) fn text(&mut self, text: TextId, expr: ExprId, frame: &Frame) -> Value {
        let names = self.names;
        let nodes = &names.tree(frame.tree).tree;
        let parts = nodes.parts_of(nodes.text(text).parts);
        if let [TextPart::Verbatim(at)] = parts {
            return Value::Text(self.store.text(names.text(frame.tree, *at)));
        }
        let ty = self.types.type_of_expr(frame.tree, expr);
        if matches!(self.types.tys.core(ty), TyKind::Text(TextKind::PromQl)) {
            return self.query(parts, frame);
        }
        let is_template = self.is_template(ty);
        let mut done: Vec<Part> = Vec::new();
        let mut open = String::new();
        for part in parts {
            match *part {
                TextPart::Verbatim(at) => open.push_str(names.text(frame.tree, at)),
                TextPart::Escape(letter, _) => open.push(letter),
                TextPart::Hole(hole) => match self.eval(hole, frame) {
                    Value::Later(later) => {
                        if !open.is_empty() {
                            done.push(Part::Text(self.store.text(&open)));
                            open.clear();
                        }
                        done.push(Part::Hole(later));
                    }
                    value => match self.print(value) {
                        // What is a text now is no template later, whatever it holds.
                        Some(printed)
                            if is_template
                                && !self.is_template(self.types.type_of_expr(frame.tree, hole)) =>
                        {
                            open.push_str(&template_literal(&printed));
                        }
                        Some(printed) => open.push_str(&printed),
                        None => return Value::Poison,
                    },
                },
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
        if done.is_empty() {
            return Value::Text(self.store.text(&open));
        }
        if !open.is_empty() {
            done.push(Part::Text(self.store.text(&open)));
        }
        self.store.template(&done)
    }

    /// Whether texts of a type are read as templates later.
    fn is_template(&self, ty: Ty) -> bool {
        match *self.types.tys.core(ty) {
            TyKind::Later(_, context) => self.types.reads_templates(context),
            _ => false,
        }
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
                    .map(|&(key, value)| format!("{key} = {}", self.show_at(value, depth + 1)))
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
            Value::Later(_) => "a later value".to_owned(),
            Value::Template(run) => {
                let mut out = String::new();
                for part in self.store.parts(run) {
                    match *part {
                        Part::Text(text) => out.push_str(self.store.read(text)),
                        Part::Hole(_) => out.push_str("\\(..)"),
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

/// A text in quotes, on one line, cut after 60 characters.
fn quoted(text: &str) -> String {
    let line: String = text.chars().take(60).collect::<String>().replace('\n', "\\n");
    let more = if text.chars().nth(60).is_some() { ".." } else { "" };
    format!("\"{line}{more}\"")
}
