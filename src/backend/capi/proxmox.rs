//! CAPMox: the machines of a Proxmox VE installation.

use super::class::{INFRASTRUCTURE, Part};
use super::shape::{gibibytes, mebibytes};
use crate::backend::Node;
use crate::backend::k8s::{Fields, list, text};
use crate::eval::Origin;
use crate::model::{Machine, Of, Proxmox};

/// The network of a class: all but the addresses, which every Cluster brings.
pub(super) fn cluster_template<'a>(provider: &Proxmox<'a>) -> Part<'a> {
    // CAPMox admits a template only with an endpoint and addresses, and with the endpoint outside of the addresses.
    let filler = Origin::rule("an address for documentation: every Cluster replaces it by its own");
    let endpoint =
        Fields::new().with("host", text("192.0.2.1", filler)).with("port", Node::Int(6443, filler));
    let addresses = Fields::new()
        .with("addresses", list([text("192.0.2.2-192.0.2.2", filler)]))
        .with("prefix", provider.prefix)
        .with("gateway", provider.gateway);
    let credentials = provider.credentials.map(|name| Fields::new().with("name", name));
    let spec = Fields::new()
        .with("allowedNodes", list(provider.nodes.iter().copied()))
        .with("controlPlaneEndpoint", endpoint)
        .with("ipv4Config", addresses)
        .with("dnsServers", list(provider.dns.iter().copied()))
        .maybe("credentialsRef", credentials);
    Part { api_version: INFRASTRUCTURE, kind: "ProxmoxClusterTemplate", spec }
}

/// A machine: a full clone of the template with the machine's size.
pub(super) fn machine_template<'a>(provider: &Proxmox<'a>, machine: &Machine<'a>) -> Part<'a> {
    let rule = Origin::rule("a machine is a full clone with one socket and one network device");
    let source = provider.source_node.or_else(|| provider.nodes.first().copied());
    let device = Fields::new()
        .with("name", text("net0", rule))
        .with("bridge", provider.bridge)
        .with("model", text("virtio", rule))
        .maybe("vlan", provider.vlan)
        .with("defaultIPv4", Node::Bool(true, rule));
    let disk = Fields::new()
        .with("disk", provider.boot_disk)
        .with("sizeGb", Of::new(gibibytes(machine), machine.disk.origin));
    let spec = Fields::new()
        .maybe("sourceNode", source)
        .with("templateID", provider.template)
        .with("full", Node::Bool(true, rule))
        .maybe("storage", provider.storage)
        .with("numSockets", Node::Int(1, rule))
        .maybe("numCores", machine.cpu)
        .with("memoryMiB", Of::new(mebibytes(machine), machine.disk.origin))
        .with("disks", Fields::new().with("bootVolume", disk))
        .with("network", Fields::new().with("networkDevices", list([device])));
    Part { api_version: INFRASTRUCTURE, kind: "ProxmoxMachineTemplate", spec }
}
