//! What objects say of a namespace.

use std::collections::BTreeMap;

use super::pods::{Claim, Pods, amounts, claim, pods};
use super::range::{Amounts, Item, Type};
use crate::argocd::Tree;
use crate::source::Span;

/// A LimitRange.
#[derive(Clone, Debug)]
pub(super) struct Range {
    pub(super) name: String,
    pub(super) items: Vec<Item<Span>>,
}

/// A ResourceQuota.
#[derive(Clone, Debug)]
pub(super) struct Quota {
    pub(super) name: String,
    pub(super) hard: Amounts<Span>,
    /// Whether only some pods count.
    pub(super) is_scoped: bool,
}

/// What stands in a namespace.
#[derive(Clone, Debug, Default)]
pub(super) struct Space {
    pub(super) ranges: Vec<Range>,
    pub(super) quotas: Vec<Quota>,
    pub(super) pods: Vec<Pods>,
    pub(super) claims: Vec<Claim>,
    /// The objects of each kind, as quotas call it (`services`, `deployments.apps`): their names, and where they are written.
    pub(super) objects: BTreeMap<String, BTreeMap<String, Span>>,
    /// Services that get a load balancer.
    pub(super) balanced: BTreeMap<String, Span>,
    scalers: Vec<Scaler>,
}

/// What changes how many pods an object has.
#[derive(Clone, Debug)]
struct Scaler {
    kind: String,
    name: String,
    least: u128,
    most: Option<u128>,
}

/// The namespaces of a cluster.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    pub(super) spaces: BTreeMap<String, Space>,
}

impl Scene {
    /// Takes in an object; one that names no namespace lies in `otherwise`. What it is not about is left out.
    pub fn take<T: Tree>(&mut self, object: &T, otherwise: &str) {
        let Some(kind) = object.word("kind") else { return };
        if kind.ends_with("List")
            && let Some(items) = object.get("items").and_then(|it| it.items())
        {
            for it in &items {
                self.take(it, otherwise);
            }
            return;
        }
        let namespace = object.word_at(&["metadata", "namespace"]);
        let space =
            self.spaces.entry(namespace.unwrap_or_else(|| otherwise.to_owned())).or_default();
        space.take(object, &kind);
    }

    /// Reads the autoscalers, once all objects are taken in.
    #[must_use]
    pub fn settled(mut self) -> Self {
        for space in self.spaces.values_mut() {
            let scalers = std::mem::take(&mut space.scalers);
            for pods in &mut space.pods {
                let scaler = scalers.iter().find(|it| it.kind == pods.kind && it.name == pods.name);
                if let Some(scaler) = scaler {
                    pods.count = scaler.least;
                    pods.most = scaler.most.unwrap_or(scaler.least).max(scaler.least);
                }
            }
        }
        self
    }

    /// The same with one namespace alone.
    #[must_use]
    pub fn only(&self, namespace: &str) -> Self {
        let space = self.spaces.get(namespace).cloned();
        Self { spaces: space.map(|it| (namespace.to_owned(), it)).into_iter().collect() }
    }
}

impl Space {
    fn take<T: Tree>(&mut self, object: &T, kind: &str) {
        let name = object.at(&["metadata", "name"]);
        let at = name.as_ref().map_or_else(|| object.span(), Tree::span);
        let name = name.and_then(|it| it.text().map(str::to_owned)).unwrap_or_default();
        match kind {
            "LimitRange" => {
                let items = object.at(&["spec", "limits"]).and_then(|it| it.items());
                let items = items.unwrap_or_default().iter().filter_map(item).collect();
                self.ranges.push(Range { name: name.clone(), items });
            }
            "ResourceQuota" => {
                let scopes = object.at(&["spec", "scopes"]).and_then(|it| it.items());
                let selects = object.at(&["spec", "scopeSelector"]).is_some();
                self.quotas.push(Quota {
                    name: name.clone(),
                    hard: amounts(object.at(&["spec", "hard"])),
                    is_scoped: selects || scopes.is_some_and(|it| !it.is_empty()),
                });
            }
            "PersistentVolumeClaim" => self.claims.push(claim(object)),
            "HorizontalPodAutoscaler" => self.scaler(object, "minReplicas", 1, "maxReplicas"),
            // KEDA may take all away.
            "ScaledObject" => self.scaler(object, "minReplicaCount", 0, "maxReplicaCount"),
            "Service" if object.word_at(&["spec", "type"]).as_deref() == Some("LoadBalancer") => {
                self.balanced.insert(name.clone(), at);
            }
            _ => {}
        }
        // An object may be written several times, for several clusters.
        if let Some(pods) = pods(object, kind)
            && !self.pods.iter().any(|it| it.kind == pods.kind && it.name == pods.name)
        {
            self.pods.push(pods);
        }
        let version = object.word("apiVersion").unwrap_or_default();
        let group = version.split_once('/').map_or("", |(group, _)| group);
        self.objects.entry(plural(kind, group)).or_default().insert(name.clone(), at);
        // What controllers make of it.
        let made = match kind {
            "ExternalSecret" => Some(object.word_at(&["spec", "target", "name"]).unwrap_or(name)),
            "SealedSecret" => Some(name),
            "Certificate" => object.word_at(&["spec", "secretName"]),
            _ => None,
        };
        if let Some(secret) = made {
            self.objects.entry("secrets".to_owned()).or_default().insert(secret, at);
        }
    }

    fn scaler<T: Tree>(&mut self, object: &T, least: &str, otherwise: u128, most: &str) {
        let Some(spec) = object.get("spec") else { return };
        let number = |name| spec.word(name).and_then(|it| it.parse().ok());
        let Some(target) = spec.get("scaleTargetRef") else { return };
        self.scalers.push(Scaler {
            kind: target.word("kind").unwrap_or_else(|| "Deployment".to_owned()),
            name: target.word("name").unwrap_or_default(),
            least: number(least).unwrap_or(otherwise),
            most: number(most),
        });
    }
}

fn item<T: Tree>(tree: &T) -> Option<Item<Span>> {
    let part = |name| amounts(tree.get(name));
    let of = tree.get("type")?;
    Some(Item {
        of: Type::of(of.text()?)?,
        at: of.span(),
        min: part("min"),
        max: part("max"),
        default: part("default"),
        request: part("defaultRequest"),
        ratio: ratios(tree),
    })
}

/// Ratios are counted in thousandths, whatever they are of.
fn ratios<T: Tree>(tree: &T) -> Amounts<Span> {
    let fields = tree.get("maxLimitRequestRatio").and_then(|it| it.fields()).unwrap_or_default();
    let ratio = |(name, _, value): (String, T, T)| {
        let amount = super::quantity::parse(value.text()?, 1000)?;
        Some((name, super::range::Amount { amount, at: value.span() }))
    };
    fields.into_iter().filter_map(ratio).collect()
}

/// A kind of objects, as quotas call it: `services`, `ingresses.networking.k8s.io`.
fn plural(kind: &str, group: &str) -> String {
    let one = kind.to_ascii_lowercase();
    let many = match one.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o']) => format!("{stem}ies"),
        _ if one.ends_with('s') => format!("{one}es"),
        _ => format!("{one}s"),
    };
    if group.is_empty() { many } else { format!("{many}.{group}") }
}
