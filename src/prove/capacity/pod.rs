//! The pods that a program makes, and what each requests: those of its objects.

use super::amounts::{Amounts, Measure, quantity};
use super::defaults::{Given, Request};
use super::place::{Placing, keeps_apart};
use super::read::{Fields, at, field, is_set, number, origin, record, records, text};
use crate::eval::Origin;
use crate::kubernetes::pod_template;
use crate::model::{Manifest, Model, Ref, Resource, ResourceId, Tree};

/// How the pods of an object come and go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lasting {
    /// So many run all the time.
    Standing,
    /// One runs on every node where it may.
    PerNode,
    /// They run to their end, and wait where there is no room yet.
    Passing,
}

/// Pods that are alike, of one object.
#[derive(Clone, PartialEq, Debug)]
pub struct Pods<'a> {
    /// The address of the object, or the name of what comes with the cluster.
    pub name: String,
    /// The resource that makes them; none for what comes with the cluster.
    pub of: Option<ResourceId>,
    /// The namespace that they run in.
    pub namespace: Option<ResourceId>,
    /// The clusters where they run.
    pub targets: &'a [Ref],
    /// How they come and go.
    pub lasting: Lasting,
    /// How many, at least.
    pub count: u128,
    /// How many at most, where an autoscaler adds some.
    pub most: u128,
    /// How many more stand while they are rolled out.
    pub surge: u128,
    /// What each requests, at least.
    pub each: Amounts,
    /// Whether no two of them may share a node.
    pub apart: bool,
    /// Which nodes they may lie on.
    pub placing: Placing,
    /// Why they may request more, or lie on fewer nodes, than is read here.
    pub open: Option<String>,
    /// Where the number is written.
    pub(super) count_at: Origin,
    /// Where the largest number is written.
    pub(super) most_at: Origin,
    /// The largest single requests, and where they are written: of CPU, of memory.
    pub(super) largest: [(u128, Origin); 2],
}

impl Pods<'_> {
    /// Where the largest request of a measure is written, and how large it is; of pods, where their number is.
    pub(super) const fn at(&self, measure: Measure) -> (u128, Origin) {
        let [cpu, memory] = self.largest;
        match measure {
            Measure::Cpu => cpu,
            Measure::Memory => memory,
            Measure::Pods => (self.count, self.count_at),
        }
    }

    /// What runs in every cluster that kubeadm or Talos sets up: CoreDNS, twice
    /// (`cmd/kubeadm/app/phases/addons/dns/manifests.go` of Kubernetes 1.34; Talos writes the same requests).
    pub(super) fn of_every_cluster() -> Self {
        Self {
            name: "CoreDNS".to_owned(),
            of: None,
            namespace: None,
            targets: &[],
            lasting: Lasting::Standing,
            count: 2,
            most: 2,
            surge: 0,
            each: Amounts::pod(100, 70),
            apart: false,
            placing: Placing::tolerating(&[super::place::CONTROL_PLANE]),
            open: None,
            count_at: Origin::NONE,
            most_at: Origin::NONE,
            largest: [(0, Origin::NONE); 2],
        }
    }
}

/// What the objects of a program make.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Load<'a> {
    /// Pods.
    pub(super) pods: Vec<Pods<'a>>,
    /// Objects that may make pods of which nothing is known, and where.
    pub(super) open: Vec<(String, &'a [Ref])>,
}

/// Objects that change what others say of their pods.
struct Others<'a> {
    /// Autoscalers of pods.
    scalers: Vec<&'a Resource<'a, Manifest<'a>>>,
    /// What LimitRanges fill in.
    given: Given<'a>,
}

impl<'a> Others<'a> {
    fn of(model: &'a Model<'a>) -> Self {
        let all = || model.manifests.iter();
        let scales = |it: &&'a Resource<'a, Manifest<'a>>| {
            !at(&it.value.body, &["spec", "scaleTargetRef"]).is_empty()
        };
        Self { scalers: all().filter(scales).collect(), given: Given::of(model) }
    }
}

/// Whether two objects live in one namespace.
fn are_together(a: &Resource<'_, Manifest<'_>>, b: &Resource<'_, Manifest<'_>>) -> bool {
    let namespace = |it: &Resource<'_, Manifest<'_>>| it.value.namespace.map(|it| it.value.id);
    namespace(a) == namespace(b) && a.targets.iter().any(|target| b.targets.contains(target))
}

/// Reads every object.
pub(super) fn load<'a>(model: &'a Model<'a>) -> Load<'a> {
    let mut load = Load::default();
    let others = Others::of(model);
    for manifest in &model.manifests {
        let address = manifest.address().to_string();
        let Some(path) = manifest.value.object else {
            if text(&manifest.value.body, "kind").is_none_or(|kind| shape(kind).is_some()) {
                load.open.push((address, &manifest.targets));
            }
            continue;
        };
        let object = model.catalog.by_path(path.as_str());
        let group = object.map_or("", |object| object.group.as_str());
        let Some((lasting, spec)) = object
            .filter(|_| matches!(group, "" | "apps" | "batch"))
            .and_then(|object| shape(&object.kind))
        else {
            continue;
        };
        if !manifest.patches.is_empty() {
            load.open.push((address, &manifest.targets));
            continue;
        }
        load.pods.push(pods(model, &others, manifest, lasting, spec, address));
    }
    super::workload::load(model, &mut load);
    load
}

/// How the pods of a kind of objects come and go, and where their template stands.
fn shape(kind: &str) -> Option<(Lasting, &'static [&'static str])> {
    let lasting = match kind {
        "Pod" | "Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController" => {
            Lasting::Standing
        }
        "DaemonSet" => Lasting::PerNode,
        "Job" | "CronJob" => Lasting::Passing,
        _ => return None,
    };
    Some((lasting, pod_template(kind)?))
}

fn pods<'a>(
    model: &Model<'_>,
    others: &Others<'_>,
    manifest: &'a Resource<'a, Manifest<'a>>,
    lasting: Lasting,
    template: &[&str],
    name: String,
) -> Pods<'a> {
    let body = manifest.value.body.as_slice();
    let template = at(body, template);
    let spec = record(template, "spec");
    let labels = at(template, &["metadata", "labels"]);
    let (count, most, count_at) = count(model, others, manifest, at(body, &["spec"]));
    let namespace = manifest.value.namespace.map(|it| it.value.id);
    let given = others.given.requests(namespace, &manifest.targets);
    let undecided = given.as_ref().err().filter(|_| is_silent(spec)).cloned();
    let requests = Requests::of(spec, given.unwrap_or_default());
    // A Pod by itself that is not started again once it has ended.
    let ends = matches!(text(spec, "restartPolicy"), Some("Never" | "OnFailure"));
    let lasting = if ends { Lasting::Passing } else { lasting };
    Pods {
        name,
        of: Some(manifest.id),
        namespace,
        targets: &manifest.targets,
        lasting,
        count,
        most: most.max(count),
        surge: u128::from(is_deployment(manifest) && needs_one_more(body, count)),
        each: requests.each,
        apart: lasting != Lasting::PerNode && (keeps_apart(spec, labels) || takes_port(spec)),
        placing: Placing::read(spec),
        open: requests.open.or_else(|| open(spec)).or(undecided),
        count_at,
        most_at: count_at,
        largest: requests.largest,
    }
}

/// How many pods an object makes in any case (what it says, one where it says nothing, and what an autoscaler of the program leaves of it), and
/// how many it may make.
fn count(
    model: &Model<'_>,
    others: &Others<'_>,
    manifest: &Resource<'_, Manifest<'_>>,
    spec: Fields<'_, '_>,
) -> (u128, u128, Origin) {
    let written = number(spec, "replicas").unwrap_or(1);
    let at_number = origin(spec, "replicas");
    let object = manifest.value.object.and_then(|path| model.catalog.by_path(path.as_str()));
    let kind = object.map(|object| object.kind.as_str());
    let scaler = others.scalers.iter().find(|other| {
        let scaled = at(&other.value.body, &["spec", "scaleTargetRef"]);
        text(scaled, "name") == Some(manifest.value.name.value)
            && text(scaled, "kind").is_none_or(|scaled| Some(scaled) == kind)
            && are_together(other, manifest)
    });
    let Some(scaler) = scaler else { return (written, written, at_number) };
    let path = scaler.value.object.map_or("", |path| path.as_str());
    let spec = at(&scaler.value.body, &["spec"]);
    // Kubernetes' own keeps one where it says nothing; others, as KEDA, may take all away.
    let (least, most) = if path.starts_with("k8s.autoscaling.") {
        (number(spec, "minReplicas").unwrap_or(1), number(spec, "maxReplicas"))
    } else {
        (number(spec, "minReplicaCount").unwrap_or(0), number(spec, "maxReplicaCount"))
    };
    (least, most.unwrap_or(least), at_number)
}

/// What a pod requests, by the rules of the scheduler (`component-helpers/resource` of Kubernetes 1.34).
struct Requests {
    each: Amounts,
    /// The largest single ones, of CPU and of memory.
    largest: [(u128, Origin); 2],
    /// What else it requests.
    open: Option<String>,
}

impl Requests {
    fn of(spec: Fields<'_, '_>, given: [Request; 2]) -> Self {
        let mut open = None;
        let mut blamed = [(0_u128, Origin::NONE); 2];
        let mut running = Amounts::NONE;
        for container in records(spec, "containers") {
            running = running.plus(container_of(container, given, &mut blamed, &mut open));
        }
        // Containers that run before go one by one, beside those before them that stay.
        let (mut staying, mut starting) = (Amounts::NONE, Amounts::NONE);
        for container in records(spec, "initContainers") {
            let own = container_of(container, given, &mut blamed, &mut open);
            if text(container, "restartPolicy") == Some("Always") {
                staying = staying.plus(own);
                starting = starting.most(staying);
            } else {
                starting = starting.most(staying.plus(own));
            }
        }
        let mut each = running.plus(staying).most(starting);
        let whole = record(spec, "resources");
        let requested = |measure| one(whole, "requests", measure);
        let limited = |measure| one(whole, "limits", measure);
        // What the pod says as a whole goes before its containers; its limit counts where neither says anything.
        if let Some((cpu, at)) =
            requested(Measure::Cpu).or_else(|| limited(Measure::Cpu).filter(|_| each.cpu == 0))
        {
            (each.cpu, blamed[0]) = (cpu, (cpu, at));
        }
        if let Some((memory, at)) = requested(Measure::Memory)
            .or_else(|| limited(Measure::Memory).filter(|_| each.memory == 0))
        {
            (each.memory, blamed[1]) = (memory, (memory, at));
        }
        let overhead = record(spec, "overhead");
        let extra = |name, scale| field(overhead, name).and_then(|it| quantity(it, scale));
        each.cpu = each.cpu.saturating_add(extra("cpu", 1000).unwrap_or_default());
        each.memory = each.memory.saturating_add(extra("memory", 1).unwrap_or_default());
        if overhead.is_empty() && text(spec, "runtimeClassName").is_some() {
            open = open.or_else(|| Some("its RuntimeClass may add an overhead".to_owned()));
        }
        each.pods = 1;
        Self { each, largest: blamed, open }
    }
}

/// A measure of `requests` or `limits`, and where it is written.
fn one(resources: Fields<'_, '_>, part: &str, measure: Measure) -> Option<(u128, Origin)> {
    let (name, scale) = match measure {
        Measure::Cpu => ("cpu", 1000),
        Measure::Memory => ("memory", 1),
        Measure::Pods => return None,
    };
    let values = record(resources, part);
    Some((quantity(field(values, name)?, scale)?, origin(values, name)))
}

/// What a container requests; of what it only limits, the limit, and of what it does not say, what a LimitRange gives.
fn container_of(
    container: Fields<'_, '_>,
    given: [Request; 2],
    blamed: &mut [(u128, Origin); 2],
    open: &mut Option<String>,
) -> Amounts {
    let resources = record(container, "resources");
    let own = |measure, given: Request, blamed: &mut (u128, Origin)| {
        let written = one(resources, "requests", measure)
            .or_else(|| one(resources, "limits", measure))
            .or(given);
        let (amount, at) = written.unwrap_or((0, Origin::NONE));
        if amount > blamed.0 {
            *blamed = (amount, at);
        }
        amount
    };
    let [cpu_at, memory_at] = blamed;
    let [cpu, memory] = given;
    let (cpu, memory) = (own(Measure::Cpu, cpu, cpu_at), own(Measure::Memory, memory, memory_at));
    let others = ["requests", "limits"].into_iter().flat_map(|part| record(resources, part));
    let mut others = others.map(|(key, _)| key.as_str());
    if let Some(other) = others.find(|key| !matches!(*key, "cpu" | "memory")) {
        *open = Some(format!("it requests `{other}`"));
    }
    if is_set(resources, "claims") {
        *open = Some("it claims devices".to_owned());
    }
    Amounts { cpu, memory, pods: 0 }
}

/// Whether it takes a port of its node, which two pods cannot share.
fn takes_port(spec: Fields<'_, '_>) -> bool {
    let on_host = matches!(field(spec, "hostNetwork"), Some(Tree::Bool(it)) if it.value);
    records(spec, "containers").flat_map(|it| records(it, "ports")).any(|port| {
        field(port, "hostPort").is_some() || (on_host && field(port, "containerPort").is_some())
    })
}

/// Why a pod may lie on fewer nodes than its taints and labels say.
fn open(spec: Fields<'_, '_>) -> Option<String> {
    let required = "requiredDuringSchedulingIgnoredDuringExecution";
    let affinity = |name| is_set(at(spec, &["affinity", name]), required);
    let spread = records(spec, "topologySpreadConstraints")
        .any(|it| text(it, "whenUnsatisfiable") != Some("ScheduleAnyway"));
    let reasons = [
        (affinity("podAffinity"), "it must lie beside other pods"),
        (affinity("podAntiAffinity"), "it must not lie beside other pods"),
        (spread, "it must be spread"),
        (takes_port(spec), "it takes a port of its node"),
        (is_set(spec, "schedulingGates"), "it waits for a gate"),
        (is_set(spec, "resourceClaims"), "it claims devices"),
        (
            text(spec, "schedulerName").is_some_and(|name| name != "default-scheduler"),
            "another scheduler places it",
        ),
    ];
    reasons.into_iter().find(|(holds, _)| *holds).map(|(_, why)| why.to_owned())
}

fn is_deployment(manifest: &Resource<'_, Manifest<'_>>) -> bool {
    manifest.value.object.is_some_and(|path| path.as_str() == "k8s.apps.v1.Deployment")
}

/// Whether a container says nothing of CPU or memory.
fn is_silent(spec: Fields<'_, '_>) -> bool {
    let silent = |container: Fields<'_, '_>| {
        let resources = record(container, "resources");
        [Measure::Cpu, Measure::Memory].into_iter().any(|measure| {
            one(resources, "requests", measure).is_none()
                && one(resources, "limits", measure).is_none()
        })
    };
    records(spec, "containers").chain(records(spec, "initContainers")).any(silent)
}

/// Whether the rollout of a Deployment cannot begin without a further pod: none of those that stand may be missing. Other objects replace
/// their pods one by one.
fn needs_one_more(body: Fields<'_, '_>, count: u128) -> bool {
    let strategy = at(body, &["spec", "strategy"]);
    let rolling = record(strategy, "rollingUpdate");
    let missing = match field(rolling, "maxUnavailable") {
        None => Some(count / 4),
        Some(Tree::Int(it)) => u128::try_from(it.value).ok(),
        Some(Tree::Text(it)) => {
            let share = it.value.strip_suffix('%').and_then(|it| it.parse::<u128>().ok());
            share.map(|share| count.saturating_mul(share) / 100)
        }
        Some(Tree::Float(..) | Tree::Bool(_) | Tree::List(_) | Tree::Map(_)) => None,
    };
    count > 0 && text(strategy, "type") != Some("Recreate") && missing == Some(0)
}
