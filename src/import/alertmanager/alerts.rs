//! What is known of the labels of the alerts in the files.

use crate::embedded::alertmanager::{Facts, Matcher, Verdict};
use crate::metrics::{Group, Judge, RuleKind, USUAL_LABELS};

/// An alert, and what its labels may be when it fires.
#[derive(Clone, Debug)]
pub(super) struct Fires {
    /// Labels that the rule sets; what is filled later has no value here.
    labels: Vec<(String, Option<String>)>,
    /// Further labels that it may have; none where they may be any.
    may: Option<Vec<String>>,
}

impl Fires {
    /// Whether it can have a label.
    pub(super) fn may_have(&self, label: &str) -> bool {
        self.labels.iter().any(|(known, _)| known == label)
            || self.may.as_ref().is_none_or(|may| may.iter().any(|known| known == label))
    }

    /// Whether it surely has a label.
    pub(super) fn has(&self, label: &str) -> bool {
        let own = self.labels.iter().find(|(known, _)| known == label);
        own.is_some_and(|(_, value)| value.as_ref().is_some_and(|value| !value.is_empty()))
    }
}

impl Facts for Fires {
    fn takes(&self, matcher: &Matcher) -> Verdict {
        let own = self.labels.iter().find(|(known, _)| *known == matcher.label);
        let value = match own {
            Some((_, Some(value))) => value.as_str(),
            Some((_, None)) => return Verdict::Maybe,
            None if self.may_have(&matcher.label) => return Verdict::Maybe,
            None => "",
        };
        if matcher.takes(value) { Verdict::Yes } else { Verdict::No }
    }
}

/// The alerts of the files. Others may fire, too: nothing is concluded from what these lack but a slip.
#[derive(Clone, Debug, Default)]
pub(in crate::import) struct Alarm {
    pub(super) alerts: Vec<Fires>,
}

impl Alarm {
    /// The alerts of groups. `judge` knows what they yield.
    pub(in crate::import) fn of(groups: &[Group], judge: &Judge<'_>) -> Self {
        let rules = groups.iter().flat_map(|group| &group.rules);
        let alerts = rules.filter(|rule| matches!(rule.kind, RuleKind::Alert { .. }));
        let fires = |rule: &crate::metrics::Rule| {
            let mut labels = vec![("alertname".to_owned(), Some(rule.name.clone()))];
            labels.extend(rule.labels.iter().map(|(label, value)| {
                (label.clone(), (!value.contains("{{")).then(|| value.clone()))
            }));
            let found = judge.infer(&rule.expr).filter(|found| !found.labels.is_open());
            let may = found.map(|found| {
                let own = found.labels.names().into_iter().map(str::to_owned);
                own.chain(USUAL_LABELS.map(str::to_owned)).collect()
            });
            Fires { labels, may }
        };
        Self { alerts: alerts.map(fires).collect() }
    }

    /// The nearest label that some alert has.
    pub(super) fn nearest_label(&self, label: &str) -> Option<String> {
        let own = self.alerts.iter().flat_map(|it| it.labels.iter().map(|it| it.0.as_str()));
        let others = self.alerts.iter().flat_map(|it| it.may.iter().flatten());
        let mut known: Vec<&str> =
            own.chain(others.map(String::as_str)).chain(USUAL_LABELS).collect();
        known.sort_unstable();
        known.dedup();
        crate::diag::nearest(label, known).map(str::to_owned)
    }

    /// The values that a label has, where all alerts say themselves what it is.
    pub(super) fn values(&self, label: &str) -> Option<Vec<&str>> {
        let mut values = Vec::new();
        for alert in &self.alerts {
            match alert.labels.iter().find(|(known, _)| known == label) {
                Some((_, Some(value))) => values.push(value.as_str()),
                Some((_, None)) => return None,
                None if alert.may_have(label) => return None,
                None => {}
            }
        }
        values.sort_unstable();
        values.dedup();
        Some(values)
    }
}
