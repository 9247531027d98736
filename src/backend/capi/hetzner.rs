//! CAPH: machines of Hetzner Cloud.

use super::infrastructure::{Infrastructure, NodeSetup, Role};
use super::setting::{Change, From, Setting, Target, Variable};
use super::size::bought;
use crate::backend::Node;
use crate::backend::k8s::{Fields, IntoNode, list, text};
use crate::eval::Origin;
use crate::machines::network_zone;
use crate::model::{Cluster, Hetzner, Machine, Market};

/// The machines of one project.
pub(super) struct Machines<'a> {
    /// The provider.
    pub(super) provider: &'a Hetzner<'a>,
    /// Its machine types.
    pub(super) market: Market<'a>,
}

/// The variable with the port of the API server.
const PORT: &str = "endpointPort";
/// The placement group of control planes.
const SPREAD: &str = "control-plane";

impl<'a> Machines<'a> {
    fn network(&self) -> Fields<'a> {
        let none = Origin::rule("without `network` machines talk over their public addresses");
        let Some(network) = &self.provider.network else {
            return Fields::new().with("enabled", Node::Bool(false, none));
        };
        let first = self.provider.locations.first();
        let zone = first.and_then(|it| Some((network_zone(it.value.as_str())?, it.origin)));
        Fields::new()
            .with("enabled", Node::Bool(true, network.range.origin))
            .with("cidrBlock", network.range)
            .with("subnetCidrBlock", network.subnet)
            .maybe("networkZone", zone.map(|(zone, origin)| text(zone, origin)))
    }
}

impl<'a> Infrastructure<'a> for Machines<'a> {
    fn api_version(&self) -> &'static str {
        "infrastructure.cluster.x-k8s.io/v1beta2"
    }

    fn cluster_kind(&self) -> &'static str {
        "HetznerCluster"
    }

    fn machine_kind(&self) -> &'static str {
        "HCloudMachine"
    }

    fn cluster(&self) -> Fields<'a> {
        let provider = self.provider;
        // The load balancer listens where clients look for the API server, and sends on to where kubeadm and Talos let it listen.
        let rule = Origin::rule(
            "every Cluster sets its own port; CAPH fills in the load balancer's address",
        );
        let endpoint = Fields::new().with("port", Node::Int(6443, rule));
        let listens = Origin::rule("the API server listens on 6443 behind the load balancer");
        let balancer = Fields::new()
            .with("enabled", Node::Bool(true, listens))
            .maybe("region", provider.locations.first().copied())
            .with("type", provider.load_balancer)
            .with("port", Node::Int(6443, listens));
        let keys = provider.ssh_keys.iter().map(|name| Fields::new().with("name", *name));
        let secret = Fields::new()
            .with("name", provider.credentials)
            .with("key", Fields::new().with("hcloudToken", provider.credentials_key));
        let group = Fields::new()
            .with("name", text(SPREAD, provider.spread.origin))
            .with("type", text("spread", provider.spread.origin));
        let groups = provider.spread.value.then_some(group);
        Fields::new()
            .with("controlPlaneRegions", list(provider.locations.iter().copied()))
            .with("controlPlaneEndpoint", endpoint)
            .with("controlPlaneLoadBalancer", balancer)
            .with("hcloudNetwork", self.network())
            .unless_empty("hcloudPlacementGroups", list(groups))
            .with("hetznerSecretRef", secret)
            .with("sshKeys", Fields::new().unless_empty("hcloud", list(keys)))
    }

    fn machine(&self, machine: &Machine<'a>, role: Role) -> Fields<'a> {
        let provider = self.provider;
        let is_control_plane = matches!(role, Role::ControlPlane { .. });
        let spread = (provider.spread.value && is_control_plane)
            .then(|| text(SPREAD, provider.spread.origin));
        let public = Fields::new()
            .with("enableIPv4", provider.public_ipv4)
            .with("enableIPv6", provider.public_ipv6);
        Fields::new()
            .maybe("type", bought(&self.market, machine))
            .with("imageName", provider.image)
            .maybe("placementGroupName", spread)
            .with("publicNetwork", public)
    }

    fn settings(&self) -> Vec<Setting<'a>> {
        let rule = Origin::rule("a class lets its Clusters change what may differ between them");
        let schema = Fields::new()
            .with("type", text("integer", rule))
            .with("minimum", Node::Int(1, rule))
            .with("maximum", Node::Int(65535, rule));
        let value = |cluster: &Cluster<'a>| Some(cluster.endpoint_port.into_node());
        vec![Setting {
            name: PORT,
            description: "The port of the API server, on which the load balancer listens.",
            variable: Some(Variable { required: true, schema, value: Box::new(value) }),
            changes: vec![Change {
                target: Target::Infrastructure,
                op: "replace",
                path: "controlPlaneEndpoint/port".to_owned(),
                value: From::Variable(PORT),
            }],
        }]
    }

    fn takes_endpoint(&self) -> bool {
        false
    }

    fn node(&self) -> NodeSetup {
        // A machine's host name is its name at Hetzner, by which the cloud controller manager finds it.
        NodeSetup { external_cloud: true, ..NodeSetup::default() }
    }
}
