//! Versions that go together: of Kubernetes, of its nodes, and of Talos.

use crate::embedded::check_exact_version;
use crate::model::{Os, Provider, Talos};
use crate::prove::cluster::site::{Site, sites};
use crate::prove::errors::versions as errors;
use crate::prove::{Facts, Refutation};

/// By how many minors a node may be older than its API server (Kubernetes' version skew policy; since 1.28).
const MOST_SKEW: u64 = 3;

/// The minors of Kubernetes that a minor of Talos 1 supports: its own, the first and the last of Kubernetes.
///
/// From the constants `MinimumKubernetesVersion` and `MaximumKubernetesVersion` of Talos' `pkg/machinery/compatibility`, which Talos
/// itself refuses an upgrade by.
const TALOS: &[(u64, u64, u64)] = &[
    (5, 26, 28),
    (6, 24, 29),
    (7, 25, 30),
    (8, 26, 31),
    (9, 27, 32),
    (10, 28, 33),
    (11, 29, 34),
    (12, 30, 35),
    (13, 31, 36),
    (14, 32, 37),
];

/// The minor of a version of the first major.
pub(super) fn minor(version: &str) -> Option<u64> {
    check_exact_version(version).ok().filter(|it| it.major == 1).map(|it| it.minor)
}

fn talos<'a>(site: &Site<'a>) -> Option<&'a Talos<'a>> {
    match &site.cluster.os {
        Os::Talos(talos) => Some(talos),
        Os::Kubeadm(_) => None,
    }
}

/// A ClusterClass of Talos takes a provider that has templates of control planes.
pub(crate) fn talos_class(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        let Some(talos) = talos(&site) else { continue };
        if talos.cluster_class.value && !talos.unreleased_provider.value {
            let name = site.name;
            let make = move |[at]: [_; 1]| errors::talos_class(name, at);
            found.push(Refutation::at([site.at(talos.cluster_class.origin)], make));
        }
    }
}

/// Containers of the development provider start as kubeadm nodes: nothing makes Talos of them.
pub(crate) fn talos_on_docker(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        if let (Some(talos), Provider::Docker(_)) = (talos(&site), site.provider) {
            let name = site.name;
            let make = move |[at]: [_; 1]| errors::talos_on_docker(name, at);
            found.push(Refutation::at([site.at(talos.version.origin)], make));
        }
    }
}

/// A cluster of plain objects has no topology that could wait.
pub(crate) fn deferred(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts).iter().filter(|site| !site.has_class()) {
        for (pool, it) in &site.cluster.workers {
            if it.upgrades.value.as_str() == "defer" {
                let names = (site.name, *pool);
                let version = it.kubernetes.map(|it| it.value.to_owned());
                let own = site.cluster.kubernetes.value.to_owned();
                let make = move |[at]: [_; 1]| {
                    errors::nothing_deferred(names, version.as_deref().unwrap_or(&own), at)
                };
                found.push(Refutation::at([site.at(it.upgrades.origin)], make));
            }
        }
    }
}

/// Talos supports some versions of Kubernetes. What is not known of is not decided.
pub(crate) fn talos_kubernetes(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        let Some(talos) = talos(&site) else { continue };
        let known = minor(talos.version.value)
            .and_then(|minor| TALOS.iter().find(|(known, ..)| *known == minor));
        let Some(&(_, first, last)) = known else { continue };
        let mut versions = vec![site.cluster.kubernetes];
        versions.extend(site.cluster.workers.iter().filter_map(|(_, pool)| pool.kubernetes));
        for version in versions {
            let Some(kubernetes) = minor(version.value) else { continue };
            if (first..=last).contains(&kubernetes) {
                continue;
            }
            // The nearest version of Talos that runs it.
            let mut others = TALOS.iter().filter(|row| (row.1..=row.2).contains(&kubernetes));
            let other = if kubernetes > last { others.next() } else { others.next_back() };
            let other = other.map(|(talos, ..)| *talos);
            let (name, text) = (site.name, version.value.to_owned());
            let talos_text = talos.version.value.to_owned();
            let places = [site.at(version.origin), site.at(talos.version.origin)];
            found.push(Refutation::at(places, move |[at, because]| {
                errors::talos_kubernetes(
                    name,
                    &text,
                    &talos_text,
                    (first, last),
                    other,
                    at,
                    because,
                )
            }));
        }
    }
}

/// Nodes are at most some minors older than their API server, and never newer.
pub(crate) fn skew(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        for (_, pool) in &site.cluster.workers {
            let Some(version) = pool.kubernetes else { continue };
            let (name, pool) = (site.name, pool.name.value);
            if site.has_class() {
                let make = move |[at]: [_; 1]| errors::one_version(name, pool, at);
                found.push(Refutation::at([site.at(version.origin)], make));
                continue;
            }
            let api = site.cluster.kubernetes;
            let (Some(mine), Some(server)) = (minor(version.value), minor(api.value)) else {
                continue;
            };
            let newer = mine > server;
            if !newer && server - mine <= MOST_SKEW {
                continue;
            }
            let oldest = server.saturating_sub(MOST_SKEW);
            let (text, api_text) = (version.value.to_owned(), api.value.to_owned());
            let places = [site.at(version.origin), site.at(api.origin)];
            found.push(Refutation::at(places, move |spans| {
                errors::skew((name, pool), &text, &api_text, newer, oldest, spans)
            }));
        }
    }
}
