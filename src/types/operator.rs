//! Operators: what they take and give.

use super::check::{Checker, Scope};
use super::engine::Engine;
use super::errors;
use super::errors::later::Now;
use super::expectation::{Expectation, Why};
use super::ty::{Ty, TyKind, Tys};
use crate::syntax::{BinaryOp, Expr, ExprId, UnaryOp};

/// How many parts of an expression are looked at for a number with a unit.
const MOST_PARTS: usize = 64;

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
                let ty = self.needing(Now::Test, |this| this.infer(scope, left));
                // Whether a field is set is known, whatever its value will be.
                let asks_presence = self.types.tys.is_optional(ty)
                    && matches!(
                        self.tree(scope.tree).expr(right),
                        Expr::Name(name) if name.as_str() == "absent"
                    );
                if asks_presence || !self.refused_later(scope, left, ty, Now::Test) {
                    self.is_test(scope, expr, ty, right);
                }
                Tys::BOOL
            }
            BinaryOp::In => {
                self.needing(Now::Comparison, |this| this.membership(scope, left, right));
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
            | BinaryOp::Remainder => self.needing(Now::Arithmetic, |this| {
                this.arithmetic(scope, expr, op, left, right, expect)
            }),
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
        let (a, b) =
            self.needing(Now::Comparison, |this| this.pair(scope, left, right, compares_by_other));
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
        if self.refused_later(scope, left, pa, Now::Comparison)
            || self.refused_later(scope, right, pb, Now::Comparison)
        {
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
            if self.refused_later(scope, left, item, Now::Comparison) {
                self.infer(scope, right);
                return;
            }
            let origin = self.expr_span(scope.tree, left);
            let present = self.types.tys.present(item);
            let wide = self.widest(present);
            let list = self.types.tys.intern(TyKind::List(wide));
            self.expect(scope, right, Expectation::new(list, origin, Why::Operand));
            return;
        }
        let container = self.infer(scope, right);
        let container = self.widest(container);
        if self.refused_later(scope, right, container, Now::Comparison) {
            self.infer(scope, left);
            return;
        }
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
        let is_parameter = self
            .root_name(scope.tree, left)
            .is_some_and(|name| scope.generators.iter().any(|generator| generator.name == name));
        let first = match wanted {
            Some(wanted) if !is_parameter => self.expect(scope, left, wanted),
            _ => self.infer(scope, left),
        };
        if let TyKind::Later(of, context) = *self.types.tys.core(first)
            && self.types.is_served(context, Engine::ArgoCd)
        {
            let present = self.types.tys.present(of);
            let first = self.types.tys.intern(TyKind::Later(present, context));
            let origin = self.expr_span(scope.tree, left);
            let stands_in = Expectation::new(first, origin, Why::Operand);
            self.expect(scope, right, stands_in);
            return first;
        }
        if let TyKind::Later(_, context) = *self.types.tys.core(first) {
            if self.types.is_served(context, Engine::Grafana) {
                self.infer(scope, right);
                let at = self.expr_span(scope.tree, left);
                self.report(errors::later::no_alternative(at));
                return Tys::UNKNOWN;
            }
            // What stands in for it is known now, or later in the same context.
            let origin = self.expr_span(scope.tree, left);
            let expect = expect.unwrap_or(Expectation::new(first, origin, Why::Operand));
            self.expect(scope, right, expect.with(first));
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
                Some(expect) if self.is_amount(expect.ty) && self.has_open_part(scope, expr) => {
                    // A sum of quantities is one of the same kind: so are its parts.
                    let bare = expect.with(self.types.tys.present(expect.ty));
                    let part = |cx: &mut Self, side| match cx.has_open_part(scope, side) {
                        true => cx.expect(scope, side, bare),
                        false => cx.infer(scope, side),
                    };
                    (part(self, left), part(self, right))
                }
                _ => self.sum(scope, left, right),
            }
        } else if op == BinaryOp::Divide && !expect.is_some_and(|expect| self.is_amount(expect.ty))
        {
            self.ratio(scope, left, right)
        } else {
            (self.factor(scope, left, expect), self.factor(scope, right, expect))
        };
        let (pa, pb) = (self.types.tys.present(a), self.types.tys.present(b));
        if self.refused_later(scope, left, pa, Now::Arithmetic)
            || self.refused_later(scope, right, pb, Now::Arithmetic)
        {
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

    /// The operands of a `/` of which no quantity is wanted: how often one goes into the other. A literal with a unit is
    /// read by the other side.
    fn ratio(&mut self, scope: &Scope, left: ExprId, right: ExprId) -> (Ty, Ty) {
        let flip = self.has_unit(scope, left) && !self.has_unit(scope, right);
        let (first, second) = if flip { (right, left) } else { (left, right) };
        let first_ty = self.infer(scope, first);
        let second_ty = if self.has_unit(scope, second) && self.is_amount(first_ty) {
            let origin = self.expr_span(scope.tree, first);
            let wanted = self.types.tys.present(first_ty);
            self.expect(scope, second, Expectation::new(wanted, origin, Why::Operand))
        } else {
            self.infer(scope, second)
        };
        if flip { (second_ty, first_ty) } else { (first_ty, second_ty) }
    }

    /// Whether an expression is a number with a unit.
    fn has_unit(&self, scope: &Scope, expr: ExprId) -> bool {
        let nodes = self.tree(scope.tree);
        nodes.expr(expr) == Expr::Number && {
            let text = self.names.text(scope.tree, nodes.expr_extent(expr));
            text.ends_with(|letter: char| !letter.is_ascii_digit())
        }
    }

    /// Whether an expression is a number with a unit, or computed from one. Of a long one only the end is looked at: each
    /// part of it is asked again.
    fn has_open_part(&self, scope: &Scope, expr: ExprId) -> bool {
        let mut open = vec![expr];
        let mut seen = 0;
        while let Some(expr) = open.pop() {
            seen += 1;
            if seen > MOST_PARTS {
                return true;
            }
            match self.tree(scope.tree).expr(expr) {
                Expr::Number if self.has_unit(scope, expr) => return true,
                Expr::Paren(inner) => open.push(inner),
                Expr::Binary {
                    op:
                        BinaryOp::Add
                        | BinaryOp::Subtract
                        | BinaryOp::Multiply
                        | BinaryOp::Divide
                        | BinaryOp::Remainder,
                    left,
                    right,
                } => open.extend([left, right]),
                _ => {}
            }
        }
        false
    }

    /// Whether an expression is a sum in parentheses with a number that has a unit.
    fn is_open_sum(&self, scope: &Scope, expr: ExprId) -> bool {
        let nodes = self.tree(scope.tree);
        let Expr::Paren(inner) = nodes.expr(expr) else { return false };
        let is_sum = matches!(
            nodes.expr(inner),
            Expr::Binary { op: BinaryOp::Add | BinaryOp::Subtract, .. }
        );
        is_sum && self.has_open_part(scope, inner)
    }

    /// Whether a type is that of a quantity.
    fn is_amount(&self, ty: Ty) -> bool {
        matches!(self.types.tys.kind(self.types.tys.present(ty)), TyKind::Quantity(_))
    }

    /// An operand of `*`, `/`, `%`: a literal with a unit is read by what is wanted of the whole.
    fn factor(&mut self, scope: &Scope, expr: ExprId, expect: Option<Expectation>) -> Ty {
        match expect {
            Some(expect)
                if self.is_number(expect.ty)
                    && (self.has_unit(scope, expr)
                        || (self.is_amount(expect.ty) && self.is_open_sum(scope, expr))) =>
            {
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
