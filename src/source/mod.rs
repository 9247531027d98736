//! The text of files and places in it.
//!
//! * **Takes** file names and their bytes as text.
//! * **Gives** [`FileId`], [`Span`], [`Sources`], [`LineIndex`] and interned [`Sym`]bols.
//! * **Owns** every source text of a run; line and column are computed here, and only when shown.
//! * **Never** reads a disk: the `host` room brings the text. Knows nothing of the language.
//! * **Read first** `span.rs`, then `sources.rs`.

mod intern;
mod lines;
mod sources;
mod span;

pub use intern::Sym;
pub use lines::{LineIndex, Position};
pub use sources::{Source, Sources};
pub use span::{Extent, FileId, Span};
