//! Every pod fits a node, all fit together, and all fit with a node lost.

use std::collections::BTreeMap;

use super::amounts::{Amounts, Measure};
use super::cluster::{Capacity, ClusterCapacity, Refusal};
use super::errors::{self, NoNode, Short};
use super::fit::{Lack, Shortage};
use super::node::{NodeClass, Role};
use super::place::Because;
use super::pod::Pods;
use super::table::several;
use crate::eval::Origin;
use crate::model::ResourceId;
use crate::prove::{Facts, Place, Refutation};

/// The theorems about pods.
pub(in crate::prove) fn pods(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let capacity = Capacity::of(facts.model);
    no_node(&capacity, found);
    together(&capacity, found);
}

/// A pod that fits nowhere on a cluster.
struct Homeless<'c, 'a> {
    pods: &'c Pods<'a>,
    cluster: &'c ClusterCapacity<'a>,
    refusals: Vec<Refusal>,
}

fn no_node(capacity: &Capacity<'_>, found: &mut Vec<Refutation>) {
    let mut homeless: BTreeMap<ResourceId, Vec<Homeless<'_, '_>>> = BTreeMap::new();
    for cluster in &capacity.clusters {
        for pods in cluster.all() {
            let (Some(of), Some(refusals)) = (pods.of, cluster.fits_on_no_node(pods)) else {
                continue;
            };
            // A Deployment that is scaled to nothing has no pod.
            if pods.count > 0 {
                homeless.entry(of).or_default().push(Homeless { pods, cluster, refusals });
            }
        }
    }
    for (of, homeless) in homeless {
        let Some(first) = homeless.first() else { continue };
        let largest = largest(first);
        let request = largest.map(|(measure, _, _)| (measure, first.pods.each.of(measure)));
        let machine =
            largest.map(|(measure, _, class)| Place::new(first.cluster.id, class.at(measure)));
        let label = first.refusals.iter().find_map(|refusal| match refusal {
            Refusal::Because(Because::NoLabel(key) | Because::OtherLabel { key, .. }) => Some(key),
            Refusal::Because(_) | Refusal::NoNodes | Refusal::TooSmall => None,
        });
        let asked_at = label.and_then(|key| first.pods.placing.asked_at(key));
        let at = match request {
            Some((measure, _)) => first.pods.at(measure).1,
            None => asked_at.unwrap_or(Origin::NONE),
        };
        let near = label.and_then(|key| {
            let near = capacity.decided().nearest(key).filter(|near| near != key)?;
            Some((key.clone(), near.to_owned()))
        });
        let known = NoNode {
            pod: first.pods.name.clone(),
            request,
            is_one: request.is_some_and(|(measure, it)| first.pods.at(measure).0 == it),
            label: label.cloned(),
            largest: largest.map(|(_, free, _)| free),
            clusters: homeless.iter().map(|it| it.cluster.name.to_string()).collect(),
            refusals: refusals(first),
            near,
        };
        let places = std::iter::once(Place::new(of, at)).chain(machine).collect::<Vec<_>>();
        found.push(Refutation::new(places, move |spans| errors::no_node(known, spans)));
    }
}

/// The measure that no node has enough of, the most that is free of it, and that node; none where no size keeps the pod away.
fn largest<'c>(homeless: &Homeless<'c, '_>) -> Option<(Measure, u128, &'c NodeClass)> {
    let too_small = || {
        let classes = homeless.cluster.classes.iter().zip(&homeless.refusals);
        classes.filter(|(_, refusal)| **refusal == Refusal::TooSmall).map(|(class, _)| class)
    };
    let short = |measure: Measure| {
        let free = |class: &'c NodeClass| {
            let free = class.free_beside(&homeless.pods.name).ok()?.of(measure);
            Some((measure, free, class))
        };
        too_small().filter_map(free).max_by_key(|(_, free, _)| *free)
    };
    let requests = |measure: Measure| homeless.pods.each.of(measure);
    let all = Measure::ALL.into_iter().filter_map(short);
    all.max_by_key(|(measure, free, _)| {
        // By how much the request is too large.
        requests(*measure).saturating_mul(1000) / (*free).max(1)
    })
}

/// What keeps a pod away from each class of nodes.
fn refusals(homeless: &Homeless<'_, '_>) -> Vec<String> {
    let cluster = homeless.cluster.name;
    let classes = homeless.cluster.classes.iter().zip(&homeless.refusals);
    let line = |(class, refusal): (&NodeClass, &Refusal)| {
        let role = format!("`{}` of `{cluster}`", class.role);
        match refusal {
            Refusal::NoNodes => format!("{role} has no machines"),
            Refusal::Because(because) => format!("{role} {because}"),
            Refusal::TooSmall => has(class, cluster.as_str(), false),
        }
    };
    // What the pod could lie on comes first, and last the control plane, which is hardly meant.
    let rank = |class: &NodeClass, refusal: &Refusal| match (refusal, class.role) {
        (Refusal::TooSmall, _) => 0,
        (_, Role::Pool(_)) => 1,
        (_, Role::ControlPlane) => 2,
    };
    let mut lines: Vec<(u8, String)> = classes.map(|it| (rank(it.0, it.1), line(it))).collect();
    lines.sort_by_key(|(rank, _)| *rank);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// `` `workers.general` of `eu-1`: 2 nodes, each with 1.9 cores and 1436Mi for pods; it has 2 cores and 2Gi, of which .. ``.
fn has(class: &NodeClass, cluster: &str, one_lost: bool) -> String {
    let lost = if one_lost { " with one lost" } else { "" };
    let role = format!("`{}` of `{cluster}`{lost}", class.role);
    let count = class.most.saturating_sub(u128::from(one_lost));
    let (Ok(free), Ok(raw)) = (class.free(), class.raw.as_ref()) else {
        return format!("{role}: {} of unknown size", nodes(count));
    };
    let many = if class.most > class.least { "at most " } else { "" };
    let each = match count {
        0 => return format!("{role}: none is left"),
        1 => "",
        _ => ", each",
    };
    let raw = Amounts { cpu: raw.cpu, memory: raw.memory, pods: 0 };
    let mut line = format!("{role}: {many}{}{each} with {free} for pods", nodes(count));
    let mut without = Vec::new();
    if class.reserved.cpu + class.reserved.memory > 0 {
        without.push(format!("{} are reserved", class.reserved));
    }
    let taken =
        class.taken.iter().filter(|it| it.certain && it.amounts.cpu + it.amounts.memory > 0);
    let taken: Vec<_> = taken.collect();
    if !taken.is_empty() {
        let names: Vec<String> = taken.iter().map(|it| format!("`{}`", it.name)).collect();
        let sum = taken.iter().fold(Amounts::NONE, |sum, it| sum.plus(it.amounts));
        let take = if names.len() == 1 { "takes" } else { "take" };
        without.push(format!("{} {take} {sum}", several(&names)));
    }
    if !without.is_empty() {
        line.push_str(&format!("; of {raw}, {}", without.join(", and ")));
    }
    line
}

fn nodes(count: u128) -> String {
    if count == 1 { "1 node".to_owned() } else { format!("{count} nodes") }
}

/// A shortage on a cluster, and the class that loses a node.
type Found<'c, 'a> = (&'c ClusterCapacity<'a>, Shortage, Option<usize>);

/// What is one finding: whether a node is lost, and of which class; the pods; what is short.
type Key = (Option<String>, Vec<Option<ResourceId>>, String);

fn together(capacity: &Capacity<'_>, found: &mut Vec<Refutation>) {
    let mut all: BTreeMap<Key, Vec<Found<'_, '_>>> = BTreeMap::new();
    for cluster in &capacity.clusters {
        if let Some(shortage) = cluster.shortage() {
            let key = key(cluster, &shortage, None);
            all.entry(key).or_default().push((cluster, shortage, None));
            continue;
        }
        // One worker has nobody to take its pods over: that is another matter.
        if cluster.workers() < 2 {
            continue;
        }
        if let Some((class, shortage)) = cluster.shortage_with_a_node_lost() {
            let key = key(cluster, &shortage, Some(class));
            all.entry(key).or_default().push((cluster, shortage, Some(class)));
        }
    }
    for short in all.into_values() {
        found.extend(refutation(&short));
    }
}

fn key(cluster: &ClusterCapacity<'_>, shortage: &Shortage, lost: Option<usize>) -> Key {
    let lost =
        lost.and_then(|class| cluster.classes.get(class)).map(|class| class.role.to_string());
    let pods = shortage.groups.iter().filter_map(|pods| cluster.standing.get(*pods));
    let what = match shortage.lack {
        Lack::Sum { measure, .. } => format!("sum {measure:?}"),
        Lack::Places { each: Some((measure, _)), .. } => format!("places {measure:?}"),
        Lack::Places { each: None, .. } => "apart".to_owned(),
    };
    (lost, pods.map(|pods| pods.of).collect(), what)
}

/// At most so many objects are pointed to.
const MOST_PLACES: usize = 4;

fn refutation(short: &[Found<'_, '_>]) -> Option<Refutation> {
    let (cluster, shortage, lost) = short.first()?;
    let measure = match shortage.lack {
        Lack::Sum { measure, .. } | Lack::Places { each: Some((measure, _)), .. } => measure,
        Lack::Places { each: None, .. } => Measure::Pods,
    };
    let pods = shortage.groups.iter().filter_map(|pods| cluster.standing.get(*pods));
    let asked = |pods: &&Pods<'_>| pods.each.of(measure).saturating_mul(pods.count);
    let (mut own, beside): (Vec<&Pods<'_>>, Vec<&Pods<'_>>) =
        pods.partition(|pods| pods.of.is_some());
    own.sort_by_key(|pods| std::cmp::Reverse(asked(pods)));
    let mut places: Vec<Place> = Vec::new();
    let mut labels = Vec::new();
    for pods in own.iter().take(MOST_PLACES) {
        let Some(of) = pods.of else { continue };
        // One pod is too many by what it requests, several by their number.
        let origin = if pods.count > 1 { pods.count_at } else { pods.at(measure).1 };
        places.push(Place::new(of, origin));
        labels.push(share(pods, measure));
    }
    let more = own.len().saturating_sub(MOST_PLACES);
    if let (Some(last), true) = (labels.last_mut(), more > 0) {
        last.push_str(&format!(", and {more} more objects"));
    }
    if places.is_empty() {
        places.push(Place::name(cluster.id));
        labels.push("not even for what comes with the cluster".to_owned());
    }
    let nodes = |class: &usize| cluster.classes.get(*class).map(|it| it.role);
    let roles: Vec<Role> = shortage.classes.iter().filter_map(nodes).collect();
    let has = shortage.classes.iter().filter_map(|index| {
        let class = cluster.classes.get(*index)?;
        Some(has(class, cluster.name.as_str(), *lost == Some(*index)))
    });
    let short = Short {
        clusters: short.iter().map(|(cluster, ..)| cluster.name.to_string()).collect(),
        nodes: match roles.as_slice() {
            [role @ Role::Pool(_)] if cluster.classes.len() > 2 => Some(role.to_string()),
            _ => None,
        },
        lack: shortage.lack,
        pods: labels,
        has: has.collect(),
        others: short
            .iter()
            .skip(1)
            .map(|(cluster, shortage, _)| other(cluster, shortage))
            .collect(),
        beside: (!beside.is_empty() && measure != Measure::Pods).then(|| {
            let names: Vec<String> = beside.iter().map(|pods| share_of(pods, measure)).collect();
            format!("with what comes with the cluster: {}", names.join(", "))
        }),
        lost: lost.and_then(|class| cluster.classes.get(class)).map(|class| class.role.to_string()),
    };
    let is_lost = lost.is_some();
    Some(Refutation::new(places, move |spans| {
        if is_lost { errors::node_lost(short, spans) } else { errors::full(short, spans) }
    }))
}

/// `6 pods of 2 cores`, for the place where they are written.
pub(super) fn share(pods: &Pods<'_>, measure: Measure) -> String {
    let count = Measure::Pods.shown(pods.count);
    match measure {
        Measure::Pods => count,
        Measure::Cpu | Measure::Memory => {
            format!("{count} of {}", measure.shown(pods.each.of(measure)))
        }
    }
}

fn share_of(pods: &Pods<'_>, measure: Measure) -> String {
    format!("{} of {}", share(pods, measure), pods.name)
}

/// What is short on a further cluster.
fn other(cluster: &ClusterCapacity<'_>, shortage: &Shortage) -> String {
    let name = cluster.name;
    match shortage.lack {
        Lack::Sum { measure, requested, free } => {
            format!("`{name}`: {} of {}", measure.shown(requested), measure.shown(free))
        }
        Lack::Places { pods, places, .. } => format!("`{name}`: room for {places} of {pods}"),
    }
}
