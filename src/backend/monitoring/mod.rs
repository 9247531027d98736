//! Prometheus, Alertmanager and Grafana themselves, and what Prometheus collects from.
//!
//! * **Takes** `monitoring` and `scrape` resources.
//! * **Gives** `<hub>/argocd/<cluster>-<monitoring>.yaml`, an Application of Argo CD with the chart's values, and
//!   `<cluster>/<namespace>/scrape-<name>.yaml`, a ServiceMonitor or PodMonitor.
//! * **Owns** the names of the chart's values.
//! * **Never** decides which labels Prometheus selects by: that is `Model::selected_labels`, for both sides.
//! * **Read first** this file, then `values.rs`.

mod monitor;
mod values;

use super::k8s::{Fields, Metadata, labels, list, object, text};
use super::{Backend, Document, Job, Makes, Manifest, Node, Output};
use crate::eval::Origin;
use crate::model::{Model, Monitoring, Platform, Ref, Resource};

/// The backend.
pub(super) struct Stack;

impl Backend for Stack {
    fn name(&self) -> &'static str {
        "monitoring"
    }

    fn makes(&self) -> &'static [Makes] {
        &[
            Makes {
                kind: "monitoring",
                object: "argoproj.io/v1alpha1 Application",
                name: "<cluster>-<name>",
                file: "<hub>/argocd/<cluster>-<name>.yaml",
                about: "The chart kube-prometheus-stack with its values, one a cluster.",
            },
            Makes {
                kind: "scrape",
                object: "monitoring.coreos.com/v1 ServiceMonitor",
                name: "<name>",
                file: "<cluster>/<namespace>/scrape-<name>.yaml",
                about: "What finds the Services and their pods.",
            },
            Makes {
                kind: "scrape",
                object: "monitoring.coreos.com/v1 PodMonitor",
                name: "<name>",
                file: "<cluster>/<namespace>/scrape-<name>.yaml",
                about: "The same where `finds = \"pods\"`.",
            },
        ]
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let mut jobs: Vec<Job<'a>> = Vec::new();
        if let Some(platform) = model.platforms.first() {
            for resource in &model.monitorings {
                for &cluster in &resource.targets {
                    jobs.push(Box::new(move || {
                        installed(model, &platform.value, resource, cluster)
                    }));
                }
            }
        }
        let monitors =
            model.scrapes.iter().map(|it| Box::new(move || monitor::output(model, it)) as Job<'a>);
        jobs.extend(monitors);
        jobs
    }
}

/// The file of a cluster's Application.
fn installed<'a>(
    model: &'a Model<'a>,
    platform: &Platform<'a>,
    resource: &'a Resource<'a, Monitoring<'a>>,
    cluster: Ref,
) -> Output<'a> {
    let name = format!("{}-{}", cluster.name, resource.name.value);
    Output {
        clusters: vec![platform.hub.value],
        document: Document {
            path: format!("argocd/{name}.yaml"),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests: vec![application(model, platform, resource, cluster, name)],
        },
    }
}

fn application<'a>(
    model: &'a Model<'a>,
    platform: &Platform<'a>,
    resource: &'a Resource<'a, Monitoring<'a>>,
    cluster: Ref,
    name: String,
) -> Manifest<'a> {
    let monitoring = &resource.value;
    let named = Origin::rule("an Application is called after its cluster and what it installs");
    let metadata = Metadata::new(text(name, named), labels(model))
        .namespace(monitoring.argo_cd)
        .labels(&monitoring.labels)
        .annotations(&monitoring.annotations);
    let chart = Origin::rule("`monitoring` is the chart kube-prometheus-stack");
    let helm = Fields::new()
        .with("releaseName", monitoring.name)
        .with("valuesObject", values::values(model, resource, cluster));
    let source = Fields::new()
        .with("repoURL", monitoring.repository)
        .with("chart", text("kube-prometheus-stack", chart))
        .with("targetRevision", monitoring.version)
        .with("helm", helm);
    let spec = Fields::new()
        .with("project", monitoring.project)
        .with("source", source)
        .with("destination", destination(platform, monitoring, cluster))
        .with("syncPolicy", sync());
    object("argoproj.io/v1alpha1", "Application", metadata, Some(spec))
}

/// Argo CD knows the cluster that it runs in by its address there, and the others by the names of their Clusters.
fn destination<'a>(
    platform: &Platform<'a>,
    monitoring: &Monitoring<'a>,
    cluster: Ref,
) -> Fields<'a> {
    let whole = if cluster.id == platform.hub.value.id {
        let rule = Origin::rule("Argo CD runs on the hub itself");
        Fields::new().with("server", text("https://kubernetes.default.svc", rule))
    } else {
        let rule = Origin::rule("Argo CD knows clusters by the names of their blocks");
        Fields::new().with("name", text(cluster.name.as_str(), rule))
    };
    whole.with("namespace", monitoring.namespace)
}

fn sync<'a>() -> Fields<'a> {
    let automatic =
        Origin::rule("what is merged is installed, and what is changed by hand is put back");
    let yes = || Node::Bool(true, automatic);
    let options = [
        ("CreateNamespace=true", "the namespace may come after the Application"),
        (
            "ServerSideApply=true",
            "the operator's CRDs are too large for the annotation of a client-side apply",
        ),
    ];
    // A cluster that is just being made is not there at the first try.
    let again = Origin::rule("a sync that fails is tried again, less and less often");
    let backoff = Fields::new()
        .with("duration", text("10s", again))
        .with("factor", Node::Int(2, again))
        .with("maxDuration", text("5m", again));
    Fields::new()
        .with("automated", Fields::new().with("prune", yes()).with("selfHeal", yes()))
        .with("syncOptions", list(options.map(|(option, why)| text(option, Origin::rule(why)))))
        .with("retry", Fields::new().with("limit", Node::Int(10, again)).with("backoff", backoff))
}

#[cfg(test)]
mod tests {
    use super::Stack;
    use crate::backend::fixture;

    #[test]
    fn monitoring_becomes_applications_and_monitors() {
        insta::assert_snapshot!(fixture::lowered(&Stack, &fixture::model()));
    }
}
