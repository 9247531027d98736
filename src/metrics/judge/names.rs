//! Names of rules, and rules that are there twice.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::embedded::promql::{Node, NodeKind, Query};
use crate::metrics::catalog;
use crate::metrics::errors;
use crate::metrics::problem::{Part, Place, Problem};
use crate::metrics::rule::{Group, Rule, RuleKind};
use crate::source::Sym;

/// A rule, and where it is.
type Met<'a> = (&'a Rule, Place);

pub(super) fn check(groups: &[Group]) -> Vec<Problem> {
    let mut out = Vec::new();
    let mut seen: FxHashMap<(&str, &str, bool), Vec<Met<'_>>> = FxHashMap::default();
    let mut named: FxHashSet<&str> = FxHashSet::default();
    for (group_number, group) in groups.iter().enumerate() {
        for (rule_number, rule) in group.rules.iter().enumerate() {
            let place =
                Place { group: group_number, rule: rule_number, part: Part::Name, at: None };
            let is_alert = matches!(rule.kind, RuleKind::Alert { .. });
            let equal = seen.entry((rule.name.as_str(), rule.expr.trim(), is_alert)).or_default();
            let twin = equal.iter().find(|(other, _)| {
                sorted(&other.labels) == sorted(&rule.labels) && other.kind == rule.kind
            });
            match twin {
                Some((_, first)) => {
                    out.push(errors::rule_twice(place, *first, &rule.name, is_alert));
                }
                None => equal.push((rule, place)),
            }
            if !is_alert && named.insert(&rule.name) {
                out.extend(record_name(&rule.name, place));
            }
        }
    }
    out
}

fn sorted(labels: &[(String, String)]) -> Vec<&(String, String)> {
    let mut labels: Vec<_> = labels.iter().collect();
    labels.sort();
    labels
}

fn record_name(name: &str, place: Place) -> Option<Problem> {
    if name.contains(':') {
        return None;
    }
    let exporter = catalog::find(name).first().map(|found| found.metric.exporter.title);
    Some(errors::record_name(place, name, exporter))
}

/// Labels that queries ask of several exporters, none of which gives them: whoever wrote the queries has them on all targets.
pub(super) fn shared_labels(queries: &[Arc<Query>]) -> Vec<Sym> {
    let mut asked: FxHashMap<&str, FxHashSet<&str>> = FxHashMap::default();
    for query in queries {
        selectors(&query.root, &mut |name, label| {
            asked.entry(label).or_default().insert(name);
        });
    }
    let mut shared: Vec<Sym> = Vec::new();
    for (label, names) in asked {
        let mut exporters: FxHashSet<&str> = FxHashSet::default();
        for name in names {
            for found in catalog::find(name) {
                if !found.metric.labels(None).may_have(label) {
                    exporters.insert(found.metric.exporter.name);
                }
            }
        }
        if exporters.len() > 1 {
            shared.push(Sym::new(label));
        }
    }
    shared
}

fn selectors<'q>(node: &'q Node, act: &mut dyn FnMut(&'q str, &'q str)) {
    if let NodeKind::Selector(selector) = &node.kind
        && let Some(name) = &selector.name
    {
        for matcher in &selector.matchers {
            act(&name.name, &matcher.label.name);
        }
    }
    for child in node.children() {
        selectors(child, act);
    }
}
