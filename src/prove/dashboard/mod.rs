//! What dashboards say, and Grafana can do.
//!
//! * **Takes** `dashboard` of a model.
//! * **Gives** refutations: of what their queries ask, and of variables, legends, columns and units.
//! * **Owns** the codes `dashboard/..`.
//! * **Never** judges what a query means: that is `metrics`.
//! * **Read first** `queries.rs`, then `shown.rs`.
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    reason = "asks a tree or value for the one shape that is wanted; every other one is not it"
)]

mod queries;
mod shown;
mod variables;

use crate::diag::nearest;
use crate::model::{Dashboard, Resource};
use crate::prove::errors::dashboard as errors;
use crate::prove::{Facts, Place, Refutation};

pub(super) use queries::queries;
pub(super) use variables::{repeats, variables};

/// The most characters of a uid.
const MOST_OF_UID: usize = 40;

/// Grafana takes every uid, and knows no two dashboards of a cluster by one.
pub(super) fn uids(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let dashboards = &facts.model.dashboards;
    for (number, dashboard) in dashboards.iter().enumerate() {
        let uid = dashboard.value.known_by();
        let length = uid.value.chars().count();
        let place = Place::new(dashboard.id, uid.origin);
        if length > MOST_OF_UID {
            let name = dashboard.address().to_string();
            found.push(Refutation::at([place], move |[at]: [_; 1]| {
                errors::uid_too_long(&name, length, at)
            }));
        }
        let twin = dashboards.iter().take(number).find(|other| {
            other.id != dashboard.id
                && other.value.known_by().value == uid.value
                && other.targets.iter().any(|target| dashboard.targets.contains(target))
        });
        if let Some(twin) = twin {
            let (first, second) = (twin.address().to_string(), dashboard.address().to_string());
            let other = Place::new(twin.id, twin.value.known_by().origin);
            let uid = uid.value.to_owned();
            found.push(Refutation::at([place, other], move |at: [_; 2]| {
                errors::uid_twice(&uid, [&first, &second], at)
            }));
        }
    }
}

/// The nearest name among several.
fn near<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    nearest(name, names.iter().copied())
}

/// Every dashboard, as it looks on some of its clusters.
fn dashboards<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a Resource<'a, Dashboard<'a>>> {
    facts.model.dashboards.iter()
}
