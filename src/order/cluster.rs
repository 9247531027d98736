//! The order of one cluster.

use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use rustc_hash::{FxHashMap, FxHashSet};

use super::wants::{Want, classes, made, wants};
use crate::charts::brought_by;
use crate::diag::nearest;
use crate::eval::Origin;
use crate::model::{Kind, Model, Ref, ResourceId, Tree};
use crate::source::Sym;

/// A resource on a cluster.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node<'m> {
    /// Which one it is.
    pub id: ResourceId,
    /// Its kind.
    pub kind: Kind,
    /// The part of it that stands on the cluster: its place in the model's list of that kind.
    pub part: usize,
    /// Its name.
    pub name: Sym,
    /// `addon.cert-manager`.
    pub address: String,
    /// The cluster.
    pub cluster: &'m Ref,
}

/// Why a resource waits for another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Why {
    /// A value of it refers there, or `needs` says so.
    Refers,
    /// Its objects are of a group whose CustomResourceDefinitions come from there.
    Group(String),
    /// Its volumes are of a StorageClass that comes from there.
    Class(String),
    /// Its objects stand in that namespace.
    Namespace,
    /// It runs before Argo CD can, and so before all else that Argo CD installs.
    First,
}

/// One resource waits for another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wait {
    /// Who waits: its place among [`Order::nodes`].
    pub from: usize,
    /// For whom.
    pub to: usize,
    /// Why.
    pub why: Why,
}

/// The order of a cluster.
#[derive(Clone, Debug)]
pub struct Order<'m> {
    /// The cluster.
    pub cluster: &'m Ref,
    /// An edge leads from who waits.
    graph: DiGraph<Node<'m>, Why>,
    /// What is wanted there, and nothing brings, with who wants it.
    pub missing: Vec<(usize, String)>,
    /// StorageClasses that nothing brings, and whose names are nearly those of others that something does.
    pub misspelt: Vec<Misspelt<'m>>,
}

/// A StorageClass that nothing brings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misspelt<'m> {
    /// Who names it: its place among [`Order::nodes`].
    pub by: usize,
    /// Its name, as it is written.
    pub name: &'m str,
    /// Where.
    pub at: Origin,
    /// The class that was meant.
    pub meant: &'m str,
    /// What brings that one: its place among [`Order::nodes`]; none for what others install.
    pub brings: Option<usize>,
}

/// The orders of all clusters on which something stands, by name; the hub among them.
pub fn orders<'m>(model: &'m Model<'_>) -> Vec<Order<'m>> {
    let hub = model.platforms.first().map(|it| &it.value.hub.value);
    let mut clusters: Vec<&Ref> = hub.into_iter().collect();
    let all = model.resources();
    clusters.extend(all.iter().flat_map(|it| it.targets));
    clusters.sort_by_key(|it| it.name.as_str());
    clusters.dedup_by_key(|it| it.id);
    let mut by_cluster: FxHashMap<ResourceId, Vec<usize>> = FxHashMap::default();
    for (at, any) in all.iter().enumerate() {
        for target in any.targets {
            by_cluster.entry(target.id).or_default().push(at);
        }
        // What Cluster API reads stands on the hub, and so does what ends previews.
        let is_on_hub = any.kind == Kind::Cluster
            || any.kind == Kind::Apps
                && model.apps.get(any.part).is_some_and(|it| it.value.expire());
        if is_on_hub && let Some(hub) = hub {
            by_cluster.entry(hub.id).or_default().push(at);
        }
    }
    clusters
        .into_iter()
        .map(|cluster| {
            let standing = by_cluster.get(&cluster.id).map(Vec::as_slice).unwrap_or_default();
            let mut seen: FxHashSet<ResourceId> = FxHashSet::default();
            let mut nodes: Vec<Node<'m>> = standing
                .iter()
                .filter_map(|&at| all.get(at))
                .filter(|any| seen.insert(any.id))
                .map(|any| Node {
                    id: any.id,
                    kind: any.kind,
                    part: any.part,
                    name: any.name,
                    address: any.address.clone(),
                    cluster,
                })
                .collect();
            nodes.sort_by(|a, b| a.address.cmp(&b.address));
            Order::new(model, cluster, nodes)
        })
        .collect()
}

impl<'m> Order<'m> {
    fn new(model: &'m Model<'_>, cluster: &'m Ref, nodes: Vec<Node<'m>>) -> Self {
        let places: FxHashMap<ResourceId, usize> =
            nodes.iter().enumerate().map(|(at, node)| (node.id, at)).collect();
        let mut waits: Vec<(usize, usize, Why)> = Vec::new();
        for edge in &model.edges {
            // A value that is the same everywhere is computed once, so that an edge knows of one cluster only: it holds wherever both stand.
            if let (Some(&from), Some(&to)) = (places.get(&edge.from), places.get(&edge.to))
                && from != to
                // `clusters` says where a resource stands.
                && nodes.get(to).is_some_and(|node| node.kind != Kind::Cluster)
            {
                waits.push((from, to, Why::Refers));
            }
        }
        let home = model.platforms.first().and_then(|it| it.value.cluster_namespace);
        if let Some(&to) = home.and_then(|home| places.get(&home.value.id)) {
            let clusters = nodes.iter().enumerate().filter(|(_, it)| it.kind == Kind::Cluster);
            waits.extend(clusters.map(|(from, _)| (from, to, Why::Namespace)));
        }
        waits.extend(after_bootstrap(model, &nodes));
        let (groups, brought_classes) = brought(model, &nodes);
        let elsewhere = external(model, cluster);
        let mut missing = Vec::new();
        for (from, node) in nodes.iter().enumerate() {
            for want in wants(model, node) {
                let (found, why) = match &want {
                    Want::Group(group) => (groups.get(*group), Why::Group((*group).to_owned())),
                    Want::Class(class) => {
                        (brought_classes.get(*class), Why::Class((*class).to_owned()))
                    }
                };
                match (found, &want) {
                    (Some(&to), _) if to != from => waits.push((from, to, why)),
                    (None, Want::Group(group)) if !elsewhere.contains(group) => {
                        missing.push((from, (*group).to_owned()));
                    }
                    _ => {}
                }
            }
        }
        let misspelt = misspelt(model, cluster, &nodes, &brought_classes);
        waits.sort();
        waits.dedup_by_key(|(from, to, _)| (*from, *to));
        let mut graph = DiGraph::with_capacity(nodes.len(), waits.len());
        let at: Vec<NodeIndex> = nodes.into_iter().map(|node| graph.add_node(node)).collect();
        for (from, to, why) in waits {
            if let (Some(&from), Some(&to)) = (at.get(from), at.get(to)) {
                graph.add_edge(from, to, why);
            }
        }
        Self { cluster, graph, missing, misspelt }
    }

    /// The resources, by address.
    pub fn nodes(&self) -> impl Iterator<Item = &Node<'m>> {
        self.graph.node_weights()
    }

    /// A resource by its place.
    pub fn node(&self, at: usize) -> Option<&Node<'m>> {
        self.graph.node_weight(NodeIndex::new(at))
    }

    /// Everything that waits.
    pub fn waits(&self) -> impl Iterator<Item = Wait> + '_ {
        self.graph.edge_references().map(|edge| Wait {
            from: edge.source().index(),
            to: edge.target().index(),
            why: edge.weight().clone(),
        })
    }

    /// A loop of each set of resources that wait for one another.
    pub fn cycles(&self) -> Vec<Vec<Wait>> {
        let mut out: Vec<Vec<Wait>> = kosaraju_scc(&self.graph)
            .into_iter()
            .filter(|set| set.len() > 1)
            .filter_map(|set| self.loop_of(&set))
            .collect();
        out.sort_by_key(|hops| hops.first().map(|hop| hop.from));
        out
    }

    /// The shortest loop through the first resource of a set.
    fn loop_of(&self, set: &[NodeIndex]) -> Option<Vec<Wait>> {
        let start = *set.iter().min()?;
        let mut before: FxHashMap<NodeIndex, (NodeIndex, Why)> = FxHashMap::default();
        let mut layer = vec![start];
        while !layer.is_empty() {
            let mut next = Vec::new();
            for &from in &layer {
                let mut edges: Vec<_> = self.graph.edges(from).collect();
                edges.sort_by_key(|edge| edge.target());
                for edge in edges {
                    let to = edge.target();
                    if !set.contains(&to) || before.contains_key(&to) {
                        continue;
                    }
                    before.insert(to, (from, edge.weight().clone()));
                    if to == start {
                        return Some(walk_back(&before, start));
                    }
                    next.push(to);
                }
            }
            layer = next;
        }
        None
    }

    /// The places of all resources that some of these wait for, at any distance, without these.
    pub fn before(&self, of: impl Fn(&Node<'m>) -> bool) -> FxHashSet<usize> {
        let starts =
            self.graph.node_indices().filter(|&at| self.graph.node_weight(at).is_some_and(&of));
        let mut open: Vec<NodeIndex> = starts.collect();
        let mut seen: FxHashSet<usize> = FxHashSet::default();
        while let Some(from) = open.pop() {
            for to in self.graph.neighbors_directed(from, Direction::Outgoing) {
                if seen.insert(to.index()) {
                    open.push(to);
                }
            }
        }
        seen
    }
}

/// How many of some things lie before each, one behind the other; `waits` says who waits for whom, by their places. Those that wait for
/// one another lie equally deep.
pub fn levels(count: usize, waits: impl IntoIterator<Item = (usize, usize)>) -> Vec<usize> {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(count, 0);
    let nodes: Vec<NodeIndex> = (0..count).map(|_| graph.add_node(())).collect();
    for (from, to) in waits {
        if let (Some(&from), Some(&to)) = (nodes.get(from), nodes.get(to)) {
            graph.update_edge(from, to, ());
        }
    }
    let mut levels = vec![0; count];
    // A set comes after all that it waits for.
    for set in kosaraju_scc(&graph) {
        let outside = |node: &NodeIndex| {
            graph.neighbors(*node).filter(|to| !set.contains(to)).collect::<Vec<_>>()
        };
        let below = set.iter().flat_map(outside).filter_map(|to| levels.get(to.index()).copied());
        let level = below.max().map_or(0, |below: usize| below + 1);
        for node in &set {
            if let Some(place) = levels.get_mut(node.index()) {
                *place = level;
            }
        }
    }
    levels
}

fn walk_back(before: &FxHashMap<NodeIndex, (NodeIndex, Why)>, start: NodeIndex) -> Vec<Wait> {
    let mut hops = Vec::new();
    let mut at = start;
    while let Some((from, why)) = before.get(&at) {
        hops.push(Wait { from: from.index(), to: at.index(), why: why.clone() });
        at = *from;
        if at == start {
            break;
        }
    }
    hops.reverse();
    hops
}

/// Software waits for what runs before Argo CD.
fn after_bootstrap(model: &Model<'_>, nodes: &[Node<'_>]) -> Vec<(usize, usize, Why)> {
    let is_early = |node: &Node<'_>| {
        model
            .addons
            .get(node.part)
            .is_some_and(|it| node.kind == Kind::Addon && it.value.bootstrap.value)
    };
    let (early, late): (Vec<_>, Vec<_>) = nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| matches!(node.kind, Kind::Addon | Kind::Monitoring))
        .partition(|(_, node)| is_early(node));
    let pairs = late.iter().flat_map(|(from, _)| early.iter().map(move |(to, _)| (*from, *to)));
    // A bootstrap that waits for what comes later is told of by itself.
    pairs
        .filter(|&(from, to)| {
            let ids = (nodes.get(from).map(|it| it.id), nodes.get(to).map(|it| it.id));
            !model.edges.iter().any(|edge| (Some(edge.to), Some(edge.from)) == ids)
        })
        .map(|(from, to)| (from, to, Why::First))
        .collect()
}

type Places<'m> = FxHashMap<&'m str, usize>;

/// Which resource of a cluster brings which groups, and which StorageClasses.
fn brought<'m>(model: &'m Model<'_>, nodes: &[Node<'m>]) -> (Places<'m>, Places<'m>) {
    let (mut groups, mut classes) = (Places::default(), Places::default());
    for (at, node) in nodes.iter().enumerate() {
        if node.kind == Kind::Monitoring {
            groups.entry("monitoring.coreos.com").or_insert(at);
        }
        if node.kind == Kind::Manifest {
            let class = model.manifests.get(node.part).and_then(|it| made(model, &it.value));
            if let Some(class) = class {
                classes.entry(class).or_insert(at);
            }
        }
        if node.kind != Kind::Addon {
            continue;
        }
        let Some(addon) = model.addons.get(node.part).map(|it| &it.value) else {
            continue;
        };
        let known = addon.chart.and_then(|chart| brought_by(chart.name.value));
        let said = addon.provides.iter().map(|group| group.value);
        for group in said.chain(known.into_iter().flat_map(|it| it.groups.iter().copied())) {
            groups.entry(group).or_insert(at);
        }
        let said = addon.storage_classes.iter().map(|class| class.value.as_str());
        for class in said.chain(known.into_iter().flat_map(|it| it.classes.iter().copied())) {
            classes.entry(class).or_insert(at);
        }
    }
    (groups, classes)
}

/// The groups that something outside of the program brings to a cluster.
fn external<'m>(model: &'m Model<'_>, cluster: &Ref) -> FxHashSet<&'m str> {
    let here = |targets: &[Ref]| targets.iter().any(|it| it.id == cluster.id);
    let mut out: FxHashSet<&str> = FxHashSet::default();
    for addon in model.external_addons.iter().filter(|it| here(&it.targets)) {
        let known = addon.value.chart.and_then(|chart| brought_by(chart.name.value));
        out.extend(known.into_iter().flat_map(|it| it.groups.iter().copied()));
        out.extend(addon.value.provides.iter().map(|group| group.value));
    }
    if model.external_monitorings.iter().any(|it| here(&it.targets)) {
        out.insert("monitoring.coreos.com");
    }
    out
}

/// Names of StorageClasses that are nearly those of others. Any other name may be that of a class which a provider, a person or a chart
/// that is not known makes: of it nothing is said.
fn misspelt<'m>(
    model: &'m Model<'_>,
    cluster: &Ref,
    nodes: &[Node<'m>],
    brought: &Places<'m>,
) -> Vec<Misspelt<'m>> {
    let here = |targets: &[Ref]| targets.iter().any(|it| it.id == cluster.id);
    let outside = model.external_addons.iter().filter(|it| here(&it.targets)).flat_map(|it| {
        let known = it.value.chart.and_then(|chart| brought_by(chart.name.value));
        let said = it.value.storage_classes.iter().map(|class| class.value.as_str());
        said.chain(known.into_iter().flat_map(|it| it.classes.iter().copied()))
    });
    let outside: Vec<&str> = outside.collect();
    let known: Vec<&str> = brought.keys().chain(&outside).copied().collect();
    // Charts take classes in their values, in as many ways as there are charts.
    let in_values = |name: &str| {
        let addons = nodes.iter().filter(|it| it.kind == Kind::Addon);
        addons.filter_map(|it| model.addons.get(it.part)).any(|it| says(&it.value.values, name))
    };
    let mut out = Vec::new();
    for (by, node) in nodes.iter().enumerate() {
        for (name, at) in classes(model, node) {
            if known.contains(&name) || in_values(name) {
                continue;
            }
            if let Some(meant) = nearest(name, known.iter().copied()) {
                out.push(Misspelt { by, name, at, meant, brings: brought.get(meant).copied() });
            }
        }
    }
    out
}

/// Whether a text stands anywhere in values.
fn says(values: &Tree<'_>, wanted: &str) -> bool {
    match values {
        Tree::Text(text) => text.value.contains(wanted),
        Tree::List(items) => items.iter().any(|it| says(it, wanted)),
        Tree::Map(entries) => {
            entries.iter().any(|(key, it)| key.as_str() == wanted || says(it, wanted))
        }
        Tree::Bool(_) | Tree::Int(_) | Tree::Float(..) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::levels;

    #[test]
    fn what_waits_lies_deeper() {
        assert_eq!(levels(4, [(0, 1), (1, 2), (3, 2)]), [2, 1, 0, 1]);
        assert_eq!(levels(2, []), [0, 0]);
    }

    #[test]
    fn what_waits_for_one_another_lies_equally_deep() {
        assert_eq!(levels(4, [(0, 1), (1, 2), (2, 1), (2, 3)]), [2, 1, 1, 0]);
    }
}
