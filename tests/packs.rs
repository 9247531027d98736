//! The library's packs of alerts: they watch at least what public rules watch, every alert tells what a person needs, and promtool takes
//! them as rules.
#![expect(clippy::disallowed_methods, reason = "starts a judge, and writes what it reads")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Command;

use include_dir::{Dir, include_dir};
use infraflux::driver::{MemoryWorld, Session};
use serde::Deserialize as _;
use serde_yaml::Value;

use crate::oracle;
use crate::runs::deep;

static PACKS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/stdlib/packs/alerts");
const TABLES: &str = include_str!("../stdlib/packs/alerts/README.md");
const PUBLIC: &str = include_str!("packs/public.txt");

/// The presets of a file, and below each the alerts that it writes itself.
fn presets() -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in
        PACKS.files().filter(|file| file.path().extension().is_some_and(|end| end == "iflux"))
    {
        let mut preset = None;
        for line in file.contents_utf8().expect("UTF-8").lines() {
            let mut words = line.split_whitespace();
            match words.next() {
                Some("preset") if !line.starts_with(' ') => {
                    let name = words.next().expect("a name").to_owned();
                    found.insert(name.clone(), Vec::new());
                    preset = Some(name);
                }
                Some("alert") if line.starts_with("  alert ") => {
                    let alerts = preset.as_ref().and_then(|preset| found.get_mut(preset));
                    alerts.expect("a preset").push(words.next().expect("a name").to_owned());
                }
                _ => {}
            }
        }
    }
    found
}

/// A program that uses each of these presets once.
fn program(presets: &BTreeMap<String, Vec<String>>) -> String {
    let names: Vec<&str> = presets.keys().map(String::as_str).collect();
    let mut text = format!(
        "import std.packs.{{{}, Small}}\n\
         platform lab {{ domain = \"lab.example\", hub = one, cluster-namespace = clusters }}\n\
         environment dev {{}}\n\
         provider host : Proxmox {{ nodes = [\"pve01\"], template = 9000, gateway = \"10.0.0.1\" }}\n\
         cluster one : Small {{\n  kubernetes = \"v1.34.2\", environment = dev, provider = host\n  \
         endpoint = \"10.0.0.100\", addresses = [\"10.0.0.101\" .. \"10.0.0.109\"]\n}}\n\
         namespace clusters {{}}\n\
         namespace monitoring {{ pod-security = \"privileged\" }}\n",
        names.join(", ")
    );
    for name in names {
        let block = name.to_lowercase();
        let _ = writeln!(text, "alerts {block} : {name} {{ namespace = monitoring }}");
    }
    text
}

/// What `program` writes as PrometheusRules: path and `spec`.
fn rules() -> Vec<(String, Value)> {
    let text = program(&presets());
    let files = deep(|| {
        let world = MemoryWorld::new([("main.iflux", text.as_str())]);
        let mut session = Session::load(&world);
        let plan = session.build();
        let errors: Vec<_> =
            session.diagnostics().iter().map(|found| found.title.clone()).collect();
        plan.unwrap_or_else(|| panic!("the packs build: {errors:#?}")).files
    });
    let mut found = Vec::new();
    for file in files {
        let text = String::from_utf8(file.bytes).expect("UTF-8");
        for document in serde_yaml::Deserializer::from_str(&text) {
            let object = Value::deserialize(document).expect("YAML");
            if object["kind"] == "PrometheusRule" {
                found.push((file.path.clone(), object["spec"].clone()));
            }
        }
    }
    found
}

#[test]
fn no_alert_of_the_packs_has_the_name_of_another() {
    let mut seen = BTreeSet::new();
    for alert in presets().into_values().flatten() {
        assert!(seen.insert(alert.clone()), "{alert} is there twice");
    }
    assert!(seen.len() > 250, "{}", seen.len());
}

#[test]
fn public_alerts_have_one_of_ours() {
    let ours: BTreeSet<String> = presets().into_values().flatten().collect();
    let mut rows: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    let mut title = "";
    for line in TABLES.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            title = name;
        }
        let Some(row) = line.strip_prefix("| ").and_then(|row| row.strip_suffix(" |")) else {
            continue;
        };
        let (public, here) = row.split_once(" | ").expect("two columns");
        if public != "public alert" {
            assert!(rows.insert((title, public), here).is_none(), "{public} is there twice");
        }
    }
    let mut wanted = 0;
    for line in PUBLIC.lines() {
        if let Some(name) = line.strip_prefix("# ") {
            title = name;
            continue;
        }
        wanted += 1;
        let here =
            rows.remove(&(title, line)).unwrap_or_else(|| panic!("{title}: no row for {line}"));
        if here.starts_with("none: ") {
            continue;
        }
        for name in here.split(", ") {
            assert!(ours.contains(name), "{title}: {line} is {name}, which no pack has");
        }
    }
    assert!(rows.is_empty(), "rows for alerts that nobody publishes: {rows:?}");
    assert!(wanted > 250, "{wanted}");
    let none = TABLES.lines().filter(|line| line.contains("| none: ")).count();
    assert!(none <= 3, "{none} public alerts have no counterpart");
}

#[test]
fn every_alert_tells_what_a_person_needs() {
    let specs = rules();
    assert_eq!(specs.len(), presets().len());
    let mut alerts = 0;
    for (path, spec) in &specs {
        for rule in spec["groups"][0]["rules"].as_sequence().expect("rules") {
            let Some(name) = rule["alert"].as_str() else { continue };
            alerts += 1;
            let said = [
                &rule["labels"]["severity"],
                &rule["annotations"]["summary"],
                &rule["annotations"]["description"],
            ];
            for text in said {
                assert!(text.as_str().is_some_and(|text| !text.is_empty()), "{path}: {name}");
            }
        }
    }
    assert!(alerts > 250, "{alerts}");
}

#[test]
fn promtool_takes_the_packs() {
    if oracle::folder("packs::promtool_takes_the_packs").is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut paths = Vec::new();
    for (_, spec) in rules() {
        let path = folder.path().join(format!("{}.yaml", paths.len()));
        std::fs::write(&path, serde_yaml::to_string(&spec).expect("YAML")).expect("a file");
        paths.push(path);
    }
    let output = Command::new("promtool").args(["check", "rules"]).args(&paths).output();
    let output = output.expect("promtool starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
    assert_eq!(said.matches("SUCCESS: ").count(), paths.len(), "{said}{errors}");
}

/// Faults that hand-written rules had: the packs do the right thing with the series that showed them.
#[test]
fn faults_of_the_audit_are_not_made() {
    if oracle::folder("packs::faults_of_the_audit_are_not_made").is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    for (path, spec) in rules() {
        let name = path.rsplit('/').next().expect("a name");
        let rules = serde_yaml::to_string(&spec).expect("YAML");
        std::fs::write(folder.path().join(name), rules).expect("a file");
    }
    let tests = folder.path().join("audit.test");
    std::fs::write(&tests, include_str!("packs/audit.yaml")).expect("a file");
    let output = Command::new("promtool").args(["test", "rules"]).arg(&tests).output();
    let output = output.expect("promtool starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
    assert!(said.contains("SUCCESS"), "{said}{errors}");
}
