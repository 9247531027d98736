//! Programs of other languages as their texts hold them: pieces of text, and holes.

use super::text::{TextError, extent};

/// A piece of a query: text, or an interpolation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Piece<'a> {
    /// Text as PromQL reads it.
    Text(&'a str),
    /// A value that is put in.
    Hole,
}

/// A quote or bracket that is not closed, or closed by another one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unbalanced {
    /// The piece, by number, which is a text.
    pub piece: usize,
    /// The error inside it.
    pub error: TextError,
}

/// A character or a hole, and where it is.
#[derive(Clone, Copy)]
pub(super) struct Item {
    /// `None` for a hole.
    pub(super) char: Option<char>,
    pub(super) piece: usize,
    pub(super) at: usize,
}

pub(super) fn items(pieces: &[Piece<'_>]) -> Vec<Item> {
    let mut items = Vec::new();
    for (piece, content) in pieces.iter().enumerate() {
        match content {
            Piece::Text(text) => {
                let chars = text.char_indices();
                items.extend(chars.map(|(at, c)| Item { char: Some(c), piece, at }));
            }
            Piece::Hole => items.push(Item { char: None, piece, at: 0 }),
        }
    }
    items
}

/// What is wrong with a character.
pub(super) fn unbalanced(item: Item, found: String, expected: String) -> Unbalanced {
    let length = item.char.map_or(0, char::len_utf8);
    let error = TextError::new(extent(item.at, item.at + length), found, expected);
    Unbalanced { piece: item.piece, error }
}
