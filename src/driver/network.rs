//! What network policies do to what a program declares: those that it writes itself are judged, and tests may ask of all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

use rustc_hash::{FxHashMap, FxHashSet};

use super::finals::{self, Object, Trees, Value, Written, is_of_kind, on_each, with_charts};
use super::theorems::Places;
use crate::argocd::Tree as _;
use crate::backend;
use crate::diag::Diagnostic;
use crate::eval::{Origin, Reach, Reached};
use crate::kubernetes::pod_template;
use crate::model::{Database, Kind, Model, Ref, ResourceId};
use crate::network::{
    self, Around, End, Entity, Must, Outside, Picture, Pod, Policy, Ports, Protocol, Relation,
    Scene, Side, Spot,
};
use crate::prove::Place;
use crate::source::{FileId, Span, Sym};

/// What must be judged: all objects that take part, and what must be possible on each cluster.
pub(super) struct Matter {
    objects: Vec<Object>,
    must: BTreeMap<ResourceId, Vec<network::Declared>>,
    closed: FxHashSet<String>,
    more: BTreeSet<String>,
}

/// Nothing where the program writes no policy itself: what is made is right, which the tests hold it to.
pub(super) fn matter(model: &Model<'_>) -> Option<Matter> {
    let is_policy = |kind: &str| kind.ends_with("NetworkPolicy");
    if !model.manifests.iter().any(|it| is_of_kind(&it.value, &is_policy)) {
        return None;
    }
    let objects = objects(model);
    let index = network::Index::new(model);
    let clusters = finals::clusters(&objects).into_iter();
    let must = clusters.map(|it| (it.id, network::declared(&index, it))).collect();
    let closed = model
        .namespaces
        .iter()
        .filter(|it| it.value.network.value.as_str() == "deny-by-default")
        .map(|it| it.name.value.to_string())
        .collect();
    Some(Matter { objects, must, closed, more: with_charts(model) })
}

/// The objects of the program that take part: namespaces, pods and policies.
fn objects(model: &Model<'_>) -> Vec<Object> {
    let takes_part = |root: &Value<Origin>| {
        root.word("kind").is_some_and(|kind| {
            kind == "Namespace" || kind.ends_with("NetworkPolicy") || pod_template(kind).is_some()
        })
    };
    finals::objects(model, &backend::lower_pods(model), &takes_part)
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
            let tree = Written::nowhere(&object.root);
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

    /// Who reaches whom on a cluster, by its name; without one on the first that there is. The names of all clusters where it is not there.
    pub(super) fn picture(
        &self,
        model: &Model<'_>,
        wanted: Option<&str>,
    ) -> Result<Picture, Vec<String>> {
        let mut clusters: Vec<Ref> =
            model.resources().iter().flat_map(|it| it.targets.to_vec()).collect();
        clusters.sort_by_key(|it| it.name.as_str());
        clusters.dedup_by_key(|it| it.id);
        clusters.retain(|it| self.clusters.contains_key(&it.id.0));
        let cluster = match wanted {
            Some(name) => clusters.iter().find(|it| it.name.as_str() == name),
            // The first on which something runs.
            None => clusters
                .iter()
                .find(|it| {
                    self.clusters.get(&it.id.0).is_some_and(|it| !it.scene.world.pods.is_empty())
                })
                .or(clusters.first()),
        };
        let here = cluster.and_then(|it| Some((it, self.clusters.get(&it.id.0)?)));
        let Some((cluster, here)) = here else {
            return Err(clusters.iter().map(|it| it.name.to_string()).collect());
        };
        let mut reached: Vec<(Spot, Spot, String)> = Vec::new();
        let relation = Relation::new(&here.scene.world);
        let addresses: FxHashMap<u32, String> =
            model.resources().into_iter().map(|it| (it.id.0, it.address)).collect();
        let pods = &here.scene.world.pods;
        let spot = |pod: usize| -> Option<Spot> {
            let name = addresses.get(here.owners.get(pod)?)?.clone();
            Some(Spot { namespace: Some(pods.get(pod)?.namespace.clone()), name })
        };
        let loose = |name: &str| Spot { namespace: None, name: name.to_owned() };
        let around = [
            ("outside", Outside::address(OUTSIDE)),
            ("gateway", Outside::entity(Entity::Ingress)),
            ("API server", Outside::entity(Entity::ApiServer)),
        ];
        for (to, pod) in pods.iter().enumerate() {
            let Some(called) = spot(to) else { continue };
            let mut own = pod.ports.iter().fold(Ports::none(), |sum, (_, protocol, port)| {
                sum.and(&Ports::one(*protocol, *port))
            });
            if own.is_empty() && called.name.starts_with("database.") {
                own = Ports::one(Protocol::Tcp, POSTGRES);
            }
            let mut add = |from: Spot, ports: &Ports| {
                let ports = ports.common(&own);
                if from != called && !ports.is_empty() {
                    reached.push((from, called.clone(), ports.to_string()));
                }
            };
            if !relation.is_isolated(Side::Called, to) {
                add(loose("everybody"), &Ports::all());
                continue;
            }
            for from in (0..pods.len()).filter(|from| *from != to) {
                if let Some(caller) = spot(from) {
                    add(caller, &relation.ports(End::Pod(from), End::Pod(to)));
                }
            }
            for (name, outside) in around {
                add(loose(name), &relation.ports(End::Outside(outside), End::Pod(to)));
            }
        }
        for it in &model.external_services {
            let called = loose(&format!("service.{}", it.name.value));
            for from in 0..pods.len() {
                let Some(caller) = spot(from) else { continue };
                let own = it.value.port.iter().fold(Ports::none(), |sum, (_, port)| {
                    let number = u16::try_from(port.number.value).unwrap_or(u16::MAX);
                    let protocol = Protocol::of(port.protocol.value.as_str());
                    sum.and(&Ports::one(protocol.unwrap_or(Protocol::Tcp), number))
                });
                // Who may go anywhere says nothing of this service.
                if !relation.is_isolated(Side::Caller, from) {
                    continue;
                }
                for end in self.ends(here, it.id.0) {
                    let ports = relation.ports(End::Pod(from), end).common(&own);
                    if !ports.is_empty() {
                        reached.push((caller.clone(), called.clone(), ports.to_string()));
                    }
                }
            }
        }
        reached.sort();
        reached.dedup();
        let mut spots: Vec<Spot> = (0..pods.len()).filter_map(spot).collect();
        spots.extend(reached.iter().flat_map(|(from, to, _)| [from.clone(), to.clone()]));
        spots.sort();
        spots.dedup();
        let place = |spot: &Spot| spots.binary_search(spot).unwrap_or(0);
        let arrows =
            reached.iter().map(|(from, to, ports)| (place(from), place(to), ports.clone()));
        let arrows = arrows.collect();
        Ok(Picture { title: format!("who reaches whom on {}", cluster.name), spots, arrows })
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
    let mut written: FxHashSet<Span> = FxHashSet::default();
    let trees = Trees::new(matter.objects, places, |kind, tree| {
        if kind == Kind::Manifest {
            written.extend(tree.at(&["metadata", "name"]).map(|it| it.span()));
        }
    });
    on_each(&matter.must, |(cluster, declared)| {
        let scene = network::read(trees.on(*cluster));
        let must: Vec<Must> = declared
            .iter()
            .filter_map(|it| {
                let at = places.span(&Place::new(it.by, it.origin))?;
                Some(Must { from: it.from.clone(), to: it.to.clone(), ports: it.ports.clone(), at })
            })
            .collect();
        let around = Around {
            is_whole: true,
            more: &matter.more,
            must: &must,
            is_written: &|policy: &Policy| written.contains(&policy.at),
            is_closed: &|namespace| matter.closed.contains(namespace),
        };
        network::judge(&scene, &around)
    })
}
