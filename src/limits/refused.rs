//! What LimitRanges fill in, and what they and quotas refuse.

use std::collections::BTreeSet;

use super::errors::{self, Refusal};
use super::judge::Known;
use super::pods::{Claim, Container, Pods};
use super::quantity::shown;
use super::range::{Amount, Amounts, Item, Type, defaults, fill};
use super::scene::{Quota, Range};
use crate::diag::Diagnostic;
use crate::source::Span;

/// Pods as the API server stores them.
pub(super) struct Filled<'p> {
    /// As they are written.
    pub(super) written: &'p Pods,
    /// With what is filled in.
    pub(super) pods: Pods,
    /// The resources that several LimitRanges fill in, each in its way: which of them comes first is not decided.
    unsure: BTreeSet<String>,
}

/// Fills in what containers do not say.
pub(super) fn filled<'p>(written: &'p Pods, ranges: &[&Range]) -> Filled<'p> {
    let mut pods = written.clone();
    let mut unsure = BTreeSet::new();
    let given: Vec<_> = ranges.iter().map(|it| defaults(&it.items)).collect();
    for container in &mut pods.containers {
        // A limit alone is a request, too, before any LimitRange is asked.
        fill(&mut container.request, &container.limit.clone());
        let limits = given.iter().map(|it| &it.limit);
        one_of(&mut container.limit, limits, &mut unsure);
        let requests = given.iter().map(|it| &it.request);
        one_of(&mut container.request, requests, &mut unsure);
    }
    Filled { written, pods, unsure }
}

/// Takes over what is missing, where all agree.
fn one_of<'a>(
    to: &mut Amounts<Span>,
    from: impl Iterator<Item = &'a Amounts<Span>>,
    unsure: &mut BTreeSet<String>,
) {
    let mut all: Amounts<Span> = Amounts::new();
    for amounts in from {
        for (name, it) in amounts.iter().filter(|(name, _)| !to.contains_key(*name)) {
            let known = all.entry(name.clone()).or_insert(*it);
            if known.amount != it.amount {
                unsure.insert(name.clone());
            }
        }
    }
    fill(to, &all);
}

/// What LimitRanges refuse of pods.
pub(super) fn pods(
    it: &Filled<'_>,
    ranges: &[&Range],
    around: &Known<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let mut told: BTreeSet<String> = BTreeSet::new();
    for (container, written) in it.pods.containers.iter().zip(&it.written.containers) {
        for range in ranges {
            for item in range.items.iter().filter(|it| it.of == Type::Container) {
                for fault in faults(item, container, written) {
                    if it.unsure.contains(fault.resource) || !told.insert(fault.resource.to_owned())
                    {
                        continue;
                    }
                    let at = fault.at.unwrap_or(container.at);
                    found.push(errors::refused(
                        &Refusal {
                            of: &it.pods.shown(),
                            container: Some(&container.name),
                            asks: fault.asks,
                            says: fault.says,
                            range: &range.name,
                            is_sure: fault.at.is_some() || around.is_whole,
                        },
                        at,
                        fault.bound,
                    ));
                }
            }
        }
    }
    for range in ranges {
        for item in range.items.iter().filter(|it| it.of == Type::Pod) {
            together(it, range, item, around, found);
        }
    }
}

/// Why a container is refused.
struct Fault<'f> {
    resource: &'f str,
    asks: String,
    says: String,
    /// Where the container says it itself.
    at: Option<Span>,
    bound: Span,
}

/// What an item refuses of a container, at most one thing a resource.
fn faults<'f>(item: &'f Item<Span>, filled: &Container, written: &Container) -> Vec<Fault<'f>> {
    let mut all = Vec::new();
    let given = item.defaults();
    let bounded = item.min.keys().chain(item.max.keys()).chain(item.ratio.keys());
    let mut names: Vec<&'f String> = bounded.chain(item.default.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let (request, limit) = (filled.request.get(name), filled.limit.get(name));
        let own = |it: &Amounts<Span>| it.get(name).map(|it| it.at);
        let asks =
            |what: &str, it: &Amount<Span>| format!("{what} {} of {name}", shown(name, it.amount));
        let fault = |asks: String, says: String, at: Option<Span>, bound: Span| Fault {
            resource: name,
            asks,
            says,
            at,
            bound,
        };
        let least = item.min.get(name);
        let most = item.max.get(name);
        let says = |word: &str, it: &Amount<Span>| format!("{word} {}", shown(name, it.amount));
        let new = match (least, most, request, limit) {
            (Some(min), _, None, _) => Some(fault(
                format!("requests no {name}"),
                says("asks for at least", min),
                None,
                min.at,
            )),
            (Some(min), _, Some(it), _) if it.amount < min.amount => Some(fault(
                asks("requests", it),
                says("asks for at least", min),
                own(&written.request).or_else(|| own(&written.limit)),
                min.at,
            )),
            (Some(min), _, _, Some(it)) if it.amount < min.amount => Some(fault(
                asks("has a limit of", it),
                says("asks for at least", min),
                own(&written.limit),
                min.at,
            )),
            (_, Some(max), _, Some(it)) if it.amount > max.amount => Some(fault(
                asks("has a limit of", it),
                says("allows", max),
                own(&written.limit),
                max.at,
            )),
            (_, Some(max), Some(it), _) if it.amount > max.amount => Some(fault(
                asks("requests", it),
                says("allows", max),
                own(&written.request).or_else(|| own(&written.limit)),
                max.at,
            )),
            // The limit that the LimitRange itself sets.
            (_, _, Some(it), Some(limit))
                if it.amount > limit.amount
                    && !written.limit.contains_key(name)
                    && given.limit.get(name) == Some(limit) =>
            {
                Some(fault(
                    format!("{} and has no limit", asks("requests", it)),
                    says("gives it one of", limit),
                    own(&written.request),
                    limit.at,
                ))
            }
            _ => None,
        };
        let ratio = || {
            let (most, request, limit) = (item.ratio.get(name)?, request?, limit?);
            let is_over =
                limit.amount.saturating_mul(1000) > most.amount.saturating_mul(request.amount);
            is_over.then(|| {
                fault(
                    format!(
                        "{}, with {} requested",
                        asks("has a limit of", limit),
                        shown(name, request.amount)
                    ),
                    format!("allows {} times as much", tenths(most.amount)),
                    own(&written.limit).or_else(|| own(&written.request)),
                    most.at,
                )
            })
        };
        all.extend(new.or_else(ratio));
    }
    all
}

/// Thousandths, for people.
fn tenths(amount: u128) -> String {
    let text = format!("{}.{:03}", amount / 1000, amount % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What an item refuses of the containers together.
fn together(
    it: &Filled<'_>,
    range: &Range,
    item: &Item<Span>,
    around: &Known<'_>,
    found: &mut Vec<Diagnostic>,
) {
    type Part = fn(&Container) -> &Amounts<Span>;
    let sides: [(Part, &str); 2] =
        [(|it| &it.request, "requests"), (|it| &it.limit, "has limits of")];
    for (part, word) in sides {
        let each = |name: &str| it.pods.each(|it| part(it).get(name).map_or(0, |it| it.amount));
        let is_set = |name: &str| it.pods.containers.iter().any(|it| part(it).contains_key(name));
        let bounds =
            item.max.iter().map(|it| (it, true)).chain(item.min.iter().map(|it| (it, false)));
        for ((name, bound), is_most) in bounds {
            let sum = each(name);
            let is_refused = if is_most { sum > bound.amount } else { sum < bound.amount };
            if it.unsure.contains(name) || !is_set(name) || !is_refused {
                continue;
            }
            let says = if is_most { "allows a pod" } else { "asks of a pod for at least" };
            let is_written = it.written.containers.iter().all(|it| part(it).contains_key(name));
            let refusal = Refusal {
                of: &it.pods.shown(),
                container: None,
                asks: format!("{word} {} of {name} in all", shown(name, sum)),
                says: format!("{says} {}", shown(name, bound.amount)),
                range: &range.name,
                is_sure: is_written || around.is_whole,
            };
            found.push(errors::refused(&refusal, it.pods.at, bound.at));
            return;
        }
    }
}

/// What LimitRanges refuse of a claim.
pub(super) fn claim(of: &str, claim: &Claim, ranges: &[&Range], found: &mut Vec<Diagnostic>) {
    let Some(size) = claim.size else { return };
    for range in ranges {
        for item in range.items.iter().filter(|it| it.of == Type::Claim) {
            let bounds = [(item.min.get("storage"), false), (item.max.get("storage"), true)];
            for (bound, is_most) in bounds {
                let Some(bound) = bound else { continue };
                let is_refused =
                    if is_most { size.amount > bound.amount } else { size.amount < bound.amount };
                if !is_refused {
                    continue;
                }
                let says = if is_most { "allows" } else { "asks for at least" };
                let refusal = Refusal {
                    of,
                    container: None,
                    asks: format!("claims {}", shown("storage", size.amount)),
                    says: format!("{says} {}", shown("storage", bound.amount)),
                    range: &range.name,
                    is_sure: true,
                };
                found.push(errors::refused(&refusal, size.at, bound.at));
                return;
            }
        }
    }
}

/// Containers that do not say what a quota counts.
pub(super) fn unspecified(
    it: &Filled<'_>,
    quota: &Quota,
    around: &Known<'_>,
    found: &mut Vec<Diagnostic>,
) {
    if quota.is_scoped || it.pods.is_whole {
        return;
    }
    for container in &it.pods.containers {
        let lacks = |key: &str| match key {
            "cpu" | "requests.cpu" => !container.request.contains_key("cpu"),
            "memory" | "requests.memory" => !container.request.contains_key("memory"),
            "limits.cpu" => !container.limit.contains_key("cpu"),
            "limits.memory" => !container.limit.contains_key("memory"),
            _ => false,
        };
        let lacking: Vec<_> = quota.hard.iter().filter(|(key, _)| lacks(key)).collect();
        let Some((_, first)) = lacking.first() else { continue };
        let keys: Vec<&str> = lacking.iter().map(|(key, _)| key.as_str()).collect();
        let who = (it.pods.shown(), container.name.as_str());
        found.push(errors::unspecified(
            (&who.0, who.1),
            &quota.name,
            &keys,
            around.is_whole,
            (container.at, first.at),
        ));
        return;
    }
}
