//! Pools of machines: how many, and how their machines are called.

use rustc_hash::FxHashMap;

use crate::eval::Origin;
use crate::model::{NodePool, Range};
use crate::prove::cluster::site::{Site, sites};
use crate::prove::errors::pools as errors;
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

/// How many pools a cluster of a ClusterClass may have: each has a class of its own, and the CRD takes no more of them.
const MOST_CLASSES: usize = 100;

/// The longest name of a MachineDeployment: it is the value of a label of its machines (`cluster.x-k8s.io/deployment-name`).
const LONGEST_NAME: usize = 63;

/// How much of a name stands before the five random characters that Cluster API adds (`maxGeneratedNameLength`).
const KEPT: usize = 58;

/// What the control plane of a cluster of plain objects is called, behind the cluster's name.
const CONTROL_PLANE: &str = "control-plane";

/// The autoscaler's bounds have two ends, and the machines that there are at first lie between them.
pub(crate) fn scales(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for cluster in &facts.model.clusters {
        for (_, pool) in &cluster.value.workers {
            if let Some(scale) = pool.scale {
                scaled(cluster.name.value, cluster.id, pool, scale, found);
            }
        }
    }
}

fn scaled(
    cluster: Sym,
    id: crate::model::ResourceId,
    pool: &NodePool<'_>,
    scale: Range<i64>,
    found: &mut Vec<Refutation>,
) {
    let name = pool.name.value;
    let (low, high) = match (scale.low, scale.high) {
        (Some(low), Some(high)) => (low, high),
        (Some(end), None) | (None, Some(end)) => {
            let has_low = scale.low.is_some();
            let make = move |[at]: [_; 1]| errors::open_scale(cluster, name, has_low, at);
            found.push(Refutation::at([Place::new(id, end.origin)], make));
            return;
        }
        (None, None) => return,
    };
    let replicas = pool.replicas;
    if low.value < 0 {
        let make = move |[at]: [_; 1]| errors::negative_scale(cluster, name, low.value, at);
        found.push(Refutation::at([Place::new(id, low.origin)], make));
    } else if !(low.value..=high.value).contains(&replicas.value) {
        let places = [Place::new(id, replicas.origin), Place::new(id, low.origin), Place::name(id)];
        let bounds = (low.value, high.value);
        let make =
            move |spans: [_; 3]| errors::outside(cluster, name, replicas.value, bounds, spans);
        found.push(Refutation::at(places, make));
    }
}

/// While machines are replaced, there is one more or one less.
pub(crate) fn rollouts(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for cluster in &facts.model.clusters {
        for (_, pool) in &cluster.value.workers {
            if pool.max_surge.value == 0 && pool.max_unavailable.value == 0 {
                let (cluster_name, name) = (cluster.name.value, pool.name.value);
                let at = |origin: Origin| Place::new(cluster.id, origin);
                let places =
                    [at(pool.max_surge.origin), at(pool.max_unavailable.origin), at(Origin::NONE)];
                let make = move |spans: [_; 3]| errors::stuck(cluster_name, name, spans);
                found.push(Refutation::at(places, make));
            }
        }
    }
}

/// MachineDeployments have names that fit, and that no other has.
pub(crate) fn names(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut known: FxHashMap<String, (Sym, Sym, Place)> = FxHashMap::default();
    for site in sites(facts) {
        if site.has_class() {
            many(&site, found);
            cut(&site, found);
            continue;
        }
        for (_, pool) in &site.cluster.workers {
            let whole = format!("{}-{}", site.name, pool.name.value);
            let place = site.at(pool.name.origin);
            let (cluster, name) = (site.name, pool.name.value);
            if whole.len() > LONGEST_NAME {
                let make =
                    move |[at]: [_; 1]| errors::long(cluster, name, &whole, LONGEST_NAME, at);
                found.push(Refutation::at([place], make));
                continue;
            }
            if name.as_str() == CONTROL_PLANE {
                let make = move |[at]: [_; 1]| errors::reserved(cluster, &whole, at);
                found.push(Refutation::at([place], make));
                continue;
            }
            match known.get(&whole) {
                Some(&(other, its_pool, its_place)) => {
                    let make = move |[at, because]: [_; 2]| {
                        errors::one_name((cluster, name), (other, its_pool), &whole, at, because)
                    };
                    found.push(Refutation::at([place, its_place], make));
                }
                None => {
                    known.insert(whole, (cluster, name, place));
                }
            }
        }
    }
}

fn many(site: &Site<'_>, found: &mut Vec<Refutation>) {
    let pools = site.cluster.workers.len();
    if pools > MOST_CLASSES {
        let name = site.name;
        let make = move |[at]: [_; 1]| errors::many(name, pools, MOST_CLASSES, at);
        found.push(Refutation::at([site.here()], make));
    }
}

/// What Cluster API makes of a ClusterClass has generated names, which are cut to fit: two pools may look alike then.
fn cut(site: &Site<'_>, found: &mut Vec<Refutation>) {
    let mut known: FxHashMap<String, Sym> = FxHashMap::default();
    for (_, pool) in &site.cluster.workers {
        let (cluster, name) = (site.name, pool.name.value);
        let mut whole = format!("{cluster}-{name}-");
        if whole.len() <= KEPT {
            continue;
        }
        // Names are ASCII.
        whole.truncate(KEPT);
        match known.get(&whole) {
            Some(&other) => {
                let make = move |[at]: [_; 1]| errors::alike(cluster, name, other, &whole, at);
                found.push(Refutation::at([site.at(pool.name.origin)], make));
            }
            None => {
                known.insert(whole, name);
            }
        }
    }
}
