//! Runs the cases of literate pages (see `literate.rs`) and compares what comes out with what they say.

use crate::literate::{Case, Exact, Mark, read};

/// The compiler, as cases see it.
pub(crate) trait Compiler {
    /// Checks a project of these files, and builds it if no error stands.
    fn run(&self, files: &[(String, String)]) -> Outcome;
    /// The final value of each path, as `iflux why` tells it, on one line.
    fn values(&self, files: &[(String, String)], paths: &[&str]) -> Vec<String>;
}

/// What comes of a run.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) found: Vec<Found>,
    /// The plain report of all findings.
    pub(crate) report: String,
    /// Path below the output folder, and text. Empty if an error stands.
    pub(crate) files: Vec<(String, String)>,
    /// What the `values` block of the case should say.
    pub(crate) values: String,
}

/// One finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Found {
    /// File and line, from 1, of the primary label.
    pub(crate) place: Option<(String, usize)>,
    pub(crate) level: String,
    pub(crate) code: String,
    pub(crate) title: String,
    /// The text of the primary label.
    pub(crate) label: String,
}

impl Found {
    fn shown(&self) -> String {
        let place = self
            .place
            .as_ref()
            .map_or("nowhere".to_owned(), |(file, line)| format!("{file}:{line}"));
        format!("{place} {}: [{}] {} ({})", self.level, self.code, self.title, self.label)
    }
}

/// What a page is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind<'a> {
    /// `tests/ui/`: each case has a title and an intent, and there is one.
    Cases,
    /// The page of a code: its bad programs raise it once and nothing else, its good ones nothing. A code about what lies
    /// `outside` of programs (a disk, a command line) may have none.
    Explain { code: &'a str, outside: bool },
    /// README and book: every program does what it says.
    Book,
}

/// Runs all cases of a page: what is wrong, each with its line.
pub(crate) fn run(page: &str, kind: Kind<'_>, compiler: &dyn Compiler) -> Vec<String> {
    let (cases, mut problems) = read(page);
    match kind {
        Kind::Cases => {
            if cases.is_empty() {
                problems.push("1: no case".to_owned());
            }
            for case in &cases {
                if case.title.is_empty() || !case.has_intent {
                    problems.push(format!(
                        "{}: a case needs a title and a sentence of intent",
                        case.line
                    ));
                }
            }
        }
        Kind::Explain { outside, .. } => {
            let has = |mark| cases.iter().any(|case| case.mark == mark);
            let shows = has(Mark::Bad) && has(Mark::Good);
            if !shows && !(cases.is_empty() && (outside || page.contains(NO_PROGRAM))) {
                problems.push(format!("1: needs a bad and a good program, or `{NO_PROGRAM} ..`"));
            }
        }
        Kind::Book => {}
    }
    for case in &cases {
        let outcome = outcome(compiler, case);
        match (kind, case.mark) {
            (Kind::Explain { code, .. }, Mark::Bad) => {
                problems.extend(raises_only(case, code, &outcome))
            }
            _ => problems.extend(findings(case, &outcome)),
        }
        problems.extend(texts(case, &outcome));
    }
    problems
}

/// Runs a case, and asks for the values that it names.
fn outcome(compiler: &dyn Compiler, case: &Case) -> Outcome {
    let mut outcome = compiler.run(&case.files);
    if let Some(values) = &case.values {
        let paths: Vec<&str> = values
            .text
            .lines()
            .map(|line| line.split_once(" = ").map_or(line, |(path, _)| path))
            .collect();
        let found = compiler.values(&case.files, &paths);
        let lines = paths.iter().zip(found).map(|(path, value)| format!("{path} = {value}\n"));
        outcome.values = lines.collect();
    }
    outcome
}

/// The sentence by which a page says that its code is not shown by a program, and why.
const NO_PROGRAM: &str = "No program shows this:";

fn raises_only(case: &Case, code: &str, outcome: &Outcome) -> Option<String> {
    let codes: Vec<&str> = outcome.found.iter().map(|found| found.code.as_str()).collect();
    let shown: Vec<String> = outcome.found.iter().map(Found::shown).collect();
    (codes != [code]).then(|| {
        format!(
            "{}: must raise `{code}` once and nothing else, but raises: [{}]",
            case.line,
            shown.join("; ")
        )
    })
}

/// Expectations without a finding, and findings that nobody expects.
fn findings(case: &Case, outcome: &Outcome) -> Vec<String> {
    let mut problems = Vec::new();
    let mut unexpected: Vec<&Found> = outcome.found.iter().collect();
    for expectation in &case.expectations {
        let fits = |found: &&Found| {
            found.place == expectation.place
                && found.level == expectation.level
                && found.code == expectation.code
                && (found.title.contains(&expectation.part)
                    || found.label.contains(&expectation.part))
        };
        match unexpected.iter().position(fits) {
            Some(at) => {
                unexpected.remove(at);
            }
            None => problems.push(format!(
                "{}: not found: {}: [{}] {:?}",
                expectation.line, expectation.level, expectation.code, expectation.part
            )),
        }
    }
    let line = case.line;
    problems.extend(
        unexpected
            .iter()
            .map(|found| format!("{line}: found, but not expected: {}", found.shown())),
    );
    problems
}

/// Reports and outputs that differ.
fn texts(case: &Case, outcome: &Outcome) -> Vec<String> {
    let pairs = exact(case, outcome).into_iter();
    pairs
        .filter_map(|(exact, actual)| {
            let Some(actual) = actual else {
                return Some(format!("{}: `{}` is not written", exact.line, exact.info));
            };
            (exact.text != actual).then(|| {
                let difference = first_difference(&exact.text, actual);
                format!(
                    "{}: `{}` differs {difference} (IFLUX_BLESS=1 takes what came out):\n{actual}",
                    exact.line, exact.info
                )
            })
        })
        .collect()
}

/// Each exact text of a case with what came out.
fn exact<'a>(case: &'a Case, outcome: &'a Outcome) -> Vec<(&'a Exact, Option<&'a str>)> {
    let report = case.report.iter().map(|exact| (exact, Some(outcome.report.as_str())));
    let values = case.values.iter().map(|exact| (exact, Some(outcome.values.as_str())));
    let outputs = case.outputs.iter().map(|(path, exact)| {
        let file = outcome.files.iter().find(|(known, _)| known == path);
        (exact, file.map(|(_, text)| text.as_str()))
    });
    report.chain(values).chain(outputs).collect()
}

fn first_difference(expected: &str, actual: &str) -> String {
    let mut lines = (1..).zip(expected.lines().zip(actual.lines()));
    match lines.find(|(_, (expected, actual))| expected != actual) {
        Some((number, (expected, _))) => {
            format!("from its line {number}, which should be `{expected}`")
        }
        None => {
            format!("in length: {} lines, not {}", actual.lines().count(), expected.lines().count())
        }
    }
}

/// The page with the reports and outputs that come out now.
pub(crate) fn blessed(page: &str, compiler: &dyn Compiler) -> String {
    let (cases, _) = read(page);
    let mut changes = Vec::new();
    for case in &cases {
        let outcome = outcome(compiler, case);
        for (exact, actual) in exact(case, &outcome) {
            if let Some(actual) = actual {
                changes.push((exact.whole.clone(), fenced(&exact.info, actual)));
            }
        }
    }
    changes.sort_by_key(|(whole, _)| whole.start);
    let mut page = page.to_owned();
    for (whole, text) in changes.into_iter().rev() {
        page.replace_range(whole, &text);
    }
    page
}

/// A block whose fence is longer than any row of backticks in it.
fn fenced(info: &str, text: &str) -> String {
    let ticks =
        text.lines().map(|line| line.bytes().take_while(|&byte| byte == b'`').count()).max();
    let fence = "`".repeat(ticks.unwrap_or(0).max(2) + 1);
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{info}\n{text}{end}{fence}\n")
}

#[cfg(test)]
mod tests {
    use super::{Compiler, Found, Kind, Outcome, blessed, run};

    /// A language in which `!code` on a line is an error of that code, `?code` a warning, and a program without errors
    /// writes each of its files under its own name.
    struct Toy;

    impl Compiler for Toy {
        fn run(&self, files: &[(String, String)]) -> Outcome {
            let mut found = Vec::new();
            for (path, text) in files {
                for (number, line) in (1..).zip(text.lines()) {
                    for word in line.split("//").next().unwrap_or_default().split_whitespace() {
                        let (level, code) = match (word.strip_prefix('!'), word.strip_prefix('?')) {
                            (Some(code), _) => ("error", code),
                            (_, Some(code)) => ("warning", code),
                            _ => continue,
                        };
                        let place = (code != "emit/x").then(|| (path.clone(), number));
                        let (title, label) = (format!("title of {code}"), "the label".to_owned());
                        found.push(Found {
                            place,
                            level: level.to_owned(),
                            code: code.to_owned(),
                            title,
                            label,
                        });
                    }
                }
            }
            let report = found.iter().map(|found: &Found| found.shown() + "\n").collect();
            let fails = found.iter().any(|found| found.level == "error");
            let files = if fails { Vec::new() } else { files.to_vec() };
            Outcome { found, report, files, ..Outcome::default() }
        }

        fn values(&self, _: &[(String, String)], paths: &[&str]) -> Vec<String> {
            paths.iter().map(|path| format!("value of {path}")).collect()
        }
    }

    fn check(kind: Kind<'_>, page: &str, expected: &[&str]) {
        let found = run(page, kind, &Toy);
        assert_eq!(found.len(), expected.len(), "{page}\n{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{page}\n{found:#?}");
        }
    }

    fn case(program: &str, expected: &[&str]) {
        check(Kind::Cases, &format!("# T\n\nIntent.\n\n```iflux\n{program}\n```\n"), expected);
    }

    #[test]
    fn findings_must_be_those_expected() {
        case("a", &[]);
        case("!a/b // error: [a/b]", &[]);
        case("!a/b // error: [a/b] \"title of\"", &[]);
        case("!a/b ?c/d // error: [a/b] \"the label\" // warning: [c/d]", &[]);
        case("!a/b ?c/d\n//  ^ error: [a/b]\n// ^ warning: [c/d]", &[]);
        case(
            "!a/b",
            &["5: found, but not expected: main.iflux:1 error: [a/b] title of a/b (the label)"],
        );
        case("a // error: [a/b]", &["6: not found: error: [a/b]"]);
        case("!a/b // error: [a/c]", &["6: not found", "not expected"]);
        case("!a/b // warning: [a/b]", &["6: not found", "not expected"]);
        case(
            "!a/b // error: [a/b] \"other\"",
            &["6: not found: error: [a/b] \"other\"", "not expected"],
        );
        case("!a/b\na // error: [a/b]", &["7: not found", "not expected"]);
        case("!a/b !a/b // error: [a/b]", &["not expected"]);
        case("!emit/x", &["not expected: nowhere error"]);
        case("!emit/x\n```\n```expect\nerror: [emit/x] \"title\"", &[]);
        case("!a/b\n```\n```expect\nmain.iflux:1 error: [a/b]", &[]);
        case("!a/b\n```\n```expect\nmain.iflux:2 error: [a/b]", &["9: not found", "not expected"]);
    }

    #[test]
    fn values_must_be_those_stated() {
        case("a\n```\n```values\nx.y = value of x.y", &[]);
        case("a\n```\n```values\nx.y = 3", &["`values` differs from its line 1"]);
        case("a\n```\n```values\nx.y", &["9: not `PATH = VALUE`", "`values` differs"]);
    }

    #[test]
    fn a_case_says_what_it_is_for() {
        check(
            Kind::Cases,
            "# T\n\n```iflux\na\n```\n",
            &["3: a case needs a title and a sentence"],
        );
        check(Kind::Cases, "T\n\n```iflux\na\n```\n", &["3: a case needs a title and a sentence"]);
        check(Kind::Cases, "# T\n\nText.\n", &["1: no case"]);
        check(Kind::Book, "Text.\n\n```iflux\na\n```\n", &[]);
        check(Kind::Book, "Text.\n\n```iflux\n!a/b\n```\n", &["3: found, but not expected"]);
    }

    #[test]
    fn a_page_shows_its_code() {
        let kind = Kind::Explain { code: "a/b", outside: false };
        let page = |bad: &str, good: &str| {
            format!("# a/b\n\nText.\n\n```iflux bad\n{bad}\n```\n\n```iflux good\n{good}\n```\n")
        };
        check(kind, &page("!a/b", "a"), &[]);
        check(kind, &page("?a/b", "a"), &[]);
        check(
            kind,
            &page("a", "a"),
            &["5: must raise `a/b` once and nothing else, but raises: []"],
        );
        check(kind, &page("!a/b !a/b", "a"), &["5: must raise"]);
        check(kind, &page("!a/b ?c/d", "a"), &["5: must raise"]);
        check(
            kind,
            &page("!c/d", "a"),
            &["5: must raise `a/b` once and nothing else, but raises: [main.iflux:1 error: [c/d]"],
        );
        check(kind, &page("!a/b", "?a/b"), &["9: found, but not expected"]);
        check(kind, "# a/b\n\n```iflux bad\n!a/b\n```\n", &["1: needs a bad and a good program"]);
        check(kind, "# a/b\n\n```iflux good\na\n```\n", &["1: needs a bad and a good program"]);
        check(kind, "# a/b\n\nText.\n", &["1: needs a bad and a good program"]);
        check(kind, "# a/b\n\nNo program shows this: it is rare.\n", &[]);
        let outside = Kind::Explain { code: "a/b", outside: true };
        check(outside, "# a/b\n\nText.\n", &[]);
        check(outside, &page("a", "a"), &["5: must raise"]);
    }

    #[test]
    fn texts_must_be_exact_and_can_be_blessed() {
        let page = |report: &str, out: &str| {
            format!(
                "# T\n\nIntent.\n\n```iflux\n?a/b // warning: [a/b]\n```\n\n```report\n{report}```\n\nMore.\n\n```yaml file=out/main.iflux\n{out}```\n\nEnd.\n"
            )
        };
        let right = page(
            "main.iflux:1 warning: [a/b] title of a/b (the label)\n",
            "?a/b // warning: [a/b]\n",
        );
        let wrong = page("other\n", "?a/b // warning: [a/b]\nmore\n");
        check(Kind::Cases, &right, &[]);
        check(
            Kind::Cases,
            &wrong,
            &[
                "9: `report` differs from its line 1, which should be `other`",
                "15: `yaml file=out/main.iflux` differs in length: 1 lines, not 2",
            ],
        );
        check(
            Kind::Cases,
            &right.replace("out/main", "out/x"),
            &["15: `yaml file=out/x.iflux` is not written"],
        );
        assert_eq!(blessed(&wrong, &Toy), right);
        assert_eq!(blessed(&right, &Toy), right);
        let fences = "# T\n\nI.\n\n````iflux\n```\n````\n````x file=out/main.iflux\n```\n````\n";
        assert_eq!(blessed(fences, &Toy), fences);
    }
}
