//! A whole platform as its engineer would write it (`tests/port/`), half of it in kinds that do not exist yet. What it waits
//! for is written down in `tests/port/waits-for.md`: nothing else is found, and what exists is built.

use std::collections::BTreeSet;
use std::path::Path;

use infraflux::diag::Diagnostic;
use infraflux::driver::{MemoryWorld, Session};
use infraflux::report::{Format, Style, render};
use infraflux::source::Sources;

use crate::examples::{Files, built_from, read, unexpected};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/port");

/// The port as it stands.
fn sources() -> Files {
    read(Path::new(FOLDER), |path| {
        path.ends_with(".iflux")
            || matches!(path, "iflux.toml" | "crds.types")
            || path.starts_with("testdata/")
    })
}

/// The lines `- what: why` below a heading of the ledger, without what they say.
fn ledger(heading: &str) -> BTreeSet<String> {
    let files = read(Path::new(FOLDER), |path| path == "waits-for.md");
    let text = files.get("waits-for.md").expect("the ledger");
    let below = text.split(&format!("\n## {heading}\n")).nth(1).expect("the heading");
    let below = below.split("\n## ").next().unwrap_or_default();
    let entries = below.lines().filter_map(|line| line.strip_prefix("- "));
    let entries: Vec<&str> =
        entries.map(|line| line.split_once(": ").expect("`- what: why`").0).collect();
    let unique: BTreeSet<String> = entries.iter().map(|&entry| entry.to_owned()).collect();
    assert_eq!(unique.len(), entries.len(), "an entry stands twice below `{heading}`");
    unique
}

/// Checks the program, and its tests if it has no error.
fn session(files: &Files) -> (Session, Vec<Diagnostic>) {
    let world = MemoryWorld::new(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let mut session = Session::load(&world);
    session.check();
    let mut found = session.diagnostics();
    if found.is_empty() {
        let results = session.test(|_| true);
        found.extend(results.into_iter().flat_map(|result| result.findings));
    }
    (session, found)
}

/// What a finding says is not there; `None` for one that says something else.
fn awaited(finding: &Diagnostic, sources: &Sources) -> Option<String> {
    let span = finding.primary.as_ref()?.span;
    let text = sources.get(span.file).text();
    let word = text.get(span.start as usize..span.end as usize)?;
    match finding.code.as_str() {
        "name/unknown-kind" => Some(format!("kind `{word}`")),
        "name/unknown-type" => Some(format!("type `{word}`")),
        "name/unknown" => {
            let is_called = text.get(span.end as usize..)?.starts_with('(');
            is_called.then(|| format!("function `{word}`"))
        }
        "type/unknown-field" => {
            let owner = finding.title.split('`').nth(1)?;
            Some(format!("field `{owner}.{word}`"))
        }
        "test/unknown-code" => Some(format!("code `{word}`")),
        _ => None,
    }
}

/// What is only here, and what is only there.
fn same(found: &BTreeSet<String>, written: &BTreeSet<String>) {
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| -> Vec<String> {
        a.difference(b).cloned().collect()
    };
    let (new, old) = (only(found, written), only(written, found));
    assert!(new.is_empty(), "not in waits-for.md: {new:#?}");
    assert!(old.is_empty(), "no longer waited for, remove it from waits-for.md: {old:#?}");
}

#[test]
fn it_waits_for_what_is_written_down_only() {
    let (session, found) = session(&sources());
    let mut names = BTreeSet::new();
    let mut others = Vec::new();
    for finding in found {
        match awaited(&finding, session.sources()) {
            Some(name) => _ = names.insert(name),
            None => others.push(finding),
        }
    }
    let style = Style { limit: 0, ..Style::default() };
    let report = render(&others, session.sources(), Format::Plain, style);
    assert!(others.is_empty(), "{report}");
    same(&names, &ledger("What it waits for"));
}

/// The lines of the item around a line: from its docs to its closing brace.
fn item(lines: &[&str], at: usize) -> std::ops::Range<usize> {
    let opens = |line: &str| line.starts_with(|first: char| first.is_ascii_alphabetic());
    let mut start = (0..=at).rev().find(|&line| opens(lines[line])).expect("an item");
    let ends = |line: &str| line.starts_with(['}', ')', ']']) || line.is_empty();
    let end = if lines[start].ends_with(['{', '(', '[']) {
        (start + 1..lines.len()).find(|&line| ends(lines[line]) && !lines[line].is_empty())
    } else {
        Some(start)
    };
    let end = end.expect("the end of an item");
    while start > 0 && lines[start - 1].starts_with("//") {
        start -= 1;
    }
    start..end + 1
}

/// The lines of the member that begins on a line.
fn member(lines: &[&str], at: usize) -> std::ops::Range<usize> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    if !lines[at].ends_with(['{', '(', '[']) {
        return at..at + 1;
    }
    let end = (at + 1..lines.len()).find(|&line| indent(lines[line]) == indent(lines[at]));
    at..end.expect("the end of a member") + 1
}

/// The port without what waits for something, and the items that had to go because they speak of such.
pub(crate) fn buildable() -> (Files, BTreeSet<String>) {
    let mut files = sources();
    let mut followed = BTreeSet::new();
    for round in 0.. {
        assert!(round < 10, "something is found however much is left out");
        let (session, found) = session(&files);
        if found.is_empty() {
            break;
        }
        let sources = session.sources();
        let mut cuts: Vec<(String, std::ops::Range<usize>)> = Vec::new();
        for finding in &found {
            let span = finding.primary.as_ref().expect("a place").span;
            let path = sources.get(span.file).name().to_owned();
            let lines: Vec<&str> = files[&path].lines().collect();
            let at = sources.position(span).line as usize - 1;
            let text = sources.get(span.file).text();
            let word = &text[span.start as usize..span.end as usize];
            let begins = lines[at].starts_with(' ') && lines[at].trim_start().starts_with(word);
            if finding.code.as_str() == "type/unknown-field" && begins {
                cuts.push((path, member(&lines, at)));
                continue;
            }
            let item = item(&lines, at);
            if round > 0 {
                let head = lines[item.clone()].iter().find(|line| !line.starts_with("//"));
                let head = head.expect("a line").trim_end_matches(" {").to_owned();
                let head = head.split([':', '=', '{']).next().unwrap_or_default().trim();
                followed.insert(format!("`{head}`"));
            }
            cuts.push((path, item));
        }
        for (path, text) in &mut files {
            let gone = |line: usize| cuts.iter().any(|(of, cut)| of == path && cut.contains(&line));
            let lines = text.lines().enumerate().filter(|(line, _)| !gone(*line));
            *text = lines.flat_map(|(_, line)| [line, "\n"]).collect();
        }
    }
    (files, followed)
}

#[test]
fn what_exists_of_it_is_built() {
    let (files, followed) = buildable();
    same(&followed, &ledger("What goes with it"));
    let found = unexpected(Path::new(FOLDER), &built_from(&files, "the port"));
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

#[test]
fn items_and_members_are_found_whole() {
    let text =
        "let a = 1\n/// Doc.\nkind b {\n  c {\n    d = 1\n  }\n\n  e = 2\n}\nlet f = [\n  1\n]";
    let lines: Vec<&str> = text.lines().collect();
    for (line, whole) in [(0, 0..1), (4, 1..9), (8, 1..9), (10, 9..12)] {
        assert_eq!(item(&lines, line), whole, "{line}");
    }
    assert_eq!(member(&lines, 3), 3..6);
    assert_eq!(member(&lines, 7), 7..8);
}
