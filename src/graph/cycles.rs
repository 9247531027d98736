//! Resources that need themselves.

use std::collections::VecDeque;

use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;

use super::errors::{self, Hop};
use super::resource_graph::ResourceGraph;
use crate::diag::Diagnostic;

/// How many references one search for a shortest loop may follow; beyond it the shortest loop so far is shown.
/// Only tangles of thousands of resources come near.
const MOST_STEPS: usize = 20_000_000;

impl ResourceGraph {
    /// One finding for each set of resources that need one another, with a shortest loop among them,
    /// by the first address of that loop.
    pub fn cycles(&self) -> Vec<Diagnostic> {
        let mut loops: Vec<Vec<EdgeIndex>> = kosaraju_scc(&self.graph)
            .into_iter()
            .filter_map(|mut members| {
                members.sort_unstable();
                self.shortest_loop(&members)
            })
            .collect();
        loops.sort_by_key(|edges| edges.first().map(|&edge| self.graph.edge_endpoints(edge)));
        loops.iter().map(|edges| errors::cycle(&self.hops(edges))).collect()
    }

    fn hops(&self, edges: &[EdgeIndex]) -> Vec<Hop<'_>> {
        let hop = |&edge: &EdgeIndex| {
            let (from, to) = self.graph.edge_endpoints(edge)?;
            let span = self.graph.edge_weight(edge)?.span;
            Some(Hop { from: self.address(from), to: self.address(to), span })
        };
        edges.iter().filter_map(hop).collect()
    }

    /// A shortest loop among nodes that all reach one another, from its first address on. `None` for a
    /// single node that does not refer to itself.
    fn shortest_loop(&self, members: &[NodeIndex]) -> Option<Vec<EdgeIndex>> {
        let mut best: Option<Vec<EdgeIndex>> = None;
        let mut search = Search::new(self, members);
        for &start in members {
            let limit = best.as_ref().map_or(usize::MAX, Vec::len);
            if limit == 1 || search.steps > MOST_STEPS {
                break;
            }
            if !search.is_open(start) {
                continue;
            }
            // Only a shorter one replaces it, so the loop begins at its own first address.
            if let Some(found) = search.from(start, limit) {
                best = Some(found);
            }
            search.leave(start);
        }
        best
    }
}

/// Breadth-first searches, one after another over the same nodes.
struct Search<'g> {
    graph: &'g ResourceGraph,
    members: &'g [NodeIndex],
    /// For each member the search that met it last, and the edge that led there.
    met: Vec<(u32, Option<EdgeIndex>)>,
    /// For each member how many edges come from and go to members that a search may still meet; `None` once it may
    /// not be met itself.
    open: Vec<Option<[usize; 2]>>,
    round: u32,
    steps: usize,
}

const DIRECTIONS: [Direction; 2] = [Direction::Incoming, Direction::Outgoing];

impl<'g> Search<'g> {
    fn new(graph: &'g ResourceGraph, members: &'g [NodeIndex]) -> Self {
        let is_member = |node: &NodeIndex| members.binary_search(node).is_ok();
        let count = |node, direction| {
            graph.graph.neighbors_directed(node, direction).filter(is_member).count()
        };
        let open = members
            .iter()
            .map(|&node| Some(DIRECTIONS.map(|direction| count(node, direction))))
            .collect();
        Self { graph, members, met: vec![(0, None); members.len()], open, round: 0, steps: 0 }
    }

    /// Takes a node out of all later searches, since no shorter loop runs through it; and with it, one after another,
    /// the nodes that are on no loop without it.
    fn leave(&mut self, start: NodeIndex) {
        let mut leaving = vec![start];
        while let Some(node) = leaving.pop() {
            let Some(place) = self.place(node) else { continue };
            if self.open.get_mut(place).and_then(Option::take).is_none() {
                continue;
            }
            for (direction, opposite) in [(Direction::Outgoing, 0), (Direction::Incoming, 1)] {
                for next in self.graph.graph.neighbors_directed(node, direction) {
                    let place = self.place(next);
                    let counts = place.and_then(|place| self.open.get_mut(place)?.as_mut());
                    let Some(count) = counts.and_then(|counts| counts.get_mut(opposite)) else {
                        continue;
                    };
                    *count -= 1;
                    if *count == 0 {
                        leaving.push(next);
                    }
                }
            }
        }
    }

    fn is_open(&self, node: NodeIndex) -> bool {
        self.place(node).and_then(|place| self.open.get(place)).is_some_and(Option::is_some)
    }

    fn place(&self, node: NodeIndex) -> Option<usize> {
        self.members.binary_search(&node).ok()
    }

    /// A shortest loop through `start` of fewer than `limit` edges.
    fn from(&mut self, start: NodeIndex, limit: usize) -> Option<Vec<EdgeIndex>> {
        self.round += 1;
        let mut queue = VecDeque::from([(start, 0usize)]);
        while let Some((node, depth)) = queue.pop_front() {
            if depth + 1 >= limit {
                return None;
            }
            for edge in self.graph.graph.edges(node) {
                self.steps += 1;
                let next = edge.target();
                if next == start {
                    return self.walk_back(start, edge.id());
                }
                let Some(place) = self.place(next) else { continue };
                if !self.is_open(next) {
                    continue;
                }
                if let Some(met) = self.met.get_mut(place).filter(|met| met.0 != self.round) {
                    *met = (self.round, Some(edge.id()));
                    queue.push_back((next, depth + 1));
                }
            }
        }
        None
    }

    /// The edges from `start` to the source of `last`, and `last`.
    fn walk_back(&self, start: NodeIndex, last: EdgeIndex) -> Option<Vec<EdgeIndex>> {
        let mut edges = vec![last];
        let mut node = self.graph.graph.edge_endpoints(last)?.0;
        while node != start {
            let edge = self.met.get(self.place(node)?)?.1?;
            edges.push(edge);
            node = self.graph.graph.edge_endpoints(edge)?.0;
        }
        edges.reverse();
        Some(edges)
    }
}

#[cfg(test)]
mod tests {
    use super::super::resource_graph::ResourceGraph;
    use super::super::resource_graph::sketch::{chain, edge, graph, node};
    use crate::source::{FileId, Span};
    use proptest::prelude::*;

    /// The title and the places of each finding.
    fn check(text: &str, expected: &[(&str, &[u32])]) {
        let found = graph(text).cycles();
        let found: Vec<(String, Vec<u32>)> = found
            .into_iter()
            .map(|found| {
                let labels = found.primary.iter().chain(&found.because);
                (found.title.clone(), labels.map(|label| label.span.start).collect())
            })
            .collect();
        let expected: Vec<(String, Vec<u32>)> =
            expected.iter().map(|(title, places)| ((*title).to_owned(), places.to_vec())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn loops() {
        check("a>b b>c", &[]);
        check("a>a", &[("`a` needs itself", &[0])]);
        check("b>a a>b", &[("resources that need one another: a -> b -> a", &[1, 0])]);
        check("a>b b>c c>a", &[("resources that need one another: a -> b -> c -> a", &[0, 1, 2])]);
        // The shortest of one tangle, each tangle once.
        check(
            "a>b b>c c>a c>b x>y y>x z>z a>x",
            &[
                ("resources that need one another: b -> c -> b", &[1, 3]),
                ("resources that need one another: x -> y -> x", &[4, 5]),
                ("`z` needs itself", &[6]),
            ],
        );
        // Of two references the first in the text, of two loops the first by address.
        check("a>b b>a a>b b>c c>b", &[("resources that need one another: a -> b -> a", &[0, 1])]);
        check("a>b b>a a>a", &[("`a` needs itself", &[2])]);
    }

    proptest! {
        #[test]
        fn the_loop_is_a_shortest_one(
            pairs in prop::collection::vec((0u32..7, 0u32..7), 0..16)
        ) {
            let nodes: Vec<_> = (0..7).map(|n| node(&format!("n.{n}"))).collect();
            let edges = (0..).zip(&pairs).map(|(at, &(a, b))| edge(a, b, at)).collect();
            let found = ResourceGraph::new(nodes, edges).cycles();
            let steps = found.iter().map(|found| found.because.len() + 1).min();
            // The distance from each node to each other, and to itself, by relaxation.
            let mut far = [[99usize; 7]; 7];
            for &(a, b) in &pairs {
                far[a as usize][b as usize] = 1;
            }
            for middle in 0..7 {
                for a in 0..7 {
                    for b in 0..7 {
                        far[a][b] = far[a][b].min(far[a][middle] + far[middle][b]);
                    }
                }
            }
            let shortest = (0..7).map(|n| far[n][n]).filter(|&steps| steps < 99).min();
            prop_assert_eq!(steps, shortest);
            // One finding a tangle: what reaches itself, by what it reaches and is reached by.
            let tangle = |a: usize| (0..7).find(|&b| far[a][b] < 99 && far[b][a] < 99);
            let mut tangles: Vec<_> = (0..7).filter_map(tangle).collect();
            tangles.sort_unstable();
            tangles.dedup();
            prop_assert_eq!(found.len(), tangles.len());
        }
    }

    #[test]
    fn labels_say_who_refers_to_whom() {
        let found = graph("a>b b>c c>a").cycles().remove(0);
        let texts: Vec<&str> =
            found.primary.iter().chain(&found.because).map(|label| label.text.as_str()).collect();
        assert_eq!(
            texts,
            ["`a` refers to `b` here", "`b` refers to `c` here", "`c` refers to `a` here"]
        );
        assert_eq!(found.code.as_str(), "graph/cycle");
    }

    #[test]
    fn a_long_loop_is_shortened() {
        let (nodes, mut edges) = chain(100_000);
        edges.push(edge(99_999, 0, 0));
        let found = ResourceGraph::new(nodes, edges).cycles();
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].title,
            "resources that need one another: n.000000 -> n.000001 -> n.000002 -> (99995 more) -> \
             n.099998 -> n.099999 -> n.000000"
        );
        assert_eq!(found[0].because.len(), 15);
        assert_eq!(
            found[0].primary.as_ref().map(|label| label.span),
            Some(Span::new(FileId(0), 1, 2))
        );
    }
}
