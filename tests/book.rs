//! The lists of the book are those of the code: `IFLUX_BLESS=1` writes them anew.
#![expect(
    clippy::disallowed_methods,
    reason = "reads the project's own files, and writes them when asked to"
)]

use std::fmt::Write as _;

use infraflux::diag::pages;
use infraflux::doc::{Item, Word, reference};
use infraflux::driver::{MemoryWorld, Session};

const CHAPTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/book/lists.md");

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
        ("kinds", of(Word::Kind, &kind)),
        ("schemas", of(Word::Schema, &plain)),
        ("types", of(Word::Type, &plain)),
        ("presets", of(Word::Preset, &preset)),
        ("functions", of(Word::Function, &function)),
        ("codes", codes),
    ]
}

#[test]
fn lists_of_the_book_are_those_of_the_code() {
    let text = std::fs::read_to_string(CHAPTER).expect("the chapter");
    let mut now = text.clone();
    for (name, list) in lists() {
        assert!(!list.is_empty(), "{name}");
        let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
        let start = now.find(&open).unwrap_or_else(|| panic!("no mark for {name}")) + open.len();
        let end = now.find(&close).unwrap_or_else(|| panic!("no end of {name}"));
        now.replace_range(start..end, &format!("\n{list}\n"));
    }
    if std::env::var_os("IFLUX_BLESS").is_some() {
        std::fs::write(CHAPTER, &now).expect("a chapter that can be written");
    } else {
        assert!(text == now, "the lists of {CHAPTER} are old: run with IFLUX_BLESS=1");
    }
}
