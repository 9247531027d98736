//! A stage of the platform.

use super::{Of, Ref};
use crate::source::Sym;

/// `kind Environment`.
#[derive(Clone, PartialEq, Debug)]
pub struct Environment {
    /// The block's own name.
    pub name: Of<Sym>,
    /// The environment from which changes are promoted to this one.
    pub after: Option<Of<Ref>>,
    /// Whether a person is asked before one of its clusters is deleted.
    pub protected: Of<bool>,
}
