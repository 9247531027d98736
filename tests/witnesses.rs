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

/// A program with every pack.
fn program(packs: &[String]) -> String {
    let mut text = format!(
        "import std.packs.{{{}}}\nenvironment prod {{}}\n\
         external cluster eu-1 {{ environment = prod, kubernetes = \"v1.34.2\" }}\nnamespace monitoring {{}}\n",
        packs.join(", ")
    );
    for (number, pack) in packs.iter().enumerate() {
        writeln!(text, "alerts pack-{number} : {pack} {{ namespace = monitoring }}")
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
        // Its alerts are those of the packs, which the other test judges: on eleven clusters that takes minutes.
        if path.ends_with("infraflux") {
            continue;
        }
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
    assert!(judged > 0, "{judged} examples have alerts");
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
}

/// Alerts for which a search may find nothing. One always fires; for the others series exist, and are hard to find: two selectors of one metric
/// that must differ, a moment that lies days behind, a mean that changes within a week.
const HARD: &[&str] = &[
    "AlertmanagerConfigInconsistent",
    "EtcdDatabaseHighFragmentationRatio",
    "KubeAPIErrorBudgetBurn1d",
    "KubeAPIErrorBudgetBurn1h",
    "KubeAPIErrorBudgetBurn3d",
    "KubeAPIErrorBudgetBurn6h",
    "KubeCPUOvercommit",
    "KubeMemoryOvercommit",
    "KubeQuotaAlmostFull",
    "LonghornBackupStale",
    "NodeFilesystemFilesFillingUp",
    "NodeFilesystemFilesFillingUpFast",
    "NodeFilesystemSpaceFillingUp",
    "NodeFilesystemSpaceFillingUpFast",
    "VeleroHighBackupDuration",
    "Watchdog",
];

/// The alerts without tests that are not known to be hard.
fn unexplained(made: &PromtoolTests) -> Vec<&str> {
    let names = made.undecided.iter().map(|(alert, _)| alert.as_str());
    names.filter(|alert| !HARD.iter().any(|hard| alert.ends_with(&format!(".{hard}")))).collect()
}
