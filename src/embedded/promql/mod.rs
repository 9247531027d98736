//! PromQL: queries as trees in which every node has its place.
//!
//! * **Takes** the text of a query, and [`Options`]: who reads it.
//! * **Gives** a [`Query`], its tree; or [`PromqlError`]s with their places; a query's text again ([`print`]).
//! * **Owns** the language of Prometheus' queries (`grammar/promql.pest`): what is one, what its parts are, what its functions take.
//! * **Never** knows a metric: what series a query yields is asked elsewhere.
//! * **Read first** `tree.rs`, then `scan.rs`, `build.rs` and `check.rs`.
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    reason = "asks a tree or value for the one shape that is wanted; every other one is not it"
)]

mod build;
mod check;
mod errors;
mod explain;
mod functions;
mod grammar;
mod kept;
mod known;
mod literal;
mod precedence;
mod print;
mod problem;
mod scan;
mod selector;
mod span;
#[cfg(test)]
mod tests;
mod tree;
mod types;

pub use errors::{
    ARGUMENTS, FEATURE, FUNCTION, LABEL, MATCHER, OPERATOR, REGEX, SYNTAX, TYPE, VARIABLE,
};
pub use functions::{Effect, FUNCTIONS, Function, function};
pub use kept::{Labels, labels};
pub use known::{Parsed, parsed};
pub use print::print;
pub use problem::PromqlError;
pub use tree::{
    Aggregate, Aggregation, AtTime, Binary, BinaryOp, Call, Fill, Grouping, LabelMatcher,
    LabelName, MatchOp, Matching, Node, NodeKind, Query, RangeModifier, Selector, Side, Subquery,
    TimeSpan, TimeSpanOp,
};
pub use types::{ValueType, value_type};

/// What stands in a query for a hole of the program around: no query holds this letter.
pub const HOLE: char = '\u{1a}';

/// Features of Prometheus that are off by default.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of Prometheus")]
pub struct Features {
    /// `promql-experimental-functions`
    pub experimental_functions: bool,
    /// `promql-extended-range-selectors`
    pub extended_range_selectors: bool,
    /// `promql-binop-fill-modifiers`
    pub fill_modifiers: bool,
    /// `promql-duration-expr`
    pub duration_expressions: bool,
}

/// Who reads a query.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Options {
    /// The features that are on; all of them where nothing is known.
    pub features: Option<Features>,
    /// Whether Grafana fills in its variables before: `$__rate_interval`, `${node}`, `[[node]]`.
    pub grafana: bool,
    /// Whether a [`HOLE`] may stand where a value fits.
    pub holes: bool,
}

/// The seconds of a duration as rule files write it: `5m`, `1h30m`. None where it is none.
pub fn duration(text: &str) -> Option<f64> {
    match literal::number(text) {
        Ok(literal::Number::Seconds(seconds)) => Some(seconds),
        Ok(literal::Number::Plain(_)) => (text == "0").then_some(0.0),
        Err(_) => None,
    }
}

/// Most errors about one query: nobody reads more.
const MOST: usize = 20;

/// Reads and checks a query.
pub fn parse(text: &str, options: Options) -> Result<Query, Vec<PromqlError>> {
    let query = read(text, options)?;
    let mut problems = Vec::new();
    check::check(&query.root, options, &mut problems);
    if problems.is_empty() { Ok(query) } else { Err(sorted(problems)) }
}

/// Reads a query: whether its types fit is not asked.
pub fn read(text: &str, options: Options) -> Result<Query, Vec<PromqlError>> {
    scan::scan(text, options).map_err(|problem| vec![*problem])?;
    let mut problems = Vec::new();
    match grammar::parse(text) {
        Ok(pairs) => match build::build(pairs, text, options, &mut problems) {
            Some(query) if problems.is_empty() => Ok(query),
            Some(_) | None => Err(sorted(problems)),
        },
        Err(stop) => Err(vec![explain::explain(text, stop, options)]),
    }
}

fn sorted(mut problems: Vec<PromqlError>) -> Vec<PromqlError> {
    problems.sort_by_key(|problem| (problem.at.start, problem.at.end));
    problems.dedup();
    problems.truncate(MOST);
    problems
}
