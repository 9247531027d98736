//! The search for a witness.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::draw::{Frame, Vary, Written, draw};
use super::label::{Mode, Values, label};
use super::leaf::{Leaves, Names};
use super::plan::{Goal, Plan, Planner, Slope, Wish, copied};
use super::ruleset::{Fired, Ruleset, Run, Stage};
use super::silence;
use crate::embedded::promql::Node;

/// Series, and what the rules make of them at a moment.
#[derive(Clone, PartialEq, Debug)]
pub struct Scene {
    /// Milliseconds between two samples, and two evaluations.
    pub interval: i64,
    /// The moment, in milliseconds from the first sample.
    pub at: i64,
    /// Names and values, in the notation of promtool.
    pub series: Vec<(String, String)>,
    /// The alerts that fire then.
    pub fired: Vec<Fired>,
}

/// Two scenes about an alert.
#[derive(Clone, PartialEq, Debug)]
pub struct Witness {
    /// It fires.
    pub fires: Scene,
    /// It does not, though little is different.
    pub silent: Scene,
}

/// Why there is no witness.
#[derive(Clone, PartialEq, Debug)]
pub enum Undecided {
    /// No series were found that make it fire.
    NeverFired,
    /// No series were found that do not make it fire: the scene in which it does.
    NeverSilent(Box<Scene>),
}

/// Steps of the engine that a look at one candidate may take.
const LOOK: u64 = 400_000;
/// Steps for a run of all rules over a candidate.
pub(super) const RUN: u64 = 40_000_000;
/// Candidates that are looked at.
const TRIES: usize = 1200;
/// Candidates that look good and are run.
const RUNS: usize = 60;
/// Plans by chance, a length of the scene.
const GUESSES: usize = 300;
/// How often a side of an operator is planned with what the other one settles.
const ROUNDS: u32 = 200;
/// Values of one side of an operation that are tried.
const WIDTH: usize = 16;
/// Evaluations beyond which a scene has longer intervals, where its ranges allow that.
const FEW_STEPS: i64 = 200;
/// Most evaluations of a scene.
const MOST_STEPS: i64 = 6000;

/// What is known of an alert before the search.
pub(super) struct Case<'r> {
    pub(super) rules: &'r Ruleset,
    pub(super) alert: usize,
    pub(super) query: &'r Node,
    pub(super) pending: i64,
    pub(super) leaves: Leaves,
    pub(super) records: BTreeMap<String, &'r Node>,
}

/// What is wanted of a scene.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wants {
    /// The alert fires.
    Firing,
    /// It neither fires nor waits.
    Quiet,
    /// It does not fire.
    NotFiring,
}

/// A candidate that fires.
pub(super) struct Hit {
    pub(super) scene: Scene,
    pub(super) plan: Plan,
    pub(super) mode: Mode,
    pub(super) vary: Vary,
    pub(super) frame: Frame,
}

/// Series that make the alert with this number fire, and others that do not.
pub fn witness(rules: &Ruleset, alert: usize) -> Result<Witness, Undecided> {
    let case = Case::new(rules, alert).ok_or(Undecided::NeverFired)?;
    let hit = case.search().ok_or(Undecided::NeverFired)?;
    let hit = silence::minimised(&case, hit);
    match silence::silent(&case, &hit) {
        Some(silent) => Ok(Witness { fires: hit.scene, silent }),
        None => Err(Undecided::NeverSilent(Box::new(hit.scene))),
    }
}

impl<'r> Case<'r> {
    fn new(rules: &'r Ruleset, alert: usize) -> Option<Self> {
        let rule = rules.rules.get(alert)?;
        let (pending, _) = rule.alert?;
        let texts = rule.labels.iter().chain(&rule.annotations).map(|(_, text)| text.as_str());
        let wants = spoken_of(texts);
        let mut leaves = Leaves::default();
        let mut records = BTreeMap::new();
        leaves.add(&rule.query.root, &wants, 0.0, 0);
        // Recorded series are made of others: those are looked for, too.
        let mut done = 0;
        while done < leaves.all.len() && records.len() < 40 {
            let Some(leaf) = leaves.all.get(done).cloned() else { break };
            done += 1;
            let Some(name) = leaf.name else { continue };
            let Some(node) = rules.record(&name) else { continue };
            if records.insert(name, node).is_none() {
                let reach = leaves.reach;
                leaves.add(node, &leaf.wants, reach, 0);
            }
        }
        leaves.compare();
        Some(Self { rules, alert, query: &rule.query.root, pending, leaves, records })
    }

    pub(super) fn plans(&self, frame: Frame, goal: Goal) -> Vec<Plan> {
        let planner = Planner {
            leaves: &self.leaves,
            records: &self.records,
            span: frame.seconds(),
            interval: frame.interval as f64 / 1000.0,
            numbers: &self.leaves.numbers,
            given: Plan::new(),
            rounds: &Cell::new(ROUNDS),
            asked: &RefCell::default(),
            width: WIDTH,
        };
        planner.plans(self.query, goal, 0)
    }

    /// The lengths that a scene may have, the shortest first.
    fn frames(&self) -> Vec<Frame> {
        const MINUTE: i64 = 60_000;
        let shortest = self.leaves.shortest.unwrap_or(f64::INFINITY);
        let mut interval: i64 = match shortest {
            _ if shortest < 60_000.0 => 5_000,
            _ if shortest < 120_000.0 => 15_000,
            _ if shortest < 240_000.0 => 30_000,
            _ => MINUTE,
        };
        if self.pending / interval > MOST_STEPS / 4 && shortest >= 1_200_000.0 {
            interval = 5 * MINUTE;
        }
        // A scene with so many steps, or with as few as the ranges allow.
        let frame = |length: i64, most: i64| {
            let wide = [5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 360 * MINUTE];
            let fits = |wider: i64| wider as f64 * 8.0 <= shortest;
            let mut interval = interval;
            for wider in wide.into_iter().filter(|wider| fits(*wider)) {
                if length / interval > most {
                    interval = wider;
                }
            }
            Frame { interval, at: ((length + 10 * interval) / interval + 1) * interval }
        };
        // Who waits for a day need not be looked at each minute.
        let mut frames = vec![frame(self.pending, FEW_STEPS)];
        let reach = self.leaves.reach as i64;
        if reach > 10 * interval {
            frames.push(frame(self.pending + reach, 500));
        }
        if self.leaves.has_time {
            // Times begin at 0: what lies long ago needs a long scene.
            let ago = self.leaves.numbers.iter().filter(|it| (600.0..1e8).contains(*it));
            let ago = ago.fold(0.0, |longest: f64, it| longest.max(*it));
            if ago > 0.0 {
                frames.push(frame(self.pending + (ago * 1250.0) as i64, 500));
            }
        }
        frames.retain(|frame| frame.steps() <= MOST_STEPS);
        frames.dedup();
        frames
    }

    fn search(&self) -> Option<Hit> {
        let mut tries = TRIES;
        let mut runs = RUNS;
        let frames = self.frames();
        for copies in [1, 2, 3] {
            for frame in &frames {
                let plans = self.plans(*frame, Goal::Exists);
                let plans = copied(plans, copies, 0.0);
                for mode in Mode::ALL {
                    let labels = label(&self.leaves, mode);
                    for plan in &plans {
                        let hit = self.attempt(plan, mode, &labels, *frame, &mut tries, &mut runs);
                        if hit.is_some() {
                            return hit;
                        }
                    }
                }
            }
        }
        // What the query says did not help: shapes that are often the right ones.
        for frame in frames {
            for mode in [Mode::Known, Mode::All] {
                let labels = label(&self.leaves, mode);
                let (mut tries, mut runs) = (GUESSES, RUNS);
                for number in 0..GUESSES as u64 {
                    let plan = self.guess(number);
                    let hit = self.attempt(&plan, mode, &labels, frame, &mut tries, &mut runs);
                    if hit.is_some() {
                        return hit;
                    }
                }
            }
        }
        None
    }

    fn attempt(
        &self,
        plan: &Plan,
        mode: Mode,
        labels: &[Option<Values>],
        frame: Frame,
        tries: &mut usize,
        runs: &mut usize,
    ) -> Option<Hit> {
        let is_several = plan.values().any(|wish| wish.copies > 1);
        let varies: &[Vary] =
            if is_several { &[Vary::Outside, Vary::Inside] } else { &[Vary::Outside] };
        for vary in varies {
            if *tries == 0 || *runs == 0 {
                return None;
            }
            let Some(series) = draw(&self.leaves, labels, plan, frame, *vary) else { continue };
            *tries -= 1;
            if !self.looks_good(&series, frame) {
                continue;
            }
            *runs -= 1;
            if let Some(scene) = self.scene(series, frame, Wants::Firing) {
                return Some(Hit { scene, plan: plan.clone(), mode, vary: *vary, frame });
            }
        }
        None
    }

    /// Whether the query yields something at the end, and in the time before that it must.
    fn looks_good(&self, series: &Written, frame: Frame) -> bool {
        if !self.records.is_empty() {
            let stage = self.stage(series, frame, false, LOOK * 20);
            return self.rules.run(stage, self.alert, true).is_ok_and(|run| !run.fired.is_empty());
        }
        let Some(mut engine) = Ruleset::engine(self.stage(series, frame, false, LOOK)) else {
            return false;
        };
        // Samples stand at whole intervals; between two of them there may be none near enough.
        let before = |length: i64| (frame.at - length) / frame.interval * frame.interval;
        let moments = [frame.at, before(self.pending), before(self.pending / 2)];
        moments.into_iter().all(|moment| {
            let value = engine.at(self.query, moment.max(0));
            value.is_ok_and(|value| !value.samples().is_empty())
        })
    }

    pub(super) const fn stage<'s>(
        &self,
        series: &'s Written,
        frame: Frame,
        is_closed: bool,
        steps: u64,
    ) -> Stage<'s> {
        Stage {
            series: series.as_slice(),
            interval: frame.interval,
            at: frame.at,
            is_closed,
            steps,
        }
    }

    /// Whether the alert does what is wanted, as far as it and the records that it reads decide.
    pub(super) fn is_right(&self, series: &Written, frame: Frame, wants: Wants) -> bool {
        let stage = self.stage(series, frame, false, RUN);
        let Ok(alone) = self.rules.run(stage, self.alert, true) else { return false };
        match wants {
            Wants::Firing => !alone.fired.is_empty(),
            Wants::Quiet => alone.fired.is_empty() && !alone.is_pending,
            Wants::NotFiring => alone.fired.is_empty(),
        }
    }

    /// What all rules make of series, if the alert fires or does not, as is wanted, and that is the same for Prometheus 2 and 3.
    pub(super) fn scene(&self, series: Written, frame: Frame, wants: Wants) -> Option<Scene> {
        // The alert alone is soon computed; that no other rule of the file fails is asked for at last.
        if !self.is_right(&series, frame, wants) {
            return None;
        }
        let run = |is_closed: bool| -> Option<Run> {
            self.rules.run(self.stage(&series, frame, is_closed, RUN), self.alert, false).ok()
        };
        let (new, old) = (run(false)?, run(true)?);
        let is_same = new.fired.len() == old.fired.len()
            && new.fired.iter().zip(&old.fired).all(|(new, old)| new.labels == old.labels);
        if !is_same || new.fired.is_empty() == (wants == Wants::Firing) {
            return None;
        }
        let both = |(new, old): (Fired, Fired)| Fired {
            annotations: new.annotations.filter(|new| Some(new) == old.annotations.as_ref()),
            labels: new.labels,
        };
        let fired = new.fired.into_iter().zip(old.fired).map(both).collect();
        Some(Scene { interval: frame.interval, at: frame.at, series, fired })
    }

    /// A plan of which nothing speaks but its number.
    fn guess(&self, number: u64) -> Plan {
        const VALUES: [f64; 8] = [0.0, 1.0, 100.0, 0.5, 1000.0, 2.0, 10.0, 1e9];
        const SLOPES: [Slope; 6] = [
            Slope::PerSecond(1.0),
            Slope::Late,
            Slope::PerSecond(10.0),
            Slope::PerSecond(0.01),
            Slope::Flapping,
            Slope::Resetting,
        ];
        let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut below = |end: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % end.max(1) as u64).unwrap_or(0)
        };
        let mut plan = Plan::new();
        for (index, leaf) in self.leaves.all.iter().enumerate() {
            if leaf.name.as_ref().is_some_and(|name| self.records.contains_key(name)) {
                continue;
            }
            let mut wish = Wish { copies: 1 + usize::from(below(6) == 0), ..Wish::default() };
            match below(5) {
                0 => continue,
                1 | 2 => wish.slope = SLOPES.get(below(SLOPES.len())).copied(),
                _ => wish.value = VALUES.get(below(8)).copied(),
            }
            plan.insert(index, wish);
        }
        plan
    }
}

/// The labels that templates speak of.
fn spoken_of<'t>(texts: impl Iterator<Item = &'t str>) -> Names {
    let mut names = Names::new();
    for text in texts {
        let mut rest = text;
        while let Some(start) = rest.find("abels") {
            rest = rest.get(start + 5..).unwrap_or("");
            let name = match rest.strip_prefix('.') {
                Some(rest) => rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next(),
                None => rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()),
            };
            names.extend(name.filter(|name| !name.is_empty()).map(str::to_owned));
        }
    }
    names
}
