//! Facts about a whole program, proved or refuted.
//!
//! * **Takes** a [`Model`]: everything that a program describes.
//! * **Gives** [`Refutation`]s: each a finding, and the places that it points to. What cannot be decided is no finding.
//! * **Owns** the theorems, one file each, and their codes.
//! * **Never** looks into the text of a program, and takes no model that lacks more than alerts.
//! * **Read first** `theorem.rs`.

mod apps;
mod backup;
mod cluster;
mod dashboard;
mod earlier;
mod gitops;
pub(crate) mod errors;
pub mod capacity;
pub(crate) mod monitoring;
pub mod policy;
pub(crate) mod routing;
mod reach;
mod slo;
mod team;
mod theorem;
mod workload;

pub use backup::refused_backups;
pub use earlier::{Before, Earlier, Seen};
pub use monitoring::{scene, unwatched};
pub use theorem::{Facts, Place, Refutation, Written, WrittenBy};

/// Every theorem, over a whole program.
pub fn prove(facts: &Facts<'_>) -> Vec<Refutation> {
    let mut found = prove_around_alerts(facts);
    for theorem in OF_ALL_ALERTS {
        theorem(facts, &mut found);
    }
    found
}

/// The theorems whose refutation stands where alerts or texts of alerts are left out, too.
pub fn prove_around_alerts(facts: &Facts<'_>) -> Vec<Refutation> {
    let mut found = Vec::new();
    for theorem in THEOREMS {
        theorem(facts, &mut found);
    }
    found
}

/// A theorem: what refutes it goes into the list.
type Theorem = fn(&Facts<'_>, &mut Vec<Refutation>);

/// What is refuted by an alert that is not there.
const OF_ALL_ALERTS: &[Theorem] = &[routing::alarms, routing::silent, routing::templates];

/// Every other theorem.
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
    capacity::given,
    capacity::pods,
    capacity::used,
    workload::known,
    workload::numbers,
    workload::exposed,
    workload::shared,
    workload::mounts,
    workload::names,
    workload::images,
    workload::literals,
    workload::saved,
    workload::spare,
    reach::needed,
    reach::enforced,
    team::owned,
    team::projects,
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
    routing::receivers,
    routing::urls,
    routing::windows,
    slo::counted,
    slo::budgets,
    slo::divided,
    apps::parameters,
    apps::names,
    apps::unique,
    apps::across,
    apps::sets,
    apps::asked,
    apps::revisions,
    apps::order,
    dashboard::uids,
    dashboard::variables,
    dashboard::repeats,
    dashboard::queries,
    monitoring::rules,
    gitops::cycles,
    gitops::brought,
    gitops::classes,
    gitops::bootstrap,
    gitops::names,
    gitops::applied,
    gitops::pinned,
    gitops::limits,
    gitops::as_admin,
    gitops::same_namespace,
    gitops::inside,
    gitops::encrypted,
    apps::keys,
    gitops::read,
    gitops::plain,
    policy::read,
    policy::matched,
    policy::served,
    policy::tried,
    backup::kept,
    backup::budgets,
    backup::targets,
    backup::admitted,
    backup::images,
    backup::secrets,
    backup::operators,
    backup::opened,
    backup::places,
    backup::clocks,
];
