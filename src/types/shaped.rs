//! Data where a type is wanted: it is read as that type when its value is known.

use super::check::{Checker, Scope};
use super::expectation::{Expectation, Why};
use super::ty::{Ty, TyKind, Tys};
use crate::syntax::ExprId;

impl Checker<'_> {
    /// Notes that data is read as the type that is wanted of it. `false` where that type cannot come from data.
    pub(super) fn shape(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        found: Ty,
        expect: Expectation,
    ) -> bool {
        let is_data = *self.types.tys.kind(self.types.tys.present(found)) == TyKind::Data;
        let may_lack = self.types.tys.is_optional(found) && !self.types.tys.is_optional(expect.ty);
        if !is_data || may_lack || !self.may_come_of_data(expect.ty) {
            return false;
        }
        self.types.shapes.insert((scope.tree, expr), expect);
        true
    }

    /// Whether values of a type can be read from data. What a schema's fields are, is seen when they are read.
    pub(super) fn may_come_of_data(&self, ty: Ty) -> bool {
        self.types.tys.members(ty).into_iter().any(|member| match self.types.tys.kind(member) {
            TyKind::Bool
            | TyKind::Int
            | TyKind::Float
            | TyKind::String
            | TyKind::Quantity(_)
            | TyKind::Literal(_)
            | TyKind::Text(_)
            | TyKind::Schema(_)
            | TyKind::Data => true,
            TyKind::List(of) | TyKind::Map(_, of) => self.may_come_of_data(*of),
            _ => false,
        })
    }

    /// Data whose elements or entries are wanted: a list, or a map.
    pub(super) fn many(&mut self, scope: &Scope, expr: ExprId, found: Ty, keys: bool) -> Ty {
        let data = self.types.tys.present(found);
        let map = self.types.tys.intern(TyKind::Map(Tys::STRING, data));
        let list = self.types.tys.intern(TyKind::List(data));
        let ty =
            if keys { map } else { self.types.tys.intern(TyKind::Union(Box::new([list, map]))) };
        let origin = self.expr_span(scope.tree, expr);
        let why = Why::Rule("each of its elements is asked for");
        self.shape(scope, expr, found, Expectation::new(ty, origin, why));
        ty
    }

    /// What data is read as where a parameter takes any list or map.
    pub(super) fn many_of(&mut self, param: Ty, data: Ty) -> Option<Ty> {
        let data = self.types.tys.present(data);
        let kind = match self.types.tys.core(param) {
            TyKind::List(_) => TyKind::List(data),
            TyKind::Map(..) => TyKind::Map(Tys::STRING, data),
            _ => return None,
        };
        Some(self.types.tys.intern(kind))
    }

    /// Whether a type is data, present or not.
    pub(super) fn is_data(&self, ty: Ty) -> bool {
        *self.types.tys.core(ty) == TyKind::Data
    }
}
