//! Lists and comprehensions.

use super::check::{Checker, Scope};
use super::errors;
use super::expectation::Expectation;
use super::ty::{Ty, TyKind, Tys};
use crate::syntax::{Clause, Expr, ExprId};

impl Checker<'_> {
    fn element(&self, ty: Ty) -> Option<Ty> {
        self.types.tys.members(ty).into_iter().find_map(|member| {
            match self.types.tys.kind(member) {
                TyKind::List(of) => Some(*of),
                _ => None,
            }
        })
    }

    pub(super) fn list(
        &mut self,
        scope: &Scope,
        elements: crate::syntax::Slice,
        expect: Option<Expectation>,
    ) -> Ty {
        let nodes = self.tree(scope.tree);
        let wanted = expect.and_then(|expect| Some(expect.with(self.element(expect.ty)?)));
        let mut found: Option<(Ty, ExprId)> = None;
        for &element in nodes.elements(elements) {
            if let Expr::Spread(inner) = nodes.expr(element) {
                match (wanted, expect) {
                    (Some(_), Some(expect)) => {
                        self.expect(scope, inner, expect);
                    }
                    _ => {
                        self.infer(scope, inner);
                    }
                }
                continue;
            }
            match (wanted, found) {
                (Some(wanted), _) => {
                    self.expect(scope, element, wanted);
                }
                (None, None) => found = Some((self.infer(scope, element), element)),
                (None, Some((ty, first))) => {
                    found = Some((self.same(scope, element, ty, first), first));
                }
            }
        }
        let of = match (wanted, found) {
            (Some(wanted), _) => wanted.ty,
            (None, Some((ty, _))) => ty,
            (None, None) => Tys::UNKNOWN,
        };
        self.types.tys.intern(TyKind::List(of))
    }

    pub(super) fn list_for(
        &mut self,
        scope: &Scope,
        value: ExprId,
        start: u32,
        len: u32,
        expect: Option<Expectation>,
    ) -> Ty {
        let inner = self.clauses(scope, start, len);
        let wanted = expect.and_then(|expect| Some(expect.with(self.element(expect.ty)?)));
        let of = match wanted {
            Some(wanted) => {
                self.expect(&inner, value, wanted);
                wanted.ty
            }
            None => self.infer(&inner, value),
        };
        self.types.tys.intern(TyKind::List(of))
    }

    /// Checks the clauses of a comprehension; gives the scope of its value.
    fn clauses(&mut self, scope: &Scope, start: u32, len: u32) -> Scope {
        let mut inner = scope.clone();
        let nodes = self.tree(scope.tree);
        for clause in nodes.clauses_of(crate::syntax::Slice { start, len }) {
            match *clause {
                Clause::If(condition) => self.condition(&inner, condition),
                Clause::For { key, value, source } => {
                    let found = self.infer(&inner, source);
                    let (key_ty, value_ty) = match *self.types.tys.core(found) {
                        TyKind::List(of) => (Tys::INT, of),
                        TyKind::Map(key, value) => (key, value),
                        TyKind::Unknown => (Tys::UNKNOWN, Tys::UNKNOWN),
                        _ => {
                            let at = self.expr_span(scope.tree, source);
                            let shown = self.show(found);
                            let list = self.types.tys.intern(TyKind::List(Tys::UNKNOWN));
                            let _ = list;
                            self.report(errors::mismatch(at, &shown, "a list or map", None));
                            (Tys::UNKNOWN, Tys::UNKNOWN)
                        }
                    };
                    if let Some(key) = key {
                        inner.locals.push((key.sym, key_ty));
                    }
                    inner.locals.push((value.sym, value_ty));
                }
            }
        }
        inner
    }
}
