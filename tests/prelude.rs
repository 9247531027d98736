//! Every function of the library has a body and the reverse, a doc, and an example that gives what it says.
//!
//! An example is a fenced block of the doc: `let name = expression   // value`, where both are expressions of the
//! language, and more `let`s without a value. Later values have no value to compare: their examples are fields of an alert.
#![expect(clippy::disallowed_methods, reason = "reads the project's own files")]

use std::collections::BTreeSet;
use std::path::Path;

use infraflux::driver::{MemoryWorld, Session};
use infraflux::eval::builtin_names;
use infraflux::report::{Format, Style, render};

/// A function as `stdlib/prelude` declares it.
struct Function {
    place: String,
    name: String,
    is_later: bool,
    examples: Vec<String>,
}

fn functions() -> Vec<Function> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stdlib/prelude");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut doc: Vec<&str> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            if let Some(line) = line.strip_prefix("///") {
                doc.push(line.strip_prefix(' ').unwrap_or(line));
                continue;
            }
            if let Some(signature) = line.strip_prefix("extern fn ") {
                let (name, rest) = signature.split_once('(').unwrap();
                let file = path.file_name().unwrap().to_string_lossy();
                found.push(Function {
                    place: format!("{file}:{number}"),
                    name: name.to_owned(),
                    is_later: rest.contains("-> later "),
                    examples: fences(&doc),
                });
            }
            doc.clear();
        }
    }
    found
}

/// What stands in the `iflux` blocks of a doc.
fn fences(doc: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<String> = None;
    for line in doc {
        match (&mut open, *line) {
            (None, "```iflux") => open = Some(String::new()),
            (Some(_), "```") => found.extend(open.take()),
            (Some(text), line) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, _) => {}
        }
    }
    found
}

const KIND: &str = "
kind Example {
  key name: Name
  holds: Bool
  shown: String
  check holds else \"it gives \\(shown)\"
}
";

/// A program that holds if every value of an example is what the example says; and how many it compares.
fn program(example: &str) -> (String, usize) {
    let mut text = format!("{example}{KIND}");
    let mut count = 0;
    for line in example.lines() {
        let Some((code, value)) = line.rsplit_once("// ") else { continue };
        let name = code.trim_start_matches("let ").split(['=', ':']).next().unwrap().trim();
        count += 1;
        text.push_str(&format!(
            "example e{count} {{ holds = {name} == {value}, shown = to-json({name}) }}\n"
        ));
    }
    (text, count)
}

/// What a platform must have for something to stand on a cluster.
const PLATFORM: &str = "
import std.packs.{Small}
platform acme { domain = \"acme.example\", hub = one }
environment prod {}
cluster one : Small { environment = prod, provider = Docker {}, kubernetes = \"v1.34.2\" }
";

/// Runs the tests of an example: what is found, and how much they assert.
fn tested(example: &str) -> (String, usize) {
    let text = format!("{PLATFORM}{example}");
    let found = report(&text);
    if !found.is_empty() {
        return (found, 0);
    }
    let mut session = Session::load(&MemoryWorld::new([("main.iflux", text.as_str())]));
    session.check();
    let results = session.test(|_| true);
    let findings: Vec<_> = results.iter().flat_map(|it| it.findings.clone()).collect();
    let style = Style { limit: 0, ..Style::default() };
    let found = render(&findings, session.sources(), Format::Plain, style);
    (found, results.iter().map(|it| it.assertions).sum())
}

fn report(text: &str) -> String {
    let world = MemoryWorld::new([
        ("main.iflux", text),
        ("restore.sh", "exec restic restore latest\n"),
        ("values.yaml", "replicas: 3\n"),
        ("values.json", "{\"replicas\": 3}\n"),
    ]);
    let mut session = Session::load(&world);
    session.check();
    render(
        &session.diagnostics(),
        session.sources(),
        Format::Plain,
        Style { limit: 0, ..Style::default() },
    )
}

#[test]
fn functions_and_bodies_agree() {
    let declared: BTreeSet<String> = functions()
        .into_iter()
        .filter(|function| !function.is_later)
        .map(|function| function.name)
        .collect();
    let bodies: Vec<String> = builtin_names().map(str::to_owned).collect();
    let known: BTreeSet<String> = bodies.iter().cloned().collect();
    assert_eq!(bodies.len(), known.len(), "two bodies of one name");
    assert_eq!(declared, known);
}

#[test]
fn examples_give_what_they_say() {
    let mut problems = Vec::new();
    for function in functions() {
        let Function { place, name, is_later, examples } = function;
        let mut compared = 0;
        for example in &examples {
            if example.contains("\ntest \"") {
                let (found, count) = tested(example);
                compared += count;
                if !found.is_empty() {
                    problems.push(format!("{place} `{name}`:\n{found}"));
                }
                continue;
            }
            let text = if is_later {
                compared += 1;
                format!(
                    "environment prod {{}}\nnamespace n {{}}\nalerts x {{ namespace = n, alert A {{ expr = `up == 0`, for = 5m, \
                     severity = \"warning\"\n{example} }} }}\n"
                )
            } else {
                let (text, count) = program(example);
                compared += count;
                text
            };
            let found = report(&text);
            if !found.is_empty() {
                problems.push(format!("{place} `{name}`:\n{found}"));
            }
        }
        if compared == 0 {
            problems.push(format!("{place} `{name}` has no example that is compared"));
        }
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}
