//! References to resources: each is an edge of whoever reads it.

use super::errors;
use super::evaluator::{Edge, Evaluator, NOTHING};
use super::expr::Frame;
use super::value::Value;
use crate::resolve::DefId;
use crate::source::{Span, Sym};
use crate::syntax::ExprId;

impl Evaluator<'_> {
    /// What a `let` refers to, its user refers to.
    pub(super) fn refer_as(&mut self, def: DefId, at: Span) {
        for block in self.let_refers.get(&def).cloned().unwrap_or_default() {
            self.edge(block, at, NOTHING);
        }
    }

    /// An edge from the resource at hand; inside of a `let`, from whoever uses it.
    pub(super) fn edge(&mut self, to: u32, at: Span, target: u32) {
        if self.owner == NOTHING {
            if !self.loose.contains(&to) {
                self.loose.push(to);
            }
        } else if self.owner != to {
            let slot = self.running_slot();
            self.edges.push(Edge { from: self.owner, to, at, target, slot });
        }
    }

    /// A value that came through another resource refers to what it names for whoever reads it, too.
    pub(super) fn refer_to(&mut self, value: Value, at: Span, target: u32) {
        match value {
            Value::Resource(block) => self.edge(block, at, target),
            Value::List(run) => {
                let blocks: Vec<u32> = self
                    .store
                    .items(run)
                    .iter()
                    .filter_map(|item| match item {
                        Value::Resource(block) => Some(*block),
                        _ => None,
                    })
                    .collect();
                // `clusters` and the like: where a resource stands is no reference to it.
                let cluster = self.names.keywords.get(&Sym::new("cluster")).copied();
                for block in blocks {
                    let kind = self.blocks.get(block as usize).map(|block| block.kind);
                    if kind != cluster {
                        self.edge(block, at, target);
                    }
                }
            }
            _ => {}
        }
    }

    /// A reference to a resource: an edge.
    pub(super) fn reference(&mut self, block: u32, at: Span, target: u32) -> Value {
        if self.exists(block) == Some(false) {
            let address = self.address(block);
            let declared = self.blocks.get(block as usize).map_or(at, |block| block.at);
            self.report(errors::not_there(&address, at, declared));
            return Value::Poison;
        }
        self.edge(block, at, target);
        Value::Resource(block)
    }

    pub(super) fn single(&mut self, kind: DefId, frame: &Frame, expr: ExprId) -> Value {
        let at = self.span(frame.tree, expr);
        match self.singles.get(&kind).copied() {
            Some(block) => self.reference(block, at, frame.target),
            None => {
                let keyword = self.types.kinds.get(&kind).map_or(Sym::EMPTY, |kind| kind.keyword);
                if self.single_reported.insert(kind) {
                    // The library may need it for a block of the user: there the user can act.
                    let owner = self.blocks.get(self.owner as usize).map(|block| block.at);
                    self.report(errors::no_single(keyword, owner.unwrap_or(at), at));
                }
                Value::Poison
            }
        }
    }

    /// The resources of a kind that exist and are ours, by name.
    pub(super) fn all(&mut self, kind: DefId) -> Value {
        if let Some(&known) = self.all_of.get(&kind) {
            return known;
        }
        let mut found: Vec<(&'static str, u32)> = self
            .blocks_of(kind)
            .into_iter()
            .filter(|&block| !self.is_external(block))
            .filter_map(|block| Some((self.blocks.get(block as usize)?.name.as_str(), block)))
            .collect();
        found.sort_unstable();
        let items: Vec<Value> =
            found.into_iter().map(|(_, block)| Value::Resource(block)).collect();
        let list = self.store.list(&items);
        self.all_of.insert(kind, list);
        list
    }
}
