//! Everything that is known of a program at one moment: what an editor asks.

use super::link::{Purpose, link};
use super::{list, why};
use crate::backend;
use crate::diag::{Diagnostic, Sink};
use crate::emit;
use crate::eval::{Evaluator, Resource};
use crate::graph::ResourceGraph;
use crate::model;
use crate::resolve::Names;
use crate::source::{Sources, Span};
use crate::syntax::Parsed;
use crate::types::Types;

/// What all stages gave.
pub struct Look<'a, 'v> {
    /// The values; names and types with them.
    pub values: &'a mut Evaluator<'v>,
    /// The resources.
    pub resources: &'a [Resource],
    /// The texts.
    pub sources: &'a Sources,
    /// The project's programs, and those of its dependencies.
    pub files: Vec<&'a Parsed>,
    /// What `check` finds.
    pub found: Vec<Diagnostic>,
    /// Whether an error stands.
    pub has_errors: bool,
}

/// A file of the output, and where its lines come from.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Below the output's folder.
    pub path: String,
    /// Its text.
    pub text: String,
    /// For each line that a value wrote, from the first.
    pub lines: Vec<PreviewLine>,
}

/// A line of a file of the output.
#[derive(Clone, Copy, Debug)]
pub struct PreviewLine {
    /// From 0.
    pub line: usize,
    /// What wrote it.
    pub from: Span,
}

impl<'v> Look<'_, 'v> {
    /// What is declared.
    pub fn names(&self) -> &'v Names {
        self.values.names
    }

    /// What it means.
    pub fn types(&self) -> &'v Types {
        self.values.types
    }

    /// The graph of resources, for drawing.
    pub fn graph(&self) -> ResourceGraph {
        link(self.values, self.resources, Purpose::Drawing)
    }

    /// Where a value, or a line of output, comes from.
    ///
    /// # Errors
    /// When there is no such value, file or line.
    pub fn why(&mut self, query: &str) -> Result<String, Box<Diagnostic>> {
        why::answer(self.values, self.resources, self.sources, &why::Query::read(query), None)
    }

    /// What a build would write for the resource with an address and all that it makes; a file that stands in several clusters' folders comes
    /// once. None where an error stands.
    pub fn preview(&mut self, address: &str) -> Option<Vec<Preview>> {
        if self.has_errors {
            return None;
        }
        let wanted = list::addresses(self.values, self.resources, address);
        let drafts: Vec<_> = {
            let model = model::lift(self.values, self.resources, self.sources, &mut Sink::new());
            let outputs = backend::lower(&model).into_iter().map(|job| job());
            let own = outputs.filter(|it| wanted.iter().any(|own| *own == it.document.address));
            own.map(|output| {
                let (file, lines) = emit::render_with_lines(&output.document);
                let folder = output.clusters.first().map_or("", |cluster| cluster.name.as_str());
                (format!("{folder}/{}", file.path), file.bytes, lines)
            })
            .collect()
        };
        let previews = drafts.into_iter().map(|(path, bytes, map)| {
            let origins = (0..map.len()).filter_map(|line| Some((line, map.at(line + 1)?)));
            let lines = origins.filter_map(|(line, found)| {
                let slot = found.origin.as_slot()?;
                Some(PreviewLine { line, from: self.values.formula_at(slot, 0)? })
            });
            let lines = lines.collect();
            Preview { path, text: String::from_utf8_lossy(&bytes).into_owned(), lines }
        });
        Some(previews.collect())
    }
}
