//! The value of a query at a moment.

use rustc_hash::FxHashMap;

use super::fault::Fault;
use super::labels::Labels;
use super::select::Chosen;
use super::series::{Point, Series};
use crate::embedded::promql::{AtTime, Node, NodeKind, Subquery, TimeSpan};

/// What a query may cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Steps for everything that an engine computes: a node at a moment, a sample, or a point is one.
    pub steps: u64,
    /// How deep nodes may lie.
    pub depth: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 50_000_000, depth: 200 }
    }
}

/// How Prometheus is configured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// How long a sample stands for what follows, in milliseconds.
    pub lookback: i64,
    /// The step of a subquery that names none, in milliseconds: the evaluation interval.
    pub step: i64,
    /// Whether it is as before Prometheus 3: ranges hold the sample at their beginning, and what a comparison leaves out is no match.
    pub is_closed: bool,
    /// What it may cost.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self { lookback: 300_000, step: 60_000, is_closed: false, limits: Limits::default() }
    }
}

/// What a query gives.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// A number.
    Scalar(f64),
    /// A number a series.
    Vector(Vec<Sample>),
    /// A text.
    Text(String),
}

/// A number of a series.
#[derive(Clone, PartialEq, Debug)]
pub struct Sample {
    /// The labels.
    pub labels: Labels,
    /// The number.
    pub value: f64,
}

impl Value {
    /// As a rule sees it: a number is a series without labels.
    pub fn samples(self) -> Vec<Sample> {
        match self {
            Self::Scalar(value) => vec![Sample { labels: Labels::default(), value }],
            Self::Vector(samples) => samples,
            Self::Text(_) => Vec::new(),
        }
    }
}

/// Points of several series, and the window that they lie in.
pub(super) struct Window {
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) rows: Vec<(Labels, Vec<Point>)>,
}

/// Series, and what is computed over them. `'q` is the life of the queries.
pub struct Engine<'q> {
    pub(super) series: Vec<Series>,
    pub(super) options: Options,
    /// What a selector chooses, by its address, as long as there are as many series.
    pub(super) chosen: FxHashMap<usize, Chosen>,
    /// Where a series stands.
    pub(super) places: FxHashMap<Labels, usize>,
    steps: u64,
    depth: u32,
    /// The moment for which the whole query is computed.
    now: i64,
    life: std::marker::PhantomData<&'q ()>,
}

impl<'q> Engine<'q> {
    /// An engine over series. Of two series with the same labels the later one is not seen.
    pub fn new(series: Vec<Series>, options: Options) -> Self {
        let mut places = FxHashMap::default();
        for (index, one) in series.iter().enumerate() {
            places.entry(one.labels.clone()).or_insert(index);
        }
        Self {
            series,
            options,
            chosen: FxHashMap::default(),
            places,
            steps: options.limits.steps,
            depth: 0,
            now: 0,
            life: std::marker::PhantomData,
        }
    }

    /// The value of a query at a moment, in milliseconds since 1970.
    pub fn at(&mut self, query: &'q Node, now: i64) -> Result<Value, Fault> {
        self.now = now;
        self.depth = 0;
        self.eval(query, now)
    }

    /// Adds a point to a series, which may be new. Points come in the order of time.
    pub fn append(&mut self, labels: Labels, at: i64, value: f64) {
        let index = match self.places.get(&labels) {
            Some(index) => *index,
            None => {
                self.places.insert(labels.clone(), self.series.len());
                self.series.push(Series { labels, points: Vec::new() });
                self.series.len() - 1
            }
        };
        if let Some(series) = self.series.get_mut(index) {
            match series.points.last_mut() {
                Some(last) if last.0 == at => last.1 = value,
                Some(last) if last.0 > at => {}
                _ => series.points.push((at, value)),
            }
        }
    }

    /// An engine over the same series, for a query that lives shorter.
    pub fn again<'r>(&self) -> Engine<'r> {
        Engine::new(self.series.clone(), self.options)
    }

    /// How many steps are left.
    pub const fn steps_left(&self) -> u64 {
        self.steps
    }

    pub(super) fn charge(&mut self, steps: usize) -> Result<(), Fault> {
        match self.steps.checked_sub(steps as u64) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => {
                self.steps = 0;
                Err(Fault::TooMuch)
            }
        }
    }

    pub(super) fn eval(&mut self, node: &'q Node, at: i64) -> Result<Value, Fault> {
        self.charge(1)?;
        if self.depth >= self.options.limits.depth {
            return Err(Fault::TooDeep);
        }
        self.depth += 1;
        let value = self.eval_inner(node, at);
        self.depth -= 1;
        value
    }

    fn eval_inner(&mut self, node: &'q Node, at: i64) -> Result<Value, Fault> {
        match &node.kind {
            NodeKind::Number(value) => Ok(Value::Scalar(*value)),
            NodeKind::Text(text) => Ok(Value::Text(text.clone())),
            NodeKind::Selector(selector) => Ok(Value::Vector(self.instant(selector, at)?)),
            NodeKind::Subquery(_) => Err(Fault::Type("a range")),
            NodeKind::Unary { is_minus, of } => {
                let value = self.eval(of, at)?;
                if *is_minus { minus(value) } else { Ok(value) }
            }
            NodeKind::Binary(binary) => self.binary(binary, at),
            NodeKind::Aggregate(aggregate) => Ok(Value::Vector(self.aggregate(aggregate, at)?)),
            NodeKind::Call(call) => self.call(call, at),
            NodeKind::Parens(of) => self.eval(of, at),
            NodeKind::Variable(name) => Err(Fault::Refused(format!("the variable `{name}`"))),
        }
    }

    pub(super) fn vector(&mut self, node: &'q Node, at: i64) -> Result<Vec<Sample>, Fault> {
        match self.eval(node, at)? {
            Value::Vector(samples) => Ok(samples),
            Value::Scalar(_) => Err(Fault::Type("a number")),
            Value::Text(_) => Err(Fault::Type("a text")),
        }
    }

    pub(super) fn scalar(&mut self, node: &'q Node, at: i64) -> Result<f64, Fault> {
        match self.eval(node, at)? {
            Value::Scalar(value) => Ok(value),
            Value::Vector(_) => Err(Fault::Type("a vector")),
            Value::Text(_) => Err(Fault::Type("a text")),
        }
    }

    /// The points of a range: a selector's or a subquery's.
    pub(super) fn range(&mut self, node: &'q Node, at: i64) -> Result<Window, Fault> {
        match &node.kind {
            NodeKind::Parens(of) => self.range(of, at),
            NodeKind::Selector(selector) => self.window(selector, at),
            NodeKind::Subquery(subquery) => self.subquery(subquery, at),
            NodeKind::Number(_)
            | NodeKind::Text(_)
            | NodeKind::Unary { .. }
            | NodeKind::Binary(_)
            | NodeKind::Aggregate(_)
            | NodeKind::Variable(_)
            | NodeKind::Call(_) => Err(Fault::Type("a vector")),
        }
    }

    fn subquery(&mut self, subquery: &'q Subquery, at: i64) -> Result<Window, Fault> {
        let end = self.moment(subquery.at_time.as_ref().map(|(time, _)| *time), at)
            - self.span(subquery.offset.as_ref())?;
        let start = end - self.span(Some(&subquery.range))?;
        let step = match &subquery.step {
            Some(step) => self.span(Some(step))?,
            None => self.options.step,
        };
        if step <= 0 {
            return Err(Fault::Argument(
                "the step of a subquery must be longer than nothing".into(),
            ));
        }
        // Steps lie on multiples of the step, wherever the query stands.
        let mut moment = start.div_euclid(step).saturating_mul(step);
        while moment < start || (moment == start && !self.options.is_closed) {
            moment = moment.saturating_add(step);
        }
        let mut places: FxHashMap<Labels, usize> = FxHashMap::default();
        let mut rows: Vec<(Labels, Vec<Point>)> = Vec::new();
        while moment <= end {
            for sample in self.eval(&subquery.of, moment)?.samples() {
                self.charge(1)?;
                let index = *places.entry(sample.labels.clone()).or_insert(rows.len());
                match rows.get_mut(index) {
                    Some((_, points)) => points.push((moment, sample.value)),
                    None => rows.push((sample.labels, vec![(moment, sample.value)])),
                }
            }
            moment = moment.saturating_add(step);
        }
        Ok(Window { start, end, rows })
    }

    /// The moment that `@` means.
    pub(super) fn moment(&self, time: Option<AtTime>, at: i64) -> i64 {
        match time {
            None => at,
            Some(AtTime::Start | AtTime::End) => self.now,
            Some(AtTime::Unix(seconds)) => milliseconds(seconds),
            // Nothing that a rule holds: a variable of a dashboard.
            Some(AtTime::Variable) => at,
        }
    }

    /// Milliseconds of a span; none is 0.
    pub(super) fn span(&self, span: Option<&TimeSpan>) -> Result<i64, Fault> {
        let Some(span) = span else { return Ok(0) };
        match span.milliseconds() {
            Some(span) if span.is_finite() => Ok(span.round() as i64),
            Some(_) => Err(Fault::Argument("a span of time without end".to_owned())),
            None => Err(Fault::Refused("a span of time that depends on the step".to_owned())),
        }
    }
}

pub(super) fn milliseconds(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

fn minus(value: Value) -> Result<Value, Fault> {
    match value {
        Value::Scalar(value) => Ok(Value::Scalar(-value)),
        Value::Vector(samples) => unique(
            samples
                .into_iter()
                .map(|sample| Sample { labels: sample.labels.nameless(), value: -sample.value })
                .collect(),
        )
        .map(Value::Vector),
        Value::Text(_) => Err(Fault::Type("a text")),
    }
}

/// The samples, if no two have the same labels.
pub(super) fn unique(samples: Vec<Sample>) -> Result<Vec<Sample>, Fault> {
    if samples.len() > 1 {
        let mut seen = rustc_hash::FxHashSet::default();
        if let Some(twice) = samples.iter().find(|sample| !seen.insert(&sample.labels)) {
            return Err(Fault::Duplicate { labels: twice.labels.to_string() });
        }
    }
    Ok(samples)
}
