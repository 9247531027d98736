//! Quotas promise no more than there is.

use std::collections::BTreeMap;

use super::amounts::{Measure, quantity};
use super::cluster::{Capacity, ClusterCapacity};
use super::errors::{self, Promise};
use super::node::Role;
use super::read::{at, field, is_set, origin, record};
use crate::eval::Origin;
use crate::model::{Model, Of, Quantity, ResourceId};
use crate::prove::{Facts, Place, Refutation};

/// What a quota promises of a measure.
#[derive(Clone)]
pub(super) struct Promised {
    pub(super) namespace: ResourceId,
    /// The resource that makes the quota.
    pub(super) of: ResourceId,
    pub(super) name: String,
    pub(super) amount: u128,
    pub(super) at: Origin,
}

/// The theorems about quotas.
pub(in crate::prove) fn quotas(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let capacity = Capacity::of(facts.model);
    for measure in Measure::ALL {
        alone(facts.model, &capacity, measure, found);
        together(facts.model, &capacity, measure, found);
    }
}

/// What the nodes of a cluster have for pods, all its autoscalers at their most; none where that is not known.
pub(super) fn has(
    cluster: &ClusterCapacity<'_>,
    measure: Measure,
    counts: impl Fn(Role) -> bool,
) -> Option<u128> {
    let classes = cluster.classes.iter().filter(|class| class.most > 0 && counts(class.role));
    classes
        .map(|class| Some(class.allocatable().ok()?.of(measure).saturating_mul(class.most)))
        .try_fold(0_u128, |sum, one| Some(sum.saturating_add(one?)))
}

/// The quotas on a cluster that set a measure: those of namespaces, and those that are written as objects.
pub(super) fn on(model: &Model<'_>, cluster: ResourceId, measure: Measure) -> Vec<Promised> {
    let here = model.namespaces.iter().filter(|it| it.targets.iter().any(|to| to.id == cluster));
    let own = here.filter_map(|namespace| {
        let quota = namespace.value.quota.as_ref()?;
        let amount = |it: Of<Quantity<'_>>| (it.value.amount, it.origin);
        let (amount, at) = match measure {
            Measure::Cpu => quota.cpu.map(amount),
            Measure::Memory => quota.memory.map(amount),
            Measure::Pods => quota.pods.map(|it| (it.value, it.origin)),
        }?;
        let amount = u128::try_from(amount).ok()?;
        let name = namespace.value.name.value.to_string();
        Some(Promised { namespace: namespace.id, of: namespace.id, name, amount, at })
    });
    let written = model.manifests.iter().filter(|it| it.targets.iter().any(|to| to.id == cluster));
    let written = written.filter_map(|manifest| {
        let value = &manifest.value;
        if value.object?.as_str() != "k8s.core.v1.ResourceQuota" || !manifest.patches.is_empty() {
            return None;
        }
        let spec = at(&value.body, &["spec"]);
        // Of what it counts only some pods.
        if is_set(spec, "scopes") || is_set(spec, "scopeSelector") {
            return None;
        }
        let (names, scale) = match measure {
            Measure::Cpu => (["requests.cpu", "cpu"], 1000),
            Measure::Memory => (["requests.memory", "memory"], 1),
            Measure::Pods => (["pods", "count/pods"], 1),
        };
        let hard = record(spec, "hard");
        let set = names
            .iter()
            .filter_map(|name| Some((quantity(field(hard, name)?, scale)?, origin(hard, name))));
        let (amount, at) = set.min_by_key(|(amount, _)| *amount)?;
        let namespace = value.namespace?.value;
        let name = namespace.name.to_string();
        Some(Promised { namespace: namespace.id, of: manifest.id, name, amount, at })
    });
    own.chain(written).collect()
}

/// A quota, the clusters that have less, and what they have.
type Alone = (Promised, Vec<(String, u128)>);

/// A single quota that is more than all nodes of a cluster have, its control plane included.
fn alone(
    model: &Model<'_>,
    capacity: &Capacity<'_>,
    measure: Measure,
    found: &mut Vec<Refutation>,
) {
    let mut all: BTreeMap<(ResourceId, u128), Alone> = BTreeMap::new();
    for cluster in &capacity.clusters {
        let Some(has) = has(cluster, measure, |_| true) else { continue };
        for quota in on(model, cluster.id, measure).into_iter().filter(|it| it.amount > has) {
            let entry = all.entry((quota.of, quota.amount));
            let (_, clusters) = entry.or_insert_with(|| (quota, Vec::new()));
            clusters.push((cluster.name.to_string(), has));
        }
    }
    for (quota, clusters) in all.into_values() {
        let place = Place::new(quota.of, quota.at);
        found.push(Refutation::new([place], move |spans| {
            errors::quota_alone(&quota.name, measure, quota.amount, &clusters, spans)
        }));
    }
}

/// Quotas that are more than the workers of a cluster have.
fn together(
    model: &Model<'_>,
    capacity: &Capacity<'_>,
    measure: Measure,
    found: &mut Vec<Refutation>,
) {
    /// For each cluster what is promised, and what its workers have.
    type Clusters = Vec<(String, u128, u128)>;
    let mut all: BTreeMap<Vec<ResourceId>, (Vec<Promised>, Clusters)> = BTreeMap::new();
    for cluster in &capacity.clusters {
        let Some(whole) = has(cluster, measure, |_| true) else { continue };
        let Some(workers) = has(cluster, measure, |role| role != Role::ControlPlane) else {
            continue;
        };
        // What alone is too much is told of already.
        let mut quotas = on(model, cluster.id, measure);
        quotas.retain(|quota| quota.amount <= whole);
        // Of several in a namespace the smallest holds.
        quotas.sort_by_key(|quota| (quota.namespace, quota.amount));
        quotas.dedup_by_key(|quota| quota.namespace);
        let sum = quotas.iter().fold(0_u128, |sum, quota| sum.saturating_add(quota.amount));
        if sum <= workers {
            continue;
        }
        quotas.sort_by(|a, b| b.amount.cmp(&a.amount).then_with(|| a.name.cmp(&b.name)));
        let mut key: Vec<ResourceId> = quotas.iter().map(|quota| quota.namespace).collect();
        key.sort_unstable();
        let (_, clusters) = all.entry(key).or_insert_with(|| (quotas, Vec::new()));
        clusters.push((cluster.name.to_string(), sum, workers));
    }
    for (quotas, clusters) in all.into_values() {
        let place = |quota: &Promised| Place::new(quota.of, quota.at);
        let places: Vec<Place> = quotas.iter().map(place).collect();
        let quotas = quotas.into_iter().map(|quota| (quota.name, quota.amount)).collect();
        let promise = Promise { measure, clusters, quotas };
        found.push(Refutation::new(places, move |spans| errors::quota(promise, spans)));
    }
}
