//! What enforces network policies on a cluster.

use super::index::{Index, here};
use crate::charts::short_name;
use crate::model::{Cni, Os, Ref};

/// What makes the network of pods, as far as policies care.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Plugin {
    /// Cilium: to it nodes and the API server are no addresses, and it has policies of its own.
    Cilium,
    /// Flannel, which enforces nothing.
    Flannel,
    /// Something else, or nobody knows.
    Other,
}

impl Plugin {
    /// That of a cluster.
    pub fn of(index: &Index<'_, '_>, cluster: Ref) -> Self {
        let charts = here(&index.addons, cluster).filter_map(|it| it.value.chart);
        let outside = here(&index.external_addons, cluster).filter_map(|it| it.value.chart);
        if charts.chain(outside).any(|it| short_name(it.name.value) == "cilium") {
            return Self::Cilium;
        }
        let Some(block) = index.clusters.get(&cluster.id) else { return Self::Other };
        match &block.cni {
            Some(Cni::Manifests(it)) => {
                let has = |word: &str| it.files.iter().any(|(_, text)| text.value.contains(word));
                // The names of what each of them runs on every node.
                if has("cilium-agent") || has("cilium-config") {
                    Self::Cilium
                } else if has("kube-flannel") && !has("calico") {
                    Self::Flannel
                } else {
                    Self::Other
                }
            }
            Some(Cni::Talos(it)) if it.urls.is_empty() => Self::Flannel,
            // Talos brings Flannel where nothing is said.
            None if matches!(block.os, Os::Talos(_)) => Self::Flannel,
            Some(Cni::Talos(_)) | None => Self::Other,
        }
    }
}
