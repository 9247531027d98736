//! CAPM3: hosts of bare metal.

use super::addresses::{self, GROUP, POOL};
use super::digest;
use super::infrastructure::{Extra, Infrastructure, NodeSetup, Role, endpoint_filler, user};
use super::setting::{From, Setting, Variable, of_machines};
use crate::backend::Node;
use crate::backend::k8s::{Fields, IntoNode, list, text};
use crate::eval::Origin;
use crate::model::{Cluster, Machine, Metal3, Of};

/// The hosts of one rack, or of several.
pub(super) struct Hosts<'a>(pub(super) &'a Metal3<'a>);

const VERSION: &str = "infrastructure.cluster.x-k8s.io/v1beta2";
/// What tells a host its name and its addresses.
const DATA: &str = "Metal3DataTemplate";
/// The variable with its name.
const DATA_TEMPLATE: &str = "dataTemplate";

impl<'a> Infrastructure<'a> for Hosts<'a> {
    fn api_version(&self) -> &'static str {
        VERSION
    }

    fn cluster_kind(&self) -> &'static str {
        "Metal3Cluster"
    }

    fn machine_kind(&self) -> &'static str {
        "Metal3Machine"
    }

    fn cluster(&self) -> Fields<'a> {
        let rule = Origin::rule("no cloud controller manager knows hosts of bare metal");
        Fields::new()
            .with("controlPlaneEndpoint", endpoint_filler())
            .with("cloudProviderEnabled", Node::Bool(false, rule))
    }

    /// The image on a host of the machine's class.
    fn machine(&self, machine: &Machine<'a>, _: Role) -> Fields<'a> {
        let image = &self.0.image;
        let image = Fields::new()
            .with("url", image.url)
            .with("checksum", image.checksum)
            .with("checksumType", image.checksum_type)
            .with("diskFormat", image.format);
        let selector = self
            .0
            .host_class(machine)
            .map(|(_, class)| Fields::new().with("matchLabels", Fields::new().all(&class.labels)));
        let rule = Origin::rule("a name that fits no object: every Cluster replaces it by its own");
        let data = Fields::new().with("name", text("of-the-cluster", rule));
        Fields::new()
            .with("image", image)
            .maybe("hostSelector", selector)
            .with("automatedCleaningMode", self.0.cleaning)
            .with(DATA_TEMPLATE, data)
    }

    /// What hosts are told names the cluster, so that every cluster has its own.
    fn settings(&self) -> Vec<Setting<'a>> {
        let rule = Origin::rule("a class lets its Clusters change what may differ between them");
        let schema =
            Fields::new().with("type", text("string", rule)).with("minLength", Node::Int(1, rule));
        let provider = self.0;
        let told = Origin::rule("hosts are told what their cluster's template says");
        let value = move |cluster: &Cluster<'a>| {
            Some(text(data_name(&data(provider, cluster), cluster), told))
        };
        let path = format!("{DATA_TEMPLATE}/name");
        let changes = of_machines("replace", &path, || From::Variable(DATA_TEMPLATE));
        vec![Setting {
            name: DATA_TEMPLATE,
            description: "The Metal3DataTemplate: what hosts are told of their names and addresses.",
            variable: Some(Variable { required: true, schema, value: Box::new(value) }),
            changes: Vec::from(changes),
        }]
    }

    fn takes_endpoint(&self) -> bool {
        true
    }

    fn node(&self) -> NodeSetup {
        // CAPM3 finds the node of a host by the label, and Cluster API by the provider's id. Ironic tells a host both.
        let id = "metal3://{{ ds.meta_data.providerid }}".into();
        let label = "metal3.io/uuid={{ ds.meta_data.uuid }}".into();
        let says = "a node says which host it is";
        NodeSetup {
            name: Some("{{ ds.meta_data.name }}"),
            kubelet: vec![("provider-id", id, says), ("node-labels", label, says)],
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
        let spec = data(self.0, cluster);
        let name = data_name(&spec, cluster);
        let data = Extra { api_version: VERSION, kind: DATA, name, spec, rotates: true };
        let pool = addresses::pool(cluster, self.0.prefix, self.0.gateway);
        pool.into_iter().chain([data]).collect()
    }
}

/// CAPM3 forbids to change a template under its name.
fn data_name(data: &Fields<'_>, cluster: &Cluster<'_>) -> String {
    digest::template(cluster.name.value.as_str(), VERSION, DATA, &data.clone().into_node())
}

/// What the hosts of a cluster are told. CAPM3 before its release 1.14 wants to know the cluster.
fn data<'a>(provider: &Metal3<'a>, cluster: &Cluster<'a>) -> Fields<'a> {
    let rule = Origin::rule("a host is called as its machine is");
    let names = ["name", "local-hostname", "local_hostname"].map(|key| {
        Fields::new().with("key", text(key, rule)).with("object", text("machine", rule))
    });
    Fields::new()
        .with("clusterName", cluster.name)
        .with("metaData", Fields::new().with("objectNames", list(names)))
        .maybe("networkData", network(provider, cluster))
}

/// The interface with an address of the cluster's pool; none where hosts ask DHCP.
fn network<'a>(provider: &Metal3<'a>, cluster: &Cluster<'a>) -> Option<Fields<'a>> {
    let (interface, gateway) = (provider.interface?, provider.gateway?);
    if cluster.addresses.is_empty() {
        return None;
    }
    let rule = Origin::rule("machines get their addresses of their cluster's pool");
    let ethernet = Fields::new()
        .with("id", interface)
        .with("type", text("phy", rule))
        .with("macAddress", Fields::new().with("fromHostInterface", interface));
    let (family, all) =
        if gateway.value.contains(':') { ("ipv6", "::") } else { ("ipv4", "0.0.0.0") };
    let route = Fields::new()
        .with("network", text(all, rule))
        .with("prefix", Node::Int(0, rule))
        .with("gateway", Fields::new().with("string", gateway));
    let pool = Fields::new()
        .with("apiGroup", text(GROUP, rule))
        .with("kind", text(POOL, rule))
        .with("name", cluster.name);
    let address = Fields::new()
        .with("id", text("machines", rule))
        .with("link", interface)
        .with("fromPoolRef", pool)
        .with("routes", list([route]));
    let services = Fields::new().unless_empty("dns", list(provider.dns.iter().copied()));
    Some(
        Fields::new()
            .with("links", Fields::new().with("ethernets", list([ethernet])))
            .with("networks", Fields::new().with(family, list([address])))
            .unless_empty("services", services),
    )
}
