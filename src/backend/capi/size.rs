//! Sizes of machines in the units of providers.

use crate::backend::Node;
use crate::backend::k8s::{scaled_up, text};
use crate::eval::Origin;
use crate::model::{Machine, Market, Of, Purchase, Quantity};

/// Memory in whole mebibytes, rounded up.
pub(super) const fn mebibytes(memory: Of<Quantity<'_>>) -> i64 {
    scaled_up(memory.value.amount, 1 << 20)
}

/// Disk in whole gibibytes, rounded up.
pub(super) const fn gibibytes(machine: &Machine<'_>) -> i64 {
    scaled_up(machine.disk.value.amount, 1 << 30)
}

/// The type that a machine is bought as; none where nobody sells one, which is an error of the program.
pub(super) fn bought<'a>(market: &Market<'a>, machine: &Machine<'a>) -> Option<Node<'a>> {
    let smallest = Origin::rule(
        "the smallest type of the provider's families with the machine's `cpu` and `memory`",
    );
    let purchase = market.purchase(machine);
    let origin = match &purchase {
        Purchase::Named(named, _) => named.origin,
        Purchase::Chosen(_) | Purchase::TooLarge(_) => smallest,
    };
    purchase.name().map(|name| text(name, origin))
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
