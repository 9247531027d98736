//! Operators whose sides do not match.

use super::context::Cx;
use crate::embedded::promql::{Binary, BinaryOp, NodeKind, Side};
use crate::metrics::errors::{self, Difference, Sides};
use crate::metrics::infer::{LabelSet, LossKind, MismatchKind, Presence, Shape, Typed, impossible};
use crate::metrics::problem::Place;
use crate::source::Sym;

pub(super) fn check(cx: &mut Cx<'_, '_>) {
    let root = cx.root;
    root.walk(&mut |node, _| {
        let (NodeKind::Binary(binary), [left, right]) = (&node.node.kind, node.parts.as_slice())
        else {
            return;
        };
        if left.ty.shape != Shape::Vector || right.ty.shape != Shape::Vector {
            return;
        }
        match binary.op {
            BinaryOp::Or => {}
            BinaryOp::And | BinaryOp::Unless => {
                match_all(cx, binary, left, right);
            }
            _ => {
                if !match_all(cx, binary, left, right) {
                    many(cx, binary, left, right);
                }
            }
        }
    });
}

fn shown(labels: &LabelSet) -> String {
    let mut sure: Vec<&str> =
        labels.known().iter().filter(|it| it.is_sure).map(|it| it.name.as_str()).collect();
    sure.sort_unstable();
    let more = labels.is_open() || sure.len() < labels.known().len();
    format!("{{{}{}}}", sure.join(", "), if more { ", .." } else { "" })
}

fn match_all(cx: &mut Cx<'_, '_>, binary: &Binary, left: &Typed<'_>, right: &Typed<'_>) -> bool {
    let Some(mismatch) = impossible(binary, &left.ty.labels, &right.ty.labels) else {
        return false;
    };
    let place = |at| if at == crate::source::Extent::default() { None } else { Some(cx.at(at)) };
    let mut common: Vec<&'static str> = left
        .ty
        .labels
        .known()
        .iter()
        .filter(|label| !right.ty.labels.presence(label.name).is_gone())
        .filter(|label| {
            label.name != mismatch.label && is_key(label.name, &left.ty.labels, &right.ty.labels)
        })
        .map(|label| label.name.as_str())
        .collect();
    common.sort_unstable();
    let sides = Sides {
        op: binary.op.word(),
        op_at: cx.at(binary.op_at),
        left: cx.at(left.node.at),
        right: cx.at(right.node.at),
        shown: (shown(&left.ty.labels), shown(&right.ty.labels)),
        common,
    };
    let difference = match &mismatch.kind {
        MismatchKind::Missing(side, loss) => {
            let lost_at: Option<Place> = match loss.kind {
                LossKind::NeverThere | LossKind::Recorded | LossKind::FromNumber => None,
                _ => place(loss.at),
            };
            Difference::Missing(mismatch.label.as_str(), *side, *loss, lost_at)
        }
        MismatchKind::Differs(a, b) => {
            Difference::Values(a, b, a.decided.and_then(place), b.decided.and_then(place))
        }
    };
    let has_matching = binary.matching.is_some();
    let problem = if binary.op == BinaryOp::Unless {
        errors::unless_never(&sides, &difference, has_matching)
    } else {
        errors::match_impossible(&sides, &difference, has_matching, mismatch.is_proved, cx.usage)
    };
    cx.push(problem);
    true
}

/// Whether a label is one that both sides are told apart by.
fn is_key(name: Sym, left: &LabelSet, right: &LabelSet) -> bool {
    let is_sure = |set: &LabelSet| matches!(set.presence(name), Presence::Sure(_));
    // Of a closed side, every label counts.
    let closed = |set: &LabelSet| set.closed().is_some() && set.label(name).is_some();
    is_sure(left) && is_sure(right) || closed(left) || closed(right)
}

/// Series of a side that only differ in labels which do not count here.
fn many(cx: &mut Cx<'_, '_>, binary: &Binary, left: &Typed<'_>, right: &Typed<'_>) {
    let matching = binary.matching.as_ref();
    let group = matching.and_then(|matching| matching.group.as_ref());
    let taken = group.map_or(&[][..], |(_, taken, _)| taken.as_slice());
    let group = group.map(|(side, _, _)| *side);
    for (side, of) in [(Side::Left, left), (Side::Right, right)] {
        if group == Some(side) {
            continue;
        }
        let Some(key) = &of.ty.key else { continue };
        let Some(matching) = matching else { continue };
        let mut extra: Vec<&str> = key
            .iter()
            .filter(|name| match of.ty.labels.presence(**name) {
                Presence::Sure(label) | Presence::Possible(label) => label.values.only().is_none(),
                Presence::Unknown | Presence::Gone(..) => false,
            })
            .map(|name| name.as_str())
            // Labels that are taken over are thought to follow from what is matched.
            .filter(|name| !taken.iter().any(|label| label.name == *name))
            .filter(|name| {
                matching.labels.iter().any(|label| label.name == *name) != matching.is_on
            })
            .collect();
        if extra.is_empty() {
            continue;
        }
        extra.sort_unstable();
        let problem = errors::match_many(
            binary.op.word(),
            cx.at(binary.op_at),
            cx.at(of.node.at),
            Some(cx.at(matching.at)),
            &extra,
        );
        cx.push(problem);
        return;
    }
}
