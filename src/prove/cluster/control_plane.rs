//! Control planes: an odd number of machines, each large enough.

use crate::machines::Lookup;
use crate::model::{Of, Purchase};
use crate::prove::cluster::site::{Site, sites};
use crate::prove::errors::control_plane as errors;
use crate::prove::{Facts, Refutation};

/// The cores below which kubeadm's preflight refuses a control-plane machine (`ControlPlaneNumCPU` in kubeadm's constants.go).
const FEWEST_CORES: i64 = 2;

/// The mebibytes below which it refuses one (`ControlPlaneMem`). It divides what the kernel reports by 1024 twice.
const LEAST_MEBIBYTES: i64 = 1700;

/// etcd decides by majority: one member more than an odd number helps nobody. The webhook of KubeadmControlPlane refuses it.
pub(crate) fn odd_members(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for cluster in &facts.model.clusters {
        let Of { value: replicas, origin } = cluster.value.control_plane.replicas;
        if replicas % 2 == 0 {
            let name = cluster.name.value;
            let place = crate::prove::Place::new(cluster.id, origin);
            found.push(Refutation::at([place], move |[at]| errors::even(name, replicas, at)));
        }
    }
}

/// kubeadm looks at a machine before it makes a control plane of it.
pub(crate) fn preflight(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for site in sites(facts) {
        // Where sizes mean nothing, machines are as large as what they run on.
        if site.is_kubeadm() && site.habits().sizes {
            too_small(&site, found);
        }
    }
}

fn too_small(site: &Site<'_>, found: &mut Vec<Refutation>) {
    let machine = &site.cluster.control_plane.machine;
    let name = site.name;
    if let Some(market) = site.provider.market()
        && let Purchase::Named(named, Lookup::Found(it)) = market.purchase(machine)
    {
        // The numbers beside a type are what it has at least.
        let (cores, memory) = (i64::from(it.cpu), i64::from(it.memory));
        if cores < FEWEST_CORES || memory < LEAST_MEBIBYTES {
            let wanted = (FEWEST_CORES, LEAST_MEBIBYTES);
            let make =
                move |[at]: [_; 1]| errors::small_type(name, it.name, (cores, memory), wanted, at);
            found.push(Refutation::at([site.at(named.origin)], make));
        }
        return;
    }
    if let Some(cpu) = machine.cpu.filter(|cpu| cpu.value < FEWEST_CORES) {
        let make = move |[at]: [_; 1]| errors::few_cores(name, cpu.value, FEWEST_CORES, at);
        found.push(Refutation::at([site.at(cpu.origin)], make));
    }
    let least = LEAST_MEBIBYTES << 20;
    if let Some(memory) = machine.memory.filter(|memory| memory.value.amount < least) {
        let amount = memory.value.amount;
        let written = memory.value.written.map_or_else(|| format!("{amount}B"), str::to_owned);
        let make = move |[at]: [_; 1]| errors::little_memory(name, &written, LEAST_MEBIBYTES, at);
        found.push(Refutation::at([site.at(memory.origin)], make));
    }
}
