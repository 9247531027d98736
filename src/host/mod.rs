//! The only door to disk, environment, clock, terminal, and to git.
//!
//! * **Takes** paths from the command line, and bytes to write.
//! * **Gives** [`DiskWorld`], [`write_tree`] and [`check_tree`], [`Console`], [`Progress`], [`DiskFetcher`], [`TextCache`].
//! * **Owns** every system call; the rule that an output tree is written whole or not at all; the codes `emit/..` of writing and `fetch/..`.
//! * **Never** knows what the files say.
//! * **Read first** `disk.rs` for reading, `tree.rs` for writing.

#![expect(clippy::disallowed_methods, reason = "this room is the door")]

mod cache;
mod commit;
mod console;
mod disk;
mod earlier;
mod errors;
mod files;
mod git;
mod progress;
mod record;
mod tree;
#[cfg(test)]
mod tree_tests;
mod vendor;

pub use cache::TextCache;
pub use console::{ColorWish, Console, command_line};
pub use disk::{DiskWorld, built_file, words};
pub use earlier::NoRevision;
pub use errors::{kept_files, out_of_date, written_problem};
pub use files::{
    create_new, files_below, is_folder, read_input, read_text, replace_file, resolved, write_file,
};
pub use git::DiskFetcher;
pub use progress::Progress;
pub use record::RECORD;
pub use tree::{
    OutFile, TreeState, WriteProblem, WriteProblemKind, Written, check_tree, write_tree,
};
pub use vendor::write_vendor;
