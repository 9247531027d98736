//! What is said of rules and queries.

mod alerts;
mod conditions;
mod idioms;
mod kinds;
mod matching;
mod ranges;
mod rules;
mod selectors;
mod templates;

pub(super) use alerts::{
    absent_at_once, fraction, irate, pending_too_long, pending_too_short, target_vanishes, topk,
};
pub(super) use conditions::{
    always_true, count_empty, divided_by_zero, never_true, no_condition, not_series,
    percent_of_ratio,
};
pub(super) use idioms::{crash_loop, disk_of_snapshots, job_pods, never_created, quorum, renewal};
pub(super) use kinds::{
    counter_without_rate, gauge_on_counter, histogram_base, no_le, rate_on_gauge, rate_over_sum,
};
pub(super) use matching::{
    Difference, Sides, grouping_label, match_impossible, match_many, taken_label, unless_never,
};
pub(super) use ranges::{beyond_retention, one_point, short_range};
pub(super) use rules::{record_level, record_loop, record_name, record_order, rule_twice};
pub(super) use selectors::{
    OfMetric, label_unknown, label_value, metric_dropped, metric_lacking, metric_removed,
    metric_unknown, no_effect,
};
pub(super) use templates::{
    humanize, label_lost, label_of_absent, percent_twice, ratio_as_percent, rule_label,
    scrape_label, value_in_label,
};

pub use alerts::TARGET_VANISHES;
pub use rules::RULE_TWICE;

use super::infer::{Loss, LossKind};
use super::problem::{Place, Problem};
use crate::diag::{Code, Level};

/// What a query is used for: what a mistake in it comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Use {
    /// An alert.
    Alert,
    /// A recording rule.
    Record,
    /// A panel or variable of a dashboard.
    Panel,
    /// A text of an alert.
    Text,
}

impl Use {
    /// What comes of a query that never yields a series.
    pub(super) const fn never(self) -> &'static str {
        match self {
            Self::Alert => "no series, so this alert can never fire",
            Self::Record => "no series, so this rule records nothing",
            Self::Panel => "no series, so this panel stays empty",
            Self::Text => "no series, so nothing is printed here",
        }
    }
}

impl Problem {
    /// A finding without reasons and help.
    pub(super) fn new(
        code: Code,
        level: Level,
        title: impl Into<String>,
        at: Place,
        label: impl Into<String>,
    ) -> Self {
        Self {
            code,
            level,
            title: title.into(),
            primary: (at, label.into()),
            because: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    #[must_use]
    pub(super) fn because(mut self, at: Place, text: impl Into<String>) -> Self {
        self.because.push((at, text.into()));
        self
    }

    #[must_use]
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    #[must_use]
    pub(super) fn mend(
        mut self,
        title: impl Into<String>,
        at: Place,
        text: impl Into<String>,
        is_sure: bool,
    ) -> Self {
        self.fix = Some((title.into(), at, text.into(), is_sure));
        self
    }
}

/// Error where the premise is proved.
const fn level(is_proved: bool) -> Level {
    if is_proved { Level::Error } else { Level::Warning }
}

/// `a`, `b` and `c`: at most `most`, and how many more.
fn listed(names: &[&str], most: usize) -> String {
    let shown: Vec<String> = names.iter().take(most).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(most) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// How a label was lost, for a place of its own.
fn lost(loss: Loss, label: &str) -> String {
    match loss.kind {
        LossKind::By => format!("`by` does not name `{label}`"),
        LossKind::Without => format!("`without` takes `{label}` away"),
        LossKind::Aggregated => "without `by`, no label is kept".to_owned(),
        LossKind::On => format!("`on` keeps only what it names, not `{label}`"),
        LossKind::Ignoring => format!("`ignoring` takes `{label}` away"),
        LossKind::OtherSide => {
            format!("no series here has `{label}`, and both sides must be equal")
        }
        LossKind::NotTaken => format!("the other side has no `{label}` to take"),
        LossKind::Absent => {
            format!("`absent` has the labels that `=` matchers give, not `{label}`")
        }
        LossKind::FromNumber => "a number has no labels".to_owned(),
        LossKind::Emptied => format!("series with a `{label}` are left out here"),
        LossKind::UsedUp => format!("uses `{label}` up"),
        LossKind::NeverThere => format!("has no label `{label}`"),
        LossKind::Recorded => format!("the recording rule gives no `{label}`"),
    }
}
