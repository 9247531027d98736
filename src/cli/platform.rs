//! `iflux doc platform`: the bootstrap runbook of a program.

use std::path::PathBuf;

use clap::Args;

use crate::driver::Session;
use crate::host::{Progress, write_file};
use crate::runbook::platform;

use super::Outcome;
use super::args::ReportFormat;
use super::context::Context;
use super::errors::{no_cluster, write_failed};

/// Print the bootstrap runbook of a program: from nothing to running clusters, as Markdown.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux doc platform                        what to install, and the commands in order
  iflux doc platform --output BOOTSTRAP.md  into a file

The page of the kind is `iflux doc Platform`.")]
pub(super) struct Platform {
    /// A folder or a file of the project
    #[arg(long, default_value = ".", value_name = "PATH")]
    project: PathBuf,
    /// Write it to a file
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Platform {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let world = match context.open(&self.project, ReportFormat::Human) {
            Ok(world) => world,
            Err(outcome) => return outcome,
        };
        let progress = Progress::start("checking", true);
        let mut session = Session::load(&world);
        let found = session.day_zero();
        drop(progress);
        context.report_session(&session, ReportFormat::Human, true);
        if !context.has_program(&session, &self.project) {
            return Outcome::Misuse;
        }
        let Some((zero, _)) = found else { return Outcome::Errors };
        let Some(zero) = zero.filter(|zero| !zero.clusters.is_empty()) else {
            context.complain(&[no_cluster()]);
            return Outcome::Misuse;
        };
        let page = platform(&zero);
        let Some(file) = &self.output else {
            context.console.out(page);
            return Outcome::Clean;
        };
        if let Err(error) = write_file(file, page.as_bytes()) {
            let shown = file.display().to_string();
            context.complain(&[write_failed(&shown, &error.to_string())]);
            return Outcome::Misuse;
        }
        Outcome::Clean
    }
}
