//! Calls against signatures.

use super::check::{Checker, Scope};
use super::errors;
use super::expectation::{Expectation, Why};
use super::meaning::Meaning;
use super::name::Role;

use super::ty::{Ty, Tys};
use crate::diag::nearest;
use crate::source::Span;
use crate::syntax::{Expr, ExprId};

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        scope: &Scope,
        callee: ExprId,
        start: u32,
        len: u32,
        at: Span,
    ) -> Ty {
        let nodes = self.tree(scope.tree);
        let args = nodes.args_of(crate::syntax::Slice { start, len });
        let found = match nodes.expr(callee) {
            Expr::Name(name) => self.name(scope, callee, name, None, Role::Callee),
            Expr::Field { base, name, optional: false } => {
                self.field(scope, callee, base, name, false, Role::Callee)
            }
            _ => self.infer(scope, callee),
        };
        let callee_at = self.expr_span(scope.tree, callee);
        let Meaning::Fn(def) = self.types.meaning(scope.tree, callee) else {
            for arg in args {
                self.infer(scope, arg.value);
            }
            if found != Tys::UNKNOWN {
                let text = self.names.text(scope.tree, nodes.expr_extent(callee));
                self.report(errors::call(
                    format!("`{text}` is no function"),
                    callee_at,
                    "cannot be called",
                    None,
                ));
            }
            return Tys::UNKNOWN;
        };
        let Some(signature) = self.types.functions.get(&def).cloned() else { return Tys::UNKNOWN };
        let declared = self.names.def(def).at;
        let name = self.names.def(def).name;
        let mut given = vec![false; signature.params.len()];
        let mut position = 0;
        let mut wrong = false;
        for arg in args {
            let index = match arg.name {
                None => {
                    position += 1;
                    Some(position - 1)
                }
                Some(name) => signature.params.iter().position(|(param, ..)| *param == name.sym),
            };
            let slot = index.and_then(|i| Some((signature.params.get(i)?, given.get_mut(i)?)));
            let problem = match (slot, arg.name) {
                (Some(((param, ty, _), seen)), _) if !*seen => {
                    *seen = true;
                    let expect = Expectation::new(*ty, declared, Why::Declared(*param));
                    self.expect(scope, arg.value, expect);
                    continue;
                }
                (Some(((param, ..), _)), _) => {
                    let place = self.expr_span(scope.tree, arg.value);
                    errors::repeated_argument(name.as_str(), param.as_str(), place, declared)
                }
                (None, Some(label)) => {
                    let known = signature.params.iter().map(|(param, ..)| param.as_str());
                    let near = nearest(label.sym.as_str(), known);
                    let place = self.span(scope.tree, label.at);
                    errors::no_parameter(name.as_str(), label.sym.as_str(), place, declared, near)
                }
                (None, None) => {
                    let place = self.expr_span(scope.tree, arg.value);
                    errors::too_many(name.as_str(), signature.params.len(), place, declared)
                }
            };
            wrong = true;
            self.infer(scope, arg.value);
            self.report(problem);
        }
        // A wrong argument is likely the one that is missing: one mistake, one error.
        let missing = signature
            .params
            .iter()
            .zip(&given)
            .filter(|((.., default), given)| !**given && !default);
        let missing: Vec<String> = missing.map(|((param, ..), _)| format!("`{param}`")).collect();
        if !missing.is_empty() && !wrong {
            self.report(errors::call(
                format!("`{name}` needs {}", missing.join(" and ")),
                at,
                "an argument is missing",
                Some(declared),
            ));
        }
        signature.result
    }
}
