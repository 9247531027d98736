//! Software of others, as Applications.

use super::application::{Application, SERVER_SIDE, SKIP_DRY_RUN, destination, ignore, sync};
use super::plan::joined;
use super::{Frame, project};
use crate::backend::k8s::{Fields, text};
use crate::backend::objects::plain;
use crate::backend::{Node, Output};
use crate::eval::Origin;
use crate::model::{Addon, Model, Monitoring, Of, Ref, Resource};

/// The name of an Application.
fn named<'a>(cluster: Ref, name: &str) -> Node<'a> {
    let rule = Origin::rule("an Application is called after its cluster and what it installs");
    text(joined(cluster.name, name), rule)
}

/// The file of an addon's Application on a cluster.
pub(super) fn output<'a>(
    frame: &Frame<'a>,
    resource: &'a Resource<'a, Addon<'a>>,
    cluster: Ref,
) -> Output<'a> {
    let addon = &resource.value;
    let mut more = Vec::new();
    if is_made_by_others(frame.model, addon) {
        more.push(CREATE);
    }
    more.push(SKIP_DRY_RUN);
    let application = Application {
        name: named(cluster, resource.name.value.as_str()),
        labels: addon.labels.clone(),
        annotations: addon.annotations.clone(),
        wave: frame.wave(cluster, resource.id),
        cascade: !addon.protect.value,
        confirm: addon.protect.value.then_some(addon.protect.origin),
        project: project::named(frame, addon.project),
        source: source(frame, addon, cluster),
        destination: destination(frame.platform, cluster).with("namespace", addon.namespace),
        sync: sync(
            &addon.sync,
            more.into_iter().map(|(it, why)| text(it, Origin::rule(why))).collect(),
        ),
        ignore: ignore(&addon.ignore),
    };
    frame.child(
        cluster,
        &format!("addon-{}", resource.name.value),
        resource.source,
        resource.address().to_string(),
        application.object(frame.model, frame.platform),
    )
}

const CREATE: (&str, &str) =
    ("CreateNamespace=true", "nothing in this program makes the namespace");

/// Whether a namespace exists in every cluster.
fn is_of_kubernetes(name: &str) -> bool {
    matches!(name, "default" | "kube-system" | "kube-public" | "kube-node-lease")
}

/// Whether the namespace of an addon is neither ours nor one that every cluster has.
pub(super) fn is_made_by_others(model: &Model<'_>, addon: &Addon<'_>) -> bool {
    lacks(model, addon.namespace)
}

fn lacks(model: &Model<'_>, namespace: Of<Ref>) -> bool {
    let ours = model.namespaces.iter().any(|it| it.id == namespace.value.id);
    !ours && !is_of_kubernetes(namespace.value.name.as_str())
}

fn source<'a>(frame: &Frame<'a>, addon: &'a Addon<'a>, cluster: Ref) -> Fields<'a> {
    if let Some(chart) = &addon.chart {
        let values = plain(&addon.values);
        let is_empty = matches!(&values, Node::Map(entries) if entries.is_empty());
        let skip = (!addon.crds.value).then_some(Node::Bool(true, addon.crds.origin));
        let helm = Fields::new()
            .with("releaseName", addon.name)
            .maybe("skipCrds", skip)
            .maybe("valuesObject", (!is_empty).then_some(values));
        return chart_source(chart.repo, text(chart.name.value, chart.name.origin), chart.version)
            .with("helm", helm);
    }
    if let Some(folder) = &addon.folder {
        let repository =
            frame.model.repositories.iter().find(|it| it.id == folder.repository.value.id);
        let url = repository.map(|it| it.value.url);
        let revision = folder.revision.or_else(|| repository.map(|it| it.value.revision));
        return Fields::new()
            .maybe("repoURL", url)
            .maybe("targetRevision", revision)
            .with("path", folder.path);
    }
    frame.files(&format!("{}/{}", cluster.name, folder_of(addon)))
}

/// Where a chart is read from. Argo CD names registries without their scheme.
fn chart_source<'a>(repo: Of<&'a str>, chart: Node<'a>, version: Of<&'a str>) -> Fields<'a> {
    let address = repo.value.strip_prefix("oci://").unwrap_or(repo.value);
    Fields::new()
        .with("repoURL", text(address, repo.origin))
        .with("chart", chart)
        .with("targetRevision", version)
}

/// The folder of a kustomization, below that of a cluster.
pub(super) fn folder_of(addon: &Addon<'_>) -> String {
    format!("{}/addon-{}", addon.namespace.value.name, addon.name.value)
}

/// The file of the Application of Prometheus and its exporters on a cluster.
pub(super) fn monitoring<'a>(
    frame: &Frame<'a>,
    resource: &'a Resource<'a, Monitoring<'a>>,
    cluster: Ref,
) -> Output<'a> {
    let monitoring = &resource.value;
    let chart = Origin::rule("`monitoring` is the chart kube-prometheus-stack");
    let helm = Fields::new()
        .with("releaseName", monitoring.name)
        .with("valuesObject", crate::backend::monitoring::values(frame.model, resource, cluster));
    let source = chart_source(
        monitoring.repository,
        text("kube-prometheus-stack", chart),
        monitoring.version,
    )
    .with("helm", helm);
    let mut options = Vec::new();
    if lacks(frame.model, monitoring.namespace) {
        options.push(CREATE);
    }
    options.push(SERVER_SIDE);
    let application = Application {
        name: named(cluster, resource.name.value.as_str()),
        labels: monitoring.labels.clone(),
        annotations: monitoring.annotations.clone(),
        wave: frame.wave(cluster, resource.id),
        cascade: false,
        confirm: Some(Origin::rule("what was measured goes with it")),
        project: project::named(frame, monitoring.project),
        source,
        destination: destination(frame.platform, cluster).with("namespace", monitoring.namespace),
        sync: super::application::default_sync(options),
        ignore: Node::List(Vec::new()),
    };
    frame.child(
        cluster,
        &format!("monitoring-{}", resource.name.value),
        resource.source,
        resource.address().to_string(),
        application.object(frame.model, frame.platform),
    )
}

/// The file of Argo CD's own Application: what the runbook installed, kept up by itself.
pub(super) fn argo_cd<'a>(frame: &Frame<'a>, source_of: &'a str, address: String) -> Output<'a> {
    let argo_cd = &frame.platform.argo_cd;
    let hub = frame.platform.hub.value;
    let chart = Origin::rule("Argo CD comes from its own chart");
    let helm = Fields::new()
        .with("releaseName", text("argocd", Origin::rule("the chart's own name for its release")))
        .with("valuesObject", super::health::values(argo_cd));
    let source = chart_source(argo_cd.repository, text("argo-cd", chart), argo_cd.version)
        .with("helm", helm);
    let application = Application {
        name: named(hub, "argo-cd"),
        labels: Vec::new(),
        annotations: Vec::new(),
        wave: 0,
        cascade: false,
        confirm: Some(Origin::rule("without Argo CD nothing is applied")),
        project: project::named(frame, None),
        source,
        destination: destination(frame.platform, hub).with("namespace", argo_cd.namespace),
        sync: super::application::default_sync([SERVER_SIDE]),
        ignore: Node::List(Vec::new()),
    };
    frame.child(hub, "argo-cd", source_of, address, application.object(frame.model, frame.platform))
}
