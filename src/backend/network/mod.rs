//! Network policies.
//!
//! * **Takes** what the program wants to be reached ([`Wanted`]).
//! * **Gives** the policies of a namespace that is closed by default, which stand in its file: one that refuses all but lookups of names,
//!   and one for each block's pods; and `<cluster>/<namespace>/traffic-<name>.yaml`.
//! * **Owns** how traffic is written down for Kubernetes and for Cilium.
//! * **Never** decides what is let through.
//! * **Read first** this file, then `cilium.rs`.

mod cilium;

use super::k8s::{Fields, IntoNode, Metadata, labels, list, object, text};
use super::{Backend, Document, Job, Makes, Manifest, Node, Output};
use crate::eval::Origin;
use crate::model::{Map, Model, Namespace, Of, Traffic};
use crate::network::{
    Index, NAME_OF_NAMESPACE, Part, Party, Pass, Ports, Protocol, Same, Selector, Spoken, Test,
    Wanted, agreed,
};

/// The name of the policy that refuses.
const REFUSES: &str = "default-deny";

/// The backend.
pub(super) struct Network;

impl Backend for Network {
    fn name(&self) -> &'static str {
        "network"
    }

    fn makes(&self) -> &'static [Makes] {
        const {
            &[
                Makes {
                    kind: "traffic",
                    object: "networking.k8s.io/v1 NetworkPolicy",
                    name: "traffic-<name>",
                    file: "<cluster>/<namespace>/traffic-<name>.yaml",
                    about: "What is let through, on each side that is closed.",
                },
                Makes {
                    kind: "traffic",
                    object: "cilium.io/v2 CiliumNetworkPolicy",
                    name: "traffic-<name>",
                    file: "<cluster>/<namespace>/traffic-<name>.yaml",
                    about: "Where Cilium runs: what plain policies cannot say.",
                },
            ]
        }
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let job = |it: Wanted<'a, 'a, Traffic<'a>>| Box::new(move || output(model, &it)) as Job<'a>;
        agreed(&Index::new(model)).into_iter().map(job).collect()
    }
}

/// What a `traffic` block becomes.
fn output<'a>(model: &'a Model<'a>, it: &Wanted<'a, 'a, Traffic<'a>>) -> Output<'a> {
    let traffic = &it.block.value;
    let manifests = written(model, &it.same, &traffic.labels, &traffic.annotations);
    Output {
        clusters: it.clusters.clone(),
        document: Document {
            path: format!("{}/traffic-{}.yaml", traffic.namespace.value.name, it.block.name.value),
            source: it.block.source.into(),
            address: it.block.address().to_string().into(),
            manifests,
        },
    }
}

/// The policies of a namespace that is closed by default. They stand with it, so that no pod starts before them.
pub(super) fn policies<'a>(
    model: &'a Model<'a>,
    namespace: &Namespace<'a>,
    same: &Same,
) -> Vec<Manifest<'a>> {
    let refuses = match same.spoken {
        Spoken::Kubernetes | Spoken::Both => refuses(model, namespace, &same.dns),
        Spoken::Cilium => {
            cilium::refuses(model, &of(namespace), namespace.network.origin, &same.dns)
        }
    };
    let mut manifests = vec![refuses];
    manifests.extend(written(model, same, &namespace.labels, &namespace.annotations));
    manifests
}

/// What is let through.
fn written<'a>(
    model: &Model<'a>,
    same: &Same,
    labels: &Map<Of<&'a str>>,
    annotations: &Map<Of<&'a str>>,
) -> Vec<Manifest<'a>> {
    let mut manifests = Vec::new();
    for (space, part) in &same.parts {
        let rule = Origin::rule("a policy stands in the namespace of its pods");
        let head = Head { namespace: text(space.as_str(), rule), labels, annotations };
        match same.spoken {
            Spoken::Kubernetes => manifests.extend(policy(model, &head, part)),
            Spoken::Both => {
                manifests.extend(policy(model, &head, part));
                manifests.extend(cilium::policy(model, &head, part, &same.dns));
            }
            Spoken::Cilium => manifests.extend(cilium::whole(model, &head, part)),
        }
    }
    manifests
}

/// What the policies of one block have in common.
struct Head<'m, 'a> {
    namespace: Node<'a>,
    labels: &'m Map<Of<&'a str>>,
    annotations: &'m Map<Of<&'a str>>,
}

fn of<'m, 'a>(namespace: &'m Namespace<'a>) -> Head<'m, 'a> {
    Head {
        namespace: namespace.name.into_node(),
        labels: &namespace.labels,
        annotations: &namespace.annotations,
    }
}

fn metadata<'a>(model: &Model<'a>, head: &Head<'_, 'a>, name: &str) -> Metadata<'a> {
    let rule = Origin::rule("network policies are called after the pods that they are for");
    Metadata::new(text(name.to_owned(), rule), labels(model))
        .namespace(head.namespace.clone())
        .labels(head.labels)
        .annotations(head.annotations)
}

/// Refuses everything but lookups of names.
fn refuses<'a>(model: &Model<'a>, namespace: &Namespace<'a>, dns: &Pass) -> Manifest<'a> {
    let said = namespace.network.origin;
    let spec = Fields::new()
        .with("podSelector", Fields::new())
        .with("policyTypes", list([text("Ingress", said), text("Egress", said)]))
        .with("egress", list(rule(dns, "to")));
    let metadata = metadata(model, &of(namespace), REFUSES);
    object("networking.k8s.io/v1", "NetworkPolicy", metadata, Some(spec))
}

/// What Kubernetes lets through; none where only Cilium knows it.
fn policy<'a>(model: &Model<'a>, head: &Head<'_, 'a>, part: &Part) -> Option<Manifest<'a>> {
    let ingress: Vec<Fields<'a>> = part.ingress.iter().filter_map(|it| rule(it, "from")).collect();
    let egress: Vec<Fields<'a>> = part.egress.iter().filter_map(|it| rule(it, "to")).collect();
    if ingress.is_empty() && egress.is_empty() {
        return None;
    }
    let origin = |passes: &[Pass]| passes.first().map_or(Origin::NONE, |it| it.origin);
    let comes = (!ingress.is_empty()).then(|| text("Ingress", origin(&part.ingress)));
    let goes = (!egress.is_empty()).then(|| text("Egress", origin(&part.egress)));
    let of_pods = Origin::rule("a policy is for the pods of its block");
    let spec = Fields::new()
        .with("podSelector", selector(&part.pods, of_pods))
        .with("policyTypes", list(comes.into_iter().chain(goes)))
        .unless_empty("ingress", list(ingress))
        .unless_empty("egress", list(egress));
    let metadata = metadata(model, head, &part.name);
    Some(object("networking.k8s.io/v1", "NetworkPolicy", metadata, Some(spec)))
}

/// A rule of a plain policy; none where nobody is meant that it could name.
fn rule<'a>(pass: &Pass, side: &'static str) -> Option<Fields<'a>> {
    let origin = pass.origin;
    let everybody = pass.ends.contains(&Party::Everybody);
    let peers: Vec<Fields<'a>> = pass.ends.iter().filter_map(|it| peer(it, origin)).collect();
    if peers.is_empty() && !everybody {
        return None;
    }
    let mut rule = Fields::new();
    if !everybody {
        rule = rule.with(side, list(peers));
    }
    Some(rule.unless_empty("ports", list(ports(&pass.ports, origin))))
}

fn peer<'a>(party: &Party, origin: Origin) -> Option<Fields<'a>> {
    match party {
        Party::Pods(namespace, pods) => {
            let of = match namespace {
                Some(name) => Selector::labels([(NAME_OF_NAMESPACE, name.as_str())]),
                None => Selector::default(),
            };
            let peer = Fields::new().with("namespaceSelector", selector(&of, origin));
            Some(match pods.0.is_empty() {
                true => peer,
                false => peer.with("podSelector", selector(pods, origin)),
            })
        }
        Party::Range(range, except) => {
            let except = except.iter().map(|it| text(it.to_string(), origin));
            let block = Fields::new()
                .with("cidr", text(range.to_string(), origin))
                .unless_empty("except", list(except));
            Some(Fields::new().with("ipBlock", block))
        }
        Party::ApiServer | Party::Ingress | Party::Host(_) | Party::Everybody => None,
    }
}

/// Ports; none for all of them.
fn ports<'a>(ports: &Ports, origin: Origin) -> Vec<Fields<'a>> {
    if *ports == Ports::all() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for protocol in Protocol::ALL {
        for &(from, to) in ports.of(protocol) {
            let one = Fields::new().with("protocol", text(protocol.name(), origin));
            out.push(match (from, to) {
                (1, u16::MAX) => one,
                (from, to) => one
                    .with("port", Node::Int(from.into(), origin))
                    .maybe("endPort", (from != to).then(|| Node::Int(to.into(), origin))),
            });
        }
    }
    out
}

/// A label selector.
fn selector<'a>(selector: &Selector, origin: Origin) -> Fields<'a> {
    let mut labels = Fields::new();
    let mut others: Vec<Fields<'a>> = Vec::new();
    for it in &selector.0 {
        let (operator, values) = match &it.test {
            Test::In(values) => {
                if let [value] = values.as_slice() {
                    labels = labels.with(it.key.clone(), text(value.clone(), origin));
                    continue;
                }
                ("In", values.as_slice())
            }
            Test::NotIn(values) => ("NotIn", values.as_slice()),
            Test::Exists => ("Exists", &[][..]),
            Test::Absent => ("DoesNotExist", &[][..]),
        };
        let values = values.iter().map(|it| text(it.clone(), origin));
        others.push(
            Fields::new()
                .with("key", text(it.key.clone(), origin))
                .with("operator", text(operator, origin))
                .unless_empty("values", list(values)),
        );
    }
    Fields::new()
        .unless_empty("matchLabels", labels.into_node())
        .unless_empty("matchExpressions", list(others))
}

#[cfg(test)]
mod tests {
    use super::Network;
    use crate::backend::fixture;

    #[test]
    fn traffic_becomes_policies_on_both_sides() {
        insta::assert_snapshot!(fixture::lowered(&Network, &fixture::model()));
    }
}
