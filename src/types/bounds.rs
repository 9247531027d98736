//! Refinements in type expressions: `Int(1..5)`, `[T](1..)`, `Version(exact)`; and what they ask of a value.

use super::check::Checker;
use super::errors;
use super::meaning::Types;
use super::refine::{Between, Bounds, Refinement};
use super::ty::{TextKind, Ty, TyKind, Tys};
use crate::embedded::{Decimal, Dimension, Literal, read_number};
use crate::resolve::TreeId;
use crate::source::Span;
use crate::syntax::{Expr, ExprId, Refine, UnaryOp};

/// What bounds ask of a value.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Measure {
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A quantity, in base units.
    Quantity(i64, Dimension),
    /// How many elements a list has.
    List(i64),
    /// How many entries a map has.
    Map(i64),
}

impl Types {
    /// The bounds that a value is outside of, in words. Of a union, one member that takes it is enough.
    pub fn outside(&self, ty: Ty, measure: Measure) -> Option<String> {
        match self.tys.kind(ty) {
            TyKind::Refined(inner, refinement) => {
                if let Some(found) = self.outside(*inner, measure) {
                    return Some(found);
                }
                match (refinement, self.tys.core(*inner), measure) {
                    (Refinement::Bounds(bounds), TyKind::Int, Measure::Int(amount))
                    | (
                        Refinement::Bounds(bounds),
                        TyKind::Quantity(_),
                        Measure::Quantity(amount, _),
                    )
                    | (Refinement::Bounds(bounds), TyKind::List(_), Measure::List(amount))
                    | (Refinement::Bounds(bounds), TyKind::Map(..), Measure::Map(amount)) => {
                        (!bounds.holds(amount)).then(|| bounds.words())
                    }
                    #[expect(
                        clippy::cast_precision_loss,
                        reason = "a whole number where a Float is wanted"
                    )]
                    (Refinement::Between(between), TyKind::Float, Measure::Int(amount)) => {
                        (!between.holds(amount as f64)).then(|| between.words())
                    }
                    (Refinement::Between(between), TyKind::Float, Measure::Float(amount)) => {
                        (!between.holds(amount)).then(|| between.words())
                    }
                    _ => None,
                }
            }
            TyKind::Alias(_, inner) | TyKind::Optional(inner) | TyKind::Later(inner, _) => {
                self.outside(*inner, measure)
            }
            TyKind::Union(members) => {
                let mut words: Vec<String> = Vec::new();
                for &member in members {
                    if self.measures(member, measure) {
                        // The first that takes it ends the search.
                        let found = self.outside(member, measure)?;
                        if !words.contains(&found) {
                            words.push(found);
                        }
                    }
                }
                (!words.is_empty()).then(|| words.join(" or "))
            }
            _ => None,
        }
    }

    /// Whether values of a type may be measured so.
    fn measures(&self, ty: Ty, measure: Measure) -> bool {
        self.tys.members(ty).into_iter().any(|member| match self.tys.kind(member) {
            TyKind::Int => matches!(measure, Measure::Int(_)),
            TyKind::Float => matches!(measure, Measure::Int(_) | Measure::Float(_)),
            TyKind::Quantity(of) => {
                matches!(measure, Measure::Quantity(_, dimension) if dimension == *of)
            }
            TyKind::List(_) => matches!(measure, Measure::List(_)),
            TyKind::Map(..) => matches!(measure, Measure::Map(_)),
            TyKind::Later(of, _) => self.measures(*of, measure),
            TyKind::Data | TyKind::Unknown => true,
            _ => false,
        })
    }
}

impl Checker<'_> {
    /// A type with what stands in parentheses behind it.
    pub(super) fn refined(&mut self, tree: TreeId, base: Ty, refine: Refine) -> Ty {
        let core = self.types.tys.core(base).clone();
        let refinement = match refine {
            Refine::None => return base,
            _ if core == TyKind::Unknown => return base,
            Refine::Range { low, high } => {
                let dimension = match core {
                    TyKind::Float => return self.between_ends(tree, base, low, high),
                    TyKind::Quantity(dimension) => dimension,
                    TyKind::Int
                    | TyKind::String
                    | TyKind::Text(_)
                    | TyKind::List(_)
                    | TyKind::Map(..) => Dimension::Number,
                    _ => {
                        let at = low.or(high).map(|bound| self.expr_span(tree, bound));
                        if let Some(at) = at {
                            self.no_bounds(base, &core, at);
                        }
                        return base;
                    }
                };
                let ends = (low, high);
                let low = low.and_then(|bound| self.bound(tree, bound, dimension));
                let high = high.and_then(|bound| self.bound(tree, bound, dimension));
                let mut bounds = Bounds { low, high, dimension };
                // A named type may have bounds already: both hold.
                if let Some(inner) = self.own_bounds(base) {
                    bounds.low = bounds.low.max(inner.low);
                    bounds.high = match (bounds.high, inner.high) {
                        (Some(a), Some(b)) => Some(a.min(b)),
                        (a, b) => a.or(b),
                    };
                }
                if bounds.low.zip(bounds.high).is_some_and(|(low, high)| low > high) {
                    self.empty(tree, base, ends);
                    return base;
                }
                Refinement::Bounds(bounds)
            }
            Refine::Pattern(text) => {
                let pattern = self.verbatim(tree, text);
                if !matches!(core, TyKind::String | TyKind::Text(_)) {
                    let at = self.span(tree, self.tree(tree).text(text).at);
                    let shown = self.show(base);
                    self.report(errors::no_refinement(
                        &shown,
                        "a pattern",
                        at,
                        "texts have patterns",
                    ));
                    return base;
                }
                Refinement::Pattern(crate::source::Sym::new(&pattern))
            }
            Refine::Word(word) if word.sym.as_str() == "exact" => {
                if !matches!(core, TyKind::Text(TextKind::Version | TextKind::Image)) {
                    let at = self.span(tree, word.at);
                    let shown = self.show(base);
                    let help = "`Version(exact)` and `Image(exact)` refuse what may move: `1.18.x`, `latest`";
                    self.report(errors::no_refinement(&shown, "`exact`", at, help));
                    return base;
                }
                Refinement::Exact
            }
            Refine::Word(word) => {
                let at = self.span(tree, word.at);
                let word = word.sym.as_str();
                self.report(errors::unknown_type(word, at, "refinement", Some("exact")));
                return base;
            }
        };
        self.types.tys.intern(TyKind::Refined(base, refinement))
    }

    /// Bounds on a type that has none.
    fn no_bounds(&mut self, base: Ty, core: &TyKind, at: Span) {
        let shown = self.show(base);
        let help = match *core {
            TyKind::Range(of) => {
                let of = self.show(of);
                format!("bounds of its ends stand inside: `Range<{of}(1..5)>`")
            }
            TyKind::Union(_) => {
                "bounds stand at the member that they are for: `Int(1..5) | \"all\"`".to_owned()
            }
            TyKind::Optional(of) => {
                let of = self.show(of);
                format!("the `?` stands behind the bounds: `{of}(1..5)?`")
            }
            _ => "numbers, quantities, texts, lists and maps have bounds".to_owned(),
        };
        self.report(errors::no_refinement(&shown, "bounds", at, &help));
    }

    /// The bounds that a type has already, through its names.
    fn own_bounds(&self, mut ty: Ty) -> Option<Bounds> {
        loop {
            match self.types.tys.kind(ty) {
                TyKind::Refined(_, Refinement::Bounds(bounds)) => return Some(*bounds),
                TyKind::Refined(inner, _) | TyKind::Alias(_, inner) => ty = *inner,
                _ => return None,
            }
        }
    }

    fn between_ends(
        &mut self,
        tree: TreeId,
        base: Ty,
        low: Option<ExprId>,
        high: Option<ExprId>,
    ) -> Ty {
        let ends = (low, high);
        let low = low.and_then(|bound| self.fraction(tree, bound));
        let high = high.and_then(|bound| self.fraction(tree, bound));
        let is_empty = low.zip(high).is_some_and(|(low, high)| low.to_float() > high.to_float());
        if is_empty {
            self.empty(tree, base, ends);
            return base;
        }
        self.types.tys.intern(TyKind::Refined(base, Refinement::Between(Between { low, high })))
    }

    /// Reports bounds between which nothing lies: turned round, or outside of those that the type has.
    fn empty(&mut self, tree: TreeId, base: Ty, (low, high): (Option<ExprId>, Option<ExprId>)) {
        let shown = self.show(base);
        let Some((first, last)) = low.or(high).zip(high.or(low)) else { return };
        let (first, last) = (self.expr_span(tree, first), self.expr_span(tree, last));
        self.report(errors::empty_bounds(&shown, Span { end: last.end, ..first }));
    }

    /// A bound of a refinement, in base units.
    fn bound(&mut self, tree: TreeId, expr: ExprId, dimension: Dimension) -> Option<i64> {
        let (literal, span) = self.bound_literal(tree, expr)?;
        match literal.to(dimension) {
            Ok(quantity) => Some(quantity.amount()),
            Err(_) => {
                self.no_bound(tree, expr, dimension.type_name(), span);
                None
            }
        }
    }

    /// A bound of a `Float`: a bare number.
    fn fraction(&mut self, tree: TreeId, expr: ExprId) -> Option<Decimal> {
        let (literal, span) = self.bound_literal(tree, expr)?;
        if literal.is_bare() {
            return Some(literal.value());
        }
        self.no_bound(tree, expr, "Float", span);
        None
    }

    fn no_bound(&mut self, tree: TreeId, expr: ExprId, wanted: &str, span: Span) {
        let written = self.names.text(tree, self.tree(tree).expr_extent(expr));
        let title = format!("`{written}` is no {wanted}");
        self.report(errors::number(span, title, format!("wanted: {wanted}"), None));
    }

    /// The number that a bound is, and where it stands.
    fn bound_literal(&mut self, tree: TreeId, expr: ExprId) -> Option<(Literal, Span)> {
        let nodes = self.tree(tree);
        let at = nodes.expr_extent(expr);
        let span = self.span(tree, at);
        let (text, negative) = match nodes.expr(expr) {
            Expr::Number => (at, false),
            Expr::Unary { op: UnaryOp::Negate, operand } => (nodes.expr_extent(operand), true),
            Expr::None => return None,
            _ => {
                self.report(errors::number(
                    span,
                    "a bound that is no literal".to_owned(),
                    "write a number here".to_owned(),
                    None,
                ));
                return None;
            }
        };
        match read_number(self.names.text(tree, text)) {
            Ok(literal) => Some((if negative { literal.negated() } else { literal }, span)),
            Err(wrong) => {
                self.report(errors::number(
                    span,
                    wrong.reason,
                    "not a number".to_owned(),
                    wrong.suggestion,
                ));
                None
            }
        }
    }

    /// Whether a type has bounds of its own.
    pub(super) fn has_bounds(&self, ty: Ty) -> bool {
        match self.types.tys.kind(ty) {
            TyKind::Refined(_, Refinement::Bounds(_) | Refinement::Between(_)) => true,
            TyKind::Refined(inner, _) | TyKind::Alias(_, inner) | TyKind::Optional(inner) => {
                self.has_bounds(*inner)
            }
            TyKind::Union(members) => members.iter().any(|&member| self.has_bounds(member)),
            _ => ty == Tys::UNKNOWN,
        }
    }
}
