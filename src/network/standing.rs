//! What stands on a cluster, and what of it calls what.

use ipnet::IpNet;
use rustc_hash::FxHashMap;

use super::index::{Index, here};
use super::plugin::Plugin;
use super::ports::{Ports, Protocol};
use super::selector::{Requirement, Selector, Test};
use super::wanted::{Part, Party, Pass, part};
use crate::charts;
use crate::eval::Origin;
use crate::model::{
    Backup, Cluster, Database, Job, Map, Model, Namespace, Need, Of, Os, PodShape, Port, Ref,
    Resource, ResourceId, Traffic, Workload,
};
use crate::source::Sym;

/// The label by which the pods of a block are found.
pub(super) const NAME: &str = "app.kubernetes.io/name";
/// The label by which CloudNativePG marks the pods of a database.
const DATABASE: &str = "cnpg.io/cluster";
/// That of the pods of a pool.
const POOLER: &str = "cnpg.io/poolerName";
pub(super) const POSTGRES: u16 = 5432;
/// Where CloudNativePG's operator asks its servers how they are, and they ask one another.
const POSTGRES_STATUS: u16 = 8000;
const POSTGRES_METRICS: u16 = 9187;
const POOLER_METRICS: u16 = 9127;
/// Where machines of Talos have their API.
const TALOS: u16 = 50_000;

/// What stands on a cluster.
pub(super) struct Standing<'m, 'a> {
    pub(super) index: &'m Index<'m, 'a>,
    pub(super) model: &'m Model<'a>,
    pub(super) cluster: Ref,
    pub(super) block: Option<&'m Cluster<'a>>,
    pub(super) plugin: Plugin,
    pub(super) workloads: FxHashMap<ResourceId, &'m Resource<'a, Workload<'a>>>,
    pub(super) jobs: FxHashMap<ResourceId, &'m Resource<'a, Job<'a>>>,
    pub(super) databases: FxHashMap<ResourceId, &'m Resource<'a, Database<'a>>>,
    pub(super) backups: FxHashMap<ResourceId, &'m Resource<'a, Backup<'a>>>,
    /// Who needs a resource, and how it says so.
    pub(super) needers: FxHashMap<ResourceId, Vec<(ResourceId, Need)>>,
    /// Resources of each namespace, by its number.
    pub(super) within: FxHashMap<ResourceId, Vec<ResourceId>>,
    /// Where Prometheus runs: in a namespace, or who knows where.
    pub(super) prometheus: Vec<Option<String>>,
    /// The namespaces of what carries traffic in from outside.
    pub(super) gateways: Vec<Sym>,
    /// The namespaces of CloudNativePG's operator.
    pub(super) operators: Vec<Sym>,
    /// The namespaces of pods that no block describes, with whether some of these must be reached from outside, or nobody knows.
    pub(super) others: FxHashMap<ResourceId, bool>,
}

impl<'m, 'a> Standing<'m, 'a> {
    pub(super) fn new(index: &'m Index<'m, 'a>, cluster: Ref) -> Self {
        let mut standing = Self {
            index,
            model: index.model,
            cluster,
            block: index.clusters.get(&cluster.id).copied(),
            plugin: Plugin::of(index, cluster),
            workloads: FxHashMap::default(),
            jobs: FxHashMap::default(),
            databases: FxHashMap::default(),
            backups: FxHashMap::default(),
            needers: FxHashMap::default(),
            within: FxHashMap::default(),
            prometheus: Vec::new(),
            gateways: Vec::new(),
            operators: Vec::new(),
            others: FxHashMap::default(),
        };
        for it in here(&index.workloads, cluster) {
            standing.workloads.insert(it.id, it);
            standing.stands(it, it.value.namespace.value.id);
        }
        for it in here(&index.jobs, cluster) {
            standing.jobs.insert(it.id, it);
            standing.stands(it, it.value.namespace.value.id);
        }
        for it in here(&index.databases, cluster) {
            standing.databases.insert(it.id, it);
            standing.stands(it, it.value.namespace.value.id);
        }
        for it in here(&index.backups, cluster) {
            standing.backups.insert(it.id, it);
            standing.stands(it, it.value.base().namespace.value.id);
        }
        standing.look_around(cluster);
        standing
    }

    fn stands<T>(&mut self, it: &Resource<'a, T>, namespace: ResourceId) {
        self.within.entry(namespace).or_default().push(it.id);
        for need in &it.needs {
            self.needers.entry(need.to.id).or_default().push((it.id, *need));
        }
    }

    /// Software whose pods no block describes.
    fn look_around(&mut self, cluster: Ref) {
        let index = self.index;
        for it in here(&index.addons, cluster) {
            let addon = &it.value;
            let chart = addon.chart.map(|it| it.name.value);
            let carries = chart.is_some_and(charts::carries_traffic);
            let known = chart.is_some_and(|it| charts::brought_by(it).is_some());
            *self.others.entry(addon.namespace.value.id).or_default() |= carries || !known;
            if chart.is_some_and(|it| charts::short_name(it) == "cloudnative-pg") {
                self.operators.push(addon.namespace.value.name);
            }
            if carries {
                self.gateways.push(addon.namespace.value.name);
            }
        }
        for it in here(&index.monitorings, cluster) {
            self.others.entry(it.value.namespace.value.id).or_default();
            self.prometheus.push(Some(it.value.namespace.value.name.to_string()));
        }
        if here(&index.external_monitorings, cluster).next().is_some() {
            self.prometheus.push(None);
        }
        for names in [&mut self.gateways, &mut self.operators] {
            names.sort_by_key(|it| it.as_str());
            names.dedup();
        }
        self.prometheus.sort();
        self.prometheus.dedup();
    }

    pub(super) fn dns(&self) -> Pass {
        let rule = Origin::rule("names can be looked up in every namespace");
        let Some(block) = self.block else {
            let pods = Selector::labels([("k8s-app", "kube-dns")]);
            let ends = vec![Party::Pods(Some("kube-system".to_owned()), pods)];
            return Pass { ends, ports: lookups(53), origin: rule };
        };
        let dns = &block.network.dns;
        let labels = dns.pods.iter().map(|(key, value)| (key.as_str(), value.value));
        let mut ends =
            vec![Party::Pods(Some(dns.namespace.value.to_string()), Selector::labels(labels))];
        if let Some(cache) = dns.node_local.and_then(|it| it.value.parse::<std::net::IpAddr>().ok())
        {
            ends.push(Party::Range(IpNet::from(cache), Vec::new()));
        }
        Pass { ends, ports: lookups(port(dns.port)).and(&lookups(53)), origin: dns.port.origin }
    }

    pub(super) fn parts(&self, namespace: &Resource<'a, Namespace<'a>>) -> Vec<Part> {
        let id = namespace.id;
        let mut parts: Vec<Part> = Vec::new();
        for inner in self.within.get(&id).into_iter().flatten() {
            if let Some(it) = self.workloads.get(inner) {
                parts.push(self.workload(it));
            } else if let Some(it) = self.jobs.get(inner) {
                parts.push(self.job(it));
            } else if let Some(it) = self.databases.get(inner) {
                self.database(it, &mut parts);
            } else if let Some(it) = self.backups.get(inner) {
                parts.push(self.backup(it));
            }
        }
        if let Some(others) = self.others.get(&id) {
            parts.push(self.others(namespace, *others));
        }
        parts.retain(|it| !it.ingress.is_empty() || !it.egress.is_empty());
        parts.sort_by(|a, b| a.name.cmp(&b.name));
        parts
    }

    fn workload(&self, resource: &Resource<'a, Workload<'a>>) -> Part {
        let it = &resource.value;
        let mut ingress = self.passes_of_needers(resource.id, |name| of_workload(it, name));
        let own = self.pods(resource.id);
        if it.pod_shape() == PodShape::Stateful && !it.port.is_empty() {
            let rule = Origin::rule("the pods of a StatefulSet reach one another on its ports");
            ingress.push(Pass { ends: own.clone(), ports: of_workload(it, None), origin: rule });
        }
        for (name, expose) in &it.expose {
            let Some((_, port)) = it.port.iter().find(|(known, _)| known == name) else { continue };
            let gateway = expose.gateway.and_then(|it| it.namespace).map(|it| it.value.name);
            let (ends, origin) = (self.ends_outside(gateway), expose.host.origin);
            ingress.push(Pass { ends, ports: one(port), origin });
        }
        for (port, scrape) in it.scraped() {
            ingress.extend(self.collected(one(port), scrape.path.origin));
        }
        let mut egress = self.to_needed(&resource.needs);
        if it.pod_shape() == PodShape::Stateful && !it.port.is_empty() {
            let rule = Origin::rule("the pods of a StatefulSet reach one another on its ports");
            egress.push(Pass { ends: own, ports: of_workload(it, None), origin: rule });
        }
        if it.security.service_account_token.value {
            egress.push(self.api_server(it.security.service_account_token.origin));
        }
        part(it.name.value.as_str(), Selector::labels([(NAME, it.name.value.as_str())]))
            .with(ingress, egress)
    }

    fn job(&self, resource: &Resource<'a, Job<'a>>) -> Part {
        let it = &resource.value;
        let mut egress = self.to_needed(&resource.needs);
        if it.security.service_account_token.value {
            egress.push(self.api_server(it.security.service_account_token.origin));
        }
        part(it.name.value.as_str(), Selector::labels([(NAME, it.name.value.as_str())]))
            .with(Vec::new(), egress)
    }

    /// What saves reaches the bucket and, on Talos, the machines; those that use their node's network are not held by policies.
    fn backup(&self, resource: &Resource<'a, Backup<'a>>) -> Part {
        let base = resource.value.base();
        let name = base.name.value.as_str();
        let mut egress = self.to_needed(&resource.needs);
        let target = &base.target;
        egress.push(self.to_store(target.endpoint.map(|it| it.value), target.bucket.origin));
        if matches!(self.block.map(|it| &it.os), Some(Os::Talos(_))) {
            let rule = Origin::rule("on Talos, snapshots come from the API of the machines");
            let ports = Ports::one(Protocol::Tcp, TALOS);
            egress.push(Pass { ends: vec![Party::Everybody], ports, origin: rule });
        }
        part(name, Selector::labels([(NAME, name)])).with(Vec::new(), egress)
    }

    fn database(&self, resource: &Resource<'a, Database<'a>>, parts: &mut Vec<Part>) {
        let it = &resource.value;
        let name = it.name.value.as_str();
        let rule = Origin::rule("the servers of a database, their pools and their operator talk");
        let queries = Ports::one(Protocol::Tcp, POSTGRES);
        let status = queries.and(&Ports::one(Protocol::Tcp, POSTGRES_STATUS));
        let space = it.namespace.value.name.to_string();
        let servers = Party::Pods(Some(space.clone()), Selector::labels([(DATABASE, name)]));
        let mut ingress = self.passes_of_needers(resource.id, |_| queries.clone());
        let pools: Vec<Party> =
            self.pods(resource.id).into_iter().filter(|it| *it != servers).collect();
        if !pools.is_empty() {
            ingress.push(Pass { ends: pools, ports: queries.clone(), origin: rule });
        }
        ingress.push(Pass { ends: vec![servers.clone()], ports: status.clone(), origin: rule });
        if !self.operators.is_empty() {
            let all = |name: &Sym| Party::Pods(Some(name.to_string()), Selector::default());
            let ends = self.operators.iter().map(all).collect();
            ingress.push(Pass { ends, ports: status.clone(), origin: rule });
        }
        if it.scrape.value {
            let metrics = Ports::one(Protocol::Tcp, POSTGRES_METRICS);
            ingress.extend(self.collected(metrics, it.scrape.origin));
        }
        let mut egress = vec![
            Pass { ends: vec![servers.clone()], ports: status, origin: rule },
            self.api_server(rule),
        ];
        egress.extend(self.to_needed(&resource.needs));
        if let Some(backup) = &it.backup {
            let origin = backup.target.bucket.origin;
            egress.push(self.to_store(backup.target.endpoint.map(|it| it.value), origin));
        }
        parts.push(part(name, Selector::labels([(DATABASE, name)])).with(ingress, egress));
        for (pool, _) in &it.pooler {
            let full = format!("{name}-{pool}");
            let mut ingress = self.passes_of_needers(resource.id, |_| queries.clone());
            if it.scrape.value {
                let metrics = Ports::one(Protocol::Tcp, POOLER_METRICS);
                ingress.extend(self.collected(metrics, it.scrape.origin));
            }
            let egress = vec![
                Pass { ends: vec![servers.clone()], ports: queries.clone(), origin: rule },
                self.api_server(rule),
            ];
            let pods = Selector::labels([(POOLER, full.as_str())]);
            parts.push(part(&full, pods).with(ingress, egress));
        }
    }

    /// Pods that no block describes: those of charts.
    fn others(&self, namespace: &Resource<'a, Namespace<'a>>, is_open: bool) -> Part {
        let known = self.within.get(&namespace.id).into_iter().flatten();
        let mut names: Vec<String> = known
            .filter_map(|id| {
                let workload = self.workloads.get(id).map(|it| it.value.name.value);
                let job = || self.jobs.get(id).map(|it| it.value.name.value);
                let backup = || self.backups.get(id).map(|it| it.value.base().name.value);
                workload.or_else(job).or_else(backup)
            })
            .map(|it| it.to_string())
            .collect();
        names.sort();
        let mut pods = Vec::new();
        if !names.is_empty() {
            pods.push(Requirement { key: NAME.to_owned(), test: Test::NotIn(names) });
        }
        if self.databases.values().any(|it| it.value.namespace.value.id == namespace.id) {
            pods.push(Requirement { key: DATABASE.to_owned(), test: Test::Absent });
        }
        let rule =
            Origin::rule("what charts bring works among itself, and is called by the API server");
        let space = namespace.name.value.to_string();
        let own = Party::Pods(Some(space), Selector::default());
        let mut ingress = Vec::new();
        if is_open {
            let rule = Origin::rule("what carries traffic in, or is not known, is reached by all");
            ingress.push(Pass { ends: vec![Party::Everybody], ports: Ports::all(), origin: rule });
        } else {
            ingress.push(Pass { ends: vec![own], ports: Ports::all(), origin: rule });
            ingress.push(Pass { ports: Ports::all(), ..self.api_server(rule) });
            ingress.extend(self.collected(Ports::all(), rule));
            let addons = here(&self.index.addons, self.cluster);
            for addon in addons.filter(|it| it.value.namespace.value.id == namespace.id) {
                ingress.extend(self.passes_of_needers(addon.id, |_| Ports::all()));
            }
        }
        let rule = Origin::rule("what charts bring may reach all that it wants");
        let egress = vec![Pass { ends: vec![Party::Everybody], ports: Ports::all(), origin: rule }];
        part("others", Selector(pods)).with(ingress, egress)
    }

    /// The policies that traffic becomes, and in which namespaces.
    pub(super) fn agreed(&self, traffic: &Resource<'a, Traffic<'a>>) -> Vec<(Sym, Part)> {
        let it = &traffic.value;
        let comes = it.direction.value.as_str() == "ingress";
        let (ports, origin) = (ports_of(it), it.reason.origin);
        let mut ends: Vec<Party> = Vec::new();
        if it.everybody.value {
            ends.push(Party::Everybody);
        }
        if it.api_server.value {
            ends.extend(self.api_server(origin).ends);
        }
        for other in &it.namespaces {
            ends.push(Party::Pods(Some(other.value.name.to_string()), Selector::default()));
        }
        for other in &it.workloads {
            ends.extend(self.pods(other.value.id));
        }
        for range in &it.addresses {
            if let Ok(range) = range.value.parse::<IpNet>() {
                ends.push(Party::Range(range.trunc(), Vec::new()));
            }
        }
        let space = it.namespace.value.name;
        let own: Vec<Party> = match it.pods.as_slice() {
            [] => vec![Party::Pods(Some(space.to_string()), Selector::default())],
            pods => pods.iter().flat_map(|it| self.pods(it.value.id)).collect(),
        };
        let mut sides: Vec<(Party, bool, Vec<Party>)> =
            own.iter().map(|party| (party.clone(), comes, ends.clone())).collect();
        // What one side says to send is let into the other, too.
        let others = ends.iter().filter(|it| matches!(it, Party::Pods(..)));
        sides.extend(others.map(|party| (party.clone(), !comes, own.clone())));
        let mut out = Vec::new();
        for (party, comes, ends) in sides {
            let Party::Pods(Some(space), pods) = party else { continue };
            let space = Sym::new(&space);
            if !self.is_closed(space) {
                continue;
            }
            let pass = Pass { ends, ports: ports.clone(), origin };
            let number = out.len() + 1;
            let name = match number {
                1 => format!("traffic-{}", it.name.value),
                _ => format!("traffic-{}-{number}", it.name.value),
            };
            let new = part(&name, pods);
            out.push((
                space,
                match comes {
                    true => new.with(vec![pass], Vec::new()),
                    false => new.with(Vec::new(), vec![pass]),
                },
            ));
        }
        out
    }

    /// Whether a namespace of the cluster is closed by default.
    fn is_closed(&self, name: Sym) -> bool {
        here(&self.index.namespaces, self.cluster)
            .any(|it| it.name.value == name && it.value.network.value.as_str() == "deny-by-default")
    }

    /// The pods of a resource; none where they are not known here.
    pub(super) fn pods(&self, id: ResourceId) -> Vec<Party> {
        let named = |namespace: &Of<Ref>, name: Sym| {
            let space = Some(namespace.value.name.to_string());
            vec![Party::Pods(space, Selector::labels([(NAME, name.as_str())]))]
        };
        if let Some(it) = self.workloads.get(&id) {
            return named(&it.value.namespace, it.value.name.value);
        }
        if let Some(it) = self.jobs.get(&id) {
            return named(&it.value.namespace, it.value.name.value);
        }
        if let Some(it) = self.backups.get(&id) {
            let base = it.value.base();
            return named(&base.namespace, base.name.value);
        }
        if let Some(it) = self.databases.get(&id) {
            let (name, space) = (it.value.name.value, it.value.namespace.value.name.to_string());
            let servers = Selector::labels([(DATABASE, name.as_str())]);
            let mut all = vec![Party::Pods(Some(space.clone()), servers)];
            for (pool, _) in &it.value.pooler {
                let full = format!("{name}-{pool}");
                let pods = Selector::labels([(POOLER, full.as_str())]);
                all.push(Party::Pods(Some(space.clone()), pods));
            }
            return all;
        }
        Vec::new()
    }
}

/// The ports that traffic is about.
fn ports_of(traffic: &Traffic<'_>) -> Ports {
    let protocol = Protocol::of(traffic.protocol.value.as_str()).unwrap_or(Protocol::Tcp);
    match (traffic.ports.as_slice(), traffic.everybody.value) {
        ([], true) => Ports::all(),
        ([], false) => Ports::all_of(protocol),
        (ports, _) => {
            let one = |it: &Of<i64>| Ports::one(protocol, port(*it));
            ports.iter().fold(Ports::none(), |sum, it| sum.and(&one(it)))
        }
    }
}

fn lookups(port: u16) -> Ports {
    Ports::one(Protocol::Udp, port).and(&Ports::one(Protocol::Tcp, port))
}

pub(super) fn port(number: Of<i64>) -> u16 {
    // The type of the field bounds it.
    u16::try_from(number.value).unwrap_or(u16::MAX)
}

pub(super) fn one(it: &Port<'_>) -> Ports {
    let protocol = Protocol::of(it.protocol.value.as_str()).unwrap_or(Protocol::Tcp);
    Ports::one(protocol, port(it.number))
}

/// A port of a workload, or all of them.
pub(super) fn of_workload(it: &Workload<'_>, name: Option<Sym>) -> Ports {
    let ports: &Map<Port<'_>> = &it.port;
    let meant = ports.iter().filter(|(known, _)| name.is_none_or(|it| it == *known));
    meant.fold(Ports::none(), |sum, (_, it)| sum.and(&one(it)))
}

/// The label of each kind of pod that a database has: of its servers, and of each pool before them.
pub fn labels_of_database(it: &Database<'_>) -> Vec<(String, String)> {
    let name = it.name.value;
    let pools = it.pooler.iter().map(|(pool, _)| (POOLER.to_owned(), format!("{name}-{pool}")));
    std::iter::once((DATABASE.to_owned(), name.to_string())).chain(pools).collect()
}
