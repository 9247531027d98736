//! Records that need themselves, or that are used before they are made.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::embedded::promql::NodeKind;
use crate::metrics::errors;
use crate::metrics::infer::Typed;
use crate::metrics::problem::{Part, Place, Problem};
use crate::metrics::rule::{Group, RuleKind};
use crate::source::Extent;

/// A record: where it is made, and what it reads.
struct Record<'a> {
    name: &'a str,
    place: Place,
    reads: Vec<(&'a str, Extent)>,
}

pub(super) fn check<'a>(
    groups: &'a [Group],
    typed: &FxHashMap<&str, Rc<Typed<'_>>>,
) -> Vec<Problem> {
    let names: FxHashSet<&str> = groups
        .iter()
        .flat_map(|group| &group.rules)
        .filter(|rule| rule.kind == RuleKind::Record)
        .map(|rule| rule.name.as_str())
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut records: Vec<Record<'a>> = Vec::new();
    for (group_number, group) in groups.iter().enumerate() {
        // The place of each record of this group.
        let mut made: FxHashMap<&str, usize> = FxHashMap::default();
        for (number, rule) in group.rules.iter().enumerate() {
            if rule.kind == RuleKind::Record {
                made.entry(rule.name.as_str()).or_insert(number);
            }
        }
        for (number, rule) in group.rules.iter().enumerate() {
            let Some(root) = typed.get(rule.expr.as_str()) else { continue };
            let place = Place { group: group_number, rule: number, part: Part::Expr, at: None };
            let mut reads = Vec::new();
            root.walk(&mut |node, _| {
                let (NodeKind::Selector(selector), Some(series)) = (&node.node.kind, &node.series)
                else {
                    return;
                };
                if let Some(name) = names.get(series.name.as_str()) {
                    let at = selector.name.as_ref().map_or(node.node.at, |name| name.at);
                    let is_now = selector.offset.is_none() && selector.range.is_none();
                    reads.push((*name, at, is_now));
                }
            });
            for (name, at, is_now) in &reads {
                if *is_now
                    && rule.name != *name
                    && let Some(later) = made.get(name).filter(|later| **later > number)
                {
                    let used = Place { at: Some(*at), ..place };
                    let made = Place { rule: *later, part: Part::Name, ..place };
                    out.push(errors::record_order(used, name, made));
                }
            }
            if let Some(name) = names.get(rule.name.as_str())
                && rule.kind == RuleKind::Record
            {
                // What was there before is read on purpose.
                let reads = reads.into_iter().filter(|(_, _, is_now)| *is_now);
                let reads = reads.map(|(name, at, _)| (name_of(groups, name), at));
                records.push(Record { name: name_of(groups, name), place, reads: reads.collect() });
            }
        }
    }
    out.extend(loops(&records));
    out
}

/// The same text, which lives as long as the rules.
fn name_of<'a>(groups: &'a [Group], name: &str) -> &'a str {
    let rules = groups.iter().flat_map(|group| &group.rules);
    rules.map(|rule| rule.name.as_str()).find(|known| *known == name).unwrap_or("")
}

/// Every circle once, at the first record of it.
fn loops(records: &[Record<'_>]) -> Vec<Problem> {
    let mut by_name: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (number, record) in records.iter().enumerate() {
        by_name.entry(record.name).or_default().push(number);
    }
    let mut out = Vec::new();
    let mut done: FxHashSet<usize> = FxHashSet::default();
    for (start, record) in records.iter().enumerate() {
        if done.contains(&start) {
            continue;
        }
        // In breadth: the way back is the shortest, and no depth of records is too much.
        let mut from: FxHashMap<usize, usize> = FxHashMap::default();
        let mut queue = std::collections::VecDeque::from([start]);
        let mut circle = None;
        while let Some(number) = queue.pop_front() {
            let Some(of) = records.get(number) else { continue };
            for (name, at) in &of.reads {
                if *name == record.name {
                    circle.get_or_insert((number, *at));
                }
                for next in by_name.get(name).into_iter().flatten() {
                    if *next != start && !from.contains_key(next) {
                        from.insert(*next, number);
                        queue.push_back(*next);
                    }
                }
            }
            if circle.is_some() {
                break;
            }
        }
        let Some((mut last, _)) = circle else { continue };
        let mut path = vec![last];
        while let Some(before) = from.get(&last) {
            last = *before;
            path.push(last);
        }
        path.reverse();
        done.extend(&path);
        let names: Vec<&str> =
            path.iter().filter_map(|number| records.get(*number)).map(|it| it.name).collect();
        let next = names.get(1).copied().unwrap_or(record.name);
        let at = record.reads.iter().find(|(name, _)| *name == next).map(|(_, at)| *at);
        out.push(errors::record_loop(Place { at, ..record.place }, record.name, &names));
    }
    out
}
