//! `iflux why`: where a value or a line of output comes from.

use std::path::PathBuf;

use clap::Args;

use crate::driver::Session;
use crate::host::built_file;
use crate::report::clean;

use super::Outcome;
use super::args::ReportFormat;
use super::context::Context;

/// Show where a value, or a line of the output, comes from, layer by layer.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux why cluster.eu-1.workers.general.replicas
  iflux why out/eu-1/shop/orders.yaml:42")]
pub(super) struct Why {
    /// The path of a value (`kind.name.field`), or `FILE:LINE` of the output
    query: String,
    /// A folder or a file of the project
    #[arg(long, default_value = ".", value_name = "PATH")]
    project: PathBuf,
}

impl Why {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let format = ReportFormat::Human;
        let world = match context.open(&self.project, format) {
            Ok(world) => world,
            Err(outcome) => return outcome,
        };
        let mut session = Session::load(&world);
        context.hide(&mut session);
        if !context.has_program(&session, &self.project) {
            return Outcome::Misuse;
        }
        let shown = built_file(world.root(), &self.query);
        match session.why(&self.query, shown.as_deref()) {
            Ok(text) => {
                context.say(clean(&text.replace('\t', "    ")));
                Outcome::Clean
            }
            Err(found) => {
                // What the program has wrong may be the reason why there is no answer.
                if session.has_errors() {
                    context.report_session(&session, format, true);
                }
                context.report(&[*found], session.sources(), format, 0, true);
                Outcome::Errors
            }
        }
    }
}
