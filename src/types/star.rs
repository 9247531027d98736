//! `*` blocks of kinds with members: `provider * { }`, `provider * : Proxmox { }`.

use rustc_hash::FxHashMap;

use super::check::{Checker, Scope};
use super::errors;
use super::schema::{Field, Schema, SchemaId};
use super::ty::TyKind;
use crate::resolve::{DefId, TreeId};
use crate::source::{Span, Sym};
use crate::syntax::{BodyId, Slice};

impl Checker<'_> {
    /// A `*` block that names no member: it may set what every member has, with one meaning.
    pub(super) fn star_of_union(&mut self, scope: &Scope, kind: DefId, body: BodyId) {
        if let Some(shared) = self.shared_schema(kind) {
            self.body(scope, body, shared);
        }
    }

    /// A `*` block is a layer, and builds on nothing: it says at most which member it is for.
    pub(super) fn star_bases(&mut self, tree: TreeId, bases: Slice, union: bool) {
        let paths = self.tree(tree).paths_of(bases);
        let extra = if union { paths.get(1) } else { paths.first() };
        if let Some(path) = extra.copied() {
            let at = self.span(tree, path.at);
            self.report(errors::wrong_base(
                "a `*` block builds on nothing".to_owned(),
                at,
                None,
                "name the preset in the blocks that it is for, or write here what they share"
                    .to_owned(),
            ));
        }
    }

    /// What all members of a kind have, as a schema of its own; made when a `*` block first asks for it.
    fn shared_schema(&mut self, kind: DefId) -> Option<SchemaId> {
        if let Some((&known, _)) = self.shared.iter().find(|(_, of)| **of == kind) {
            return Some(known);
        }
        let info = self.types.kinds.get(&kind)?.clone();
        let (first, rest) = info.members.split_first()?;
        let mut fields: Vec<Field> = Vec::new();
        for field in self.types.schema(*first).fields.clone() {
            let others: Option<Vec<Field>> =
                rest.iter().map(|&member| self.field_named(member, field.name)).collect();
            let Some(others) = others else { continue };
            let is_same = others.iter().all(|other| {
                let is_settable = field.is_settable();
                other.is_settable() == is_settable && (!is_settable || other.ty == field.ty)
            });
            let joined = others
                .iter()
                .try_fold(field.ty, |ty, other| self.join(ty, other.ty))
                .filter(|_| is_same);
            if let Some(ty) = joined {
                fields.push(Field { ty, ..field });
            }
        }
        let by_name: FxHashMap<Sym, u16> = fields
            .iter()
            .enumerate()
            .map(|(slot, field)| (field.name, u16::try_from(slot).unwrap_or(u16::MAX)))
            .collect();
        let broken = info.members.iter().any(|&member| self.types.schema(member).broken);
        let shared = SchemaId(u32::try_from(self.types.schemas.len()).unwrap_or(u32::MAX));
        self.types.schemas.push(Schema {
            def: kind,
            name: info.name,
            extends: None,
            fields,
            by_name,
            checks: Vec::new(),
            broken,
        });
        self.shared.insert(shared, kind);
        Some(shared)
    }

    fn field_named(&self, schema: SchemaId, name: Sym) -> Option<Field> {
        let slot = self.types.slot(schema, name)?;
        self.types.schema(schema).fields.get(usize::from(slot)).cloned()
    }

    /// Reports a field that only some members of a kind have, or that is not the same in all. Whether it is one.
    pub(super) fn not_shared(&mut self, schema: SchemaId, name: Sym, at: Span) -> bool {
        let Some(info) = self.shared.get(&schema).and_then(|kind| self.types.kinds.get(kind))
        else {
            return false;
        };
        let having: Vec<(Sym, Span)> = info
            .members
            .iter()
            .filter_map(|&member| {
                let field = self.field_named(member, name)?;
                Some((self.types.schema(member).name, field.at))
            })
            .collect();
        if having.is_empty() {
            return false;
        }
        let is_in_all = having.len() == info.members.len();
        let found = errors::not_shared(
            name.as_str(),
            (info.name.as_str(), info.keyword.as_str()),
            at,
            &having,
            is_in_all,
        );
        self.report(found);
        true
    }

    /// The members of the unions that a schema is in, beside it, that have a field of this name.
    pub(super) fn members_with(&self, schema: SchemaId, name: Sym) -> Vec<(Sym, Span)> {
        let mut others: Vec<SchemaId> = Vec::new();
        for kind in self.types.kinds.values().filter(|kind| kind.members.contains(&schema)) {
            others.extend(&kind.members);
        }
        for field in self.types.schemas.iter().flat_map(|info| &info.fields) {
            let members = self.types.tys.members(self.types.tys.present(field.ty));
            let schemas = members.into_iter().filter_map(|it| match self.types.tys.kind(it) {
                TyKind::Schema(member) => Some(*member),
                _ => None,
            });
            let schemas: Vec<SchemaId> = schemas.collect();
            if schemas.contains(&schema) {
                others.extend(schemas);
            }
        }
        let mut having: Vec<(Sym, Span)> = others
            .into_iter()
            .filter(|other| *other != schema)
            .filter_map(|other| {
                let field = self.field_named(other, name).filter(Field::is_settable)?;
                Some((self.types.schema(other).name, field.at))
            })
            .collect();
        having.sort_by(|a, b| a.0.as_str().cmp(b.0.as_str()));
        having.dedup();
        having
    }
}
