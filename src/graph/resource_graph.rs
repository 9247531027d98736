//! The graph, and the order that it gives.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use rustc_hash::FxHashMap;

use crate::source::{Span, Sym};

/// A resource.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NodeInfo {
    /// `kind.name`, which no other resource has.
    pub address: String,
    /// Where it is declared.
    pub span: Span,
    /// The keyword of its kind.
    pub kind: Sym,
    /// Whether it lives outside the program.
    pub external: bool,
}

/// Why one resource needs another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum EdgeReason {
    /// The value of this field refers to it.
    Field(String),
    /// It is listed in `needs`.
    Needs,
}

impl EdgeReason {
    /// The path of the field that refers.
    pub fn field(&self) -> &str {
        match self {
            Self::Field(path) => path,
            Self::Needs => "needs",
        }
    }
}

/// A reference: resource number `from` needs resource number `to`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EdgeInfo {
    /// The one that refers, by its place in the list of resources.
    pub from: u32,
    /// The one that it needs, likewise.
    pub to: u32,
    /// Where the reference stands.
    pub span: Span,
    /// What makes it one.
    pub reason: EdgeReason,
}

/// What an edge of the graph knows of itself.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub(super) span: Span,
    pub(super) reason: EdgeReason,
}

/// Resources, and references between them. Whatever it gives depends on addresses and places only,
/// not on the order in which resources and references came.
#[derive(Clone, Debug)]
pub struct ResourceGraph {
    /// Nodes by address; the edges of a node by the address they lead to, then by place.
    pub(super) graph: DiGraph<NodeInfo, Reference>,
}

impl ResourceGraph {
    /// Builds the graph. Of several references from one place to one resource, one is kept; one
    /// whose ends are not in the list is left out.
    pub fn new(nodes: Vec<NodeInfo>, edges: Vec<EdgeInfo>) -> Self {
        let mut by_address: Vec<(u32, NodeInfo)> = (0..).zip(nodes).collect();
        by_address.sort_by(|(_, a), (_, b)| (&a.address, a.span).cmp(&(&b.address, b.span)));
        let mut graph = DiGraph::with_capacity(by_address.len(), edges.len());
        let places: FxHashMap<u32, NodeIndex> =
            by_address.into_iter().map(|(number, node)| (number, graph.add_node(node))).collect();
        let mut edges: Vec<(NodeIndex, NodeIndex, Reference)> = edges
            .into_iter()
            .filter_map(|edge| {
                let (from, to) = (*places.get(&edge.from)?, *places.get(&edge.to)?);
                Some((from, to, Reference { span: edge.span, reason: edge.reason }))
            })
            .collect();
        let key = |(from, to, reference): &(NodeIndex, NodeIndex, Reference)| {
            (*from, *to, reference.span, reference.reason.clone())
        };
        edges.sort_by_cached_key(key);
        edges.dedup_by(|a, b| key(a) == key(b));
        // A node's edges are read in the reverse order of their insertion.
        for (from, to, reference) in edges.into_iter().rev() {
            graph.add_edge(from, to, reference);
        }
        Self { graph }
    }

    /// How many resources there are.
    pub fn len(&self) -> usize {
        self.graph.node_count()
    }

    /// Whether there is no resource.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The resources by address.
    pub fn nodes(&self) -> impl Iterator<Item = &NodeInfo> {
        self.graph.node_weights()
    }

    pub(super) fn address(&self, node: NodeIndex) -> &str {
        self.graph.node_weight(node).map_or("", |node| node.address.as_str())
    }

    /// Every resource after those that it needs, ties by address; `None` if there is a cycle.
    pub fn order(&self) -> Option<Vec<&str>> {
        let order = self.indices_in_order()?;
        Some(order.into_iter().map(|node| self.address(node)).collect())
    }

    fn indices_in_order(&self) -> Option<Vec<NodeIndex>> {
        let needed = |node| self.graph.edges_directed(node, Direction::Outgoing).count();
        let mut missing: Vec<usize> = self.graph.node_indices().map(needed).collect();
        let is_ready = |node: &NodeIndex| missing.get(node.index()) == Some(&0);
        let mut ready: BinaryHeap<Reverse<NodeIndex>> =
            self.graph.node_indices().filter(is_ready).map(Reverse).collect();
        let mut order = Vec::with_capacity(self.len());
        while let Some(Reverse(node)) = ready.pop() {
            order.push(node);
            for dependent in self.graph.neighbors_directed(node, Direction::Incoming) {
                let Some(count) = missing.get_mut(dependent.index()) else { continue };
                *count -= 1;
                if *count == 0 {
                    ready.push(Reverse(dependent));
                }
            }
        }
        (order.len() == self.len()).then_some(order)
    }

    /// The resources by wave, each wave by address: those that need nothing come first, every other one
    /// in the wave after the last that it needs. `None` if there is a cycle.
    pub fn waves(&self) -> Option<Vec<Vec<&str>>> {
        let mut wave_of = vec![0usize; self.len()];
        let mut waves: Vec<Vec<NodeIndex>> = Vec::new();
        for node in self.indices_in_order()? {
            let needed = self.graph.neighbors(node);
            let last = needed.filter_map(|needed| wave_of.get(needed.index())).max();
            let wave = last.map_or(0, |last| last + 1);
            if let Some(slot) = wave_of.get_mut(node.index()) {
                *slot = wave;
            }
            match waves.get_mut(wave) {
                Some(members) => members.push(node),
                // A wave follows the one before it, so it is the next one.
                None => waves.push(vec![node]),
            }
        }
        let named = |mut wave: Vec<NodeIndex>| {
            wave.sort_unstable();
            wave.into_iter().map(|node| self.address(node)).collect()
        };
        Some(waves.into_iter().map(named).collect())
    }

    /// What a resource refers to itself, by address; nothing for an address that there is not.
    pub fn dependencies(&self, address: &str) -> Vec<&str> {
        self.neighbours(address, Direction::Outgoing)
    }

    /// What refers to a resource itself, by address.
    pub fn dependents(&self, address: &str) -> Vec<&str> {
        self.neighbours(address, Direction::Incoming)
    }

    /// Everything that a resource needs, through others too, by address.
    pub fn all_dependencies(&self, address: &str) -> Vec<&str> {
        self.reachable(address, Direction::Outgoing)
    }

    /// Everything that needs a resource, through others too, by address.
    pub fn all_dependents(&self, address: &str) -> Vec<&str> {
        self.reachable(address, Direction::Incoming)
    }

    fn find(&self, address: &str) -> Option<NodeIndex> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            let node = NodeIndex::new(middle);
            match self.address(node).cmp(address) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(node),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    fn neighbours(&self, address: &str, direction: Direction) -> Vec<&str> {
        let Some(node) = self.find(address) else { return Vec::new() };
        self.named(self.graph.neighbors_directed(node, direction).collect())
    }

    fn reachable(&self, address: &str, direction: Direction) -> Vec<&str> {
        let Some(start) = self.find(address) else { return Vec::new() };
        let mut seen = vec![false; self.len()];
        let mut found = Vec::new();
        let mut open = vec![start];
        while let Some(node) = open.pop() {
            for next in self.graph.neighbors_directed(node, direction) {
                if let Some(seen) = seen.get_mut(next.index()).filter(|seen| !**seen) {
                    *seen = true;
                    found.push(next);
                    open.push(next);
                }
            }
        }
        self.named(found)
    }

    fn named(&self, mut nodes: Vec<NodeIndex>) -> Vec<&str> {
        nodes.sort_unstable();
        nodes.dedup();
        nodes.into_iter().map(|node| self.address(node)).collect()
    }

    /// The references by the addresses of their ends, then by place: who refers, to whom, and how.
    pub(super) fn references(&self) -> impl Iterator<Item = (NodeIndex, NodeIndex, &Reference)> {
        self.graph.node_indices().flat_map(|node| {
            self.graph.edges(node).map(|edge| (edge.source(), edge.target(), edge.weight()))
        })
    }
}

/// Graphs in a few characters, for the tests of this room.
#[cfg(test)]
pub(super) mod sketch {
    use super::{EdgeInfo, EdgeReason, NodeInfo, ResourceGraph};
    use crate::source::{FileId, Span, Sym};

    pub(in super::super) fn node(address: &str) -> NodeInfo {
        let kind = Sym::new(address.split('.').next().unwrap_or(""));
        NodeInfo { address: address.to_owned(), span: span(0), kind, external: false }
    }

    pub(in super::super) fn edge(from: u32, to: u32, at: u32) -> EdgeInfo {
        EdgeInfo { from, to, span: span(at), reason: EdgeReason::Field("after".to_owned()) }
    }

    fn span(at: u32) -> Span {
        Span::new(FileId(0), at, at + 1)
    }

    /// `a>b a>c`: the references, each at the place of its number; a word alone is a resource.
    pub(in super::super) fn graph(text: &str) -> ResourceGraph {
        let mut names: Vec<&str> = text.split([' ', '>']).filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        names.dedup();
        let number = |name: &str| names.iter().position(|n| *n == name).unwrap() as u32;
        let edges = (0..).zip(text.split(' ')).filter_map(|(at, word)| {
            let (from, to) = word.split_once('>')?;
            Some(edge(number(from), number(to), at))
        });
        let edges = edges.collect();
        ResourceGraph::new(names.iter().map(|name| node(name)).collect(), edges)
    }

    /// A chain of resources, each of which needs the next.
    pub(in super::super) fn chain(length: u32) -> (Vec<NodeInfo>, Vec<EdgeInfo>) {
        let nodes = (0..length).map(|n| node(&format!("n.{n:06}"))).collect();
        (nodes, (1..length).map(|n| edge(n - 1, n, n)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::sketch::{chain, edge, graph, node};
    use super::{EdgeInfo, EdgeReason, ResourceGraph};
    use proptest::prelude::*;

    /// The waves, with `|` between them; the order.
    fn check(text: &str, waves: Option<&str>, order: Option<&str>) {
        let graph = graph(text);
        let shown = graph
            .waves()
            .map(|waves| waves.iter().map(|wave| wave.join(" ")).collect::<Vec<_>>().join(" | "));
        assert_eq!(shown.as_deref(), waves, "{text}");
        assert_eq!(graph.order().map(|order| order.join(" ")).as_deref(), order, "{text}");
    }

    #[test]
    fn order_and_waves() {
        check("", Some(""), Some(""));
        check("c b a", Some("a b c"), Some("a b c"));
        check("a>b b>c", Some("c | b | a"), Some("c b a"));
        check("a>b a>c b>d c>d", Some("d | b c | a"), Some("d b c a"));
        check("a>b b>c a>c d", Some("c d | b | a"), Some("c b a d"));
        check("z>a m>a b", Some("a b | m z"), Some("a b m z"));
        check("a>b a>b", Some("b | a"), Some("b a"));
        check("a>b b>a c", None, None);
        check("a>a", None, None);
    }

    #[test]
    fn neighbours() {
        let graph = graph("a>b b>c d>b a>b c>e");
        assert_eq!(graph.dependencies("a"), ["b"]);
        assert_eq!(graph.all_dependencies("a"), ["b", "c", "e"]);
        assert_eq!(graph.dependents("b"), ["a", "d"]);
        assert_eq!(graph.all_dependents("e"), ["a", "b", "c", "d"]);
        assert!(graph.dependents("x").is_empty() && graph.all_dependencies("e").is_empty());
        assert_eq!(graph.len(), 5);
    }

    #[test]
    fn references_to_what_is_not_there_are_left_out() {
        let graph = ResourceGraph::new(vec![node("a")], vec![edge(0, 1, 0), edge(7, 0, 1)]);
        assert_eq!(graph.references().count(), 0);
    }

    #[test]
    fn long_chains_need_no_stack() {
        let (nodes, edges) = chain(100_000);
        let graph = ResourceGraph::new(nodes, edges);
        assert_eq!(graph.waves().map(|waves| waves.len()), Some(100_000));
        assert_eq!(graph.order().and_then(|order| order.first().copied()), Some("n.099999"));
        assert_eq!(graph.all_dependents("n.099999").len(), 99_999);
    }

    fn any_edges() -> impl Strategy<Value = Vec<EdgeInfo>> {
        let pairs = prop::collection::vec((0u32..12, 0u32..12), 0..30);
        pairs.prop_map(|pairs| (0..).zip(pairs).map(|(at, (a, b))| edge(a, b, at)).collect())
    }

    proptest! {
        #[test]
        fn order_respects_every_reference(edges in any_edges()) {
            let names: Vec<String> = (0..12).map(|n| format!("k.{n:02}")).collect();
            let nodes = names.iter().map(|name| node(name)).collect();
            // Downwards only, so that there is no cycle.
            let edges: Vec<EdgeInfo> = edges.into_iter().filter(|edge| edge.from > edge.to).collect();
            let graph = ResourceGraph::new(nodes, edges.clone());
            let order = graph.order().expect("no cycle");
            let place = |n: u32| order.iter().position(|name| *name == names[n as usize]).unwrap();
            let waves = graph.waves().expect("no cycle");
            let wave = |n: u32| {
                waves.iter().position(|wave| wave.contains(&names[n as usize].as_str())).unwrap()
            };
            for edge in &edges {
                prop_assert!(place(edge.from) > place(edge.to));
                prop_assert!(wave(edge.from) > wave(edge.to));
            }
            prop_assert_eq!(order.len(), 12);
        }

        #[test]
        fn nothing_depends_on_the_order_of_the_input(
            edges in any_edges(),
            mixed in Just((0u32..12).collect::<Vec<_>>()).prop_shuffle(),
            seed in any::<usize>(),
        ) {
            let make = |places: &[u32], edges: &[EdgeInfo]| {
                let mut nodes = vec![node(""); 12];
                for (number, &place) in places.iter().enumerate() {
                    nodes[place as usize] = node(&format!("k.{number:02}"));
                }
                let moved = edges.iter().map(|edge| EdgeInfo {
                    from: places[edge.from as usize],
                    to: places[edge.to as usize],
                    span: edge.span,
                    reason: edge.reason.clone(),
                });
                ResourceGraph::new(nodes, moved.collect())
            };
            let straight: Vec<u32> = (0..12).collect();
            let mut turned = edges.clone();
            if !turned.is_empty() {
                let by = seed % turned.len();
                turned.rotate_left(by);
                turned.reverse();
            }
            let (a, b) = (make(&straight, &edges), make(&mixed, &turned));
            prop_assert_eq!(a.order(), b.order());
            prop_assert_eq!(a.waves(), b.waves());
            prop_assert_eq!(a.cycles(), b.cycles());
            prop_assert_eq!(a.to_dot(), b.to_dot());
            prop_assert_eq!(a.to_mermaid(), b.to_mermaid());
            prop_assert_eq!(a.to_json(), b.to_json());
        }

        #[test]
        fn a_cycle_is_reported_and_nothing_else_is(edges in any_edges()) {
            let nodes = (0..12).map(|n| node(&format!("k.{n:02}"))).collect();
            let graph = ResourceGraph::new(nodes, edges);
            prop_assert_eq!(graph.cycles().is_empty(), graph.order().is_some());
        }
    }

    #[test]
    fn reasons_name_their_field() {
        assert_eq!(EdgeReason::Field("network.dns".to_owned()).field(), "network.dns");
        assert_eq!(EdgeReason::Needs.field(), "needs");
    }
}
