//! `iflux fetch`: dependencies to `vendor/`.

use std::path::PathBuf;

use clap::Args;

use crate::diag::Sink;
use crate::driver::{Fetches, LOCK_FILE, fetch_all};
use crate::host::{DiskFetcher, Progress, write_vendor};
use crate::source::Sources;

use super::Outcome;
use super::args::ReportFormat;
use super::context::Context;
use super::errors::{lock_old, write_failed};

/// Bring dependencies to `vendor/`; the only command that may use the network.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux fetch             bring what is missing or was changed, and write iflux.lock
  iflux fetch --locked    the same, but fail if iflux.lock would change: for CI")]
pub(super) struct Fetch {
    /// A folder or a file of the project
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Fail if the lock would change
    #[arg(long)]
    locked: bool,
}

impl Fetch {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let format = ReportFormat::Human;
        let world = match context.open(&self.path, format) {
            Ok(world) => world,
            Err(outcome) => return outcome,
        };
        let (mut sources, mut sink) = (Sources::new(), Sink::new());
        let progress = Progress::start("fetching", true);
        let mut fetcher = DiskFetcher::new(world.root());
        let fetches = fetch_all(&world, &mut fetcher, &mut sources, &mut sink);
        drop(progress);
        context.report(&sink.into_sorted(), &sources, format, 100, false);
        let Some(fetches) = fetches else { return Outcome::Errors };
        let changed = changed(&fetches);
        if self.locked && !changed.is_empty() {
            context.complain(&[lock_old(&changed)]);
            return Outcome::Errors;
        }
        if let Err((path, words)) = write_vendor(world.root(), &fetches) {
            context.complain(&[write_failed(&path, &words)]);
            return Outcome::Misuse;
        }
        context.console.err(&story(&fetches, &changed));
        Outcome::Clean
    }
}

/// The names whose entry of the lock is new, another, or gone.
fn changed(fetches: &Fetches) -> Vec<String> {
    let (before, now) = (&fetches.before.entries, &fetches.lock.entries);
    let mut names: Vec<String> = before.keys().chain(now.keys()).cloned().collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| before.get(name) != now.get(name));
    names
}

/// What was done, a line each.
fn story(fetches: &Fetches, changed: &[String]) -> String {
    let mut said = String::new();
    for name in fetches.write.keys() {
        let from = fetches.lock.entries.get(name).map(|locked| locked.location.shown());
        said.push_str(&format!("vendor/{name}: from {}\n", from.unwrap_or_default()));
    }
    for name in &fetches.remove {
        said.push_str(&format!("vendor/{name}: removed, nothing needs it\n"));
    }
    if !changed.is_empty() {
        said.push_str(&format!("{LOCK_FILE}: written\n"));
    }
    if said.is_empty() {
        said.push_str("every dependency is as it is locked\n");
    }
    said
}
