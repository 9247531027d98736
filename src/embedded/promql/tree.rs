//! The tree of a query. Extents count from the query's first byte.

use crate::source::Extent;

/// A whole query.
#[derive(Clone, PartialEq, Debug)]
pub struct Query {
    /// The outermost node.
    pub root: Node,
}

/// A part of a query that has a value.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// Where it stands, with its modifiers.
    pub at: Extent,
    /// What it is.
    pub kind: NodeKind,
}

/// What a part of a query is.
#[derive(Clone, PartialEq, Debug)]
pub enum NodeKind {
    /// `0.5`, `1e3`, `0x1f`, `Inf`, `5m` (300).
    Number(f64),
    /// `"text"`, unescaped.
    Text(String),
    /// `up{job="a"} offset 5m`, and with a range `up[5m]`.
    Selector(Box<Selector>),
    /// `(query)[1h:5m]`.
    Subquery(Box<Subquery>),
    /// `-query`, `+query`.
    Unary {
        /// Whether the sign is `-`.
        is_minus: bool,
        /// What it stands before.
        of: Box<Node>,
    },
    /// `a + on (job) b`.
    Binary(Box<Binary>),
    /// `sum by (job) (query)`.
    Aggregate(Box<Aggregate>),
    /// `rate(query)`.
    Call(Call),
    /// `(query)`.
    Parens(Box<Node>),
    /// `$threshold` of Grafana, or a hole of the program around, as it is written: what it is is known later.
    Variable(String),
}

impl Node {
    /// The number that a literal is, with its signs and parentheses.
    pub fn number(&self) -> Option<f64> {
        match &self.kind {
            NodeKind::Number(number) => Some(*number),
            NodeKind::Unary { is_minus, of } => {
                of.number().map(|number| if *is_minus { -number } else { number })
            }
            NodeKind::Parens(of) => of.number(),
            _ => None,
        }
    }

    /// The text that a literal is, with its parentheses.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Text(text) => Some(text),
            NodeKind::Parens(of) => of.text(),
            _ => None,
        }
    }

    /// The node without parentheses around it.
    pub fn bare(&self) -> &Self {
        match &self.kind {
            NodeKind::Parens(of) => of.bare(),
            _ => self,
        }
    }

    /// The nodes directly below: arguments and operands in the order written.
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            NodeKind::Number(_)
            | NodeKind::Text(_)
            | NodeKind::Selector(_)
            | NodeKind::Variable(_) => Vec::new(),
            NodeKind::Subquery(subquery) => vec![&subquery.of],
            NodeKind::Unary { of, .. } | NodeKind::Parens(of) => vec![of],
            NodeKind::Binary(binary) => vec![&binary.left, &binary.right],
            NodeKind::Aggregate(aggregate) => {
                aggregate.parameter.iter().chain([&aggregate.of]).collect()
            }
            NodeKind::Call(call) => call.args.iter().collect(),
        }
    }
}

/// Series by name and labels, at a moment or over a range.
#[derive(Clone, PartialEq, Debug)]
pub struct Selector {
    /// The metric's name where it stands before the braces, or in quotes inside of them (`{"a.b"}`).
    pub name: Option<LabelName>,
    /// Matchers in the order written, those of `__name__` among them.
    pub matchers: Vec<LabelMatcher>,
    /// The braces; none where there are none.
    pub braces: Option<Extent>,
    /// `[5m]`.
    pub range: Option<TimeSpan>,
    /// `anchored` or `smoothed`, with its place.
    pub modifier: Option<(RangeModifier, Extent)>,
    /// `offset 5m`.
    pub offset: Option<TimeSpan>,
    /// `@ 1609746000`, `@ start()`.
    pub at_time: Option<(AtTime, Extent)>,
}

/// A label's or metric's name, unquoted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LabelName {
    /// The name.
    pub name: String,
    /// Where it stands, with its quotes.
    pub at: Extent,
}

impl LabelName {
    /// Whether a part of the name is filled in later: a variable of Grafana, or a hole.
    pub fn has_variable(&self) -> bool {
        self.name.contains(['$', super::HOLE]) || self.name.contains("[[")
    }
}

/// `job="a"`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LabelMatcher {
    /// The label.
    pub label: LabelName,
    /// The operator.
    pub op: MatchOp,
    /// The value, unescaped.
    pub value: String,
    /// Where the value stands, with its quotes.
    pub value_at: Extent,
    /// The whole matcher.
    pub at: Extent,
}

/// How a label's value is compared.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MatchOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    Regex,
    /// `!~`
    NotRegex,
}

/// How the points of a range are chosen (behind a feature flag of Prometheus).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RangeModifier {
    /// `anchored`
    Anchored,
    /// `smoothed`
    Smoothed,
}

/// A moment that a selector is fixed to.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum AtTime {
    /// Seconds since 1970.
    Unix(f64),
    /// `start()`
    Start,
    /// `end()`
    End,
    /// What Grafana or the program around fills in.
    Variable,
}

/// A span of time.
#[derive(Clone, PartialEq, Debug)]
pub struct TimeSpan {
    /// Where it stands, without brackets.
    pub at: Extent,
    /// What it is.
    pub op: TimeSpanOp,
}

impl TimeSpan {
    /// Milliseconds; none where it depends on the query's step or on a variable.
    pub fn milliseconds(&self) -> Option<f64> {
        self.op.seconds().map(|seconds| seconds * 1000.0)
    }
}

/// What a span of time is: a duration, or an arithmetic expression of durations (behind a feature flag of Prometheus).
#[derive(Clone, PartialEq, Debug)]
pub enum TimeSpanOp {
    /// `5m`, `300`: seconds.
    Seconds(f64),
    /// `$__rate_interval` and its like, which Grafana fills in, or a hole: as it is written.
    Variable(String),
    /// `step()`
    Step,
    /// `range()`
    Range,
    /// `-x`
    Minus(Box<TimeSpan>),
    /// `a + b`
    Arithmetic(BinaryOp, Box<TimeSpan>, Box<TimeSpan>),
    /// `min(a, b)`
    Min(Box<TimeSpan>, Box<TimeSpan>),
    /// `max(a, b)`
    Max(Box<TimeSpan>, Box<TimeSpan>),
    /// `(a)`
    Parens(Box<TimeSpan>),
}

impl TimeSpanOp {
    /// Seconds; none where it depends on the query's step or on a variable.
    pub fn seconds(&self) -> Option<f64> {
        Some(match self {
            Self::Seconds(seconds) => *seconds,
            Self::Variable(_) | Self::Step | Self::Range => return None,
            Self::Minus(of) => -of.op.seconds()?,
            Self::Parens(of) => of.op.seconds()?,
            Self::Min(a, b) => a.op.seconds()?.min(b.op.seconds()?),
            Self::Max(a, b) => a.op.seconds()?.max(b.op.seconds()?),
            Self::Arithmetic(op, a, b) => op.on_numbers(a.op.seconds()?, b.op.seconds()?)?,
        })
    }
}

/// `(query)[1h:5m] offset 1d`.
#[derive(Clone, PartialEq, Debug)]
pub struct Subquery {
    /// What is evaluated again and again.
    pub of: Node,
    /// How far back.
    pub range: TimeSpan,
    /// How often; the evaluation interval where nothing is said.
    pub step: Option<TimeSpan>,
    /// `offset 5m`.
    pub offset: Option<TimeSpan>,
    /// `@ start()`.
    pub at_time: Option<(AtTime, Extent)>,
}

/// An operator between two operands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Mod,
    /// `^`
    Pow,
    /// `atan2`
    Atan2,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `>`
    Gt,
    /// `<`
    Lt,
    /// `>=`
    Ge,
    /// `<=`
    Le,
    /// `and`
    And,
    /// `or`
    Or,
    /// `unless`
    Unless,
}

impl BinaryOp {
    /// The operator as it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Mod => "%",
            Self::Pow => "^",
            Self::Atan2 => "atan2",
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Gt => ">",
            Self::Lt => "<",
            Self::Ge => ">=",
            Self::Le => "<=",
            Self::And => "and",
            Self::Or => "or",
            Self::Unless => "unless",
        }
    }

    /// Whether it compares.
    pub const fn is_comparison(self) -> bool {
        matches!(self, Self::Eq | Self::Ne | Self::Gt | Self::Lt | Self::Ge | Self::Le)
    }

    /// Whether it joins sets of series.
    pub const fn is_set(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::Unless)
    }

    /// What it makes of two numbers; a comparison gives 1 or 0. None for operators of sets.
    pub fn on_numbers(self, a: f64, b: f64) -> Option<f64> {
        let truth = |is_true: bool| if is_true { 1.0 } else { 0.0 };
        Some(match self {
            Self::Add => a + b,
            Self::Sub => a - b,
            Self::Mul => a * b,
            Self::Div => a / b,
            Self::Mod => a % b,
            Self::Pow => a.powf(b),
            Self::Atan2 => a.atan2(b),
            #[expect(clippy::float_cmp, reason = "what Prometheus does")]
            Self::Eq => truth(a == b),
            #[expect(clippy::float_cmp, reason = "what Prometheus does")]
            Self::Ne => truth(a != b),
            Self::Gt => truth(a > b),
            Self::Lt => truth(a < b),
            Self::Ge => truth(a >= b),
            Self::Le => truth(a <= b),
            Self::And | Self::Or | Self::Unless => return None,
        })
    }
}

/// An operation on two operands.
#[derive(Clone, PartialEq, Debug)]
pub struct Binary {
    /// The operator.
    pub op: BinaryOp,
    /// Where the operator stands.
    pub op_at: Extent,
    /// The left operand.
    pub left: Node,
    /// The right operand.
    pub right: Node,
    /// `bool`: where it stands.
    pub bool_at: Option<Extent>,
    /// `on (..)` or `ignoring (..)`, with `group_left (..)`; none where nothing is said.
    pub matching: Option<Matching>,
    /// `fill(0)`, `fill_left(0)`, `fill_right(0)` (behind a feature flag of Prometheus).
    pub fill: Vec<Fill>,
}

/// Which labels must be equal on both sides.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Matching {
    /// Whether the labels are those of `on`; else those of `ignoring`.
    pub is_on: bool,
    /// The labels.
    pub labels: Vec<LabelName>,
    /// `on (..)`: where it stands.
    pub at: Extent,
    /// `group_left (..)`: the side with many series, the labels taken from the other one, and where it stands.
    pub group: Option<(Side, Vec<LabelName>, Extent)>,
}

/// A side of an operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// `group_left`: many on the left.
    Left,
    /// `group_right`: many on the right.
    Right,
}

/// What stands in for series without a partner.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Fill {
    /// The side that is filled; none for both.
    pub side: Option<Side>,
    /// The value.
    pub value: f64,
    /// Where it stands.
    pub at: Extent,
}

/// An aggregation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Aggregation {
    /// `sum`
    Sum,
    /// `avg`
    Avg,
    /// `min`
    Min,
    /// `max`
    Max,
    /// `count`
    Count,
    /// `group`
    Group,
    /// `stddev`
    Stddev,
    /// `stdvar`
    Stdvar,
    /// `topk`
    Topk,
    /// `bottomk`
    Bottomk,
    /// `quantile`
    Quantile,
    /// `count_values`
    CountValues,
    /// `limitk`
    Limitk,
    /// `limit_ratio`
    LimitRatio,
}

impl Aggregation {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Sum,
        Self::Avg,
        Self::Min,
        Self::Max,
        Self::Count,
        Self::Group,
        Self::Stddev,
        Self::Stdvar,
        Self::Topk,
        Self::Bottomk,
        Self::Quantile,
        Self::CountValues,
        Self::Limitk,
        Self::LimitRatio,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
            Self::Count => "count",
            Self::Group => "group",
            Self::Stddev => "stddev",
            Self::Stdvar => "stdvar",
            Self::Topk => "topk",
            Self::Bottomk => "bottomk",
            Self::Quantile => "quantile",
            Self::CountValues => "count_values",
            Self::Limitk => "limitk",
            Self::LimitRatio => "limit_ratio",
        }
    }

    /// Whether it takes a parameter before the query.
    pub const fn takes_parameter(self) -> bool {
        matches!(
            self,
            Self::Topk
                | Self::Bottomk
                | Self::Quantile
                | Self::CountValues
                | Self::Limitk
                | Self::LimitRatio
        )
    }

    /// Whether it gives some of the series that it takes, with all their labels.
    pub const fn chooses(self) -> bool {
        matches!(self, Self::Topk | Self::Bottomk | Self::Limitk | Self::LimitRatio)
    }
}

/// `sum by (job) (query)`.
#[derive(Clone, PartialEq, Debug)]
pub struct Aggregate {
    /// Which one.
    pub op: Aggregation,
    /// Where its word stands.
    pub op_at: Extent,
    /// `by (..)` or `without (..)`.
    pub grouping: Option<Grouping>,
    /// The parameter of `topk` and its like.
    pub parameter: Option<Node>,
    /// What is aggregated.
    pub of: Node,
}

/// `by (a, b)`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grouping {
    /// Whether it is `without`.
    pub is_without: bool,
    /// The labels.
    pub labels: Vec<LabelName>,
    /// Where it stands, its word included.
    pub at: Extent,
}

/// `rate(query)`.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// The function's name.
    pub name: String,
    /// Where the name stands.
    pub name_at: Extent,
    /// The arguments.
    pub args: Vec<Node>,
}
