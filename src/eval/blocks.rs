//! The blocks of a run: what is written once, and what loops and components make of it.

use super::draft::OwnBody;
use super::evaluator::{Evaluator, NOTHING};
use super::shape::LayerKind;
use super::value::Value;
use super::walk::Around;
use crate::diag::nearest;
use crate::resolve::{BlockDecl, DefId, Names, TreeId};
use crate::source::{Span, Sym};
use crate::syntax::{MemberId, MemberKind};
use rustc_hash::FxHashMap;

/// A block of a run. Those that are written come first, in the order of [`Names::blocks`].
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// Its declaration: index into [`Names::blocks`].
    pub decl: u32,
    /// Its kind.
    pub kind: DefId,
    /// The name of what is written out: `checkout-web`.
    pub name: Sym,
    /// Its name where it is declared: `web`.
    pub key: Sym,
    /// Where its name stands.
    pub at: Span,
    /// The use of a component that made it: a block; [`NOTHING`] without one.
    pub parent: u32,
    /// Whether it is written at the top of a file for itself, no pattern of several and no `*` layer.
    pub is_one: bool,
    /// The variables of the loops around it: first, how many.
    pub(super) locals: (u32, u32),
}

/// The variables of each turn of a loop: first, how many.
pub(super) type Variables = Vec<(u32, u32)>;

/// How far a pattern is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Made {
    Running,
    Done,
}

/// What is known of patterns and what they made.
#[derive(Default, Debug)]
pub(super) struct Makers {
    /// The patterns of each kind: indices into [`Names::blocks`].
    pub(super) patterns: FxHashMap<DefId, Vec<u32>>,
    /// How far each is, by declaration and by the use around it.
    pub(super) state: FxHashMap<(u32, u32), Made>,
    /// The kinds of which every block is made.
    pub(super) whole: rustc_hash::FxHashSet<DefId>,
    /// The kinds of which not every block is known, since a loop or condition around them is not: what is not there may be one of those.
    pub(super) open: rustc_hash::FxHashSet<DefId>,
    /// How often something was asked for that was just being made.
    pub(super) cut_short: u64,
    /// The blocks that are written for themselves, by kind.
    pub(super) written: FxHashMap<DefId, Vec<u32>>,
    /// What loops made at the top of files, by kind and name.
    pub(super) tops: FxHashMap<(DefId, Sym), u32>,
    /// What was made, by kind.
    pub(super) of_kind: FxHashMap<DefId, Vec<u32>>,
    /// What a use made, by kind and own name.
    pub(super) children: FxHashMap<(u32, DefId, Sym), u32>,
    /// The children of a use, in the order made.
    pub(super) in_use: FxHashMap<u32, Vec<u32>>,
    /// Members of uses that amended a child.
    pub(super) hits: rustc_hash::FxHashSet<(TreeId, MemberId)>,
    /// The variables of loops in bodies, by loop and what is around.
    pub(super) turns: FxHashMap<(TreeId, MemberId, Around), Option<Variables>>,
    /// Values of `let`s in bodies.
    pub(super) lets: FxHashMap<LetKey, Option<(Value, u8)>>,
}

/// A `let` of a body, where it is read: its place, the record, the locals, the use, the target, and who asks.
pub(super) type LetKey = (TreeId, MemberId, u32, (u32, u32), u32, u32, u32);

/// The blocks that are written.
pub(super) fn written(names: &Names) -> (Vec<Block>, Makers) {
    let mut makers = Makers::default();
    let blocks = (0u32..)
        .zip(&names.blocks)
        .map(|(decl, block)| {
            if block.is_pattern() {
                makers.patterns.entry(block.kind).or_default().push(decl);
            } else if !block.star {
                makers.written.entry(block.kind).or_default().push(decl);
            }
            Block {
                decl,
                kind: block.kind,
                name: block.name,
                key: block.name,
                at: block.at,
                parent: NOTHING,
                is_one: !block.star && !block.is_pattern(),
                locals: (0, 0),
            }
        })
        .collect();
    (blocks, makers)
}

impl<'a> Evaluator<'a> {
    /// The declaration of a block.
    pub fn decl(&self, block: u32) -> Option<&'a BlockDecl> {
        let names: &'a Names = self.names;
        names.blocks.get(self.blocks.get(block as usize)?.decl as usize)
    }

    /// The block of the project's own text that a block comes from: itself, or the use that made it, or the use of that.
    pub fn outermost(&self, mut block: u32) -> u32 {
        while let Some(found) = self.blocks.get(block as usize)
            && found.parent != NOTHING
        {
            block = found.parent;
        }
        block
    }

    /// The blocks of a kind that exist, external ones among them, in no particular order.
    pub(super) fn blocks_of(&mut self, kind: DefId) -> Vec<u32> {
        self.made(kind);
        let mut found: Vec<u32> = self.makers.of_kind.get(&kind).cloned().unwrap_or_default();
        for block in self.makers.written.get(&kind).cloned().unwrap_or_default() {
            if self.exists(block) == Some(true) {
                found.push(block);
            }
        }
        found
    }

    /// The child of a kind, of a use.
    pub(super) fn child(&mut self, parent: u32, kind: DefId, name: Sym, at: Span) -> Option<u32> {
        self.make_children(parent, kind);
        if let Some(&child) = self.makers.children.get(&(parent, kind, name)) {
            return Some(child);
        }
        if self.makers.open.contains(&kind) {
            return None;
        }
        let component = self.blocks.get(parent as usize)?.kind;
        let known: Vec<(Sym, Span)> = self
            .makers
            .in_use
            .get(&parent)
            .into_iter()
            .flatten()
            .filter_map(|&child| self.blocks.get(child as usize))
            .filter(|child| child.kind == kind)
            .map(|child| (child.key, child.at))
            .collect();
        let near = nearest(name.as_str(), known.iter().map(|(name, _)| name.as_str()));
        let near = near.map(|near| {
            (near, known.iter().find(|(name, _)| name.as_str() == near).map(|(_, at)| *at))
        });
        let word = self.types.kinds.get(&kind).map_or(Sym::EMPTY, |kind| kind.keyword);
        let listed: Vec<String> =
            known.iter().take(8).map(|(name, _)| format!("`{word} {name}`")).collect();
        let def = *self.names.def(component);
        self.report(crate::types::no_child(
            word.as_str(),
            name.as_str(),
            def.name.as_str(),
            at,
            def.at,
            near,
            &listed,
        ));
        None
    }

    /// The children of a kind of a use, by own name, as a map.
    pub(super) fn children_map(&mut self, parent: u32, kind: DefId) -> Value {
        self.make_children(parent, kind);
        let entries: Vec<(Sym, Value)> = self
            .makers
            .in_use
            .get(&parent)
            .into_iter()
            .flatten()
            .filter_map(|&child| Some((child, self.blocks.get(child as usize)?)))
            .filter(|(_, block)| block.kind == kind)
            .map(|(child, block)| (block.key, Value::Resource(child)))
            .collect();
        self.store.map(&entries)
    }

    fn make_children(&mut self, parent: u32, kind: DefId) {
        let Some(component) = self.blocks.get(parent as usize).map(|block| block.kind) else {
            return;
        };
        let Some(info) = self.types.kinds.get(&component).filter(|info| !info.endless) else {
            return;
        };
        for decl in info.children.clone() {
            if self.names.blocks.get(decl as usize).is_some_and(|decl| decl.kind == kind) {
                self.make(decl, parent);
            }
        }
    }

    /// The block of a kind with a name, among all that exist.
    pub(super) fn lookup(&mut self, kind: DefId, name: Sym, at: Span) -> Value {
        self.made(kind);
        if let Some(&block) = self.makers.tops.get(&(kind, name)) {
            return self.reference(block, at, NOTHING);
        }
        if self.names.orphans.names.contains(&name) || self.makers.open.contains(&kind) {
            return Value::Poison;
        }
        let mut known: Vec<(&'static str, Span)> = self
            .blocks
            .iter()
            .enumerate()
            .filter(|(index, block)| {
                let is_made = *index >= self.names.blocks.len() && block.parent == NOTHING;
                block.kind == kind && (block.is_one || is_made)
            })
            .map(|(_, block)| (block.name.as_str(), block.at))
            .collect();
        known.sort_unstable();
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        let near = nearest(name.as_str(), names.iter().copied());
        let near = near.and_then(|near| known.iter().copied().find(|(name, _)| *name == near));
        let word = self.types.kinds.get(&kind).map_or(Sym::EMPTY, |kind| kind.keyword);
        self.report(crate::types::unknown_reference(
            name.as_str(),
            word.as_str(),
            at,
            near,
            None,
            &names,
        ));
        Value::Poison
    }

    /// The bodies that write a block, the lowest first: its own, and those of the uses around it that amend it.
    pub(super) fn bodies(&self, block: u32) -> Vec<OwnBody> {
        let Some(found) = self.blocks.get(block as usize).copied() else { return Vec::new() };
        let Some(decl) = self.decl(block) else { return Vec::new() };
        let nodes = &self.names.tree(decl.tree).tree;
        let MemberKind::Block { body, .. } = nodes.member(decl.member).kind else {
            return Vec::new();
        };
        let kind = if found.parent == NOTHING { LayerKind::Own } else { LayerKind::Body };
        let mut bodies = vec![OwnBody {
            tree: decl.tree,
            body,
            chain: Vec::new(),
            locals: found.locals,
            inputs: found.parent,
            kind,
        }];
        if found.parent != NOTHING {
            for mut outer in self.bodies(found.parent) {
                outer.chain.push((found.kind, found.key));
                bodies.push(outer);
            }
        }
        bodies
    }
}
