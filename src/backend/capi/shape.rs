//! Which clusters share a ClusterClass, and what it is called.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::infrastructure::{self, Infrastructure};
use super::size::Size;
use super::{digest, node_settings};
use crate::model::{Cluster, MachineSource, Model, Os, Provider, Resource, ResourceId};
use crate::source::Sym;

/// Where a cluster's machines come from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Home<'a> {
    /// The provider.
    pub(super) provider: &'a Provider<'a>,
    /// The resource that describes it, if it is one of its own.
    pub(super) resource: Option<&'a Resource<'a, Provider<'a>>>,
}

impl<'a> Home<'a> {
    /// What the provider brings.
    pub(super) fn infrastructure(self) -> Box<dyn Infrastructure<'a> + 'a> {
        infrastructure::of(self.provider)
    }

    /// What classes are called after: the provider's name, or what it is.
    fn name(self) -> String {
        match self.resource {
            Some(resource) => digest::kebab(resource.name.value.as_str()),
            None => digest::kebab(self.provider.schema()),
        }
    }
}

/// Clusters that share a ClusterClass: all that their templates hold is the same.
#[derive(Clone, Debug)]
pub(super) struct Shape<'a> {
    /// The name of the class.
    pub(super) name: String,
    /// Where their machines come from.
    pub(super) home: Home<'a>,
    /// The clusters; the scalars of the first stand in the templates.
    pub(super) clusters: Vec<&'a Resource<'a, Cluster<'a>>>,
    /// Whether a cluster gives nodes labels that the kubelet sets.
    pub(super) labels: bool,
    /// Whether a cluster gives nodes taints.
    pub(super) taints: bool,
}

impl<'a> Shape<'a> {
    /// The cluster whose scalars stand in the templates.
    pub(super) fn first(&self) -> Option<&'a Resource<'a, Cluster<'a>>> {
        self.clusters.first().copied()
    }
}

/// What a class is called after: its preset, its provider, and the cluster where a cluster has a class of its own.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
struct Name {
    base: Option<&'static str>,
    provider: Option<String>,
    own: Option<&'static str>,
}

/// All that templates of a cluster hold, but for what is the same for every cluster of a provider.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Content<'a> {
    control_plane: Size<'a>,
    /// By name, so that the order in which a program writes pools makes no other class.
    pools: Vec<(&'static str, Size<'a>)>,
    /// Texts of the operating system's settings.
    commands: Vec<&'a str>,
    reserved: [i64; 4],
}

impl<'a> Content<'a> {
    fn of(cluster: &Cluster<'a>) -> Self {
        let mut pools: Vec<_> = cluster
            .workers
            .iter()
            .map(|(name, pool)| (name.as_str(), Size::of(&pool.machine)))
            .collect();
        pools.sort_unstable_by_key(|(name, _)| *name);
        let commands = match &cluster.os {
            Os::Kubeadm(kubeadm) => {
                let before = kubeadm.before.iter().map(|it| it.value);
                // What runs before and after is told apart by what no command is.
                before.chain([""]).chain(kubeadm.after.iter().map(|it| it.value)).collect()
            }
            Os::Talos(_) => Vec::new(),
        };
        let reserved = &cluster.reserved;
        Self {
            control_plane: Size::of(&cluster.control_plane.machine),
            pools,
            commands,
            reserved: [
                reserved.cpu.value.amount,
                reserved.memory.value.amount,
                reserved.eviction.value.amount,
                reserved.pods.value,
            ],
        }
    }
}

/// Where the machines of a cluster come from; none of a provider that is `external`.
pub(super) fn home<'a>(
    cluster: &'a Cluster<'a>,
    providers: &FxHashMap<ResourceId, &'a Resource<'a, Provider<'a>>>,
) -> Option<Home<'a>> {
    match &cluster.provider {
        MachineSource::InPlace(provider) => Some(Home { provider, resource: None }),
        MachineSource::Named(name) => {
            let resource = *providers.get(&name.value.id)?;
            Some(Home { provider: &resource.value, resource: Some(resource) })
        }
    }
}

/// The clusters that have a ClusterClass, by class, in the order of the first cluster of each.
///
/// Clusters of one preset and provider share a class. One that says itself how large its machines are, that has a provider in place or
/// no preset, or that Talos runs on, has a class of its own, which carries its name: no other cluster can ever move into it.
/// Where clusters of one preset still differ (a preset that looks at the environment), a digest of what they hold tells them apart.
pub(super) fn group<'a>(
    model: &'a Model<'a>,
    providers: &FxHashMap<ResourceId, &'a Resource<'a, Provider<'a>>>,
) -> Vec<Shape<'a>> {
    let mut places: FxHashMap<(Name, Content<'a>), usize> = FxHashMap::default();
    let mut shapes: Vec<(Name, Content<'a>, Shape<'a>)> = Vec::new();
    for cluster in &model.clusters {
        if !has_class(&cluster.value) {
            continue;
        }
        let Some(home) = home(&cluster.value, providers) else { continue };
        let is_own = cluster.base.is_none()
            || home.resource.is_none()
            || matches!(cluster.value.os, Os::Talos(_))
            || model.tailored.contains(&cluster.id);
        let name = Name {
            base: cluster.base.map(Sym::as_str),
            provider: home.resource.map(|it| it.address().to_string()),
            own: is_own.then(|| cluster.name.value.as_str()),
        };
        let content = Content::of(&cluster.value);
        let (labels, taints) = match cluster.value.os {
            Os::Kubeadm(_) => node_settings::used(&cluster.value),
            Os::Talos(_) => (false, false),
        };
        let place = *places.entry((name.clone(), content.clone())).or_insert(shapes.len());
        match shapes.get_mut(place) {
            Some((_, _, shape)) => {
                shape.clusters.push(cluster);
                shape.labels |= labels;
                shape.taints |= taints;
            }
            None => {
                let clusters = vec![cluster];
                let shape = Shape { name: String::new(), home, clusters, labels, taints };
                shapes.push((name, content, shape));
            }
        }
    }
    named(shapes)
}

/// Whether a cluster has a ClusterClass.
pub(super) const fn has_class(cluster: &Cluster<'_>) -> bool {
    match &cluster.os {
        Os::Kubeadm(_) => true,
        Os::Talos(talos) => talos.cluster_class.value,
    }
}

/// Gives every class its name.
fn named<'a>(shapes: Vec<(Name, Content<'a>, Shape<'a>)>) -> Vec<Shape<'a>> {
    let plain = |name: &Name, shape: &Shape<'a>| {
        let parts =
            [name.base.map(digest::kebab), Some(shape.home.name()), name.own.map(Into::into)];
        parts.into_iter().flatten().collect::<Vec<String>>().join("-")
    };
    let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
    for (name, _, shape) in &shapes {
        *wanted.entry(plain(name, shape)).or_default() += 1;
    }
    shapes
        .into_iter()
        .map(|(name, content, mut shape)| {
            let plain = plain(&name, &shape);
            let is_taken = wanted.get(&plain).is_some_and(|count| *count > 1);
            shape.name = digest::class(&plain, is_taken.then(|| format!("{name:?}{content:?}")));
            shape
        })
        .collect()
}
