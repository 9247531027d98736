//! Data read as the type that is wanted of it: `let team: TeamFile = read-yaml("team.yaml")`.

use std::sync::Arc;

use super::errors::data::Reading;
use super::evaluator::{Evaluator, Instance, NOTHING, SharedShape, State};
use super::expr::Frame;
use super::shape::{Node, Plan, Shape};
use super::value::{RecordId, Value};
use crate::diag::{Diagnostic, nearest};
use crate::embedded::{Dimension, parse_quantity};
use crate::source::{Span, Sym};
use crate::syntax::{Expr, ExprId, Marks, TextPart};
use crate::types::{Expectation, Measure, Named, SchemaId, Ty, TyKind, Why};

/// What is read, and on which target.
struct Reader {
    reading: Reading,
    /// Where the type is said, as a label.
    origin: Option<(Span, String)>,
    target: u32,
}

/// What could not be read: all findings of a value, or none where it is poison.
type Read = Result<Value, Vec<Diagnostic>>;

impl Evaluator<'_> {
    /// The value of an expression that gives data, as the type that is wanted of it.
    pub(super) fn shaped(
        &mut self,
        value: Value,
        expr: ExprId,
        wanted: Expectation,
        frame: &Frame,
    ) -> Value {
        if matches!(value, Value::Poison | Value::Absent) {
            return value;
        }
        let shown = self.show_type(wanted.ty);
        let held = self.types.type_of_expr(frame.tree, expr);
        let is_data = *self.types.tys.kind(self.types.tys.present(held)) == TyKind::Data;
        let reader = Reader {
            reading: Reading {
                at: self.span(frame.tree, expr),
                file: self.file_of(frame.tree, expr),
                is_data,
            },
            origin: Some((wanted.origin, wanted.because(&shown))),
            target: frame.target,
        };
        let name = match wanted.why {
            Why::Field(name) | Why::Declared(name) => name,
            _ => Sym::EMPTY,
        };
        match self.read_as(wanted.ty, value, name.as_str(), None, &reader) {
            Ok(value) => value,
            Err(findings) => {
                for found in findings {
                    let found = match &reader.origin {
                        Some((at, why)) if !found.because.iter().any(|label| label.span == *at) => {
                            found.because(*at, why.clone())
                        }
                        _ => found,
                    };
                    self.report(found);
                }
                Value::Poison
            }
        }
    }

    /// The file that an expression reads, if it does so itself.
    fn file_of(&self, tree: crate::resolve::TreeId, expr: ExprId) -> Option<String> {
        let info = self.names.tree(tree);
        let nodes = &info.tree;
        let Expr::Call { callee, start, len } = nodes.expr(expr) else { return None };
        let Expr::Name(name) = nodes.expr(callee) else { return None };
        if !matches!(name.as_str(), "read-yaml" | "read-json") {
            return None;
        }
        let args = nodes.args_of(crate::syntax::Slice { start, len });
        let Expr::Text(text) = nodes.expr(args.first()?.value) else { return None };
        match nodes.parts_of(nodes.text(text).parts) {
            [TextPart::Verbatim(at)] => Some(self.names.text(tree, *at).to_owned()),
            _ => None,
        }
    }

    fn show_type(&self, ty: Ty) -> String {
        self.types.tys.show(ty, &|named| match named {
            Named::Schema(schema) => self.types.schema(schema).name,
            Named::Def(def) => self.names.def(def).name,
        })
    }

    /// Data in words: `text "three"`, `number 3`, `a list`.
    pub(super) fn data_words(&self, value: Value) -> String {
        match value {
            Value::Bool(value) => format!("`{value}`"),
            Value::Int(_) | Value::Float(_) => format!("the number `{}`", self.show(value)),
            Value::Quantity(_) => format!("the quantity `{}`", self.show(value)),
            Value::Text(_) | Value::Name(_) => {
                format!("the text `{:?}`", self.print(value).unwrap_or_default())
            }
            Value::List(_) => "a list".to_owned(),
            Value::Map(_) | Value::Record(_) => "a map".to_owned(),
            Value::Open | Value::Absent => "`none`".to_owned(),
            _ => "something else".to_owned(),
        }
    }

    fn mismatch(&self, ty: Ty, value: Value, path: &str, reader: &Reader) -> Read {
        let wanted = self.show_type(ty);
        Err(vec![reader.reading.mismatch(path, &self.data_words(value), &wanted)])
    }

    /// A text that the language of its type refuses.
    fn refused(&self, value: Value, found: &Diagnostic, path: &str, reader: &Reader) -> Diagnostic {
        let reason = format!("{}: {}", self.data_words(value), found.title);
        reader.reading.unreadable(path, &reason)
    }

    /// Reads data as a type. `key` is the key of the map's entry that it is.
    fn read_as(
        &mut self,
        ty: Ty,
        value: Value,
        path: &str,
        key: Option<Sym>,
        reader: &Reader,
    ) -> Read {
        if value == Value::Poison || !self.charge(1, reader.reading.at) {
            return Err(Vec::new());
        }
        let members = self.types.tys.members(ty);
        let is_optional = self.types.tys.is_optional(ty);
        if value == Value::Open && is_optional {
            return Ok(Value::Absent);
        }
        let found = match members.as_slice() {
            [one] => self.read_member(*one, ty, value, path, key, reader)?,
            several => self.read_union(several, ty, value, path, key, reader)?,
        };
        self.bounded(ty, found, path, reader)
    }

    /// Reads data as the first member of a union that takes it.
    fn read_union(
        &mut self,
        members: &[Ty],
        ty: Ty,
        value: Value,
        path: &str,
        key: Option<Sym>,
        reader: &Reader,
    ) -> Read {
        let mut alike: Vec<Vec<Diagnostic>> = Vec::new();
        for &member in members {
            let is_alike = match self.types.tys.kind(member) {
                TyKind::Schema(_) | TyKind::Map(..) => matches!(value, Value::Map(_)),
                TyKind::List(_) => matches!(value, Value::List(_)),
                _ => false,
            };
            match self.read_member(member, member, value, path, key, reader) {
                Ok(value) => return Ok(value),
                Err(findings) if is_alike => alike.push(findings),
                Err(_) => {}
            }
        }
        match <[Vec<Diagnostic>; 1]>::try_from(alike) {
            Ok([findings]) => Err(findings),
            Err(_) => self.mismatch(ty, value, path, reader),
        }
    }

    fn read_member(
        &mut self,
        member: Ty,
        ty: Ty,
        value: Value,
        path: &str,
        key: Option<Sym>,
        reader: &Reader,
    ) -> Read {
        let types = self.types;
        match (types.tys.kind(types.tys.strip(member)), value) {
            (TyKind::Data, value) => Ok(value),
            (TyKind::Bool, Value::Bool(_))
            | (TyKind::Int, Value::Int(_))
            | (TyKind::Float, Value::Float(_))
            | (TyKind::String, Value::Text(_) | Value::Name(_)) => Ok(value),
            #[expect(
                clippy::cast_precision_loss,
                reason = "a whole number where a Float is wanted"
            )]
            (TyKind::Float, Value::Int(number)) => Ok(Value::Float(number as f64)),
            (TyKind::Text(_), Value::Text(_) | Value::Name(_)) => {
                let text = self.print(value).unwrap_or_default();
                match types.judge_text(ty, &text, reader.reading.at, None) {
                    None => Ok(value),
                    Some(found) => Err(vec![self.refused(value, &found, path, reader)]),
                }
            }
            (TyKind::Literal(wanted), Value::Text(_) | Value::Name(_))
                if self.store.as_text(value) == Some(wanted.as_str()) =>
            {
                Ok(value)
            }
            (TyKind::Quantity(dimension), value) => {
                self.read_quantity(*dimension, ty, value, path, reader)
            }
            (TyKind::List(of), Value::List(run)) => {
                let of = *of;
                let items = self.store.items(run).to_vec();
                let mut read = Vec::with_capacity(items.len());
                let mut findings = Vec::new();
                for (index, item) in items.into_iter().enumerate() {
                    match self.read_as(of, item, &format!("{path}[{index}]"), None, reader) {
                        Ok(value) => read.push(value),
                        Err(found) => findings.extend(found),
                    }
                }
                if !findings.is_empty() {
                    return Err(findings);
                }
                Ok(self.list(&read, reader.reading.at))
            }
            (TyKind::Map(keys, of), Value::Map(run)) => {
                let (keys, of) = (*keys, *of);
                let entries = self.store.entries(run).to_vec();
                let mut read = Vec::with_capacity(entries.len());
                let mut findings = Vec::new();
                for (key, value) in entries {
                    let path = below(path, key);
                    if let Some(found) = types.judge_key(keys, key, reader.reading.at) {
                        let reason = format!("the key `{key}`: {}", found.title);
                        findings.push(reader.reading.unreadable(&path, &reason));
                        continue;
                    }
                    match self.read_as(of, value, &path, Some(key), reader) {
                        Ok(value) => read.push((key, value)),
                        Err(found) => findings.extend(found),
                    }
                }
                if !findings.is_empty() {
                    return Err(findings);
                }
                Ok(self.store.map(&read))
            }
            (TyKind::Schema(schema), Value::Map(run)) => {
                let entries = self.store.entries(run).to_vec();
                self.read_record(*schema, &entries, path, key, reader)
            }
            _ => self.mismatch(ty, value, path, reader),
        }
    }

    /// A quantity: as its text, or as a number where that means one.
    fn read_quantity(
        &mut self,
        dimension: Dimension,
        ty: Ty,
        value: Value,
        path: &str,
        reader: &Reader,
    ) -> Read {
        let text = match value {
            Value::Quantity(quantity) if quantity.dimension() == dimension => return Ok(value),
            Value::Quantity(_)
            | Value::Text(_)
            | Value::Name(_)
            | Value::Int(_)
            | Value::Float(_) => self.print(value).unwrap_or_default(),
            _ => return self.mismatch(ty, value, path, reader),
        };
        match parse_quantity(&text, dimension) {
            Ok(quantity) => Ok(Value::Quantity(quantity)),
            Err(_) => self.mismatch(ty, value, path, reader),
        }
    }

    /// What a type asks for beyond its base.
    fn bounded(&mut self, ty: Ty, value: Value, path: &str, reader: &Reader) -> Read {
        let length = |run: super::value::Run| i64::from(run.len);
        let measure = match value {
            Value::Int(amount) => Measure::Int(amount),
            Value::Float(amount) => Measure::Float(amount),
            Value::Quantity(quantity) => Measure::Quantity(quantity.amount(), quantity.dimension()),
            Value::List(run) => Measure::List(length(run)),
            Value::Map(run) => Measure::Map(length(run)),
            Value::Text(_) | Value::Name(_) => {
                let text = self.print(value).unwrap_or_default();
                return match self.types.judge_text(ty, &text, reader.reading.at, None) {
                    None => Ok(value),
                    Some(found) => Err(vec![self.refused(value, &found, path, reader)]),
                };
            }
            _ => return Ok(value),
        };
        match self.types.outside(ty, measure) {
            Some(words) => {
                let found = self.data_words(value);
                let reason = format!("{found} is outside {words}");
                Err(vec![reader.reading.unreadable(path, &reason)])
            }
            None => Ok(value),
        }
    }

    /// Reads a map as a record.
    fn read_record(
        &mut self,
        schema: SchemaId,
        entries: &[(Sym, Value)],
        path: &str,
        key: Option<Sym>,
        reader: &Reader,
    ) -> Read {
        let types = self.types;
        let info = types.schema(schema);
        let mut findings: Vec<Diagnostic> = Vec::new();
        let mut given: Vec<(u16, Value)> = Vec::new();
        // Fields of which a key is a misspelling: they are not missing as well.
        let mut meant: Vec<Sym> = Vec::new();
        for &(name, value) in entries {
            let path = below(path, name);
            let Some((slot, field)) = info
                .by_name
                .get(&name)
                .and_then(|&slot| Some((slot, info.fields.get(usize::from(slot))?)))
            else {
                let settable = info.fields.iter().filter(|field| field.is_settable());
                let known: Vec<&str> = settable.map(|field| field.name.as_str()).collect();
                let near = nearest(name.as_str(), known.iter().copied()).and_then(|near| {
                    let field = info.fields.iter().find(|field| field.name.as_str() == near)?;
                    meant.push(field.name);
                    Some((near, field.at))
                });
                findings.push(reader.reading.unknown_key(&path, (name, info.name), near, &known));
                continue;
            };
            let is_key = field.marks.has(Marks::KEY);
            if !(field.is_settable() || is_key && key.is_none()) {
                findings.push(reader.reading.read_only(&path, field.at));
                continue;
            }
            match self.read_as(field.ty, value, &path, None, reader) {
                Ok(value) => given.push((slot, value)),
                Err(found) => {
                    let shown = self.show_type(field.ty);
                    let because = format!("`{name}` is `{shown}`, says its declaration");
                    // The innermost declaration says most.
                    findings.extend(found.into_iter().map(|found| {
                        if found.because.is_empty() {
                            found.because(field.at, because.clone())
                        } else {
                            found
                        }
                    }));
                }
            }
        }
        let missing: Vec<(Sym, Span)> = (0u16..)
            .zip(&info.fields)
            .filter(|(slot, field)| {
                field.is_settable()
                    && field.default.is_none()
                    && !types.tys.is_optional(field.ty)
                    && !entries.iter().any(|(name, _)| *name == field.name)
                    && !given.iter().any(|(known, _)| known == slot)
                    && !meant.contains(&field.name)
            })
            .map(|(_, field)| (field.name, field.at))
            .collect();
        if !missing.is_empty() {
            findings.push(reader.reading.missing(path, info.name, &missing));
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let record = self.record_of_data(schema, &given, key.unwrap_or(Sym::EMPTY), reader);
        self.checks(record, reader.reading.at, reader.target);
        Ok(Value::Record(record))
    }

    /// A record whose given fields have values, and the others their defaults.
    fn record_of_data(
        &mut self,
        schema: SchemaId,
        given: &[(u16, Value)],
        key: Sym,
        reader: &Reader,
    ) -> RecordId {
        let types = self.types;
        let fields = &types.schema(schema).fields;
        let shape = match self.data_shapes.get(&schema) {
            Some(&shape) => shape,
            None => {
                let plan = |marks: Marks| {
                    if marks.has(Marks::KEY) {
                        Plan::Key
                    } else if marks.has(Marks::STAGED) {
                        Plan::Staged
                    } else {
                        Plan::Default
                    }
                };
                let root = Node {
                    schema,
                    first: 0,
                    parent: 0,
                    field: Sym::EMPTY,
                    key: Sym::EMPTY,
                    base: None,
                    depth: 0,
                    when: (0, 0),
                };
                let shape = Shape {
                    nodes: vec![root],
                    plans: fields.iter().map(|field| plan(field.marks)).collect(),
                    slot_node: vec![0; fields.len()],
                    guards: vec![Vec::new()],
                    types: fields.iter().map(|field| field.ty).collect(),
                    fields: (0u16..).zip(fields).map(|(slot, _)| Some(slot)).collect(),
                    ..Shape::default()
                };
                let number = u32::try_from(self.shapes.len()).unwrap_or(NOTHING);
                self.shapes.push(Arc::new(SharedShape { shape, writes: Vec::new() }));
                self.data_shapes.insert(schema, number);
                number
            }
        };
        let first = self.values.len();
        let end = first + fields.len();
        self.values.resize(end, Value::Poison);
        self.states.resize(end, State::New);
        self.winners.resize(end, 0);
        for &(slot, value) in given {
            let index = first + usize::from(slot);
            if let (Some(place), Some(state)) =
                (self.values.get_mut(index), self.states.get_mut(index))
            {
                *place = value;
                *state = State::Free;
            }
        }
        let records = u32::try_from(self.records.len()).unwrap_or(NOTHING);
        let number = u32::try_from(self.instances.len()).unwrap_or(NOTHING);
        self.records.push(super::evaluator::Record { instance: number, node: 0 });
        self.instances.push(Instance {
            shape,
            slots: u32::try_from(first).unwrap_or(NOTHING),
            records,
            tree: crate::resolve::TreeId(0),
            owns: (0, 0),
            around: NOTHING,
            key,
            resource: self.owner,
            is_resource: false,
            read_at: Some(reader.reading.at),
        });
        RecordId(records)
    }
}

/// The path of an entry.
fn below(path: &str, key: Sym) -> String {
    if path.is_empty() { key.to_string() } else { format!("{path}.{key}") }
}
