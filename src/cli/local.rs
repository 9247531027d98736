//! `iflux local`: the program's clusters of containers, on this machine.

use std::path::PathBuf;

use clap::Args;

use crate::diag::Diagnostic;
use crate::driver::Session;
use crate::embedded::shell_word;
use crate::emit::FilePlan;
use crate::host::{OutFile, resolved, write_tree};
use crate::runbook::{ClusterFacts, DayZero, local};

use super::Outcome;
use super::args::ReportFormat;
use super::build::{describe, refused};
use super::context::Context;
use super::errors::{no_local_cluster, no_such_cluster, not_on_docker};
use super::platform::day_zero;

/// Print the commands that bring clusters of containers up on this machine, and write the files that they apply.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux local dev            what brings `cluster dev { provider = Docker {} }` up, and removes it
  iflux local dev | sh       bring it up
  iflux local                every cluster of containers

Nothing is started, and `out/` stays as it is: the files of these clusters are written to a folder of their own.")]
pub(super) struct Local {
    /// The clusters; without any, all that have the provider `Docker`
    #[arg(value_name = "CLUSTER")]
    clusters: Vec<String>,
    /// A folder or a file of the project
    #[arg(long, default_value = ".", value_name = "PATH")]
    project: PathBuf,
    /// Where the files of the clusters go [default: .iflux/local, in the project's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Local {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let world = match context.open(&self.project, ReportFormat::Human) {
            Ok(world) => world,
            Err(outcome) => return outcome,
        };
        let (zero, plan, mut session) = match day_zero(context, &world, &self.project) {
            Ok(found) => found,
            Err(outcome) => return outcome,
        };
        let chosen = match self.chosen(&zero, &mut session) {
            Ok(chosen) => chosen,
            Err(found) => {
                context.report(&found, session.sources(), ReportFormat::Human, 0, true);
                return Outcome::Errors;
            }
        };
        let default = world.root().join(".iflux").join("local");
        let root = self.out.clone().unwrap_or(default);
        let shown = match &self.out {
            Some(out) => out.display().to_string(),
            None if resolved(world.root()) == resolved(".".as_ref()) => ".iflux/local".to_owned(),
            None => root.display().to_string(),
        };
        match write_tree(&root, &files(&zero, &chosen, &plan)) {
            Ok(written) => context.console.err(&format!("{shown}: {}\n", describe(&written))),
            Err(problem) => return refused(context, &problem, &shown),
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "./_-".contains(c);
        let word = if shown.chars().all(is_plain) { shown } else { shell_word(&shown) };
        context.say(local(&zero, &chosen, &word));
        Outcome::Clean
    }

    /// The clusters that are asked for.
    fn chosen<'z>(
        &self,
        zero: &'z DayZero,
        session: &mut Session,
    ) -> Result<Vec<&'z ClusterFacts>, Vec<Diagnostic>> {
        if self.clusters.is_empty() {
            let local: Vec<&ClusterFacts> =
                zero.clusters.iter().filter(|cluster| cluster.is_local).collect();
            return if local.is_empty() { Err(vec![no_local_cluster()]) } else { Ok(local) };
        }
        let (mut chosen, mut found) = (Vec::new(), Vec::new());
        for name in &self.clusters {
            match zero.cluster(name) {
                Some(cluster) if cluster.is_local => chosen.push(cluster),
                Some(cluster) => {
                    let at = session.span_of(&cluster.provider_place);
                    let local = zero.clusters.iter().filter(|cluster| cluster.is_local);
                    let local: Vec<&str> = local.map(|cluster| cluster.name.as_str()).collect();
                    let named = cluster.provider.as_deref();
                    found.push(not_on_docker(name, cluster.schema, named, &local, at));
                }
                None => {
                    let known = zero.clusters.iter().map(|cluster| cluster.name.as_str());
                    found.push(no_such_cluster(name, known));
                }
            }
        }
        chosen.dedup_by_key(|cluster| &cluster.name);
        if found.is_empty() { Ok(chosen) } else { Err(found) }
    }
}

/// What the clusters stand on, and a word to Git: all of it comes out of the program again.
fn files<'p>(zero: &DayZero, chosen: &[&ClusterFacts], plan: &'p FilePlan) -> Vec<OutFile<'p>> {
    let mut paths: Vec<&str> = chosen
        .iter()
        .flat_map(|cluster| zero.files_of(&cluster.name))
        .chain(zero.namespace_file())
        .map(|file| file.path.as_str())
        .collect();
    paths.sort_unstable();
    paths.dedup();
    let planned = paths.into_iter().filter_map(|path| plan.get(path));
    let mut files: Vec<OutFile<'_>> =
        planned.map(|file| OutFile { path: &file.path, bytes: &file.bytes }).collect();
    files.insert(0, OutFile { path: ".gitignore", bytes: b"*\n" });
    files
}
