//! What dashboards ask is judged like what alerts ask, with what is collected on each cluster.

use rustc_hash::FxHashSet;

use super::shown;
use crate::diag::Code;
use crate::embedded::promql::{self, Node, NodeKind, TimeSpanOp};
use crate::eval::Within;
use crate::metrics::infer::Inferred;
use crate::metrics::{Group, Judge, Problem, Rule, RuleKind, Scene};
use crate::model::{Dashboard, LabelValues, Model, Of, Panel, Query, Ref, ResourceId, Variable};
use crate::prove::errors::dashboard as errors;
use crate::prove::monitoring::scene;
use crate::prove::{Facts, Place, Refutation};
use crate::source::Extent;

/// A query with what it yields.
pub(super) struct Asked<'q> {
    /// The dashboard.
    pub(super) id: ResourceId,
    /// The query's text.
    pub(super) expr: Of<&'q str>,
    /// What it yields.
    pub(super) yields: Inferred,
}

impl Asked<'_> {
    /// A part of the query.
    pub(super) fn part(&self, at: Extent) -> Place {
        Place::within(self.id, self.expr.origin, Some(Within::At(at)))
    }

    /// The whole query.
    pub(super) const fn whole(&self) -> Place {
        Place::new(self.id, self.expr.origin)
    }
}

/// Every query of every dashboard, on each of its clusters. What is wrong on several is told once.
pub(in crate::prove) fn queries(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let worlds = worlds(facts.model);
    let mut told: FxHashSet<Told> = FxHashSet::default();
    for world in &worlds {
        let judge = Judge::new(&world.records, &world.scene);
        for dashboard in super::dashboards(facts) {
            let on = |cluster: &Ref| world.clusters.iter().any(|known| known.id == cluster.id);
            if !dashboard.targets.iter().any(on) {
                continue;
            }
            let mut asking = Asking { id: dashboard.id, judge: &judge, told: &mut told, found };
            asking.dashboard(&dashboard.value);
        }
    }
}

/// Clusters that collect and record the same.
struct World {
    scene: Scene,
    records: Vec<Group>,
    clusters: Vec<Ref>,
}

fn worlds(model: &Model<'_>) -> Vec<World> {
    let mut clusters: Vec<Ref> = Vec::new();
    for target in model.dashboards.iter().flat_map(|dashboard| &dashboard.targets) {
        if !clusters.iter().any(|known| known.id == target.id) {
            clusters.push(*target);
        }
    }
    let mut worlds: Vec<World> = Vec::new();
    for cluster in clusters {
        let (scene, records) = (scene(model, cluster), records(model, cluster));
        let same = worlds.iter_mut().find(|it| it.scene == scene && it.records == records);
        match same {
            Some(world) => world.clusters.push(cluster),
            None => worlds.push(World { scene, records, clusters: vec![cluster] }),
        }
    }
    worlds
}

/// The series that recording rules make on a cluster.
fn records(model: &Model<'_>, cluster: Ref) -> Vec<Group> {
    let here = model.alerts.iter().filter(|it| it.targets.iter().any(|to| to.id == cluster.id));
    here.map(|alerts| Group {
        name: alerts.name.value.to_string(),
        interval: None,
        rules: alerts
            .value
            .record
            .iter()
            .map(|(name, record)| Rule {
                name: name.to_string(),
                kind: RuleKind::Record,
                expr: record.expr.value.to_owned(),
                labels: record
                    .labels
                    .iter()
                    .map(|(key, value)| (key.to_string(), value.value.to_owned()))
                    .collect(),
                annotations: Vec::new(),
            })
            .collect(),
    })
    .filter(|group| !group.rules.is_empty())
    .collect()
}

/// What makes two findings one.
type Told = (ResourceId, Option<u32>, Code, Option<Extent>, String);

struct Asking<'f, 'j, 'w> {
    id: ResourceId,
    judge: &'j Judge<'w>,
    told: &'f mut FxHashSet<Told>,
    found: &'f mut Vec<Refutation>,
}

impl Asking<'_, '_, '_> {
    fn dashboard(&mut self, dashboard: &Dashboard<'_>) {
        for (_, variable) in &dashboard.variable {
            if let Variable::LabelValues(it) = variable {
                self.variable(it);
            }
        }
        for panel in dashboard.panels() {
            let queries = panel.queries();
            let asked: Vec<Option<Asked<'_>>> =
                queries.iter().map(|query| self.ask(query.expr)).collect();
            if let Panel::Table(table) = panel {
                self.tell(|found| shown::columns(table, &asked, found));
            }
            for (query, asked) in queries.into_iter().zip(&asked) {
                if let Some(asked) = asked {
                    self.query(panel, query, asked);
                }
            }
        }
    }

    fn query(&mut self, panel: &Panel<'_>, query: &Query<'_>, asked: &Asked<'_>) {
        self.tell(|found| shown::legend(query, asked, found));
        self.tell(|found| shown::single(panel, query, asked, found));
        self.tell(|found| shown::unit(panel, query, asked, found));
        if let Panel::TimeSeries(_) | Panel::Heatmap(_) = panel
            && let Ok(tree) = read(query.expr.value)
        {
            for range in fixed_ranges(&tree.root) {
                let place = asked.part(range);
                self.tell(|found| {
                    found.push(Refutation::at([place], |[at]: [_; 1]| errors::fixed_range(at)));
                });
            }
        }
    }

    /// A variable asks for the values of a label: of plain series only, that have it.
    fn variable(&mut self, variable: &LabelValues<'_>) {
        let Some(asked) = self.ask(variable.series) else { return };
        let is_plain = read(variable.series.value).is_ok_and(|tree| {
            matches!(&tree.root.kind, NodeKind::Selector(it) if it.range.is_none() && it.offset.is_none() && it.at_time.is_none())
        });
        if !is_plain {
            let place = asked.whole();
            self.tell(|found| {
                found.push(Refutation::at([place], |[at]: [_; 1]| errors::no_selector(at)));
            });
            return;
        }
        self.tell(|found| shown::variable(variable, &asked, found));
    }

    /// What a query yields, once what is wrong with it was told.
    fn ask<'q>(&mut self, expr: Of<&'q str>) -> Option<Asked<'q>> {
        let (yields, problems) = self.judge.query(expr.value, true);
        let is_wrong = problems.iter().any(|problem| problem.level == crate::diag::Level::Error);
        for problem in problems {
            self.problem(expr, problem);
        }
        // One cause gives one error.
        yields.filter(|_| !is_wrong).map(|yields| Asked { id: self.id, expr, yields })
    }

    fn problem(&mut self, expr: Of<&str>, problem: Problem) {
        let at = problem.primary.0.at;
        let key = (self.id, expr.origin.as_slot(), problem.code, at, problem.title.clone());
        if !self.told.insert(key) {
            return;
        }
        let mut parts = vec![at];
        for part in problem
            .because
            .iter()
            .map(|(place, _)| place.at)
            .chain(problem.fix.iter().map(|(_, place, ..)| place.at))
        {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        let place =
            |part: &Option<Extent>| Place::within(self.id, expr.origin, part.map(Within::At));
        let places: Vec<Place> = parts.iter().map(place).collect();
        self.found.push(Refutation::written(places, move |written| {
            let mut span = |place: &crate::metrics::Place| {
                let number = parts.iter().position(|part| *part == place.at)?;
                let written = written.get(number)?;
                Some((written.at, written.exact.is_some()))
            };
            problem.diagnostic(&mut span)
        }));
    }

    /// Findings that are not told yet: another cluster may have led to the same.
    fn tell(&mut self, find: impl FnOnce(&mut Vec<Refutation>)) {
        let mut new = Vec::new();
        find(&mut new);
        for refutation in new {
            // The places say it: each of them is judged for one thing only.
            let place = refutation.places.first().copied();
            let slot = place.and_then(|place| place.origin.as_slot());
            let (part, word) = match place.and_then(|place| place.part) {
                Some(Within::At(at)) => (Some(at), String::new()),
                Some(Within::Word(word)) => (None, word.to_string()),
                Some(Within::In(..)) | None => (None, refutation.places.len().to_string()),
            };
            let key = (self.id, slot, errors::LOST_LABEL, part, word);
            if self.told.insert(key) {
                self.found.push(refutation);
            }
        }
    }
}

fn read(query: &str) -> promql::Parsed {
    promql::parsed(query, promql::Options { features: None, grafana: true, holes: false })
}

/// Ranges of `rate` that are written out.
fn fixed_ranges(node: &Node) -> Vec<Extent> {
    let mut found = Vec::new();
    let mut next = vec![node];
    while let Some(node) = next.pop() {
        if let NodeKind::Call(call) = &node.kind
            && call.name == "rate"
            && let Some(NodeKind::Selector(selector)) = call.args.first().map(|arg| &arg.kind)
            && let Some(range) = &selector.range
            && matches!(range.op, TimeSpanOp::Seconds(_))
        {
            found.push(range.at);
        }
        next.extend(node.children());
    }
    found.sort_by_key(|at| at.start);
    found
}
