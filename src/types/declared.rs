//! Names that blocks declare in `declared` maps: `param registries: [String] = ["docker.io/"]`, `metric orders_total : Counter { }`.
//!
//! What such a map holds is known before anything is evaluated. Entries of data have the type that `param` says, in all layers and
//! wherever they are read; others are blocks, and have that of the map.

use super::check::{Checker, Scope};
use super::declare::PARAM;
use super::errors;
use super::expectation::Expectation;
use super::meaning::{Meaning, MemberMeaning};
use super::place::Place;
use super::schema::SchemaId;
use super::ty::{Ty, TyKind, Tys};
use crate::diag::nearest;
use crate::resolve::{DefId, DefKind, TreeId};
use crate::source::{Span, Sym};
use crate::syntax::{BodyId, Expr, ExprId, Key, Marks, MemberKind, Name, Slice, TyId};

/// A declared name.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeclaredName {
    field: Sym,
    name: Sym,
    ty: Ty,
    at: Span,
}

impl Checker<'_> {
    /// The type of the entries of a schema's declared map.
    fn declared_map(&self, schema: SchemaId, field: Sym) -> Option<Ty> {
        let slot = self.types.slot(schema, field)?;
        let field = self.types.schema(schema).fields.get(usize::from(slot))?;
        match *self.types.tys.core(field.ty) {
            TyKind::Map(_, of) if field.marks.has(Marks::DECLARED) => Some(of),
            _ => None,
        }
    }

    fn has_declared(&self, schema: SchemaId) -> bool {
        let fields = &self.types.schema(schema).fields;
        fields.iter().any(|field| field.marks.has(Marks::DECLARED))
    }

    /// The names that members declare.
    fn collect_names(
        &mut self,
        tree: TreeId,
        body: BodyId,
        schema: SchemaId,
        out: &mut Vec<DeclaredName>,
    ) {
        let nodes = self.tree(tree);
        for member in nodes.members_of(body) {
            match member.kind {
                MemberKind::Field { name, ty, .. } if member.marks.has(Marks::PARAM) => {
                    if self.declared_map(schema, Sym::new(PARAM)).is_none() {
                        continue;
                    }
                    let ty = self.ty(tree, ty, &mut Vec::new());
                    let at = self.span(tree, name.at);
                    out.push(DeclaredName { field: Sym::new(PARAM), name: name.sym, ty, at });
                }
                MemberKind::Block { path, key, body, .. } => {
                    let [field] = nodes.names_of(path) else { continue };
                    let Some(ty) = self.declared_map(schema, field.sym) else { continue };
                    if *self.types.tys.core(ty) == TyKind::Data {
                        continue;
                    }
                    let names: Vec<Name> = match key {
                        Key::Name(name) => vec![name],
                        Key::None => nodes
                            .members_of(body)
                            .filter_map(|member| match member.kind {
                                MemberKind::Block { path, .. } | MemberKind::Set { path, .. } => {
                                    nodes.names_of(path).first().copied()
                                }
                                _ => None,
                            })
                            .collect(),
                        Key::Text(_) | Key::Star(_) => continue,
                    };
                    for name in names {
                        let at = self.span(tree, name.at);
                        out.push(DeclaredName { field: field.sym, name: name.sym, ty, at });
                    }
                }
                MemberKind::If { then, other, .. } => {
                    for body in std::iter::once(then).chain(other) {
                        self.collect_names(tree, body, schema, out);
                    }
                }
                MemberKind::By { arms, .. } => {
                    for arm in nodes.by_bodies_of(arms) {
                        self.collect_names(tree, arm.body, schema, out);
                    }
                }
                _ => {}
            }
        }
    }

    /// The names that presets declare, and those that they build on.
    pub(super) fn names_of_bases(
        &mut self,
        tree: TreeId,
        bases: Slice,
        schema: SchemaId,
    ) -> Vec<DeclaredName> {
        let mut out = Vec::new();
        if self.has_declared(schema) {
            self.base_names(tree, bases, schema, &mut Vec::new(), &mut out);
        }
        out
    }

    fn base_names(
        &mut self,
        tree: TreeId,
        bases: Slice,
        schema: SchemaId,
        seen: &mut Vec<DefId>,
        out: &mut Vec<DeclaredName>,
    ) {
        let nodes = self.tree(tree);
        for base in nodes.paths_of(bases) {
            let names: Vec<Sym> = nodes.names_of(base.names).iter().map(|name| name.sym).collect();
            let Some(def) = self.names.lookup_path(tree, &names) else { continue };
            if self.names.def(def).kind != DefKind::Preset || seen.contains(&def) {
                continue;
            }
            seen.push(def);
            let tree = self.names.def(def).tree;
            if let MemberKind::Preset { bases, body, .. } = self.names.member(def).kind {
                self.base_names(tree, bases, schema, seen, out);
                self.collect_names(tree, body, schema, out);
            }
        }
    }

    /// The names that lie below a block: of its presets, and of `*` blocks of its kind.
    pub(super) fn names_below(
        &mut self,
        kind: DefId,
        tree: TreeId,
        bases: Slice,
        schema: SchemaId,
    ) -> Vec<DeclaredName> {
        let mut out = Vec::new();
        if !self.has_declared(schema) {
            return out;
        }
        for index in 0..self.names.blocks.len() {
            let Some(block) = self.names.blocks.get(index).filter(|it| it.star && it.kind == kind)
            else {
                continue;
            };
            let (tree, member) = (block.tree, block.member);
            if let MemberKind::Block { body, .. } = self.tree(tree).member(member).kind {
                self.collect_names(tree, body, schema, &mut out);
            }
        }
        self.base_names(tree, bases, schema, &mut Vec::new(), &mut out);
        out
    }

    /// The names that hold in a body: its own, and at the top of a block those from below. One name has one type.
    pub(super) fn names_of_body(
        &mut self,
        scope: &Scope,
        body: BodyId,
        schema: SchemaId,
    ) -> Vec<DeclaredName> {
        let mut known: Vec<DeclaredName> = Vec::new();
        if !self.has_declared(schema) {
            return known;
        }
        let mut all = if scope.records.is_empty() { scope.names.clone() } else { Vec::new() };
        self.collect_names(scope.tree, body, schema, &mut all);
        for one in all {
            let before = known.iter().find(|it| (it.field, it.name) == (one.field, one.name));
            match before {
                Some(before) if before.ty == one.ty => {}
                Some(before) => {
                    let (first, shown) = (before.at, self.show(before.ty));
                    let ty = self.show(one.ty);
                    self.report(errors::declared_otherwise(
                        one.name.as_str(),
                        (&ty, one.at),
                        (&shown, first),
                    ));
                }
                None => known.push(one),
            }
        }
        known
    }

    /// `param name: T = value` in a block.
    pub(super) fn param(
        &mut self,
        scope: &Scope,
        id: crate::syntax::MemberId,
        schema: SchemaId,
        (name, ty, value, marks): (Name, TyId, Option<ExprId>, Marks),
    ) {
        let at = self.span(scope.tree, name.at);
        let field = Sym::new(PARAM);
        let of = self.declared_map(schema, field);
        let (Some(of), Some(slot)) = (of, self.types.slot(schema, field)) else {
            let shown = self.types.schema(schema).name;
            self.report(errors::no_declared(name.sym.as_str(), shown.as_str(), at));
            return;
        };
        let declared = self.ty(scope.tree, ty, &mut Vec::new());
        let ty_at = self.span(scope.tree, self.tree(scope.tree).ty_extent(ty));
        let map = self.types.schema(schema).fields.get(usize::from(slot)).map_or(at, |it| it.at);
        let shown = self.show(declared);
        if !self.fits(declared, of) {
            self.report(errors::not_data(name.sym.as_str(), &shown, ty_at, map));
            return;
        }
        let Some(value) = value else {
            self.report(errors::valueless(name.sym.as_str(), &shown, at));
            return;
        };
        let before = scope.names.iter().find(|it| it.field == field && it.name == name.sym);
        if before.is_some_and(|before| before.ty != declared) {
            // Told where the names of the block were gathered.
            return;
        }
        self.types.set_member(scope.tree, id, MemberMeaning::Write { slot, schema: None });
        let place = Place {
            ty: declared,
            origin: ty_at,
            name: name.sym,
            entry: false,
            declared: false,
            narrower: true,
        };
        self.value(scope, value, place, false, marks);
    }

    /// What is refined of an entry of data is proved when its value is known.
    pub(super) fn judge_later(&mut self, scope: &Scope, value: ExprId, expect: Expectation) {
        if self.types.tys.strip(expect.ty) != expect.ty {
            self.types.shapes.entry((scope.tree, value)).or_insert(expect);
        }
    }

    /// The entry of a declared map that a name means; any entry of other maps. `None` where it is declared nowhere.
    pub(super) fn declared_entry(
        &mut self,
        scope: &Scope,
        entry: Place,
        name: Name,
    ) -> Option<Place> {
        let plain = Place { declared: false, ..entry };
        if !entry.declared || *self.types.tys.core(entry.ty) != TyKind::Data {
            return Some(plain);
        }
        match self.declared_name(&scope.names, entry.name, name.sym) {
            Ok(found) => Some(Place {
                ty: found.ty,
                origin: found.at,
                name: name.sym,
                entry: false,
                narrower: true,
                ..plain
            }),
            Err(known) => {
                let at = self.span(scope.tree, name.at);
                self.undeclared(entry.name, name.sym, at, &known);
                None
            }
        }
    }

    fn declared_name(
        &self,
        names: &[DeclaredName],
        field: Sym,
        name: Sym,
    ) -> Result<DeclaredName, Vec<DeclaredName>> {
        let found = names.iter().find(|it| it.field == field && it.name == name);
        found.copied().ok_or_else(|| names.iter().filter(|it| it.field == field).copied().collect())
    }

    fn undeclared(&mut self, field: Sym, name: Sym, at: Span, known: &[DeclaredName]) {
        let names: Vec<Sym> = known.iter().map(|it| it.name).collect();
        let near = nearest(name.as_str(), names.iter().map(|name| name.as_str()));
        let near = near.and_then(|near| {
            let found = known.iter().find(|it| it.name.as_str() == near)?;
            Some((near, found.at))
        });
        self.report(errors::undeclared(field.as_str(), name.as_str(), at, near, &names));
    }

    /// `self.param.registries`, `policy.p.param.registries`: what a declared name is.
    pub(super) fn declared_read(
        &mut self,
        scope: &Scope,
        base: ExprId,
        base_ty: Ty,
        name: Sym,
        at: Span,
    ) -> Option<Ty> {
        let nodes = self.tree(scope.tree);
        let Expr::Field { base: owner, name: field, .. } = nodes.expr(base) else { return None };
        if !matches!(self.types.tys.core(base_ty), TyKind::Map(..)) {
            return None;
        }
        let field = nodes.name(field).sym;
        let (names, of) = match nodes.expr(owner) {
            Expr::SelfBlock => {
                let schema = *scope.records.last()?;
                (scope.names.clone(), self.declared_map(schema, field)?)
            }
            _ => self.names_of_block(scope, owner, field)?,
        };
        match self.declared_name(&names, field, name) {
            Ok(found) if *self.types.tys.core(of) == TyKind::Data => Some(found.ty),
            Ok(_) => None,
            Err(known) => {
                self.undeclared(field, name, at, &known);
                Some(Tys::UNKNOWN)
            }
        }
    }

    /// The names that a block declares, where an expression names that block.
    fn names_of_block(
        &mut self,
        scope: &Scope,
        owner: ExprId,
        field: Sym,
    ) -> Option<(Vec<DeclaredName>, Ty)> {
        let Meaning::Resource(index) = self.types.meaning(scope.tree, owner) else { return None };
        let schema = self.types.block_schema.get(index as usize).copied().flatten()?;
        let of = self.declared_map(schema, field)?;
        let block = self.names.blocks.get(index as usize)?;
        let (kind, tree, member) = (block.kind, block.tree, block.member);
        let MemberKind::Block { bases, body, .. } = self.tree(tree).member(member).kind else {
            return None;
        };
        let mut names = self.names_below(kind, tree, bases, schema);
        self.collect_names(tree, body, schema, &mut names);
        Some((names, of))
    }
}
