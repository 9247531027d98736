//! Where machines come from.

use super::{Of, Quantity, Range};
use crate::source::Sym;

/// `kind Provider`.
#[derive(Clone, PartialEq, Debug)]
pub enum Provider<'a> {
    /// A Proxmox VE installation.
    Proxmox(Proxmox<'a>),
    /// Containers on one machine.
    Docker(Docker<'a>),
}

impl Provider<'_> {
    /// The name of its schema.
    pub const fn schema(&self) -> &'static str {
        match self {
            Self::Proxmox(_) => "Proxmox",
            Self::Docker(_) => "Docker",
        }
    }
}

/// `schema Docker`.
#[derive(Clone, PartialEq, Debug)]
pub struct Docker<'a> {
    /// The image of nodes; that of the cluster's version where there is none.
    pub image: Option<Of<&'a str>>,
}

/// `schema Proxmox`.
#[derive(Clone, PartialEq, Debug)]
pub struct Proxmox<'a> {
    /// The hosts that may run machines; at least one.
    pub nodes: Vec<Of<Sym>>,
    /// The number of the VM template.
    pub template: Option<Of<i64>>,
    /// The tags of the VM template.
    pub template_tags: Vec<Of<&'a str>>,
    /// The host that holds the template.
    pub source_node: Option<Of<Sym>>,
    /// `full` or `linked`.
    pub clone: Of<Sym>,
    /// The resource pool of the machines.
    pub pool: Option<Of<Sym>>,
    /// Tags of the machines.
    pub tags: Vec<Of<&'a str>>,
    /// The numbers that machines may get.
    pub vm_ids: Option<Range<i64>>,
    /// How many sockets a machine has.
    pub sockets: Of<i64>,
    /// The bridge of the network device.
    pub bridge: Of<Sym>,
    /// Its VLAN tag.
    pub vlan: Option<Of<i64>>,
    /// The largest packet, in bytes.
    pub mtu: Option<Of<i64>>,
    /// How much of a host's memory may be promised.
    pub memory_promised: Of<Quantity<'a>>,
    /// The storage that holds the disks.
    pub storage: Option<Of<Sym>>,
    /// The template's disk that grows.
    pub boot_disk: Of<&'a str>,
    /// The name servers; at least one.
    pub dns: Vec<Of<&'a str>>,
    /// The length of the network prefix.
    pub prefix: Of<i64>,
    /// The default gateway.
    pub gateway: Of<&'a str>,
    /// The name of the Secret with the API's credentials.
    pub credentials: Option<Of<Sym>>,
}
