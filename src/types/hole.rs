//! Holes of texts: what prints.

use super::check::{Checker, Scope};
use super::engine::Engine;
use super::errors;
use super::expectation::Expectation;
use super::schema::SchemaId;
use super::ty::{Ty, TyKind};
use crate::syntax::ExprId;

/// Which later values the holes of a text take.
#[derive(Clone, Copy, Debug)]
pub(super) enum Holes {
    /// None: the text is written out while building.
    Plain,
    /// Those of this context.
    Of(SchemaId, Expectation),
    /// Those of any one context: nothing says what the text is for.
    Any,
}

impl Checker<'_> {
    /// A hole of a text; gives the context of what it holds, if that is known only later.
    pub(super) fn hole(&mut self, scope: &Scope, hole: ExprId, takes: Holes) -> Option<SchemaId> {
        let found = self.infer(scope, hole);
        let TyKind::Later(of, context) = *self.types.tys.core(found) else {
            self.prints(scope, hole, found);
            return None;
        };
        match takes {
            Holes::Plain => {
                let now = self.now;
                self.refused_later(scope, hole, found, now);
                return None;
            }
            Holes::Of(wanted, expect) if wanted != context => {
                let error = self.of_other_context(scope, hole, (context, wanted), Some(expect));
                self.report(error);
                return None;
            }
            Holes::Of(..) | Holes::Any => {}
        }
        if let TyKind::Map(..) | TyKind::Computed(..) = self.types.tys.core(of) {
            let at = self.expr_span(scope.tree, hole);
            let written = self.names.text(scope.tree, self.tree(scope.tree).expr_extent(hole));
            let error =
                errors::mismatch(at, &self.show(found), "something that prints as text", None);
            self.report(error.help(format!("one of its entries prints: `{written}.name`")));
            return None;
        }
        if let TyKind::Quantity(_) = self.types.tys.core(of)
            && self.types.is_served(context, Engine::Grafana)
        {
            let at = self.expr_span(scope.tree, hole);
            let wanted = "something that Grafana prints in a text: a label or a variable";
            let error = errors::mismatch(at, &self.show(found), wanted, None);
            self.report(
                error.help(
                    "it is filled in where a query has a range: `rate(..[\\(rate-interval)])`",
                ),
            );
            return None;
        }
        // A reference is known by its name then.
        if self.types.is_served(context, Engine::ArgoCd)
            && matches!(self.types.tys.core(of), TyKind::Ref(_))
        {
            return Some(context);
        }
        let of = self.types.as_later_text(of);
        self.prints(scope, hole, of);
        Some(context)
    }

    /// Whether a value of a type prints inside of a text; what does not is reported.
    fn prints(&mut self, scope: &Scope, hole: ExprId, found: Ty) {
        let at = self.expr_span(scope.tree, hole);
        let ty = self.types.tys.strip(found);
        match self.types.tys.kind(ty).clone() {
            TyKind::Optional(inner) => {
                let (found, wanted) = (self.show(found), self.show(inner));
                self.report(errors::may_be_absent(at, &found, None, &wanted));
            }
            TyKind::Later(..) => {}
            TyKind::List(_)
            | TyKind::Map(..)
            | TyKind::Schema(_)
            | TyKind::Range(_)
            | TyKind::Here
            | TyKind::None
            | TyKind::Var(_)
            | TyKind::Computed(..)
            | TyKind::Parameters(_)
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
            TyKind::Resource => {
                let error = errors::mismatch(at, &self.show(found), "String", None);
                self.report(error);
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
