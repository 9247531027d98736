//! Capacity as plain data, to be printed.

use std::collections::BTreeMap;

use super::amounts::Amounts;
use super::cluster::{Capacity, ClusterCapacity};
use super::fit::Fit;
use super::machine::Unknown;
use super::node::Taken;
use crate::model::{Model, Ref};

/// What a cluster has, and whether what the program puts there fits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClusterRow {
    /// The cluster.
    pub cluster: String,
    /// Its nodes: the control plane, then the pools.
    pub nodes: Vec<NodeRow>,
    /// How many pods run all the time, but for those that run on every node.
    pub pods: u128,
    /// What these request together, at least.
    pub requested: Amounts,
    /// Whether they fit.
    pub fits: Answer,
    /// Whether they fit with a node lost, whichever that is.
    pub fits_with_a_node_lost: Answer,
}

/// Nodes of a cluster that are alike.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NodeRow {
    /// `control-plane`, `workers.general`.
    pub nodes: String,
    /// The smallest number of them.
    pub least: u128,
    /// The largest.
    pub most: u128,
    /// What nodes keep for themselves; `pods` is how many they take.
    pub reserved: Amounts,
    /// What runs on each.
    pub taken: Vec<Taken>,
    /// Its size, where that is known.
    pub size: Result<NodeSize, Unknown>,
}

/// What each of the nodes has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NodeSize {
    /// What the machine has; `pods` is how many it takes.
    pub raw: Amounts,
    /// What the scheduler may give away.
    pub allocatable: Amounts,
    /// What of it is left beside the pods that run on every node.
    pub free: Amounts,
}

/// Yes, no, or why neither was proved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It was proved to be so.
    Yes,
    /// It was proved not to be so.
    No,
    /// Neither, and why.
    Unknown(String),
}

impl<S> From<Fit<S>> for Answer {
    fn from(fit: Fit<S>) -> Self {
        match fit {
            Fit::Fits => Self::Yes,
            Fit::DoesNotFit(_) => Self::No,
            Fit::Unknown(why) => Self::Unknown(why),
        }
    }
}

/// The capacity of every cluster that a program makes.
pub fn table(model: &Model<'_>) -> Vec<ClusterRow> {
    Capacity::of(model).clusters.iter().map(row).collect()
}

fn row(cluster: &ClusterCapacity<'_>) -> ClusterRow {
    let nodes = cluster.classes.iter().map(|class| NodeRow {
        nodes: class.role.to_string(),
        least: class.least,
        most: class.most,
        reserved: class.reserved,
        taken: class.taken.clone(),
        size: class.raw.clone().and_then(|raw| {
            let raw = Amounts { cpu: raw.cpu, memory: raw.memory, pods: class.reserved.pods };
            Ok(NodeSize { raw, allocatable: class.allocatable()?, free: class.free()? })
        }),
    });
    let requested = cluster.standing.iter().map(|pods| pods.each.times(pods.count));
    ClusterRow {
        cluster: cluster.name.to_string(),
        nodes: nodes.collect(),
        pods: cluster.standing.iter().map(|pods| pods.count).sum(),
        requested: requested.fold(Amounts::NONE, Amounts::plus),
        fits: cluster.fits().into(),
        fits_with_a_node_lost: cluster.fits_with_a_node_lost().into(),
    }
}

/// Clusters with pods or quotas, of which nothing says whether they fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unmeasured {
    /// The clusters, by name.
    pub clusters: Vec<String>,
    /// Why.
    pub why: String,
}

/// Where a program has pods or quotas, and the size of nodes is not known.
pub fn unmeasured(model: &Model<'_>) -> Vec<Unmeasured> {
    let capacity = Capacity::of(model);
    let quotas = model.namespaces.iter().filter(|namespace| {
        let quota = namespace.value.quota.as_ref();
        quota.is_some_and(|it| it.cpu.is_some() || it.memory.is_some() || it.pods.is_some())
    });
    let quotas = quotas.flat_map(|namespace| &namespace.targets);
    let pods = capacity.pods.iter().flat_map(|pods| pods.targets);
    let mut needed: Vec<Ref> = quotas.chain(pods).copied().collect();
    needed.sort_unstable_by_key(|cluster| (cluster.name.as_str(), cluster.id));
    needed.dedup();
    let mut reasons: BTreeMap<Unknown, Vec<String>> = BTreeMap::new();
    for cluster in needed {
        let known = capacity.clusters.iter().find(|it| it.id == cluster.id);
        if let Some(why) = known.map_or(Some(Unknown::External), ClusterCapacity::unknown) {
            reasons.entry(why).or_default().push(cluster.name.to_string());
        }
    }
    let unmeasured =
        |(why, clusters): (Unknown, Vec<String>)| Unmeasured { clusters, why: why.to_string() };
    reasons.into_iter().map(unmeasured).collect()
}

/// `a`, `a and b`, `a, b and 3 more`.
pub(super) fn several(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
    }
}
