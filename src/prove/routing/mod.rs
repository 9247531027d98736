//! Who hears of alerts: routes, receivers, inhibitions and times that can do what they say.
//!
//! * **Takes** the routings, receivers and time windows of a program, and the alerts on their clusters.
//! * **Gives** refutations, under the codes `alertmanager/..`.
//! * **Owns** what is known of the labels of an alert before it fires.
//! * **Never** says of an alert what its query alone decides.
//! * **Read first** `alerts.rs`, then `routes.rs`.

mod alerts;
mod inhibitions;
mod once;
mod receivers;
mod routes;
mod templates;
mod windows;

use super::{Facts, Refutation};
pub(super) use once::one_a_cluster;
pub(crate) use receivers::secret_in;
pub(super) use receivers::{receivers, urls};
pub(super) use routes::silent;
pub(super) use templates::templates;
pub(super) use windows::windows;

/// What the alerts of its clusters make of a routing: its routes, groups and inhibitions. Which labels an alert has is found once for all.
pub(super) fn alarms(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for (routing, clusters) in routes::each(facts) {
        let alarm = alerts::Alarm::on(facts.model, &clusters);
        routes::routes(routing, &alarm, found);
        routes::groups(routing, &alarm, found);
        inhibitions::inhibitions(routing, &alarm, found);
    }
}
