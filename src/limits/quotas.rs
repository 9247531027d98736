//! What stands in a namespace against its quotas.

use std::collections::BTreeMap;

use super::errors::{self, Used};
use super::judge::Known;
use super::pods::{Claim, Container};
use super::quantity::shown;
use super::range::{Amounts, Type, defaults};
use super::refused::Filled;
use super::scene::{Quota, Range, Space};
use crate::diag::Diagnostic;
use crate::source::Span;

/// At most so many objects are pointed to.
const MOST_PLACES: usize = 4;

/// What uses a part of a quota.
struct Part {
    name: String,
    at: Span,
    /// What one of it uses.
    each: u128,
    /// How many stand, how many may stand, and how many more must while they are rolled out.
    count: u128,
    most: u128,
    surge: u128,
}

impl Part {
    const fn one(name: String, at: Span) -> Self {
        Self { name, at, each: 1, count: 1, most: 1, surge: 0 }
    }

    const fn used(&self) -> u128 {
        self.each.saturating_mul(self.count)
    }

    fn shown(&self, key: &str) -> String {
        let each = shown(key, self.each);
        match (self.count, self.each) {
            (1, 1) => format!("`{}`", self.name),
            (1, _) => format!("`{}`: {each}", self.name),
            (count, 1) => format!("`{}`: {count}", self.name),
            (count, _) => format!("`{}`: {count} times {each}", self.name),
        }
    }
}

/// What uses a quota's key; none where it is not known how that is counted.
fn parts(key: &str, space: &Space, pods: &[Filled<'_>]) -> Option<Vec<Part>> {
    let of_pods = |each: &dyn Fn(&Container) -> u128, is_number: bool| {
        let all = pods.iter().map(|it| Part {
            name: it.pods.shown(),
            at: it.pods.at,
            each: if is_number { 1 } else { it.pods.each(each) },
            count: it.pods.count,
            most: it.pods.most,
            surge: it.pods.surge,
        });
        Some(all.collect::<Vec<Part>>())
    };
    let amount = |it: &Amounts<Span>, name| it.get(name).map_or(0, |it| it.amount);
    match key {
        "cpu" | "requests.cpu" => return of_pods(&|it| amount(&it.request, "cpu"), false),
        "memory" | "requests.memory" => return of_pods(&|it| amount(&it.request, "memory"), false),
        "limits.cpu" => return of_pods(&|it| amount(&it.limit, "cpu"), false),
        "limits.memory" => return of_pods(&|it| amount(&it.limit, "memory"), false),
        "pods" | "count/pods" => return of_pods(&|_| 1, true),
        _ => {}
    }
    let (class, rest) = match key.split_once(".storageclass.storage.k8s.io/") {
        Some((class, rest)) => (Some(class), rest),
        None => (None, key),
    };
    match rest {
        "requests.storage" => {
            return Some(claims(space, class, &|it| it.size.map_or(0, |it| it.amount)));
        }
        "persistentvolumeclaims" | "count/persistentvolumeclaims" => {
            return Some(claims(space, class, &|_| 1));
        }
        "services.loadbalancers" => {
            let all = space.balanced.iter().map(|(name, at)| Part::one(name.clone(), *at));
            return Some(all.collect());
        }
        _ => {}
    }
    let counted = match rest.strip_prefix("count/") {
        Some(counted) => counted,
        None if matches!(
            rest,
            "services" | "secrets" | "configmaps" | "replicationcontrollers"
        ) =>
        {
            rest
        }
        None => return None,
    };
    let mut all: Vec<Part> = space
        .objects
        .get(counted)
        .into_iter()
        .flatten()
        .map(|(name, at)| Part::one(name.clone(), *at))
        .collect();
    let own = "kube-root-ca.crt";
    if counted == "configmaps" && !all.iter().any(|it| it.name == own) {
        // Nobody writes it, so nothing is pointed to.
        let at = all.first().map(|it| it.at)?;
        all.push(Part::one(own.to_owned(), at));
    }
    Some(all)
}

/// The claims of a class, those that StatefulSets make for each of their pods among them.
fn claims(space: &Space, class: Option<&str>, each: &dyn Fn(&Claim) -> u128) -> Vec<Part> {
    let counts = |it: &&Claim| class.is_none() || it.class.as_deref() == class;
    let alone = space.claims.iter().filter(counts).map(|it| Part {
        each: each(it),
        ..Part::one(format!("PersistentVolumeClaim {}", it.name), it.at)
    });
    let made = space.pods.iter().filter_map(|pods| {
        let each = pods.claims.iter().filter(counts).map(each).fold(0, u128::saturating_add);
        let (count, most) = (pods.count, pods.most);
        (each > 0).then(|| Part { name: pods.shown(), at: pods.at, each, count, most, surge: 0 })
    });
    alone.chain(made).collect()
}

/// What is wrong with a quota, and with what stands against it.
pub(super) fn judge(
    namespace: &str,
    space: &Space,
    quota: &Quota,
    pods: &[Filled<'_>],
    around: &Known<'_>,
    found: &mut Vec<Diagnostic>,
) {
    contradictions(quota, found);
    if quota.is_scoped {
        return;
    }
    let mut lacking: BTreeMap<String, (u128, Diagnostic)> = BTreeMap::new();
    for (key, hard) in quota.hard.iter().filter(|(key, _)| !(around.elsewhere)(key)) {
        let Some(mut parts) = parts(key, space, pods) else { continue };
        let used = parts.iter().map(Part::used).fold(0, u128::saturating_add);
        if used > hard.amount {
            parts.retain(|it| it.used() > 0 && it.name != "kube-root-ca.crt");
            parts.sort_by_key(|it| std::cmp::Reverse(it.used()));
            let parts = parts.iter().take(MOST_PLACES).map(|it| (it.shown(key), it.at)).collect();
            let hard = (hard.amount, hard.at);
            let used = Used { namespace, quota: &quota.name, key, hard, used, parts };
            found.push(errors::exceeded(used, around.is_whole));
            continue;
        }
        let left = hard.amount - used;
        for part in &parts {
            let more = part.most.saturating_sub(part.count);
            let is_rolled = part.each.saturating_mul(part.surge) <= left;
            if is_rolled && part.each.saturating_mul(more) <= left {
                continue;
            }
            let room = left.checked_div(part.each).unwrap_or_default();
            let fits = part.count.saturating_add(room);
            let wants = if is_rolled {
                let most = part.most;
                format!(
                    "for more than {fits} of the {most} pods that `{}` may be scaled to",
                    part.name
                )
            } else {
                format!("to roll out `{}`", part.name)
            };
            let who = (namespace, quota.name.as_str(), key.as_str());
            let new = errors::tight(who, &wants, left, (part.at, hard.at));
            // What stops it first is told of.
            let known = lacking.entry(part.name.clone()).or_insert_with(|| (fits, new.clone()));
            if fits < known.0 {
                *known = (fits, new);
            }
        }
    }
    found.extend(lacking.into_values().map(|(_, it)| it));
}

/// Pairs of keys of which the first can never be used further than the second one lets.
const WITHIN: [(&str, &str); 12] = [
    ("requests.cpu", "limits.cpu"),
    ("cpu", "limits.cpu"),
    ("requests.memory", "limits.memory"),
    ("memory", "limits.memory"),
    ("requests.cpu", "cpu"),
    ("requests.memory", "memory"),
    ("pods", "count/pods"),
    ("services.loadbalancers", "services"),
    ("services", "count/services"),
    ("secrets", "count/secrets"),
    ("configmaps", "count/configmaps"),
    ("persistentvolumeclaims", "count/persistentvolumeclaims"),
];

fn contradictions(quota: &Quota, found: &mut Vec<Diagnostic>) {
    let hard = &quota.hard;
    let mut told: Vec<&str> = Vec::new();
    let mut check = |more: &str, less: &str| {
        if let (Some((more, a)), Some((less, b))) =
            (hard.get_key_value(more), hard.get_key_value(less))
            && a.amount > b.amount
            && !told.contains(&more.as_str())
        {
            told.push(more);
            found.push(errors::contradiction(
                &quota.name,
                (more, a.amount),
                (less, b.amount),
                (a.at, b.at),
            ));
        }
    };
    for (one, other) in WITHIN {
        check(one, other);
        // Two names of one number bound each other.
        if !one.starts_with("services.") && !other.starts_with("limits.") {
            check(other, one);
        }
    }
    for key in hard.keys() {
        if let Some((_, rest)) = key.split_once(".storageclass.storage.k8s.io/") {
            check(key, rest);
        }
    }
}

/// What every container gets, or must ask for, against the quota of all.
pub(super) fn against(range: &Range, quota: &Quota, found: &mut Vec<Diagnostic>) {
    if quota.is_scoped {
        return;
    }
    let mut given = defaults(&range.items);
    // That the maximum is the default is told of by itself.
    for item in &range.items {
        for (name, max) in item.max.iter().filter(|(name, _)| item.is_extreme(name)) {
            given.limit.retain(|key, it| key != name || it.at != max.at);
            given.request.retain(|key, it| key != name || it.at != max.at);
        }
    }
    let mut told: Vec<String> = Vec::new();
    let mut check = |what: &str, amounts: &Amounts<Span>, prefix: &str| {
        for (resource, it) in amounts {
            let names = [format!("{prefix}{resource}"), resource.clone()];
            let names = if prefix == "limits." { &names[..1] } else { &names };
            let bound = names.iter().find_map(|name| quota.hard.get_key_value(name));
            let Some((key, hard)) = bound.filter(|(_, hard)| it.amount > hard.amount) else {
                continue;
            };
            if told.contains(resource) {
                continue;
            }
            told.push(resource.clone());
            let of = (range.name.as_str(), what, resource.as_str(), it.amount);
            let bound = (quota.name.as_str(), key.as_str(), hard.amount);
            found.push(errors::default_beyond(of, bound, (it.at, hard.at)));
        }
    };
    for item in range.items.iter().filter(|it| it.of != Type::Claim) {
        check("each must request at least", &item.min, "requests.");
    }
    check("a container that says nothing requests", &given.request, "requests.");
    check("a container that says nothing has a limit of", &given.limit, "limits.");
}
