//! The messages of this room, by subject.

pub(crate) mod apps;
pub(super) mod addressing;
pub(crate) mod backup;
pub(super) mod between;
pub(super) mod cni;
pub(super) mod control_plane;
pub(crate) mod dashboard;
pub(super) mod external;
pub(crate) mod gitops;
pub(super) mod images;
pub(super) mod machines;
pub(crate) mod monitoring;
pub(super) mod earlier;
pub(super) mod pools;
pub(super) mod ranges;
pub(super) mod reach;
pub(crate) mod routing;
pub(super) mod slo;
pub(super) mod sops;
pub(super) mod team;
pub(crate) mod scrape;
pub(super) mod versions;
pub(super) mod workload;
pub(super) mod market;
pub(super) mod zones;
