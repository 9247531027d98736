//! Type variables: what a call says of them.
//!
//! Only `extern fn`s have them. A variable is one capital letter. Most stand for any type; `N` stands for a number or
//! quantity, `O` for what has an order. Each argument is looked at once, from left to right.

use super::check::Checker;
use super::ty::{Ty, TyKind, Tys};
use crate::source::Sym;

/// What the variables of a signature stand for so far.
pub(super) type Bindings = Vec<(Sym, Ty)>;

/// Whether a type's name is that of a variable.
pub(super) fn is_variable(name: &str) -> bool {
    matches!(name.as_bytes(), [b'A'..=b'Z'])
}

impl Checker<'_> {
    /// Whether a type holds variables.
    pub(super) fn has_variables(&self, ty: Ty) -> bool {
        match self.types.tys.kind(ty) {
            TyKind::Var(_) => true,
            TyKind::List(of)
            | TyKind::Range(of)
            | TyKind::Optional(of)
            | TyKind::Later(of, _)
            | TyKind::Refined(of, _) => self.has_variables(*of),
            TyKind::Map(key, value) => self.has_variables(*key) || self.has_variables(*value),
            _ => false,
        }
    }

    /// A type with what its variables stand for in place of them; those that are open become unknown.
    pub(super) fn filled(&mut self, ty: Ty, known: &Bindings) -> Ty {
        let kind = match self.types.tys.kind(ty).clone() {
            TyKind::Var(name) => {
                let found = known.iter().find(|(known, _)| *known == name);
                return found.map_or(Tys::UNKNOWN, |(_, ty)| *ty);
            }
            TyKind::List(of) => TyKind::List(self.filled(of, known)),
            TyKind::Range(of) => TyKind::Range(self.filled(of, known)),
            TyKind::Optional(of) => {
                let of = self.filled(of, known);
                if self.types.tys.is_optional(of) {
                    return of;
                }
                TyKind::Optional(of)
            }
            TyKind::Later(of, context) => TyKind::Later(self.filled(of, known), context),
            TyKind::Refined(of, refinement) => TyKind::Refined(self.filled(of, known), refinement),
            TyKind::Map(key, value) => {
                TyKind::Map(self.filled(key, known), self.filled(value, known))
            }
            _ => return ty,
        };
        self.types.tys.intern(kind)
    }

    /// Whether an argument of type `found` fits a parameter; what its variables stand for is noted.
    pub(super) fn unify(&self, param: Ty, found: Ty, known: &mut Bindings) -> bool {
        let tys = &self.types.tys;
        if found == Tys::UNKNOWN {
            return true;
        }
        match (tys.core(param), tys.core(found)) {
            (TyKind::Var(name), _) => self.bind(*name, found, known),
            (_, TyKind::Unknown) => true,
            (TyKind::Optional(param), TyKind::Optional(found))
            | (TyKind::List(param), TyKind::List(found))
            | (TyKind::Range(param), TyKind::Range(found)) => self.unify(*param, *found, known),
            (TyKind::Later(param, context), TyKind::Later(found, of)) => {
                context == of && self.unify(*param, *found, known)
            }
            (TyKind::Optional(param), _) => self.unify(*param, found, known),
            (TyKind::Map(key, value), TyKind::Map(other_key, other)) => {
                self.unify(*key, *other_key, known) && self.unify(*value, *other, known)
            }
            _ => !self.has_variables(param) && self.fits(found, param),
        }
    }

    fn bind(&self, name: Sym, found: Ty, known: &mut Bindings) -> bool {
        // What a number is refined to is no longer true of a sum.
        let found = match name.as_str() {
            "N" => self.types.tys.strip(found),
            _ => found,
        };
        if !self.may_be(name, found) {
            return false;
        }
        match known.iter_mut().find(|(known, _)| *known == name) {
            Some((_, before)) => match self.join(*before, found) {
                Some(ty) => {
                    *before = ty;
                    true
                }
                None => false,
            },
            None => {
                known.push((name, found));
                true
            }
        }
    }

    /// Whether a variable may stand for a type.
    fn may_be(&self, name: Sym, found: Ty) -> bool {
        let tys = &self.types.tys;
        let number = |ty: Ty| {
            matches!(
                tys.kind(ty),
                TyKind::Int | TyKind::Float | TyKind::Quantity(_) | TyKind::Unknown
            )
        };
        let text =
            |ty: Ty| matches!(tys.kind(ty), TyKind::String | TyKind::Literal(_) | TyKind::Text(_));
        if matches!(
            tys.core(found),
            TyKind::Later(..) | TyKind::Here | TyKind::None | TyKind::Keyword(_)
        ) {
            return false;
        }
        let one = tys.strip(found);
        let members = tys.members(found);
        match name.as_str() {
            "N" => number(one),
            "O" => !tys.is_optional(found) && (number(one) || members.into_iter().all(text)),
            _ => true,
        }
    }
}

/// What a variable stands for, for messages.
pub(super) fn variable_words(name: Sym) -> &'static str {
    match name.as_str() {
        "N" => "a number or quantity",
        "O" => "a number, quantity or text",
        _ => "a value of any type",
    }
}
