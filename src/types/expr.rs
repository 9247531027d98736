//! Expressions: with an expectation, or to be found out.

use super::check::{Checker, Scope};
use super::errors;
use super::errors::later::Now;
use super::expectation::{Expectation, Why};
use super::meaning::Meaning;
use super::name::Role;
use super::ty::{Ty, TyKind, Tys};
use crate::embedded::read_number;
use crate::source::Sym;
use crate::syntax::{Expr, ExprId, NO_BASE, Slice, UnaryOp};

impl Checker<'_> {
    /// Checks an expression of which nothing is expected, and gives its type.
    pub(super) fn infer(&mut self, scope: &Scope, expr: ExprId) -> Ty {
        self.visit(scope, expr, None)
    }

    /// Checks an expression against what is wanted; gives the type found.
    pub(super) fn expect(&mut self, scope: &Scope, expr: ExprId, expect: Expectation) -> Ty {
        let before = self.sink.len();
        let found = self.visit(scope, expr, Some(expect));
        if self.passes_on(scope, expr) || self.fits(found, expect.ty) {
            return found;
        }
        if self.shape(scope, expr, found, expect) {
            return expect.ty;
        }
        let is_list =
            matches!(self.tree(scope.tree).expr(expr), Expr::List(_) | Expr::ListFor { .. });
        if is_list && self.sink.has_errors_since(before) {
            // Its elements are wrong: what the whole is, is known when they are right.
            return Tys::UNKNOWN;
        }
        let at = self.expr_span(scope.tree, expr);
        let (shown, wanted) = (self.show(found), self.show(expect.ty));
        if let TyKind::Later(of, _) = *self.types.tys.core(found)
            && let TyKind::Optional(inner) = *self.types.tys.core(of)
            && self.types.context_of(expect.ty).is_some()
        {
            self.later_may_be_absent(scope, expr, found, inner);
            self.mean(scope, expr, Meaning::Wrong);
            return Tys::UNKNOWN;
        }
        let error = if let TyKind::Optional(inner) = *self.types.tys.core(found)
            && (self.fits(inner, expect.ty)
                || self.is_data(inner) && self.may_come_of_data(expect.ty))
        {
            let error = errors::may_be_absent(at, &shown, Some(expect), &wanted);
            match self.default_of(expect.ty) {
                Some(default) => {
                    let text = self.names.text(scope.tree, self.tree(scope.tree).expr_extent(expr));
                    let instead = match expect.why {
                        Why::Operand | Why::Subject => format!("({text} ?? {default})"),
                        _ => format!("{text} ?? {default}"),
                    };
                    error.fix(format!("write `{instead}`"), at, instead, false)
                }
                None => error,
            }
        } else if let Some(context) = self.known_later(found) {
            match self.types.context_of(expect.ty) {
                None => {
                    let error = self.not_yet(scope, expr, context, self.now);
                    error.because(expect.origin, expect.because(&wanted))
                }
                Some(of) if of != context => {
                    self.of_other_context(scope, expr, (context, of), Some(expect))
                }
                Some(_) => self.later_mismatch(scope, expr, found, expect),
            }
        } else if *self.types.tys.core(found) == TyKind::Object
            && (self.wants_text(expect.ty) || *self.types.tys.core(expect.ty) == TyKind::Data)
        {
            errors::mismatch(at, &shown, &wanted, Some(expect)).help(
                "of a kind its parts are texts: `.kind`, `.api-version`, `.group`, `.version`",
            )
        } else {
            let error = errors::mismatch(at, &shown, &wanted, Some(expect));
            let is_none = *self.types.tys.core(found) == TyKind::None;
            match is_none && self.types.tys.is_optional(expect.ty) {
                true => error.help(
                    "absence is not a value: leave the field out, or set it in an `if c { field = .. }` of its block",
                ),
                false => error,
            }
        };
        self.report(error);
        self.mean(scope, expr, Meaning::Wrong);
        Tys::UNKNOWN
    }

    /// A value that can stand in for an absent one, to be looked at.
    fn default_of(&self, wanted: Ty) -> Option<String> {
        let first = self.types.tys.members(wanted).first().copied()?;
        if self.has_bounds(wanted) {
            return None;
        }
        match *self.types.tys.kind(first) {
            TyKind::Bool => Some("false".to_owned()),
            TyKind::Int => Some("0".to_owned()),
            TyKind::String if self.types.tys.strip(wanted) == wanted => Some("\"\"".to_owned()),
            TyKind::Literal(text) => Some(format!("\"{text}\"")),
            TyKind::List(_) => Some("[]".to_owned()),
            TyKind::Map(..) => Some("{}".to_owned()),
            _ => None,
        }
    }

    /// Marks an expression in which an error was reported: its value is poison. Records are not
    /// marked, since their other fields are still known.
    fn settle(&mut self, scope: &Scope, expr: ExprId, before: usize) {
        let is_record = matches!(self.tree(scope.tree).expr(expr), Expr::Record { .. });
        if self.sink.has_errors_since(before) && !is_record {
            self.mean(scope, expr, Meaning::Wrong);
        }
    }

    /// A condition: a `Bool`.
    pub(super) fn condition(&mut self, scope: &Scope, expr: ExprId) {
        let at = self.expr_span(scope.tree, expr);
        let expect = Expectation::new(Tys::BOOL, at, Why::Rule("a condition is `Bool`"));
        self.needing(Now::Condition, |this| this.expect(scope, expr, expect));
    }

    /// Whether the parts of an expression were checked against the expectation themselves.
    fn passes_on(&self, scope: &Scope, expr: ExprId) -> bool {
        matches!(
            self.tree(scope.tree).expr(expr),
            Expr::Paren(_) | Expr::If { .. } | Expr::By { .. } | Expr::Match { .. } | Expr::Error
        )
    }

    fn visit(&mut self, scope: &Scope, expr: ExprId, expect: Option<Expectation>) -> Ty {
        let before = self.sink.len();
        let mut ty = self.form(scope, expr, expect);
        if ty != Tys::UNKNOWN
            && let Some(known) = self.known(scope, expr)
        {
            ty = known;
        }
        self.types.set_type(scope.tree, expr, ty);
        self.settle(scope, expr, before);
        ty
    }

    fn form(&mut self, scope: &Scope, expr: ExprId, expect: Option<Expectation>) -> Ty {
        let nodes = self.tree(scope.tree);
        let at = self.expr_span(scope.tree, expr);
        match nodes.expr(expr) {
            Expr::Error => Tys::UNKNOWN,
            Expr::Bool(_) => Tys::BOOL,
            Expr::None => self.types.tys.intern(TyKind::None),
            Expr::Number => self.number(scope, expr, nodes.expr_extent(expr), false, expect),
            Expr::Text(text) => self.text(scope, expr, text, expect),
            Expr::Name(name) => self.name(scope, expr, name, expect, Role::Value),
            Expr::TypeName(path) => {
                let names: Vec<Sym> =
                    nodes.names_of(nodes.path(path).names).iter().map(|name| name.sym).collect();
                self.type_value(scope, expr, &names, at, expect)
            }
            Expr::SelfBlock => self.around(scope, at, "self", 1),
            Expr::Outer => self.around(scope, at, "outer", 2),
            Expr::Here if self.refused_in_function(scope, "here", at) => Tys::UNKNOWN,
            Expr::Here => self.types.tys.intern(TyKind::Here),
            Expr::All(path) => self.all(scope, expr, path),
            Expr::Field { base, name, optional } => {
                match self.type_path_value(scope, expr, expect) {
                    Some(ty) => ty,
                    None => self.field(scope, expr, base, name, optional, Role::Value),
                }
            }
            Expr::Index { base, index } => self.index(scope, base, index),
            Expr::Call { callee, start, len } => {
                self.call(scope, callee, Slice { start, len }, at, expect)
            }
            Expr::Unary { op, operand } => self.unary(scope, expr, op, operand, expect),
            Expr::Binary { op, left, right } => self.binary(scope, expr, op, left, right, expect),
            Expr::If { condition, yes, no } => {
                self.condition(scope, condition);
                let when = self.given(scope, condition, true);
                let unless = self.given(scope, condition, false);
                match expect {
                    Some(expect) => {
                        self.expect(&when, yes, expect);
                        self.expect(&unless, no, expect);
                        expect.ty
                    }
                    None => {
                        let yes_ty = self.infer(&when, yes);
                        self.same(&unless, no, yes_ty, yes)
                    }
                }
            }
            Expr::Match { subject, start, len } => {
                self.match_value(scope, expr, subject, Slice { start, len }, expect)
            }
            Expr::By { .. } if self.refused_in_function(scope, "by", at) => Tys::UNKNOWN,
            Expr::By { axis, start, len } => self.by(scope, axis, start, len, expect),
            Expr::List(elements) => self.list(scope, elements, expect, at),
            Expr::ListFor { value, start, len } => self.list_for(scope, value, start, len, expect),
            Expr::Record { base, body } => {
                let base = (base != NO_BASE).then_some(base);
                self.record(scope, expr, base, body, expect)
            }
            Expr::Paren(inner) => match expect {
                Some(expect) => self.expect(scope, inner, expect),
                None => self.infer(scope, inner),
            },
            Expr::Spread(_) => {
                self.report(errors::misplaced("`...`", at, "it spreads a list inside `[ ]`"));
                Tys::UNKNOWN
            }
        }
    }

    /// Checks a second branch against the first.
    pub(super) fn same(&mut self, scope: &Scope, expr: ExprId, first_ty: Ty, first: ExprId) -> Ty {
        let origin = self.expr_span(scope.tree, first);
        let first_ty = self.widest(first_ty);
        let literal = matches!(
            self.types.tys.kind(first_ty),
            TyKind::Literal(_) | TyKind::String | TyKind::Text(_) | TyKind::None
        );
        if literal || first_ty == Tys::UNKNOWN || self.widens(scope, first_ty, expr) {
            let second = self.infer(scope, expr);
            if let Some(ty) = self.join(first_ty, second) {
                return ty;
            }
            let at = self.expr_span(scope.tree, expr);
            let (found, wanted) = (self.show(second), self.show(first_ty));
            let expect = Expectation::new(first_ty, origin, Why::Operand);
            self.report(errors::mismatch(at, &found, &wanted, Some(expect)));
            return Tys::UNKNOWN;
        }
        self.expect(scope, expr, Expectation::new(first_ty, origin, Why::Operand));
        first_ty
    }

    /// Whether a fraction follows a whole number: the two are fractions then.
    pub(super) fn widens(&self, scope: &Scope, first: Ty, second: ExprId) -> bool {
        let nodes = self.tree(scope.tree);
        let digits = match nodes.expr(second) {
            Expr::Unary { op: UnaryOp::Negate, operand } => operand,
            _ => second,
        };
        self.types.tys.strip(first) == Tys::INT
            && nodes.expr(digits) == Expr::Number
            && read_number(self.names.text(scope.tree, nodes.expr_extent(digits)))
                .is_ok_and(|literal| literal.is_bare() && literal.has_point())
    }

    fn unary(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        op: UnaryOp,
        operand: ExprId,
        expect: Option<Expectation>,
    ) -> Ty {
        match op {
            UnaryOp::Not => {
                self.condition(scope, operand);
                Tys::BOOL
            }
            UnaryOp::Negate => {
                let nodes = self.tree(scope.tree);
                if nodes.expr(operand) == Expr::Number {
                    return self.number(scope, expr, nodes.expr_extent(operand), true, expect);
                }
                let found = self.needing(Now::Arithmetic, |this| this.infer(scope, operand));
                if self.refused_later(scope, operand, found, Now::Arithmetic) {
                    return Tys::UNKNOWN;
                }
                match self.types.tys.core(found) {
                    TyKind::Int | TyKind::Float | TyKind::Quantity(_) | TyKind::Unknown => {
                        self.types.tys.strip(found)
                    }
                    _ => {
                        let at = self.expr_span(scope.tree, expr);
                        let shown = self.show(found);
                        self.report(errors::unary("-", &shown, at));
                        Tys::UNKNOWN
                    }
                }
            }
        }
    }
}
