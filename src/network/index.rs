//! What stands on which cluster: looked up once, since programs have thousands of both.

use rustc_hash::FxHashMap;

use crate::model::{
    Addon, Backup, Cluster, Database, ExternalAddon, ExternalMonitoring, Job, Model, Monitoring,
    Namespace, Ref, Resource, ResourceId, Workload,
};

/// Resources by their clusters.
type On<'m, 'a, T> = FxHashMap<ResourceId, Vec<&'m Resource<'a, T>>>;

/// Every resource that network policies depend on.
pub struct Index<'m, 'a> {
    pub(super) model: &'m Model<'a>,
    pub(super) clusters: FxHashMap<ResourceId, &'m Cluster<'a>>,
    pub(super) workloads: On<'m, 'a, Workload<'a>>,
    pub(super) jobs: On<'m, 'a, Job<'a>>,
    pub(super) databases: On<'m, 'a, Database<'a>>,
    pub(super) backups: On<'m, 'a, Backup<'a>>,
    pub(super) addons: On<'m, 'a, Addon<'a>>,
    pub(super) external_addons: On<'m, 'a, ExternalAddon<'a>>,
    pub(super) monitorings: On<'m, 'a, Monitoring<'a>>,
    pub(super) external_monitorings: On<'m, 'a, ExternalMonitoring<'a>>,
    pub(super) namespaces: On<'m, 'a, Namespace<'a>>,
}

impl<'m, 'a> Index<'m, 'a> {
    /// That of a model.
    pub fn new(model: &'m Model<'a>) -> Self {
        Self {
            model,
            clusters: model.clusters.iter().map(|it| (it.id, &it.value)).collect(),
            workloads: by_cluster(&model.workloads),
            jobs: by_cluster(&model.jobs),
            databases: by_cluster(&model.databases),
            backups: by_cluster(&model.backups),
            addons: by_cluster(&model.addons),
            external_addons: by_cluster(&model.external_addons),
            monitorings: by_cluster(&model.monitorings),
            external_monitorings: by_cluster(&model.external_monitorings),
            namespaces: by_cluster(&model.namespaces),
        }
    }
}

fn by_cluster<'m, 'a, T>(all: &'m [Resource<'a, T>]) -> On<'m, 'a, T> {
    let mut on: On<'m, 'a, T> = FxHashMap::default();
    for it in all {
        for target in &it.targets {
            on.entry(target.id).or_default().push(it);
        }
    }
    on
}

/// Those of a cluster.
pub(super) fn here<'i, 'm, 'a, T>(
    on: &'i On<'m, 'a, T>,
    cluster: Ref,
) -> impl Iterator<Item = &'m Resource<'a, T>> + use<'i, 'm, 'a, T> {
    on.get(&cluster.id).into_iter().flatten().copied()
}
