//! What bounds the namespace of an application that others may propose. Its objects have no namespace of their own: Argo CD puts them
//! where the application goes.

use crate::backend::k8s::{Fields, Metadata, labels, list, object, text};
use crate::backend::namespaces::bounds;
use crate::backend::{Manifest, Node};
use crate::eval::Origin;
use crate::model::{Model, NamespaceGuard, Of, Quantity, Quota};

/// How many pods share a quota that does not say how many there are.
const SHARES: i64 = 10;
const MEBIBYTE: i64 = 1 << 20;

/// The labels of the namespace: Argo CD sets them where it makes it.
pub(super) fn namespace_labels<'a>(
    guard: &NamespaceGuard<'a>,
    minors: impl Iterator<Item = Option<u32>>,
) -> Fields<'a> {
    let level = guard.pod_security;
    // One text for all clusters: a version that each of them knows.
    let rule = Origin::rule("the standards of the oldest of its clusters, which all of them know");
    let oldest = minors.min().flatten();
    let version = oldest.map(|minor| text(format!("v1.{minor}"), rule));
    Fields::new()
        .with("pod-security.kubernetes.io/enforce", level)
        .maybe("pod-security.kubernetes.io/enforce-version", version.clone())
        .with("pod-security.kubernetes.io/audit", level)
        .maybe("pod-security.kubernetes.io/audit-version", version.clone())
        .with("pod-security.kubernetes.io/warn", level)
        .maybe("pod-security.kubernetes.io/warn-version", version)
}

/// Whether there is anything to apply.
pub(super) fn has_objects(guard: &NamespaceGuard<'_>) -> bool {
    guard.quota.is_some()
        || bounds::limits(guard.limits.as_ref(), None).is_some()
        || guard.network.value.as_str() == "deny-by-default"
}

/// The objects.
pub(super) fn manifests<'a>(model: &Model<'a>, guard: &NamespaceGuard<'a>) -> Vec<Manifest<'a>> {
    let mut all = Vec::new();
    if let Some(quota) = &guard.quota {
        all.push(object("v1", "ResourceQuota", metadata(model), Some(bounds::quota(quota))));
    }
    let shares = guard.quota.as_ref().and_then(shares);
    if let Some(spec) = bounds::limits(guard.limits.as_ref(), shares) {
        all.push(object("v1", "LimitRange", metadata(model), Some(spec)));
    }
    if guard.network.value.as_str() == "deny-by-default" {
        all.push(network(model, guard));
    }
    all
}

fn metadata<'a>(model: &Model<'a>) -> Metadata<'a> {
    let rule = Origin::rule("the objects of a guard are called `guard`");
    Metadata::new(text("guard", rule), labels(model))
}

/// With a quota, pods that do not say what they request are refused: they get a share.
fn shares<'a>(quota: &Quota<'a>) -> Option<Fields<'a>> {
    let shares = quota.pods.map_or(SHARES, |pods| pods.value.max(1));
    let rule = Origin::rule("pods that do not say what they request get a share of the quota");
    let amount = |it: Of<Quantity<'_>>| it.value.amount / shares;
    let cpu = |it| text(format!("{}m", amount(it).max(1)), rule);
    let memory = |it| text(format!("{}Mi", (amount(it) / MEBIBYTE).max(1)), rule);
    // No limit may be below what is requested.
    let larger = |limit: Option<Of<Quantity<'a>>>, request: Option<Of<Quantity<'a>>>| {
        limit.filter(|it| request.is_none_or(|other| amount(other) <= amount(*it))).or(request)
    };
    let (cpus, memories) = (quota.cpu_limits, quota.memory_limits);
    let requests = Fields::new()
        .maybe("cpu", quota.cpu.or(cpus).map(cpu))
        .maybe("memory", quota.memory.or(memories).map(memory));
    let limits = Fields::new()
        .maybe("cpu", cpus.and_then(|it| larger(Some(it), quota.cpu)).map(cpu))
        .maybe("memory", larger(memories, quota.memory).map(memory));
    (requests != Fields::new()).then(|| {
        Fields::new()
            .with("type", text("Container", rule))
            .with("defaultRequest", requests)
            .unless_empty("default", limits)
    })
}

/// No traffic but to the DNS of the cluster.
fn network<'a>(model: &Model<'a>, guard: &NamespaceGuard<'a>) -> Manifest<'a> {
    let said = guard.network.origin;
    let dns = Origin::rule("names can be looked up by default");
    let port = |protocol| {
        Fields::new().with("protocol", text(protocol, dns)).with("port", Node::Int(53, dns))
    };
    let to = Fields::new()
        .with(
            "namespaceSelector",
            Fields::new().with(
                "matchLabels",
                Fields::new().with("kubernetes.io/metadata.name", text("kube-system", dns)),
            ),
        )
        .with(
            "podSelector",
            Fields::new().with("matchLabels", Fields::new().with("k8s-app", text("kube-dns", dns))),
        );
    let egress =
        Fields::new().with("to", list([to])).with("ports", list([port("UDP"), port("TCP")]));
    let spec = Fields::new()
        .with("podSelector", Fields::new())
        .with("policyTypes", list([text("Ingress", said), text("Egress", said)]))
        .with("egress", list([egress]));
    object("networking.k8s.io/v1", "NetworkPolicy", metadata(model), Some(spec))
}
