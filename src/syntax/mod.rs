//! Text to tree.
//!
//! * **Takes** the text of one file.
//! * **Gives** [`parse`] and [`Parsed`]: the trees of its chunks, and what could not be read; [`format`]: the text in the one style.
//! * **Owns** the grammar's use, the splitter, recovery, and the user's word for every rule.
//! * **Never** asks what a name means; never fails; never panics.
//! * **Read first** `ast.rs` (then `expressions.rs`, `members.rs`), `parse.rs`, then `split.rs` and `recover.rs`.

mod ast;
mod errors;
mod expressions;
mod faults;
mod fmt;
mod habits;
#[cfg(test)]
mod laws;
mod lower;
mod lower_expr;
mod lower_member;
mod lower_text;
mod members;
mod parse;
mod recover;
mod rules;
mod same;
mod split;
mod split_brackets;
mod split_lines;
mod split_text;

use std::sync::Arc;

pub use ast::*;
pub use expressions::*;
pub use fmt::{Unformatted, format};
pub use lower::MOST_NESTING;
pub use lower_expr::binding;
pub use members::*;
pub use parse::{Grain, parse, parse_within, reuse};

use crate::diag::Sink;
use crate::source::{Extent, FileId, Sym};

/// A tree and where its chunk starts in the file.
#[derive(Clone, Debug)]
pub struct Placed {
    /// First byte of the chunk; add it to the tree's extents.
    pub base: u32,
    /// How many bytes the chunk has.
    pub len: u32,
    /// The tree.
    pub tree: Arc<Tree>,
}

/// One file, read.
#[derive(Debug)]
pub struct Parsed {
    /// The file.
    pub file: FileId,
    /// Its chunks, in order.
    pub trees: Vec<Placed>,
    /// What could not be read.
    pub sink: Sink,
}
