//! Facts about a whole program, proved or refuted.
//!
//! * **Takes** a [`Model`]: everything that a program describes.
//! * **Gives** [`Refutation`]s: each a finding, and the places that it points to. What cannot be decided is no finding.
//! * **Owns** the theorems, one file each, and their codes.
//! * **Never** looks into the text of a program, and never runs where an error stands: a model is whole.
//! * **Read first** `theorem.rs`.

mod cluster;
mod dashboard;
mod earlier;
mod errors;
pub mod capacity;
mod monitoring;
mod routing;
mod slo;
mod theorem;

pub use earlier::{Before, Earlier, Seen};
pub use monitoring::{scene, unwatched};
pub use theorem::{Facts, Place, Refutation, Written, WrittenBy};

/// Every theorem, over a whole program.
pub fn prove(facts: &Facts<'_>) -> Vec<Refutation> {
    let mut found = Vec::new();
    for theorem in THEOREMS {
        theorem(facts, &mut found);
    }
    found
}

/// A theorem: what refutes it goes into the list.
type Theorem = fn(&Facts<'_>, &mut Vec<Refutation>);

/// Every theorem.
const THEOREMS: &[Theorem] = &[
    cluster::described,
    cluster::odd_members,
    cluster::preflight,
    cluster::addresses,
    cluster::machine_types,
    cluster::families,
    cluster::types,
    cluster::images,
    cluster::network_zones,
    cluster::zones,
    cluster::ports,
    cluster::sizes,
    cluster::inside,
    cluster::taken_twice,
    cluster::one_network,
    cluster::reachable,
    cluster::routed,
    cluster::room,
    cluster::scales,
    cluster::rollouts,
    cluster::names,
    capacity::quotas,
    capacity::pods,
    cluster::manifests,
    cluster::hosts,
    cluster::cores,
    cluster::gateways,
    cluster::secrets,
    cluster::talos_class,
    cluster::talos_on_docker,
    cluster::deferred,
    cluster::talos_kubernetes,
    cluster::skew,
    cluster::upgrades,
    cluster::immutable,
    monitoring::hub,
    monitoring::alone,
    monitoring::pods,
    monitoring::intervals,
    monitoring::loaded,
    monitoring::watched,
    monitoring::absences,
    routing::one_a_cluster,
    routing::routes,
    routing::groups,
    routing::silent,
    routing::inhibitions,
    routing::receivers,
    routing::urls,
    routing::templates,
    routing::windows,
    slo::counted,
    slo::budgets,
    slo::divided,
    dashboard::uids,
    dashboard::variables,
    dashboard::repeats,
    dashboard::queries,
    monitoring::rules,
];
