//! Which keys of values Helm charts know.
//!
//! * **Takes** where a chart comes from, its name, its version or a range of them, and the path of a value.
//! * **Gives** a [`Chart`], and what is [`Wrong`] about a key that it does not know, with the spelling that was meant.
//! * **Owns** what charts bring to a cluster, and the table in `stdlib/catalog/charts`, which `make.py` beside it makes.
//! * **Never** guesses: of charts and versions that were not read it knows nothing. Never judges a value, only whether something reads it.
//! * **Read first** `find.rs`, then `table.rs`.

mod brings;
mod find;
mod table;
mod version;

pub use brings::{Brought, brought_by, carries_traffic, short_name};
pub use find::{Chart, Wrong, find, known_as};
pub use version::{Version, Versions};
