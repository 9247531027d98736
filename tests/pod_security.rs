//! The Pod Security Standards against the pods with verdicts of Kubernetes' own test data, at every version.
#![expect(clippy::disallowed_methods, reason = "reads what the judges know")]

use infraflux::admission::pod_security::{Level, Policy, evaluate};
use infraflux::backend::Node;
use infraflux::eval::Origin;
use serde_json::Value;

use crate::oracle;

/// A value as a manifest has it: what is `null` is not there.
fn node(value: &Value) -> Option<Node<'static>> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(value) => Node::Bool(*value, Origin::NONE),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Node::Int(whole, Origin::NONE),
            None => Node::Float(number.as_f64().expect("a number"), Origin::NONE),
        },
        Value::String(text) => Node::Text(text.clone().into(), Origin::NONE),
        Value::Array(items) => Node::List(items.iter().filter_map(node).collect()),
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| Some((key.clone().into(), node(value)?));
            Node::Map(entries.iter().filter_map(entry).collect())
        }
    })
}

/// The controls that refuse a pod.
fn refused(pod: &Node<'_>, policy: Policy) -> Vec<&'static str> {
    let spec = pod.get("spec").expect("a pod has a spec");
    let found = evaluate(pod.get("metadata").as_ref(), &spec, "", policy);
    found.iter().map(|it| it.control.id()).collect()
}

#[test]
fn every_pod_gets_the_verdict_of_kubernetes_at_every_version() {
    let Some(folder) = oracle::folder("pod security") else { return };
    let text = std::fs::read_to_string(folder.join("pss/cases.jsonl")).expect("the cases");
    let (mut judged, mut wrong) = (0, Vec::new());
    for line in text.lines().skip(1) {
        let case: Value = serde_json::from_str(line).expect("JSON");
        let pod = node(&case["pod"]).expect("a pod");
        let names = &case["names"];
        assert_eq!(refused(&pod, Policy::new(Level::Privileged, 37)), Vec::<&str>::new());
        let mut is_refused_somewhere = false;
        for (level, verdicts) in case["expect"].as_object().expect("levels") {
            let level = Level::read(level).expect("a level");
            for (verdict, ranges) in verdicts.as_object().expect("verdicts") {
                for range in ranges.as_array().expect("ranges") {
                    let end = |at: usize| range[at].as_u64().expect("a minor") as u32;
                    for minor in end(0)..=end(1) {
                        judged += 1;
                        let found = refused(&pod, Policy::new(level, minor));
                        is_refused_somewhere |= !found.is_empty();
                        if found.is_empty() != (verdict == "pass") {
                            let as_of = format!("{level:?} v1.{minor}");
                            wrong.push(format!("{names} {as_of}: {verdict}, but {found:?}"));
                        }
                    }
                }
            }
        }
        if is_refused_somewhere {
            assert!(!refused(&pod, Policy::STRICTEST).is_empty(), "{names} pass the strictest");
        }
    }
    assert!(wrong.is_empty(), "{} of {judged} disagree:\n{}", wrong.len(), wrong.join("\n"));
    assert!(judged > 2000, "only {judged} verdicts");
}
