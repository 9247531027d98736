//! What theorems refute, where it is written.

use crate::diag::Sink;
use crate::eval::{Evaluator, Resource};
use crate::prove::{Place, Refutation};
use crate::source::{Sources, Span};

/// Reports refutations; a place that no block wrote is its resource's name.
pub(super) fn report(
    refutations: Vec<Refutation>,
    values: &mut Evaluator<'_>,
    resources: &[Resource],
    sources: &Sources,
    sink: &mut Sink,
) {
    for refutation in refutations {
        let spans: Option<Vec<Span>> =
            refutation.places.iter().map(|place| span(place, values, resources, sources)).collect();
        if let Some(spans) = spans {
            sink.report(refutation.diagnostic(&spans));
        }
    }
}

fn span(
    place: &Place,
    values: &mut Evaluator<'_>,
    resources: &[Resource],
    sources: &Sources,
) -> Option<Span> {
    let resource = resources.iter().find(|it| it.block == place.resource.0)?;
    let name = values.blocks.get(resource.block as usize)?.at;
    let slot = place.origin.as_slot();
    let written =
        slot.and_then(|slot| super::manifests::written_at(values, slot, &resource.targets));
    // Defaults stand in the library, where nobody can act.
    Some(written.filter(|span| !sources.get(span.file).is_library()).unwrap_or(name))
}
