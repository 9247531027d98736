//! A level at a version, and what a version changed.

use super::Level;

/// The newest minor version whose controls are known; later ones are judged as it is.
pub const NEWEST: u32 = 37;

/// The first minor version that always judges pods: before it, what does is a feature that may be off.
pub const OLDEST: u32 = 25;

/// What pods are held against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Policy {
    level: Level,
    /// None: whatever any version refuses.
    minor: Option<u32>,
}

impl Policy {
    /// A level as Kubernetes 1.`minor` knows it.
    pub const fn new(level: Level, minor: u32) -> Self {
        Self { level, minor: Some(minor) }
    }

    /// Refuses what any level refuses at any version.
    pub const STRICTEST: Self = Self { level: Level::Restricted, minor: None };

    /// Whether anything is asked.
    pub(super) fn asks(self) -> bool {
        self.level > Level::Privileged
    }

    pub(super) fn is_restricted(self) -> bool {
        self.level == Level::Restricted
    }

    /// Whether something is refused that was not before a version.
    pub(super) fn since(self, minor: u32) -> bool {
        self.minor.is_none_or(|own| own >= minor)
    }

    /// Whether something is refused that is not since a version.
    pub(super) fn until(self, minor: u32) -> bool {
        self.minor.is_none_or(|own| own < minor)
    }
}

/// Capabilities that runtimes give to every container.
pub(super) const USUAL: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Kernel parameters that count for the pod alone, with the version since which they are admitted.
pub(super) const SAFE_SYSCTLS: [(&str, u32); 14] = [
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
    ("net.ipv4.tcp_notsent_lowat", 37),
];

/// Types of SELinux for containers, with the version since which they are admitted.
pub(super) const SELINUX_TYPES: [(&str, u32); 4] = [
    ("container_t", 0),
    ("container_init_t", 0),
    ("container_kvm_t", 0),
    ("container_engine_t", 31),
];

/// Sources of volumes that `restricted` refuses. A volume without a source is an `emptyDir`.
pub(super) const REFUSED_VOLUMES: [&str; 21] = [
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "gitRepo",
    "nfs",
    "iscsi",
    "glusterfs",
    "rbd",
    "flexVolume",
    "cinder",
    "cephfs",
    "flocker",
    "fc",
    "azureFile",
    "vsphereVolume",
    "quobyte",
    "azureDisk",
    "photonPersistentDisk",
    "portworxVolume",
    "scaleIO",
    "storageos",
];

/// Sources of volumes that `restricted` admits, for messages.
pub(super) const VOLUMES: &str = "`configMap`, `csi`, `downwardAPI`, `emptyDir`, `ephemeral`, `image`, `persistentVolumeClaim`, `projected`, `secret`";

/// The names of a table that are admitted.
pub(super) fn admitted<'t>(
    table: &'t [(&'static str, u32)],
    policy: Policy,
) -> impl Iterator<Item = &'static str> + use<'t> {
    table.iter().filter(move |(_, since)| *since == 0 || !policy.until(*since)).map(|it| it.0)
}
