//! Aggregations.

use std::rc::Rc;

use super::labels::{Label, LabelSet, Loss, LossKind, Origin, Values};
use super::ty::{Domain, Inferred, Kind, Part, Shape};
use super::unit::{Quantity, Unit};
use crate::embedded::promql::{Aggregate, Aggregation, NodeKind};
use crate::source::Sym;

/// The type of an aggregation.
pub(super) fn infer(aggregate: &Aggregate, of: &Inferred) -> Inferred {
    if aggregate.op.chooses() {
        return Inferred { shape: Shape::Vector, key: None, ..of.clone() };
    }
    let mut labels = of.labels.clone();
    let has_variable =
        aggregate.grouping.iter().flat_map(|it| &it.labels).any(|label| label.has_variable());
    let mut key = None;
    match &aggregate.grouping {
        // What Grafana fills in may be any label.
        _ if has_variable => labels = LabelSet::open(),
        None => {
            let loss = Loss { at: aggregate.op_at, kind: LossKind::Aggregated };
            labels.keep(&[], loss);
            key = Some(Rc::from([]));
        }
        Some(grouping) => {
            let names: Vec<Sym> =
                grouping.labels.iter().map(|label| Sym::new(&label.name)).collect();
            let kind = if grouping.is_without { LossKind::Without } else { LossKind::By };
            let loss = Loss { at: grouping.at, kind };
            if grouping.is_without {
                labels.drop_all(&names, loss);
            } else {
                labels.keep(&names, loss);
                key = Some(names.into());
            }
        }
    }
    let mut ty = Inferred {
        shape: Shape::Vector,
        labels,
        has_name: false,
        number: None,
        key,
        is_summed: true,
        ..of.clone()
    };
    match aggregate.op {
        Aggregation::Sum => {
            if of.domain == Domain::Bool || of.domain == Domain::One {
                ty.unit = Unit::of(Quantity::Count);
                ty.domain = Domain::NotNegative;
                ty.kind = Kind::Gauge;
            }
            if of.unit.is_part() || of.unit.of == Quantity::Percent {
                // A sum of parts of different wholes is none of one.
                ty.unit = if of.unit.of == Quantity::Seconds { of.unit } else { Unit::UNKNOWN };
            }
            if ty.domain == Domain::Count {
                ty.domain = Domain::NotNegative;
            }
        }
        Aggregation::Avg => {
            if of.domain == Domain::Bool {
                ty.unit = Unit::of(Quantity::Ratio);
                ty.domain = Domain::NotNegative;
            }
        }
        Aggregation::Min | Aggregation::Max | Aggregation::Quantile => {}
        Aggregation::Count => {
            plain(&mut ty, Unit::of(Quantity::Count), Domain::Count);
        }
        Aggregation::Group => plain(&mut ty, Unit::of(Quantity::Count), Domain::One),
        Aggregation::Stddev => plain(&mut ty, of.unit, Domain::NotNegative),
        Aggregation::Stdvar => plain(&mut ty, Unit::UNKNOWN, Domain::NotNegative),
        Aggregation::CountValues => {
            plain(&mut ty, Unit::of(Quantity::Count), Domain::Count);
            ty.key = None;
            match aggregate.parameter.as_ref().map(|parameter| &parameter.bare().kind) {
                Some(NodeKind::Text(name)) => ty.labels.put(Label {
                    name: Sym::new(name),
                    is_sure: true,
                    values: Values::Any,
                    origin: Origin::Query,
                    decided: None,
                }),
                Some(_) | None => ty.labels.open_up(),
            }
        }
        Aggregation::Topk
        | Aggregation::Bottomk
        | Aggregation::Limitk
        | Aggregation::LimitRatio => {}
    }
    ty
}

const fn plain(ty: &mut Inferred, unit: Unit, domain: Domain) {
    ty.kind = Kind::Gauge;
    ty.part = Part::Value;
    ty.metric = None;
    ty.unit = unit;
    ty.domain = domain;
}
