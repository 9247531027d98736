//! What resources want of a cluster that no reference of theirs names.

use crate::eval::Origin;
use crate::model::{Backup, Database, Kind, Manifest, Map, Model, Of, Tree, Volume, Workload};
use crate::source::Sym;

use super::cluster::Node;

const OPERATOR: &str = "monitoring.coreos.com";
const EXTERNAL_SECRETS: &str = "external-secrets.io";

/// The group of the SOPS operator's types.
const SOPS: &str = "isindir.github.com";
const GATEWAY_API: &str = "gateway.networking.k8s.io";
const POSTGRES: &str = "postgresql.cnpg.io";
const GATEKEEPER: &str = "templates.gatekeeper.sh";
const BARMAN: &str = "barmancloud.cnpg.io";

/// A demand on the cluster.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Want<'m> {
    /// The CustomResourceDefinitions of a group.
    Group(&'m str),
    /// A StorageClass.
    Class(&'m str),
}

/// A StorageClass that is named, and where.
pub(super) type Class<'m> = (&'m str, Origin);

/// What a resource wants on a cluster.
pub(super) fn wants<'m>(model: &'m Model<'_>, node: &Node<'_>) -> Vec<Want<'m>> {
    let mut out = match node.kind {
        Kind::Alerts | Kind::Scrape | Kind::Slo => vec![Want::Group(OPERATOR)],
        Kind::SecretStore => vec![Want::Group(EXTERNAL_SECRETS)],
        Kind::Secret => {
            let part = model.secrets.get(node.part).map(|it| &it.value);
            let group = part.and_then(|it| match (it.sops, it.store) {
                (Some(_), _) => Some(SOPS),
                (None, Some(_)) => Some(EXTERNAL_SECRETS),
                (None, None) => None,
            });
            group.map(Want::Group).into_iter().collect()
        }
        Kind::Workload => {
            let part = model.workloads.get(node.part);
            part.map_or_else(Vec::new, |it| of_workload(&it.value))
        }
        Kind::Database => {
            let part = model.databases.get(node.part);
            part.map_or_else(Vec::new, |it| of_database(&it.value))
        }
        Kind::Policy => {
            let part = model.policies.get(node.part);
            let is_held = part.is_some_and(|it| it.value.engine.value.as_str() == "gatekeeper");
            is_held.then_some(Want::Group(GATEKEEPER)).into_iter().collect()
        }
        Kind::Manifest => {
            let part = model.manifests.get(node.part);
            part.and_then(|it| group(model, &it.value)).map(Want::Group).into_iter().collect()
        }
        Kind::Backup => {
            let part = model.backups.get(node.part);
            part.map_or_else(Vec::new, |it| of_backup(&it.value))
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
        | Kind::Job
        | Kind::Monitoring
        | Kind::Team
        | Kind::Traffic
        | Kind::Addon => Vec::new(),
    };
    out.extend(classes(model, node).into_iter().map(|(class, _)| Want::Class(class)));
    out
}

fn of_backup<'m>(it: &Backup<'_>) -> Vec<Want<'m>> {
    let watched = it.base().alerts.value.then_some(OPERATOR);
    let remade = it.stored().map(|_| EXTERNAL_SECRETS);
    let group = match it {
        Backup::Etcd(_) => None,
        Backup::Namespaces(_) => Some("velero.io"),
        Backup::Volumes(_) => Some("longhorn.io"),
    };
    [watched, remade, group].into_iter().flatten().map(Want::Group).collect()
}

/// The StorageClasses that a resource names.
pub(super) fn classes<'m>(model: &'m Model<'_>, node: &Node<'_>) -> Vec<Class<'m>> {
    let of = |classes: Vec<Option<Of<Sym>>>| {
        classes.into_iter().flatten().map(|it| (it.value.as_str(), it.origin)).collect()
    };
    let of_volumes =
        |volumes: &Map<Volume<'_>>| of(volumes.iter().map(|(_, it)| it.class).collect());
    match node.kind {
        Kind::Monitoring => model.monitorings.get(node.part).map_or_else(Vec::new, |it| {
            let monitoring = &it.value;
            let grafana = monitoring.grafana.as_ref().and_then(|it| it.storage.as_ref());
            let storages = [
                monitoring.prometheus.storage.as_ref(),
                monitoring.alertmanager.storage.as_ref(),
                grafana,
            ];
            of(storages.into_iter().flatten().map(|it| it.class).collect())
        }),
        Kind::Workload => {
            model.workloads.get(node.part).map_or_else(Vec::new, |it| of_volumes(&it.value.volume))
        }
        Kind::Job => {
            model.jobs.get(node.part).map_or_else(Vec::new, |it| of_volumes(&it.value.volume))
        }
        Kind::Database => model.databases.get(node.part).map_or_else(Vec::new, |it| {
            let storages = std::iter::once(&it.value.storage).chain(&it.value.wal_storage);
            of(storages.map(|it| it.class).collect())
        }),
        Kind::Manifest => model.manifests.get(node.part).map_or_else(Vec::new, |it| {
            let mut found = Vec::new();
            for (_, part) in &it.value.body {
                named(part, &mut found);
            }
            found
        }),
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
        | Kind::Team
        | Kind::Traffic
        | Kind::Policy
        | Kind::Backup
        | Kind::Alerts
        | Kind::Scrape
        | Kind::Slo
        | Kind::Secret
        | Kind::SecretStore
        | Kind::Addon => Vec::new(),
    }
}

/// What claims in an object name, at any depth: `spec.volumeClaimTemplates[].spec.storageClassName`.
fn named<'m>(tree: &'m Tree<'_>, found: &mut Vec<Class<'m>>) {
    match tree {
        Tree::Map(entries) => {
            for (key, value) in entries {
                // An empty class asks for a volume that somebody made.
                if let Tree::Text(text) = value
                    && key.as_str() == "storageClassName"
                    && !text.value.is_empty()
                {
                    found.push((text.value, text.origin));
                } else {
                    named(value, found);
                }
            }
        }
        Tree::List(items) => items.iter().for_each(|it| named(it, found)),
        Tree::Bool(_) | Tree::Int(_) | Tree::Float(..) | Tree::Text(_) => {}
    }
}

/// The StorageClass that an object is.
pub(super) fn made<'m>(model: &'m Model<'_>, manifest: &'m Manifest<'_>) -> Option<&'m str> {
    let text = |tree: Option<&'m Tree<'_>>| {
        let Some(Tree::Text(text)) = tree else { return None };
        Some(text.value)
    };
    let field = |key: &str| manifest.body.iter().find(|it| it.0.as_str() == key).map(|it| &it.1);
    match manifest.object {
        Some(path) => {
            let object = model.catalog.by_path(path.as_str())?;
            (object.kind == "StorageClass").then_some(manifest.name.value)
        }
        None => {
            let Some(Tree::Map(metadata)) = field("metadata") else { return None };
            let name = metadata.iter().find(|it| it.0.as_str() == "name").map(|it| &it.1);
            (text(field("kind")) == Some("StorageClass")).then(|| text(name))?
        }
    }
}

fn of_workload<'m>(it: &'m Workload<'_>) -> Vec<Want<'m>> {
    let is_routed = it.expose.iter().any(|(_, expose)| expose.gateway.is_some());
    let routes = is_routed.then_some(Want::Group(GATEWAY_API));
    let monitor = it.scraped().next().map(|_| Want::Group(OPERATOR));
    routes.into_iter().chain(monitor).collect()
}

fn of_database<'m>(it: &'m Database<'_>) -> Vec<Want<'m>> {
    let plugin = it.backup.as_ref().map(|_| Want::Group(BARMAN));
    let monitor = it.scrape.value.then_some(Want::Group(OPERATOR));
    std::iter::once(Want::Group(POSTGRES)).chain(plugin).chain(monitor).collect()
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
