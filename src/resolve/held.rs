//! What a literal holds, and where each part of it is written: margins, escapes and holes lie between.

use super::names::{Names, TreeId};
use crate::source::Extent;
use crate::syntax::{ExprId, Text, TextId, TextPart};

/// A literal's text, with a letter for each hole.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Held {
    /// What it holds.
    pub text: String,
    /// The holes: where each stands in the text, and its expression.
    pub holes: Vec<(u32, ExprId)>,
    /// Where a piece starts in what is held, where it is written, and whether it is written as it is held.
    pieces: Vec<(u32, Extent, bool)>,
}

impl Names {
    /// What a literal holds, with `hole` for each of its holes.
    pub fn held(&self, tree: TreeId, text: TextId, hole: char) -> Held {
        let text = *self.tree(tree).tree.text(text);
        self.held_by(tree, &text, hole)
    }

    /// The same, of the literal itself.
    pub fn held_by(&self, tree: TreeId, text: &Text, hole: char) -> Held {
        let nodes = &self.tree(tree).tree;
        let mut held = Held::default();
        let mut buffer = [0; 4];
        for part in nodes.parts_of(text.parts) {
            match *part {
                TextPart::Verbatim(at) => held.push(self.text(tree, at), at, true),
                TextPart::Escape(letter, at) => {
                    held.push(letter.encode_utf8(&mut buffer), at, false);
                }
                TextPart::Hole(expr) => {
                    held.holes.push((length(&held.text), expr));
                    held.push(hole.encode_utf8(&mut buffer), nodes.expr_extent(expr), false);
                }
            }
        }
        held
    }
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

impl Held {
    fn push(&mut self, held: &str, at: Extent, is_exact: bool) {
        self.pieces.push((length(&self.text), at, is_exact));
        self.text.push_str(held);
    }

    /// Where a part of what is held is written, and whether it is written there letter by letter.
    pub fn place(&self, inside: Extent) -> Option<(Extent, bool)> {
        let first = self.piece(inside.start)?;
        let last = if inside.is_empty() { first } else { self.piece(inside.end - 1)? };
        let start = self.written(first, inside.start, false)?;
        let end = if inside.is_empty() && self.pieces.get(first)?.2 {
            start
        } else {
            self.written(last, inside.end.max(inside.start + 1), true)?
        };
        let is_exact = self.pieces.get(first..=last)?.iter().all(|(.., exact)| *exact)
            && end.saturating_sub(start) == inside.len();
        Some((Extent::new(start, end.max(start)), is_exact))
    }

    /// The piece that holds a byte.
    fn piece(&self, byte: u32) -> Option<usize> {
        self.pieces.partition_point(|(start, ..)| *start <= byte).checked_sub(1)
    }

    /// Where a byte of a piece is written; a piece that is written otherwise has only its ends.
    fn written(&self, piece: usize, byte: u32, is_end: bool) -> Option<u32> {
        let &(start, at, is_exact) = self.pieces.get(piece)?;
        Some(match (is_exact, is_end) {
            (true, _) => (at.start + byte.saturating_sub(start)).min(at.end),
            (false, true) => at.end,
            (false, false) => at.start,
        })
    }
}
