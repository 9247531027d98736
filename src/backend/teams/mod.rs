//! What teams may do.
//!
//! * **Takes** `team` resources.
//! * **Gives** `<cluster>/<namespace>/team-<name>.yaml`: a Role and its binding to the team's group, in each of its namespaces.
//! * **Owns** the rights of each access.
//! * **Never** gives a right outside of a namespace, or one over what a namespace is.
//! * **Read first** this file.

use super::k8s::{Fields, IntoNode as _, Metadata, labels, list, text};
use super::{Backend, Document, Job, Makes, Manifest, Output};
use crate::eval::Origin;
use crate::model::{Access, Model, Of, Ref, Resource, Team};
use crate::rbac::GROUP;

/// The backend.
pub(super) struct Teams;

impl Backend for Teams {
    fn name(&self) -> &'static str {
        "teams"
    }

    fn makes(&self) -> &'static [Makes] {
        const FILE: &str = "<cluster>/<namespace>/team-<name>.yaml";
        &[
            Makes {
                kind: "team",
                object: "rbac.authorization.k8s.io/v1 Role",
                name: "team-<name>",
                file: FILE,
                about: "What the team may do in a namespace of its own.",
            },
            Makes {
                kind: "team",
                object: "rbac.authorization.k8s.io/v1 RoleBinding",
                name: "team-<name>",
                file: FILE,
                about: "That its group may.",
            },
        ]
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let each = model
            .teams
            .iter()
            .flat_map(|team| team.value.namespaces.iter().map(move |namespace| (team, *namespace)));
        each.map(|(team, namespace)| Box::new(move || output(model, team, namespace)) as Job<'a>)
            .collect()
    }
}

fn output<'a>(
    model: &'a Model<'a>,
    resource: &'a Resource<'a, Team<'a>>,
    namespace: Of<Ref>,
) -> Output<'a> {
    let team = &resource.value;
    let there = model.namespaces.iter().find(|it| it.id == namespace.value.id);
    let is_there = |cluster: &&Ref| {
        there.is_none_or(|it| it.targets.iter().any(|target| target.id == cluster.id))
    };
    Output {
        clusters: resource.targets.iter().filter(is_there).copied().collect(),
        document: Document {
            path: format!("{}/team-{}.yaml", namespace.value.name, resource.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests: vec![role(model, team, namespace), binding(model, team, namespace)],
        },
    }
}

const VERSION: &str = "rbac.authorization.k8s.io/v1";

fn name<'a>(team: &Team<'a>) -> super::Node<'a> {
    text(format!("team-{}", team.name.value), team.name.origin)
}

/// What an object of a team begins with.
fn head<'a>(
    model: &Model<'a>,
    team: &Team<'a>,
    namespace: Of<Ref>,
    kind: &'static str,
) -> Fields<'a> {
    let rule = Origin::rule("a team has its rights by a role of its own");
    let metadata = Metadata::new(name(team), labels(model))
        .namespace(namespace)
        .labels(&team.labels)
        .annotations(&team.annotations);
    Fields::new()
        .with("apiVersion", text(VERSION, rule))
        .with("kind", text(kind, rule))
        .with("metadata", metadata)
}

fn role<'a>(model: &Model<'a>, team: &Team<'a>, namespace: Of<Ref>) -> Manifest<'a> {
    let origin = team.access.origin;
    let words = |all: &[&'static str]| list(all.iter().map(|it| text(*it, origin)));
    let rules = RIGHTS.iter().filter(|it| it.from <= team.may()).map(|it| {
        Fields::new()
            .with("apiGroups", words(&[it.group]))
            .with("resources", words(it.resources))
            .with("verbs", words(it.verbs))
    });
    Manifest { root: head(model, team, namespace, "Role").with("rules", list(rules)).into_node() }
}

fn binding<'a>(model: &Model<'a>, team: &Team<'a>, namespace: Of<Ref>) -> Manifest<'a> {
    let rule = Origin::rule("a team has its rights by a role of its own");
    let role = Fields::new()
        .with("apiGroup", text(GROUP, rule))
        .with("kind", text("Role", rule))
        .with("name", name(team));
    let group = Fields::new()
        .with("apiGroup", text(GROUP, rule))
        .with("kind", text("Group", rule))
        .with("name", team.group);
    let root = head(model, team, namespace, "RoleBinding")
        .with("roleRef", role)
        .with("subjects", list([group]))
        .into_node();
    Manifest { root }
}

/// Rights over resources of a group, from an access on.
struct Right {
    from: Access,
    group: &'static str,
    resources: &'static [&'static str],
    verbs: &'static [&'static str],
}

const READ: &[&str] = &["get", "list", "watch"];
const WRITE: &[&str] = &["create", "update", "patch", "delete"];

/// What each access adds. Left out on purpose: Secrets, service accounts and their tokens, roles and bindings, network policies, quotas and limits beyond a look.
const RIGHTS: &[Right] = &[
    Right {
        from: Access::View,
        group: "",
        resources: &[
            "configmaps",
            "endpoints",
            "events",
            "limitranges",
            "persistentvolumeclaims",
            "pods",
            "pods/log",
            "pods/status",
            "resourcequotas",
            "serviceaccounts",
            "services",
        ],
        verbs: READ,
    },
    Right {
        from: Access::View,
        group: "apps",
        resources: &["daemonsets", "deployments", "replicasets", "statefulsets"],
        verbs: READ,
    },
    Right {
        from: Access::View,
        group: "autoscaling",
        resources: &["horizontalpodautoscalers"],
        verbs: READ,
    },
    Right { from: Access::View, group: "batch", resources: &["cronjobs", "jobs"], verbs: READ },
    Right {
        from: Access::View,
        group: "discovery.k8s.io",
        resources: &["endpointslices"],
        verbs: READ,
    },
    Right {
        from: Access::View,
        group: "gateway.networking.k8s.io",
        resources: &["httproutes"],
        verbs: READ,
    },
    Right { from: Access::View, group: "metrics.k8s.io", resources: &["pods"], verbs: READ },
    Right {
        from: Access::View,
        group: "networking.k8s.io",
        resources: &["ingresses", "networkpolicies"],
        verbs: READ,
    },
    Right {
        from: Access::View,
        group: "policy",
        resources: &["poddisruptionbudgets"],
        verbs: READ,
    },
    Right {
        from: Access::Deploy,
        group: "",
        resources: &["configmaps", "persistentvolumeclaims", "services"],
        verbs: WRITE,
    },
    // A pod that is deleted is made anew: that restarts it.
    Right { from: Access::Deploy, group: "", resources: &["pods"], verbs: &["delete"] },
    Right {
        from: Access::Deploy,
        group: "apps",
        resources: &["deployments", "statefulsets"],
        verbs: WRITE,
    },
    Right {
        from: Access::Deploy,
        group: "apps",
        resources: &["deployments/scale", "statefulsets/scale"],
        verbs: &["update", "patch"],
    },
    Right {
        from: Access::Deploy,
        group: "autoscaling",
        resources: &["horizontalpodautoscalers"],
        verbs: WRITE,
    },
    Right { from: Access::Deploy, group: "batch", resources: &["cronjobs", "jobs"], verbs: WRITE },
    Right {
        from: Access::Deploy,
        group: "gateway.networking.k8s.io",
        resources: &["httproutes"],
        verbs: WRITE,
    },
    Right {
        from: Access::Deploy,
        group: "policy",
        resources: &["poddisruptionbudgets"],
        verbs: WRITE,
    },
    Right {
        from: Access::Operate,
        group: "",
        resources: &["pods/attach", "pods/exec", "pods/portforward"],
        verbs: &["create", "get"],
    },
    Right {
        from: Access::Operate,
        group: "",
        resources: &["pods/ephemeralcontainers"],
        verbs: &["patch", "update"],
    },
];

#[cfg(test)]
mod tests {
    use super::Teams;
    use crate::backend::fixture;

    #[test]
    fn teams_have_rights_in_their_namespaces() {
        insta::assert_snapshot!(fixture::lowered(&Teams, &fixture::model()));
    }
}
