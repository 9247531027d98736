//! Whole files to trees.

use std::sync::Arc;

use pest::Parser;

use super::lower::Lower;
use super::{Parsed, Placed};
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{FileId, Span};

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/iflux.pest"]
pub(super) struct Iflux;

/// How finely a file is split into trees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grain {
    /// Runs of items.
    Chunks,
    /// One tree an item.
    Items,
}

/// Code.
pub const UNEXPECTED: Code = Code::new("syntax/unexpected");

/// Parses a file.
pub fn parse(file: FileId, text: &str, _grain: Grain) -> Parsed {
    let mut sink = Sink::new();
    let mut trees = Vec::new();
    match Iflux::parse(Rule::file, text) {
        Ok(pairs) => {
            let mut lower = Lower::new(text);
            for pair in pairs {
                lower.file(pair);
            }
            trees.push(Placed { base: 0, tree: Arc::new(lower.tree) });
        }
        Err(error) => {
            let at = match error.location {
                pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
            };
            let at = u32::try_from(at).unwrap_or(0);
            sink.report(Diagnostic::error(
                UNEXPECTED,
                format!("{}", error.variant.message()),
                Span::new(file, at, at),
                "here",
            ));
        }
    }
    Parsed { file, trees, sink }
}
