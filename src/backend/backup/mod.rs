//! What is saved on a schedule, and how a restore is tried.
//!
//! * **Takes** `backup` resources.
//! * **Gives** `<cluster>/<namespace>/backup-<name>.yaml`: of etcd, a CronJob that saves, one that restores on trial, and a suspended one that
//!   makes the repository, once; of Velero a Schedule and its place, of Longhorn a RecurringJob and its place; and the alerts, beside.
//! * **Owns** the steps of a run: each is one program in one container, and the next one runs only where it went well.
//! * **Never** runs a restore on its own: the API server must not run then, so that no Job can.
//! * **Read first** `steps.rs`, then `pods.rs`; of volumes, `volumes.rs`.

mod alerts;
mod pods;
pub mod steps;
mod volumes;

use super::k8s::{Fields, Metadata, labels, list, object, seconds, text};
use super::{Backend, Document, Job, Makes, Manifest, Node, Output};
use crate::eval::Origin;
use crate::model::{Backup, BackupBase, Etcd, Model, Of, Os, Ref, Resource};
use pods::Run;

/// The backend.
pub(super) struct Backups;

impl Backend for Backups {
    fn name(&self) -> &'static str {
        "backup"
    }

    fn makes(&self) -> &'static [Makes] {
        const FILE: &str = "<cluster>/<namespace>/backup-<name>.yaml";
        const fn one(object: &'static str, name: &'static str, about: &'static str) -> Makes {
            Makes { kind: "backup", object, name, file: FILE, about }
        }
        const {
            &[
                one("v1 ServiceAccount", "<name>", "Who the pods are, without a token."),
                one(
                    "talos.dev/v1alpha1 ServiceAccount",
                    "<name>-talos",
                    "On Talos: who asks for snapshots, with the role `os:etcd:backup`.",
                ),
                one(
                    "batch/v1 CronJob",
                    "<name>",
                    "What saves, verifies, encrypts and brings away.",
                ),
                one("batch/v1 CronJob", "<name>-drill", "What restores on trial."),
                one(
                    "batch/v1 CronJob",
                    "<name>-init",
                    "Suspended: what makes the repository, when a person asks for it.",
                ),
                one("velero.io/v1 Schedule", "<name>", "What Velero saves, and when."),
                one("velero.io/v1 BackupStorageLocation", "<name>", "Where Velero puts it."),
                one(
                    "longhorn.io/v1beta2 RecurringJob",
                    "<name>",
                    "Which volumes Longhorn saves, and when.",
                ),
                one("longhorn.io/v1beta2 BackupTarget", "default", "Where Longhorn puts them."),
                one(
                    "external-secrets.io/v1 ExternalSecret",
                    "<name>-target",
                    "What opens the bucket, as Velero or Longhorn reads it.",
                ),
                Makes {
                    kind: "backup",
                    object: "monitoring.coreos.com/v1 PrometheusRule",
                    name: "backup-<name>",
                    file: "<cluster>/<namespace>/backup-<name>-alerts.yaml",
                    about: "What tells that a promise is not kept, unless `alerts = false`.",
                },
            ]
        }
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let mut jobs: Vec<Job<'a>> = Vec::new();
        for resource in &model.backups {
            for cluster in &resource.targets {
                jobs.push(Box::new(move || output(model, resource, *cluster)));
            }
            if resource.value.base().alerts.value {
                jobs.push(Box::new(move || alerts::output(model, resource)));
            }
        }
        jobs
    }
}

/// What the objects of a backup on a cluster are made of.
#[derive(Clone, Copy, Debug)]
struct Scene<'m, 'a> {
    model: &'m Model<'a>,
    etcd: &'m Etcd<'a>,
    cluster: Ref,
    os: Option<&'m Os<'a>>,
    /// Whether pods find machines beside those of the control plane.
    has_workers: bool,
}

fn output<'a>(
    model: &'a Model<'a>,
    resource: &'a Resource<'a, Backup<'a>>,
    cluster: Ref,
) -> Output<'a> {
    let manifests = match &resource.value {
        Backup::Etcd(etcd) => Scene::new(model, etcd, cluster).manifests(),
        Backup::Namespaces(it) => volumes::by_velero(model, it, cluster),
        Backup::Volumes(it) => volumes::by_longhorn(model, resource, it, cluster),
    };
    let base = resource.value.base();
    Output {
        clusters: vec![cluster],
        document: Document {
            path: format!("{}/backup-{}.yaml", base.namespace.value.name, base.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests,
        },
    }
}

fn metadata<'a>(model: &Model<'a>, base: &BackupBase<'a>, name: Node<'a>) -> Metadata<'a> {
    Metadata::new(name, labels(model).join(pods::named(base.name)))
        .namespace(base.namespace)
        .labels(&base.labels)
        .annotations(&base.annotations)
}

impl<'m, 'a> Scene<'m, 'a> {
    fn new(model: &'m Model<'a>, etcd: &'m Etcd<'a>, cluster: Ref) -> Self {
        let block = model.clusters.iter().find(|it| it.id == cluster.id);
        Self {
            model,
            etcd,
            cluster,
            os: block.map(|it| &it.value.os),
            has_workers: block.is_none_or(|it| !it.value.workers.is_empty()),
        }
    }

    fn is_talos(&self) -> bool {
        self.os.is_some_and(Os::is_talos)
    }

    /// The name of an object beside the CronJob.
    fn named(&self, part: &str) -> Node<'a> {
        let name = self.etcd.base.name;
        text(format!("{}-{part}", name.value), name.origin)
    }

    fn metadata(&self, name: Node<'a>) -> Metadata<'a> {
        metadata(self.model, &self.etcd.base, name)
    }

    fn manifests(&self) -> Vec<Manifest<'a>> {
        let name = self.etcd.base.name;
        let own = text(name.value.as_str(), name.origin);
        let mut all = vec![self.account(own.clone())];
        if self.is_talos() {
            all.push(self.talos_account());
        }
        let base = &self.etcd.base;
        let asleep = Origin::rule("a person makes the repository, once, as the runbook says");
        let runs = Origin::rule("a backup that is not made cannot be restored");
        let schedule = base.schedule;
        all.push(self.cron_job(own, schedule, Of::new(false, runs), &Run::save(self)));
        let drill = self.etcd.drill.schedule;
        let name = self.named("drill");
        all.push(self.cron_job(name, drill, Of::new(false, runs), &Run::drill(self)));
        let name = self.named("init");
        all.push(self.cron_job(name, schedule, Of::new(true, asleep), &Run::init(self)));
        all
    }

    fn account(&self, name: Node<'a>) -> Manifest<'a> {
        let rule = Origin::rule("nothing of a backup asks the API of Kubernetes");
        let Manifest { root } = object("v1", "ServiceAccount", self.metadata(name), None);
        let fields = Fields::of(root);
        Manifest {
            root: fields.with("automountServiceAccountToken", Node::Bool(false, rule)).into_node(),
        }
    }

    fn talos_account(&self) -> Manifest<'a> {
        let rule = Origin::rule("this role reads snapshots of etcd, and nothing else");
        let spec = Fields::new().with("roles", list([text("os:etcd:backup", rule)]));
        let metadata = self.metadata(self.named("talos"));
        object("talos.dev/v1alpha1", "ServiceAccount", metadata, Some(spec))
    }

    fn cron_job(
        &self,
        name: Node<'a>,
        schedule: Of<&'a str>,
        suspended: Of<bool>,
        run: &Run<'a>,
    ) -> Manifest<'a> {
        let base = &self.etcd.base;
        let one = Origin::rule("two runs at once would take each other's locks");
        let late = Origin::rule("a run that is missed is made up for within an hour");
        let kept = Origin::rule("the last runs are kept to look at");
        let job = Fields::new()
            .with("backoffLimit", self.etcd.retries)
            .with("activeDeadlineSeconds", seconds(run.deadline))
            .with("template", run.template(self));
        let spec = Fields::new()
            .with("schedule", schedule)
            .with("timeZone", base.time_zone)
            .with("concurrencyPolicy", text("Forbid", one))
            .with("startingDeadlineSeconds", Node::Int(3600, late))
            .with("successfulJobsHistoryLimit", Node::Int(3, kept))
            .with("failedJobsHistoryLimit", Node::Int(3, kept))
            .with("suspend", suspended)
            .with("jobTemplate", Fields::new().with("spec", job));
        object("batch/v1", "CronJob", self.metadata(name), Some(spec))
    }
}

use super::k8s::IntoNode as _;

#[cfg(test)]
mod tests {
    use super::Backups;
    use crate::backend::fixture;

    #[test]
    fn backups_are_saved_verified_and_tried() {
        insta::assert_snapshot!(fixture::lowered(&Backups, &fixture::model()));
    }
}
