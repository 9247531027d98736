//! Objects that are pods, or make them.

use super::View;
use crate::kubernetes::pod_template;

/// A pod, or a template of pods.
pub(super) struct Pods<T> {
    /// The kind of the object.
    pub(super) maker: Maker,
    pub(super) metadata: Option<T>,
    pub(super) spec: T,
    /// What leads from the root of the object to it: `spec.template.`.
    pub(super) base: &'static str,
}

/// A kind of object that pods come of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Maker {
    pub(super) kind: &'static str,
    group: &'static str,
    /// The fields to its template, as shown.
    base: &'static str,
    /// What becomes of it where its pods are refused.
    pub(super) fate: &'static str,
}

const fn maker(kind: &'static str, group: &'static str, fate: &'static str) -> Maker {
    Maker { kind, group, base: "spec.template.", fate }
}

/// Every kind of Kubernetes that pods come of.
const MAKERS: [Maker; 9] = [
    Maker { base: "", ..maker("Pod", "", "the API server refuses the Pod") },
    Maker {
        base: "template.",
        ..maker(
            "PodTemplate",
            "",
            "the API server takes the PodTemplate, and refuses what is made of it",
        )
    },
    maker(
        "ReplicationController",
        "",
        "the API server takes the ReplicationController, which then never makes a pod",
    ),
    maker(
        "ReplicaSet",
        "apps",
        "the API server takes the ReplicaSet, which then never makes a pod",
    ),
    maker(
        "Deployment",
        "apps",
        "the API server takes the Deployment, whose ReplicaSet then never makes a pod",
    ),
    maker(
        "StatefulSet",
        "apps",
        "the API server takes the StatefulSet, which then never makes a pod",
    ),
    maker("DaemonSet", "apps", "the API server takes the DaemonSet, which then never makes a pod"),
    maker("Job", "batch", "the API server takes the Job, which then never makes a pod"),
    Maker {
        base: "spec.jobTemplate.spec.template.",
        ..maker(
            "CronJob",
            "batch",
            "the API server takes the CronJob, whose Jobs then never make a pod",
        )
    },
];

impl Maker {
    /// Whether pods come of it by themselves.
    pub(super) fn is_active(self) -> bool {
        self.kind != "PodTemplate"
    }
}

/// The pods of an object; none where it makes none.
pub(super) fn pods<T: View>(root: &T) -> Option<Pods<T>> {
    let kind = root.get("kind")?;
    let kind = kind.text()?;
    let maker = *MAKERS.iter().find(|maker| maker.kind == kind)?;
    if !is_of(root, maker.group) {
        return None;
    }
    let pod = match pod_template(maker.kind)? {
        [] => root.clone(),
        path => root.at(path)?,
    };
    Some(Pods { maker, metadata: pod.get("metadata"), spec: pod.get("spec")?, base: maker.base })
}

/// Whether an object is of a group, in any of its versions.
pub(super) fn is_of<T: View>(root: &T, group: &str) -> bool {
    let version = root.get("apiVersion");
    let version = version.as_ref().and_then(View::text).unwrap_or_default();
    match version.split_once('/') {
        Some((own, _)) => own == group || own == "extensions" && group == "apps",
        None => group.is_empty() && !version.is_empty(),
    }
}

/// Calls for an object, or for those of a list of objects.
pub(super) fn each<T: View>(root: &T, call: &mut dyn FnMut(&T)) {
    let kind = root.get("kind");
    let is_list = kind.as_ref().and_then(View::text).is_some_and(|it| it.ends_with("List"));
    match root.get("items").filter(|_| is_list) {
        Some(items) => items.items(&mut |_, item| call(&item)),
        None => call(root),
    }
}
