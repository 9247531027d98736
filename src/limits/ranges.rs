//! What is wrong with a LimitRange by itself.

use super::errors::{self, Crossed};
use super::quantity::shown;
use super::range::{Amounts, Defaults, Item, Type, defaults};
use super::scene::Range;
use crate::diag::Diagnostic;
use crate::source::Span;

/// Whether the API server takes it. What it refuses is told of.
pub(super) fn is_valid(range: &Range, found: &mut Vec<Diagnostic>) -> bool {
    let before = found.len();
    for of in [Type::Container, Type::Pod, Type::Claim] {
        let mut items = range.items.iter().filter(|it| it.of == of);
        if let (Some(first), Some(second)) = (items.next(), items.next()) {
            let gets = (of == Type::Container).then(|| shown_defaults(&defaults(&range.items)));
            let gets = gets.filter(|it| !it.is_empty());
            found.push(errors::item_twice(&range.name, of, gets, second.at, first.at));
        }
    }
    if found.len() == before {
        range.items.iter().for_each(|item| check(&range.name, item, found));
    }
    found.len() == before
}

/// `a request of 100m of cpu and 128Mi of memory, and a limit of ..`.
pub(super) fn shown_defaults(it: &Defaults<Span>) -> String {
    let all = |amounts: &Amounts<Span>| {
        let all: Vec<String> = amounts
            .iter()
            .map(|(name, it)| format!("{} of {name}", shown(name, it.amount)))
            .collect();
        all.join(" and ")
    };
    let (request, limit) = (all(&it.request), all(&it.limit));
    match (request.as_str(), limit.as_str()) {
        ("", "") => String::new(),
        (request, "") => format!("a request of {request}"),
        ("", limit) => format!("a limit of {limit}"),
        (request, limit) if request == limit => format!("a request and limit of {limit}"),
        (request, limit) => format!("a request of {request}, and a limit of {limit}"),
    }
}

/// What `ValidateLimitRange` of the API server refuses.
fn check(range: &str, item: &Item<Span>, found: &mut Vec<Diagnostic>) {
    let of = item.of;
    if of != Type::Container
        && let Some(it) = item.default.values().chain(item.request.values()).next()
        && of == Type::Pod
    {
        found.push(errors::invalid_item(
            range,
            "a pod has no defaults, only containers have",
            it.at,
        ));
        return;
    }
    if of == Type::Claim && !item.min.contains_key("storage") && !item.max.contains_key("storage") {
        let why = "an item of claims needs a `min` or `max` of `storage`";
        found.push(errors::invalid_item(range, why, item.at));
        return;
    }
    let Defaults { limit, request } = item.defaults();
    let fields = [
        ("minimum", &item.min),
        ("default request", &request),
        ("default limit", &limit),
        ("maximum", &item.max),
    ];
    let mut names: Vec<&String> = fields.iter().flat_map(|(_, it)| it.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for resource in names {
        let set: Vec<_> =
            fields.iter().filter_map(|(field, it)| Some((*field, *it.get(resource)?))).collect();
        let pairs = set
            .iter()
            .enumerate()
            .flat_map(|(at, low)| set.iter().skip(at + 1).map(move |high| (low, high)));
        // What follows from another one is not told of beside it.
        let crossed = pairs
            .filter(|(low, high)| low.1.amount > high.1.amount)
            .min_by_key(|(low, high)| low.1.at == high.1.at);
        if let Some((low, high)) = crossed {
            found.push(errors::crossed(&Crossed {
                range,
                resource,
                low: (low.0, low.1.amount, low.1.at),
                high: (high.0, high.1.amount, high.1.at),
            }));
        }
    }
}

/// An item that gives the maximum to who says nothing, since it says nothing else.
pub(super) fn extremes(range: &Range, found: &mut Vec<Diagnostic>) {
    for item in range.items.iter().filter(|it| it.of == Type::Container) {
        let given = item.max.iter().filter(|(name, _)| item.is_extreme(name));
        let given: Amounts<Span> = given.map(|(name, it)| (name.clone(), *it)).collect();
        let Some(first) = given.values().next() else { continue };
        let gets = shown_defaults(&Defaults { limit: given.clone(), request: given.clone() });
        found.push(errors::default_is_maximum(&range.name, &gets, first.at));
    }
}
