//! What holds of every text: reading it never panics, always ends, and takes time in proportion.

use include_dir::{Dir, include_dir};
use proptest::prelude::*;

use super::{Expr, Extent, Grain, MemberKind, Parsed, Placed, TextPart, TyNode, parse};
use crate::source::FileId;

static ACCEPT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/ui/syntax/accept");
static REJECT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/ui/syntax/reject");

fn programs(folder: &'static Dir<'static>) -> impl Iterator<Item = (String, &'static str)> {
    folder.files().map(|file| {
        (file.path().display().to_string(), file.contents_utf8().expect("programs are text"))
    })
}

fn error_nodes(parsed: &Parsed) -> usize {
    let one = |placed: &Placed| {
        let tree = &placed.tree;
        tree.exprs.iter().filter(|expr| **expr == Expr::Error).count()
            + tree.types.iter().filter(|ty| **ty == TyNode::Error).count()
            + tree.members.iter().filter(|member| member.kind == MemberKind::Error).count()
            + tree.bodies.iter().filter(|body| body.broken).count()
    };
    parsed.trees.iter().map(one).sum()
}

/// Reads a text in both grains, and checks what holds of every outcome.
fn check(text: &str) -> Parsed {
    let items = parse(FileId(0), text, Grain::Items);
    let chunks = parse(FileId(0), text, Grain::Chunks);
    for parsed in [&items, &chunks] {
        for placed in &parsed.trees {
            let tree = &placed.tree;
            let fits = |at: &Extent| {
                let at = at.shift(placed.base);
                let (start, end) = (at.start as usize, at.end as usize);
                assert!(start <= end && end <= text.len(), "{at:?} is no place in {text:?}");
                assert!(
                    text.is_char_boundary(start) && text.is_char_boundary(end),
                    "{at:?} divides a character of {text:?}"
                );
            };
            tree.expr_at.iter().for_each(fits);
            tree.type_at.iter().for_each(fits);
            tree.names.iter().for_each(|name| fits(&name.at));
            tree.members.iter().for_each(|member| {
                fits(&member.at);
                fits(&member.doc);
                fits(&member.marks_at);
            });
            tree.bodies.iter().for_each(|body| fits(&body.at));
            for part in &tree.parts {
                match part {
                    TextPart::Verbatim(at) | TextPart::Escape(_, at) => fits(at),
                    TextPart::Hole(_) => {}
                }
            }
        }
        for found in parsed.sink.iter() {
            let span = found.primary.as_ref().expect("a syntax error has a place").span;
            let (start, end) = (span.start as usize, span.end as usize);
            assert!(text.get(start..end).is_some(), "{:?} is no place in {text:?}", found);
        }
        assert!(
            error_nodes(parsed) == 0 || !parsed.sink.is_empty(),
            "an error node without a finding in {text:?}"
        );
    }
    assert_eq!(
        items.sink.clone().into_sorted(),
        chunks.sink.clone().into_sorted(),
        "the grains differ on {text:?}"
    );
    chunks
}

#[test]
fn good_programs_are_read_whole() {
    for (name, text) in programs(&ACCEPT) {
        let parsed = check(text);
        assert!(parsed.sink.is_empty(), "{name}: {:#?}", parsed.sink.into_sorted());
        assert_eq!(error_nodes(&parsed), 0, "{name} has error nodes");
    }
}

#[test]
fn bad_programs_are_refused() {
    for (name, text) in programs(&REJECT) {
        let parsed = check(text);
        assert!(parsed.sink.has_errors(), "{name} is read without an error");
    }
}

#[test]
fn every_prefix_of_a_good_program_is_read() {
    for (_, text) in programs(&ACCEPT).filter(|(name, _)| !name.contains("deep")) {
        let step = (text.len() / 60).max(1);
        for (end, _) in text.char_indices().step_by(step) {
            check(&text[..end]);
        }
    }
}

/// The pages of this room that show a program.
fn shown_pages() -> impl Iterator<Item = crate::diag::Page> {
    crate::diag::pages().filter(|page| {
        page.code.starts_with("syntax/") && !page.text.contains("No program shows this:")
    })
}

/// The fenced block of a page with this word behind `iflux`.
fn block<'t>(page: &'t str, word: &str) -> &'t str {
    let opener = format!("```iflux {word}\n");
    let (_, rest) = page.split_once(opener.as_str()).expect("a page has both blocks");
    rest.split_once("\n```").map(|(block, _)| block).expect("a block is closed")
}

#[test]
fn every_page_shows_its_finding() {
    let mut pages = 0;
    for page in shown_pages() {
        pages += 1;
        let bad = check(block(page.text, "bad"));
        let codes: Vec<&str> = bad.sink.iter().map(|found| found.code.as_str()).collect();
        assert_eq!(codes, [page.code], "{:#?}", bad.sink.into_sorted());
        let good = check(block(page.text, "good"));
        assert!(good.sink.is_empty(), "{}: {:#?}", page.code, good.sink.into_sorted());
        assert_eq!(error_nodes(&good), 0, "{} has error nodes", page.code);
    }
    assert!(pages > 20, "the pages of this room are found");
}

#[test]
fn sure_fixes_mend() {
    for page in shown_pages() {
        let bad = block(page.text, "bad");
        for found in check(bad).sink.iter() {
            for fix in found.fixes.iter().filter(|fix| fix.sure) {
                let mut mended = bad.to_owned();
                let mut edits = fix.edits.clone();
                edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
                for edit in edits {
                    let range = edit.span.start as usize..edit.span.end as usize;
                    mended.replace_range(range, &edit.text);
                }
                let left = check(&mended).sink;
                assert!(left.is_empty(), "{}: {mended:?}: {:#?}", page.code, left.into_sorted());
            }
        }
    }
}

#[test]
fn one_missing_token_gives_one_finding() {
    let (mut one, mut more) = (0, 0);
    for (_, text) in programs(&ACCEPT).filter(|(name, _)| !name.contains("deep")) {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let mut at = 0;
        let mut turn = 0;
        while let Some(first) = text[at..].chars().next() {
            let length = if word(first) {
                text[at..].find(|c: char| !word(c)).unwrap_or(text.len() - at)
            } else {
                first.len_utf8()
            };
            turn += usize::from(!first.is_whitespace());
            if !first.is_whitespace() && turn % 5 == 0 {
                let cut = format!("{}{}", &text[..at], &text[at + length..]);
                match parse(FileId(0), &cut, Grain::Chunks).sink.len() {
                    0 => {}
                    1 => one += 1,
                    _ => more += 1,
                }
            }
            at += length;
        }
    }
    assert!(one > 20 * more, "{one} deletions give one finding, {more} give several");
}

/// What nests: an opener, and what must stand inside.
const OPENERS: [&str; 27] = [
    "[",
    "(",
    "{",
    "{ ",
    "x {\n",
    "x { ",
    "let a = [",
    "a = { a = ",
    "let a = f(",
    "let a = \"\\(",
    "let a = `\\(",
    "let a = ```\n\\(",
    "let a = \"\"\"\n\\(",
    "let a = if x then ",
    "let a = if ",
    "if x { ",
    "if x { } else ",
    "for x in y {\n",
    "let a = match x { _ => ",
    "let a = by e { a = ",
    "by e { a {",
    "type A = [",
    "type A = {String: ",
    "type A = Range<",
    "let a = !",
    "let a = x.y[",
    "let a = 1 + ",
];

/// The inside of an opener, again and again: the part behind `=`, where there is one.
fn nested(opener: &str, count: usize) -> String {
    let (head, inside) = match opener.find("= ") {
        Some(at) if opener.starts_with("let") || opener.starts_with("type") => {
            opener.split_at(at + 2)
        }
        _ => ("", opener),
    };
    format!("{head}{}", inside.repeat(count))
}

/// What took more than proportional time would not end here; the times themselves are the bench's.
#[test]
fn nesting_of_any_depth_is_answered() {
    for opener in OPENERS {
        for (count, ends) in
            [(120, &["", " ? = ]", "\n}\nlet b = 1\n"][..]), (100_000, &[" ? = ]"])]
        {
            for end in ends {
                let text = nested(opener, count) + end;
                let parsed = parse(FileId(0), &text, Grain::Chunks);
                assert!(parsed.sink.has_errors(), "{opener:?} * {count} + {end:?} is read");
                // an opener a line, none indented: each is an item that is not closed
                let most = if opener.ends_with('\n') { 40 } else { 4 };
                assert!(
                    parsed.sink.len() <= most,
                    "{opener:?} * {count} + {end:?}: {}",
                    parsed.sink.len()
                );
            }
        }
    }
}

/// Pieces that programs are made of, and that break them.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "x",
            "cluster",
            " a ",
            "= ",
            "== ",
            "\"",
            "\"\"\"",
            "\"\"\"\n",
            "`",
            "```",
            "```\n",
            "#\"",
            "\"#",
            "#`",
            "`#",
            "#```\n",
            "\\(",
            "\\#(",
            "\\",
            "\\n",
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            ",",
            "\n",
            "\n  ",
            "\r\n",
            "//",
            "///",
            "/*",
            "*/",
            "#",
            ";",
            "'",
            "\u{201C}",
            "\u{201D}",
            "${",
            "{{",
            "}}",
            "$",
            ":",
            ".",
            "..",
            "...",
            "if ",
            "then ",
            "else ",
            "match ",
            "by ",
            "for ",
            "in ",
            "let ",
            "because ",
            "- ",
            "-",
            "+=",
            "=>",
            "->",
            "|",
            "&&",
            "?",
            "??",
            "?.",
            "1",
            "07",
            "1e5",
            "3.",
            "20Gi",
            "schema S ",
            "kind K ",
            "type T ",
            "fn f",
            "import ",
            "./a",
            "<",
            ">",
            "override ",
            "é",
            "日",
            "*",
            "check ",
            "allow(a/b) ",
            "remove ",
            "test \"t\" ",
            "patch A ",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,4}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_are_read(pieces in prop::collection::vec(piece(), 0..40)) {
        check(&pieces.concat());
    }

    #[test]
    fn splices_of_good_programs_are_read(
        first in 0usize..64, from in 0usize..4000, length in 0usize..40,
        second in 0usize..64, at in 0usize..4000, insert in prop::collection::vec(piece(), 0..3),
    ) {
        let all: Vec<&str> =
            programs(&ACCEPT).filter(|(name, _)| !name.contains("deep")).map(|(_, text)| text).collect();
        let cut = |text: &'static str, at: usize| {
            let mut at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            text.split_at(at)
        };
        let (head, rest) = cut(all[first % all.len()], from);
        let (_, tail) = cut(rest, length);
        let (middle, _) = cut(all[second % all.len()], at.min(60));
        check(&format!("{head}{}{middle}{tail}", insert.concat()));
    }
}
