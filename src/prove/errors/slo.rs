//! What is said of promises.

use crate::diag::{Code, Diagnostic, Level};
use crate::metrics::infer::LossKind;
use crate::source::{Span, Sym};

/// A range where each rule puts in its own.
pub(crate) const RANGE: Code = Code::new("slo/range");

/// `bare` is the counter without function and range; `exact` tells whether it stands there letter by letter.
pub(in crate::prove) fn range(bare: Option<&str>, at: Span, exact: bool) -> Diagnostic {
    let title = "a promise is counted over several windows".to_owned();
    let found = Diagnostic::error(RANGE, title, at, "says one of its own")
        .help("write the counter as it is: `rate` and the window of each rule are put in");
    match bare {
        Some(bare) if exact => found.fix(format!("write `{bare}`"), at, bare, true),
        Some(bare) => found.help(format!("the counter is `{bare}`")),
        None => found,
    }
}

/// A query that is no sum of counters.
pub(crate) const QUERY: Code = Code::new("slo/query");

pub(in crate::prove) fn shape(at: Span) -> Diagnostic {
    Diagnostic::error(QUERY, "a promise counts events", at, "this is no sum of counters")
        .help("counters may be added, subtracted and summed: `sum(a_total) + b_total{code=\"500\"}`; the ratio is made of `errors` and `total`")
}

pub(in crate::prove) fn syntax(at: Span) -> Diagnostic {
    Diagnostic::error(QUERY, "a promise counts events", at, "this query cannot be read")
        .help("a counter, without flags of Prometheus: `http_requests_total{code=~\"5..\"}`")
}

/// A promise that wakes nobody.
pub(crate) const NEVER_PAGES: Code = Code::new("slo/never-pages");

pub(in crate::prove) fn never_pages(name: Sym, at: Span) -> Diagnostic {
    let title = format!("nobody is woken for the promise `{name}`");
    let mut found =
        Diagnostic::error(NEVER_PAGES, title, at, "allows too much to be spent too fast");
    found.level = Level::Warning;
    found.help("the alert wants its errors several times over what is allowed, and that is more than all events: promise more, or over a shorter time")
}

/// A label of `by` that a counter's query does not keep.
pub(crate) const LOST_LABEL: Code = Code::new("slo/lost-label");

/// `spans` are those of the label in `by`, and of where it is lost.
pub(in crate::prove) fn lost_label(
    label: &str,
    kind: LossKind,
    is_proved: bool,
    [at, lost]: [Span; 2],
) -> Diagnostic {
    let why = match kind {
        LossKind::By => format!("`by` does not name `{label}`"),
        LossKind::Without => format!("`without` takes `{label}` away"),
        LossKind::Aggregated => "without `by`, no label is kept".to_owned(),
        LossKind::On
        | LossKind::Ignoring
        | LossKind::OtherSide
        | LossKind::NotTaken
        | LossKind::Absent
        | LossKind::FromNumber
        | LossKind::Emptied
        | LossKind::UsedUp
        | LossKind::NeverThere
        | LossKind::Recorded => format!("no series here has `{label}`"),
    };
    let title = format!("budgets are not divided by `{label}`");
    let mut found = Diagnostic::error(LOST_LABEL, title, at, "always empty").because(lost, why);
    if !is_proved {
        found.level = Level::Warning;
    }
    found.help("each rule sums by these labels itself: leave the sum out, or keep the label in it")
}
