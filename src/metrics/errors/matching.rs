//! Which series match, and which labels are named where none is.

use super::{Use, level, lost};
use crate::diag::{Code, Level};
use crate::embedded::promql::Side;
use crate::metrics::infer::{Label, Loss};
use crate::metrics::problem::{Place, Problem};

/// An operator whose sides have no series in common.
pub(in crate::metrics) const MATCH_IMPOSSIBLE: Code = Code::new("promql/match-impossible");

/// What is known of the two sides.
#[derive(Clone, Debug)]
pub(in crate::metrics) struct Sides<'a> {
    /// The operator.
    pub(in crate::metrics) op: &'a str,
    /// Where it stands.
    pub(in crate::metrics) op_at: Place,
    /// The left side.
    pub(in crate::metrics) left: Place,
    /// The right side.
    pub(in crate::metrics) right: Place,
    /// The labels of each side, as they are shown.
    pub(in crate::metrics) shown: (String, String),
    /// Labels that both sides surely have.
    pub(in crate::metrics) common: Vec<&'static str>,
}

/// How the sides differ.
#[derive(Clone, Debug)]
pub(in crate::metrics) enum Difference<'a> {
    /// This side has the label, the other one lost it.
    Missing(&'a str, Side, Loss, Option<Place>),
    /// Both have it, with other values; the places of the matchers.
    Values(&'a Label, &'a Label, Option<Place>, Option<Place>),
}

/// No series of both sides match.
pub(in crate::metrics) fn match_impossible(
    sides: &Sides<'_>,
    difference: &Difference<'_>,
    has_matching: bool,
    is_proved: bool,
    usage: Use,
) -> Problem {
    let title = format!("no series of both sides of `{}` can match", sides.op);
    let found = differ(
        Problem::new(MATCH_IMPOSSIBLE, level(is_proved), title, sides.op_at, "never matches"),
        sides,
        difference,
    )
    .help(format!("it yields {}", usage.never()));
    if has_matching || matches!(difference, Difference::Values(..)) {
        return found;
    }
    match sides.common.as_slice() {
        [] => found.help(format!(
            "without `on (..)` all labels must be equal; say which ones: `{} on (..)`",
            sides.op
        )),
        common => found.help(format!(
            "say which labels must be equal: `{} on ({})`",
            sides.op,
            common.join(", ")
        )),
    }
}

fn differ(found: Problem, sides: &Sides<'_>, difference: &Difference<'_>) -> Problem {
    match difference {
        Difference::Missing(label, side, loss, lost_at) => {
            let (with, without, shown) = match side {
                Side::Left => (sides.left, sides.right, &sides.shown.0),
                Side::Right => (sides.right, sides.left, &sides.shown.1),
            };
            found
                .because(with, format!("every series here has `{label}`: {shown}"))
                .because(lost_at.unwrap_or(without), lost(*loss, label))
        }
        Difference::Values(left, right, left_at, right_at) => {
            let shown = |label: &Label| {
                let crate::metrics::infer::Values::Of(values) = &label.values else {
                    return String::new();
                };
                let texts: Vec<&str> = values.iter().map(|value| value.as_str()).collect();
                super::listed(&texts, 4)
            };
            found
                .because(
                    left_at.unwrap_or(sides.left),
                    format!("on the left `{}` is {}", left.name, shown(left)),
                )
                .because(
                    right_at.unwrap_or(sides.right),
                    format!("on the right it is {}", shown(right)),
                )
                .help(format!(
                    "leave `{}` out of what must be equal: `ignoring ({})`, or `on (..)` with others",
                    left.name, left.name
                ))
        }
    }
}

/// `unless` that leaves nothing out.
pub(in crate::metrics) const UNLESS_NEVER: Code = Code::new("promql/unless-never-excludes");

/// No series of both sides match, so that all of the left stay.
pub(in crate::metrics) fn unless_never(
    sides: &Sides<'_>,
    difference: &Difference<'_>,
    has_matching: bool,
) -> Problem {
    let title = "`unless` never leaves anything out: no series of both sides can match";
    let found = Problem::new(UNLESS_NEVER, Level::Warning, title, sides.op_at, "has no effect");
    let found = differ(found, sides, difference);
    if has_matching || sides.common.is_empty() {
        found
    } else {
        found.help(format!(
            "say which labels must be equal: `unless on ({})`",
            sides.common.join(", ")
        ))
    }
}

/// Several series where one is wanted.
pub(in crate::metrics) const MATCH_MANY: Code = Code::new("promql/match-many");

/// `extra` are labels that tell series of `side` apart, and that do not count for the match.
pub(in crate::metrics) fn match_many(
    op: &str,
    op_at: Place,
    side: Place,
    on: Option<Place>,
    extra: &[&str],
) -> Problem {
    let names = super::listed(extra, 4);
    let title = format!("several series of one side of `{op}` match one of the other");
    let found = Problem::new(MATCH_MANY, Level::Warning, title, op_at, "fails when they do")
        .because(side, format!("one series for each {names}"));
    let found = match on {
        Some(on) => found.because(on, format!("does not tell {names} apart")),
        None => found,
    };
    found.help("Prometheus gives an error, and no result, once two series of that side have equal labels here")
        .help("aggregate that side by what is matched, match on more labels, or allow many there: `group_left`, `group_right`")
}

/// A label that is named where no series has it.
pub(in crate::metrics) const GROUPING_LABEL: Code = Code::new("promql/grouping-label");

/// `word` is `by` or `on`.
pub(in crate::metrics) fn grouping_label(
    at: Place,
    word: &str,
    label: &str,
    loss: Loss,
    lost_at: Option<Place>,
    near: Option<&str>,
) -> Problem {
    let title = format!("`{word}` names `{label}`, which no series has here");
    let found = Problem::new(GROUPING_LABEL, Level::Warning, title, at, "no such label");
    let found = match lost_at {
        Some(place) => found.because(place, lost(loss, label)),
        None => found,
    };
    match near {
        Some(near) => found.mend(format!("replace with `{near}`"), at, near, false),
        None => found
            .help("the label is empty in every series: leave it out, or keep it further inside"),
    }
}

/// `group_left (a)` of a side without `a`.
pub(in crate::metrics) fn taken_label(
    at: Place,
    label: &str,
    loss: Loss,
    lost_at: Option<Place>,
    one: Place,
) -> Problem {
    let title = format!("`{label}` is taken from a side that does not have it");
    Problem::new(GROUPING_LABEL, Level::Warning, title, at, "removes the label")
        .because(lost_at.unwrap_or(one), lost(loss, label))
        .help("the result has no such label, even where the other side had one")
}
