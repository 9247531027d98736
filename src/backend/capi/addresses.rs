//! Addresses of machines that Cluster API's in-cluster IPAM provider hands out.

use super::infrastructure::Extra;
use crate::backend::Node;
use crate::backend::k8s::{Fields, IntoNode, list, text};
use crate::model::{Cluster, Of, Range};

/// `apiVersion` of a pool.
const VERSION: &str = "ipam.cluster.x-k8s.io/v1alpha2";
/// `kind` of a pool.
pub(super) const POOL: &str = "InClusterIPPool";
/// The group of a pool, as references name it.
pub(super) const GROUP: &str = "ipam.cluster.x-k8s.io";

/// The pool of a cluster, called as the cluster is; none where machines ask DHCP.
pub(super) fn pool<'a>(
    cluster: &Cluster<'a>,
    prefix: Of<i64>,
    gateway: Option<Of<&'a str>>,
) -> Option<Extra<'a>> {
    if cluster.addresses.is_empty() {
        return None;
    }
    let spec = Fields::new()
        .with("addresses", list(cluster.addresses.iter().filter_map(range_of)))
        .with("prefix", prefix)
        .maybe("gateway", gateway);
    let name = cluster.name.value.to_string();
    Some(Extra { api_version: VERSION, kind: POOL, name, spec, rotates: false })
}

/// `10.0.0.1-10.0.0.9`; a range with one end is that address.
pub(super) fn range_of<'a>(range: &Range<&'a str>) -> Option<Node<'a>> {
    match (range.low, range.high) {
        (Some(low), Some(high)) => Some(text(format!("{}-{}", low.value, high.value), low.origin)),
        (Some(only), None) | (None, Some(only)) => Some(only.into_node()),
        (None, None) => None,
    }
}
