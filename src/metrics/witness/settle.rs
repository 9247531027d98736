//! What one part of a query settles for another: two comparisons of one series want one value.

use super::invert::range_of;
use super::leaf::DEPTH;
use super::plan::{Goal, Plan, Planner, Slope, Wish, both, in_turn, joined};
use crate::embedded::promql::{Aggregation, Node, NodeKind};

/// Plans of one side with which the other side is planned anew.
const SETTLED: usize = 8;

impl Planner<'_> {
    /// What is settled of the series that a leaf chooses.
    pub(super) fn settled(&self, leaf: usize) -> impl Iterator<Item = &Wish> {
        let given = self.given.iter();
        given.filter(move |(other, _)| self.leaves.meet(leaf, **other)).map(|(_, wish)| wish)
    }

    /// The value of a part of the query, as far as it is settled.
    pub(super) fn known(&self, node: &Node, depth: usize) -> Option<f64> {
        if depth > DEPTH {
            return None;
        }
        let deeper = depth + 1;
        if let Some(number) = self.number(node, deeper) {
            return Some(number);
        }
        if self.given.is_empty() {
            return None;
        }
        match &node.kind {
            NodeKind::Parens(of) => self.known(of, deeper),
            NodeKind::Subquery(subquery) => self.known(&subquery.of, deeper),
            NodeKind::Unary { is_minus, of } => {
                self.known(of, deeper).map(|value| if *is_minus { -value } else { value })
            }
            NodeKind::Selector(selector) => {
                let name = selector.name.as_ref().map(|name| name.name.as_str());
                if let Some(record) = name.and_then(|name| self.records.get(name)) {
                    return self.known(record, deeper);
                }
                let leaf = self.leaves.of(selector)?;
                self.settled(leaf).find_map(|wish| wish.value)
            }
            NodeKind::Binary(binary) if binary.op.is_set() => None,
            NodeKind::Binary(binary) if binary.op.is_comparison() => {
                self.known(&binary.left, deeper).filter(|_| binary.bool_at.is_none())
            }
            NodeKind::Binary(binary) => {
                let (a, b) =
                    (self.known(&binary.left, deeper)?, self.known(&binary.right, deeper)?);
                binary.op.on_numbers(a, b)
            }
            NodeKind::Aggregate(aggregate) => match aggregate.op {
                Aggregation::Sum | Aggregation::Avg | Aggregation::Min | Aggregation::Max => {
                    self.known(&aggregate.of, deeper)
                }
                _ => None,
            },
            NodeKind::Call(call) => match call.name.as_str() {
                "avg_over_time" | "min_over_time" | "max_over_time" | "last_over_time" | "abs" => {
                    self.known(call.args.first()?, deeper)
                }
                "sum_over_time" => {
                    let range = call.args.first()?;
                    let count = (range_of(range)? / self.interval).max(1.0);
                    self.known(range, deeper).map(|value| value * count)
                }
                "rate" | "irate" | "deriv" => self.known_slope(call.args.first()?),
                "increase" | "delta" => {
                    let range = call.args.first()?;
                    self.known_slope(range).and_then(|slope| Some(slope * range_of(range)?))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// How fast a selector's series grow, if that is settled.
    fn known_slope(&self, node: &Node) -> Option<f64> {
        let NodeKind::Selector(selector) = &node.kind else { return None };
        let leaf = self.leaves.of(selector)?;
        self.settled(leaf).find_map(|wish| match wish.slope {
            Some(Slope::PerSecond(slope)) => Some(slope),
            _ => None,
        })
    }

    /// The same with what a plan settles.
    fn given(&self, plan: &Plan) -> Option<Self> {
        self.rounds.set(self.rounds.get().checked_sub(1)?);
        Some(Self { given: joined(&self.given, plan)?, ..self.clone() })
    }

    /// Plans for two parts that both have to yield what is wanted: what one of them settles counts for the other.
    pub(super) fn together(
        &self,
        (left, left_goal): (&Node, Goal),
        (right, right_goal): (&Node, Goal),
        depth: usize,
    ) -> Vec<Plan> {
        let (lefts, rights) =
            (self.plans(left, left_goal, depth), self.plans(right, right_goal, depth));
        let one = |plan: &Plan, node: &Node, goal: Goal| {
            let others = self.given(plan).map(|planner| planner.plans(node, goal, depth));
            both(std::slice::from_ref(plan), &others.unwrap_or_default())
        };
        let mut all = vec![both(&lefts, &rights)];
        all.extend(rights.iter().take(SETTLED).map(|plan| one(plan, left, left_goal)));
        all.extend(lefts.iter().take(SETTLED).map(|plan| one(plan, right, right_goal)));
        in_turn(all)
    }
}
