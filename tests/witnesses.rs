//! The tests that `iflux test --promtool` writes, run by promtool: those of all examples, and those of every pack of the library.
//! The judge is promtool; see `oracle.rs`.
#![expect(clippy::disallowed_methods, reason = "tests start judges, which live on this machine")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use infraflux::driver::{MemoryWorld, PromtoolTests, Session, promtool_tests};
use infraflux::host::DiskWorld;

use crate::oracle;

/// The presets of the library that are for alerts.
fn packs() -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "iflux") {
                let text = std::fs::read_to_string(&path).expect("a text");
                let presets = text.lines().filter_map(|line| line.strip_prefix("preset "));
                let alerts = presets.filter_map(|line| line.split_once(" for Alerts"));
                found.extend(alerts.map(|(name, _)| name.to_owned()));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("stdlib/packs"), &mut found);
    found.sort();
    found
}

/// A program with every pack. A cluster that something else made gets only what names it.
fn program(packs: &[String]) -> String {
    let mut text = format!(
        "import std.packs.{{{}}}\nenvironment prod {{}}\n\
         external cluster eu-1 {{ environment = prod, kubernetes = \"v1.34.2\" }}\n\
         namespace monitoring {{ clusters = [eu-1] }}\n",
        packs.join(", ")
    );
    for (number, pack) in packs.iter().enumerate() {
        writeln!(
            text,
            "alerts pack-{number} : {pack} {{ namespace = monitoring, clusters = [eu-1] }}"
        )
        .expect("a text");
    }
    text
}

fn run(folder: &Path, command: &str, end: &str) {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().ends_with(end))
        .collect();
    paths.sort();
    if paths.is_empty() {
        return;
    }
    let output = Command::new("promtool").args([command, "rules"]).args(&paths).output();
    let output = output.expect("promtool starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "promtool {command} rules:\n{said}{errors}");
}

/// What promtool says of the tests; all of them must hold.
fn judge(made: &PromtoolTests) {
    let folder = tempfile::tempdir().expect("a folder");
    for file in &made.files.files {
        std::fs::write(folder.path().join(&file.path), &file.bytes).expect("a file");
    }
    run(folder.path(), "check", ".rules.yaml");
    run(folder.path(), "test", ".test.yaml");
}

#[test]
fn tests_of_examples_hold() {
    if oracle::folder("witnesses::tests_of_examples_hold").is_none() {
        return;
    }
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut judged = 0;
    for entry in std::fs::read_dir(examples).expect("the examples") {
        let path = entry.expect("an entry").path();
        let Ok(world) = DiskWorld::open(&path) else { continue };
        let mut session = Session::load(&world);
        let plan = session.build().unwrap_or_else(|| panic!("{} builds", path.display()));
        let made = promtool_tests(&plan);
        if made.alerts > 0 {
            assert_eq!(unexplained(&made), [""; 0], "{}", path.display());
            judge(&made);
            judged += 1;
        }
    }
    assert!(judged > 1, "{judged} examples have alerts");
}

#[test]
fn tests_of_packs_hold() {
    if oracle::folder("witnesses::tests_of_packs_hold").is_none() {
        return;
    }
    let packs = packs();
    let text = program(&packs);
    let world = MemoryWorld::new([("main.iflux", text.as_str())]);
    let mut session = Session::load(&world);
    let plan = session.build();
    let found: Vec<_> = session.diagnostics().iter().map(|found| found.title.clone()).collect();
    let made = promtool_tests(&plan.unwrap_or_else(|| panic!("it builds: {found:?}")));
    judge(&made);
    assert_eq!(unexplained(&made), [""; 0], "of {} alerts", made.alerts);
    // What is counted here is what is judged: a program that writes no alerts has none without tests.
    let written: usize = packs.iter().map(|pack| alerts_of(pack)).sum();
    assert!(written > 250, "{written} alerts are written in the packs");
    assert!(made.alerts >= written, "{} of {written} alerts were judged", made.alerts);
    let tests = |end: &str| {
        let files = made.files.files.iter().filter(|file| file.path.ends_with(".test.yaml"));
        let texts = files.map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
        let is_name = |line: &&str| line.starts_with("- name: ") && line.ends_with(end);
        texts.map(|text| text.lines().filter(is_name).count()).sum::<usize>()
    };
    let silent = made.alerts - made.undecided.len();
    assert_eq!((tests(" fires"), tests(" does not fire")), (made.alerts, silent));
}

/// How many alerts a pack writes itself.
fn alerts_of(pack: &str) -> usize {
    fn count(folder: &Path, begin: &str) -> usize {
        let entries = std::fs::read_dir(folder).expect("a folder");
        let one = |entry: std::io::Result<std::fs::DirEntry>| {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                return count(&path, begin);
            }
            let text = std::fs::read_to_string(&path).expect("a text");
            let own = text.split("\npreset ").find(|part| part.starts_with(begin));
            own.map_or(0, |own| own.matches("\n  alert ").count())
        };
        entries.map(one).sum()
    }
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("stdlib/packs");
    count(&packs, &format!("{pack} for Alerts"))
}

/// Alerts that always fire, as they are meant to: whoever gets them knows that alerts get through.
const ALWAYS: &[&str] = &["Watchdog"];

/// The alerts without tests that can have some.
fn unexplained(made: &PromtoolTests) -> Vec<&str> {
    let names = made.undecided.iter().map(|(alert, _)| alert.as_str());
    names.filter(|alert| !ALWAYS.iter().any(|it| alert.ends_with(&format!(".{it}")))).collect()
}
