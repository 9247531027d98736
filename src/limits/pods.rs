//! What makes pods, and what they ask for.

use super::quantity::{parse, scale};
use super::range::{Amount, Amounts};
use crate::argocd::Tree;
use crate::kubernetes::pod_template;
use crate::source::Span;

/// When a container runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Turn {
    /// With the others.
    Together,
    /// Before them, and ends.
    Before,
    /// From before them on.
    Beside,
}

/// A container.
#[derive(Clone, Debug)]
pub(super) struct Container {
    pub(super) name: String,
    pub(super) turn: Turn,
    pub(super) at: Span,
    pub(super) request: Amounts<Span>,
    pub(super) limit: Amounts<Span>,
}

/// A volume that is claimed.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) name: String,
    pub(super) size: Option<Amount<Span>>,
    pub(super) class: Option<String>,
    pub(super) at: Span,
}

/// Pods that are alike.
#[derive(Clone, Debug)]
pub(super) struct Pods {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) at: Span,
    pub(super) containers: Vec<Container>,
    /// How many stand all the time; none where each node has one, and where they come and go.
    pub(super) count: u128,
    /// How many an autoscaler may make.
    pub(super) most: u128,
    /// How many must stand beside them to roll out: where no pod may be missing, one.
    pub(super) surge: u128,
    /// Whether the pod says as a whole what it asks for.
    pub(super) is_whole: bool,
    /// The volumes of each.
    pub(super) claims: Vec<Claim>,
}

/// The amounts of a map.
pub(super) fn amounts<T: Tree>(map: Option<T>) -> Amounts<Span> {
    let fields = map.and_then(|it| it.fields()).unwrap_or_default();
    fields
        .into_iter()
        .filter_map(|(name, _, value)| {
            let amount = parse(value.text()?.trim(), scale(&name))?;
            Some((name, Amount { amount, at: value.span() }))
        })
        .collect()
}

/// A claim, or the template of one.
pub(super) fn claim<T: Tree>(tree: &T) -> Claim {
    let name = tree.at(&["metadata", "name"]);
    let size = tree.at(&["spec", "resources", "requests"]);
    Claim {
        name: name.as_ref().and_then(|it| it.text().map(str::to_owned)).unwrap_or_default(),
        size: amounts(size).remove("storage"),
        class: tree.word_at(&["spec", "storageClassName"]),
        at: name.map_or_else(|| tree.span(), |it| it.span()),
    }
}

/// Where a kind of objects has the template of its pods; CloudNativePG's pools have one, too. Of a PodTemplate alone no pod comes.
fn template(kind: &str) -> Option<&'static [&'static str]> {
    match kind {
        "Pooler" => Some(&["spec", "template"]),
        "PodTemplate" => None,
        _ => pod_template(kind),
    }
}

/// The servers of a database, which the operator CloudNativePG makes: each with its volumes, and a container before it that asks for the same.
fn servers<T: Tree>(object: &T) -> Option<Pods> {
    let spec = object.get("spec")?;
    let name = object.at(&["metadata", "name"])?;
    let resources = spec.get("resources");
    let container = |name: &str, turn| Container {
        name: name.to_owned(),
        turn,
        at: resources.as_ref().map_or_else(|| object.span(), Tree::span),
        request: amounts(resources.as_ref().and_then(|it| it.get("requests"))),
        limit: amounts(resources.as_ref().and_then(|it| it.get("limits"))),
    };
    let containers = vec![
        container("postgres", Turn::Together),
        container("bootstrap-controller", Turn::Before),
    ];
    let volume = |field: &str| {
        let storage = spec.get(field)?;
        let size = storage.get("size")?;
        let amount = parse(size.text()?, 1)?;
        Some(Claim {
            name: field.to_owned(),
            size: Some(Amount { amount, at: size.span() }),
            class: storage.word("storageClass"),
            at: size.span(),
        })
    };
    let count = spec.word("instances").and_then(|it| it.parse().ok()).unwrap_or(1);
    Some(Pods {
        kind: "Cluster".to_owned(),
        at: name.span(),
        name: name.text()?.to_owned(),
        containers,
        count,
        most: count,
        surge: 0,
        is_whole: false,
        claims: ["storage", "walStorage"].into_iter().filter_map(volume).collect(),
    })
}

/// The pods of an object.
pub(super) fn pods<T: Tree>(object: &T, kind: &str) -> Option<Pods> {
    let is_of_operator =
        object.word("apiVersion").is_some_and(|it| it.starts_with("postgresql.cnpg.io/"));
    match kind {
        "Cluster" if is_of_operator => return servers(object),
        "Pooler" if !is_of_operator => return None,
        _ => {}
    }
    let spec = object.at(template(kind)?)?.get("spec")?;
    let mut containers = Vec::new();
    for (list, is_init) in [("initContainers", true), ("containers", false)] {
        for it in spec.list(list) {
            let turn = match it.word("restartPolicy").as_deref() {
                Some("Always") if is_init => Turn::Beside,
                _ if is_init => Turn::Before,
                _ => Turn::Together,
            };
            let name = it.get("name");
            let resources = it.get("resources");
            let part = |part| amounts(resources.as_ref().and_then(|it| it.get(part)));
            containers.push(Container {
                at: name.as_ref().map_or_else(|| it.span(), Tree::span),
                name: name.and_then(|it| it.text().map(str::to_owned)).unwrap_or_default(),
                turn,
                request: part("requests"),
                limit: part("limits"),
            });
        }
    }
    let whole = spec.get("resources");
    let stands = match kind {
        "Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController" | "Pooler" => true,
        "Pod" => !matches!(spec.word("restartPolicy").as_deref(), Some("Never" | "OnFailure")),
        _ => false,
    };
    let replicas = if kind == "Pooler" { "instances" } else { "replicas" };
    let replicas = object.at(&["spec", replicas]);
    let written = replicas.as_ref().and_then(|it| it.text()?.parse().ok());
    let count = if stands { written.filter(|_| kind != "Pod").unwrap_or(1) } else { 0 };
    let name = object.at(&["metadata", "name"]);
    Some(Pods {
        kind: kind.to_owned(),
        at: name.as_ref().map_or_else(|| object.span(), Tree::span),
        name: name.and_then(|it| it.text().map(str::to_owned)).unwrap_or_default(),
        containers,
        count,
        most: count,
        surge: u128::from(matches!(kind, "Deployment" | "Pooler") && needs_one_more(object, count)),
        is_whole: whole
            .is_some_and(|it| it.get("requests").is_some() || it.get("limits").is_some()),
        claims: if kind == "StatefulSet" {
            object
                .at(&["spec", "volumeClaimTemplates"])
                .and_then(|it| it.items())
                .unwrap_or_default()
                .iter()
                .map(claim)
                .collect()
        } else {
            Vec::new()
        },
    })
}

/// Whether a rollout cannot begin without a further pod: none of those that stand may be missing.
fn needs_one_more<T: Tree>(object: &T, count: u128) -> bool {
    if object.word_at(&["spec", "strategy", "type"]).as_deref() == Some("Recreate") {
        return false;
    }
    let missing = object.word_at(&["spec", "strategy", "rollingUpdate", "maxUnavailable"]);
    let missing = missing.as_deref().unwrap_or("25%");
    let missing = match missing.strip_suffix('%') {
        Some(share) => share.parse::<u128>().ok().map(|share| count.saturating_mul(share) / 100),
        None => missing.parse().ok(),
    };
    count > 0 && missing == Some(0)
}

impl Pods {
    /// What it is called: `Deployment web`.
    pub(super) fn shown(&self) -> String {
        format!("{} {}", self.kind, self.name)
    }

    /// What a pod asks for of a resource: its containers together, or those that run before beside what stays, whichever is more.
    pub(super) fn each(&self, of: impl Fn(&Container) -> u128) -> u128 {
        let (mut together, mut staying, mut starting) = (0_u128, 0_u128, 0_u128);
        for container in &self.containers {
            let own = of(container);
            match container.turn {
                Turn::Together => together = together.saturating_add(own),
                Turn::Beside => {
                    staying = staying.saturating_add(own);
                    starting = starting.max(staying);
                }
                Turn::Before => starting = starting.max(staying.saturating_add(own)),
            }
        }
        together.saturating_add(staying).max(starting)
    }
}
