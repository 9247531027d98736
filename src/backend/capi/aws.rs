//! CAPA: machines of Amazon EC2.

use super::infrastructure::{Infrastructure, NodeSetup, Role};
use super::size::{bought, gibibytes};
use crate::backend::Node;
use crate::backend::k8s::{Fields, list, text};
use crate::eval::Origin;
use crate::model::{Aws, Machine, Map, Market, Of};

/// The machines of one region.
pub(super) struct Machines<'a> {
    /// The provider.
    pub(super) provider: &'a Aws<'a>,
    /// Its machine types.
    pub(super) market: Market<'a>,
}

impl<'a> Machines<'a> {
    /// A network that is there, or one that CAPA makes.
    fn network(&self) -> Fields<'a> {
        let provider = self.provider;
        let vpc = match provider.vpc {
            Some(id) => Fields::new().with("id", id),
            None => Fields::new()
                .with("cidrBlock", provider.network)
                .with("availabilityZoneUsageLimit", provider.zones),
        };
        let subnets = provider.subnets.iter().map(|id| Fields::new().with("id", *id));
        // CAPA opens what Calico needs unless it is told otherwise; which network plugin comes is not known here.
        let rule = Origin::rule(
            "machines of a cluster reach one another, whatever carries the pods' traffic",
        );
        let inside = Fields::new()
            .with("description", text("between machines of the cluster", rule))
            .with("protocol", text("-1", rule))
            .with("fromPort", Node::Int(-1, rule))
            .with("toPort", Node::Int(-1, rule));
        Fields::new()
            .with("vpc", vpc)
            .unless_empty("subnets", list(subnets))
            .with("cni", Fields::new().with("cniIngressRules", list([inside])))
    }

    fn balancer(&self, check: Node<'a>) -> Fields<'a> {
        let rule = Origin::rule("the API server stands behind a network load balancer");
        Fields::new()
            .with("loadBalancerType", text("nlb", rule))
            .with("scheme", self.provider.load_balancer)
            .with("healthCheckProtocol", check)
    }

    /// Where CAPA gets its rights.
    fn identity(&self) -> Fields<'a> {
        let own = Origin::rule("without `credentials` CAPA works with its own");
        let (kind, name) = match self.provider.credentials {
            None => (
                text("AWSClusterControllerIdentity", own),
                Of::new(crate::source::Sym::new("default"), own),
            ),
            Some(name) => {
                let chosen = self.provider.credentials_kind;
                let kind = match chosen.value.as_str() {
                    "static" => "AWSClusterStaticIdentity",
                    _ => "AWSClusterRoleIdentity",
                };
                (text(kind, chosen.origin), name)
            }
        };
        Fields::new().with("kind", kind).with("name", name)
    }

    /// The key of machines: an empty name is none, and no name is one that is called `default`.
    fn ssh_key(&self) -> Node<'a> {
        let none = Origin::rule("without `ssh-key` nobody has a shell on machines");
        let key = self.provider.ssh_key.unwrap_or(Of::new("", none));
        text(key.value, key.origin)
    }
}

impl<'a> Infrastructure<'a> for Machines<'a> {
    fn api_version(&self) -> &'static str {
        "infrastructure.cluster.x-k8s.io/v1beta2"
    }

    fn cluster_kind(&self) -> &'static str {
        "AWSCluster"
    }

    fn machine_kind(&self) -> &'static str {
        "AWSMachine"
    }

    fn cluster(&self) -> Fields<'a> {
        let provider = self.provider;
        let asks = Origin::rule("the load balancer asks the API server whether it is ready");
        let lookup = provider.image.is_none();
        Fields::new()
            .with("region", provider.region)
            .with("identityRef", self.identity())
            .with("controlPlaneLoadBalancer", self.balancer(text("HTTPS", asks)))
            .with("network", self.network())
            .with("sshKeyName", self.ssh_key())
            .maybe("imageLookupOrg", provider.image_account.filter(|_| lookup))
            .maybe("imageLookupBaseOS", lookup.then_some(provider.image_os))
            .unless_empty("additionalTags", tags(&provider.tags))
    }

    /// The API server of Talos answers nobody whom it does not know.
    fn cluster_of_talos(&self, cluster: Fields<'a>) -> Fields<'a> {
        let rule =
            Origin::rule("the API server of Talos tells a load balancer only that it listens");
        cluster.with("controlPlaneLoadBalancer", self.balancer(text("TCP", rule)))
    }

    fn machine(&self, machine: &Machine<'a>, role: Role) -> Fields<'a> {
        let provider = self.provider;
        let is_worker = matches!(role, Role::Worker { .. });
        let profile =
            if is_worker { provider.worker_profile } else { provider.control_plane_profile };
        // EC2 has no volume below 8 GiB.
        let size = Of::new(gibibytes(machine).max(8), machine.disk.origin);
        let volume = Fields::new()
            .with("size", size)
            .with("type", provider.disk_type)
            .with("encrypted", provider.disk_encryption);
        let metadata = Origin::rule(
            "only who asks in the second version's way learns a machine's credentials; pods are one hop away",
        );
        let metadata = Fields::new()
            .with("httpTokens", text("required", metadata))
            .with("httpPutResponseHopLimit", Node::Int(2, metadata));
        let spec = Fields::new()
            .maybe("instanceType", bought(&self.market, machine))
            .maybe("ami", provider.image.map(|id| Fields::new().with("id", id)))
            .with("iamInstanceProfile", profile)
            .with("sshKeyName", self.ssh_key())
            .with("rootVolume", volume)
            .with("instanceMetadataOptions", metadata)
            .maybe("placementGroupName", provider.placement_group.filter(|_| is_worker));
        if !role.is_talos() {
            return spec;
        }
        let rule =
            Origin::rule("Talos reads its configuration from the machine's user data as it is");
        let plain = Fields::new().with("insecureSkipSecretsManager", Node::Bool(true, rule));
        spec.with("cloudInit", plain).with("uncompressedUserData", Node::Bool(true, rule))
    }

    fn takes_endpoint(&self) -> bool {
        false
    }

    fn node(&self) -> NodeSetup {
        // The cloud controller manager finds a machine by its private name, which is the name of its node.
        NodeSetup {
            name: Some("{{ ds.meta_data.local_hostname }}"),
            external_cloud: true,
            ..NodeSetup::default()
        }
    }
}

fn tags<'a>(tags: &Map<Of<&'a str>>) -> Fields<'a> {
    tags.iter().fold(Fields::new(), |fields, (key, value)| fields.with(key.as_str(), *value))
}
