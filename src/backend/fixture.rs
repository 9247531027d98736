//! A small platform, for the backends' tests.

use std::sync::Arc;

mod watching;

use super::{Backend, Node, Output};
use crate::eval::Origin;
use crate::kubernetes::Catalog;
use crate::model::{
    Alert, Alerts, Aws, Cluster, Cni, ControlPlane, Dashboard, DiskImage, Dns, Docker, Environment,
    Function, Health, Hetzner, HetznerNetwork, Hole, HostClass, Kubeadm, Machine, MachineSource,
    Manifest, Manifests, Map, Metal3, Model, Network, NodePool, Of, Os, Platform, Provider,
    Proxmox, Quantity, Range, Record, Ref, Reserved, Resource, ResourceId, Taint, Talos, Template,
    TemplatePart, Tree, VSphere,
};
use crate::source::Sym;

mod apps;
mod backups;
mod gitops;
mod policies;
mod routing;
mod running;

/// What a backend makes of the fixture, as YAML, each file once.
pub(super) fn lowered(backend: &dyn Backend, model: &Model<'_>) -> String {
    backend.lower(model).iter().map(|job| shown(&job())).collect()
}

fn shown(output: &Output<'_>) -> String {
    let clusters: Vec<_> = output.clusters.iter().map(|cluster| cluster.name.as_str()).collect();
    let document = &output.document;
    let mut shown = format!(
        "# <{}>/{}\n# {} in {}\n",
        clusters.join(", "),
        document.path,
        document.address,
        document.source
    );
    for manifest in &document.manifests {
        shown.push_str("---\n");
        shown.push_str(&serde_yaml::to_string(&json(&manifest.root)).unwrap());
    }
    shown
}

/// A node as other libraries know it.
pub(super) fn json(node: &Node<'_>) -> serde_json::Value {
    match node {
        Node::Bool(value, _) => (*value).into(),
        Node::Int(value, _) => (*value).into(),
        Node::Float(value, _) => (*value).into(),
        Node::Text(value, _) => value.as_ref().into(),
        Node::List(items) => items.iter().map(json).collect(),
        Node::Map(entries) => {
            entries.iter().map(|(key, value)| (key.to_string(), json(value))).collect()
        }
    }
}

pub(super) fn of<T>(value: T) -> Of<T> {
    Of::new(value, Origin::NONE)
}

pub(super) fn sym(name: &str) -> Of<Sym> {
    of(Sym::new(name))
}

fn reference(name: &str) -> Ref {
    let id = name.bytes().fold(7_u32, |id, byte| id.wrapping_mul(31).wrapping_add(byte.into()));
    Ref { id: ResourceId(id), name: Sym::new(name) }
}

fn resource<'a, T>(name: &str, base: Option<&str>, targets: &[&str], value: T) -> Resource<'a, T> {
    Resource {
        id: reference(name).id,
        name: sym(name),
        source: "platform.iflux",
        base: base.map(Sym::new),
        patches: Vec::new(),
        needs: Vec::new(),
        made: None,
        targets: targets.iter().copied().map(reference).collect(),
        value,
    }
}

fn labels<'a>(labels: &[(&str, &'a str)]) -> Map<Of<&'a str>> {
    labels.iter().map(|&(key, value)| (Sym::new(key), of(value))).collect()
}

pub(super) fn duration(written: &str, seconds: i64) -> Of<Quantity<'_>> {
    of(Quantity::new(seconds * 1000, written))
}

fn machine<'a>(cpu: i64, memory: i64, disk: i64) -> Machine<'a> {
    let gibibytes = |amount: i64| of(Quantity::computed(amount << 30));
    Machine {
        cpu: Some(of(cpu)),
        memory: Some(gibibytes(memory)),
        r#type: None,
        disk: gibibytes(disk),
    }
}

fn pool<'a>(name: &str, replicas: i64, machine: Machine<'a>) -> (Sym, NodePool<'a>) {
    let pool = NodePool {
        name: sym(name),
        replicas: of(replicas),
        scale: None,
        machine,
        zone: None,
        max_surge: of(1),
        max_unavailable: of(0),
        upgrades: sym("immediate"),
        kubernetes: None,
        labels: Vec::new(),
        taints: Vec::new(),
    };
    (Sym::new(name), pool)
}

fn cluster<'a>(
    name: &str,
    environment: &str,
    number: usize,
    control_plane: i64,
    workers: i64,
    machine: &Machine<'a>,
) -> Cluster<'a> {
    const ENDPOINTS: [&str; 4] = ["10.0.1.100", "10.0.1.101", "10.0.1.102", "10.0.1.103"];
    const LOW: [&str; 4] = ["10.0.1.110", "10.0.1.120", "10.0.1.140", "10.0.1.160"];
    const HIGH: [&str; 4] = ["10.0.1.119", "10.0.1.139", "10.0.1.159", "10.0.1.179"];
    Cluster {
        name: sym(name),
        environment: of(reference(environment)),
        provider: MachineSource::Named(of(reference("lab"))),
        kubernetes: of("v1.34.2"),
        os: Os::Kubeadm(Kubeadm { before: Vec::new(), after: Vec::new() }),
        endpoint: Some(of(ENDPOINTS[number])),
        endpoint_port: of(6443),
        addresses: vec![Range { low: Some(of(LOW[number])), high: Some(of(HIGH[number])) }],
        control_plane: ControlPlane {
            replicas: of(control_plane),
            machine: machine.clone(),
            labels: Vec::new(),
            taints: Vec::new(),
        },
        workers: vec![pool("general", workers, machine.clone())],
        network: Network {
            pods: of("10.244.0.0/16"),
            services: of("10.96.0.0/12"),
            domain: of("cluster.local"),
            dns: Dns {
                namespace: sym("kube-system"),
                pods: labels(&[("k8s-app", "kube-dns")]),
                port: of(53),
                node_local: None,
            },
            policies: sym("kubernetes"),
            routed: of(false),
        },
        cni: None,
        health: Health {
            startup: duration("15m", 900),
            unhealthy_after: duration("5m", 300),
            max_unhealthy: of(Quantity::new(500_000, "50%")),
        },
        reserved: Reserved {
            cpu: of(Quantity::new(100, "100m")),
            memory: of(Quantity::new(512 << 20, "512Mi")),
            eviction: of(Quantity::new(100 << 20, "100Mi")),
            pods: of(110),
        },
        drain_timeout: duration("10m", 600),
        delete_timeout: duration("10m", 600),
        labels: Vec::new(),
    }
}

/// On containers, written in place.
fn laptop<'a>() -> Cluster<'a> {
    let docker = Provider::Docker(Docker { image: None });
    Cluster {
        provider: MachineSource::InPlace(Box::new(docker)),
        endpoint: None,
        addresses: Vec::new(),
        ..cluster("laptop", "dev", 0, 1, 1, &machine(2, 2, 20))
    }
}

/// On machines that are sold by type: one is named, the other chosen.
fn rented<'a>(name: &str, provider: &str) -> Cluster<'a> {
    let mut cluster = Cluster {
        provider: MachineSource::Named(of(reference(provider))),
        endpoint: None,
        endpoint_port: of(443),
        addresses: Vec::new(),
        ..cluster(name, "prod", 0, 3, 2, &machine(4, 8, 40))
    };
    let (_, pool) = &mut cluster.workers[0];
    let named = if provider == "ireland" { "m7i.2xlarge" } else { "ccx33" };
    pool.machine = Machine { cpu: None, memory: None, r#type: Some(of(named)), ..pool.machine };
    cluster
}

/// Of plain objects, with a pool that scales and waits for upgrades.
fn talos<'a>() -> Cluster<'a> {
    let patch = Tree::Map(vec![(Sym::new("debug"), Tree::Bool(of(true)))]);
    let mut cluster = cluster("metal", "prod", 1, 3, 2, &machine(4, 8, 40));
    cluster.os = Os::Talos(Talos {
        version: of("v1.11.5"),
        patches: vec![(Sym::new("debug"), patch)],
        control_plane_patches: Vec::new(),
        worker_patches: Vec::new(),
        cluster_class: of(false),
        unreleased_provider: of(false),
    });
    let (_, pool) = &mut cluster.workers[0];
    pool.scale = Some(Range { low: Some(of(2)), high: Some(of(6)) });
    pool.zone = Some(of("rack-1"));
    pool.labels = labels(&[("node-role.kubernetes.io/edge", ""), ("acme.example/rack", "b2")]);
    let taint = Taint { value: of(""), effect: sym("NoExecute") };
    pool.taints = vec![(Sym::new("acme.example/edge"), taint)];
    cluster
}

/// On a provider that hands out the cluster's addresses.
fn on<'a>(name: &str, provider: &str, number: usize) -> Cluster<'a> {
    Cluster {
        provider: MachineSource::Named(of(reference(provider))),
        ..cluster(name, "prod", number, 3, 2, &machine(4, 8, 40))
    }
}

/// The same, of machines that ask DHCP.
fn asking<'a>(name: &str, provider: &str) -> Cluster<'a> {
    Cluster { addresses: Vec::new(), ..on(name, provider, 0) }
}

/// With a provider of Talos that nobody has released.
fn ahead(mut cluster: Cluster<'_>) -> Cluster<'_> {
    if let Os::Talos(talos) = &mut cluster.os {
        talos.cluster_class = of(true);
        talos.unreleased_provider = of(true);
    }
    cluster
}

/// The same on machines of IPv6, whose provider is written in place.
fn in_place<'a>() -> Cluster<'a> {
    let mut provider = proxmox();
    provider.gateway = of("2001:db8:1::1");
    provider.prefix = of(64);
    let addresses = Range { low: Some(of("2001:db8:1::10")), high: Some(of("2001:db8:1::1f")) };
    Cluster {
        provider: MachineSource::InPlace(Box::new(Provider::Proxmox(provider))),
        endpoint: Some(of("2001:db8:1::2")),
        addresses: vec![addresses],
        ..talos()
    }
}

/// Three sizes in two environments, one of them with pools of its own.
pub(super) fn model<'a>() -> Model<'a> {
    let small = machine(2, 2, 20);
    let large = machine(8, 8, 80);
    let mut own = cluster("eu-2", "prod", 3, 3, 5, &large);
    let network = "apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-flannel}\n";
    let files = vec![(Sym::new("flannel"), of(network))];
    own.cni = Some(Cni::Manifests(Manifests { files }));
    let taint = Taint { value: of("gpu"), effect: sym("NoSchedule") };
    let (name, mut gpu) = pool("gpu", 2, machine(16, 64, 200));
    gpu.labels = labels(&[("node-role.kubernetes.io/gpu", ""), ("acme.example/rack", "b2")]);
    gpu.taints = vec![(Sym::new("acme.example/only"), taint.clone())];
    own.workers.push((name, gpu));
    own.control_plane.taints =
        vec![(Sym::new("acme.example/etcd"), Taint { value: of(""), ..taint })];
    own.labels = labels(&[("tier", "gold")]);
    Model {
        platforms: vec![resource("acme", None, &[], platform())],
        environments: ["dev", "prod"]
            .map(|name| {
                let protected = of(name == "prod");
                resource(name, None, &[], Environment { name: sym(name), after: None, protected })
            })
            .to_vec(),
        providers: vec![
            resource("ireland", None, &[], Provider::Aws(aws())),
            resource("lab", None, &[], Provider::Proxmox(proxmox())),
            resource("saxony", None, &[], Provider::Hetzner(hetzner())),
            resource("vcenter", None, &[], Provider::VSphere(vsphere())),
            resource("rack", None, &[], Provider::Metal3(metal3())),
        ],
        clusters: vec![
            resource("dev-1", Some("Small"), &[], cluster("dev-1", "dev", 0, 1, 2, &small)),
            resource("dev-2", Some("Small"), &[], cluster("dev-2", "dev", 1, 1, 2, &small)),
            resource("eu-1", Some("Large"), &[], cluster("eu-1", "prod", 2, 3, 7, &large)),
            resource("eu-2", Some("Large"), &[], own),
            resource("laptop", Some("Small"), &[], laptop()),
            resource("metal", Some("Small"), &[], talos()),
            resource("ahead", Some("Small"), &[], ahead(talos())),
            resource("ahead-on-v6", Some("Small"), &[], ahead(in_place())),
            resource("rented", Some("Small"), &[], rented("rented", "saxony")),
            resource("shop", Some("Small"), &[], rented("shop", "ireland")),
            resource("vm-1", Some("Small"), &[], on("vm-1", "vcenter", 2)),
            resource("vm-2", Some("Small"), &[], asking("vm-2", "vcenter")),
            resource(
                "vm-3",
                Some("Small"),
                &[],
                Cluster { os: talos().os, ..on("vm-3", "vcenter", 3) },
            ),
            resource("rack-1", Some("Small"), &[], on("rack-1", "rack", 2)),
            resource("rack-2", Some("Small"), &[], asking("rack-2", "rack")),
            resource(
                "rack-3",
                Some("Small"),
                &[],
                Cluster { os: talos().os, ..on("rack-3", "rack", 3) },
            ),
        ],
        namespaces: running::namespaces(),
        teams: running::teams(),
        traffic: running::traffic(),
        policies: policies::policies(),
        external_addons: running::external_addons(),
        external_services: running::external_services(),
        alerts: vec![resource("nodes", None, &["dev-1", "eu-1"], alerts())],
        monitorings: vec![resource(
            "main",
            None,
            &["dev-1", "eu-1", "metal"],
            watching::monitoring(),
        )],
        scrapes: watching::scrapes(),
        secret_stores: gitops::secret_stores(),
        secrets: gitops::secrets(),
        repositories: gitops::repositories(),
        apps: apps::sets(),
        projects: gitops::projects(),
        addons: gitops::addons(),
        workloads: running::workloads(),
        jobs: running::jobs(),
        databases: running::databases(),
        backups: backups::backups(),
        receivers: routing::receivers(),
        time_windows: vec![resource("nights", None, &[], routing::nights())],
        slos: vec![resource("checkout", None, &["dev-1", "eu-1"], routing::promise())],
        routings: vec![resource("main", None, &["dev-1"], routing::routing())],
        manifests: manifests(),
        dashboards: vec![
            resource("nodes", None, &["dev-1", "eu-1"], dashboard("sidecar")),
            resource("given", None, &["eu-1"], dashboard("operator")),
        ],
        tailored: std::iter::once(reference("eu-2").id).collect(),
        catalog: Arc::new(Catalog::core().clone()),
        images: Arc::default(),
        ..Model::default()
    }
}

fn dashboard<'a>(by: &str) -> Dashboard<'a> {
    super::grafana::everything(reference("monitoring"), by)
}

/// One in a namespace, one in none, and one of which nothing is known.
fn manifests<'a>() -> Vec<Resource<'a, Manifest<'a>>> {
    let manifest = |object: Option<&str>, name: &'a str, body| Manifest {
        object: object.map(Sym::new),
        name: of(name),
        namespace: None,
        labels: Vec::new(),
        annotations: Vec::new(),
        finalizers: Vec::new(),
        body,
    };
    let tree = |text: &'a str| Tree::Text(of(text));
    let data = vec![(Sym::new("data"), Tree::Map(vec![(Sym::new("a"), tree("b"))]))];
    let settings = manifest(Some("k8s.core.v1.ConfigMap"), "settings", data);
    let settings = Manifest { namespace: Some(of(reference("shop"))), ..settings };
    let urgent = vec![(Sym::new("value"), Tree::Int(of(1000)))];
    let urgent = manifest(Some("k8s.scheduling.v1.PriorityClass"), "urgent", urgent);
    let raw = vec![
        (Sym::new("apiVersion"), tree("v1")),
        (Sym::new("kind"), tree("Service")),
        (Sym::new("metadata"), Tree::Map(vec![(Sym::new("name"), tree("old"))])),
    ];
    vec![
        resource("settings", None, &["dev-1"], settings),
        resource("urgent", None, &["dev-1"], urgent),
        resource("old", None, &["dev-1"], manifest(None, "old", raw)),
    ]
}

fn platform<'a>() -> Platform<'a> {
    Platform {
        name: sym("acme"),
        domain: of("acme.example"),
        hub: of(reference("eu-1")),
        cluster_namespace: Some(of(reference("clusters"))),
        common_labels: labels(&[("acme.example/team", "platform")]),
        repo: Some(of("https://git.acme.example/platform")),
        revision: of("main"),
        path: of("out"),
        argo_cd: gitops::argo_cd(),
        images: sym("any"),
    }
}

fn proxmox<'a>() -> Proxmox<'a> {
    Proxmox {
        nodes: vec![sym("pve01"), sym("pve02")],
        template: Some(of(9100)),
        template_tags: Vec::new(),
        clone: sym("full"),
        pool: None,
        tags: Vec::new(),
        vm_ids: None,
        sockets: of(1),
        mtu: None,
        memory_promised: of(Quantity::new(1_000_000, "100%")),
        source_node: None,
        bridge: sym("vmbr0"),
        vlan: Some(of(120)),
        storage: Some(sym("local-lvm")),
        boot_disk: of("scsi0"),
        dns: vec![of("1.1.1.1"), of("8.8.8.8")],
        prefix: of(24),
        gateway: of("10.0.1.1"),
        credentials: Some(sym("proxmox")),
    }
}

fn aws<'a>() -> Aws<'a> {
    Aws {
        region: of("eu-west-1"),
        families: vec![of("m7i"), of("c7i")],
        image: None,
        image_account: Some(of("123456789012")),
        image_os: of("ubuntu-24.04"),
        ssh_key: None,
        vpc: Some(of("vpc-0123456789abcdef0")),
        subnets: vec![of("subnet-0123456789abcdef0")],
        network: of("10.0.0.0/16"),
        zones: of(3),
        load_balancer: sym("internal"),
        control_plane_profile: of("control-plane"),
        worker_profile: of("worker"),
        disk_type: sym("gp3"),
        disk_encryption: of(true),
        placement_group: Some(of("close")),
        tags: labels(&[("team", "platform")]),
        credentials: None,
        credentials_kind: sym("role"),
    }
}

fn hetzner<'a>() -> Hetzner<'a> {
    Hetzner {
        locations: vec![sym("nbg1"), sym("fsn1")],
        families: vec![of("cpx")],
        image: of("node-v1.34.2"),
        ssh_keys: vec![of("ops")],
        network: Some(HetznerNetwork { range: of("10.0.0.0/16"), subnet: of("10.0.0.0/24") }),
        load_balancer: sym("lb11"),
        public_ipv4: of(false),
        public_ipv6: of(true),
        spread: of(true),
        credentials: sym("hcloud"),
        credentials_key: of("token"),
    }
}

fn vsphere<'a>() -> VSphere<'a> {
    VSphere {
        server: of("vcenter.acme.example"),
        thumbprint: of("3A:7F:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:01:0C"),
        credentials: sym("vcenter"),
        credentials_kind: sym("identity"),
        datacenter: of("dc1"),
        datastore: Some(of("vsan")),
        storage_policy: None,
        folder: Some(of("clusters")),
        resource_pool: Some(of("/dc1/host/c1/Resources")),
        template: of("ubuntu-2404-kube-v1.34.2"),
        clone: sym("full"),
        networks: vec![of("VM Network"), of("storage")],
        interface: Some(of("ens192")),
        dns: vec![of("10.0.0.53")],
        prefix: of(24),
        gateway: Some(of("10.0.1.1")),
        ssh_user: sym("capv"),
        ssh_keys: vec![of("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIM ops")],
    }
}

fn metal3<'a>() -> Metal3<'a> {
    let class = |name: &'a str, size: Option<(i64, i64)>| HostClass {
        labels: labels(&[("acme.example/hosts", name)]),
        cpu: size.map(|(cpu, _)| of(cpu)),
        memory: size.map(|(_, memory)| of(Quantity::computed(memory << 30))),
    };
    Metal3 {
        image: DiskImage {
            url: of("https://images.acme.example/ubuntu-2404-kube-v1.34.2.qcow2"),
            checksum: of("https://images.acme.example/SHA256SUMS"),
            checksum_type: sym("sha256"),
            format: sym("qcow2"),
        },
        hosts: vec![
            (Sym::new("unknown"), class("unknown", None)),
            (Sym::new("large"), class("large", Some((64, 256)))),
            (Sym::new("small"), class("small", Some((16, 64)))),
        ],
        cleaning: sym("metadata"),
        interface: Some(of("enp1s0")),
        dns: vec![of("10.0.0.53")],
        prefix: of(24),
        gateway: Some(of("10.0.1.1")),
        ssh_user: sym("metal3"),
        ssh_keys: Vec::new(),
    }
}

fn template(parts: Vec<TemplatePart<'_>>) -> Template<'_> {
    Template { parts, origin: Origin::NONE }
}

fn alerts<'a>() -> Alerts<'a> {
    let label = |name: &str| TemplatePart::Hole(Hole::Label(Sym::new(name)));
    let percent = Hole::Call(Function::HumanizePercentage, Box::new(Hole::Value));
    let down = Alert {
        name: sym("NodeDown"),
        expr: of("up{job=\"node-exporter\"} == 0"),
        or_absent: of(false),
        r#for: duration("5m", 300),
        keep_firing_for: Some(duration("10m", 600)),
        severity: sym("critical"),
        labels: vec![(Sym::new("rack"), template(vec![label("rack")]))],
        summary: template(vec![
            TemplatePart::Text("Node "),
            label("instance"),
            TemplatePart::Text(" is down"),
        ]),
        description: None,
        runbook: Some(of("https://runbooks.example/node-down")),
        annotations: vec![(Sym::new("dashboard"), template(vec![TemplatePart::Text("nodes")]))],
    };
    let cpu = Alert {
        name: sym("NodeHighCPUUsage"),
        expr: of("instance:node_cpu:ratio > 0.8"),
        or_absent: of(false),
        r#for: duration("0s", 0),
        keep_firing_for: None,
        severity: sym("warning"),
        labels: Vec::new(),
        summary: template(vec![
            label("instance"),
            TemplatePart::Text(" uses "),
            TemplatePart::Hole(percent),
            TemplatePart::Text(" of its CPU"),
        ]),
        description: Some(template(vec![TemplatePart::Text("Look for pods without a limit.")])),
        runbook: None,
        annotations: Vec::new(),
    };
    let ratio = Record {
        name: sym("instance:node_cpu:ratio"),
        expr: of("1 - avg by (instance) (rate(node_cpu_seconds_total{mode=\"idle\"}[5m]))"),
        labels: labels(&[("unit", "ratio")]),
    };
    Alerts {
        clusters: Vec::new(),
        labels: labels(&[("release", "monitoring")]),
        annotations: labels(&[("acme.example/owner", "platform")]),
        name: sym("nodes"),
        namespace: of(reference("monitoring")),
        interval: Some(duration("1m", 60)),
        runbooks: Some(of("https://runbooks.acme.example/")),
        alert: vec![(down.name.value, down), (cpu.name.value, cpu)],
        record: vec![(ratio.name.value, ratio)],
    }
}
