//! The pods of workloads, jobs and databases.

use super::amounts::Amounts;
use super::place::Placing;
use super::pod::{Lasting, Load, Pods};
use crate::eval::Origin;
use crate::model::{
    Container, Database, Declared, Job, Model, Of, PodShape, Pooler, Quantity, Range, Resource,
    ResourceId, Workload,
};

/// Adds what they make.
pub(super) fn load<'a>(model: &'a Model<'a>, load: &mut Load<'a>) {
    for it in &model.workloads {
        add(it, load, || vec![of_workload(it)]);
    }
    for it in &model.jobs {
        add(it, load, || vec![of_job(it)]);
    }
    for it in &model.databases {
        add(it, load, || {
            let pools = it.value.pooler.iter().map(|(_, pool)| of_pool(it, pool));
            std::iter::once(of_database(it)).chain(pools).collect()
        });
    }
}

/// What is patched may request anything.
fn add<'a, T: Declared>(
    resource: &'a Resource<'a, T>,
    load: &mut Load<'a>,
    pods: impl FnOnce() -> Vec<Pods<'a>>,
) {
    if resource.patches.is_empty() {
        load.pods.extend(pods());
    } else {
        load.open.push((resource.address().to_string(), &resource.targets));
    }
}

/// What a container requests, and where that is written.
fn requested(
    cpu: &Range<Quantity<'_>>,
    memory: &Range<Quantity<'_>>,
) -> (Amounts, [(u128, Origin); 2]) {
    // Of what is only limited, the limit is the request.
    let end = |range: &Range<Quantity<'_>>| {
        range.low.or(range.high).map_or((0, Origin::NONE), |it: Of<Quantity<'_>>| {
            (u128::try_from(it.value.amount).unwrap_or_default(), it.origin)
        })
    };
    let largest = [end(cpu), end(memory)];
    let [(cpu, _), (memory, _)] = largest;
    (Amounts { cpu, memory, pods: 0 }, largest)
}

/// What is the same of all pods that are made here.
fn pods<'a, T: Declared>(
    resource: &'a Resource<'a, T>,
    namespace: ResourceId,
    (each, largest): (Amounts, [(u128, Origin); 2]),
) -> Pods<'a> {
    Pods {
        name: resource.address().to_string(),
        of: Some(resource.id),
        namespace: Some(namespace),
        targets: &resource.targets,
        lasting: Lasting::Standing,
        count: 1,
        most: 1,
        surge: 0,
        each: Amounts { pods: 1, ..each },
        apart: false,
        placing: Placing::default(),
        open: None,
        count_at: Origin::NONE,
        most_at: Origin::NONE,
        largest,
    }
}

/// The requests of a pod: what runs together, or what runs before beside the sidecars, whichever is more.
fn effective(it: &Workload<'_>) -> (Amounts, [(u128, Origin); 2]) {
    let (own, mut largest) = requested(&it.cpu, &it.memory);
    let mut each = |container: &Container<'_>| {
        let (amounts, at) = requested(&container.cpu, &container.memory);
        for (known, new) in largest.iter_mut().zip(at) {
            if new.0 > known.0 {
                *known = new;
            }
        }
        amounts
    };
    let beside = it.sidecar.iter().fold(Amounts::NONE, |sum, (_, it)| sum.plus(each(it)));
    let before = it.init.iter().fold(Amounts::NONE, |most, (_, it)| most.most(each(it)));
    (own.plus(beside).most(before.plus(beside)), largest)
}

fn number(number: Of<i64>) -> u128 {
    u128::try_from(number.value).unwrap_or_default()
}

fn of_workload<'a>(resource: &'a Resource<'a, Workload<'a>>) -> Pods<'a> {
    let it = &resource.value;
    let (shape, least, most) = (it.pod_shape(), it.least(), it.most());
    let is_per_node = shape == PodShape::PerNode;
    // A new pod stands before an old one goes, unless both want the same volume.
    let is_rolled =
        shape == PodShape::Deployment && !it.volume.iter().any(|(_, volume)| volume.is_single());
    Pods {
        lasting: if is_per_node { Lasting::PerNode } else { Lasting::Standing },
        count: if is_per_node { 1 } else { number(least) },
        most: if is_per_node { 1 } else { number(most) },
        surge: u128::from(is_rolled && most.value > 0),
        apart: !is_per_node && it.security.host_network.value && !it.port.is_empty(),
        placing: Placing::of(&it.schedule_on, &it.tolerate),
        count_at: if is_per_node { Origin::NONE } else { least.origin },
        most_at: most.origin,
        ..pods(resource, it.namespace.value.id, effective(it))
    }
}

fn of_job<'a>(resource: &'a Resource<'a, Job<'a>>) -> Pods<'a> {
    let it = &resource.value;
    Pods {
        lasting: Lasting::Passing,
        placing: Placing::of(&it.schedule_on, &it.tolerate),
        ..pods(resource, it.namespace.value.id, requested(&it.cpu, &it.memory))
    }
}

fn of_database<'a>(resource: &'a Resource<'a, Database<'a>>) -> Pods<'a> {
    let it = &resource.value;
    Pods {
        count: number(it.instances),
        most: number(it.instances),
        placing: Placing::of(&it.schedule_on, &it.tolerate),
        count_at: it.instances.origin,
        ..pods(resource, it.namespace.value.id, requested(&it.cpu, &it.memory))
    }
}

fn of_pool<'a>(resource: &'a Resource<'a, Database<'a>>, pool: &Pooler<'a>) -> Pods<'a> {
    let it = &resource.value;
    Pods {
        name: format!("{}.pooler.{}", resource.address(), pool.name.value),
        count: number(pool.instances),
        most: number(pool.instances),
        surge: 1,
        count_at: pool.instances.origin,
        ..pods(resource, it.namespace.value.id, requested(&pool.cpu, &pool.memory))
    }
}
