//! What holds of every program: formatting it again changes nothing, and no token, comment or meaning is lost;
//! and the cases of `tests/fmt`, a block as somebody writes it followed by a block as it becomes.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use proptest::prelude::*;

use super::{Unformatted, format};
use crate::source::FileId;
use crate::syntax::{Grain, MOST_NESTING, parse_within};

static CASES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/fmt");
static ACCEPT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/ui/syntax/accept");
static UI: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/ui");
static LIBRARY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/stdlib");
static EXAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/examples");
static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/diag/pages");

/// All texts of a folder whose names end so, with their paths.
fn texts(folder: &'static Dir<'static>, end: &str, found: &mut Vec<(String, &'static str)>) {
    for file in folder.files() {
        let path = file.path().display().to_string();
        if path.ends_with(end) {
            found.push((path, file.contents_utf8().expect("programs are text")));
        }
    }
    folder.dirs().for_each(|inner| texts(inner, end, found));
}

/// The fenced blocks of a page: what stands behind the opening ticks, and the lines.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let ticks = line.bytes().take_while(|&byte| byte == b'`').count();
        if ticks < 3 {
            continue;
        }
        let (fence, info) = line.split_at(ticks);
        let block: Vec<String> = lines
            .by_ref()
            .take_while(|line| *line != fence)
            .map(|line| format!("{line}\n"))
            .collect();
        found.push((info.to_owned(), block.concat()));
    }
    found
}

/// Every program that the repository holds.
fn programs() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in [&ACCEPT, &LIBRARY, &EXAMPLES] {
        texts(folder, ".iflux", &mut files);
    }
    let mut all: Vec<(String, String)> =
        files.into_iter().map(|(name, text)| (name, text.to_owned())).collect();
    let mut pages = Vec::new();
    for folder in [&UI, &PAGES, &CASES] {
        texts(folder, ".md", &mut pages);
    }
    for (name, page) in pages {
        let programs = blocks(page).into_iter().filter(|(info, _)| info.starts_with("iflux"));
        all.extend(programs.map(|(_, block)| (name.clone(), block)));
    }
    all
}

/// A text without what a formatter may change: blanks, ends of lines, commas, and the `|` before a first alternative.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '|' | '\u{FEFF}')).collect()
}

/// Formats a text, if it can be read, and checks what holds of every result.
fn check(name: &str, text: &str) -> Option<String> {
    let wrong = parse_within(FileId(0), text, Grain::Chunks, MOST_NESTING).sink.has_errors();
    let out = match format(FileId(0), text) {
        Ok(out) => out,
        Err(Unformatted::Errors(sink)) => {
            assert!(wrong, "{name}: refused, though it is read: {sink:?}\n{text}");
            return None;
        }
        Err(Unformatted::Bug(what)) => panic!("{name}: {what}\n{text}"),
    };
    assert!(!wrong, "{name}: formatted, though it is wrong\n{text}");
    assert_eq!(squeezed(&out), squeezed(text), "{name}: a token is lost\n{text}\n{out}");
    match format(FileId(0), &out) {
        Ok(again) => assert_eq!(again, out, "{name}: not idempotent\n{text}"),
        Err(why) => panic!("{name}: the result is refused: {why:?}\n{out}"),
    }
    Some(out)
}

#[test]
fn every_program_of_the_repository_keeps_its_meaning() {
    let all = programs();
    assert!(all.len() > 200, "programs are found: {}", all.len());
    let formatted = all.iter().filter(|(name, text)| check(name, text).is_some()).count();
    assert!(formatted > 150, "most are right: {formatted}");
}

#[test]
fn cases_become_what_they_say() {
    let mut pages = Vec::new();
    texts(&CASES, ".md", &mut pages);
    let mut count = 0;
    for (name, page) in pages {
        let blocks = blocks(page);
        for pair in blocks.chunks(2) {
            let [(first, text), (second, wanted)] = pair else {
                panic!("{name}: a block has no result")
            };
            assert_eq!([first.as_str(), second.as_str()], ["iflux", "iflux formatted"], "{name}");
            let out =
                check(&name, text).unwrap_or_else(|| panic!("{name}: cannot be read\n{text}"));
            assert_eq!(out, *wanted, "{name}\n{text}");
            count += 1;
        }
    }
    assert!(count >= 9, "cases are found");
}

#[test]
fn ends_of_lines_and_marks_of_encodings_are_one() {
    let text = "\u{FEFF}a {\r\n  b = 1 // c\r\n  d = \"\"\"\r\n    e\r\n\r\n    f\r\n    \"\"\"\r\n}\r\n\r\n\r\n";
    let wanted = "a {\n  b = 1 // c\n  d = \"\"\"\n    e\n\n    f\n    \"\"\"\n}\n";
    assert_eq!(check("windows", text).as_deref(), Some(wanted));
    assert_eq!(check("empty", "").as_deref(), Some(""));
    assert_eq!(check("blank", " \n\n\t\n").as_deref(), Some(""));
    assert_eq!(check("comments", "\n\n// a\n\n\n// b").as_deref(), Some("// a\n\n// b\n"));
}

/// Every program, gathered once.
static PROGRAMS: LazyLock<Vec<(String, String)>> = LazyLock::new(programs);

/// What may stand between two tokens.
fn noise() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "\n",
        " // n\n",
        "\n\n\n",
        "\n// n\n",
        "\n/// n\n",
        ",",
        " ",
        "  // n\n\n",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Comments, blanks and separators anywhere, and parts of one program in another: whatever is still a program.
    #[test]
    fn disturbed_programs_keep_their_meaning(
        which in 0usize..1000, noises in prop::collection::vec((0usize..4000, noise()), 0..6),
        cut in prop::option::of((0usize..4000, 0usize..60)),
    ) {
        let all = &*PROGRAMS;
        let mut text = all[which % all.len()].1.clone();
        if text.len() > 6000 {
            return Ok(());
        }
        let boundary = |text: &str, at: usize| {
            let mut at = at % (text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        if let Some((at, len)) = cut {
            let from = boundary(&text, at);
            let to = boundary(&text, (from + len).min(text.len()));
            text.replace_range(from..to.max(from), "");
        }
        for (at, noise) in noises {
            let at = boundary(&text, at);
            text.insert_str(at, noise);
        }
        check("disturbed", &text);
    }
}

/// Rules that are only looked at, to choose what to read.
const LOOKED_AT: [&str; 3] = ["item_head", "stmt_word", "rec_head"];

/// What the grammar can read and no program of the repository holds would be printed without a test.
#[test]
fn every_rule_of_the_grammar_is_printed() {
    use crate::syntax::parse::{Grammar, Rule};
    use pest::Parser as _;

    let mut seen: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
    for (name, text) in &*PROGRAMS {
        let Ok(pairs) = Grammar::parse(Rule::file, text) else { continue };
        // Only what the formatter takes counts.
        if format(FileId(0), text).is_ok() {
            seen.extend(pairs.flatten().map(|pair| format!("{:?}", pair.as_rule())));
        } else {
            assert!(!name.ends_with(".iflux") || name.contains("reject"), "{name} is refused");
        }
    }
    let grammar = include_str!("../../../grammar/iflux.pest");
    let mut declared = 0;
    let mut unseen = Vec::new();
    for line in grammar.lines() {
        let Some((rule, body)) = line.split_once('=') else { continue };
        let rule = rule.trim();
        let is_name =
            !rule.is_empty() && rule.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        // Silent rules make no node.
        let is_silent = body.trim_start().starts_with('_') || LOOKED_AT.contains(&rule);
        if !is_name || line.starts_with(' ') || is_silent {
            continue;
        }
        declared += 1;
        if !seen.contains(rule) {
            unseen.push(rule);
        }
    }
    assert!(declared > 100, "the rules are found: {declared}");
    assert!(unseen.is_empty(), "no program holds {unseen:?}");
}
