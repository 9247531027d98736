//! What is wrong with policies that somebody wrote.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::errors;
use super::objects::Scene;
use super::policy::{NAME_OF_NAMESPACE, Policy, Who, labels_of_namespace};
use super::ports::{Ports, Protocol};
use super::relation::{End, Pod, Relation, Side, World};
use super::selector::{Labels, Selector, Test};
use crate::diag::{Diagnostic, nearest};
use crate::source::Span;

const DNS_NAMESPACE: &str = "kube-system";

/// Traffic that must be possible.
#[derive(Clone, Debug)]
pub struct Must {
    /// Who calls: its name, its namespace and labels.
    pub from: (String, String, Selector),
    /// Who is called.
    pub to: (String, String, Selector),
    /// On which ports.
    pub ports: Ports,
    /// What says so.
    pub at: Span,
}

/// What a judge must know beside the objects.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Whether all namespaces and pods are among the objects: then what is not there is nowhere.
    pub is_whole: bool,
    /// Namespaces that hold more pods than the objects show.
    pub more: &'a BTreeSet<String>,
    /// What must be possible.
    pub must: &'a [Must],
    /// Whether a policy was written by somebody, and made by nobody else.
    pub is_written: &'a dyn Fn(&Policy) -> bool,
    /// Whether traffic into a namespace is refused unless something declares it.
    pub is_closed: &'a dyn Fn(&str) -> bool,
}

/// Judges the policies of one cluster.
pub fn judge(scene: &Scene, around: &Around<'_>) -> Vec<Diagnostic> {
    let written: Vec<&Policy> =
        scene.world.policies.iter().filter(|it| (around.is_written)(it)).collect();
    if written.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let names = names(&scene.world);
    let blind = dead_peers(scene, &names, &written, &mut found);
    dead_policies(scene, around, &written, &mut found);
    lookups(scene, &written, &blind, &mut found);
    let relation = Relation::new(&scene.world);
    blocked(scene, &relation, around, &mut found);
    if around.is_whole {
        exposed(scene, &relation, around, &written, &mut found);
    }
    found
}

/// Every namespace that is known, with its labels.
fn names(world: &World) -> FxHashMap<String, Labels> {
    let mut names = world.namespaces.clone();
    let others = world.pods.iter().map(|it| it.namespace.as_str());
    for name in others.chain(["default", DNS_NAMESPACE, "kube-public", "kube-node-lease"]) {
        if !names.contains_key(name) {
            names.insert(name.to_owned(), labels_of_namespace(name, &Labels::new()));
        }
    }
    names
}

/// Rules that mean no namespace. Gives the policies that have one in their egress: what they cannot reach is told there.
fn dead_peers(
    scene: &Scene,
    names: &FxHashMap<String, Labels>,
    written: &[&Policy],
    found: &mut Vec<Diagnostic>,
) -> Vec<Span> {
    let mut blind = Vec::new();
    for policy in written {
        let sides = [policy.ingress.as_ref(), policy.egress.as_ref()];
        for (number, direction) in sides.into_iter().enumerate() {
            let rules = direction.into_iter().flat_map(|it| it.allowed.iter().chain(&it.denied));
            for peer in rules.flat_map(|it| it.peers.iter().flatten()) {
                let Who::Pods { namespaces: Some(selector), .. } = &peer.who else { continue };
                if names.values().any(|labels| selector.selects(labels)) {
                    continue;
                }
                // A namespace by its name may be made elsewhere; a label that no namespace has is on none.
                let nobodys = selector.0.iter().find(|it| {
                    it.key != NAME_OF_NAMESPACE
                        && matches!(it.test, Test::In(_) | Test::Exists)
                        && !names.values().any(|labels| labels.contains_key(&it.key))
                });
                let Some(label) = nobodys else { continue };
                let value = match &label.test {
                    Test::In(values) => match values.as_slice() {
                        [value] => Some(value.as_str()),
                        _ => None,
                    },
                    Test::NotIn(_) | Test::Exists | Test::Absent => None,
                };
                let shown = match value {
                    Some(value) => format!("{}: {value}", label.key),
                    None => label.key.clone(),
                };
                let is_name = matches!(label.key.as_str(), "name" | "namespace" | "ns");
                let named = value.filter(|it| is_name || names.contains_key(*it));
                let is_dns = number == 1
                    && named == Some(DNS_NAMESPACE)
                    && !reaches_dns(&scene.world, policy);
                if number == 1 {
                    blind.push(policy.at);
                }
                found.push(errors::no_namespace(&shown, named, is_dns, peer.at));
            }
        }
    }
    blind
}

/// Policies for pods that are not there.
fn dead_policies(
    scene: &Scene,
    around: &Around<'_>,
    written: &[&Policy],
    found: &mut Vec<Diagnostic>,
) {
    let mut empty: Vec<(&str, &Policy, usize)> = Vec::new();
    for policy in written {
        let Some(namespace) = &policy.namespace else { continue };
        let own: Vec<&Pod> =
            scene.world.pods.iter().filter(|it| it.namespace == *namespace).collect();
        if own.iter().any(|it| policy.pods.selects(&it.labels)) || around.more.contains(namespace) {
            continue;
        }
        // A policy for all pods of a namespace waits for them.
        if policy.pods.0.is_empty() && around.is_whole {
            continue;
        }
        // Nothing at all runs there: that is told once.
        if own.is_empty() {
            if around.is_whole || namespace == "default" {
                match empty.iter_mut().find(|(known, ..)| known == namespace) {
                    Some((.., more)) => *more += 1,
                    None => empty.push((namespace, policy, 0)),
                }
            }
            continue;
        }
        let near = near_label(&policy.pods, &own);
        if around.is_whole || near.is_some() {
            found.push(errors::no_pod(&policy.name, namespace, near.as_ref(), policy.at));
        }
    }
    for (namespace, policy, more) in empty {
        found.push(errors::nothing_there(&policy.name, namespace, more, policy.at));
    }
}

/// A label that a selector has, and the one that a pod has in its place.
fn near_label(selector: &Selector, pods: &[&Pod]) -> Option<(String, String)> {
    for it in &selector.0 {
        let Test::In(values) = &it.test else { continue };
        let Some(value) = values.first() else { continue };
        let known = pods.iter().filter_map(|pod| pod.labels.get(&it.key).map(String::as_str));
        if let Some(near) = nearest(value, known)
            && near != value
        {
            return Some((format!("{}: {value}", it.key), format!("{}: {near}", it.key)));
        }
    }
    None
}

/// A world in which a policy's pods and the DNS servers stand, with all policies.
fn with_pods(world: &World, policy: &Policy) -> Option<World> {
    let namespace = policy.namespace.clone()?;
    let mut labels = Labels::new();
    for it in &policy.pods.0 {
        match &it.test {
            Test::In(values) => {
                labels.insert(it.key.clone(), values.first()?.clone());
            }
            Test::Exists => {
                labels.insert(it.key.clone(), "any".to_owned());
            }
            Test::NotIn(_) | Test::Absent => {}
        }
    }
    let dns = [("k8s-app".to_owned(), "kube-dns".to_owned())].into_iter().collect();
    let pod = |namespace: String, labels, ports| Pod { namespace, labels, ports, on_host: false };
    let pods = vec![
        pod(namespace, labels, Vec::new()),
        pod(
            DNS_NAMESPACE.to_owned(),
            dns,
            vec![("dns".to_owned(), Protocol::Udp, 53), ("dns-tcp".to_owned(), Protocol::Tcp, 53)],
        ),
    ];
    Some(World { pods, namespaces: world.namespaces.clone(), policies: world.policies.clone() })
}

/// Whether the pods of a policy reach the DNS servers: by their labels, or by a range that may hold them.
fn reaches_dns(world: &World, policy: &Policy) -> bool {
    let Some(small) = with_pods(world, policy) else { return true };
    let relation = Relation::new(&small);
    if relation.allows(End::Pod(0), End::Pod(1), Protocol::Udp, 53) {
        return true;
    }
    // A cache on the node, the address of the Service, or Cilium's entities: what is let through there may be the DNS.
    let mut rules = relation.of(Side::Caller, 0).flat_map(|(_, it)| &it.allowed);
    rules.any(|rule| {
        let by_other_means = rule.peers.as_ref().is_none_or(|peers| {
            peers.iter().any(|it| matches!(it.who, Who::Range { .. } | Who::Entity(_)))
        });
        let at_53 = rule.ports.as_ref().is_none_or(|ports| {
            ports.iter().any(|it| match it {
                super::Port::Numbers(ports) => ports.has(Protocol::Udp, 53),
                super::Port::Named(..) => true,
            })
        });
        by_other_means && at_53
    })
}

/// Pods that may go out, but not to the DNS servers.
fn lookups(scene: &Scene, written: &[&Policy], blind: &[Span], found: &mut Vec<Diagnostic>) {
    for policy in written {
        let Some(direction) = &policy.egress else { continue };
        // Who may go nowhere at all needs no names.
        let goes = direction.isolates && !direction.allowed.is_empty();
        if !goes || blind.contains(&policy.at) || reaches_dns(&scene.world, policy) {
            continue;
        }
        let whom = match policy.pods.0.is_empty() {
            true => {
                format!("what runs in `{}`", policy.namespace.as_deref().unwrap_or("the cluster"))
            }
            false => format!("what `{}` is for", policy.name),
        };
        found.push(errors::no_dns(&whom, policy.at));
    }
}

fn selected(scene: &Scene, end: &(String, String, Selector)) -> Vec<usize> {
    let pods = scene.world.pods.iter().enumerate();
    pods.filter(|(_, it)| it.namespace == end.1 && end.2.selects(&it.labels))
        .map(|(number, _)| number)
        .collect()
}

/// Needs that policies refuse.
fn blocked(
    scene: &Scene,
    relation: &Relation<'_>,
    around: &Around<'_>,
    found: &mut Vec<Diagnostic>,
) {
    for must in around.must {
        let (from, to) = (selected(scene, &must.from), selected(scene, &must.to));
        let pairs = from.iter().flat_map(|from| to.iter().map(move |to| (*from, *to)));
        for (from, to) in pairs {
            let (from, to) = (End::Pod(from), End::Pod(to));
            let missing = must.ports.without(&relation.ports(from, to));
            if missing.is_empty() {
                continue;
            }
            let side = match must.ports.without(&relation.side(Side::Caller, from, to)).is_empty() {
                true => Side::Called,
                false => Side::Caller,
            };
            let subject = match (side, from, to) {
                (Side::Caller, End::Pod(pod), _) | (Side::Called, _, End::Pod(pod)) => pod,
                _ => continue,
            };
            let mut closing = relation
                .of(side, subject)
                .filter(|(policy, direction)| direction.isolates && (around.is_written)(policy));
            let policy = closing.next().map(|(policy, _)| (policy.name.as_str(), policy.at));
            found.push(errors::blocked(&must.from.0, &must.to.0, &missing, side, must.at, policy));
            break;
        }
    }
}

/// What written policies let into closed namespaces that nothing declares.
fn exposed(
    scene: &Scene,
    relation: &Relation<'_>,
    around: &Around<'_>,
    written: &[&Policy],
    found: &mut Vec<Diagnostic>,
) {
    let mut declared: FxHashMap<(usize, usize), Ports> = FxHashMap::default();
    for must in around.must {
        for from in selected(scene, &must.from) {
            for to in selected(scene, &must.to) {
                declared.entry((from, to)).or_default().add(&must.ports);
            }
        }
    }
    for policy in written {
        let Some(direction) = &policy.ingress else { continue };
        let mut first: Option<(usize, usize, Ports)> = None;
        let mut more = 0;
        for (to, pod) in scene.world.pods.iter().enumerate() {
            let is_subject = policy.namespace.as_ref().is_none_or(|it| *it == pod.namespace)
                && policy.pods.selects(&pod.labels)
                && (around.is_closed)(&pod.namespace);
            if !is_subject {
                continue;
            }
            for from in (0..scene.world.pods.len()).filter(|from| *from != to) {
                let meant = direction.allowed.iter().any(|rule| {
                    rule.peers.as_ref().is_none_or(|peers| {
                        peers.iter().any(|peer| relation.means(policy, peer, End::Pod(from)))
                    })
                });
                if !meant {
                    continue;
                }
                let open = relation.ports(End::Pod(from), End::Pod(to));
                let known = declared.get(&(from, to)).cloned().unwrap_or_default();
                let excess = open.without(&known);
                if excess.is_empty() {
                    continue;
                }
                match first {
                    None => first = Some((from, to, excess)),
                    Some(_) => more += 1,
                }
            }
        }
        if let Some((from, to, ports)) = first {
            let name = |pod: usize| scene.makers.get(pod).map_or("", |(name, _)| name.as_str());
            found.push(errors::undeclared(name(from), name(to), &ports, more, policy.at));
        }
    }
}
