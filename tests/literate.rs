//! Pages that hold programs: Markdown to cases.
//!
//! A fence's first word is its language, then come marks: `file=teams/a.iflux` names its file (an `iflux` block without
//! one is `main.iflux`, a `toml` block `iflux.toml`), `bad` and `good` say what an explain page shows. The blocks of one
//! section (from heading to heading) are one program, until a file comes a second time, or the mark changes: that
//! begins the next. A block of another language is a file of the program if it has a name below no `out/`, and what a
//! build must write if it has one below `out/`; marked `earlier`, what an earlier build wrote there. A `report` block is the exact plain report. Each line of a `values` block is a
//! path of `iflux why` and the value that it must have: `cluster.eu-1.workers.general.replicas = 7`, or one per set of
//! targets: `workload.web.replicas = 1 on dev; 3 on eu-1, eu-2`.
//!
//! What must be found stands in the program, on its line or below it, or, where no comment can stand, in an `expect` block:
//!
//! ```text
//! replicas = "3"           // error: [type/mismatch] "part of the title or label"
//! replicas = "3"
//! //         ^ error: [type/mismatch] "part"
//! main.iflux:7 warning: [lint/unused]
//! error: [emit/too-large] "a finding without a place"
//! ```

use std::ops::Range;

/// A fenced block.
#[derive(Debug, PartialEq)]
struct Block {
    language: String,
    file: Option<String>,
    mark: Mark,
    /// Whether an earlier build wrote it.
    is_earlier: bool,
    /// The line of the opening fence, from 1.
    line: usize,
    /// The whole block with its fences, in the page.
    whole: Range<usize>,
    text: String,
}

/// What a block of an explain page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Mark {
    #[default]
    None,
    Bad,
    Good,
}

/// A finding that must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expectation {
    /// File and line, from 1; a finding without a place has none.
    pub(crate) place: Option<(String, usize)>,
    pub(crate) level: String,
    pub(crate) code: String,
    pub(crate) part: String,
    /// The line of the page where it stands.
    pub(crate) line: usize,
}

/// A text that must come out exactly, and where it stands in the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exact {
    pub(crate) text: String,
    /// The opening fence without its backticks.
    pub(crate) info: String,
    pub(crate) whole: Range<usize>,
    pub(crate) line: usize,
}

/// A program and what must come of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) title: String,
    /// Whether a sentence stands between the title and the first block.
    pub(crate) has_intent: bool,
    pub(crate) mark: Mark,
    /// The line of its first block.
    pub(crate) line: usize,
    pub(crate) files: Vec<(String, String)>,
    pub(crate) expectations: Vec<Expectation>,
    pub(crate) report: Option<Exact>,
    pub(crate) values: Option<Exact>,
    /// Paths below the output folder.
    pub(crate) outputs: Vec<(String, Exact)>,
}

/// The cases of a page; what is wrong with the page itself.
pub(crate) fn read(page: &str) -> (Vec<Case>, Vec<String>) {
    let mut cases: Vec<Case> = Vec::new();
    let mut problems = Vec::new();
    let mut title = String::new();
    let mut has_intent = false;
    let mut fresh = true;
    for part in parts(page, &mut problems) {
        let block = match part {
            Part::Heading(heading) => {
                (title, has_intent, fresh) = (heading, false, true);
                continue;
            }
            Part::Prose => {
                has_intent = true;
                continue;
            }
            Part::Block(block) => block,
        };
        let Some(role) = role(&block) else { continue };
        let begins = match cases.last() {
            Some(case) => fresh || case.mark != block.mark || case.holds(&role),
            None => true,
        };
        if begins {
            let (title, mark, line) = (title.clone(), block.mark, block.line);
            cases.push(Case { title, has_intent, mark, line, ..Case::default() });
            fresh = false;
        }
        if let Some(case) = cases.last_mut() {
            case.add(role, block, &mut problems);
        }
    }
    for case in cases.iter().filter(|case| case.files.is_empty()) {
        problems.push(format!("{}: a case without a program", case.line));
    }
    (cases, problems)
}

/// What a block is to its case.
enum Role {
    File(String),
    Output(String),
    Report,
    Values,
    Expect,
}

/// `None` for a block that belongs to no program: a transcript, a drawing.
fn role(block: &Block) -> Option<Role> {
    match (block.language.as_str(), block.file.as_deref()) {
        ("report", None) => Some(Role::Report),
        ("values", None) => Some(Role::Values),
        ("expect", None) => Some(Role::Expect),
        ("iflux", None) => Some(Role::File("main.iflux".to_owned())),
        ("toml", None) if block.mark != Mark::None => Some(Role::File("iflux.toml".to_owned())),
        (_, Some(file)) => Some(match file.strip_prefix("out/") {
            Some(path) if !block.is_earlier => Role::Output(path.to_owned()),
            _ => Role::File(file.to_owned()),
        }),
        _ => None,
    }
}

impl Case {
    fn holds(&self, role: &Role) -> bool {
        match role {
            Role::File(path) => self.files.iter().any(|(known, _)| known == path),
            Role::Output(path) => self.outputs.iter().any(|(known, _)| known == path),
            Role::Report => self.report.is_some(),
            Role::Values => self.values.is_some(),
            Role::Expect => false,
        }
    }

    fn add(&mut self, role: Role, block: Block, problems: &mut Vec<String>) {
        let first = block.line + 1;
        let exact = |block: Block| {
            let info = [Some(block.language), block.file.map(|file| format!("file={file}"))];
            let info = info.into_iter().flatten().collect::<Vec<_>>().join(" ");
            Exact { text: block.text, info, whole: block.whole, line: block.line }
        };
        match role {
            Role::File(path) => {
                let found = in_program(&path, &block.text, first, problems);
                self.expectations.extend(found);
                self.files.push((path, block.text));
            }
            Role::Output(path) => self.outputs.push((path, exact(block))),
            Role::Report => self.report = Some(exact(block)),
            Role::Values => {
                for (line, text) in (first..).zip(block.text.lines()) {
                    if !text.contains(" = ") {
                        problems.push(format!("{line}: not `PATH = VALUE`: {text}"));
                    }
                }
                self.values = Some(exact(block));
            }
            Role::Expect => {
                for (line, text) in (first..).zip(block.text.lines()) {
                    match listed(text, line) {
                        Some(expectation) => self.expectations.push(expectation),
                        None => problems.push(format!(
                            "{line}: not `FILE:LINE LEVEL: [CODE] \"PART\"`: {text}"
                        )),
                    }
                }
            }
        }
    }
}

enum Part {
    Heading(String),
    Prose,
    Block(Block),
}

/// Headings, prose and fenced blocks, in order.
fn parts(page: &str, problems: &mut Vec<String>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut open: Option<(Block, usize)> = None;
    let mut at = 0;
    for (number, line) in (1..).zip(page.split_inclusive('\n')) {
        let (start, end) = (at, at + line.len());
        at = end;
        let text = line.trim_end();
        let ticks = text.bytes().take_while(|&byte| byte == b'`').count();
        match &mut open {
            Some((block, fence)) if ticks >= *fence && text.len() == ticks => {
                block.whole.end = end;
                parts.extend(open.take().map(|(block, _)| Part::Block(block)));
            }
            Some((block, _)) => block.text.push_str(line),
            None if ticks >= 3 => {
                let (_, info) = text.split_at(ticks);
                open = Some((opened(info, number, start, problems), ticks));
            }
            None if text.starts_with('#') => {
                parts.push(Part::Heading(text.trim_start_matches('#').trim().to_owned()));
            }
            None if !text.is_empty() => parts.push(Part::Prose),
            None => {}
        }
    }
    if let Some((block, _)) = open {
        problems.push(format!("{}: this block does not end", block.line));
    }
    parts
}

fn opened(info: &str, line: usize, start: usize, problems: &mut Vec<String>) -> Block {
    let mut words = info.split_whitespace();
    let language = words.next().unwrap_or_default().to_owned();
    let mut block = Block {
        language,
        file: None,
        mark: Mark::None,
        is_earlier: false,
        line,
        whole: start..start,
        text: String::new(),
    };
    for word in words {
        match word.split_once('=') {
            Some(("file", path)) => block.file = Some(path.to_owned()),
            None if word == "bad" => block.mark = Mark::Bad,
            None if word == "good" => block.mark = Mark::Good,
            None if word == "earlier" => block.is_earlier = true,
            _ => problems.push(format!("{line}: a fence knows no `{word}`")),
        }
    }
    block
}

const LEVELS: [&str; 3] = ["error", "warning", "hint"];

/// What the comments of a program expect. `first` is the line of the page where the program begins.
fn in_program(
    path: &str,
    text: &str,
    first: usize,
    problems: &mut Vec<String>,
) -> Vec<Expectation> {
    let mut found = Vec::new();
    let mut line_meant = 0;
    for (index, line) in text.lines().enumerate() {
        let below = line
            .trim_start()
            .strip_prefix("//")
            .map(str::trim_start)
            .and_then(|rest| rest.strip_prefix('^'));
        let (number, comments) = match below {
            Some(rest) => (line_meant, vec![rest.trim_start()]),
            None => {
                line_meant = index + 1;
                let starts = line.match_indices("// ").map(|(at, mark)| at + mark.len());
                let comments = starts.filter_map(|at| line.get(at..));
                (
                    line_meant,
                    comments
                        .filter(|rest| {
                            LEVELS.iter().any(|level| rest.starts_with(&format!("{level}: [")))
                        })
                        .collect(),
                )
            }
        };
        for comment in comments {
            let place = Some((path.to_owned(), number));
            match expectation(comment, place, first + index) {
                Some(expectation) => found.push(expectation),
                None => problems
                    .push(format!("{}: not `LEVEL: [CODE] \"PART\"`: {comment}", first + index)),
            }
        }
    }
    found
}

/// A line of an `expect` block.
fn listed(text: &str, line: usize) -> Option<Expectation> {
    if LEVELS.iter().any(|level| text.starts_with(&format!("{level}:"))) {
        return expectation(text, None, line);
    }
    let (place, rest) = text.split_once(' ')?;
    let (file, number) = place.rsplit_once(':')?;
    expectation(rest, Some((file.to_owned(), number.parse().ok()?)), line)
}

/// `LEVEL: [CODE] "PART"`, perhaps with another comment behind.
fn expectation(text: &str, place: Option<(String, usize)>, line: usize) -> Option<Expectation> {
    let (level, rest) = text.split_once(": [")?;
    let (code, rest) = rest.split_once(']')?;
    let level = LEVELS.contains(&level).then(|| level.to_owned())?;
    let rest = LEVELS.iter().fold(rest, |rest, level| {
        rest.split_once(&format!(" // {level}: [")).map_or(rest, |(before, _)| before)
    });
    let part = match rest.trim() {
        "" => "",
        quoted => quoted.strip_prefix('"')?.strip_suffix('"')?,
    };
    let part = part.replace("\\\"", "\"");
    Some(Expectation { place, level, code: code.to_owned(), part, line })
}

#[cfg(test)]
mod tests {
    use super::{Case, Mark, read};

    fn good(page: &str) -> Vec<Case> {
        let (cases, problems) = read(page);
        assert!(problems.is_empty(), "{problems:?}");
        cases
    }

    #[test]
    fn a_page_is_read() {
        let page = "# A title\n\nIts intent.\n\n```iflux\na = 1 // error: [a/b] \"no \\\"a\\\"\"\n```\n\
                    ```iflux file=t/x.iflux\nb\n//  ^ warning: [c/d]\n// ^ hint: [e/f]\nc // error: [g/h] \"x\" // hint: [i/j] \"y\"\n```\n\
                    ```expect\nmain.iflux:9 error: [k/l] \"z\"\nerror: [m/n]\n```\n\
                    ```report\nerror: x\n```\n```yaml file=out/a/b.yaml\nkey: 1\n```\n```yaml file=data.yaml\n1\n```\n```console\n$ x\n```\n";
        let cases = good(page);
        assert_eq!(cases.len(), 1);
        let case = &cases[0];
        assert_eq!((case.title.as_str(), case.has_intent, case.line), ("A title", true, 5));
        let files: Vec<_> = case.files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(files, ["main.iflux", "t/x.iflux", "data.yaml"]);
        let expected: Vec<_> = case
            .expectations
            .iter()
            .map(|e| {
                let place = e
                    .place
                    .as_ref()
                    .map_or("-".to_owned(), |(file, line)| format!("{file}:{line}"));
                format!("{place} {} {} {} @{}", e.level, e.code, e.part, e.line)
            })
            .collect();
        assert_eq!(
            expected,
            [
                "main.iflux:1 error a/b no \"a\" @6",
                "t/x.iflux:1 warning c/d  @10",
                "t/x.iflux:1 hint e/f  @11",
                "t/x.iflux:4 error g/h x @12",
                "t/x.iflux:4 hint i/j y @12",
                "main.iflux:9 error k/l z @15",
                "- error m/n  @16",
            ]
        );
        let report = case.report.as_ref().unwrap();
        assert_eq!((report.text.as_str(), report.info.as_str()), ("error: x\n", "report"));
        assert_eq!(&page[report.whole.clone()], "```report\nerror: x\n```\n");
        let (path, exact) = &case.outputs[0];
        assert_eq!((path.as_str(), exact.info.as_str()), ("a/b.yaml", "yaml file=out/a/b.yaml"));
    }

    #[test]
    fn headings_marks_and_second_files_begin_a_case() {
        let block = |info: &str| format!("```{info}\nx\n```\n");
        let count = |page: &[String]| good(&page.concat()).len();
        assert_eq!(count(&[block("iflux"), block("iflux file=a.iflux")]), 1);
        assert_eq!(count(&[block("iflux"), block("iflux")]), 2);
        assert_eq!(count(&[block("iflux"), "## B\n".to_owned(), block("iflux file=a.iflux")]), 2);
        let page = [block("toml bad"), block("iflux bad"), block("iflux good")].concat();
        let marks: Vec<_> = good(&page).iter().map(|case| (case.mark, case.files.len())).collect();
        assert_eq!(marks, [(Mark::Bad, 2), (Mark::Good, 1)]);
        assert!(good("````text\n```iflux\n```\n````\n").is_empty());
    }

    #[test]
    fn a_page_that_cannot_be_meant_is_refused() {
        let check = |page: &str, expected: &str| {
            let (_, problems) = read(page);
            assert!(
                problems.iter().any(|problem| problem.contains(expected)),
                "{page}: {problems:?}"
            );
        };
        check("```iflux\na", "1: this block does not end");
        check("```iflux flie=a\n```\n", "1: a fence knows no `flie=a`");
        check("```report\n```\n", "1: a case without a program");
        check("```iflux\n// ^ eror: [a/b]\n```\n", "2: not `LEVEL");
        check("```iflux\na // error: [a/b] part\n```\n", "2: not `LEVEL");
        check("```iflux\n```\n```expect\nmain.iflux error: [a/b]\n```\n", "4: not `FILE:LINE");
    }
}
