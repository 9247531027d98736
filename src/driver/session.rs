//! One run of the compiler.

use crate::diag::Diagnostic;
use crate::source::Sources;

use super::{GraphView, World, diagnose};

/// A project and what is known of it.
pub struct Session {
    sources: Sources,
    found: Vec<Diagnostic>,
}

/// What a build writes.
pub struct FilePlan {
    /// By path.
    pub files: Vec<PlannedFile>,
}

/// One file of a build.
pub struct PlannedFile {
    /// Below the output's root.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// The resource that it comes from.
    pub address: String,
}

impl Session {
    /// Reads a project.
    pub fn load(world: &dyn World) -> Self {
        let mut sources = Sources::new();
        let mut found = Vec::new();
        let listing = world.list();
        for problem in &listing.problems {
            found.push(diagnose(problem, None, &mut sources));
        }
        for path in &listing.files {
            match world.read(path) {
                Ok(text) => {
                    sources.add(path.as_str(), text);
                }
                Err(problem) => found.push(diagnose(&problem, None, &mut sources)),
            }
        }
        Self { sources, found }
    }

    /// All stages up to lints.
    pub fn check(&mut self) {}

    /// What was found, sorted.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.found.clone()
    }

    /// The texts.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Whether an error stands.
    pub fn has_errors(&self) -> bool {
        !self.found.is_empty()
    }

    /// What to write; `None` if an error stands.
    pub fn build(&mut self) -> Option<FilePlan> {
        (!self.has_errors()).then(|| FilePlan { files: Vec::new() })
    }

    /// The graph of resources.
    pub fn graph(&self) -> GraphView {
        GraphView::default()
    }

    /// Where a value comes from.
    ///
    /// # Errors
    /// When there is no such value.
    pub fn why(&mut self, query: &str) -> Result<String, Box<Diagnostic>> {
        Ok(format!("{query}\n"))
    }
}
