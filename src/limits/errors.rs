//! Messages about LimitRanges and ResourceQuotas.

use super::quantity::shown;
use super::range::Type;
use crate::diag::{Code, Diagnostic, Level};
use crate::source::Span;

pub(crate) const INVALID: Code = Code::new("limits/invalid");
pub(crate) const DEFAULT_IS_MAXIMUM: Code = Code::new("limits/default-is-maximum");
pub(crate) const REFUSED: Code = Code::new("limits/refused");
pub(crate) const UNSPECIFIED: Code = Code::new("limits/unspecified");
pub(crate) const CONTRADICTION: Code = Code::new("limits/quota-contradiction");
pub(crate) const DEFAULT_BEYOND: Code = Code::new("limits/default-beyond-quota");
pub(crate) const EXCEEDED: Code = Code::new("limits/quota-exceeded");
pub(crate) const TIGHT: Code = Code::new("limits/quota-tight");

/// A further item of a type. `defaults` is what a container would get that says nothing, were the LimitRange taken.
pub(super) fn item_twice(
    range: &str,
    of: Type,
    defaults: Option<String>,
    at: Span,
    first: Span,
) -> Diagnostic {
    let title = format!(
        "Kubernetes refuses the LimitRange `{range}`: two items are of type `{}`",
        of.name()
    );
    let found =
        Diagnostic::error(INVALID, title, at, "the second one").because(first, "the first one");
    let found = match defaults {
        Some(it) => found.help(format!(
            "where an admission plugin lets it pass, the last one wins, and a container that says nothing gets {it}"
        )),
        None => found,
    };
    found.help("one item says everything of its type: `default`, `defaultRequest`, `min` and `max`")
}

/// Two amounts of an item that cannot both hold.
pub(super) struct Crossed<'c> {
    /// The LimitRange.
    pub(super) range: &'c str,
    /// The resource.
    pub(super) resource: &'c str,
    /// What is too large: its field, how much, and where.
    pub(super) low: (&'c str, u128, Span),
    /// What it must not be above.
    pub(super) high: (&'c str, u128, Span),
}

/// The larger one is told of where it is written.
pub(super) fn crossed(it: &Crossed<'_>) -> Diagnostic {
    let (low, high) = (shown(it.resource, it.low.1), shown(it.resource, it.high.1));
    let title = format!(
        "Kubernetes refuses the LimitRange `{}`: its {} of `{}` is {low}, above the {} of {high}",
        it.range, it.low.0, it.resource, it.high.0
    );
    let found = Diagnostic::error(INVALID, title, it.low.2, format!("{low} here"));
    if it.low.2 == it.high.2 { found } else { found.because(it.high.2, format!("{high} here")) }
}

/// Defaults where there can be none, or a claim's item without a bound.
pub(super) fn invalid_item(range: &str, why: &str, at: Span) -> Diagnostic {
    let title = format!("Kubernetes refuses the LimitRange `{range}`: {why}");
    Diagnostic::error(INVALID, title, at, "this item")
}

/// Containers that say nothing get the maximum, since nothing else is said. `gets` is that, for people.
pub(super) fn default_is_maximum(range: &str, gets: &str, at: Span) -> Diagnostic {
    let title = format!("a container that says nothing gets {gets} by `{range}`, the maximum");
    Diagnostic::warning(DEFAULT_IS_MAXIMUM, title, at, "there is no default, so Kubernetes takes this one")
        .help("it is requested, too: `default` and `defaultRequest` say what a container gets, `max` only what it may ask for")
}

/// Why something is refused.
pub(super) struct Refusal<'r> {
    /// What makes the pods or claims.
    pub(super) of: &'r str,
    /// The container; none for a pod or claim as a whole.
    pub(super) container: Option<&'r str>,
    /// What it asks for: `requests 4Gi of memory`.
    pub(super) asks: String,
    /// What the LimitRange says: `allows 2Gi`.
    pub(super) says: String,
    /// The LimitRange.
    pub(super) range: &'r str,
    /// Whether nothing else could fill in other values.
    pub(super) is_sure: bool,
}

/// `at` is what is refused, `bound` what refuses it.
pub(super) fn refused(it: &Refusal<'_>, at: Span, bound: Span) -> Diagnostic {
    let who = match it.container {
        Some(container) => format!("the container `{container}` of `{}`", it.of),
        None => format!("`{}`", it.of),
    };
    let title = format!("{who} {}, and the LimitRange `{}` {}", it.asks, it.range, it.says);
    let level = if it.is_sure { Level::Error } else { Level::Warning };
    Diagnostic::new(level, REFUSED, title)
        .at(at, "Kubernetes refuses it")
        .because(bound, it.says.clone())
}

/// A container that does not say what a quota counts.
pub(super) fn unspecified(
    (pods, container): (&str, &str),
    quota: &str,
    keys: &[&str],
    is_whole: bool,
    (at, counted): (Span, Span),
) -> Diagnostic {
    let keys: Vec<String> = keys.iter().map(|it| format!("`{it}`")).collect();
    let keys = keys.join(", ");
    let title = format!(
        "Kubernetes refuses the pods of `{pods}`: the container `{container}` does not say its {keys}, which the quota `{quota}` counts"
    );
    let level = if is_whole { Level::Error } else { Level::Warning };
    Diagnostic::new(level, UNSPECIFIED, title)
        .at(at, "says nothing of it")
        .because(counted, "where this is counted, every container must say it")
        .help("it says so itself, or a LimitRange of the namespace does for it: containers that run before the others count, too")
}

/// Limits of a quota of which one makes another one meaningless.
pub(super) fn contradiction(
    quota: &str,
    (more, amount): (&str, u128),
    (less, bound): (&str, u128),
    (at, other): (Span, Span),
) -> Diagnostic {
    let (amount, bound) = (shown(more, amount), shown(less, bound));
    let title = format!(
        "the quota `{quota}` allows {amount} of `{more}`, of which only {bound} can ever be used"
    );
    Diagnostic::warning(CONTRADICTION, title, at, "more than the other one lets through")
        .because(other, format!("`{less}` is {bound}"))
}

/// What every container gets, or must ask for at least, is more than the quota of all together.
pub(super) fn default_beyond(
    (range, what, resource, amount): (&str, &str, &str, u128),
    (quota, key, hard): (&str, &str, u128),
    (at, bound): (Span, Span),
) -> Diagnostic {
    let (amount, hard) = (shown(resource, amount), shown(key, hard));
    let title = format!(
        "{what} {amount} of {resource} by `{range}`, and the quota `{quota}` has {hard} for all pods together"
    );
    Diagnostic::warning(DEFAULT_BEYOND, title, at, "a single pod does not fit the quota")
        .because(bound, format!("`{key}` is {hard}"))
}

/// What stands in a namespace against a quota.
pub(super) struct Used<'u> {
    /// The namespace.
    pub(super) namespace: &'u str,
    /// The quota.
    pub(super) quota: &'u str,
    /// What is counted.
    pub(super) key: &'u str,
    /// How much is allowed, and where that is written.
    pub(super) hard: (u128, Span),
    /// How much is used.
    pub(super) used: u128,
    /// What uses it, for people, and where that is written.
    pub(super) parts: Vec<(String, Span)>,
}

/// Too much stands there already.
pub(super) fn exceeded(it: Used<'_>, is_whole: bool) -> Diagnostic {
    let (used, hard) = (shown(it.key, it.used), shown(it.key, it.hard.0));
    let title = format!(
        "`{}` uses {used} of `{}`, and the quota `{}` allows {hard}",
        it.namespace, it.key, it.quota
    );
    let level = if is_whole { Level::Error } else { Level::Warning };
    let found = Diagnostic::new(level, EXCEEDED, title)
        .at(it.hard.1, "Kubernetes refuses what is beyond it");
    let found = it.parts.into_iter().fold(found, |found, (text, at)| found.because(at, text));
    if it.key == "configmaps" {
        found.help("Kubernetes puts one into each namespace: `kube-root-ca.crt`")
    } else {
        found
    }
}

/// Nothing is left to roll out or to scale. `wants` says what, `left` is what is there for it.
pub(super) fn tight(
    (namespace, quota, key): (&str, &str, &str),
    wants: &str,
    left: u128,
    (at, hard): (Span, Span),
) -> Diagnostic {
    let left = shown(key, left);
    let title = format!("the quota `{quota}` of `{namespace}` has no room {wants}");
    Diagnostic::warning(TIGHT, title, at, format!("wants more of `{key}`"))
        .because(hard, format!("leaves {left} beside what stands there"))
}
