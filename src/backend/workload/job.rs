//! Runs to an end.

use super::pod::{Pod, template};
use super::{Head, around};
use crate::backend::k8s::{CONFIRM, Fields, object, seconds, text};
use crate::backend::{Document, Manifest, Node, Output};
use crate::eval::Origin;
use crate::model::{Job, Model, Of, Resource};

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
    Fields::new()
        .with("backoffLimit", it.retries)
        .with("activeDeadlineSeconds", seconds(it.deadline))
        .with("template", template(head, &Pod::of_job(it)))
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
    let spec = Fields::new()
        .with("schedule", schedule)
        .with("timeZone", it.time_zone)
        .with("concurrencyPolicy", text(overlap, it.overlap.origin))
        .with("startingDeadlineSeconds", seconds(it.start_within))
        .with("successfulJobsHistoryLimit", it.keep.done)
        .with("failedJobsHistoryLimit", it.keep.failed)
        .with("suspend", Node::Bool(it.suspended.value, it.suspended.origin))
        .with("jobTemplate", Fields::new().with("spec", run(head, it)));
    head.runner("batch/v1", "CronJob", spec)
}
