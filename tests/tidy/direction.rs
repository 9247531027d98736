//! Who may use whom.

use super::Tree;
use super::text::{Keep, blanked};

/// The rooms of each level; a room may use rooms of lower levels, and those of its own not at all.
const LEVELS: [&[&str]; 14] = [
    &["source"],
    &["diag"],
    &["syntax", "embedded", "kubernetes", "machines", "charts"],
    &["resolve", "metrics", "argocd", "gatekeeper"],
    &["types"],
    &["eval"],
    &["model"],
    &["graph", "order", "network", "limits", "rbac"],
    &["prove", "lint", "backend"],
    &["emit", "runbook", "admission"],
    &["driver"],
    &["plan", "import", "ide", "doc", "book", "host", "report"],
    &["lsp"],
    &["cli"],
];

/// Rooms that see less than their level would let them, and the highest level that they see.
const SHORT_SIGHTED: [(&str, usize); 1] = [("report", 1)];

fn level(room: &str) -> Option<usize> {
    LEVELS.iter().position(|rooms| rooms.contains(&room))
}

/// Whether `room` may use `other`.
fn may_use(room: &str, other: &str) -> bool {
    let (Some(own), Some(others)) = (level(room), level(other)) else { return false };
    let short = SHORT_SIGHTED.iter().find(|(name, _)| *name == room);
    room == other || others < own && short.is_none_or(|&(_, most)| others <= most)
}

/// Every use of a room that may not be used, and every room that the table does not know.
pub(super) fn broken(tree: &Tree) -> Vec<String> {
    let mut offenders = Vec::new();
    for (path, text) in tree.below("src/", ".rs") {
        let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
        let room = inside.split('/').next().unwrap_or_default();
        if matches!(inside, "lib" | "main") {
            continue;
        }
        if level(room).is_none() {
            offenders.push(format!("{path}: the table knows no room `{room}`"));
            continue;
        }
        for (line, code) in (1..).zip(joined(&blanked(text, Keep::Code))) {
            for other in rooms_used(&code) {
                if level(&other).is_none() {
                    offenders.push(format!("{path}:{line}: `crate::{other}` is no room: a name at the root hides who is used"));
                } else if !may_use(room, &other) {
                    offenders.push(format!("{path}:{line}: `{room}` may not use `{other}`"));
                }
            }
            if code.contains("super::".repeat(climb_to_root(inside)).as_str()) {
                offenders.push(format!("{path}:{line}: climbs out of its room: write `crate::`"));
            }
        }
    }
    offenders
}

/// How many `super` lead from a module inside the file to the root: one more than from the file, since its tests are a
/// module as well.
fn climb_to_root(inside: &str) -> usize {
    let steps = inside.split('/').count();
    if inside.ends_with("/mod") { steps } else { steps + 1 }
}

/// The lines, with each `crate::{ .. }` that goes over several drawn into its first.
fn joined(code: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut open = 0;
    let mut first = 0;
    for (at, line) in code.lines().enumerate() {
        let braces = |text: &str| {
            text.chars().fold(0_i32, |depth, c| match c {
                '{' => depth + 1,
                '}' => depth - 1,
                _ => depth,
            })
        };
        if open > 0 {
            if let Some(target) = lines.get_mut(first) {
                target.push_str(line);
            }
            lines.push(String::new());
            open += braces(line);
        } else {
            lines.push(line.to_owned());
            first = at;
            open = line.rsplit_once("crate::{").map_or(0, |(_, rest)| 1 + braces(rest));
        }
    }
    lines
}

/// The names right below the root that a line of code mentions.
fn rooms_used(code: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut used = Vec::new();
    for (at, marker) in code.match_indices("crate::") {
        let rest = code.get(at + marker.len()..).unwrap_or_default();
        let Some(group) = rest.strip_prefix('{') else {
            used.push(word(rest));
            continue;
        };
        let mut depth = 0;
        let mut start = true;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                c if start && !c.is_whitespace() => {
                    used.push(word(group.get(at..).unwrap_or_default()));
                    start = false;
                }
                _ => {}
            }
        }
    }
    used
}

/// One level as `lib.rs` draws it.
fn drawn(level: usize, rooms: &[&str]) -> String {
    let rooms: Vec<String> = rooms
        .iter()
        .map(|room| match SHORT_SIGHTED.iter().find(|(name, _)| name == room) {
            Some((_, most)) => format!("{room} (sees 0-{most})"),
            None => (*room).to_owned(),
        })
        .collect();
    format!("{level:>2}  {}", rooms.join(", "))
}

/// How `lib.rs` differs: a level drawn otherwise, or a `pub mod` above one of a lower level.
pub(super) fn drawn_wrong(tree: &Tree) -> Vec<String> {
    let Some(lib) = tree.files.get("src/lib.rs") else {
        return vec!["src/lib.rs: missing".to_owned()];
    };
    let mut offenders = Vec::new();
    for (number, rooms) in LEVELS.iter().enumerate() {
        let line = drawn(number, rooms);
        if !lib.lines().any(|drawn| drawn.strip_prefix("//! ") == Some(line.as_str())) {
            offenders.push(format!("src/lib.rs: the table lacks the line `//! {line}`"));
        }
    }
    let mut highest = 0;
    for room in lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
        match level(room) {
            Some(level) if level < highest => {
                offenders.push(format!("src/lib.rs: `pub mod {room}` stands too low"))
            }
            Some(level) => highest = level,
            None => offenders.push(format!("src/lib.rs: the table knows no room `{room}`")),
        }
    }
    offenders
}

#[test]
fn each_break_is_found() {
    let check = |path: &str, text: &str, expected: &[&str]| {
        assert_eq!(broken(&Tree::of(&[(path, text)])), expected, "{text}");
    };
    check("src/emit/x.rs", "use crate::backend::Node;\nuse crate::{diag::Sink, source};", &[]);
    check("src/emit/x.rs", "// crate::cli\nlet x = \"crate::cli\";", &[]);
    check(
        "src/emit/x.rs",
        "\nuse crate::driver::World;",
        &["src/emit/x.rs:2: `emit` may not use `driver`"],
    );
    check("src/lint/x.rs", "crate::prove::f()", &["src/lint/x.rs:1: `lint` may not use `prove`"]);
    check("src/lint/x.rs", "crate::lint::f()", &[]);
    check(
        "src/report/x.rs",
        "use crate::syntax;",
        &["src/report/x.rs:1: `report` may not use `syntax`"],
    );
    check(
        "src/graph/mod.rs",
        "use crate::{\n    model::{A, cli},\n    lsp,\n    diag,\n};\nuse crate::cli;",
        &[
            "src/graph/mod.rs:1: `graph` may not use `lsp`",
            "src/graph/mod.rs:6: `graph` may not use `cli`",
        ],
    );
    check("src/things/mod.rs", "", &["src/things/mod.rs: the table knows no room `things`"]);
    let root = "src/emit/x.rs:1: `crate::Node` is no room: a name at the root hides who is used";
    check("src/emit/x.rs", "use crate::Node;", &[root]);
    check("src/emit/x.rs", "use super::super::y;", &[]);
    check(
        "src/emit/x.rs",
        "use super::super::super::cli;",
        &["src/emit/x.rs:1: climbs out of its room: write `crate::`"],
    );
    check(
        "src/emit/mod.rs",
        "use super::super::cli;",
        &["src/emit/mod.rs:1: climbs out of its room: write `crate::`"],
    );
}

#[test]
fn a_table_drawn_otherwise_is_found() {
    let table: Vec<String> =
        (0..).zip(LEVELS).map(|(level, rooms)| format!("//! {}\n", drawn(level, rooms))).collect();
    let check = |text: String, expected: usize| {
        let found = drawn_wrong(&Tree::of(&[("src/lib.rs", &text)]));
        assert_eq!(found.len(), expected, "{found:?}");
    };
    check(table.concat() + "pub mod source;\npub mod diag;\n", 0);
    check(table.concat() + "pub mod diag;\npub mod source;\npub mod things;\n", 2);
    check(table.concat().replace(" (sees 0-1)", "").replace("graph", "graphs"), 2);
}
