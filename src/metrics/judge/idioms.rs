//! Known mistakes about particular metrics.

use super::context::Cx;
use crate::embedded::promql::{Binary, BinaryOp, MatchOp, NodeKind, Selector};
use crate::metrics::errors;
use crate::metrics::infer::Typed;

pub(super) fn check(cx: &mut Cx<'_, '_>) {
    let root = cx.root;
    root.walk(&mut |node, around| {
        let (NodeKind::Binary(binary), [left, right]) = (&node.node.kind, node.parts.as_slice())
        else {
            return;
        };
        if binary.op.is_comparison() {
            not_ready(cx, binary, left, right, around);
            restarts(cx, binary, left, right);
            renewal(cx, binary, left, right);
            quorum(cx, binary, left, right);
            replicas(cx, left, right);
        }
        if binary.op == BinaryOp::Div {
            snapshots(cx, left, right);
        }
    });
}

/// The selector of a metric, with parentheses.
fn selected<'t>(of: &'t Typed<'_>, name: &str) -> Option<&'t Selector> {
    match &of.bare().node.kind {
        NodeKind::Selector(selector) => {
            let is_named = selector.name.as_ref().is_some_and(|it| it.name == name);
            is_named.then_some(selector)
        }
        _ => None,
    }
}

/// The first selector of a metric in a part of a query.
fn within<'t>(of: &'t Typed<'_>, name: &str) -> Option<&'t Typed<'t>> {
    let mut found = None;
    of.walk(&mut |node, _| {
        if found.is_none()
            && selected(node, name).is_some()
            && matches!(node.node.kind, NodeKind::Selector(_))
        {
            found = Some(node);
        }
    });
    found
}

fn equals(selector: &Selector, label: &str, value: &str) -> bool {
    selector
        .matchers
        .iter()
        .any(|it| it.label.name == label && it.op == MatchOp::Equal && it.value == value)
}

/// `kube_pod_status_ready{condition="false"} == 1`, alone.
fn not_ready(
    cx: &mut Cx<'_, '_>,
    binary: &Binary,
    left: &Typed<'_>,
    right: &Typed<'_>,
    around: &[&Typed<'_>],
) {
    let Some(ready) = within(left, "kube_pod_status_ready") else { return };
    let Some(selector) = selected(ready, "kube_pod_status_ready") else { return };
    let number = right.ty.number;
    let not = |value: &str| equals(selector, "condition", value);
    let is_not_ready = match binary.op {
        BinaryOp::Eq if not("true") => number == Some(0.0),
        BinaryOp::Ne if not("true") => number == Some(1.0),
        BinaryOp::Lt if not("true") => number == Some(1.0),
        BinaryOp::Eq | BinaryOp::Gt | BinaryOp::Ge if not("false") || not("unknown") => {
            number.is_some_and(|number| (0.0..=1.0).contains(&number))
                && !(binary.op == BinaryOp::Eq && number == Some(0.0))
        }
        _ => false,
    };
    // Whatever it is joined with may leave out pods of Jobs.
    let is_joined = around.iter().any(|it| match &it.node.kind {
        NodeKind::Binary(outer) => !outer.op.is_comparison() && outer.op != BinaryOp::Or,
        _ => false,
    });
    let is_alone = !left.any(&|it| matches!(it.node.kind, NodeKind::Binary(_)));
    if is_not_ready && is_alone && !is_joined {
        let problem = errors::job_pods(cx.at(ready.node.at));
        cx.push(problem);
    }
}

/// `increase(kube_pod_container_status_restarts_total[15m]) > 0`
fn restarts(cx: &mut Cx<'_, '_>, binary: &Binary, left: &Typed<'_>, right: &Typed<'_>) {
    let bare = left.bare();
    let mut inner = bare;
    let mut scale = 1.0;
    while let (NodeKind::Binary(product), [a, b]) = (&inner.node.kind, inner.parts.as_slice()) {
        let Some(number) = b.ty.number.or(a.ty.number) else { return };
        if product.op != BinaryOp::Mul {
            return;
        }
        scale *= number;
        inner = if b.ty.number.is_some() { a.bare() } else { b.bare() };
    }
    if let NodeKind::Aggregate(_) = inner.node.kind {
        let Some(of) = inner.parts.first() else { return };
        inner = of.bare();
    }
    let NodeKind::Call(call) = &inner.node.kind else { return };
    if !matches!(call.name.as_str(), "increase" | "rate" | "delta" | "changes") {
        return;
    }
    let Some(metric) = within(inner, "kube_pod_container_status_restarts_total") else { return };
    let one_is_enough = match (binary.op, right.ty.number) {
        (BinaryOp::Gt, Some(number)) => number == 0.0,
        (BinaryOp::Ge, Some(number)) => call.name != "rate" && number <= scale,
        _ => false,
    };
    if one_is_enough {
        let problem = errors::crash_loop(cx.at(binary.op_at), cx.at(metric.node.at));
        cx.push(problem);
    }
}

/// `certmanager_certificate_expiration_timestamp_seconds - time() < 30 * 24 * 3600`
fn renewal(cx: &mut Cx<'_, '_>, binary: &Binary, left: &Typed<'_>, right: &Typed<'_>) {
    if !matches!(binary.op, BinaryOp::Lt | BinaryOp::Le) {
        return;
    }
    let names = [
        "certmanager_certificate_expiration_timestamp_seconds",
        "certmanager_certificate_not_after_timestamp_seconds",
    ];
    if !names.iter().any(|name| within(left, name).is_some()) {
        return;
    }
    let Some(limit) = right.ty.number else { return };
    // In days, where the difference is divided.
    let bare = left.bare();
    let unit = match (&bare.node.kind, bare.parts.as_slice()) {
        (NodeKind::Binary(of), [_, by]) if of.op == BinaryOp::Div => by.ty.number.unwrap_or(1.0),
        _ => 1.0,
    };
    let seconds = limit * unit;
    if seconds >= 30.0 * 86_400.0 {
        let problem = errors::renewal(cx.at(right.node.at), seconds);
        cx.push(problem);
    }
}

/// `count(up{job="etcd"} == 1) < count(up{job="etcd"}) / 2 + 1`
fn quorum(cx: &mut Cx<'_, '_>, binary: &Binary, left: &Typed<'_>, right: &Typed<'_>) {
    let is_etcd = |of: &Typed<'_>| {
        let Some(selector) = within(of, "up").and_then(|up| selected(up, "up")) else {
            return false;
        };
        selector.matchers.iter().any(|it| it.label.name == "job" && it.value.contains("etcd"))
    };
    if !matches!(binary.op, BinaryOp::Lt) || !is_etcd(left) || !is_etcd(right) {
        return;
    }
    let sum = right.bare();
    let (NodeKind::Binary(plus), [half, one]) = (&sum.node.kind, sum.parts.as_slice()) else {
        return;
    };
    let half = half.bare();
    let (NodeKind::Binary(over), [_, two]) = (&half.node.kind, half.parts.as_slice()) else {
        return;
    };
    let is_half = over.op == BinaryOp::Div && two.ty.number == Some(2.0);
    if plus.op == BinaryOp::Add && one.ty.number == Some(1.0) && is_half {
        let problem = errors::quorum(cx.at(binary.op_at));
        cx.push(problem);
    }
}

/// `kube_statefulset_status_replicas_ready != kube_statefulset_status_replicas`
fn replicas(cx: &mut Cx<'_, '_>, left: &Typed<'_>, right: &Typed<'_>) {
    let pairs = [
        (
            "kube_statefulset_status_replicas_ready",
            "kube_statefulset_status_replicas",
            "kube_statefulset_replicas",
        ),
        (
            "kube_deployment_status_replicas_ready",
            "kube_deployment_status_replicas",
            "kube_deployment_spec_replicas",
        ),
    ];
    for (ready, existing, wanted) in pairs {
        for (one, other) in [(left, right), (right, left)] {
            if selected(one, ready).is_some()
                && let Some(name) = selected(other, existing).and_then(|it| it.name.as_ref())
            {
                let problem = errors::never_created(cx.at(name.at), wanted);
                cx.push(problem);
            }
        }
    }
}

/// `longhorn_volume_actual_size_bytes / longhorn_volume_capacity_bytes`
fn snapshots(cx: &mut Cx<'_, '_>, left: &Typed<'_>, right: &Typed<'_>) {
    if let Some(actual) = within(left, "longhorn_volume_actual_size_bytes")
        && within(right, "longhorn_volume_capacity_bytes").is_some()
    {
        let problem = errors::disk_of_snapshots(cx.at(actual.node.at));
        cx.push(problem);
    }
}
