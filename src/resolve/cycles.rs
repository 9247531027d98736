//! Modules that import one another.

use std::collections::{BTreeSet, VecDeque};

use petgraph::algo::kosaraju_scc;
use petgraph::graphmap::DiGraphMap;
use rustc_hash::FxHashMap;

use super::errors;
use super::names::{ModuleId, Names};
use crate::diag::Sink;
use crate::source::Span;

/// An import of one module in a file of another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    /// The module of the file.
    pub(super) from: ModuleId,
    /// The module it imports.
    pub(super) to: ModuleId,
    /// The path of the import.
    pub(super) at: Span,
}

/// Reports one loop for every set of modules that reach one another.
pub(super) fn report(names: &Names, edges: &[Edge], sink: &mut Sink) {
    // Of several imports of one module by another, the first in the order of the files speaks.
    let mut imports: FxHashMap<(ModuleId, ModuleId), Span> = FxHashMap::default();
    let mut graph: DiGraphMap<u32, ()> = DiGraphMap::new();
    for edge in edges {
        let at = imports.entry((edge.from, edge.to)).or_insert(edge.at);
        *at = (*at).min(edge.at);
        graph.add_edge(edge.from.0, edge.to.0, ());
    }
    let name = |id: u32| names.module(ModuleId(id)).shown();
    for part in kosaraju_scc(&graph) {
        let Some(&start) = part.iter().min_by_key(|id| name(**id)) else { continue };
        if part.len() < 2 {
            continue;
        }
        let part: BTreeSet<u32> = part.into_iter().collect();
        let path = shortest(&graph, &part, start, &name);
        let spans: Vec<Span> = path
            .windows(2)
            .filter_map(|pair| match pair {
                [from, to] => imports.get(&(ModuleId(*from), ModuleId(*to))).copied(),
                _ => None,
            })
            .collect();
        let shown: Vec<String> = path.iter().map(|id| name(*id)).collect();
        sink.report(errors::import_cycle(&shown, &spans));
    }
}

/// The shortest way from a node of a strongly connected part back to it; of several the first by name.
fn shortest(
    graph: &DiGraphMap<u32, ()>,
    part: &BTreeSet<u32>,
    start: u32,
    name: &impl Fn(u32) -> String,
) -> Vec<u32> {
    let mut before: FxHashMap<u32, u32> = FxHashMap::default();
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        let mut next: Vec<u32> = graph.neighbors(node).filter(|next| part.contains(next)).collect();
        next.sort_by_cached_key(|next| name(*next));
        for next in next {
            if next == start {
                let mut path = vec![start, node];
                let mut at = node;
                while let Some(&previous) = before.get(&at) {
                    path.push(previous);
                    at = previous;
                }
                path.reverse();
                return path;
            }
            if let std::collections::hash_map::Entry::Vacant(place) = before.entry(next) {
                place.insert(node);
                queue.push_back(next);
            }
        }
    }
    vec![start]
}
