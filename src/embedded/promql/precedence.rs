//! Operators by how strongly they bind.

use super::errors;
use super::problem::PromqlError;
use super::tree::{Binary, BinaryOp, Fill, Matching, Node, NodeKind};
use crate::source::Extent;

/// How many levels a tree may have: what is deeper than that nobody wrote, and every walk over a tree may recurse.
pub(super) const MOST_LEVELS: usize = 250;

/// An operator between two operands, with its modifiers.
pub(super) struct Operator {
    pub(super) op: BinaryOp,
    pub(super) at: Extent,
    pub(super) bool_at: Option<Extent>,
    pub(super) matching: Option<Matching>,
    pub(super) fill: Vec<Fill>,
}

/// An operand: the signs before it, and what they stand before.
pub(super) struct Operand {
    /// Whether each is a minus, and where it stands.
    pub(super) signs: Vec<(bool, Extent)>,
    pub(super) node: Node,
    /// How many levels the node has.
    pub(super) levels: usize,
}

const UNARY: u8 = 5;

const fn strength(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => 1,
        BinaryOp::And | BinaryOp::Unless => 2,
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Gt | BinaryOp::Lt | BinaryOp::Ge | BinaryOp::Le => {
            3
        }
        BinaryOp::Add | BinaryOp::Sub => 4,
        BinaryOp::Mul | BinaryOp::Div | BinaryOp::Mod | BinaryOp::Atan2 => UNARY,
        BinaryOp::Pow => 6,
    }
}

/// What waits for its right side.
enum Waiting {
    Binary(Node, usize, Operator),
    Sign(bool, Extent),
}

impl Waiting {
    const fn strength(&self) -> u8 {
        match self {
            Self::Binary(_, _, operator) => strength(operator.op),
            // A sign binds like a product: `-a ^ b` is `-(a ^ b)`, and `-a * b` is `(-a) * b`.
            Self::Sign(..) => UNARY,
        }
    }
}

/// The tree of a flat list of operands and operators, and its levels; an error where it has too many.
pub(super) fn tree(
    first: Operand,
    rest: Vec<(Operator, Operand)>,
) -> Result<(Node, usize), Box<PromqlError>> {
    let mut waiting: Vec<Waiting> = Vec::new();
    let (mut node, mut levels) = push(&mut waiting, first);
    for (operator, operand) in rest {
        let strength = strength(operator.op);
        while waiting.last().is_some_and(|last| {
            last.strength() > strength
                || (last.strength() == strength && operator.op != BinaryOp::Pow)
        }) {
            (node, levels) = close(waiting.pop(), node, levels)?;
        }
        waiting.push(Waiting::Binary(node, levels, operator));
        (node, levels) = push(&mut waiting, operand);
    }
    while let Some(last) = waiting.pop() {
        (node, levels) = close(Some(last), node, levels)?;
    }
    Ok((node, levels))
}

fn push(waiting: &mut Vec<Waiting>, operand: Operand) -> (Node, usize) {
    waiting.extend(operand.signs.into_iter().map(|(is_minus, at)| Waiting::Sign(is_minus, at)));
    (operand.node, operand.levels)
}

fn close(
    waiting: Option<Waiting>,
    right: Node,
    levels: usize,
) -> Result<(Node, usize), Box<PromqlError>> {
    let (node, levels, at) = match waiting {
        None => return Ok((right, levels)),
        Some(Waiting::Sign(is_minus, at)) => {
            let whole = Extent::new(at.start, right.at.end);
            let kind = NodeKind::Unary { is_minus, of: Box::new(right) };
            (Node { at: whole, kind }, levels + 1, at)
        }
        Some(Waiting::Binary(left, left_levels, operator)) => {
            let whole = Extent::new(left.at.start, right.at.end);
            let at = operator.at;
            let binary = Binary {
                op: operator.op,
                op_at: operator.at,
                left,
                right,
                bool_at: operator.bool_at,
                matching: operator.matching,
                fill: operator.fill,
            };
            let kind = NodeKind::Binary(Box::new(binary));
            (Node { at: whole, kind }, left_levels.max(levels) + 1, at)
        }
    };
    if levels > MOST_LEVELS {
        return Err(Box::new(errors::too_many(at, MOST_LEVELS)));
    }
    Ok((node, levels))
}
