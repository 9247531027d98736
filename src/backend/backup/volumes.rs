//! Backups of volumes: those that Velero makes, and those of Longhorn.

use super::metadata;
use crate::backend::k8s::{CONFIRM, Fields, IntoNode as _, list, object, text};
use crate::backend::secrets::Remade;
use crate::backend::{Manifest, Node};
use crate::eval::Origin;
use crate::model::{
    Backup, BackupBase, Model, Namespaces, Of, Quantity, Ref, Resource, S3, SecretKey, StoredKey,
    UTC, Volumes,
};

/// The region that servers go by which are not Amazon's, where they have none.
const ANY_REGION: &str = "us-east-1";

/// A folder of the cluster's own in a bucket: `clusters/prod-1`.
fn folder(target: &S3<'_>, cluster: Ref) -> String {
    let mut parts: Vec<&str> = target.prefix.value.split('/').filter(|it| !it.is_empty()).collect();
    parts.push(cluster.name.as_str());
    parts.join("/")
}

fn region<'a>(target: &S3<'a>) -> Option<Node<'a>> {
    let rule = Origin::rule("a bucket that is not Amazon's goes by this region where it has none");
    let own = target.region.map(|it| text(it.value, it.origin));
    own.or_else(|| target.endpoint.map(|_| text(ANY_REGION, rule)))
}

/// The block of the values that `target` is opened with, and both of its keys.
type Stored<'m, 'a> = (&'m crate::model::Secret<'a>, &'m StoredKey<'a>, &'m StoredKey<'a>);

fn stored<'m, 'a>(
    model: &'m Model<'a>,
    [id, proof]: [SecretKey<'a>; 2],
    cluster: Ref,
) -> Option<Stored<'m, 'a>> {
    let block = id.block?;
    let secret = model
        .secrets
        .iter()
        .find(|it| it.id == block.id && it.targets.iter().any(|target| target.id == cluster.id))?;
    let key = |wanted: SecretKey<'a>| {
        let mut keys = secret.value.key.iter();
        keys.find(|(name, _)| name.as_str() == wanted.key.value).map(|(_, key)| key)
    };
    Some((&secret.value, key(id)?, key(proof)?))
}

/// The name of the Secret that is made for a backup.
fn made<'a>(base: &BackupBase<'a>) -> Node<'a> {
    text(format!("{}-target", base.name.value), base.name.origin)
}

/// A Secret with what opens the bucket, in a form that somebody reads.
fn credentials<'a>(
    model: &Model<'a>,
    backup: &BackupBase<'a>,
    keys: Option<[SecretKey<'a>; 2]>,
    cluster: Ref,
    form: Vec<(&'static str, Node<'a>)>,
) -> Option<Manifest<'a>> {
    let (secret, id, proof) = stored(model, keys?, cluster)?;
    let remade = Remade { secret, read: vec![("id", id), ("key", proof)], form };
    Some(remade.object(metadata(model, backup, made(backup)), made(backup)))
}

/// What Velero is told.
pub(super) fn by_velero<'a>(
    model: &Model<'a>,
    it: &Namespaces<'a>,
    cluster: Ref,
) -> Vec<Manifest<'a>> {
    let base = &it.base;
    let name = || text(base.name.value.as_str(), base.name.origin);
    let file = Origin::rule("Velero reads credentials in the form of Amazon's own file");
    let form = "[default]\naws_access_key_id={{ .id }}\naws_secret_access_key={{ .key }}\n";
    let keys = Backup::Namespaces(it.clone()).stored();
    let secret = credentials(model, base, keys, cluster, vec![("cloud", text(form, file))]);
    let credential = it.credentials.map_or_else(
        || Fields::new().with("name", made(base)).with("key", text("cloud", file)),
        |key| Fields::new().with("name", key.secret).with("key", key.key),
    );
    let target = &base.target;
    let other = |value: &'static str| {
        let rule = Origin::rule(
            "a server that is not Amazon's may know neither names of buckets as hosts nor newer checksums",
        );
        target.endpoint.map(|_| text(value, rule))
    };
    let config = Fields::new()
        .maybe("region", region(target))
        .maybe("s3Url", target.endpoint)
        .maybe("s3ForcePathStyle", other("true"))
        .maybe("checksumAlgorithm", other(""));
    let speaks = Origin::rule("the plugin that speaks S3");
    let place = Fields::new()
        .with("provider", text("aws", speaks))
        .with(
            "objectStorage",
            Fields::new()
                .with("bucket", target.bucket)
                .with("prefix", text(folder(target, cluster), target.prefix.origin)),
        )
        .unless_empty("config", config)
        .with("credential", credential);
    let place =
        object("velero.io/v1", "BackupStorageLocation", metadata(model, base, name()), Some(place));
    let stays = Origin::rule("a backup outlives the schedule that made it");
    let schedule = Fields::new()
        .with("schedule", clocked(base))
        .with("useOwnerReferencesInBackup", Node::Bool(false, stays))
        .with("template", template(it));
    let schedule =
        object("velero.io/v1", "Schedule", metadata(model, base, name()), Some(schedule));
    secret.into_iter().chain([place, schedule]).collect()
}

/// The schedule, with its clock before it where it is not that of UTC.
fn clocked<'a>(base: &BackupBase<'a>) -> Node<'a> {
    let (schedule, zone) = (base.schedule, base.time_zone);
    if zone.value == UTC {
        schedule.into_node()
    } else {
        text(format!("CRON_TZ={} {}", zone.value, schedule.value), schedule.origin)
    }
}

/// `672h0m0s`, as Velero writes times itself: what it wrote otherwise, Argo CD would see as a difference.
fn time<'a>(of: Of<Quantity<'a>>) -> Node<'a> {
    let all = of.value.amount / 1000;
    text(format!("{}h{}m{}s", all / 3600, all / 60 % 60, all % 60), of.origin)
}

fn template<'a>(it: &Namespaces<'a>) -> Fields<'a> {
    let all = Origin::rule("all namespaces are saved where none is named");
    let namespaces = if it.namespaces.is_empty() {
        list([text("*", all)])
    } else {
        list(it.namespaces.iter().copied())
    };
    let how = it.volumes;
    let is = |what: &str| Node::Bool(how.value.as_str() == what, how.origin);
    Fields::new()
        .with("storageLocation", it.base.name)
        .with("ttl", time(it.base.retention))
        .with("includedNamespaces", namespaces)
        .with("defaultVolumesToFsBackup", is("file-system"))
        .with("snapshotVolumes", is("snapshot"))
        .with("snapshotMoveData", is("snapshot"))
        .with("itemOperationTimeout", time(it.deadline))
}

/// What Longhorn is told.
pub(super) fn by_longhorn<'a>(
    model: &Model<'a>,
    resource: &Resource<'a, Backup<'a>>,
    it: &Volumes<'a>,
    cluster: Ref,
) -> Vec<Manifest<'a>> {
    let base = &it.base;
    let name = || text(base.name.value.as_str(), base.name.origin);
    let saves = Origin::rule("a snapshot stays on the disks that it is of; a backup does not");
    let count = it.kept();
    let job = Fields::new()
        .with("name", name())
        .with("task", text("backup", saves))
        .with("cron", base.schedule)
        .with("groups", list(it.groups.iter().copied()))
        .with("retain", Node::Int(count, base.retention.origin))
        .with("concurrency", it.at_once);
    let job =
        object("longhorn.io/v1beta2", "RecurringJob", metadata(model, base, name()), Some(job));
    let mut all = Vec::new();
    if is_first(model, resource, cluster) {
        all.extend(place(model, it, cluster));
    }
    all.push(job);
    all
}

/// Whether a block is the one that says where all of a cluster's go.
fn is_first(model: &Model<'_>, resource: &Resource<'_, Backup<'_>>, cluster: Ref) -> bool {
    let mut of_cluster = model.backups.iter().filter(|it| {
        matches!(it.value, Backup::Volumes(_))
            && it.targets.iter().any(|target| target.id == cluster.id)
    });
    of_cluster.next().is_some_and(|first| first.id == resource.id)
}

fn place<'a>(model: &Model<'a>, it: &Volumes<'a>, cluster: Ref) -> Vec<Manifest<'a>> {
    let (base, target) = (&it.base, &it.base.target);
    let reads = Origin::rule("what Longhorn looks for in its Secret");
    let mut form = vec![
        ("AWS_ACCESS_KEY_ID", text("{{ .id }}", reads)),
        ("AWS_SECRET_ACCESS_KEY", text("{{ .key }}", reads)),
    ];
    form.extend(target.endpoint.map(|it| ("AWS_ENDPOINTS", text(it.value, it.origin))));
    let secret = credentials(model, base, Backup::Volumes(it.clone()).stored(), cluster, form);
    let credential =
        it.credentials.map_or_else(|| made(base), |name| text(name.value, name.origin));
    let region = target.region.map_or(ANY_REGION, |it| it.value);
    let address = format!("s3://{}@{region}/{}/", target.bucket.value, folder(target, cluster));
    let often = Origin::rule("how often Longhorn looks for what others put there");
    let spec = Fields::new()
        .with("backupTargetURL", text(address, target.bucket.origin))
        .with("credentialSecret", credential)
        .with("pollInterval", seconds_text(300, often));
    let only = Origin::rule("Longhorn has one place for backups, and calls it so");
    let kept = Origin::rule("Longhorn refuses to delete it");
    let metadata = metadata(model, base, text("default", only))
        .annotation(CONFIRM, Some(text("Prune=false", kept)));
    let place = object("longhorn.io/v1beta2", "BackupTarget", metadata, Some(spec));
    secret.into_iter().chain([place]).collect()
}

fn seconds_text<'a>(count: i64, origin: Origin) -> Node<'a> {
    text(format!("{}m{}s", count / 60, count % 60), origin)
}
