//! How files look from outside.

use super::text::{Keep, blanked};
use super::{Tree, above_tests, is_tests};

const MOST_CODE: usize = 600;
const MOST_LINES: usize = 800;

/// Files with more than [`MOST_CODE`] lines above their tests (files of tests have none), or [`MOST_LINES`] with them.
pub(super) fn too_long(tree: &Tree) -> Vec<String> {
    let mut offenders = Vec::new();
    for (path, text) in tree.rust() {
        let tests = is_tests(path);
        let (code, all) = (above_tests(text).lines().count(), text.lines().count());
        if !tests && code > MOST_CODE {
            offenders.push(format!("{path}: {code} lines above its tests"));
        } else if all > MOST_LINES {
            offenders.push(format!("{path}: {all} lines"));
        }
    }
    offenders
}

/// Files that do not open with `//!`.
pub(super) fn without_header(tree: &Tree) -> Vec<String> {
    tree.rust()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| format!("{path}: does not open with `//! `"))
        .collect()
}

/// The lines of a door plate, in their order.
const PLATE: [&str; 5] = ["**Takes** ", "**Gives** ", "**Owns** ", "**Never** ", "**Read first** "];
const MOST_PLATE: usize = 15;

/// Each `mod.rs` whose plate lacks a line, has them in another order, or is too long.
pub(super) fn without_plate(tree: &Tree) -> Vec<String> {
    let mut offenders = Vec::new();
    for (path, text) in tree.below("src/", "/mod.rs") {
        let plate: Vec<&str> = text.lines().take_while(|line| line.starts_with("//!")).collect();
        let places = PLATE.map(|word| {
            let marker = format!("//! * {word}");
            (word, plate.iter().position(|line| line.starts_with(&marker)))
        });
        let missing: Vec<&str> =
            places.iter().filter(|(_, at)| at.is_none()).map(|(word, _)| word.trim()).collect();
        if !missing.is_empty() {
            offenders.push(format!("{path}: its plate lacks {}", missing.join(", ")));
        } else if !places.is_sorted_by_key(|(_, at)| *at) {
            offenders.push(format!(
                "{path}: its plate has another order than {}",
                PLATE.concat().trim()
            ));
        }
        if plate.len() > MOST_PLATE {
            offenders.push(format!("{path}: its plate has {} lines", plate.len()));
        }
    }
    offenders
}

const NAMELESS: [&str; 8] =
    ["utils", "util", "common", "helpers", "helper", "misc", "shared", "stuff"];

/// Modules whose name says nothing.
pub(super) fn badly_named(tree: &Tree) -> Vec<String> {
    let mut offenders = Vec::new();
    for (path, text) in tree.rust() {
        let steps = path.trim_end_matches(".rs").split('/');
        let inline = blanked(text, Keep::Code);
        let words =
            inline.lines().filter_map(|line| line.trim().split_once("mod ").map(|(_, rest)| rest));
        let inline = words.filter_map(|rest| rest.split([' ', '{', ';']).next());
        for name in steps.chain(inline).filter(|name| NAMELESS.contains(name)) {
            offenders.push(format!("{path}: what is in `{name}`?"));
        }
    }
    offenders.sort();
    offenders.dedup();
    offenders
}

/// Marks of unfinished work in code, and in comments. Put together here, so that this file has none.
fn marks() -> ([String; 3], [String; 2]) {
    let code = ["todo", "unimplemented", "dbg"].map(|name| format!("{name}!"));
    (code, [["FIX", "ME"].concat(), ["TO", "DO"].concat()])
}

/// Unfinished work.
pub(super) fn leftovers(tree: &Tree) -> Vec<String> {
    let (in_code, anywhere) = marks();
    let mut offenders = Vec::new();
    for (path, text) in tree.rust() {
        let code = blanked(text, Keep::Code);
        for (number, (line, code)) in (1..).zip(text.lines().zip(code.lines())) {
            let found = in_code.iter().filter(|mark| code.contains(mark.as_str()));
            for mark in found.chain(anywhere.iter().filter(|mark| line.contains(mark.as_str()))) {
                offenders.push(format!("{path}:{number}: {mark}"));
            }
        }
    }
    offenders
}

#[test]
fn long_files_are_found() {
    let code = |lines: usize, tests: usize| {
        "x\n".repeat(lines) + "#[cfg(test)]\nmod tests {\n" + &"y\n".repeat(tests)
    };
    let check = |path: &str, text: String, expected: &[&str]| {
        let found = too_long(&Tree::of(&[(path, &text)]));
        assert!(found.iter().map(String::as_str).eq(expected.iter().copied()), "{found:?}");
    };
    check("src/a/b.rs", code(600, 198), &[]);
    check("src/a/b.rs", code(601, 0), &["src/a/b.rs: 601 lines above its tests"]);
    check("src/a/b.rs", code(300, 499), &["src/a/b.rs: 801 lines"]);
    check("src/a/tests.rs", "x\n".repeat(800), &[]);
    check("tests/a.rs", "x\n".repeat(801), &["tests/a.rs: 801 lines"]);
}

#[test]
fn files_without_header_or_plate_are_found() {
    let plate: String = PLATE.iter().map(|word| format!("//! * {word}x\n")).collect();
    let check = |text: String, headers: usize, plates: usize| {
        let tree = Tree::of(&[("src/a/mod.rs", &text)]);
        assert_eq!(
            (without_header(&tree).len(), without_plate(&tree).len()),
            (headers, plates),
            "{text}"
        );
    };
    check(format!("//! A.\n//!\n{plate}mod x;"), 0, 0);
    check("//! A.\n".to_owned(), 0, 1);
    check("mod x;".to_owned(), 1, 1);
    check(format!("//! A.\n{}", plate.replace("Never", "Sometimes")), 0, 1);
    check(format!("//! A.\n//! * **Gives** x\n{}", plate.replace("**Gives** ", "")), 0, 1);
    check(format!("//! A.\n{plate}{}", "//! more\n".repeat(10)), 0, 1);
    let reversed: Vec<&str> = plate.lines().rev().collect();
    check(format!("//! A.\n{}", reversed.join("\n")), 0, 1);
}

#[test]
fn nameless_modules_and_leftovers_are_found() {
    let tree = |path: &str, text: &str| Tree::of(&[(path, text)]);
    assert_eq!(badly_named(&tree("src/a/utils.rs", "")), ["src/a/utils.rs: what is in `utils`?"]);
    assert_eq!(
        badly_named(&tree("src/a/b.rs", "pub(crate) mod common;")),
        ["src/a/b.rs: what is in `common`?"]
    );
    assert_eq!(
        badly_named(&tree("src/a/b.rs", "// mod utils\nmod common_label;")),
        Vec::<String>::new()
    );
    let (in_code, anywhere) = marks();
    for mark in &in_code {
        assert_eq!(
            leftovers(&tree("src/a/b.rs", &format!("\n{mark}()"))),
            [format!("src/a/b.rs:2: {mark}")]
        );
        assert!(leftovers(&tree("src/a/b.rs", &format!("\"{mark}\""))).is_empty());
    }
    for mark in &anywhere {
        assert_eq!(
            leftovers(&tree("tests/b.rs", &format!("// {mark}"))),
            [format!("tests/b.rs:1: {mark}")]
        );
    }
}
