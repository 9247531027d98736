//! What resources want of a cluster that no reference of theirs names.

use crate::model::{Kind, Manifest, Model, Tree};

use super::cluster::Node;

const OPERATOR: &str = "monitoring.coreos.com";
const EXTERNAL_SECRETS: &str = "external-secrets.io";

/// A demand on the cluster.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Want<'m> {
    /// The CustomResourceDefinitions of a group.
    Group(&'m str),
    /// A StorageClass.
    Class(&'m str),
}

/// What a resource wants on a cluster.
pub(super) fn wants<'m>(model: &'m Model<'_>, node: &Node<'_>) -> Vec<Want<'m>> {
    match node.kind {
        Kind::Alerts | Kind::Scrape | Kind::Slo => vec![Want::Group(OPERATOR)],
        Kind::Secret | Kind::SecretStore => vec![Want::Group(EXTERNAL_SECRETS)],
        Kind::Monitoring => {
            let part = model.monitorings.iter().find(|it| node.is(it));
            let volumes = part.into_iter().flat_map(|it| {
                let monitoring = &it.value;
                let grafana = monitoring.grafana.as_ref().and_then(|it| it.storage.as_ref());
                [
                    monitoring.prometheus.storage.as_ref(),
                    monitoring.alertmanager.storage.as_ref(),
                    grafana,
                ]
            });
            let classes = volumes.flatten().filter_map(|volume| volume.class);
            classes.map(|class| Want::Class(class.value.as_str())).collect()
        }
        Kind::Manifest => {
            let part = model.manifests.iter().find(|it| node.is(it));
            part.and_then(|it| group(model, &it.value)).map(Want::Group).into_iter().collect()
        }
        Kind::Platform
        | Kind::Environment
        | Kind::Provider
        | Kind::Cluster
        | Kind::Namespace
        | Kind::Receiver
        | Kind::TimeWindow
        | Kind::Routing
        | Kind::Dashboard
        | Kind::Service
        | Kind::Repository
        | Kind::Project
        | Kind::Apps
        | Kind::Addon => Vec::new(),
    }
}

/// The group of an object that Kubernetes does not bring itself.
fn group<'m>(model: &'m Model<'_>, manifest: &'m Manifest<'_>) -> Option<&'m str> {
    let group = match manifest.object {
        Some(path) => model.catalog.by_path(path.as_str()).map(|it| it.group.as_str())?,
        None => {
            let entry = manifest.body.iter().find(|(key, _)| key.as_str() == "apiVersion");
            let Some((_, Tree::Text(version))) = entry else { return None };
            version.value.split_once('/').map_or("", |(group, _)| group)
        }
    };
    (!is_built_in(group)).then_some(group)
}

/// Whether every API server serves a group.
pub(super) fn is_built_in(group: &str) -> bool {
    !group.contains('.') || group.ends_with(".k8s.io") && !group.starts_with("gateway.networking.")
}
