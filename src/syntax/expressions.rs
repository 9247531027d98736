//! Nodes that stand for values: expressions, their operators, arms and clauses, texts, and type expressions.

use super::ast::{BodyId, ExprId, Name, Slice, TextId, TyId};
use crate::source::{Extent, Sym};

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
    /// An UpperCamel name that stands alone: `Docker` (index into [`Tree::paths`]). What stands behind a dot is a field,
    /// whatever its letters: `lib.Aws`, `alerts.etcd.NoLeader`.
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
    /// `is` (the right operand writes a type's path, or the name `absent`).
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
    /// All, from what binds least.
    pub const ALL: [Self; 17] = [
        Self::Otherwise,
        Self::Or,
        Self::And,
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessEqual,
        Self::Greater,
        Self::GreaterEqual,
        Self::In,
        Self::Is,
        Self::Range,
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::Remainder,
    ];

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

impl TextForm {
    /// How a text is written in a literal of this form.
    pub fn written(self, text: &str) -> String {
        match self {
            Self::Quoted => text.replace('\\', "\\\\").replace('"', "\\\""),
            Self::Block => text.replace('\\', "\\\\"),
            Self::Raw | Self::HashQuoted | Self::HashRaw | Self::Fence | Self::HashFence => {
                text.to_owned()
            }
        }
    }
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
    /// `later T`, `later T of Alert` (context: index into [`Tree::paths`], [`NO_BASE`] where the schema around is meant).
    Later {
        /// What it is when it is known.
        of: TyId,
        /// What it belongs to.
        context: u32,
    },
    /// `labels-of(expr)`: a record whose fields are computed from a field of the same block.
    Computed {
        /// What computes it.
        function: Name,
        /// From which field.
        field: Name,
    },
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
