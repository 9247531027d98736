//! What stands in a namespace fits its quota, with room to roll out and to scale.

use std::collections::BTreeMap;

use super::amounts::Measure;
use super::cluster::{Capacity, ClusterCapacity};
use super::errors::{self, Tight, Used};
use super::pod::Pods;
use super::quotas::{Promised, has, on};
use crate::eval::Origin;
use crate::model::{Model, ResourceId};
use crate::prove::{Facts, Place, Refutation};

/// At most so many objects are pointed to.
const MOST_PLACES: usize = 4;

/// What stands in each namespace against its quota.
pub(in crate::prove) fn used(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let capacity = Capacity::of(facts.model);
    for measure in Measure::ALL {
        exceeded(facts.model, &capacity, measure, found);
    }
    tight(facts.model, &capacity, found);
}

/// The pods of a namespace that run all the time on a cluster.
fn standing<'c, 'a>(
    cluster: &'c ClusterCapacity<'a>,
    namespace: ResourceId,
) -> impl Iterator<Item = &'c Pods<'a>> {
    cluster.standing.iter().filter(move |pods| pods.namespace == Some(namespace))
}

fn sum(cluster: &ClusterCapacity<'_>, namespace: ResourceId, measure: Measure) -> u128 {
    standing(cluster, namespace)
        .map(|pods| pods.each.of(measure).saturating_mul(pods.count))
        .fold(0, u128::saturating_add)
}

/// A quota, the pods against it, and for each cluster what they request.
type Over<'c, 'a> = (Promised, Vec<&'c Pods<'a>>, Vec<(String, u128)>);

fn exceeded(
    model: &Model<'_>,
    capacity: &Capacity<'_>,
    measure: Measure,
    found: &mut Vec<Refutation>,
) {
    let mut all: BTreeMap<(ResourceId, u128), Over<'_, '_>> = BTreeMap::new();
    for cluster in &capacity.clusters {
        for quota in on(model, cluster.id, measure) {
            let requested = sum(cluster, quota.namespace, measure);
            if requested <= quota.amount {
                continue;
            }
            let pods = standing(cluster, quota.namespace).collect();
            let entry = all.entry((quota.of, quota.amount));
            let (_, _, clusters) = entry.or_insert_with(|| (quota, pods, Vec::new()));
            clusters.push((cluster.name.to_string(), requested));
        }
    }
    for (quota, mut pods, clusters) in all.into_values() {
        let asked = |pods: &Pods<'_>| pods.each.of(measure).saturating_mul(pods.count);
        pods.sort_by_key(|pods| std::cmp::Reverse(asked(pods)));
        let mut places = vec![Place::new(quota.of, quota.at)];
        let mut labels = Vec::new();
        for pods in pods.iter().filter(|it| asked(it) > 0).take(MOST_PLACES) {
            let Some(of) = pods.of else { continue };
            let origin = if pods.count > 1 { pods.count_at } else { pods.at(measure).1 };
            places.push(Place::new(of, origin));
            labels.push(super::placement::share(pods, measure));
        }
        let used =
            Used { namespace: quota.name, measure, quota: quota.amount, clusters, pods: labels };
        found.push(Refutation::new(places, move |spans| errors::quota_exceeded(used, spans)));
    }
}

/// What of some pods has no room in a quota: what is tight, where that is written, the measure, and what is left of it.
type Lacking = (Tight, Origin, Measure, u128);

/// What does not fit beside what stands there already: a further pod of a rollout, or what an autoscaler may add.
fn tight(model: &Model<'_>, capacity: &Capacity<'_>, found: &mut Vec<Refutation>) {
    let mut told: Vec<ResourceId> = Vec::new();
    for cluster in &capacity.clusters {
        let mut lacking: BTreeMap<ResourceId, (&Pods<'_>, Promised, Lacking)> = BTreeMap::new();
        for measure in Measure::ALL {
            for quota in on(model, cluster.id, measure) {
                let requested = sum(cluster, quota.namespace, measure);
                // What does not even stand is told of already.
                let Some(left) = quota.amount.checked_sub(requested) else { continue };
                for pods in standing(cluster, quota.namespace) {
                    let Some((tight, origin)) = tight_of(pods, measure, left) else { continue };
                    let Some(of) = pods.of.filter(|of| !told.contains(of)) else { continue };
                    let known = lacking.get(&of);
                    if known.is_none_or(|(_, _, (known, ..))| tight < *known) {
                        let quota = Promised { name: quota.name.clone(), ..quota };
                        lacking.insert(of, (pods, quota, (tight, origin, measure, left)));
                    }
                }
            }
        }
        for (of, (pods, quota, (tight, origin, measure, left))) in lacking {
            told.push(of);
            let known = (pods.name.clone(), quota.name, cluster.name.to_string());
            let places = [Place::new(of, origin), Place::new(quota.of, quota.at)];
            let amounts = (measure, pods.each.of(measure), left);
            found.push(Refutation::at(places, move |spans| {
                errors::quota_tight(&known, tight, amounts, spans)
            }));
        }
    }
}

/// What of some pods has no room in what is left.
fn tight_of(pods: &Pods<'_>, measure: Measure, left: u128) -> Option<(Tight, Origin)> {
    let each = pods.each.of(measure);
    if pods.surge > 0 && each > left {
        return Some((Tight::Rollout, pods.count_at));
    }
    let room = left.checked_div(each)?;
    let wanted = pods.most.saturating_sub(pods.count);
    let scale = Tight::Scale { fits: pods.count.saturating_add(room), most: pods.most };
    (wanted > room).then_some((scale, pods.most_at))
}

/// For each cluster that the program makes, and each namespace there: whether nothing shows that what runs in the namespace does not fit its
/// quota, also while it is rolled out and scaled to the most, that the cluster has less than the quota, or that no node takes one of its pods.
pub fn fits(model: &Model<'_>) -> Vec<(ResourceId, ResourceId, bool)> {
    let capacity = Capacity::of(model);
    let mut all = Vec::new();
    for cluster in &capacity.clusters {
        let here = model.namespaces.iter();
        for it in here.filter(|it| it.targets.iter().any(|to| to.id == cluster.id)) {
            all.push((cluster.id, it.id, is_fitting(model, cluster, it.id)));
        }
    }
    all
}

fn is_fitting(model: &Model<'_>, cluster: &ClusterCapacity<'_>, namespace: ResourceId) -> bool {
    let within = Measure::ALL.into_iter().all(|measure| {
        let mut quotas = on(model, cluster.id, measure).into_iter();
        quotas.all(|quota| {
            if quota.namespace != namespace {
                return true;
            }
            let left = quota.amount.checked_sub(sum(cluster, namespace, measure));
            left.is_some_and(|left| {
                standing(cluster, namespace).all(|pods| tight_of(pods, measure, left).is_none())
            }) && has(cluster, measure, |_| true).is_none_or(|has| quota.amount <= has)
        })
    });
    let mut pods = cluster.all().filter(|it| it.namespace == Some(namespace) && it.count > 0);
    within && pods.all(|it| cluster.fits_on_no_node(it).is_none())
}
