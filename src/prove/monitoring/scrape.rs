//! From alert to scrape: the metrics that a query asks for are collected on its cluster, under the jobs that it names.

use crate::diag::{Level, nearest};
use crate::embedded::promql::{
    BinaryOp, LabelMatcher, LabelName, MatchOp, Node, NodeKind, Options, Selector, parsed,
};
use crate::metrics::catalog::{Exporter, exporters, find};
use crate::metrics::{Group, Part, Place, Problem, RuleKind, Scene, Scrape};
use crate::prove::errors::scrape as errors;
use crate::source::Extent;

/// How what is not there bears on a query.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Bearing {
    /// Without it the query yields nothing.
    Needed,
    /// The query asks whether it is missing.
    Absence,
    /// Without it a part of the query yields nothing.
    InPart,
}

/// Selectors of a query, and how each bears on it.
pub(crate) type Asked<'q> = Vec<(&'q Selector, Bearing)>;

/// What the rules of a cluster ask for, and nothing collects there. Where the scene is not closed, or what somebody collects is not known, it is
/// not decided, and nothing is said.
pub(super) fn unscraped(groups: &[Group], scene: &Scene, cluster: &str) -> Vec<Problem> {
    if !scene.is_closed {
        return Vec::new();
    }
    let recorded: Vec<&str> = groups
        .iter()
        .flat_map(|group| &group.rules)
        .filter(|rule| rule.kind == RuleKind::Record)
        .map(|rule| rule.name.as_str())
        .collect();
    let mut problems = Vec::new();
    let mut missing: Vec<Missing> = Vec::new();
    for (group, it) in groups.iter().enumerate() {
        for (rule, it) in it.rules.iter().enumerate() {
            let Ok(query) = parsed(&it.expr, Options::default()) else { continue };
            let place = Place { group, rule, part: Part::Expr, at: None };
            let about = errors::About { rule: it, cluster, place };
            let mut asked = Vec::new();
            walk(&query.root, Bearing::Needed, &mut asked);
            for (selector, bearing) in asked {
                let Some(name) = name_of(selector) else { continue };
                match source(&name, scene, &recorded) {
                    Source::Unknown => {}
                    Source::Nowhere(exporter) => {
                        let spot = Spot { rule, shown: format!("`{}`", name.name), at: name.at };
                        add(&mut missing, group, exporter, bearing, spot);
                    }
                    Source::Here(from) => {
                        let Some(job) = job(selector, &name.name, &from) else { continue };
                        // The job of an exporter that is not collected has the same cause.
                        let of = |it: &&Exporter| {
                            it.scrape.as_ref().is_some_and(|it| it.jobs.contains(&job.wanted))
                        };
                        let owner = exporters().iter().find(of);
                        match owner.filter(|owner| !is_collected(scene, owner.name)) {
                            Some(owner) => {
                                let shown = format!("the job `{}`", job.wanted);
                                let at = job.matcher.value_at;
                                add(&mut missing, group, owner, bearing, Spot { rule, shown, at });
                            }
                            None => problems.push(errors::unknown_job(&about, &job, bearing)),
                        }
                    }
                }
            }
        }
    }
    // What somebody collects without saying what may be anything.
    let unknown = scene.scrapes.iter().find(|it| it.exporter.is_none() && it.metrics.is_empty());
    for it in missing {
        let level = match it.bearing {
            Bearing::Needed | Bearing::Absence if unknown.is_none() => Level::Error,
            Bearing::Needed | Bearing::Absence | Bearing::InPart => Level::Warning,
        };
        let rules = groups.get(it.group).map_or(&[][..], |group| &group.rules);
        problems.extend(errors::not_scraped(&it, rules, cluster, (level, unknown)));
    }
    problems.sort_by_key(|problem| {
        let place = problem.primary.0;
        (place.group, place.rule, place.at.map(|at| at.start))
    });
    problems
}

/// An exporter whose metrics the rules of a group ask for, and nothing collects: one cause, however many rules there are.
pub(in crate::prove) struct Missing {
    /// The group.
    pub(in crate::prove) group: usize,
    /// The exporter.
    pub(in crate::prove) exporter: &'static Exporter,
    /// What follows for the rules.
    pub(in crate::prove) bearing: Bearing,
    /// Where they ask, in order.
    pub(in crate::prove) spots: Vec<Spot>,
}

/// Where a rule asks for a metric.
pub(in crate::prove) struct Spot {
    /// The rule, by its number in the group.
    pub(in crate::prove) rule: usize,
    /// What it asks for: `` `longhorn_volume_state` ``.
    pub(in crate::prove) shown: String,
    /// Where that stands in its query.
    pub(in crate::prove) at: Extent,
}

fn add(
    missing: &mut Vec<Missing>,
    group: usize,
    exporter: &'static Exporter,
    bearing: Bearing,
    spot: Spot,
) {
    let same = |it: &&mut Missing| it.group == group && it.exporter.name == exporter.name;
    match missing.iter_mut().find(same) {
        // What is worst is told first.
        Some(known) if bearing < known.bearing => {
            known.bearing = bearing;
            known.spots.insert(0, spot);
        }
        Some(known) => known.spots.push(spot),
        None => missing.push(Missing { group, exporter, bearing, spots: vec![spot] }),
    }
}

/// Where a metric comes from.
enum Source<'s> {
    /// From these.
    Here(Vec<&'s Scrape>),
    /// Of this exporter, and nothing collects from it.
    Nowhere(&'static Exporter),
    /// A record, or a name that no table has: it may come from anywhere.
    Unknown,
}

/// Collects the selectors below a node. The tree is no deeper than the reader of queries lets it be.
pub(crate) fn walk<'q>(node: &'q Node, bearing: Bearing, asked: &mut Asked<'q>) {
    match &node.kind {
        NodeKind::Selector(selector) => asked.push((selector, bearing)),
        NodeKind::Call(call) if matches!(call.name.as_str(), "absent" | "absent_over_time") => {
            let below = if bearing == Bearing::Needed { Bearing::Absence } else { bearing };
            for argument in &call.args {
                walk(argument, below, asked);
            }
        }
        NodeKind::Binary(binary) => {
            let weaker = if bearing == Bearing::Needed { Bearing::InPart } else { bearing };
            // `or absent(x)` alone decides where nothing collects `x`.
            let side = |node: &Node| if is_absent(node) { bearing } else { weaker };
            let (left, right) = match binary.op {
                BinaryOp::Or => (side(&binary.left), side(&binary.right)),
                BinaryOp::Unless => (bearing, weaker),
                _ => (bearing, bearing),
            };
            walk(&binary.left, left, asked);
            walk(&binary.right, right, asked);
        }
        _ => {
            for child in node.children() {
                walk(child, bearing, asked);
            }
        }
    }
}

fn is_absent(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Parens(inner) => is_absent(inner),
        NodeKind::Call(call) => matches!(call.name.as_str(), "absent" | "absent_over_time"),
        _ => false,
    }
}

/// The name of the metric that a selector asks for, where it is one.
pub(crate) fn name_of(selector: &Selector) -> Option<LabelName> {
    if let Some(name) = &selector.name {
        return Some(name.clone());
    }
    let by_label =
        |matcher: &&LabelMatcher| matcher.label.name == "__name__" && matcher.op == MatchOp::Equal;
    let found = selector.matchers.iter().find(by_label)?;
    Some(LabelName { name: found.value.clone(), at: found.value_at })
}

fn source<'s>(name: &LabelName, scene: &'s Scene, recorded: &[&str]) -> Source<'s> {
    let metric = name.name.as_str();
    if name.has_variable() || recorded.contains(&metric) || metric.starts_with("ALERTS") {
        return Source::Unknown;
    }
    let declares = |scrape: &&Scrape| is_declared(scrape, metric);
    let mut from: Vec<&Scrape> = scene.scrapes.iter().filter(declares).collect();
    if from.is_empty() && scene.metrics.iter().any(|known| is_series_of(&known.name, metric)) {
        return Source::Unknown;
    }
    let exporters: Vec<&'static Exporter> =
        find(metric).into_iter().map(|found| found.metric.exporter).collect();
    // What an exporter has from its libraries, or Prometheus adds to every target, comes from all of them.
    let shared = exporters.iter().any(|it| it.is_library);
    let has = |scrape: &Scrape| {
        scrape.exporter.as_deref().is_some_and(|own| exporters.iter().any(|it| it.name == own))
    };
    from.extend(scene.scrapes.iter().filter(|scrape| has(scrape)));
    if shared {
        from.extend(&scene.scrapes);
    }
    match exporters.first() {
        _ if !from.is_empty() => Source::Here(from),
        Some(exporter) => Source::Nowhere(exporter),
        None => Source::Unknown,
    }
}

fn is_declared(scrape: &Scrape, metric: &str) -> bool {
    scrape.metrics.iter().any(|known| is_series_of(&known.name, metric))
}

/// Whether a name is that of a metric, or of one of its series.
fn is_series_of(metric: &str, series: &str) -> bool {
    let rest = series.strip_prefix(metric);
    rest.is_some_and(|rest| matches!(rest, "" | "_bucket" | "_sum" | "_count" | "_created"))
}

/// A job that no scrape with a metric has.
pub(in crate::prove) struct Job<'q> {
    /// The metric.
    pub(in crate::prove) metric: &'q str,
    /// The matcher that wants it.
    pub(in crate::prove) matcher: &'q LabelMatcher,
    /// The first job that it takes.
    pub(in crate::prove) wanted: &'q str,
    /// The jobs that there are.
    pub(in crate::prove) known: Vec<String>,
    /// The one that is meant, as far as it can be told.
    pub(in crate::prove) near: Option<String>,
}

/// A matcher of `job` that no scrape with this metric satisfies.
fn job<'q>(selector: &'q Selector, metric: &'q str, from: &[&Scrape]) -> Option<Job<'q>> {
    if from.iter().any(|scrape| scrape.jobs.is_empty()) {
        return None;
    }
    // The label is that of the target only where a metric of its own does not replace it.
    if find(metric).iter().any(|it| it.metric.labels(None).may_have("job")) {
        return None;
    }
    let matcher = selector.matchers.iter().find(|it| it.label.name == "job")?;
    let all = wanted(matcher)?;
    let mut known: Vec<String> = from.iter().flat_map(|scrape| scrape.jobs.clone()).collect();
    known.sort_unstable();
    known.dedup();
    if all.iter().any(|wanted| known.iter().any(|known| known == wanted)) {
        return None;
    }
    let wanted = *all.first()?;
    let near = nearest(wanted, known.iter().map(String::as_str)).map(str::to_owned);
    let only = || known.first().filter(|_| known.len() == 1).cloned();
    let near = near.or_else(only);
    Some(Job { metric, matcher, wanted, known, near })
}

fn is_collected(scene: &Scene, exporter: &str) -> bool {
    scene.scrapes.iter().any(|scrape| scrape.exporter.as_deref() == Some(exporter))
}

/// The values that a matcher takes, where it lists them.
fn wanted(matcher: &LabelMatcher) -> Option<Vec<&str>> {
    let plain = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/'))
    };
    match matcher.op {
        MatchOp::Equal if plain(&matcher.value) => Some(vec![&matcher.value]),
        MatchOp::Regex => {
            let all: Vec<&str> = matcher.value.split('|').collect();
            all.iter().all(|text| plain(text)).then_some(all)
        }
        _ => None,
    }
}
