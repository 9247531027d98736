//! Network policies that a program writes itself: what they do to what it declares.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::argo::{Value, Written, placed, value};
use super::theorems::Places;
use crate::backend;
use crate::diag::Diagnostic;
use crate::eval::Origin;
use crate::model::{Kind, Model, Ref, ResourceId};
use crate::network::{self, Around, Must, Policy};
use crate::prove::Place;
use crate::source::Span;

/// Kinds of objects that say who reaches whom.
const KINDS: [&str; 12] = [
    "NetworkPolicy",
    "CiliumNetworkPolicy",
    "CiliumClusterwideNetworkPolicy",
    "Namespace",
    "Pod",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "Job",
    "CronJob",
    "PodTemplate",
];

/// An object before it is known where it is written.
struct Object {
    resource: ResourceId,
    is_manifest: bool,
    clusters: Vec<Ref>,
    root: Value<Origin>,
}

/// What must be judged: all objects that take part, and what must be possible on each cluster.
pub(super) struct Matter {
    objects: Vec<Object>,
    must: FxHashMap<ResourceId, Vec<network::Declared>>,
    closed: FxHashSet<String>,
    more: BTreeSet<String>,
}

/// Nothing where the program writes no policy itself: what is made is right, which the tests hold it to.
pub(super) fn matter(model: &Model<'_>) -> Option<Matter> {
    if !model.manifests.iter().any(|it| is_policy(&it.value)) {
        return None;
    }
    let by_address: FxHashMap<String, (ResourceId, Kind)> =
        model.resources().into_iter().map(|it| (it.address, (it.id, it.kind))).collect();
    let mut objects = Vec::new();
    for output in backend::lower(model).iter().map(|job| job()) {
        let Some(&(resource, kind)) = by_address.get(output.document.address.as_ref()) else {
            continue;
        };
        for manifest in &output.document.manifests {
            let root = value(&manifest.root);
            if root.word("kind").is_some_and(|it| KINDS.contains(&it)) {
                let clusters = output.clusters.clone();
                objects.push(Object {
                    resource,
                    is_manifest: kind == Kind::Manifest,
                    clusters,
                    root,
                });
            }
        }
    }
    let mut clusters: Vec<Ref> = objects.iter().flat_map(|it| it.clusters.clone()).collect();
    clusters.sort_by_key(|it| it.id);
    clusters.dedup_by_key(|it| it.id);
    let must = clusters.into_iter().map(|it| (it.id, network::declared(model, it))).collect();
    let closed = model
        .namespaces
        .iter()
        .filter(|it| it.value.network.value.as_str() == "deny-by-default")
        .map(|it| it.name.value.to_string())
        .collect();
    let charts = model.addons.iter().map(|it| it.value.namespace.value.name);
    let watched = model.monitorings.iter().map(|it| it.value.namespace.value.name);
    let more = charts.chain(watched).map(|it| it.to_string()).collect();
    Some(Matter { objects, must, closed, more })
}

fn is_policy(manifest: &crate::model::Manifest<'_>) -> bool {
    match manifest.object {
        Some(path) => path.as_str().ends_with("NetworkPolicy"),
        None => manifest.body.iter().any(|(key, value)| {
            key.as_str() == "kind"
                && matches!(value, crate::model::Tree::Text(it) if it.value.ends_with("NetworkPolicy"))
        }),
    }
}

/// What is found, each at its place.
pub(super) fn judge(matter: Matter, places: &mut Places<'_, '_>) -> Vec<Diagnostic> {
    let mut trees: Vec<(Vec<Ref>, Written)> = Vec::new();
    let mut spans: FxHashSet<Span> = FxHashSet::default();
    for object in matter.objects {
        let resource = object.resource;
        let Some(name) = places.span(&Place::name(resource)) else { continue };
        let mut at = |origin: Origin| places.span(&Place::new(resource, origin)).unwrap_or(name);
        let tree = Written::new(Rc::new(placed(object.root, &mut at)), name);
        if object.is_manifest {
            spans.insert(crate::argocd::Tree::span(&tree));
            if let Some(spec) = crate::argocd::Tree::get(&tree, "spec") {
                spans.insert(crate::argocd::Tree::span(&spec));
            }
        }
        trees.push((object.clusters, tree));
    }
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut clusters: Vec<ResourceId> = matter.must.keys().copied().collect();
    clusters.sort_unstable();
    for cluster in clusters {
        let here = trees.iter().filter(|(on, _)| on.iter().any(|it| it.id == cluster));
        let scene = network::read(here.map(|(_, tree)| tree));
        let must: Vec<Must> = matter
            .must
            .get(&cluster)
            .into_iter()
            .flatten()
            .filter_map(|it| {
                let at = places.span(&Place::new(it.by, it.origin))?;
                Some(Must { from: it.from.clone(), to: it.to.clone(), ports: it.ports.clone(), at })
            })
            .collect();
        let around = Around {
            is_whole: true,
            more: &matter.more,
            must: &must,
            is_written: &|policy: &Policy| spans.contains(&policy.at),
            is_closed: &|namespace| matter.closed.contains(namespace),
        };
        for new in network::judge(&scene, &around) {
            if !found.contains(&new) {
                found.push(new);
            }
        }
    }
    found
}
