//! Where objects have their pods.

/// The fields that lead from an object of a kind of Kubernetes itself to the template of its pods: none for a Pod, which is one. `None` for a kind
/// of which no pods come.
pub fn pod_template(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "Pod" => &[],
        "PodTemplate" => &["template"],
        "Deployment"
        | "StatefulSet"
        | "DaemonSet"
        | "ReplicaSet"
        | "ReplicationController"
        | "Job" => &["spec", "template"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template"],
        _ => return None,
    })
}
