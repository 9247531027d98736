//! A cluster, and what its provider does for it.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::embedded::{Addresses, check_cidr, check_ip};
use crate::eval::Origin;
use crate::model::{Cluster, MachineSource, Of, Os, Provider, Range, Resource, ResourceId};
use crate::prove::{Facts, Place};
use crate::source::Sym;

/// A cluster on its provider.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    /// The cluster's block.
    pub(super) id: ResourceId,
    /// The cluster's name.
    pub(super) name: Sym,
    /// What it says.
    pub(super) cluster: &'a Cluster<'a>,
    /// Where its machines come from.
    pub(super) provider: &'a Provider<'a>,
    /// The block that describes the provider: that of the cluster, where it is in place.
    pub(super) provider_block: ResourceId,
}

/// What a provider does about the addresses of a cluster.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Gives {
    /// Nothing: the cluster must say them.
    Nothing,
    /// Whatever the program leaves out: machines ask DHCP.
    Rest,
    /// Both the API server's address and those of machines.
    All,
}

/// A network of machines, as a provider describes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wire<'a> {
    /// The default gateway.
    pub(super) gateway: Of<&'a str>,
    /// The length of the network prefix.
    pub(super) prefix: Of<i64>,
    /// The name servers.
    pub(super) dns: &'a [Of<&'a str>],
}

/// What is known of all clusters on a provider.
#[derive(Clone, Copy, Debug)]
pub(super) struct Habits {
    /// Its schema.
    pub(super) schema: &'static str,
    /// Whether the address of the API server comes from the provider.
    pub(super) endpoint: Gives,
    /// Whether the machines' addresses come from the provider.
    pub(super) addresses: Gives,
    /// Whether it has names for sizes of machines.
    pub(super) types: bool,
    /// Whether machines have the size that the program says.
    pub(super) sizes: bool,
}

/// What is known of all clusters on a provider.
const fn habits(provider: &Provider<'_>) -> Habits {
    let schema = provider.schema();
    match provider {
        Provider::Proxmox(_) => Habits {
            schema,
            endpoint: Gives::Nothing,
            addresses: Gives::Nothing,
            types: false,
            sizes: true,
        },
        Provider::Docker(_) => Habits {
            schema,
            endpoint: Gives::All,
            addresses: Gives::All,
            types: false,
            sizes: false,
        },
        Provider::VSphere(_) => Habits {
            schema,
            endpoint: Gives::Nothing,
            addresses: Gives::Rest,
            types: false,
            sizes: true,
        },
        // A host may be larger than the program wants.
        Provider::Metal3(_) => Habits {
            schema,
            endpoint: Gives::Nothing,
            addresses: Gives::Rest,
            types: true,
            sizes: false,
        },
        Provider::Aws(_) | Provider::Hetzner(_) => {
            Habits { schema, endpoint: Gives::All, addresses: Gives::All, types: true, sizes: true }
        }
    }
}

/// Every cluster whose provider is known.
pub(super) fn sites<'a>(facts: &Facts<'a>) -> Vec<Site<'a>> {
    let providers: rustc_hash::FxHashMap<ResourceId, &Provider<'_>> =
        facts.model.providers.iter().map(|it| (it.id, &it.value)).collect();
    facts.model.clusters.iter().filter_map(|it| site(it, &providers)).collect()
}

fn site<'a>(
    resource: &'a Resource<'a, Cluster<'a>>,
    providers: &rustc_hash::FxHashMap<ResourceId, &'a Provider<'a>>,
) -> Option<Site<'a>> {
    let (provider, provider_block) = match &resource.value.provider {
        MachineSource::Named(named) => (*providers.get(&named.value.id)?, named.value.id),
        MachineSource::InPlace(provider) => (provider.as_ref(), resource.id),
    };
    let (id, name, cluster) = (resource.id, resource.name.value, &resource.value);
    Some(Site { id, name, cluster, provider, provider_block })
}

impl<'a> Site<'a> {
    /// Where one of its values is written.
    pub(super) const fn at(&self, origin: Origin) -> Place {
        Place::new(self.id, origin)
    }

    /// Its name.
    pub(super) const fn here(&self) -> Place {
        Place::name(self.id)
    }

    /// What its provider does.
    pub(super) const fn habits(&self) -> Habits {
        habits(self.provider)
    }

    /// The network in which its machines have the addresses that the program says, where the provider describes one.
    pub(super) fn wire(&self) -> Option<Wire<'a>> {
        let (gateway, prefix, dns) = match self.provider {
            Provider::Proxmox(it) => (it.gateway, it.prefix, it.dns.as_slice()),
            Provider::VSphere(it) => (it.gateway?, it.prefix, it.dns.as_slice()),
            Provider::Metal3(it) => (it.gateway?, it.prefix, it.dns.as_slice()),
            Provider::Docker(_) | Provider::Aws(_) | Provider::Hetzner(_) => return None,
        };
        Some(Wire { gateway, prefix, dns })
    }

    /// The network that its provider makes for the machines, where it makes one.
    pub(super) fn made_network(&self) -> Option<Of<&'a str>> {
        match self.provider {
            Provider::Proxmox(_)
            | Provider::Docker(_)
            | Provider::VSphere(_)
            | Provider::Metal3(_) => None,
            Provider::Aws(aws) => aws.vpc.is_none().then_some(aws.network),
            Provider::Hetzner(hetzner) => hetzner.network.as_ref().map(|it| it.range),
        }
    }

    /// Whether kubeadm makes its nodes.
    pub(super) const fn is_kubeadm(&self) -> bool {
        matches!(self.cluster.os, Os::Kubeadm(_))
    }

    /// Whether a ClusterClass describes it.
    pub(super) const fn has_class(&self) -> bool {
        match &self.cluster.os {
            Os::Kubeadm(_) => true,
            Os::Talos(talos) => talos.cluster_class.value,
        }
    }

    /// The networks of pods and of services.
    pub(super) fn networks(&self) -> Vec<Inner> {
        let network = &self.cluster.network;
        [("pods", network.pods), ("services", network.services)]
            .into_iter()
            .filter_map(|(field, text)| {
                let network = check_cidr(text.value).ok()?;
                Some(Inner { field, network, origin: text.origin })
            })
            .collect()
    }

    /// The address of its API server, where it means something.
    pub(super) fn endpoint(&self) -> Option<(IpAddr, Origin)> {
        if self.habits().endpoint == Gives::All {
            return None;
        }
        self.cluster.endpoint.and_then(address)
    }

    /// The same, unless it is among the cluster's own pods or services: that is a mistake of its own, and what it meets elsewhere follows
    /// from it.
    pub(super) fn endpoint_outside(&self) -> Option<(IpAddr, Origin)> {
        let inside = |ip: IpAddr| self.networks().iter().any(|it| it.network.contains(&ip));
        self.endpoint().filter(|(ip, _)| !inside(*ip))
    }

    /// The addresses of its machines, where they mean something.
    pub(super) fn addresses(&self) -> Vec<(Addresses, Origin)> {
        if self.habits().addresses == Gives::All {
            return Vec::new();
        }
        self.cluster.addresses.iter().filter_map(range).collect()
    }

    /// How many machines it has when all pools are as large as they may become, and how many more stand while they are replaced.
    ///
    /// Control planes of kubeadm and of Talos are replaced with one machine more (`maxSurge` of their rollouts is 1 unless set).
    pub(super) fn machines(&self) -> (u64, u64) {
        let positive = |count: i64| u64::try_from(count).unwrap_or(0);
        let mut machines = positive(self.cluster.control_plane.replicas.value);
        let mut surge = 1u64;
        for (_, pool) in &self.cluster.workers {
            let most = pool.scale.and_then(|scale| scale.high).map_or(0, |high| high.value);
            let count = positive(pool.replicas.value.max(most));
            machines = machines.saturating_add(count);
            if count > 0 {
                surge = surge.saturating_add(positive(pool.max_surge.value));
            }
        }
        (machines, surge)
    }
}

/// A network inside of a cluster.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inner {
    /// `pods` or `services`.
    pub(super) field: &'static str,
    /// The network.
    pub(super) network: IpNet,
    /// What wrote it.
    pub(super) origin: Origin,
}

/// An address as a number.
pub(super) fn address(text: Of<&str>) -> Option<(IpAddr, Origin)> {
    Some((check_ip(text.value).ok()?, text.origin))
}

/// A range as numbers; one with one end is that address.
fn range(range: &Range<&str>) -> Option<(Addresses, Origin)> {
    let (low, high) = (range.low.or(range.high)?, range.high.or(range.low)?);
    let addresses = Addresses::between(check_ip(low.value).ok()?, check_ip(high.value).ok()?)?;
    Some((addresses, low.origin))
}
