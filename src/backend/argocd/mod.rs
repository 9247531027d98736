//! What Argo CD is told: software of others, projects, and the tree that leads to every file.
//!
//! * **Takes** `addon`, `monitoring`, `project` and `repository` resources, the platform, and what other backends make.
//! * **Gives** below `<hub>/argocd/`: `root/`, which one Application reads and stands in, with the projects and an Application for each
//!   cluster; and `clusters/<cluster>/`, with the Applications of that cluster, in waves.
//! * **Owns** names of Applications, their waves, which of them applies which files, and the health of Applications.
//! * **Never** looks into a chart.
//! * **Read first** `plan.rs`, then `tree.rs`.

mod addon;
pub(super) mod application;
mod health;
mod plan;
mod project;
mod release;
mod tree;

pub(super) use release::Releases;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::apps;
use super::k8s::{Fields, text};
use super::lower::CONTENT;
use super::{Backend, Document, Job, Makes, Manifest, Output};
use crate::eval::Origin;
use crate::model::{Model, Platform, Ref, Resource, ResourceId};
use plan::Plan;

/// The backend.
pub(super) struct ArgoCd;

/// When the root applies what goes to several clusters: after their own Applications.
pub(super) const AFTER_CLUSTERS: usize = 3;

const APPLICATION: &str = "argoproj.io/v1alpha1 Application";
const PROJECT: &str = "argoproj.io/v1alpha1 AppProject";

impl Backend for ArgoCd {
    fn name(&self) -> &'static str {
        "argocd"
    }

    fn makes(&self) -> &'static [Makes] {
        &[
            Makes {
                kind: "addon",
                object: APPLICATION,
                name: "<cluster>-<name>",
                file: "<hub>/<argocd>/clusters/<cluster>/addon-<name>.yaml",
                about: "The software, one a cluster.",
            },
            Makes {
                kind: "monitoring",
                object: APPLICATION,
                name: "<cluster>-<name>",
                file: "<hub>/<argocd>/clusters/<cluster>/monitoring-<name>.yaml",
                about: "The chart kube-prometheus-stack with its values, one a cluster.",
            },
            apps::MAKES[0],
            apps::MAKES[1],
            apps::MAKES[2],
            apps::MAKES[3],
            apps::MAKES[4],
            Makes {
                kind: "project",
                object: PROJECT,
                name: "<name>",
                file: "<hub>/<argocd>/root/project-<name>.yaml",
                about: "What its applications may do, where `platform.repo` is set.",
            },
            Makes {
                kind: "platform",
                object: PROJECT,
                name: "<name>",
                file: "<hub>/<argocd>/root/project-<name>.yaml",
                about: "The projects `root`, `platform` and `addons`, where `repo` is set and no `project` has these names.",
            },
            Makes {
                kind: "platform",
                object: APPLICATION,
                name: "root",
                file: "<hub>/<argocd>/root/root.yaml",
                about: "The root, where `repo` is set: it leads to every file.",
            },
            Makes {
                kind: "platform",
                object: APPLICATION,
                name: "<cluster>",
                file: "<hub>/<argocd>/root/cluster-<cluster>.yaml",
                about: "What leads to the Applications of a cluster.",
            },
            Makes {
                kind: "platform",
                object: APPLICATION,
                name: "<cluster>-<what>",
                file: "<hub>/<argocd>/clusters/<cluster>/<what>.yaml",
                about: "What applies the files of a folder: `namespaces`, `<namespace>-objects`, and Argo CD itself as `argo-cd`.",
            },
        ]
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let content: Vec<Job<'a>> =
            CONTENT.iter().flat_map(|backend| backend.lower(model)).collect();
        Frame::new(model, &content).map_or_else(Vec::new, |frame| jobs(&frame))
    }
}

/// What other backends make, in its order, and what Argo CD is told of it.
pub(super) fn around<'a>(model: &'a Model<'a>, content: Vec<Job<'a>>) -> Vec<Job<'a>> {
    let Some(frame) = Frame::new(model, &content) else { return content };
    let mut all = ordered(&frame, content);
    all.extend(jobs(&frame));
    all
}

/// Jobs whose objects say when they come within their Application.
fn ordered<'a>(frame: &Frame<'a>, jobs: Vec<Job<'a>>) -> Vec<Job<'a>> {
    if frame.plan.levels.is_empty() {
        return jobs;
    }
    let wrap = |job: Job<'a>| {
        let plan = Arc::clone(&frame.plan);
        Box::new(move || {
            let mut output = job();
            if let Some(level) = plan.levels.get(output.document.address.as_ref()) {
                for manifest in &mut output.document.manifests {
                    application::comes(manifest, *level);
                }
            }
            output
        }) as Job<'a>
    };
    jobs.into_iter().map(wrap).collect()
}

fn jobs<'a>(frame: &Frame<'a>) -> Vec<Job<'a>> {
    let mut jobs: Vec<Job<'a>> = Vec::new();
    for resource in &frame.model.addons {
        for &cluster in &resource.targets {
            let frame = frame.clone();
            jobs.push(Box::new(move || addon::output(&frame, resource, cluster)));
        }
    }
    for resource in &frame.model.monitorings {
        for &cluster in &resource.targets {
            let frame = frame.clone();
            jobs.push(Box::new(move || addon::monitoring(&frame, resource, cluster)));
        }
    }
    jobs.extend(apps::jobs(frame));
    if let Some(platform) = frame.model.platforms.first().filter(|it| it.value.repo.is_some()) {
        tree(frame, platform, &mut jobs);
    }
    jobs
}

/// The root, and all that hangs on it beside software of others.
fn tree<'a>(frame: &Frame<'a>, platform: &'a Resource<'a, Platform<'a>>, jobs: &mut Vec<Job<'a>>) {
    let of = move || (platform.source, platform.address().to_string());
    let mut clusters: BTreeMap<&str, Ref> = BTreeMap::new();
    let hub = platform.value.hub.value;
    clusters.insert(hub.name.as_str(), hub);
    let own = frame.model.addons.iter().flat_map(|it| &it.targets);
    let own = own.chain(frame.model.monitorings.iter().flat_map(|it| &it.targets));
    let sets = frame.model.apps.iter().filter(|it| !it.value.is_one_set());
    let own = own.chain(sets.flat_map(|it| &it.targets));
    let content = frame.plan.contents.iter().map(|it| &it.cluster);
    clusters.extend(own.chain(content).map(|it| (it.name.as_str(), *it)));
    let shared = frame.clone();
    jobs.push(Box::new(move || tree::root(&shared, of().0, of().1)));
    let shared = frame.clone();
    jobs.push(Box::new(move || addon::argo_cd(&shared, of().0, of().1)));
    for cluster in clusters.into_values() {
        let shared = frame.clone();
        jobs.push(Box::new(move || tree::cluster(&shared, cluster, of().0, of().1)));
    }
    for at in 0..frame.plan.contents.len() {
        let shared = frame.clone();
        if let Some(content) = frame.plan.contents.get(at).cloned() {
            jobs.push(Box::new(move || tree::content(&shared, &content, of().0, of().1)));
        }
    }
    for output in project::outputs(frame, of()) {
        jobs.push(Box::new(move || output.clone()));
    }
}

/// What every Application is made with.
#[derive(Clone)]
pub(super) struct Frame<'a> {
    pub(super) model: &'a Model<'a>,
    pub(super) platform: &'a Platform<'a>,
    plan: Arc<Plan>,
}

impl<'a> Frame<'a> {
    /// Nothing where a program has no platform. The tree is planned where the platform says which repository holds it.
    fn new(model: &'a Model<'a>, content: &[Job<'a>]) -> Option<Self> {
        let platform = &model.platforms.first()?.value;
        let plan = platform.repo.map(|_| plan::plan(model, content)).unwrap_or_default();
        Some(Self { model, platform, plan: Arc::new(plan) })
    }

    /// When a resource's own Application comes on a cluster.
    pub(super) fn wave(&self, cluster: Ref, resource: ResourceId) -> usize {
        self.plan.waves.get(&(cluster.id, resource)).copied().unwrap_or(0)
    }

    /// The folder of what the root reads, below that of the output.
    fn root_folder(&self) -> String {
        format!("{}/{}/root", self.platform.hub.value.name, self.platform.argo_cd.namespace.value)
    }

    /// The folder of the Applications of a cluster.
    fn child_folder(&self, cluster: Ref) -> String {
        let (hub, argo_cd) = (self.platform.hub.value.name, self.platform.argo_cd.namespace.value);
        format!("{hub}/{argo_cd}/clusters/{}", cluster.name)
    }

    /// The source of an Application that reads a folder of the output.
    fn files(&self, folder: &str) -> Fields<'a> {
        let rule = Origin::rule("`platform.path`, and the folder in it");
        let path = format!("{}/{folder}", self.platform.path.value);
        Fields::new()
            .maybe("repoURL", self.platform.repo)
            .with("targetRevision", self.platform.revision)
            .with("path", text(path, rule))
    }

    /// A file that the root reads.
    fn root_file(
        &self,
        name: &str,
        source: &'a str,
        address: String,
        object: Manifest<'a>,
    ) -> Output<'a> {
        self.file(&format!("root/{name}"), source, address, object)
    }

    /// A file that the Application of a cluster reads.
    pub(super) fn child(
        &self,
        cluster: Ref,
        name: &str,
        source: &'a str,
        address: String,
        object: Manifest<'a>,
    ) -> Output<'a> {
        self.file(&format!("clusters/{}/{name}", cluster.name), source, address, object)
    }

    fn file(
        &self,
        name: &str,
        source: &'a str,
        address: String,
        object: Manifest<'a>,
    ) -> Output<'a> {
        Output {
            clusters: vec![self.platform.hub.value],
            document: Document {
                path: format!("{}/{name}.yaml", self.platform.argo_cd.namespace.value),
                source: source.into(),
                address: address.into(),
                manifests: vec![object],
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ArgoCd;
    use crate::backend::fixture;

    #[test]
    fn everything_hangs_on_the_root() {
        insta::assert_snapshot!(fixture::lowered(&ArgoCd, &fixture::model()));
    }
}
