//! Sizes of machines in the units of providers.

use crate::backend::k8s::scaled_up;
use crate::model::{Machine, Of, Quantity};

/// Memory in whole mebibytes, rounded up.
pub(super) const fn mebibytes(memory: Of<Quantity<'_>>) -> i64 {
    scaled_up(memory.value.amount, 1 << 20)
}

/// Disk in whole gibibytes, rounded up.
pub(super) const fn gibibytes(machine: &Machine<'_>) -> i64 {
    scaled_up(machine.disk.value.amount, 1 << 30)
}

/// A size, to be compared.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Size<'a> {
    cpu: Option<i64>,
    mebibytes: Option<i64>,
    named: Option<&'a str>,
    gibibytes: i64,
}

impl<'a> Size<'a> {
    /// The size of a machine.
    pub(super) fn of(machine: &Machine<'a>) -> Self {
        Self {
            cpu: machine.cpu.map(|it| it.value),
            mebibytes: machine.memory.map(mebibytes),
            named: machine.r#type.map(|it| it.value),
            gibibytes: gibibytes(machine),
        }
    }
}
