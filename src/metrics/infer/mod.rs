//! What a query yields: labels, kind, unit and range of values of every part of it.
//!
//! * **Takes** the tree of a query, and the [`World`] around it.
//! * **Gives** a [`Typed`] tree: an [`Inferred`] type for every node.
//! * **Owns** what operators, aggregations and functions of PromQL do to labels.
//! * **Never** says that something is wrong: it only follows what Prometheus would do.
//! * **Read first** `ty.rs`, `labels.rs`, then `binary.rs`.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a query has many kinds of nodes, and each rule speaks of few"
)]

mod aggregate;
mod binary;
mod call;
mod labels;
mod selector;
mod series;
mod several;
mod targets;
#[cfg(test)]
mod tests;
mod ty;
mod unit;
mod world;

use std::rc::Rc;

pub use binary::{Mismatch, MismatchKind, impossible};
pub use labels::{Label, LabelSet, Loss, LossKind, Origin, Presence, Rest, Values};
pub use series::{Doubt, Series, What};
pub use ty::{Domain, Empties, Inferred, Kind, Part, Shape};
pub use unit::{Quantity, Unit};
pub use world::{Recorded, World};

use crate::embedded::promql::{Node, NodeKind, Query};
use selector::Fault;

pub use selector::Fault as SelectorFault;

/// A node of a query with its type.
#[derive(Clone, Debug)]
pub struct Typed<'q> {
    /// The node.
    pub node: &'q Node,
    /// Its type.
    pub ty: Inferred,
    /// The nodes below: what is aggregated before the parameter, else in the order written.
    pub parts: Vec<Typed<'q>>,
    /// What is known of the series that a selector means.
    pub series: Option<Rc<Series>>,
    /// What is wrong with a selector: nothing is concluded from it then.
    pub faults: Vec<Fault>,
}

impl<'q> Typed<'q> {
    const fn leaf(node: &'q Node, ty: Inferred) -> Self {
        Self { node, ty, parts: Vec::new(), series: None, faults: Vec::new() }
    }

    /// The node without parentheses around it.
    pub fn bare(&self) -> &Self {
        match (&self.node.kind, self.parts.first()) {
            (NodeKind::Parens(_), Some(inner)) => inner.bare(),
            _ => self,
        }
    }

    /// Calls `act` with this node and all below, and the nodes around each, the outermost first.
    pub fn walk<'t>(&'t self, act: &mut dyn FnMut(&'t Self, &[&'t Self])) {
        self.walk_in(&mut Vec::new(), act);
    }

    fn walk_in<'t>(
        &'t self,
        around: &mut Vec<&'t Self>,
        act: &mut dyn FnMut(&'t Self, &[&'t Self]),
    ) {
        act(self, around);
        around.push(self);
        for part in &self.parts {
            part.walk_in(around, act);
        }
        around.pop();
    }

    /// Whether anything in it fulfils a condition.
    pub fn any(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        is(self) || self.parts.iter().any(|part| part.any(is))
    }
}

/// The type of every node of a query.
pub fn infer<'q>(query: &'q Query, world: &World<'_>) -> Typed<'q> {
    node(&query.root, world)
}

/// The type of a node. The parser bounds how deep nodes lie.
fn node<'q>(of: &'q Node, world: &World<'_>) -> Typed<'q> {
    match &of.kind {
        NodeKind::Number(number) => Typed::leaf(of, Inferred::scalar(Some(*number), of.at)),
        NodeKind::Text(_) => Typed::leaf(of, Inferred::text(of.at)),
        NodeKind::Variable(_) => Typed::leaf(of, Inferred::unknown(Shape::Unknown)),
        NodeKind::Selector(selector) => selector::infer(of, selector, world),
        NodeKind::Subquery(subquery) => {
            let inner = node(&subquery.of, world);
            let ty = Inferred { shape: Shape::Range, ..inner.ty.clone() };
            Typed { parts: vec![inner], ..Typed::leaf(of, ty) }
        }
        NodeKind::Parens(inner) => {
            let inner = node(inner, world);
            Typed {
                ty: inner.ty.clone(),
                parts: vec![inner],
                ..Typed::leaf(of, Inferred::text(of.at))
            }
        }
        NodeKind::Unary { is_minus, of: inner } => {
            let inner = node(inner, world);
            let mut ty = inner.ty.clone();
            if *is_minus {
                ty.number = ty.number.map(|number| -number);
                ty.has_name = false;
                ty.domain = Domain::Any;
                if ty.shape != Shape::Scalar {
                    ty.kind = Kind::Gauge;
                }
            }
            Typed { parts: vec![inner], ..Typed::leaf(of, ty) }
        }
        NodeKind::Binary(operation) => {
            let left = node(&operation.left, world);
            let right = node(&operation.right, world);
            let ty = binary::infer(of, operation, &left, &right);
            Typed { parts: vec![left, right], ..Typed::leaf(of, ty) }
        }
        NodeKind::Aggregate(aggregate) => {
            let inner = node(&aggregate.of, world);
            let parameter = aggregate.parameter.as_ref().map(|parameter| node(parameter, world));
            let ty = aggregate::infer(aggregate, &inner.ty);
            let mut parts = vec![inner];
            parts.extend(parameter);
            Typed { parts, ..Typed::leaf(of, ty) }
        }
        NodeKind::Call(call) => {
            let args: Vec<Typed<'_>> = call.args.iter().map(|arg| node(arg, world)).collect();
            let ty = call::infer(of, call, &args);
            Typed { parts: args, ..Typed::leaf(of, ty) }
        }
    }
}

/// The labels that a query yields whatever metrics there are.
pub fn labels(query: &Query) -> LabelSet {
    world::with_nothing(|world| {
        let mut set = infer(query, world).ty.labels;
        set.forget_guesses();
        set
    })
}
