//! Whether what is installed stays what it is.

use crate::prove::errors::gitops as errors;
use crate::prove::{Facts, Place, Refutation};

/// Parts of a URL that mean another file tomorrow.
const MOVING: &[&str] = &["latest", "main", "master", "HEAD", "develop", "nightly", "edge"];

/// The manifests of a release are those of one release.
pub(in crate::prove) fn pinned(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for addon in &facts.model.addons {
        let Some(url) = addon.value.url else { continue };
        let moving = url.value.split(['/', '?', '=']).find(|part| MOVING.contains(part));
        if let Some(part) = moving {
            let part = part.to_owned();
            let places = [Place::new(addon.id, url.origin)];
            found.push(Refutation::at(places, move |[at]: [_; 1]| errors::unpinned(&part, at)));
        }
    }
}
