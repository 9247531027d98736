//! Labels in `by (..)`, `on (..)` and `group_left (..)` that no series has.

use super::context::Cx;
use crate::diag::nearest;
use crate::embedded::promql::{BinaryOp, LabelName, NodeKind, Side};
use crate::metrics::errors;
use crate::metrics::infer::{LabelSet, Loss, LossKind, Presence, Shape, Typed};
use crate::metrics::problem::Place;
use crate::source::{Extent, Sym};

pub(super) fn check(cx: &mut Cx<'_, '_>) {
    let root = cx.root;
    root.walk(&mut |node, _| match (&node.node.kind, node.parts.as_slice()) {
        (NodeKind::Aggregate(aggregate), [of, ..]) => {
            let Some(grouping) = &aggregate.grouping else { return };
            if grouping.is_without {
                return;
            }
            for label in &grouping.labels {
                if let Some(loss) = gone(&of.ty.labels, label) {
                    tell(cx, "by", label, loss, of);
                }
            }
        }
        (NodeKind::Binary(binary), [left, right])
            if left.ty.shape == Shape::Vector && right.ty.shape == Shape::Vector =>
        {
            let Some(matching) = &binary.matching else { return };
            if matching.is_on && binary.op != BinaryOp::Or {
                for label in &matching.labels {
                    let here = gone(&left.ty.labels, label);
                    if let (Some(loss), Some(_)) = (here, gone(&right.ty.labels, label)) {
                        tell(cx, "on", label, loss, left);
                    }
                }
            }
            let Some((side, taken, _)) = &matching.group else { return };
            let one = if *side == Side::Left { right } else { left };
            for label in taken {
                if let Some(loss) = gone(&one.ty.labels, label) {
                    let lost_at = place(cx, loss, one);
                    let problem = errors::taken_label(
                        cx.at(label.at),
                        &label.name,
                        loss,
                        lost_at,
                        cx.at(one.node.at),
                    );
                    cx.push(problem);
                }
            }
        }
        _ => {}
    });
}

fn gone(labels: &LabelSet, label: &LabelName) -> Option<Loss> {
    match labels.presence(Sym::new(&label.name)) {
        Presence::Gone(loss, _) if !label.has_variable() && label.name != "__name__" => Some(loss),
        Presence::Gone(..) | Presence::Sure(_) | Presence::Possible(_) | Presence::Unknown => None,
    }
}

fn place(cx: &Cx<'_, '_>, loss: Loss, of: &Typed<'_>) -> Option<Place> {
    if loss.at == Extent::default() {
        return Some(cx.at(of.node.at));
    }
    Some(cx.at(loss.at))
}

fn tell(cx: &mut Cx<'_, '_>, word: &str, label: &LabelName, loss: Loss, of: &Typed<'_>) {
    let lost_at = place(cx, loss, of);
    let names = of.ty.labels.names();
    let near = match loss.kind {
        LossKind::NeverThere | LossKind::Recorded => nearest(&label.name, names),
        _ => None,
    };
    let problem = errors::grouping_label(cx.at(label.at), word, &label.name, loss, lost_at, near);
    cx.push(problem);
}
