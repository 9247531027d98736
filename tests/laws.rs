//! Laws of the evaluator: order means nothing, twice is the same, long chains end, and broken programs are answered.
#![expect(clippy::disallowed_methods, reason = "reads the project's own examples")]

use std::path::Path;

use infraflux::driver::{MemoryWorld, Session};
use proptest::prelude::*;

use crate::runs::{Chance, deep};

/// The files of the example, by path.
fn example() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/infraflux");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the example") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if name.ends_with(".iflux") || name == "iflux.toml" {
            files.push((name, std::fs::read_to_string(&path).expect("a text")));
        }
    }
    files.sort();
    assert!(files.len() > 2, "the example has files");
    files
}

/// Codes and titles of what is found.
fn check(files: &[(String, String)]) -> Vec<String> {
    let world = MemoryWorld::new(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let mut session = Session::load(&world);
    session.check();
    session
        .diagnostics()
        .iter()
        .map(|found| format!("{} {}", found.code.as_str(), found.title))
        .collect()
}

/// Path and text of every file that is written.
fn build(files: &[(String, String)]) -> Vec<(String, String)> {
    let world = MemoryWorld::new(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let mut session = Session::load(&world);
    let plan = session.build();
    let found: Vec<_> = session.diagnostics().iter().map(|found| found.title.clone()).collect();
    let plan = plan.unwrap_or_else(|| panic!("it builds: {found:?}"));
    plan.files
        .into_iter()
        .map(|file| (file.path, String::from_utf8(file.bytes).expect("UTF-8")))
        .collect()
}

/// Pieces of a text that begin and end outside of all braces.
fn pieces(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut piece, mut depth) = (String::new(), 0_i32);
    for line in text.lines() {
        piece.push_str(line);
        piece.push('\n');
        // `https://` is no comment.
        let comment = if line.trim_start().starts_with("//") { Some(0) } else { line.find(" //") };
        let code = line.get(..comment.unwrap_or(line.len())).unwrap_or_default();
        depth += code.matches(['{', '[', '(']).count() as i32
            - code.matches(['}', ']', ')']).count() as i32;
        if depth == 0 && !code.trim().is_empty() {
            found.push(std::mem::take(&mut piece));
        }
    }
    found
}

#[test]
fn building_twice_gives_the_same_bytes() {
    let files = example();
    assert_eq!(deep(|| build(&files)), deep(|| build(&files)));
}

#[test]
fn the_order_of_items_and_files_means_nothing() {
    /// Without the line that names the source.
    fn plain(built: Vec<(String, String)>) -> Vec<(String, String)> {
        let rest = |text: String| text.split_once('\n').expect("a first line").1.to_owned();
        built.into_iter().map(|(path, text)| (path, rest(text))).collect()
    }
    let files = example();
    let expected = plain(deep(|| build(&files)));
    let mut chance = Chance(0x1f1);
    for round in 0..6 {
        let mut mixed: Vec<(String, String)> = Vec::new();
        for (path, text) in &files {
            if !path.ends_with(".iflux") {
                mixed.push((path.clone(), text.clone()));
                continue;
            }
            let mut items = pieces(text);
            chance.shuffle(&mut items);
            // Imports stand first.
            items.sort_by_key(|item| !item.trim_start().starts_with("import"));
            let name = format!("{}{path}", ["", "z", "m"][chance.below(3)]);
            mixed.push((name, items.concat()));
        }
        assert_eq!(plain(deep(|| build(&mixed))), expected, "round {round}: {mixed:#?}");
    }
}

#[test]
fn the_order_of_members_means_nothing() {
    let mut files = example();
    let expected = deep(|| build(&files));
    let mut turned = 0;
    for (_, text) in files.iter_mut().filter(|(path, _)| path.ends_with(".iflux")) {
        let items = pieces(text).into_iter().map(|item| {
            // The entries of a map keep their order: alerts stay as they are.
            let is_plain = ["\ncluster ", "\nprovider ", "\nplatform "]
                .iter()
                .any(|word| format!("\n{item}").contains(word) && item.trim_end().ends_with("\n}"));
            if !is_plain {
                return item;
            }
            turned += 1;
            let (head, rest) = item.split_once("{\n").expect("a head");
            let body = rest.trim_end().strip_suffix('}').expect("an end");
            let mut members = pieces(body);
            members.reverse();
            format!("{head}{{\n{}}}\n", members.concat())
        });
        *text = items.collect::<Vec<_>>().concat();
    }
    assert!(turned > 10, "members are turned: {turned}");
    assert_eq!(deep(|| build(&files)), expected);
}

const BOX: &str = "kind Box {\n  key name: Name\n  count: Int = 1\n}\n";

fn one_file(text: String) -> Vec<(String, String)> {
    vec![("main.iflux".to_owned(), text)]
}

/// A chain of any length has a value, or is told to be too long: once.
fn chain_ends(text: String, too_long: bool) {
    let found = deep(|| check(&one_file(text)));
    assert_eq!(found.len(), usize::from(too_long), "{found:?}");
    assert!(found.iter().all(|found| found.starts_with("eval/budget")), "{found:?}");
}

#[test]
fn a_long_chain_of_resources_ends() {
    for length in [100, 9_000, 100_000] {
        let mut text = BOX.to_owned();
        // The first by name needs all others.
        for index in 0..length {
            text.push_str(&format!("box b{index:06} {{ count = b{:06}.count + 1 }}\n", index + 1));
        }
        text.push_str(&format!("box b{length:06} {{}}\n"));
        chain_ends(text, length > 10_000);
    }
}

#[test]
fn a_long_sum_and_deep_nesting_end() {
    let found = deep(|| check(&one_file(format!("let x = 1{}\n", " + 1".repeat(20_000)))));
    assert!(found.len() <= 1, "{found:?}");
    let (open, close) = ("[".repeat(120), "]".repeat(120));
    let found = deep(|| check(&one_file(format!("let x = {open}1{close}\n"))));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn every_prefix_of_the_example_is_answered() {
    let files = example();
    for index in 0..files.len() {
        let text = &files[index].1;
        // Every other line; each file begins with another one.
        for (at, _) in text.match_indices('\n').skip(index % 2).step_by(2) {
            let mut broken = files.clone();
            broken[index].1 = text[..at].to_owned();
            deep(|| check(&broken));
        }
    }
}

#[test]
fn splices_of_the_example_are_answered() {
    let files = example();
    let texts: Vec<&str> = files
        .iter()
        .filter(|(path, _)| path.ends_with(".iflux"))
        .map(|(_, text)| text.as_str())
        .collect();
    let mut chance = Chance(0x5eed);
    let cut = |chance: &mut Chance, text: &str| {
        let mut at = chance.below(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    for _ in 0..200 {
        let (one, two) = (texts[chance.below(texts.len())], texts[chance.below(texts.len())]);
        let (head, tail) = (cut(&mut chance, one), cut(&mut chance, two));
        let mut broken = files.clone();
        broken[0].1 = format!("{}{}", &one[..head], &two[tail..]);
        deep(|| check(&broken));
    }
}

/// A formula inside of many others.
fn wrapped(formula: &str, form: usize, times: usize) -> String {
    let (open, close) = match form {
        0 => ("(", ")"),
        1 => ("(if true then ", " else 1)"),
        _ => ("([x for x in [", "]])[0]"),
    };
    format!("{}{formula}{}", open.repeat(times), close.repeat(times))
}

/// A program in which one value leads to the next, in one of several ways.
fn chain(way: usize, length: usize, form: usize, times: usize) -> String {
    let mut text = BOX.to_owned();
    match way {
        0 => {
            for index in 0..length {
                let next = format!("b{:06}.count + 1", index + 1);
                let formula = wrapped(&next, form, times);
                text.push_str(&format!("box b{index:06} {{ count = {formula} }}\n"));
            }
            text.push_str(&format!("box b{length:06} {{}}\n"));
        }
        1 => {
            text.push_str("let a0: Int = 1\n");
            for index in 1..=length {
                let formula = wrapped(&format!("a{} + 1", index - 1), form, times);
                text.push_str(&format!("let a{index}: Int = {formula}\n"));
            }
            text.push_str(&format!("box b {{ count = a{length} }}\n"));
        }
        2 => {
            text.push_str("schema Node { kids: [Node] = [] }\nkind Tree { node: Node = {} }\n");
            text.push_str("let a0: Node = Node {}\n");
            for index in 1..=length {
                let formula = wrapped(&format!("[a{}]", index - 1), 0, times);
                text.push_str(&format!("let a{index}: Node = Node {{ kids = {formula} }}\n"));
            }
            text.push_str(&format!("tree b {{ node = a{length} }}\n"));
        }
        _ => {
            // Presets lead to one another at most 128 deep.
            let length = length.min(200);
            text.push_str("preset P0 for Box { count = 1 }\n");
            for index in 1..=length {
                let formula = wrapped("inherited + 1", form, times);
                let base = index - 1;
                let preset =
                    format!("preset P{index} for Box : P{base} {{ override count = {formula} }}\n");
                text.push_str(&preset);
            }
            text.push_str(&format!("box b : P{length} {{}}\n"));
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn generated_chains_end(
        way in 0..4_usize,
        length in prop_oneof![1..200_usize, Just(11_000_usize)],
        form in 0..3_usize,
        times in prop_oneof![Just(0_usize), 1..6_usize],
    ) {
        let found = deep(|| check(&one_file(chain(way, length, form, times))));
        prop_assert!(found.len() <= 1, "{found:?}");
        let is_limit = |found: &String| {
            ["eval/budget", "type/cycle"].iter().any(|code| found.starts_with(code))
        };
        prop_assert!(found.iter().all(is_limit), "{found:?}");
        // Short ones have a value.
        prop_assert!(length >= 100 || found.is_empty(), "{found:?}");
    }
}
