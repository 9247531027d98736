//! Entries of maps, and their keys.

use super::check::{Checker, Scope};
use super::errors;
use super::errors::later::Now;
use super::expectation::{Expectation, Why};
use super::meaning::MemberMeaning;
use super::place::Place;
use super::schema::SchemaId;
use super::text::read_text;
use super::ty::{Ty, TyKind};
use crate::resolve::TreeId;
use crate::source::{Span, Sym};
use crate::syntax::{BodyId, Expr, Marks, MemberId, MemberKind, Name, Slice, TextForm};

impl Checker<'_> {
    /// A key of a map, against the map's key type.
    pub(super) fn map_key(&mut self, tree: TreeId, map: Ty, name: Name, place: Place) {
        let TyKind::Map(key, _) = *self.types.tys.kind(map) else { return };
        let at = self.span(tree, name.at);
        let at = self.in_name(tree, at, key, name.sym);
        if let Some(problem) = self.types.judge_key(key, name.sym, at) {
            let wanted = self.show(key);
            self.report(
                problem.because(place.origin, format!("keys of `{}` are `{wanted}`", place.name)),
            );
        }
    }

    /// The first of an entry's fields that stands where entries do: then the entry's name was left out.
    fn nameless(&self, tree: TreeId, body: BodyId, entry: Ty) -> Option<(Sym, Span)> {
        let TyKind::Schema(schema) = *self.types.tys.kind(self.types.tys.present(entry)) else {
            return None;
        };
        let nodes = self.tree(tree);
        let mut first = None;
        for &id in nodes.member_ids(body) {
            let MemberKind::Set { path, value, .. } = nodes.member(id).kind else { return None };
            let name = *nodes.names_of(path).first()?;
            self.types.slot(schema, name.sym)?;
            let is_record = matches!(nodes.expr(value), Expr::Record { .. });
            if is_record {
                return None;
            }
            first = first.or(Some((name.sym, self.span(tree, name.at))));
        }
        first
    }

    /// A resource's own name, against the key of its schema.
    pub(super) fn own_name(&mut self, schema: SchemaId, name: Sym, at: Span, tree: TreeId) {
        let fields = &self.types.schema(schema).fields;
        let Some(key) = fields.iter().find(|field| field.marks.has(Marks::KEY)) else { return };
        let (ty, declared) = (key.ty, key.at);
        let at = self.in_name(tree, at, ty, name);
        if let Some(problem) = self.types.judge_key(ty, name, at) {
            let wanted = self.show(ty);
            self.report(problem.because(declared, format!("its name is `{wanted}`")));
        }
    }

    /// The wrong part of a name, which may stand in quotes.
    fn in_name(&self, tree: TreeId, at: Span, ty: Ty, name: Sym) -> Span {
        let info = self.names.tree(tree);
        let quoted = info.text.as_bytes().get(at.start as usize) == Some(&b'"');
        let refusal =
            self.text_kind(ty).and_then(|kind| read_text(kind, false, name.as_str()).err());
        match refusal {
            Some(refusal) if quoted => self.inside(at, TextForm::Quoted, refusal.at),
            Some(refusal) => self.inside(at, TextForm::Block, refusal.at),
            None => at,
        }
    }

    /// The members of a map.
    pub(super) fn map_body(&mut self, scope: &Scope, body: BodyId, map: Ty, entry: Place) {
        let nodes = self.tree(scope.tree);
        if let Some((name, at)) = self.nameless(scope.tree, body, entry.ty) {
            let shown = self.show(entry.ty);
            let field = entry.name.as_str();
            self.report(errors::needs_name(field, name.as_str(), &shown, at, entry.origin));
            return;
        }
        let mut with_lets = scope.clone();
        self.body_lets(&mut with_lets, body);
        let scope = &with_lets;
        for &id in nodes.member_ids(body) {
            self.map_member(scope, id, map, entry);
        }
    }

    /// A member of a map.
    pub(super) fn map_member(&mut self, scope: &Scope, id: MemberId, map: Ty, entry: Place) {
        let nodes = self.tree(scope.tree);
        {
            let member = *nodes.member(id);
            let at = self.span(scope.tree, member.at);
            match member.kind {
                MemberKind::Computed { .. }
                | MemberKind::Comprehension { .. }
                | MemberKind::Spread(_)
                | MemberKind::For { .. }
                    if entry.declared =>
                {
                    self.report(errors::computed_name(entry.name.as_str(), at));
                }
                MemberKind::Error => {}
                MemberKind::Set { path, append, value } => {
                    let names = nodes.names_of(path).to_vec();
                    let Some((first, rest)) = names.split_first() else { return };
                    self.map_key(scope.tree, map, *first, entry);
                    let mut place = self.declared_entry(scope, entry, *first);
                    for name in rest {
                        place = place.and_then(|place| self.step(scope, place, *name, true));
                    }
                    let Some(place) = place else { return };
                    self.types.set_member(scope.tree, id, MemberMeaning::Entry { schema: None });
                    self.value(scope, value, place, append, member.marks);
                }
                MemberKind::Block { path, key, bases, body } => {
                    let names = nodes.names_of(path).to_vec();
                    let Some((first, rest)) = names.split_first() else { return };
                    self.map_key(scope.tree, map, *first, entry);
                    let mut place = self.declared_entry(scope, entry, *first);
                    for name in rest {
                        place = place.and_then(|place| self.step(scope, place, *name, true));
                    }
                    let Some(place) = place else { return };
                    let head = self.span(scope.tree, first.at);
                    let schema = self.block_at(scope, place, key, bases, body, head);
                    self.types.set_member(scope.tree, id, MemberMeaning::Entry { schema });
                }
                MemberKind::Remove { .. } => {
                    self.types.set_member(scope.tree, id, MemberMeaning::Entry { schema: None });
                }
                MemberKind::Computed { key, value } => {
                    let TyKind::Map(key_ty, _) = *self.types.tys.kind(map) else { return };
                    let why = Why::Rule("the map is declared here");
                    let before = self.before(scope);
                    let wanted = Expectation::new(key_ty, entry.origin, why);
                    self.needing(Now::Key, |this| this.expect(&before, key, wanted));
                    self.types.set_member(scope.tree, id, MemberMeaning::Entry { schema: None });
                    self.value(scope, value, entry, false, member.marks);
                }
                MemberKind::By { axis, arms } => {
                    let arms = nodes.by_bodies_of(arms);
                    let names: Vec<Slice> = arms.iter().map(|arm| arm.names).collect();
                    self.arms(scope.tree, nodes.name(axis), &names);
                    for arm in arms {
                        self.map_body(scope, arm.body, map, entry);
                    }
                }
                MemberKind::If { condition, then, other } => {
                    self.condition(scope, condition);
                    let both = std::iter::once((then, true)).chain(other.map(|b| (b, false)));
                    for (body, holds) in both {
                        let inside = self.given(scope, condition, holds);
                        self.map_body(&inside, body, map, entry);
                    }
                }
                MemberKind::Spread(value) => {
                    self.types.set_member(scope.tree, id, MemberMeaning::Entry { schema: None });
                    let why = Why::Rule("the map is declared here");
                    self.expect(scope, value, Expectation::new(map, entry.origin, why));
                }
                MemberKind::Comprehension { key, value, clauses } => {
                    let TyKind::Map(key_ty, _) = *self.types.tys.kind(map) else { return };
                    let why = Why::Rule("the map is declared here");
                    let before = self.clauses(&self.before(scope), clauses.start, clauses.len);
                    self.expect(&before, key, Expectation::new(key_ty, entry.origin, why));
                    self.types.set_member(scope.tree, id, MemberMeaning::Entry { schema: None });
                    let mut inner = scope.clone();
                    inner.locals = before.locals;
                    inner.facts = before.facts;
                    self.value(&inner, value, entry, false, member.marks);
                }
                MemberKind::For { key, value, source, body } => {
                    self.types.set_member(scope.tree, id, MemberMeaning::Around);
                    let mut inner = scope.clone();
                    let mut before = self.before(scope);
                    self.turn(&mut before, key, value, source);
                    inner.locals = before.locals;
                    self.map_body(&inner, body, map, entry);
                }
                MemberKind::Let { .. } => {
                    self.types.set_member(scope.tree, id, MemberMeaning::Around);
                    let known = scope.lets.iter().find(|known| known.member == id).copied();
                    if let Some(known) = known {
                        self.body_let(scope, known);
                    }
                }
                MemberKind::Field { .. }
                | MemberKind::Check { .. }
                | MemberKind::Allow { .. }
                | MemberKind::Assert { .. }
                | MemberKind::Expect { .. }
                | MemberKind::Patch { .. }
                | MemberKind::Import { .. }
                | MemberKind::Type { .. }
                | MemberKind::Schema { .. }
                | MemberKind::Kind { .. }
                | MemberKind::Preset { .. }
                | MemberKind::Component { .. }
                | MemberKind::Fn { .. }
                | MemberKind::Test { .. } => {
                    self.report(errors::misplaced(
                        "this member",
                        at,
                        "a map holds entries: `key = value`",
                    ));
                }
            }
        }
    }
}
