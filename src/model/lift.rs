//! Checked values to models.

use super::resource::{Ref, ResourceId};
use super::template::{Function, Hole, Template, TemplatePart};
use super::tree::Tree;
use super::value::{Of, Quantity, Range};
use crate::eval::{Evaluator, Later, LaterRef, Origin, Part, RecordId, Value};
use crate::source::Sym;

/// Reads values of one target.
pub(super) struct Reader<'a> {
    pub(super) values: &'a Evaluator<'a>,
    /// The cluster at hand, or [`eval::NOTHING`].
    pub(super) target: u32,
    /// Whether it reads a resource that is `external`: what is no fact of it is absent.
    pub(super) external: bool,
    /// Whether it reads around mistakes: a text that holds one is empty, an entry that holds one elsewhere is left out.
    pub(super) around: bool,
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
        let (value, origin) = self.values.peek(record, Sym::new(name), self.target);
        // What is not stated of a resource that is `external` has no value.
        if self.external && value == Value::Poison {
            return (Value::Absent, Origin::NONE);
        }
        (value, origin)
    }

    /// The resource that a record is an entry or part of.
    pub(super) fn owner(&self, record: RecordId) -> Option<Ref> {
        self.reference(Value::Resource(self.values.owner_of(record)?))
    }

    /// Whether a resource is of a kind.
    pub(super) fn is_of(&self, resource: Ref, kind: crate::model::Kind) -> bool {
        let block = self.values.blocks.get(resource.id.0 as usize);
        let found = block.and_then(|block| self.values.types.kinds.get(&block.kind));
        found.is_some_and(|found| found.keyword.as_str() == kind.keyword())
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

    /// Whether the resource's own block says a value, or an entry of it.
    pub(super) fn is_stated(&self, value: Value, origin: Origin) -> bool {
        let own = |origin: &Origin| {
            origin.as_slot().is_some_and(|slot| self.values.is_written_by_block(slot))
        };
        let entries = match value {
            Value::Map(run) => self.values.store.origins(run),
            _ => &[],
        };
        own(&origin) || entries.iter().any(own)
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
            Later::Field(base, name, _) => Some(match values.store.read_later(base) {
                Later::Staged(staged) if staged.as_str() == "variable" => Hole::Variable(name),
                _ => Hole::Label(name),
            }),
            // Neither alerts nor dashboards have lists.
            Later::Item(..) => None,
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
    f64 => |reader, value| match value {
        Value::Float(value) => Some(value),
        #[expect(clippy::cast_precision_loss, reason = "a bound of a scale")]
        Value::Int(value) => Some(value as f64),
        _ => None,
    };
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
        // Nothing may be stated of what is `external` but facts.
        if reader.external && value == Value::Absent {
            return Some(Self::new());
        }
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
                T::lift(reader, value, origin).map(|value| (key, value))
            })
            .filter(|entry| entry.is_some() || !reader.around)
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
items!(
    Of<Ref>,
    Of<Sym>,
    Of<&'a str>,
    Of<i64>,
    Of<Quantity<'a>>,
    Range<&'a str>,
    Range<i64>,
    Tree<'a>
);

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
        if reader.around && value == Value::Poison {
            return Some(Self { parts: Vec::new(), origin });
        }
        Some(Self { parts: reader.parts(value)?, origin })
    }
}

/// A struct of a model: its schema's name, and its fields as the language spells them.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The schema.
    pub schema: &'static str,
    /// The schemas that it extends and whose struct it holds: their fields come first.
    pub bases: &'static [&'static str],
    /// Its own fields, in the struct's order.
    pub fields: &'static [&'static str],
}

macro_rules! records {
    ($(#[$doc:meta])* $shapes:ident: $($ty:ident $(<$life:lifetime>)? = $schema:literal $(extends $base:literal)? { $($field:ident = $name:literal),* $(,)? })*) => {
        $(
            impl<'a> Lift<'a> for $crate::model::$ty $(<$life>)? {
                fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
                    let Value::Record(record) = value else { return None };
                    let _ = origin;
                    Some(Self { $(base: {
                        const _: &str = $base;
                        Lift::lift(reader, value, origin)?
                    },)? $($field: {
                        let (value, origin) = reader.field(record, $name);
                        Lift::lift(reader, value, origin)?
                    }),* })
                }
            }
        )*

        $(#[$doc])*
        pub(super) const $shapes: &[Shape] = &[$(Shape { schema: $schema, bases: &[$($base)?], fields: &[$($name),*] }),*];
    };
}
mod apps;
mod dashboards;
mod unions;
mod whole;
mod workloads;

pub(super) use whole::Head;
pub use whole::{lift, lift_around_alerts};

/// Every struct of the model, to be compared with the library.
pub fn shapes() -> impl Iterator<Item = &'static Shape> {
    OF_MOST
        .iter()
        .chain(dashboards::OF_DASHBOARDS)
        .chain(workloads::OF_WORKLOADS)
        .chain(apps::OF_APPS)
}

records! {
    /// The structs of most kinds.
    OF_MOST:
    Platform<'a> = "Platform" {
        name = "name", domain = "domain", hub = "hub", cluster_namespace = "cluster-namespace",
        common_labels = "common-labels", repo = "repo", revision = "revision", path = "path", argo_cd = "argo-cd",
        images = "images",
    }
    ArgoCd<'a> = "ArgoCd" {
        namespace = "namespace", version = "version", repository = "repository", values = "values",
    }
    Secret<'a> = "Secret" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        namespace = "namespace", store = "store", sops = "sops", refresh = "refresh", r#type = "type", keep = "keep", key = "key",
    }
    NamedKey<'a> = "SecretKey" { secret = "secret", key = "key" }
    StoredKey<'a> = "StoredKey" { name = "name", path = "path", property = "property", version = "version" }
    StoreBase<'a> = "StoreBase" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        service_account = "service-account", account_namespace = "account-namespace", only_for = "only-for",
    }
    Vault<'a> = "Vault" extends "StoreBase" {
        server = "server", path = "path", engine = "engine", login = "login", role = "role",
    }
    AwsSecretsManager<'a> = "AwsSecretsManager" extends "StoreBase" { region = "region", role = "role" }
    AwsParameterStore<'a> = "AwsParameterStore" extends "StoreBase" { region = "region", role = "role" }
    GcpSecretManager<'a> = "GcpSecretManager" extends "StoreBase" {
        project = "project", location = "location", cluster_name = "cluster-name",
    }
    AzureKeyVault<'a> = "AzureKeyVault" extends "StoreBase" { vault = "vault" }
    Service<'a> = "Service" { name = "name", host = "host", port = "port", addresses = "addresses" }
    OutsidePort = "OutsidePort" { name = "name", number = "number", protocol = "protocol" }
    Repository<'a> = "Repository" {
        name = "name", url = "url", revision = "revision", credentials = "credentials",
    }
    Project<'a> = "Project" {
        name = "name", description = "description", repositories = "repositories", charts = "charts",
        clusters = "clusters", namespaces = "namespaces", cluster_objects = "cluster-objects",
        deny_objects = "deny-objects",
    }
    Addon<'a> = "Addon" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        namespace = "namespace", chart = "chart", url = "url", folder = "folder", values = "values",
        bootstrap = "bootstrap", crds = "crds", provides = "provides", storage_classes = "storage-classes",
        project = "project", sync = "sync", ignore = "ignore", protect = "protect",
    }
    Chart<'a> = "Chart" { repo = "repo", name = "name", version = "version" }
    Folder<'a> = "Folder" { repository = "repository", path = "path", revision = "revision" }
    Sync<'a> = "Sync" {
        automatic = "automatic", prune = "prune", self_heal = "self-heal", server_side = "server-side",
        options = "options", retry = "retry",
    }
    Retry<'a> = "Retry" { limit = "limit", backoff = "backoff", factor = "factor", max = "max" }
    Ignore<'a> = "Ignore" { object = "object", name = "name", pointers = "pointers" }
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
        pods = "pods", services = "services", domain = "domain", dns = "dns", policies = "policies", routed = "routed",
    }
    Dns<'a> = "Dns" { namespace = "namespace", pods = "pods", port = "port", node_local = "node-local" }
    Manifests<'a> = "Manifests" { files = "files" }
    TalosCni<'a> = "TalosCni" { urls = "urls" }
    Health<'a> = "Health" {
        startup = "startup", unhealthy_after = "unhealthy-after", max_unhealthy = "max-unhealthy",
    }
    Namespace<'a> = "Namespace" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        pod_security = "pod-security", pod_security_version = "pod-security-version", network = "network",
        quota = "quota", limits = "limits", protect = "protect",
    }
    Team<'a> = "Team" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        namespaces = "namespaces", group = "group", access = "access", project = "project",
    }
    Traffic<'a> = "Traffic" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        namespace = "namespace", pods = "pods", direction = "direction", reason = "reason",
        namespaces = "namespaces", workloads = "workloads", addresses = "addresses",
        api_server = "api-server", everybody = "everybody", ports = "ports", protocol = "protocol",
    }
    Quota<'a> = "Quota" {
        cpu = "cpu", memory = "memory", cpu_limits = "cpu-limits", memory_limits = "memory-limits",
        storage = "storage", pods = "pods", services = "services", secrets = "secrets",
        config_maps = "config-maps", persistent_volume_claims = "persistent-volume-claims",
        other = "other",
    }
    Limits<'a> = "Limits" { container = "container", volume = "volume" }
    ContainerLimits<'a> = "ContainerLimits" {
        cpu = "cpu", memory = "memory", cpu_bounds = "cpu-bounds", memory_bounds = "memory-bounds",
    }
    VolumeLimits<'a> = "VolumeLimits" { size = "size" }
    Alerts<'a> = "Alerts" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        namespace = "namespace", interval = "interval", runbooks = "runbooks", alert = "alert",
        record = "record",
    }
    Alert<'a> = "Alert" {
        name = "name", expr = "expr", or_absent = "or-absent", r#for = "for",
        keep_firing_for = "keep-firing-for", severity = "severity", labels = "labels",
        summary = "summary", description = "description", runbook = "runbook",
        annotations = "annotations",
    }
    Record<'a> = "Record" { name = "name", expr = "expr", labels = "labels" }
    Monitoring<'a> = "Monitoring" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        namespace = "namespace", version = "version", repository = "repository", project = "project",
        prometheus = "prometheus", alertmanager = "alertmanager",
        grafana = "grafana", exporters = "exporters",
    }
    PrometheusServer<'a> = "PrometheusServer" {
        replicas = "replicas", retention = "retention", retention_size = "retention-size",
        storage = "storage", cpu = "cpu", memory = "memory", scrape_interval = "scrape-interval",
        scrape_timeout = "scrape-timeout", evaluation_interval = "evaluation-interval",
        external_labels = "external-labels", features = "features", select = "select",
        select_in = "select-in",
    }
    AlertmanagerServer<'a> = "AlertmanagerServer" {
        enabled = "enabled", replicas = "replicas", retention = "retention", storage = "storage",
        cpu = "cpu", memory = "memory",
    }
    GrafanaServer<'a> = "GrafanaServer" {
        admin = "admin", admin_user_key = "admin-user-key", admin_password_key = "admin-password-key",
        url = "url", storage = "storage", chart_dashboards = "chart-dashboards", cpu = "cpu", memory = "memory",
    }
    PersistentStorage<'a> = "PersistentStorage" { size = "size", class = "class" }
    Exporters = "Exporters" {
        node_exporter = "node-exporter", kube_state_metrics = "kube-state-metrics", kubelet = "kubelet",
        cadvisor = "cadvisor", container_metrics = "container-metrics", api_server = "api-server",
        coredns = "coredns", controller_manager = "controller-manager", scheduler = "scheduler", etcd = "etcd",
    }
    Scrape<'a> = "Scrape" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        namespace = "namespace", also_in = "also-in", exporter = "exporter", version = "version",
        finds = "finds", selector = "selector", any_of = "any-of", services = "services", job = "job",
        job_label = "job-label", jobs = "jobs", service_labels = "service-labels",
        pod_labels = "pod-labels", add_labels = "add-labels", node_label = "node-label",
        drop = "drop", keep = "keep", sample_limit = "sample-limit", port = "port", metric = "metric",
    }
    ScrapePort<'a> = "ScrapePort" {
        name = "name", number = "number", path = "path", scheme = "scheme", interval = "interval",
        timeout = "timeout", honor_labels = "honor-labels", params = "params", tls = "tls",
        token = "token", service_account_token = "service-account-token",
    }
    ScrapeTls<'a> = "ScrapeTls" { ca = "ca", server_name = "server-name", insecure = "insecure" }
    ExportedMetric<'a> = "ExportedMetric" {
        name = "name", r#type = "type", labels = "labels", values = "values", unit = "unit", help = "help",
    }
    Webhook<'a> = "Webhook" {
        clusters = "clusters", resolved = "resolved", url = "url", token = "token", max_alerts = "max-alerts",
    }
    Email<'a> = "Email" {
        clusters = "clusters", resolved = "resolved", to = "to", from = "from", server = "server", port = "port",
        user = "user", password = "password", tls = "tls", subject = "subject",
    }
    Slack<'a> = "Slack" {
        clusters = "clusters", resolved = "resolved", url = "url", channel = "channel", title = "title", text = "text",
    }
    PagerDuty<'a> = "PagerDuty" {
        clusters = "clusters", resolved = "resolved", routing_key = "routing-key", severity = "severity",
        title = "title", details = "details",
    }
    Opsgenie<'a> = "Opsgenie" {
        clusters = "clusters", resolved = "resolved", api_key = "api-key", api_url = "api-url", teams = "teams",
        priority = "priority", tags = "tags", title = "title",
    }
    Telegram<'a> = "Telegram" {
        clusters = "clusters", resolved = "resolved", token = "token", chat = "chat", topic = "topic", text = "text",
    }
    Discord<'a> = "Discord" {
        clusters = "clusters", resolved = "resolved", url = "url", title = "title", text = "text",
    }
    MsTeams<'a> = "MsTeams" {
        clusters = "clusters", resolved = "resolved", url = "url", title = "title", text = "text",
    }
    Pushover<'a> = "Pushover" {
        clusters = "clusters", resolved = "resolved", user_key = "user-key", token = "token", title = "title",
        text = "text",
    }
    Null = "Null" { clusters = "clusters", resolved = "resolved" }
    Routing<'a> = "Routing" {
        clusters = "clusters", name = "name", default = "default", group_by = "group-by", wait = "wait",
        interval = "interval", repeat = "repeat", route = "route", inhibit = "inhibit",
    }
    Route<'a> = "Route" {
        name = "name", when = "when", to = "to", r#continue = "continue", group_by = "group-by", wait = "wait",
        interval = "interval", repeat = "repeat", mute = "mute", active = "active", route = "route",
    }
    Pattern<'a> = "Pattern" { like = "like", unlike = "unlike", not = "not" }
    Inhibit<'a> = "Inhibit" { source = "source", target = "target", equal = "equal" }
    Slo<'a> = "Slo" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        namespace = "namespace", objective = "objective", window = "window", errors = "errors", good = "good",
        total = "total", state = "state", by = "by", series_labels = "series-labels", page = "page",
        ticket = "ticket", summary = "summary", description = "description", runbook = "runbook",
    }
    TimeWindow<'a> = "TimeWindow" {
        name = "name", times = "times", weekdays = "weekdays", days = "days", months = "months", years = "years",
        location = "location",
    }
}
