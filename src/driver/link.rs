//! Evaluated references to the graph of resources.

use rustc_hash::FxHashMap;

use crate::eval::{Evaluator, Resource};
use crate::graph::{EdgeInfo, EdgeReason, NodeInfo, ResourceGraph};
use crate::source::Sym;

/// What the graph is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Purpose {
    /// Order: what a single kind refers to is left out, since its one resource only states settings
    /// (`platform.hub`) and nothing waits for it.
    Order,
    /// Drawing: everything, with the path of each reference.
    Drawing,
}

/// The graph of what exists.
pub(super) fn link(
    values: &Evaluator<'_>,
    resources: &[Resource],
    purpose: Purpose,
) -> ResourceGraph {
    let mut places: FxHashMap<u32, u32> = FxHashMap::default();
    let mut nodes = Vec::with_capacity(resources.len());
    for resource in resources {
        let Some(block) = values.blocks.get(resource.block as usize) else { continue };
        let kind = values.types.kinds.get(&block.kind).map_or(Sym::EMPTY, |kind| kind.keyword);
        let address = values.address(resource.block);
        places.insert(resource.block, u32::try_from(nodes.len()).unwrap_or(u32::MAX));
        nodes.push(NodeInfo { address, span: block.at, kind, external: resource.external });
    }
    let is_single = |block: u32| {
        let kind = values.blocks.get(block as usize).map(|block| block.kind);
        kind.and_then(|kind| values.types.kinds.get(&kind)).is_some_and(|kind| kind.single)
    };
    let standing = values.standing_slots(resources);
    let edges = values
        .edges
        .iter()
        .filter(|edge| purpose == Purpose::Drawing || !standing.contains(&edge.slot))
        .filter(|edge| purpose == Purpose::Drawing || !is_single(edge.from))
        .filter_map(|edge| {
            let path = match purpose {
                Purpose::Order => String::new(),
                Purpose::Drawing => {
                    let whole = values.global_path(edge.slot);
                    let address = values.address(edge.from);
                    whole
                        .strip_prefix(&address)
                        .unwrap_or(&whole)
                        .trim_start_matches('.')
                        .to_owned()
                }
            };
            Some(EdgeInfo {
                from: *places.get(&edge.from)?,
                to: *places.get(&edge.to)?,
                span: edge.at,
                reason: EdgeReason::Field(path),
            })
        })
        .collect();
    ResourceGraph::new(nodes, edges)
}
