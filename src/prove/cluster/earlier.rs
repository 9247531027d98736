//! Clusters against what an earlier build said of them: what a live cluster can become.

use crate::embedded::{Exact, check_cidr, check_exact_version, check_ip};
use crate::eval::Origin;
use crate::prove::cluster::site::{Gives, Site, sites};
use crate::prove::errors::earlier as errors;
use crate::prove::{Before, Facts, Refutation, Seen};

/// Cluster API takes a newer version of the same minor, or of the next one.
pub(crate) fn upgrades(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for (site, before) in known(facts) {
        let Some(seen) = &before.version else { continue };
        let version = site.cluster.kubernetes;
        let (Ok(new), Ok(old)) =
            (check_exact_version(version.value), check_exact_version(&seen.text))
        else {
            continue;
        };
        let (name, to) = (site.name, version.value.to_owned());
        let place = [site.at(version.origin)];
        let was = was(facts, before, seen);
        if core(&new) < core(&old) {
            found.push(Refutation::at(place, move |[at]| errors::downgrade(name, &to, &was, at)));
        } else if new.major == old.major && new.minor > old.minor + 1 {
            let next = (old.major, old.minor + 1);
            found.push(Refutation::at(place, move |[at]| {
                errors::two_minors(name, &to, next, &was, at)
            }));
        }
    }
}

/// Cluster API compares versions without what follows `-` and `+`.
const fn core(version: &Exact<'_>) -> (u64, u64, u64) {
    (version.major, version.minor, version.patch)
}

/// What the machines of a cluster were given when they were made stays so.
pub(crate) fn immutable(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for (site, before) in known(facts) {
        let network = &site.cluster.network;
        let cidr = |text: &str| check_cidr(text).ok().map(|it| it.to_string());
        let ip = |text: &str| check_ip(text).ok().map(|it| it.to_string());
        let text = |text: &str| Some(text.to_owned());
        let pods = (network.pods.value, network.pods.origin);
        let services = (network.services.value, network.services.origin);
        let domain = (network.domain.value, network.domain.origin);
        compare(facts, &site, "network.pods", before, &before.pods, pods, cidr, found);
        compare(facts, &site, "network.services", before, &before.services, services, cidr, found);
        compare(facts, &site, "network.domain", before, &before.domain, domain, text, found);
        if let Some(endpoint) = site.cluster.endpoint
            && site.habits().endpoint == Gives::Nothing
        {
            let endpoint = (endpoint.value, endpoint.origin);
            compare(facts, &site, "endpoint", before, &before.endpoint, endpoint, ip, found);
        }
        made_of(facts, &site, before, found);
    }
}

#[expect(clippy::too_many_arguments, reason = "a row of a table of what cannot change")]
fn compare(
    facts: &Facts<'_>,
    site: &Site<'_>,
    field: &'static str,
    before: &Before,
    seen: &Option<Seen>,
    (value, origin): (&str, Origin),
    read: impl Fn(&str) -> Option<String>,
    found: &mut Vec<Refutation>,
) {
    let Some(seen) = seen else { return };
    // What cannot be read is not compared.
    let (Some(new), Some(old)) = (read(value), read(&seen.text)) else { return };
    if new == old {
        return;
    }
    let (name, was) = (site.name, was(facts, before, seen));
    let make =
        move |[at, here]: [_; 2]| errors::immutable(name, field, (&new, &old), &was, at, here);
    found.push(Refutation::at([site.at(origin), site.here()], make));
}

/// A cluster stays one of a ClusterClass, or of plain objects.
fn made_of(facts: &Facts<'_>, site: &Site<'_>, before: &Before, found: &mut Vec<Refutation>) {
    let seen = if site.has_class() { &before.control_plane } else { &before.class };
    let is_other =
        if site.has_class() { before.class.is_none() } else { before.control_plane.is_none() };
    let Some(seen) = seen else { return };
    if !is_other {
        return;
    }
    let (name, has_class, was) = (site.name, site.has_class(), was(facts, before, seen));
    let make = move |[at]: [_; 1]| errors::made_of(name, has_class, &was, at);
    found.push(Refutation::at([site.here()], make));
}

fn was(facts: &Facts<'_>, before: &Before, seen: &Seen) -> errors::Was {
    errors::Was {
        path: before.path.clone(),
        line: seen.line,
        revision: facts.earlier.revision.clone(),
        text: seen.text.clone(),
    }
}

/// The clusters that an earlier build knew.
fn known<'a>(facts: &Facts<'a>) -> Vec<(Site<'a>, &'a Before)> {
    if facts.earlier.clusters.is_empty() {
        return Vec::new();
    }
    let before = |site: Site<'a>| Some((site, facts.earlier.clusters.get(site.name.as_str())?));
    sites(facts).into_iter().filter_map(before).collect()
}
