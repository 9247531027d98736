//! Operators: what they take and give.

use super::check::{Checker, Scope};
use super::errors;
use super::expectation::{Expectation, Why};
use super::ty::{Ty, TyKind, Tys};
use crate::syntax::{BinaryOp, Expr, ExprId, UnaryOp};

impl Checker<'_> {
    /// `left op right`.
    pub(super) fn binary(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
        expect: Option<Expectation>,
    ) -> Ty {
        match op {
            BinaryOp::And | BinaryOp::Or => {
                self.condition(scope, left);
                let after = self.given(scope, left, op == BinaryOp::And);
                self.condition(&after, right);
                Tys::BOOL
            }
            BinaryOp::Is => {
                let ty = self.infer(scope, left);
                self.is_test(scope, expr, ty, right);
                Tys::BOOL
            }
            BinaryOp::In => {
                self.membership(scope, left, right);
                Tys::BOOL
            }
            BinaryOp::Otherwise => self.otherwise(scope, left, right, expect),
            BinaryOp::Range => self.range(scope, left, right, expect),
            BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual => self.comparison(scope, expr, op, left, right),
            BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Remainder => self.arithmetic(scope, expr, op, left, right, expect),
        }
    }

    /// Infers two operands, the second against the first: what is `open` is read by the other side.
    fn pair(
        &mut self,
        scope: &Scope,
        left: ExprId,
        right: ExprId,
        open: fn(Expr) -> bool,
    ) -> (Ty, Ty) {
        let nodes = self.tree(scope.tree);
        let is_open = |expr: ExprId| open(nodes.expr(expr));
        // The side that says more goes first.
        let flip = is_open(left) && !is_open(right);
        let (first, second) = if flip { (right, left) } else { (left, right) };
        let first_ty = self.infer(scope, first);
        let by_first =
            is_open(second) && first_ty != Tys::UNKNOWN && !self.widens(scope, first_ty, second);
        let second_ty = if by_first {
            let origin = self.expr_span(scope.tree, first);
            let present = self.types.tys.present(first_ty);
            let wanted = self.widest(present);
            self.expect(scope, second, Expectation::new(wanted, origin, Why::Operand))
        } else {
            self.infer(scope, second)
        };
        if flip { (second_ty, first_ty) } else { (first_ty, second_ty) }
    }

    fn comparison(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
    ) -> Ty {
        let (a, b) = self.pair(scope, left, right, compares_by_other);
        if a == Tys::UNKNOWN || b == Tys::UNKNOWN {
            return Tys::BOOL;
        }
        let ordered = !matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
        let (a, b) = (self.widest(a), self.widest(b));
        let (pa, pb) = (self.types.tys.present(a), self.types.tys.present(b));
        let alike = self.join(pa, pb).is_some();
        let can_order = matches!(
            self.types.tys.kind(pa),
            TyKind::Int
                | TyKind::Float
                | TyKind::Quantity(_)
                | TyKind::String
                | TyKind::Literal(_)
                | TyKind::Text(_)
                | TyKind::Unknown
        );
        let later = |ty: Ty| matches!(self.types.tys.kind(ty), TyKind::Later(_));
        if later(pa) || later(pb) {
            let at = self.expr_span(scope.tree, if later(pa) { left } else { right });
            self.report(errors::later("the operand of a comparison", at, "when the alert fires"));
            return Tys::BOOL;
        }
        let absent = ordered && (self.types.tys.is_optional(a) || self.types.tys.is_optional(b));
        if absent {
            let side = if self.types.tys.is_optional(a) { left } else { right };
            let at = self.expr_span(scope.tree, side);
            let found = self.show(if self.types.tys.is_optional(a) { a } else { b });
            self.report(errors::may_be_absent(at, &found, None, "a value"));
            return Tys::BOOL;
        }
        if !alike || (ordered && !can_order) {
            let at = self.expr_span(scope.tree, expr);
            let data = self.is_data(a) || self.is_data(b);
            let (a, b) = (self.show(a), self.show(b));
            let help = data.then_some(SAY_WHAT);
            self.report(errors::operator(op.text(), &a, &b, at, help));
        }
        Tys::BOOL
    }

    fn membership(&mut self, scope: &Scope, left: ExprId, right: ExprId) {
        let nodes = self.tree(scope.tree);
        let literal = matches!(nodes.expr(right), Expr::List(_));
        if literal {
            let item = self.infer(scope, left);
            let origin = self.expr_span(scope.tree, left);
            let present = self.types.tys.present(item);
            let wide = self.widest(present);
            let list = self.types.tys.intern(TyKind::List(wide));
            self.expect(scope, right, Expectation::new(list, origin, Why::Operand));
            return;
        }
        let container = self.infer(scope, right);
        let container = self.widest(container);
        let origin = self.expr_span(scope.tree, right);
        match *self.types.tys.core(container) {
            TyKind::List(of) | TyKind::Map(of, _) | TyKind::Range(of) => {
                self.expect(scope, left, Expectation::new(of, origin, Why::Operand));
            }
            TyKind::Unknown => {
                self.infer(scope, left);
            }
            TyKind::Data => {
                self.many(scope, right, container, false);
                self.infer(scope, left);
            }
            _ => {
                self.infer(scope, left);
                let shown = self.show(container);
                self.report(errors::mismatch(origin, &shown, "a list, map or range", None));
            }
        }
    }

    fn otherwise(
        &mut self,
        scope: &Scope,
        left: ExprId,
        right: ExprId,
        expect: Option<Expectation>,
    ) -> Ty {
        let wanted = expect.map(|expect| {
            let optional = self.types.tys.intern(TyKind::Optional(expect.ty));
            expect.with(optional)
        });
        let first = match wanted {
            Some(wanted) => self.expect(scope, left, wanted),
            None => self.infer(scope, left),
        };
        if let TyKind::Later(_) = self.types.tys.core(first) {
            self.infer(scope, right);
            return first;
        }
        let inner = self.types.tys.present(first);
        let second = match expect {
            Some(expect) => self.expect(scope, right, expect),
            None => {
                // `a ?? b ?? 3`: what stands in may be absent, too, and then so is the whole.
                let wanted = self.types.tys.intern(TyKind::Optional(inner));
                let origin = self.expr_span(scope.tree, left);
                self.expect(scope, right, Expectation::new(wanted, origin, Why::Operand))
            }
        };
        if self.types.tys.is_optional(second) {
            return self.types.tys.intern(TyKind::Optional(inner));
        }
        inner
    }

    fn range(
        &mut self,
        scope: &Scope,
        left: ExprId,
        right: ExprId,
        expect: Option<Expectation>,
    ) -> Ty {
        let element = expect.and_then(|expect| {
            self.types.tys.members(expect.ty).into_iter().find_map(|member| {
                match self.types.tys.kind(member) {
                    TyKind::Range(of) => Some(expect.end(*of)),
                    _ => None,
                }
            })
        });
        let nodes = self.tree(scope.tree);
        let open = |expr: ExprId| nodes.expr(expr) == Expr::None;
        let of = match element {
            Some(element) => {
                for side in [left, right] {
                    if !open(side) {
                        self.expect(scope, side, element);
                    }
                }
                element.ty
            }
            None => match (open(left), open(right)) {
                (true, true) => Tys::UNKNOWN,
                (false, true) => self.infer(scope, left),
                (true, false) => self.infer(scope, right),
                (false, false) => self.pair(scope, left, right, computes_by_other).0,
            },
        };
        self.types.tys.intern(TyKind::Range(of))
    }

    fn arithmetic(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
        expect: Option<Expectation>,
    ) -> Ty {
        // `n * 5m`: each side is read by what is wanted of the whole where it is a number with a unit.
        let (a, b) = if matches!(op, BinaryOp::Add | BinaryOp::Subtract) {
            match expect.filter(|expect| self.is_number(expect.ty)) {
                Some(expect) if self.both_open(scope, left, right) => {
                    let bare = expect.with(self.types.tys.present(expect.ty));
                    (self.expect(scope, left, bare), self.expect(scope, right, bare))
                }
                _ => self.sum(scope, left, right),
            }
        } else {
            (self.factor(scope, left, expect), self.factor(scope, right, expect))
        };
        let (pa, pb) = (self.types.tys.present(a), self.types.tys.present(b));
        let later = |ty: Ty| matches!(self.types.tys.kind(ty), TyKind::Later(_));
        if later(pa) || later(pb) {
            let at = self.expr_span(scope.tree, if later(pa) { left } else { right });
            self.report(errors::later("the operand of arithmetic", at, "when the alert fires"));
            return Tys::UNKNOWN;
        }
        for (ty, side) in [(a, left), (b, right)] {
            if self.types.tys.is_optional(ty) {
                let at = self.expr_span(scope.tree, side);
                let found = self.show(ty);
                self.report(errors::may_be_absent(at, &found, None, "a number"));
                return Tys::UNKNOWN;
            }
        }
        let kinds = (self.types.tys.kind(pa).clone(), self.types.tys.kind(pb).clone());
        let result = match (op, &kinds.0, &kinds.1) {
            (_, TyKind::Unknown, _) | (_, _, TyKind::Unknown) => return Tys::UNKNOWN,
            (BinaryOp::Divide, TyKind::Int, TyKind::Int) => Some(Tys::INT),
            (BinaryOp::Remainder, TyKind::Int, TyKind::Int)
            | (BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply, TyKind::Int, TyKind::Int) => {
                Some(Tys::INT)
            }
            (
                BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide,
                TyKind::Int | TyKind::Float,
                TyKind::Int | TyKind::Float,
            ) => Some(Tys::FLOAT),
            (BinaryOp::Add | BinaryOp::Subtract, TyKind::Quantity(x), TyKind::Quantity(y))
                if x == y =>
            {
                Some(pa)
            }
            (BinaryOp::Multiply, TyKind::Quantity(_), TyKind::Int | TyKind::Float) => Some(pa),
            (BinaryOp::Multiply, TyKind::Int | TyKind::Float, TyKind::Quantity(_)) => Some(pb),
            (BinaryOp::Divide, TyKind::Quantity(x), TyKind::Quantity(y)) if x == y => {
                Some(Tys::FLOAT)
            }
            (BinaryOp::Divide, TyKind::Quantity(_), TyKind::Int) => Some(pa),
            _ => None,
        };
        if let Some(ty) = result {
            return ty;
        }
        let at = self.expr_span(scope.tree, expr);
        let text =
            |kind: &TyKind| matches!(kind, TyKind::String | TyKind::Literal(_) | TyKind::Text(_));
        let help = match op {
            _ if kinds.0 == TyKind::Data || kinds.1 == TyKind::Data => Some(SAY_WHAT),
            BinaryOp::Add if text(&kinds.0) || text(&kinds.1) => {
                Some("texts are put together by interpolation: `\"\\(a)\\(b)\"`")
            }
            BinaryOp::Add if matches!(kinds.0, TyKind::List(_)) => {
                Some("lists are put together by spreading: `[...a, ...b]`")
            }
            _ => None,
        };
        let (a, b) = (self.show(a), self.show(b));
        self.report(errors::operator(op.text(), &a, &b, at, help));
        Tys::UNKNOWN
    }

    /// The operands of `+` and `-`: a number is read by the other side, where that is one.
    fn sum(&mut self, scope: &Scope, left: ExprId, right: ExprId) -> (Ty, Ty) {
        let nodes = self.tree(scope.tree);
        let open = |expr: ExprId| computes_by_other(nodes.expr(expr));
        let (first, second, flip) = match (open(left), open(right)) {
            (true, false) => (right, left, true),
            _ => (left, right, false),
        };
        let first_ty = self.infer(scope, first);
        let reads =
            open(second) && self.is_number(first_ty) && !self.widens(scope, first_ty, second);
        let second_ty = if reads {
            let origin = self.expr_span(scope.tree, first);
            let wanted = self.types.tys.present(first_ty);
            self.expect(scope, second, Expectation::new(wanted, origin, Why::Operand))
        } else {
            self.infer(scope, second)
        };
        if flip { (second_ty, first_ty) } else { (first_ty, second_ty) }
    }

    /// An operand of `*`, `/`, `%`: a literal with a unit is read by what is wanted of the whole.
    fn factor(&mut self, scope: &Scope, expr: ExprId, expect: Option<Expectation>) -> Ty {
        let is_literal = self.tree(scope.tree).expr(expr) == Expr::Number;
        let has_unit = is_literal && {
            let text = self.names.text(scope.tree, self.tree(scope.tree).expr_extent(expr));
            text.ends_with(|letter: char| !letter.is_ascii_digit())
        };
        match expect {
            Some(expect) if has_unit && self.is_number(expect.ty) => {
                let bare = expect.with(self.types.tys.present(expect.ty));
                self.expect(scope, expr, bare)
            }
            _ => self.infer(scope, expr),
        }
    }

    fn both_open(&self, scope: &Scope, left: ExprId, right: ExprId) -> bool {
        let nodes = self.tree(scope.tree);
        nodes.expr(left) == Expr::Number && nodes.expr(right) == Expr::Number
    }

    fn is_number(&self, ty: Ty) -> bool {
        matches!(
            self.types.tys.kind(self.types.tys.present(ty)),
            TyKind::Int | TyKind::Float | TyKind::Quantity(_)
        )
    }
}

/// What to do about data where a value of some type is needed.
const SAY_WHAT: &str = "say what the data is, where it gets a name: `let n: Int = ..`";

/// What a comparison reads by its other side: literals, and names, which may be those of resources.
fn compares_by_other(expr: Expr) -> bool {
    matches!(
        expr,
        Expr::Text(_) | Expr::Name(_) | Expr::TypeName(_) | Expr::List(_) | Expr::Record { .. }
    ) || computes_by_other(expr)
}

/// What a sum reads by its other side: numbers.
fn computes_by_other(expr: Expr) -> bool {
    matches!(expr, Expr::Number | Expr::Unary { op: UnaryOp::Negate, .. })
}
