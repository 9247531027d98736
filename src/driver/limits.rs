//! What LimitRanges and ResourceQuotas do to what a program makes.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::finals::{self, Object, Trees, Value, is_of_kind, on_each, with_charts};
use super::theorems::Places;
use crate::backend;
use crate::diag::Diagnostic;
use crate::eval::{Fits, Origin};
use crate::limits::{self, Around, Scene};
use crate::model::{Model, Namespace, ResourceId};
use crate::prove::capacity;

/// Keys of quotas that theorems hold against the pods of the program, those that operators make among them.
const PROVED: [&str; 6] =
    ["cpu", "requests.cpu", "memory", "requests.memory", "pods", "count/pods"];

/// What must be judged: the objects of namespaces with bounds.
pub(super) struct Matter {
    objects: Vec<Object>,
    /// Namespaces to which charts may bring bounds of their own.
    more: BTreeSet<String>,
}

/// Nothing where theorems say all that there is to say.
pub(super) fn matter(model: &Model<'_>) -> Option<Matter> {
    let written = model.manifests.iter().any(|it| is_of_kind(&it.value, &is_bound));
    let has_quota = model.namespaces.iter().any(|it| it.value.quota.is_some());
    let is_needed = written
        || model.namespaces.iter().any(|it| needs_judge(&it.value))
        || (has_quota && !model.manifests.is_empty());
    is_needed.then(|| Matter { objects: objects(model), more: with_charts(model) })
}

/// Whether its bounds say more than what pods request together.
fn needs_judge(namespace: &Namespace<'_>) -> bool {
    namespace.limits.is_some()
        || namespace.quota.as_ref().is_some_and(|it| {
            it.cpu_limits.is_some()
                || it.memory_limits.is_some()
                || it.storage.is_some()
                || it.services.is_some()
                || it.secrets.is_some()
                || it.config_maps.is_some()
                || it.persistent_volume_claims.is_some()
                || !it.other.is_empty()
        })
}

fn is_bound(kind: &str) -> bool {
    matches!(kind, "ResourceQuota" | "LimitRange")
}

/// The objects of the program in namespaces with bounds.
fn objects(model: &Model<'_>) -> Vec<Object> {
    let is_inside = |root: &Value<Origin>| namespace_of(root).is_some();
    let mut objects = finals::objects(model, &backend::lower(model), &is_inside);
    let bounds = objects.iter().filter(|it| it.root.word("kind").is_some_and(is_bound));
    let bounded: BTreeSet<String> =
        bounds.filter_map(|it| namespace_of(&it.root)).map(str::to_owned).collect();
    objects.retain(|it| namespace_of(&it.root).is_some_and(|it| bounded.contains(it)));
    objects
}

fn namespace_of(root: &Value<Origin>) -> Option<&str> {
    root.field("metadata")?.word("namespace")
}

fn scene(trees: &Trees, cluster: ResourceId) -> Scene {
    let mut scene = Scene::default();
    for tree in trees.on(cluster) {
        scene.take(tree, "default");
    }
    scene.settled()
}

/// What is found, each at its place.
pub(super) fn judge(matter: Matter, places: &mut Places<'_, '_>) -> Vec<Diagnostic> {
    let clusters = finals::clusters(&matter.objects);
    let trees = Trees::new(matter.objects, places, |_, _| ());
    let around = Around {
        is_whole: &|namespace| !matter.more.contains(namespace),
        elsewhere: &|key| PROVED.contains(&key),
    };
    on_each(clusters, |cluster| limits::judge(&scene(&trees, cluster.id), &around))
}

/// Answers tests that ask what fits.
#[derive(Debug)]
pub(super) struct Answers {
    fits: FxHashMap<(u32, u32), bool>,
}

impl Answers {
    /// Of all that the program writes.
    pub(super) fn new(model: &Model<'_>) -> Self {
        let trees = Trees::nowhere(objects(model));
        let around = Around { is_whole: &|_| true, elsewhere: &|_| false };
        let mut fits: FxHashMap<(u32, u32), bool> = FxHashMap::default();
        let mut scenes: FxHashMap<ResourceId, Scene> = FxHashMap::default();
        for it in &model.namespaces {
            for cluster in &it.targets {
                let scene = scenes.entry(cluster.id).or_insert_with(|| scene(&trees, cluster.id));
                let own = scene.only(it.value.name.value.as_str());
                let answer = !limits::judge(&own, &around).iter().any(limits::is_refusal);
                fits.insert((cluster.id.0, it.id.0), answer);
            }
        }
        for (cluster, namespace, answer) in capacity::fits(model) {
            fits.entry((cluster.0, namespace.0)).and_modify(|it| *it &= answer);
        }
        Self { fits }
    }
}

impl Fits for Answers {
    fn fits(&self, cluster: u32, namespace: u32) -> Option<bool> {
        self.fits.get(&(cluster, namespace)).copied()
    }
}
