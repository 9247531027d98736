//! Kubernetes' own object types, and those that projects add.
//!
//! * **Takes** tables of types: `stdlib/catalog/{kubernetes,cluster-api}/types.txt`, and what `iflux import crd` wrote.
//! * **Gives** a [`Catalog`]: which object types there are, since and until which Kubernetes version, and their fields; and
//!   their declarations in iflux.
//! * **Owns** the tables' format, and the names of object types in the language.
//! * **Never** reads a file, or judges a program.
//! * **Read first** `catalog.rs`, then `declare.rs`.

mod catalog;
mod declare;
mod errors;
mod template;

pub use catalog::{Catalog, FieldType, Gone, Minors, ObjectType, Shape, minor_of};
pub use declare::{CLUSTER_API, Declaration, PREFIX, PREFIXES, declarations, mentions, partial};
pub use errors::{
    DEPRECATED, DUPLICATE_KEY, FINAL_PATH, Fault, MISSING_FIELD, NO_OBJECT, NOT_SERVED,
    UNKNOWN_FIELD, UNKNOWN_OBJECT, WRONG_VALUE, fault, final_path, no_object, unknown_object,
};
pub use template::pod_template;
