//! Network policies as what they mean, and how they are read from objects.

use ipnet::IpNet;

use super::ports::{Ports, Protocol};
use super::selector::{Labels, Requirement, Selector, Test};
use crate::argocd::Tree;
use crate::source::Span;

/// The label that the API server gives every namespace: its name.
pub const NAME_OF_NAMESPACE: &str = "kubernetes.io/metadata.name";
/// How Cilium's selectors speak of the namespace of a pod.
const CILIUM_NAMESPACE: &str = "io.kubernetes.pod.namespace";
/// What labels of a namespace begin with in Cilium's selectors.
const CILIUM_NAMESPACE_LABELS: &str = "io.cilium.k8s.namespace.labels.";

/// A policy: whom it is for, and what it lets through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// The namespace whose pods it is for; all where it is cluster-wide.
    pub namespace: Option<String>,
    /// The pods.
    pub pods: Selector,
    /// What may come in; none where it says nothing of that.
    pub ingress: Option<Direction>,
    /// What may go out.
    pub egress: Option<Direction>,
    /// Whether Cilium alone reads it.
    pub is_cilium: bool,
    /// Where its name is written.
    pub at: Span,
}

/// What a policy says of one direction.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Direction {
    /// Whether all else is refused.
    pub isolates: bool,
    /// What is let through.
    pub allowed: Vec<Rule>,
    /// What is refused whatever else says (Cilium).
    pub denied: Vec<Rule>,
}

/// Traffic: with whom, and on which ports of the pod or host that is reached.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// With whom; everybody where it is none.
    pub peers: Option<Vec<Peer>>,
    /// On which ports; all where it is none.
    pub ports: Option<Vec<Port>>,
    /// Where it is written.
    pub at: Span,
}

/// Whom a rule speaks of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Peer {
    /// Whom.
    pub who: Who,
    /// Where it is written.
    pub at: Span,
}

/// Whom a peer means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Who {
    /// Pods with these labels in namespaces with those; in the policy's own where nothing is said of namespaces.
    Pods {
        /// Of which namespaces.
        namespaces: Option<Selector>,
        /// Which pods.
        pods: Selector,
    },
    /// Addresses outside of the cluster.
    Range {
        /// The range.
        range: IpNet,
        /// What of it is not meant.
        except: Vec<IpNet>,
    },
    /// One of Cilium's entities.
    Entity(Entity),
    /// A host outside, by its name: `api.example.com`, `*.example.com`.
    Host(String),
}

/// What Cilium knows without labels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Entity {
    /// Everything.
    All,
    /// Everything outside of the cluster.
    World,
    /// All that runs in the cluster.
    Cluster,
    /// The node itself.
    Host,
    /// Other nodes.
    RemoteNode,
    /// The API server.
    ApiServer,
    /// Cilium's own proxy of Ingresses and Gateways.
    Ingress,
    /// Cilium's health checks, and what else no proof speaks of.
    Other,
}

/// Ports of a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Port {
    /// By number.
    Numbers(Ports),
    /// By the name that the pod gives it; of one protocol, or of any.
    Named(Option<Protocol>, String),
}

/// The policies that an object holds: none where it is no policy.
pub fn policies<T: Tree>(object: &T) -> Vec<Policy> {
    let (Some(version), Some(kind)) = (object.word("apiVersion"), object.word("kind")) else {
        return Vec::new();
    };
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let name = object.word_at(&["metadata", "name"]).unwrap_or_default();
    let space = object.word_at(&["metadata", "namespace"]).unwrap_or_else(|| "default".to_owned());
    let at = object.at(&["metadata", "name"]).map_or_else(|| object.span(), |it| it.span());
    match (group, kind.as_str()) {
        ("networking.k8s.io", "NetworkPolicy") => {
            let Some(spec) = object.get("spec") else { return Vec::new() };
            vec![of_kubernetes(name, space, &spec, at)]
        }
        ("cilium.io", "CiliumNetworkPolicy") => {
            specs(object).iter().map(|spec| of_cilium(&name, Some(&space), spec, at)).collect()
        }
        ("cilium.io", "CiliumClusterwideNetworkPolicy") => specs(object)
            .iter()
            // Those of nodes are no policies of pods.
            .filter(|spec| spec.get("nodeSelector").is_none())
            .map(|spec| of_cilium(&name, None, spec, at))
            .collect(),
        _ => Vec::new(),
    }
}

fn specs<T: Tree>(object: &T) -> Vec<T> {
    object.get("spec").into_iter().chain(object.list("specs")).collect()
}

fn of_kubernetes<T: Tree>(name: String, namespace: String, spec: &T, at: Span) -> Policy {
    let types: Vec<String> =
        spec.list("policyTypes").iter().filter_map(|it| it.text().map(str::to_owned)).collect();
    let said = |word: &str| types.iter().any(|it| it == word);
    let out = spec.list("egress");
    let has_ingress = types.is_empty() || said("Ingress");
    let has_egress = if types.is_empty() { !out.is_empty() } else { said("Egress") };
    let direction = |rules: &[T], peers: &str| Direction {
        isolates: true,
        allowed: rules.iter().map(|it| rule_of_kubernetes(it, peers)).collect(),
        denied: Vec::new(),
    };
    Policy {
        name,
        namespace: Some(namespace),
        pods: spec.get("podSelector").map(|it| selector(&it)).unwrap_or_default(),
        ingress: has_ingress.then(|| direction(&spec.list("ingress"), "from")),
        egress: has_egress.then(|| direction(&out, "to")),
        is_cilium: false,
        at,
    }
}

fn rule_of_kubernetes<T: Tree>(rule: &T, peers: &str) -> Rule {
    // An empty list is as none.
    let peers = rule.list(peers);
    let ports = rule.list("ports");
    Rule {
        peers: (!peers.is_empty()).then(|| peers.iter().filter_map(peer_of_kubernetes).collect()),
        ports: (!ports.is_empty()).then(|| ports.iter().filter_map(port_of_kubernetes).collect()),
        at: rule.span(),
    }
}

fn peer_of_kubernetes<T: Tree>(peer: &T) -> Option<Peer> {
    let who = match peer.get("ipBlock") {
        Some(block) => range(&block)?,
        None => {
            let namespaces = peer.get("namespaceSelector").map(|it| selector(&it));
            let pods = peer.get("podSelector").map(|it| selector(&it));
            // Without either it means nobody.
            if namespaces.is_none() && pods.is_none() {
                return None;
            }
            Who::Pods { namespaces, pods: pods.unwrap_or_default() }
        }
    };
    Some(Peer { who, at: peer.span() })
}

fn range<T: Tree>(block: &T) -> Option<Who> {
    let net = |text: &str| text.parse::<IpNet>().ok().map(|it| it.trunc());
    let except = block.list("except");
    Some(Who::Range {
        range: net(block.get("cidr")?.text()?)?,
        except: except.iter().filter_map(|it| net(it.text()?)).collect(),
    })
}

fn port_of_kubernetes<T: Tree>(port: &T) -> Option<Port> {
    let protocol = port.word("protocol").map_or(Some(Protocol::Tcp), |it| Protocol::of(&it))?;
    Some(numbered(Some(protocol), port.word("port"), port.word("endPort")))
}

fn numbered(protocol: Option<Protocol>, port: Option<String>, last: Option<String>) -> Port {
    let range = |from: u16, to: u16| match protocol {
        Some(protocol) => Ports::range(protocol, from, to),
        None => Protocol::ALL
            .iter()
            .fold(Ports::none(), |sum, it| sum.and(&Ports::range(*it, from, to))),
    };
    match port {
        None => Port::Numbers(range(1, u16::MAX)),
        Some(port) => match port.parse::<u16>() {
            Ok(from) => {
                let to = last.and_then(|it| it.parse().ok()).unwrap_or(from);
                Port::Numbers(range(from, to))
            }
            Err(_) => Port::Named(protocol, port),
        },
    }
}

/// A label selector as Kubernetes has it.
pub fn selector<T: Tree>(tree: &T) -> Selector {
    let mut all = Vec::new();
    for (key, _, value) in tree.get("matchLabels").and_then(|it| it.fields()).unwrap_or_default() {
        let value = value.text().unwrap_or_default().to_owned();
        all.push(Requirement { key, test: Test::In(vec![value]) });
    }
    for it in tree.list("matchExpressions") {
        let Some(key) = it.word("key") else { continue };
        let values: Vec<String> =
            it.list("values").iter().filter_map(|it| it.text().map(str::to_owned)).collect();
        let test = match it.word("operator").as_deref() {
            Some("In") => Test::In(values),
            Some("NotIn") => Test::NotIn(values),
            Some("Exists") => Test::Exists,
            Some("DoesNotExist") => Test::Absent,
            // What no operator is selects nothing.
            _ => Test::In(Vec::new()),
        };
        all.push(Requirement { key, test });
    }
    Selector(all)
}

fn of_cilium<T: Tree>(name: &str, namespace: Option<&str>, spec: &T, at: Span) -> Policy {
    let default =
        |direction: &str| spec.at(&["enableDefaultDeny", direction]).and_then(|it| flag(&it));
    let direction = |allow: &str, deny: &str, side: &str, isolating: Option<bool>| {
        // An empty list is as none.
        let said = |list: &T| list.items().is_some_and(|it| !it.is_empty());
        let (allowed, denied) = (spec.get(allow).filter(said), spec.get(deny).filter(said));
        if allowed.is_none() && denied.is_none() {
            return None;
        }
        let rules = |list: Option<T>| -> Vec<Rule> {
            let items = list.and_then(|it| it.items()).unwrap_or_default();
            // A rule that says nothing lets nothing through, and isolates.
            let items = items.iter().filter(|it| it.fields().is_some_and(|it| !it.is_empty()));
            items.map(|it| rule_of_cilium(it, side)).collect()
        };
        Some(Direction {
            isolates: isolating.unwrap_or(true),
            allowed: rules(allowed),
            denied: rules(denied),
        })
    };
    Policy {
        name: name.to_owned(),
        namespace: namespace.map(str::to_owned),
        pods: spec.get("endpointSelector").map(|it| of_endpoints(&it).1).unwrap_or_default(),
        ingress: direction("ingress", "ingressDeny", "from", default("ingress")),
        egress: direction("egress", "egressDeny", "to", default("egress")),
        is_cilium: true,
        at,
    }
}

fn flag<T: Tree>(tree: &T) -> Option<bool> {
    tree.text().and_then(|it| it.parse().ok())
}

/// A selector of endpoints: what it says of namespaces, and what of pods. Cilium's keys may begin with the label's source.
fn of_endpoints<T: Tree>(tree: &T) -> (Option<Selector>, Selector) {
    let (mut namespaces, mut pods) = (Vec::new(), Vec::new());
    for it in selector(tree).0 {
        let key = it.key.strip_prefix("k8s:").or_else(|| it.key.strip_prefix("any:"));
        let key = key.unwrap_or(&it.key).to_owned();
        if key == CILIUM_NAMESPACE {
            namespaces.push(Requirement { key: NAME_OF_NAMESPACE.to_owned(), test: it.test });
        } else if let Some(label) = key.strip_prefix(CILIUM_NAMESPACE_LABELS) {
            namespaces.push(Requirement { key: label.to_owned(), test: it.test });
        } else {
            pods.push(Requirement { key, test: it.test });
        }
    }
    ((!namespaces.is_empty()).then_some(Selector(namespaces)), Selector(pods))
}

fn rule_of_cilium<T: Tree>(rule: &T, side: &str) -> Rule {
    let field = |what: &str| rule.get(&format!("{side}{what}"));
    let mut peers: Vec<Peer> = Vec::new();
    let mut said = false;
    let mut each = |what: &str, make: &dyn Fn(&T) -> Option<Who>| {
        if let Some(list) = field(what) {
            said = true;
            for it in list.items().unwrap_or_default() {
                peers.extend(make(&it).map(|who| Peer { who, at: it.span() }));
            }
        }
    };
    each("Endpoints", &|it| {
        let (namespaces, pods) = of_endpoints(it);
        Some(Who::Pods { namespaces, pods })
    });
    each("Entities", &|it| entity(it.text()?).map(Who::Entity));
    each("CIDR", &|it| {
        let range = it.text()?.parse::<IpNet>().ok()?.trunc();
        Some(Who::Range { range, except: Vec::new() })
    });
    each("CIDRSet", &|it| range(it));
    each("FQDNs", &|it| it.word("matchName").or_else(|| it.word("matchPattern")).map(Who::Host));
    let lists = rule.list("toPorts");
    let mut ports: Vec<Port> = Vec::new();
    let mut is_any = lists.is_empty();
    for list in &lists {
        let items = list.list("ports");
        is_any |= items.is_empty();
        for it in items {
            let protocol = it.word("protocol");
            let number = it.word("port").filter(|it| it != "0");
            match protocol.as_deref() {
                None | Some("ANY") => ports.push(numbered(None, number, it.word("endPort"))),
                Some(text) => {
                    if let Some(protocol) = Protocol::of(text) {
                        ports.push(numbered(Some(protocol), number, it.word("endPort")));
                    }
                }
            }
        }
    }
    Rule { peers: said.then_some(peers), ports: (!is_any).then_some(ports), at: rule.span() }
}

fn entity(text: &str) -> Option<Entity> {
    Some(match text {
        "all" => Entity::All,
        "world" | "world-ipv4" | "world-ipv6" => Entity::World,
        "cluster" => Entity::Cluster,
        "host" => Entity::Host,
        "remote-node" => Entity::RemoteNode,
        "kube-apiserver" => Entity::ApiServer,
        "ingress" => Entity::Ingress,
        "health" | "init" | "unmanaged" | "none" => Entity::Other,
        _ => return None,
    })
}

/// The labels of a namespace, with that of its name.
pub fn labels_of_namespace(name: &str, written: &Labels) -> Labels {
    let mut labels = written.clone();
    labels.insert(NAME_OF_NAMESPACE.to_owned(), name.to_owned());
    labels
}
