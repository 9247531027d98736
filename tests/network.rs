//! Network policies: what is said of them elsewhere, and laws.

use std::rc::Rc;

use infraflux::argocd::Tree;
use infraflux::network::{
    End, Labels, Outside, Pod, Protocol, Relation, World, labels_of_namespace, policies,
};
use infraflux::source::{Extent, FileId, Span};
use serde_json::Value;

use crate::oracle;

/// An object of JSON, written nowhere.
#[derive(Clone)]
struct Json(Rc<Value>, Rc<str>);

impl Json {
    fn new(value: &Value) -> Self {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
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
