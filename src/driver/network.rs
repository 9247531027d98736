//! What network policies do to what a program declares: those that it writes itself are judged, and tests may ask of all of them.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::argo::{Value, Written, placed, value};
use super::theorems::Places;
use crate::backend;
use crate::diag::Diagnostic;
use crate::eval::{Origin, Reach, Reached};
use crate::model::{Database, Kind, Model, Ref, ResourceId};
use crate::network::{
    self, Around, End, Entity, Must, Outside, Pod, Policy, Protocol, Relation, Scene,
};
use crate::prove::Place;
use crate::source::{FileId, Span, Sym};

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
    let objects = objects(model);
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

/// The objects of the program that take part.
fn objects(model: &Model<'_>) -> Vec<Object> {
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
    objects
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

/// The servers of a database, as policies see them: an operator makes them.
fn servers(it: &Database<'_>) -> Vec<Pod> {
    let namespace = it.namespace.value.name.to_string();
    network::labels_of_database(it)
        .into_iter()
        .map(|(key, value)| Pod {
            namespace: namespace.clone(),
            labels: [(key, value)].into_iter().collect(),
            ports: Vec::new(),
            on_host: false,
        })
        .collect()
}

/// The port of a database.
const POSTGRES: u16 = 5432;

/// An address that lies outside of every cluster: it is kept for examples.
const OUTSIDE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1));

/// A cluster, and whose its pods are.
#[derive(Debug)]
struct Ground {
    scene: Scene,
    owners: Vec<u32>,
}

/// Something outside.
#[derive(Debug)]
struct Outer {
    host: Option<String>,
    address: IpAddr,
}

/// Answers tests that ask who reaches whom.
#[derive(Debug)]
pub(super) struct Answers {
    clusters: FxHashMap<u32, Ground>,
    outside: FxHashMap<u32, Outer>,
    names: FxHashMap<u32, Sym>,
}

impl Answers {
    /// Of all that the program writes.
    pub(super) fn new(model: &Model<'_>) -> Self {
        let nowhere = Span::new(FileId(0), 0, 0);
        let mut clusters: FxHashMap<u32, Ground> = FxHashMap::default();
        let mut names: FxHashMap<u32, Sym> = FxHashMap::default();
        for it in model.resources() {
            names.insert(it.id.0, it.name);
        }
        let place = |clusters: &mut FxHashMap<u32, Ground>,
                     cluster: &Ref,
                     id: u32,
                     take: &dyn Fn(&mut Scene)| {
            let here = clusters
                .entry(cluster.id.0)
                .or_insert_with(|| Ground { scene: Scene::default(), owners: Vec::new() });
            take(&mut here.scene);
            here.owners.resize(here.scene.world.pods.len(), id);
        };
        for object in objects(model) {
            let tree = Written::new(Rc::new(placed(object.root, &mut |_| nowhere)), nowhere);
            for cluster in &object.clusters {
                place(&mut clusters, cluster, object.resource.0, &|scene| scene.take(&tree));
            }
        }
        for it in &model.databases {
            for cluster in &it.targets {
                for pod in servers(&it.value) {
                    let name = it.name.value.to_string();
                    place(&mut clusters, cluster, it.id.0, &|scene| {
                        scene.take_pods(name.clone(), nowhere, pod.clone());
                    });
                }
            }
        }
        let outside = model.external_services.iter().map(|it| {
            let address = it.value.addresses.first().and_then(|it| it.value.split('/').next());
            let outer = Outer {
                host: it.value.host.map(|it| it.value.to_owned()),
                address: address.and_then(|it| it.parse().ok()).unwrap_or(OUTSIDE),
            };
            (it.id.0, outer)
        });
        Self { clusters, outside: outside.collect(), names }
    }

    /// The ends that a question means.
    fn ends<'e>(&'e self, here: &Ground, block: u32) -> Vec<End<'e>> {
        if let Some(it) = self.outside.get(&block) {
            return vec![End::Outside(Outside {
                entity: Entity::World,
                address: Some(it.address),
                host: it.host.as_deref(),
            })];
        }
        let owners = here.owners.iter().enumerate();
        owners.filter(|(_, owner)| **owner == block).map(|(pod, _)| End::Pod(pod)).collect()
    }
}

fn port_of(to: Reached<'_>) -> (Protocol, u16) {
    let port = to.port.and_then(|(protocol, port)| Some((Protocol::of(protocol)?, port)));
    port.unwrap_or((Protocol::Tcp, POSTGRES))
}

impl Reach for Answers {
    fn reaches(&self, cluster: u32, from: u32, to: Reached<'_>) -> Option<bool> {
        let here = self.clusters.get(&cluster)?;
        let (from, ends) = (self.ends(here, from), self.ends(here, to.block));
        if from.is_empty() || ends.is_empty() {
            return None;
        }
        let relation = Relation::new(&here.scene.world);
        let (protocol, port) = port_of(to);
        Some(
            from.iter()
                .any(|from| ends.iter().any(|to| relation.allows(*from, *to, protocol, port))),
        )
    }

    fn callers(&self, cluster: u32, to: Reached<'_>) -> Vec<u32> {
        let Some(here) = self.clusters.get(&cluster) else { return Vec::new() };
        let relation = Relation::new(&here.scene.world);
        let (protocol, port) = port_of(to);
        let ends = self.ends(here, to.block);
        let mut found: Vec<u32> = Vec::new();
        for (pod, owner) in here.owners.iter().enumerate() {
            let is_new = *owner != to.block && !found.contains(owner);
            if is_new && ends.iter().any(|end| relation.allows(End::Pod(pod), *end, protocol, port))
            {
                found.push(*owner);
            }
        }
        found.sort_by_key(|it| self.names.get(it).map(|it| it.as_str()));
        found
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
