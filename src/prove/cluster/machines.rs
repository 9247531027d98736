//! What machines ask of their provider: hosts that are there, cores that it makes, credentials, and a way out of their network.

use rustc_hash::FxHashMap;

use crate::model::{Machine, Metal3, Provider, VSphere};
use crate::prove::cluster::site::{Gives, Site, sites};
use crate::prove::errors::machines as errors;
use crate::prove::errors::machines::{Part, Short};
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

/// The fewest cores of a machine that CAPV makes (`numCPUs` in its CRDs).
const FEWEST_CORES: i64 = 2;

/// The machines of a cluster, and which part of it each is.
fn machines<'a>(site: &Site<'a>) -> impl Iterator<Item = (Part, &'a Machine<'a>)> + use<'a> {
    let cluster = site.cluster;
    let control_plane = std::iter::once((Part::ControlPlane, &cluster.control_plane.machine));
    let pools = cluster.workers.iter().map(|(name, pool)| (Part::Pool(*name), &pool.machine));
    control_plane.chain(pools)
}

/// Every machine on bare metal gets a host of a class that is there, and large enough.
pub(crate) fn hosts(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        let Provider::Metal3(provider) = site.provider else { continue };
        for (part, machine) in machines(&site) {
            host(&site, provider, part, machine, found);
        }
    }
}

fn host(
    site: &Site<'_>,
    provider: &Metal3<'_>,
    part: Part,
    machine: &Machine<'_>,
    found: &mut Vec<Refutation>,
) {
    if provider.host_class(machine).is_some() {
        return;
    }
    let cluster = site.name;
    if let Some(named) = machine.r#type {
        let wanted = named.value.to_owned();
        let known: Vec<Sym> = provider.hosts.iter().map(|(name, _)| *name).collect();
        let make =
            move |[at]: [_; 1]| errors::unknown_host_class(cluster, part, &wanted, &known, at);
        found.push(Refutation::at([site.at(named.origin)], make));
        return;
    }
    // A machine without either is no machine of the library's.
    let (Some(cpu), Some(memory)) = (machine.cpu, machine.memory) else { return };
    let classes: Vec<(Sym, i64, i64)> = provider
        .hosts
        .iter()
        .filter_map(|(name, class)| class.size().map(|(cpu, memory)| (*name, cpu, memory)))
        .collect();
    let most_cores = classes.iter().max_by_key(|(_, cpu, memory)| (*cpu, *memory)).copied();
    let most_memory = classes.iter().max_by_key(|(_, cpu, memory)| (*memory, *cpu)).copied();
    let (short, origin) = match (most_cores, most_memory) {
        (Some(most), _) if most.1 < cpu.value => (Short::Cores(cpu.value, most), cpu.origin),
        (_, Some(most)) if most.2 < memory.value.amount => {
            (Short::Memory(memory.value.amount, most), memory.origin)
        }
        (Some(cores), Some(bytes)) => {
            (Short::Both((cpu.value, memory.value.amount), cores, bytes), memory.origin)
        }
        _ => (Short::Unknown, cpu.origin),
    };
    let make = move |[at]: [_; 1]| errors::no_host_class(cluster, part, short, at);
    found.push(Refutation::at([site.at(origin)], make));
}

/// CAPV makes no machine with a single core.
pub(crate) fn cores(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        if !matches!(site.provider, Provider::VSphere(_)) {
            continue;
        }
        for (part, machine) in machines(&site) {
            // kubeadm wants as many of a control plane, and that is said already.
            if part == Part::ControlPlane && site.is_kubeadm() {
                continue;
            }
            let Some(cpu) = machine.cpu.filter(|cpu| cpu.value < FEWEST_CORES) else { continue };
            let cluster = site.name;
            let make = move |[at]: [_; 1]| errors::few_cores(cluster, part, FEWEST_CORES, at);
            found.push(Refutation::at([site.at(cpu.origin)], make));
        }
    }
}

/// Machines that do not ask DHCP are told their gateway.
pub(crate) fn gateways(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        let first = site.cluster.addresses.first().and_then(|range| range.low.or(range.high));
        let (Gives::Rest, None, Some(first)) = (site.habits().addresses, site.wire(), first) else {
            continue;
        };
        let (cluster, bare) = (site.name, matches!(site.provider, Provider::Metal3(_)));
        let make = move |[at, provider]: [_; 2]| errors::no_gateway(cluster, bare, at, provider);
        let places = [site.at(first.origin), Place::name(site.provider_block)];
        found.push(Refutation::at(places, make));
    }
}

/// A Secret with credentials for vSphere belongs to a single cluster.
pub(crate) fn secrets(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let sites = sites(facts);
    let mut owners: FxHashMap<Sym, &Site<'_>> = FxHashMap::default();
    for site in &sites {
        let Provider::VSphere(VSphere { credentials, credentials_kind, .. }) = site.provider else {
            continue;
        };
        if credentials_kind.value.as_str() != "secret" {
            continue;
        }
        let secret = credentials.value;
        let Some(owner) = owners.get(&secret) else {
            owners.insert(secret, site);
            continue;
        };
        let names = (site.name, owner.name);
        let kind = Place::new(site.provider_block, credentials_kind.origin);
        let places = [site.here(), owner.here(), kind];
        found
            .push(Refutation::at(places, move |spans| errors::shared_secret(secret, names, spans)));
    }
}
