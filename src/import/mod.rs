//! What other tools wrote, as something a project reads.
//!
//! * **Takes** the text of CustomResourceDefinitions.
//! * **Gives** their types as a table, which [`Catalog`](crate::kubernetes::Catalog) reads; and notes on what the table cannot say.
//! * **Owns** how OpenAPI's structural schemas become types.
//! * **Never** reads or writes a file.
//! * **Read first** `crd.rs`.

mod crd;

pub use crd::{Imported, Note, import_crds, merged};
