//! Blocks: each member against the schema it writes into.

use super::check::{Checker, Scope};
use super::errors;
use super::errors::later::Now;
use super::expectation::{Expectation, Why};
use super::hole::Holes;
use super::meaning::MemberMeaning;
use super::place::Place;
use super::schema::SchemaId;
use super::ty::TyKind;
use crate::resolve::DefKind;
use crate::syntax::{BodyId, ExprId, Marks, MemberId, MemberKind, Slice};

impl Checker<'_> {
    /// Defaults and checks of a schema.
    pub(super) fn schema(&mut self, id: SchemaId) {
        for slot in 0..self.types.schema(id).fields.len() {
            let Some(field) = self.types.schema(id).fields.get(slot).cloned() else { continue };
            let Some(default) = field.default else { continue };
            let mut scope = Scope { declared: Some(id), ..Scope::new(field.tree) };
            self.of_component(&mut scope, id);
            scope.staged = self.types.context_of(field.ty);
            self.expect(
                &scope,
                default,
                Expectation::new(field.ty, field.at, Why::Field(field.name)),
            );
        }
        for check in self.types.schema(id).checks.clone() {
            let mut scope = Scope { declared: Some(id), ..Scope::new(check.tree) };
            self.of_component(&mut scope, id);
            self.condition(&scope, check.condition);
            // The message is read where the condition does not hold.
            let scope = self.given(&scope, check.condition, false);
            let nodes = self.tree(check.tree);
            for part in nodes.parts_of(nodes.text(check.message).parts) {
                if let crate::syntax::TextPart::Hole(hole) = *part {
                    self.hole(&scope, hole, Holes::Plain);
                }
            }
        }
    }

    /// What else the fields of a component see: its children and `let`s.
    fn of_component(&mut self, scope: &mut Scope, id: SchemaId) {
        let def = self.types.schema(id).def;
        if self.names.def(def).kind == DefKind::Component && self.names.def(def).tree == scope.tree
        {
            scope.component = Some(def);
            self.component_lets(scope, def);
        }
    }

    /// The members of a record of a schema.
    pub(super) fn body(&mut self, scope: &Scope, body: BodyId, schema: SchemaId) {
        let mut inner = scope.clone();
        inner.names = self.names_of_body(scope, body, schema);
        if self.types.stages_each(schema).is_some() {
            inner.generators = self.generators_of_body(scope, body, schema);
            inner.below = Vec::new();
        }
        inner.records.push(schema);
        if self.types.contexts.contains_key(&schema) {
            inner.block = scope.settled.then_some((schema, body));
        }
        self.members(&mut inner, body, schema);
    }

    /// The members of a body, its `let`s first.
    fn members(&mut self, scope: &mut Scope, body: BodyId, schema: SchemaId) {
        self.body_lets(scope, body);
        let nodes = self.tree(scope.tree);
        for &id in nodes.member_ids(body) {
            self.member(scope, id, schema);
        }
    }

    fn member(&mut self, scope: &Scope, id: MemberId, schema: SchemaId) {
        let nodes = self.tree(scope.tree);
        let member = *nodes.member(id);
        let at = self.span(scope.tree, member.at);
        match member.kind {
            MemberKind::Error => {}
            MemberKind::Set { path, append, value } => {
                let Some((slot, place)) = self.walk(scope, path, schema, true) else { return };
                if place.declared {
                    self.report(errors::whole_declared(place.name.as_str(), at));
                    return;
                }
                self.types.set_member(scope.tree, id, MemberMeaning::Write { slot, schema: None });
                self.value(scope, value, place, append, member.marks);
            }
            MemberKind::Block { path, key, bases, body } => {
                if self.amendment(scope, id, &member, schema).is_some() {
                    return;
                }
                let Some((slot, place)) = self.walk(scope, path, schema, true) else { return };
                let names = nodes.names_of(path);
                let at = names.last().map_or(at, |name| self.span(scope.tree, name.at));
                let entry = self.block_at(scope, place, key, bases, body, at);
                self.types.set_member(scope.tree, id, MemberMeaning::Write { slot, schema: entry });
            }
            MemberKind::Remove { path } => {
                if let Some((slot, _)) = self.walk(scope, path, schema, false) {
                    self.types.set_member(
                        scope.tree,
                        id,
                        MemberMeaning::Write { slot, schema: None },
                    );
                }
            }
            MemberKind::By { axis, arms } => {
                let arms = nodes.by_bodies_of(arms);
                let names: Vec<Slice> = arms.iter().map(|arm| arm.names).collect();
                self.arms(scope.tree, nodes.name(axis), &names);
                for arm in arms {
                    self.members(&mut scope.clone(), arm.body, schema);
                }
            }
            MemberKind::If { condition, then, other } => {
                self.condition(scope, condition);
                for (body, holds) in std::iter::once((then, true)).chain(other.map(|b| (b, false)))
                {
                    let mut inside = self.given(scope, condition, holds);
                    self.members(&mut inside, body, schema);
                }
            }
            MemberKind::For { key, value, source, body } => {
                self.types.set_member(scope.tree, id, MemberMeaning::Around);
                let mut inner = scope.clone();
                let mut before = self.before(scope);
                self.turn(&mut before, key, value, source);
                inner.locals = before.locals;
                self.members(&mut inner, body, schema);
            }
            MemberKind::Let { name, .. } => {
                self.types.set_member(scope.tree, id, MemberMeaning::Around);
                let known = scope.lets.iter().find(|known| known.member == id).copied();
                if let Some(known) = known {
                    debug_assert_eq!(known.name, name.sym, "a `let` is found by its member");
                    self.body_let(scope, known);
                }
            }
            MemberKind::Field { name, ty, default } if member.marks.has(Marks::PARAM) => {
                self.param(scope, id, schema, (name, ty, default, member.marks));
            }
            MemberKind::Field { name, .. } => {
                let word = name.sym.as_str();
                self.report(errors::misplaced(
                    "a declaration",
                    at,
                    &format!("fields are set with `=`: `{word} = ..`"),
                ));
            }
            MemberKind::Allow { code } => {
                let place = self.span(scope.tree, code.at);
                self.allowed_code(code.sym.as_str(), place);
                if member.because.is_none() {
                    self.report(errors::no_reason(code.sym.as_str(), at));
                }
            }
            MemberKind::Patch { path, body, .. } => self.patch(scope, id, schema, path, body),
            MemberKind::Spread(_) => self.report(errors::misplaced(
                "`...` in a record",
                at,
                "`...` puts the entries of one map into another; what blocks share is a preset",
            )),
            MemberKind::Check { .. } => self.report(errors::misplaced(
                "`check`",
                at,
                "a check belongs to a schema, where it holds for every block",
            )),
            MemberKind::Computed { .. } | MemberKind::Comprehension { .. } => {
                let name = self.types.schema(schema).name;
                self.report(errors::misplaced(
                    "a computed key",
                    at,
                    &format!("`{name}` has fixed fields; computed keys belong into maps"),
                ));
            }
            MemberKind::Assert { .. } | MemberKind::Expect { .. } => self.report(
                errors::misplaced("an assertion", at, "assertions stand in `test \"..\" { }`"),
            ),
            MemberKind::Import { .. }
            | MemberKind::Type { .. }
            | MemberKind::Schema { .. }
            | MemberKind::Kind { .. }
            | MemberKind::Preset { .. }
            | MemberKind::Component { .. }
            | MemberKind::Fn { .. }
            | MemberKind::Test { .. } => self.report(errors::misplaced(
                "a definition",
                at,
                "definitions stand at the top of a file",
            )),
        }
    }

    /// A value that is set.
    pub(super) fn value(
        &mut self,
        scope: &Scope,
        value: ExprId,
        place: Place,
        append: bool,
        marks: Marks,
    ) {
        let context = self.types.context_of(place.ty);
        let replaces = marks.has(Marks::OVERRIDE);
        let changed = (context.is_some() || replaces).then(|| Scope {
            staged: context.or(scope.staged),
            inherited: if replaces { Some(place.ty) } else { scope.inherited },
            ..scope.clone()
        });
        let inner = changed.as_ref().unwrap_or(scope);
        let expect = place.wants();
        if append
            && !matches!(
                self.types.tys.kind(self.types.tys.present(place.ty)),
                TyKind::List(_) | TyKind::Unknown | TyKind::Data
            )
        {
            let at = self.expr_span(scope.tree, value);
            let found = self.show(place.ty);
            self.report(errors::append_to(at, &found, place.origin, place.name.as_str()));
            return;
        }
        let now = if place.name.as_str() == "clusters" { Now::Clusters } else { Now::Value };
        self.needing(now, |this| this.expect(inner, value, expect));
        if place.narrower {
            self.judge_later(inner, value, expect);
        }
    }
}
