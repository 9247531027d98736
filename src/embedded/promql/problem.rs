//! What is wrong in a query, before it has a place in a file.

use crate::diag::{Code, Diagnostic};
use crate::source::{Extent, Span};

/// A mistake in a query, with its places in the query's text.
#[derive(Clone, PartialEq, Debug)]
pub struct PromqlError {
    /// The finding's code.
    pub code: Code,
    /// A noun phrase or a short sentence without a full stop.
    pub title: String,
    /// The wrong part.
    pub at: Extent,
    /// What is found there, in at most six words.
    pub label: String,
    /// Reasons in other places.
    pub because: Vec<(Extent, String)>,
    /// What to do.
    pub help: Vec<String>,
    /// What mends it: a title, the place, what stands there then, and whether that is surely meant.
    pub fix: Option<(String, Extent, String, bool)>,
}

impl PromqlError {
    pub(super) fn new(
        code: Code,
        title: impl Into<String>,
        at: Extent,
        label: impl Into<String>,
    ) -> Self {
        Self {
            code,
            title: title.into(),
            at,
            label: label.into(),
            because: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    pub(super) fn because(mut self, at: Extent, text: impl Into<String>) -> Self {
        self.because.push((at, text.into()));
        self
    }

    pub(super) fn mend(mut self, at: Extent, text: impl Into<String>, sure: bool) -> Self {
        let text = text.into();
        let title = match (text.is_empty(), at.is_empty()) {
            (true, _) => "remove it".to_owned(),
            (false, true) => format!("insert `{}`", text.trim()),
            (false, false) => format!("replace with `{text}`"),
        };
        self.fix = Some((title, at, text, sure));
        self
    }

    /// The finding in a file. `place` says where a part of the query stands there, and whether it is written letter by letter:
    /// else nothing is replaced, and the fix becomes a help. `written` says how text is written there.
    pub fn diagnostic(
        self,
        place: &dyn Fn(Extent) -> (Span, bool),
        written: &dyn Fn(&str) -> String,
    ) -> Diagnostic {
        let mut found = Diagnostic::error(self.code, self.title, place(self.at).0, self.label);
        for (at, text) in self.because {
            found = found.because(place(at).0, text);
        }
        found = self.help.into_iter().fold(found, Diagnostic::help);
        match self.fix {
            Some((title, at, text, sure)) => match place(at) {
                (span, true) => found.fix(title, span, written(&text), sure),
                (_, false) => found.help(title),
            },
            None => found,
        }
    }
}
