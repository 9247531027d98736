//! What resources want of a cluster that no reference of theirs names.

use crate::model::{Database, Kind, Manifest, Map, Model, Tree, Volume, Workload};

use super::cluster::Node;

const OPERATOR: &str = "monitoring.coreos.com";
const EXTERNAL_SECRETS: &str = "external-secrets.io";
const GATEWAY_API: &str = "gateway.networking.k8s.io";
const POSTGRES: &str = "postgresql.cnpg.io";
const BARMAN: &str = "barmancloud.cnpg.io";

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
            let part = model.monitorings.get(node.part);
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
        Kind::Workload => {
            let part = model.workloads.get(node.part);
            part.map_or_else(Vec::new, |it| of_workload(&it.value))
        }
        Kind::Job => {
            let part = model.jobs.get(node.part);
            part.map_or_else(Vec::new, |it| classes(&it.value.volume).collect())
        }
        Kind::Database => {
            let part = model.databases.get(node.part);
            part.map_or_else(Vec::new, |it| of_database(&it.value))
        }
        Kind::Manifest => {
            let part = model.manifests.get(node.part);
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
        | Kind::Traffic
        | Kind::Addon => Vec::new(),
    }
}

/// The StorageClasses of volumes.
fn classes<'m>(volumes: &'m Map<Volume<'_>>) -> impl Iterator<Item = Want<'m>> {
    volumes.iter().filter_map(|(_, it)| it.class).map(|class| Want::Class(class.value.as_str()))
}

fn of_workload<'m>(it: &'m Workload<'_>) -> Vec<Want<'m>> {
    let is_routed = it.expose.iter().any(|(_, expose)| expose.gateway.is_some());
    let routes = is_routed.then_some(Want::Group(GATEWAY_API));
    let monitor = it.scraped().next().map(|_| Want::Group(OPERATOR));
    routes.into_iter().chain(monitor).chain(classes(&it.volume)).collect()
}

fn of_database<'m>(it: &'m Database<'_>) -> Vec<Want<'m>> {
    let storages = std::iter::once(&it.storage).chain(&it.wal_storage);
    let classes = storages.filter_map(|it| it.class).map(|class| Want::Class(class.value.as_str()));
    let plugin = it.backup.as_ref().map(|_| Want::Group(BARMAN));
    let monitor = it.scrape.value.then_some(Want::Group(OPERATOR));
    let groups = std::iter::once(Want::Group(POSTGRES)).chain(plugin).chain(monitor);
    groups.chain(classes).collect()
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
pub fn is_built_in(group: &str) -> bool {
    !group.contains('.') || group.ends_with(".k8s.io") && !group.starts_with("gateway.networking.")
}
