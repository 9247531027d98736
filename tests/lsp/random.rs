//! Whatever is typed, the server shows what `check` shows.

use std::collections::BTreeMap;
use std::path::Path;

use infraflux::driver::{MemoryWorld, Session};
use infraflux::source::Sources;
use serde_json::{Value, json};

use super::wire::{Wire, usual};
use crate::runs::{Chance, deep};

/// The files of an example, by path.
fn example(name: &str) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the example") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_file() {
            files.insert(name, std::fs::read_to_string(&path).expect("a text"));
        }
    }
    assert!(files.keys().any(|name| name.ends_with(".iflux")), "the example has programs");
    files
}

/// `file line:column code title` of everything that `check` finds.
fn checked(files: &BTreeMap<String, String>) -> Vec<String> {
    let world = MemoryWorld::new(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    deep(|| {
        let mut session = Session::load(&world);
        session.check();
        let line = |found: &infraflux::diag::Diagnostic, sources: &Sources| {
            let Some(label) = &found.primary else {
                return format!("iflux.toml 1:1 {} {}", found.code, found.title);
            };
            let (name, at) = (sources.get(label.span.file).name(), sources.position(label.span));
            format!("{name} {}:{} {} {}", at.line, at.column, found.code, found.title)
        };
        let found = session.diagnostics();
        let mut lines: Vec<String> =
            found.iter().map(|found| line(found, session.sources())).collect();
        lines.sort();
        lines
    })
}

/// The same of what the server shows.
fn shown(wire: &Wire, root: &str, cache: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for (uri, (_, found)) in &wire.found {
        let name = uri.trim_start_matches(root).trim_start_matches(cache).trim_start_matches('/');
        for one in found.as_array().into_iter().flatten() {
            let at = &one["range"]["start"];
            let count = |value: &Value| value.as_u64().expect("a number") + 1;
            let title = one["message"].as_str().expect("a text").lines().next().unwrap_or("");
            let code = one["code"].as_str().expect("a code");
            let (line, column) = (count(&at["line"]), count(&at["character"]));
            lines.push(format!("{name} {line}:{column} {code} {title}"));
        }
    }
    lines.sort();
    lines
}

/// Pieces that a hand puts somewhere.
const PIECES: [&str; 14] = [
    "}",
    "{",
    "\"",
    "`",
    "x",
    " = ",
    "cluster a { }\n",
    "// ",
    "\n",
    "\\(",
    "override ",
    "7",
    "é",
    "[",
];

/// An edit of a text: a piece goes, comes, or both.
fn edited(text: &str, chance: &mut Chance) -> (usize, usize, String) {
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(chance.below(text.len() + 1));
    let length = if chance.below(2) == 0 { 0 } else { chance.below(12) };
    let end = boundary((start + length).min(text.len())).max(start);
    let piece = if chance.below(3) == 0 { "" } else { PIECES[chance.below(PIECES.len())] };
    (start, end, piece.to_owned())
}

fn position(text: &str, at: usize) -> Value {
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column: usize = before[start..].encode_utf16().count();
    json!({ "line": before.matches('\n').count(), "character": column })
}

#[test]
fn the_server_shows_what_check_shows() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("a folder");
    let mut files = example("infraflux");
    for (name, text) in &files {
        std::fs::write(root.join(name), text).expect("a file");
    }
    let uri_of = |path: &Path| format!("file://{}", path.display());
    let root = uri_of(&root);
    let cached = uri_of(&cache.path().canonicalize().expect("a folder"));
    let params = json!({
        "capabilities": usual(),
        "workspaceFolders": [{ "uri": root, "name": "work" }],
    });
    let (mut wire, _) = Wire::start(&params, cache.path());
    let names: Vec<String> =
        files.keys().filter(|name| name.ends_with(".iflux")).cloned().collect();
    for name in &names {
        let item = json!({
            "uri": format!("{root}/{name}"), "languageId": "iflux", "version": 0, "text": files[name],
        });
        wire.notify("textDocument/didOpen", json!({ "textDocument": item }));
    }
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut history: Vec<(String, String)> = Vec::new();
    for round in 1..=24 {
        let name = &names[chance.below(names.len())];
        let uri = format!("{root}/{name}");
        // Sometimes what was typed is undone, so that sound texts come again.
        let mut changes = Vec::new();
        if let Some((name, text)) = history.pop().filter(|_| chance.below(3) == 0) {
            let uri = format!("{root}/{name}");
            wire.notify(
                "textDocument/didChange",
                json!({
                    "textDocument": { "uri": uri, "version": round },
                    "contentChanges": [{ "text": text }],
                }),
            );
            files.insert(name, text);
            wire.findings(&uri, round);
        } else {
            let text = files.get_mut(name).expect("a text");
            history.push((name.clone(), text.clone()));
            for _ in 0..=chance.below(2) {
                let (start, end, piece) = edited(text, &mut chance);
                changes.push(json!({
                    "range": { "start": position(text, start), "end": position(text, end) },
                    "text": piece,
                }));
                text.replace_range(start..end, &piece);
            }
            wire.notify(
                "textDocument/didChange",
                json!({
                    "textDocument": { "uri": uri, "version": round },
                    "contentChanges": changes,
                }),
            );
            wire.findings(&uri, round);
        }
        // Every file's findings come before the answer to a later question.
        let settled = json!({ "textDocument": { "uri": uri } });
        let _ = wire.request("textDocument/documentLink", settled);
        assert_eq!(shown(&wire, &root, &cached), checked(&files), "after edit {round} of {name}");
    }
}
