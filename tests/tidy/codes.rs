//! Every code has one place and one page.

use std::collections::{BTreeMap, BTreeSet};

use super::text::{Keep, blanked};
use super::{Tree, above_tests, is_tests};

const PAGES: &str = "src/diag/pages/";

/// Where messages live: the `errors.rs` of a room, and the files below it by subject; the driver's are those about the outside.
fn is_home(path: &str) -> bool {
    path.ends_with("/errors.rs") || path.contains("/errors/") || path == "src/driver/problems.rs"
}

/// `room/slug`, both in lower case with hyphens.
fn is_well_formed(code: &str) -> bool {
    let is_slug = |slug: &str| {
        !slug.is_empty()
            && slug.split('-').all(|word| {
                !word.is_empty()
                    && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            })
    };
    code.split_once('/').is_some_and(|(room, slug)| is_slug(room) && is_slug(slug))
}

/// Codes that are declared twice, elsewhere, oddly named, without a page, and pages without a code or another's title.
pub(super) fn broken(tree: &Tree) -> Vec<String> {
    let mut offenders = Vec::new();
    let mut declared: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in tree.below("src/", ".rs").filter(|(path, _)| !is_tests(path)) {
        let code = blanked(above_tests(text), Keep::Literals);
        for (number, line) in (1..).zip(code.lines()) {
            for rest in line.split("Code::new(\"").skip(1) {
                let code = rest.split('"').next().unwrap_or_default();
                declared.entry(code.to_owned()).or_default().push(format!("{path}:{number}"));
                if !is_home(path) {
                    offenders.push(format!(
                        "{path}:{number}: `{code}` belongs into the errors.rs of its room"
                    ));
                }
                if !is_well_formed(code) {
                    offenders.push(format!("{path}:{number}: `{code}` is not `room/slug`"));
                }
            }
        }
    }
    for (code, places) in &declared {
        if places.len() > 1 {
            offenders.push(format!("`{code}` is declared more than once: {}", places.join(", ")));
        }
    }
    let mut paged = BTreeSet::new();
    for (path, text) in tree.below(PAGES, ".md") {
        let code = path.trim_start_matches(PAGES).trim_end_matches(".md");
        paged.insert(code);
        if !declared.contains_key(code) {
            offenders.push(format!("{path}: no such code"));
        }
        if text.lines().next() != Some(&format!("# {code}")) {
            offenders.push(format!("{path}: does not open with `# {code}`"));
        }
    }
    let without = declared.keys().filter(|code| !paged.contains(code.as_str()));
    offenders.extend(without.map(|code| format!("`{code}` has no page {PAGES}{code}.md")));
    offenders
}

/// Codes that no case can raise: of another process, of a disk that fails, and of faults of the compiler itself.
const OUT_OF_REACH: [&str; 8] = [
    "cli/not-formatted",
    "emit/bad-path",
    "emit/busy",
    "emit/path-clash",
    "fetch/no-commit",
    "io/failed",
    "model/not-lifted",
    "io/outside-project",
];

/// Codes that nothing raises in the tests: neither a case or test that names them, nor the program of their page, which the tests run.
pub(super) fn unraised(tree: &Tree) -> Vec<String> {
    let mut named = String::new();
    for (path, text) in tree.below("tests/", "").chain(tree.below("src/", ".rs")) {
        let is_case = path.ends_with(".md") || path.ends_with(".rs");
        // The lists of this very file are no cases.
        if is_case && !path.starts_with("tests/tidy/") {
            let from = if is_tests(path) { 0 } else { above_tests(text).len() };
            named.push_str(text.get(from..).unwrap_or_default());
            named.push('\n');
        }
    }
    let mut offenders = Vec::new();
    for (path, text) in tree.below(PAGES, ".md") {
        let code = path.trim_start_matches(PAGES).trim_end_matches(".md");
        let has_program = text.lines().any(|line| line.starts_with("```iflux bad"));
        let is_raised = has_program || names(&named, code);
        match (is_raised, OUT_OF_REACH.contains(&code)) {
            (false, false) => offenders.push(format!("`{code}` is raised by no case")),
            (true, true) => offenders.push(format!("`{code}` is within reach after all")),
            _ => {}
        }
    }
    offenders
}

/// Whether a text names a code, and not only a longer one.
fn names(text: &str, code: &str) -> bool {
    let part = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '/';
    text.match_indices(code).any(|(at, _)| {
        let before = text.get(..at).and_then(|it| it.chars().next_back());
        let after = text.get(at + code.len()..).and_then(|it| it.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

#[test]
fn codes_without_a_case_are_found() {
    let page = ("src/diag/pages/a/b-c.md", "# a/b-c\n\nText.\n");
    let program = ("src/diag/pages/a/b-c.md", "# a/b-c\n\n```iflux bad\n```\n");
    let check = |files: &[(&str, &str)], expected: &[&str]| {
        assert_eq!(unraised(&Tree::of(files)), expected, "{files:?}");
    };
    check(&[page], &["`a/b-c` is raised by no case"]);
    check(&[program], &[]);
    check(&[page, ("tests/ui/a/x.md", "// error: [a/b-c]")], &[]);
    check(&[page, ("tests/ui/a/x.md", "error: [a/b-cd]")], &["`a/b-c` is raised by no case"]);
    check(&[page, ("src/a/tests.rs", "\"a/b-c\"")], &[]);
    check(&[page, ("src/a/x.rs", "\"a/b-c\"")], &["`a/b-c` is raised by no case"]);
    let reached = ("src/diag/pages/emit/busy.md", "# emit/busy\n");
    check(&[reached], &[]);
    check(&[reached, ("tests/cli/x.md", "emit/busy")], &["`emit/busy` is within reach after all"]);
}

#[test]
fn each_break_is_found() {
    let errors = "pub const A: Code = Code::new(\"a/b-c\");\n// Code::new(\"x/y\")\n#[cfg(test)]\nmod tests {\nCode::new(\"z/z\")";
    let page = ("src/diag/pages/a/b-c.md", "# a/b-c\n\nText.\n");
    let check =
        |files: &[(&str, &str)], expected: &[&str]| assert_eq!(broken(&Tree::of(files)), expected);
    check(&[("src/a/errors.rs", errors), page], &[]);
    check(&[("src/a/errors.rs", errors), page, ("src/a/b_tests.rs", errors)], &[]);
    check(&[("src/a/errors/b.rs", errors), page], &[]);
    check(&[("src/a/errors.rs", errors)], &["`a/b-c` has no page src/diag/pages/a/b-c.md"]);
    check(&[page], &["src/diag/pages/a/b-c.md: no such code"]);
    check(
        &[("src/a/errors.rs", errors), (page.0, "# a/b\n")],
        &["src/diag/pages/a/b-c.md: does not open with `# a/b-c`"],
    );
    check(
        &[("src/a/errors.rs", errors), ("src/b/check.rs", errors), page],
        &[
            "src/b/check.rs:1: `a/b-c` belongs into the errors.rs of its room",
            "`a/b-c` is declared more than once: src/a/errors.rs:1, src/b/check.rs:1",
        ],
    );
    for odd in ["b", "a/B", "a/b_c", "a/", "a/b-", "a/b/c"] {
        let found = broken(&Tree::of(&[("src/a/errors.rs", &errors.replace("a/b-c", odd))]));
        assert!(found.iter().any(|found| found.contains("is not `room/slug`")), "{odd}: {found:?}");
    }
}
