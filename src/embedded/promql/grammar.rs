//! The parser that pest derives from `grammar/promql.pest`.

use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;
use pest_derive::Parser;

/// The grammar.
#[derive(Parser)]
#[grammar = "grammar/promql.pest"]
struct Grammar;

/// Where the grammar did not go on: the furthest place, and what it knows there.
pub(super) struct Stop {
    /// The byte.
    pub(super) at: usize,
    /// The rules that would have gone on.
    pub(super) wanted: Vec<Rule>,
}

/// A query's tree of rules.
pub(super) fn parse(text: &str) -> Result<Pair<'_, Rule>, Stop> {
    match Grammar::parse(Rule::query, text) {
        Ok(mut pairs) => pairs.next().ok_or(Stop { at: 0, wanted: Vec::new() }),
        Err(error) => {
            let at = match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            };
            let wanted = match error.variant {
                ErrorVariant::ParsingError { positives, .. } => positives,
                ErrorVariant::CustomError { .. } => Vec::new(),
            };
            Err(Stop { at, wanted })
        }
    }
}
