//! The bodies of the functions that `stdlib/prelude` declares: one row each, files by subject.
//!
//! * **Takes** a [`Call`]: typed, judged, free of poison.
//! * **Gives** a value, or poison and a finding.
//! * **Owns** what the functions of the library do, and what each costs.
//! * **Never** judges a type: signatures do; never makes what it has not measured.
//! * **Read first** `Call` below, then `lists.rs`.

mod alerts;
mod encodings;
mod fits;
mod lists;
mod maps;
mod networks;
mod numbers;
mod policies;
mod quantities;
mod reach;
mod routing;
mod services;
mod texts;
mod times;

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::errors;
use super::evaluator::Evaluator;
use super::value::{RecordId, Value};
use crate::embedded::Quantity;
use crate::resolve::TreeId;
use crate::source::{Span, Sym};
use crate::types::Ty;

/// A function's name, and its body.
type Row = (&'static str, Body);

/// A function's body.
pub(super) type Body = fn(&mut Call<'_, '_>) -> Value;

const TABLES: &[&[Row]] = &[
    alerts::ROWS,
    encodings::ROWS,
    fits::ROWS,
    lists::ROWS,
    maps::ROWS,
    networks::ROWS,
    numbers::ROWS,
    policies::ROWS,
    quantities::ROWS,
    reach::ROWS,
    routing::ROWS,
    services::ROWS,
    texts::ROWS,
    times::ROWS,
];

/// The body of a function.
pub(super) fn find(name: &str) -> Option<Body> {
    static BY_NAME: OnceLock<FxHashMap<&'static str, Body>> = OnceLock::new();
    let by_name =
        BY_NAME.get_or_init(|| TABLES.iter().flat_map(|rows| rows.iter().copied()).collect());
    by_name.get(name).copied()
}

/// The names of all functions that have a body here.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().flat_map(|rows| rows.iter().map(|(name, _)| *name))
}

/// A call: typed and judged, and free of poison.
pub(super) struct Call<'c, 'a> {
    pub(super) cx: &'c mut Evaluator<'a>,
    /// An argument a parameter; what is not given holds its default.
    pub(super) args: &'c [Value],
    pub(super) spans: &'c [Span],
    pub(super) at: Span,
    /// What the call gives, its type variables known.
    pub(super) result: Ty,
    pub(super) target: u32,
    /// The tree of the call.
    pub(super) tree: TreeId,
}

/// How many bytes of a made text cost a step.
const BYTES_A_STEP: u64 = 8;

impl Call<'_, '_> {
    pub(super) fn arg(&self, index: usize) -> Value {
        self.args.get(index).copied().unwrap_or(Value::Poison)
    }

    pub(super) fn span(&self, index: usize) -> Span {
        self.spans.get(index).copied().unwrap_or(self.at)
    }

    pub(super) fn int(&self, index: usize) -> i64 {
        match self.arg(index) {
            Value::Int(value) => value,
            _ => 0,
        }
    }

    pub(super) fn bool(&self, index: usize) -> bool {
        self.arg(index) == Value::Bool(true)
    }

    pub(super) fn text(&self, index: usize) -> String {
        self.cx.store.as_text(self.arg(index)).unwrap_or_default().to_owned()
    }

    pub(super) fn quantity(&self, index: usize) -> Option<Quantity> {
        match self.arg(index) {
            Value::Quantity(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn items(&self, index: usize) -> Vec<Value> {
        match self.arg(index) {
            Value::List(run) => self.cx.store.items(run).to_vec(),
            _ => Vec::new(),
        }
    }

    pub(super) fn entries(&self, index: usize) -> Vec<(Sym, Value)> {
        match self.arg(index) {
            Value::Map(run) => self.cx.store.entries(run).to_vec(),
            _ => Vec::new(),
        }
    }

    /// The record of a resource, or the record itself.
    pub(super) fn root(&mut self, value: Value) -> Option<RecordId> {
        match value {
            Value::Resource(block) => self.cx.root(block),
            Value::Record(record) => Some(record),
            _ => None,
        }
    }

    /// A field of a record, on the target at hand.
    pub(super) fn field(&mut self, record: RecordId, name: &str) -> Value {
        self.cx.field(record, Sym::new(name), self.target, Some(self.at))
    }

    /// The texts of a list; `None` where one is poison.
    pub(super) fn texts(&self, index: usize) -> Option<Vec<String>> {
        let items = self.items(index);
        items.into_iter().map(|item| Some(self.cx.store.as_text(item)?.to_owned())).collect()
    }

    /// A text, within the budget.
    pub(super) fn make_text(&mut self, text: &str) -> Value {
        if self.has_room(text.len() as u64) {
            Value::Text(self.cx.store.text(text))
        } else {
            Value::Poison
        }
    }

    /// Whether a text of so many bytes may be made. Asked before it is.
    pub(super) fn has_room(&mut self, bytes: u64) -> bool {
        if bytes > self.cx.budget.limits.text {
            let limit = self.cx.budget.limits.text.to_string();
            self.cx.over_budget("bytes in one text", limit, self.at);
            return false;
        }
        self.cx.charge(bytes / BYTES_A_STEP, self.at)
    }

    /// Whether so many entries may be made. Asked before they are.
    pub(super) fn has_entries(&mut self, count: u64) -> bool {
        if count > self.cx.budget.limits.entries {
            let limit = self.cx.budget.limits.entries.to_string();
            self.cx.over_budget("entries in one list", limit, self.at);
            return false;
        }
        true
    }

    /// Spends steps on work that is not in proportion to what is made.
    pub(super) fn work(&mut self, steps: usize) -> bool {
        self.cx.charge(steps as u64, self.at)
    }

    pub(super) fn make_list(&mut self, items: &[Value]) -> Value {
        self.cx.list(items, self.at)
    }

    pub(super) fn make_texts<'t>(&mut self, texts: impl Iterator<Item = &'t str>) -> Value {
        let mut items = Vec::new();
        for text in texts {
            if !self.has_entries(items.len() as u64 + 1) {
                return Value::Poison;
            }
            items.push(self.make_text(text));
        }
        self.make_list(&items)
    }

    pub(super) fn make_map(&mut self, entries: &[(Sym, Value)]) -> Value {
        if self.has_entries(entries.len() as u64) && self.work(entries.len()) {
            self.cx.store.map(entries)
        } else {
            Value::Poison
        }
    }

    /// Reports an argument that the function cannot use.
    pub(super) fn wrong(&mut self, index: usize, title: &str, help: &str) -> Value {
        let at = self.span(index);
        self.cx.report(errors::argument(title, at, help));
        Value::Poison
    }

    /// A number that the function found, or the finding that there is none.
    pub(super) fn number(&mut self, found: Option<i64>) -> Value {
        match found {
            Some(value) => Value::Int(value),
            None => {
                let found = errors::arithmetic("the result does not fit into 64 bits", self.at);
                self.cx.report(found);
                Value::Poison
            }
        }
    }
}
