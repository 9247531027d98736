//! Alertmanager's own tool reads the configurations that examples build, and routes alerts as the language says that they are routed.
//! The judge is amtool; see `oracle.rs`.
#![expect(
    clippy::disallowed_methods,
    reason = "reads the project's own files, and starts a judge, which lives on this machine"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use infraflux::driver::{MemoryWorld, Session};
use infraflux::report::{Format, Style, render};
use serde_yaml::Value;

use crate::examples::{Files, built_from, read};
use crate::oracle;

/// A field of a map.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('/').try_fold(value, |value, key| value.get(key))
}

/// Every object of a file.
fn objects(text: &str) -> impl Iterator<Item = Value> + '_ {
    serde_yaml::Deserializer::from_str(text)
        .map(|document| serde::Deserialize::deserialize(document).expect("YAML"))
}

/// Fields that came after Alertmanager 0.25, which is the release that Debian packs: what they are there, and a value. Everything that a
/// release between 0.25 and 0.28 has learnt, and that the compiler writes, stands here.
const LATER: [(&str, &str, &str); 6] = [
    ("url_file", "url", "https://example.com/"),
    ("webhook_url_file", "webhook_url", "https://example.com/"),
    ("bot_token_file", "bot_token", "token"),
    ("user_key_file", "user_key", "key"),
    ("token_file", "token", "token"),
    ("message_thread_id", "", ""),
];

/// A configuration as amtool 0.25 knows it.
fn older(config: &Value) -> Value {
    let mut config = config.clone();
    let Some(receivers) = config.get_mut("receivers").and_then(Value::as_sequence_mut) else {
        return config;
    };
    for receiver in receivers {
        let Some(receiver) = receiver.as_mapping_mut() else { continue };
        // 0.28 has them, with the fields of a webhook of Discord.
        if let Some(teams) = receiver.remove("msteamsv2_configs") {
            receiver.insert("discord_configs".into(), teams);
        }
        for (sort, integrations) in receiver {
            let Some(integrations) = integrations.as_sequence_mut() else { continue };
            for integration in integrations {
                let Some(fields) = integration.as_mapping_mut() else { continue };
                if sort.as_str() == Some("discord_configs") {
                    fields.remove("text");
                }
                for (later, before, value) in LATER {
                    if fields.remove(later).is_some() && !before.is_empty() {
                        fields.insert(before.into(), value.into());
                    }
                }
            }
        }
    }
    config
}

/// The configurations that a build writes, by cluster.
fn configurations(files: &Files) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for object in files.values().flat_map(|text| objects(text)) {
        let values = at(&object, "spec/source/helm/valuesObject");
        let config = values.and_then(|values| at(values, "alertmanager/config"));
        let cluster = values
            .and_then(|values| at(values, "prometheus/prometheusSpec/externalLabels/cluster"))
            .and_then(Value::as_str);
        if let (Some(config), Some(cluster)) = (config, cluster) {
            found.insert(cluster.to_owned(), config.clone());
        }
    }
    found
}

/// The labels that rules of a cluster's folder give to alerts, where they are known before one fires.
fn alerts(files: &Files, cluster: &str) -> BTreeSet<Vec<(String, String)>> {
    let folder = format!("{cluster}/");
    let here = files.iter().filter(|(path, _)| path.starts_with(&folder));
    let mut found = BTreeSet::new();
    for object in here.flat_map(|(_, text)| objects(text)) {
        let groups = at(&object, "spec/groups").and_then(Value::as_sequence);
        let rules = groups.into_iter().flatten().filter_map(|group| group.get("rules"));
        for rule in rules.filter_map(Value::as_sequence).flatten() {
            let Some(name) = rule.get("alert").and_then(Value::as_str) else { continue };
            let mut labels = vec![("alertname".to_owned(), name.to_owned())];
            labels.push(("cluster".to_owned(), cluster.to_owned()));
            let own = rule.get("labels").and_then(Value::as_mapping);
            for (label, value) in own.into_iter().flatten() {
                let (Some(label), Some(value)) = (label.as_str(), value.as_str()) else { continue };
                if !value.contains("{{") {
                    labels.push((label.to_owned(), value.to_owned()));
                }
            }
            found.insert(labels);
        }
    }
    found
}

fn amtool(arguments: &[&str]) -> String {
    let output = Command::new("amtool").args(arguments).output().expect("amtool starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "amtool {arguments:?}:\n{said}{errors}");
    said
}

#[test]
fn amtool_reads_and_routes_what_examples_build() {
    if oracle::folder("amtool").is_none() {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("alertmanager.yaml");
    let shown = path.display().to_string();
    let mut routed = 0;
    for entry in std::fs::read_dir(root).expect("examples/ can be listed") {
        let example = entry.expect("an entry").path();
        let sources = read(&example, |path| {
            (path.ends_with(".iflux") || path.ends_with("iflux.toml"))
                && !path.starts_with("expected/")
        });
        if !sources.values().any(|text| text.contains("\nrouting ")) {
            continue;
        }
        let name = example.display().to_string();
        let files = built_from(&sources, &name);
        let mut program = String::new();
        for (cluster, config) in configurations(&files) {
            let text = serde_yaml::to_string(&older(&config)).expect("YAML");
            std::fs::write(&path, text).expect("a file can be written");
            amtool(&["check-config", &shown]);
            for labels in alerts(&files, &cluster) {
                let given: Vec<String> =
                    labels.iter().map(|(label, value)| format!("{label}={value}")).collect();
                let mut arguments = vec!["config", "routes", "test", "--config.file", &shown];
                arguments.extend(given.iter().map(String::as_str));
                let told = amtool(&arguments);
                // A receiver that a route writes in place has no name in the language.
                let told: Vec<&str> = told.trim().split(',').collect();
                if told.iter().any(|receiver| receiver.contains('/')) {
                    continue;
                }
                let told: Vec<String> = told.iter().map(|it| format!("receiver.{it}")).collect();
                let labels: Vec<String> =
                    labels.iter().map(|(label, value)| format!("{label:?} = {value:?}")).collect();
                program.push_str(&format!(
                    "  assert here.cluster.name != \"{cluster}\" || receivers(routing.main, {{ {} }}) == [{}]\n",
                    labels.join(", "),
                    told.join(", ")
                ));
                routed += 1;
            }
        }
        let mut sources = sources;
        sources.insert("amtool.iflux".to_owned(), format!("test \"as amtool\" {{\n{program}}}\n"));
        let world =
            MemoryWorld::new(sources.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let mut session = Session::load(&world);
        session.check();
        for result in session.test(|name| name == "as amtool") {
            let style = Style { limit: 0, ..Style::default() };
            let report = render(&result.findings, session.sources(), Format::Plain, style);
            assert!(result.passed(), "{name}:\n{report}");
        }
    }
    assert!(routed > 50, "{routed} alerts were routed");
}
