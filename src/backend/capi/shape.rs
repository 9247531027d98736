//! What clusters of one ClusterClass have in common.

use rustc_hash::FxHashMap;

use super::node_settings;
use crate::backend::k8s::scaled_up;
use crate::model::{Cluster, Machine, MachineSource, Model, Provider, Resource, ResourceId};
use crate::source::Sym;

/// Everything of a cluster that its ClusterClass holds.
#[derive(Clone, Debug)]
pub(super) struct Shape<'a> {
    /// The provider.
    pub(super) provider: &'a Resource<'a, Provider<'a>>,
    /// The first cluster, by name: its scalars stand in the templates.
    pub(super) first: &'a Resource<'a, Cluster<'a>>,
    /// Whether a cluster may give nodes labels that the kubelet sets.
    pub(super) labels: bool,
    /// Whether a cluster may give nodes taints.
    pub(super) taints: bool,
}

/// What clusters of one shape agree on.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    base: Option<Sym>,
    provider: ResourceId,
    control_plane: Size,
    /// By name, so that the order in which a program writes pools makes no other class.
    pools: Vec<(Sym, Size)>,
    labels: bool,
    taints: bool,
}

/// A machine, as Proxmox counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Size {
    cpu: i64,
    mebibytes: i64,
    gibibytes: i64,
}

impl Size {
    fn of(machine: &Machine<'_>) -> Self {
        Self {
            cpu: machine.cpu.map_or(0, |it| it.value),
            mebibytes: mebibytes(machine),
            gibibytes: gibibytes(machine),
        }
    }
}

/// Memory in whole mebibytes, rounded up.
pub(super) const fn mebibytes(machine: &Machine<'_>) -> i64 {
    match machine.memory {
        Some(memory) => scaled_up(memory.value.amount, 1 << 20),
        None => 0,
    }
}

/// Disk in whole gibibytes, rounded up.
pub(super) const fn gibibytes(machine: &Machine<'_>) -> i64 {
    scaled_up(machine.disk.value.amount, 1 << 30)
}

/// The clusters by shape, in the order of the first cluster of each.
pub(super) fn group<'a>(
    model: &'a Model<'a>,
) -> Vec<(Shape<'a>, Vec<&'a Resource<'a, Cluster<'a>>>)> {
    let providers: FxHashMap<ResourceId, &Resource<'_, Provider<'_>>> =
        model.providers.iter().map(|provider| (provider.id, provider)).collect();
    let mut places: FxHashMap<Key, usize> = FxHashMap::default();
    let mut groups: Vec<(Shape<'a>, Vec<&'a Resource<'a, Cluster<'a>>>)> = Vec::new();
    for cluster in &model.clusters {
        let MachineSource::Named(provider) = &cluster.value.provider else { continue };
        let id = provider.value.id;
        let Some(&provider) = providers.get(&id) else { continue };
        let (labels, taints) = node_settings::used(&cluster.value);
        let mut pools: Vec<_> = cluster
            .value
            .workers
            .iter()
            .map(|(name, pool)| (*name, Size::of(&pool.machine)))
            .collect();
        pools.sort_by_key(|(name, _)| name.as_str());
        let key = Key {
            base: cluster.base,
            provider: id,
            control_plane: Size::of(&cluster.value.control_plane.machine),
            pools,
            labels,
            taints,
        };
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, clusters)) => clusters.push(cluster),
            None => {
                groups.push((Shape { provider, first: cluster, labels, taints }, vec![cluster]))
            }
        }
    }
    groups
}
