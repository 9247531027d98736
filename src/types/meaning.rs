//! What the checker found out, by expression and member: the side tables.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::expectation::Expectation;
use super::refine::Refinement;
use super::schema::{KindInfo, Schema, SchemaId};
use super::ty::{Ty, TyKind, Tys};
use crate::embedded::Quantity;
use crate::resolve::{DefId, TreeId};
use crate::source::{Span, Sym};
use crate::syntax::{ExprId, Marks, MemberId};

/// What an expression means beyond its own form.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub enum Meaning {
    /// Nothing to add, or an error was reported.
    #[default]
    Plain,
    /// An error was reported inside: its value is poison.
    Wrong,
    /// This constant.
    Constant(u32),
    /// A field of the schema being declared: its slot, and how many records its record lies above the expression.
    Field(u16, u8),
    /// A local by its depth from the bottom of the expression's locals.
    Local(u16),
    /// A `let`.
    Let(DefId),
    /// A function.
    Fn(DefId),
    /// A resource that a block declares: index into [`crate::resolve::Names::blocks`].
    Resource(u32),
    /// The one resource of a single kind.
    Single(DefId),
    /// The keyword of a kind, as the first part of an address.
    Keyword(DefId),
    /// The resources of a kind.
    All(DefId),
    /// A name known only later, by slot of the schema that stages it.
    Staged(SchemaId, u16),
    /// The replaced value.
    Inherited,
    /// A field of the component whose body the expression stands in, by slot of the component's schema.
    Input(u16),
    /// The children of a kind of the component's use at hand, by their own names.
    OwnChildren(DefId),
    /// The child of a kind, of the component's use at hand, that the name says.
    OwnChild(DefId),
    /// Of the component's use before the dot, the children of a kind.
    Children(DefId),
    /// Of the component's use before the dot, the child of a kind that the name says.
    Child(DefId),
    /// The resource of a kind that the name says, among those that loops make: it is looked for when their names are known.
    Lookup(DefId),
    /// A `let` of a body: its member, and how many records the body lies above the expression.
    BlockLet(MemberId, u8),
    /// A module, as the first part of a path.
    Module,
    /// A record of this schema.
    Record(SchemaId),
    /// A map, written as a record.
    Map,
    /// A type of Kubernetes objects: index into the catalog's objects.
    Object(u32),
    /// A schema as a value.
    Type(SchemaId),
    /// The schema or kind that `is` asks for.
    Is(IsTest),
    /// `x is absent`.
    IsAbsent,
}

/// What `is` asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IsTest {
    /// A record of this schema, through references.
    Schema(SchemaId),
    /// A reference to this kind.
    Kind(DefId),
    /// This type of Kubernetes objects: index into the catalog's objects.
    Object(u32),
}

/// A literal's value.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Constant {
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A quantity.
    Quantity(Quantity),
}

/// What a member of a block means.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum MemberMeaning {
    /// An error was reported, or the member writes nothing.
    #[default]
    Nothing,
    /// It writes below a field of the record (the path's first name is the field).
    Write {
        /// The field's slot.
        slot: u16,
        /// The schema that the block's bases or the field's type give, if it is one.
        schema: Option<SchemaId>,
    },
    /// It writes an entry of the map around it.
    Entry {
        /// The schema of the entry's record, if it is one.
        schema: Option<SchemaId>,
    },
    /// It writes into a child of a component's use, of this kind.
    Child {
        /// The child's kind.
        kind: DefId,
    },
    /// It repeats its members, or gives them a name: `for`, `let`.
    Around,
}

/// Everything that is typed.
#[derive(Debug, Default)]
pub struct Types {
    /// The types.
    pub tys: Tys,
    /// Schemas by id.
    pub schemas: Vec<Schema>,
    /// Kinds by definition.
    pub kinds: FxHashMap<DefId, KindInfo>,
    /// The schema of a `schema` or `kind` definition.
    pub schema_of: FxHashMap<DefId, SchemaId>,
    /// The type of a `type` or `let` definition.
    pub type_of: FxHashMap<DefId, Ty>,
    /// The schema that a preset completes.
    pub preset_of: FxHashMap<DefId, SchemaId>,
    /// Functions' parameters and results.
    pub functions: FxHashMap<DefId, Arc<Signature>>,
    /// Resources by kind and name: index into [`crate::resolve::Names::blocks`].
    pub resources: FxHashMap<(DefId, Sym), u32>,
    /// Kinds of which loops make resources, whose names are known only when the loops have run.
    pub open_kinds: FxHashSet<DefId>,
    /// The fields that the use of a component passes to its children.
    pub passed: Vec<Sym>,
    /// The types of `let`s inside of bodies.
    pub(super) body_lets: FxHashMap<(TreeId, MemberId), Ty>,
    /// The schema of each top-level block, by index into [`crate::resolve::Names::blocks`].
    pub block_schema: Vec<Option<SchemaId>>,
    /// The context that a schema is, where it stages names or copies them.
    pub contexts: FxHashMap<SchemaId, SchemaId>,
    /// The contexts of the library, by schema.
    pub(super) served: FxHashMap<SchemaId, &'static super::engine::Served>,
    /// The records of parameters that generators give.
    pub parameters: Vec<super::parameters::Parameters>,
    /// Literals.
    pub constants: Vec<Constant>,
    /// The name of each `type`, and the first sentence of its doc.
    pub docs: FxHashMap<DefId, (Sym, String)>,
    /// Expressions that give data where something else is wanted: they are read as that when their value is known.
    pub shapes: FxHashMap<(TreeId, ExprId), Expectation>,
    /// What patterns of `match` that name a schema or kind ask for, by their number in the tree.
    pub patterns: FxHashMap<(TreeId, u32), IsTest>,
    exprs: Vec<Vec<Meaning>>,
    expr_tys: Vec<Vec<Ty>>,
    members: Vec<Vec<MemberMeaning>>,
}

/// A function's type.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Its parameters, in order.
    pub params: Vec<Parameter>,
    /// The result.
    pub result: Ty,
    /// Where the result's type stands.
    pub result_at: Span,
    /// The tree that it stands in.
    pub tree: TreeId,
    /// Its body; none where the compiler has it, or where the function calls itself.
    pub body: Option<ExprId>,
    /// Whether its body is the compiler's.
    pub is_extern: bool,
}

/// A parameter of a function.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Sym,
    /// Where that stands.
    pub at: Span,
    /// What it takes.
    pub ty: Ty,
    /// What it is where nothing is given: sees the parameters before it.
    pub default: Option<ExprId>,
}

impl Types {
    pub(super) fn sized(trees: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut types = Self::default();
        for (exprs, members) in trees {
            types.exprs.push(vec![Meaning::Plain; exprs]);
            types.expr_tys.push(vec![Tys::UNKNOWN; exprs]);
            types.members.push(vec![MemberMeaning::Nothing; members]);
        }
        types
    }

    /// What an expression means.
    pub fn meaning(&self, tree: TreeId, expr: ExprId) -> Meaning {
        let table = self.exprs.get(tree.0 as usize);
        table.and_then(|table| table.get(expr.index())).copied().unwrap_or_default()
    }

    /// The type of an expression.
    pub fn type_of_expr(&self, tree: TreeId, expr: ExprId) -> Ty {
        let table = self.expr_tys.get(tree.0 as usize);
        table.and_then(|table| table.get(expr.index())).copied().unwrap_or(Tys::UNKNOWN)
    }

    /// The type of an expression without its name, refinement and optionality.
    pub fn present_of(&self, tree: TreeId, expr: ExprId) -> Ty {
        self.tys.present(self.type_of_expr(tree, expr))
    }

    /// What a member means.
    pub fn member(&self, tree: TreeId, member: MemberId) -> MemberMeaning {
        let table = self.members.get(tree.0 as usize);
        table.and_then(|table| table.get(member.index())).copied().unwrap_or_default()
    }

    pub(super) fn set(&mut self, tree: TreeId, expr: ExprId, meaning: Meaning) {
        if let Some(cell) =
            self.exprs.get_mut(tree.0 as usize).and_then(|table| table.get_mut(expr.index()))
        {
            *cell = meaning;
        }
    }

    pub(super) fn set_type(&mut self, tree: TreeId, expr: ExprId, ty: Ty) {
        if let Some(cell) =
            self.expr_tys.get_mut(tree.0 as usize).and_then(|table| table.get_mut(expr.index()))
        {
            *cell = ty;
        }
    }

    pub(super) fn set_member(&mut self, tree: TreeId, member: MemberId, meaning: MemberMeaning) {
        if let Some(cell) =
            self.members.get_mut(tree.0 as usize).and_then(|table| table.get_mut(member.index()))
        {
            *cell = meaning;
        }
    }

    /// Whether a type asks for one exact version.
    pub fn is_exact(&self, mut ty: Ty) -> bool {
        loop {
            match self.tys.kind(ty) {
                TyKind::Refined(_, Refinement::Exact) => return true,
                TyKind::Refined(inner, _) | TyKind::Alias(_, inner) | TyKind::Optional(inner) => {
                    ty = *inner
                }
                _ => return false,
            }
        }
    }

    /// A schema.
    #[expect(clippy::indexing_slicing, reason = "ids are made by this table only")]
    pub fn schema(&self, id: SchemaId) -> &Schema {
        &self.schemas[id.0 as usize]
    }

    /// The maps whose entries are reached through the block that has them: what their entries are, and the slot and
    /// name of each map. Entries of another type than the first map's are reached through their map only.
    pub fn addressed(&self, schema: SchemaId) -> Option<(Ty, Vec<(u16, Sym)>)> {
        let mut entry = None;
        let mut maps = Vec::new();
        for (slot, field) in (0u16..).zip(&self.schema(schema).fields) {
            if field.marks.has(Marks::ADDRESSABLE)
                && let TyKind::Map(_, value) = *self.tys.core(field.ty)
                && *entry.get_or_insert(value) == value
            {
                maps.push((slot, field.name));
            }
        }
        entry.map(|entry| (entry, maps))
    }

    /// The slot of a schema's field.
    pub fn slot(&self, schema: SchemaId, name: Sym) -> Option<u16> {
        self.schema(schema).by_name.get(&name).copied()
    }
}
