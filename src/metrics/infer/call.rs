//! Functions.

use super::Typed;
use super::labels::{Label, LabelSet, Loss, LossKind, Origin, Values};
use super::selector::of_absent;
use super::ty::{Domain, Empties, Inferred, Kind, Part, Shape};
use super::unit::{Quantity, Unit};
use crate::embedded::promql::{Call, Effect, Node, NodeKind, ValueType, function};
use crate::source::Sym;

/// The type of a call.
pub(super) fn infer(node: &Node, call: &Call, args: &[Typed<'_>]) -> Inferred {
    let Some(function) = function(&call.name) else { return Inferred::unknown(Shape::Unknown) };
    let series = args.iter().find(|arg| arg.ty.is_series());
    let shape = if function.gives == ValueType::Scalar { Shape::Scalar } else { Shape::Vector };
    let Some(series) = series else {
        return from_numbers(node, call, args, shape, function.takes.contains(&ValueType::Range));
    };
    let mut ty = Inferred {
        shape,
        has_name: series.ty.has_name && function.keeps_name,
        number: None,
        ..series.ty.clone()
    };
    let count = Unit::of(Quantity::Count);
    match function.effect {
        Effect::Constant | Effect::Scalar => {
            return Inferred {
                unit: ty.unit,
                domain: ty.domain,
                ..Inferred::scalar(None, node.at)
            };
        }
        Effect::Value => {
            ty.domain = match call.name.as_str() {
                "abs" => Domain::NotNegative,
                "round" | "ceil" | "floor" => ty.domain,
                _ => Domain::Any,
            };
        }
        Effect::Transform => ty.gauge(Unit::UNKNOWN, Domain::Any),
        Effect::Date => ty.gauge(Unit::UNKNOWN, Domain::NotNegative),
        Effect::Time => ty.gauge(Unit::of(Quantity::Timestamp), Domain::NotNegative),
        Effect::Order => {}
        Effect::Rate => ty.grown(series.ty.unit.rate()),
        Effect::Increase => ty.grown(series.ty.unit),
        Effect::Resets => ty.gauge(count, Domain::NotNegative),
        Effect::Delta => {
            let unit = match ty.unit.of {
                // The difference of two moments.
                Quantity::Timestamp => Unit::of(Quantity::Seconds),
                _ => ty.unit,
            };
            ty.gauge(unit, Domain::Any);
        }
        Effect::Slope => ty.gauge(ty.unit.rate(), Domain::Any),
        Effect::Predict => ty.gauge(ty.unit, Domain::Any),
        Effect::OverTime => over_time(&mut ty, call, &series.ty),
        Effect::CountOverTime => match call.name.as_str() {
            "present_over_time" => ty.gauge(count, Domain::One),
            "count_over_time" => ty.gauge(count, Domain::Count),
            "changes" => ty.gauge(count, Domain::NotNegative),
            _ => ty.gauge(Unit::UNKNOWN, Domain::Any),
        },
        Effect::Absent => {
            let labels = match &series.bare().node.kind {
                NodeKind::Selector(selector) => of_absent(selector, node.at),
                _ => LabelSet::none(node.at, LossKind::Absent),
            };
            return Inferred {
                shape,
                labels,
                kind: Kind::Gauge,
                unit: count,
                domain: Domain::One,
                empties: Empties::Filtered(call.name_at),
                ..Inferred::unknown(shape)
            };
        }
        Effect::Quantile => {
            let loss = Loss { at: call.name_at, kind: LossKind::UsedUp };
            ty.labels.lose(Sym::new("le"), loss, true);
            let unit = Unit { is_rate: false, ..ty.unit };
            ty.gauge(unit, Domain::Any);
            if call.name == "histogram_quantiles"
                && let Some(name) = args.get(1).and_then(|arg| arg.node.text())
            {
                ty.labels.put(made(name));
            }
        }
        Effect::Fraction => {
            let loss = Loss { at: call.name_at, kind: LossKind::UsedUp };
            ty.labels.lose(Sym::new("le"), loss, true);
            ty.gauge(Unit::of(Quantity::Ratio), Domain::NotNegative);
        }
        Effect::Histogram => {
            let unit = match call.name.as_str() {
                "histogram_count" => Unit { of: Quantity::Count, ..ty.unit },
                "histogram_sum" => ty.unit,
                "histogram_avg" => Unit { is_rate: false, ..ty.unit },
                _ => Unit::UNKNOWN,
            };
            ty.gauge(unit, Domain::Any);
        }
        Effect::LabelReplace | Effect::LabelJoin => {
            match args.get(1).and_then(|arg| arg.node.text()) {
                Some("__name__") => ty.has_name = true,
                Some(name) => relabel(&mut ty, call, args, name),
                None => ty.labels.open_up(),
            }
            ty.key = None;
        }
        Effect::Info => {
            ty.labels.open_up();
            ty.key = None;
        }
    }
    ty
}

/// A label is written: it may be empty, and where a replacement does not match, it is what it was.
fn relabel(ty: &mut Inferred, call: &Call, args: &[Typed<'_>], name: &str) {
    let name = Sym::new(name);
    let text = |index: usize| args.get(index).and_then(|arg| arg.node.text());
    let always = call.name == "label_replace"
        && matches!(text(4), Some("" | ".*" | "(.*)"))
        && text(2).is_some_and(|text| !text.is_empty() && !text.contains('$'));
    if always && let Some(value) = text(2) {
        // `label_replace(x, "a", "b", "", "")` gives every series the label.
        let matches_all = text(4) != Some("") || text(3) == Some("");
        if matches_all {
            ty.labels.put(Label {
                values: Values::one(Sym::new(value)),
                is_sure: true,
                ..made_of(name)
            });
            return;
        }
    }
    ty.labels.put(made_of(name));
}

fn made(name: &str) -> Label {
    Label { is_sure: true, ..made_of(Sym::new(name)) }
}

const fn made_of(name: Sym) -> Label {
    Label { name, is_sure: false, values: Values::Any, origin: Origin::Query, decided: None }
}

/// Without series: `time()`, `vector(1)`, `hour()`.
fn from_numbers(
    node: &Node,
    call: &Call,
    args: &[Typed<'_>],
    shape: Shape,
    takes_range: bool,
) -> Inferred {
    let open = args.iter().any(|arg| arg.ty.shape == Shape::Unknown);
    if takes_range || open && shape != Shape::Scalar && call.name != "vector" {
        return Inferred::unknown(shape);
    }
    let number = match (call.name.as_str(), args.first()) {
        ("vector", Some(arg)) => arg.ty.number,
        ("pi", _) => Some(std::f64::consts::PI),
        _ => None,
    };
    let unit = match (call.name.as_str(), args.first()) {
        ("time" | "start" | "end", _) => Unit::of(Quantity::Timestamp),
        ("vector", Some(arg)) => arg.ty.unit,
        _ => Unit::UNKNOWN,
    };
    Inferred { shape, unit, number, key: None, ..Inferred::scalar(number, node.at) }
}

fn over_time(ty: &mut Inferred, call: &Call, of: &Inferred) {
    match call.name.as_str() {
        "last_over_time" | "first_over_time" | "max_over_time" | "min_over_time" => {}
        "avg_over_time" if of.domain == Domain::Bool => {
            ty.gauge(Unit::of(Quantity::Ratio), Domain::NotNegative);
        }
        "avg_over_time" | "quantile_over_time" => ty.domain = not_counted(of.domain),
        "sum_over_time" => {
            let unit = if of.domain == Domain::Bool || of.domain == Domain::One {
                Unit::of(Quantity::Count)
            } else {
                Unit::UNKNOWN
            };
            ty.gauge(unit, not_counted(of.domain));
        }
        _ => ty.gauge(of.unit, Domain::NotNegative),
    }
}

const fn not_counted(domain: Domain) -> Domain {
    match domain {
        Domain::Any => Domain::Any,
        Domain::NotNegative | Domain::Count | Domain::Bool | Domain::One => Domain::NotNegative,
    }
}

impl Inferred {
    /// Values that go up and down.
    const fn gauge(&mut self, unit: Unit, domain: Domain) {
        self.kind = Kind::Gauge;
        self.part = Part::Value;
        self.metric = None;
        self.unit = unit;
        self.domain = domain;
    }

    /// How a counter grows: the part of a histogram that it is stays known.
    const fn grown(&mut self, unit: Unit) {
        if !matches!(self.kind, Kind::Histogram) {
            self.kind = Kind::Gauge;
        }
        self.unit = unit;
        self.domain = Domain::NotNegative;
    }
}
