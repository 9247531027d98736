//! What LimitRanges and ResourceQuotas do to what a program makes.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::argo::{Value, Written, placed, value};
use super::theorems::Places;
use crate::backend;
use crate::diag::Diagnostic;
use crate::eval::{Fits, Origin};
use crate::limits::{self, Around, Scene};
use crate::model::{Kind, Manifest, Model, Namespace, Ref, ResourceId, Tree};
use crate::prove::{Place, capacity};
use crate::source::{FileId, Span};

/// Keys of quotas that theorems hold against the pods of the program, those that operators make among them.
const PROVED: [&str; 6] =
    ["cpu", "requests.cpu", "memory", "requests.memory", "pods", "count/pods"];

/// An object before it is known where it is written.
struct Object {
    resource: ResourceId,
    clusters: Vec<Ref>,
    root: Value<Origin>,
}

/// What must be judged: the objects of namespaces with bounds.
pub(super) struct Matter {
    objects: Vec<Object>,
    /// Namespaces to which charts may bring bounds of their own.
    more: BTreeSet<String>,
}

/// Nothing where theorems say all that there is to say.
pub(super) fn matter(model: &Model<'_>) -> Option<Matter> {
    let written = model.manifests.iter().any(|it| is_bound(&it.value));
    let has_quota = model.namespaces.iter().any(|it| it.value.quota.is_some());
    let is_needed = written
        || model.namespaces.iter().any(|it| needs_judge(&it.value))
        || (has_quota && !model.manifests.is_empty());
    is_needed.then(|| {
        let charts = model.addons.iter().map(|it| it.value.namespace.value.name);
        let watched = model.monitorings.iter().map(|it| it.value.namespace.value.name);
        let more = charts.chain(watched).map(|it| it.to_string()).collect();
        Matter { objects: objects(model), more }
    })
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

fn is_bound(manifest: &Manifest<'_>) -> bool {
    match manifest.object {
        Some(path) => matches!(path.as_str(), "k8s.core.v1.ResourceQuota" | "k8s.core.v1.LimitRange"),
        None => manifest.body.iter().any(|(key, value)| {
            key.as_str() == "kind"
                && matches!(value, Tree::Text(it) if matches!(it.value, "ResourceQuota" | "LimitRange"))
        }),
    }
}

/// The objects of the program in namespaces with bounds.
fn objects(model: &Model<'_>) -> Vec<Object> {
    let by_address: FxHashMap<String, (ResourceId, Kind)> =
        model.resources().into_iter().map(|it| (it.address, (it.id, it.kind))).collect();
    let mut objects = Vec::new();
    let mut bounded: BTreeSet<String> = BTreeSet::new();
    for output in backend::lower(model).iter().map(|job| job()) {
        let Some(&(resource, _)) = by_address.get(output.document.address.as_ref()) else {
            continue;
        };
        for manifest in &output.document.manifests {
            let root = value(&manifest.root);
            let Some(namespace) = namespace_of(&root) else { continue };
            if matches!(root.word("kind"), Some("ResourceQuota" | "LimitRange")) {
                bounded.insert(namespace.to_owned());
            }
            objects.push(Object { resource, clusters: output.clusters.clone(), root });
        }
    }
    objects.retain(|it| namespace_of(&it.root).is_some_and(|it| bounded.contains(it)));
    objects
}

fn namespace_of(root: &Value<Origin>) -> Option<&str> {
    let Value::Map(entries) = root else { return None };
    entries.iter().find(|(key, _)| key == "metadata")?.1.word("namespace")
}

/// The clusters of objects, by their ids.
fn clusters(objects: &[Object]) -> Vec<ResourceId> {
    let mut all: Vec<ResourceId> =
        objects.iter().flat_map(|it| it.clusters.iter().map(|it| it.id)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn scene(trees: &[(Vec<Ref>, Written)], cluster: ResourceId) -> Scene {
    let mut scene = Scene::default();
    for (on, tree) in trees {
        if on.iter().any(|it| it.id == cluster) {
            scene.take(tree, "default");
        }
    }
    scene.settled()
}

/// What is found, each at its place.
pub(super) fn judge(matter: Matter, places: &mut Places<'_, '_>) -> Vec<Diagnostic> {
    let clusters = clusters(&matter.objects);
    let mut trees: Vec<(Vec<Ref>, Written)> = Vec::new();
    for object in matter.objects {
        let resource = object.resource;
        let Some(name) = places.span(&Place::name(resource)) else { continue };
        let mut at = |origin: Origin| places.span(&Place::new(resource, origin)).unwrap_or(name);
        trees.push((object.clusters, Written::new(Rc::new(placed(object.root, &mut at)), name)));
    }
    let around = Around {
        is_whole: &|namespace| !matter.more.contains(namespace),
        elsewhere: &|key| PROVED.contains(&key),
    };
    let mut found: Vec<Diagnostic> = Vec::new();
    for cluster in clusters {
        for new in limits::judge(&scene(&trees, cluster), &around) {
            if !found.contains(&new) {
                found.push(new);
            }
        }
    }
    found
}

/// Answers tests that ask what fits.
#[derive(Debug)]
pub(super) struct Answers {
    fits: FxHashMap<(u32, u32), bool>,
}

impl Answers {
    /// Of all that the program writes.
    pub(super) fn new(model: &Model<'_>) -> Self {
        let nowhere = Span::new(FileId(0), 0, 0);
        let objects = objects(model);
        let trees: Vec<(Vec<Ref>, Written)> = objects
            .into_iter()
            .map(|it| {
                (it.clusters, Written::new(Rc::new(placed(it.root, &mut |_| nowhere)), nowhere))
            })
            .collect();
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
