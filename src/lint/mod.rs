//! Advice about programs that mean something.
//!
//! * **Takes** [`Names`]: what is declared, and the trees.
//! * **Gives** only findings, none of them an error; and leaves out those that an `allow` names.
//! * **Owns** the codes `lint/..`; one file a lint.
//! * **Never** changes what a program means, and says nothing about a file that could not be read whole.
//! * **Read first** `unused_import.rs`.

mod allow;
mod errors;
mod stray_doc;
mod twice;
mod unused_import;

pub use allow::allowed;
pub use errors::{STRAY_DOC, UNUSED_ALLOW, UNUSED_IMPORT};
pub use twice::merged;

use crate::diag::Sink;
use crate::resolve::Names;

/// Every lint, over a whole program.
pub fn lint(names: &Names, sink: &mut Sink) {
    unused_import::unused_imports(names, sink);
    stray_doc::stray_docs(names, sink);
}
