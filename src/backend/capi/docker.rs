//! Cluster API's development provider: containers in place of machines.

use super::infrastructure::{Infrastructure, NodeSetup, Role};
use crate::backend::k8s::Fields;
use crate::model::{Docker, Machine};

/// Containers of one Docker.
pub(super) struct Containers<'a>(pub(super) &'a Docker<'a>);

impl<'a> Infrastructure<'a> for Containers<'a> {
    fn api_version(&self) -> &'static str {
        "infrastructure.cluster.x-k8s.io/v1beta2"
    }

    fn cluster_kind(&self) -> &'static str {
        "DevCluster"
    }

    fn machine_kind(&self) -> &'static str {
        "DevMachine"
    }

    fn cluster(&self) -> Fields<'a> {
        Fields::new().with("backend", Fields::new().with("docker", Fields::new()))
    }

    fn machine(&self, _: &Machine<'a>, _: Role) -> Fields<'a> {
        let docker = Fields::new().maybe("customImage", self.0.image);
        Fields::new().with("backend", Fields::new().with("docker", docker))
    }

    fn takes_endpoint(&self) -> bool {
        false
    }

    fn node(&self) -> NodeSetup {
        NodeSetup {
            // The load balancer is a container, whose port is published on the host.
            names: &["localhost", "127.0.0.1", "0.0.0.0", "host.docker.internal"],
            socket: Some("unix:///var/run/containerd/containerd.sock"),
            shared_disk: true,
            ..NodeSetup::default()
        }
    }
}
