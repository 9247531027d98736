//! Formulas that depend on nothing around them: computed once a run, not once a block.

use crate::resolve::{Names, TreeId};
use crate::syntax::{BodyId, Expr, ExprId, MemberKind, TextPart};
use crate::types::{Meaning, Types};

/// Whether a formula gives the same value wherever it stands. References are left out: each use is an
/// edge of its own.
pub(super) fn is_closed(names: &Names, types: &Types, tree: TreeId, expr: ExprId) -> bool {
    match types.meaning(tree, expr) {
        Meaning::Constant(_) | Meaning::All(_) => return true,
        Meaning::Plain | Meaning::Record(_) | Meaning::Map => {}
        _ => return false,
    }
    let nodes = &names.tree(tree).tree;
    let closed = |expr: ExprId| is_closed(names, types, tree, expr);
    match nodes.expr(expr) {
        Expr::Bool(_) | Expr::None => true,
        Expr::Text(text) => nodes.parts_of(nodes.text(text).parts).iter().all(|part| match *part {
            TextPart::Verbatim(_) | TextPart::Escape(..) => true,
            TextPart::Hole(hole) => closed(hole),
        }),
        Expr::Paren(inner) | Expr::Unary { operand: inner, .. } => closed(inner),
        Expr::List(elements) => nodes.elements(elements).iter().all(|&element| closed(element)),
        Expr::Binary { left, right, .. } => closed(left) && closed(right),
        Expr::Record { body, .. } => is_closed_body(names, types, tree, body),
        _ => false,
    }
}

fn is_closed_body(names: &Names, types: &Types, tree: TreeId, body: BodyId) -> bool {
    let nodes = &names.tree(tree).tree;
    nodes.members_of(body).all(|member| match member.kind {
        MemberKind::Set { value, .. } => is_closed(names, types, tree, value),
        MemberKind::Block { body, .. } => is_closed_body(names, types, tree, body),
        _ => false,
    })
}
