//! What others wrote to save etcd: pods that hold its certificates.

use super::doc::Node;
use super::stack::{File, name_of, objects};
use crate::diag::Diagnostic;
use crate::prove::errors::backup::{asks_itself, own_volume};
use crate::source::Span;

/// Where kubeadm keeps etcd's certificates.
const PKI: &str = "/etc/kubernetes/pki";

/// The port of etcd's clients, where a pod asks itself.
const ITSELF: [&str; 3] = ["localhost:2379", "127.0.0.1:2379", "[::1]:2379"];

/// What keeps pods that save etcd from it, and what they save from being of use.
pub(super) fn backups(files: &[File], found: &mut Vec<Diagnostic>) {
    for (_, root, kind) in objects(files) {
        let Some(pod) = pod(root, &kind) else { continue };
        let volumes = pod.list("volumes");
        let holds = |it: &Node| {
            let path = it.at(&["hostPath", "path"])?;
            path.text().is_some_and(|text| text.starts_with(PKI)).then(|| path.span())
        };
        let Some(certificates) = volumes.iter().find_map(holds) else { continue };
        let shown = format!("the {kind} `{}`", name_of(root));
        if pod.flag(&["hostNetwork"]) != Some(true)
            && !serves(&pod)
            && let Some(at) = asked(&pod)
        {
            found.push(asks_itself(&shown, [at, certificates]));
        }
        let claim = |it: &Node| it.at(&["persistentVolumeClaim", "claimName"]);
        if let Some(claim) = volumes.iter().find_map(claim) {
            found.push(own_volume(&shown, [claim.span(), certificates]));
        }
    }
}

/// The specification of the pods that an object becomes.
fn pod(root: &Node, kind: &str) -> Option<Node> {
    match kind {
        "CronJob" => root.at(&["spec", "jobTemplate", "spec", "template", "spec"]),
        "Pod" => root.get("spec"),
        _ => root.at(&["spec", "template", "spec"]),
    }
}

fn containers(pod: &Node) -> impl Iterator<Item = Node> {
    pod.list("initContainers").into_iter().chain(pod.list("containers"))
}

/// Whether etcd itself may run in the pod.
fn serves(pod: &Node) -> bool {
    containers(pod).any(|it| !it.list("ports").is_empty() || it.has("restartPolicy"))
}

/// Where a container is told to ask the pod itself.
fn asked(pod: &Node) -> Option<Span> {
    let names = |it: &Node| {
        it.text().is_some_and(|text| ITSELF.iter().any(|end| text.contains(end))).then(|| it.span())
    };
    containers(pod).find_map(|container| {
        let told = container.list("env").into_iter().filter_map(|it| it.get("value"));
        let words = container.list("command").into_iter().chain(container.list("args"));
        told.chain(words).find_map(|it| names(&it))
    })
}
