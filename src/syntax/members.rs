//! Nodes that stand in bodies and files: members, items, and what only they hold.

use super::ast::{BodyId, ExprId, Name, Slice, TextId, TyId};
use crate::source::Extent;

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
