//! Policies, for who holds them.
//!
//! * **Takes** `policy` resources.
//! * **Gives** `<cluster>/policies/<name>.yaml`: a ConstraintTemplate and its constraint, or a ValidatingAdmissionPolicy and its binding; and
//!   `<cluster>/policies/expansion.yaml`, by which Gatekeeper judges workloads as the pods that they become.
//! * **Owns** the schema of what a policy is told, and which objects a policy is for.
//! * **Never** reads a policy's text, but for the version of its language.
//! * **Read first** this file, then `gatekeeper.rs`.

mod admission;
mod gatekeeper;
mod suite;

pub use suite::gator_suites;

use std::collections::BTreeMap;

use super::{Backend, Document, Job, Makes, Output};
use crate::model::{Model, Policy, Ref, Resource};

/// The backend.
pub(super) struct Policies;

/// Where policies stand.
const FOLDER: &str = "policies";

impl Backend for Policies {
    fn name(&self) -> &'static str {
        "policies"
    }

    fn makes(&self) -> &'static [Makes] {
        const FILE: &str = "<cluster>/policies/<name>.yaml";
        &[
            Makes {
                kind: "policy",
                object: "templates.gatekeeper.sh/v1 ConstraintTemplate",
                name: "<name>",
                file: FILE,
                about: "The rule, where Gatekeeper holds it; its name has no hyphens.",
            },
            Makes {
                kind: "policy",
                object: "constraints.gatekeeper.sh/v1beta1 <kind>",
                name: "<name>",
                file: FILE,
                about: "What the rule is for, and what it is told.",
            },
            Makes {
                kind: "policy",
                object: "expansion.gatekeeper.sh/v1beta1 ExpansionTemplate",
                name: "<name>",
                file: "<cluster>/policies/expansion.yaml",
                about: "How workloads become pods, one for all policies of a cluster with `workloads`.",
            },
            Makes {
                kind: "policy",
                object: "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy",
                name: "<name>",
                file: FILE,
                about: "The rule, where the API server holds it.",
            },
            Makes {
                kind: "policy",
                object: "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding",
                name: "<name>",
                file: FILE,
                about: "That it holds, and what it does.",
            },
        ]
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let own = model.policies.iter().map(|it| Box::new(move || output(model, it)) as Job<'a>);
        let mut first: Option<&'a Resource<'a, Policy<'a>>> = None;
        let mut clusters: BTreeMap<&str, Ref> = BTreeMap::new();
        for policy in model.policies.iter().filter(|it| expands(&it.value)) {
            first.get_or_insert(policy);
            clusters.extend(policy.targets.iter().map(|it| (it.name.as_str(), *it)));
        }
        let shared = first.map(|first| {
            let clusters: Vec<Ref> = clusters.into_values().collect();
            Box::new(move || Output {
                clusters: clusters.clone(),
                document: Document {
                    path: format!("{FOLDER}/expansion.yaml"),
                    source: first.source.into(),
                    address: first.address().to_string().into(),
                    manifests: gatekeeper::expansion(model),
                },
            }) as Job<'a>
        });
        own.chain(shared).collect()
    }
}

/// Whether a policy judges workloads as their pods.
fn expands(policy: &Policy<'_>) -> bool {
    policy.engine.value.as_str() == "gatekeeper" && policy.workloads.value && policy.is_for_pods()
}

fn output<'a>(model: &'a Model<'a>, resource: &'a Resource<'a, Policy<'a>>) -> Output<'a> {
    let policy = &resource.value;
    let manifests = match policy.engine.value.as_str() {
        "admission-policy" => admission::objects(model, policy),
        _ => gatekeeper::objects(model, policy),
    };
    Output {
        clusters: resource.targets.clone(),
        document: Document {
            path: format!("{FOLDER}/{}.yaml", resource.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::Policies;
    use crate::backend::fixture;

    #[test]
    fn policies_are_held() {
        insta::assert_snapshot!(fixture::lowered(&Policies, &fixture::model()));
    }

    #[test]
    fn cases_are_tests_of_gator() {
        let model = fixture::model();
        let shown: String = super::gator_suites(&model)
            .iter()
            .filter(|it| !it.path.contains("template") && !it.path.contains("expansion"))
            .map(|it| {
                let objects = it.manifests.iter().map(|it| fixture::json(&it.root));
                let objects: String =
                    objects.map(|it| serde_yaml::to_string(&it).unwrap()).collect();
                format!("# {}\n{objects}", it.path)
            })
            .collect();
        insta::assert_snapshot!(shown);
    }
}
