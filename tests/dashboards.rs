//! Dashboards, as Grafana's own package types them. It is found through the environment: `IFLUX_GRAFANA` names a folder
//! `node_modules` with `@grafana/schema` and `typescript`, both of the versions that `.ci/run` says. Without it the tests say that they were
//! skipped, and fail where `IFLUX_REQUIRE_ORACLES` is set. Nothing here starts a Grafana.
#![expect(clippy::disallowed_methods, reason = "starts a judge, and gives it files")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::examples::{Files, built_from, read};

const CHECK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/grafana/check.mjs");
const EVERYTHING: &str = include_str!("grafana/everything.iflux");

/// The folder of the packages, or `None` after saying that `test` is skipped.
fn packages(test: &str) -> Option<PathBuf> {
    let found = std::env::var_os("IFLUX_GRAFANA");
    if found.is_none() {
        assert!(
            std::env::var_os("IFLUX_REQUIRE_ORACLES").is_none(),
            "{test} is skipped, but IFLUX_REQUIRE_ORACLES is set"
        );
        // Past the harness, which swallows what a test that passes prints.
        let _ = writeln!(std::io::stderr(), "{test}: skipped: IFLUX_GRAFANA is not set");
    }
    found.map(PathBuf::from)
}

/// The dashboards in what was built, by path.
fn dashboards(built: &Files) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (path, text) in built {
        if !path.rsplit('/').next().is_some_and(|name| name.starts_with("dashboard-")) {
            continue;
        }
        let object: Value = serde_yaml::from_str(text).expect("YAML");
        let texts: Vec<&str> = match object["spec"]["json"].as_str() {
            Some(json) => vec![json],
            None => object["data"]
                .as_object()
                .expect("data")
                .values()
                .filter_map(Value::as_str)
                .collect(),
        };
        let [text] = texts[..] else { panic!("{path} holds {} dashboards", texts.len()) };
        found.push((path.clone(), serde_json::from_str(text).expect("JSON")));
    }
    found
}

/// What Grafana's types say of dashboards, a line each.
fn judged(packages: &Path, dashboards: &[(String, Value)]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let mut files = Vec::new();
    for (index, (_, dashboard)) in dashboards.iter().enumerate() {
        let path = folder.path().join(format!("{index}.json"));
        std::fs::write(&path, dashboard.to_string()).expect("written");
        files.push(path);
    }
    let output = Command::new("node").arg(CHECK).arg(packages).args(&files).output();
    let output = output.unwrap_or_else(|error| panic!("node does not start: {error}"));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let found = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(output.status.success(), found.is_empty(), "{found}");
    found
}

fn everything() -> Vec<(String, Value)> {
    let sources = std::iter::once(("platform.iflux".to_owned(), EVERYTHING.to_owned())).collect();
    let found = dashboards(&built_from(&sources, "everything"));
    assert_eq!(found.len(), 2);
    found
}

#[test]
fn grafana_types_them() {
    let Some(packages) = packages("dashboards::grafana_types_them") else { return };
    let mut all = everything();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let built = read(&examples, |path| path.contains("/expected/") && path.ends_with(".yaml"));
    let examples = dashboards(&built);
    assert!(!examples.is_empty(), "no example has a dashboard");
    all.extend(examples);
    assert_eq!(judged(&packages, &all), "");
}

#[test]
fn what_is_wrong_is_refused() {
    let Some(packages) = packages("dashboards::what_is_wrong_is_refused") else { return };
    let right = everything().remove(1).1;
    let wrong: &[(&str, Value, &str)] = &[
        ("/panels/0/type", json!("graph"), "'\"graph\"' is not assignable"),
        ("/panels/0/gridPos/w", json!("6"), "'string' is not assignable to type 'number'"),
        ("/panels/0/targets/0/expression", json!("up"), "'\"expression\"' does not exist"),
        ("/panels/0/options/textMode", json!("loud"), "BigValueTextMode"),
        ("/panels/0/fieldConfig/defaults/units", json!("bytes"), "'\"units\"' does not exist"),
        ("/templating/list/0/hide", json!(7), "VariableHide"),
        ("/templating/list/0/type", json!("metric"), "VariableType"),
        ("/titel", json!("x"), "'\"titel\"' does not exist"),
        ("/schemaVersion", json!("39"), "'string' is not assignable to type 'number'"),
    ];
    let broken: Vec<(String, Value)> = wrong
        .iter()
        .map(|(path, value, _)| {
            let mut dashboard = right.clone();
            let (parent, key) = path.rsplit_once('/').unwrap();
            dashboard.pointer_mut(parent).expect(path)[key] = value.clone();
            ((*path).to_owned(), dashboard)
        })
        .collect();
    let found = judged(&packages, &broken);
    for (index, (path, _, says)) in wrong.iter().enumerate() {
        let told = found
            .lines()
            .any(|line| line.contains(&format!("/{index}.json: ")) && line.contains(says));
        assert!(told, "{path} is taken:\n{found}");
    }
}

#[test]
fn nothing_overlaps_and_everything_is_told_apart() {
    for (path, dashboard) in everything() {
        let mut panels: Vec<&Value> = Vec::new();
        for panel in dashboard["panels"].as_array().expect("panels") {
            panels.push(panel);
            // A folded row's panels are shown in its place.
            panels.extend(panel["panels"].as_array().into_iter().flatten());
        }
        let mut ids: Vec<u64> =
            panels.iter().map(|it| it["id"].as_u64().expect("a number")).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), panels.len(), "{path}: two panels of one number");
        for panel in panels {
            let targets = panel["targets"].as_array().into_iter().flatten();
            for target in targets {
                let kind = target["datasource"]["type"].as_str().unwrap();
                let variable = if kind == "loki" { "${logs}" } else { "${datasource}" };
                assert_eq!(target["datasource"]["uid"], variable, "{path}");
            }
        }
        let first = &dashboard["templating"]["list"][0];
        assert_eq!((&first["name"], &first["type"]), (&json!("datasource"), &json!("datasource")));
        assert_eq!(dashboard["schemaVersion"], 39);
        for key in ["uid", "title"] {
            assert!(dashboard[key].as_str().is_some_and(|text| !text.is_empty()), "{path}: {key}");
        }
    }
}
