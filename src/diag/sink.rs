//! Where findings go.

use super::{Diagnostic, Level};

/// Collects findings; every stage gives its output always and its findings here.
#[derive(Default, Debug, Clone)]
pub struct Sink {
    found: Vec<Diagnostic>,
}

impl Sink {
    /// An empty sink.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reports a finding.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Takes all findings of another sink.
    pub fn append(&mut self, other: Self) {
        self.found.extend(other.found);
    }

    /// Takes back the findings from number `first` on.
    pub fn split_off(&mut self, first: usize) -> Vec<Diagnostic> {
        self.found.split_off(first.min(self.found.len()))
    }

    /// Whether an error was reported.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|d| d.level == Level::Error)
    }

    /// Whether an error is among the findings from number `first` on.
    pub fn has_errors_since(&self, first: usize) -> bool {
        self.found.iter().skip(first).any(|d| d.level == Level::Error)
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The findings as they came.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.found.iter()
    }

    /// The findings by file, place, weight and code, each once.
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let mut found = self.found;
        found.sort_by(|a, b| {
            let place = |d: &Diagnostic| d.primary.as_ref().map(|l| l.span);
            (place(a), a.level, a.code, &a.title).cmp(&(place(b), b.level, b.code, &b.title))
        });
        found.dedup();
        found
    }
}
