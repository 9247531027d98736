//! CAPV: the machines of a vSphere installation.

use super::addresses::{self, GROUP, POOL};
use super::infrastructure::{Extra, Infrastructure, NodeSetup, Role, endpoint_filler, user};
use super::setting::{From, Setting, Variable, of_machines};
use super::size::{gibibytes, mebibytes};
use crate::backend::Node;
use crate::backend::k8s::{Fields, IntoNode, list, text};
use crate::eval::Origin;
use crate::model::{Cluster, Machine, Of, VSphere};

/// The machines of one installation.
pub(super) struct Machines<'a>(pub(super) &'a VSphere<'a>);

/// The variable with the pool that a cluster's machines get their addresses of.
const ADDRESS_POOL: &str = "addressPool";

impl Machines<'_> {
    /// Whether its machines have addresses of IPv6, as its gateway has.
    fn is_ipv6(&self) -> bool {
        self.0.gateway.is_some_and(|gateway| gateway.value.contains(':'))
    }

    /// What asks for an address by DHCP.
    fn dhcp(&self) -> &'static str {
        if self.is_ipv6() { "dhcp6" } else { "dhcp4" }
    }
}

impl<'a> Infrastructure<'a> for Machines<'a> {
    fn api_version(&self) -> &'static str {
        "infrastructure.cluster.x-k8s.io/v1beta2"
    }

    fn cluster_kind(&self) -> &'static str {
        "VSphereCluster"
    }

    fn machine_kind(&self) -> &'static str {
        "VSphereMachine"
    }

    fn cluster(&self) -> Fields<'a> {
        let provider = self.0;
        let kind = provider.credentials_kind;
        let named =
            if kind.value.as_str() == "secret" { "Secret" } else { "VSphereClusterIdentity" };
        let credentials =
            Fields::new().with("kind", text(named, kind.origin)).with("name", provider.credentials);
        Fields::new()
            .with("server", provider.server)
            .with("thumbprint", provider.thumbprint)
            .with("identityRef", credentials)
            .with("controlPlaneEndpoint", endpoint_filler())
    }

    /// A clone of the template with the machine's size, and a device a network.
    fn machine(&self, machine: &Machine<'a>, _: Role) -> Fields<'a> {
        let provider = self.0;
        let asks = Origin::rule("machines ask DHCP for what the program does not say");
        let devices = (0..).zip(&provider.networks).map(|(number, network)| {
            let device = Fields::new()
                .with("networkName", *network)
                .with(self.dhcp(), Node::Bool(true, asks));
            // The other devices learn theirs from DHCP alone.
            if number == 0 {
                device.unless_empty("nameservers", list(provider.dns.iter().copied()))
            } else {
                device
            }
        });
        let clone =
            if provider.clone.value.as_str() == "full" { "fullClone" } else { "linkedClone" };
        let off = Origin::rule("a machine is shut down, and switched off if that does not help");
        let memory = machine.memory.map(|it| Of::new(mebibytes(it), it.origin));
        Fields::new()
            .with("datacenter", provider.datacenter)
            .maybe("datastore", provider.datastore)
            .maybe("storagePolicyName", provider.storage_policy)
            .maybe("folder", provider.folder)
            .maybe("resourcePool", provider.resource_pool)
            .with("template", provider.template)
            .with("cloneMode", text(clone, provider.clone.origin))
            .maybe("numCPUs", machine.cpu)
            .maybe("memoryMiB", memory)
            .with("diskGiB", Of::new(gibibytes(machine), machine.disk.origin))
            .with("network", Fields::new().with("devices", list(devices)))
            .with("powerOffMode", text("trySoft", off))
    }

    /// Clusters with addresses get them of a pool of their own.
    fn settings(&self) -> Vec<Setting<'a>> {
        if self.0.gateway.is_none() {
            return Vec::new();
        }
        let rule = Origin::rule("a class lets its Clusters change what may differ between them");
        let schema =
            Fields::new().with("type", text("string", rule)).with("default", text("", rule));
        let value = |cluster: &Cluster<'a>| {
            (!cluster.addresses.is_empty()).then(|| cluster.name.into_node())
        };
        let reference = move |name: Node<'a>| {
            Fields::new()
                .with("apiGroup", text(GROUP, rule))
                .with("kind", text(POOL, rule))
                .with("name", name)
        };
        let template =
            format!("- apiGroup: {GROUP}\n  kind: {POOL}\n  name: \"{{{{ .{ADDRESS_POOL} }}}}\"");
        let pools = move || {
            From::Template(
                template.clone(),
                Box::new(move |cluster| Some(list([reference(cluster.name.into_node())]))),
            )
        };
        let no = move || {
            From::Template("false".to_owned(), Box::new(move |_| Some(Node::Bool(false, rule))))
        };
        let dhcp = format!("network/devices/0/{}", self.dhcp());
        // The API server takes items of lists by number in `add` only, which replaces a field that is there.
        let mut changes = Vec::from(of_machines("add", &dhcp, no));
        changes.extend(of_machines("add", "network/devices/0/addressesFromPools", pools));
        vec![Setting {
            name: ADDRESS_POOL,
            description: "The pool of the machines' addresses; without one they ask DHCP.",
            variable: Some(Variable { required: false, schema, value: Box::new(value) }),
            changes,
        }]
    }

    fn takes_endpoint(&self) -> bool {
        true
    }

    fn node(&self) -> NodeSetup {
        NodeSetup {
            // CAPV tells cloud-init the machine's name, and images do not take it for their own.
            name: Some("{{ local_hostname }}"),
            before: vec![
                "hostnamectl set-hostname \"{{ ds.meta_data.hostname }}\"",
                "echo \"::1 ipv6-localhost ipv6-loopback localhost6 localhost6.localdomain6\" >/etc/hosts",
                "echo \"127.0.0.1 {{ ds.meta_data.hostname }} {{ local_hostname }} localhost localhost.localdomain localhost4 localhost4.localdomain4\" >>/etc/hosts",
            ],
            external_cloud: true,
            ..NodeSetup::default()
        }
    }

    fn users(&self) -> Vec<Fields<'a>> {
        user(self.0.ssh_user, &self.0.ssh_keys)
    }

    fn interface(&self) -> Option<Of<&'a str>> {
        self.0.interface
    }

    fn objects(&self, cluster: &Cluster<'a>) -> Vec<Extra<'a>> {
        addresses::pool(cluster, self.0.prefix, self.0.gateway).into_iter().collect()
    }
}
