//! What a condition tells about the values that it asks for.
//!
//! A [`Fact`] is about a path of plain field reads: a name, `self.f`, `c.provider`. Where the condition holds, the
//! path has a narrower type.

use super::check::{Checker, Scope};
use super::meaning::{IsTest, Meaning};
use super::schema::SchemaId;
use super::ty::{Ty, TyKind};
use crate::resolve::DefId;
use crate::source::Sym;
use crate::syntax::{BinaryOp, Expr, ExprId, UnaryOp};

/// What a path of field reads is known to be.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    root: Root,
    fields: Vec<Sym>,
    /// How many loop variables and how many records were around: inside of more, the root may be another one.
    locals: usize,
    records: usize,
    ty: Ty,
}

/// Where a path starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Root {
    Name(Sym),
    SelfBlock,
    Outer,
}

impl Checker<'_> {
    /// The scope of what stands where a condition is `holds`.
    pub(super) fn given(&mut self, scope: &Scope, condition: ExprId, holds: bool) -> Scope {
        let mut inner = scope.clone();
        self.assume(&mut inner, condition, holds);
        inner
    }

    /// Adds what is known where a condition, which is checked already, is `holds`.
    pub(super) fn assume(&mut self, scope: &mut Scope, condition: ExprId, holds: bool) {
        match self.tree(scope.tree).expr(condition) {
            Expr::Paren(inner) => self.assume(scope, inner, holds),
            Expr::Unary { op: UnaryOp::Not, operand } => self.assume(scope, operand, !holds),
            Expr::Binary { op, left, right }
                if (op == BinaryOp::And && holds) || (op == BinaryOp::Or && !holds) =>
            {
                self.assume(scope, left, holds);
                self.assume(scope, right, holds);
            }
            Expr::Binary { op: BinaryOp::Is, left, .. } => {
                let meaning = self.types.meaning(scope.tree, condition);
                let before = self.types.type_of_expr(scope.tree, left);
                let narrowed = match meaning {
                    Meaning::Is(test) => self.narrowed(before, test, holds),
                    Meaning::IsAbsent if !holds => Some(self.types.tys.unwrapped(before)),
                    _ => None,
                };
                if let Some(ty) = narrowed {
                    self.learn(scope, left, ty);
                }
            }
            _ => {}
        }
    }

    /// Remembers what an expression is, if it is a path.
    pub(super) fn learn(&self, scope: &mut Scope, expr: ExprId, ty: Ty) {
        if let Some((root, fields)) = self.plain_path(scope, expr) {
            let (locals, records) = (scope.locals.len(), scope.records.len());
            scope.facts.push(Fact { root, fields, locals, records, ty });
        }
    }

    /// The type of an expression where facts say more than its declaration.
    pub(super) fn known(&self, scope: &Scope, expr: ExprId) -> Option<Ty> {
        if scope.facts.is_empty() {
            return None;
        }
        let (root, fields) = self.plain_path(scope, expr)?;
        let same = |fact: &&Fact| {
            let still = match fact.root {
                Root::Name(name) => {
                    let since = scope.locals.get(fact.locals..).unwrap_or_default();
                    !since.iter().any(|local| local.name == name)
                }
                Root::SelfBlock | Root::Outer => fact.records == scope.records.len(),
            };
            still && fact.root == root && fact.fields == fields
        };
        scope.facts.iter().rev().find(same).map(|fact| fact.ty)
    }

    fn plain_path(&self, scope: &Scope, mut expr: ExprId) -> Option<(Root, Vec<Sym>)> {
        let nodes = self.tree(scope.tree);
        let mut fields = Vec::new();
        let root = loop {
            match nodes.expr(expr) {
                Expr::Paren(inner) => expr = inner,
                Expr::Field { base, name, optional: false } => {
                    fields.push(nodes.name(name).sym);
                    expr = base;
                }
                Expr::Name(name) => break Root::Name(name),
                Expr::SelfBlock => break Root::SelfBlock,
                Expr::Outer => break Root::Outer,
                _ => return None,
            }
        };
        fields.reverse();
        Some((root, fields))
    }

    /// What is left of a type where `is` holds, or where it does not. `None` where nothing is left.
    pub(super) fn narrowed(&mut self, ty: Ty, test: IsTest, holds: bool) -> Option<Ty> {
        let mut left: Vec<Ty> = Vec::new();
        for member in self.types.tys.members(ty) {
            match self.types.tys.kind(member).clone() {
                TyKind::Schema(schema) => {
                    if (IsTest::Schema(schema) == test) == holds {
                        left.push(member);
                    }
                }
                TyKind::Member(kind, schema) => {
                    if (test == IsTest::Schema(schema) || test == IsTest::Kind(kind)) == holds {
                        left.push(member);
                    }
                }
                TyKind::Ref(kind) => {
                    let union = self.types.kinds.get(&kind).is_some_and(|kind| kind.union);
                    if union && matches!(test, IsTest::Schema(_)) {
                        for schema in self.members_of(kind) {
                            if (test == IsTest::Schema(schema)) == holds {
                                left.push(self.types.tys.intern(TyKind::Member(kind, schema)));
                            }
                        }
                    } else if (test == IsTest::Kind(kind)) == holds {
                        left.push(member);
                    }
                }
                // One value of many: what is left where it does not hold is the same type.
                TyKind::Object => {
                    if !holds || matches!(test, IsTest::Object(_)) {
                        left.push(member);
                    }
                }
                _ if holds => {}
                _ => left.push(member),
            }
        }
        let present = self.types.tys.one_of(&left)?;
        if !holds && self.types.tys.is_optional(ty) {
            return Some(self.types.tys.intern(TyKind::Optional(present)));
        }
        Some(present)
    }

    /// The schemas of a kind's members.
    pub(super) fn members_of(&self, kind: DefId) -> Vec<SchemaId> {
        self.types.kinds.get(&kind).map(|kind| kind.members.clone()).unwrap_or_default()
    }
}
