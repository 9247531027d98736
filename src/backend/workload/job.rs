//! Runs to an end.

use super::pod::{Pod, template};
use super::{Errand, Head, around};
use crate::backend::k8s::{CONFIRM, Fields, object, seconds, text};
use crate::backend::{Document, Manifest, Output};
use crate::eval::Origin;
use crate::model::{Job, KeptRuns, Model, Of, Quantity, Resource};

/// The file of a job.
pub(super) fn output<'a>(model: &'a Model<'a>, resource: &'a Resource<'a, Job<'a>>) -> Output<'a> {
    let it = &resource.value;
    let head = Head::new(model, (it.name, it.namespace, it.image), &it.labels, &it.annotations);
    let mut manifests = vec![around::account(&head, &it.security)];
    manifests.extend(around::files(&head, &it.file));
    manifests.extend(around::claims(&head, &it.volume, false));
    manifests.push(it.schedule.map_or_else(|| once(&head, it), |at| scheduled(&head, it, at)));
    Output {
        clusters: resource.targets.clone(),
        document: Document {
            path: format!("{}/job-{}.yaml", it.namespace.value.name, it.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests,
        },
    }
}

fn run<'a>(head: &Head<'a>, it: &Job<'a>) -> Fields<'a> {
    bounded(it.retries, it.deadline, template(head, &Pod::of_job(it)))
}

/// The runs of a template, which end.
fn bounded<'a>(retries: Of<i64>, deadline: Of<Quantity<'a>>, template: Fields<'a>) -> Fields<'a> {
    Fields::new()
        .with("backoffLimit", retries)
        .with("activeDeadlineSeconds", seconds(deadline))
        .with("template", template)
}

/// A Job. What it runs can never be changed: Argo CD makes it anew.
fn once<'a>(head: &Head<'a>, it: &Job<'a>) -> Manifest<'a> {
    let rule = Origin::rule("a Job cannot be changed: it is made anew");
    let metadata =
        head.metadata(it.name).annotation(CONFIRM, Some(text("Force=true,Replace=true", rule)));
    let metadata = metadata.label(super::VERSION, head.version.clone());
    let suspended = it.suspended.value.then_some(it.suspended);
    let spec = run(head, it).maybe("suspend", suspended);
    object("batch/v1", "Job", metadata, Some(spec))
}

fn scheduled<'a>(head: &Head<'a>, it: &Job<'a>, schedule: Of<&'a str>) -> Manifest<'a> {
    let overlap = match it.overlap.value.as_str() {
        "replace" => "Replace",
        "allow" => "Allow",
        _ => "Forbid",
    };
    let timing = Timing {
        schedule,
        time_zone: it.time_zone,
        overlap: Of::new(overlap, it.overlap.origin),
        start_within: it.start_within,
        keep: it.keep,
        suspended: it.suspended,
    };
    cron_job(head, timing, run(head, it))
}

/// When runs begin, and which are kept.
struct Timing<'a> {
    schedule: Of<&'a str>,
    time_zone: Of<&'a str>,
    overlap: Of<&'static str>,
    start_within: Of<Quantity<'a>>,
    keep: KeptRuns,
    suspended: Of<bool>,
}

fn cron_job<'a>(head: &Head<'a>, it: Timing<'a>, run: Fields<'a>) -> Manifest<'a> {
    let spec = Fields::new()
        .with("schedule", it.schedule)
        .with("timeZone", it.time_zone)
        .with("concurrencyPolicy", text(it.overlap.value, it.overlap.origin))
        .with("startingDeadlineSeconds", seconds(it.start_within))
        .with("successfulJobsHistoryLimit", it.keep.done)
        .with("failedJobsHistoryLimit", it.keep.failed)
        .with("suspend", it.suspended)
        .with("jobTemplate", Fields::new().with("spec", run));
    head.runner("batch/v1", "CronJob", spec)
}

/// The CronJob of an errand: one run at a time, and none that hangs.
pub(super) fn of_errand<'a>(head: &Head<'a>, it: &Errand<'a>) -> Manifest<'a> {
    let one = Origin::rule("an errand is not run twice at once");
    let short = Origin::rule("an errand that takes longer hangs");
    let again = Origin::rule("what a network refuses is tried again");
    let kept = Origin::rule("the last runs are kept to look at");
    let minutes = |minutes: i64| Quantity::computed(minutes * 60_000);
    let timing = Timing {
        schedule: it.schedule,
        time_zone: Of::new("Etc/UTC", Origin::rule("schedules mean the clock of UTC")),
        overlap: Of::new("Forbid", one),
        start_within: Of::new(minutes(10), Origin::rule("a run that is missed is left out")),
        keep: KeptRuns { done: Of::new(1, kept), failed: Of::new(3, kept) },
        suspended: Of::new(false, Origin::rule("an errand runs")),
    };
    let template = template(head, &Pod::of_errand(it));
    let run = bounded(Of::new(2, again), Of::new(minutes(10), short), template);
    cron_job(head, timing, run)
}
