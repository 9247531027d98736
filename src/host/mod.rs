//! The only door to disk, environment, clock and terminal.
//!
//! * **Takes** paths from the command line, and bytes to write.
//! * **Gives** [`DiskWorld`], [`write_tree`] and [`check_tree`], [`Console`], [`Progress`].
//! * **Owns** every system call; the rule that an output tree is written whole or not at all; the codes `emit/..` of writing.
//! * **Never** knows what the files say.
//! * **Read first** `disk.rs` for reading, `tree.rs` for writing.

#![expect(clippy::disallowed_methods, reason = "this room is the door")]

mod commit;
mod console;
mod disk;
mod errors;
mod files;
mod progress;
mod record;
mod tree;
#[cfg(test)]
mod tree_tests;

pub use console::{ColorWish, Console, command_line};
pub use disk::{DiskWorld, built_file, words};
pub use errors::{kept_files, out_of_date, written_problem};
pub use files::{create_new, read_text, replace_file, resolved, save};
pub use progress::Progress;
pub use record::RECORD;
pub use tree::{
    OutFile, TreeState, WriteProblem, WriteProblemKind, Written, check_tree, write_tree,
};
