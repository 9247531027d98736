//! The cases of policies, as tests for `gator verify`.

use std::collections::BTreeSet;

use super::{expands, gatekeeper};
use crate::backend::k8s::{Fields, IntoNode, list, text};
use crate::backend::objects::plain;
use crate::backend::{Document, Manifest, Node};
use crate::eval::Origin;
use crate::model::{Expected, Model, Policy, PolicyCase, Resource};

/// The file that says what is tested.
const SUITE: &str = "suite.yaml";

/// A folder for each policy with cases that Gatekeeper holds: its objects, those of its cases, and the suite.
pub fn gator_suites<'a>(model: &'a Model<'a>) -> Vec<Document<'a>> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let held = |it: &&Resource<'_, Policy<'_>>| {
        it.value.engine.value.as_str() == "gatekeeper" && !it.value.test.is_empty()
    };
    let policies = model.policies.iter().filter(held);
    policies
        .filter(|it| seen.insert(it.name.value.as_str()))
        .flat_map(|policy| documents(model, policy))
        .collect()
}

fn documents<'a>(
    model: &'a Model<'a>,
    resource: &'a Resource<'a, Policy<'a>>,
) -> Vec<Document<'a>> {
    let policy = &resource.value;
    let document = |file: &str, manifests: Vec<Manifest<'a>>| Document {
        path: format!("{}/{file}", resource.name.value),
        source: resource.source.into(),
        address: resource.address().to_string().into(),
        manifests,
    };
    let mut out: Vec<Document<'a>> = gatekeeper::objects(model, policy)
        .into_iter()
        .zip(["template.yaml", "constraint.yaml"])
        .map(|(manifest, file)| document(file, vec![manifest]))
        .collect();
    if expands(policy) {
        out.push(document("expansion.yaml", gatekeeper::expansion(model)));
    }
    for (name, case) in &policy.test {
        let root = plain(&case.object);
        out.push(document(&format!("case-{name}.yaml"), vec![Manifest { root }]));
    }
    out.push(document(SUITE, vec![suite(policy)]));
    out
}

fn suite<'a>(policy: &'a Policy<'a>) -> Manifest<'a> {
    let rule = Origin::rule("the tests of `gator` for the cases of the policy");
    let of = |name: &'static str| text(name, rule);
    let cases = policy.test.iter().map(|(_, case)| this(case));
    let test = Fields::new()
        .with("name", policy.name)
        .with("template", of("template.yaml"))
        .with("constraint", of("constraint.yaml"))
        .maybe("expansion", expands(policy).then(|| of("expansion.yaml")))
        .with("cases", list(cases));
    let root = Fields::new()
        .with("apiVersion", of("test.gatekeeper.sh/v1alpha1"))
        .with("kind", of("Suite"))
        .with("metadata", Fields::new().with("name", policy.name))
        .with("tests", list([test]))
        .into_node();
    Manifest { root }
}

fn this<'a>(case: &'a PolicyCase<'a>) -> Fields<'a> {
    let file = Origin::rule("the file of the case");
    let violations = match case.violations {
        Expected::Some(origin) => text("yes", origin),
        Expected::Exactly(count) if count.value == 0 => text("no", count.origin),
        Expected::Exactly(count) => Node::Int(count.value, count.origin),
    };
    Fields::new()
        .with("name", case.name)
        .with("object", text(format!("case-{}.yaml", case.name.value), file))
        .with("assertions", list([Fields::new().with("violations", violations)]))
}
