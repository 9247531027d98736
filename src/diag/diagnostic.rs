//! One finding.

use std::fmt;

use crate::source::Span;

/// The stable name of a kind of finding: `<room>/<slug>`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(&'static str);

impl Code {
    /// A code. Declared once, in the `errors.rs` of the room that raises it; its page is
    /// `src/diag/pages/<room>/<slug>.md`.
    pub const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// `<room>/<slug>`.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How much a finding weighs. Nothing is written while an [`Level::Error`] stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Level {
    /// The program means nothing, or something that fails later.
    Error,
    /// The program means something that is probably not meant.
    Warning,
    /// Worth knowing.
    Hint,
}

impl Level {
    /// The word that reports print.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }
}

/// A place that a finding speaks of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there: at most six words for the primary label, a *because* for the others.
    pub text: String,
}

/// The label of a block that uses the component which a finding is about.
pub const USED_HERE: &str = "used here";

/// One replacement of text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// A change that mends a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, as an imperative: ``replace with `general` ``.
    pub title: String,
    /// The edits, none of which overlap.
    pub edits: Vec<Edit>,
    /// Whether it can be applied without asking (`iflux check --fix`).
    pub sure: bool,
}

/// One finding: title, places, help.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// Its weight.
    pub level: Level,
    /// A noun phrase or a short sentence without a full stop.
    pub title: String,
    /// The narrowest place. A finding about no place in particular has none.
    pub primary: Option<Label>,
    /// Further places, each a reason; they may lie in other files.
    pub because: Vec<Label>,
    /// What to do, or the one rule that explains it: text that can be pasted where possible.
    pub help: Vec<String>,
    /// Changes that mend it.
    pub fixes: Vec<Fix>,
    /// Secrets that it speaks of: no report shows them, nor anything else that is shown of the run.
    pub hides: Vec<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(
        code: Code,
        title: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) -> Self {
        Self::new(Level::Error, code, title).at(span, label)
    }

    /// A warning at a place.
    pub fn warning(
        code: Code,
        title: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) -> Self {
        Self::new(Level::Warning, code, title).at(span, label)
    }

    /// A finding without a place.
    pub fn new(level: Level, code: Code, title: impl Into<String>) -> Self {
        Self {
            code,
            level,
            title: title.into(),
            primary: None,
            because: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
            hides: Vec::new(),
        }
    }

    /// Names a secret that it speaks of.
    #[must_use]
    pub fn hiding(mut self, secret: impl Into<String>) -> Self {
        self.hides.push(secret.into());
        self
    }

    /// Sets the primary place.
    #[must_use]
    pub fn at(mut self, span: Span, label: impl Into<String>) -> Self {
        self.primary = Some(Label { span, text: label.into() });
        self
    }

    /// Adds a further place and what it has to do with the finding.
    #[must_use]
    pub fn because(mut self, span: Span, text: impl Into<String>) -> Self {
        self.because.push(Label { span, text: text.into() });
        self
    }

    /// Shows the finding at another place, where people can act; what was the primary place becomes the first reason.
    /// Fixes of other files are dropped.
    #[must_use]
    pub fn seen_from(mut self, at: Span, text: impl Into<String>) -> Self {
        self.because.retain(|label| label.span != at);
        let first = self.primary.replace(Label { span: at, text: text.into() });
        self.because.splice(0..0, first);
        self.fixes.retain(|fix| fix.edits.iter().all(|edit| edit.span.file == at.file));
        self
    }

    /// Adds a line of help.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds a fix that replaces one span.
    #[must_use]
    pub fn fix(
        self,
        title: impl Into<String>,
        span: Span,
        text: impl Into<String>,
        sure: bool,
    ) -> Self {
        self.fix_all(title, vec![Edit { span, text: text.into() }], sure)
    }

    /// Adds a fix of several edits.
    #[must_use]
    pub fn fix_all(mut self, title: impl Into<String>, edits: Vec<Edit>, sure: bool) -> Self {
        self.fixes.push(Fix { title: title.into(), edits, sure });
        self
    }

    /// Adds `fix` only if there is a nearest right spelling.
    #[must_use]
    pub fn suggest(self, span: Span, nearest: Option<&str>) -> Self {
        match nearest {
            Some(word) => self.fix(format!("replace with `{word}`"), span, word, true),
            None => self,
        }
    }
}
