//! What blocks of the same schema, bases and written paths have in common, computed once.

use crate::resolve::{DefId, TreeId};
use crate::source::Sym;
use crate::syntax::{ExprId, MemberId};
use crate::types::{SchemaId, Ty};

/// A layer of a block's value, from low to high.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum LayerKind {
    /// A schema's default.
    Default,
    /// A `*` block.
    Star,
    /// A preset.
    Preset,
    /// A component's body.
    Body,
    /// The block itself.
    Own,
}

/// Which body a layer's writes come from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LayerSource {
    /// A preset.
    Preset(DefId),
    /// A `*` block: index into [`crate::resolve::Names::blocks`].
    Star(u32),
    /// A body of the block's own, by number: its writes lie with the instance.
    Own(u16),
    /// A default of a schema's field.
    Default(TreeId, ExprId),
}

/// A layer.
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    /// What it is.
    pub kind: LayerKind,
    /// Where its writes come from.
    pub source: LayerSource,
    /// The order among layers: layers of nested bases lie right below the layer that names them.
    pub rank: (u16, u16),
}

/// One write of a body, in the order in which the walk meets it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Write {
    /// The member.
    pub member: MemberId,
    /// The formula; `None` for blocks and removals.
    pub value: Option<ExprId>,
    /// The variables of the loops around it: first, how many.
    pub locals: (u32, u32),
    /// The use of a component whose inputs are names in it: a block, or [`super::NOTHING`].
    pub inputs: u32,
}

/// A write that may give a slot its value.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Its layer.
    pub layer: u16,
    /// Its number among the layer's writes.
    pub write: u32,
    /// When it holds: index into [`Shape::guards`]; 0 is always.
    pub guard: u16,
    /// Whether it appends to what lies below.
    pub append: bool,
}

/// A condition of a write.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Term {
    /// An `if`: the write that holds the condition.
    If {
        /// Its layer.
        layer: u16,
        /// Its number among the layer's writes.
        write: u32,
        /// Whether it is the `else`.
        negated: bool,
        /// How many names deep it stands below the block: `self` is the record there.
        depth: u16,
        /// How many uses of components outside of the block it stands: `self` is that use then.
        up: u8,
    },
    /// Another condition that does not hold: of what a conditional write replaces.
    Not {
        /// Index into [`Shape::guards`].
        guard: u16,
    },
    /// An arm of a `by` among members.
    By {
        /// The layer.
        layer: u16,
        /// The write of the `by` itself.
        write: u32,
        /// The arm.
        arm: u16,
    },
}

/// How a slot gets its value.
#[derive(Clone, Copy, Debug)]
pub enum Plan {
    /// The schema's default, or absence.
    Default,
    /// Nothing may give it a value, and that is reported.
    Poison,
    /// The block's own key.
    Key,
    /// A name for later.
    Staged,
    /// Removed: absent.
    Removed,
    /// A field that an external resource does not state.
    Unstated,
    /// The first source whose guard holds (run of [`Shape::sources`], highest first).
    Sources {
        /// First source.
        start: u32,
        /// How many.
        len: u32,
    },
    /// A record that is written in parts.
    Node(u32),
    /// A map that is written in parts (run of [`Shape::entries`]).
    Map {
        /// First entry.
        start: u32,
        /// How many.
        len: u32,
        /// Sources of a formula that gives the entries below: first, how many.
        base: (u32, u32),
    },
    /// What the record's base formula has in this field.
    Base,
}

/// A record inside a shape.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// Its schema.
    pub schema: SchemaId,
    /// Its first slot.
    pub first: u32,
    /// The record around it; itself for the root.
    pub parent: u32,
    /// The field of the record around it.
    pub field: Sym,
    /// Its key, if it is an entry of a map.
    pub key: Sym,
    /// Sources of a formula that gives the whole record, below what is written in parts.
    pub base: Option<(u32, u32)>,
    /// How many names deep it stands below the block.
    pub depth: u16,
    /// Conditions of which one must hold for it to be there (run of [`Shape::whens`]); without any it is.
    pub when: (u32, u32),
}

/// An entry of a map that is written in parts.
#[derive(Clone, Debug)]
pub struct MapEntry {
    /// Its key.
    pub key: Sym,
    /// How its value is given.
    pub plan: Plan,
    /// The slot that holds its value.
    pub slot: u32,
}

/// Everything that blocks of one shape share.
#[derive(Debug, Default)]
pub struct Shape {
    /// The layers.
    pub layers: Vec<Layer>,
    /// The records; the first is the block.
    pub nodes: Vec<Node>,
    /// A plan per slot.
    pub plans: Vec<Plan>,
    /// The node that each slot belongs to.
    pub slot_node: Vec<u32>,
    /// Sources of slots.
    pub sources: Vec<Source>,
    /// Entries of maps.
    pub entries: Vec<MapEntry>,
    /// Conditions: conjunctions of terms; the first is empty.
    pub guards: Vec<Vec<Term>>,
    /// Conditions of records: indices into [`Shape::guards`].
    pub whens: Vec<u16>,
    /// The type of each slot.
    pub types: Vec<Ty>,
    /// The field of each slot in its node's schema; `None` for entries of maps.
    pub fields: Vec<Option<u16>>,
}

impl Shape {
    /// How many slots an instance has.
    pub fn slots(&self) -> u32 {
        u32::try_from(self.plans.len()).unwrap_or(u32::MAX)
    }

    /// A node.
    pub fn node(&self, index: u32) -> Option<&Node> {
        self.nodes.get(index as usize)
    }
}
