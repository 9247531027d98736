//! Labels and taints of nodes: which Cluster API keeps up, and which the kubelet sets when the node is new.

use crate::backend::Node;
use crate::backend::k8s::{Fields, IntoNode, text};
use crate::eval::Origin;
use crate::model::{Cluster, Map, Of, Taint};

/// The variable with the labels that the kubelet sets.
pub(super) const LABELS: &str = "nodeLabels";
/// The variable with the taints that the kubelet sets.
pub(super) const TAINTS: &str = "nodeTaints";

/// Whether a cluster needs the variables for labels and for taints.
pub(super) fn used(cluster: &Cluster<'_>) -> (bool, bool) {
    let control_plane = &cluster.control_plane;
    let pools = || cluster.workers.iter().map(|(_, pool)| pool);
    let labels = kubelet_labels(&control_plane.labels).is_some()
        || pools().any(|pool| kubelet_labels(&pool.labels).is_some());
    let taints = !control_plane.taints.is_empty() || pools().any(|pool| !pool.taints.is_empty());
    (labels, taints)
}

/// The labels that Cluster API copies from machines to nodes, and keeps up.
pub(super) fn synced_labels<'a>(labels: &Map<Of<&'a str>>) -> Fields<'a> {
    labels
        .iter()
        .filter(|(key, _)| is_synced(key.as_str()))
        .fold(Fields::new(), |fields, &(key, value)| fields.with(key.as_str(), value))
}

/// The other labels: those that the node is given when it is new.
pub(super) fn own_labels<'a>(labels: &Map<Of<&'a str>>) -> Fields<'a> {
    labels
        .iter()
        .filter(|(key, _)| !is_synced(key.as_str()))
        .fold(Fields::new(), |fields, &(key, value)| fields.with(key.as_str(), value))
}

/// The other labels, as the kubelet takes them.
fn kubelet_labels(labels: &Map<Of<&str>>) -> Option<Of<String>> {
    let mut left = labels.iter().filter(|(key, _)| !is_synced(key.as_str())).peekable();
    let origin = left.peek()?.1.origin;
    let pairs: Vec<_> = left.map(|(key, value)| format!("{key}={}", value.value)).collect();
    Some(Of::new(pairs.join(","), origin))
}

/// Cluster API syncs labels of these domains, and of those below the last two.
fn is_synced(key: &str) -> bool {
    let Some((domain, _)) = key.split_once('/') else { return false };
    let below = |parent: &str| {
        domain.strip_suffix(parent).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    domain == "node-role.kubernetes.io"
        || below("node-restriction.kubernetes.io")
        || below("node.cluster.x-k8s.io")
}

/// `variables.overrides` of the control plane: its own taints beside kubeadm's.
pub(super) fn of_control_plane<'a>(cluster: &Cluster<'a>) -> Option<Fields<'a>> {
    let mut taints = taints(&cluster.control_plane.taints);
    if !taints.is_empty() {
        let rule = Origin::rule("kubeadm's own taint of control planes stays");
        let own = Fields::new()
            .with("key", text("node-role.kubernetes.io/control-plane", rule))
            .with("effect", text("NoSchedule", rule));
        taints.insert(0, own.into_node());
    }
    overrides(&cluster.control_plane.labels, taints)
}

/// `variables.overrides` of a pool.
pub(super) fn of_pool<'a>(labels: &Map<Of<&'a str>>, own: &Map<Taint<'a>>) -> Option<Fields<'a>> {
    overrides(labels, taints(own))
}

fn overrides<'a>(labels: &Map<Of<&'a str>>, taints: Vec<Node<'a>>) -> Option<Fields<'a>> {
    let rule = Origin::rule("the kubelet gives a new node its labels and taints");
    let variable = |name: &'static str, value: Node<'a>| {
        Fields::new().with("name", text(name, rule)).with("value", value).into_node()
    };
    let labels = kubelet_labels(labels).map(|it| variable(LABELS, text(it.value, it.origin)));
    let taints = (!taints.is_empty()).then(|| variable(TAINTS, Node::List(taints)));
    let overrides: Vec<_> = labels.into_iter().chain(taints).collect();
    (!overrides.is_empty()).then(|| Fields::new().with("overrides", Node::List(overrides)))
}

fn taints<'a>(taints: &Map<Taint<'a>>) -> Vec<Node<'a>> {
    taints
        .iter()
        .map(|(key, taint)| {
            let value = (!taint.value.value.is_empty()).then_some(taint.value);
            Fields::new()
                .with("key", text(key.as_str(), taint.effect.origin))
                .maybe("value", value)
                .with("effect", taint.effect)
                .into_node()
        })
        .collect()
}
