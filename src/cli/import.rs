//! `iflux import`: what other tools wrote, as something a project reads.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::diag::Diagnostic;
use crate::driver::{TABLE, World as _};
use crate::host::{read_text, write_file};
use crate::import::{Imported, Rules, import_crds, merged, nothing_known, write_alerts};
use crate::kubernetes::{Catalog, ObjectType};
use crate::source::Sources;
use crate::syntax::Unformatted;

use super::Outcome;
use super::args::ReportFormat;
use super::context::{Context, outcome};
use super::errors::{nothing_imported, unreadable_import};

/// Bring what other tools wrote into a project
#[derive(Args, Debug)]
pub(super) struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    Crd(Crd),
    Rules(RulesOf),
}

/// Write rules of Prometheus as `alerts` blocks, to standard output.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux import rules prometheus-rules.yaml > alerts.iflux
  kubectl get prometheusrules -A -o yaml > rules.yaml; iflux import rules rules.yaml > alerts.iflux

Queries, labels and annotations are kept as they are. What a block cannot say as it was is noted.")]
struct RulesOf {
    /// YAML files with PrometheusRules, or with groups of rules
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The namespace of rules that lie in none
    #[arg(long, default_value = "monitoring", value_name = "NAME")]
    namespace: String,
}

/// Read the types of CustomResourceDefinitions, so that `manifest` knows them.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux import crd cert-manager.crds.yaml       manifest web : cert-manager.v1.Certificate { .. }
  kubectl get crd -o yaml > crds.yaml; iflux import crd crds.yaml

The types are kept in `crds.types` at the project's root. A kind that is imported again replaces what is there.")]
struct Crd {
    /// YAML files with CustomResourceDefinitions; other objects in them are passed over
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A folder or a file of the project
    #[arg(long, default_value = ".", value_name = "PATH")]
    project: PathBuf,
}

impl Import {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        match &self.what {
            What::Crd(crd) => crd.run(context),
            What::Rules(rules) => rules.run(context),
        }
    }
}

impl RulesOf {
    fn run(&self, context: &Context) -> Outcome {
        let mut sources = Sources::new();
        let mut rules = Rules::default();
        for file in &self.files {
            let name = file.display().to_string();
            let text = match read_text(file) {
                Ok(text) => text,
                Err(error) => {
                    context.complain(&[unreadable_import(&name, &error.to_string())]);
                    return Outcome::Misuse;
                }
            };
            let id = sources.add(name.clone(), text.as_str());
            if !rules.read(id, &name, &text) {
                context.complain(&[nothing_known(&name)]);
                return Outcome::Misuse;
            }
        }
        context.report(&rules.problems, &sources, ReportFormat::Human, 100, true);
        let written = match write_alerts(&rules, &self.namespace) {
            Ok(written) => written,
            Err(why) => {
                let words = match why {
                    Unformatted::Errors(_) => "what was written cannot be read".to_owned(),
                    Unformatted::Bug(words) => words,
                };
                context.complain(&[unreadable_import("the rules", &words)]);
                return Outcome::Misuse;
            }
        };
        context.console.out(written.text);
        let notes: String = written.notes.iter().map(|it| format!("note: {it}\n")).collect();
        context.console.err(&notes);
        outcome(&rules.problems, false)
    }
}

impl Crd {
    fn run(&self, context: &Context) -> Outcome {
        let world = match context.open(&self.project, ReportFormat::Human) {
            Ok(world) => world,
            Err(outcome) => return outcome,
        };
        let old = match world.read(TABLE) {
            Ok(text) => text.to_string(),
            Err(_) => String::new(),
        };
        let mut table = old.clone();
        let mut kinds = BTreeSet::new();
        let mut notes = String::new();
        for file in &self.files {
            let found = match self.read(file) {
                Ok(found) => found,
                Err(found) => {
                    context.complain(&[*found]);
                    return Outcome::Misuse;
                }
            };
            kinds.extend(found.kinds.iter().cloned());
            for note in &found.notes {
                notes.push_str(&format!("note: {}: {}\n", note.of, note.text));
            }
            table = merged(&table, &found);
        }
        if table != old
            && let Err(error) = write_file(&world.root().join(TABLE), table.as_bytes())
        {
            context.complain(&[unreadable_import(TABLE, &error.to_string())]);
            return Outcome::Misuse;
        }
        context.console.err(&format!("{}{notes}", paths(&table, &kinds)));
        Outcome::Clean
    }

    fn read(&self, file: &std::path::Path) -> Result<Imported, Box<Diagnostic>> {
        let shown = file.display().to_string();
        let text =
            read_text(file).map_err(|error| unreadable_import(&shown, &error.to_string()))?;
        let found = import_crds(&text).map_err(|words| unreadable_import(&shown, &words))?;
        if found.kinds.is_empty() { Err(Box::new(nothing_imported(&shown))) } else { Ok(found) }
    }
}

/// How programs write the object types that were read, a line each.
fn paths(table: &str, kinds: &BTreeSet<(String, String)>) -> String {
    let mut catalog = Catalog::default();
    catalog.add_project(table);
    let is_new = |it: &&ObjectType| kinds.contains(&(it.group.clone(), it.kind.clone()));
    catalog.objects.iter().filter(is_new).map(|it| format!("{}\n", it.path())).collect()
}
