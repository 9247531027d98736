//! `iflux fmt`: the one style.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use rayon::prelude::*;

use crate::diag::Diagnostic;
use crate::diag::secrets::Secrets;
use crate::driver::{Problem, World, diagnose};
use crate::host::{DiskWorld, read_input, replace_file, resolved, words};
use crate::source::{FileId, Sources};
use crate::syntax::{Unformatted, format};

use super::Outcome;
use super::args::ReportFormat;
use super::context::Context;
use super::difference::difference;
use super::errors::{file_changed, no_program, not_formatted, write_failed};

/// What standard input is called in reports.
const INPUT: &str = "<stdin>";

/// Write programs in the one style; what they mean stays.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux fmt                          the project around the current folder
  iflux fmt teams platform.iflux     a folder of it, and a file
  iflux fmt --check                  write nothing; exit code 1 where something would change
  iflux fmt --stdin < a.iflux        for editors

A file with errors of syntax is reported and left as it is.")]
pub(super) struct Fmt {
    /// Folders or files [default: the project around the current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write nothing, and show what would change
    #[arg(long)]
    check: bool,
    /// Format standard input to standard output
    #[arg(long, conflicts_with_all = ["paths", "check"])]
    stdin: bool,
}

/// A file as it is and as it becomes.
struct File {
    /// Its name in reports, relative to its project.
    name: String,
    world: DiskWorld,
    id: FileId,
    old: Arc<str>,
}

impl Fmt {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        if self.stdin {
            return pass(context);
        }
        let here = [PathBuf::from(".")];
        let paths = if self.paths.is_empty() { &here[..] } else { &self.paths };
        let mut run = Run { context, sources: Sources::new(), found: Vec::new(), misuse: false };
        let mut files = Vec::new();
        let mut known = BTreeSet::new();
        for path in paths {
            let world = match context.open(path, ReportFormat::Human) {
                Ok(world) => world,
                Err(outcome) => return outcome,
            };
            run.gather(&world, path, &mut known, &mut files);
        }
        if files.is_empty() && run.found.is_empty() {
            let shown = paths.first().map_or_else(String::new, |path| path.display().to_string());
            context.complain(&[no_program(&shown)]);
            return Outcome::Misuse;
        }
        let changed = run.format(&files, self.check);
        run.context.report(&run.found, &run.sources, ReportFormat::Human, 100, true);
        if run.misuse {
            Outcome::Misuse
        } else if !run.found.is_empty() || (self.check && changed > 0) {
            Outcome::Errors
        } else {
            if changed == 0 {
                let word = if files.len() == 1 { "file is" } else { "files are" };
                context.console.err(&format!("{} {word} in the one style\n", files.len()));
            }
            Outcome::Clean
        }
    }
}

/// Formats standard input to standard output.
fn pass(context: &Context) -> Outcome {
    let mut sources = Sources::new();
    let text = match read_input(INPUT).and_then(|bytes| Problem::text_of(INPUT, bytes)) {
        Ok(text) => text,
        Err(problem) => {
            let found = diagnose(&problem, None, &mut sources);
            context.report(&[found], &sources, ReportFormat::Human, 0, true);
            return Outcome::Errors;
        }
    };
    let id = sources.add(INPUT, Arc::clone(&text));
    match format(id, &text) {
        Ok(out) => {
            context.console.out(out);
            Outcome::Clean
        }
        Err(Unformatted::Errors(sink)) => {
            let found = sink.into_sorted();
            context.report(&found, &sources, ReportFormat::Human, 100, true);
            Outcome::Errors
        }
        Err(Unformatted::Bug(what)) => {
            context.complain(&[not_formatted(INPUT, &what)]);
            Outcome::Misuse
        }
    }
}

/// One run over files.
struct Run<'a> {
    context: &'a Context,
    sources: Sources,
    found: Vec<Diagnostic>,
    misuse: bool,
}

impl Run<'_> {
    /// Adds the files of a project that a path names: one, those of a folder, or all.
    fn gather(
        &mut self,
        world: &DiskWorld,
        path: &Path,
        known: &mut BTreeSet<PathBuf>,
        files: &mut Vec<File>,
    ) {
        let full = resolved(path);
        let inside = full.strip_prefix(world.root()).unwrap_or(Path::new(""));
        let asked: Vec<&str> = inside.iter().filter_map(|step| step.to_str()).collect();
        let asked = asked.join("/");
        let below = |name: &str| {
            asked.is_empty()
                || asked == crate::driver::CONFIG_FILE
                || name.strip_prefix(asked.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        let listing = world.list();
        let is_file = asked.ends_with(crate::driver::EXTENSION);
        let names = if is_file {
            vec![asked.clone()]
        } else {
            listing.files.into_iter().filter(|name| below(name)).collect()
        };
        if !is_file {
            for problem in listing.problems.iter().filter(|problem| below(&problem.path)) {
                self.found.push(diagnose(problem, None, &mut self.sources));
            }
        }
        for name in names {
            if !known.insert(resolved(&world.root().join(&name))) {
                continue;
            }
            match world.read(&name) {
                Ok(old) => {
                    let id = self.sources.add(name.clone(), Arc::clone(&old));
                    files.push(File { name, world: world.clone(), id, old });
                }
                Err(problem) => self.found.push(diagnose(&problem, None, &mut self.sources)),
            }
        }
    }

    /// Formats files, and writes or shows what changes. Gives how many do.
    fn format(&mut self, files: &[File], check: bool) -> usize {
        let formatted: Vec<_> =
            files.par_iter().map(|file| (file, format(file.id, &file.old))).collect();
        let mut changed = 0;
        for (file, out) in formatted {
            match out {
                Ok(new) if *new == *file.old => {}
                Ok(new) if check => {
                    changed += 1;
                    let shown = difference(&file.old, &new);
                    let secrets = Secrets::of(&self.sources, &[]);
                    let shown = format!("{}\n{shown}", file.name);
                    self.context.console.out(secrets.mask(&shown).as_ref());
                }
                Ok(new) => match write(file, &new) {
                    Ok(()) => {
                        changed += 1;
                        self.context.console.err(&format!("formatted {}\n", file.name));
                    }
                    Err(found) => {
                        self.misuse = true;
                        self.found.push(*found);
                    }
                },
                Err(Unformatted::Errors(sink)) => self.found.extend(sink.into_sorted()),
                Err(Unformatted::Bug(what)) => {
                    self.misuse = true;
                    self.found.push(not_formatted(&file.name, &what));
                }
            }
        }
        changed
    }
}

/// Replaces a file, unless somebody else changed it since it was read.
fn write(file: &File, new: &str) -> Result<(), Box<Diagnostic>> {
    if file.world.read(&file.name).ok().as_ref() != Some(&file.old) {
        return Err(Box::new(file_changed(&file.name, "iflux fmt")));
    }
    replace_file(&file.world.root().join(&file.name), new.as_bytes())
        .map_err(|error| Box::new(write_failed(&file.name, &words(&error))))
}
