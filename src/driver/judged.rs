//! What is said of a program whose values are known, and what is written of it.

use rayon::prelude::*;

use super::session::Undecided;
use super::{
    admitted, argo, around, images, limits, manifests, network, policies, rights, theorems,
};
use crate::backend;
use crate::diag::Sink;
use crate::emit::{self, FilePlan};
use crate::eval::{Evaluator, Resource};
use crate::model;
use crate::prove;
use crate::source::Sources;

/// Judges what a program means: its objects, and the theorems about the whole. Gives what cannot be decided, and what `then` makes of the
/// model where nothing at all is objected to. Where an error stands, only errors that have nothing to do with it are told.
pub(super) fn judge<R>(
    values: &mut Evaluator<'_>,
    resources: &[Resource],
    earlier: &prove::Earlier,
    sources: &Sources,
    sink: &mut Sink,
    then: impl Fn(&model::Model<'_>) -> R,
) -> (Undecided, Option<R>) {
    if values.has_errors() || sink.has_errors() {
        around::judge_around_alerts(values, resources, earlier, sources, sink);
        return (Undecided::default(), None);
    }
    let judged = manifests::has_any(values, resources);
    let (objections, refutations, undecided, matters, made) = {
        let model = model::lift(values, resources, sources, sink);
        if sink.has_errors() {
            return (Undecided::default(), None);
        }
        let raw = model.manifests.iter().filter(|manifest| manifest.value.object.is_none());
        let undecided = Undecided {
            objects: raw.map(|manifest| manifest.address().to_string()).collect(),
            capacity: prove::capacity::unmeasured(&model),
            unwatched: prove::unwatched(&model),
            policies: policies::undecided(&model),
        };
        let mut kept = Vec::new();
        let objections = if judged {
            Some(manifests::judge(&model, &mut kept))
        } else {
            kept = admitted::kept(&model);
            None
        };
        let mut refutations = prove::prove(&prove::Facts { model: &model, earlier });
        refutations.extend(admitted::refuted(&model, &kept));
        refutations.extend(policies::refuted(&model));
        let mut of_lock = Vec::new();
        refutations.extend(images::refuted(&model, &mut of_lock));
        let of_argo_cd = argo::objects(&model);
        let of_network = network::matter(&model);
        let bounds = limits::matter(&model);
        let of_rights = rights::matter(&model);
        let is_clean = objections.is_none()
            && refutations.is_empty()
            && of_argo_cd.is_empty()
            && of_network.is_none()
            && bounds.is_none()
            && of_rights.is_none()
            && of_lock.is_empty();
        let made = is_clean.then(|| then(&model));
        let matters = (of_argo_cd, of_network, bounds, of_rights, of_lock);
        (objections, refutations, undecided, matters, made)
    };
    let (of_argo_cd, of_network, bounds, of_rights, of_lock) = matters;
    if let Some(objections) = objections {
        objections.report(values, resources, sources, sink);
    }
    theorems::report(refutations, values, resources, sources, sink);
    of_lock.into_iter().for_each(|finding| sink.report(finding));
    if !of_argo_cd.is_empty() {
        let found = argo::judge(of_argo_cd, &mut theorems::Places::new(values, resources, sources));
        found.into_iter().for_each(|finding| sink.report(finding));
    }
    if let Some(policies) = of_network {
        let places = &mut theorems::Places::new(values, resources, sources);
        network::judge(policies, places).into_iter().for_each(|finding| sink.report(finding));
    }
    if let Some(bounds) = bounds {
        let places = &mut theorems::Places::new(values, resources, sources);
        limits::judge(bounds, places).into_iter().for_each(|finding| sink.report(finding));
    }
    if let Some(of_rights) = of_rights {
        let places = &mut theorems::Places::new(values, resources, sources);
        rights::judge(of_rights, places).into_iter().for_each(|finding| sink.report(finding));
    }
    (undecided, made)
}

/// What to write; `None` if an error stands.
pub(super) fn plan(
    values: &mut Evaluator<'_>,
    resources: &[Resource],
    earlier: &prove::Earlier,
    sources: &Sources,
    sink: &mut Sink,
    limit: u64,
) -> Option<FilePlan> {
    let (_, files) = judge(values, resources, earlier, sources, sink, files);
    if values.has_errors() || sink.has_errors() {
        return None;
    }
    let files = match files {
        Some(files) => files,
        // Only a finding shows whether it is an error, and it borrows what the model does.
        None => self::files(&model::lift(values, resources, sources, sink)),
    };
    let plan = FilePlan::from(files);
    plan.check(limit, sink);
    Some(plan)
}

/// Every file of a model.
fn files(model: &model::Model<'_>) -> Vec<emit::PlannedFile> {
    let jobs = backend::lower(model);
    jobs.par_iter()
        .flat_map_iter(|job| {
            let output = job();
            let rendered = emit::render(&output.document);
            let mut bytes = Some(rendered.bytes);
            let last = output.clusters.len();
            let (path, address) = (rendered.path, rendered.address);
            output.clusters.into_iter().zip(1..).map(move |(cluster, number)| {
                // The same body for many: the last one takes it.
                let body = if number == last { bytes.take() } else { bytes.clone() };
                emit::PlannedFile {
                    path: format!("{}/{path}", cluster.name),
                    address: address.clone(),
                    bytes: body.unwrap_or_default(),
                }
            })
        })
        .collect()
}
