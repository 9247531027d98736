//! Operators: which series match, and what the result's labels are.

use super::Typed;
use super::labels::{Label, LabelSet, Loss, LossKind, Origin, Presence};
use super::ty::{Domain, Empties, Inferred, Kind, Part, Shape};
use super::unit::Unit;
use crate::embedded::promql::{Binary, BinaryOp, LabelName, Matching, Node, Side};
use crate::source::{Extent, Sym};

/// Why no series of one side matches one of the other.
#[derive(Clone, PartialEq, Debug)]
pub struct Mismatch {
    /// The label that differs.
    pub label: Sym,
    /// How.
    pub kind: MismatchKind,
    /// Whether that is proved, or only likely.
    pub is_proved: bool,
}

/// How a label differs.
#[derive(Clone, PartialEq, Debug)]
pub enum MismatchKind {
    /// Every series of this side has it, none of the other one: where it was lost there.
    Missing(Side, Loss),
    /// Each side wants its own values.
    Differs(Label, Label),
}

/// Whether no series of both sides can match.
pub fn impossible(binary: &Binary, left: &LabelSet, right: &LabelSet) -> Option<Mismatch> {
    if !binary.fill.is_empty() {
        return None;
    }
    let names = left.known().iter().chain(right.known()).map(|label| label.name);
    let mut likely = None;
    for name in names.filter(|name| is_matched(binary.matching.as_ref(), *name)) {
        let kind = match (left.presence(name), right.presence(name)) {
            (Presence::Sure(_), Presence::Gone(loss, is_proved)) => {
                (MismatchKind::Missing(Side::Left, loss), is_proved)
            }
            (Presence::Gone(loss, is_proved), Presence::Sure(_)) => {
                (MismatchKind::Missing(Side::Right, loss), is_proved)
            }
            (Presence::Sure(a), Presence::Sure(b) | Presence::Possible(b))
            | (Presence::Possible(a), Presence::Sure(b))
                if a.values.are_disjoint(&b.values) =>
            {
                let is_written = a.decided.is_some() && b.decided.is_some();
                (MismatchKind::Differs(a.clone(), b.clone()), is_written)
            }
            // A label of the metric itself, which is empty in few of its series.
            (Presence::Possible(label), Presence::Gone(loss, true))
                if binary.matching.is_none() && is_seldom_empty(label, loss) =>
            {
                (MismatchKind::Missing(Side::Left, loss), false)
            }
            (Presence::Gone(loss, true), Presence::Possible(label))
                if binary.matching.is_none() && is_seldom_empty(label, loss) =>
            {
                (MismatchKind::Missing(Side::Right, loss), false)
            }
            _ => continue,
        };
        let (kind, is_proved) = kind;
        let found = Mismatch { label: name, kind, is_proved };
        if is_proved {
            return Some(found);
        }
        likely.get_or_insert(found);
    }
    likely
}

fn is_seldom_empty(label: &Label, loss: Loss) -> bool {
    let is_plain = matches!(
        loss.kind,
        LossKind::By
            | LossKind::Aggregated
            | LossKind::On
            | LossKind::NeverThere
            | LossKind::Recorded
    );
    label.origin == Origin::Metric && is_plain
}

fn is_matched(matching: Option<&Matching>, name: Sym) -> bool {
    let Some(matching) = matching else { return true };
    let is_named = matching.labels.iter().any(|label| label.name == name.as_str());
    is_named == matching.is_on
}

fn syms(labels: &[LabelName]) -> Vec<Sym> {
    labels.iter().map(|label| Sym::new(&label.name)).collect()
}

/// The type of an operation.
pub(super) fn infer(node: &Node, binary: &Binary, left: &Typed<'_>, right: &Typed<'_>) -> Inferred {
    match (left.ty.shape, right.ty.shape) {
        (Shape::Vector, Shape::Vector) if binary.op.is_set() => set(binary, left, right),
        (Shape::Vector, Shape::Vector) => vectors(binary, left, right),
        (Shape::Vector, Shape::Scalar) => with_number(binary, &left.ty, &right.ty, true),
        (Shape::Scalar, Shape::Vector) => with_number(binary, &right.ty, &left.ty, false),
        (Shape::Scalar, Shape::Scalar) => {
            let number = left.ty.number.zip(right.ty.number);
            let number = number.and_then(|(left, right)| binary.op.on_numbers(left, right));
            let unit = combined(binary.op, &left.ty, &right.ty);
            Inferred { unit, ..Inferred::scalar(number, node.at) }
        }
        // A variable is a number, or any series.
        (Shape::Unknown, Shape::Vector) | (Shape::Vector, Shape::Unknown) => {
            Inferred::unknown(Shape::Vector)
        }
        (Shape::Scalar | Shape::Unknown, Shape::Unknown) | (Shape::Unknown, Shape::Scalar) => {
            Inferred::unknown(Shape::Unknown)
        }
        (Shape::Scalar | Shape::Vector | Shape::Range | Shape::Text | Shape::Unknown, _) => {
            Inferred::unknown(Shape::Vector)
        }
    }
}

fn set(binary: &Binary, left: &Typed<'_>, right: &Typed<'_>) -> Inferred {
    let (a, b) = (&left.ty, &right.ty);
    match binary.op {
        BinaryOp::Or => Inferred {
            labels: a.labels.union(&b.labels),
            kind: if a.kind == b.kind { a.kind } else { Kind::Unknown },
            is_kind_sure: a.is_kind_sure && b.is_kind_sure,
            part: if a.part == b.part { a.part } else { Part::Value },
            unit: if a.unit == b.unit || b.number.is_some() { a.unit } else { Unit::UNKNOWN },
            domain: joined(a, b),
            has_name: a.has_name || b.has_name,
            empties: a.empties.either(b.empties),
            number: None,
            key: a.key.clone().filter(|key| Some(key) == b.key.as_ref() || b.number.is_some()),
            metric: a.metric.filter(|metric| Some(*metric) == b.metric),
            is_summed: a.is_summed && b.is_summed,
            shape: Shape::Vector,
        },
        BinaryOp::And => {
            let mut ty = a.clone();
            for label in b.labels.known() {
                if label.is_sure && is_matched(binary.matching.as_ref(), label.name) {
                    let of = match ty.labels.presence(label.name) {
                        Presence::Sure(of) | Presence::Possible(of) => of.clone(),
                        Presence::Unknown => label.clone(),
                        Presence::Gone(..) => continue,
                    };
                    let values = of.values.meet(&label.values);
                    ty.labels.put(Label { is_sure: true, values, ..of });
                }
            }
            ty.empties = Empties::Filtered(binary.op_at);
            if impossible(binary, &a.labels, &b.labels).is_some() {
                ty.labels = LabelSet::open();
            }
            ty
        }
        _ => Inferred { empties: Empties::Filtered(binary.op_at), ..a.clone() },
    }
}

fn joined(a: &Inferred, b: &Inferred) -> Domain {
    if a.domain == b.domain {
        return a.domain;
    }
    let least = |ty: &Inferred| ty.number.unwrap_or_else(|| ty.domain.bounds().0);
    if least(a) >= 0.0 && least(b) >= 0.0 { Domain::NotNegative } else { Domain::Any }
}

fn vectors(binary: &Binary, left: &Typed<'_>, right: &Typed<'_>) -> Inferred {
    let (a, b) = (&left.ty, &right.ty);
    let matching = binary.matching.as_ref();
    let filters = binary.op.is_comparison() && binary.bool_at.is_none();
    let many = matching.and_then(|matching| matching.group.as_ref());
    let mut key = None;
    let labels = match (matching, many) {
        (Some(matching), Some((side, taken, group_at))) => {
            let (many, one, one_at) = match side {
                Side::Left => (a, b, right.node.at),
                Side::Right => (b, a, left.node.at),
            };
            key = many.key.clone();
            let mut labels = many.labels.clone();
            agree(&mut labels, &one.labels, matching, one_at);
            for name in syms(taken) {
                match one.labels.presence(name) {
                    Presence::Sure(label) | Presence::Possible(label) => labels.put(label.clone()),
                    Presence::Unknown => labels.loosen(name),
                    Presence::Gone(_, is_proved) => {
                        let loss = Loss { at: *group_at, kind: LossKind::NotTaken };
                        labels.lose(name, loss, is_proved);
                    }
                }
            }
            if taken.iter().any(LabelName::has_variable) {
                labels.open_up();
            }
            labels
        }
        (Some(matching), None) => {
            let mut labels = a.labels.clone();
            let names = syms(&matching.labels);
            if matching.labels.iter().any(LabelName::has_variable) {
                LabelSet::open()
            } else if matching.is_on {
                agree(&mut labels, &b.labels, matching, right.node.at);
                labels.keep(&names, Loss { at: matching.at, kind: LossKind::On });
                key = Some(names.into());
                labels
            } else {
                labels.restrict(&b.labels, right.node.at, &names);
                labels.drop_all(&names, Loss { at: matching.at, kind: LossKind::Ignoring });
                labels
            }
        }
        (None, _) => {
            let mut labels = a.labels.clone();
            labels.restrict(&b.labels, right.node.at, &[]);
            key = a.key.clone().or_else(|| b.key.clone());
            labels
        }
    };
    // What is wrong is said at the operator: nothing follows from it.
    let is_impossible = impossible(binary, &a.labels, &b.labels).is_some();
    let labels = if is_impossible { LabelSet::open() } else { labels };
    let is_one_to_one = many.is_none();
    let is_on = matching.is_some_and(|matching| matching.is_on);
    let unit = if filters { a.unit } else { combined(binary.op, a, b) };
    Inferred {
        shape: Shape::Vector,
        labels,
        kind: if filters { a.kind } else { arithmetic(binary.op, a, b) },
        is_kind_sure: a.is_kind_sure && (filters || b.is_kind_sure),
        part: if filters { a.part } else { Part::Value },
        unit,
        domain: if filters { a.domain } else { domain(binary, a, b) },
        has_name: filters && a.has_name && !(is_one_to_one && is_on),
        empties: if filters { Empties::Filtered(binary.op_at) } else { a.empties.both(b.empties) },
        number: None,
        key,
        metric: if filters { a.metric } else { None },
        is_summed: a.is_summed || b.is_summed,
    }
}

/// Labels that both sides must have equal, as `on (..)` says: what the other side knows of them.
fn agree(labels: &mut LabelSet, other: &LabelSet, matching: &Matching, other_at: Extent) {
    let names: Vec<Sym> = labels
        .known()
        .iter()
        .map(|label| label.name)
        .chain(syms(&matching.labels))
        .filter(|name| is_matched(Some(matching), *name))
        .collect();
    for name in names {
        match other.presence(name) {
            Presence::Gone(_, is_proved) => {
                labels.lose(name, Loss { at: other_at, kind: LossKind::OtherSide }, is_proved);
            }
            Presence::Sure(twin) => {
                let label = match labels.presence(name) {
                    Presence::Sure(label) | Presence::Possible(label) => Label {
                        is_sure: true,
                        values: label.values.meet(&twin.values),
                        ..label.clone()
                    },
                    Presence::Unknown => twin.clone(),
                    Presence::Gone(..) => continue,
                };
                labels.put(label);
            }
            Presence::Possible(_) | Presence::Unknown => {}
        }
    }
}

/// A vector and a number; `is_left` if the vector stands on the left.
fn with_number(binary: &Binary, vector: &Inferred, number: &Inferred, is_left: bool) -> Inferred {
    if binary.op.is_set() {
        return Inferred::unknown(Shape::Vector);
    }
    if binary.op.is_comparison() && binary.bool_at.is_none() {
        return Inferred {
            empties: Empties::Filtered(binary.op_at),
            number: None,
            ..vector.clone()
        };
    }
    let (a, b) = if is_left { (vector, number) } else { (number, vector) };
    let stays_counter = vector.kind == Kind::Counter
        && matches!(binary.op, BinaryOp::Mul | BinaryOp::Div)
        && is_left | (binary.op == BinaryOp::Mul)
        && number.number.is_some_and(|number| number > 0.0);
    let value = vector
        .number
        .zip(number.number)
        .and_then(|_| binary.op.on_numbers(a.number.unwrap_or(0.0), b.number.unwrap_or(0.0)));
    Inferred {
        kind: if stays_counter { Kind::Counter } else { Kind::Gauge },
        part: if stays_counter { vector.part } else { Part::Value },
        unit: combined(binary.op, a, b),
        domain: domain(binary, a, b),
        has_name: false,
        number: value,
        metric: None,
        ..vector.clone()
    }
}

fn arithmetic(op: BinaryOp, a: &Inferred, b: &Inferred) -> Kind {
    match op {
        BinaryOp::Add if a.kind == Kind::Counter && b.kind == Kind::Counter => Kind::Counter,
        _ => Kind::Gauge,
    }
}

fn combined(op: BinaryOp, a: &Inferred, b: &Inferred) -> Unit {
    match op {
        BinaryOp::Add | BinaryOp::Sub => {
            let is_minus = op == BinaryOp::Sub;
            match (a.number, b.number) {
                (Some(_), Some(_)) => Unit::UNKNOWN,
                (None, Some(number)) => a.unit.shifted(number),
                (Some(number), None) => b.unit.shifted(number),
                (None, None) => Unit::sum(a.unit, b.unit, is_minus),
            }
        }
        BinaryOp::Mul => match (a.number, b.number) {
            (None, Some(number)) => a.unit.times(number),
            (Some(number), None) => b.unit.times(number),
            (Some(_), Some(_)) => Unit::UNKNOWN,
            // To multiply by an info metric takes over its labels.
            (None, None) if b.domain == Domain::One => a.unit,
            (None, None) if a.domain == Domain::One => b.unit,
            (None, None) => Unit::product(a.unit, b.unit),
        },
        BinaryOp::Div => match (a.number, b.number) {
            (None, Some(number)) => a.unit.over(number),
            (Some(_), _) => Unit::UNKNOWN,
            (None, None) if b.domain == Domain::One => a.unit,
            (None, None) => Unit::quotient(a.unit, b.unit),
        },
        BinaryOp::Mod | BinaryOp::Pow | BinaryOp::Atan2 => Unit::UNKNOWN,
        BinaryOp::Eq
        | BinaryOp::Ne
        | BinaryOp::Gt
        | BinaryOp::Lt
        | BinaryOp::Ge
        | BinaryOp::Le
        | BinaryOp::And
        | BinaryOp::Or
        | BinaryOp::Unless => Unit::UNKNOWN,
    }
}

fn domain(binary: &Binary, a: &Inferred, b: &Inferred) -> Domain {
    if binary.op.is_comparison() {
        return Domain::Bool;
    }
    let least = |ty: &Inferred| ty.number.unwrap_or_else(|| ty.domain.bounds().0);
    let are_positive = least(a) >= 0.0 && least(b) >= 0.0;
    match binary.op {
        BinaryOp::Add | BinaryOp::Mul | BinaryOp::Div if are_positive => Domain::NotNegative,
        _ => Domain::Any,
    }
}
