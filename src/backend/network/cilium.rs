//! What only Cilium's policies can say.

use super::{Head, metadata, selector};
use crate::backend::k8s::{Fields, list, object, text};
use crate::backend::{Manifest, Node};
use crate::eval::Origin;
use crate::model::Model;
use crate::network::{Part, Party, Pass, Ports, Protocol, Requirement, Selector};

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
            let mut all: Vec<Requirement> = Vec::new();
            if let Some(name) = namespace {
                all.extend(
                    Selector::labels([("k8s:io.kubernetes.pod.namespace", name.as_str())]).0,
                );
            }
            all.extend(
                pods.0
                    .iter()
                    .cloned()
                    .map(|it| Requirement { key: format!("k8s:{}", it.key), ..it }),
            );
            let of = selector(&Selector(all), origin);
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
