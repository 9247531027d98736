//! Tests of a project: their assertions, and the wrong programs that they expect.

use super::errors;
use crate::diag::{Diagnostic, Level};
use crate::eval::{Evaluator, Resource, TestRun};
use crate::resolve::{Addition, Names, TestDecl};
use crate::source::{Sources, Span};
use crate::syntax::MemberKind;

/// What came of one test.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TestResult {
    /// Its name.
    pub name: String,
    /// Its module: the folder below the project's root; empty for the root itself.
    pub module: String,
    /// Its file, as shown.
    pub file: String,
    /// The line of its name, from 1.
    pub line: u32,
    /// The clusters for which it ran; empty where it depends on none.
    pub targets: Vec<String>,
    /// How many assertions and expected errors it holds.
    pub assertions: usize,
    /// Why it fails; empty when it passes.
    pub findings: Vec<Diagnostic>,
}

impl TestResult {
    /// Whether everything that it asserts holds.
    pub fn passed(&self) -> bool {
        !self.findings.iter().any(|found| found.level == Level::Error)
    }
}

/// A wrong program, and the code that it must raise.
pub(super) struct Wrong {
    pub(super) addition: Addition,
    code: &'static str,
    at: Span,
}

/// A test whose assertions were computed.
pub(super) struct Run {
    test: TestDecl,
    named: TestResult,
    run: TestRun,
    pub(super) expected: Vec<Wrong>,
}

/// The tests that the project holds itself, by module and name: those of a dependency are run where it is a project.
pub(super) fn of_project(names: &Names, wanted: &dyn Fn(&str) -> bool) -> Vec<TestDecl> {
    let mut tests: Vec<TestDecl> = names
        .tests
        .iter()
        .filter(|test| names.module(test.module).package.is_empty() && wanted(test.name.as_str()))
        .copied()
        .collect();
    tests.sort_by_key(|test| (names.module(test.module).path.clone(), test.name.as_str(), test.at));
    tests
}

/// Whether a file with tests asks who reaches whom: answers take the whole output.
pub(super) fn ask_of_network(sources: &Sources, tests: &[TestDecl]) -> bool {
    let asks = |text: &str| text.contains("reaches(") || text.contains("callers(");
    // What tests call may stand in other files.
    !tests.is_empty() && sources.iter().any(|(_, it)| !it.is_library() && asks(it.text()))
}

/// The same of what fits.
pub(super) fn ask_of_room(sources: &Sources, tests: &[TestDecl]) -> bool {
    !tests.is_empty()
        && sources.iter().any(|(_, it)| !it.is_library() && it.text().contains("fits("))
}

/// A test, not yet run.
pub(super) fn named(names: &Names, sources: &Sources, test: &TestDecl) -> TestResult {
    let tree = &names.tree(test.tree).tree;
    let is_assertion =
        |kind: MemberKind| matches!(kind, MemberKind::Assert { .. } | MemberKind::Expect { .. });
    let mut assertions = 0;
    if let MemberKind::Test { body, .. } = tree.member(test.member).kind {
        assertions = tree.members_of(body).filter(|member| is_assertion(member.kind)).count();
    }
    TestResult {
        name: test.name.to_string(),
        module: names.module(test.module).path.clone(),
        file: sources.get(test.at.file).name().to_owned(),
        line: sources.position(test.at).line,
        targets: Vec::new(),
        assertions,
        findings: Vec::new(),
    }
}

/// Computes the assertions of tests.
pub(super) fn assertions(
    values: &mut Evaluator<'_>,
    resources: &[Resource],
    sources: &Sources,
    tests: &[TestDecl],
) -> Vec<Run> {
    if values.has_errors() {
        return Vec::new();
    }
    let names = values.names;
    let mut runs = Vec::new();
    for test in tests {
        let tree = &names.tree(test.tree).tree;
        let mut expected = Vec::new();
        if let MemberKind::Test { body, .. } = tree.member(test.member).kind {
            for member in tree.members_of(body) {
                if let MemberKind::Expect { code, body } = member.kind {
                    expected.push(Wrong {
                        addition: Addition { tree: test.tree, body },
                        code: code.sym.as_str(),
                        at: names.tree(test.tree).span(code.at),
                    });
                }
            }
        }
        let run = values.test(test, resources);
        let named = named(names, sources, test);
        runs.push(Run { test: *test, named, run, expected });
    }
    runs
}

impl Run {
    /// What the assertions gave.
    pub(super) fn result(&self) -> TestResult {
        let name = self.test.name.as_str();
        let ran = self.run.targets.len();
        let mut findings = self.run.findings.clone();
        // What has no value says why by itself.
        let is_told = findings.iter().any(|found| found.level == Level::Error);
        let failures = self.run.failures.iter().filter(|failure| failure.is_false || !is_told);
        findings.extend(failures.map(|failure| errors::test_failed(name, failure, ran)));
        if self.run.nowhere {
            findings.push(errors::test_nowhere(name, self.test.at));
        }
        let targets = self.run.targets.iter().map(|name| name.to_string()).collect();
        TestResult { targets, findings, ..self.named.clone() }
    }
}

/// Whether a wrong program raised its code and no other; else what to say.
pub(super) fn unmet(name: &str, wrong: &Wrong, found: &[Diagnostic]) -> Option<Diagnostic> {
    let arose: Vec<&Diagnostic> =
        found.iter().filter(|found| found.level == Level::Error).collect();
    let met = !arose.is_empty() && arose.iter().all(|found| found.code.as_str() == wrong.code);
    (!met).then(|| errors::test_unmet(name, wrong.code, wrong.at, &arose))
}
