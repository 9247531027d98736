//! Network policies: what is said of them elsewhere, and laws.
#![expect(clippy::disallowed_methods, reason = "reads the expectations of others")]

use std::rc::Rc;

use infraflux::argocd::Tree;
use infraflux::driver::{MemoryWorld, Session};
use infraflux::network::{
    Direction, End, Labels, Outside, Peer, Pod, Policy, Port, Ports, Protocol, Relation,
    Requirement, Rule, Selector, Test, Who, World, labels_of_namespace, policies, read,
};
use infraflux::source::{Extent, FileId, Span};
use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert_eq, proptest};
use serde_json::Value;

use crate::oracle;

/// An object of JSON, written nowhere.
#[derive(Clone)]
pub(crate) struct Json(Rc<Value>, Rc<str>);

impl Json {
    pub(crate) fn new(value: &Value) -> Self {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Self(Rc::new(value.clone()), text.into())
    }
}

impl Tree for Json {
    fn get(&self, name: &str) -> Option<Self> {
        self.0.get(name).filter(|it| !it.is_null()).map(Self::new)
    }

    fn fields(&self) -> Option<Vec<(String, Self, Self)>> {
        let fields = self.0.as_object()?.iter();
        let one = |(key, value): (&String, &Value)| {
            (key.clone(), Self::new(&Value::String(key.clone())), Self::new(value))
        };
        Some(fields.map(one).collect())
    }

    fn items(&self) -> Option<Vec<Self>> {
        Some(self.0.as_array()?.iter().map(Self::new).collect())
    }

    fn text(&self) -> Option<&str> {
        (!self.0.is_array() && !self.0.is_object()).then_some(&*self.1)
    }

    fn is_bare(&self) -> bool {
        !self.0.is_string()
    }

    fn span(&self) -> Span {
        Span::new(FileId(0), 0, 0)
    }

    fn part(&self, _: Extent) -> (Span, bool) {
        (self.span(), false)
    }

    fn inside(&self) -> Option<Self> {
        None
    }
}

fn labels(value: &Value) -> Labels {
    let fields = value.as_object().into_iter().flatten();
    fields.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned())).collect()
}

/// A world as the golden cases describe it, and the names of its pods.
fn world(case: &Value) -> (World, Vec<String>) {
    let mut world = World::default();
    for (name, it) in case["namespaces"].as_object().unwrap() {
        world.namespaces.insert(name.clone(), labels_of_namespace(name, &labels(it)));
    }
    let mut names = Vec::new();
    for (name, it) in case["workloads"].as_object().unwrap() {
        let mut ports = Vec::new();
        for (port, numbers) in it["ports"].as_object().unwrap() {
            for pair in numbers.as_array().unwrap() {
                let protocol = Protocol::of(pair[0].as_str().unwrap()).unwrap();
                let number = u16::try_from(pair[1].as_u64().unwrap()).unwrap();
                ports.push((port.clone(), protocol, number));
            }
        }
        names.push(name.clone());
        world.pods.push(Pod {
            namespace: it["ns"].as_str().unwrap().to_owned(),
            labels: labels(&it["labels"]),
            ports,
            on_host: false,
        });
    }
    for policy in case["policies"].as_array().unwrap() {
        world.policies.extend(policies(&Json::new(policy)));
    }
    (world, names)
}

fn end<'e>(text: &str, names: &[String]) -> End<'e> {
    match text.strip_prefix("ip:") {
        Some(address) => End::Outside(Outside::address(address.parse().unwrap())),
        None => End::Pod(names.iter().position(|it| it == text).unwrap()),
    }
}

#[test]
fn recipes_mean_what_is_said_of_them() {
    let Some(folder) = oracle::folder("network::recipes_mean_what_is_said_of_them") else { return };
    let text = std::fs::read_to_string(folder.join("netpol/recipes.json")).unwrap();
    let golden: Value = serde_json::from_str(&text).unwrap();
    let mut asked = 0;
    for case in golden["cases"].as_array().unwrap() {
        let (world, names) = world(case);
        assert_eq!(world.policies.len(), case["policies"].as_array().unwrap().len());
        let relation = Relation::new(&world);
        for expected in case["expect"].as_array().unwrap() {
            let from = end(expected["src"].as_str().unwrap(), &names);
            let to = end(expected["dst"].as_str().unwrap(), &names);
            let protocol = Protocol::of(expected["protocol"].as_str().unwrap()).unwrap();
            let port = u16::try_from(expected["port"].as_u64().unwrap()).unwrap();
            let allowed = relation.allows(from, to, protocol, port);
            assert_eq!(
                Some(allowed),
                expected["allowed"].as_bool(),
                "recipe {}: {expected}; {}",
                case["recipe"],
                relation.ports(from, to)
            );
            asked += 1;
        }
    }
    assert!(asked >= 38, "only {asked} expectations were found");
}

const WORKLOADS: usize = 12;
const NAMESPACES: usize = 3;

/// Whose port `http` each workload needs: only those behind it, so that none waits for itself.
fn program(needs: &[(usize, usize)], open: usize, policies: &str) -> String {
    let mut text = format!(
        "import std.packs.{{Cilium, Small}}
platform acme {{ domain = \"acme.example\", hub = one }}
environment prod {{}}
cluster one : Small {{
  environment = prod
  provider = Docker {{}}
  kubernetes = \"v1.34.2\"
  network {{ policies = \"{policies}\" }}
}}
"
    );
    if policies == "cilium" {
        text.push_str("addon cilium : Cilium { namespace = kube-system }\n");
        text.push_str(
            "namespace kube-system { network = \"open\", pod-security = \"privileged\" }\n",
        );
    }
    text.push_str(
        "workload * {
  image = \"ghcr.io/acme/shop:1.8.2\"
  cpu = 10m .. none
  memory = 16Mi .. 32Mi
  port http { number = 8080 }
  port admin { number = 9090 }
}
",
    );
    for namespace in 0..NAMESPACES {
        let network = if namespace == open { " network = \"open\" " } else { "" };
        text.push_str(&format!("namespace n{namespace} {{{network}}}\n"));
    }
    for number in 0..WORKLOADS {
        let needed = needs.iter().filter(|(from, _)| *from == number);
        let needed: Vec<String> = needed.map(|(_, to)| format!("w{to}.http")).collect();
        text.push_str(&format!(
            "workload w{number} {{ namespace = n{}, needs = [{}] }}\n",
            number % NAMESPACES,
            needed.join(", ")
        ));
    }
    text
}

/// The pods and policies of what a program writes, by the names of its workloads.
fn written(text: &str) -> (World, Vec<usize>) {
    let mut session = Session::load(&MemoryWorld::new([("main.iflux", text)]));
    let plan = session.build();
    let plan = plan.unwrap_or_else(|| panic!("{:#?}", session.diagnostics()));
    let mut trees = Vec::new();
    for file in plan.files.iter().filter(|file| file.path.starts_with("one/")) {
        let text = std::str::from_utf8(&file.bytes).unwrap();
        for document in serde_yaml::Deserializer::from_str(text) {
            let value = <Value as serde::Deserialize>::deserialize(document).unwrap();
            trees.push(Json::new(&value));
        }
    }
    let scene = read(&trees);
    let place = |number: usize| {
        let name = format!("Deployment w{number}");
        scene.makers.iter().position(|(known, _)| *known == name).unwrap()
    };
    let places = (0..WORKLOADS).map(place).collect();
    (scene.world, places)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is declared passes, and nothing else does, but for what open namespaces let through.
    #[test]
    fn what_is_written_lets_through_what_is_declared(
        pairs in prop::collection::vec((0..WORKLOADS, 0..WORKLOADS), 0..20),
        open in 0..=NAMESPACES,
        policies in prop::sample::select(vec!["kubernetes", "cilium"]),
    ) {
        let needs: Vec<(usize, usize)> =
            pairs.into_iter().filter(|(from, to)| from < to).collect();
        let (world, places) = written(&program(&needs, open, policies));
        let relation = Relation::new(&world);
        for from in 0..WORKLOADS {
            for to in (0..WORKLOADS).filter(|to| *to != from) {
                for (port, name) in [(8080, "http"), (9090, "admin"), (22, "none")] {
                    let is_open = |it: usize| it % NAMESPACES == open;
                    let declared = name == "http" && needs.contains(&(from, to));
                    // Both sides let it through, each by being open or by the need.
                    let expected = declared || is_open(from) && is_open(to);
                    let ends = (End::Pod(places[from]), End::Pod(places[to]));
                    prop_assert_eq!(
                        relation.allows(ends.0, ends.1, Protocol::Tcp, port),
                        expected,
                        "w{} to w{} on {}", from, to, port
                    );
                }
            }
        }
    }
}

/// A namespace's selector, a pod's, and ports: small, so that they meet.
fn selector() -> impl Strategy<Value = Selector> {
    prop::sample::select(vec![
        Selector::default(),
        Selector::labels([("app", "a")]),
        Selector::labels([("app", "b")]),
        Selector(vec![Requirement { key: "app".to_owned(), test: Test::Exists }]),
        Selector(vec![Requirement {
            key: "app".to_owned(),
            test: Test::NotIn(vec!["a".to_owned()]),
        }]),
    ])
}

fn rule() -> impl Strategy<Value = Rule> {
    let at = Span::new(FileId(0), 0, 0);
    let peer = (prop::option::of(selector()), selector())
        .prop_map(move |(namespaces, pods)| Peer { who: Who::Pods { namespaces, pods }, at });
    let port = (1_u16..4).prop_map(|port| Port::Numbers(Ports::one(Protocol::Tcp, port)));
    (
        prop::option::of(prop::collection::vec(peer, 0..3)),
        prop::option::of(prop::collection::vec(port, 0..3)),
    )
        .prop_map(move |(peers, ports)| Rule { peers, ports, at })
}

fn direction() -> impl Strategy<Value = Direction> {
    prop::collection::vec(rule(), 0..3).prop_map(|allowed| Direction {
        isolates: true,
        allowed,
        denied: Vec::new(),
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    let spaces = prop::sample::select(vec!["a", "b"]);
    (spaces, selector(), prop::option::of(direction()), prop::option::of(direction())).prop_map(
        |(namespace, pods, ingress, egress)| Policy {
            name: String::new(),
            namespace: Some(namespace.to_owned()),
            pods,
            ingress,
            egress,
            is_cilium: false,
            at: Span::new(FileId(0), 0, 0),
        },
    )
}

/// One direction of one connection, as the API's documentation has it: no policy for the pod, or a rule that means the other end and the port.
fn lets(world: &World, subject: usize, other: usize, port: u16, comes: bool) -> bool {
    let (pod, peer) = (&world.pods[subject], &world.pods[other]);
    let mut isolated = false;
    for policy in &world.policies {
        let direction = if comes { &policy.ingress } else { &policy.egress };
        let is_for = policy.namespace.as_deref() == Some(pod.namespace.as_str())
            && policy.pods.selects(&pod.labels);
        let Some(direction) = direction.as_ref().filter(|_| is_for) else { continue };
        isolated = true;
        for rule in &direction.allowed {
            let means = rule.peers.as_ref().is_none_or(|peers| {
                peers.iter().any(|it| match &it.who {
                    Who::Pods { namespaces: None, pods } => {
                        peer.namespace == pod.namespace && pods.selects(&peer.labels)
                    }
                    Who::Pods { namespaces: Some(spaces), pods } => {
                        spaces.selects(&world.namespaces[&peer.namespace])
                            && pods.selects(&peer.labels)
                    }
                    Who::Range { .. } | Who::Entity(_) | Who::Host(_) => false,
                })
            });
            let on = rule.ports.as_ref().is_none_or(|ports| {
                ports
                    .iter()
                    .any(|it| matches!(it, Port::Numbers(it) if it.has(Protocol::Tcp, port)))
            });
            if means && on {
                return true;
            }
        }
    }
    !isolated
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The relation over sets of ports is the one over single connections.
    #[test]
    fn sets_of_ports_mean_single_connections(policies in prop::collection::vec(policy(), 0..6)) {
        let pod = |namespace: &str, app: Option<&str>| Pod {
            namespace: namespace.to_owned(),
            labels: app.map(|it| ("app".to_owned(), it.to_owned())).into_iter().collect(),
            ports: Vec::new(),
            on_host: false,
        };
        let pods = vec![
            pod("a", Some("a")), pod("a", Some("b")), pod("a", None), pod("b", Some("a")), pod("b", Some("c")),
        ];
        let namespaces = ["a", "b"].map(|name| {
            let own: Labels = [("app".to_owned(), name.to_owned())].into_iter().collect();
            (name.to_owned(), labels_of_namespace(name, &own))
        });
        let world = World { namespaces: namespaces.into_iter().collect(), pods, policies };
        let relation = Relation::new(&world);
        for from in 0..world.pods.len() {
            for to in (0..world.pods.len()).filter(|to| *to != from) {
                for port in 1..5 {
                    let expected = lets(&world, from, to, port, false) && lets(&world, to, from, port, true);
                    let found = relation.allows(End::Pod(from), End::Pod(to), Protocol::Tcp, port);
                    prop_assert_eq!(found, expected, "{} to {} on {}", from, to, port);
                }
            }
        }
    }
}
