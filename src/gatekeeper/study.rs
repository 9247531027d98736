//! What is wrong with a policy, found by running it on pods that were made for it.
//!
//! A container that no policy likes is put where containers stand. If a policy objects to it there, and does not once it is taken away, it judges containers: then it must
//! object in every place where Kubernetes runs them.

use serde_json::{Value, json};

use super::constraint::{Constraint, Undecided};

/// Where a pod holds containers.
const PLACES: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// What is wrong with a policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Flaw {
    /// It is for kinds that become pods, judges the containers of pods, and never sees those of such kinds.
    NeverLooksInside {
        /// The kinds that it never looks into.
        kinds: Vec<String>,
        /// Whether it is for pods, too.
        is_for_pods: bool,
    },
    /// It judges containers, but not those of every list.
    SkipsContainers {
        /// The lists that it skips.
        lists: Vec<&'static str>,
        /// What it says of a container elsewhere.
        said: String,
    },
    /// It refuses images of a registry, and not those that come from there without saying so.
    ImplicitRegistry {
        /// The image that it refuses.
        refused: &'static str,
        /// The same image as it is mostly written, which it lets pass.
        passed: &'static str,
    },
}

/// Containers with all that policies refuse: by what they set, and by what they lack.
fn bad_containers() -> [Value; 2] {
    [
        json!({
            "name": "probe",
            "image": "registry.invalid/probe:latest",
            "ports": [{ "containerPort": 80, "hostPort": 80 }],
            "securityContext": {
                "privileged": true,
                "allowPrivilegeEscalation": true,
                "runAsNonRoot": false,
                "runAsUser": 0,
                "readOnlyRootFilesystem": false,
                "procMount": "Unmasked",
                "capabilities": { "add": ["SYS_ADMIN", "NET_RAW"] },
                "seccompProfile": { "type": "Unconfined" },
            },
            "resources": {
                "requests": { "cpu": "1000", "memory": "1000Gi" },
                "limits": { "cpu": "1000", "memory": "1000Gi" },
            },
        }),
        json!({ "name": "probe", "image": "probe" }),
    ]
}

fn pod(list: Option<&str>, container: &Value, namespace: &str) -> Value {
    let mut spec = json!({ "containers": [] });
    if let (Some(list), Value::Object(fields)) = (list, &mut spec) {
        fields.insert(list.to_owned(), json!([container]));
    }
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": { "name": "probe", "namespace": namespace },
        "spec": spec,
    })
}

/// An object of a kind that becomes such a pod.
fn around(group: &str, kind: &str, pod: &Value) -> Value {
    let spec = pod.get("spec").cloned().unwrap_or_default();
    let template = json!({ "metadata": { "labels": { "app": "probe" } }, "spec": spec });
    let spec = match kind {
        "CronJob" => {
            json!({ "schedule": "0 0 * * *", "jobTemplate": { "spec": { "template": template } } })
        }
        _ => json!({ "selector": { "matchLabels": { "app": "probe" } }, "template": template }),
    };
    json!({
        "apiVersion": format!("{group}/v1"),
        "kind": kind,
        "metadata": { "name": "probe", "namespace": "probe" },
        "spec": spec,
    })
}

/// The kinds that become pods.
const WORKLOADS: [(&str, &str); 6] = [
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("apps", "DaemonSet"),
    ("apps", "ReplicaSet"),
    ("batch", "Job"),
    ("batch", "CronJob"),
];

/// What is wrong with a policy.
///
/// # Errors
/// Where the policy cannot be run.
pub fn study(constraint: &Constraint) -> Result<Vec<Flaw>, Undecided> {
    let mut flaws = Vec::new();
    let namespace = constraint.namespaces.first().map_or("probe", |it| it.trim_matches('*'));
    let [set, lacking] = bad_containers();
    let mut skipped: Vec<&'static str> = Vec::new();
    let mut said_of: Option<String> = None;
    let mut unseen: Vec<String> = Vec::new();
    for container in [&set, &lacking] {
        let none = constraint.run(&pod(None, container, namespace))?;
        let bad = constraint.run(&pod(Some("containers"), container, namespace))?;
        if bad.iter().all(|it| none.contains(it)) {
            continue;
        }
        for list in PLACES.into_iter().skip(1) {
            let fair = fair(container, list);
            let here = constraint.run(&pod(Some("containers"), &fair, namespace))?;
            let Some(said) = here.iter().find(|it| !none.contains(it)) else { continue };
            let there = constraint.run(&pod(Some(list), &fair, namespace))?;
            if there.iter().all(|it| none.contains(it)) && !skipped.contains(&list) {
                skipped.push(list);
                said_of.get_or_insert_with(|| said.clone());
            }
        }
        for (group, kind) in WORKLOADS {
            if !constraint.is_for_kind(group, kind) || constraint.kinds.is_empty() {
                continue;
            }
            let empty = constraint.run(&around(group, kind, &pod(None, container, namespace)))?;
            let full = constraint.run(&around(
                group,
                kind,
                &pod(Some("containers"), container, namespace),
            ))?;
            let sees = full.iter().any(|it| !empty.contains(it));
            if !sees && !unseen.iter().any(|it| it == kind) {
                unseen.push(kind.to_owned());
            }
        }
    }
    let is_for_pods = constraint.is_for_kind("", "Pod");
    if !unseen.is_empty() {
        flaws.push(Flaw::NeverLooksInside { kinds: unseen, is_for_pods });
    }
    // What no pod reaches is said once.
    if let (Some(said), true) = (said_of, flaws.is_empty() || is_for_pods) {
        flaws.push(Flaw::SkipsContainers { lists: skipped, said });
    }
    flaws.extend(implicit_registry(constraint, namespace)?);
    Ok(flaws)
}

/// An image, and the same one as it is mostly written.
const ALIKE: (&str, &str) = ("docker.io/library/nginx:1.29", "nginx:1.29");

/// Whether a policy takes one image for two.
fn implicit_registry(constraint: &Constraint, namespace: &str) -> Result<Option<Flaw>, Undecided> {
    let with = |image: &str| {
        let container = json!({ "name": "probe", "image": image });
        constraint.run(&pod(Some("containers"), &container, namespace)).map(|it| it.len())
    };
    let (refused, passed) = ALIKE;
    let flaw = Flaw::ImplicitRegistry { refused, passed };
    Ok((with(refused)? > with(passed)?).then_some(flaw))
}

impl Constraint {
    /// Whether it objects to any of the objects that are made to try it.
    pub fn fires_on_samples(&self) -> bool {
        let namespace = self.namespaces.first().map_or("probe", |it| it.trim_matches('*'));
        let containers = bad_containers();
        let kinds =
            WORKLOADS.iter().filter(|it| !self.kinds.is_empty() && self.is_for_kind(it.0, it.1));
        let pods = || containers.iter().map(|it| pod(Some("containers"), it, namespace));
        let around = kinds.flat_map(|(group, kind)| pods().map(move |it| around(group, kind, &it)));
        let mut all = pods().filter(|_| self.is_for_kind("", "Pod")).chain(around);
        all.any(|object| self.run(&object).is_ok_and(|it| !it.is_empty()))
    }
}

/// A container with nothing to object to in what it could not say in another list: probes are for what keeps running, and an ephemeral container has neither
/// resources nor ports.
fn fair(container: &Value, list: &str) -> Value {
    let mut fair = container.clone();
    let Value::Object(fields) = &mut fair else { return fair };
    let probe = json!({ "httpGet": { "path": "/healthz", "port": 8080 }, "periodSeconds": 10 });
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        fields.insert(name.to_owned(), probe.clone());
    }
    fields.insert(
        "lifecycle".to_owned(),
        json!({ "preStop": { "sleep": { "seconds": 5 } }, "postStart": { "sleep": { "seconds": 1 } } }),
    );
    if list == "ephemeralContainers" {
        let all = json!({ "cpu": "100m", "memory": "64Mi", "ephemeral-storage": "64Mi" });
        fields.insert("resources".to_owned(), json!({ "requests": all, "limits": all }));
        fields.remove("ports");
    }
    fair
}
