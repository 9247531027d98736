//! Calls against signatures.

use super::check::{Checker, Scope};
use super::errors;
use super::errors::later::Now;
use super::expectation::{Expectation, Why};
use super::meaning::{Meaning, Parameter};
use super::name::Role;
use super::ty::{Ty, TyKind, Tys};
use super::unify::{Bindings, variable_words};
use crate::diag::nearest;
use crate::source::Span;
use crate::syntax::{Arg, Expr, ExprId, Slice, UnaryOp};

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        scope: &Scope,
        callee: ExprId,
        args: Slice,
        at: Span,
        expect: Option<Expectation>,
    ) -> Ty {
        let nodes = self.tree(scope.tree);
        let args = nodes.args_of(args);
        let found = match nodes.expr(callee) {
            Expr::Name(name) => self.name(scope, callee, name, None, Role::Callee),
            Expr::Field { base, name, optional: false } => {
                self.field(scope, callee, base, name, false, Role::Callee)
            }
            _ => self.infer(scope, callee),
        };
        let callee_at = self.expr_span(scope.tree, callee);
        let Meaning::Fn(def) = self.types.meaning(scope.tree, callee) else {
            // Nothing says what is wanted: only names can be wrong.
            let open = Expectation::new(Tys::UNKNOWN, callee_at, Why::Operand);
            for arg in args {
                self.expect(scope, arg.value, open);
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
        self.uses(def, callee_at);
        if let (Some(of), Some(place)) = (self.serves(&signature), scope.staged)
            && of != place
        {
            for arg in args {
                self.infer(scope, arg.value);
            }
            self.of_other_engine(def, callee_at, of, place);
            return Tys::UNKNOWN;
        }
        let declared = self.names.def(def).at;
        let name = self.names.def(def).name;
        let mut given = vec![false; signature.params.len()];
        let mut position = 0;
        let mut wrong = false;
        let mut known = Bindings::new();
        // What is wanted of the result says how numbers among the arguments are read.
        let mut hints = Bindings::new();
        if let Some(expect) = expect
            && self.has_variables(signature.result)
        {
            let wanted = self.types.tys.present(expect.ty);
            self.unify(signature.result, wanted, &mut hints);
        }
        for arg in args {
            let index = match arg.name {
                None => {
                    position += 1;
                    Some(position - 1)
                }
                Some(name) => signature.params.iter().position(|param| param.name == name.sym),
            };
            let slot = index.and_then(|i| Some((signature.params.get(i)?, given.get_mut(i)?)));
            let problem = match (slot, arg.name) {
                (Some((param, seen)), _) if !*seen => {
                    *seen = true;
                    self.needing(Now::Argument(name), |this| {
                        this.argument(scope, arg, param, &mut known, &hints);
                    });
                    continue;
                }
                (Some((param, _)), _) => {
                    let place = self.expr_span(scope.tree, arg.value);
                    errors::repeated_argument(name.as_str(), param.name.as_str(), place, declared)
                }
                (None, Some(label)) => {
                    let known = signature.params.iter().map(|param| param.name.as_str());
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
            .filter(|(param, given)| !**given && param.default.is_none());
        let missing: Vec<String> = missing.map(|(param, _)| format!("`{}`", param.name)).collect();
        if !missing.is_empty() && !wrong {
            self.report(errors::call(
                format!("`{name}` needs {}", missing.join(" and ")),
                at,
                "an argument is missing",
                Some(declared),
            ));
        }
        if signature.is_extern {
            self.embeds(scope, def, args);
        }
        if known.is_empty() {
            known = hints;
        }
        self.filled(signature.result, &known)
    }

    /// An argument against its parameter.
    fn argument(
        &mut self,
        scope: &Scope,
        arg: &Arg,
        param: &Parameter,
        known: &mut Bindings,
        hints: &Bindings,
    ) {
        let why = Why::Declared(param.name);
        if !self.has_variables(param.ty) {
            self.expect(scope, arg.value, Expectation::new(param.ty, param.at, why));
            return;
        }
        let bindings = if known.is_empty() { hints } else { &*known };
        let wanted = self.filled(param.ty, bindings);
        let is_open = self.reads_by_expectation(scope, arg.value);
        let is_bare = self.holds_bare_record(scope, arg.value);
        // Where anything will do, a record that names no schema is data.
        let wanted = match *self.types.tys.kind(wanted) {
            TyKind::Unknown if is_bare => self.types.tys.intern(TyKind::Data),
            TyKind::List(of) if is_bare && of == Tys::UNKNOWN => {
                let data = self.types.tys.intern(TyKind::Data);
                self.types.tys.intern(TyKind::List(data))
            }
            _ => wanted,
        };
        let found = if is_bare || (is_open && !bindings.is_empty()) {
            self.expect(scope, arg.value, Expectation::new(wanted, param.at, why))
        } else {
            self.infer(scope, arg.value)
        };
        let now = self.now;
        if self.known_later(param.ty).is_none() && self.refused_later(scope, arg.value, found, now)
        {
            self.mean(scope, arg.value, Meaning::Wrong);
            return;
        }
        let before = known.clone();
        if self.unify(param.ty, found, known) {
            return;
        }
        if self.is_data(found)
            && let Some(ty) = self.many_of(param.ty, found)
            && self.unify(param.ty, ty, known)
        {
            self.shape(scope, arg.value, found, Expectation::new(ty, param.at, why));
            return;
        }
        *known = before;
        let at = self.expr_span(scope.tree, arg.value);
        let found = self.show(found);
        let wanted_words = match *self.types.tys.core(param.ty) {
            TyKind::Var(name) if known.is_empty() => variable_words(name).to_owned(),
            _ if known.is_empty() => self.show(param.ty),
            _ => {
                let wanted = self.filled(param.ty, known);
                self.show(wanted)
            }
        };
        let expect = Expectation::new(param.ty, param.at, why);
        self.report(errors::mismatch(at, &found, &wanted_words, Some(expect)));
        self.mean(scope, arg.value, Meaning::Wrong);
    }

    /// Whether an argument is a record that names no schema, or a list with one.
    fn holds_bare_record(&self, scope: &Scope, expr: ExprId) -> bool {
        let nodes = self.tree(scope.tree);
        match nodes.expr(expr) {
            Expr::Record { base, .. } => base == crate::syntax::NO_BASE,
            Expr::Paren(inner) => self.holds_bare_record(scope, inner),
            Expr::List(elements) => {
                let elements = nodes.elements(elements);
                elements.iter().any(|&element| self.holds_bare_record(scope, element))
            }
            _ => false,
        }
    }

    /// Whether an argument is a number, or a list of numbers: what is wanted says how it is read.
    fn reads_by_expectation(&self, scope: &Scope, expr: ExprId) -> bool {
        let nodes = self.tree(scope.tree);
        match nodes.expr(expr) {
            Expr::Number => true,
            Expr::Unary { op: UnaryOp::Negate, operand } => nodes.expr(operand) == Expr::Number,
            Expr::Paren(inner) => self.reads_by_expectation(scope, inner),
            Expr::List(elements) => {
                let elements = nodes.elements(elements);
                elements.iter().all(|&element| self.reads_by_expectation(scope, element))
            }
            _ => false,
        }
    }
}
