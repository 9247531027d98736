//! The lists of the book are those of the code: `IFLUX_BLESS=1` writes them anew.
#![expect(
    clippy::disallowed_methods,
    reason = "reads the project's own files, and writes them when asked to"
)]

use std::fmt::Write as _;

use std::collections::BTreeSet;

use infraflux::book::chapters;
use infraflux::cli::command;
use infraflux::diag::pages;
use infraflux::doc::{Item, Word, reference};
use infraflux::driver::{LIMITS, Limits, MemoryWorld, Session};
use infraflux::syntax::{BinaryOp, Marks, binding};
use infraflux::types::{BUILT_IN, TextKind};

const GRAMMAR: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/grammar/iflux.pest"));

const CHAPTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/lists.md");
const LAYERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/layers.md");
const CONFORMANCE: &str = "tests/ui/conformance";

/// A list between its marks, made from the code.
fn lists() -> Vec<(&'static str, String)> {
    let nothing: [(&str, &str); 0] = [];
    let items = reference(&mut Session::load(&MemoryWorld::new(nothing)));
    let of = |word: Word, line: &dyn Fn(&Item) -> String| -> String {
        items.iter().filter(|item| item.word == word).map(line).collect()
    };
    let plain = |item: &Item| format!("- `{}`: {}\n", item.name, item.summary());
    let kind = |item: &Item| {
        let block = item.block.as_deref().unwrap_or_default();
        format!("- `{block}`: {}\n", item.summary())
    };
    let function = |item: &Item| format!("- `{}`: {}\n", item.signature, item.summary());
    let preset = |item: &Item| format!("- `{}`: {}\n", item.signature, item.summary());
    let mut codes = String::new();
    for page in pages() {
        let first = page.text.lines().skip(1).find(|line| !line.is_empty()).unwrap_or_default();
        let sentence = first.split_inclusive(". ").next().unwrap_or_default().trim();
        let _ = writeln!(codes, "- `{}`: {sentence}", page.code);
    }
    vec![
        ("reserved words", words(&reserved())),
        ("words that begin an item or member", words(&beginning())),
        ("marks", words(&Marks::ALL.iter().map(|(_, word)| (*word).to_owned()).collect())),
        ("operators", operators()),
        ("limits", limits()),
        ("commands", commands()),
        ("kinds", of(Word::Kind, &kind)),
        ("schemas", of(Word::Schema, &plain)),
        ("types", of(Word::Type, &plain)),
        ("presets", of(Word::Preset, &preset)),
        ("functions", of(Word::Function, &function)),
        ("codes", codes),
    ]
}

/// The words of a rule of the grammar, between quotes.
fn rule(name: &str) -> BTreeSet<String> {
    let line = GRAMMAR.lines().find(|line| line.split_whitespace().next() == Some(name));
    let line = line.unwrap_or_else(|| panic!("no rule `{name}`"));
    let words = line.split('"').skip(1).step_by(2);
    words
        .filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))
        .map(str::to_owned)
        .collect()
}

/// What no value may be called: `var` refuses them.
fn reserved() -> BTreeSet<String> {
    rule("reserved").into_iter().chain(rule("var")).collect()
}

/// The words of the grammar that are no marks, and no more than words inside of an expression.
fn beginning() -> BTreeSet<String> {
    let keywords = GRAMMAR.lines().filter_map(|line| {
        let name = line.strip_prefix("kw_")?.split_whitespace().next()?;
        Some(name.to_owned())
    });
    let is_mark = |word: &String| Marks::ALL.iter().any(|(_, mark)| mark == word);
    keywords.filter(|word| !is_mark(word) && !reserved().contains(word)).collect()
}

fn words(words: &BTreeSet<String>) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    format!("{}\n", words.join(" "))
}

/// A line for all that bind alike, from what binds most.
fn operators() -> String {
    let mut levels: Vec<u8> = BinaryOp::ALL.iter().map(|op| binding(*op)).collect();
    levels.sort_unstable();
    levels.dedup();
    let lines = levels.into_iter().rev().map(|level| {
        let own = BinaryOp::ALL.iter().filter(|op| binding(**op) == level);
        let own: Vec<String> = own.map(|op| format!("`{}`", op.text())).collect();
        format!("- {}\n", own.join(" "))
    });
    lines.collect()
}

fn limits() -> String {
    let mut limits = Limits::default();
    let line = |(key, most): &(&str, u64)| {
        let default = limits.of(key).expect("a limit of this key");
        let most = if *most == u64::MAX { String::new() } else { format!(", at most {most}") };
        format!("- `{key}`: {default}{most}\n")
    };
    LIMITS.iter().map(line).collect()
}

/// Every command with its arguments and flags.
fn commands() -> String {
    let mut out = String::new();
    let whole = command();
    let mut describe = |command: &clap::Command, name: &str| {
        let about = command.get_about().expect("a sentence");
        let _ = writeln!(out, "- `{name}`: {about}");
        for argument in command.get_arguments() {
            let help = argument.get_help().expect("a sentence");
            let values: Vec<String> = argument
                .get_value_names()
                .unwrap_or_default()
                .iter()
                .map(|value| format!("<{value}>"))
                .collect();
            let takes = argument.get_action().takes_values();
            let values = if takes { values.join(" ") } else { String::new() };
            let shown = match argument.get_long() {
                Some(long) => format!("--{long} {values}"),
                None => values,
            };
            let _ = writeln!(out, "  - `{}`: {help}", shown.trim());
        }
    };
    describe(&whole, "iflux");
    for command in whole.get_subcommands() {
        let name = format!("iflux {}", command.get_name());
        describe(command, &name);
        for inner in command.get_subcommands() {
            describe(inner, &format!("{name} {}", inner.get_name()));
        }
    }
    out
}

/// What is named at the start of the items of a list between its marks.
fn named(text: &str, list: &str) -> BTreeSet<String> {
    let (open, close) = (format!("<!-- {list} -->\n"), format!("<!-- end of {list} -->"));
    let inside = text.split(&open).nth(1).and_then(|rest| rest.split(&close).next());
    let lines = inside.unwrap_or_else(|| panic!("no list of {list}")).lines();
    let names = lines.filter_map(|line| line.strip_prefix("- `")?.split(['`', '<']).next());
    names.map(str::to_owned).collect()
}

#[test]
fn every_built_in_type_has_its_sentence() {
    let text = std::fs::read_to_string(CHAPTER).expect("the chapter");
    let known = BUILT_IN.iter().chain(TextKind::ALL.iter().map(|(_, word)| word));
    let known: BTreeSet<String> = known.map(|&name| name.to_owned()).collect();
    assert_eq!(named(&text, "built-in types"), known);
}

/// What is shown is run: programs and their files by `corpus`, transcripts by `cli`.
#[test]
fn nothing_is_shown_that_is_not_run() {
    for chapter in chapters() {
        let mut fence: Option<&str> = None;
        for (number, line) in (1..).zip(chapter.text.lines()) {
            let ticks = line.len() - line.trim_start_matches('`').len();
            match fence {
                Some(open) if line == open => fence = None,
                None if ticks >= 3 => {
                    let (open, info) = line.split_at(ticks);
                    let is_run =
                        matches!(info, "iflux" | "expect" | "report" | "values" | "console")
                            || info.contains(" file=");
                    assert!(
                        is_run,
                        "{}.md:{number}: nothing runs a block of `{info}`",
                        chapter.name
                    );
                    fence = Some(open);
                }
                _ => {}
            }
        }
        assert_eq!(fence, None, "{}.md: a block has no end", chapter.name);
    }
}

/// A row a page of the conformance cases of the override rule: its heading, and what it shows.
fn conformance() -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let mut out = "| case | what it shows |\n|---|---|\n".to_owned();
    for folder in ["layers", "merge"] {
        let entries = std::fs::read_dir(format!("{root}{CONFORMANCE}/{folder}"));
        let mut paths: Vec<_> =
            entries.expect("the cases").map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        for path in paths {
            let text = std::fs::read_to_string(&path).expect("a page");
            let mut lines = text.lines().filter(|line| !line.is_empty());
            let title = lines.next().and_then(|line| line.strip_prefix("# ")).expect("a heading");
            let about = lines.next().expect("a sentence").replace('|', "\\|");
            let file = path.file_name().expect("a name").to_string_lossy();
            let _ = writeln!(out, "| [{title}](../../{CONFORMANCE}/{folder}/{file}) | {about} |");
        }
    }
    out
}

#[test]
fn lists_of_the_book_are_those_of_the_code() {
    hold(CHAPTER, lists());
    hold(LAYERS, vec![("conformance", conformance())]);
}

/// Compares a chapter's lists with what they should be; writes them first when asked to.
fn hold(chapter: &str, lists: Vec<(&str, String)>) {
    let text = std::fs::read_to_string(chapter).expect("the chapter");
    let mut now = text.clone();
    for (name, list) in lists {
        assert!(list.len() > 2, "{name}");
        let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
        let start = now.find(&open).unwrap_or_else(|| panic!("no mark for {name}")) + open.len();
        let end = now.find(&close).unwrap_or_else(|| panic!("no end of {name}"));
        now.replace_range(start..end, &format!("\n{list}\n"));
    }
    if std::env::var_os("IFLUX_BLESS").is_some() {
        std::fs::write(chapter, &now).expect("a chapter that can be written");
    } else {
        assert!(text == now, "the lists of {chapter} are old: run with IFLUX_BLESS=1");
    }
}
