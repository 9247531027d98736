//! The one style: the tree printed anew, with every comment, on lines that fit.
//!
//! * **Takes** the text of one file.
//! * **Gives** [`format`]: the same program in the style, or why not.
//! * **Owns** the style: two blanks a step; lines of at most a hundred columns where that can be; what was written on one line stays
//!   there if it fits, and what was written over lines stays over lines; one blank around `=`, nothing aligned; no comma at
//!   a line's end; at most one empty line, and none inside of a bracket's edge; text literals byte for byte, but for
//!   the margin of those that hold lines.
//! * **Never** changes what a program means: the result is read again, and is not given out unless its tree and its comments
//!   are those of the text. Never looks at types: that `cpu = "500m"` needs no quotes is a fix of `iflux check`.
//! * **Read first** `build.rs`, which walks tree and text side by side and says what goes where (with `members.rs`,
//!   `exprs.rs`, `types.rs`, `texts.rs`); then `layout.rs`, which makes lines of it.

mod build;
mod exprs;
mod gaps;
#[cfg(test)]
mod laws;
mod layout;
mod members;
mod texts;
mod types;

use build::Build;

use super::same::{Side, difference};
use super::{Grain, MOST_NESTING, Parsed, Tree, parse_within};
use crate::diag::Sink;
use crate::source::FileId;

/// Why a text is not formatted.
#[derive(Debug)]
pub enum Unformatted {
    /// It cannot be read; the findings say why.
    Errors(Sink),
    /// The formatter would have changed what it means: a bug, told in words for its report.
    Bug(String),
}

/// The text in the one style, with `\n` at every line's end and no byte order mark.
///
/// # Errors
/// When the text has errors of syntax, or the result would mean something else.
pub fn format(file: FileId, text: &str) -> Result<String, Unformatted> {
    let parsed = parse_within(file, text, Grain::Whole, MOST_NESTING);
    if parsed.sink.has_errors() {
        return Err(Unformatted::Errors(parsed.sink));
    }
    let empty = Tree::default();
    let before = side(&parsed, text, &empty);
    let mut build = Build::new(text, before.tree, before.base);
    build.file();
    let ops = build.done().map_err(|at| {
        Unformatted::Bug(format!("the text at byte {at} is not what its tree says"))
    })?;
    let out = layout::lay_out(&ops);
    let again = parse_within(file, &out, Grain::Whole, MOST_NESTING);
    if let Some(found) = again.sink.iter().next() {
        let place = found.primary.as_ref().map_or(0, |label| label.span.start);
        let what = format!("the result has an error at byte {place}: {}", found.title);
        return Err(Unformatted::Bug(what));
    }
    let after = side(&again, &out, &empty);
    if let Some(pool) = difference(before, after) {
        return Err(Unformatted::Bug(format!("the result has other {pool}")));
    }
    if before.comments() != after.comments() {
        return Err(Unformatted::Bug("the result has other comments".to_owned()));
    }
    Ok(out)
}

fn side<'a>(parsed: &'a Parsed, text: &'a str, empty: &'a Tree) -> Side<'a> {
    match parsed.trees.first() {
        Some(placed) => Side { tree: &placed.tree, base: placed.base, text },
        None => Side { tree: empty, base: 0, text },
    }
}
