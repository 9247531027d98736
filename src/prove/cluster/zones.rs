//! Where machines stand, and where the API server is found, on providers that make both.

use crate::machines::network_zone;
use crate::model::Provider;
use crate::prove::cluster::market::providers;
use crate::prove::cluster::site::{Site, sites};
use crate::prove::errors::zones as errors;
use crate::prove::{Facts, Place, Refutation};

/// The port behind a load balancer of CAPA, and before it (`DefaultAPIServerPort`, in `getAPIServerLBSpec`).
const AWS_PORT: i64 = 6443;

/// The locations of a provider lie in one network zone. The webhook of HetznerCluster refuses others.
pub(crate) fn network_zones(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for (block, provider) in providers(facts) {
        let Provider::Hetzner(hetzner) = provider else { continue };
        let Some(first) = hetzner.locations.first() else { continue };
        let zone = |location: &str| network_zone(location).unwrap_or_default();
        let own = zone(first.value.as_str());
        let other = hetzner.locations.iter().find(|it| zone(it.value.as_str()) != own);
        if let Some(other) = other {
            let first = (first.value.as_str(), own);
            let second = (other.value.as_str(), zone(other.value.as_str()));
            let make = move |[at]: [_; 1]| errors::network_zones(first, second, at);
            found.push(Refutation::at([Place::new(block, other.origin)], make));
        }
    }
}

/// A pool stands in a zone that its provider has.
pub(crate) fn zones(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        for (_, pool) in &site.cluster.workers {
            let Some(zone) = pool.zone else { continue };
            let Some((fits, word)) = fits(&site, zone.value) else { continue };
            if fits {
                continue;
            }
            let (name, written) = (pool.name.value, zone.value.to_owned());
            let have = zones_of(site.provider);
            let from = match site.provider {
                Provider::Aws(aws) => Some(aws.region.origin),
                Provider::Hetzner(hetzner) => hetzner.locations.first().map(|it| it.origin),
                Provider::Proxmox(_)
                | Provider::Docker(_)
                | Provider::VSphere(_)
                | Provider::Metal3(_) => None,
            };
            let places =
                [site.at(zone.origin), Place::new(site.provider_block, from.unwrap_or_default())];
            let make =
                move |spans: [_; 2]| errors::unknown_zone(name, &written, word, &have, spans);
            found.push(Refutation::at(places, make));
        }
    }
}

/// Whether a provider has a zone, and what it calls zones; none where nothing is known of them.
fn fits(site: &Site<'_>, zone: &str) -> Option<(bool, &'static str)> {
    match site.provider {
        Provider::Proxmox(_) | Provider::Docker(_) => Some((false, "zone")),
        // Deployment zones of vSphere, and labels of hosts, are made by others.
        Provider::VSphere(_) | Provider::Metal3(_) => None,
        Provider::Aws(aws) => {
            // `eu-west-1a`, and local zones behind a dash: `us-west-2-lax-1a`.
            let rest = zone.strip_prefix(aws.region.value);
            let is_zone = |rest: &str| {
                rest.starts_with('-')
                    || rest.len() == 1 && rest.chars().all(|c| c.is_ascii_lowercase())
            };
            Some((rest.is_some_and(is_zone), "zone"))
        }
        Provider::Hetzner(hetzner) => {
            Some((hetzner.locations.iter().any(|it| it.value.as_str() == zone), "location"))
        }
    }
}

/// The zones that a provider has, or how they begin.
fn zones_of(provider: &Provider<'_>) -> Vec<String> {
    match provider {
        Provider::Proxmox(_) | Provider::Docker(_) | Provider::VSphere(_) | Provider::Metal3(_) => {
            Vec::new()
        }
        Provider::Aws(aws) => vec![format!("{}a", aws.region.value)],
        Provider::Hetzner(hetzner) => {
            hetzner.locations.iter().map(|it| it.value.as_str().to_owned()).collect()
        }
    }
}

/// The load balancer that CAPA makes listens on one port.
pub(crate) fn ports(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        let port = site.cluster.endpoint_port;
        if matches!(site.provider, Provider::Aws(_)) && port.value != AWS_PORT {
            let name = site.name;
            let make = move |[at]: [_; 1]| errors::fixed_port(name, port.value, AWS_PORT, at);
            found.push(Refutation::at([site.at(port.origin)], make));
        }
    }
}
