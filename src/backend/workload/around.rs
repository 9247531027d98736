//! Objects beside the pods that nobody reaches: accounts, files, volumes, budgets, autoscalers.

use sha2::{Digest, Sha256};

use super::Head;
use crate::backend::k8s::{CONFIRM, Fields, IntoNode, bytes, list, object, text};
use crate::backend::{Manifest, Node};
use crate::eval::Origin;
use crate::model::{Disruption, File, Map, Of, PodShape, Quantity, Security, Volume, Workload};
use crate::source::Sym;

/// Hexadecimal digits of a digest of files.
const DIGITS: usize = 16;

/// Who the pods are.
pub(super) fn account<'a>(head: &Head<'a>, security: &Security<'a>) -> Manifest<'a> {
    let account = head.object("v1", "ServiceAccount", None);
    let token = Fields::new().with("automountServiceAccountToken", security.service_account_token);
    Manifest { root: Fields::of(account.root).join(token).into_node() }
}

/// The keys of files in their ConfigMap, by path: `/etc/orders/config.yaml` is `etc_orders_config.yaml`.
pub(super) fn keys(files: &Map<File<'_>>) -> Vec<(&'static str, String)> {
    let mut found: Vec<(&'static str, String)> = Vec::new();
    for (path, _) in files {
        let plain = path.as_str().trim_start_matches('/').replace('/', "_");
        let mut key = plain.clone();
        let mut number = 2;
        while found.iter().any(|(_, known)| *known == key) {
            key = format!("{plain}-{number}");
            number += 1;
        }
        found.push((path.as_str(), key));
    }
    found
}

/// The ConfigMap of files.
pub(super) fn files<'a>(head: &Head<'a>, files: &Map<File<'a>>) -> Option<Manifest<'a>> {
    if files.is_empty() {
        return None;
    }
    let entries = keys(files).into_iter().zip(files);
    let data = entries.fold(Fields::new(), |data, ((_, key), (_, file))| data.with(key, file.text));
    let map = head.object("v1", "ConfigMap", None);
    Some(Manifest { root: Fields::of(map.root).with("data", data).into_node() })
}

/// What tells the content of files apart; none where there are no files.
pub(super) fn digest(files: &Map<File<'_>>) -> Option<String> {
    if files.is_empty() {
        return None;
    }
    let mut hasher = Sha256::new();
    for (path, file) in files {
        for part in [path.as_str(), file.text.value] {
            hasher.update(part.len().to_be_bytes());
            hasher.update(part);
        }
    }
    let digits: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Some(digits.chars().take(DIGITS).collect())
}

/// The name of the claim of a volume.
pub(super) fn claim_name(head: &Head<'_>, volume: Sym) -> String {
    format!("{}-{volume}", head.name.value)
}

/// The claims of volumes, but for those that pods have for their own where `own`.
pub(super) fn claims<'a>(
    head: &Head<'a>,
    volumes: &Map<Volume<'a>>,
    own: bool,
) -> Vec<Manifest<'a>> {
    let stay = volumes.iter().filter(|(_, it)| !(it.empty.value || own && it.is_single()));
    stay.map(|(name, volume)| {
        let rule = Origin::rule("what holds data is not deleted with what uses it");
        let metadata = head
            .metadata(text(claim_name(head, *name), Origin::rule("a volume of the program")))
            .annotation(CONFIRM, Some(text("Prune=false,Delete=false", rule)));
        object("v1", "PersistentVolumeClaim", metadata, Some(claim(volume)))
    })
    .collect()
}

/// The templates of claims of a StatefulSet.
pub(super) fn templates<'a>(head: &Head<'a>, volumes: &Map<Volume<'a>>) -> Node<'a> {
    let rule = Origin::rule("each pod has this volume for its own");
    let own = volumes.iter().filter(|(_, volume)| volume.is_single());
    list(own.map(|(name, volume)| {
        let labels = super::named(head.name);
        let metadata = Fields::new().with("name", text(name.as_str(), rule)).with("labels", labels);
        Fields::new()
            .with("apiVersion", text("v1", rule))
            .with("kind", text("PersistentVolumeClaim", rule))
            .with("metadata", metadata)
            .with("spec", claim(volume))
    }))
}

fn claim<'a>(volume: &Volume<'a>) -> Fields<'a> {
    let mode = if volume.is_single() { "ReadWriteOnce" } else { "ReadWriteMany" };
    let requests = Fields::new().maybe("storage", volume.size.map(bytes));
    let files = Origin::rule("a volume holds files");
    Fields::new()
        .with("accessModes", list([text(mode, volume.access.origin)]))
        .maybe("storageClassName", volume.class)
        .with("volumeMode", text("Filesystem", files))
        .with("resources", Fields::new().with("requests", requests))
}

/// How many pods may be away at once; a single one may always be moved, and needs no budget.
pub(super) fn disruption<'a>(head: &Head<'a>, it: &Workload<'a>) -> Option<Manifest<'a>> {
    if it.pod_shape() == PodShape::PerNode || it.least().value < 2 {
        return None;
    }
    let away = match it.disruption {
        Disruption::One(origin) => Node::Int(1, origin),
        Disruption::Pods(pods) => pods.into_node(),
        Disruption::Share(share) => text(format!("{}%", percent(share)), share.origin),
    };
    let broken = Origin::rule("pods that do not work do not keep a node from being emptied");
    let spec = Fields::new()
        .with("maxUnavailable", away)
        .with("unhealthyPodEvictionPolicy", text("AlwaysAllow", broken))
        .with("selector", head.selector());
    Some(head.object("policy/v1", "PodDisruptionBudget", Some(spec)))
}

/// Whole percents.
const fn percent(share: Of<Quantity<'_>>) -> i64 {
    share.value.amount / 10_000
}

/// What decides how many pods there are.
pub(super) fn scaler<'a>(head: &Head<'a>, it: &Workload<'a>) -> Option<Manifest<'a>> {
    let scale = it.scale.as_ref()?;
    let usual = Origin::rule("without another aim, pods are added when 80% of the CPU is used");
    let (aim, origin) = match (scale.cpu, scale.memory) {
        (Some(cpu), _) => (Some(percent(cpu)), cpu.origin),
        (None, None) => (Some(80), usual),
        (None, Some(_)) => (None, usual),
    };
    let metric = |name: &'static str, aim: i64, origin: Origin| {
        let target = Fields::new()
            .with("type", text("Utilization", origin))
            .with("averageUtilization", Node::Int(aim, origin));
        let resource = Fields::new().with("name", text(name, origin)).with("target", target);
        Fields::new().with("type", text("Resource", origin)).with("resource", resource)
    };
    let cpu = aim.map(|aim| metric("cpu", aim, origin));
    let memory = scale.memory.map(|it| metric("memory", percent(it), it.origin));
    let rule = Origin::rule("the autoscaler decides how many pods this has");
    let kind = if it.pod_shape() == PodShape::Stateful { "StatefulSet" } else { "Deployment" };
    let target = Fields::new()
        .with("apiVersion", text("apps/v1", rule))
        .with("kind", text(kind, rule))
        .with("name", head.name);
    let spec = Fields::new()
        .with("scaleTargetRef", target)
        .with("minReplicas", it.least())
        .with("maxReplicas", it.most())
        .with("metrics", list(cpu.into_iter().chain(memory)));
    Some(head.object("autoscaling/v2", "HorizontalPodAutoscaler", Some(spec)))
}
