//! `iflux doc platform`: the bootstrap runbook of a program.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::driver::{Session, World};
use crate::emit::FilePlan;
use crate::host::{Progress, write_file};
use crate::runbook::{DayZero, platform};

use super::Outcome;
use super::args::ReportFormat;
use super::context::Context;
use super::errors::{no_cluster, write_failed};

/// What must exist before the clusters of a project, and what is written for them. The findings are reported; an error is the outcome where
/// one stands, or where there is no cluster.
pub(super) fn day_zero(
    context: &Context,
    world: &dyn World,
    project: &Path,
) -> Result<(DayZero, FilePlan, Session), Outcome> {
    let progress = Progress::start("checking", true);
    let mut session = Session::load(world);
    let found = session.day_zero();
    drop(progress);
    context.report_session(&session, ReportFormat::Human, true);
    if !context.has_program(&session, project) {
        return Err(Outcome::Misuse);
    }
    let (zero, plan) = found.ok_or(Outcome::Errors)?;
    match zero.filter(|zero| !zero.clusters.is_empty()) {
        Some(zero) => Ok((zero, plan, session)),
        None => {
            context.complain(&[no_cluster()]);
            Err(Outcome::Misuse)
        }
    }
}

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
        let found = context
            .open(&self.project, ReportFormat::Human)
            .and_then(|world| day_zero(context, &world, &self.project));
        let zero = match found {
            Ok((zero, ..)) => zero,
            Err(outcome) => return outcome,
        };
        let page = platform(&zero);
        let Some(file) = &self.output else {
            context.say(page);
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
