//! `iflux graph`: resources and what they need, for drawing programs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::driver::Session;

use super::Outcome;
use super::args::ReportFormat;
use super::context::Context;

/// Print the graph of resources and their references.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux graph | dot -Tsvg > platform.svg
  iflux graph --format mermaid")]
pub(super) struct Graph {
    /// A folder or a file of the project
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The language of the drawing
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Drawing,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
enum Drawing {
    /// Graphviz
    #[default]
    Dot,
    /// Mermaid, which Markdown viewers draw
    Mermaid,
    /// One JSON object
    Json,
}

impl Graph {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let world = match context.open(&self.path, ReportFormat::Human) {
            Ok(world) => world,
            Err(outcome) => return outcome,
        };
        let mut session = Session::load(&world);
        let graph = session.graph();
        if session.has_errors() {
            context.report_session(&session, ReportFormat::Human, true);
            return Outcome::Errors;
        }
        if !context.has_program(&session, &self.path) {
            return Outcome::Misuse;
        }
        context.console.out(match self.format {
            Drawing::Dot => graph.to_dot(),
            Drawing::Mermaid => graph.to_mermaid(),
            Drawing::Json => graph.to_json(),
        });
        Outcome::Clean
    }
}
