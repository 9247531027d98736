//! kubeadm: how a machine becomes a node.

use super::infrastructure::{Infrastructure, NodeSetup};
use super::kube_vip;
use super::node_settings::{LABELS, TAINTS};
use super::setting::{Change, From, Setting, Target, Variable};
use super::shape::Shape;
use crate::backend::Node;
use crate::backend::k8s::{self, Fields, IntoNode, bytes, list, text};
use crate::eval::Origin;
use crate::model::{Cluster, Kubeadm, Of, Reserved};

/// The version of the control plane's objects.
pub(super) const CONTROL_PLANE: &str = "controlplane.cluster.x-k8s.io/v1beta2";
/// The version of the objects that set up machines.
pub(super) const BOOTSTRAP: &str = "bootstrap.cluster.x-k8s.io/v1beta2";
/// The variable with host and port of the API server.
const ENDPOINT: &str = "controlPlaneEndpoint";
/// Where kubeadm looks for amendments of what it writes.
const PATCHES: &str = "/etc/kubernetes/patches";

/// The control plane: kubeadm's defaults, but for what follows.
pub(super) fn control_plane<'a>(
    infrastructure: &dyn Infrastructure<'a>,
    cluster: &Cluster<'a>,
    kubeadm: &Kubeadm<'a>,
) -> Fields<'a> {
    let node = infrastructure.node();
    let rotate = Origin::rule("control-plane machines are replaced before their certificates end");
    let before = Fields::new().with("certificatesExpiryDays", Node::Int(30, rotate));
    let vip = infrastructure.takes_endpoint();
    let init =
        api_endpoint(vip).with("nodeRegistration", registration(&node)).with("patches", patches());
    let join = Fields::new()
        .unless_empty("controlPlane", api_endpoint(vip))
        .with("nodeRegistration", registration(&node))
        .with("patches", patches());
    let mut first = commands(&node, kubeadm);
    let mut last = Vec::new();
    if vip {
        first.push(kube_vip::before_kubeadm());
        last.push(kube_vip::after_kubeadm());
    }
    last.extend(kubeadm.after.iter().map(|command| command.into_node()));
    let config = Fields::new()
        .with("clusterConfiguration", cluster_configuration(&node))
        .with("initConfiguration", init)
        .with("joinConfiguration", join)
        .with("files", list([kubelet_file(&cluster.reserved, &node)]))
        .unless_empty("users", list(infrastructure.users()))
        .unless_empty("preKubeadmCommands", Node::List(first))
        .unless_empty("postKubeadmCommands", Node::List(last));
    Fields::new()
        .with("rollout", Fields::new().with("before", before))
        .with("kubeadmConfigSpec", config)
}

/// A worker.
pub(super) fn worker<'a>(
    infrastructure: &dyn Infrastructure<'a>,
    cluster: &Cluster<'a>,
    kubeadm: &Kubeadm<'a>,
) -> Fields<'a> {
    let node = infrastructure.node();
    let join = Fields::new()
        .unless_empty("nodeRegistration", registration(&node))
        .with("patches", patches());
    let first = commands(&node, kubeadm);
    Fields::new()
        .with("joinConfiguration", join)
        .with("files", list([kubelet_file(&cluster.reserved, &node)]))
        .unless_empty("users", list(infrastructure.users()))
        .unless_empty("preKubeadmCommands", Node::List(first))
        .unless_empty("postKubeadmCommands", list(kubeadm.after.iter().copied()))
}

/// What runs before kubeadm: what the provider's machines need, then what the program says.
fn commands<'a>(node: &NodeSetup, kubeadm: &Kubeadm<'a>) -> Vec<Node<'a>> {
    let rule = Origin::rule("the provider's machines need it before kubeadm");
    let needed = node.before.iter().map(|command| text(*command, rule));
    needed.chain(kubeadm.before.iter().map(|command| command.into_node())).collect()
}

fn cluster_configuration<'a>(node: &NodeSetup) -> Fields<'a> {
    let profiling = argument(
        "profiling",
        "false",
        Origin::rule("nobody profiles a control plane through its API"),
    );
    let metrics = Origin::rule("Prometheus reads the metrics of every control-plane machine");
    let bind = || argument("bind-address", "0.0.0.0", metrics);
    let cloud = Origin::rule("a cloud controller manager outside of Kubernetes knows the machines");
    let external = node.external_cloud.then(|| argument("cloud-provider", "external", cloud));
    // Etcd stops writing at its quota, and 8 GiB is the most that etcd itself advises.
    let quota = Origin::rule("etcd may grow to 8 GiB");
    let etcd = Fields::new().with(
        "extraArgs",
        list([
            argument("quota-backend-bytes", "8589934592", quota),
            argument("listen-metrics-urls", "http://0.0.0.0:2381", metrics),
        ]),
    );
    let names = Origin::rule("clients reach the API server under these names, too");
    let api_server = Fields::new()
        .with("extraArgs", list([profiling.clone()]))
        .unless_empty("certSANs", list(node.names.iter().map(|name| text(*name, names))));
    let managed: Vec<_> =
        [Some(bind()), Some(profiling.clone()), external].into_iter().flatten().collect();
    Fields::new()
        .with("apiServer", api_server)
        .with("controllerManager", Fields::new().with("extraArgs", list(managed)))
        .with("scheduler", Fields::new().with("extraArgs", list([bind(), profiling])))
        .with("etcd", Fields::new().with("local", etcd))
}

/// Where the API server listens; every Cluster sets its own port. Behind a provider's load balancer kubeadm's own will do.
fn api_endpoint<'a>(vip: bool) -> Fields<'a> {
    if !vip {
        return Fields::new();
    }
    let rule = Origin::rule("the API server listens where kube-vip sends");
    let endpoint = Fields::new().with("bindPort", Node::Int(6443, rule));
    Fields::new().with("localAPIEndpoint", endpoint)
}

fn registration<'a>(node: &NodeSetup) -> Fields<'a> {
    let name = Origin::rule("a node is called as its machine calls itself");
    let socket = Origin::rule("the image of nodes has its container runtime there");
    let cloud = Origin::rule("a cloud controller manager outside of Kubernetes knows the machines");
    let external = node.external_cloud.then(|| argument("cloud-provider", "external", cloud));
    let own = node.kubelet.iter().map(|(name, value, says)| {
        let rule = Origin::rule(says);
        Fields::new().with("name", text(*name, rule)).with("value", text(value.clone(), rule))
    });
    let arguments: Vec<_> = external.into_iter().chain(own).collect();
    Fields::new()
        .maybe("name", node.name.map(|it| text(it, name)))
        .maybe("criSocket", node.socket.map(|it| text(it, socket)))
        .unless_empty("kubeletExtraArgs", list(arguments))
}

fn argument<'a>(name: &'static str, value: &'static str, origin: Origin) -> Fields<'a> {
    Fields::new().with("name", text(name, origin)).with("value", text(value, origin))
}

fn patches<'a>() -> Fields<'a> {
    let rule = Origin::rule("kubeadm amends the kubelet's configuration");
    Fields::new().with("directory", text(PATCHES, rule))
}

/// What the kubelet keeps back, as kubeadm amends its configuration.
fn kubelet_file<'a>(reserved: &Reserved<'a>, node: &NodeSetup) -> Fields<'a> {
    let rule = Origin::rule("kubeadm amends the kubelet's configuration");
    let head = Fields::new()
        .with("apiVersion", text("kubelet.config.k8s.io/v1beta1", rule))
        .with("kind", text("KubeletConfiguration", rule));
    let content = k8s::yaml(&kubelet(head, reserved, node.shared_disk).into_node());
    Fields::new()
        .with("path", text(format!("{PATCHES}/kubeletconfiguration0+merge.yaml"), rule))
        .with("owner", text("root:root", rule))
        .with("permissions", text("0600", rule))
        .with("content", text(content, reserved.memory.origin))
}

/// What a kubelet keeps back. Who sets one eviction threshold sets all, since the others are zero then.
pub(super) fn kubelet<'a>(
    head: Fields<'a>,
    reserved: &Reserved<'a>,
    shared_disk: bool,
) -> Fields<'a> {
    let rule = if shared_disk {
        Origin::rule("machines that share a disk are not emptied when it fills up")
    } else {
        Origin::rule("the kubelet's own defaults for disks")
    };
    let disk = |share: &'static str| text(if shared_disk { "0%" } else { share }, rule);
    let kept =
        Fields::new().with("cpu", k8s::cpu(reserved.cpu)).with("memory", bytes(reserved.memory));
    let eviction = Fields::new()
        .with("memory.available", bytes(reserved.eviction))
        .with("nodefs.available", disk("10%"))
        .with("nodefs.inodesFree", disk("5%"))
        .with("imagefs.available", disk("15%"))
        .with("imagefs.inodesFree", disk("5%"));
    head.with("kubeReserved", kept).with("evictionHard", eviction).with("maxPods", reserved.pods)
}

/// What clusters of a class set themselves, beside what their provider lets them.
pub(super) fn settings<'a>(
    infrastructure: &dyn Infrastructure<'a>,
    shape: &Shape<'a>,
) -> Vec<Setting<'a>> {
    let mut settings = Vec::new();
    if infrastructure.takes_endpoint() {
        settings.push(endpoint(Some(infrastructure.interface())));
    }
    settings.extend(infrastructure.settings());
    let has_arguments = !registration(&infrastructure.node())
        .into_node()
        .get("kubeletExtraArgs")
        .is_none_or(|arguments| *arguments == Node::List(Vec::new()));
    if shape.labels {
        settings.push(labels(has_arguments));
    }
    if shape.taints {
        settings.push(taints());
    }
    settings
}

fn rule() -> Origin {
    Origin::rule("a class lets its Clusters change what may differ between them")
}

fn word<'a>(word: &'static str) -> Node<'a> {
    text(word, rule())
}

fn string<'a>() -> Fields<'a> {
    Fields::new().with("type", word("string"))
}

fn full<'a>(fields: Fields<'a>) -> Fields<'a> {
    fields.with("minLength", Node::Int(1, rule()))
}

fn object<'a>(required: &[&'static str], properties: Fields<'a>) -> Fields<'a> {
    Fields::new()
        .with("type", word("object"))
        .with("required", list(required.iter().map(|name| word(name))))
        .with("properties", properties)
}

/// One address: of the infrastructure, and with kubeadm of kube-vip (on an interface, if the provider says which), and where the API
/// server listens.
pub(super) fn endpoint<'a>(kubeadm: Option<Option<Of<&'a str>>>) -> Setting<'a> {
    let port = Fields::new()
        .with("type", word("integer"))
        .with("minimum", Node::Int(1, rule()))
        .with("maximum", Node::Int(65535, rule()));
    let schema =
        object(&["host", "port"], Fields::new().with("host", full(string())).with("port", port));
    let value = |cluster: &Cluster<'a>| {
        let host: Of<&'a str> = cluster.endpoint?;
        Some(Fields::new().with("host", host).with("port", cluster.endpoint_port).into_node())
    };
    let change =
        |target, op, path: &str, value| Change { target, op, path: path.to_owned(), value };
    let host = From::Variable("controlPlaneEndpoint.host");
    let port = || From::Variable("controlPlaneEndpoint.port");
    let mut changes = vec![
        change(Target::Infrastructure, "replace", "controlPlaneEndpoint/host", host),
        change(Target::Infrastructure, "replace", "controlPlaneEndpoint/port", port()),
    ];
    if let Some(interface) = kubeadm {
        let bind = "localAPIEndpoint/bindPort";
        let init = format!("kubeadmConfigSpec/initConfiguration/{bind}");
        let join = format!("kubeadmConfigSpec/joinConfiguration/controlPlane/{bind}");
        changes.push(change(Target::ControlPlane, "replace", &init, port()));
        changes.push(change(Target::ControlPlane, "replace", &join, port()));
        let pod = From::Template(
            kube_vip::file_template(interface.map(|it| it.value)),
            Box::new(|_| None),
        );
        changes.push(change(Target::ControlPlane, "add", "kubeadmConfigSpec/files/-", pod));
    }
    Setting {
        name: ENDPOINT,
        description: "The address and port of the API server, which one control-plane machine at a time announces.",
        variable: Some(Variable { required: true, schema, value: Box::new(value) }),
        changes,
    }
}

/// Labels that the kubelet gives its node: a class has the variable where a cluster needs it.
fn labels<'a>(has_arguments: bool) -> Setting<'a> {
    let argument = format!("name: node-labels\nvalue: \"{{{{ .{LABELS} }}}}\"\n");
    let (path, template) = if has_arguments {
        ("kubeletExtraArgs/-", argument)
    } else {
        ("kubeletExtraArgs", format!("- {}", argument.trim_end().replace('\n', "\n  ")))
    };
    Setting {
        name: LABELS,
        description: "Labels that the kubelet gives its node: `key=value`, separated by commas.",
        variable: Some(Variable {
            required: false,
            schema: string().with("default", word("")),
            value: Box::new(|_| None),
        }),
        changes: registrations(path, || From::Template(template.clone(), Box::new(|_| None))),
    }
}

fn taints<'a>() -> Setting<'a> {
    let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"].map(word);
    let taint = object(
        &["key", "effect"],
        Fields::new()
            .with("key", full(string()))
            .with("value", string())
            .with("effect", string().with("enum", list(effects))),
    );
    let schema = Fields::new()
        .with("type", word("array"))
        .with("items", taint)
        .with("default", Node::List(Vec::new()));
    Setting {
        name: TAINTS,
        description: "Taints that the kubelet gives its node.",
        variable: Some(Variable { required: false, schema, value: Box::new(|_| None) }),
        changes: registrations("taints", || From::Variable(TAINTS)),
    }
}

/// The same change for every `nodeRegistration`.
fn registrations<'a>(path: &str, value: impl Fn() -> From<'a>) -> Vec<Change<'a>> {
    let at = |target, parent: &str| Change {
        target,
        op: "add",
        path: format!("{parent}/nodeRegistration/{path}"),
        value: value(),
    };
    vec![
        at(Target::ControlPlane, "kubeadmConfigSpec/initConfiguration"),
        at(Target::ControlPlane, "kubeadmConfigSpec/joinConfiguration"),
        at(Target::Workers, "joinConfiguration"),
    ]
}
