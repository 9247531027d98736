//! Images of a program: which bytes they stand for, and who says so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::errors::supply as errors;
use super::{Problem, ProblemKind, World, diagnose};
use crate::backend::{self, UsedImage, images_of};
use crate::diag::{Code, Diagnostic, Sink};
use crate::embedded::{IMAGE_LOCK, ImageLock, LockFault, check_image};
use crate::model::Model;
use crate::prove::{Place, Refutation};
use crate::source::{FileId, Sources, Span};

/// An image that a program uses.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ProgramImage {
    /// As it is written, without a digest.
    pub image: String,
    /// The digest that the program says, or the lock.
    pub digest: Option<String>,
    /// Whether the lock says it.
    pub locked: bool,
}

/// Whether a finding says that an image is not locked as it should be, which locking it mends.
pub(super) fn is_of_lock(code: Code) -> bool {
    [errors::LOCK_ENTRY, errors::LOCKED_TWICE].contains(&code)
}

/// Reads `images.lock`.
pub(super) fn read(world: &dyn World, sources: &mut Sources, front: &mut Sink) -> Arc<ImageLock> {
    let text = match world.read(IMAGE_LOCK) {
        Ok(text) => text,
        Err(Problem { kind: ProblemKind::NotFound, .. }) => return Arc::default(),
        Err(problem) => {
            front.report(diagnose(&problem, None, sources));
            return Arc::default();
        }
    };
    let file = sources.add(IMAGE_LOCK, Arc::clone(&text));
    let (mut lock, faults) = ImageLock::read(&text);
    let span = |at: crate::source::Extent| Span::new(file, at.start, at.end);
    for fault in faults {
        front.report(match fault {
            LockFault::Unreadable(at, why) => errors::lock_entry(&why, span(at)),
            LockFault::Twice(image, spans) => errors::locked_twice(&image, spans.map(span)),
        });
    }
    lock.file = Some(file);
    Arc::new(lock)
}

/// The images of all objects, by the address of their block.
fn used(model: &Model<'_>) -> Vec<(String, UsedImage)> {
    let jobs = backend::lower(model);
    jobs.par_iter()
        .flat_map_iter(|job| {
            let output = job();
            let address = output.document.address.to_string();
            let all = output.document.manifests.iter().flat_map(|it| images_of(&it.root));
            all.map(|it| (address.clone(), it)).collect::<Vec<_>>()
        })
        .collect()
}

/// An image without its digest, and the digest.
fn split(image: &str) -> (String, Option<String>) {
    match image.split_once('@') {
        Some((bare, digest)) => (bare.to_owned(), Some(digest.to_owned())),
        None => (image.to_owned(), None),
    }
}

fn full(image: &str) -> Option<String> {
    check_image(image).ok().map(|it| it.normalised())
}

/// Every image of a program, each once.
pub(super) fn of_program(model: &Model<'_>) -> Vec<ProgramImage> {
    let mut found: BTreeMap<(String, Option<String>), ProgramImage> = BTreeMap::new();
    for (_, used) in used(model) {
        let (image, digest) = split(&used.image);
        let known = full(&image).and_then(|it| model.images.entries.get(&it));
        let locked = known.is_some_and(|it| Some(&it.digest) == digest.as_ref());
        found.entry((image.clone(), digest.clone())).or_insert(ProgramImage {
            image,
            digest,
            locked,
        });
    }
    found.into_values().collect()
}

/// What is wrong with the images of a program, and with what is locked of them. `lint` findings stand in the lock itself.
pub(super) fn refuted(model: &Model<'_>, lint: &mut Vec<Diagnostic>) -> Vec<Refutation> {
    let must_be_locked =
        model.platforms.first().is_some_and(|it| it.value.images.value.as_str() == "locked");
    let lock = &model.images;
    if lock.entries.is_empty() && !must_be_locked {
        return Vec::new();
    }
    let ids: BTreeMap<String, crate::model::ResourceId> =
        model.resources().into_iter().map(|it| (it.address, it.id)).collect();
    let mut found = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut told: BTreeSet<(String, String)> = BTreeSet::new();
    for (address, used) in used(model) {
        let (bare, digest) = split(&used.image);
        let Some(name) = full(&bare) else { continue };
        let entry = lock.entries.get(&name);
        seen.insert(name);
        let place = ids.get(&address).map(|id| Place::new(*id, used.origin));
        let (Some(place), true) = (place, told.insert((address, used.image.clone()))) else {
            continue;
        };
        match (digest, entry) {
            (None, _) if must_be_locked => {
                found
                    .push(Refutation::at([place], move |[at]: [_; 1]| errors::unlocked(&bare, at)));
            }
            (Some(digest), Some(entry)) if digest != entry.digest => {
                let (file, other) = (lock.file, (entry.digest.clone(), entry.at));
                found.push(Refutation::at([place], move |[at]: [_; 1]| {
                    let line = |file: FileId| Span::new(file, other.1.start, other.1.end);
                    errors::other_digest(&bare, (&digest, &other.0), at, file.map(line))
                }));
            }
            _ => {}
        }
    }
    if let Some(file) = lock.file {
        for (name, entry) in lock.entries.iter().filter(|(name, _)| !seen.contains(*name)) {
            let known: Vec<&str> = seen.iter().map(String::as_str).collect();
            let near = crate::diag::nearest(name, known.iter().copied());
            let at = Span::new(file, entry.at.start, entry.at.end);
            lint.push(errors::lock_unused(&entry.image, near, at));
        }
    }
    found
}
