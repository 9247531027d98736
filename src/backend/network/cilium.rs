//! Cilium's policies: what only they can say, or all where a cluster asks for them alone.

use super::{Head, REFUSES, metadata, selector};
use crate::backend::k8s::{Fields, list, object, text};
use crate::backend::{Manifest, Node};
use crate::eval::Origin;
use crate::model::Model;
use crate::network::{Part, Party, Pass, Ports, Protocol, Requirement, Selector, Test};

/// The label by which Cilium knows the namespace of a pod.
const NAMESPACE: &str = "k8s:io.kubernetes.pod.namespace";

/// What plain policies cannot say of a part's traffic; none where they say all.
pub(super) fn policy<'a>(
    model: &Model<'a>,
    head: &Head<'_, 'a>,
    part: &Part,
    dns: &Pass,
) -> Option<Manifest<'a>> {
    let ingress: Vec<Fields<'a>> =
        part.ingress.iter().filter_map(|it| entities(it, "fromEntities")).collect();
    let mut egress: Vec<Fields<'a>> =
        part.egress.iter().filter_map(|it| entities(it, "toEntities")).collect();
    let hosts: Vec<Fields<'a>> = part.egress.iter().filter_map(hosts).collect();
    if !hosts.is_empty() {
        // Cilium learns the addresses of a name from lookups that it lets through itself.
        egress.extend(lookups(dns));
        egress.extend(hosts);
    }
    made(model, head, part, ingress, egress)
}

/// All that is let through of a part's traffic.
pub(super) fn whole<'a>(
    model: &Model<'a>,
    head: &Head<'_, 'a>,
    part: &Part,
) -> Option<Manifest<'a>> {
    let all = |passes: &[Pass], from: [&'static str; 3]| -> Vec<Fields<'a>> {
        passes.iter().flat_map(|pass| rules(pass, from)).collect()
    };
    let ingress = all(&part.ingress, ["fromEndpoints", "fromCIDRSet", "fromEntities"]);
    let mut egress = all(&part.egress, ["toEndpoints", "toCIDRSet", "toEntities"]);
    egress.extend(part.egress.iter().filter_map(hosts));
    made(model, head, part, ingress, egress)
}

fn made<'a>(
    model: &Model<'a>,
    head: &Head<'_, 'a>,
    part: &Part,
    ingress: Vec<Fields<'a>>,
    egress: Vec<Fields<'a>>,
) -> Option<Manifest<'a>> {
    if ingress.is_empty() && egress.is_empty() {
        return None;
    }
    let rule = Origin::rule("a policy is for the pods of its block");
    let spec = Fields::new()
        .with("endpointSelector", selector(&part.pods, rule))
        .unless_empty("ingress", list(ingress))
        .unless_empty("egress", list(egress));
    let metadata = metadata(model, head, &part.name);
    Some(object("cilium.io/v2", "CiliumNetworkPolicy", metadata, Some(spec)))
}

/// Refuses everything but lookups of names, which Cilium reads: so it learns the addresses of hosts.
pub(super) fn refuses<'a>(
    model: &Model<'a>,
    head: &Head<'_, 'a>,
    said: Origin,
    dns: &Pass,
) -> Manifest<'a> {
    // A rule that says nothing lets nothing through; without any, Cilium would not refuse what comes in.
    let nothing = Node::Map(Vec::new());
    let spec = Fields::new()
        .with("endpointSelector", Fields::new())
        .with("ingress", Node::List(vec![nothing]))
        .with("egress", list(lookups(dns)))
        .with(
            "enableDefaultDeny",
            Fields::new()
                .with("ingress", Node::Bool(true, said))
                .with("egress", Node::Bool(true, said)),
        );
    object("cilium.io/v2", "CiliumNetworkPolicy", metadata(model, head, REFUSES), Some(spec))
}

/// Traffic with pods, addresses, and what Cilium knows without labels: a rule each, since it takes one sort in a rule only.
fn rules<'a>(pass: &Pass, [pods, ranges, known]: [&'static str; 3]) -> Vec<Fields<'a>> {
    let origin = pass.origin;
    let mut rules = Vec::new();
    let mut add = |side: &'static str, ends: Vec<Fields<'a>>| {
        if !ends.is_empty() {
            let rule = Fields::new().with(side, list(ends));
            rules.push(rule.unless_empty("toPorts", to_ports(pass)));
        }
    };
    let endpoints = pass.ends.iter().filter_map(|it| match it {
        Party::Pods(namespace, of) => Some(endpoint(namespace.as_deref(), of, origin)),
        Party::Range(..)
        | Party::ApiServer
        | Party::Ingress
        | Party::Host(_)
        | Party::Everybody => None,
    });
    add(pods, endpoints.collect());
    let blocks = pass.ends.iter().filter_map(|it| match it {
        Party::Range(range, except) => {
            let except = except.iter().map(|it| text(it.to_string(), origin));
            let block = Fields::new().with("cidr", text(range.to_string(), origin));
            Some(block.unless_empty("except", list(except)))
        }
        Party::Pods(..) | Party::ApiServer | Party::Ingress | Party::Host(_) | Party::Everybody => {
            None
        }
    });
    add(ranges, blocks.collect());
    rules.extend(entities(pass, known));
    if pass.ends.contains(&Party::Everybody) {
        let all = Fields::new().with(known, list([text("all", origin)]));
        rules.push(all.unless_empty("toPorts", to_ports(pass)));
    }
    rules
}

/// Pods as Cilium selects them; without a word of their namespace it means the policy's own.
fn endpoint<'a>(namespace: Option<&str>, pods: &Selector, origin: Origin) -> Fields<'a> {
    let key = NAMESPACE.to_owned();
    let of = match namespace {
        Some(name) => Test::In(vec![name.to_owned()]),
        None => Test::Exists,
    };
    let mut all = vec![Requirement { key, test: of }];
    all.extend(
        pods.0.iter().cloned().map(|it| Requirement { key: format!("k8s:{}", it.key), ..it }),
    );
    selector(&Selector(all), origin)
}

fn entities<'a>(pass: &Pass, side: &'static str) -> Option<Fields<'a>> {
    let known = pass.ends.iter().filter_map(|it| match it {
        Party::ApiServer => Some("kube-apiserver"),
        Party::Ingress => Some("ingress"),
        Party::Pods(..) | Party::Range(..) | Party::Host(_) | Party::Everybody => None,
    });
    let known: Vec<_> = known.map(|it| text(it, pass.origin)).collect();
    if known.is_empty() {
        return None;
    }
    Some(Fields::new().with(side, list(known)).unless_empty("toPorts", to_ports(pass)))
}

fn hosts<'a>(pass: &Pass) -> Option<Fields<'a>> {
    let known: Vec<Fields<'a>> = pass
        .ends
        .iter()
        .filter_map(|it| match it {
            Party::Host(name) => {
                Some(Fields::new().with("matchName", text(name.clone(), pass.origin)))
            }
            Party::Pods(..)
            | Party::Range(..)
            | Party::ApiServer
            | Party::Ingress
            | Party::Everybody => None,
        })
        .collect();
    if known.is_empty() {
        return None;
    }
    Some(Fields::new().with("toFQDNs", list(known)).unless_empty("toPorts", to_ports(pass)))
}

fn to_ports<'a>(pass: &Pass) -> Node<'a> {
    let ports = ports(&pass.ports, pass.origin);
    if ports.is_empty() {
        return list(Vec::<Fields<'a>>::new());
    }
    list([Fields::new().with("ports", list(ports))])
}

/// Ports as Cilium writes them: the number is a text, and must be there.
fn ports<'a>(ports: &Ports, origin: Origin) -> Vec<Fields<'a>> {
    if *ports == Ports::all() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for protocol in Protocol::ALL {
        for &(from, to) in ports.of(protocol) {
            let last = (from != to).then(|| Node::Int(to.into(), origin));
            let one = Fields::new()
                .with("port", text(from.to_string(), origin))
                .maybe("endPort", last)
                .with("protocol", text(protocol.name(), origin));
            out.push(one);
        }
    }
    out
}

/// Lookups that Cilium reads.
fn lookups<'a>(dns: &Pass) -> Vec<Fields<'a>> {
    let origin = dns.origin;
    let any = || {
        let every = Fields::new().with("matchPattern", text("*", origin));
        Fields::new().with("dns", list([every]))
    };
    let through = || {
        let ports = list(ports(&dns.ports, origin));
        list([Fields::new().with("ports", ports).with("rules", any())])
    };
    let servers = dns.ends.iter().filter_map(|it| match it {
        Party::Pods(namespace, pods) => {
            let of = endpoint(namespace.as_deref(), pods, origin);
            Some(Fields::new().with("toEndpoints", list([of])).with("toPorts", through()))
        }
        Party::Range(range, _) => Some(
            Fields::new()
                .with("toCIDR", list([text(range.to_string(), origin)]))
                .with("toPorts", through()),
        ),
        Party::ApiServer | Party::Ingress | Party::Host(_) | Party::Everybody => None,
    });
    servers.collect()
}
