//! Providers that another program describes.

use crate::model::MachineSource;
use crate::prove::errors::external as errors;
use crate::prove::{Facts, Place, Refutation};

/// A cluster that this program makes is made of what its provider says.
pub(crate) fn described(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let known: rustc_hash::FxHashSet<_> = facts.model.providers.iter().map(|it| it.id).collect();
    for cluster in &facts.model.clusters {
        let MachineSource::Named(provider) = &cluster.value.provider else { continue };
        if !known.contains(&provider.value.id) {
            let names = (cluster.name.value, provider.value.name);
            let places = [Place::new(cluster.id, provider.origin), Place::name(provider.value.id)];
            let make = move |spans: [_; 2]| errors::not_described(names, spans);
            found.push(Refutation::at(places, make));
        }
    }
}
