//! `iflux build`: checks, then writes the manifests.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::driver::{self, Session};
use crate::emit::{FilePlan, PlannedFile};
use crate::host::{
    OutFile, Progress, WriteProblem, WriteProblemKind, Written, check_tree, kept_files,
    out_of_date, write_tree, written_problem,
};

use super::Outcome;
use super::args::ReportFormat;
use super::context::Context;
use super::errors::{unknown_address, unknown_cluster};

/// Check a project, then write its manifests: all of them, or none.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux build                       write out/ in the project's folder
  iflux build --check               is the committed output current? (for CI)
  iflux build --stdout --cluster eu-1 | kubectl --context eu-1 diff -f -
  iflux build --list alerts.nodes   the objects that come from one resource")]
pub(super) struct Build {
    /// A folder or a file of the project
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Where to write, from the current folder [default: out, in the project's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the manifests as one stream of documents and write no file
    #[arg(long, conflicts_with_all = ["check", "list", "out"])]
    stdout: bool,
    /// Of `--stdout`, only what one cluster reads. A folder of the output is always written whole
    #[arg(long, value_name = "NAME", requires = "stdout")]
    cluster: Option<String>,
    /// Write nothing; end with exit code 1 if the output is not what would be written
    #[arg(long, conflicts_with = "list")]
    check: bool,
    /// Print the objects that come from one resource, with their files, and write nothing
    #[arg(long, value_name = "ADDRESS")]
    list: Option<String>,
    /// The form of the report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ReportFormat,
    /// Compare clusters with the output of this git revision [default: HEAD; without git, the output as it lies there]
    #[arg(long, value_name = "REV")]
    since: Option<String>,
}

impl Build {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let mut world = match context.open(&self.path, self.format) {
            Ok(world) => world,
            Err(outcome) => return outcome,
        };
        if let Some(out) = &self.out {
            world.written_to(out);
        }
        if let Err(outcome) = context.compare_since(&mut world, self.since.as_deref()) {
            return outcome;
        }
        let progress = Progress::start("checking", self.format == ReportFormat::Human);
        let mut session = Session::load(&world);
        session.compare_with_earlier(&world);
        let plan = session.build();
        drop(progress);
        context.report_session(&session, self.format, self.stdout || self.list.is_some());
        if !context.has_program(&session, &self.path) {
            return Outcome::Misuse;
        }
        let Some(plan) = plan else { return Outcome::Errors };
        if self.stdout {
            return self.print(context, &plan);
        }
        if let Some(address) = &self.list {
            return list(context, &mut session, address);
        }
        let root = self.out.clone().unwrap_or_else(|| world.root().join("out"));
        self.write(context, &plan, &root)
    }

    fn print(&self, context: &Context, plan: &FilePlan) -> Outcome {
        let Some(cluster) = &self.cluster else {
            context.console.out(stream(&plan.files));
            return Outcome::Clean;
        };
        // What a cluster reads stands in the folder of its name.
        let folder = |file: &PlannedFile| file.path.split('/').next().map(str::to_owned);
        let files: Vec<&PlannedFile> =
            plan.files.iter().filter(|file| folder(file).as_ref() == Some(cluster)).collect();
        if files.is_empty() {
            let known: BTreeSet<String> = plan.files.iter().filter_map(folder).collect();
            context.complain(&[unknown_cluster("build --stdout", cluster, &known)]);
            return Outcome::Misuse;
        }
        context.console.out(stream(files));
        Outcome::Clean
    }

    fn write(&self, context: &Context, plan: &FilePlan, root: &Path) -> Outcome {
        let shown = match &self.out {
            Some(out) => out.display().to_string(),
            None => "out".to_owned(),
        };
        let files: Vec<OutFile<'_>> = plan
            .files
            .iter()
            .map(|file| OutFile { path: &file.path, bytes: &file.bytes })
            .collect();
        if self.check {
            return match check_tree(root, &files) {
                Ok(state) => match out_of_date(&shown, &state) {
                    Some(found) => {
                        context.complain(&[found]);
                        Outcome::Errors
                    }
                    None => Outcome::Clean,
                },
                Err(problem) => refused(context, &problem, &shown),
            };
        }
        match write_tree(root, &files) {
            Ok(written) => {
                if let Some(found) = kept_files(&shown, &written.kept) {
                    context.complain(&[found]);
                }
                if self.format == ReportFormat::Human {
                    context.console.err(&format!("{shown}: {}\n", describe(&written)));
                }
                Outcome::Clean
            }
            Err(problem) => refused(context, &problem, &shown),
        }
    }
}

/// Paths that cannot be are the program's error; anything else is the disk's.
pub(super) fn refused(context: &Context, problem: &WriteProblem, root: &str) -> Outcome {
    context.complain(&[written_problem(problem, root)]);
    match problem.kind {
        WriteProblemKind::BadPath | WriteProblemKind::Clash(_) => Outcome::Errors,
        WriteProblemKind::RootIsFile
        | WriteProblemKind::Foreign
        | WriteProblemKind::FolderInTheWay
        | WriteProblemKind::Link
        | WriteProblemKind::Busy
        | WriteProblemKind::System(_) => Outcome::Misuse,
    }
}

/// `3 new, 1 changed, 12 as they were, 2 removed`.
pub(super) fn describe(written: &Written) -> String {
    let counts = [
        (written.created.len(), "new"),
        (written.changed.len(), "changed"),
        (written.unchanged, "as they were"),
        (written.removed.len(), "removed"),
    ];
    let words: Vec<String> = counts
        .into_iter()
        .filter(|&(count, _)| count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if words.is_empty() { "no files".to_owned() } else { words.join(", ") }
}

/// Files as one stream of YAML documents, each under a comment that names it.
fn stream<'a>(files: impl IntoIterator<Item = &'a PlannedFile>) -> Vec<u8> {
    let mut out = Vec::new();
    for file in files {
        out.extend_from_slice(b"---\n# ");
        out.extend_from_slice(file.path.as_bytes());
        out.push(b'\n');
        out.extend_from_slice(file.bytes.strip_prefix(b"---\n").unwrap_or(&file.bytes));
        if !file.bytes.ends_with(b"\n") {
            out.push(b'\n');
        }
    }
    out
}

/// File, type and name of each object, in columns.
fn list(context: &Context, session: &mut Session, address: &str) -> Outcome {
    let written = match session.written(address) {
        Ok(written) => written,
        Err(known) => {
            context.complain(&[unknown_address(address, known.iter().map(String::as_str))]);
            return Outcome::Misuse;
        }
    };
    if written.is_empty() {
        context.console.err(&format!("nothing is written for `{address}`\n"));
        return Outcome::Clean;
    }
    let width =
        |of: fn(&driver::Written) -> &str| written.iter().map(|it| of(it).len()).max().unwrap_or(0);
    let (paths, objects) = (width(|it| &it.path), width(|it| &it.object));
    let lines = written
        .iter()
        .map(|it| format!("{:<paths$}  {:<objects$}  {}\n", it.path, it.object, it.name));
    context.console.out(lines.collect::<String>());
    Outcome::Clean
}

#[cfg(test)]
mod tests {
    use super::{describe, stream};
    use crate::emit::{FilePlan, PlannedFile};
    use crate::host::Written;

    #[test]
    fn a_stream_names_its_files() {
        let file = |path: &str, text: &str| PlannedFile {
            path: path.to_owned(),
            bytes: text.into(),
            address: String::new(),
        };
        let plan = FilePlan { files: vec![file("a.yaml", "a: 1\n"), file("b.yaml", "---\nb: 1")] };
        let expected = "---\n# a.yaml\na: 1\n---\n# b.yaml\nb: 1\n";
        assert_eq!(String::from_utf8(stream(&plan.files)).unwrap(), expected);
    }

    #[test]
    fn what_was_written_is_counted() {
        let written = Written { created: vec!["a".to_owned()], unchanged: 2, ..Written::default() };
        assert_eq!(describe(&written), "1 new, 2 as they were");
        assert_eq!(describe(&Written::default()), "no files");
    }
}
