//! Who is at the other end.

use ipnet::{IpNet, IpSubnets, Ipv4Subnets, Ipv6Subnets};

use super::index::here;
use super::plugin::Plugin;
use super::ports::{Ports, Protocol};
use super::selector::Selector;
use super::standing::{NAME, POSTGRES, Standing, of_workload, port};
use super::wanted::{Party, Pass};
use crate::eval::Origin;
use crate::model::{Need, ResourceId, Service};
use crate::source::Sym;

impl<'a> Standing<'_, 'a> {
    /// Those who need a resource.
    pub(super) fn passes_of_needers(
        &self,
        id: ResourceId,
        ports: impl Fn(Option<Sym>) -> Ports,
    ) -> Vec<Pass> {
        let mut out: Vec<Pass> = Vec::new();
        for (by, need) in self.needers.get(&id).into_iter().flatten() {
            let (ends, ports) = (self.pods(*by), ports(need.port));
            if !ends.is_empty() && !ports.is_empty() {
                out.push(Pass { ends, ports, origin: need.origin });
            }
        }
        out
    }

    /// What is needed.
    pub(super) fn to_needed(&self, needs: &[Need]) -> Vec<Pass> {
        let mut out = Vec::new();
        for need in needs {
            let (id, origin) = (need.to.id, need.origin);
            if let Some(it) = self.workloads.get(&id) {
                let ports = of_workload(&it.value, need.port);
                out.push(Pass { ends: self.pods(id), ports, origin });
            } else if self.databases.contains_key(&id) {
                let ports = Ports::one(Protocol::Tcp, POSTGRES);
                out.push(Pass { ends: self.pods(id), ports, origin });
            } else if let Some(it) = here(&self.index.addons, self.cluster).find(|it| it.id == id) {
                let space = it.value.namespace.value.name.to_string();
                let ends = vec![Party::Pods(Some(space), Selector::default())];
                out.push(Pass { ends, ports: Ports::all(), origin });
            } else if let Some(it) = self.model.external_services.iter().find(|it| it.id == id) {
                out.push(self.to_service(&it.value, need));
            }
        }
        out.retain(|it: &Pass| !it.ends.is_empty() && !it.ports.is_empty());
        out
    }

    pub(super) fn to_service(&self, service: &Service<'a>, need: &Need) -> Pass {
        let known = service.port.iter().filter(|(name, _)| need.port.is_none_or(|it| it == *name));
        let ports = known.fold(Ports::none(), |sum, (_, it)| {
            let protocol = Protocol::of(it.protocol.value.as_str()).unwrap_or(Protocol::Tcp);
            sum.and(&Ports::one(protocol, port(it.number)))
        });
        let ranges = service.addresses.iter().filter_map(|it| it.value.parse::<IpNet>().ok());
        let mut ends: Vec<Party> = ranges.map(|it| Party::Range(it.trunc(), Vec::new())).collect();
        if ends.is_empty() {
            ends = self.to_host(service.host.map(|it| it.value));
        }
        Pass { ends, ports, origin: need.origin }
    }

    /// A store of objects: its host, on the port that its address says.
    pub(super) fn to_store(&self, endpoint: Option<&str>, origin: Origin) -> Pass {
        let url = endpoint.and_then(|it| it.split_once("://"));
        let (scheme, rest) = url.unwrap_or(("https", endpoint.unwrap_or_default()));
        let authority = rest.split('/').next().unwrap_or_default();
        let (host, number) = match authority.rsplit_once(':') {
            Some((host, number)) => (host, number.parse::<u16>().ok()),
            None => (authority, None),
        };
        let number = number.unwrap_or(if scheme == "http" { 80 } else { 443 });
        // A store in the cluster is a Service: its pods are not known.
        let ends = if host.ends_with(".svc") || host.contains(".svc.") {
            let space = host.split('.').nth(1).map(str::to_owned);
            return Pass {
                ends: vec![Party::Pods(space, Selector::default())],
                ports: Ports::all_of(Protocol::Tcp),
                origin,
            };
        } else {
            self.to_host((!host.is_empty()).then_some(host))
        };
        Pass { ends, ports: Ports::one(Protocol::Tcp, number), origin }
    }

    /// A host outside. But for Cilium, policies know no names: it may be anywhere outside of the cluster.
    pub(super) fn to_host(&self, host: Option<&str>) -> Vec<Party> {
        match host {
            Some(host) if self.plugin == Plugin::Cilium => vec![Party::Host(host.to_owned())],
            _ => self.outside(),
        }
    }

    /// All addresses but those of pods and Services.
    pub(super) fn outside(&self) -> Vec<Party> {
        let net = |text: &str| text.parse::<IpNet>().ok().map(|it| it.trunc());
        let own: Vec<IpNet> = self.block.map_or_else(Vec::new, |it| {
            [it.network.pods.value, it.network.services.value].into_iter().filter_map(net).collect()
        });
        let whole = ["0.0.0.0/0", "::/0"].into_iter().filter_map(net);
        whole
            .map(|range| {
                let except = own.iter().filter(|it| range.contains(*it)).copied().collect();
                Party::Range(range, except)
            })
            .collect()
    }

    /// Prometheus, where one collects here.
    pub(super) fn collected(&self, ports: Ports, origin: Origin) -> Option<Pass> {
        let servers = || Selector::labels([(NAME, "prometheus")]);
        let ends: Vec<Party> =
            self.prometheus.iter().map(|it| Party::Pods(it.clone(), servers())).collect();
        (!ends.is_empty()).then_some(Pass { ends, ports, origin })
    }

    /// What carries traffic in.
    pub(super) fn ends_outside(&self, gateway: Option<Sym>) -> Vec<Party> {
        if self.plugin == Plugin::Cilium && self.gateways.is_empty() {
            return vec![Party::Ingress];
        }
        if self.gateways.is_empty() {
            return vec![Party::Everybody];
        }
        let mut names: Vec<Sym> = self.gateways.iter().copied().chain(gateway).collect();
        names.sort_by_key(|it| it.as_str());
        names.dedup();
        let pods = |name: Sym| Party::Pods(Some(name.to_string()), Selector::default());
        let mut ends: Vec<Party> = names.into_iter().map(pods).collect();
        if self.plugin == Plugin::Cilium {
            ends.push(Party::Ingress);
        }
        ends
    }

    /// The API server. To Cilium it is no address; elsewhere it is where machines of the control plane are, as far as that is known.
    pub(super) fn api_server(&self, origin: Origin) -> Pass {
        const API_SERVER: u16 = 6443;
        if self.plugin == Plugin::Cilium {
            return Pass { ends: vec![Party::ApiServer], ports: Ports::all(), origin };
        }
        let told = self.block.map_or(API_SERVER, |it| port(it.endpoint_port));
        let ports = Ports::one(Protocol::Tcp, API_SERVER).and(&Ports::one(Protocol::Tcp, told));
        let machines: Vec<Party> = self
            .block
            .iter()
            .flat_map(|it| &it.addresses)
            .filter_map(|it| Some((it.low?.value.parse().ok()?, it.high?.value.parse().ok()?)))
            .flat_map(|(low, high)| subnets(low, high))
            .map(|it| Party::Range(it, Vec::new()))
            .collect();
        let ends = if machines.is_empty() { self.outside() } else { machines };
        Pass { ends, ports, origin }
    }
}

fn subnets(low: std::net::IpAddr, high: std::net::IpAddr) -> Vec<IpNet> {
    use std::net::IpAddr;
    match (low, high) {
        (IpAddr::V4(low), IpAddr::V4(high)) => {
            IpSubnets::V4(Ipv4Subnets::new(low, high, 0)).collect()
        }
        (IpAddr::V6(low), IpAddr::V6(high)) => {
            IpSubnets::V6(Ipv6Subnets::new(low, high, 0)).collect()
        }
        _ => Vec::new(),
    }
}
