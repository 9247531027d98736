//! `iflux doc restore`: the runbook of a restore.

use std::path::PathBuf;

use clap::Args;

use crate::host::write_file;
use crate::runbook::restore;

use super::Outcome;
use super::args::ReportFormat;
use super::context::Context;
use super::errors::{no_backup, write_failed};
use super::platform::day_zero;

/// Print how the clusters of a program come back from their backups, as Markdown.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux doc restore                      every cluster of which something is saved
  iflux doc restore --cluster prod-1     one of them
  iflux doc restore --output RESTORE.md  into a file

The page of the kind is `iflux doc Backup`.")]
pub(super) struct Restore {
    /// A folder or a file of the project
    #[arg(long, default_value = ".", value_name = "PATH")]
    project: PathBuf,
    /// Only this cluster
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,
    /// Write it to a file
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Restore {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let found = context
            .open(&self.project, ReportFormat::Human)
            .and_then(|world| day_zero(context, &world, &self.project));
        let zero = match found {
            Ok((zero, ..)) => zero,
            Err(outcome) => return outcome,
        };
        let Some(page) = restore(&zero, self.cluster.as_deref()) else {
            let of_etcd = zero.restores.iter().map(|it| it.cluster.as_str());
            let known = of_etcd.chain(zero.volumes.iter().map(|it| it.cluster.as_str()));
            context.complain(&[no_backup(self.cluster.as_deref(), known)]);
            return Outcome::Misuse;
        };
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
