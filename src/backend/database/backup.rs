//! Backups, by the Barman plugin of CloudNativePG.

use super::metadata;
use crate::backend::k8s::{CONFIRM, Fields, list, object, text};
use crate::backend::{Manifest, Node};
use crate::eval::Origin;
use crate::model::{Database, DatabaseBackup, Model, S3, SecretKey};

/// The plugin, as CloudNativePG knows it.
const PLUGIN: &str = "barman-cloud.cloudnative-pg.io";

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// Where backups go. It outlives the database: what it names is needed to restore.
pub(super) fn store<'a>(
    model: &Model<'a>,
    it: &Database<'a>,
    backup: &DatabaseBackup<'a>,
) -> Manifest<'a> {
    let target = &backup.target;
    let is_packed = backup.compression.value.as_str() != "none";
    let packed = Fields::new().maybe("compression", is_packed.then_some(backup.compression));
    // The log is packed, and so is what is saved as a whole, by what both can.
    let configuration = Fields::new()
        .with("destinationPath", path(target))
        .maybe("endpointURL", target.endpoint)
        .with("s3Credentials", credentials(target))
        .unless_empty("wal", packed.clone())
        .unless_empty("data", packed);
    let days = backup.retention.value.amount / DAY;
    let retention = text(format!("{days}d"), backup.retention.origin);
    let region = target.region.map(|region| {
        let rule = Origin::rule("the region of S3 is no secret");
        let env =
            Fields::new().with("name", text("AWS_DEFAULT_REGION", rule)).with("value", region);
        Fields::new().with("env", list([env]))
    });
    let spec = Fields::new()
        .with("configuration", configuration)
        .with("retentionPolicy", retention)
        .maybe("instanceSidecarConfiguration", region);
    let metadata = metadata(model, it, it.name, &Vec::new()).annotation(CONFIRM, super::kept());
    object("barmancloud.cnpg.io/v1", "ObjectStore", metadata, Some(spec))
}

fn path<'a>(target: &S3<'a>) -> Node<'a> {
    let prefix = target.prefix.value.trim_matches('/');
    let slash = if prefix.is_empty() { "" } else { "/" };
    text(format!("s3://{}{slash}{prefix}", target.bucket.value), target.bucket.origin)
}

fn credentials<'a>(target: &S3<'a>) -> Fields<'a> {
    let key = |key: &SecretKey<'a>| Fields::new().with("name", key.secret).with("key", key.key);
    Fields::new()
        .with("accessKeyId", key(&target.access_key))
        .with("secretAccessKey", key(&target.secret_key))
}

/// What a Cluster says of its backups.
pub(super) fn plugins<'a>(it: &Database<'a>) -> Node<'a> {
    let rule = Origin::rule("the plugin keeps the log of changes, too");
    let parameters = Fields::new().with("barmanObjectName", it.name);
    list([Fields::new()
        .with("name", text(PLUGIN, rule))
        .with("isWALArchiver", Node::Bool(true, rule))
        .with("parameters", parameters)])
}

/// When all of it is saved.
pub(super) fn scheduled<'a>(
    model: &Model<'a>,
    it: &Database<'a>,
    backup: &DatabaseBackup<'a>,
) -> Manifest<'a> {
    let rule = Origin::rule("the plugin makes the backups");
    let owner = Origin::rule("backups go with their schedule, and their data stays");
    let soon = Origin::rule("the first backup is made at once");
    let spec = Fields::new()
        .with("schedule", text(with_seconds(backup.schedule.value), backup.schedule.origin))
        .with("immediate", Node::Bool(true, soon))
        .with("backupOwnerReference", text("self", owner))
        .with("cluster", Fields::new().with("name", it.name))
        .with("method", text("plugin", rule))
        .with("pluginConfiguration", Fields::new().with("name", text(PLUGIN, rule)));
    let metadata = metadata(model, it, it.name, &Vec::new());
    object("postgresql.cnpg.io/v1", "ScheduledBackup", metadata, Some(spec))
}

/// A schedule in six fields: CloudNativePG counts seconds, too.
fn with_seconds(schedule: &str) -> String {
    let spelled = match schedule.trim().to_ascii_lowercase().as_str() {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => schedule.trim(),
    };
    format!("0 {spelled}")
}

#[cfg(test)]
mod tests {
    use super::with_seconds;

    #[test]
    fn schedules_get_a_field_for_seconds() {
        let check = |schedule: &str, expected: &str| assert_eq!(with_seconds(schedule), expected);
        check("30 2 * * mon", "0 30 2 * * mon");
        check("@daily", "0 0 0 * * *");
        check("@Hourly", "0 0 * * * *");
    }
}
