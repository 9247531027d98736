//! The one tree: arenas of nodes, addressed by number, never changed after parsing.
//!
//! A [`Tree`] holds one chunk of a file: a run of whole items. Its extents count from the chunk's
//! first byte, so that an unchanged chunk is used again wherever it moves. What it does not hold:
//! comments, blank lines, parentheses' blanks, docs' text (an extent says where a doc stands).
//! Every later fact lives in side tables by these numbers.

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

/// An expression. Names are kept as written; what they mean is found by `resolve` and `types`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Expr {
    /// Could not be read; its error is reported.
    Error,
    /// `true`, `false`.
    Bool(bool),
    /// `none`: the open end of a range.
    None,
    /// A number or quantity: its text is the expression's extent (without a sign).
    Number,
    /// A text literal.
    Text(TextId),
    /// A name that starts with a small letter, or `inherited`.
    Name(Sym),
    /// An UpperCamel name, possibly with a module before it: `Docker`, `lib.Aws` (index into [`Tree::paths`]).
    TypeName(u32),
    /// `self`.
    SelfBlock,
    /// `outer`.
    Outer,
    /// `here`.
    Here,
    /// `all Cluster` (index into [`Tree::paths`]).
    All(u32),
    /// `base.name`, `base?.name`, `base."name"` (name: index into [`Tree::names`]).
    Field {
        /// What it is read from.
        base: ExprId,
        /// The field.
        name: u32,
        /// Whether `?.` stands before it.
        optional: bool,
    },
    /// `base[index]`.
    Index {
        /// What is indexed.
        base: ExprId,
        /// The index or key.
        index: ExprId,
    },
    /// `callee(args)` (args in [`Tree::args`]).
    Call {
        /// What is called.
        callee: ExprId,
        /// First argument.
        start: u32,
        /// How many.
        len: u32,
    },
    /// `-x`, `!x`.
    Unary {
        /// The operator.
        op: UnaryOp,
        /// Its operand.
        operand: ExprId,
    },
    /// `a op b`.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Left operand.
        left: ExprId,
        /// Right operand.
        right: ExprId,
    },
    /// `if condition then yes else no`.
    If {
        /// The condition.
        condition: ExprId,
        /// Its value when true.
        yes: ExprId,
        /// Its value when false.
        no: ExprId,
    },
    /// `match subject { arms }` (arms in [`Tree::match_arms`]).
    Match {
        /// What is matched.
        subject: ExprId,
        /// First arm.
        start: u32,
        /// How many.
        len: u32,
    },
    /// `by axis { arms }` (axis: index into [`Tree::names`]; arms in [`Tree::by_arms`]).
    By {
        /// `environment` or `cluster`.
        axis: u32,
        /// First arm.
        start: u32,
        /// How many.
        len: u32,
    },
    /// `[a, b, ...c]` (elements in [`Tree::expr_pool`]; a spread is an [`Expr::Spread`]).
    List(Slice),
    /// `[value for x in xs if c]` (clauses in [`Tree::clauses`]).
    ListFor {
        /// What each turn gives.
        value: ExprId,
        /// First clause.
        start: u32,
        /// How many.
        len: u32,
    },
    /// `{ .. }` or `Docker { .. }` (base: index into [`Tree::paths`], [`NO_BASE`] without one).
    Record {
        /// The schema or preset named before the brace.
        base: u32,
        /// What stands between the braces.
        body: BodyId,
    },
    /// `(x)`.
    Paren(ExprId),
    /// `...x`, only as an element, argument or member's value.
    Spread(ExprId),
}

/// No schema is named before the brace of a record.
pub const NO_BASE: u32 = u32::MAX;

/// Operators before an operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `-`.
    Negate,
    /// `!`.
    Not,
}

/// Operators between operands, from loosest to tightest.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BinaryOp {
    /// `??`.
    Otherwise,
    /// `||`.
    Or,
    /// `&&`.
    And,
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterEqual,
    /// `in`.
    In,
    /// `is` (the right operand is a [`Expr::TypeName`] or the name `absent`).
    Is,
    /// `..`.
    Range,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Remainder,
}

impl BinaryOp {
    /// How it is written.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Otherwise => "??",
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "in",
            Self::Is => "is",
            Self::Range => "..",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

/// An argument of a call.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Arg {
    /// The parameter's name, if it is said.
    pub name: Option<Name>,
    /// The value.
    pub value: ExprId,
}

/// An arm of `match` (patterns in [`Tree::patterns`]).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MatchArm {
    /// `a | b`.
    pub patterns: Slice,
    /// What it gives.
    pub value: ExprId,
}

/// What an arm of `match` takes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Pattern {
    /// `_`.
    Any(Extent),
    /// A text, number, or reference.
    Value(ExprId),
    /// `Docker`, `Docker d` (path: index into [`Tree::paths`]).
    Member {
        /// The union's member.
        path: u32,
        /// The name that the value gets.
        bind: Option<Name>,
    },
}

/// An arm of `by` in an expression (names in [`Tree::names`]; the name `else` takes the rest).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ByArm {
    /// `dev | staging`.
    pub names: Slice,
    /// The value there.
    pub value: ExprId,
}

/// An arm of `by` among members (names in [`Tree::names`]; the name `else` takes the rest).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ByBody {
    /// `dev | staging`.
    pub names: Slice,
    /// The members there.
    pub body: BodyId,
}

/// A clause of a comprehension.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Clause {
    /// `for x in xs`, `for k, v in m`.
    For {
        /// The key's name, where two are given.
        key: Option<Name>,
        /// The value's name.
        value: Name,
        /// What is walked.
        source: ExprId,
    },
    /// `if c`.
    If(ExprId),
}

/// A path that ends in an UpperCamel name: `Docker`, `k8s.apps.v1.Deployment` (names in [`Tree::names`]).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct TypePath {
    /// The segments, the last of which is the type.
    pub names: Slice,
    /// The whole path.
    pub at: Extent,
}

/// A text literal (parts in [`Tree::parts`]).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Text {
    /// With quotes and fence.
    pub at: Extent,
    /// How it is written.
    pub form: TextForm,
    /// The language word of a fence; empty otherwise.
    pub language: Sym,
    /// What it holds: verbatim pieces, escaped characters, holes. A margin is between pieces.
    pub parts: Slice,
}

/// How a text is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextForm {
    /// `"..."`.
    Quoted,
    /// `"""` with lines.
    Block,
    /// `` `...` ``.
    Raw,
    /// Three or more backticks with lines.
    Fence,
    /// `#"..."#`.
    HashQuoted,
    /// `` #`...`# ``.
    HashRaw,
    /// `` #```...```# `` with lines.
    HashFence,
}

/// A piece of a text.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum TextPart {
    /// Source bytes that mean themselves.
    Verbatim(Extent),
    /// An escape (`\n`, `\u{1F600}`) and the character it stands for.
    Escape(char, Extent),
    /// `\(expr)`.
    Hole(ExprId),
}

/// A type expression.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum TyNode {
    /// Could not be read; its error is reported.
    Error,
    /// `Int`, `Int(1..7)`, `Range<Cpu>`, `lib.Base` (path: index into [`Tree::paths`]; arguments in [`Tree::type_pool`]).
    Named {
        /// The name.
        path: u32,
        /// `<..>`.
        args: Slice,
        /// `(..)`.
        refine: Refine,
    },
    /// `"deny"`.
    Literal(TextId),
    /// `[T]`, `[T](1..)`.
    List(TyId, Refine),
    /// `{K: V}`.
    Map(TyId, TyId, Refine),
    /// `T?`.
    Optional(TyId),
    /// `A | B` (in [`Tree::type_pool`]).
    Union(Slice),
    /// `later T`.
    Later(TyId),
}

/// What stands in parentheses behind a type.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Refine {
    /// Nothing.
    None,
    /// `(1..7)`, `(..63)`, `(1m..)`.
    Range {
        /// Lower bound.
        low: Option<ExprId>,
        /// Upper bound.
        high: Option<ExprId>,
    },
    /// A pattern: `` String(`[a-z]+`) ``.
    Pattern(TextId),
    /// A word: `Version(exact)`.
    Word(Name),
}

/// A braced list of members (in [`Tree::member_pool`]).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Body {
    /// With its braces; of a file, the whole file.
    pub at: Extent,
    /// What it holds, in order.
    pub members: Slice,
    /// Whether a part of it could not be read: then 'field missing' is silent.
    pub broken: bool,
}

/// Words before a member, as a set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Marks(pub u16);

macro_rules! marks {
    ($($name:ident = $bit:expr, $word:literal;)*) => {
        impl Marks {
            $(#[doc = concat!("`", $word, "`.")] pub const $name: Self = Self(1 << $bit);)*
            /// Every mark with its word.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$name, $word)),*];
        }
    };
}
marks! {
    OVERRIDE = 0, "override";
    FINAL = 1, "final";
    PRIVATE = 2, "private";
    EXTERNAL = 3, "external";
    NEW = 4, "new";
    OUT = 5, "out";
    KEY = 6, "key";
    SINGLE = 7, "single";
    ADDRESSABLE = 8, "addressable";
    DECLARED = 9, "declared";
    EXTERN = 10, "extern";
    STAGED = 11, "staged";
    FACT = 12, "fact";
    PARAM = 13, "param";
}

impl Marks {
    /// Whether all marks of `other` are set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A member of a body, or an item of a file.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Member {
    /// All of it, marks included, docs and trailing comments not.
    pub at: Extent,
    /// The words before it.
    pub marks: Marks,
    /// Where the marks stand; empty without any.
    pub marks_at: Extent,
    /// The `///` lines above it; empty without any.
    pub doc: Extent,
    /// `because "..."`.
    pub because: Option<TextId>,
    /// What it is.
    pub kind: MemberKind,
}

/// The key of a block: `workers general { }`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Key {
    /// No key: `control-plane { }`.
    None,
    /// A name, quoted or not, without holes.
    Name(Name),
    /// A quoted name with holes: `namespace "team-\(t)" { }`.
    Text(TextId),
    /// `*`.
    Star(Extent),
}

/// What a member is. Items (import, schema, ..) and members share this type: where each may stand is
/// decided by `resolve`, with a diagnostic.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum MemberKind {
    /// Could not be read; its error is reported.
    Error,
    /// `a.b = value`, `a += value` (path in [`Tree::names`]).
    Set {
        /// The path.
        path: Slice,
        /// Whether `+=`.
        append: bool,
        /// The value.
        value: ExprId,
    },
    /// `field { }`, `a.b { }`, `field key { }`, `kind name : Base { }` (path in [`Tree::names`], bases in [`Tree::paths`]).
    Block {
        /// The field or kind; a path of several names only without a key.
        path: Slice,
        /// The entry's or resource's name.
        key: Key,
        /// What it is: a union's member first, then presets.
        bases: Slice,
        /// What it holds.
        body: BodyId,
    },
    /// `[key] = value` in a map.
    Computed {
        /// The key.
        key: ExprId,
        /// The value.
        value: ExprId,
    },
    /// `[key] = value for k, v in m if c` as the only member of a map (clauses in [`Tree::clauses`]).
    Comprehension {
        /// The key.
        key: ExprId,
        /// The value.
        value: ExprId,
        /// The clauses.
        clauses: Slice,
    },
    /// `...base`.
    Spread(ExprId),
    /// `remove a.b` (path in [`Tree::names`]).
    Remove {
        /// The path.
        path: Slice,
    },
    /// `by environment { dev { } prod { } }` (axis: index into [`Tree::names`]; arms in [`Tree::by_bodies`]).
    By {
        /// `environment` or `cluster`.
        axis: u32,
        /// The arms.
        arms: Slice,
    },
    /// `for x in xs { }`, `for k, v in m { }`.
    For {
        /// The key's name, where two are given.
        key: Option<Name>,
        /// The value's name.
        value: Name,
        /// What is walked.
        source: ExprId,
        /// What it repeats.
        body: BodyId,
    },
    /// `if c { } else { }`; an `else if` is a body with one `if`.
    If {
        /// The condition.
        condition: ExprId,
        /// Its members when true.
        then: BodyId,
        /// Its members when false.
        other: Option<BodyId>,
    },
    /// `let x: T = value`.
    Let {
        /// The name.
        name: Name,
        /// Its type, if said.
        ty: Option<TyId>,
        /// Its value.
        value: ExprId,
    },
    /// `check c else "..."`, `warn c else "..."`.
    Check {
        /// The condition that must hold.
        condition: ExprId,
        /// What to say when it does not.
        message: TextId,
        /// Whether it only warns.
        warn: bool,
    },
    /// `allow(code) because "..."` (the reason is the member's).
    Allow {
        /// `room/slug`.
        code: Name,
    },
    /// `assert c else "..."`.
    Assert {
        /// The condition.
        condition: ExprId,
        /// What to say when it does not hold.
        message: Option<TextId>,
    },
    /// `expect error code in { }`.
    Expect {
        /// `room/slug`.
        code: Name,
        /// The wrong program.
        body: BodyId,
    },
    /// `patch k8s.apps.v1.Deployment "name" { }` (path: index into [`Tree::paths`]).
    Patch {
        /// The object's type.
        path: u32,
        /// The object's name.
        name: Option<TextId>,
        /// The amendments.
        body: BodyId,
    },
    /// `replicas: Int(0..) = 3` in a schema or component.
    Field {
        /// The name.
        name: Name,
        /// The type.
        ty: TyId,
        /// The default.
        default: Option<ExprId>,
    },
    /// `import std.sizes.{Small, Large as Big}`, `import ./teams/payments as p` (path in [`Tree::names`], picks in [`Tree::picks`]).
    Import {
        /// How many folders up a relative path starts (`./` is 1, `../` is 2); 0 for a module path.
        up: u32,
        /// The segments.
        path: Slice,
        /// What is taken, if it is said.
        picks: Option<Slice>,
        /// The name it gets.
        alias: Option<Name>,
    },
    /// `type A = ..`.
    Type {
        /// The name.
        name: Name,
        /// What it means.
        ty: TyId,
    },
    /// `schema A extends B { }` (extends: index into [`Tree::paths`]).
    Schema {
        /// The name.
        name: Name,
        /// What it copies.
        extends: Option<u32>,
        /// Its fields.
        body: BodyId,
    },
    /// `kind A { }`, `kind A = B | C`.
    Kind {
        /// The name.
        name: Name,
        /// What it copies.
        extends: Option<u32>,
        /// Its members, or its fields.
        is: KindBody,
    },
    /// `preset A for K : B { }`.
    Preset {
        /// The name.
        name: Name,
        /// The kind or schema (index into [`Tree::paths`]).
        subject: u32,
        /// The presets it builds on (in [`Tree::paths`]).
        bases: Slice,
        /// What it sets.
        body: BodyId,
    },
    /// `component A { }`.
    Component {
        /// The name.
        name: Name,
        /// Inputs, blocks and outputs.
        body: BodyId,
    },
    /// `fn f(a: T) -> R = value` (parameters in [`Tree::params`]).
    Fn {
        /// The name.
        name: Name,
        /// The parameters.
        params: Slice,
        /// The result.
        result: TyId,
        /// The body; `extern` functions have none.
        value: Option<ExprId>,
    },
    /// `test "..." { }`.
    Test {
        /// What it shows.
        name: TextId,
        /// Assertions.
        body: BodyId,
    },
}

/// What a kind is made of.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum KindBody {
    /// Fields of its own.
    Fields(BodyId),
    /// A union of schemas.
    Union(TyId),
}

/// A parameter of a function.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Param {
    /// The name.
    pub name: Name,
    /// Its type.
    pub ty: TyId,
    /// Its default.
    pub default: Option<ExprId>,
}

/// A name that an import picks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pick {
    /// The name there.
    pub name: Name,
    /// The name here.
    pub alias: Option<Name>,
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
