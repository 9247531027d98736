//! Holes of texts: what prints.

use super::check::{Checker, Scope};
use super::errors;
use super::ty::TyKind;
use crate::syntax::ExprId;

impl Checker<'_> {
    /// A hole of a text.
    pub(super) fn hole(&mut self, scope: &Scope, hole: ExprId, is_later: bool) {
        let found = self.infer(scope, hole);
        let at = self.expr_span(scope.tree, hole);
        let ty = self.types.tys.strip(found);
        match self.types.tys.kind(ty).clone() {
            TyKind::Later(_) if is_later => {}
            TyKind::Later(_) => {
                self.report(errors::later("this value", at, "when the alert fires"));
            }
            TyKind::Optional(inner) => {
                let (found, wanted) = (self.show(found), self.show(inner));
                self.report(errors::may_be_absent(at, &found, None, &wanted));
            }
            TyKind::List(_)
            | TyKind::Map(..)
            | TyKind::Schema(_)
            | TyKind::Range(_)
            | TyKind::Here
            | TyKind::None
            | TyKind::Var(_)
            | TyKind::Keyword(_) => {
                let shown = self.show(found);
                self.report(errors::mismatch(at, &shown, "something that prints as text", None));
            }
            TyKind::Ref(_) | TyKind::Member(..) => {
                let text = self.names.text(scope.tree, self.tree(scope.tree).expr_extent(hole));
                let error = errors::mismatch(at, &self.show(found), "String", None).fix(
                    "read its name",
                    at,
                    format!("{text}.name"),
                    false,
                );
                self.report(error);
            }
            TyKind::Object | TyKind::Type => {
                let text = self.names.text(scope.tree, self.tree(scope.tree).expr_extent(hole));
                let is_object = *self.types.tys.kind(ty) == TyKind::Object;
                let field = if is_object { "kind" } else { "name" };
                let error = errors::mismatch(at, &self.show(found), "String", None);
                let fixed = format!("{text}.{field}");
                self.report(error.fix("say which part of it", at, fixed, false));
            }
            // What it is, is seen when it is known.
            TyKind::Data => {}
            TyKind::Unknown
            | TyKind::Bool
            | TyKind::Int
            | TyKind::Float
            | TyKind::String
            | TyKind::Quantity(_)
            | TyKind::Literal(_)
            | TyKind::Union(_)
            | TyKind::Text(_)
            | TyKind::Alias(..)
            | TyKind::Refined(..) => {}
        }
    }
}
