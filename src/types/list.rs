//! Lists and comprehensions.

use super::check::{Checker, Scope};
use super::errors;
use super::errors::later::Now;
use super::expectation::{Expectation, Why};
use super::ty::{Ty, TyKind, Tys};
use crate::source::Span;
use crate::syntax::{Clause, Expr, ExprId, NO_BASE, Name};

impl Checker<'_> {
    fn element(&self, ty: Ty) -> Option<Ty> {
        self.types.tys.members(ty).into_iter().find_map(|member| {
            match self.types.tys.kind(member) {
                TyKind::List(of) => Some(*of),
                TyKind::Data => Some(member),
                TyKind::Later(of, _) if self.is_data(*of) => Some(member),
                _ => None,
            }
        })
    }

    pub(super) fn list(
        &mut self,
        scope: &Scope,
        elements: crate::syntax::Slice,
        expect: Option<Expectation>,
        at: Span,
    ) -> Ty {
        let nodes = self.tree(scope.tree);
        let wanted = expect.and_then(|expect| Some(expect.element(self.element(expect.ty)?)));
        if let (Some(expect), None) = (expect, wanted)
            && !self.takes_any(expect.ty)
        {
            self.no_list(expect, at);
            return Tys::UNKNOWN;
        }
        let mut found: Option<(Ty, ExprId)> = None;
        for &element in nodes.elements(elements) {
            if let Expr::Spread(inner) = nodes.expr(element) {
                match (wanted, expect) {
                    (Some(wanted), Some(expect)) => {
                        let list = self.types.tys.intern(TyKind::List(wanted.ty));
                        self.expect(scope, inner, expect.with(list));
                    }
                    _ => {
                        let ty = self.infer(scope, inner);
                        let of = self.spread(scope, inner, ty);
                        found = match found {
                            None => Some((of, inner)),
                            Some((ty, first)) => {
                                Some((self.join_or_report(scope, inner, (ty, first), of), first))
                            }
                        };
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

    fn takes_any(&self, ty: Ty) -> bool {
        let members = self.types.tys.members(ty);
        members.iter().any(|&ty| {
            matches!(self.types.tys.kind(ty), TyKind::Unknown | TyKind::Data | TyKind::Later(..))
        })
    }

    /// A list where none is wanted: its elements are not judged.
    fn no_list(&mut self, expect: Expectation, at: Span) {
        let wanted = self.show(expect.ty);
        let entry = self.types.tys.members(expect.ty).into_iter().find_map(|member| {
            match *self.types.tys.kind(member) {
                TyKind::Map(_, value) => Some(value),
                _ => None,
            }
        });
        let mut error = errors::mismatch(at, "a list", &wanted, Some(expect));
        if let (Some(entry), Why::Field(field)) = (entry, expect.why) {
            let is_record =
                matches!(self.types.tys.kind(self.types.tys.present(entry)), TyKind::Schema(_));
            error = error.help(if is_record {
                format!("its entries have names: `{field} some-name {{ .. }}`")
            } else {
                format!("its entries have keys: `{field} = {{ key = value }}`")
            });
        }
        self.report(error);
    }

    /// What a spread list holds.
    fn spread(&mut self, scope: &Scope, expr: ExprId, found: Ty) -> Ty {
        match *self.types.tys.core(found) {
            TyKind::List(of) => of,
            TyKind::Unknown => Tys::UNKNOWN,
            TyKind::Data => {
                let of = self.types.tys.strip(found);
                let list = self.types.tys.intern(TyKind::List(of));
                let why = Why::Rule("its elements are taken over");
                let origin = self.expr_span(scope.tree, expr);
                self.shape(scope, expr, found, Expectation::new(list, origin, why));
                of
            }
            _ => {
                let (at, shown) = (self.expr_span(scope.tree, expr), self.show(found));
                self.report(errors::mismatch(at, &shown, "a list", None));
                Tys::UNKNOWN
            }
        }
    }

    /// The type of elements when more of them are spread into a list.
    pub(super) fn join_or_report(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        first: (Ty, ExprId),
        of: Ty,
    ) -> Ty {
        if let Some(ty) = self.join(first.0, of) {
            return ty;
        }
        let (at, origin) = (self.expr_span(scope.tree, expr), self.expr_span(scope.tree, first.1));
        let (found, wanted) = (self.show(of), self.show(first.0));
        let expect = Expectation::new(first.0, origin, Why::Operand);
        self.report(errors::mismatch(at, &found, &wanted, Some(expect)));
        Tys::UNKNOWN
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
        let wanted = expect.and_then(|expect| Some(expect.element(self.element(expect.ty)?)));
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
    pub(super) fn clauses(&mut self, scope: &Scope, start: u32, len: u32) -> Scope {
        let mut inner = scope.clone();
        let nodes = self.tree(scope.tree);
        for clause in nodes.clauses_of(crate::syntax::Slice { start, len }) {
            match *clause {
                Clause::If(condition) => {
                    self.condition(&inner, condition);
                    self.assume(&mut inner, condition, true);
                }
                Clause::For { key, value, source } => self.turn(&mut inner, key, value, source),
            }
        }
        inner
    }

    /// What a loop goes over. A record that names no schema can only be a map there.
    fn source(&mut self, scope: &Scope, source: ExprId) -> Ty {
        match self.tree(scope.tree).expr(source) {
            Expr::Record { base: NO_BASE, body } => {
                let ty = self.infer_entries(scope, source, body);
                self.types.set_type(scope.tree, source, ty);
                ty
            }
            Expr::Paren(inner) => {
                let ty = self.source(scope, inner);
                self.types.set_type(scope.tree, source, ty);
                ty
            }
            _ => self.infer(scope, source),
        }
    }

    /// The variables of a `for`, added to its scope.
    pub(super) fn turn(
        &mut self,
        scope: &mut Scope,
        key: Option<Name>,
        value: Name,
        source: ExprId,
    ) {
        let found = self.needing(Now::Loop, |this| this.source(scope, source));
        let kind = match self.refused_later(scope, source, found, Now::Loop) {
            true => TyKind::Unknown,
            false => self.types.tys.core(found).clone(),
        };
        let (key_ty, value_ty) = match kind {
            TyKind::List(of) => (Tys::INT, of),
            TyKind::Map(key, value) => (key, value),
            TyKind::Unknown => (Tys::UNKNOWN, Tys::UNKNOWN),
            TyKind::Data => {
                self.many(scope, source, found, key.is_some());
                (Tys::STRING, self.types.tys.strip(found))
            }
            _ => {
                let at = self.expr_span(scope.tree, source);
                let shown = self.show(found);
                self.report(errors::mismatch(at, &shown, "a list or map", None));
                (Tys::UNKNOWN, Tys::UNKNOWN)
            }
        };
        for (name, ty) in key.map(|key| (key, key_ty)).into_iter().chain([(value, value_ty)]) {
            let at = self.span(scope.tree, name.at);
            self.add_local(scope, name.sym, ty, at);
        }
    }
}
