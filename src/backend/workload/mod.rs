//! Programs and runs, with all that they need around them.
//!
//! * **Takes** `workload` and `job` resources.
//! * **Gives** `<cluster>/<namespace>/workload-<name>.yaml` and `job-<name>.yaml`, in apply order.
//! * **Owns** what pods are hardened with, and how Services, routes and monitors find them.
//! * **Never** writes a secret, and leaves no choice to the API server that a diff would then show.
//! * **Read first** `pod.rs`; `around.rs` and `reach.rs` hold the objects beside the pods.

mod around;
mod container;
mod errand;
mod job;
mod pod;
mod reach;

use super::k8s::{Fields, IntoNode, Metadata, labels, object, text};
use super::{Backend, Document, Job, Makes, Manifest, Node, Output};
use crate::embedded::check_image;
use crate::eval::Origin;
use crate::model::{Map, Model, Of, PodShape, Resource, Workload};
use crate::source::Sym;

pub(super) use container::{resources, toleration};
pub(super) use errand::Errand;

/// The label by which everything finds pods: it never changes, since selectors may not.
pub(super) const NAME: &str = "app.kubernetes.io/name";

/// The label that says which version of a program this is.
const VERSION: &str = "app.kubernetes.io/version";

/// The backend.
pub(super) struct Workloads;

impl Backend for Workloads {
    fn name(&self) -> &'static str {
        "workload"
    }

    fn makes(&self) -> &'static [Makes] {
        const FILE: &str = "<cluster>/<namespace>/workload-<name>.yaml";
        const fn one(object: &'static str, name: &'static str, about: &'static str) -> Makes {
            Makes { kind: "workload", object, name, file: FILE, about }
        }
        const fn of_job(object: &'static str, name: &'static str, about: &'static str) -> Makes {
            Makes {
                kind: "job",
                object,
                name,
                file: "<cluster>/<namespace>/job-<name>.yaml",
                about,
            }
        }
        const {
            &[
                one("v1 ServiceAccount", "<name>", "Who the pods are, without a token."),
                one("v1 ConfigMap", "<name>", "Its files, where there are some."),
                one(
                    "v1 PersistentVolumeClaim",
                    "<name>-<volume>",
                    "Each volume that all pods share, or that a single pod has.",
                ),
                one(
                    "v1 Service",
                    "<name>",
                    "Its ports; headless where pods have names of their own.",
                ),
                one("apps/v1 Deployment", "<name>", "Its pods, where any are alike."),
                one(
                    "apps/v1 StatefulSet",
                    "<name>",
                    "Its pods, where each has a name and volumes of its own.",
                ),
                one("apps/v1 DaemonSet", "<name>", "Its pods, where one runs on every node."),
                one(
                    "policy/v1 PodDisruptionBudget",
                    "<name>",
                    "How many pods may be away at once, where there are several.",
                ),
                one(
                    "autoscaling/v2 HorizontalPodAutoscaler",
                    "<name>",
                    "The autoscaler of `scale`.",
                ),
                one(
                    "networking.k8s.io/v1 Ingress",
                    "<name>-<port>",
                    "Each `expose` without a `gateway`.",
                ),
                one(
                    "gateway.networking.k8s.io/v1 HTTPRoute",
                    "<name>-<port>",
                    "Each `expose` with a `gateway`.",
                ),
                one(
                    "monitoring.coreos.com/v1 ServiceMonitor",
                    "<name>",
                    "What collects its metrics, where a port has a `scrape`.",
                ),
                of_job("v1 ServiceAccount", "<name>", "Who the pods are, without a token."),
                of_job("v1 ConfigMap", "<name>", "Its files, where there are some."),
                of_job("v1 PersistentVolumeClaim", "<name>-<volume>", "Each volume that stays."),
                of_job("batch/v1 CronJob", "<name>", "Its runs, where there is a `schedule`."),
                of_job("batch/v1 Job", "<name>", "Its run, where there is none."),
            ]
        }
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let workloads =
            model.workloads.iter().map(|it| Box::new(move || output(model, it)) as Job<'a>);
        let jobs = model.jobs.iter().map(|it| Box::new(move || job::output(model, it)) as Job<'a>);
        workloads.chain(jobs).collect()
    }
}

/// What the objects of a block have in common.
#[derive(Clone, Debug)]
struct Head<'a> {
    name: Of<Sym>,
    namespace: Node<'a>,
    labels: Fields<'a>,
    version: Option<Node<'a>>,
    own: Map<Of<&'a str>>,
    annotations: Map<Of<&'a str>>,
}

impl<'a> Head<'a> {
    fn new(
        model: &Model<'a>,
        (name, namespace, image): (Of<Sym>, impl IntoNode<'a>, Of<&'a str>),
        own: &Map<Of<&'a str>>,
        annotations: &Map<Of<&'a str>>,
    ) -> Self {
        let version = version(image).map(|it| text(it, image.origin));
        let labels = labels(model).all(own).join(named(name));
        let (own, annotations) = (own.clone(), annotations.clone());
        let namespace = namespace.into_node();
        Self { name, namespace, labels, version, own, annotations }
    }

    /// The metadata of an object with a name.
    fn metadata(&self, name: impl IntoNode<'a>) -> Metadata<'a> {
        Metadata::new(name, self.labels.clone())
            .namespace(self.namespace.clone())
            .annotations(&self.annotations)
    }

    /// An object called as the block is.
    fn object(
        &self,
        api_version: &'static str,
        kind: &'static str,
        spec: Option<Fields<'a>>,
    ) -> Manifest<'a> {
        object(api_version, kind, self.metadata(self.name), spec)
    }

    /// What runs pods: it changes with their version in any case.
    fn runner(
        &self,
        api_version: &'static str,
        kind: &'static str,
        spec: Fields<'a>,
    ) -> Manifest<'a> {
        let metadata = self.metadata(self.name).label(VERSION, self.version.clone());
        object(api_version, kind, metadata, Some(spec))
    }

    /// The labels of pods: the platform's would start all of them anew when they change.
    fn of_pods(&self) -> Fields<'a> {
        Fields::new().all(&self.own).join(named(self.name)).maybe(VERSION, self.version.clone())
    }

    /// What finds the pods.
    fn selector(&self) -> Fields<'a> {
        Fields::new().with("matchLabels", named(self.name))
    }
}

/// The labels by which pods are found.
fn named<'a>(name: Of<Sym>) -> Fields<'a> {
    let rule = Origin::rule("selectors find pods by the name of their block, and never change");
    Fields::new().with(NAME, text(name.value.as_str(), rule))
}

/// The tag of an image, where it can be a label.
fn version(image: Of<&str>) -> Option<&str> {
    let tag = check_image(image.value).ok()?.tag?;
    let ends = |end: Option<char>| end.is_some_and(|it| it.is_ascii_alphanumeric());
    (tag.len() <= 63 && ends(tag.chars().next()) && ends(tag.chars().next_back())).then_some(tag)
}

fn output<'a>(model: &'a Model<'a>, resource: &'a Resource<'a, Workload<'a>>) -> Output<'a> {
    let it = &resource.value;
    let namespaced = (it.name, it.namespace, it.image);
    let head = Head::new(model, namespaced, &it.labels, &it.annotations);
    let mut manifests = vec![around::account(&head, &it.security)];
    manifests.extend(around::files(&head, &it.file));
    let own = it.pod_shape() == PodShape::Stateful;
    manifests.extend(around::claims(&head, &it.volume, own));
    manifests.extend(reach::service(&head, it));
    manifests.push(pods(&head, it));
    manifests.extend(around::disruption(&head, it));
    manifests.extend(around::scaler(&head, it));
    manifests.extend(reach::exposed(&head, it));
    manifests.extend(reach::monitor(&head, it, &model.selected_labels(&resource.targets)));
    Output {
        clusters: resource.targets.clone(),
        document: Document {
            path: format!("{}/workload-{}.yaml", it.namespace.value.name, it.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests,
        },
    }
}

/// What runs the pods.
fn pods<'a>(head: &Head<'a>, it: &Workload<'a>) -> Manifest<'a> {
    let template = pod::template(head, &pod::Pod::of(it));
    let replicas = it.scale.is_none().then_some(it.replicas);
    let spec = Fields::new();
    match it.pod_shape() {
        PodShape::Deployment => {
            let spec = spec
                .maybe("replicas", replicas)
                .with("selector", head.selector())
                .with("strategy", strategy(it))
                .with("template", template);
            head.runner("apps/v1", "Deployment", spec)
        }
        PodShape::Stateful => {
            let rule = Origin::rule("a StatefulSet names its pods below its Service");
            let spec = spec
                .maybe("replicas", replicas)
                .with("serviceName", text(it.name.value.as_str(), rule))
                .with("selector", head.selector())
                .with("template", template)
                .unless_empty("volumeClaimTemplates", around::templates(head, &it.volume));
            head.runner("apps/v1", "StatefulSet", spec)
        }
        PodShape::PerNode => {
            let spec = spec.with("selector", head.selector()).with("template", template);
            head.runner("apps/v1", "DaemonSet", spec)
        }
    }
}

/// A new pod stands before an old one goes, unless both would want the same volume.
fn strategy<'a>(it: &Workload<'a>) -> Fields<'a> {
    if it.volume.iter().any(|(_, volume)| volume.is_single()) {
        let rule = Origin::rule("a new pod cannot have the volume before the old one is gone");
        return Fields::new().with("type", text("Recreate", rule));
    }
    let rule = Origin::rule("a new pod is ready before an old one goes");
    let rolling = Fields::new()
        .with("maxSurge", Node::Int(1, rule))
        .with("maxUnavailable", Node::Int(0, rule));
    Fields::new().with("type", text("RollingUpdate", rule)).with("rollingUpdate", rolling)
}

#[cfg(test)]
mod tests {
    use super::Workloads;
    use crate::backend::fixture;

    #[test]
    fn workloads_become_pods_and_what_is_around_them() {
        insta::assert_snapshot!(fixture::lowered(&Workloads, &fixture::model()));
    }
}
