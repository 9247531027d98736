//! Namespaces and what their pods may use.
//!
//! * **Takes** `namespace` resources.
//! * **Gives** `<cluster>/<namespace>/namespace.yaml`: a Namespace, a ResourceQuota where there is a quota, a LimitRange where there are limits, and
//!   network policies where it is closed.
//! * **Owns** the Pod Security labels.
//! * **Never** makes what lives in a namespace.
//! * **Read first** this file.

pub(super) mod bounds;

use super::k8s::{CONFIRM, Metadata, confirm, labels, object};
use super::{Backend, Document, Job, Makes, Manifest, Output, network};
use crate::model::{Model, Namespace, Resource};
use crate::network::{Wanted, wanted};

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
            Makes {
                kind: "namespace",
                object: "v1 LimitRange",
                name: "<name>",
                file: FILE,
                about: "What each container and volume may ask for, where `limits` is set.",
            },
            Makes {
                kind: "namespace",
                object: "networking.k8s.io/v1 NetworkPolicy",
                name: "<pods>",
                file: FILE,
                about: "What is let through, unless `network = \"open\"`: `default-deny` lets names be looked up, the others what the program asks for.",
            },
            Makes {
                kind: "namespace",
                object: "cilium.io/v2 CiliumNetworkPolicy",
                name: "<pods>",
                file: FILE,
                about: "Where Cilium runs: what plain policies cannot say of the API server, of Gateways and of hosts outside.",
            },
        ]
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let open = model
            .namespaces
            .iter()
            .filter(|it| it.value.network.value.as_str() != "deny-by-default")
            .map(|it| Box::new(move || output(model, it, None)) as Job<'a>);
        let closed = wanted(model)
            .into_iter()
            .map(|it| Box::new(move || output(model, it.namespace, Some(&it))) as Job<'a>);
        open.chain(closed).collect()
    }
}

/// A namespace, with what is let through where it is closed.
fn output<'a>(
    model: &'a Model<'a>,
    resource: &'a Resource<'a, Namespace<'a>>,
    wanted: Option<&Wanted<'a, 'a>>,
) -> Output<'a> {
    let mut manifests = vec![namespace(model, &resource.value)];
    manifests.extend(bounds(model, &resource.value));
    manifests.extend(wanted.into_iter().flat_map(|it| network::policies(model, it)));
    Output {
        clusters: wanted.map_or_else(|| resource.targets.clone(), |it| it.clusters.clone()),
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

/// What stands beside the namespace and bounds it.
fn bounds<'a>(model: &Model<'a>, namespace: &Namespace<'a>) -> impl Iterator<Item = Manifest<'a>> {
    let object = |kind, spec| {
        let metadata = Metadata::new(namespace.name, labels(model))
            .namespace(namespace.name)
            .labels(&namespace.labels)
            .annotations(&namespace.annotations);
        object("v1", kind, metadata, Some(spec))
    };
    let quota = namespace.quota.as_ref().map(|it| object("ResourceQuota", bounds::quota(it)));
    let limits = bounds::limits(namespace.limits.as_ref(), None);
    quota.into_iter().chain(limits.map(|spec| object("LimitRange", spec)))
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
