//! What fits where.

use super::check::Checker;
use super::ty::{Ty, TyKind, Tys};

impl Checker<'_> {
    /// Whether a value of type `found` may stand where `wanted` is wanted. Refinements are proved on values.
    pub(super) fn fits(&self, found: Ty, wanted: Ty) -> bool {
        let tys = &self.types.tys;
        let (found, wanted) = (tys.strip(found), tys.strip(wanted));
        if found == wanted || found == Tys::UNKNOWN || wanted == Tys::UNKNOWN {
            return true;
        }
        match (tys.kind(found), tys.kind(wanted)) {
            (TyKind::Optional(found), TyKind::Optional(wanted)) => self.fits(*found, *wanted),
            (_, TyKind::Optional(wanted)) => self.fits(found, *wanted),
            (TyKind::Union(members), _) => members.iter().all(|&member| self.fits(member, wanted)),
            (_, TyKind::Union(members)) => members.iter().any(|&member| self.fits(found, member)),
            (TyKind::Later(found, context), TyKind::Later(wanted, of)) => {
                context == of
                    && (self.fits(*found, *wanted)
                        // What it is, the final values say.
                        || *tys.core(*found) == TyKind::Data && self.wants_text(*wanted)
                        || self.fits(self.types.as_later_text(*found), *wanted))
            }
            // Data is later where a part of it is.
            (TyKind::List(of) | TyKind::Map(_, of), TyKind::Later(data, _))
                if *tys.core(*data) == TyKind::Data =>
            {
                self.fits(*of, wanted)
            }
            (_, TyKind::Later(wanted, _)) => self.fits(found, *wanted),
            (TyKind::Int, TyKind::Float)
            | (TyKind::Literal(_), TyKind::String | TyKind::Text(_))
            | (TyKind::Text(_), TyKind::String)
            | (TyKind::String, TyKind::Text(_)) => true,
            (TyKind::Text(found), TyKind::Text(wanted)) => {
                use super::ty::TextKind::{Host, Ip, Name};
                // An address may be a host, and a name is one label of a host.
                found == wanted || matches!((found, wanted), (Name | Ip, Host))
            }
            (TyKind::List(found), TyKind::List(wanted))
            | (TyKind::Range(found), TyKind::Range(wanted)) => self.fits(*found, *wanted),
            (TyKind::Map(k1, v1), TyKind::Map(k2, v2)) => {
                self.fits(*k1, *k2) && self.fits(*v1, *v2)
            }
            (TyKind::Schema(schema), TyKind::Ref(kind)) => self
                .types
                .kinds
                .get(kind)
                .is_some_and(|kind| kind.union && kind.members.contains(schema)),
            (TyKind::Member(found, _), TyKind::Ref(wanted)) => found == wanted,
            (TyKind::Ref(_) | TyKind::Member(..), TyKind::Resource) => true,
            (
                TyKind::Bool
                | TyKind::Int
                | TyKind::Float
                | TyKind::String
                | TyKind::Quantity(_)
                | TyKind::Literal(_)
                | TyKind::Text(_)
                | TyKind::None,
                TyKind::Data,
            ) => true,
            (TyKind::List(of) | TyKind::Map(_, of), TyKind::Data) => self.fits(*of, wanted),
            _ => false,
        }
    }

    /// What another value is compared with: that a reference is known to be one member says nothing about the other.
    pub(super) fn widest(&mut self, ty: Ty) -> Ty {
        let kind = match self.types.tys.core(ty).clone() {
            TyKind::Member(kind, _) => TyKind::Ref(kind),
            TyKind::List(of) => TyKind::List(self.widest(of)),
            TyKind::Optional(of) => TyKind::Optional(self.widest(of)),
            TyKind::Union(members) => {
                let mut wide: Vec<Ty> = Vec::new();
                for member in members {
                    let member = self.widest(member);
                    if !wide.contains(&member) {
                        wide.push(member);
                    }
                }
                return self.types.tys.one_of(&wide).unwrap_or(ty);
            }
            _ => return ty,
        };
        self.types.tys.intern(kind)
    }

    /// The smallest type that both fit, for lists and branches without an expectation.
    pub(super) fn join(&self, a: Ty, b: Ty) -> Option<Ty> {
        if self.fits(a, b) {
            return Some(if a == Tys::UNKNOWN { a } else { b });
        }
        if self.fits(b, a) {
            return Some(a);
        }
        let text = |ty: Ty| {
            matches!(self.types.tys.core(ty), TyKind::String | TyKind::Literal(_) | TyKind::Text(_))
        };
        (text(a) && text(b)).then_some(Tys::STRING)
    }
}
