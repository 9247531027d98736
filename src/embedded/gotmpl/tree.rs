//! The tree of a template.

use crate::source::Extent;

/// What a list of nodes holds.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Node {
    /// Text that means itself, without comments and what markers trim.
    Text(String),
    /// `{{ pipeline }}`.
    Print(Pipeline),
    /// `{{ if }}`, `{{ with }}`, `{{ range }}`.
    Branch(Branch),
    /// `{{ template "name" pipeline }}`.
    Template(Name, Option<Pipeline>),
}

/// A block with arms, up to its `{{ end }}`.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Branch {
    /// `if`, and every `else if`, in order.
    pub(super) arms: Vec<Arm>,
    /// What stands behind a bare `else`.
    pub(super) otherwise: Vec<Node>,
}

/// A condition and what it guards.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Arm {
    /// Its word.
    pub(super) word: Word,
    /// The condition; none where it cannot be read.
    pub(super) pipeline: Option<Pipeline>,
    /// What it guards.
    pub(super) body: Vec<Node>,
}

/// The word that opens an arm.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Word {
    /// `if`.
    If,
    /// `with`: the dot is the value.
    With,
    /// `range`: the dot is each element.
    Range,
}

impl Word {
    /// As it is written.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::With => "with",
            Self::Range => "range",
        }
    }
}

/// `{{ define "name" }}` or `{{ block "name" pipeline }}`: variables from around are not seen in it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Define {
    /// Its name.
    pub(super) name: Name,
    /// What it holds.
    pub(super) body: Vec<Node>,
}

/// A whole template.
#[derive(Clone, PartialEq, Default, Debug)]
pub(super) struct Tree {
    /// What it holds, outside of definitions.
    pub(super) nodes: Vec<Node>,
    /// Its definitions.
    pub(super) defines: Vec<Define>,
    /// Whether an action of it could not be read: then it may define and declare more than is known.
    pub(super) is_broken: bool,
    /// Whether it holds a `break` or `continue`, which have no nodes.
    pub(super) leaves: bool,
}

/// A name, and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Name {
    /// The name, without its dot, `$` or quotes; a variable keeps its `$`.
    pub(super) text: String,
    /// Its place.
    pub(super) at: Extent,
}

/// `$x := command | command`.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Pipeline {
    /// Its place.
    pub(super) at: Extent,
    /// What is declared or assigned.
    pub(super) declares: Option<Declares>,
    /// At least one.
    pub(super) commands: Vec<Command>,
}

/// `$x :=`, `$i, $x :=`, `$x =`.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Declares {
    /// One or two.
    pub(super) variables: Vec<Name>,
    /// Whether it is `=`.
    pub(super) assigns: bool,
}

/// A function and its arguments, or a lone value.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Command {
    /// Its place.
    pub(super) at: Extent,
    /// At least one.
    pub(super) operands: Vec<Operand>,
}

/// A value, and the fields that are read of it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Operand {
    /// Its place, fields included.
    pub(super) at: Extent,
    /// The value.
    pub(super) term: Term,
    /// The place of the value alone.
    pub(super) term_at: Extent,
    /// The fields.
    pub(super) fields: Vec<Name>,
}

/// A value.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Term {
    /// `.`, alone or before fields.
    Dot,
    /// `nil`.
    Nil,
    /// `true`.
    Bool,
    /// A number.
    Number(Number),
    /// A text, as it is read.
    Text(String),
    /// `$x`, with its `$`.
    Variable(String),
    /// A function's name.
    Function(String),
    /// `( .. )`.
    Pipeline(Box<Pipeline>),
}

/// What a constant number can be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Number {
    /// `3`, `0x1f`, `'a'`.
    Int,
    /// `1.0`: a fraction that is also taken where a whole number is wanted.
    WholeFloat,
    /// `0.5`.
    Float,
    /// `1i`.
    Complex,
}
