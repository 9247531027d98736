//! Checked values to models.

use super::errors;
use super::resource::{Ref, Resource, ResourceId};
use super::template::{Function, Hole, Template, TemplatePart};
use super::value::{Of, Quantity, Range};
use super::{Kind, Model, Tree};
use crate::diag::Sink;
use crate::eval::{self, Evaluator, Later, LaterRef, Origin, Part, RecordId, Value};
use crate::source::{Sources, Sym};

/// Reads values of one target.
pub(super) struct Reader<'a> {
    pub(super) values: &'a Evaluator<'a>,
    /// The cluster at hand, or [`eval::NOTHING`].
    pub(super) target: u32,
}

/// What can be read from a value. `None` when the value is not of the shape that the schema promises:
/// then an error stands already.
pub(super) trait Lift<'a>: Sized {
    /// Reads it.
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self>;
}

/// What can be an item of a list, or an entry of a map.
pub(super) trait Item<'a>: Sized {
    /// Reads all of them.
    fn all(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Vec<Self>>;
}

impl<'a> Reader<'a> {
    /// A field of a record; an absent one where there is none.
    pub(super) fn field(&self, record: RecordId, name: &str) -> (Value, Origin) {
        self.values.peek(record, Sym::new(name), self.target)
    }

    /// The name of a record's schema.
    pub(super) fn schema(&self, record: RecordId) -> Option<Sym> {
        Some(self.values.types.schema(self.values.schema_of(record)?).name)
    }

    /// The path of the object type that a record is of; an inner none for what is no object type.
    pub(super) fn object_path(&self, record: RecordId) -> Option<Option<Sym>> {
        let names = self.values.names;
        let schema = self.values.types.schema(self.values.schema_of(record)?);
        let module = &names.module(names.def(schema.def).module).path;
        let is_object = names.object_modules.contains_key(module);
        Some(is_object.then(|| Sym::new(&format!("{module}.{}", schema.name))))
    }

    fn text(&self, value: Value) -> Option<&'a str> {
        let values: &'a Evaluator<'a> = self.values;
        values.store.as_text(value)
    }

    fn reference(&self, value: Value) -> Option<Ref> {
        let Value::Resource(block) = value else { return None };
        let name = self.values.blocks.get(block as usize)?.name;
        Some(Ref { id: ResourceId(block), name })
    }

    fn hole(&self, later: LaterRef) -> Option<Hole<'a>> {
        let values: &'a Evaluator<'a> = self.values;
        match values.store.read_later(later) {
            Later::Staged(_) => Some(Hole::Value),
            Later::Field(_, name, _) => Some(Hole::Label(name)),
            Later::Call(name, args) => {
                let function = Function::find(name.as_str())?;
                let [argument] = values.store.items(args) else { return None };
                let inner = match *argument {
                    Value::Later(inner) => self.hole(inner)?,
                    number @ (Value::Int(_) | Value::Float(_)) => {
                        Hole::Number(values.print(number)?)
                    }
                    _ => return None,
                };
                Some(Hole::Call(function, Box::new(inner)))
            }
            Later::Otherwise(inner, other) => {
                let inner = Box::new(self.hole(inner)?);
                let [other] = <[_; 1]>::try_from(self.parts(other)?).ok()?;
                Some(Hole::Otherwise(inner, Box::new(other)))
            }
        }
    }

    /// What stands in a text for a later value.
    fn part(&self, later: LaterRef) -> Option<TemplatePart<'a>> {
        if let Later::Otherwise(first, other) = self.values.store.read_later(later) {
            let first = self.hole(first)?;
            let mut other = self.parts(other)?;
            return Some(match other.as_slice() {
                [TemplatePart::Text(_) | TemplatePart::Hole(_)] => {
                    TemplatePart::Hole(Hole::Otherwise(Box::new(first), Box::new(other.remove(0))))
                }
                _ => TemplatePart::Choice(first, other),
            });
        }
        Some(TemplatePart::Hole(self.hole(later)?))
    }

    /// The parts of a text that is known later, or now.
    fn parts(&self, value: Value) -> Option<Vec<TemplatePart<'a>>> {
        let values: &'a Evaluator<'a> = self.values;
        match value {
            Value::Template(run) => values
                .store
                .parts(run)
                .iter()
                .map(|part| match *part {
                    Part::Source(text) => Some(TemplatePart::Source(values.store.read(text))),
                    Part::Text(text) => Some(TemplatePart::Text(values.store.read(text))),
                    Part::Hole(later) => self.part(later),
                })
                .collect(),
            Value::Later(later) => Some(vec![self.part(later)?]),
            value => Some(vec![TemplatePart::Text(self.text(value)?)]),
        }
    }
}

macro_rules! scalars {
    ($($ty:ty => |$reader:ident, $value:ident| $read:expr;)*) => {$(
        impl<'a> Lift<'a> for Of<$ty> {
            fn lift($reader: &Reader<'a>, $value: Value, origin: Origin) -> Option<Self> {
                let _ = $reader;
                Some(Of::new($read?, origin))
            }
        }
    )*};
}
scalars! {
    i64 => |reader, value| match value { Value::Int(value) => Some(value), _ => None };
    bool => |reader, value| match value { Value::Bool(value) => Some(value), _ => None };
    Sym => |reader, value| match value {
        Value::Name(name) => Some(name),
        _ => reader.text(value).map(Sym::new),
    };
    &'a str => |reader, value| reader.text(value);
    Quantity<'a> => |reader, value| match value {
        // There are few spellings: each is kept once.
        Value::Quantity(quantity) => {
            Some(Quantity::new(quantity.amount(), Sym::new(&quantity.to_string()).as_str()))
        }
        _ => None,
    };
    Ref => |reader, value| reader.reference(value);
}

impl<'a, T: Lift<'a>> Lift<'a> for Option<T> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        if value == Value::Absent { Some(None) } else { T::lift(reader, value, origin).map(Some) }
    }
}

impl<'a, T: Item<'a>> Lift<'a> for Vec<T> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        T::all(reader, value, origin)
    }
}

impl<'a, T: Lift<'a>> Item<'a> for (Sym, T) {
    fn all(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Vec<Self>> {
        let Value::Map(run) = value else { return None };
        let values: &'a Evaluator<'a> = reader.values;
        values
            .store
            .entries(run)
            .iter()
            .zip(values.store.origins(run))
            .map(|(&(key, value), &slot)| {
                let origin = if slot == Origin::NONE { origin } else { slot };
                Some((key, T::lift(reader, value, origin)?))
            })
            .collect()
    }
}

macro_rules! items {
    ($($ty:ty),*) => {$(
        impl<'a> Item<'a> for $ty {
            fn all(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Vec<Self>> {
                let Value::List(run) = value else { return None };
                let values: &'a Evaluator<'a> = reader.values;
                values.store.items(run).iter().map(|&item| <$ty>::lift(reader, item, origin)).collect()
            }
        }
    )*};
}
items!(Of<Ref>, Of<Sym>, Of<&'a str>, Of<i64>, Range<&'a str>);

impl<'a, T> Lift<'a> for Range<T>
where
    Of<T>: Lift<'a>,
{
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let Value::Range(range) = value else { return None };
        let (low, high) = reader.values.store.ends(range);
        let end = |value: Value| match value {
            Value::Open => Some(None),
            value => Of::lift(reader, value, origin).map(Some),
        };
        Some(Self { low: end(low)?, high: end(high)? })
    }
}

impl<'a> Lift<'a> for Template<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        Some(Self { parts: reader.parts(value)?, origin })
    }
}

/// A struct of a model: its schema's name, and its fields as the language spells them.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The schema.
    pub schema: &'static str,
    /// The fields, in the struct's order.
    pub fields: &'static [&'static str],
}

macro_rules! records {
    ($($ty:ident $(<$life:lifetime>)? = $schema:literal { $($field:ident = $name:literal),* $(,)? })*) => {
        $(
            impl<'a> Lift<'a> for $crate::model::$ty $(<$life>)? {
                fn lift(reader: &Reader<'a>, value: Value, _: Origin) -> Option<Self> {
                    let Value::Record(record) = value else { return None };
                    Some(Self { $($field: {
                        let (value, origin) = reader.field(record, $name);
                        Lift::lift(reader, value, origin)?
                    }),* })
                }
            }
        )*

        /// Every struct of the model, to be compared with the library.
        pub const SHAPES: &[Shape] = &[$(Shape { schema: $schema, fields: &[$($name),*] }),*];
    };
}
records! {
    Platform<'a> = "Platform" {
        name = "name", domain = "domain", hub = "hub", cluster_namespace = "cluster-namespace",
        common_labels = "common-labels",
    }
    Environment = "Environment" { name = "name", after = "after", protected = "protected" }
    Proxmox<'a> = "Proxmox" {
        nodes = "nodes", template = "template", template_tags = "template-tags",
        source_node = "source-node", clone = "clone", pool = "pool", tags = "tags", vm_ids = "vm-ids",
        sockets = "sockets", bridge = "bridge", vlan = "vlan", mtu = "mtu",
        memory_promised = "memory-promised", storage = "storage", boot_disk = "boot-disk",
        dns = "dns", prefix = "prefix", gateway = "gateway", credentials = "credentials",
    }
    Cluster<'a> = "Cluster" {
        name = "name", environment = "environment", provider = "provider", kubernetes = "kubernetes",
        os = "os", endpoint = "endpoint", endpoint_port = "endpoint-port", addresses = "addresses",
        control_plane = "control-plane", workers = "workers", network = "network", cni = "cni", health = "health",
        reserved = "reserved", drain_timeout = "drain-timeout", delete_timeout = "delete-timeout", labels = "labels",
    }
    ControlPlane<'a> = "ControlPlane" {
        replicas = "replicas", machine = "machine", labels = "labels", taints = "taints",
    }
    NodePool<'a> = "NodePool" {
        name = "name", replicas = "replicas", scale = "scale", machine = "machine", zone = "zone",
        max_surge = "max-surge", max_unavailable = "max-unavailable", upgrades = "upgrades", kubernetes = "kubernetes",
        labels = "labels", taints = "taints",
    }
    Machine<'a> = "Machine" { cpu = "cpu", memory = "memory", r#type = "type", disk = "disk" }
    Kubeadm<'a> = "Kubeadm" { before = "before", after = "after" }
    Talos<'a> = "Talos" {
        version = "version", patches = "patches", control_plane_patches = "control-plane-patches",
        worker_patches = "worker-patches", cluster_class = "cluster-class",
        unreleased_provider = "unreleased-provider",
    }
    Reserved<'a> = "Reserved" {
        cpu = "cpu", memory = "memory", eviction = "eviction", pods = "pods",
    }
    Docker<'a> = "Docker" { image = "image" }
    Aws<'a> = "Aws" {
        region = "region", families = "families", image = "image", image_account = "image-account",
        image_os = "image-os", ssh_key = "ssh-key", vpc = "vpc", subnets = "subnets", network = "network",
        zones = "zones", load_balancer = "load-balancer", control_plane_profile = "control-plane-profile",
        worker_profile = "worker-profile", disk_type = "disk-type", disk_encryption = "disk-encryption",
        placement_group = "placement-group", tags = "tags", credentials = "credentials",
        credentials_kind = "credentials-kind",
    }
    Hetzner<'a> = "Hetzner" {
        locations = "locations", families = "families", image = "image", ssh_keys = "ssh-keys",
        network = "network", load_balancer = "load-balancer", public_ipv4 = "public-ipv4",
        public_ipv6 = "public-ipv6", spread = "spread", credentials = "credentials",
        credentials_key = "credentials-key",
    }
    HetznerNetwork<'a> = "HetznerNetwork" { range = "range", subnet = "subnet" }
    VSphere<'a> = "VSphere" {
        server = "server", thumbprint = "thumbprint", credentials = "credentials",
        credentials_kind = "credentials-kind", datacenter = "datacenter", datastore = "datastore",
        storage_policy = "storage-policy", folder = "folder", resource_pool = "resource-pool",
        template = "template", clone = "clone", networks = "networks", interface = "interface", dns = "dns", prefix = "prefix",
        gateway = "gateway", ssh_user = "ssh-user", ssh_keys = "ssh-keys",
    }
    Metal3<'a> = "Metal3" {
        image = "image", hosts = "hosts", cleaning = "cleaning", interface = "interface", dns = "dns",
        prefix = "prefix", gateway = "gateway", ssh_user = "ssh-user", ssh_keys = "ssh-keys",
    }
    DiskImage<'a> = "DiskImage" {
        url = "url", checksum = "checksum", checksum_type = "checksum-type", format = "format",
    }
    HostClass<'a> = "HostClass" { labels = "labels", cpu = "cpu", memory = "memory" }
    Taint<'a> = "Taint" { value = "value", effect = "effect" }
    Network<'a> = "Network" {
        pods = "pods", services = "services", domain = "domain", routed = "routed",
    }
    Manifests<'a> = "Manifests" { files = "files" }
    TalosCni<'a> = "TalosCni" { urls = "urls" }
    Health<'a> = "Health" {
        startup = "startup", unhealthy_after = "unhealthy-after", max_unhealthy = "max-unhealthy",
    }
    Namespace<'a> = "Namespace" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        pod_security = "pod-security", quota = "quota", protect = "protect",
    }
    Quota<'a> = "Quota" { cpu = "cpu", memory = "memory", storage = "storage", pods = "pods" }
    Alerts<'a> = "Alerts" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        namespace = "namespace", interval = "interval", runbooks = "runbooks", alert = "alert",
        record = "record",
    }
    Alert<'a> = "Alert" {
        name = "name", expr = "expr", r#for = "for", keep_firing_for = "keep-firing-for",
        severity = "severity", labels = "labels", summary = "summary", description = "description",
        runbook = "runbook",
    }
    Record<'a> = "Record" { name = "name", expr = "expr", labels = "labels" }
}

impl<'a> Lift<'a> for super::Provider<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let Value::Record(record) = value else { return None };
        match reader.schema(record)?.as_str() {
            "Proxmox" => Some(Self::Proxmox(Lift::lift(reader, value, origin)?)),
            "Docker" => Some(Self::Docker(Lift::lift(reader, value, origin)?)),
            "Aws" => Some(Self::Aws(Lift::lift(reader, value, origin)?)),
            "Hetzner" => Some(Self::Hetzner(Lift::lift(reader, value, origin)?)),
            "VSphere" => Some(Self::VSphere(Lift::lift(reader, value, origin)?)),
            "Metal3" => Some(Self::Metal3(Lift::lift(reader, value, origin)?)),
            _ => None,
        }
    }
}

impl<'a> Lift<'a> for super::MachineSource<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        if let Value::Record(_) = value {
            return Some(Self::InPlace(Box::new(Lift::lift(reader, value, origin)?)));
        }
        Some(Self::Named(Lift::lift(reader, value, origin)?))
    }
}

impl<'a> Lift<'a> for super::Cni<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let Value::Record(record) = value else { return None };
        match reader.schema(record)?.as_str() {
            "Manifests" => Some(Self::Manifests(Lift::lift(reader, value, origin)?)),
            "TalosCni" => Some(Self::Talos(Lift::lift(reader, value, origin)?)),
            _ => None,
        }
    }
}

impl<'a> Lift<'a> for super::Os<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let Value::Record(record) = value else { return None };
        match reader.schema(record)?.as_str() {
            "Kubeadm" => Some(Self::Kubeadm(Lift::lift(reader, value, origin)?)),
            "Talos" => Some(Self::Talos(Lift::lift(reader, value, origin)?)),
            _ => None,
        }
    }
}

/// Lifts every resource that is ours. Resources that differ from target to target are lifted once a
/// target. A resource whose values are not of its schema's shape is reported: nothing may be left out
/// of a build in silence.
pub fn lift<'a>(
    values: &'a Evaluator<'a>,
    resources: &'a [eval::Resource],
    sources: &'a Sources,
    sink: &mut Sink,
) -> Model<'a> {
    let mut model = Model { catalog: values.names.catalog.clone(), ..Model::default() };
    for resource in resources {
        if resource.external {
            continue;
        }
        let Some(block) = values.blocks.get(resource.block as usize) else { continue };
        let keyword = values.types.kinds.get(&block.kind).map_or("", |kind| kind.keyword.as_str());
        let Some(kind) = Kind::ALL.iter().copied().find(|kind| kind.keyword() == keyword) else {
            continue;
        };
        // What lives in clusters, and in none of them, is nowhere: there is no target to read its values of.
        let placed = values.types.kinds.get(&block.kind).is_some_and(|kind| kind.placed);
        if placed && resource.targets.is_empty() {
            continue;
        }
        let to_ref = |&target: &u32| {
            let name = values.blocks.get(target as usize).map_or(Sym::EMPTY, |block| block.name);
            Ref { id: ResourceId(target), name }
        };
        let targets: Vec<Ref> = resource.targets.iter().map(to_ref).collect();
        let base = values.base_of(resource.block);
        let outermost = values.blocks.get(values.outermost(resource.block) as usize);
        let source = sources.get(outermost.map_or(block.at.file, |b| b.at.file)).name();
        let made =
            (block.parent != eval::NOTHING).then(|| Sym::new(&values.address(resource.block)));
        let turns: Vec<(u32, Vec<Ref>)> = if resource.varies {
            resource.targets.iter().map(|target| (*target, vec![to_ref(target)])).collect()
        } else {
            vec![(resource.targets.first().copied().unwrap_or(eval::NOTHING), targets)]
        };
        for (target, targets) in turns {
            let reader = Reader { values, target };
            let head = Head {
                id: ResourceId(resource.block),
                name: block.name,
                source,
                made,
                base,
                targets,
            };
            if resource.poisoned || !model.take(kind, &reader, Value::Record(resource.root), head) {
                sink.report(errors::not_lifted(&values.address(resource.block), block.at));
                break;
            }
        }
    }
    let own =
        |origin: Origin| origin.as_slot().is_some_and(|slot| values.is_written_by_block(slot));
    let tailored = model.clusters.iter().filter(|it| it.value.sizes().any(own)).map(|it| it.id);
    model.tailored = tailored.collect();
    model
}

/// What a record's patches amend.
fn patches<'a>(reader: &Reader<'a>, value: Value) -> Option<Vec<(Sym, Tree<'a>)>> {
    let Value::Record(record) = value else { return Some(Vec::new()) };
    let (patches, origin) = reader.field(record, "patch");
    if patches == Value::Absent {
        return Some(Vec::new());
    }
    match Tree::lift(reader, patches, origin)? {
        Tree::Map(patches) => Some(patches),
        _ => None,
    }
}

/// What every resource of a model has.
pub(super) struct Head<'a> {
    id: ResourceId,
    name: Sym,
    source: &'a str,
    made: Option<Sym>,
    base: Option<Sym>,
    targets: Vec<Ref>,
}

impl<'a> Head<'a> {
    pub(super) fn with<T: Lift<'a>>(
        self,
        reader: &Reader<'a>,
        value: Value,
    ) -> Option<Resource<'a, T>> {
        let mut patches = patches(reader, value)?;
        if let Value::Record(record) = value {
            // What a cluster amends of its provider in place, it amends of what is made for it alone.
            let (provider, _) = reader.field(record, "provider");
            patches.extend(self::patches(reader, provider)?);
        }
        Some(Resource {
            patches,
            id: self.id,
            name: Of::new(self.name, Origin::NONE),
            source: self.source,
            made: self.made,
            base: self.base,
            targets: self.targets,
            value: T::lift(reader, value, Origin::NONE)?,
        })
    }
}
