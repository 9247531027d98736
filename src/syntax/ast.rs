//! The one tree: arenas of nodes, addressed by number, never changed after parsing.
//!
//! A [`Tree`] holds one chunk of a file: a run of whole items. Its extents count from the chunk's
//! first byte, so that an unchanged chunk is used again wherever it moves. What it does not hold:
//! comments, blank lines, parentheses' blanks, docs' text (an extent says where a doc stands).
//! Every later fact lives in side tables by these numbers.

use super::expressions::{
    Arg, ByArm, ByBody, Clause, Expr, MatchArm, Pattern, Text, TextPart, TyNode, TypePath,
};
use super::members::{Body, Member, Param, Pick};
use crate::source::{Extent, Sym};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub struct $name(pub u32);
        impl $name {
            /// The number as an index.
            pub const fn index(self) -> usize { self.0 as usize }
        }
    )*};
}

ids! {
    /// An expression of a tree.
    ExprId,
    /// A type expression of a tree.
    TyId,
    /// A member or item of a tree.
    MemberId,
    /// A braced list of members of a tree.
    BodyId,
    /// A text literal of a tree.
    TextId,
}

/// A run of nodes in one of the tree's pools.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Slice {
    /// First index.
    pub start: u32,
    /// How many.
    pub len: u32,
}

impl Slice {
    /// The indices.
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }

    /// Whether it holds nothing.
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }
}

/// A name and where it stands. A quoted name (`"app.kubernetes.io/name"`) without holes is a name, too:
/// its extent includes the quotes, its symbol does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Name {
    /// The name.
    pub sym: Sym,
    /// Where.
    pub at: Extent,
}

/// One chunk of a file.
#[derive(Default, Debug)]
pub struct Tree {
    /// The items of the chunk, in order.
    pub items: Vec<MemberId>,
    /// Expressions.
    pub exprs: Vec<Expr>,
    /// Where each expression stands.
    pub expr_at: Vec<Extent>,
    /// Type expressions.
    pub types: Vec<TyNode>,
    /// Where each type expression stands.
    pub type_at: Vec<Extent>,
    /// Members and items.
    pub members: Vec<Member>,
    /// Bodies.
    pub bodies: Vec<Body>,
    /// Text literals.
    pub texts: Vec<Text>,
    /// Pool of members of bodies.
    pub member_pool: Vec<MemberId>,
    /// Pool of names: paths, alternatives of an arm.
    pub names: Vec<Name>,
    /// Pool of expressions: elements of lists.
    pub expr_pool: Vec<ExprId>,
    /// Pool of types: members of unions, type arguments.
    pub type_pool: Vec<TyId>,
    /// Pool of type paths: presets and bases of a block.
    pub paths: Vec<TypePath>,
    /// Pool of arguments of calls.
    pub args: Vec<Arg>,
    /// Pool of arms of `match`.
    pub match_arms: Vec<MatchArm>,
    /// Pool of patterns of arms.
    pub patterns: Vec<Pattern>,
    /// Pool of arms of `by` in expressions.
    pub by_arms: Vec<ByArm>,
    /// Pool of arms of `by` among members.
    pub by_bodies: Vec<ByBody>,
    /// Pool of parts of texts.
    pub parts: Vec<TextPart>,
    /// Pool of clauses of comprehensions.
    pub clauses: Vec<Clause>,
    /// Pool of parameters of functions.
    pub params: Vec<Param>,
    /// Pool of names picked by imports.
    pub picks: Vec<Pick>,
}
impl Tree {
    /// An expression.
    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs.get(id.index()).copied().unwrap_or(Expr::Error)
    }

    /// Where an expression stands.
    pub fn expr_extent(&self, id: ExprId) -> Extent {
        self.expr_at.get(id.index()).copied().unwrap_or_default()
    }

    /// A type expression.
    pub fn ty(&self, id: TyId) -> TyNode {
        self.types.get(id.index()).copied().unwrap_or(TyNode::Error)
    }

    /// Where a type expression stands.
    pub fn ty_extent(&self, id: TyId) -> Extent {
        self.type_at.get(id.index()).copied().unwrap_or_default()
    }
}

macro_rules! pools {
    ($($(#[$doc:meta])* $method:ident: $pool:ident -> $node:ty),* $(,)?) => {
        impl Tree {$(
            $(#[$doc])*
            pub fn $method(&self, slice: Slice) -> &[$node] {
                self.$pool.get(slice.range()).unwrap_or(&[])
            }
        )*}
    };
}
pools! {
    /// Names of a path or arm.
    names_of: names -> Name,
    /// Elements of a list.
    elements: expr_pool -> ExprId,
    /// Members of a union, or type arguments.
    types_of: type_pool -> TyId,
    /// Bases of a block.
    paths_of: paths -> TypePath,
    /// Arguments of a call.
    args_of: args -> Arg,
    /// Arms of a `match`.
    match_arms_of: match_arms -> MatchArm,
    /// Patterns of an arm.
    patterns_of: patterns -> Pattern,
    /// Arms of a `by` in an expression.
    by_arms_of: by_arms -> ByArm,
    /// Arms of a `by` among members.
    by_bodies_of: by_bodies -> ByBody,
    /// Parts of a text.
    parts_of: parts -> TextPart,
    /// Clauses of a comprehension.
    clauses_of: clauses -> Clause,
    /// Parameters of a function.
    params_of: params -> Param,
    /// Picks of an import.
    picks_of: picks -> Pick,
}

impl Tree {
    /// A member.
    #[expect(clippy::indexing_slicing, reason = "ids are made by this tree only")]
    pub fn member(&self, id: MemberId) -> &Member {
        &self.members[id.index()]
    }

    /// A body.
    #[expect(clippy::indexing_slicing, reason = "ids are made by this tree only")]
    pub fn body(&self, id: BodyId) -> &Body {
        &self.bodies[id.index()]
    }

    /// The members of a body.
    pub fn members_of(&self, id: BodyId) -> impl Iterator<Item = &Member> {
        let slice = self.body(id).members;
        self.member_pool.get(slice.range()).unwrap_or(&[]).iter().map(|&member| self.member(member))
    }

    /// The number of each member of a body.
    pub fn member_ids(&self, id: BodyId) -> &[MemberId] {
        self.member_pool.get(self.body(id).members.range()).unwrap_or(&[])
    }

    /// A text literal.
    #[expect(clippy::indexing_slicing, reason = "ids are made by this tree only")]
    pub fn text(&self, id: TextId) -> &Text {
        &self.texts[id.index()]
    }

    /// A name of the pool.
    #[expect(clippy::indexing_slicing, reason = "indices are made by this tree only")]
    pub fn name(&self, index: u32) -> Name {
        self.names[index as usize]
    }

    /// A type path of the pool.
    #[expect(clippy::indexing_slicing, reason = "indices are made by this tree only")]
    pub fn path(&self, index: u32) -> TypePath {
        self.paths[index as usize]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn nodes_stay_small() {
        assert_eq!(std::mem::size_of::<super::Expr>(), 16);
        assert_eq!(std::mem::size_of::<super::TextPart>(), 12);
    }
}
