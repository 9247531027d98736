//! The laws of the house, held by the tests: who may use whom, how long a file may be, what each room shows at its door,
//! that every code has its page and every link its end. Each check is a function from a [`Tree`] to all offenders at once,
//! and is shown to fail on a small tree that breaks its law.
#![expect(clippy::disallowed_methods, reason = "reads the project's own files")]

mod codes;
mod direction;
mod editors;
mod links;
mod shape;
mod style;
mod text;

use std::collections::BTreeMap;
use std::path::Path;

/// The text of every file that people write, by its path from the root, with `/`.
#[derive(Default)]
struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    /// The project.
    fn project() -> Self {
        let mut tree = Self::default();
        tree.walk(Path::new(env!("CARGO_MANIFEST_DIR")), "");
        tree
    }

    fn walk(&mut self, folder: &Path, prefix: &str) {
        let entries = std::fs::read_dir(folder).expect("a folder that can be listed");
        for entry in entries {
            let entry = entry.expect("an entry");
            let name = entry.file_name().to_string_lossy().into_owned();
            let left_out = matches!(
                name.as_str(),
                "target" | "out" | "vendor" | "node_modules" | "corpus" | "artifacts"
            );
            let path = format!("{prefix}{name}");
            if entry.file_type().expect("a type").is_dir() {
                if !left_out && (!name.starts_with('.') || name == ".ci") {
                    self.walk(&entry.path(), &format!("{path}/"));
                }
            } else {
                // A file that is no text has a path, which a link may mean, and nothing to read.
                let bytes = std::fs::read(entry.path()).expect("a file that can be read");
                self.files.insert(path, String::from_utf8(bytes).unwrap_or_default());
            }
        }
    }

    /// A made-up project.
    fn of(files: &[(&str, &str)]) -> Self {
        Self {
            files: files.iter().map(|&(path, text)| (path.to_owned(), text.to_owned())).collect(),
        }
    }

    /// Every file below `folder` (with its `/`) whose name ends in `end`.
    fn below<'t>(
        &'t self,
        folder: &'t str,
        end: &'t str,
    ) -> impl Iterator<Item = (&'t str, &'t str)> {
        let files = self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        files.filter(move |(path, _)| path.starts_with(folder) && path.ends_with(end))
    }

    /// Every Rust file: the compiler's and the tests'.
    fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.below("src/", ".rs").chain(self.below("tests/", ".rs"))
    }
}

/// The part of a file above its tests: a `#[cfg(test)]` that opens a module in this very file.
fn above_tests(text: &str) -> &str {
    let is_module = |rest: &str| {
        let mut lines = rest.lines().skip_while(|line| line.starts_with("#["));
        lines.next().is_some_and(|line| line.starts_with("mod ") && line.ends_with('{'))
    };
    let mut marks = text.match_indices("#[cfg(test)]").map(|(at, _)| text.split_at(at));
    marks.find(|(_, rest)| is_module(rest)).map_or(text, |(above, _)| above)
}

/// Whether a whole file holds tests.
fn is_tests(path: &str) -> bool {
    path.starts_with("tests/") || path.ends_with("/tests.rs") || path.ends_with("_tests.rs")
}

/// Fails with all offenders against all laws.
fn hold(laws: &[(&str, Vec<String>)]) {
    let broken = laws.iter().filter(|(_, offenders)| !offenders.is_empty());
    let lines: Vec<String> =
        broken.map(|(law, offenders)| format!("{law}:\n  {}", offenders.join("\n  "))).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

#[test]
fn rooms_use_only_rooms_below_them() {
    let tree = Tree::project();
    hold(&[
        ("a room uses only rooms with a smaller number", direction::broken(&tree)),
        ("lib.rs draws the table, and lists the rooms in its order", direction::drawn_wrong(&tree)),
    ]);
}

#[test]
fn files_are_short_and_introduce_themselves() {
    let tree = Tree::project();
    hold(&[
        ("at most 600 lines of code, 800 with tests", shape::too_long(&tree)),
        ("each file opens with `//!`", shape::without_header(&tree)),
        ("each mod.rs opens with a plate of at most 15 lines", shape::without_plate(&tree)),
        ("a module is named after what it holds", shape::badly_named(&tree)),
        ("nothing is left over", shape::leftovers(&tree)),
    ]);
}

#[test]
fn every_code_has_one_place_and_one_page() {
    let tree = Tree::project();
    hold(&[
        ("a code is declared once, where messages live, and has a page", codes::broken(&tree)),
        ("a code is raised by a case", codes::unraised(&tree)),
    ]);
}

#[test]
fn links_are_alive() {
    hold(&[("a link in a page leads somewhere", links::dead(&Tree::project()))]);
}

#[test]
#[should_panic(expected = "first:\n  a\n  b\nthird:\n  c")]
fn all_offenders_are_named_at_once() {
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    hold(&[("first", names(&["a", "b"])), ("second", vec![]), ("third", names(&["c"]))]);
}

#[test]
fn tests_begin_with_their_module() {
    let check = |text: &str, above: &str| assert_eq!(above_tests(text), above);
    check("a\n#[cfg(test)]\nmod tests {\n", "a\n");
    check("#[cfg(test)]\nmod tests;\nb\n", "#[cfg(test)]\nmod tests;\nb\n");
    check("#[cfg(test)]\nuse x;\nb\n#[cfg(test)]\nmod tests {", "#[cfg(test)]\nuse x;\nb\n");
    check("a\n#[cfg(test)]\n#[expect(x, reason = \"y\")]\nmod tests {\n", "a\n");
    check("a\n", "a\n");
}
