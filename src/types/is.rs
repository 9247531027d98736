//! `x is Y`: what can be asked of a value.

use super::check::{Checker, Scope};
use super::errors;
use super::meaning::{IsTest, Meaning};
use super::schema::SchemaId;
use super::ty::{Ty, TyKind};
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
                let def: Option<DefId> = self.names.lookup_path(scope.tree, &names);
                let test = def.and_then(|def| match self.types.schema_of.get(&def) {
                    Some(&schema) if !self.types.kinds.contains_key(&def) => {
                        Some(IsTest::Schema(schema))
                    }
                    _ => self.types.kinds.contains_key(&def).then_some(IsTest::Kind(def)),
                });
                match test {
                    Some(test) => {
                        self.mean(scope, expr, Meaning::Is(test));
                        if let IsTest::Schema(schema) = test {
                            self.possible(left, schema, at);
                        }
                    }
                    None => {
                        let name = names.last().copied().unwrap_or(Sym::EMPTY);
                        let known = self.names.visible(scope.tree, |k| k == DefKind::Schema);
                        let near = nearest(name.as_str(), known);
                        self.no_type(scope.tree, &names, at, "schema or kind", near);
                    }
                }
            }
            _ => {
                let written = self.names.text(scope.tree, nodes.expr_extent(right));
                self.report(errors::not_a_member(written, at));
            }
        }
    }

    /// The path that an expression writes: `Docker`, `base.Docker`.
    fn type_path(&self, scope: &Scope, expr: ExprId) -> Option<Vec<Sym>> {
        let nodes = self.tree(scope.tree);
        match nodes.expr(expr) {
            Expr::Name(name) => Some(vec![name]),
            Expr::TypeName(path) => {
                let names = nodes.names_of(nodes.path(path).names);
                Some(names.iter().map(|name| name.sym).collect())
            }
            Expr::Field { base, name, optional: false } => match nodes.expr(base) {
                Expr::Name(module) => Some(vec![module, nodes.name(name).sym]),
                _ => None,
            },
            _ => None,
        }
    }

    /// Reports an `is` that can never hold.
    fn possible(&mut self, left: Ty, schema: SchemaId, at: Span) {
        let present = self.types.tys.present(left);
        let mut members: Vec<SchemaId> = Vec::new();
        for member in self.types.tys.members(present) {
            match self.types.tys.kind(member) {
                TyKind::Schema(schema) => members.push(*schema),
                TyKind::Ref(kind) => {
                    members.extend(
                        self.types.kinds.get(kind).into_iter().flat_map(|k| k.members.iter()),
                    );
                }
                _ => return,
            }
        }
        if !members.is_empty() && !members.contains(&schema) {
            let (shown, name) = (self.show(left), self.types.schema(schema).name);
            self.report(errors::mismatch(at, name.as_str(), &format!("a member of {shown}"), None));
        }
    }
}
