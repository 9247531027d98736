//! Calls of functions.

use super::buckets;
use super::calendar::Moment;
use super::eval::{Engine, Sample, Value, unique};
use super::fault::Fault;
use super::join::{absent_labels, label_join, sort_by_label};
use super::labels::Labels;
use super::table::{Frame, OverRange, of_moment, of_number, over_range};
use crate::embedded::promql::{Call, Node, NodeKind};

/// Functions on native histograms: no series of numbers is one.
const NATIVE: &[&str] =
    &["histogram_avg", "histogram_count", "histogram_sum", "histogram_stddev", "histogram_stdvar"];

impl<'q> Engine<'q> {
    pub(super) fn call(&mut self, call: &'q Call, at: i64) -> Result<Value, Fault> {
        let name = call.name.as_str();
        if let Some(of) = over_range(name) {
            return self.over(call, at, of).map(Value::Vector);
        }
        if let Some(of) = of_number(name) {
            let samples = self.vector(arg(call, 0)?, at)?;
            return each(samples, of);
        }
        if let Some(of) = of_moment(name) {
            let of = |seconds: f64| of(Moment::of(seconds)) as f64;
            if call.args.is_empty() {
                let sample = Sample { labels: Labels::default(), value: of(at as f64 / 1000.0) };
                return Ok(Value::Vector(vec![sample]));
            }
            let samples = self.vector(arg(call, 0)?, at)?;
            return each(samples, of);
        }
        if NATIVE.contains(&name) {
            self.vector(arg(call, 0)?, at)?;
            return Ok(Value::Vector(Vec::new()));
        }
        match name {
            "time" => Ok(Value::Scalar(at as f64 / 1000.0)),
            "pi" => Ok(Value::Scalar(std::f64::consts::PI)),
            "scalar" => {
                let samples = self.vector(arg(call, 0)?, at)?;
                Ok(Value::Scalar(match samples.as_slice() {
                    [only] => only.value,
                    _ => f64::NAN,
                }))
            }
            "vector" => {
                let value = self.scalar(arg(call, 0)?, at)?;
                Ok(Value::Vector(vec![Sample { labels: Labels::default(), value }]))
            }
            "max_of" | "min_of" => {
                let (a, b) = (self.scalar(arg(call, 0)?, at)?, self.scalar(arg(call, 1)?, at)?);
                Ok(Value::Scalar(if name == "max_of" { go_max(a, b) } else { go_min(a, b) }))
            }
            "clamp" | "clamp_min" | "clamp_max" => self.clamp(call, at),
            "round" => {
                let samples = self.vector(arg(call, 0)?, at)?;
                let nearest = match call.args.get(1) {
                    Some(node) => self.scalar(node, at)?,
                    None => 1.0,
                };
                let inverse = 1.0 / nearest;
                each(samples, |value| (value * inverse + 0.5).floor() / inverse)
            }
            "timestamp" => self.timestamp(arg(call, 0)?, at),
            "absent" => {
                let node = arg(call, 0)?;
                let is_there = !self.vector(node, at)?.is_empty();
                Ok(Value::Vector(absence(node, is_there)))
            }
            "absent_over_time" => {
                let node = arg(call, 0)?;
                let is_there = !self.range(node, at)?.rows.is_empty();
                Ok(Value::Vector(absence(node, is_there)))
            }
            "sort" | "sort_desc" => {
                let mut samples = self.vector(arg(call, 0)?, at)?;
                samples.sort_by(|a, b| {
                    let order = a.value.partial_cmp(&b.value).unwrap_or(std::cmp::Ordering::Equal);
                    let order = if name == "sort" { order } else { order.reverse() };
                    a.value.is_nan().cmp(&b.value.is_nan()).then(order)
                });
                Ok(Value::Vector(samples))
            }
            "sort_by_label" | "sort_by_label_desc" => {
                let samples = self.vector(arg(call, 0)?, at)?;
                let names = texts(call, 1)?;
                Ok(Value::Vector(sort_by_label(samples, &names, name == "sort_by_label_desc")))
            }
            "label_replace" => {
                let samples = self.vector(arg(call, 0)?, at)?;
                self.label_replace(samples, &texts(call, 1)?).map(Value::Vector)
            }
            "label_join" => {
                let samples = self.vector(arg(call, 0)?, at)?;
                label_join(samples, &texts(call, 1)?).map(Value::Vector)
            }
            "histogram_quantile" => {
                let of = self.scalar(arg(call, 0)?, at)?;
                let samples = self.vector(arg(call, 1)?, at)?;
                buckets::of_each(samples, |all| buckets::quantile(of, all)).map(Value::Vector)
            }
            "histogram_fraction" => {
                let lower = self.scalar(arg(call, 0)?, at)?;
                let upper = self.scalar(arg(call, 1)?, at)?;
                let samples = self.vector(arg(call, 2)?, at)?;
                buckets::of_each(samples, |all| buckets::fraction(lower, upper, all))
                    .map(Value::Vector)
            }
            _ => Err(Fault::Refused(format!("the function `{name}`"))),
        }
    }

    /// A function over a range, for every series in it.
    fn over(&mut self, call: &'q Call, at: i64, of: OverRange) -> Result<Vec<Sample>, Fault> {
        let mut numbers = Vec::new();
        let mut window = None;
        for node in &call.args {
            if window.is_none() && is_range(node) {
                window = Some(self.range(node, at)?);
            } else {
                numbers.push(self.scalar(node, at)?);
            }
        }
        let Some(window) = window else { return Err(Fault::Type("a vector")) };
        if matches!(call.name.as_str(), "double_exponential_smoothing" | "holt_winters")
            && !window.rows.is_empty()
            && numbers.iter().any(|factor| *factor <= 0.0 || *factor >= 1.0)
        {
            return Err(Fault::Argument("a factor that does not lie between 0 and 1".to_owned()));
        }
        let keeps_name = matches!(call.name.as_str(), "last_over_time" | "first_over_time");
        let mut out = Vec::new();
        for (labels, points) in window.rows {
            let frame = Frame {
                points: &points,
                window: (window.start, window.end),
                is_old: self.options.is_closed,
                at,
                numbers: &numbers,
            };
            if let Some(value) = of(&frame) {
                let labels = if keeps_name { labels } else { labels.nameless() };
                out.push(Sample { labels, value });
            }
        }
        unique(out)
    }

    fn clamp(&mut self, call: &'q Call, at: i64) -> Result<Value, Fault> {
        let samples = self.vector(arg(call, 0)?, at)?;
        let first = self.scalar(arg(call, 1)?, at)?;
        let (low, high) = match call.name.as_str() {
            "clamp_min" => (first, f64::INFINITY),
            "clamp_max" => (f64::NEG_INFINITY, first),
            _ => (first, self.scalar(arg(call, 2)?, at)?),
        };
        if high < low {
            return Ok(Value::Vector(Vec::new()));
        }
        each(samples, |value| go_max(low, go_min(high, value)))
    }

    /// When a selector's samples were taken; of anything else, the moment of the query.
    fn timestamp(&mut self, node: &'q Node, at: i64) -> Result<Value, Fault> {
        let mut inner = node;
        while let NodeKind::Parens(of) = &inner.kind {
            inner = of;
        }
        if let NodeKind::Selector(selector) = &inner.kind {
            let points = self.instant_points(selector, at)?;
            let sample = |(sample, moment): (Sample, i64)| Sample {
                labels: sample.labels.nameless(),
                value: moment as f64 / 1000.0,
            };
            return unique(points.into_iter().map(sample).collect()).map(Value::Vector);
        }
        let samples = self.vector(node, at)?;
        each(samples, |_| at as f64 / 1000.0)
    }
}

fn arg(call: &Call, index: usize) -> Result<&Node, Fault> {
    call.args
        .get(index)
        .ok_or_else(|| Fault::Argument(format!("`{}` lacks an argument", call.name)))
}

/// The arguments from some place on, which are texts.
fn texts(call: &Call, from: usize) -> Result<Vec<&str>, Fault> {
    call.args.get(from..).unwrap_or(&[]).iter().map(text_of).collect()
}

fn text_of(node: &Node) -> Result<&str, Fault> {
    match &node.kind {
        NodeKind::Text(text) => Ok(text),
        NodeKind::Parens(of) => text_of(of),
        _ => Err(Fault::Argument("a text must be written as such".to_owned())),
    }
}

fn is_range(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Parens(of) => is_range(of),
        NodeKind::Selector(selector) => selector.range.is_some(),
        NodeKind::Subquery(_) => true,
        _ => false,
    }
}

/// A function of each number; the names go.
fn each(samples: Vec<Sample>, of: impl Fn(f64) -> f64) -> Result<Value, Fault> {
    let one = |sample: Sample| Sample { labels: sample.labels.nameless(), value: of(sample.value) };
    unique(samples.into_iter().map(one).collect()).map(Value::Vector)
}

fn absence(node: &Node, is_there: bool) -> Vec<Sample> {
    if is_there { Vec::new() } else { vec![Sample { labels: absent_labels(node), value: 1.0 }] }
}

/// Go's `math.Max`: the endless wins, then what is no number.
fn go_max(a: f64, b: f64) -> f64 {
    let is_nan = a.is_nan() || b.is_nan();
    if is_nan && a != f64::INFINITY && b != f64::INFINITY { f64::NAN } else { a.max(b) }
}

fn go_min(a: f64, b: f64) -> f64 {
    -go_max(-a, -b)
}
