//! A Cluster object with a topology, and what plain objects have in common with it.

use super::class::{CLUSTER_API, Class};
use super::{Hub, node_settings, setting};
use crate::backend::day_zero::{CNI_LABEL, cni_set};
use crate::backend::k8s::{
    CONFIRM, Fields, Metadata, confirm, labels, list, object, seconds, text,
};
use crate::backend::{Document, Manifest, Node, Output};
use crate::eval::Origin;
use crate::model::{Cluster, Health, Map, NodePool, Of, Resource};

/// The file of a cluster of a class.
pub(super) fn output<'a>(
    hub: Hub<'a>,
    resource: &'a Resource<'a, Cluster<'a>>,
    class: &Class<'a>,
) -> Output<'a> {
    let mut manifests = class.objects_of(hub, &resource.value);
    manifests.push(cluster(hub, &resource.value, class));
    file(hub, resource, manifests)
}

/// The file of a cluster.
pub(super) fn file<'a>(
    hub: Hub<'a>,
    resource: &'a Resource<'a, Cluster<'a>>,
    manifests: Vec<Manifest<'a>>,
) -> Output<'a> {
    Output {
        clusters: vec![hub.cluster],
        document: Document {
            path: format!("clusters/{}.yaml", resource.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests,
        },
    }
}

fn cluster<'a>(hub: Hub<'a>, cluster: &Cluster<'a>, class: &Class<'a>) -> Manifest<'a> {
    let rule = Origin::rule("clusters of one preset, provider and size share a class");
    let name = Fields::new().with("name", text(class.name.as_str(), rule));
    let topology = Fields::new()
        .with("classRef", name)
        .with("version", cluster.kubernetes)
        .with("controlPlane", control_plane(cluster, class))
        .unless_empty(
            "workers",
            Fields::new().unless_empty("machineDeployments", pools(cluster, class)),
        )
        .unless_empty("variables", setting::values(&class.settings, cluster));
    let spec = Fields::new().with("clusterNetwork", network(cluster)).with("topology", topology);
    object(CLUSTER_API, "Cluster", cluster_metadata(hub, cluster), Some(spec))
}

/// The metadata of a Cluster object.
pub(super) fn cluster_metadata<'a>(hub: Hub<'a>, cluster: &Cluster<'a>) -> Metadata<'a> {
    Metadata::new(cluster.name, labels(hub.model).with("environment", cluster.environment))
        .namespace(hub.namespace)
        .labels(&cluster.labels)
        .label(CNI_LABEL, cni_set(cluster))
        .annotation(CONFIRM, protection(hub, cluster))
}

/// What keeps the objects of a protected environment.
pub(super) fn protection<'a>(hub: Hub<'a>, cluster: &Cluster<'a>) -> Option<Node<'a>> {
    let environment =
        hub.model.environments.iter().find(|it| it.id == cluster.environment.value.id)?;
    let protected = environment.value.protected;
    protected.value.then(|| confirm(protected.origin))
}

/// The networks inside of a cluster.
pub(super) fn network<'a>(cluster: &Cluster<'a>) -> Fields<'a> {
    let blocks = |block: Of<&'a str>| Fields::new().with("cidrBlocks", list([block]));
    Fields::new()
        .with("apiServerPort", cluster.endpoint_port)
        .with("pods", blocks(cluster.network.pods))
        .with("services", blocks(cluster.network.services))
        .with("serviceDomain", cluster.network.domain)
}

fn control_plane<'a>(cluster: &Cluster<'a>, class: &Class<'a>) -> Fields<'a> {
    let control_plane = &cluster.control_plane;
    Fields::new()
        .with("replicas", control_plane.replicas)
        .unless_empty("metadata", metadata(&control_plane.labels))
        .with("deletion", deletion(cluster))
        .with("healthCheck", health_check(cluster))
        .maybe(
            "variables",
            class.sets_nodes().then(|| node_settings::of_control_plane(cluster)).flatten(),
        )
}

fn pools<'a>(cluster: &Cluster<'a>, class: &Class<'a>) -> Node<'a> {
    list(cluster.workers.iter().map(|(_, pool)| {
        let metadata = metadata(&pool.labels).unless_empty("annotations", annotations(pool));
        let overrides =
            class.sets_nodes().then(|| node_settings::of_pool(&pool.labels, &pool.taints));
        Fields::new()
            .with("name", pool.name)
            .with("class", pool.name)
            .maybe("replicas", pool.scale.is_none().then_some(pool.replicas))
            .maybe("failureDomain", pool.zone)
            .unless_empty("metadata", metadata)
            .with("deletion", deletion(cluster))
            .with("healthCheck", health_check(cluster))
            .with("rollout", strategy(pool))
            .maybe("variables", overrides.flatten())
    }))
}

/// How a pool's machines are replaced.
pub(super) fn strategy<'a>(pool: &NodePool<'a>) -> Fields<'a> {
    let rule = Origin::rule("machines are replaced a few at a time");
    let update =
        Fields::new().with("maxSurge", pool.max_surge).with("maxUnavailable", pool.max_unavailable);
    let strategy =
        Fields::new().with("type", text("RollingUpdate", rule)).with("rollingUpdate", update);
    Fields::new().with("strategy", strategy)
}

/// The annotations of a pool in a topology.
fn annotations<'a>(pool: &NodePool<'a>) -> Fields<'a> {
    let fields = scaling(pool);
    if pool.upgrades.value.as_str() == "defer" {
        fields.with("topology.cluster.x-k8s.io/defer-upgrade", text("", pool.upgrades.origin))
    } else {
        fields
    }
}

/// The bounds of the cluster autoscaler, which then owns how many machines there are.
pub(super) fn scaling<'a>(pool: &NodePool<'a>) -> Fields<'a> {
    let Some(scale) = &pool.scale else { return Fields::new() };
    let bound = |bound: Option<Of<i64>>| bound.map(|it| text(it.value.to_string(), it.origin));
    const GROUP: &str = "cluster.x-k8s.io/cluster-api-autoscaler-node-group";
    Fields::new()
        .maybe(format!("{GROUP}-min-size"), bound(scale.low))
        .maybe(format!("{GROUP}-max-size"), bound(scale.high))
}

fn metadata<'a>(labels: &Map<Of<&'a str>>) -> Fields<'a> {
    Fields::new().unless_empty("labels", node_settings::synced_labels(labels))
}

/// How long a machine may take to go.
pub(super) fn deletion<'a>(cluster: &Cluster<'a>) -> Fields<'a> {
    Fields::new()
        .with("nodeDrainTimeoutSeconds", seconds(cluster.drain_timeout))
        .with("nodeVolumeDetachTimeoutSeconds", seconds(cluster.drain_timeout))
        .with("nodeDeletionTimeoutSeconds", seconds(cluster.delete_timeout))
}

fn health_check<'a>(cluster: &Cluster<'a>) -> Fields<'a> {
    let rule = Origin::rule("a node that is unready, or silent, is broken");
    Fields::new()
        .with("enabled", Node::Bool(true, rule))
        .with("checks", checks(&cluster.health))
        .with("remediation", Fields::new().with("triggerIf", trigger(&cluster.health)))
}

/// When a machine is broken.
pub(super) fn checks<'a>(health: &Health<'a>) -> Fields<'a> {
    let rule = Origin::rule("a node that is unready, or silent, is broken");
    let conditions = ["Unknown", "False"].map(|status| {
        Fields::new()
            .with("type", text("Ready", rule))
            .with("status", text(status, rule))
            .with("timeoutSeconds", seconds(health.unhealthy_after))
    });
    Fields::new()
        .with("nodeStartupTimeoutSeconds", seconds(health.startup))
        .with("unhealthyNodeConditions", list(conditions))
}

/// Up to which share broken machines are replaced.
pub(super) fn trigger<'a>(health: &Health<'a>) -> Fields<'a> {
    // A percent is 10,000 millionths.
    let share = format!("{}%", health.max_unhealthy.value.amount / 10_000);
    Fields::new().with("unhealthyLessThanOrEqualTo", text(share, health.max_unhealthy.origin))
}
