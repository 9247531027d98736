//! The version of Cluster API's own types.

use super::errors;
use super::finding::Findings;
use super::look::{Object, get};

/// The groups of Cluster API and kubeadm's providers; others have versions of their own.
const GROUPS: &[(&str, &[&str])] = &[
    ("cluster.x-k8s.io", &[]),
    ("addons.cluster.x-k8s.io", &[]),
    ("controlplane.cluster.x-k8s.io", &["KubeadmControlPlane", "KubeadmControlPlaneTemplate"]),
    ("bootstrap.cluster.x-k8s.io", &["KubeadmConfig", "KubeadmConfigTemplate"]),
];

/// The versions that go before `v1beta2`.
const OLD: &[&str] = &["v1alpha3", "v1alpha4", "v1beta1"];

/// Whether an `apiVersion` is of a group that Cluster API's classes are made of.
pub(super) fn is_core(api_version: &str) -> bool {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    group == "cluster.x-k8s.io" || group.ends_with(".cluster.x-k8s.io")
}

/// Whether an object is of a type that has moved on to `v1beta2`.
pub(super) fn is_old(api_version: &str, kind: &str) -> bool {
    let Some((group, version)) = api_version.split_once('/') else { return false };
    OLD.contains(&version)
        && GROUPS
            .iter()
            .any(|(known, kinds)| *known == group && (kinds.is_empty() || kinds.contains(&kind)))
}

/// Tells objects of versions that Cluster API is about to stop serving.
pub(super) fn check(object: &Object<'_, '_>, found: &mut Findings) {
    if !is_old(object.api_version, object.kind) {
        return;
    }
    let (version, kind) = (object.api_version.to_owned(), object.kind.to_owned());
    let node = get(object.root, "apiVersion").unwrap_or(object.root);
    found
        .at(object, node, &version.clone(), move |span| errors::old_version(&version, &kind, span));
}
