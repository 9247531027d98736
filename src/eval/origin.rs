//! Four bytes that say where a scalar comes from.

use crate::source::Sym;

/// Where a scalar of a model or manifest comes from: a slot of a resource, or a rule of the compiler.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Origin(u32);

const RULE: u32 = 1 << 31;

impl Origin {
    /// Nothing is known.
    pub const NONE: Self = Self(0);

    /// The value of a slot of the run (slots count from 0).
    pub const fn slot(slot: u32) -> Self {
        Self((slot + 1) & !RULE)
    }

    /// A rule of a backend, as one sentence without a full stop:
    /// `every MachineDeployment carries its selector's labels`.
    pub fn rule(sentence: &'static str) -> Self {
        Self(RULE | Sym::new(sentence).index())
    }

    /// The slot, if it is one.
    pub const fn as_slot(self) -> Option<u32> {
        if self.0 & RULE == 0 { self.0.checked_sub(1) } else { None }
    }

    /// The rule's sentence, if it is one.
    pub fn as_rule(self) -> Option<&'static str> {
        (self.0 & RULE != 0).then(|| Sym::from_index(self.0 & !RULE).as_str())
    }
}
