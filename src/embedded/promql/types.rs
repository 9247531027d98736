//! What a part of a query is: a number, series, ranges of series, or a text.

use super::functions::function;
use super::tree::{Node, NodeKind};

/// What a part of a query is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ValueType {
    /// A number.
    Scalar,
    /// A value a series, at one moment.
    Vector,
    /// Values a series, over a span of time.
    Range,
    /// A text.
    Text,
    /// What a variable of Grafana or a hole gives, which is known later.
    Unknown,
}

impl ValueType {
    /// The words for it, as in the documentation of Prometheus.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Scalar => "a scalar",
            Self::Vector => "an instant vector",
            Self::Range => "a range vector",
            Self::Text => "a text",
            Self::Unknown => "a variable",
        }
    }

    /// Whether a value may stand where `wanted` is wanted.
    pub fn fits(self, wanted: Self) -> bool {
        self == wanted || self == Self::Unknown || wanted == Self::Unknown
    }
}

/// What a part of a query is. Mistakes inside of it change nothing.
pub fn value_type(node: &Node) -> ValueType {
    match &node.kind {
        NodeKind::Number(_) => ValueType::Scalar,
        NodeKind::Text(_) => ValueType::Text,
        NodeKind::Selector(selector) if selector.range.is_some() => ValueType::Range,
        NodeKind::Selector(_) | NodeKind::Aggregate(_) => ValueType::Vector,
        NodeKind::Subquery(_) => ValueType::Range,
        NodeKind::Unary { of, .. } | NodeKind::Parens(of) => value_type(of),
        NodeKind::Binary(binary) if binary.op.is_set() => ValueType::Vector,
        NodeKind::Binary(binary) => match (value_type(&binary.left), value_type(&binary.right)) {
            (ValueType::Vector, _) | (_, ValueType::Vector) => ValueType::Vector,
            (ValueType::Unknown, _) | (_, ValueType::Unknown) => ValueType::Unknown,
            (ValueType::Scalar, ValueType::Scalar) => ValueType::Scalar,
            // Refused where it stands; a vector is what the rest can live with.
            (ValueType::Scalar | ValueType::Range | ValueType::Text, _) => ValueType::Vector,
        },
        NodeKind::Call(call) => {
            function(&call.name).map_or(ValueType::Unknown, |function| function.gives)
        }
        NodeKind::Variable(_) => ValueType::Unknown,
    }
}
