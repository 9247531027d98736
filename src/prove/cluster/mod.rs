//! What must hold of clusters: what the API servers of Cluster API and Kubernetes refuse, and what would only show on a network.
//!
//! * **Takes** the clusters of a model, and the providers that they stand on.
//! * **Gives** a refutation for each rule that one breaks.
//! * **Owns** the codes `cluster/..`.
//! * **Never** compares every cluster with every other: ranges are sorted, and swept once.
//! * **Read first** `site.rs`.

mod addressing;
mod between;
mod cni;
mod control_plane;
mod earlier;
mod external;
mod images;
mod machines;
mod market;
mod pools;
mod ranges;
mod room;
mod site;
mod versions;
mod zones;

pub(super) use addressing::{addresses, machine_types};
pub(super) use between::{one_network, reachable, routed, taken_twice};
pub(super) use cni::manifests;
pub(super) use control_plane::{odd_members, preflight};
pub(super) use earlier::{immutable, upgrades};
pub(super) use external::described;
pub(super) use images::images;
pub(super) use machines::{cores, gateways, hosts, secrets};
pub(super) use market::{families, types};
pub(super) use pools::{names, rollouts, scales};
pub(super) use ranges::{inside, sizes};
pub(super) use room::room;
pub(super) use versions::{deferred, skew, talos_class, talos_kubernetes, talos_on_docker};
pub(super) use zones::{network_zones, ports, zones};
