//! Promises that can be kept, and broken.

use super::monitoring::scene;
use crate::eval::Within;
use crate::metrics::Judge;
use crate::metrics::infer::{Inferred, Presence};
use crate::metrics::slo::{Unfit, generate};
use crate::model::Of;
use crate::prove::errors::slo as errors;
use crate::prove::{Facts, Place, Refutation};
use crate::source::{Extent, Sym};

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

/// The labels by which budgets are divided are ones that the queries keep.
pub(super) fn divided(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for promise in &facts.model.slos {
        if promise.value.by.is_empty() {
            continue;
        }
        let scene = promise.targets.first().map(|cluster| scene(facts.model, *cluster));
        let scene = scene.unwrap_or_default();
        let judge = Judge::new(&[], &scene);
        let it = &promise.value;
        let texts = [it.errors, it.good, it.total, it.state].into_iter().flatten();
        let kept: Vec<(Of<&str>, Inferred)> =
            texts.filter_map(|text| Some((text, judge.infer(text.value)?))).collect();
        for label in &it.by {
            let name = Sym::new(label.value);
            let lost = kept.iter().find_map(|(text, ty)| match ty.labels.presence(name) {
                Presence::Gone(loss, is_proved) => Some((text, loss, is_proved)),
                Presence::Sure(_) | Presence::Possible(_) | Presence::Unknown => None,
            });
            let Some((text, loss, is_proved)) = lost else { continue };
            let at = (loss.at != Extent::default()).then_some(Within::At(loss.at));
            let places =
                [Place::new(promise.id, label.origin), Place::within(promise.id, text.origin, at)];
            found.push(Refutation::at(places, move |spans: [_; 2]| {
                errors::lost_label(name.as_str(), loss.kind, is_proved, spans)
            }));
        }
    }
}
