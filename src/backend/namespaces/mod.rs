//! Namespaces and what their pods may use.
//!
//! * **Takes** `namespace` resources.
//! * **Gives** `<cluster>/<namespace>/namespace.yaml`: a Namespace, and a ResourceQuota where there is a quota.
//! * **Owns** the Pod Security labels.
//! * **Never** makes what lives in a namespace.
//! * **Read first** this file.

use super::k8s::{CONFIRM, Fields, Metadata, bytes, confirm, cpu, labels, object, text};
use super::{Backend, Document, Job, Makes, Manifest, Output};
use crate::model::{Model, Namespace, Quota, Resource};

/// The backend.
pub(super) struct Namespaces;

impl Backend for Namespaces {
    fn name(&self) -> &'static str {
        "namespaces"
    }

    fn makes(&self) -> &'static [Makes] {
        const FILE: &str = "<cluster>/<name>/namespace.yaml";
        &[
            Makes {
                kind: "namespace",
                object: "v1 Namespace",
                name: "<name>",
                file: FILE,
                about: "The namespace, with its Pod Security Standard.",
            },
            Makes {
                kind: "namespace",
                object: "v1 ResourceQuota",
                name: "<name>",
                file: FILE,
                about: "What its pods may use together, where `quota` is set.",
            },
        ]
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let job = |namespace| Box::new(move || output(model, namespace)) as Job<'a>;
        model.namespaces.iter().map(job).collect()
    }
}

fn output<'a>(model: &'a Model<'a>, resource: &'a Resource<'a, Namespace<'a>>) -> Output<'a> {
    let mut manifests = vec![namespace(model, &resource.value)];
    manifests.extend(resource.value.quota.as_ref().map(|it| quota(model, &resource.value, it)));
    Output {
        clusters: resource.targets.clone(),
        document: Document {
            path: format!("{}/namespace.yaml", resource.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests,
        },
    }
}

fn namespace<'a>(model: &Model<'a>, namespace: &Namespace<'a>) -> Manifest<'a> {
    let level = namespace.pod_security;
    // The level is a field, which proofs read: no label may say otherwise.
    let security = labels(model)
        .all(&namespace.labels)
        .with("pod-security.kubernetes.io/enforce", level)
        .with("pod-security.kubernetes.io/audit", level)
        .with("pod-security.kubernetes.io/warn", level);
    let protect = namespace.protect;
    let metadata = Metadata::new(namespace.name, security)
        .annotation(CONFIRM, protect.value.then(|| confirm(protect.origin)))
        .annotations(&namespace.annotations);
    object("v1", "Namespace", metadata, None)
}

fn quota<'a>(model: &Model<'a>, namespace: &Namespace<'a>, quota: &Quota<'a>) -> Manifest<'a> {
    let pods = quota.pods.map(|pods| text(pods.value.to_string(), pods.origin));
    let hard = Fields::new()
        .maybe("requests.cpu", quota.cpu.map(cpu))
        .maybe("requests.memory", quota.memory.map(bytes))
        .maybe("requests.storage", quota.storage.map(bytes))
        .maybe("pods", pods);
    let metadata = Metadata::new(namespace.name, labels(model))
        .namespace(namespace.name)
        .labels(&namespace.labels)
        .annotations(&namespace.annotations);
    object("v1", "ResourceQuota", metadata, Some(Fields::new().with("hard", hard)))
}

#[cfg(test)]
mod tests {
    use super::Namespaces;
    use crate::backend::fixture;

    #[test]
    fn namespaces_carry_their_pod_security_and_quota() {
        insta::assert_snapshot!(fixture::lowered(&Namespaces, &fixture::model()));
    }
}
