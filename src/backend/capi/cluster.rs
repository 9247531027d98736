//! A Cluster object.

use super::class::CLUSTER_API;
use super::patches::{ADDRESSES, ENDPOINT};
use super::{Hub, node_settings};
use crate::backend::day_zero::{CNI_LABEL, cni_set};
use crate::backend::k8s::{
    CONFIRM, Fields, IntoNode, Metadata, confirm, labels, list, object, seconds, text,
};
use crate::backend::{Document, Manifest, Node, Output};
use crate::eval::Origin;
use crate::model::{Cluster, Map, Of, Range, Resource};
use crate::source::Sym;

/// The file of a cluster of a class.
pub(super) fn output<'a>(
    hub: Hub<'a>,
    resource: &'a Resource<'a, Cluster<'a>>,
    class: Sym,
) -> Output<'a> {
    Output {
        clusters: vec![hub.cluster],
        document: Document {
            path: format!("clusters/{}.yaml", resource.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests: vec![cluster(hub, &resource.value, class)],
        },
    }
}

fn cluster<'a>(hub: Hub<'a>, cluster: &Cluster<'a>, class: Sym) -> Manifest<'a> {
    let rule = Origin::rule("clusters of one preset, provider and size share a class");
    let class = Fields::new().with("name", text(class.as_str(), rule));
    let topology = Fields::new()
        .with("classRef", class)
        .with("version", cluster.kubernetes)
        .with("controlPlane", control_plane(cluster))
        .unless_empty("workers", Fields::new().unless_empty("machineDeployments", pools(cluster)))
        .with("variables", list([endpoint(cluster), addresses(cluster)]));
    let spec = Fields::new().with("clusterNetwork", network(cluster)).with("topology", topology);
    let environment =
        hub.model.environments.iter().find(|it| it.id == cluster.environment.value.id);
    let protected = environment.map(|it| it.value.protected).filter(|protected| protected.value);
    let metadata =
        Metadata::new(cluster.name, labels(hub.model).with("environment", cluster.environment))
            .namespace(hub.namespace)
            .labels(&cluster.labels)
            .label(CNI_LABEL, cni_set(cluster))
            .annotation(CONFIRM, protected.map(|protected| confirm(protected.origin)));
    object(CLUSTER_API, "Cluster", metadata, Some(spec))
}

fn network<'a>(cluster: &Cluster<'a>) -> Fields<'a> {
    let blocks = |block: Of<&'a str>| Fields::new().with("cidrBlocks", list([block]));
    Fields::new()
        .with("apiServerPort", cluster.endpoint_port)
        .with("pods", blocks(cluster.network.pods))
        .with("services", blocks(cluster.network.services))
        .with("serviceDomain", cluster.network.domain)
}

fn control_plane<'a>(cluster: &Cluster<'a>) -> Fields<'a> {
    let control_plane = &cluster.control_plane;
    Fields::new()
        .with("replicas", control_plane.replicas)
        .unless_empty("metadata", metadata(&control_plane.labels))
        .with("deletion", deletion(cluster))
        .with("healthCheck", health_check(cluster))
        .maybe("variables", node_settings::of_control_plane(cluster))
}

fn pools<'a>(cluster: &Cluster<'a>) -> Node<'a> {
    list(cluster.workers.iter().map(|(_, pool)| {
        Fields::new()
            .with("name", pool.name)
            .with("class", pool.name)
            .with("replicas", pool.replicas)
            .unless_empty("metadata", metadata(&pool.labels))
            .with("deletion", deletion(cluster))
            .with("healthCheck", health_check(cluster))
            .maybe("variables", node_settings::of_pool(&pool.labels, &pool.taints))
    }))
}

fn metadata<'a>(labels: &Map<Of<&'a str>>) -> Fields<'a> {
    Fields::new().unless_empty("labels", node_settings::synced_labels(labels))
}

fn deletion<'a>(cluster: &Cluster<'a>) -> Fields<'a> {
    Fields::new()
        .with("nodeDrainTimeoutSeconds", seconds(cluster.drain_timeout))
        .with("nodeVolumeDetachTimeoutSeconds", seconds(cluster.drain_timeout))
        .with("nodeDeletionTimeoutSeconds", seconds(cluster.delete_timeout))
}

fn health_check<'a>(cluster: &Cluster<'a>) -> Fields<'a> {
    let rule = Origin::rule("a node that is unready, or silent, is broken");
    let health = &cluster.health;
    let conditions = ["Unknown", "False"].map(|status| {
        Fields::new()
            .with("type", text("Ready", rule))
            .with("status", text(status, rule))
            .with("timeoutSeconds", seconds(health.unhealthy_after))
    });
    let checks = Fields::new()
        .with("nodeStartupTimeoutSeconds", seconds(health.startup))
        .with("unhealthyNodeConditions", list(conditions));
    // A percent is 10,000 millionths.
    let share = format!("{}%", health.max_unhealthy.value.amount / 10_000);
    let trigger =
        Fields::new().with("unhealthyLessThanOrEqualTo", text(share, health.max_unhealthy.origin));
    Fields::new()
        .with("enabled", Node::Bool(true, rule))
        .with("checks", checks)
        .with("remediation", Fields::new().with("triggerIf", trigger))
}

fn endpoint<'a>(cluster: &Cluster<'a>) -> Node<'a> {
    let value = Fields::new().maybe("host", cluster.endpoint).with("port", cluster.endpoint_port);
    variable(ENDPOINT, value)
}

fn addresses<'a>(cluster: &Cluster<'a>) -> Node<'a> {
    variable(ADDRESSES, list(cluster.addresses.iter().filter_map(addresses_of)))
}

/// `10.0.0.1-10.0.0.9`; a range with one end is that address.
fn addresses_of<'a>(range: &Range<&'a str>) -> Option<Node<'a>> {
    match (range.low, range.high) {
        (Some(low), Some(high)) => Some(text(format!("{}-{}", low.value, high.value), low.origin)),
        (Some(only), None) | (None, Some(only)) => Some(only.into_node()),
        (None, None) => None,
    }
}

fn variable<'a>(name: &'static str, value: impl IntoNode<'a>) -> Node<'a> {
    let rule = Origin::rule("a Cluster sets the variables of its class");
    Fields::new().with("name", text(name, rule)).with("value", value).into_node()
}
