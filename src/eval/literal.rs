//! Records and maps that are values by themselves, and what a value is.

use super::evaluator::Evaluator;
use super::expr::Frame;
use super::settle::Subject;
use super::value::{RecordId, Value};
use crate::embedded::{check_image, check_url};
use crate::resolve::DefId;
use crate::source::Sym;
use crate::syntax::ExprId;
use crate::types::{IsTest, Meaning, TextKind};

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
                let subject = Subject {
                    at,
                    name: self.types.schema(schema).name,
                    external: false,
                    inside: false,
                };
                let own = super::draft::OwnBody {
                    tree: frame.tree,
                    body,
                    chain: Vec::new(),
                    locals: frame.locals,
                    inputs: frame.inputs,
                    kind: super::shape::LayerKind::Own,
                };
                let instance = self.instance(
                    schema,
                    &[],
                    &presets,
                    std::slice::from_ref(&own),
                    subject,
                    false,
                );
                let records = instance.records;
                self.instances.push(super::evaluator::Instance {
                    resource: self.owner,
                    around: frame.record,
                    ..instance
                });
                Value::Record(RecordId(records))
            }
            Meaning::Map => self.map_value(body, frame),
            _ => Value::Poison,
        }
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
                    self.blocks.get(block as usize).is_some_and(|block| block.kind == kind)
                }
                // A member in place of a reference.
                Value::Record(record) => {
                    let members = self.types.kinds.get(&kind).map(|kind| kind.members.as_slice());
                    let schema = self.schema_of(record);
                    schema.is_some_and(|schema| members.is_some_and(|m| m.contains(&schema)))
                }
                _ => false,
            }),
            Meaning::Is(IsTest::Object(object)) => Value::Bool(value == Value::Object(object)),
            _ => Value::Poison,
        }
    }

    /// A part of a refined text: `image.tag`, `url.host`.
    pub(super) fn text_part(&mut self, kind: TextKind, base: Value, name: Sym) -> Value {
        if base == Value::Absent {
            return Value::Absent;
        }
        let Some(text) = self.store.as_text(base).map(str::to_owned) else { return Value::Poison };
        let part = match kind {
            TextKind::Image => {
                // A text that is none is refused where it is set.
                let Ok(image) = check_image(&text) else { return Value::Poison };
                match name.as_str() {
                    "registry" => Some(image.host()),
                    "repository" => Some(image.repository),
                    "tag" => image.tag,
                    _ => image.digest,
                }
                .map(str::to_owned)
            }
            TextKind::Url => {
                let Ok(url) = check_url(&text) else { return Value::Poison };
                match name.as_str() {
                    "port" => {
                        return url.port.map_or(Value::Absent, |port| Value::Int(i64::from(port)));
                    }
                    "scheme" => Some(url.scheme.to_owned()),
                    "host" => Some(url.host.to_owned()),
                    _ => Some(url.path.to_owned()),
                }
            }
            _ => return Value::Poison,
        };
        match part {
            Some(part) => Value::Text(self.store.text(&part)),
            None => Value::Absent,
        }
    }

    /// A field of a type of Kubernetes objects, or of a schema.
    pub(super) fn type_field(&mut self, base: Value, name: Sym) -> Value {
        let text = match base {
            Value::Object(object) => {
                let Some(object) = self.names.catalog.objects.get(object as usize) else {
                    return Value::Poison;
                };
                match name.as_str() {
                    "namespaced" => return Value::Bool(object.namespaced),
                    "kind" => object.kind.clone(),
                    "group" => object.group.clone(),
                    "version" => object.version.clone(),
                    _ => object.api_version(),
                }
            }
            Value::Type(schema) => self.types.schema(schema).name.to_string(),
            _ => return Value::Poison,
        };
        Value::Text(self.store.text(&text))
    }
}
