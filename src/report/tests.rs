//! Reports in every format, of findings with one place, with several, and in files of the library.

use super::{Format, Style, render, render_one};
use crate::diag::{Code, Diagnostic, Level, page, pages};
use crate::source::{FileId, Sources, Span};

const MISSES: Code = Code::new("eval/override-misses");
const USER: &str =
    "cluster eu-1 : Large {\n  environment = prod\n  workers generl { override replicas = 7 }\n}\n";
const SIZES: &str = "preset Large for Cluster {\n  control-plane { replicas = 3 }\n\n\n  workers general { replicas = 5 }\n}\n";

/// The span of a word in a file.
fn span(sources: &Sources, file: FileId, word: &str) -> Span {
    let at = sources.get(file).text().find(word).expect("the word is there");
    Span::new(file, at as u32, (at + word.len()) as u32)
}

fn override_misses() -> (Diagnostic, Sources) {
    let mut sources = Sources::new();
    let user = sources.add("platform.iflux", USER);
    let sizes = sources.add_library("std/sizes.iflux", SIZES);
    let found = Diagnostic::error(
        MISSES,
        "nothing to override at `workers.generl.replicas`",
        span(&sources, user, "generl"),
        "`Large` has no pool `generl`",
    )
    .because(span(&sources, user, "Large"), "this preset is the base")
    .because(span(&sources, sizes, "general"), "it sets this one")
    .suggest(span(&sources, user, "generl"), Some("general"));
    (found, sources)
}

fn shown(found: &Diagnostic, sources: &Sources, format: Format) -> String {
    render_one(found, sources, format, Style::default())
}

#[test]
fn plain_shows_the_labels_of_all_files_in_one_report() {
    let (found, sources) = override_misses();
    insta::assert_snapshot!(shown(&found, &sources, Format::Plain));
}

#[test]
fn human_shows_the_labels_of_all_files_in_one_report() {
    let (found, sources) = override_misses();
    insta::assert_snapshot!(shown(&found, &sources, Format::Human));
}

#[test]
fn human_without_unicode() {
    let (found, sources) = override_misses();
    let style = Style { unicode: false, ..Style::default() };
    insta::assert_snapshot!(render_one(&found, &sources, Format::Human, style));
}

#[test]
fn colour_is_there_only_when_asked_for() {
    let (found, sources) = override_misses();
    let style = Style { colour: true, ..Style::default() };
    assert!(render_one(&found, &sources, Format::Human, style).contains("\u{1b}["));
    assert!(!shown(&found, &sources, Format::Human).contains('\u{1b}'));
}

#[test]
fn accessible_is_prose() {
    let (found, sources) = override_misses();
    insta::assert_snapshot!(shown(&found, &sources, Format::Accessible));
}

#[test]
fn short_is_one_line() {
    let (found, sources) = override_misses();
    insta::assert_snapshot!(shown(&found, &sources, Format::Short));
    let lost = Diagnostic::new(Level::Hint, MISSES, "no place").help("a\nb");
    insta::assert_snapshot!(shown(&lost, &sources, Format::Short));
    insta::assert_snapshot!(shown(&lost, &sources, Format::Plain));
}

#[test]
fn machines_get_every_place() {
    let (found, sources) = override_misses();
    insta::assert_snapshot!("json", shown(&found, &sources, Format::Json));
    insta::assert_snapshot!(
        "sarif",
        shown(&found, &sources, Format::Sarif).replace(env!("CARGO_PKG_VERSION"), "VERSION")
    );
    insta::assert_snapshot!(shown(&found, &sources, Format::Github));
}

#[test]
fn workflow_commands_are_escaped() {
    let mut sources = Sources::new();
    let file = sources.add("a,b:c.iflux", "x = 100%\n");
    let found = Diagnostic::warning(MISSES, "100% of a: b, c", Span::new(file, 0, 1), "")
        .help("one\r\ntwo");
    insta::assert_snapshot!(shown(&found, &sources, Format::Github));
}

#[test]
fn the_summary_counts_and_errors_outlive_the_limit() {
    let mut sources = Sources::new();
    let file = sources.add("a.iflux", "abcdef\n");
    let other = sources.add("b.iflux", "abcdef\n");
    let mut found: Vec<Diagnostic> = (0..3)
        .map(|at| Diagnostic::warning(MISSES, format!("w{at}"), Span::new(file, at, at + 1), ""))
        .collect();
    found.push(Diagnostic::error(MISSES, "e", Span::new(other, 0, 1), ""));
    let style = Style { limit: 2, ..Style::default() };
    insta::assert_snapshot!(render(&found, &sources, Format::Plain, style));
    let style = Style { limit: 0, ..Style::default() };
    assert_eq!(render(&found, &sources, Format::Short, style).lines().count(), 4);
    assert_eq!(render(&[], &sources, Format::Plain, style), "");
}

/// Shows a place in a text by its bytes, in every form, and gives the human and the plain one.
fn check(text: &str, from: u32, to: u32) -> String {
    let mut sources = Sources::new();
    let file = sources.add("a.iflux", text);
    let found = Diagnostic::error(MISSES, "title", Span::new(file, from, to), "label");
    for format in [Format::Accessible, Format::Short, Format::Json, Format::Sarif, Format::Github] {
        assert!(!shown(&found, &sources, format).is_empty());
    }
    let human = shown(&found, &sources, Format::Human);
    assert!(human.contains("label"), "{human}");
    assert!(shown(&found, &sources, Format::Accessible).contains("label"));
    format!("{human}\n{}", shown(&found, &sources, Format::Plain))
}

#[test]
fn tabs() {
    insta::assert_snapshot!(check("\ta =\tb\n", 5, 6));
}

#[test]
fn carriage_returns() {
    insta::assert_snapshot!(check("a = 1\r\nb = 2\r\nc = 3\r\n", 11, 13));
}

#[test]
fn wide_and_combining_characters() {
    insta::assert_snapshot!(check("a = \"日本 e\u{301}\" x\n", 17, 18));
}

#[test]
fn empty_place_and_end_of_file() {
    insta::assert_snapshot!(check("a = 1", 2, 2));
    insta::assert_snapshot!(check("a = 1", 5, 5));
    insta::assert_snapshot!(check("a {\n", 4, 4));
}

#[test]
fn empty_file() {
    insta::assert_snapshot!(check("", 0, 0));
}

#[test]
fn a_place_outside_the_text() {
    insta::assert_snapshot!(check("a = 1\n", 90, 99));
    insta::assert_snapshot!(check("a = 1\n", 4, 1));
    insta::assert_snapshot!(check("日", 1, 2));
}

#[test]
fn a_place_of_several_lines() {
    insta::assert_snapshot!(check("a {\n  b\n}\nc\n", 0, 9));
    insta::assert_snapshot!(check("a {\n1\n2\n3\n4\n5\n6\n7\n}\nc\n", 0, 19));
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let text = format!("x = [{}needle{}]\n", "12345, ".repeat(1000), ", 6789".repeat(1000));
    let at = text.find("needle").unwrap() as u32;
    insta::assert_snapshot!(check(&text, at, at + 6));
    insta::assert_snapshot!(check(&text, 0, 1));
    insta::assert_snapshot!(check(&text, 0, text.len() as u32));
}

#[test]
fn characters_that_would_move_the_terminal_are_marked() {
    let text = "a = \"\u{1b}[2J\u{202e}x\"\n";
    let mut sources = Sources::new();
    let file = sources.add("a\u{1b}.iflux", text);
    let found = Diagnostic::error(MISSES, "t\u{1b}[2J", Span::new(file, 4, 8), "l\u{202e}\nm")
        .help("h\u{7}");
    for format in [Format::Human, Format::Accessible, Format::Plain, Format::Short] {
        let out = shown(&found, &sources, format);
        assert!(!out.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{out:?}");
    }
}

#[test]
fn labels_on_one_line_do_not_hide_one_another() {
    let mut sources = Sources::new();
    let file = sources.add("a.iflux", "replicas = count(all Cluster)\n");
    let found =
        Diagnostic::error(MISSES, "title", span(&sources, file, "count(all Cluster)"), "whole")
            .because(span(&sources, file, "Cluster"), "inner")
            .because(span(&sources, file, "Cluster"), "same place");
    let out = format!(
        "{}\n{}",
        shown(&found, &sources, Format::Human),
        shown(&found, &sources, Format::Plain)
    );
    insta::assert_snapshot!(out);
}

#[test]
fn every_span_of_a_small_text_can_be_drawn() {
    let text = "a\t=\r\n\u{e9}\u{301}日\n\n}";
    for from in 0..=text.len() as u32 + 2 {
        for to in 0..=text.len() as u32 + 2 {
            check(text, from, to);
        }
    }
}

#[test]
fn every_page_is_listed() {
    let list = super::explain_list(pages(), false);
    for each in pages() {
        assert!(list.contains(each.code));
        assert!(page(each.code).is_some());
    }
}

#[test]
fn many_places_are_counted() {
    let mut sources = Sources::new();
    let file = sources.add("a.iflux", "x\n".repeat(100));
    let mut found = Diagnostic::error(MISSES, "title", Span::new(file, 0, 1), "").help("help");
    for at in 1..31 {
        found = found.because(Span::new(file, 4 * at, 4 * at + 1), "decide here");
    }
    for format in [Format::Human, Format::Accessible, Format::Plain] {
        let out = shown(&found, &sources, format);
        assert_eq!(out.matches("decide here").count(), 20, "{out}");
        assert!(out.contains("note: and 10 more places"), "{out}");
    }
    assert_eq!(shown(&found, &sources, Format::Json).matches("decide here").count(), 30);
}

#[test]
fn any_labels_of_any_text_can_be_drawn() {
    let alphabet =
        ["a", " ", "\t", "\n", "\r\n", "\r", "é", "日", "e\u{301}", "\u{1b}", "{", "long long "];
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    for case in 0..1500 {
        let mut sources = Sources::new();
        for file in 0..2 {
            let text: String = (0..random(40)).map(|_| alphabet[random(alphabet.len())]).collect();
            sources.add(format!("{file}.iflux"), text);
        }
        let mut span = || {
            let file = FileId(random(2) as u32);
            let length = sources.get(file).text().len() + 2;
            Span::new(file, random(length) as u32, random(length) as u32)
        };
        let mut found = Diagnostic::error(MISSES, "title", span(), "first");
        for _ in 0..case % 4 {
            found = found.because(span(), "other");
        }
        for format in [Format::Human, Format::Accessible, Format::Plain, Format::Short] {
            let style = Style { columns: 40, ..Style::default() };
            let out = render_one(&found, &sources, format, style);
            assert!(out.contains("title"), "{found:?}");
            assert!(format == Format::Short || out.contains("first"), "{out}");
            assert!(!out.contains("Failed to read"), "{out}");
        }
    }
}
