//! `or-absent` has something to ask for.

use crate::eval::Within;
use crate::metrics::{NoAbsence, or_absent};
use crate::prove::errors::monitoring as errors;
use crate::prove::{Facts, Place, Refutation};
use crate::source::Span;

/// An alert that is to fire where its series are gone selects series once.
pub(crate) fn absences(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for resource in &facts.model.alerts {
        let asks = resource.value.alert.iter().filter(|(_, alert)| alert.or_absent.value);
        for (_, alert) in asks {
            let Err(why) = or_absent(alert.expr.value) else { continue };
            let within = |at| Place::within(resource.id, alert.expr.origin, Some(Within::At(at)));
            let places = match why {
                NoAbsence::Several(first, second) => vec![within(first), within(second)],
                NoAbsence::Asked(at) => vec![within(at)],
                NoAbsence::Nothing => vec![Place::new(resource.id, alert.expr.origin)],
                // The type of the field says what is wrong with it.
                NoAbsence::Unreadable => continue,
            };
            let places: Vec<Place> =
                std::iter::once(Place::new(resource.id, alert.or_absent.origin))
                    .chain(places)
                    .collect();
            let name = alert.name.value;
            found.push(Refutation::written(places, move |written| {
                let spans: Vec<Span> = written.iter().map(|it| it.at).collect();
                let (at, asked) = spans.split_first()?;
                Some(errors::or_absent(name, why, *at, asked))
            }));
        }
    }
}
