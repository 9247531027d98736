//! Machine types that providers sell, and what they have.
//!
//! * **Takes** a type's name, or what a machine must have.
//! * **Gives** cores, memory and disk of the type; the smallest type that suffices.
//! * **Owns** the tables in `stdlib/catalog/machines`, and how names of types are made.
//! * **Never** guesses: what no table states is unknown, not zero. Never judges a program.
//! * **Read first** `table.rs`, then `choose.rs`.

mod choose;
mod find;
mod table;
mod zone;

pub use choose::{Wanted, closest, smallest};
pub use find::{Lookup, families, find, sold_by, successor};
pub use table::{Arch, Type, Vendor};
pub use zone::network_zone;
