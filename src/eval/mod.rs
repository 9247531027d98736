//! Blocks and expressions to values.

mod origin;

pub use origin::Origin;
