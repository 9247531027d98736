//! When an alert fires.

use rustc_hash::FxHashSet;

use super::eval::Sample;
use super::fault::Fault;
use super::labels::Labels;

/// How far an alert is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// The query yields its series, for too short a time yet.
    Pending,
    /// It fires.
    Firing,
}

/// An alert about one series.
#[derive(Clone, PartialEq, Debug)]
pub struct Active {
    /// Its labels.
    pub labels: Labels,
    /// How far it is.
    pub state: State,
    /// Since when the query yields the series, in milliseconds.
    pub since: i64,
    /// What the query gave last.
    pub sample: Sample,
    /// Since when the query yields it no more.
    gone: Option<i64>,
}

/// The alerts of a rule, from evaluation to evaluation.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Alerting {
    /// Milliseconds that the query must yield a series.
    pub pending: i64,
    /// Milliseconds that an alert keeps firing after its series is gone.
    pub keep_firing: i64,
    active: Vec<Active>,
}

impl Alerting {
    /// A rule of which nothing was evaluated yet.
    pub const fn new(pending: i64, keep_firing: i64) -> Self {
        Self { pending, keep_firing, active: Vec::new() }
    }

    /// What an evaluation found: the alerts' labels, and what the query gave for each.
    pub fn step(&mut self, at: i64, found: &[(Labels, Sample)]) -> Result<(), Fault> {
        let mut seen = FxHashSet::default();
        for (labels, sample) in found {
            if !seen.insert(labels) {
                return Err(Fault::Duplicate { labels: labels.to_string() });
            }
            match self.active.iter_mut().find(|active| active.labels == *labels) {
                Some(active) => {
                    active.sample = sample.clone();
                    active.gone = None;
                }
                None => self.active.push(Active {
                    labels: labels.clone(),
                    state: State::Pending,
                    since: at,
                    sample: sample.clone(),
                    gone: None,
                }),
            }
        }
        let keep_firing = self.keep_firing;
        self.active.retain_mut(|active| {
            if seen.contains(&active.labels) {
                return true;
            }
            let gone = *active.gone.get_or_insert(at);
            active.state == State::Firing && keep_firing > 0 && at - gone < keep_firing
        });
        for active in &mut self.active {
            if active.state == State::Pending && at - active.since >= self.pending {
                active.state = State::Firing;
            }
        }
        Ok(())
    }

    /// All alerts, pending ones among them.
    pub fn active(&self) -> &[Active] {
        &self.active
    }

    /// The alerts that fire.
    pub fn firing(&self) -> impl Iterator<Item = &Active> {
        self.active.iter().filter(|active| active.state == State::Firing)
    }
}

#[cfg(test)]
mod tests {
    use super::{Alerting, Labels, Sample};

    fn one() -> (Labels, Sample) {
        (Labels::of(&[("a", "b")]), Sample { labels: Labels::default(), value: 1.0 })
    }

    #[test]
    fn alerts_wait_and_stay() {
        let check = |pending: i64, keep: i64, seen: &str, fires: &str| {
            let mut rule = Alerting::new(pending, keep);
            let mut out = String::new();
            for (at, letter) in (0..).zip(seen.chars()) {
                let found = [one()];
                let found = if letter == '#' { &found[..] } else { &[] };
                assert_eq!(rule.step(at, found), Ok(()));
                out.push(if rule.firing().next().is_some() { '#' } else { '.' });
            }
            assert_eq!(out, fires, "{pending} {keep} {seen}");
        };
        check(0, 0, ".##.#", ".##.#");
        check(2, 0, "####.###", "..##...#");
        check(1, 2, "##....##..#", ".###...####");
        check(0, 3, "#..#....", "#######.");
    }

    #[test]
    fn labels_that_are_equal_are_a_fault() {
        assert!(Alerting::new(0, 0).step(0, &[one(), one()]).is_err());
    }
}
