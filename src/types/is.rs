//! `x is Y`: what can be asked of a value.

use super::check::{Checker, Scope};
use super::errors;
use super::meaning::{IsTest, Meaning};
use super::ty::{Ty, TyKind, Tys};
use crate::diag::nearest;
use crate::resolve::{DefId, DefKind};
use crate::source::{Span, Sym};
use crate::syntax::{Expr, ExprId};

impl Checker<'_> {
    /// What `x is Y` asks for.
    pub(super) fn is_test(&mut self, scope: &Scope, expr: ExprId, left: Ty, right: ExprId) {
        let nodes = self.tree(scope.tree);
        let at = self.expr_span(scope.tree, right);
        match nodes.expr(right) {
            Expr::Name(name) if name.as_str() == "absent" => {
                self.mean(scope, expr, Meaning::IsAbsent);
            }
            Expr::TypeName(_) | Expr::Name(_) | Expr::Field { .. } => {
                let Some(names) = self.type_path(scope, right) else {
                    let written = self.names.text(scope.tree, nodes.expr_extent(right));
                    self.report(errors::not_a_member(written, at));
                    return;
                };
                if let Some(test) = self.test_of(scope, left, &names, at) {
                    self.mean(scope, expr, Meaning::Is(test));
                    self.possible(left, test, at);
                }
            }
            _ => {
                let written = self.names.text(scope.tree, nodes.expr_extent(right));
                self.report(errors::not_a_member(written, at));
            }
        }
    }

    /// The schema or kind that a path asks for.
    pub(super) fn test_of(
        &mut self,
        scope: &Scope,
        left: Ty,
        names: &[Sym],
        at: Span,
    ) -> Option<IsTest> {
        let members = self.types.tys.members(left);
        if members.iter().any(|&member| *self.types.tys.kind(member) == TyKind::Object) {
            let path = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(".");
            if let Some(object) = self.object_index(&path) {
                return Some(IsTest::Object(object));
            }
            if self.unknown_object(names, at) {
                return None;
            }
        }
        let def: Option<DefId> = self.names.lookup_path(scope.tree, names);
        let test = def.and_then(|def| match self.types.schema_of.get(&def) {
            Some(&schema) if !self.types.kinds.contains_key(&def) => Some(IsTest::Schema(schema)),
            _ => self.types.kinds.contains_key(&def).then_some(IsTest::Kind(def)),
        });
        if test.is_none() {
            let name = names.last().copied().unwrap_or(Sym::EMPTY);
            let known = self.names.visible(scope.tree, |k| k == DefKind::Schema);
            let near = nearest(name.as_str(), known);
            self.no_type(scope.tree, names, at, "schema or kind", near);
        }
        test
    }

    /// The path that an expression writes: `Docker`, `base.Docker`, `k8s.apps.v1.Deployment`.
    pub(super) fn type_path(&self, scope: &Scope, expr: ExprId) -> Option<Vec<Sym>> {
        let nodes = self.tree(scope.tree);
        match nodes.expr(expr) {
            Expr::Name(name) => Some(vec![name]),
            Expr::TypeName(path) => {
                let names = nodes.names_of(nodes.path(path).names);
                Some(names.iter().map(|name| name.sym).collect())
            }
            Expr::Field { base, name, optional: false } => {
                let mut names = self.type_path(scope, base)?;
                names.push(nodes.name(name).sym);
                Some(names)
            }
            _ => None,
        }
    }

    /// Reports an `is` or a pattern that can never hold. Whether it can.
    pub(super) fn possible(&mut self, left: Ty, test: IsTest, at: Span) -> bool {
        if self.types.tys.members(left).contains(&Tys::UNKNOWN)
            || self.narrowed(left, test, true).is_some()
        {
            return true;
        }
        let name = match test {
            IsTest::Schema(schema) => self.types.schema(schema).name,
            IsTest::Kind(kind) => self.names.def(kind).name,
            IsTest::Object(object) => {
                let found = self.names.catalog.objects.get(object as usize);
                found.map_or(Sym::EMPTY, |object| Sym::new(&object.kind))
            }
        };
        let shown = self.show(left);
        self.report(errors::mismatch(at, name.as_str(), &format!("a member of `{shown}`"), None));
        false
    }
}
