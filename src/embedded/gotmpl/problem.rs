//! What is wrong in a template, before it has a place in a file.

use crate::diag::{Code, Diagnostic};
use crate::source::{Extent, Span};

/// A mistake, with its places in the template.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// The wrong part.
    pub at: Extent,
    /// The finding's code.
    pub code: Code,
    /// The label that the query does not yield, where that is the mistake.
    pub lost: Option<String>,
    pub(super) title: String,
    pub(super) label: String,
    pub(super) helps: Vec<String>,
    /// Another place that belongs to it, and what it says.
    pub(super) second: Option<(Extent, String)>,
    /// What mends it: a title, the place, what stands there then, and whether that is surely meant.
    pub(super) fix: Option<Mend>,
}

/// A replacement.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Mend {
    pub(super) title: String,
    pub(super) at: Extent,
    pub(super) text: String,
    pub(super) sure: bool,
}

impl Problem {
    pub(super) fn new(
        code: Code,
        title: impl Into<String>,
        at: Extent,
        label: impl Into<String>,
    ) -> Self {
        Self {
            at,
            code,
            lost: None,
            title: title.into(),
            label: label.into(),
            helps: Vec::new(),
            second: None,
            fix: None,
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.helps.push(help.into());
        self
    }

    pub(super) fn because(mut self, at: Extent, text: impl Into<String>) -> Self {
        self.second = Some((at, text.into()));
        self
    }

    pub(super) fn mend(mut self, at: Extent, text: impl Into<String>, sure: bool) -> Self {
        let text = text.into();
        let title = match (text.is_empty(), at.is_empty()) {
            (true, _) => "remove it".to_owned(),
            (false, true) => format!("insert `{text}`"),
            (false, false) => format!("replace with `{text}`"),
        };
        self.fix = Some(Mend { title, at, text, sure });
        self
    }

    /// The finding. `place` says where a part of the template stands in the file, and whether it is written there letter
    /// by letter: else nothing is replaced, and the fix becomes a help. `written` says how text is written there.
    pub fn diagnostic(
        self,
        place: &dyn Fn(Extent) -> (Span, bool),
        written: &dyn Fn(&str) -> String,
    ) -> Diagnostic {
        let found = Diagnostic::error(self.code, self.title, place(self.at).0, self.label);
        let found = match self.second {
            Some((at, text)) => found.because(place(at).0, text),
            None => found,
        };
        let found = self.helps.into_iter().fold(found, Diagnostic::help);
        match self.fix {
            Some(mend) => match place(mend.at) {
                (span, true) => found.fix(mend.title, span, written(&mend.text), mend.sure),
                (_, false) => found.help(mend.title),
            },
            None => found,
        }
    }
}
