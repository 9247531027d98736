//! What a dependency's code may cost: the limits of its own `iflux.toml`, where they are lower than the project's.
//!
//! Steps count for all expressions that stand in the package, whoever asks for their values; entries and bytes for
//! each list, map and text that they make. Targets and output are the project's alone: a package has none.

use super::errors;
use super::evaluator::Evaluator;
use super::value::Value;
use crate::resolve::{Allowance, TreeId};
use crate::source::Span;
use crate::syntax::ExprId;

impl Evaluator<'_> {
    fn allowance(&self, tree: TreeId) -> Option<Allowance> {
        self.names.module(self.names.tree(tree).module).allowance
    }

    /// Counts a step of a package that has a limit of its own; past it, the value that remains.
    pub(super) fn ration(&mut self, tree: TreeId, expr: ExprId) -> Option<Value> {
        let allowance = self.allowance(tree)?;
        let package = self.names.module(self.names.tree(tree).module).package;
        let spent = self.budget.packages.entry(package).or_default();
        *spent += 1;
        (*spent > allowance.steps).then(|| {
            let at = self.span(tree, expr);
            self.over_allowance(tree, "steps", allowance.steps, at)
        })
    }

    /// The value of a list or map with more entries than the package around it allows.
    pub(super) fn over_entries(&mut self, tree: TreeId, len: usize, at: Span) -> Option<Value> {
        let most = self.allowance(tree)?.entries;
        let over = len as u64 > most;
        over.then(|| self.over_allowance(tree, "entries in one list or map", most, at))
    }

    /// The value of a text with more bytes than the package around it allows.
    pub(super) fn over_text(&mut self, tree: TreeId, len: usize, at: Span) -> Option<Value> {
        let most = self.allowance(tree)?.text;
        let over = len as u64 > most;
        over.then(|| self.over_allowance(tree, "bytes in one text", most, at))
    }

    fn over_allowance(&mut self, tree: TreeId, what: &str, limit: u64, at: Span) -> Value {
        if !self.budget.reported {
            self.budget.reported = true;
            let package = self.names.module(self.names.tree(tree).module).package;
            self.report(errors::package_budget(package.as_str(), what, limit, at));
        }
        Value::Poison
    }
}
