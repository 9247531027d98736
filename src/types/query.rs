//! Holes of queries and programs: a hole stands in their syntax, so its position says what fits.

use super::check::{Checker, Scope};
use super::engine::Engine;
use super::errors;
use super::errors::later::Now;
use super::expectation::{Expectation, Why};
use super::hole::Holes;
use super::text::QUERY;
use super::ty::{TextKind, Ty, TyKind};
use crate::diag::Diagnostic;
use crate::embedded::promql;
use crate::embedded::{
    Dimension, HolePosition, Language, Matcher, QueryPiece, Spot, Unbalanced, hole_position,
    no_hole, scan_program, scan_query, text_error,
};
use crate::resolve::TreeId;
use crate::source::{Extent, Span, Sym};
use crate::syntax::{Expr, ExprId, TextId, TextPart};

impl Checker<'_> {
    /// A query with holes.
    pub(super) fn query(&mut self, scope: &Scope, text: TextId) {
        let (found, holes) = self.scanned(scope, text, scan_query);
        match found {
            Ok(positions) => {
                let is_filled =
                    !positions.iter().any(|position| matches!(position, HolePosition::Refused(_)));
                for (hole, position) in holes.into_iter().zip(positions) {
                    self.query_hole(scope, hole, position);
                }
                if is_filled {
                    self.is_right_query(scope, text);
                }
            }
            Err(found) => self.unbalanced(scope, text, &holes, Language::PromQl, found),
        }
    }

    /// Reads a query as far as it is written out: a hole is anything that fits where it stands. Whether it is right.
    pub(super) fn is_right_query(&mut self, scope: &Scope, text: TextId) -> bool {
        let held = self.names.held(scope.tree, text, promql::HOLE);
        let options = promql::Options { holes: true, ..QUERY };
        let Err(errors) = promql::parsed(&held.text, options) else { return true };
        let node = *self.tree(scope.tree).text(text);
        let place = |inside: Extent| {
            let (at, is_exact) = held.place(inside).unwrap_or((node.at, false));
            (self.span(scope.tree, at), is_exact)
        };
        let written = |text: &str| node.form.written(text);
        let found: Vec<Diagnostic> =
            errors.iter().cloned().map(|error| error.diagnostic(&place, &written)).collect();
        for found in found {
            self.report(found);
        }
        false
    }

    /// A program of another language, with holes.
    pub(super) fn program(&mut self, scope: &Scope, text: TextId, kind: TextKind) {
        let language = kind.language();
        let (found, holes) = self.scanned(scope, text, |pieces| scan_program(language, pieces));
        let spots = match found {
            Ok(spots) => spots,
            Err(found) => return self.unbalanced(scope, text, &holes, language, found),
        };
        for (hole, spot) in holes.into_iter().zip(spots) {
            if spot == Spot::Word {
                self.hole(scope, hole, Holes::Plain);
                continue;
            }
            self.infer(scope, hole);
            let at = self.expr_span(scope.tree, hole);
            let whole = Span::new(at.file, at.start.saturating_sub(2), at.end + 1);
            self.report(no_hole(kind.word(), whole, spot));
        }
    }

    /// What a language reads in a text, and the holes of the text.
    fn scanned<T>(
        &self,
        scope: &Scope,
        text: TextId,
        scan: impl FnOnce(&[QueryPiece<'_>]) -> Result<T, Unbalanced>,
    ) -> (Result<T, Unbalanced>, Vec<ExprId>) {
        let nodes = self.tree(scope.tree);
        let parts = nodes.parts_of(nodes.text(text).parts);
        let letters: Vec<String> = parts
            .iter()
            .map(|part| match *part {
                TextPart::Escape(letter, _) => letter.to_string(),
                TextPart::Verbatim(_) | TextPart::Hole(_) => String::new(),
            })
            .collect();
        let pieces: Vec<QueryPiece<'_>> = parts
            .iter()
            .zip(&letters)
            .map(|(part, letter)| match *part {
                TextPart::Verbatim(at) => QueryPiece::Text(self.names.text(scope.tree, at)),
                TextPart::Escape(..) => QueryPiece::Text(letter),
                TextPart::Hole(_) => QueryPiece::Hole,
            })
            .collect();
        let holes = parts.iter().filter_map(|part| match *part {
            TextPart::Hole(hole) => Some(hole),
            TextPart::Verbatim(_) | TextPart::Escape(..) => None,
        });
        (scan(&pieces), holes.collect())
    }

    /// A text with holes in which something is not closed.
    fn unbalanced(
        &mut self,
        scope: &Scope,
        text: TextId,
        holes: &[ExprId],
        language: Language,
        found: Unbalanced,
    ) {
        for &hole in holes {
            self.infer(scope, hole);
        }
        let nodes = self.tree(scope.tree);
        let at = match nodes.parts_of(nodes.text(text).parts).get(found.piece) {
            Some(TextPart::Verbatim(at)) => {
                let place = self.span(scope.tree, *at);
                Span::new(
                    place.file,
                    place.start + found.error.at.start,
                    place.start + found.error.at.end,
                )
            }
            Some(TextPart::Escape(_, at)) => self.span(scope.tree, *at),
            Some(TextPart::Hole(_)) | None => self.span(scope.tree, nodes.text(text).at),
        };
        self.report(text_error(language, at, found.error));
    }

    /// A hole that holds a value known later, in a query that Grafana asks: whether it is one. Labels are known when the query has
    /// been answered; spans of time stand for ranges, and what the viewer picked for texts, or a range.
    fn later_in_query(&mut self, scope: &Scope, hole: ExprId, position: HolePosition) -> bool {
        let Some(context) = scope.staged.filter(|&it| self.types.is_served(it, Engine::Grafana))
        else {
            return false;
        };
        let root = self.root_name(scope.tree, hole);
        let Some(staged) = self.types.staged(context).find(|field| Some(field.name) == root) else {
            return false;
        };
        let is_label = matches!(self.types.tys.core(staged.ty), TyKind::Computed(..));
        let name = staged.name;
        let at = self.expr_span(scope.tree, hole);
        let found = self.infer(scope, hole);
        let TyKind::Later(of, context) = *self.types.tys.core(found) else { return true };
        if is_label {
            let error = self.not_yet(scope, hole, context, Now::Query);
            self.report(error);
            return true;
        }
        let is_range = matches!(self.types.tys.core(of), TyKind::Quantity(_));
        let whole = Span::new(at.file, at.start.saturating_sub(2), at.end + 1);
        let error = match (self.types.tys.core(of), position) {
            (_, HolePosition::Refused(refusal)) => hole_position(whole, refusal),
            (TyKind::Quantity(_), HolePosition::Duration) => return true,
            (TyKind::Map(..), _) => errors::mismatch(at, &self.show(found), "a String", None)
                .help(format!("one variable of them: `{name}.node`")),
            (
                TyKind::String | TyKind::Text(_),
                HolePosition::LabelValue { .. } | HolePosition::Text(_) | HolePosition::Duration,
            ) => return true,
            _ => {
                let wanted = match position {
                    HolePosition::Operand => "a number, a quantity, or a PromQL",
                    HolePosition::LabelList => "a list of String",
                    _ => "a String",
                };
                let error = errors::mismatch(at, &self.show(found), wanted, None);
                error.help(if is_range {
                    "it is a range: `rate(up[\\(rate-interval)])`".to_owned()
                } else {
                    "what the viewer picks stands for a label's value, between quotes, or for a range".to_owned()
                })
            }
        };
        self.report(error);
        true
    }

    /// The name that an expression begins with: `variable` of `variable.node`.
    pub(super) fn root_name(&self, tree: TreeId, expr: ExprId) -> Option<Sym> {
        match self.tree(tree).expr(expr) {
            Expr::Name(name) => Some(name),
            Expr::Field { base, .. } | Expr::Index { base, .. } => self.root_name(tree, base),
            Expr::Paren(inner) => self.root_name(tree, inner),
            _ => None,
        }
    }

    fn query_hole(&mut self, scope: &Scope, hole: ExprId, position: HolePosition) {
        if self.later_in_query(scope, hole, position) {
            return;
        }
        let at = self.expr_span(scope.tree, hole);
        if position == HolePosition::Duration {
            let duration = self.types.tys.intern(TyKind::Quantity(Dimension::Duration));
            let why = Why::Rule("a range or offset of a query is a `Duration`");
            self.expect(scope, hole, Expectation::new(duration, at, why));
            return;
        }
        let found = self.infer(scope, hole);
        let wanted = match position {
            HolePosition::Refused(refusal) => {
                let whole = Span::new(at.file, at.start.saturating_sub(2), at.end + 1);
                self.report(hole_position(whole, refusal));
                return;
            }
            HolePosition::LabelValue { matcher: Matcher::Regex | Matcher::NotRegex, .. } => {
                "a String, a reference, or a list of String"
            }
            HolePosition::LabelValue { .. } => "a String or a reference",
            HolePosition::Text(_) => "a String",
            HolePosition::Duration => "a Duration",
            HolePosition::LabelList => "a list of String",
            HolePosition::Operand => "a number, a quantity, or a PromQL",
        };
        let fits = |this: &Self, ty: Ty| match (position, this.types.tys.kind(ty)) {
            (_, TyKind::Unknown) => true,
            (HolePosition::LabelValue { .. }, TyKind::Ref(_)) => true,
            (
                HolePosition::LabelValue { .. } | HolePosition::Text(_) | HolePosition::LabelList,
                TyKind::String | TyKind::Literal(_),
            ) => true,
            (HolePosition::LabelValue { .. } | HolePosition::Text(_), TyKind::Text(kind)) => {
                *kind != TextKind::PromQl
            }
            (HolePosition::LabelValue { .. }, TyKind::Int) => true,
            (
                HolePosition::LabelValue { matcher: Matcher::Regex | Matcher::NotRegex, .. }
                | HolePosition::LabelList,
                TyKind::List(of),
            ) => this.wants_text(*of),
            (HolePosition::Operand, TyKind::Int | TyKind::Float | TyKind::Quantity(_)) => true,
            (HolePosition::Operand, TyKind::Text(kind)) => *kind == TextKind::PromQl,
            _ => false,
        };
        let stripped = self.types.tys.strip(found);
        let members = if self.types.tys.is_optional(stripped) {
            vec![stripped]
        } else {
            self.types.tys.members(stripped)
        };
        if !members.into_iter().all(|member| fits(self, member)) {
            let shown = self.show(found);
            self.report(errors::mismatch(at, &shown, wanted, None));
        }
    }
}
