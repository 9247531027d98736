//! Maps that are computed: `{ ...base, [k] = v }`, `{ [k] = v for k, v in m }`.

use super::check::{Checker, Scope};
use super::errors;
use super::errors::later::Now;
use super::expectation::{Expectation, Why};
use super::meaning::{Meaning, MemberMeaning};
use super::place::Place;
use super::ty::{Ty, TyKind, Tys};
use crate::source::Span;
use crate::syntax::{BodyId, ExprId, MemberKind};

impl Checker<'_> {
    /// A map that is written as a value. Where its keys are computed, it is one value, and holds entries only.
    pub(super) fn map_literal(&mut self, scope: &Scope, body: BodyId, map: Ty, entry: Place) {
        let nodes = self.tree(scope.tree);
        let computes = nodes.members_of(body).any(|member| is_computed(&member.kind));
        if !computes {
            self.map_body(scope, body, map, entry);
            return;
        }
        let TyKind::Map(key_ty, _) = *self.types.tys.kind(map) else { return };
        let key_why = Why::Rule("the map is declared here");
        for &id in nodes.member_ids(body) {
            let member = *nodes.member(id);
            match member.kind {
                MemberKind::Spread(base) => {
                    self.expect(scope, base, entry.wants().with(map));
                    self.types.set_member(scope.tree, id, MemberMeaning::Entry { schema: None });
                }
                MemberKind::Comprehension { key, value, clauses } => {
                    let inner = self.clauses(scope, clauses.start, clauses.len);
                    let wanted = Expectation::new(key_ty, entry.origin, key_why);
                    self.needing(Now::Key, |this| this.expect(&inner, key, wanted));
                    self.types.set_member(scope.tree, id, MemberMeaning::Entry { schema: None });
                    self.value(&inner, value, entry, false, member.marks);
                }
                MemberKind::Set { path, append: false, .. } if nodes.names_of(path).len() == 1 => {
                    self.map_member(scope, id, map, entry);
                }
                MemberKind::Computed { .. } | MemberKind::Error => {
                    self.map_member(scope, id, map, entry);
                }
                _ => self.misplaced_entry(self.span(scope.tree, member.at)),
            }
        }
    }
}

impl Checker<'_> {
    /// A map with computed keys where nothing says what it holds: its entries do. `None` for a record without any, which could as well
    /// be one of a schema.
    pub(super) fn infer_map(&mut self, scope: &Scope, expr: ExprId, body: BodyId) -> Option<Ty> {
        let computes =
            self.tree(scope.tree).members_of(body).any(|member| is_computed(&member.kind));
        computes.then(|| self.infer_entries(scope, expr, body))
    }

    /// A map of which nothing says what it holds: its entries do.
    pub(super) fn infer_entries(&mut self, scope: &Scope, expr: ExprId, body: BodyId) -> Ty {
        let nodes = self.tree(scope.tree);
        self.mean(scope, expr, Meaning::Map);
        let string = self.types.tys.intern(TyKind::String);
        let mut key_ty: Option<Ty> = None;
        let mut value_ty: Option<(Ty, ExprId)> = None;
        for &id in nodes.member_ids(body) {
            let member = *nodes.member(id);
            self.types.set_member(scope.tree, id, MemberMeaning::Entry { schema: None });
            let (keys, values, at) = match member.kind {
                MemberKind::Spread(base) => {
                    let found = self.infer(scope, base);
                    match *self.types.tys.core(found) {
                        TyKind::Map(key, value) => (key, value, base),
                        TyKind::Unknown => (string, Tys::UNKNOWN, base),
                        _ => {
                            let at = self.expr_span(scope.tree, base);
                            let found = self.show(found);
                            self.report(errors::mismatch(at, &found, "a map", None));
                            (string, Tys::UNKNOWN, base)
                        }
                    }
                }
                MemberKind::Comprehension { key, value, clauses } => {
                    let inner = self.clauses(scope, clauses.start, clauses.len);
                    (self.infer(&inner, key), self.infer(&inner, value), value)
                }
                MemberKind::Computed { key, value } => {
                    (self.infer(scope, key), self.infer(scope, value), value)
                }
                MemberKind::Set { path, append: false, value }
                    if nodes.names_of(path).len() == 1 =>
                {
                    (string, self.infer(scope, value), value)
                }
                _ => {
                    self.misplaced_entry(self.span(scope.tree, member.at));
                    continue;
                }
            };
            key_ty = Some(key_ty.and_then(|known| self.join(known, keys)).unwrap_or(keys));
            value_ty = Some(match value_ty {
                Some((known, first)) => {
                    (self.join_or_report(scope, at, (known, first), values), first)
                }
                None => (values, at),
            });
        }
        let value = value_ty.map_or(Tys::UNKNOWN, |(ty, _)| ty);
        self.types.tys.intern(TyKind::Map(key_ty.unwrap_or(string), value))
    }

    fn misplaced_entry(&mut self, at: Span) {
        self.report(errors::misplaced(
            "this member",
            at,
            "a map with computed keys holds entries: `key = value`, `[key] = value`, `...other`",
        ));
    }
}

/// Whether a member's keys are known only when the map is.
fn is_computed(member: &MemberKind) -> bool {
    matches!(
        member,
        MemberKind::Computed { .. } | MemberKind::Spread(_) | MemberKind::Comprehension { .. }
    )
}
