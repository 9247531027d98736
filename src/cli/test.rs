//! `iflux test`: the tests of a project.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use regex::Regex;

use crate::diag::{Diagnostic, Sink};
use crate::driver::{PromtoolTests, Session, TestResult, promtool_tests};
use crate::emit::FilePlan;
use crate::host::{OutFile, Progress, kept_files, words, write_file, write_tree};
use crate::report::one_line;

use super::Outcome;
use super::args::ReportFormat;
use super::build::{describe, refused};
use super::context::Context;
use super::errors::{bad_filter, no_such_test, write_failed};
use super::junit::{broken, junit};

/// Run the tests of a project.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux test                          every test of the project around the current folder
  iflux test --filter 'only the web'  those whose name holds these words
  iflux test --filter '/^quota|cpu/'  those whose name a regular expression finds
  iflux test --list                   their names, without running them
  iflux test --promtool checks        a rule file and a promtool test for every alert
  iflux test --gator checks           the cases of policies, for `gator verify`
  iflux test --junit report.xml       the results, for CI")]
pub(super) struct Test {
    /// A folder or a file of the project
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Run the tests whose name holds a text, or is found by a /regular expression/
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// List the tests and run none
    #[arg(long)]
    list: bool,
    /// Write the results as JUnit XML
    #[arg(long, value_name = "FILE", conflicts_with = "list")]
    junit: Option<PathBuf>,
    /// Run no test; write to this folder the rules, and for each alert tests of promtool: one that fires it and one that does not
    #[arg(long, value_name = "DIR", conflicts_with_all = ["list", "junit", "filter"])]
    promtool: Option<PathBuf>,
    /// Run no test; write to this folder the policies that Gatekeeper holds, and their cases as suites of gator
    #[arg(long, value_name = "DIR", conflicts_with_all = ["list", "junit", "filter", "promtool"])]
    gator: Option<PathBuf>,
    /// The form of the report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ReportFormat,
}

/// What picks tests by name.
enum Filter {
    All,
    Part(String),
    Pattern(Regex),
}

impl Filter {
    fn read(text: Option<&str>) -> Result<Self, Box<Diagnostic>> {
        let Some(text) = text else { return Ok(Self::All) };
        let inner = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
        let Some(pattern) = inner else { return Ok(Self::Part(text.to_owned())) };
        Regex::new(pattern).map(Self::Pattern).map_err(|error| {
            // The last line says what is wrong; those above draw the pattern.
            let words = error.to_string();
            let last = words.lines().last().unwrap_or_default();
            Box::new(bad_filter(text, last.trim_start_matches("error: ")))
        })
    }

    fn takes(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Part(part) => name.contains(part.as_str()),
            Self::Pattern(pattern) => pattern.is_match(name),
        }
    }
}

impl Test {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let filter = match Filter::read(self.filter.as_deref()) {
            Ok(filter) => filter,
            Err(found) => {
                context.complain(&[*found]);
                return Outcome::Misuse;
            }
        };
        let world = match context.open(&self.path, self.format) {
            Ok(world) => world,
            Err(outcome) => return outcome,
        };
        let people = self.format == ReportFormat::Human;
        let progress = Progress::start("testing", people);
        let mut session = Session::load(&world);
        context.hide(&mut session);
        if let Some(folder) = &self.promtool {
            let plan = session.build();
            let made = plan.as_ref().map(promtool_tests);
            drop(progress);
            context.report_session(&session, self.format, false);
            if !context.has_program(&session, &self.path) {
                return Outcome::Misuse;
            }
            let Some(made) = made else { return Outcome::Errors };
            return promtool(context, &made, folder);
        }
        if let Some(folder) = &self.gator {
            let made = session.gator_tests();
            drop(progress);
            context.report_session(&session, self.format, false);
            if !context.has_program(&session, &self.path) {
                return Outcome::Misuse;
            }
            let Some(made) = made else { return Outcome::Errors };
            return written(context, &made, folder, String::new());
        }
        let known = session.tests();
        if session.has_errors() {
            drop(progress);
            context.report_session(&session, self.format, false);
            // A report of an earlier run must not be taken for this one's.
            if let Some(path) = self.junit.as_ref().filter(|_| !self.list) {
                let found = session.diagnostics();
                return self.write(
                    context,
                    path,
                    &broken(&found, session.sources()),
                    Outcome::Errors,
                );
            }
            return Outcome::Errors;
        }
        if !context.has_program(&session, &self.path) {
            return Outcome::Misuse;
        }
        let listed: Vec<&TestResult> =
            known.iter().filter(|test| filter.takes(&test.name)).collect();
        if let (true, Some(text)) = (listed.is_empty() && !known.is_empty(), &self.filter) {
            drop(progress);
            let names = known.iter().map(|test| test.name.as_str());
            context.complain(&[no_such_test(text, names)]);
            return Outcome::Misuse;
        }
        if self.list {
            drop(progress);
            let lines: String = listed.iter().map(|test| line(test)).collect();
            context.say(lines);
            if known.is_empty() {
                context.console.err(NONE);
            }
            return Outcome::Clean;
        }
        let results = session.test(|name| filter.takes(name));
        drop(progress);
        let passed = results.iter().all(TestResult::passed);
        let outcome = if passed { Outcome::Clean } else { Outcome::Errors };
        if let Some(path) = &self.junit {
            let text = context.masked(&junit(&results, session.sources()));
            if self.write(context, path, &text, outcome) == Outcome::Misuse {
                return Outcome::Misuse;
            }
        }
        self.show(context, &session, &results);
        outcome
    }

    /// Writes the file of `--junit`; gives the outcome, or misuse if that fails.
    fn write(&self, context: &Context, path: &Path, text: &str, outcome: Outcome) -> Outcome {
        match write_file(path, text.as_bytes()) {
            Ok(()) => outcome,
            Err(error) => {
                let shown = path.display().to_string();
                context.complain(&[write_failed(&shown, &words(&error))]);
                Outcome::Misuse
            }
        }
    }

    /// People see every test, then the findings, then the count; machines see findings only.
    fn show(&self, context: &Context, session: &Session, results: &[TestResult]) {
        let people = matches!(self.format, ReportFormat::Human | ReportFormat::Plain);
        if people {
            let lines: String = results.iter().map(verdict).collect();
            context.say(lines);
        }
        let mut sink = Sink::new();
        for result in results {
            result.findings.iter().for_each(|found| sink.report(found.clone()));
        }
        let found = sink.into_sorted();
        if !(people && found.is_empty()) {
            context.report(&found, session.sources(), self.format, 0, false);
        }
        if results.is_empty() {
            context.console.err(NONE);
        } else {
            context.console.err(&summary(results));
        }
    }
}

/// Writes the tests for promtool.
fn promtool(context: &Context, made: &PromtoolTests, folder: &Path) -> Outcome {
    written(context, &made.files, folder, decided(made))
}

/// Writes tests for another program, as a build writes: all of them, or none.
fn written(context: &Context, made: &FilePlan, folder: &Path, said: String) -> Outcome {
    let shown = folder.display().to_string();
    let files: Vec<OutFile<'_>> =
        made.files.iter().map(|file| OutFile { path: &file.path, bytes: &file.bytes }).collect();
    match write_tree(folder, &files) {
        Ok(written) => {
            if let Some(found) = kept_files(&shown, &written.kept) {
                context.complain(&[found]);
            }
            context.console.err(&format!("{shown}: {}\n", describe(&written)));
            context.console.out(said);
            Outcome::Clean
        }
        Err(problem) => refused(context, &problem, &shown),
    }
}

/// `19 alerts: 18 with tests, 1 not decided`, and those by name.
fn decided(made: &PromtoolTests) -> String {
    let alerts = if made.alerts == 1 { "alert" } else { "alerts" };
    let tested = made.alerts - made.undecided.len();
    let mut out = format!("{} {alerts}: {tested} with tests", made.alerts);
    if !made.undecided.is_empty() {
        let _ = write!(out, ", {} not decided", made.undecided.len());
    }
    out.push('\n');
    for (alert, why) in &made.undecided {
        let _ = writeln!(out, "not decided: {alert}: {}", one_line(why));
    }
    out
}

const NONE: &str = "this project has no tests; one is written `test \"..\" { assert .. }`\n";

/// `teams/payments/tests.iflux:3: only the web reaches the orders`.
fn line(test: &TestResult) -> String {
    format!("{}:{}: {}\n", test.file, test.line, one_line(&test.name))
}

fn verdict(test: &TestResult) -> String {
    let word = if test.passed() { "ok    " } else { "FAILED" };
    let mut out = format!("{word} {}", one_line(&test.name));
    if !test.targets.is_empty() {
        let _ = write!(out, " (on {})", test.targets.join(", "));
    }
    out.push('\n');
    out
}

/// `4 tests: 3 passed, 1 failed`.
fn summary(results: &[TestResult]) -> String {
    let failed = results.iter().filter(|result| !result.passed()).count();
    let tests = if results.len() == 1 { "test" } else { "tests" };
    let passed = results.len() - failed;
    if failed == 0 {
        format!("{passed} {tests} passed\n")
    } else {
        format!("{} {tests}: {passed} passed, {failed} failed\n", results.len())
    }
}

#[cfg(test)]
mod tests {
    use super::Filter;

    #[test]
    fn filters() {
        let check = |filter: &str, name: &str, takes: bool| {
            let Ok(read) = Filter::read(Some(filter)) else { panic!("{filter}") };
            assert_eq!(read.takes(name), takes, "{filter} {name}");
        };
        check("web", "only the web", true);
        check("Web", "only the web", false);
        check("/^only/", "only the web", true);
        check("/^web/", "only the web", false);
        check("/", "a/b", true);
        check("a/b", "a/b", true);
        assert!(Filter::read(Some("/(/")).is_err());
    }
}
