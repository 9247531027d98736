//! `iflux check`: every finding.

use std::path::PathBuf;

use clap::Args;

use crate::driver::Session;
use crate::host::Progress;
use crate::prove::capacity::Unmeasured;

use super::Outcome;
use super::args::ReportFormat;
use super::context::{Context, outcome};
use super::errors::several_projects;
use super::fix::fix_project;
use super::yaml::{check_yaml, yaml_files};

/// Report every mistake in a project; write nothing.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux check                        the project around the current folder
  iflux check platform.iflux         the project that the file lies in, or the file alone
  iflux check --fix                  mend what can be mended without asking
  iflux check --since v12            may the clusters of tag v12 become these?
  iflux check rules.yaml             a PrometheusRule, or a file of rules, as it is
  iflux check gitops                 rules, dashboards and what installs them, as they are
  iflux check --format short         one line each, for editors and logs
  iflux check --format sarif > iflux.sarif")]
pub(super) struct Check {
    /// A folder or a file of the project; or files of YAML or JSON with rules, dashboards or Alertmanager's configuration, and folders of them
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// The form of the report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ReportFormat,
    /// Apply the fixes that are sure, then check again
    #[arg(long)]
    fix: bool,
    /// Show at most this many findings; 0 shows all
    #[arg(long, default_value_t = 100, value_name = "COUNT")]
    max_diagnostics: usize,
    /// End with exit code 1 if there is a warning
    #[arg(long)]
    deny_warnings: bool,
    /// Compare clusters with the output of this git revision [default: HEAD; without git, the output as it lies there]
    #[arg(long, value_name = "REV")]
    since: Option<String>,
}

impl Check {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        if let Some(files) = yaml_files(&self.paths) {
            return check_yaml(
                context,
                &files,
                self.format,
                self.max_diagnostics,
                self.deny_warnings,
            );
        }
        let [path] = self.paths.as_slice() else {
            context.complain(&[several_projects(self.paths.len())]);
            return Outcome::Misuse;
        };
        let mut world = match context.open(path, self.format) {
            Ok(world) => world,
            Err(outcome) => return outcome,
        };
        if let Err(outcome) = context.compare_since(&mut world, self.since.as_deref()) {
            return outcome;
        }
        if self.fix
            && let Err(found) = fix_project(context, &world)
        {
            context.complain(&[*found]);
            return Outcome::Misuse;
        }
        let people = self.format == ReportFormat::Human;
        let progress = Progress::start("checking", people);
        let mut session = Session::load(&world);
        session.compare_with_earlier(&world);
        session.check();
        drop(progress);
        let found = session.diagnostics();
        context.report(&found, session.sources(), self.format, self.max_diagnostics, false);
        if !context.has_program(&session, path) {
            return Outcome::Misuse;
        }
        if people && found.is_empty() {
            let own = session.sources().iter().filter(|(_, file)| !file.is_library()).count();
            let files = if own == 1 { "file" } else { "files" };
            context.console.err(&format!("{own} {files}, nothing to report\n"));
        }
        let open = session.undecided();
        if people && !open.objects.is_empty() {
            context.console.err(&undecided(&open.objects));
        }
        if people && !open.capacity.is_empty() {
            context.console.err(&unmeasured(&open.capacity));
        }
        if people && !open.unwatched.is_empty() {
            context.console.err(&unwatched(&open.unwatched));
        }
        if people && !open.policies.is_empty() {
            context.console.err(&unheld(&open.policies));
        }
        outcome(&found, self.deny_warnings)
    }
}

/// ``not decided: what `policy.a` says of the objects here: ..``.
fn unheld(addresses: &[String]) -> String {
    let mut names: Vec<String> =
        addresses.iter().take(5).map(|address| format!("`{address}`")).collect();
    if addresses.len() > 5 {
        names.push(format!("{} more", addresses.len() - 5));
    }
    format!(
        "not decided: what {} says of these objects: CEL is not run here, and `data.inventory` is what the cluster holds\n",
        names.join(", ")
    )
}

/// `not decided: 2 objects are Raw, and nothing of them is checked: manifest.a, manifest.b`.
fn undecided(addresses: &[String]) -> String {
    let (noun, of) = match addresses.len() {
        1 => ("object is", "it"),
        _ => ("objects are", "them"),
    };
    let mut list = addresses.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
    if addresses.len() > 10 {
        list.push_str(&format!(", {} more", addresses.len() - 10));
    }
    format!(
        "not decided: {} {noun} `Raw`, and nothing of {of} is checked: {list}\n",
        addresses.len()
    )
}

/// ``not decided: who loads `alerts.nodes`: ..``.
fn unwatched(addresses: &[String]) -> String {
    let mut names: Vec<String> =
        addresses.iter().take(5).map(|address| format!("`{address}`")).collect();
    if addresses.len() > 5 {
        names.push(format!("{} more", addresses.len() - 5));
    }
    format!(
        "not decided: whether anything loads {}: nothing here runs Prometheus (`monitoring`), or says who does (`external monitoring`)\n",
        names.join(", ")
    )
}

/// ``not decided: whether pods and quotas fit on `sandbox` (its nodes are containers, which share one machine)``.
fn unmeasured(reasons: &[Unmeasured]) -> String {
    let named = |reason: &Unmeasured| {
        let mut names =
            reason.clusters.iter().take(5).map(|name| format!("`{name}`")).collect::<Vec<_>>();
        if reason.clusters.len() > 5 {
            names.push(format!("{} more", reason.clusters.len() - 5));
        }
        format!("{} ({})", names.join(", "), reason.why)
    };
    let reasons: Vec<String> = reasons.iter().map(named).collect();
    format!("not decided: whether pods and quotas fit on {}\n", reasons.join("; "))
}
