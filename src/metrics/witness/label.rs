//! The labels of a witness' series: values that fit all matchers, and the same one everywhere if there is one.

use std::collections::{BTreeMap, BTreeSet};

use super::leaf::{Leaf, Leaves, Names, fits, needs_value};
use super::words::words;
use crate::embedded::promql::MatchOp;
use crate::metrics::catalog;
use crate::metrics::engine::whole_regex;

/// Which labels series get.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// Those that are spoken of around the selector, and that the metric has by the catalogue.
    Known,
    /// Those that are spoken of anywhere, in all series.
    All,
    /// Those that its matchers demand.
    Fewest,
}

impl Mode {
    pub(super) const ALL: [Self; 3] = [Self::Known, Self::All, Self::Fewest];
}

/// Labels that a scrape adds.
const OF_TARGETS: [&str; 7] =
    ["job", "instance", "namespace", "service", "pod", "container", "endpoint"];

/// Labels by name.
pub(super) type Values = BTreeMap<String, String>;

/// The labels of each leaf's series, the name among them as `__name__`; none for a leaf that no series fits.
pub(super) fn label(leaves: &Leaves, mode: Mode) -> Vec<Option<Values>> {
    let everywhere: Names = leaves.all.iter().flat_map(|leaf| leaf.wants.iter().cloned()).collect();
    let named: Vec<(Names, &Leaf)> = leaves
        .all
        .iter()
        .map(|leaf| {
            let mut names: Names = leaf
                .matchers
                .iter()
                .filter(|m| needs_value(m))
                .map(|m| m.label.name.clone())
                .collect();
            match mode {
                Mode::Known => {
                    names.extend(leaf.wants.iter().filter(|n| may_have(leaf, n)).cloned())
                }
                Mode::All => names.extend(everywhere.iter().filter(|name| *name != "le").cloned()),
                Mode::Fewest => {}
            }
            if leaf.name.as_deref().is_some_and(|name| name.ends_with("_bucket")) {
                names.insert("le".to_owned());
            }
            names.remove("__name__");
            (names, leaf)
        })
        .collect();
    let mut shared = Values::new();
    let all: BTreeSet<&String> = named.iter().flat_map(|(names, _)| names.iter()).collect();
    for name in all {
        let users: Vec<&Leaf> =
            named.iter().filter(|(names, _)| names.contains(name)).map(|(_, leaf)| *leaf).collect();
        let fitting =
            |value: &String| users.iter().filter(|leaf| accepts(leaf, name, value)).count();
        let candidates: Vec<String> =
            users.iter().flat_map(|leaf| candidates(leaf, name)).chain([usual(name)]).collect();
        // The first of those that fit most: `max_by_key` would take the last.
        let best = candidates.into_iter().rev().max_by_key(fitting);
        if let Some(best) = best {
            shared.insert(name.clone(), best);
        }
    }
    tie(leaves, &mut shared);
    named.iter().map(|(names, leaf)| one(leaf, names, &shared)).collect()
}

fn one(leaf: &Leaf, names: &Names, shared: &Values) -> Option<Values> {
    let mut values = Values::new();
    for name in names {
        let known = shared.get(name).filter(|value| accepts(leaf, name, value)).cloned();
        let own = || candidates(leaf, name).into_iter().find(|value| accepts(leaf, name, value));
        let value = known.or_else(own)?;
        if !value.is_empty() {
            values.insert(name.clone(), value);
        }
    }
    let name = match &leaf.name {
        Some(name) => name.clone(),
        None => {
            let known = candidates(leaf, "__name__");
            known.into_iter().find(|value| !value.is_empty() && accepts(leaf, "__name__", value))?
        }
    };
    // What is left without a value must fit, too.
    let fit = |matcher: &crate::embedded::promql::LabelMatcher| {
        let label = &matcher.label.name;
        let value = if label == "__name__" { Some(&name) } else { values.get(label) };
        fits(matcher, value.map_or("", String::as_str))
    };
    if !leaf.matchers.iter().all(fit) {
        return None;
    }
    values.insert("__name__".to_owned(), name);
    Some(values)
}

/// `label_replace` makes one label of another: they get values that fit.
fn tie(leaves: &Leaves, shared: &mut Values) {
    for (to, from, pattern) in &leaves.copies {
        let Some(wanted) = shared.get(to).cloned() else { continue };
        let accepted = |value: &String| leaves.all.iter().all(|leaf| accepts(leaf, from, value));
        let Some(regex) = whole_regex(pattern) else { continue };
        let options = [
            wanted.clone(),
            format!("{wanted}:9100"),
            format!("a/{wanted}"),
            format!("{wanted}-0"),
            format!("{wanted}.a"),
        ];
        let captured = |value: &String| {
            let found = regex.captures(value)?;
            found.iter().skip(1).flatten().find(|group| group.as_str() == wanted).map(drop)
        };
        if let Some(value) = options.into_iter().find(|it| captured(it).is_some() && accepted(it)) {
            shared.insert(from.clone(), value);
        }
    }
}

fn accepts(leaf: &Leaf, label: &str, value: &str) -> bool {
    leaf.matchers.iter().filter(|m| m.label.name == label).all(|m| fits(m, value))
}

/// Values that a leaf's label may have, the likeliest first.
pub(super) fn candidates(leaf: &Leaf, label: &str) -> Vec<String> {
    let mut found = Vec::new();
    let own = || leaf.matchers.iter().filter(|m| m.label.name == label);
    found.extend(own().filter(|m| m.op == MatchOp::Equal).map(|m| m.value.clone()));
    for matcher in own().filter(|m| m.op == MatchOp::Regex) {
        found.extend(words(&matcher.value));
    }
    found.extend(closed_values(leaf, label));
    found.push(usual(label));
    found.extend(["other", "x", "1"].map(str::to_owned));
    found.dedup();
    found
}

/// The values that a label has by the catalogue, where it lists them.
fn closed_values(leaf: &Leaf, label: &str) -> Vec<String> {
    let Some(name) = &leaf.name else { return Vec::new() };
    let found = catalog::find(name);
    let labels = found.first().map(|found| found.metric.labels(None));
    let known = labels.and_then(|labels| labels.known.into_iter().find(|own| own.name == label));
    let values = known.and_then(|own| own.values).unwrap_or_default();
    values.into_iter().map(str::to_owned).collect()
}

/// Whether the catalogue lets a leaf's metric have a label.
fn may_have(leaf: &Leaf, label: &str) -> bool {
    if label == "le" || label == "quantile" {
        return false;
    }
    let Some(name) = &leaf.name else { return true };
    let found = catalog::find(name);
    found.is_empty()
        || OF_TARGETS.contains(&label)
        || label.starts_with("exported_")
        || found.iter().any(|found| found.metric.labels(None).may_have(label))
}

/// What a label is called where nothing says otherwise.
fn usual(label: &str) -> String {
    let value = match label {
        "instance" => "node-1:9100",
        "node" | "nodename" | "kubernetes_node" | "host" | "hostname" => "node-1",
        "namespace" | "exported_namespace" => "shop",
        "pod" | "pod_name" | "exported_pod" => "web-0",
        "container" | "container_name" => "web",
        "deployment" | "workload" | "service" | "service_name" => "web",
        "cluster" => "eu-1",
        "device" => "sda",
        "mountpoint" => "/data",
        "fstype" => "ext4",
        "le" => "1",
        "cpu" => "0",
        "persistentvolumeclaim" | "persistentvolume" | "volume" => "data",
        "job_name" | "cronjob" => "backup",
        "resource" => "cpu",
        "status" | "condition" => "true",
        "code" => "200",
        "name" => "web",
        _ => return format!("{}-1", label.replace('_', "-")),
    };
    value.to_owned()
}
