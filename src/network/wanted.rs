//! What a program wants to be reached.

use ipnet::IpNet;
use rustc_hash::FxHashMap;

use super::index::{Index, here};
use super::plugin::Plugin;
use super::ports::Ports;
use super::selector::{Selector, Test};
use super::standing::{self, Standing};
use crate::eval::Origin;
use crate::model::{Cluster, Namespace, Need, Ref, Resource, ResourceId, Traffic};
use crate::source::Sym;

/// What a namespace that is closed by default, or a `traffic` block, wants on clusters.
#[derive(Clone, PartialEq, Debug)]
pub struct Wanted<'m, 'a, T> {
    /// The block.
    pub block: &'m Resource<'a, T>,
    /// The clusters.
    pub clusters: Vec<Ref>,
    /// The same on all of them.
    pub same: Same,
}

/// What does not depend on the cluster any more.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Same {
    /// Whose policies are written.
    pub spoken: Spoken,
    /// Where every pod looks names up.
    pub dns: Pass,
    /// What is wanted, by pods, with the namespace that they are in.
    pub parts: Vec<(Sym, Part)>,
}

/// Whose policies a cluster gets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Spoken {
    /// Those of Kubernetes; no others are known there.
    Kubernetes,
    /// Those of Kubernetes, and Cilium's for what only they can say.
    Both,
    /// Cilium's alone.
    Cilium,
}

impl Spoken {
    fn on(index: &Index<'_, '_>, cluster: Ref, plugin: Plugin) -> Self {
        let asked = index.clusters.get(&cluster.id).is_some_and(|it| is_asked(it));
        match plugin {
            // Where nobody knows, who asks for them does; that is told of.
            Plugin::Cilium | Plugin::Other if asked => Self::Cilium,
            Plugin::Cilium => Self::Both,
            Plugin::Flannel | Plugin::Other => Self::Kubernetes,
        }
    }
}

/// Whether a cluster asks for Cilium's policies alone.
pub fn is_asked(cluster: &Cluster<'_>) -> bool {
    cluster.network.policies.value.as_str() == "cilium"
}

/// The traffic of pods.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Part {
    /// What they are called together: the block's name.
    pub name: String,
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

/// What every namespace that is closed by default wants.
pub fn wanted<'m, 'a>(index: &Index<'m, 'a>) -> Vec<Wanted<'m, 'a, Namespace<'a>>> {
    let is_closed =
        |it: &&Resource<'_, Namespace<'_>>| it.value.network.value.as_str() == "deny-by-default";
    let closed = index.model.namespaces.iter().filter(is_closed);
    each(index, closed, |standing, namespace| {
        let of = |part| (namespace.name.value, part);
        standing.parts(namespace).into_iter().map(of).collect()
    })
}

/// What `traffic` blocks let through; those that are about open namespaces only let through nothing.
pub fn agreed<'m, 'a>(index: &Index<'m, 'a>) -> Vec<Wanted<'m, 'a, Traffic<'a>>> {
    let mut all = each(index, &index.model.traffic, Standing::agreed);
    all.retain(|it| !it.same.parts.is_empty());
    all
}

/// What blocks want, cluster by cluster; clusters where it is the same are together.
fn each<'i, 'm: 'i, 'a: 'm, T: 'a>(
    index: &'i Index<'m, 'a>,
    blocks: impl IntoIterator<Item = &'m Resource<'a, T>>,
    parts: impl Fn(&Standing<'i, 'a>, &Resource<'a, T>) -> Vec<(Sym, Part)>,
) -> Vec<Wanted<'m, 'a, T>> {
    let mut out: Vec<Wanted<'m, 'a, T>> = Vec::new();
    let mut standings: FxHashMap<ResourceId, Standing<'_, 'a>> = FxHashMap::default();
    for block in blocks {
        let mut places: FxHashMap<Same, usize> = FxHashMap::default();
        for cluster in &block.targets {
            let standing =
                standings.entry(cluster.id).or_insert_with(|| Standing::new(index, *cluster));
            let same = Same {
                spoken: Spoken::on(index, *cluster, standing.plugin),
                dns: standing.dns(),
                parts: parts(standing, block),
            };
            match places.get(&same).and_then(|it| out.get_mut(*it)) {
                Some(known) => known.clusters.push(*cluster),
                None => {
                    places.insert(same.clone(), out.len());
                    out.push(Wanted { block, clusters: vec![*cluster], same });
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

pub(super) fn part(name: &str, pods: Selector) -> Part {
    Part { name: name.to_owned(), pods, ingress: Vec::new(), egress: Vec::new() }
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
