//! Holes of queries and programs: a hole stands in their syntax, so its position says what fits.

use super::check::{Checker, Scope};
use super::errors;
use super::expectation::{Expectation, Why};
use super::hole::Holes;
use super::ty::{TextKind, Ty, TyKind};
use crate::embedded::{
    Dimension, HolePosition, Language, Matcher, QueryPiece, Spot, Unbalanced, hole_position,
    no_hole, scan_program, scan_query, text_error,
};
use crate::source::Span;
use crate::syntax::{ExprId, TextId, TextPart};

impl Checker<'_> {
    /// A query with holes.
    pub(super) fn query(&mut self, scope: &Scope, text: TextId) {
        let (found, holes) = self.scanned(scope, text, scan_query);
        match found {
            Ok(positions) => {
                for (hole, position) in holes.into_iter().zip(positions) {
                    self.query_hole(scope, hole, position);
                }
            }
            Err(found) => self.unbalanced(scope, text, &holes, Language::PromQl, found),
        }
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

    fn query_hole(&mut self, scope: &Scope, hole: ExprId, position: HolePosition) {
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
