//! Calls against signatures.

use super::check::{Checker, Scope};
use super::engine::Engine;
use super::errors;
use super::errors::later::Now;
use super::expectation::{Expectation, Why};
use super::meaning::{Meaning, Parameter};
use super::name::Role;
use super::schema::SchemaId;
use super::ty::{Ty, TyKind, Tys};
use super::unify::{Bindings, variable_words};
use crate::diag::nearest;
use crate::resolve::DefId;
use crate::source::Span;
use crate::syntax::{Arg, Expr, ExprId, Slice, UnaryOp};

/// Functions of the library that Argo CD's templates have, too.
pub(super) const TWINS: &[&str] =
    &["slug", "lower", "upper", "trim-prefix", "trim-suffix", "replace", "truncate"];

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
        let context = scope.staged.filter(|_| self.is_twin(def, scope.staged));
        let mut is_later = false;
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
                    if let Some(context) = context
                        && *self.types.tys.core(param.ty) == TyKind::String
                    {
                        is_later |= self.later_argument(scope, arg, param, context);
                        continue;
                    }
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
        if let (true, Some(context)) = (is_later, context) {
            return self.types.tys.intern(TyKind::Later(Tys::STRING, context));
        }
        if known.is_empty() {
            known = hints;
        }
        self.filled(signature.result, &known)
    }

    /// Whether an engine has a function of its own that does the same as one of the library.
    fn is_twin(&self, def: DefId, staged: Option<SchemaId>) -> bool {
        let name = self.names.def(def).name;
        staged.is_some_and(|context| self.types.is_served(context, Engine::ArgoCd))
            && self.names.prelude.get(&name) == Some(&def)
            && TWINS.contains(&name.as_str())
    }

    /// A text for a function that an engine has, too. Whether it is known only later.
    fn later_argument(
        &mut self,
        scope: &Scope,
        arg: &Arg,
        param: &Parameter,
        context: SchemaId,
    ) -> bool {
        let wanted = self.types.tys.intern(TyKind::Later(param.ty, context));
        let expect = Expectation::new(wanted, param.at, Why::Declared(param.name));
        let found = self.expect(scope, arg.value, expect);
        let nodes = self.tree(scope.tree);
        match nodes.expr(arg.value) {
            // A text without later holes is known now, though it stands where later ones may.
            crate::syntax::Expr::Text(text) => self.holds_later(scope, text),
            _ => self.known_later(found).is_some(),
        }
    }

    /// Whether a hole of a text is known only later.
    fn holds_later(&self, scope: &Scope, text: crate::syntax::TextId) -> bool {
        let nodes = self.tree(scope.tree);
        nodes.parts_of(nodes.text(text).parts).iter().any(|part| match *part {
            crate::syntax::TextPart::Hole(hole) => {
                let ty = self.types.type_of_expr(scope.tree, hole);
                self.known_later(ty).is_some()
            }
            _ => false,
        })
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
