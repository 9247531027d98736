//! A query that is being judged.

use crate::diag::Level;
use crate::metrics::errors::Use;
use crate::metrics::infer::{Typed, World};
use crate::metrics::problem::{Part, Place, Problem};
use crate::source::Extent;

/// Most findings about one rule: nobody reads more.
const MOST: usize = 20;

/// A query that is being judged.
pub(super) struct Cx<'c, 'w> {
    /// What is known around it.
    pub(super) world: &'c World<'w>,
    /// What it is used for.
    pub(super) usage: Use,
    /// Its text.
    pub(super) text: &'c str,
    /// Its types.
    pub(super) root: &'c Typed<'c>,
    /// Seconds from one evaluation to the next.
    pub(super) interval: Option<f64>,
    place: Place,
    out: Vec<Problem>,
}

impl<'c, 'w> Cx<'c, 'w> {
    pub(super) const fn new(
        world: &'c World<'w>,
        usage: Use,
        text: &'c str,
        root: &'c Typed<'c>,
        place: Place,
        interval: Option<f64>,
    ) -> Self {
        Self { world, usage, text, root, interval, place, out: Vec::new() }
    }

    /// A place in the query.
    pub(super) const fn at(&self, extent: Extent) -> Place {
        Place { at: Some(extent), part: Part::Expr, ..self.place }
    }

    /// A place in another part of the rule.
    pub(super) const fn part(&self, part: Part, at: Option<Extent>) -> Place {
        Place { part, at, ..self.place }
    }

    /// Tells of a finding.
    pub(super) fn push(&mut self, problem: Problem) {
        self.out.push(problem);
    }

    /// All findings, by what they come to: errors first, then in the order of the text.
    pub(super) fn finish(self) -> Vec<Problem> {
        let mut out = self.out;
        let weight = |problem: &Problem| match problem.level {
            Level::Error => 0,
            Level::Warning => 1,
            Level::Hint => 2,
        };
        out.sort_by_key(|problem| {
            let place = problem.primary.0;
            let part = match place.part {
                Part::Expr => (0, 0),
                Part::Name | Part::Interval => (1, 0),
                Part::For | Part::KeepFiring => (2, 0),
                Part::Label(number) => (3, number),
                Part::Annotation(number) => (4, number),
            };
            (weight(problem), part, place.at)
        });
        out.dedup_by(|a, b| a.code == b.code && a.primary == b.primary);
        out.truncate(MOST);
        out
    }
}
