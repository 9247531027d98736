//! Where machines come from.

use super::{Machine, Map, Of, Quantity, Range};
use crate::source::Sym;

/// `kind Provider`.
#[derive(Clone, PartialEq, Debug)]
pub enum Provider<'a> {
    /// A Proxmox VE installation.
    Proxmox(Proxmox<'a>),
    /// Containers on one machine.
    Docker(Docker<'a>),
    /// Amazon Web Services.
    Aws(Aws<'a>),
    /// Hetzner Cloud.
    Hetzner(Hetzner<'a>),
    /// A vSphere installation.
    VSphere(VSphere<'a>),
    /// Bare metal.
    Metal3(Metal3<'a>),
}

impl Provider<'_> {
    /// The name of its schema.
    pub const fn schema(&self) -> &'static str {
        match self {
            Self::Proxmox(_) => "Proxmox",
            Self::Docker(_) => "Docker",
            Self::Aws(_) => "Aws",
            Self::Hetzner(_) => "Hetzner",
            Self::VSphere(_) => "VSphere",
            Self::Metal3(_) => "Metal3",
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

/// `schema Aws`.
#[derive(Clone, PartialEq, Debug)]
pub struct Aws<'a> {
    /// The region.
    pub region: Of<&'a str>,
    /// The families of machine types, the preferred first; at least one.
    pub families: Vec<Of<&'a str>>,
    /// The id of the image.
    pub image: Option<Of<&'a str>>,
    /// The account whose images are looked through.
    pub image_account: Option<Of<&'a str>>,
    /// The operating system of images that are looked for.
    pub image_os: Of<&'a str>,
    /// The key pair of machines.
    pub ssh_key: Option<Of<&'a str>>,
    /// The id of a network that is there.
    pub vpc: Option<Of<&'a str>>,
    /// The ids of its subnets.
    pub subnets: Vec<Of<&'a str>>,
    /// The addresses of a network that is made.
    pub network: Of<&'a str>,
    /// Over how many zones it goes.
    pub zones: Of<i64>,
    /// `internet-facing` or `internal`.
    pub load_balancer: Of<Sym>,
    /// The instance profile of control planes.
    pub control_plane_profile: Of<&'a str>,
    /// The instance profile of workers.
    pub worker_profile: Of<&'a str>,
    /// `gp3` or `gp2`.
    pub disk_type: Of<Sym>,
    /// Whether boot volumes are encrypted.
    pub disk_encryption: Of<bool>,
    /// The placement group of workers.
    pub placement_group: Option<Of<&'a str>>,
    /// Tags of what is made.
    pub tags: Map<Of<&'a str>>,
    /// The name of the identity.
    pub credentials: Option<Of<Sym>>,
    /// `role` or `static`.
    pub credentials_kind: Of<Sym>,
}

/// `schema Hetzner`.
#[derive(Clone, PartialEq, Debug)]
pub struct Hetzner<'a> {
    /// The locations; at least one.
    pub locations: Vec<Of<Sym>>,
    /// The families of machine types, the preferred first; at least one.
    pub families: Vec<Of<&'a str>>,
    /// The image's name.
    pub image: Of<&'a str>,
    /// The names of SSH keys.
    pub ssh_keys: Vec<Of<&'a str>>,
    /// The private network.
    pub network: Option<HetznerNetwork<'a>>,
    /// The type of the load balancer.
    pub load_balancer: Of<Sym>,
    /// Whether machines have public addresses of IPv4.
    pub public_ipv4: Of<bool>,
    /// Whether machines have public addresses of IPv6.
    pub public_ipv6: Of<bool>,
    /// Whether control planes stand on different hosts.
    pub spread: Of<bool>,
    /// The name of the Secret with the token.
    pub credentials: Of<Sym>,
    /// The key of the token in it.
    pub credentials_key: Of<&'a str>,
}

/// `schema HetznerNetwork`.
#[derive(Clone, PartialEq, Debug)]
pub struct HetznerNetwork<'a> {
    /// Its addresses.
    pub range: Of<&'a str>,
    /// The part of it that machines are in.
    pub subnet: Of<&'a str>,
}

/// `schema VSphere`.
#[derive(Clone, PartialEq, Debug)]
pub struct VSphere<'a> {
    /// The vCenter.
    pub server: Of<&'a str>,
    /// The fingerprint of its certificate.
    pub thumbprint: Of<&'a str>,
    /// The name of what holds user and password.
    pub credentials: Of<Sym>,
    /// `identity` or `secret`.
    pub credentials_kind: Of<Sym>,
    /// The datacenter.
    pub datacenter: Of<&'a str>,
    /// The datastore of the disks.
    pub datastore: Option<Of<&'a str>>,
    /// The storage policy of the disks.
    pub storage_policy: Option<Of<&'a str>>,
    /// The folder of the machines.
    pub folder: Option<Of<&'a str>>,
    /// The resource pool of the machines.
    pub resource_pool: Option<Of<&'a str>>,
    /// The template that machines are cloned from.
    pub template: Of<&'a str>,
    /// `full` or `linked`.
    pub clone: Of<Sym>,
    /// The networks, one device each; at least one.
    pub networks: Vec<Of<&'a str>>,
    /// The interface in the first of them.
    pub interface: Option<Of<&'a str>>,
    /// The name servers.
    pub dns: Vec<Of<&'a str>>,
    /// The length of the network prefix.
    pub prefix: Of<i64>,
    /// The default gateway; none where machines ask DHCP.
    pub gateway: Option<Of<&'a str>>,
    /// The user that keys let in.
    pub ssh_user: Of<Sym>,
    /// Public keys for SSH.
    pub ssh_keys: Vec<Of<&'a str>>,
}

/// `schema Metal3`.
#[derive(Clone, PartialEq, Debug)]
pub struct Metal3<'a> {
    /// The image of the hosts' disks.
    pub image: DiskImage<'a>,
    /// The classes of hosts; at least one.
    pub hosts: Map<HostClass<'a>>,
    /// `metadata` or `disabled`.
    pub cleaning: Of<Sym>,
    /// The interface that carries addresses and endpoint.
    pub interface: Option<Of<&'a str>>,
    /// The name servers.
    pub dns: Vec<Of<&'a str>>,
    /// The length of the network prefix.
    pub prefix: Of<i64>,
    /// The default gateway; none where machines ask DHCP.
    pub gateway: Option<Of<&'a str>>,
    /// The user that keys let in.
    pub ssh_user: Of<Sym>,
    /// Public keys for SSH.
    pub ssh_keys: Vec<Of<&'a str>>,
}

impl<'a> Metal3<'a> {
    /// The class of hosts that a machine gets: the one that its type names, else the smallest that has its cores and memory. None
    /// where there is none, or the program says neither.
    pub fn host_class(&self, machine: &Machine<'a>) -> Option<&(Sym, HostClass<'a>)> {
        if let Some(named) = machine.r#type {
            return self.hosts.iter().find(|(name, _)| name.as_str() == named.value);
        }
        let (cpu, memory) = (machine.cpu?.value, machine.memory?.value.amount);
        self.hosts
            .iter()
            .filter_map(|it| Some((it.1.size()?, it)))
            .filter(|&((cores, bytes), _)| cores >= cpu && bytes >= memory)
            // Of equals the first that is written.
            .min_by_key(|(size, _)| *size)
            .map(|(_, it)| it)
    }
}

/// `schema DiskImage`.
#[derive(Clone, PartialEq, Debug)]
pub struct DiskImage<'a> {
    /// Where it is.
    pub url: Of<&'a str>,
    /// Its checksum, or where that is.
    pub checksum: Of<&'a str>,
    /// `sha256`, `sha512` or `md5`.
    pub checksum_type: Of<Sym>,
    /// `qcow2`, `raw`, `vdi` or `vmdk`.
    pub format: Of<Sym>,
}

/// `schema HostClass`.
#[derive(Clone, PartialEq, Debug)]
pub struct HostClass<'a> {
    /// The labels of the hosts; at least one.
    pub labels: Map<Of<&'a str>>,
    /// Their cores; none where nothing is known.
    pub cpu: Option<Of<i64>>,
    /// Their memory; none where nothing is known.
    pub memory: Option<Of<Quantity<'a>>>,
}

impl HostClass<'_> {
    /// Cores and bytes of memory of each host, where they are known.
    pub fn size(&self) -> Option<(i64, i64)> {
        Some((self.cpu?.value, self.memory?.value.amount))
    }
}
