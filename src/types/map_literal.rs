//! Maps that are computed: `{ ...base, [k] = v }`, `{ [k] = v for k, v in m }`.

use super::check::{Checker, Scope};
use super::errors;
use super::errors::later::Now;
use super::expectation::{Expectation, Why};
use super::meaning::MemberMeaning;
use super::place::Place;
use super::ty::{Ty, TyKind};
use crate::syntax::{BodyId, MemberKind};

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
                _ => {
                    let at = self.span(scope.tree, member.at);
                    self.report(errors::misplaced(
                        "this member",
                        at,
                        "a map with computed keys holds entries: `key = value`, `[key] = value`, `...other`",
                    ));
                }
            }
        }
    }
}

/// Whether a member's keys are known only when the map is.
fn is_computed(member: &MemberKind) -> bool {
    matches!(
        member,
        MemberKind::Computed { .. } | MemberKind::Spread(_) | MemberKind::Comprehension { .. }
    )
}
