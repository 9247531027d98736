//! Final objects of a program against what admission says of them.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::admission::pod_security::{NEWEST, OLDEST};
use crate::admission::{self, Clusters, Object, judge, matters};
use crate::backend::{self, Manifest, Node, Output, origin_of};
use crate::eval::Origin;
use crate::model::{Model, Ref, ResourceId};
use crate::prove::{Place, Refutation, refused_backups};
use crate::source::Span;

/// An object that admission has a say in.
pub(super) struct Kept<'a> {
    address: String,
    clusters: Vec<Ref>,
    manifest: Manifest<'a>,
}

impl<'a> Kept<'a> {
    /// Those of a file: few, since what every standard admits is none of them.
    pub(super) fn of(output: &Output<'a>) -> Vec<Self> {
        let all = output.document.manifests.iter();
        all.filter(|it| matters(&&it.root))
            .map(|manifest| Self {
                address: output.document.address.to_string(),
                clusters: output.clusters.clone(),
                manifest: manifest.clone(),
            })
            .collect()
    }
}

/// The objects of a program that admission has a say in.
pub(super) fn kept<'a>(model: &'a Model<'a>) -> Vec<Kept<'a>> {
    let jobs = backend::lower_pods(model);
    jobs.par_iter().flat_map_iter(|job| Kept::of(&job())).collect()
}

/// What admission says of them.
pub(super) fn refuted(model: &Model<'_>, kept: &[Kept<'_>]) -> Vec<Refutation> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    // What a theorem says of all that is in a pod is not said of each part.
    let told = refused_backups(model);
    let objects: Vec<Object<&Node<'_>>> = kept
        .iter()
        .filter(|it| !told.contains(&it.address))
        .map(|it| {
            let next = numbers.len();
            Object {
                root: &it.manifest.root,
                of: *numbers.entry(&it.address).or_insert(next),
                shown: format!("`{}`", it.address),
                on: it.clusters.iter().map(|it| (it.id.0, it.name.to_string())).collect(),
                may_change: false,
            }
        })
        .collect();
    let found = judge(&objects, &Clusters { known: &model.minors, others: (OLDEST, NEWEST) });
    if found.is_empty() {
        return Vec::new();
    }
    let mut ids: BTreeMap<usize, ResourceId> = BTreeMap::new();
    for it in model.resources() {
        if let Some(number) = numbers.get(it.address.as_str()) {
            ids.insert(*number, it.id);
        }
    }
    found
        .into_iter()
        .filter_map(|finding| {
            let places: Option<Vec<Place>> = finding
                .places
                .iter()
                .map(|it| Some(Place::new(*ids.get(&it.of)?, origin(it))))
                .collect();
            let said = finding.said;
            Some(Refutation::written(places?, move |written| {
                let spans: Vec<Span> = written.iter().map(|it| it.at).collect();
                said.diagnostic(&spans)
            }))
        })
        .collect()
}

/// What wrote a value. Where a rule of the compiler did, or nothing is written, the block that is around it is told of.
fn origin(place: &admission::Place<&Node<'_>>) -> Origin {
    let own = origin_of(place.at);
    let is_set =
        matches!(place.at, Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::Text(..));
    match own.as_slot() {
        Some(_) => own,
        None if is_set => Origin::NONE,
        None => origin_of(place.around),
    }
}
