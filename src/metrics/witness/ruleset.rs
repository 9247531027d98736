//! The rules of a file, run over series.

use super::leaf::{Leaves, Names};
use crate::embedded::promql::{Node, Options as Reading, Query, ValueType, parse, value_type};
use crate::embedded::{TemplateFiring, is_template, render_template};
use crate::metrics::engine::{
    Active, Alerting, Engine, Fault, Labels, Limits, Options, STALE, Sample, Series, State,
    read_name, read_values,
};
use crate::metrics::{Group, RuleKind};
use crate::source::Sym;

/// Rules whose queries were read.
#[derive(Clone, PartialEq, Debug)]
pub struct Ruleset {
    pub(super) rules: Vec<Compiled>,
}

/// A rule whose query was read.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Compiled {
    pub(super) name: String,
    pub(super) query: Query,
    /// None for a recording rule.
    pub(super) alert: Option<(i64, i64)>,
    pub(super) labels: Vec<(String, String)>,
    pub(super) annotations: Vec<(String, String)>,
    /// The names that its query reads; none for a selector of several.
    reads: Vec<Option<String>>,
}

/// A rule that cannot be run: no file with it can be tested.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// The rule's name.
    pub rule: String,
    /// Why.
    pub reason: String,
}

/// An alert that fires.
#[derive(Clone, PartialEq, Debug)]
pub struct Fired {
    /// All its labels, `alertname` among them.
    pub labels: Vec<(String, String)>,
    /// What it says; none where a template cannot be printed here.
    pub annotations: Option<Vec<(String, String)>>,
}

/// What rules make of series, for one alert.
#[derive(Clone, PartialEq, Debug)]
pub struct Played {
    /// The alerts that fire.
    pub fired: Vec<Fired>,
    /// What the query yields: labels and values.
    pub yields: Vec<(String, f64)>,
    /// Since when the first of the alerts waits, in milliseconds.
    pub since: Option<i64>,
}

/// What a run came to, for one alert.
pub(super) struct Run {
    pub(super) fired: Vec<Fired>,
    /// Whether any series waits.
    pub(super) is_pending: bool,
    /// Since when the first one does.
    since: Option<i64>,
    /// What the query yields at the end.
    yields: Vec<(String, f64)>,
}

/// What series a run takes, and until when.
#[derive(Clone, Copy)]
pub(super) struct Stage<'s> {
    pub(super) series: &'s [(String, String)],
    pub(super) interval: i64,
    pub(super) at: i64,
    pub(super) is_closed: bool,
    pub(super) steps: u64,
}

impl Ruleset {
    /// Reads the rules of a file.
    pub fn new(groups: &[Group]) -> Result<Self, Unreadable> {
        let mut rules = Vec::new();
        for rule in groups.iter().flat_map(|group| &group.rules) {
            let unreadable = |reason: String| Unreadable { rule: rule.name.clone(), reason };
            let query = parse(&rule.expr, Reading::default()).map_err(|problems| {
                unreadable(problems.first().map_or_else(String::new, |first| first.title.clone()))
            })?;
            let ty = value_type(&query.root);
            if !matches!(ty, ValueType::Scalar | ValueType::Vector) {
                return Err(unreadable(format!("its query gives {}", ty.words())));
            }
            let alert = match rule.kind {
                RuleKind::Alert { pending, keep_firing } => {
                    let milliseconds = |seconds: f64| (seconds * 1000.0).round() as i64;
                    Some((milliseconds(pending), milliseconds(keep_firing)))
                }
                RuleKind::Record => None,
            };
            let mut leaves = Leaves::default();
            leaves.add(&query.root, &Names::new(), 0.0, 0);
            rules.push(Compiled {
                name: rule.name.clone(),
                reads: leaves.all.into_iter().map(|leaf| leaf.name).collect(),
                query,
                alert,
                labels: rule.labels.clone(),
                annotations: rule.annotations.clone(),
            });
        }
        Ok(Self { rules })
    }

    /// The alerts: their numbers and names.
    pub fn alerts(&self) -> impl Iterator<Item = (usize, &str)> {
        let alerts = self.rules.iter().enumerate().filter(|(_, rule)| rule.alert.is_some());
        alerts.map(|(index, rule)| (index, rule.name.as_str()))
    }

    /// The query of a recorded series.
    pub(super) fn record(&self, name: &str) -> Option<&Node> {
        let mut named = self.rules.iter().filter(|rule| rule.alert.is_none() && rule.name == name);
        named.next().map(|rule| &rule.query.root)
    }

    /// What the rules make of series with values so many milliseconds apart, at a moment, for one alert.
    pub fn play(
        &self,
        series: &[(String, String)],
        interval: i64,
        at: i64,
        alert: usize,
    ) -> Result<Played, Fault> {
        const STEPS: u64 = 20_000_000;
        let stage = Stage { series, interval, at, is_closed: false, steps: STEPS };
        let run = self.run(stage, alert, true)?;
        Ok(Played { fired: run.fired, yields: run.yields, since: run.since })
    }

    /// An engine over the series of a stage.
    pub(super) fn engine<'q>(stage: Stage<'_>) -> Option<Engine<'q>> {
        let mut all = Vec::new();
        for (name, values) in stage.series {
            let labels = read_name(name).ok()?;
            all.push(Series { labels, points: read_values(values, stage.interval).ok()? });
        }
        let limits = Limits { steps: stage.steps, ..Limits::default() };
        let options = Options {
            step: stage.interval,
            is_closed: stage.is_closed,
            limits,
            ..Options::default()
        };
        Some(Engine::new(all, options))
    }

    /// Which rules an alert needs: itself, and the records that it reads, by whatever way.
    fn needs(&self, alert: usize) -> Vec<bool> {
        let mut needs = vec![false; self.rules.len()];
        let mut open = vec![alert];
        while let Some(index) = open.pop() {
            let Some(need) = needs.get_mut(index) else { continue };
            if std::mem::replace(need, true) {
                continue;
            }
            let Some(rule) = self.rules.get(index) else { continue };
            let read = |name: &str| {
                rule.reads.iter().any(|read| read.is_none() || read.as_deref() == Some(name))
            };
            let records = self.rules.iter().enumerate().filter(|(_, rule)| rule.alert.is_none());
            open.extend(records.filter(|(_, record)| read(&record.name)).map(|(index, _)| index));
        }
        needs
    }

    /// Evaluates all rules from the beginning to the end; says what came of one alert, and of others of its name. `only` leaves out
    /// what it does not need, and the others.
    pub(super) fn run(&self, stage: Stage<'_>, alert: usize, only: bool) -> Result<Run, Fault> {
        let Some(mut engine) = Self::engine(stage) else {
            return Err(Fault::Argument("series that cannot be read".to_owned()));
        };
        let needs = self.needs(alert);
        let mut states: Vec<(Alerting, Vec<Labels>)> = self
            .rules
            .iter()
            .map(|rule| {
                let (pending, keep_firing) = rule.alert.unwrap_or_default();
                (Alerting::new(pending, keep_firing), Vec::new())
            })
            .collect();
        let mut at = 0;
        while at <= stage.at {
            for (index, (rule, (alerting, written))) in
                self.rules.iter().zip(&mut states).enumerate()
            {
                if only && needs.get(index) != Some(&true) {
                    continue;
                }
                let samples = engine.at(&rule.query.root, at)?.samples();
                let now = if rule.alert.is_some() {
                    let found: Vec<(Labels, Sample)> = samples
                        .into_iter()
                        .map(|sample| (alert_labels(rule, &sample, at), sample))
                        .collect();
                    alerting.step(at, &found)?;
                    alerts_series(alerting.active())
                } else {
                    samples.into_iter().map(|sample| recorded(rule, &sample)).collect()
                };
                for gone in written.iter().filter(|known| !now.iter().any(|(l, _)| l == *known)) {
                    engine.append(gone.clone(), at, STALE);
                }
                for (labels, value) in &now {
                    engine.append(labels.clone(), at, *value);
                }
                *written = now.into_iter().map(|(labels, _)| labels).collect();
            }
            at += stage.interval;
        }
        let last = at - stage.interval;
        let Some((rule, (alerting, _))) = self.rules.get(alert).zip(states.get(alert)) else {
            return Err(Fault::Argument("no such alert".to_owned()));
        };
        let waiting = || alerting.active().iter().filter(|active| active.state == State::Pending);
        let is_pending = waiting().next().is_some();
        let since = waiting().map(|active| active.since).min();
        let yields = engine.at(&rule.query.root, last)?.samples();
        let yields =
            yields.into_iter().map(|sample| (sample.labels.to_string(), sample.value)).collect();
        // Two rules of one name are one alert to whoever asks by its name: a page, and a ticket.
        let is_same = |index: usize, other: &Compiled| {
            index == alert || !only && other.alert.is_some() && other.name == rule.name
        };
        let rules = self.rules.iter().zip(&states).enumerate();
        let firing: Vec<(&Compiled, Active)> = rules
            .filter(|(index, (other, _))| is_same(*index, other))
            .flat_map(|(_, (other, (it, _)))| {
                it.firing().map(move |active| (other, active.clone()))
            })
            .collect();
        let mut fired: Vec<Fired> =
            firing.iter().map(|(rule, active)| fired(rule, active, &mut engine, last)).collect();
        fired.sort_by(|a, b| a.labels.cmp(&b.labels));
        Ok(Run { fired, is_pending, since, yields })
    }
}

fn recorded(rule: &Compiled, sample: &Sample) -> (Labels, f64) {
    let mut labels = sample.labels.with(Sym::new("__name__"), Sym::new(&rule.name));
    for (name, value) in &rule.labels {
        labels = labels.with(Sym::new(name), Sym::new(value));
    }
    (labels, sample.value)
}

/// The labels of an alert about a series. A template that cannot be printed stands as it is written.
fn alert_labels(rule: &Compiled, sample: &Sample, at: i64) -> Labels {
    let mut labels = sample.labels.nameless();
    let own = own_labels(&sample.labels);
    for (name, value) in &rule.labels {
        let shown = if is_template(value) {
            let mut ask = |_: &str| None;
            let mut firing = TemplateFiring {
                labels: own.clone(),
                external_labels: Vec::new(),
                value: sample.value,
                now: at as f64 / 1000.0,
                ask: &mut ask,
            };
            render_template(value, &mut firing).unwrap_or_else(|_| UNKNOWN.to_owned())
        } else {
            value.clone()
        };
        labels = labels.with(Sym::new(name), Sym::new(&shown));
    }
    labels.with(Sym::new("alertname"), Sym::new(&rule.name))
}

/// What stands for a label's value that only Prometheus can print.
const UNKNOWN: &str = "\u{1a}";

fn own_labels(labels: &Labels) -> Vec<(String, String)> {
    let pairs = labels.pairs().into_iter().filter(|(name, _)| *name != "__name__");
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The series that Prometheus writes about alerts.
fn alerts_series(active: &[Active]) -> Vec<(Labels, f64)> {
    let (name, state) = (Sym::new("__name__"), Sym::new("alertstate"));
    let mut out = Vec::new();
    for alert in active {
        let word = match alert.state {
            State::Pending => "pending",
            State::Firing => "firing",
        };
        let labels = alert.labels.with(name, Sym::new("ALERTS"));
        out.push((labels.with(state, Sym::new(word)), 1.0));
        let since = alert.since as f64 / 1000.0;
        out.push((alert.labels.with(name, Sym::new("ALERTS_FOR_STATE")), since));
    }
    out
}

fn fired(rule: &Compiled, active: &Active, engine: &mut Engine<'_>, at: i64) -> Fired {
    let all = own_labels(&active.labels);
    let mut ask = |text: &str| {
        let query = parse(text, Reading::default()).ok()?;
        let mut inner = engine.again();
        let samples = inner.at(&query.root, at).ok()?.samples();
        Some(samples.into_iter().map(|one| (own_pairs(&one.labels), one.value)).collect())
    };
    let mut firing = TemplateFiring {
        labels: own_labels(&active.sample.labels),
        external_labels: Vec::new(),
        value: active.sample.value,
        now: at as f64 / 1000.0,
        ask: &mut ask,
    };
    let mut annotations = Vec::new();
    let mut is_known = !all.iter().any(|(_, value)| value == UNKNOWN);
    for (name, text) in &rule.annotations {
        match render_template(text, &mut firing) {
            Ok(shown) => annotations.push((name.clone(), shown)),
            Err(_) => is_known = false,
        }
    }
    Fired { labels: all, annotations: is_known.then_some(annotations) }
}

fn own_pairs(labels: &Labels) -> Vec<(String, String)> {
    let pairs = labels.pairs().into_iter();
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
