//! What a program wants to be reached.

use std::hash::BuildHasher as _;

use ipnet::IpNet;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::index::{Index, here};
use super::plugin::Plugin;
use super::ports::Ports;
use super::selector::{Selector, Test};
use super::standing::{self, Standing};
use crate::eval::Origin;
use crate::model::{Namespace, Need, Ref, Resource, ResourceId, Traffic};
use crate::source::Sym;

/// Traffic of a namespace on a cluster.
#[derive(Clone, PartialEq, Debug)]
pub struct Wanted<'m, 'a> {
    /// The namespace.
    pub namespace: &'m Resource<'a, Namespace<'a>>,
    /// The clusters.
    pub clusters: Vec<Ref>,
    /// Whether the policies of Cilium are known there.
    pub has_cilium: bool,
    /// Where every pod looks names up.
    pub dns: Pass,
    /// What is wanted, by pods; by name.
    pub parts: Vec<Part>,
}

/// The traffic of pods.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Part {
    /// What they are called together: the block's name.
    pub name: String,
    /// The resource that they belong to; that of the namespace where they belong to many.
    pub of: ResourceId,
    /// The pods.
    pub pods: Selector,
    /// What may come in.
    pub ingress: Vec<Pass>,
    /// What may go out.
    pub egress: Vec<Pass>,
}

/// Traffic that is let through.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Pass {
    /// Who is at the other end.
    pub ends: Vec<Party>,
    /// On which ports of what is reached.
    pub ports: Ports,
    /// What says so.
    pub origin: Origin,
}

/// The other end.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Party {
    /// Pods of a namespace; of all where there is none.
    Pods(Option<String>, Selector),
    /// Addresses, and what of them is not meant.
    Range(IpNet, Vec<IpNet>),
    /// The API server, as Cilium knows it.
    ApiServer,
    /// Cilium's proxy of Ingresses and Gateways.
    Ingress,
    /// A host outside, as Cilium knows it.
    Host(String),
    /// Anybody.
    Everybody,
}

/// What every namespace that is closed by default wants, cluster by cluster; those of clusters where it is the same are one.
pub fn wanted<'m, 'a>(index: &Index<'m, 'a>) -> Vec<Wanted<'m, 'a>> {
    let model = index.model;
    let mut out: Vec<Wanted<'m, 'a>> = Vec::new();
    let mut standings: FxHashMap<ResourceId, Standing<'_, 'a>> = FxHashMap::default();
    for namespace in &model.namespaces {
        if namespace.value.network.value.as_str() != "deny-by-default" {
            continue;
        }
        // Clusters where all is the same are many, and so may be those where it is not.
        let mut by_digest: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        for cluster in &namespace.targets {
            let standing =
                standings.entry(cluster.id).or_insert_with(|| Standing::new(index, *cluster));
            let new = Wanted {
                namespace,
                clusters: vec![*cluster],
                has_cilium: standing.plugin == Plugin::Cilium,
                dns: standing.dns(),
                parts: standing.parts(namespace),
            };
            let digest = FxBuildHasher.hash_one((new.has_cilium, &new.dns, &new.parts));
            let alike = |it: &usize| {
                out.get(*it).is_some_and(|it: &Wanted<'_, '_>| {
                    it.has_cilium == new.has_cilium && it.dns == new.dns && it.parts == new.parts
                })
            };
            let same = by_digest.get(&digest).into_iter().flatten().copied().find(alike);
            match same.and_then(|it| out.get_mut(it)) {
                Some(known) => known.clusters.push(*cluster),
                None => {
                    by_digest.entry(digest).or_default().push(out.len());
                    out.push(new);
                }
            }
        }
    }
    out
}

/// What a `traffic` block lets through.
#[derive(Clone, PartialEq, Debug)]
pub struct Agreed<'m, 'a> {
    /// The block.
    pub traffic: &'m Resource<'a, Traffic<'a>>,
    /// The clusters.
    pub clusters: Vec<Ref>,
    /// Whether the policies of Cilium are known there.
    pub has_cilium: bool,
    /// Where every pod looks names up.
    pub dns: Pass,
    /// What it is for which pods, with their namespaces.
    pub parts: Vec<(Sym, Part)>,
}

/// What `traffic` blocks let through, cluster by cluster; clusters where it is the same are one.
pub fn agreed<'m, 'a>(index: &Index<'m, 'a>) -> Vec<Agreed<'m, 'a>> {
    let model = index.model;
    let mut out: Vec<Agreed<'m, 'a>> = Vec::new();
    let mut standings: FxHashMap<ResourceId, Standing<'_, 'a>> = FxHashMap::default();
    for traffic in &model.traffic {
        let mut by_digest: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        for cluster in &traffic.targets {
            let standing =
                standings.entry(cluster.id).or_insert_with(|| Standing::new(index, *cluster));
            let new = Agreed {
                traffic,
                clusters: vec![*cluster],
                has_cilium: standing.plugin == Plugin::Cilium,
                dns: standing.dns(),
                parts: standing.agreed(traffic),
            };
            let digest = FxBuildHasher.hash_one((new.has_cilium, &new.dns, &new.parts));
            let alike = |it: &usize| {
                out.get(*it).is_some_and(|it: &Agreed<'_, '_>| {
                    it.has_cilium == new.has_cilium && it.dns == new.dns && it.parts == new.parts
                })
            };
            let same = by_digest.get(&digest).into_iter().flatten().copied().find(alike);
            match same.and_then(|it| out.get_mut(it)) {
                Some(known) => known.clusters.push(*cluster),
                None => {
                    by_digest.entry(digest).or_default().push(out.len());
                    out.push(new);
                }
            }
        }
    }
    out
}

/// Traffic between pods that something declares.
#[derive(Clone, PartialEq, Debug)]
pub struct Declared {
    /// The resource that says so.
    pub by: ResourceId,
    /// Who calls: its name, its namespace, its pods.
    pub from: (String, String, Selector),
    /// Who is called.
    pub to: (String, String, Selector),
    /// On which ports.
    pub ports: Ports,
    /// What says so.
    pub origin: Origin,
}

/// Traffic between pods of a cluster that the program declares, whatever namespaces say.
pub fn declared(index: &Index<'_, '_>, cluster: Ref) -> Vec<Declared> {
    let standing = Standing::new(index, cluster);
    let mut out = Vec::new();
    let named = |party: &Party| match party {
        Party::Pods(Some(namespace), pods) => {
            let name = pods.0.iter().find_map(|it| match &it.test {
                Test::In(values) => values.first().cloned(),
                Test::NotIn(_) | Test::Exists | Test::Absent => None,
            });
            Some((name.unwrap_or_else(|| namespace.clone()), namespace.clone(), pods.clone()))
        }
        Party::Pods(None, _)
        | Party::Range(..)
        | Party::ApiServer
        | Party::Ingress
        | Party::Host(_)
        | Party::Everybody => None,
    };
    let mut take = |by: ResourceId, needs: &[Need]| {
        let own: Vec<_> = standing.pods(by).iter().filter_map(named).collect();
        for pass in standing.to_needed(needs) {
            for (from, to) in own.iter().flat_map(|from| pass.ends.iter().map(move |to| (from, to)))
            {
                if let Some(to) = named(to) {
                    let (ports, origin) = (pass.ports.clone(), pass.origin);
                    out.push(Declared { by, from: from.clone(), to, ports, origin });
                }
            }
        }
    };
    for it in here(&index.workloads, cluster) {
        take(it.id, &it.needs);
    }
    for it in here(&index.jobs, cluster) {
        take(it.id, &it.needs);
    }
    for it in here(&index.workloads, cluster) {
        for (port, scrape) in it.value.scraped() {
            let Some(pass) = standing.collected(standing::one(port), scrape.path.origin) else {
                continue;
            };
            let to: Vec<_> = standing.pods(it.id).iter().filter_map(named).collect();
            for (from, to) in pass
                .ends
                .iter()
                .filter_map(named)
                .flat_map(|from| to.iter().map(move |to| (from.clone(), to.clone())))
            {
                let ports = pass.ports.clone();
                out.push(Declared { by: it.id, from, to, ports, origin: pass.origin });
            }
        }
    }
    out
}

pub(super) fn part<T>(resource: &Resource<'_, T>, name: &str, pods: Selector) -> Part {
    Part { name: name.to_owned(), of: resource.id, pods, ingress: Vec::new(), egress: Vec::new() }
}

impl Part {
    pub(super) fn with(mut self, ingress: Vec<Pass>, egress: Vec<Pass>) -> Self {
        self.ingress = joined(ingress);
        self.egress = joined(egress);
        self
    }
}

/// Passes with the same ports as one, in the order in which they were wanted; none twice.
fn joined(passes: Vec<Pass>) -> Vec<Pass> {
    let mut out: Vec<Pass> = Vec::new();
    for pass in passes {
        match out.iter_mut().find(|it| it.ports == pass.ports) {
            Some(known) => {
                for end in pass.ends {
                    if !known.ends.contains(&end) {
                        known.ends.push(end);
                    }
                }
            }
            None => out.push(pass),
        }
    }
    out
}
