//! Type expressions to types.

use super::check::Checker;
use super::errors;
use super::refine::{Between, Bounds, Refinement};
use super::ty::{TextKind, Ty, TyKind, Tys};
use crate::diag::nearest;
use crate::embedded::{Decimal, Dimension, Literal, read_number};
use crate::resolve::{DefId, DefKind, TreeId, unsupported};
use crate::source::{Span, Sym};
use crate::syntax::{Expr, ExprId, Refine, TextPart, TyId, TyNode, UnaryOp};

/// The types that no library declares, beside the kinds of refined text.
pub const BUILT_IN: &[&str] =
    &["Bool", "Int", "Float", "String", "Duration", "Bytes", "Cpu", "Percent", "Range", "Data"];

impl Checker<'_> {
    /// The type that a type expression means; `path` holds the `type`s being defined.
    pub(super) fn ty(&mut self, tree: TreeId, id: TyId, path: &mut Vec<DefId>) -> Ty {
        let nodes = self.tree(tree);
        match nodes.ty(id) {
            TyNode::Error => Tys::UNKNOWN,
            TyNode::Named { path: name, args, refine } => {
                let base = self.named(tree, name, args, path);
                self.refined(tree, base, refine)
            }
            TyNode::Literal(text) => {
                let text = self.verbatim(tree, text);
                self.types.tys.intern(TyKind::Literal(Sym::new(&text)))
            }
            TyNode::List(of, refine) => {
                let of = self.ty(tree, of, path);
                let list = self.types.tys.intern(TyKind::List(of));
                self.refined(tree, list, refine)
            }
            TyNode::Map(key, value, refine) => {
                let key = self.ty(tree, key, path);
                let value = self.ty(tree, value, path);
                let map = self.types.tys.intern(TyKind::Map(key, value));
                self.refined(tree, map, refine)
            }
            TyNode::Optional(of) => {
                let of = self.ty(tree, of, path);
                self.types.tys.intern(TyKind::Optional(of))
            }
            TyNode::Union(members) => {
                let mut flat = Vec::new();
                for &member in nodes.types_of(members) {
                    let ty = self.ty(tree, member, path);
                    match self.types.tys.kind(ty) {
                        TyKind::Union(inner) => flat.extend(inner.iter().copied()),
                        _ => flat.push(ty),
                    }
                }
                self.types.tys.intern(TyKind::Union(flat.into()))
            }
            TyNode::Later(of) => {
                let of = self.ty(tree, of, path);
                self.types.tys.intern(TyKind::Later(of))
            }
        }
    }

    fn named(
        &mut self,
        tree: TreeId,
        name: u32,
        args: crate::syntax::Slice,
        aliases: &mut Vec<DefId>,
    ) -> Ty {
        let nodes = self.tree(tree);
        let type_path = nodes.path(name);
        let at = self.span(tree, type_path.at);
        let names: Vec<Sym> = nodes.names_of(type_path.names).iter().map(|name| name.sym).collect();
        let args = nodes.types_of(args);
        if let [name] = names.as_slice() {
            let built_in = match name.as_str() {
                "Bool" => Some(TyKind::Bool),
                "Int" => Some(TyKind::Int),
                "Float" => Some(TyKind::Float),
                "String" => Some(TyKind::String),
                "Duration" => Some(TyKind::Quantity(Dimension::Duration)),
                "Bytes" => Some(TyKind::Quantity(Dimension::Bytes)),
                "Cpu" => Some(TyKind::Quantity(Dimension::Cpu)),
                "Percent" => Some(TyKind::Quantity(Dimension::Percent)),
                "Data" => Some(TyKind::Data),
                "Range" => match args {
                    [of] => {
                        let of = self.ty(tree, *of, aliases);
                        Some(TyKind::Range(of))
                    }
                    _ => {
                        self.report(errors::unknown_type(
                            "Range",
                            at,
                            "type of one argument",
                            None,
                        ));
                        return Tys::UNKNOWN;
                    }
                },
                other => TextKind::ALL
                    .iter()
                    .find(|(_, word)| *word == other)
                    .map(|(kind, _)| TyKind::Text(*kind)),
            };
            if let Some(built_in) = built_in {
                return self.types.tys.intern(built_in);
            }
        }
        let Some(def) = self.names.lookup_path(tree, &names) else {
            if let [name] = names.as_slice()
                && self.variables
                && super::unify::is_variable(name.as_str())
            {
                return self.types.tys.intern(TyKind::Var(*name));
            }
            let mut known = self.names.visible(tree, |kind| {
                matches!(kind, DefKind::Type | DefKind::Schema | DefKind::Kind | DefKind::Component)
            });
            known.extend(BUILT_IN);
            known.extend(TextKind::ALL.iter().map(|(_, word)| *word));
            let name = names.last().copied().unwrap_or(Sym::EMPTY);
            let near = nearest(name.as_str(), known);
            self.no_type(tree, &names, at, "type", near);
            return Tys::UNKNOWN;
        };
        match self.names.def(def).kind {
            DefKind::Type => self.alias(def, aliases),
            DefKind::Schema => match self.types.schema_of.get(&def).copied() {
                Some(schema) => self.types.tys.intern(TyKind::Schema(schema)),
                None => Tys::UNKNOWN,
            },
            DefKind::Kind | DefKind::Component => self.types.tys.intern(TyKind::Ref(def)),
            DefKind::Preset | DefKind::Fn | DefKind::Let => {
                let found = *self.names.def(def);
                self.report(errors::wrong_base(
                    format!("`{}` is a {}, not a type", found.name, found.kind.word()),
                    at,
                    Some(found.at),
                    "name a type, schema or kind here".to_owned(),
                ));
                Tys::UNKNOWN
            }
        }
    }

    fn refined(&mut self, tree: TreeId, base: Ty, refine: Refine) -> Ty {
        let refinement = match refine {
            Refine::None => return base,
            Refine::Range { low, high } if *self.types.tys.core(base) == TyKind::Float => {
                let low = low.and_then(|bound| self.fraction(tree, bound));
                let high = high.and_then(|bound| self.fraction(tree, bound));
                Refinement::Between(Between { low, high })
            }
            Refine::Range { low, high } => {
                let dimension = match self.types.tys.core(base) {
                    TyKind::Quantity(dimension) => *dimension,
                    TyKind::Int
                    | TyKind::String
                    | TyKind::Text(_)
                    | TyKind::List(_)
                    | TyKind::Map(..) => Dimension::Number,
                    _ => {
                        let at = low.or(high).map(|bound| self.expr_span(tree, bound));
                        if let (Some(at), false) = (at, base == Tys::UNKNOWN) {
                            self.report(unsupported("bounds on this type", at));
                        }
                        return base;
                    }
                };
                let low = low.and_then(|bound| self.bound(tree, bound, dimension));
                let high = high.and_then(|bound| self.bound(tree, bound, dimension));
                Refinement::Bounds(Bounds { low, high, dimension })
            }
            Refine::Pattern(text) => Refinement::Pattern(Sym::new(&self.verbatim(tree, text))),
            Refine::Word(word) if word.sym.as_str() == "exact" => Refinement::Exact,
            Refine::Word(word) => {
                let at = self.span(tree, word.at);
                self.report(errors::unknown_type(
                    word.sym.as_str(),
                    at,
                    "refinement",
                    Some("exact"),
                ));
                return base;
            }
        };
        self.types.tys.intern(TyKind::Refined(base, refinement))
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

    /// What a literal text without holes holds.
    pub(super) fn verbatim(&self, tree: TreeId, text: crate::syntax::TextId) -> String {
        let nodes = self.tree(tree);
        let mut out = String::new();
        for part in nodes.parts_of(nodes.text(text).parts) {
            match *part {
                TextPart::Verbatim(at) => out.push_str(self.names.text(tree, at)),
                TextPart::Escape(letter, _) => out.push(letter),
                TextPart::Hole(_) => {}
            }
        }
        out
    }
}
