//! Databases, as CloudNativePG runs them.
//!
//! * **Takes** `database` resources.
//! * **Gives** `<cluster>/<namespace>/database-<name>.yaml`: where backups go, the servers, when backups are made, pools, a monitor.
//! * **Owns** the names that CloudNativePG gives to what it makes.
//! * **Never** lets Argo CD delete what holds data, and writes no credentials.
//! * **Read first** this file, then `backup.rs`.

mod backup;

use super::k8s::{CONFIRM, Fields, IntoNode, Metadata, bytes, labels, list, object, text};
use super::workload::{NAME, resources, toleration};
use super::{Backend, Document, Job, Makes, Manifest, Node, Output};
use crate::eval::Origin;
use crate::model::{Database, Map, Model, Of, PersistentStorage, Pooler, Resource};

/// The label by which CloudNativePG marks what belongs to a Cluster.
const CLUSTER: &str = "cnpg.io/cluster";

/// The backend.
pub(super) struct Databases;

impl Backend for Databases {
    fn name(&self) -> &'static str {
        "database"
    }

    fn makes(&self) -> &'static [Makes] {
        const fn one(object: &'static str, name: &'static str, about: &'static str) -> Makes {
            Makes {
                kind: "database",
                object,
                name,
                file: "<cluster>/<namespace>/database-<name>.yaml",
                about,
            }
        }
        const {
            &[
                one("barmancloud.cnpg.io/v1 ObjectStore", "<name>", "Where its backups go."),
                one("postgresql.cnpg.io/v1 Cluster", "<name>", "Its servers and their volumes."),
                one("postgresql.cnpg.io/v1 ScheduledBackup", "<name>", "When all of it is saved."),
                one("postgresql.cnpg.io/v1 Pooler", "<name>-<pooler>", "Each pool of connections."),
                one(
                    "monitoring.coreos.com/v1 PodMonitor",
                    "<name>",
                    "What collects the metrics of its servers.",
                ),
            ]
        }
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        model.databases.iter().map(|it| Box::new(move || output(model, it)) as Job<'a>).collect()
    }
}

fn output<'a>(model: &'a Model<'a>, resource: &'a Resource<'a, Database<'a>>) -> Output<'a> {
    let it = &resource.value;
    let mut manifests = Vec::new();
    if let Some(backup) = &it.backup {
        manifests.push(backup::store(model, it, backup));
    }
    manifests.push(cluster(model, it));
    if let Some(backup) = &it.backup {
        manifests.push(backup::scheduled(model, it, backup));
    }
    manifests.extend(it.pooler.iter().map(|(_, pool)| pooler(model, it, pool)));
    if it.scrape.value {
        manifests.push(monitor(model, it, &model.selected_labels(&resource.targets)));
    }
    Output {
        clusters: resource.targets.clone(),
        document: Document {
            path: format!("{}/database-{}.yaml", it.namespace.value.name, it.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests,
        },
    }
}

/// The metadata of an object with a name.
fn metadata<'a>(
    model: &Model<'a>,
    it: &Database<'a>,
    name: impl IntoNode<'a>,
    own: &Map<Of<&'a str>>,
) -> Metadata<'a> {
    let rule = Origin::rule("what belongs to a database is called after it");
    let named = Fields::new().with(NAME, text(it.name.value.as_str(), rule));
    Metadata::new(name, labels(model).all(own).all(&it.labels).join(named))
        .namespace(it.namespace)
        .annotations(&it.annotations)
}

/// What holds data is never deleted because it is not written any more.
fn kept<'a>() -> Option<Node<'a>> {
    let rule = Origin::rule("what holds data is not deleted because it is no longer written");
    Some(text("Prune=false,Delete=false", rule))
}

fn cluster<'a>(model: &Model<'a>, it: &Database<'a>) -> Manifest<'a> {
    let official = Origin::rule("the image that CloudNativePG publishes for the version");
    let image = it.image.map_or_else(
        || text(format!("ghcr.io/cloudnative-pg/postgresql:{}", it.postgres.value), official),
        IntoNode::into_node,
    );
    let kept_out = Origin::rule("nobody logs in as the superuser from outside");
    let sums = Origin::rule("what is damaged on disk is noticed");
    let initdb = Fields::new()
        .with("database", it.database)
        .with("owner", it.owner)
        .with("dataChecksums", Node::Bool(true, sums));
    let spec = Fields::new()
        .with("instances", it.instances)
        .with("imageName", image)
        .with("enableSuperuserAccess", Node::Bool(false, kept_out))
        .with("bootstrap", Fields::new().with("initdb", initdb))
        .unless_empty("postgresql", postgresql(it))
        .with("storage", storage(&it.storage))
        .maybe("walStorage", it.wal_storage.as_ref().map(storage))
        .with("resources", resources(&it.cpu, &it.memory))
        .with("affinity", affinity(it))
        .maybe("plugins", it.backup.as_ref().map(|_| backup::plugins(it)));
    let metadata = metadata(model, it, it.name, &Vec::new()).annotation(CONFIRM, kept());
    object("postgresql.cnpg.io/v1", "Cluster", metadata, Some(spec))
}

fn postgresql<'a>(it: &Database<'a>) -> Fields<'a> {
    let rule = Origin::rule("`synchronous` counts any of the followers");
    let synchronous = (it.synchronous.value > 0)
        .then(|| Fields::new().with("method", text("any", rule)).with("number", it.synchronous));
    Fields::new()
        .unless_empty("parameters", Fields::new().all(&it.parameters))
        .maybe("synchronous", synchronous)
}

fn storage<'a>(it: &PersistentStorage<'a>) -> Fields<'a> {
    Fields::new().with("size", bytes(it.size)).maybe("storageClass", it.class)
}

fn affinity<'a>(it: &Database<'a>) -> Fields<'a> {
    let rule = Origin::rule("servers are spread as far as there is room");
    let key = match it.spread.value.as_str() {
        "zone" => "topology.kubernetes.io/zone",
        _ => "kubernetes.io/hostname",
    };
    Fields::new()
        .with("enablePodAntiAffinity", Node::Bool(true, rule))
        .with("podAntiAffinityType", text("preferred", rule))
        .with("topologyKey", text(key, it.spread.origin))
        .unless_empty("nodeSelector", Fields::new().all(&it.schedule_on))
        .unless_empty("tolerations", list(it.tolerate.iter().map(toleration)))
}

fn pooler<'a>(model: &Model<'a>, it: &Database<'a>, pool: &Pooler<'a>) -> Manifest<'a> {
    let named = Origin::rule("a pool is called after its database and itself");
    let rule = Origin::rule("a pool serves the database of its block");
    let container = Fields::new()
        .with("name", text("pgbouncer", rule))
        .with("resources", resources(&pool.cpu, &pool.memory));
    let template = Fields::new()
        .with("metadata", Fields::new().with("labels", Fields::new().all(&it.labels)))
        .with("spec", Fields::new().with("containers", list([container])));
    let pgbouncer = Fields::new()
        .with("poolMode", pool.mode)
        .unless_empty("parameters", Fields::new().all(&pool.parameters));
    let spec = Fields::new()
        .with("cluster", Fields::new().with("name", it.name))
        .with("instances", pool.instances)
        .with("type", pool.to)
        .with("pgbouncer", pgbouncer)
        .with("template", template);
    let name = text(format!("{}-{}", it.name.value, pool.name.value), named);
    object("postgresql.cnpg.io/v1", "Pooler", metadata(model, it, name, &Vec::new()), Some(spec))
}

fn monitor<'a>(model: &Model<'a>, it: &Database<'a>, selected: &Map<Of<&'a str>>) -> Manifest<'a> {
    let rule = Origin::rule("CloudNativePG shows metrics at this port, and marks the pods");
    let marked = Fields::new().with(CLUSTER, text(it.name.value.as_str(), rule));
    let spec = Fields::new()
        .with("selector", Fields::new().with("matchLabels", marked))
        .with("podMetricsEndpoints", list([Fields::new().with("port", text("metrics", rule))]));
    let metadata = metadata(model, it, it.name, selected);
    object("monitoring.coreos.com/v1", "PodMonitor", metadata, Some(spec))
}

#[cfg(test)]
mod tests {
    use super::Databases;
    use crate::backend::fixture;

    #[test]
    fn databases_become_clusters_with_backups_and_pools() {
        insta::assert_snapshot!(fixture::lowered(&Databases, &fixture::model()));
    }
}
