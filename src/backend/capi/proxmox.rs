//! CAPMox: the machines of a Proxmox VE installation.

use super::addresses::range_of;
use super::infrastructure::{Infrastructure, NodeSetup, Role};
use super::setting::{Change, From, Setting, Target, Variable};
use super::size::{gibibytes, mebibytes};
use crate::backend::Node;
use crate::backend::k8s::{Fields, list, scaled_up, text};
use crate::eval::Origin;
use crate::model::{Cluster, Machine, Of, Proxmox};

/// The machines of one installation.
pub(super) struct Machines<'a>(pub(super) &'a Proxmox<'a>);

/// The variable with the addresses of the machines.
const ADDRESSES: &str = "addresses";

impl Machines<'_> {
    /// Whether its machines have addresses of IPv6, as its gateway has.
    fn is_ipv6(&self) -> bool {
        self.0.gateway.value.contains(':')
    }

    const fn config(ipv6: bool) -> &'static str {
        if ipv6 { "ipv6Config" } else { "ipv4Config" }
    }
}

impl<'a> Infrastructure<'a> for Machines<'a> {
    fn api_version(&self) -> &'static str {
        "infrastructure.cluster.x-k8s.io/v1alpha2"
    }

    fn cluster_kind(&self) -> &'static str {
        "ProxmoxCluster"
    }

    fn machine_kind(&self) -> &'static str {
        "ProxmoxMachine"
    }

    fn cluster(&self) -> Fields<'a> {
        let provider = self.0;
        // CAPMox admits a template only with an endpoint and addresses, and with the endpoint outside of the addresses.
        let filler =
            Origin::rule("an address for documentation: every Cluster replaces it by its own");
        let (host, range) = if self.is_ipv6() {
            ("2001:db8::1", "2001:db8::2-2001:db8::2")
        } else {
            ("192.0.2.1", "192.0.2.2-192.0.2.2")
        };
        let endpoint =
            Fields::new().with("host", text(host, filler)).with("port", Node::Int(6443, filler));
        let addresses = Fields::new()
            .with("addresses", list([text(range, filler)]))
            .with("prefix", provider.prefix)
            .with("gateway", provider.gateway);
        // CAPMox promises all of a host's memory unless it is told otherwise. A percent is 10,000 millionths.
        let promised = provider.memory_promised;
        let percent = promised.value.amount / 10_000;
        let hints = (percent != 100)
            .then(|| Fields::new().with("memoryAdjustment", Of::new(percent, promised.origin)));
        let credentials = provider.credentials.map(|name| Fields::new().with("name", name));
        Fields::new()
            .with("allowedNodes", list(provider.nodes.iter().copied()))
            .with("controlPlaneEndpoint", endpoint)
            .with(Self::config(self.is_ipv6()), addresses)
            .with("dnsServers", list(provider.dns.iter().copied()))
            .maybe("credentialsRef", credentials)
            .maybe("schedulerHints", hints)
    }

    /// A clone of the template with the machine's size.
    fn machine(&self, machine: &Machine<'a>, role: Role) -> Fields<'a> {
        let provider = self.0;
        let rule = Origin::rule("a machine has one network device");
        let source = provider.source_node.or_else(|| provider.nodes.first().copied());
        let family = if self.is_ipv6() { "defaultIPv6" } else { "defaultIPv4" };
        let device = Fields::new()
            .with("name", text("net0", rule))
            .with("bridge", provider.bridge)
            .with("model", text("virtio", rule))
            .maybe("vlan", provider.vlan)
            .maybe("mtu", provider.mtu)
            .with(family, Node::Bool(true, rule));
        let disk = Fields::new()
            .with("disk", provider.boot_disk)
            .with("sizeGb", Of::new(gibibytes(machine), machine.disk.origin));
        let memory = machine.memory.map(|it| Of::new(mebibytes(it), it.origin));
        // Cores are counted a socket.
        let sockets = provider.sockets;
        let cores = machine.cpu.map(|cpu| {
            let each = scaled_up(cpu.value, sockets.value.max(1));
            Of::new(each, cpu.origin)
        });
        // A template is named by its number and host, or by its tags, and never by both.
        let spec = if provider.template.is_some() {
            Fields::new().maybe("sourceNode", source).maybe("templateID", provider.template)
        } else {
            let tags =
                Fields::new().with("matchTags", list(provider.template_tags.iter().copied()));
            Fields::new().with("templateSelector", tags)
        };
        let full = provider.clone.value.as_str() == "full";
        let ids = provider
            .vm_ids
            .and_then(|ids| Some(Fields::new().with("start", ids.low?).with("end", ids.high?)));
        let spec = spec
            .with("full", Node::Bool(full, provider.clone.origin))
            .maybe("storage", provider.storage)
            .maybe("pool", provider.pool)
            .unless_empty("tags", list(provider.tags.iter().copied()))
            .maybe("vmIDRange", ids)
            .with("numSockets", sockets)
            .maybe("numCores", cores)
            .maybe("memoryMiB", memory)
            .with("disks", Fields::new().with("bootVolume", disk))
            .with("network", Fields::new().with("networkDevices", list([device])));
        if !role.is_talos() {
            return spec;
        }
        let rule = Origin::rule("Talos has no cloud-init and no guest agent to wait for");
        let checks = Fields::new()
            .with("skipCloudInitStatus", Node::Bool(true, rule))
            .with("skipQemuGuestAgent", Node::Bool(true, rule));
        let rule = Origin::rule("the provider tells the kubelet of Talos which machine it is on");
        let metadata = Fields::new().with("providerIDInjection", Node::Bool(true, rule));
        spec.with("checks", checks).with("metadataSettings", metadata)
    }

    fn settings(&self) -> Vec<Setting<'a>> {
        let string = Fields::new()
            .with("type", text("string", schema_rule()))
            .with("minLength", Node::Int(1, schema_rule()));
        let schema = Fields::new()
            .with("type", text("array", schema_rule()))
            .with("minItems", Node::Int(1, schema_rule()))
            .with("items", string);
        let value =
            |cluster: &Cluster<'a>| Some(list(cluster.addresses.iter().filter_map(range_of)));
        vec![Setting {
            name: ADDRESSES,
            description: "The addresses of the machines: ranges, networks, or single ones.",
            variable: Some(Variable { required: true, schema, value: Box::new(value) }),
            changes: vec![Change {
                target: Target::Infrastructure,
                op: "replace",
                path: format!("{}/addresses", Self::config(self.is_ipv6())),
                value: From::Variable(ADDRESSES),
            }],
        }]
    }

    fn takes_endpoint(&self) -> bool {
        true
    }

    fn node(&self) -> NodeSetup {
        // Cluster API finds the node of a machine by its provider's id, which cloud-init knows.
        let id = "proxmox://'{{ ds.meta_data.instance_id }}'".into();
        let says = "a node says which Proxmox machine it is";
        NodeSetup { kubelet: vec![("provider-id", id, says)], ..NodeSetup::default() }
    }
}

fn schema_rule() -> Origin {
    Origin::rule("a class lets its Clusters change what may differ between them")
}
