//! Promises that can be kept, and broken.

use crate::eval::Within;
use crate::metrics::slo::{Unfit, generate};
use crate::prove::errors::slo as errors;
use crate::prove::{Facts, Place, Refutation};

/// The queries of a promise are counters, whose windows each rule puts in.
pub(super) fn counted(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for promise in &facts.model.slos {
        let Err(misfits) = generate(&promise.value.promise()) else { continue };
        for misfit in misfits {
            let origin = promise.value.origin(misfit.text);
            let place = Place::within(promise.id, origin, Some(Within::At(misfit.at)));
            found.push(Refutation::written([place], move |written| {
                let place = written.first()?;
                let exact = place.exact.is_some();
                match misfit.what {
                    Unfit::Range(bare) => Some(errors::range(bare.as_deref(), place.at, exact)),
                    Unfit::Shape => Some(errors::shape(place.at)),
                    // The type of the field has said what is wrong with it.
                    Unfit::Syntax => Some(errors::syntax(place.at)),
                }
            }));
        }
    }
}

/// A budget that is so large that it cannot be spent too fast wakes nobody.
pub(super) fn budgets(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for promise in &facts.model.slos {
        let (pages, _) = promise.value.promise().pairs();
        if pages > 0 {
            continue;
        }
        let name = promise.name.value;
        let place = Place::new(promise.id, promise.value.objective.origin);
        found.push(Refutation::at([place], move |[at]: [_; 1]| errors::never_pages(name, at)));
    }
}
