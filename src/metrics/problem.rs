//! What is wrong with rules, before it is known where they stand.

use crate::diag::{Code, Diagnostic, Level};
use crate::source::{Extent, Span};

/// A part of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Part {
    /// Its name.
    Name,
    /// Its query.
    Expr,
    /// How long the query must yield a series.
    For,
    /// How long the alert keeps firing.
    KeepFiring,
    /// A label, by its number.
    Label(usize),
    /// An annotation, by its number.
    Annotation(usize),
    /// The interval of the group.
    Interval,
}

/// A place in a list of groups.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    /// The group, by its number.
    pub group: usize,
    /// The rule, by its number in the group.
    pub rule: usize,
    /// The part of the rule.
    pub part: Part,
    /// The extent in the part's text; none for the whole of it.
    pub at: Option<Extent>,
}

/// A finding about a rule.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// Its code.
    pub code: Code,
    /// Its weight.
    pub level: Level,
    /// A noun phrase or a short sentence without a full stop.
    pub title: String,
    /// The place it is about, and what is found there in at most six words.
    pub primary: (Place, String),
    /// Reasons in other places.
    pub because: Vec<(Place, String)>,
    /// What to do.
    pub help: Vec<String>,
    /// A replacement that mends it: its title, the place, the new text, and whether it is sure.
    pub fix: Option<(String, Place, String, bool)>,
}

impl Problem {
    /// The finding in a program. `span` tells where a place is written, and whether it stands there letter by letter: only
    /// then a fix is offered.
    pub fn diagnostic(
        &self,
        span: &mut dyn FnMut(&Place) -> Option<(Span, bool)>,
    ) -> Option<Diagnostic> {
        let (at, _) = span(&self.primary.0)?;
        let mut found =
            Diagnostic::error(self.code, self.title.clone(), at, self.primary.1.clone());
        found.level = self.level;
        for (place, text) in &self.because {
            if let Some((at, _)) = span(place) {
                found = found.because(at, text.clone());
            }
        }
        for help in &self.help {
            found = found.help(help.clone());
        }
        if let Some((title, place, text, is_sure)) = &self.fix
            && let Some((at, true)) = span(place)
        {
            found = found.fix(title.clone(), at, text.clone(), *is_sure);
        }
        Some(found)
    }
}
