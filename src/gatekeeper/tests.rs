//! Constraints, held against objects.

use serde_json::{Value, json};

use super::{Constraint, Flaw, Program, Scope, expanded, study};
use crate::embedded::rego::Rego;

fn constraint(rego: &str, kinds: &[(&str, &str)]) -> Constraint {
    let kinds = kinds.iter().map(|it| (it.0.to_owned(), it.1.to_owned()));
    Constraint {
        program: Program::Rego(Rego::read(rego).expect("a policy")),
        parameters: json!({}),
        kinds: kinds.collect(),
        namespaces: Vec::new(),
        excluded: vec!["kube-*".to_owned()],
        labels: Vec::new(),
        scope: Scope::All,
        expands: true,
    }
}

const PRIVILEGED: &str = r#"package a
violation contains {"msg": sprintf("%s is privileged", [c.name])} if {
  some c in input.review.object.spec.containers
  c.securityContext.privileged
}"#;

const ALL_LISTS: &str = r#"package a
lists := ["containers", "initContainers", "ephemeralContainers"]
violation contains {"msg": sprintf("%s is privileged", [c.name])} if {
  some list in lists
  some c in input.review.object.spec[list]
  c.securityContext.privileged
}"#;

fn deployment(namespace: &str, list: &str) -> Value {
    let container = json!({ "name": "web", "securityContext": { "privileged": true } });
    let mut spec = json!({ "containers": [] });
    spec[list] = json!([container]);
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "web", "namespace": namespace },
        "spec": { "template": { "metadata": { "labels": { "app": "web" } }, "spec": spec } },
    })
}

#[test]
fn workloads_become_pods() {
    let pod = expanded(&deployment("shop", "containers")).expect("a pod");
    assert_eq!(pod.pointer("/kind"), Some(&json!("Pod")));
    assert_eq!(pod.pointer("/metadata/namespace"), Some(&json!("shop")));
    assert_eq!(pod.pointer("/metadata/labels/app"), Some(&json!("web")));
    assert_eq!(pod.pointer("/spec/containers/0/name"), Some(&json!("web")));
    assert_eq!(expanded(&pod), None);
}

#[test]
fn constraints_are_held_against_pods_of_workloads() {
    let count =
        |constraint: &Constraint, object: &Value| constraint.verdict(object).expect("runs").count;
    let pods = constraint(PRIVILEGED, &[("", "Pod")]);
    assert_eq!(count(&pods, &deployment("shop", "containers")), 1);
    assert_eq!(count(&pods, &deployment("kube-system", "containers")), 0);
    let unexpanded = Constraint { expands: false, ..pods };
    assert_eq!(count(&unexpanded, &deployment("shop", "containers")), 0);
    let closer = Constraint {
        expands: true,
        labels: vec![("app".to_owned(), "web".to_owned())],
        namespaces: vec!["shop".to_owned()],
        scope: Scope::Namespaced,
        ..unexpanded
    };
    assert_eq!(count(&closer, &deployment("shop", "containers")), 1);
    assert_eq!(count(&closer, &deployment("bank", "containers")), 0);
    let other = Constraint { labels: vec![("app".to_owned(), "db".to_owned())], ..closer };
    assert_eq!(count(&other, &deployment("shop", "containers")), 0);
}

#[test]
fn what_a_policy_does_not_see_is_found() {
    let flaws = study(&constraint(PRIVILEGED, &[("apps", "Deployment")])).expect("runs");
    assert_eq!(
        flaws,
        [Flaw::NeverLooksInside { kinds: vec!["Deployment".to_owned()], is_for_pods: false }]
    );
    let flaws = study(&constraint(PRIVILEGED, &[("", "Pod")])).expect("runs");
    let [Flaw::SkipsContainers { lists, said }] = flaws.as_slice() else { panic!("{flaws:?}") };
    assert_eq!(lists, &["initContainers", "ephemeralContainers"]);
    assert_eq!(said, "probe is privileged");
    assert_eq!(study(&constraint(ALL_LISTS, &[("", "Pod")])), Ok(Vec::new()));
    let labels = "package a\nviolation contains {\"msg\": \"x\"} if { not input.review.object.metadata.labels.team }";
    let labels = constraint(labels, &[("apps", "Deployment")]);
    assert_eq!(study(&labels), Ok(Vec::new()));
    assert!(labels.fires_on_samples());
}
