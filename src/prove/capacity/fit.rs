//! Whether pods fit onto nodes.
//!
//! Packing is hard, so there are two proofs. Sums and counts prove that pods do *not* fit: they leave out that a pod must lie on one
//! node, so what breaks them breaks every placement. A placement that was found proves that they fit. Between the two nothing is known.

use std::collections::BTreeSet;

use super::amounts::{Amounts, Measure};

/// An answer that may be open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fit<S = Shortage> {
    /// A placement was found.
    Fits,
    /// No placement exists.
    DoesNotFit(S),
    /// Neither was proved, and why.
    Unknown(String),
}

/// Nodes that are alike.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Nodes {
    /// How many.
    pub(super) count: u128,
    /// The most that can be free on each; none where nothing is known.
    pub(super) most: Option<Amounts>,
    /// What is free on each in any case.
    pub(super) least: Option<Amounts>,
}

/// Whether pods may lie on nodes, whatever they request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Allowed {
    /// They may.
    Yes,
    /// They may not.
    No,
    /// The program does not say.
    Maybe,
}

/// Pods that are alike.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Group {
    /// How many.
    pub(super) count: u128,
    /// What each requests at least.
    pub(super) each: Amounts,
    /// Whether no two of them may share a node.
    pub(super) apart: bool,
    /// For each class of nodes, whether they may lie there.
    pub(super) allowed: Vec<Allowed>,
}

impl Group {
    /// The classes where they can lie.
    fn possible(&self) -> BTreeSet<usize> {
        let places = self.allowed.iter().enumerate();
        places.filter(|(_, allowed)| **allowed != Allowed::No).map(|(class, _)| class).collect()
    }

    /// How many of them an amount has room for; none for any number.
    fn places(&self, free: Amounts) -> Option<u128> {
        let held = free.holds(self.each);
        if self.apart { Some(held.map_or(1, |held| held.min(1))) } else { held }
    }
}

/// Why pods do not fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shortage {
    /// The classes of nodes that the pods can lie on at all.
    pub classes: Vec<usize>,
    /// The groups of pods that can lie nowhere else.
    pub groups: Vec<usize>,
    /// What breaks.
    pub lack: Lack,
}

/// What there is too little of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lack {
    /// The pods request more together than the nodes have.
    Sum {
        /// What is short.
        measure: Measure,
        /// What the pods request.
        requested: u128,
        /// What the nodes have.
        free: u128,
    },
    /// Each pod is so large that the nodes take fewer of them.
    Places {
        /// How many pods there are.
        pods: u128,
        /// How many the nodes take.
        places: u128,
        /// What each requests at least; none where it is not by their size that they lack places.
        each: Option<(Measure, u128)>,
    },
}

/// At most so many sets of classes are looked at: more would be found only by programs made to have them.
const MOST_SETS: usize = 256;

/// A proof that the pods do not fit, the narrowest that is known.
pub(super) fn shortage(nodes: &[Nodes], groups: &[Group]) -> Option<Shortage> {
    let possible: Vec<BTreeSet<usize>> = groups.iter().map(Group::possible).collect();
    for classes in sets(&possible) {
        let mut free = Vec::new();
        for class in &classes {
            let Some(nodes) = nodes.get(*class) else { continue };
            free.push((nodes.count, nodes.most));
        }
        // What nothing is known of may be endless.
        let known: Option<Vec<(u128, Amounts)>> =
            free.into_iter().map(|(count, most)| Some((count, most?))).collect();
        let Some(known) = known else { continue };
        let inside: Vec<(usize, &Group)> = groups
            .iter()
            .enumerate()
            .zip(&possible)
            .filter(|((_, group), possible)| group.count > 0 && possible.is_subset(&classes))
            .map(|(group, _)| group)
            .collect();
        let lack = sum(&known, &inside).or_else(|| places(&known, &inside));
        if let Some((lack, groups)) = lack {
            return Some(Shortage { classes: classes.into_iter().collect(), groups, lack });
        }
    }
    None
}

/// The sets of classes to which pods are bound, and their unions; the narrowest first.
fn sets(possible: &[BTreeSet<usize>]) -> Vec<BTreeSet<usize>> {
    let distinct: BTreeSet<&BTreeSet<usize>> = possible.iter().collect();
    let mut all: BTreeSet<BTreeSet<usize>> = BTreeSet::new();
    for set in distinct {
        let unions: Vec<BTreeSet<usize>> =
            all.iter().map(|known| known | set).take(MOST_SETS.saturating_sub(all.len())).collect();
        all.insert(set.clone());
        all.extend(unions);
    }
    // The union of all is there however many sets there are.
    all.insert(possible.iter().flatten().copied().collect());
    let mut all: Vec<BTreeSet<usize>> = all.into_iter().collect();
    all.sort_by_key(BTreeSet::len);
    all
}

fn sum(free: &[(u128, Amounts)], groups: &[(usize, &Group)]) -> Option<(Lack, Vec<usize>)> {
    let total =
        |amounts: &mut dyn Iterator<Item = Amounts>| amounts.fold(Amounts::NONE, Amounts::plus);
    let free = total(&mut free.iter().map(|(count, each)| each.times(*count)));
    let requested = total(&mut groups.iter().map(|(_, group)| group.each.times(group.count)));
    let measure = Measure::ALL.into_iter().find(|it| requested.of(*it) > free.of(*it))?;
    let asks = |group: &&(usize, &Group)| group.1.each.of(measure) > 0;
    let lack = Lack::Sum { measure, requested: requested.of(measure), free: free.of(measure) };
    Some((lack, groups.iter().filter(asks).map(|(index, _)| *index).collect()))
}

/// Large pods leave gaps that no sum sees.
fn places(free: &[(u128, Amounts)], groups: &[(usize, &Group)]) -> Option<(Lack, Vec<usize>)> {
    for (index, group) in groups {
        let places = free.iter().try_fold(0_u128, |places, (count, free)| {
            Some(places.saturating_add(group.places(*free)?.saturating_mul(*count)))
        });
        if let Some(places) = places.filter(|places| *places < group.count) {
            let each = (!group.apart).then(|| scarcest(free, group.each));
            return Some((Lack::Places { pods: group.count, places, each }, vec![*index]));
        }
    }
    for measure in [Measure::Cpu, Measure::Memory] {
        let mut falling: Vec<&(usize, &Group)> =
            groups.iter().filter(|(_, group)| group.each.of(measure) > 0).collect();
        falling.sort_by_key(|(_, group)| std::cmp::Reverse(group.each.of(measure)));
        let mut pods = 0_u128;
        for (number, (_, group)) in falling.iter().enumerate() {
            pods = pods.saturating_add(group.count);
            let each = group.each.of(measure);
            let places = free.iter().fold(0_u128, |places, (count, free)| {
                let here = free.of(measure).checked_div(each).unwrap_or(0);
                places.saturating_add(here.saturating_mul(*count))
            });
            if pods > places {
                let large = falling.iter().take(number + 1).map(|(index, _)| *index).collect();
                return Some((Lack::Places { pods, places, each: Some((measure, each)) }, large));
            }
        }
    }
    None
}

/// The measure of which nodes have room for the fewest.
fn scarcest(free: &[(u128, Amounts)], each: Amounts) -> (Measure, u128) {
    let room = |measure: Measure| {
        free.iter().fold(0_u128, |room, (count, free)| {
            let here = free.of(measure).checked_div(each.of(measure)).unwrap_or(u128::MAX);
            room.saturating_add(here.saturating_mul(*count))
        })
    };
    // How many pods a node takes is a matter of sums.
    let measure =
        if room(Measure::Cpu) <= room(Measure::Memory) { Measure::Cpu } else { Measure::Memory };
    (measure, each.of(measure))
}

/// Nodes of a placement: so many are left alone yet, and these were begun.
struct Begun {
    class: usize,
    free: Amounts,
    fresh: u128,
    used: Vec<Amounts>,
}

/// At most so many nodes are filled one by one.
const MOST_NODES: usize = 20_000;

/// Whether a placement was found, which takes what is free in any case, and only nodes that are surely allowed. Largest pods first,
/// each onto the first node with room, in several orders of size.
pub(super) fn is_placed(nodes: &[Nodes], groups: &[Group]) -> bool {
    let total = nodes.iter().fold(Amounts::NONE, |total, nodes| {
        total.plus(nodes.least.unwrap_or_default().times(nodes.count))
    });
    // A share of all there is, in parts that are fine enough to tell pods apart.
    let share = |group: &Group, measure: Measure| {
        let whole = total.of(measure).max(1);
        group.each.of(measure).saturating_mul(1_000_000) / whole
    };
    let orders: [&dyn Fn(&Group) -> u128; 3] = [
        &|group| share(group, Measure::Cpu).max(share(group, Measure::Memory)),
        &|group| share(group, Measure::Cpu),
        &|group| share(group, Measure::Memory),
    ];
    orders.into_iter().any(|size| {
        let mut order: Vec<&Group> = groups.iter().collect();
        order.sort_by_key(|group| {
            let choices = group.allowed.iter().filter(|it| **it == Allowed::Yes).count();
            (choices, std::cmp::Reverse(size(group)))
        });
        first_fit(nodes, &order)
    })
}

fn first_fit(nodes: &[Nodes], groups: &[&Group]) -> bool {
    let mut begun: Vec<Begun> = nodes
        .iter()
        .enumerate()
        .filter_map(|(class, nodes)| {
            Some(Begun { class, free: nodes.least?, fresh: nodes.count, used: Vec::new() })
        })
        .collect();
    for group in groups {
        let mut left = group.count;
        for class in &mut begun {
            if group.allowed.get(class.class) != Some(&Allowed::Yes) {
                continue;
            }
            for free in &mut class.used {
                let here = group.places(*free).unwrap_or(left).min(left);
                *free = free.less(group.each.times(here));
                left -= here;
            }
            let most = group.places(class.free).unwrap_or(left);
            while left > 0 && class.fresh > 0 && most > 0 {
                if class.used.len() >= MOST_NODES {
                    return false;
                }
                let here = most.min(left);
                class.used.push(class.free.less(group.each.times(here)));
                class.fresh -= 1;
                left -= here;
            }
        }
        if left > 0 {
            return false;
        }
    }
    true
}

/// Whether the pods fit onto the nodes.
pub(super) fn fit(nodes: &[Nodes], groups: &[Group]) -> Fit {
    match shortage(nodes, groups) {
        Some(shortage) => Fit::DoesNotFit(shortage),
        None if is_placed(nodes, groups) => Fit::Fits,
        None => Fit::Unknown("their sums have room, but no placement was found".to_owned()),
    }
}

/// A proof that the pods do not fit when one node is gone, of whichever of `may_go`'s classes; and that class.
pub(super) fn shortage_with_one_lost(
    nodes: &[Nodes],
    groups: &[Group],
    may_go: impl Fn(usize) -> bool,
) -> Option<(usize, Shortage)> {
    losses(nodes, may_go).find_map(|(class, rest)| Some((class, shortage(&rest, groups)?)))
}

/// Whether the pods fit when one node is gone, of whichever of `may_go`'s classes; with what does not fit, that class.
pub(super) fn fit_with_one_lost(
    nodes: &[Nodes],
    groups: &[Group],
    may_go: impl Fn(usize) -> bool,
) -> Fit<(usize, Shortage)> {
    let mut open = None;
    for (class, rest) in losses(nodes, may_go) {
        match fit(&rest, groups) {
            Fit::Fits => {}
            Fit::DoesNotFit(shortage) => return Fit::DoesNotFit((class, shortage)),
            Fit::Unknown(why) => open = Some(why),
        }
    }
    open.map_or(Fit::Fits, Fit::Unknown)
}

/// For each class that loses a node, what is left.
fn losses(
    nodes: &[Nodes],
    may_go: impl Fn(usize) -> bool,
) -> impl Iterator<Item = (usize, Vec<Nodes>)> {
    let lost = (0..nodes.len()).filter(move |class| may_go(*class));
    lost.filter_map(|class| {
        let mut rest = nodes.to_vec();
        let nodes = rest.get_mut(class)?;
        nodes.count = nodes.count.checked_sub(1)?;
        Some((class, rest))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::amounts::{Amounts, Measure};
    use super::{
        Allowed, Fit, Group, Lack, Nodes, fit, fit_with_one_lost, is_placed, shortage,
        shortage_with_one_lost,
    };

    fn nodes(count: u128, cpu: u128, mebibytes: u128) -> Nodes {
        let free = Some(Amounts { cpu, memory: mebibytes << 20, pods: 110 });
        Nodes { count, most: free, least: free }
    }

    fn group(count: u128, cpu: u128, mebibytes: u128) -> Group {
        Group {
            count,
            each: Amounts::pod(cpu, mebibytes),
            apart: false,
            allowed: vec![Allowed::Yes],
        }
    }

    fn lack(nodes: &[Nodes], groups: &[Group]) -> Option<Lack> {
        shortage(nodes, groups).map(|shortage| shortage.lack)
    }

    #[test]
    fn sums_see_what_is_requested_together() {
        let two = [nodes(2, 1900, 1436)];
        assert_eq!(lack(&two, &[group(2, 1500, 512)]), None);
        let sum = Lack::Sum { measure: Measure::Cpu, requested: 4000, free: 3800 };
        assert_eq!(lack(&two, &[group(8, 500, 10)]), Some(sum));
        let sum = Lack::Sum { measure: Measure::Pods, requested: 221, free: 220 };
        assert_eq!(lack(&two, &[group(221, 0, 0)]), Some(sum));
    }

    #[test]
    fn large_pods_are_counted() {
        let two = [nodes(2, 1900, 1436)];
        let lacking = |pods, places, each| Some(Lack::Places { pods, places, each });
        let each = Some((Measure::Cpu, 1200));
        assert_eq!(lack(&two, &[group(3, 1200, 10)]), lacking(3, 2, each));
        // Of several Deployments, too: the smallest of them decides.
        let three = [group(1, 1300, 1), group(1, 1250, 1), group(1, 1200, 1)];
        assert_eq!(lack(&two, &three), lacking(3, 2, each));
        let apart = Group { apart: true, ..group(3, 100, 10) };
        assert_eq!(lack(&two, &[apart]), lacking(3, 2, None));
    }

    #[test]
    fn pods_that_are_bound_to_few_nodes_are_added_up_there() {
        let pools = [nodes(5, 4000, 4096), nodes(1, 2000, 4096)];
        let bound = Group { allowed: vec![Allowed::No, Allowed::Yes], ..group(3, 900, 10) };
        let free = Group { allowed: vec![Allowed::Yes, Allowed::No], ..group(3, 900, 10) };
        let short = shortage(&pools, &[free, bound]).unwrap();
        assert_eq!((short.classes, short.groups), (vec![1], vec![1]));
    }

    #[test]
    fn nothing_is_said_between_the_proofs() {
        // 4 + 3 + 3 on both would do, but largest first puts both fours onto one.
        let tight = [nodes(2, 10, 100)];
        let groups = [group(2, 4, 1), group(4, 3, 1)];
        assert_eq!(lack(&tight, &groups), None);
        assert!(!is_placed(&tight, &groups));
        assert!(matches!(fit(&tight, &groups), Fit::Unknown(_)));
    }

    #[test]
    fn a_lost_node_is_of_the_class_that_hurts() {
        let pools = [nodes(3, 1900, 4096), nodes(1, 8000, 4096)];
        let both = vec![Allowed::Yes, Allowed::Yes];
        let groups = [Group { allowed: both, ..group(7, 1000, 10) }];
        assert_eq!(fit(&pools, &groups), Fit::Fits);
        let lost = shortage_with_one_lost(&pools, &groups, |_| true).unwrap();
        assert_eq!(lost.0, 1);
        assert_eq!(shortage_with_one_lost(&pools, &groups, |class| class == 0), None);
        assert_eq!(fit_with_one_lost(&pools, &groups, |class| class == 0), Fit::Fits);
    }

    fn any_amounts() -> impl Strategy<Value = Amounts> {
        (0..6_u128, 0..6_u128, 1..6_u128).prop_map(|(cpu, memory, pods)| Amounts {
            cpu,
            memory,
            pods,
        })
    }

    fn any_nodes() -> impl Strategy<Value = Nodes> {
        let taken = proptest::option::weighted(0.9, (any_amounts(), any_amounts()));
        (0..4_u128, taken).prop_map(|(count, taken)| Nodes {
            count,
            most: taken.map(|(most, _)| most),
            least: taken.map(|(most, taken)| most.less(Amounts { pods: 0, ..taken })),
        })
    }

    fn any_group(classes: usize) -> impl Strategy<Value = Group> {
        let allowed =
            prop_oneof![3 => Just(Allowed::Yes), 1 => Just(Allowed::No), 1 => Just(Allowed::Maybe)];
        let allowed = proptest::collection::vec(allowed, classes);
        (0..5_u128, 0..4_u128, 0..4_u128, any::<bool>(), allowed).prop_map(
            |(count, cpu, memory, apart, allowed)| Group {
                count,
                each: Amounts { cpu, memory, pods: 1 },
                apart,
                allowed,
            },
        )
    }

    fn any_cluster() -> impl Strategy<Value = (Vec<Nodes>, Vec<Group>)> {
        (1..4_usize).prop_flat_map(|classes| {
            let nodes = proptest::collection::vec(any_nodes(), classes);
            (nodes, proptest::collection::vec(any_group(classes), 0..5))
        })
    }

    /// Whether a placement exists, by trying all: pod by pod, each node in turn.
    fn exists(nodes: &mut [(usize, Amounts, Vec<usize>)], pods: &[(usize, &Group)]) -> bool {
        let Some(((number, group), rest)) = pods.split_first() else { return true };
        (0..nodes.len()).any(|at| {
            let (class, free, there) = nodes[at].clone();
            let apart = group.apart && there.contains(number);
            if group.allowed[class] != Allowed::Yes || apart || !group.each.is_within(free) {
                return false;
            }
            nodes[at].1 = free.less(group.each);
            nodes[at].2.push(*number);
            let found = exists(nodes, rest);
            nodes[at] = (class, free, there);
            found
        })
    }

    fn refuted(nodes: &[Nodes], groups: &[Group]) -> bool {
        matches!(fit(nodes, groups), Fit::DoesNotFit(_))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_proofs_never_contradict_each_other((nodes, groups) in any_cluster()) {
            prop_assert!(shortage(&nodes, &groups).is_none() || !is_placed(&nodes, &groups));
        }

        #[test]
        fn the_proofs_agree_with_trying_all((nodes, groups) in any_cluster()) {
            let pods: Vec<(usize, &Group)> = groups
                .iter()
                .enumerate()
                .flat_map(|(number, group)| (0..group.count).map(move |_| (number, group)))
                .take(7)
                .collect();
            prop_assume!(pods.len() as u128 == groups.iter().map(|group| group.count).sum::<u128>());
            let mut each = Vec::new();
            for (class, nodes) in nodes.iter().enumerate() {
                for _ in 0..nodes.count {
                    each.extend(nodes.least.map(|free| (class, free, Vec::new())));
                }
            }
            let placed = exists(&mut each, &pods);
            prop_assert!(placed || !is_placed(&nodes, &groups));
            prop_assert!(!placed || shortage(&nodes, &groups).is_none());
        }

        #[test]
        fn a_node_more_never_breaks_what_fits((nodes, groups) in any_cluster(), class in 0..4_usize) {
            let mut more = nodes.clone();
            if let Some(class) = more.get_mut(class) {
                class.count += 1;
            }
            prop_assert!(refuted(&nodes, &groups) || !refuted(&more, &groups));
        }

        #[test]
        fn a_pod_less_never_breaks_what_fits((nodes, groups) in any_cluster(), group in 0..5_usize) {
            let mut less = groups.clone();
            if let Some(group) = less.get_mut(group) {
                group.count = group.count.saturating_sub(1);
            }
            prop_assert!(refuted(&nodes, &groups) || !refuted(&nodes, &less));
        }

        #[test]
        fn what_is_not_known_refutes_nothing((nodes, groups) in any_cluster(), class in 0..4_usize) {
            let unknown = Nodes { count: 1, most: None, least: None };
            let mut less = nodes.clone();
            if let Some(class) = less.get_mut(class) {
                *class = Nodes { count: class.count, ..unknown.clone() };
            }
            prop_assert!(refuted(&nodes, &groups) || !refuted(&less, &groups));
            let nothing: Vec<Nodes> = nodes.iter().map(|_| unknown.clone()).collect();
            let somewhere: Vec<Group> = groups
                .into_iter()
                .filter(|group| group.allowed.iter().any(|allowed| *allowed != Allowed::No))
                .collect();
            prop_assert!(!refuted(&nothing, &somewhere));
        }

        #[test]
        fn what_fits_with_a_node_lost_fits((nodes, groups) in any_cluster()) {
            let lost = fit_with_one_lost(&nodes, &groups, |_| true);
            prop_assume!(nodes.iter().any(|nodes| nodes.count > 0));
            prop_assert!(lost != Fit::Fits || !refuted(&nodes, &groups));
            let proof = shortage_with_one_lost(&nodes, &groups, |_| true);
            prop_assert_eq!(matches!(lost, Fit::DoesNotFit(_)), proof.is_some());
        }
    }
}
