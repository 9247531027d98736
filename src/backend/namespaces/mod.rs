//! Namespaces and what their pods may use.
//!
//! * **Takes** `namespace` resources.
//! * **Gives** `<cluster>/<namespace>/namespace.yaml`: a Namespace, a ResourceQuota where there is a quota, a LimitRange where there are limits, and
//!   network policies where it is closed.
//! * **Owns** the Pod Security labels, pinned to a version.
//! * **Never** makes what lives in a namespace.
//! * **Read first** this file.

pub(super) mod bounds;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::k8s::{CONFIRM, Metadata, confirm, labels, object, text};
use super::{Backend, Document, Job, Makes, Manifest, Node, Output, network};
use crate::eval::Origin;
use crate::kubernetes::minor_of;
use crate::model::{Model, Namespace, Ref, Resource};
use crate::network::{Index, Same, wanted};

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
        let is_open = |it: &&Resource<'_, Namespace<'_>>| {
            it.value.network.value.as_str() != "deny-by-default"
        };
        let open = model.namespaces.iter().filter(is_open).flat_map(|namespace| {
            let groups = by_version(model, namespace, &namespace.targets);
            groups.into_iter().map(move |(minor, clusters)| {
                let make = move || output(model, namespace, (minor, clusters.clone()), None);
                Box::new(make) as Job<'a>
            })
        });
        let closed = wanted(&Index::new(model)).into_iter().map(Arc::new).flat_map(|it| {
            let groups = by_version(model, it.block, &it.clusters);
            groups.into_iter().map(move |(minor, clusters)| {
                let it = Arc::clone(&it);
                let make =
                    move || output(model, it.block, (minor, clusters.clone()), Some(&it.same));
                Box::new(make) as Job<'a>
            })
        });
        open.chain(closed).collect()
    }
}

/// Clusters of a namespace by the minor version of their Kubernetes: with it the labels differ.
fn by_version(
    model: &Model<'_>,
    namespace: &Resource<'_, Namespace<'_>>,
    clusters: &[Ref],
) -> BTreeMap<Option<u32>, Vec<Ref>> {
    let mut groups: BTreeMap<Option<u32>, Vec<Ref>> = BTreeMap::new();
    for cluster in clusters {
        let own = model.minors.get(&cluster.id.0).copied();
        let minor = own.filter(|_| namespace.value.pod_security_version.is_none());
        groups.entry(minor).or_default().push(*cluster);
    }
    groups
}

/// A namespace on clusters of one version, with what is let through where it is closed.
fn output<'a>(
    model: &'a Model<'a>,
    resource: &'a Resource<'a, Namespace<'a>>,
    (minor, clusters): (Option<u32>, Vec<Ref>),
    wanted: Option<&Same>,
) -> Output<'a> {
    let mut manifests = vec![namespace(model, &resource.value, minor)];
    manifests.extend(bounds(model, &resource.value));
    manifests
        .extend(wanted.into_iter().flat_map(|it| network::policies(model, &resource.value, it)));
    Output {
        clusters,
        document: Document {
            path: format!("{}/namespace.yaml", resource.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests,
        },
    }
}

fn namespace<'a>(model: &Model<'a>, namespace: &Namespace<'a>, minor: Option<u32>) -> Manifest<'a> {
    let level = namespace.pod_security;
    let version = version(namespace, minor);
    // The level is a field, which proofs read: no label may say otherwise.
    let security = labels(model)
        .all(&namespace.labels)
        .with("pod-security.kubernetes.io/enforce", level)
        .maybe("pod-security.kubernetes.io/enforce-version", version.clone())
        .with("pod-security.kubernetes.io/audit", level)
        .maybe("pod-security.kubernetes.io/audit-version", version.clone())
        .with("pod-security.kubernetes.io/warn", level)
        .maybe("pod-security.kubernetes.io/warn-version", version);
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

/// The version that is written, else the cluster's.
fn version<'a>(namespace: &Namespace<'a>, minor: Option<u32>) -> Option<Node<'a>> {
    if let Some(said) = namespace.pod_security_version {
        // A version that is no minor of Kubernetes stays as it is, and admission tells of it.
        let shown = minor_of(said.value).map(|minor| format!("v1.{minor}"));
        return Some(text(shown.unwrap_or_else(|| said.value.to_owned()), said.origin));
    }
    let rule =
        Origin::rule("the standards of the cluster's own version, which only its upgrade changes");
    minor.map(|minor| text(format!("v1.{minor}"), rule))
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
