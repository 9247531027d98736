//! Blocks and literals that write a record.

use super::check::{Checker, Scope};
use super::errors;
use super::expectation::{Expectation, Why};
use super::meaning::Meaning;
use super::place::Place;
use super::schema::SchemaId;
use super::ty::{Ty, TyKind, Tys};
use crate::source::{Span, Sym};
use crate::syntax::{BodyId, ExprId, Key, Slice};

impl Checker<'_> {
    /// A block below a field: `machine { }`, `workers general { }`, `labels { "a" = "b" }`.
    /// Gives the schema of the record that it writes, if it writes one.
    pub(super) fn block_at(
        &mut self,
        scope: &Scope,
        place: Place,
        key: Key,
        bases: Slice,
        body: BodyId,
        at: Span,
    ) -> Option<SchemaId> {
        let present = self.types.tys.present(place.ty);
        let map = self.types.tys.members(present).into_iter().find_map(|member| {
            match *self.types.tys.kind(member) {
                TyKind::Map(_, value) => Some((member, value)),
                TyKind::Data => Some((self.map_of_data(member), member)),
                TyKind::Later(of, _) if self.is_data(of) => {
                    Some((self.map_of_data(member), member))
                }
                _ => None,
            }
        });
        match (key, map) {
            (Key::None, Some((map, value))) => {
                self.map_body(scope, body, map, place.entry(value));
                None
            }
            (Key::None, None) => self.record_block(scope, place, bases, body, at, false),
            (Key::Name(name), Some((map, value))) => {
                self.map_key(scope.tree, map, name, place);
                let entry = self.declared_entry(scope, place.entry(value), name)?;
                self.entry_block(scope, entry, bases, body, at)
            }
            (Key::Star(_), Some((_, value))) => {
                let scope = &Scope { settled: false, ..scope.clone() };
                self.entry_block(scope, place.entry(value), bases, body, at)
            }
            (Key::Text(_), Some(_)) if place.declared => {
                self.report(errors::computed_name(place.name.as_str(), at));
                None
            }
            (Key::Text(text), Some((_, value))) => {
                self.key_text(&self.before(scope), text);
                self.entry_block(scope, place.entry(value), bases, body, at)
            }
            (Key::Name(_) | Key::Text(_) | Key::Star(_), None) => {
                if present != Tys::UNKNOWN {
                    let found = self.show(place.ty);
                    let key_at = match key {
                        Key::Name(name) => self.span(scope.tree, name.at),
                        Key::Star(star) => self.span(scope.tree, star),
                        Key::Text(_) | Key::None => at,
                    };
                    let error = if matches!(self.types.tys.kind(present), TyKind::Schema(_)) {
                        errors::needs_key(place.name.as_str(), &found, key_at)
                    } else {
                        errors::not_a_block(place.name.as_str(), &found, at, place.origin)
                    };
                    self.report(error);
                }
                None
            }
        }
    }

    /// A block that writes an entry of a map: a record, or a map or data inside of it.
    fn entry_block(
        &mut self,
        scope: &Scope,
        entry: Place,
        bases: Slice,
        body: BodyId,
        at: Span,
    ) -> Option<SchemaId> {
        let members = self.types.tys.members(entry.ty);
        let holds = members.iter().any(|&it| match *self.types.tys.kind(it) {
            TyKind::Map(..) | TyKind::Data => true,
            TyKind::Later(of, _) => self.is_data(of),
            _ => false,
        });
        let is_record = members
            .iter()
            .any(|&it| matches!(self.types.tys.kind(it), TyKind::Schema(_) | TyKind::Ref(_)));
        if holds && !is_record && bases.is_empty() {
            return self.block_at(scope, entry, Key::None, bases, body, at);
        }
        self.record_block(scope, entry, bases, body, at, true)
    }

    /// What a record is where anything is taken: a map of anything.
    fn map_of_data(&mut self, data: Ty) -> Ty {
        self.types.tys.intern(TyKind::Map(Tys::STRING, data))
    }

    /// A block that writes a record.
    fn record_block(
        &mut self,
        scope: &Scope,
        place: Place,
        bases: Slice,
        body: BodyId,
        at: Span,
        keyed: bool,
    ) -> Option<SchemaId> {
        let schema = self.choose(scope.tree, place, (bases, body), at, keyed)?;
        self.body(scope, body, schema);
        Some(schema)
    }

    /// `{ .. }` or `Docker { .. }` as a value.
    pub(super) fn record(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        base: Option<u32>,
        body: BodyId,
        expect: Option<Expectation>,
    ) -> Ty {
        let at = self.expr_span(scope.tree, expr);
        if let Some(base) = base {
            let base = self.tree(scope.tree).path(base);
            let Some(schema) = self.base_schema(scope.tree, base) else { return Tys::UNKNOWN };
            self.mean(scope, expr, Meaning::Record(schema));
            let ty = self.types.tys.intern(TyKind::Schema(schema));
            // A wrong schema is one mistake: its fields are not judged as well.
            if expect.is_none_or(|expect| self.fits(ty, expect.ty)) {
                self.body(scope, body, schema);
            }
            return ty;
        }
        let Some(expect) = expect else {
            if let Some(map) = self.infer_map(scope, expr, body) {
                return map;
            }
            self.report(errors::untyped_record(at, &[]));
            return Tys::UNKNOWN;
        };
        let members = self.types.tys.members(expect.ty);
        let mut schemas = Vec::new();
        for &member in &members {
            let map = match *self.types.tys.kind(member) {
                TyKind::Data => self.map_of_data(member),
                TyKind::Later(of, _) if self.is_data(of) => self.map_of_data(member),
                _ => member,
            };
            match *self.types.tys.kind(map) {
                TyKind::Map(_, value) => {
                    self.mean(scope, expr, Meaning::Map);
                    let name = match expect.why {
                        Why::Field(name)
                        | Why::Entry(name)
                        | Why::Element(name)
                        | Why::End(name)
                        | Why::Declared(name) => name,
                        Why::Operand | Why::Subject | Why::Rule(_) => Sym::EMPTY,
                    };
                    let place = Place {
                        ty: value,
                        origin: expect.origin,
                        name,
                        entry: true,
                        declared: false,
                        narrower: false,
                    };
                    self.map_literal(scope, body, map, place);
                    return member;
                }
                TyKind::Schema(schema) => schemas.push(schema),
                TyKind::Ref(kind) => {
                    if let Some(kind) = self.types.kinds.get(&kind).filter(|kind| kind.union) {
                        schemas.extend(kind.members.iter().copied());
                    }
                }
                TyKind::Unknown => return Tys::UNKNOWN,
                _ => {}
            }
        }
        match schemas.as_slice() {
            [schema] => {
                let schema = *schema;
                self.mean(scope, expr, Meaning::Record(schema));
                self.body(scope, body, schema);
                self.types.tys.intern(TyKind::Schema(schema))
            }
            [] => {
                let wanted = self.show(expect.ty);
                self.report(errors::mismatch(at, "a record", &wanted, Some(expect)));
                Tys::UNKNOWN
            }
            several => {
                if let Some(only) = self.only_with_fields(scope.tree, body, several) {
                    self.mean(scope, expr, Meaning::Record(only));
                    self.body(scope, body, only);
                    return self.types.tys.intern(TyKind::Schema(only));
                }
                let names: Vec<String> = several
                    .iter()
                    .map(|&schema| format!("`{} {{ .. }}`", self.types.schema(schema).name))
                    .collect();
                self.report(errors::untyped_record(at, &names));
                Tys::UNKNOWN
            }
        }
    }
}
