//! Whether images stay what they are.

use super::ports::once;
use crate::embedded::check_image;
use crate::model::{Of, ResourceId};
use crate::prove::errors::workload as errors;
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

/// An image names the same program tomorrow.
pub(in crate::prove) fn images(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut images: Vec<(ResourceId, Of<&str>)> = Vec::new();
    for it in &facts.model.workloads {
        images.push((it.id, it.value.image));
        let others = it.value.init.iter().chain(&it.value.sidecar);
        images.extend(others.map(|(_, container)| (it.id, container.image)));
    }
    images.extend(facts.model.jobs.iter().map(|it| (it.id, it.value.image)));
    let mut told = Vec::new();
    for (id, image) in images {
        let Ok(parts) = check_image(image.value) else { continue };
        let moves = !parts.is_pinned() && matches!(parts.tag, None | Some("latest"));
        if moves && once(&mut told, (id, image.origin)) {
            let (name, tag) = (image.value.to_owned(), parts.tag.map(Sym::new));
            let place = Place::new(id, image.origin);
            found.push(Refutation::at([place], move |[at]: [_; 1]| {
                errors::image_moves(&name, tag, at)
            }));
        }
    }
}
