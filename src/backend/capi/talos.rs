//! Talos Linux: clusters of plain objects, since no released provider has a template of its control planes.

use super::class::{self, CLUSTER_API, machine_spec};
use super::infrastructure::{Infrastructure, Role};
use super::setting::Target;
use super::shape::Home;
use super::topology::{
    checks, cluster_metadata, deletion, file, network, protection, scaling, strategy, trigger,
};
use super::{Hub, digest, kubeadm, node_settings};
use crate::backend::day_zero::talos_cni;
use crate::backend::k8s::{self, Fields, IntoNode, Metadata, labels, list, object, text};
use crate::backend::{Manifest, Node, Output};
use crate::eval::Origin;
use crate::model::{Cluster, Map, NodePool, Of, Ref, Resource, Taint, Talos, Tree};

/// The version of the control plane's objects.
pub(super) const CONTROL_PLANE: &str = "controlplane.cluster.x-k8s.io/v1alpha3";
/// The version of the objects that set up machines.
pub(super) const BOOTSTRAP: &str = "bootstrap.cluster.x-k8s.io/v1alpha3";
/// The label of a cluster's machines.
const OF_CLUSTER: &str = "cluster.x-k8s.io/cluster-name";
/// The label of a pool's machines.
const OF_DEPLOYMENT: &str = "cluster.x-k8s.io/deployment-name";

/// The bodies of a cluster's objects.
pub(super) struct Parts<'a> {
    /// The cluster's infrastructure.
    pub(super) infrastructure: Fields<'a>,
    /// The control plane, but for its version, its number and its machines.
    pub(super) control_plane: Fields<'a>,
    pools: Vec<(&'static str, Fields<'a>)>,
}

impl<'a> Parts<'a> {
    /// How the machines of a pool are set up.
    pub(super) fn bootstrap(&self, pool: &str) -> Fields<'a> {
        let found = self.pools.iter().find(|(name, _)| *name == pool);
        found.map(|(_, spec)| spec.clone()).unwrap_or_default()
    }
}

/// The bodies of a cluster's objects.
pub(super) fn parts<'a>(
    infrastructure: &dyn Infrastructure<'a>,
    cluster: &Cluster<'a>,
    talos: &Talos<'a>,
    savers: &[Of<Ref>],
) -> Parts<'a> {
    let own = &cluster.control_plane;
    let mut patches = vec![
        common(infrastructure, cluster, &own.labels, &own.taints),
        control_plane(infrastructure, cluster),
    ];
    patches.extend(access(savers));
    patches.extend(program(&talos.patches));
    patches.extend(program(&talos.control_plane_patches));
    let config = config("controlplane", talos, patches);
    let pools = cluster.workers.iter().map(|(name, pool)| {
        let mut patches = vec![common(infrastructure, cluster, &pool.labels, &pool.taints)];
        patches.extend(program(&talos.patches));
        patches.extend(program(&talos.worker_patches));
        (name.as_str(), self::config("worker", talos, patches))
    });
    Parts {
        infrastructure: class::applied(
            infrastructure.cluster_of_talos(infrastructure.cluster()),
            Target::Infrastructure,
            infrastructure,
            cluster,
        ),
        control_plane: Fields::new()
            .with("controlPlaneConfig", Fields::new().with("controlplane", config)),
        pools: pools.collect(),
    }
}

fn config<'a>(role: &'static str, talos: &Talos<'a>, patches: Vec<Node<'a>>) -> Fields<'a> {
    let rule = Origin::rule("Talos makes the machine configuration of this role");
    let minor = Origin::rule("a configuration is made for a minor version of Talos");
    let minor = Of::new(
        minor_of(talos.version.value),
        if talos.version.origin == Origin::NONE { minor } else { talos.version.origin },
    );
    let named = Origin::rule("a node is called as its machine is");
    Fields::new()
        .with("generateType", text(role, rule))
        .with("talosVersion", text(minor.value, minor.origin))
        .with("hostname", Fields::new().with("source", text("MachineName", named)))
        .with("strategicPatches", Node::List(patches))
}

/// `v1.11` of `v1.11.5`: the contract that configurations are made for.
fn minor_of(version: &str) -> String {
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}

/// What every machine's configuration says.
fn common<'a>(
    infrastructure: &dyn Infrastructure<'a>,
    cluster: &Cluster<'a>,
    labels: &Map<Of<&'a str>>,
    taints: &Map<Taint<'a>>,
) -> Node<'a> {
    let reserved = kubeadm::kubelet(Fields::new(), &cluster.reserved, false);
    let taints = taints.iter().fold(Fields::new(), |fields, (key, taint)| {
        let value = format!("{}:{}", taint.value.value, taint.effect.value);
        fields
            .with(key.as_str(), text(value.trim_start_matches(':').to_owned(), taint.effect.origin))
    });
    let cloud = Origin::rule("a cloud controller manager outside of Kubernetes knows the machines");
    let external = infrastructure.node().external_cloud;
    let cloud = external.then(|| Fields::new().with("enabled", Node::Bool(true, cloud)));
    let machine = Fields::new()
        .with("kubelet", Fields::new().with("extraConfig", reserved))
        .unless_empty("nodeLabels", node_settings::own_labels(labels))
        .unless_empty("nodeTaints", taints);
    let whole = Fields::new().with("machine", machine);
    let whole = match cloud {
        Some(cloud) => whole.with("cluster", Fields::new().with("externalCloudProvider", cloud)),
        None => whole,
    };
    patch(whole, cluster.reserved.memory.origin)
}

/// What the configuration of a control-plane machine says beside that.
fn control_plane<'a>(infrastructure: &dyn Infrastructure<'a>, cluster: &Cluster<'a>) -> Node<'a> {
    let metrics = Origin::rule("Prometheus reads the metrics of every control-plane machine");
    let bind = || {
        let arguments = Fields::new().with("bind-address", text("0.0.0.0", metrics));
        Fields::new().with("extraArgs", arguments)
    };
    let listen = Fields::new().with("listen-metrics-urls", text("http://0.0.0.0:2381", metrics));
    let vip = cluster.endpoint.filter(|_| infrastructure.takes_endpoint()).map(|endpoint| {
        let rule = Origin::rule("one control-plane machine at a time announces the endpoint");
        let dynamic = cluster.addresses.is_empty();
        let interface = match infrastructure.interface() {
            Some(name) => Fields::new().with("interface", name),
            None => {
                let device = Fields::new().with("physical", Node::Bool(true, rule));
                Fields::new().with("deviceSelector", device)
            }
        };
        let interface = interface
            .maybe("dhcp", dynamic.then_some(Node::Bool(true, rule)))
            .with("vip", Fields::new().with("ip", endpoint));
        Fields::new().with("network", Fields::new().with("interfaces", list([interface])))
    });
    // The virtual address stands on the machine, where the API server must listen on its port.
    let port =
        vip.is_some().then(|| Fields::new().with("localAPIServerPort", cluster.endpoint_port));
    let inner = Fields::new()
        .maybe("network", talos_cni(cluster).map(|cni| Fields::new().with("cni", cni)))
        .maybe("controlPlane", port)
        .maybe("network", talos_cni(cluster).map(|cni| Fields::new().with("cni", cni)))
        .with("controllerManager", bind())
        .with("scheduler", bind())
        .with("etcd", Fields::new().with("extraArgs", listen));
    patch(Fields::new().maybe("machine", vip).with("cluster", inner), metrics)
}

/// What lets the pods of backups ask the API of Talos for snapshots, and for nothing else.
fn access<'a>(savers: &[Of<Ref>]) -> Option<Node<'a>> {
    let first = savers.first()?;
    let rule = Origin::rule("a backup's pods may ask for snapshots of etcd");
    let access = Fields::new()
        .with("enabled", Node::Bool(true, rule))
        .with("allowedRoles", list([text("os:etcd:backup", rule)]))
        .with("allowedKubernetesNamespaces", list(savers.iter().copied()));
    let features = Fields::new().with("kubernetesTalosAPIAccess", access);
    let machine = Fields::new().with("features", features);
    Some(patch(Fields::new().with("machine", machine), first.origin))
}

/// The program's own patches.
fn program<'a>(patches: &Map<Tree<'a>>) -> Vec<Node<'a>> {
    let rule = Origin::rule("the program's patches of the configuration");
    patches
        .iter()
        .map(|(_, tree)| text(k8s::yaml(&crate::backend::objects::plain(tree)), rule))
        .collect()
}

fn patch<'a>(content: Fields<'a>, origin: Origin) -> Node<'a> {
    text(k8s::yaml(&content.into_node()), origin)
}

/// The file of a cluster of plain objects.
pub(super) fn output<'a>(
    hub: Hub<'a>,
    resource: &'a Resource<'a, Cluster<'a>>,
    home: Home<'a>,
    talos: &Talos<'a>,
) -> Output<'a> {
    let infrastructure = home.infrastructure();
    let savers = hub.model.savers(resource.id);
    file(hub, resource, objects(hub, &*infrastructure, (&resource.value, talos), &savers))
}

fn objects<'a>(
    hub: Hub<'a>,
    infrastructure: &dyn Infrastructure<'a>,
    (cluster, talos): (&Cluster<'a>, &Talos<'a>),
    savers: &[Of<Ref>],
) -> Vec<Manifest<'a>> {
    let parts = parts(infrastructure, cluster, talos, savers);
    let version = infrastructure.api_version();
    let plain = |name: String| metadata(hub, cluster, name);
    let name = cluster.name.value.as_str().to_owned();
    let control_plane_name = format!("{name}-control-plane");
    let mut objects = vec![object(
        CLUSTER_API,
        "Cluster",
        cluster_metadata(hub, cluster),
        Some(whole(infrastructure, cluster, &control_plane_name)),
    )];
    for extra in infrastructure.objects(cluster) {
        let labels = labels(hub.model).with(OF_CLUSTER, cluster.name);
        objects.push(class::extra(hub, cluster, extra, labels));
    }
    let kind = infrastructure.cluster_kind();
    objects.push(object(version, kind, plain(name.clone()), Some(parts.infrastructure.clone())));
    let role = Role::ControlPlane { talos: true };
    let (machines, more) = template(
        hub,
        infrastructure,
        cluster,
        &cluster.control_plane.machine,
        role,
        &control_plane_name,
    );
    objects.extend(more);
    let rule = Origin::rule("a control plane names the template of its machines");
    let reference = Fields::new()
        .with("apiVersion", text(version, rule))
        .with("kind", text(format!("{}Template", infrastructure.machine_kind()), rule))
        .with("name", text(machines, rule));
    let control_plane = Fields::new()
        .with("version", cluster.kubernetes)
        .with("replicas", cluster.control_plane.replicas)
        .with("infrastructureTemplate", reference);
    let control_plane = match parts.control_plane.clone().into_node().get("controlPlaneConfig") {
        Some(config) => control_plane.with("controlPlaneConfig", config.clone()),
        None => control_plane,
    };
    objects.push(object(
        CONTROL_PLANE,
        "TalosControlPlane",
        plain(control_plane_name.clone()),
        Some(control_plane),
    ));
    let machines = Fields::new().with("cluster.x-k8s.io/control-plane", text("", selects()));
    objects.push(health_check(hub, cluster, control_plane_name, machines));
    for (_, pool) in &cluster.workers {
        objects.extend(pool_objects(hub, infrastructure, cluster, pool, &parts));
    }
    objects
}

/// A Cluster without a topology.
fn whole<'a>(
    infrastructure: &dyn Infrastructure<'a>,
    cluster: &Cluster<'a>,
    control_plane: &str,
) -> Fields<'a> {
    let rule = Origin::rule("a cluster names its infrastructure and its control plane");
    let reference = |version: &'static str, kind: &'static str, name: String| {
        let group = version.split('/').next().unwrap_or_default();
        Fields::new()
            .with("apiGroup", text(group, rule))
            .with("kind", text(kind, rule))
            .with("name", text(name, rule))
    };
    let endpoint = cluster
        .endpoint
        .filter(|_| infrastructure.takes_endpoint())
        .map(|host| Fields::new().with("host", host).with("port", cluster.endpoint_port));
    let name = cluster.name.value.as_str().to_owned();
    Fields::new()
        .with("clusterNetwork", network(cluster))
        .maybe("controlPlaneEndpoint", endpoint)
        .with(
            "infrastructureRef",
            reference(infrastructure.api_version(), infrastructure.cluster_kind(), name),
        )
        .with(
            "controlPlaneRef",
            reference(CONTROL_PLANE, "TalosControlPlane", control_plane.to_owned()),
        )
}

fn pool_objects<'a>(
    hub: Hub<'a>,
    infrastructure: &dyn Infrastructure<'a>,
    cluster: &Cluster<'a>,
    pool: &NodePool<'a>,
    parts: &Parts<'a>,
) -> Vec<Manifest<'a>> {
    let name = format!("{}-{}", cluster.name.value, pool.name.value);
    let role = Role::Worker { talos: true };
    let (machines, mut objects) =
        template(hub, infrastructure, cluster, &pool.machine, role, &name);
    let inner = Fields::new().with("spec", parts.bootstrap(pool.name.value.as_str()));
    let spec = Fields::new().with("template", inner);
    let config =
        digest::template(&name, BOOTSTRAP, "TalosConfigTemplate", &spec.clone().into_node());
    objects.push(object(
        BOOTSTRAP,
        "TalosConfigTemplate",
        template_metadata(hub, cluster, config.clone()),
        Some(spec),
    ));
    let rule = Origin::rule("a deployment of machines names their templates");
    let reference = |version: &'static str, kind: String, name: String| {
        let group = version.split('/').next().unwrap_or_default();
        Fields::new()
            .with("apiGroup", text(group, rule))
            .with("kind", text(kind, rule))
            .with("name", text(name, rule))
    };
    let of = |fields: Fields<'a>| {
        fields.with(OF_CLUSTER, cluster.name).with(OF_DEPLOYMENT, text(name.clone(), selects()))
    };
    let machine = Fields::new()
        .with("clusterName", cluster.name)
        .with("version", pool.kubernetes.unwrap_or(cluster.kubernetes))
        .maybe("failureDomain", pool.zone)
        .with(
            "bootstrap",
            Fields::new()
                .with("configRef", reference(BOOTSTRAP, "TalosConfigTemplate".to_owned(), config)),
        )
        .with(
            "infrastructureRef",
            reference(
                infrastructure.api_version(),
                format!("{}Template", infrastructure.machine_kind()),
                machines,
            ),
        )
        .with("deletion", deletion(cluster));
    let template = Fields::new()
        .with(
            "metadata",
            Fields::new().with("labels", of(node_settings::synced_labels(&pool.labels))),
        )
        .with("spec", machine);
    let spec = Fields::new()
        .with("clusterName", cluster.name)
        .maybe("replicas", pool.scale.is_none().then_some(pool.replicas))
        .with("rollout", strategy(pool))
        .with("selector", Fields::new().with("matchLabels", of(Fields::new())))
        .with("template", template);
    let deployment = metadata(hub, cluster, name.clone()).entries(scaling(pool));
    objects.push(object(CLUSTER_API, "MachineDeployment", deployment, Some(spec)));
    let machines = Fields::new().with(OF_DEPLOYMENT, text(name.clone(), selects()));
    objects.push(health_check(hub, cluster, name, machines));
    objects
}

fn selects() -> Origin {
    Origin::rule("machines carry the label of what they belong to")
}

/// A template of machines: its name, and the objects.
fn template<'a>(
    hub: Hub<'a>,
    infrastructure: &dyn Infrastructure<'a>,
    cluster: &Cluster<'a>,
    machine: &crate::model::Machine<'a>,
    role: Role,
    name: &str,
) -> (String, Vec<Manifest<'a>>) {
    let (spec, mut objects) = machine_spec(hub, infrastructure, machine, role, name);
    let spec = class::applied(spec, role.target(), infrastructure, cluster);
    let spec = Fields::new().with("template", Fields::new().with("spec", spec));
    let kind = format!("{}Template", infrastructure.machine_kind());
    let name =
        digest::template(name, infrastructure.api_version(), &kind, &spec.clone().into_node());
    objects.push(object(
        infrastructure.api_version(),
        kind,
        template_metadata(hub, cluster, name.clone()),
        Some(spec),
    ));
    (name, objects)
}

fn metadata<'a>(hub: Hub<'a>, cluster: &Cluster<'a>, name: String) -> Metadata<'a> {
    let rule = Origin::rule("objects of a cluster are called after it and their part in it");
    let labels = labels(hub.model).with(OF_CLUSTER, cluster.name);
    Metadata::new(text(name, rule), labels)
        .namespace(hub.namespace)
        .annotation(k8s::CONFIRM, protection(hub, cluster))
}

/// A template goes after those who use it: see [`class::PRUNE_LAST`].
fn template_metadata<'a>(hub: Hub<'a>, cluster: &Cluster<'a>, name: String) -> Metadata<'a> {
    let last = Origin::rule("machines move to their new templates before the old ones go");
    metadata(hub, cluster, name).annotation(k8s::CONFIRM, Some(text(class::PRUNE_LAST, last)))
}

fn health_check<'a>(
    hub: Hub<'a>,
    cluster: &Cluster<'a>,
    name: String,
    machines: Fields<'a>,
) -> Manifest<'a> {
    let spec = Fields::new()
        .with("clusterName", cluster.name)
        .with("selector", Fields::new().with("matchLabels", machines))
        .with("checks", checks(&cluster.health))
        .with("remediation", Fields::new().with("triggerIf", trigger(&cluster.health)));
    object(CLUSTER_API, "MachineHealthCheck", metadata(hub, cluster, name), Some(spec))
}
