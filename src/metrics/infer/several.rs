//! What tells the series of a query apart, and which labels they surely lack.

use super::labels::{Label, Loss, Origin, Presence};
use super::ty::{Inferred, Shape};
use crate::source::Sym;

/// Labels that tell people more than others, the first most.
fn telling(label: &str) -> usize {
    const FIRST: [&str; 8] =
        ["instance", "pod", "node", "namespace", "name", "volume", "device", "mountpoint"];
    FIRST.iter().position(|it| *it == label).unwrap_or(FIRST.len())
}

impl Inferred {
    /// Where a label was lost, if it is proved that no series has it.
    pub fn surely_lost(&self, label: Sym) -> Option<Loss> {
        match self.labels.presence(label) {
            Presence::Gone(loss, true) => Some(loss),
            Presence::Gone(_, false)
            | Presence::Sure(_)
            | Presence::Possible(_)
            | Presence::Unknown => None,
        }
    }

    /// The labels by which a query has several series; none where nothing is known. What a matcher decides is one value, and the labels of a
    /// target go together: who knows one, has one.
    pub fn several(&self) -> Vec<String> {
        if self.shape != Shape::Vector || self.labels.is_open() {
            return Vec::new();
        }
        let known = self.labels.known();
        let is_decided = |label: &&Label| label.decided.is_some() || label.values.only().is_some();
        let (of_target, own): (Vec<_>, Vec<_>) =
            known.iter().partition(|label| label.origin == Origin::Target);
        let mut free: Vec<String> = own
            .iter()
            .filter(|label| !is_decided(label))
            .map(|label| label.name.to_string())
            .collect();
        let names_one = |label: &&Label| {
            matches!(label.name.as_str(), "instance" | "pod" | "node") && is_decided(label)
        };
        // A metric with labels of its own may well come from one target.
        if own.is_empty() && !of_target.is_empty() && !of_target.iter().any(names_one) {
            free.extend(
                of_target
                    .iter()
                    .filter(|label| !is_decided(label))
                    .map(|label| label.name.to_string()),
            );
        }
        free.sort_unstable_by_key(|label| (telling(label), label.clone()));
        free
    }
}
