//! Schemas and kinds as declared.

use rustc_hash::FxHashMap;

use super::ty::Ty;
use crate::resolve::{DefId, TreeId};
use crate::source::{Span, Sym};
use crate::syntax::{ExprId, Marks, TextId};

/// A schema of a run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SchemaId(pub u32);

/// A closed record: its fields get the slots 0, 1, 2, ..
#[derive(Clone, Debug)]
pub struct Schema {
    /// Its definition: a `schema`, or a `kind` with fields of its own.
    pub def: DefId,
    /// Its name.
    pub name: Sym,
    /// What it copies its first fields from.
    pub extends: Option<SchemaId>,
    /// Its fields by slot.
    pub fields: Vec<Field>,
    /// Slots by name.
    pub by_name: FxHashMap<Sym, u16>,
    /// What must hold of final values.
    pub checks: Vec<CheckDecl>,
    /// Whether a part of it could not be read: then 'no such field' is silent.
    pub broken: bool,
}

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Sym,
    /// Where its name is declared.
    pub at: Span,
    /// The tree of its declaration.
    pub tree: TreeId,
    /// Its type.
    pub ty: Ty,
    /// Its default, or the value of an `out` field.
    pub default: Option<ExprId>,
    /// Its doc comment; empty without one.
    pub doc: Span,
    /// `key`, `out`, `final`, `addressable`, `staged`, `fact`, ..
    pub marks: Marks,
}

impl Field {
    /// Whether a block may set it.
    pub fn is_settable(&self) -> bool {
        !self.marks.has(Marks::OUT) && !self.marks.has(Marks::KEY) && !self.marks.has(Marks::STAGED)
    }
}

/// A `check` or `warn` of a schema.
#[derive(Clone, Copy, Debug)]
pub struct CheckDecl {
    /// The tree it stands in.
    pub tree: TreeId,
    /// What must hold.
    pub condition: ExprId,
    /// What to say when it does not.
    pub message: TextId,
    /// Whether it only warns.
    pub warn: bool,
    /// Where its condition stands.
    pub at: Span,
}

/// A kind.
#[derive(Clone, Debug)]
pub struct KindInfo {
    /// Its definition.
    pub def: DefId,
    /// Its name.
    pub name: Sym,
    /// Its keyword.
    pub keyword: Sym,
    /// The schemas its blocks may have: one, or the members of its union.
    pub members: Vec<SchemaId>,
    /// Whether it is a union, whose blocks say which member they are.
    pub union: bool,
    /// Whether there is at most one block of it, which its keyword means.
    pub single: bool,
    /// Whether its resources live in clusters: it extends `Placed`.
    pub placed: bool,
    /// Of a component, the blocks of its body: indices into [`crate::resolve::Names::blocks`].
    pub children: Vec<u32>,
    /// Whether it is a component.
    pub component: bool,
    /// Whether it is a component that holds itself: an error is reported, and it makes nothing.
    pub endless: bool,
}
