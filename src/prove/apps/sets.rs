//! Sets as a whole: one for all clusters, guards, and how often others are asked.

use super::super::errors::apps as errors;
use super::super::{Facts, Place, Refutation};
use crate::model::{Generator, Of, Quantity};

/// How many requests an hour GitHub answers that come without a token.
const FREE: i64 = 60;

/// Whether what one set makes for all clusters is the same for each, and whether guards can stand.
pub(in crate::prove) fn sets(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    let platform = model.platforms.first();
    let mut seen = Vec::new();
    for resource in &model.apps {
        if seen.contains(&resource.id) {
            continue;
        }
        seen.push(resource.id);
        let apps = &resource.value;
        let parts: Vec<_> = model.apps.iter().filter(|it| it.id == resource.id).collect();
        if apps.is_one_set()
            && let Some(second) = parts.get(1)
        {
            let first = resource.targets.first().map(|it| it.name);
            let other = second.targets.first().map(|it| it.name);
            let by = apps.by_clusters();
            found.push(Refutation::at([Place::name(resource.id)], move |[at]| {
                errors::one_set(first.zip(other), by, at)
            }));
        }
        let expiry = apps.from.iter().find_map(|(_, it)| it.expires());
        if let (Some(expiry), Some(keep)) = (expiry, apps.keep.filter(|keep| keep.value)) {
            let places = [expiry.image.origin, keep.origin];
            let places = places.map(|origin| Place::new(resource.id, origin));
            found.push(Refutation::at(places, errors::expires_kept));
        }
        if let Some(guard) = &apps.guard
            && platform.is_some_and(|platform| platform.value.repo.is_none())
            && (guard.quota.is_some()
                || guard.limits.is_some()
                || guard.network.value.as_str() == "deny-by-default")
        {
            let place = Place::new(resource.id, guard.pod_security.origin);
            found.push(Refutation::at([place], move |[at]| errors::guard_nowhere(at)));
        }
    }
}

/// Whether GitHub answers as often as it is asked without a token.
pub(in crate::prove) fn asked(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut asks: Vec<(Place, i64)> = Vec::new();
    for resource in &facts.model.apps {
        let apps = &resource.value;
        let sets = if apps.is_one_set() { 1 } else { resource.targets.len() };
        for (_, from) in &apps.from {
            let (every, token, api): (Of<Quantity<'_>>, _, _) = match from {
                Generator::GitHubPullRequests(it) => (it.every, it.token, it.api),
                Generator::GitHubRepositories(it) => (it.every, it.token, it.api),
                _ => continue,
            };
            if token.is_some() || api.is_some() {
                continue;
            }
            let an_hour = 3_600_000 / every.value.amount.max(1);
            let all = an_hour.saturating_mul(i64::try_from(sets).unwrap_or(1));
            asks.push((Place::new(resource.id, every.origin), all));
        }
    }
    let total: i64 = asks.iter().map(|it| it.1).sum();
    if total > FREE
        && let Some(&(place, _)) = asks.iter().max_by_key(|it| it.1)
    {
        found.push(Refutation::at([place], move |[at]| errors::asked_too_often(total, FREE, at)));
    }
}
