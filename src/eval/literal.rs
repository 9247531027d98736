//! Records and maps that are values by themselves, and what a value is.

use super::errors;
use super::evaluator::Evaluator;
use super::expr::Frame;
use super::settle::Subject;
use super::value::{RecordId, Value};
use crate::resolve::DefId;
use crate::source::{Span, Sym};
use crate::syntax::{ExprId, Key, MemberKind};
use crate::types::{IsTest, Meaning};

impl Evaluator<'_> {
    /// A record or map that is a value by itself.
    pub(super) fn record_value(
        &mut self,
        expr: ExprId,
        base: Option<u32>,
        body: crate::syntax::BodyId,
        frame: &Frame,
        meaning: Meaning,
    ) -> Value {
        let at = self.span(frame.tree, expr);
        match meaning {
            Meaning::Record(schema) => {
                let presets: Vec<DefId> = base
                    .and_then(|base| {
                        let path = self.names.tree(frame.tree).tree.path(base);
                        super::walk::preset(self.names, frame.tree, path)
                    })
                    .into_iter()
                    .collect();
                let subject = Subject { at, name: self.types.schema(schema).name, external: false };
                let instance =
                    self.instance(schema, &[], &presets, Some((frame.tree, body)), subject, false);
                let records = instance.records;
                self.instances.push(super::evaluator::Instance {
                    locals: frame.locals,
                    resource: self.owner,
                    ..instance
                });
                Value::Record(RecordId(records))
            }
            Meaning::Map => self.map_value(body, frame),
            _ => Value::Poison,
        }
    }

    fn map_value(&mut self, body: crate::syntax::BodyId, frame: &Frame) -> Value {
        let names = self.names;
        let nodes = &names.tree(frame.tree).tree;
        let info = names.tree(frame.tree);
        let mut entries: Vec<(Sym, Value)> = Vec::new();
        let mut places: Vec<Span> = Vec::new();
        for member in nodes.members_of(body) {
            let (key, value, at) = match member.kind {
                MemberKind::Set { path, value, .. } => match nodes.names_of(path) {
                    [name] => (name.sym, self.eval(value, frame), info.span(name.at)),
                    _ => return Value::Poison,
                },
                MemberKind::Computed { key, value } => {
                    let at = self.span(frame.tree, key);
                    let key = self.eval(key, frame);
                    let Some(key) = self.store.as_text(key).map(Sym::new) else {
                        return Value::Poison;
                    };
                    (key, self.eval(value, frame), at)
                }
                // A block inside of data that is a value by itself.
                MemberKind::Block { path, key: Key::None, body, .. } => {
                    match nodes.names_of(path) {
                        [name] => (name.sym, self.map_value(body, frame), info.span(name.at)),
                        _ => return Value::Poison,
                    }
                }
                _ => return Value::Poison,
            };
            let known = entries.iter().position(|(known, _)| *known == key);
            if let Some(first) = known.and_then(|index| places.get(index)) {
                self.report(errors::set_twice(key.as_str(), at, *first));
                return Value::Poison;
            }
            entries.push((key, value));
            places.push(at);
        }
        if entries.len() as u64 > self.budget.limits.entries {
            let limit = self.budget.limits.entries.to_string();
            return self.over_budget("entries in one map", limit, info.span(nodes.body(body).at));
        }
        self.store.map(&entries)
    }

    /// `x is Docker`, through references; `x is absent`.
    pub(super) fn is(&mut self, value: Value, meaning: Meaning) -> Value {
        if value == Value::Poison {
            return Value::Poison;
        }
        match meaning {
            Meaning::IsAbsent => Value::Bool(value == Value::Absent),
            Meaning::Is(IsTest::Schema(schema)) => {
                let record = match value {
                    Value::Record(record) => Some(record),
                    Value::Resource(block) => self.root(block),
                    _ => None,
                };
                Value::Bool(record.and_then(|record| self.schema_of(record)) == Some(schema))
            }
            Meaning::Is(IsTest::Kind(kind)) => Value::Bool(match value {
                Value::Resource(block) => {
                    self.names.blocks.get(block as usize).is_some_and(|block| block.kind == kind)
                }
                _ => false,
            }),
            _ => Value::Poison,
        }
    }
}
