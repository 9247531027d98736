//! Every program in a page does what its page says: the cases of `tests/ui`, the explain pages, README and book.
//! `IFLUX_BLESS=1` writes the reports and outputs that come out into the pages; read the difference before it is taken.
#![expect(
    clippy::disallowed_methods,
    reason = "reads the project's own files, and writes them when asked to"
)]

use std::path::{Path, PathBuf};

use infraflux::driver::{MemoryWorld, Session};
use infraflux::report::{Format, Style, render};
use rayon::prelude::*;

use crate::ui::{Compiler, Found, Kind, Outcome, blessed, run};

/// The compiler itself.
struct Iflux;

impl Compiler for Iflux {
    fn run(&self, files: &[(String, String)]) -> Outcome {
        let world =
            MemoryWorld::new(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let mut session = Session::load(&world);
        session.compare_with_earlier(&world);
        session.check();
        let plan = session.build();
        let mut diagnostics = session.diagnostics();
        if plan.is_some() {
            let results = session.test(|_| true);
            diagnostics.extend(results.into_iter().flat_map(|result| result.findings));
        }
        let sources = session.sources();
        let found = diagnostics.iter().map(|diagnostic| Found {
            place: diagnostic.primary.as_ref().map(|label| {
                let file = sources.get(label.span.file).name().to_owned();
                (file, sources.position(label.span).line as usize)
            }),
            level: diagnostic.level.word().to_owned(),
            code: diagnostic.code.as_str().to_owned(),
            title: diagnostic.title.clone(),
            label: diagnostic.primary.as_ref().map_or_else(String::new, |label| label.text.clone()),
        });
        let files = plan.into_iter().flat_map(|plan| plan.files).map(|file| {
            (file.path, String::from_utf8(file.bytes).expect("the compiler writes UTF-8"))
        });
        Outcome {
            found: found.collect(),
            report: render(
                &diagnostics,
                sources,
                Format::Plain,
                Style { limit: 0, ..Style::default() },
            ),
            files: files.collect(),
            ..Outcome::default()
        }
    }

    fn values(&self, files: &[(String, String)], paths: &[&str]) -> Vec<String> {
        let world =
            MemoryWorld::new(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let mut session = Session::load(&world);
        paths
            .iter()
            .map(|path| match session.why(path, None) {
                Ok(told) => value_told(&told),
                Err(found) => format!("none: {}", found.title),
            })
            .collect()
    }
}

/// The value that `iflux why` tells: one, or one per set of targets.
fn value_told(told: &str) -> String {
    let mut lines = told.lines();
    let first = lines.next().unwrap_or_default();
    if let Some((_, value)) = first.split_once(" = ") {
        return value.to_owned();
    }
    if !first.ends_with("differs from target to target:") {
        return "a record".to_owned();
    }
    let values = lines.take_while(|line| !line.starts_with("  => ") && line.contains(" on "));
    values.map(str::trim).collect::<Vec<_>>().join("; ")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every page below a folder, sorted.
fn pages(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Runs pages; `kind` says what each is for, by its path from the root.
fn hold(pages: &[PathBuf], kind: impl Fn(&str) -> Kind<'_> + Sync) {
    let bless = std::env::var_os("IFLUX_BLESS").is_some();
    let problems: Vec<String> = pages
        .par_iter()
        .flat_map_iter(|path| {
            let mut page = text(path);
            if bless {
                page = blessed(&page, &Iflux);
                std::fs::write(path, &page).expect("a page that can be written");
            }
            let shown = path
                .strip_prefix(root())
                .expect("a path below the root")
                .to_string_lossy()
                .replace('\\', "/");
            let found = run(&page, kind(&shown), &Iflux);
            found.into_iter().map(move |problem| format!("{shown}:{problem}"))
        })
        .collect();
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn cases_of_every_room() {
    let mut pages = pages("tests/ui");
    // It tells people how to write a case.
    pages.retain(|path| !path.ends_with("README.md") && !path.ends_with("_bad.md"));
    assert!(!pages.is_empty(), "tests/ui holds no case");
    hold(&pages, |_| Kind::Cases);
}

/// Where the codes about what no program holds are declared: the disk, the command line, files that cannot be read.
const OUTSIDE: [&str; 7] = [
    "src/host/errors.rs",
    "src/cli/errors.rs",
    "src/driver/problems.rs",
    "src/import/errors.rs",
    "src/import/errors/alertmanager.rs",
    "src/import/errors/dashboard.rs",
    "src/import/errors/stack.rs",
];

#[test]
fn explain_pages_show_their_codes() {
    let pages = pages("src/diag/pages");
    assert!(!pages.is_empty(), "there is no explain page");
    let outside: String = OUTSIDE.iter().map(|path| text(&root().join(path))).collect();
    hold(&pages, |path| {
        let code = path.trim_start_matches("src/diag/pages/").trim_end_matches(".md");
        Kind::Explain { code, outside: outside.contains(&format!("Code::new(\"{code}\")")) }
    });
}

#[test]
fn readme_and_book() {
    let mut pages = pages("src/book");
    pages.push(root().join("README.md"));
    hold(&pages, |_| Kind::Book);
}
