//! An item of a LimitRange, and what it comes to.

use std::collections::BTreeMap;

/// What an item bounds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Type {
    /// Each container.
    Container,
    /// The containers of a pod together.
    Pod,
    /// Each PersistentVolumeClaim.
    Claim,
}

impl Type {
    /// The type of that name.
    pub fn of(name: &str) -> Option<Self> {
        Some(match name {
            "Container" => Self::Container,
            "Pod" => Self::Pod,
            "PersistentVolumeClaim" => Self::Claim,
            _ => return None,
        })
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Container => "Container",
            Self::Pod => "Pod",
            Self::Claim => "PersistentVolumeClaim",
        }
    }
}

/// An amount, and where it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Amount<A> {
    /// The amount: of CPU in thousandths.
    pub amount: u128,
    /// Where it is written.
    pub at: A,
}

/// Amounts of resources, by their names.
pub type Amounts<A> = BTreeMap<String, Amount<A>>;

/// An item of a LimitRange, as written.
#[derive(Clone, PartialEq, Debug)]
pub struct Item<A> {
    /// What it bounds.
    pub of: Type,
    /// Where it is written.
    pub at: A,
    /// The least that must be requested.
    pub min: Amounts<A>,
    /// The highest limit.
    pub max: Amounts<A>,
    /// The limit of what has none.
    pub default: Amounts<A>,
    /// The request of what has none.
    pub request: Amounts<A>,
    /// How many times the request a limit may be, in thousandths.
    pub ratio: Amounts<A>,
}

/// What a container gets that says nothing.
#[derive(Clone, PartialEq, Debug)]
pub struct Defaults<A> {
    /// Its limits.
    pub limit: Amounts<A>,
    /// Its requests.
    pub request: Amounts<A>,
}

impl<A: Copy> Item<A> {
    /// Whether who says nothing of a resource gets the maximum, since nothing else is said.
    pub(super) fn is_extreme(&self, resource: &str) -> bool {
        self.of == Type::Container
            && self.max.contains_key(resource)
            && !self.default.contains_key(resource)
            && !self.request.contains_key(resource)
    }

    /// What it comes to once the API server has filled in what it does not say (`SetDefaults_LimitRangeItem`): a limit is the maximum, a
    /// request the limit, or else the minimum.
    pub fn defaults(&self) -> Defaults<A> {
        let mut limit = self.default.clone();
        let mut request = self.request.clone();
        if self.of == Type::Container {
            fill(&mut limit, &self.max);
            fill(&mut request, &limit);
            fill(&mut request, &self.min);
        }
        Defaults { limit, request }
    }
}

/// Takes over what is missing.
pub(super) fn fill<A: Copy>(to: &mut Amounts<A>, from: &Amounts<A>) {
    for (name, amount) in from {
        to.entry(name.clone()).or_insert(*amount);
    }
}

/// What the items of one LimitRange come to: of several for containers the last wins, resource by resource.
pub fn defaults<A: Copy>(items: &[Item<A>]) -> Defaults<A> {
    let mut all = Defaults { limit: Amounts::new(), request: Amounts::new() };
    for item in items.iter().filter(|it| it.of == Type::Container) {
        let own = item.defaults();
        all.limit.extend(own.limit);
        all.request.extend(own.request);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{Amount, Amounts, Item, Type, defaults};

    fn amounts(all: &[(&str, u128)]) -> Amounts<()> {
        all.iter()
            .map(|(name, amount)| ((*name).to_owned(), Amount { amount: *amount, at: () }))
            .collect()
    }

    fn item(min: &[(&str, u128)], max: &[(&str, u128)]) -> Item<()> {
        Item {
            of: Type::Container,
            at: (),
            min: amounts(min),
            max: amounts(max),
            default: Amounts::new(),
            request: Amounts::new(),
            ratio: Amounts::new(),
        }
    }

    #[test]
    fn what_is_not_said_is_filled_in() {
        let range = item(&[("cpu", 50), ("memory", 64)], &[("cpu", 4000)]);
        let all = defaults(std::slice::from_ref(&range));
        assert_eq!(all.limit, amounts(&[("cpu", 4000)]));
        assert_eq!(all.request, amounts(&[("cpu", 4000), ("memory", 64)]));
        let said = Item { default: amounts(&[("cpu", 500)]), ..range.clone() };
        let all = defaults(&[said]);
        assert_eq!(all.limit, amounts(&[("cpu", 500)]));
        assert_eq!(all.request, amounts(&[("cpu", 500), ("memory", 64)]));
        let said = Item { request: amounts(&[("cpu", 100)]), ..range };
        assert_eq!(defaults(&[said]).request, amounts(&[("cpu", 100), ("memory", 64)]));
    }

    #[test]
    fn the_last_item_wins_by_resource() {
        let first = Item { default: amounts(&[("cpu", 100), ("memory", 128)]), ..item(&[], &[]) };
        let all = defaults(&[first, item(&[], &[("cpu", 4000)])]);
        assert_eq!(all.limit, amounts(&[("cpu", 4000), ("memory", 128)]));
    }

    #[test]
    fn pods_and_claims_get_nothing() {
        let pod = Item { of: Type::Pod, ..item(&[], &[("cpu", 4000)]) };
        assert!(pod.defaults().limit.is_empty());
    }
}
