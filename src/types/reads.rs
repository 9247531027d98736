//! `read`, `read-yaml`, `read-json`: what a build reads is known before anything is computed.

use super::check::{Checker, Scope};
use super::errors::function as errors;
use crate::resolve::{DefId, Embedded};
use crate::syntax::{Arg, Expr, TextPart};

/// The functions that read files.
const READERS: [&str; 3] = ["read", "read-yaml", "read-json"];

impl Checker<'_> {
    /// Looks at the path of a function that reads a file.
    pub(super) fn embeds(&mut self, scope: &Scope, function: DefId, args: &[Arg]) {
        let name = self.names.def(function).name;
        if !READERS.contains(&name.as_str()) || self.names.prelude.get(&name) != Some(&function) {
            return;
        }
        let Some(path) = args.first().map(|arg| arg.value) else { return };
        let at = self.expr_span(scope.tree, path);
        let nodes = self.tree(scope.tree);
        let text = match nodes.expr(path) {
            Expr::Text(text)
                if !nodes
                    .parts_of(nodes.text(text).parts)
                    .iter()
                    .any(|part| matches!(part, TextPart::Hole(_))) =>
            {
                text
            }
            _ => {
                self.report(errors::computed_path(name.as_str(), at));
                return;
            }
        };
        let path = self.verbatim(scope.tree, text);
        let file = self.names.tree(scope.tree).file;
        match self.names.embedded.get(&(file, name.as_str(), path)) {
            Some(Embedded::Wrong { title, help }) => {
                self.report(errors::read(title, at, help.as_deref()));
            }
            Some(Embedded::Text(_) | Embedded::Data(_)) => {}
            // Named through a module, or in a program that has no files beside it.
            None => self.report(errors::read("nothing can be read from here", at, None)),
        }
    }
}
