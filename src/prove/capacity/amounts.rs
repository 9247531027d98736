//! What pods request and nodes have.

use std::fmt;

use crate::limits::{bytes, cores, parse};
use crate::model::Tree;

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Measure {
    /// Processor time, in millicores.
    Cpu,
    /// Memory, in bytes.
    Memory,
    /// Pods.
    Pods,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 3] = [Self::Cpu, Self::Memory, Self::Pods];

    /// An amount of it, for people: `1.9 cores`, `250m` (a quarter of a core), `1436Mi`, `110 pods`.
    pub fn shown(self, amount: u128) -> String {
        match self {
            Self::Cpu => cores(amount),
            Self::Memory => bytes(amount),
            Self::Pods if amount == 1 => "1 pod".to_owned(),
            Self::Pods => format!("{amount} pods"),
        }
    }
}

/// An amount of everything that is measured.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Amounts {
    /// Millicores.
    pub cpu: u128,
    /// Bytes.
    pub memory: u128,
    /// Pods.
    pub pods: u128,
}

impl Amounts {
    /// Nothing.
    pub const NONE: Self = Self { cpu: 0, memory: 0, pods: 0 };

    /// One pod with its requests, in millicores and MiB.
    pub const fn pod(cpu: u128, mebibytes: u128) -> Self {
        Self { cpu, memory: mebibytes << 20, pods: 1 }
    }

    /// How much of one measure.
    pub const fn of(self, measure: Measure) -> u128 {
        match measure {
            Measure::Cpu => self.cpu,
            Measure::Memory => self.memory,
            Measure::Pods => self.pods,
        }
    }

    fn with(self, other: Self, join: impl Fn(u128, u128) -> u128) -> Self {
        Self {
            cpu: join(self.cpu, other.cpu),
            memory: join(self.memory, other.memory),
            pods: join(self.pods, other.pods),
        }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        self.with(other, u128::saturating_add)
    }

    /// What remains; nothing where there is less than is taken away.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        self.with(other, u128::saturating_sub)
    }

    /// The larger of both, each measure for itself.
    #[must_use]
    pub fn most(self, other: Self) -> Self {
        self.with(other, Ord::max)
    }

    /// A multiple.
    #[must_use]
    pub fn times(self, count: u128) -> Self {
        self.with(self, |amount, _| amount.saturating_mul(count))
    }

    /// Whether it has room in another amount.
    pub fn is_within(self, other: Self) -> bool {
        Measure::ALL.into_iter().all(|measure| self.of(measure) <= other.of(measure))
    }

    /// How often another amount has room in this one; none where that asks for nothing.
    pub fn holds(self, other: Self) -> Option<u128> {
        Measure::ALL
            .into_iter()
            .filter_map(|measure| self.of(measure).checked_div(other.of(measure)))
            .min()
    }
}

/// `2 cores and 2Gi`.
impl fmt::Display for Amounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} and {}", Measure::Cpu.shown(self.cpu), Measure::Memory.shown(self.memory))
    }
}

/// A quantity of an object, in `scale` parts of its unit and rounded up as the scheduler does it (1000 of CPU, 1 of bytes); none
/// for what is no quantity.
pub(super) fn quantity(tree: &Tree<'_>, scale: u128) -> Option<u128> {
    match tree {
        Tree::Int(number) => u128::try_from(number.value).ok()?.checked_mul(scale),
        Tree::Float(number, _) => parse(&number.to_string(), scale),
        Tree::Text(text) => parse(text.value, scale),
        Tree::Bool(_) | Tree::List(_) | Tree::Map(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Amounts, Measure};

    #[test]
    fn amounts_are_shown_exactly() {
        let check =
            |measure: Measure, amount, shown: &str| assert_eq!(measure.shown(amount), shown);
        check(Measure::Cpu, 1900, "1.9 cores");
        check(Measure::Cpu, 1000, "1 core");
        check(Measure::Cpu, 250, "250m");
        check(Measure::Cpu, 0, "nothing");
        check(Measure::Memory, 1436 << 20, "1436Mi");
        check(Measure::Memory, 4 << 30, "4Gi");
        check(Measure::Memory, 1_000_000_000, "1G");
        check(Measure::Memory, 1_000_000_001, "1000000001 bytes");
        check(Measure::Memory, 0, "nothing");
        check(Measure::Pods, 1, "1 pod");
    }

    #[test]
    fn room_is_counted_by_the_scarcest_measure() {
        let node = Amounts { cpu: 4000, memory: 8 << 30, pods: 110 };
        assert_eq!(node.holds(Amounts::pod(1000, 1024)), Some(4));
        assert_eq!(node.holds(Amounts::pod(100, 4096)), Some(2));
        assert_eq!(node.holds(Amounts::pod(0, 0)), Some(110));
        assert_eq!(node.holds(Amounts::NONE), None);
    }
}
