//! Calls against signatures.

use super::check::{Checker, Scope};
use super::errors;
use super::expectation::{Expectation, Why};
use super::meaning::Meaning;
use super::ty::{Ty, Tys};
use crate::source::Span;
use crate::syntax::ExprId;

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
        self.infer(scope, callee);
        let callee_at = self.expr_span(scope.tree, callee);
        let Meaning::Fn(def) = self.types.meaning(scope.tree, callee) else {
            for arg in args {
                self.infer(scope, arg.value);
            }
            if self.types.type_of_expr(scope.tree, callee) != Tys::UNKNOWN {
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
        for arg in args {
            let index = match arg.name {
                None => {
                    position += 1;
                    Some(position - 1)
                }
                Some(name) => signature.params.iter().position(|(param, ..)| *param == name.sym),
            };
            match index
                .and_then(|index| Some((signature.params.get(index)?, given.get_mut(index)?)))
            {
                Some(((param, ty, _), seen)) => {
                    *seen = true;
                    self.expect(
                        scope,
                        arg.value,
                        Expectation::new(*ty, declared, Why::Declared(*param)),
                    );
                }
                None => {
                    let place = arg.name.map_or_else(
                        || self.expr_span(scope.tree, arg.value),
                        |name| self.span(scope.tree, name.at),
                    );
                    self.infer(scope, arg.value);
                    self.report(errors::call(
                        format!("`{name}` takes {} arguments", signature.params.len()),
                        place,
                        "one too many",
                        Some(declared),
                    ));
                }
            }
        }
        for ((param, _, default), given) in signature.params.iter().zip(&given) {
            if !given && !default {
                self.report(errors::call(
                    format!("`{name}` needs `{param}`"),
                    at,
                    "an argument is missing",
                    Some(declared),
                ));
            }
        }
        signature.result
    }
}
