//! Tests for promtool: of every PrometheusRule that a build writes, the plain rule file, and for each alert a scene in which it
//! fires and one in which it does not.

#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    reason = "data that is not of the wanted shape is none"
)]

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::backend::Node;
use crate::embedded::{Data, read_yaml};
use crate::emit::{self, FilePlan, PlannedFile};
use crate::eval::Origin;
use crate::metrics::witness::{Ruleset, Scene, Undecided, Witness, duration, witness};
use crate::metrics::{Group, Rule, RuleKind};

/// Files for promtool, and what they test.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PromtoolTests {
    /// Rules and tests.
    pub files: FilePlan,
    /// How many alerts there are.
    pub alerts: usize,
    /// The alerts without tests, as `alerts.nodes.NodeDown`, and why.
    pub undecided: Vec<(String, String)>,
}

/// A PrometheusRule that is written for one or more clusters.
struct Written {
    name: String,
    address: String,
    clusters: Vec<String>,
    groups: Data,
}

/// The rules of a plan, and tests for their alerts.
pub fn promtool_tests(plan: &FilePlan) -> PromtoolTests {
    let written = named(rules_of(plan));
    let made: Vec<PromtoolTests> =
        written.par_iter().map(|(name, rules)| tests_of(name, rules)).collect();
    let mut all = PromtoolTests::default();
    let mut files = Vec::new();
    for one in made {
        files.extend(one.files.files);
        all.alerts += one.alerts;
        all.undecided.extend(one.undecided);
    }
    all.files = FilePlan::from(files);
    all
}

/// The objects of a plan, those that are the same on several clusters once.
fn rules_of(plan: &FilePlan) -> Vec<Written> {
    let mut found: Vec<Written> = Vec::new();
    for file in &plan.files {
        let Ok(text) = std::str::from_utf8(&file.bytes) else { continue };
        if !text.contains("kind: PrometheusRule") {
            continue;
        }
        let cluster = file.path.split('/').next().unwrap_or("").to_owned();
        for document in text.split("\n---\n") {
            let Ok(object) = read_yaml(document) else { continue };
            if get(&object, "kind").and_then(text_of) != Some("PrometheusRule") {
                continue;
            }
            let name = get(&object, "metadata").and_then(|it| get(it, "name")).and_then(text_of);
            let groups = get(&object, "spec").and_then(|spec| get(spec, "groups"));
            let (Some(name), Some(groups)) = (name, groups) else { continue };
            let known = found
                .iter_mut()
                .find(|it| it.address == file.address && it.name == name && it.groups == *groups);
            match known {
                Some(known) => known.clusters.push(cluster.clone()),
                None => found.push(Written {
                    name: name.to_owned(),
                    address: file.address.clone(),
                    clusters: vec![cluster.clone()],
                    groups: groups.clone(),
                }),
            }
        }
    }
    found
}

/// The objects by the names of their files: their own, and that of the first cluster where that is not enough.
fn named(all: Vec<Written>) -> BTreeMap<String, Written> {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for written in &all {
        *count.entry(written.name.clone()).or_default() += 1;
    }
    let mut out = BTreeMap::new();
    for written in all {
        let mut name = written.name.clone();
        if count.get(&name).is_some_and(|count| *count > 1)
            && let Some(cluster) = written.clusters.first()
        {
            name = format!("{cluster}-{name}");
        }
        while out.contains_key(&name) {
            name.push_str("-2");
        }
        out.insert(name, written);
    }
    out
}

fn tests_of(name: &str, written: &Written) -> PromtoolTests {
    let groups = groups(&written.groups);
    let rules_file = format!("{name}.rules.yaml");
    let rules = map([("groups", node(&written.groups))]);
    let mut files = vec![file(&rules_file, &written.address, &rules)];
    let mut out = PromtoolTests::default();
    let named = |alert: &str| format!("{}.{alert}", written.address);
    let rules = match Ruleset::new(&groups) {
        Ok(rules) => rules,
        Err(unreadable) => {
            let all = groups.iter().flat_map(|group| &group.rules);
            for rule in all.filter(|rule| rule.kind != RuleKind::Record) {
                let why = format!(
                    "`{}` beside it cannot be read: {}",
                    unreadable.rule, unreadable.reason
                );
                out.alerts += 1;
                out.undecided.push((named(&rule.name), why));
            }
            out.files = FilePlan::from(files);
            return out;
        }
    };
    let alerts: Vec<(usize, &str)> = rules.alerts().collect();
    let found: Vec<Result<Witness, Undecided>> =
        alerts.par_iter().map(|(index, _)| witness(&rules, *index)).collect();
    // One file for each interval: promtool evaluates all tests of a file equally often.
    let mut tests: BTreeMap<i64, Vec<Node<'static>>> = BTreeMap::new();
    for ((_, alert), found) in alerts.iter().zip(found) {
        out.alerts += 1;
        match found {
            Ok(witness) => {
                let of = tests.entry(witness.fires.interval).or_default();
                of.push(test(alert, &format!("{alert} fires"), &witness.fires));
                let of = tests.entry(witness.silent.interval).or_default();
                of.push(test(alert, &format!("{alert} does not fire"), &witness.silent));
            }
            Err(Undecided::NeverFired) => {
                let why = "no series were found for which it fires";
                out.undecided.push((named(alert), why.to_owned()));
            }
            Err(Undecided::NeverSilent(fires)) => {
                let of = tests.entry(fires.interval).or_default();
                of.push(test(alert, &format!("{alert} fires"), &fires));
                let why = "it fires for all series that were tried";
                out.undecided.push((named(alert), why.to_owned()));
            }
        }
    }
    let commonest =
        tests.iter().max_by_key(|(_, tests)| tests.len()).map(|(interval, _)| *interval);
    for (interval, tests) in tests {
        let path = if Some(interval) == commonest {
            format!("{name}.test.yaml")
        } else {
            format!("{name}-{}.test.yaml", duration(interval))
        };
        let whole = map([
            ("rule_files", Node::List(vec![words(&rules_file)])),
            ("evaluation_interval", words(&duration(interval))),
            ("tests", Node::List(tests)),
        ]);
        files.push(file(&path, &written.address, &whole));
    }
    out.files = FilePlan::from(files);
    out
}

/// A test of promtool: a scene, and what is expected of it.
fn test(alert: &str, name: &str, scene: &Scene) -> Node<'static> {
    let series = scene
        .series
        .iter()
        .map(|(name, values)| map([("series", words(name)), ("values", words(values))]));
    let at = duration(scene.at);
    let mut entries = vec![
        ("name", words(name)),
        ("interval", words(&duration(scene.interval))),
        ("input_series", Node::List(series.collect())),
    ];
    let texts = |pairs: &[(String, String)]| -> Node<'static> {
        let own = pairs.iter().filter(|(name, _)| name != "alertname");
        Node::Map(own.map(|(name, text)| (Cow::Owned(name.clone()), words(text))).collect())
    };
    let expected: Option<Vec<Node<'static>>> = scene
        .fired
        .iter()
        .map(|fired| {
            let annotations = fired.annotations.as_ref()?;
            // Prometheus leaves out what is empty, and older ones do not.
            if annotations.iter().any(|(_, text)| text.is_empty()) {
                return None;
            }
            Some(map([
                ("exp_labels", texts(&fired.labels)),
                ("exp_annotations", texts(annotations)),
            ]))
        })
        .collect();
    match expected {
        Some(expected) => entries.push((
            "alert_rule_test",
            Node::List(vec![map([
                ("eval_time", words(&at)),
                ("alertname", words(alert)),
                ("exp_alerts", Node::List(expected)),
            ])]),
        )),
        // What the annotations say is not known here: that it fires is.
        None => {
            let query = format!("count(ALERTS{{alertname=\"{alert}\", alertstate=\"firing\"}})");
            let count = i64::try_from(scene.fired.len()).unwrap_or(i64::MAX);
            let sample = map([("labels", words("{}")), ("value", Node::Int(count, Origin::NONE))]);
            entries.push((
                "promql_expr_test",
                Node::List(vec![map([
                    ("expr", words(&query)),
                    ("eval_time", words(&at)),
                    ("exp_samples", Node::List(vec![sample])),
                ])]),
            ));
        }
    }
    Node::Map(entries.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
}

fn file(path: &str, address: &str, node: &Node<'_>) -> PlannedFile {
    let mut bytes = Vec::new();
    emit::write(node, &mut bytes);
    PlannedFile { path: path.to_owned(), bytes, address: address.to_owned() }
}

fn words(text: &str) -> Node<'static> {
    Node::Text(Cow::Owned(text.to_owned()), Origin::NONE)
}

fn map<const N: usize>(entries: [(&'static str, Node<'static>); N]) -> Node<'static> {
    Node::Map(entries.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
}

fn node(data: &Data) -> Node<'static> {
    match data {
        Data::Null => words(""),
        Data::Bool(value) => Node::Bool(*value, Origin::NONE),
        Data::Int(value) => Node::Int(*value, Origin::NONE),
        Data::Float(value) => Node::Float(*value, Origin::NONE),
        Data::Text(text) => words(text),
        Data::List(items) => Node::List(items.iter().map(node).collect()),
        Data::Map(entries) => Node::Map(
            entries.iter().map(|(key, value)| (Cow::Owned(key.clone()), node(value))).collect(),
        ),
    }
}

fn get<'d>(data: &'d Data, key: &str) -> Option<&'d Data> {
    match data {
        Data::Map(entries) => entries.iter().find(|(known, _)| known == key).map(|(_, it)| it),
        _ => None,
    }
}

fn text_of(data: &Data) -> Option<&str> {
    match data {
        Data::Text(text) => Some(text),
        _ => None,
    }
}

fn items(data: Option<&Data>) -> &[Data] {
    match data {
        Some(Data::List(items)) => items,
        _ => &[],
    }
}

fn pairs(data: Option<&Data>) -> Vec<(String, String)> {
    match data {
        Some(Data::Map(entries)) => {
            entries.iter().map(|(key, value)| (key.clone(), scalar(value))).collect()
        }
        _ => Vec::new(),
    }
}

fn scalar(data: &Data) -> String {
    match data {
        Data::Text(text) => text.clone(),
        Data::Int(value) => value.to_string(),
        Data::Float(value) => value.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::Null | Data::List(_) | Data::Map(_) => String::new(),
    }
}

fn groups(data: &Data) -> Vec<Group> {
    let rule = |data: &Data| {
        let seconds = |key: &str| get(data, key).and_then(text_of).and_then(seconds).unwrap_or(0.0);
        let (name, kind) = match get(data, "alert") {
            Some(name) => {
                let (pending, keep_firing) = (seconds("for"), seconds("keep_firing_for"));
                (scalar(name), RuleKind::Alert { pending, keep_firing })
            }
            None => (get(data, "record").map(scalar).unwrap_or_default(), RuleKind::Record),
        };
        Rule {
            name,
            kind,
            expr: get(data, "expr").map(scalar).unwrap_or_default(),
            labels: pairs(get(data, "labels")),
            annotations: pairs(get(data, "annotations")),
        }
    };
    let group = |data: &Data| Group {
        name: get(data, "name").map(scalar).unwrap_or_default(),
        interval: get(data, "interval").and_then(text_of).and_then(seconds),
        rules: items(get(data, "rules")).iter().map(rule).collect(),
    };
    items(Some(data)).iter().map(group).collect()
}

/// The seconds of a duration of Prometheus: `1h30m`.
fn seconds(text: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let amount: f64 = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?;
        let end = rest.find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len());
        let unit = match rest.get(..end)? {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            "w" => 604_800.0,
            "y" => 31_536_000.0,
            _ => return None,
        };
        total += amount * unit;
        rest = rest.get(end..)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::{duration, seconds};

    #[test]
    fn durations_are_read_and_written() {
        assert_eq!(seconds("1h30m"), Some(5400.0));
        assert_eq!(seconds("500ms"), Some(0.5));
        assert_eq!(seconds("5"), None);
        assert_eq!(duration(90_000), "90s");
        assert_eq!(duration(900_000), "15m");
        assert_eq!(duration(0), "0s");
    }
}
