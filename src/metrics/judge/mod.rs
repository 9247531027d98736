//! What is wrong with rules and queries.
//!
//! * **Takes** [`Group`]s of rules, or single queries, as final texts, and a [`Scene`].
//! * **Gives** [`Problem`]s with their places in these texts.
//! * **Owns** the decision what is surely wrong, what probably, and what nobody can tell.
//! * **Never** finds a second fault where the first explains it.
//! * **Read first** `context.rs`, then `selectors.rs` and `templates.rs`.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a query has many kinds of nodes, and each rule speaks of few"
)]

mod alerts;
mod conditions;
mod context;
mod dependencies;
mod grouping;
mod idioms;
mod kinds;
mod matching;
mod names;
mod ranges;
mod records;
mod selectors;
mod templates;
#[cfg(test)]
mod tests;
mod units;

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::errors::{self, Use};
use super::infer::{Inferred, Recorded, Shape, Typed, World, infer};
use super::problem::{Part, Place, Problem};
use super::rule::{Group, RuleKind};
use super::scene::Scene;
use crate::diag::Level;
use crate::embedded::promql::{Options, Parsed, PromqlError, Query, parsed};
use crate::source::Extent;
use context::Cx;

/// Everything that is wrong with rules, in the order of the rules; of one rule what never fires first.
pub fn judge(groups: &[Group], scene: &Scene) -> Vec<Problem> {
    Judge::new(groups, scene).rules()
}

/// What is wrong with a query, and what it yields; `grafana` where Grafana fills in variables. Without recording rules.
pub fn judge_query(expr: &str, scene: &Scene, grafana: bool) -> (Option<Inferred>, Vec<Problem>) {
    Judge::new(&[], scene).query(expr, grafana)
}

/// A judge of rules, and of queries that may use what they record.
pub struct Judge<'a> {
    groups: &'a [Group],
    parsed: FxHashMap<&'a str, Parsed>,
    world: World<'a>,
    /// Labels that queries use of several exporters: whoever wrote them has them on all targets.
    options: Options,
}

impl<'a> Judge<'a> {
    /// Reads all queries.
    pub fn new(groups: &'a [Group], scene: &'a Scene) -> Self {
        let options = Options { features: scene.features, grafana: false, holes: false };
        let mut all: FxHashMap<&str, Parsed> = FxHashMap::default();
        let mut records = Vec::new();
        let mut queries: Vec<Arc<Query>> = Vec::new();
        for rule in groups.iter().flat_map(|group| &group.rules) {
            let query = all.entry(rule.expr.as_str()).or_insert_with(|| {
                let query = parsed(&rule.expr, options);
                queries.extend(query.iter().cloned());
                query
            });
            if let (RuleKind::Record, Ok(query)) = (&rule.kind, query) {
                let record = Recorded { query: Arc::clone(query), labels: &rule.labels };
                records.push((rule.name.as_str(), record));
            }
        }
        let is_open = scene.scrapes.is_empty() || scene.of_files;
        let also = if is_open { names::shared_labels(&queries) } else { Vec::new() };
        Self { groups, parsed: all, world: World::new(scene, records, &also), options }
    }

    /// What is wrong with a query, and what it yields; `grafana` where Grafana fills in variables.
    pub fn query(&self, expr: &str, grafana: bool) -> (Option<Inferred>, Vec<Problem>) {
        let place = Place { group: 0, rule: 0, part: Part::Expr, at: None };
        let query = match parsed(expr, Options { grafana, ..self.options }) {
            Ok(query) => query,
            Err(faults) => {
                return (None, faults.iter().map(|fault| refused(fault, place)).collect());
            }
        };
        let root = infer(&query, &self.world);
        let mut cx = Cx::new(&self.world, Use::Panel, expr, &root, place, None);
        check_query(&mut cx);
        (Some(root.ty.clone()), cx.finish())
    }

    /// What a query yields; none where it cannot be read.
    pub fn infer(&self, expr: &str) -> Option<Inferred> {
        if let Some(Ok(query)) = self.parsed.get(expr) {
            return Some(infer(query, &self.world).ty);
        }
        let query = parsed(expr, self.options).ok()?;
        Some(infer(&query, &self.world).ty)
    }

    /// Everything that is wrong with the rules.
    pub fn rules(&self) -> Vec<Problem> {
        let mut typed: FxHashMap<&str, Rc<Typed<'_>>> = FxHashMap::default();
        for (text, query) in &self.parsed {
            if let Ok(query) = query {
                typed.insert(text, Rc::new(infer(query, &self.world)));
            }
        }
        let facts = alerts::Companions::of(self.groups, &typed);
        let mut all = Vec::new();
        for (group_number, group) in self.groups.iter().enumerate() {
            let interval = group.interval.or(self.world.scene().evaluation_interval);
            for (rule_number, rule) in group.rules.iter().enumerate() {
                let place =
                    Place { group: group_number, rule: rule_number, part: Part::Expr, at: None };
                if let Some(Err(faults)) = self.parsed.get(rule.expr.as_str()) {
                    all.extend(faults.iter().map(|fault| refused(fault, place)));
                    templates::check_syntax(rule, place, &mut all);
                    continue;
                }
                let Some(root) = typed.get(rule.expr.as_str()) else { continue };
                let usage = match rule.kind {
                    RuleKind::Alert { .. } => Use::Alert,
                    RuleKind::Record => Use::Record,
                };
                let mut cx = Cx::new(&self.world, usage, &rule.expr, root, place, interval);
                if matches!(root.ty.shape, Shape::Range | Shape::Text) {
                    let what = match root.ty.shape {
                        Shape::Text => "a text",
                        _ => "a range of values a series",
                    };
                    let problem = errors::not_series(cx.at(root.node.at), what);
                    cx.push(problem);
                }
                check_query(&mut cx);
                if let RuleKind::Alert { pending, .. } = rule.kind {
                    conditions::check_alert(&mut cx);
                    alerts::check(&mut cx, rule, pending, &facts);
                    idioms::check(&mut cx);
                    templates::check(&mut cx, rule);
                }
                if rule.kind == RuleKind::Record {
                    records::level(&mut cx, rule);
                }
                all.extend(cx.finish());
            }
        }
        all.extend(names::check(self.groups));
        all.extend(dependencies::check(self.groups, &typed));
        all.sort_by_key(|problem| (problem.primary.0.group, problem.primary.0.rule));
        all
    }
}

/// What may be wrong with any query.
fn check_query(cx: &mut Cx<'_, '_>) {
    selectors::check(cx);
    matching::check(cx);
    grouping::check(cx);
    kinds::check(cx);
    conditions::check(cx);
    ranges::check(cx);
}

/// A query that cannot be read.
fn refused(fault: &PromqlError, place: Place) -> Problem {
    let at = |at: Extent| Place { at: Some(at), ..place };
    let mut found = Problem::new(
        fault.code,
        Level::Error,
        fault.title.clone(),
        at(fault.at),
        fault.label.clone(),
    );
    for (reason, text) in &fault.because {
        found = found.because(at(*reason), text.clone());
    }
    for help in &fault.help {
        found = found.help(help.clone());
    }
    if let Some((title, extent, text, is_sure)) = &fault.fix {
        found = found.mend(title.clone(), at(*extent), text.clone(), *is_sure);
    }
    found
}
