//! Where a part of a text that was computed is written: in the literal that made it, in its hole, or not at all.

use super::evaluator::{Evaluator, NOTHING};
use super::expr::Frame;
use super::slot::Place;
use crate::source::{Extent, Span, Sym};
use crate::syntax::{Expr, ExprId, MemberKind, TextForm, TextPart};
use crate::types::{Meaning, TextKind, TyKind};

/// A part of a final text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Within {
    /// By its bytes.
    At(Extent),
    /// A word of a text that is filled later, whose final form is another language's: the first one in it.
    Word(Sym),
    /// Bytes of a text that is the first one of these words inside of a larger value.
    In(Sym, Extent),
}

/// Where a part is written, and the literal's form where it is written there letter by letter.
type Found = Option<(Span, Option<TextForm>)>;

impl Evaluator<'_> {
    /// Where a part of a slot's text is written; none where no literal of the program makes it.
    pub fn part_at(&mut self, slot: u32, target: u32, within: Within) -> Found {
        let place = self.place_of(slot)?;
        let instance = *self.instances.get(place.instance as usize)?;
        let (expr, frame) = self.winning(Place { target, ..place }, instance)?;
        match within {
            Within::In(whole, part) => self.part_in(expr, frame, whole.as_str(), part),
            Within::At(_) | Within::Word(_) => self.part_of(expr, frame, within),
        }
    }

    /// The same for an expression, through parentheses and the `let`s that it names.
    fn part_of(&mut self, mut expr: ExprId, mut frame: Frame, within: Within) -> Found {
        let names = self.names;
        // A `let` that names itself was refused.
        for _ in 0..100 {
            if let Meaning::Let(def) = self.types.meaning(frame.tree, expr) {
                let MemberKind::Let { value, .. } = names.member(def).kind else { return None };
                let tree = names.def(def).tree;
                frame = Frame { tree, record: NOTHING, locals: (0, 0), ..frame };
                expr = value;
                continue;
            }
            let nodes = &names.tree(frame.tree).tree;
            let text = match nodes.expr(expr) {
                Expr::Paren(inner) => {
                    expr = inner;
                    continue;
                }
                Expr::Text(text) => text,
                _ => return None,
            };
            let node = *nodes.text(text);
            let parts = nodes.parts_of(node.parts);
            return match within {
                Within::At(part) => self.bytes_of(parts, node.form, (expr, frame), part),
                Within::Word(word) => self.word_of(parts, node.form, frame, word.as_str()),
                Within::In(whole, part) => self.part_in(expr, frame, whole.as_str(), part),
            };
        }
        None
    }

    /// Where a literal inside of an expression has bytes.
    fn part_in(&self, expr: ExprId, frame: Frame, whole: &str, part: Extent) -> Found {
        let info = self.names.tree(frame.tree);
        let around = info.tree.expr_extent(expr);
        let texts = info.tree.texts.iter();
        for text in texts.filter(|text| around.start <= text.at.start && text.at.end <= around.end)
        {
            let held = self.names.held_by(frame.tree, text, ' ');
            if held.text == whole && held.holes.is_empty() {
                let (at, is_exact) = held.place(part)?;
                return Some((info.span(at), is_exact.then_some(text.form)));
            }
        }
        None
    }

    /// Where bytes of what a literal gives are written: its parts are computed again.
    fn bytes_of(
        &mut self,
        parts: &[TextPart],
        form: TextForm,
        (expr, frame): (ExprId, Frame),
        part: Extent,
    ) -> Found {
        let names = self.names;
        let ty = self.types.type_of_expr(frame.tree, expr);
        let has_holes = parts.iter().any(|part| matches!(part, TextPart::Hole(_)));
        let is_query = matches!(self.types.tys.core(ty), TyKind::Text(TextKind::PromQl));
        let printed = if has_holes && is_query {
            self.query_parts(parts, &frame, false)?
        } else {
            let mut printed = Vec::new();
            for part in parts {
                printed.push(match *part {
                    TextPart::Verbatim(at) => names.text(frame.tree, at).to_owned(),
                    TextPart::Escape(letter, _) => letter.to_string(),
                    TextPart::Hole(hole) => {
                        let value = self.eval(hole, &frame);
                        self.print(value)?
                    }
                });
            }
            printed
        };
        let nodes = &names.tree(frame.tree).tree;
        let (mut start, mut end, mut is_exact) = (None, None, true);
        let mut from = 0_u32;
        for (written, printed) in parts.iter().zip(&printed) {
            let to = from + u32::try_from(printed.len()).ok()?;
            let (at, is_here) = match *written {
                TextPart::Verbatim(at) => (at, true),
                TextPart::Escape(_, at) => (at, false),
                TextPart::Hole(hole) => (nodes.expr_extent(hole), false),
            };
            // An empty part belongs to what ends before it, or else to what begins behind it.
            let is_in = if part.is_empty() {
                from <= part.start && part.start <= to && start.is_none()
            } else {
                from < part.end && part.start < to
            };
            if is_in {
                is_exact &= is_here;
                let inside = |byte: u32| at.start + byte.clamp(from, to) - from;
                start = start.or(Some(if is_here { inside(part.start) } else { at.start }));
                end = Some(if is_here { inside(part.end) } else { at.end });
            }
            from = to;
        }
        let (start, end) = (start?, end?);
        let is_whole = end.checked_sub(start)? == part.len();
        let span = names.tree(frame.tree).span(Extent::new(start, end));
        Some((span, (is_exact && is_whole).then_some(form)))
    }

    /// Where a literal has a word: in its own text, or in a hole.
    fn word_of(&self, parts: &[TextPart], form: TextForm, frame: Frame, word: &str) -> Found {
        let info = self.names.tree(frame.tree);
        for part in parts {
            let (at, is_text) = match *part {
                TextPart::Verbatim(at) => (at, true),
                TextPart::Hole(hole) => (info.tree.expr_extent(hole), false),
                TextPart::Escape(..) => continue,
            };
            let written = self.names.text(frame.tree, at);
            let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
            let found = written.match_indices(word).find(|(start, _)| {
                let before = written.get(..*start).and_then(|before| before.chars().next_back());
                let after = written.get(start + word.len()..);
                let after = after.and_then(|after| after.chars().next());
                !before.is_some_and(is_word) && !after.is_some_and(is_word)
                    // A text outside of actions is no code.
                    && (!is_text || is_in_action(written, *start))
            });
            if let Some((start, _)) = found {
                let start = at.start + u32::try_from(start).ok()?;
                let end = start + u32::try_from(word.len()).ok()?;
                let exact = is_text.then_some(form);
                return Some((info.span(Extent::new(start, end)), exact));
            }
        }
        None
    }
}

/// Whether a place of a Go template lies between `{{` and `}}`.
fn is_in_action(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("");
    before.rfind("{{") > before.rfind("}}")
}
