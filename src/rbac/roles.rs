//! Rules, and what they lead to.

use super::errors;
use super::name_of;
use crate::argocd::Tree;
use crate::diag::Diagnostic;

/// A right that leads to more than it says.
struct Power {
    group: &'static str,
    resources: &'static [&'static str],
    verbs: &'static [&'static str],
    /// Whether naming single objects bounds it.
    is_bounded_by_names: bool,
    /// What somebody with it can do.
    leads_to: &'static str,
}

/// Kubernetes' documentation, "Role Based Access Control Good Practices", with what runs commands in pods beside it. Writing roles and bindings is none of
/// them: the API server lets nobody give what he has not, unless `escalate` or `bind` say so.
const POWERS: [Power; 12] = [
    Power {
        group: super::GROUP,
        resources: &["roles", "clusterroles"],
        verbs: &["escalate"],
        is_bounded_by_names: false,
        leads_to: "it can write rights into a role that it has not itself",
    },
    Power {
        group: super::GROUP,
        resources: &["roles", "clusterroles"],
        verbs: &["bind"],
        is_bounded_by_names: true,
        leads_to: "it can bind itself to roles whose rights it has not",
    },
    Power {
        group: "",
        resources: &["users", "groups", "serviceaccounts"],
        verbs: &["impersonate"],
        is_bounded_by_names: true,
        leads_to: "it can act as anybody else",
    },
    Power {
        group: "",
        resources: &["nodes/proxy"],
        verbs: &["get", "create"],
        is_bounded_by_names: false,
        leads_to: "it can run commands in every pod of the nodes, past admission and the audit log",
    },
    Power {
        group: "",
        resources: &["serviceaccounts/token"],
        verbs: &["create"],
        is_bounded_by_names: true,
        leads_to: "it can act as every service account there",
    },
    Power {
        group: "",
        resources: &["pods/exec", "pods/attach"],
        verbs: &["create", "get"],
        is_bounded_by_names: true,
        leads_to: "it can run commands in every pod, with what those hold",
    },
    Power {
        group: "",
        resources: &["pods/ephemeralcontainers"],
        verbs: &["update", "patch"],
        is_bounded_by_names: true,
        leads_to: "it can put containers of its own into every pod, with what those hold",
    },
    Power {
        group: "",
        resources: &["persistentvolumes"],
        verbs: &["create"],
        is_bounded_by_names: false,
        leads_to: "it can mount every path of a node",
    },
    Power {
        group: "",
        resources: &["namespaces"],
        verbs: &["update", "patch"],
        is_bounded_by_names: true,
        leads_to: "it can take the Pod Security labels from a namespace",
    },
    Power {
        group: "certificates.k8s.io",
        resources: &["certificatesigningrequests/approval"],
        verbs: &["update", "patch"],
        is_bounded_by_names: false,
        leads_to: "it can have certificates signed in the name of others",
    },
    Power {
        group: "admissionregistration.k8s.io",
        resources: &["validatingwebhookconfigurations", "mutatingwebhookconfigurations"],
        verbs: &["create", "update", "patch"],
        is_bounded_by_names: true,
        leads_to: "it can read, refuse and change everything that is written",
    },
    Power {
        group: "",
        resources: &["secrets"],
        verbs: READS,
        is_bounded_by_names: true,
        leads_to: SECRETS,
    },
];

const READS: &[&str] = &["get", "list", "watch"];

/// Tokens of service accounts are Secrets, too, and so is what everything else is opened with.
const SECRETS: &str = "it can read every Secret";

const ANY: &str = "*";

/// A rule as it is written.
struct Rule<T> {
    groups: Vec<T>,
    resources: Vec<T>,
    verbs: Vec<T>,
    has_names: bool,
}

fn finds<'l, T: Tree>(list: &'l [T], word: &str) -> Option<&'l T> {
    let is = |wanted: &str| list.iter().find(|it| it.text() == Some(wanted));
    is(word).or_else(|| is(ANY))
}

impl<T: Tree> Rule<T> {
    fn read(rule: &T) -> Self {
        Self {
            groups: rule.list("apiGroups"),
            resources: rule.list("resources"),
            verbs: rule.list("verbs"),
            has_names: !rule.list("resourceNames").is_empty(),
        }
    }

    /// The verb by which, and the resource over which it has a power.
    fn has<'r>(&'r self, power: &Power) -> Option<(&'r T, &'r T)> {
        if self.has_names && power.is_bounded_by_names || finds(&self.groups, power.group).is_none()
        {
            return None;
        }
        let verb = power.verbs.iter().find_map(|it| finds(&self.verbs, it))?;
        let resource = power.resources.iter().find_map(|it| finds(&self.resources, it))?;
        Some((verb, resource))
    }

    /// The first `*`: of verbs, then of resources, then of groups. One group says which resources `*` means.
    fn star(&self) -> Option<(&'static str, &T)> {
        let lists =
            [("verbs", &self.verbs), ("resources", &self.resources), ("groups", &self.groups)];
        lists
            .into_iter()
            .find_map(|(of, list)| list.iter().find(|it| it.text() == Some(ANY)).map(|it| (of, it)))
    }
}

/// What is wrong with the rules of a role.
pub(super) fn judge<T: Tree>(role: &T, found: &mut Vec<Diagnostic>) {
    let kind = role.word("kind").unwrap_or_default();
    let name = name_of(role);
    for rule in role.list("rules") {
        let rule = Rule::read(&rule);
        let powers: Vec<(&Power, (&T, &T))> =
            POWERS.iter().filter_map(|it| Some((it, rule.has(it)?))).collect();
        if let Some((of, star)) = rule.star() {
            let leads: Vec<&str> = powers.iter().map(|it| it.0.leads_to).collect();
            found.push(errors::wildcard(&kind, &name, of, &leads, star.span()));
            continue;
        }
        for (power, (verb, resource)) in powers {
            let (what, on) = (verb.text().unwrap_or(""), resource.text().unwrap_or(""));
            let spans = [verb.span(), resource.span()];
            found.push(match power.leads_to {
                SECRETS => errors::secrets(&kind, &name, what, spans),
                leads_to => errors::escalation(&kind, &name, (what, on), leads_to, spans),
            });
        }
    }
}
