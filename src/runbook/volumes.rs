//! How objects and volumes come back that Velero or Longhorn saved.

use super::markdown::Page;
use super::restore::shown;
use crate::model::{Backup, Model};

/// What is saved on a cluster beside etcd.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VolumeFacts {
    /// The cluster.
    pub cluster: String,
    /// The block's name.
    pub backup: String,
    /// The namespace of Velero, or of Longhorn.
    pub namespace: String,
    /// Whether Velero saves it; else Longhorn does.
    pub by_velero: bool,
    /// The namespaces, or the groups of volumes, that are saved; all of the cluster where there are none.
    pub what: Vec<String>,
    /// Whether what is on volumes is saved.
    pub has_content: bool,
    /// When it runs, and by whose clock.
    pub schedule: (String, String),
    /// How much may be lost.
    pub rpo: String,
    /// How long a restore may take.
    pub rto: String,
    /// How long it is kept.
    pub retention: String,
    /// The bucket.
    pub bucket: String,
}

/// What is saved beside etcd, by cluster and name.
pub(super) fn volumes(model: &Model<'_>) -> Vec<VolumeFacts> {
    let mut out = Vec::new();
    for resource in &model.backups {
        let (what, has_content) = match &resource.value {
            Backup::Etcd(_) => continue,
            Backup::Namespaces(it) => {
                let named = it.namespaces.iter().map(|it| it.value.name.to_string());
                (named.collect(), it.volumes.value.as_str() != "none")
            }
            Backup::Volumes(it) => (it.groups.iter().map(|it| it.value.to_owned()).collect(), true),
        };
        let base = resource.value.base();
        for target in &resource.targets {
            out.push(VolumeFacts {
                cluster: target.name.to_string(),
                backup: base.name.value.to_string(),
                namespace: base.namespace.value.name.to_string(),
                by_velero: matches!(resource.value, Backup::Namespaces(_)),
                what: Clone::clone(&what),
                has_content,
                schedule: (base.schedule.value.to_owned(), base.time_zone.value.to_owned()),
                rpo: shown(base.rpo.value),
                rto: shown(base.rto.value),
                retention: shown(base.retention.value),
                bucket: base.target.bucket.value.to_owned(),
            });
        }
    }
    out.sort_by(|a, b| (&a.cluster, &a.backup).cmp(&(&b.cluster, &b.backup)));
    out
}

impl VolumeFacts {
    /// Its section of the runbook.
    pub(super) fn say(&self, page: &mut Page) {
        let called = if self.by_velero { "Velero" } else { "Longhorn" };
        page.heading(&format!("`{}` of `{}`, by {called}", self.backup, self.cluster));
        let what = match (self.by_velero, self.what.as_slice()) {
            (true, []) => "all namespaces".to_owned(),
            (true, names) => format!("the namespaces `{}`", names.join("`, `")),
            (false, groups) => format!("volumes of the groups `{}`", groups.join("`, `")),
        };
        let row = |what: &str, value: String| vec![what.to_owned(), value];
        let (schedule, zone) = &self.schedule;
        page.table(
            &["", ""],
            &[
                row("saved", what),
                row("when", format!("`{schedule}` in {zone}, kept for {}", self.retention)),
                row("may be lost", self.rpo.clone()),
                row("back within", self.rto.clone()),
                row("bucket", format!("`{}`", self.bucket)),
            ],
        );
        if self.by_velero { self.velero(page) } else { self.longhorn(page) }
    }

    fn velero(&self, page: &mut Page) {
        let (namespace, name) = (&self.namespace, &self.backup);
        page.say("With the kubeconfig of a cluster where the program's Velero runs: the one that lost something, or a new one. Backups that are older than the cluster appear within a few minutes:");
        page.shell(&[
            format!("kubectl -n {namespace} get backupstoragelocations.velero.io {name}"),
            format!("kubectl -n {namespace} get backups.velero.io --selector=velero.io/schedule-name={name} --sort-by=.status.startTimestamp"),
        ]);
        page.say("Keep Argo CD from putting back what is not restored yet, and Velero from making or throwing out backups until it is done:");
        page.shell(&[
            format!("kubectl -n {namespace} patch backupstoragelocation {name} --type=merge --patch='{{\"spec\":{{\"accessMode\":\"ReadOnly\"}}}}'"),
        ]);
        page.say("Restore the newest that is whole, or name another with `backupName` in place of `scheduleName`. What exists stays as it is: delete first what is to be replaced, and its claims.");
        page.shell(&self.restore_of_velero());
        page.say("`Completed` is whole; `PartiallyFailed` is not, and `describe` lists what is missing. Then let Velero go on, and Argo CD:");
        page.shell(&[
            format!("kubectl -n {namespace} patch backupstoragelocation {name} --type=merge --patch='{{\"spec\":{{\"accessMode\":\"ReadWrite\"}}}}'"),
        ]);
        if !self.has_content {
            page.say("What is on volumes is not in these backups: claims come back empty.");
        }
    }

    fn restore_of_velero(&self) -> Vec<String> {
        let (namespace, name) = (&self.namespace, &self.backup);
        [
            "kubectl create -f - <<'END'",
            "apiVersion: velero.io/v1",
            "kind: Restore",
            "metadata:",
            &format!("  generateName: {name}-"),
            &format!("  namespace: {namespace}"),
            "spec:",
            &format!("  scheduleName: {name}"),
            "  includedNamespaces:",
            "    - '<namespace>'",
            "END",
            &format!("kubectl -n {namespace} get restores.velero.io --output=custom-columns=NAME:.metadata.name,PHASE:.status.phase,ERRORS:.status.errors,WARNINGS:.status.warnings --watch"),
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn longhorn(&self, page: &mut Page) {
        let namespace = &self.namespace;
        page.say("With the kubeconfig of a cluster where the program's Longhorn runs. Which claim a backup is of stands in its label `KubernetesStatus`; its address is what a restore asks for:");
        page.shell(&[
            format!("kubectl -n {namespace} get backuptargets.longhorn.io default"),
            format!("kubectl -n {namespace} get backups.longhorn.io --sort-by=.status.snapshotCreatedAt --output=custom-columns=VOLUME:.status.volumeName,STATE:.status.state,MADE:.status.snapshotCreatedAt,CLAIM:.status.labels.KubernetesStatus,ADDRESS:.status.url"),
        ]);
        page.say("Stop what uses the claim, and keep Argo CD from starting it again. Delete the claim, and make it anew from the backup, with the name and size that it had:");
        page.shell(
            &[
                "kubectl -n '<namespace>' delete persistentvolumeclaim '<claim>'",
                "kubectl create -f - <<'END'",
                "apiVersion: storage.k8s.io/v1",
                "kind: StorageClass",
                "metadata:",
                "  name: '<claim>-restored'",
                "provisioner: driver.longhorn.io",
                "reclaimPolicy: Retain",
                "parameters:",
                "  fromBackup: '<address>'",
                "---",
                "apiVersion: v1",
                "kind: PersistentVolumeClaim",
                "metadata:",
                "  name: '<claim>'",
                "  namespace: '<namespace>'",
                "spec:",
                "  storageClassName: '<claim>-restored'",
                "  accessModes:",
                "    - ReadWriteOnce",
                "  resources:",
                "    requests:",
                "      storage: '<size>'",
                "END",
                "kubectl -n '<namespace>' wait persistentvolumeclaim '<claim>' --for=jsonpath='{.status.phase}'=Bound --timeout=1h",
            ]
            .map(str::to_owned),
        );
        page.say("Then let Argo CD start what uses it. The StorageClass is needed once: `kubectl delete storageclass '<claim>-restored'`.");
    }
}
