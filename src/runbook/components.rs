//! The releases of Cluster API's providers that the output is written for.

/// What a provider of Cluster API is for: the option of `clusterctl init` that installs it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// Cluster API itself.
    Core,
    /// What makes nodes of machines.
    Bootstrap,
    /// What runs control planes.
    ControlPlane,
    /// Where machines come from.
    Infrastructure,
    /// What hands out addresses.
    Ipam,
}

impl Part {
    /// `--core`.
    pub const fn option(self) -> &'static str {
        match self {
            Self::Core => "--core",
            Self::Bootstrap => "--bootstrap",
            Self::ControlPlane => "--control-plane",
            Self::Infrastructure => "--infrastructure",
            Self::Ipam => "--ipam",
        }
    }
}

/// An API group and the versions of it that a release serves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Served {
    /// `cluster.x-k8s.io`.
    pub group: &'static str,
    /// `v1beta2`, the newest first.
    pub versions: &'static [&'static str],
    /// What the names of its kinds begin with, where providers share a group: `Proxmox`.
    pub kinds: &'static [&'static str],
}

/// A provider of Cluster API at one release.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Component {
    /// What it is called among people.
    pub title: &'static str,
    /// What it is for.
    pub part: Part,
    /// Its name for `clusterctl`.
    pub name: &'static str,
    /// The release, with its `v`.
    pub version: &'static str,
    /// The contract with Cluster API that it keeps.
    pub contract: &'static str,
    /// The namespace that `clusterctl init` installs it to.
    pub namespace: &'static str,
    /// The objects that it serves.
    pub serves: &'static [Served],
    /// Where these facts stand.
    pub source: &'static str,
}

impl Component {
    /// `--infrastructure proxmox:v0.9.0`.
    pub fn option(&self) -> String {
        format!("{} {}:{}", self.part.option(), self.name, self.version)
    }
}

/// The minor versions of Kubernetes that clusters of [`CORE`] may run: the table of `docs/book/src/reference/versions.md` in
/// kubernetes-sigs/cluster-api.
pub(super) const WORKLOAD: std::ops::RangeInclusive<u32> = 31..=36;
/// The minor versions of Kubernetes that its management cluster may run: the same table.
pub(super) const MANAGEMENT: std::ops::RangeInclusive<u32> = 33..=36;
/// The oldest release of kind: `docs/book/src/user/quick-start.md` at v1.14.0.
pub(super) const KIND: &str = "v0.32.0";
/// The image of a temporary management cluster: the newest that [`CORE`] is tested with (`test/infrastructure/kind/mapper.go` at v1.14.0).
/// A newer kind would take a newer Kubernetes by itself.
pub(super) const KIND_IMAGE: &str =
    "kindest/node:v1.36.1@sha256:3489c7674813ba5d8b1a9977baea8a6e553784dab7b84759d1014dbd78f7ebd5";
/// The network of Cluster API's own quick start for a laptop: `docs/book/src/user/quick-start.md` at v1.14.0.
pub(super) const LAPTOP_NETWORK: &str =
    "https://raw.githubusercontent.com/projectcalico/calico/v3.26.1/manifests/calico.yaml";
/// The versions of Talos that [`TALOS_CONTROL_PLANE`] makes: its README at v0.5.12.
pub(super) const TALOS_NEWEST: (u32, u32) = (1, 12);
/// The newest minor version of Kubernetes that it makes: the same table.
pub(super) const TALOS_KUBERNETES: u32 = 35;

const V1BETA2: &[&str] = &["v1beta2", "v1beta1"];
const INFRASTRUCTURE: &str = "infrastructure.cluster.x-k8s.io";

/// Cluster API.
pub(super) const CORE: Component = Component {
    title: "Cluster API",
    part: Part::Core,
    name: "cluster-api",
    version: "v1.14.0",
    contract: "v1beta2",
    namespace: "capi-system",
    serves: &[
        Served { group: "cluster.x-k8s.io", versions: V1BETA2, kinds: &[] },
        Served { group: "addons.cluster.x-k8s.io", versions: V1BETA2, kinds: &[] },
        Served {
            group: "ipam.cluster.x-k8s.io",
            versions: V1BETA2,
            kinds: &["IPAddress", "IPAddressClaim"],
        },
    ],
    source: "kubernetes-sigs/cluster-api v1.14.0 (2026-08-11): metadata.yaml, core/config/crd/bases",
};

/// kubeadm's bootstrap provider.
pub(super) const KUBEADM_BOOTSTRAP: Component = Component {
    title: "kubeadm, nodes",
    part: Part::Bootstrap,
    name: "kubeadm",
    version: "v1.14.0",
    contract: "v1beta2",
    namespace: "capi-kubeadm-bootstrap-system",
    serves: &[Served {
        group: "bootstrap.cluster.x-k8s.io",
        versions: V1BETA2,
        kinds: &["Kubeadm"],
    }],
    source: "released with Cluster API",
};

/// kubeadm's control-plane provider.
pub(super) const KUBEADM_CONTROL_PLANE: Component = Component {
    title: "kubeadm, control planes",
    part: Part::ControlPlane,
    name: "kubeadm",
    version: "v1.14.0",
    contract: "v1beta2",
    namespace: "capi-kubeadm-control-plane-system",
    serves: &[Served {
        group: "controlplane.cluster.x-k8s.io",
        versions: V1BETA2,
        kinds: &["Kubeadm"],
    }],
    source: "released with Cluster API",
};

/// Talos' bootstrap provider.
pub(super) const TALOS_BOOTSTRAP: Component = Component {
    title: "Talos, nodes",
    part: Part::Bootstrap,
    name: "talos",
    version: "v0.6.12",
    contract: "v1beta1",
    namespace: "cabpt-system",
    serves: &[Served {
        group: "bootstrap.cluster.x-k8s.io",
        versions: &["v1alpha3"],
        kinds: &["Talos"],
    }],
    source: "siderolabs/cluster-api-bootstrap-provider-talos v0.6.12 (2026-04-27): README, config/crd/bases",
};

/// Talos' control-plane provider.
pub(super) const TALOS_CONTROL_PLANE: Component = Component {
    title: "Talos, control planes",
    part: Part::ControlPlane,
    name: "talos",
    version: "v0.5.12",
    contract: "v1beta1",
    namespace: "cacppt-system",
    serves: &[Served {
        group: "controlplane.cluster.x-k8s.io",
        versions: &["v1alpha3"],
        kinds: &["Talos"],
    }],
    source: "siderolabs/cluster-api-control-plane-provider-talos v0.5.12 (2025-12-24): README, config/crd/bases",
};

/// CAPMox.
pub(super) const PROXMOX: Component = Component {
    title: "CAPMox, for Proxmox VE",
    part: Part::Infrastructure,
    name: "proxmox",
    version: "v0.9.0",
    contract: "v1beta2",
    namespace: "capmox-system",
    serves: &[Served {
        group: INFRASTRUCTURE,
        versions: &["v1alpha2", "v1alpha1"],
        kinds: &["Proxmox"],
    }],
    source: "ionos-cloud/cluster-api-provider-proxmox v0.9.0 (2026-06-29): metadata.yaml, docs/Usage.md, config/crd/bases",
};

/// Cluster API's development provider.
pub(super) const DOCKER: Component = Component {
    title: "the development provider, for containers",
    part: Part::Infrastructure,
    name: "docker",
    version: "v1.14.0",
    contract: "v1beta2",
    namespace: "capd-system",
    serves: &[Served { group: INFRASTRUCTURE, versions: V1BETA2, kinds: &["Dev"] }],
    source: "released with Cluster API as infrastructure-components-development.yaml; test/infrastructure/docker/config/crd/bases",
};

/// CAPA.
pub(super) const AWS: Component = Component {
    title: "CAPA, for AWS",
    part: Part::Infrastructure,
    name: "aws",
    version: "v2.11.1",
    contract: "v1beta1",
    namespace: "capa-system",
    serves: &[Served { group: INFRASTRUCTURE, versions: V1BETA2, kinds: &["AWS"] }],
    source: "kubernetes-sigs/cluster-api-provider-aws v2.11.1 (2026-04-23): metadata.yaml, config/crd/bases",
};

/// CAPV.
pub(super) const VSPHERE: Component = Component {
    title: "CAPV, for vSphere",
    part: Part::Infrastructure,
    name: "vsphere",
    version: "v1.16.1",
    contract: "v1beta2",
    namespace: "capv-system",
    serves: &[Served { group: INFRASTRUCTURE, versions: V1BETA2, kinds: &["VSphere"] }],
    source: "kubernetes-sigs/cluster-api-provider-vsphere v1.16.1 (2026-05-06): metadata.yaml, config/default/crd/bases",
};

/// CAPH. `v1beta2` of its objects stands on its main branch only: no release serves it.
pub(super) const HETZNER: Component = Component {
    title: "CAPH, for Hetzner",
    part: Part::Infrastructure,
    name: "hetzner",
    version: "v1.1.8",
    contract: "v1beta1",
    namespace: "caph-system",
    serves: &[Served {
        group: INFRASTRUCTURE,
        versions: &["v1beta1"],
        kinds: &["Hetzner", "HCloud"],
    }],
    source: "syself/cluster-api-provider-hetzner v1.1.8 (2026-08-03): metadata.yaml, config/crd/bases",
};

/// CAPM3.
pub(super) const METAL3: Component = Component {
    title: "CAPM3, for bare metal",
    part: Part::Infrastructure,
    name: "metal3",
    version: "v1.13.2",
    contract: "v1beta2",
    namespace: "capm3-system",
    serves: &[Served { group: INFRASTRUCTURE, versions: V1BETA2, kinds: &["Metal3"] }],
    source: "metal3-io/cluster-api-provider-metal3 v1.13.2 (2026-07-22): metadata.yaml, README, config/crd/bases",
};

/// Metal3's own addresses.
pub(super) const METAL3_IPAM: Component = Component {
    title: "the addresses of bare metal",
    part: Part::Ipam,
    name: "metal3",
    version: "v1.13.2",
    contract: "v1beta2",
    namespace: "metal3-ipam-system",
    serves: &[Served { group: "ipam.metal3.io", versions: &["v1alpha1"], kinds: &[] }],
    source: "metal3-io/ip-address-manager v1.13.2 (2026-07-21): metadata.yaml, config/crd/bases",
};

/// Addresses from pools that stand in the management cluster. CAPMox v0.9 wants at least v1.1.0.
pub(super) const IN_CLUSTER_IPAM: Component = Component {
    title: "addresses from pools in the hub",
    part: Part::Ipam,
    name: "in-cluster",
    version: "v1.1.0",
    contract: "v1beta2",
    namespace: "capi-ipam-in-cluster-system",
    serves: &[Served {
        group: "ipam.cluster.x-k8s.io",
        versions: &["v1alpha2", "v1alpha1"],
        kinds: &["InClusterIPPool", "GlobalInClusterIPPool"],
    }],
    source: "kubernetes-sigs/cluster-api-ipam-provider-in-cluster: metadata.yaml; v1.1.0 in go.mod and docs/migration-v0.8-v1alpha2.md of CAPMox v0.9.0",
};

/// Every provider that programs may need. The newest releases in the repositories' own tags of August 2026. Cluster API v1.14 works with
/// providers of the contract `v1beta2`, and until v1.16 with those of `v1beta1`.
pub const COMPONENTS: &[Component] = &[
    CORE,
    KUBEADM_BOOTSTRAP,
    TALOS_BOOTSTRAP,
    KUBEADM_CONTROL_PLANE,
    TALOS_CONTROL_PLANE,
    PROXMOX,
    DOCKER,
    AWS,
    VSPHERE,
    HETZNER,
    METAL3,
    IN_CLUSTER_IPAM,
    METAL3_IPAM,
];

/// The provider that serves objects of a type: `infrastructure.cluster.x-k8s.io`, `ProxmoxCluster`.
pub(super) fn serving(group: &str, kind: &str) -> Option<&'static Component> {
    let serves = |served: &Served| {
        served.group == group
            && (served.kinds.is_empty() || served.kinds.iter().any(|start| kind.starts_with(start)))
    };
    COMPONENTS.iter().find(|component| component.serves.iter().any(serves))
}

#[cfg(test)]
mod tests {
    use super::{COMPONENTS, Part, serving};

    #[test]
    fn the_table_is_in_order_and_each_serves_its_own() {
        assert!(COMPONENTS.is_sorted_by_key(|component| component.part));
        let named = |group, kind| serving(group, kind).map(|it| it.option());
        let infrastructure = "infrastructure.cluster.x-k8s.io";
        assert_eq!(
            named(infrastructure, "ProxmoxCluster").as_deref(),
            Some("--infrastructure proxmox:v0.9.0")
        );
        assert_eq!(
            named("ipam.cluster.x-k8s.io", "InClusterIPPool").as_deref(),
            Some("--ipam in-cluster:v1.1.0")
        );
        assert_eq!(named(infrastructure, "AzureCluster"), None);
        let core = COMPONENTS.iter().filter(|it| it.part == Part::Core).count();
        assert_eq!(core, 1);
    }
}
