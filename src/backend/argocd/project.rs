//! Projects: what applications may read, and where and what they may write.

use std::collections::BTreeSet;

use super::Frame;
use super::application::{ARGO_CD, destination};
use super::plan::GroupKind;
use crate::backend::k8s::{CONFIRM, Fields, Metadata, confirm, labels, list, object, text};
use crate::backend::{Node, Output};
use crate::charts::brought_by;
use crate::eval::Origin;
use crate::model::{Access, Addon, ClusterObjects, Of, Project, Ref, Resource, Team};
use crate::source::Sym;

/// The project of what InfraFlux itself writes for clusters.
pub(super) const PLATFORM: &str = "platform";
/// The project of software of others.
pub(super) const ADDONS: &str = "addons";
/// The project of the root, and of what it leads to.
pub(super) const ROOT: &str = "root";

/// The kinds without a namespace that charts make, beside the kinds that they bring themselves.
const OF_CHARTS: &[(&str, &str)] = &[
    ("", "Namespace"),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("apiregistration.k8s.io", "APIService"),
    ("gateway.networking.k8s.io", "GatewayClass"),
    ("networking.k8s.io", "IngressClass"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ("scheduling.k8s.io", "PriorityClass"),
    ("storage.k8s.io", "CSIDriver"),
    ("storage.k8s.io", "StorageClass"),
    ("storage.k8s.io", "VolumeAttributesClass"),
];

/// The name of the project of an addon.
pub(super) fn named<'a>(frame: &Frame<'a>, project: Option<Of<Ref>>) -> Node<'a> {
    if let Some(project) = project {
        return text(project.value.name.as_str(), project.origin);
    }
    if frame.platform.repo.is_none() {
        let rule = Origin::rule("without `platform.repo` no project is made");
        return text("default", rule);
    }
    text(
        ADDONS,
        Origin::rule("software of others belongs to one project where no block says another"),
    )
}

/// What the applications of a project use.
#[derive(Clone, Debug, Default)]
pub(super) struct Use<'a> {
    /// Addresses of repositories.
    sources: BTreeSet<&'a str>,
    /// Clusters by name, and namespaces.
    destinations: BTreeSet<(&'static str, String)>,
    /// Kinds without a namespace.
    cluster_objects: BTreeSet<GroupKind>,
}

/// The clusters that are gone to, by name.
type Clusters = Vec<Ref>;

impl<'a> Use<'a> {
    fn cluster_kind(&mut self, group: &str, kind: &str) {
        self.cluster_objects.insert((group.to_owned(), kind.to_owned()));
    }

    fn goes(&mut self, clusters: &mut Clusters, cluster: Ref, namespace: &str) {
        if !clusters.iter().any(|it| it.id == cluster.id) {
            clusters.push(cluster);
        }
        self.destinations.insert((cluster.name.as_str(), namespace.to_owned()));
    }
}

/// What the addons of a project use: those that name it, or those that name none.
fn of_addons<'a>(
    frame: &Frame<'a>,
    project: Option<&Resource<'a, Project<'a>>>,
    clusters: &mut Clusters,
) -> Use<'a> {
    let mut used = Use::default();
    let belongs = |named: Option<Of<Ref>>| match (named, project) {
        (Some(named), Some(project)) => named.value.id == project.id,
        (None, Some(project)) => project.name.value.as_str() == ADDONS,
        (named, None) => named.is_none(),
    };
    for it in frame.model.addons.iter().filter(|it| belongs(it.value.project)) {
        let addon = &it.value;
        used.sources.extend(source(frame, addon));
        for &cluster in &it.targets {
            used.goes(clusters, cluster, addon.namespace.value.name.as_str());
            // Charts write to `kube-system`, too: roles that read what authenticates requests.
            used.goes(clusters, cluster, "kube-system");
        }
        for (group, kind) in OF_CHARTS {
            used.cluster_kind(group, kind);
        }
        let known = addon.chart.and_then(|chart| brought_by(chart.name.value));
        let brought = known.into_iter().flat_map(|it| it.groups.iter().copied());
        for group in brought.chain(addon.provides.iter().map(|it| it.value)) {
            used.cluster_kind(group, "*");
        }
    }
    for it in frame.model.monitorings.iter().filter(|it| belongs(it.value.project)) {
        used.sources.insert(it.value.repository.value);
        for &cluster in &it.targets {
            used.goes(clusters, cluster, it.value.namespace.value.name.as_str());
            used.goes(clusters, cluster, "kube-system");
        }
        for (group, kind) in OF_CHARTS {
            used.cluster_kind(group, kind);
        }
        used.cluster_kind("monitoring.coreos.com", "*");
    }
    if belongs(None) {
        let argo_cd = &frame.platform.argo_cd;
        used.sources.insert(argo_cd.repository.value);
        used.goes(clusters, frame.platform.hub.value, argo_cd.namespace.value.as_str());
        for (group, kind) in OF_CHARTS {
            used.cluster_kind(group, kind);
        }
    }
    used
}

/// What the applications of app sets of a project use. What their repositories hold is not known here: kinds without a namespace are
/// allowed by the project's own `cluster-objects`, but for the namespaces that Argo CD makes.
fn of_apps<'a>(
    frame: &Frame<'a>,
    project: &Resource<'a, Project<'a>>,
    used: &mut Use<'a>,
    clusters: &mut Clusters,
) {
    for it in frame.model.apps.iter().filter(|it| it.value.project.value.id == project.id) {
        let apps = &it.value;
        let repository = apps
            .source
            .repository
            .and_then(|named| frame.model.repositories.iter().find(|it| it.id == named.value.id));
        used.sources.extend(repository.map(|it| it.value.url.value));
        let chart = apps.source.chart.as_ref().map(|chart| chart.repo.value);
        used.sources.extend(chart.map(|repo| repo.strip_prefix("oci://").unwrap_or(repo)));
        if apps.guard.is_some() {
            used.sources.extend(frame.platform.repo.map(|repo| repo.value));
        }
        if apps.create_namespace.value {
            used.cluster_kind("", "Namespace");
        }
        let namespace = apps.namespace.filled("*").replace("**", "*");
        for &cluster in &it.targets {
            used.goes(clusters, cluster, &namespace);
        }
    }
}

/// Where an addon is read from, as Argo CD names it.
fn source<'a>(frame: &Frame<'a>, addon: &Addon<'a>) -> Option<&'a str> {
    if let Some(chart) = addon.chart {
        return Some(chart.repo.value.strip_prefix("oci://").unwrap_or(chart.repo.value));
    }
    if let Some(folder) = addon.folder {
        let repository =
            frame.model.repositories.iter().find(|it| it.id == folder.repository.value.id);
        return repository.map(|it| it.value.url.value);
    }
    frame.platform.repo.map(|repo| repo.value)
}

/// What the files that InfraFlux writes for clusters use.
fn of_contents<'a>(frame: &Frame<'a>, clusters: &mut Clusters) -> Use<'a> {
    let mut used = Use::default();
    used.sources.extend(frame.platform.repo.map(|repo| repo.value));
    for content in &frame.plan.contents {
        // What has no namespace is held against that of the Application.
        used.goes(clusters, content.cluster, "default");
        for namespace in &content.namespaces {
            used.goes(clusters, content.cluster, namespace);
        }
        used.cluster_objects.extend(content.cluster_objects.iter().cloned());
    }
    used
}

/// What the root and what it leads to use.
fn of_root<'a>(frame: &Frame<'a>, clusters: &mut Clusters) -> Use<'a> {
    let mut used = Use::default();
    used.sources.extend(frame.platform.repo.map(|repo| repo.value));
    let namespace = frame.platform.argo_cd.namespace.value;
    used.goes(clusters, frame.platform.hub.value, namespace.as_str());
    used
}

/// The files of all projects: those that are written, and those that the tree needs beside them.
pub(super) fn outputs<'a>(frame: &Frame<'a>, platform: (&'a str, String)) -> Vec<Output<'a>> {
    let written = &frame.model.projects;
    let of = |name: &str| written.iter().find(|it| it.name.value.as_str() == name);
    let mut out = Vec::new();
    for project in written {
        out.push(file(frame, project.name.value.as_str(), Some(project), &platform));
    }
    for name in [ROOT, PLATFORM, ADDONS] {
        if of(name).is_none() {
            out.push(file(frame, name, None, &platform));
        }
    }
    out
}

fn file<'a>(
    frame: &Frame<'a>,
    name: &str,
    written: Option<&'a Resource<'a, Project<'a>>>,
    (source, address): &(&'a str, String),
) -> Output<'a> {
    let mut clusters = Clusters::new();
    let mut used = match (name, written) {
        (ROOT, _) => of_root(frame, &mut clusters),
        (PLATFORM, _) => of_contents(frame, &mut clusters),
        (ADDONS, None) => of_addons(frame, None, &mut clusters),
        _ => Use::default(),
    };
    if let Some(project) = written {
        let addons = of_addons(frame, Some(project), &mut clusters);
        used.sources.extend(addons.sources);
        used.destinations.extend(addons.destinations);
        used.cluster_objects.extend(addons.cluster_objects);
        of_apps(frame, project, &mut used, &mut clusters);
    }
    let (source, address) = match written {
        Some(project) => (project.source, project.address().to_string()),
        None => (*source, address.clone()),
    };
    let object = app_project(frame, name, written.map(|it| &it.value), &used, &clusters);
    frame.root_file(&format!("project-{name}"), source, address, object)
}

fn app_project<'a>(
    frame: &Frame<'a>,
    name: &str,
    written: Option<&'a Project<'a>>,
    used: &Use<'a>,
    clusters: &Clusters,
) -> crate::backend::Manifest<'a> {
    let rule = Origin::rule("what the applications of the project use");
    let about = match name {
        ROOT => "What Argo CD itself is told",
        PLATFORM => "What InfraFlux writes for clusters",
        _ => "Software of others",
    };
    let project_rule = Origin::rule("a project that the tree needs");
    let named = written.map_or_else(
        || text(name.to_owned(), project_rule),
        |it| text(it.name.value.as_str(), it.name.origin),
    );
    let description = written.filter(|it| !it.description.value.is_empty()).map_or_else(
        || (written.is_none() || name == ROOT).then(|| text(about, project_rule)),
        |it| Some(text(it.description.value, it.description.origin)),
    );
    let metadata = Metadata::new(named, labels(frame.model))
        .namespace(frame.platform.argo_cd.namespace)
        .annotation(
            CONFIRM,
            Some(confirm(Origin::rule("applications stand still without their project"))),
        );
    let mut sources: Vec<Node<'a>> = used.sources.iter().map(|it| text(*it, rule)).collect();
    let mut add = |value: &'a str, origin: Origin| {
        if !sources.iter().any(|it| it.as_text() == Some(value)) {
            sources.push(text(value, origin));
        }
    };
    if let Some(project) = written {
        for repository in &project.repositories {
            let found = frame.model.repositories.iter().find(|it| it.id == repository.value.id);
            if let Some(found) = found {
                add(found.value.url.value, repository.origin);
            }
        }
        for chart in &project.charts {
            add(chart.value.strip_prefix("oci://").unwrap_or(chart.value), chart.origin);
        }
    }
    let spec = Fields::new()
        .maybe("description", description)
        .with("sourceRepos", Node::List(sources))
        .with("destinations", destinations(frame, written, used, clusters))
        .unless_empty("clusterResourceWhitelist", cluster_objects(written, used))
        .unless_empty("namespaceResourceBlacklist", denied(written))
        .unless_empty("namespaceResourceWhitelist", only(name))
        .unless_empty("roles", list(roles(frame, written)));
    object(ARGO_CD, "AppProject", metadata, Some(spec))
}

/// What the teams of a project may do with its applications.
fn roles<'a>(frame: &Frame<'a>, written: Option<&'a Project<'a>>) -> Vec<Fields<'a>> {
    let Some(project) = written else { return Vec::new() };
    let is_of =
        |team: &&Team<'a>| team.project.is_some_and(|it| it.value.name == project.name.value);
    let teams = frame.model.teams.iter().map(|it| &it.value);
    teams
        .filter(is_of)
        .map(|team| {
            let (name, origin) = (project.name.value, team.access.origin);
            let actions: &[&str] = match team.may() {
                Access::View => &["get"],
                Access::Deploy | Access::Operate => &["get", "sync"],
            };
            let policies = actions.iter().map(|action| {
                let own = team.name.value;
                let rule = format!("p, proj:{name}:{own}, applications, {action}, {name}/*, allow");
                text(rule, origin)
            });
            Fields::new()
                .with("name", team.name)
                .with("policies", list(policies))
                .with("groups", list([text(team.group.value, team.group.origin)]))
        })
        .collect()
}

/// Clusters and namespaces: those that are written, and those of use where one of both is not.
fn destinations<'a>(
    frame: &Frame<'a>,
    written: Option<&'a Project<'a>>,
    used: &Use<'a>,
    clusters: &Clusters,
) -> Node<'a> {
    let rule = Origin::rule("where the applications of the project go");
    let limits = written.map(|it| (it.clusters.as_ref(), it.namespaces.as_ref()));
    let mut pairs: Vec<(Ref, Node<'a>)> = Vec::new();
    match limits {
        None | Some((None, None)) => {
            for (cluster, namespace) in &used.destinations {
                if let Some(&cluster) = clusters.iter().find(|it| it.name == Sym::new(cluster)) {
                    pairs.push((cluster, text(namespace.clone(), rule)));
                }
            }
        }
        Some((said, namespaces)) => {
            let on: Vec<Ref> = said
                .map_or_else(|| clusters.clone(), |said| said.iter().map(|it| it.value).collect());
            for cluster in on {
                match namespaces {
                    Some(namespaces) => pairs
                        .extend(namespaces.iter().map(|it| (cluster, text(it.value, it.origin)))),
                    None => pairs.extend(
                        used.destinations
                            .iter()
                            .filter(|(name, _)| *name == cluster.name.as_str())
                            .map(|(_, namespace)| (cluster, text(namespace.clone(), rule))),
                    ),
                }
            }
        }
    }
    list(pairs.into_iter().map(|(cluster, namespace)| {
        destination(frame.platform, cluster).with("namespace", namespace)
    }))
}

fn cluster_objects<'a>(written: Option<&'a Project<'a>>, used: &Use<'a>) -> Node<'a> {
    let entry =
        |group: Node<'a>, kind: Node<'a>| Fields::new().with("group", group).with("kind", kind);
    match written.and_then(|it| it.cluster_objects.as_ref()) {
        Some(ClusterObjects::All(origin)) => list([entry(text("*", *origin), text("*", *origin))]),
        Some(ClusterObjects::Only(objects)) => list(
            objects.iter().map(|it| entry(text(it.group, it.origin), text(it.kind, it.origin))),
        ),
        None => {
            let rule =
                Origin::rule("kinds without a namespace that the project's applications hold");
            list(
                used.cluster_objects.iter().map(|(group, kind)| {
                    entry(text(group.clone(), rule), text(kind.clone(), rule))
                }),
            )
        }
    }
}

fn denied<'a>(written: Option<&'a Project<'a>>) -> Node<'a> {
    let objects = written.map(|it| it.deny_objects.as_slice()).unwrap_or_default();
    list(objects.iter().map(|it| {
        Fields::new()
            .with("group", text(it.group, it.origin))
            .with("kind", text(it.kind, it.origin))
    }))
}

/// The root leads to Argo CD's own objects, and to nothing else.
fn only<'a>(name: &str) -> Node<'a> {
    let rule = Origin::rule("the root leads to what Argo CD reads, and to nothing else");
    let kinds: &[&str] =
        if name == ROOT { &["AppProject", "Application", "ApplicationSet"] } else { &[] };
    list(kinds.iter().map(|kind| {
        Fields::new().with("group", text("argoproj.io", rule)).with("kind", text(*kind, rule))
    }))
}
