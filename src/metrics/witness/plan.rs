//! From what a query should yield to what its selectors should.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::leaf::{DEPTH, Leaves};
use super::target::{failing, mirrored, passing};
use crate::embedded::promql::{Aggregate, Aggregation, Binary, BinaryOp, Node, NodeKind};

/// What a part of a query should yield.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Goal {
    /// Something.
    Exists,
    /// A series with this value.
    Value(f64),
    /// Buckets of which any quantile lies near this value.
    Buckets(f64),
    /// Nothing.
    Missing,
}

impl Goal {
    /// What tells it from others.
    const fn bits(self) -> (u8, u64) {
        match self {
            Self::Exists => (0, 0),
            Self::Value(value) => (1, value.to_bits()),
            Self::Buckets(value) => (2, value.to_bits()),
            Self::Missing => (3, 0),
        }
    }
}

/// The plans for a part of a query, by its place in memory, what it should yield, and how many values are tried.
pub(super) type Asked = FxHashMap<(usize, (u8, u64), usize), Vec<Plan>>;

/// How fast a series grows.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Slope {
    /// So much a second.
    PerSecond(f64),
    /// So that it would reach a value so many seconds after the end.
    Reaching { value: f64, after: f64 },
    /// It goes up and down.
    Flapping,
    /// It falls to nothing again and again.
    Resetting,
    /// It hardly grows, and then fast.
    Late,
}

/// What the series of a leaf should be.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
pub(super) struct Wish {
    /// The value at the end.
    pub(super) value: Option<f64>,
    /// How it came to it.
    pub(super) slope: Option<Slope>,
    /// Where the bounds of its buckets lie.
    pub(super) buckets: Option<f64>,
    /// How many series there are.
    pub(super) copies: usize,
    /// How much the copies differ from one another.
    pub(super) spread: f64,
}

impl Wish {
    /// Both wishes, if one series can meet them.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        fn both<T: PartialEq + Copy>(a: Option<T>, b: Option<T>) -> Option<Option<T>> {
            match (a, b) {
                (Some(a), Some(b)) if a != b => None,
                (a, b) => Some(a.or(b)),
            }
        }
        Some(Self {
            value: both(self.value, other.value)?,
            slope: both(self.slope, other.slope)?,
            buckets: both(self.buckets, other.buckets)?,
            copies: self.copies.max(other.copies),
            spread: self.spread.max(other.spread),
        })
    }
}

/// A wish for each leaf that should have series.
pub(super) type Plan = BTreeMap<usize, Wish>;

/// Most plans that are kept for a part of a query.
const MOST: usize = 40;

/// Makes plans for a query.
#[derive(Clone)]
pub(super) struct Planner<'l> {
    pub(super) leaves: &'l Leaves,
    /// Queries of recorded series, by their name: they are looked into.
    pub(super) records: &'l BTreeMap<String, &'l Node>,
    /// The length of the scene, in seconds.
    pub(super) span: f64,
    /// Seconds between samples.
    pub(super) interval: f64,
    /// The numbers in the query: what is compared in one place often bounds what is wanted in another.
    pub(super) numbers: &'l [f64],
    /// What other parts of the query have settled already.
    pub(super) given: Plan,
    /// How often sides may still be planned with what the other one settles.
    pub(super) rounds: &'l Cell<u32>,
    /// What was asked where nothing is settled.
    pub(super) asked: &'l RefCell<Asked>,
    /// How many values of one side of an operation are tried, of which neither is known.
    pub(super) width: usize,
}

impl Planner<'_> {
    /// Plans after which the query may yield what is wanted, the likeliest first.
    pub(super) fn plans(&self, node: &Node, goal: Goal, depth: usize) -> Vec<Plan> {
        if depth > DEPTH {
            return Vec::new();
        }
        if !self.given.is_empty() {
            return self.plans_anew(node, goal, depth);
        }
        // Many ways through a query come to the same question.
        let key = (std::ptr::from_ref(node).addr(), goal.bits(), self.width);
        if let Some(known) = self.asked.borrow().get(&key) {
            return known.clone();
        }
        let plans = self.plans_anew(node, goal, depth);
        self.asked.borrow_mut().insert(key, plans.clone());
        plans
    }

    fn plans_anew(&self, node: &Node, goal: Goal, depth: usize) -> Vec<Plan> {
        let deeper = depth + 1;
        if let Some(number) = self.number(node, depth) {
            let is_met = match goal {
                Goal::Exists => true,
                Goal::Value(wanted) => (wanted - number).abs() <= 1e-9 * wanted.abs().max(1.0),
                Goal::Buckets(_) | Goal::Missing => false,
            };
            return if is_met { vec![Plan::new()] } else { Vec::new() };
        }
        let mut plans = match &node.kind {
            NodeKind::Number(_)
            | NodeKind::Text(_)
            | NodeKind::Variable(_)
            | NodeKind::Subquery(_) => Vec::new(),
            NodeKind::Parens(of) => self.plans(of, goal, deeper),
            NodeKind::Selector(selector) => self.leaf(selector, goal, None, deeper),
            NodeKind::Unary { is_minus, of } => match goal {
                Goal::Value(value) if *is_minus => self.plans(of, Goal::Value(-value), deeper),
                goal => self.plans(of, goal, deeper),
            },
            NodeKind::Binary(binary) if binary.op.is_set() => self.set(binary, goal, deeper),
            NodeKind::Binary(binary) if binary.op.is_comparison() => {
                self.comparison(binary, goal, deeper)
            }
            NodeKind::Binary(binary) => self.arithmetic(binary, goal, deeper),
            NodeKind::Aggregate(aggregate) => self.aggregate(aggregate, goal, deeper),
            NodeKind::Call(call) => self.call(call, goal, deeper),
        };
        plans.truncate(MOST);
        plans
    }

    /// Plans for a selector: of a recorded series, those for its query.
    pub(super) fn leaf(
        &self,
        selector: &crate::embedded::promql::Selector,
        goal: Goal,
        slope: Option<Slope>,
        depth: usize,
    ) -> Vec<Plan> {
        if goal == Goal::Missing {
            return vec![Plan::new()];
        }
        let name = selector.name.as_ref().map(|name| name.name.as_str());
        if let Some(node) = name.and_then(|name| self.records.get(name)) {
            return self.plans(node, goal, depth);
        }
        let Some(index) = self.leaves.of(selector) else { return Vec::new() };
        let mut wish = Wish { slope, copies: 1, ..Wish::default() };
        match goal {
            Goal::Value(value) => wish.value = Some(value),
            Goal::Buckets(value) => wish.buckets = Some(value),
            Goal::Exists | Goal::Missing => {}
        }
        // One series has one value, whichever selector chooses it.
        if goal == Goal::Exists
            && let Some(known) = self.settled(index).next()
        {
            wish = Wish { copies: 1, spread: 0.0, ..*known };
        }
        let is_free =
            self.settled(index).all(|known| Wish { copies: 1, ..*known }.and(wish).is_some());
        if is_free { vec![Plan::from([(index, wish)])] } else { Vec::new() }
    }

    /// A number that a part of the query is whatever the series are.
    pub(super) fn number(&self, node: &Node, depth: usize) -> Option<f64> {
        if depth > DEPTH {
            return None;
        }
        let deeper = depth + 1;
        match &node.kind {
            NodeKind::Number(value) => Some(*value),
            NodeKind::Parens(of) => self.number(of, deeper),
            NodeKind::Unary { is_minus, of } => {
                self.number(of, deeper).map(|value| if *is_minus { -value } else { value })
            }
            NodeKind::Binary(binary) if !binary.op.is_comparison() => {
                let (a, b) =
                    (self.number(&binary.left, deeper)?, self.number(&binary.right, deeper)?);
                binary.op.on_numbers(a, b)
            }
            NodeKind::Call(call) => match call.name.as_str() {
                "time" => Some(self.span),
                "pi" => Some(std::f64::consts::PI),
                "vector" | "scalar" => self.number(call.args.first()?, deeper),
                _ => None,
            },
            _ => None,
        }
    }

    fn set(&self, binary: &Binary, goal: Goal, depth: usize) -> Vec<Plan> {
        let left = |goal| self.plans(&binary.left, goal, depth);
        let right = |goal| self.plans(&binary.right, goal, depth);
        let (missing, exists) = (Goal::Missing, Goal::Exists);
        match (binary.op, goal) {
            (BinaryOp::And, Goal::Missing) => {
                let mut plans = both(&left(missing), &right(exists));
                plans.extend(both(&left(exists), &right(missing)));
                plans.extend(left(missing));
                plans.extend(right(missing));
                plans
            }
            (BinaryOp::And, goal) => {
                self.together((&binary.left, goal), (&binary.right, exists), depth)
            }
            (BinaryOp::Or, Goal::Missing) => both(&left(missing), &right(missing)),
            (BinaryOp::Or, goal) => {
                let (to_left, to_right) = (left(goal), right(goal));
                let only_right = both(&left(missing), &to_right);
                let only_left = both(&to_left, &right(missing));
                in_turn(vec![to_left, to_right, only_right, only_left])
            }
            (_, Goal::Missing) => {
                let mut plans = both(&left(exists), &right(exists));
                plans.extend(left(missing));
                plans
            }
            (_, goal) => both(&left(goal), &right(missing)),
        }
    }

    fn comparison(&self, binary: &Binary, goal: Goal, depth: usize) -> Vec<Plan> {
        let is_bool = binary.bool_at.is_some();
        let wants = match goal {
            Goal::Missing if is_bool => {
                let mut plans = self.plans(&binary.left, Goal::Missing, depth);
                plans.extend(self.plans(&binary.right, Goal::Missing, depth));
                return plans;
            }
            Goal::Missing => false,
            Goal::Value(value) if is_bool => value != 0.0,
            Goal::Exists | Goal::Value(_) | Goal::Buckets(_) => true,
        };
        let targets = |op: BinaryOp, bound: f64| {
            if wants {
                passing(op, bound, self.span, self.numbers)
            } else {
                failing(op, bound, self.span)
            }
        };
        let (a, b) = (self.known(&binary.left, depth), self.known(&binary.right, depth));
        let exact = match goal {
            Goal::Value(value) if !is_bool => Some(value),
            _ => None,
        };
        // With a number on one side: what the other one should be.
        let of = |node: &Node, op: BinaryOp, bound: f64| {
            let holds = |value: &f64| op.on_numbers(*value, bound).is_some_and(|truth| truth > 0.0);
            let settled = self.known(node, depth).filter(|_| !self.given.is_empty());
            let wanted = match (exact, settled) {
                (Some(value), _) => Some(value).filter(holds).into_iter().collect(),
                (None, Some(value)) => {
                    Some(value).filter(|value| holds(value) == wants).into_iter().collect()
                }
                (None, None) => targets(op, bound),
            };
            let one = |target: f64| self.plans(node, Goal::Value(target), depth);
            let mut all: Vec<Vec<Plan>> = wanted.into_iter().map(one).collect();
            if !wants {
                all.push(self.plans(node, Goal::Missing, depth));
            }
            in_turn(all)
        };
        match (a, b) {
            (_, Some(bound)) => {
                let right = self.plans(&binary.right, Goal::Exists, depth);
                both(&of(&binary.left, binary.op, bound), &right)
            }
            (Some(bound), None) => {
                let left = self.plans(&binary.left, Goal::Exists, depth);
                both(&left, &of(&binary.right, mirrored(binary.op), bound))
            }
            (None, None) => {
                let bounds = match exact {
                    Some(value) => passing(mirrored(binary.op), value, self.span, self.numbers),
                    None => vec![1.0, 2.0, 10.0, 100.0, 0.0, self.span],
                };
                let mut all = Vec::new();
                for bound in bounds {
                    let right = self.plans(&binary.right, Goal::Value(bound), depth);
                    let lefts =
                        exact.map_or_else(|| targets(binary.op, bound), |value| vec![value]);
                    for target in lefts.into_iter().take(4) {
                        let left = self.plans(&binary.left, Goal::Value(target), depth);
                        all.push(both(&left, &right));
                    }
                }
                if wants {
                    all.push(self.somehow(binary, depth));
                } else {
                    all.push(self.plans(&binary.left, Goal::Missing, depth));
                    all.push(self.plans(&binary.right, Goal::Missing, depth));
                }
                in_turn(all)
            }
        }
    }

    /// Plans in which both sides yield something, whatever it is.
    fn somehow(&self, binary: &Binary, depth: usize) -> Vec<Plan> {
        let side = |node: &Node| self.plans(node, Goal::Exists, depth);
        both(&side(&binary.left), &side(&binary.right))
    }

    fn arithmetic(&self, binary: &Binary, goal: Goal, depth: usize) -> Vec<Plan> {
        let value = match goal {
            Goal::Value(value) => value,
            Goal::Exists | Goal::Buckets(_) => {
                let right = self.plans(&binary.right, Goal::Exists, depth);
                return both(&self.plans(&binary.left, goal, depth), &right);
            }
            Goal::Missing => {
                let mut plans = self.plans(&binary.left, goal, depth);
                plans.extend(self.plans(&binary.right, goal, depth));
                return plans;
            }
        };
        let op = binary.op;
        let (a, b) = (self.known(&binary.left, depth), self.known(&binary.right, depth));
        match (a, b) {
            // Both are settled: whether it is what is wanted is known.
            (Some(a), Some(b)) if !self.given.is_empty() => {
                let is_met = op
                    .on_numbers(a, b)
                    .is_some_and(|found| (found - value).abs() <= 1e-9 * value.abs().max(1.0));
                if is_met { self.somehow(binary, depth) } else { Vec::new() }
            }
            (_, Some(b)) => {
                let Some(a) = left_of(op, value, b) else { return Vec::new() };
                let left = self.plans(&binary.left, Goal::Value(a), depth);
                both(&left, &self.plans(&binary.right, Goal::Exists, depth))
            }
            (Some(a), None) => {
                let Some(b) = right_of(op, value, a) else { return Vec::new() };
                let right = self.plans(&binary.right, Goal::Value(b), depth);
                both(&self.plans(&binary.left, Goal::Exists, depth), &right)
            }
            (None, None) => {
                let mut choices: Vec<f64> = match op {
                    BinaryOp::Add | BinaryOp::Sub => vec![0.0, 1.0, 10.0, 100.0, 1000.0],
                    _ => vec![1.0, 10.0, 100.0, 1000.0, 2.0],
                };
                for number in self.numbers {
                    let [above, below] = [BinaryOp::Gt, BinaryOp::Lt]
                        .map(|op| passing(op, *number, self.span, &[]).first().copied());
                    choices.extend(above.into_iter().chain(below).filter(|choice| *choice != 0.0));
                }
                choices.truncate(self.width);
                // Within an operation within an operation there are enough of them.
                let inner = Self { width: (self.width / 3).max(2), ..self.clone() };
                let plans = |node: &Node, value: f64| inner.plans(node, Goal::Value(value), depth);
                let mut all = Vec::new();
                for b in &choices {
                    let Some(a) = left_of(op, value, *b) else { continue };
                    let right = plans(&binary.right, *b);
                    if !right.is_empty() {
                        all.push(both(&plans(&binary.left, a), &right));
                    }
                }
                for a in &choices {
                    let Some(b) = right_of(op, value, *a) else { continue };
                    let left = plans(&binary.left, *a);
                    if !left.is_empty() {
                        all.push(both(&left, &plans(&binary.right, b)));
                    }
                }
                // What is the same series on both sides has no two values: `sum(x) - max(x)`.
                all.push(self.somehow(binary, depth));
                in_turn(all)
            }
        }
    }

    fn aggregate(&self, aggregate: &Aggregate, goal: Goal, depth: usize) -> Vec<Plan> {
        let of = |goal| self.plans(&aggregate.of, goal, depth);
        match (aggregate.op, goal) {
            (Aggregation::Count | Aggregation::Group, Goal::Value(value)) => {
                let copies = value.round().clamp(1.0, 40.0) as usize;
                // Values are counted once each: they have to differ.
                let spread = f64::from(u8::from(counts_values(&aggregate.of)));
                copied(of(Goal::Exists), copies, spread)
            }
            (Aggregation::CountValues, goal) => {
                let mut plans = of(Goal::Exists);
                if let Goal::Value(value) = goal {
                    plans = copied(plans, value.round().clamp(1.0, 40.0) as usize, 0.0);
                }
                plans
            }
            (Aggregation::Stddev | Aggregation::Stdvar, Goal::Value(value)) => {
                let far = if aggregate.op == Aggregation::Stddev { value } else { value.sqrt() };
                copied(of(Goal::Exists), 2, 2.0 * far)
            }
            (_, goal) => of(goal),
        }
    }
}

/// Every plan with several series where it has one, and those apart from one another.
pub(super) fn copied(plans: Vec<Plan>, copies: usize, spread: f64) -> Vec<Plan> {
    let more = |mut plan: Plan| {
        for wish in plan.values_mut() {
            wish.copies = wish.copies.max(copies);
            wish.spread = wish.spread.max(spread);
        }
        plan
    };
    plans.into_iter().map(more).collect()
}

/// Plans that are one of the left and one of the right.
pub(super) fn both(left: &[Plan], right: &[Plan]) -> Vec<Plan> {
    let mut plans = Vec::new();
    // Along diagonals: what is likely on both sides comes first.
    for sum in 0..left.len() + right.len() {
        for (index, a) in left.iter().enumerate().take(sum + 1) {
            let Some(b) = right.get(sum - index) else { continue };
            if let Some(plan) = joined(a, b) {
                plans.push(plan);
            }
            if plans.len() >= MOST {
                return plans;
            }
        }
    }
    plans
}

pub(super) fn joined(a: &Plan, b: &Plan) -> Option<Plan> {
    let mut plan = a.clone();
    for (leaf, wish) in b {
        let joined = match plan.get(leaf) {
            Some(known) => known.and(*wish)?,
            None => *wish,
        };
        plan.insert(*leaf, joined);
    }
    Some(plan)
}

/// The first of each, then the second of each, and so on.
pub(super) fn in_turn(all: Vec<Vec<Plan>>) -> Vec<Plan> {
    let mut plans = Vec::new();
    let mut all: Vec<_> = all.into_iter().map(Vec::into_iter).collect();
    while plans.len() < MOST {
        let before = plans.len();
        plans.extend(all.iter_mut().filter_map(Iterator::next));
        if plans.len() == before {
            break;
        }
    }
    plans
}

fn counts_values(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Parens(of) => counts_values(of),
        NodeKind::Aggregate(aggregate) => aggregate.op == Aggregation::CountValues,
        _ => false,
    }
}

/// `a` such that `a op b` is the value.
fn left_of(op: BinaryOp, value: f64, b: f64) -> Option<f64> {
    let a = match op {
        BinaryOp::Add => value - b,
        BinaryOp::Sub => value + b,
        BinaryOp::Mul => value / b,
        BinaryOp::Div => value * b,
        BinaryOp::Mod => value,
        BinaryOp::Pow => value.powf(1.0 / b),
        _ => return None,
    };
    a.is_finite().then_some(a)
}

/// `b` such that `a op b` is the value.
fn right_of(op: BinaryOp, value: f64, a: f64) -> Option<f64> {
    let b = match op {
        BinaryOp::Add => value - a,
        BinaryOp::Sub => a - value,
        BinaryOp::Mul => value / a,
        BinaryOp::Div => a / value,
        BinaryOp::Pow => value.ln() / a.ln(),
        _ => return None,
    };
    b.is_finite().then_some(b)
}
