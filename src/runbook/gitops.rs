//! Argo CD on the hub: what it is installed of, what it is told first, and how it gets to know the clusters.

use super::facts::{ClusterFacts, DayZero};
use super::markdown::{Page, quoted};
use super::objects::FileFacts;
use crate::model::{Model, Platform, Ref};
use crate::prove::Place;

/// How Argo CD comes to the hub. Nothing where the platform names no repository.
#[derive(Clone, PartialEq, Debug)]
pub struct GitOps {
    /// The repository.
    pub repository: String,
    /// The branch or tag.
    pub revision: String,
    /// The namespace of Argo CD on the hub.
    pub namespace: String,
    /// Where Argo CD's chart comes from, and its version.
    pub chart: (String, String),
    /// What runs before Argo CD can.
    pub early: Vec<Early>,
    /// Where the platform names its repository.
    pub place: Place,
}

/// Software that runs before Argo CD can.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Early {
    /// The name of the block, and of the release.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// What is installed.
    pub what: EarlySource,
    /// The clusters.
    pub clusters: Vec<String>,
}

/// What software that runs early is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EarlySource {
    /// A chart: its repository, name and version.
    Chart(String, String, String),
    /// A file of manifests.
    Url(String),
    /// A folder of a repository, with the revision.
    Folder(String, String, String),
}

/// How Argo CD comes to the hub of a program.
pub(super) fn gitops(model: &Model<'_>) -> Option<GitOps> {
    let resource = model.platforms.first()?;
    let platform: &Platform<'_> = &resource.value;
    let repository = platform.repo?;
    let argo_cd = &platform.argo_cd;
    let name = |it: &Ref| it.name.as_str().to_owned();
    let mut early: Vec<Early> = model
        .addons
        .iter()
        .filter(|it| it.value.bootstrap.value)
        .filter_map(|it| {
            let addon = &it.value;
            let text = |text: &str| text.to_owned();
            let what = if let Some(chart) = addon.chart {
                EarlySource::Chart(
                    text(chart.repo.value),
                    text(chart.name.value),
                    text(chart.version.value),
                )
            } else if let Some(url) = addon.url {
                EarlySource::Url(text(url.value))
            } else {
                let folder = addon.folder?;
                let found =
                    model.repositories.iter().find(|it| it.id == folder.repository.value.id)?;
                let revision = folder.revision.map_or(found.value.revision.value, |it| it.value);
                EarlySource::Folder(
                    text(found.value.url.value),
                    text(folder.path.value),
                    text(revision),
                )
            };
            Some(Early {
                name: text(it.name.value.as_str()),
                namespace: text(addon.namespace.value.name.as_str()),
                what,
                clusters: it.targets.iter().map(name).collect(),
            })
        })
        .collect();
    // What the others wait for comes first: types before charts.
    early.sort_by_key(|it| (matches!(it.what, EarlySource::Chart(..)), it.name.clone()));
    Some(GitOps {
        repository: repository.value.to_owned(),
        revision: platform.revision.value.to_owned(),
        namespace: argo_cd.namespace.value.as_str().to_owned(),
        chart: (argo_cd.repository.value.to_owned(), argo_cd.version.value.to_owned()),
        early,
        place: Place::new(resource.id, repository.origin),
    })
}

impl GitOps {
    /// Whether software of the program makes the nodes of a cluster ready.
    pub(super) fn has_early(&self, cluster: &str) -> bool {
        self.early.iter().any(|early| early.clusters.iter().any(|it| it == cluster))
    }

    /// The file of Argo CD's own, below the output's folder.
    fn file(&self, zero: &DayZero, name: &str) -> String {
        format!("out/{}/{}/{name}.yaml", zero.hub.name, self.namespace)
    }
}

/// Installs on the hub what runs before Argo CD can.
pub(super) fn early(page: &mut Page, zero: &DayZero, gitops: &GitOps, hub: &str, config: &str) {
    page.say(format!("What must run on `{hub}` before Argo CD can. Argo CD takes it over as it is: chart, version and values are those of the program.{}", if gitops.early.iter().any(|it| matches!(it.what, EarlySource::Chart(..))) { " The values stand in the Application." } else { "" }));
    let mut lines = Vec::new();
    for early in gitops.early.iter().filter(|it| it.clusters.iter().any(|it| it == hub)) {
        match &early.what {
            EarlySource::Chart(repository, chart, version) => {
                let file = gitops.file(zero, &format!("clusters/{hub}/addon-{}", early.name));
                let from = match repository.strip_prefix("oci://") {
                    Some(_) => format!("{repository}/{chart}"),
                    None => format!("{chart} --repo {repository}"),
                };
                lines.push(format!("yq '.spec.source.helm.valuesObject // {{}}' {file} |"));
                lines.push(format!("  helm upgrade --install {} {from} --version {version}{config} --namespace {} --create-namespace --values - --wait --timeout 10m", early.name, early.namespace));
            }
            EarlySource::Url(url) => {
                lines.push(format!("kubectl{config} apply --server-side -f {url}"));
            }
            EarlySource::Folder(repository, path, revision) => {
                lines.push(format!(
                    "kubectl{config} apply --server-side -k '{repository}//{path}?ref={revision}'"
                ));
            }
        }
    }
    page.shell(&lines);
}

/// Installs Argo CD, and tells it of the root.
pub(super) fn install(page: &mut Page, zero: &DayZero, gitops: &GitOps, credentials: bool) {
    let (repository, version) = &gitops.chart;
    let namespace = &gitops.namespace;
    page.step("Argo CD");
    page.say(format!(
        "It runs on the hub, and reads `{}` at `{}`: `out/` must be committed and pushed there.",
        gitops.repository, gitops.revision
    ));
    let own = gitops.file(zero, &format!("clusters/{}/argo-cd", zero.hub.name));
    page.shell(&[
        format!("yq '.spec.source.helm.valuesObject' {own} |"),
        format!("  helm upgrade --install argocd argo-cd --repo {repository} --version {version} --namespace {namespace} --create-namespace --values - --wait --timeout 10m"),
    ]);
    if credentials {
        page.say("Where the repository is private, Argo CD needs to log in:");
        page.shell(&[
            format!("kubectl create secret generic repository-platform --namespace {namespace} --from-literal=type=git --from-literal=url={} --from-literal=username='<user>' --from-literal=password='<token>'", gitops.repository),
            format!("kubectl label secret repository-platform --namespace {namespace} argocd.argoproj.io/secret-type=repository"),
        ]);
    }
    page.say("The root is all that is applied by hand. It leads to itself, to the projects, and to an Application for each cluster:");
    page.shell(&[
        format!("kubectl apply --server-side -f {}", gitops.file(zero, "root/project-root")),
        format!("kubectl apply --server-side -f {}", gitops.file(zero, "root/root")),
    ]);
}

/// Waits for the other clusters, which Argo CD makes, and tells it of them.
pub(super) fn register(
    page: &mut Page,
    zero: &DayZero,
    gitops: &GitOps,
    clusters: &[&ClusterFacts],
) {
    if clusters.is_empty() {
        return;
    }
    let names: Vec<&str> = clusters.iter().map(|cluster| cluster.name.as_str()).collect();
    page.step("The other clusters");
    page.say(format!("Argo CD applies their classes and Clusters in the namespace `{}`; their machines come up side by side. Each is told to Argo CD under its own name as soon as its API server answers: from then on its Applications are applied, the network of pods first.", zero.namespace));
    let get = format!(
        "clusterctl get kubeconfig \"$cluster\" --namespace {} > \"$cluster.kubeconfig\"",
        zero.namespace
    );
    page.shell(&[
        format!("kubectl config set-context --current --namespace={}     # `argocd --core` looks there", gitops.namespace),
        format!("for cluster in {}; do", names.join(" ")),
        format!("  until kubectl get --namespace {} cluster.cluster.x-k8s.io/\"$cluster\" >/dev/null 2>&1; do sleep 5; done", zero.namespace),
        format!("  kubectl wait --namespace {} --for=condition=ControlPlaneInitialized --timeout=30m cluster.cluster.x-k8s.io/\"$cluster\"", zero.namespace),
        format!("  {get}"),
        "  argocd cluster add \"$cluster-admin@$cluster\" --core --kubeconfig \"$cluster.kubeconfig\" --name \"$cluster\" --upsert --yes".to_owned(),
        "done".to_owned(),
    ]);
    let bare: Vec<&str> = clusters
        .iter()
        .filter(|it| it.network == super::Network::Nobody && !gitops.has_early(&it.name))
        .map(|it| it.name.as_str())
        .collect();
    if !bare.is_empty() {
        page.say(format!("**No node of {} becomes ready before a network of pods is installed**, and the program names none: an `addon` with `bootstrap = true`, or `cni`.", quoted(bare)));
    }
}

/// Waits until everything is applied.
pub(super) fn synced(page: &mut Page, gitops: &GitOps) {
    page.step("Everything is applied");
    page.say("Waves are counted by the program, so that nothing has to be told by hand; what fails because something is still missing is tried again.");
    let namespace = &gitops.namespace;
    page.shell(&[
        format!("kubectl wait --namespace {namespace} --for=jsonpath='{{.status.sync.status}}'=Synced --timeout=30m application --all"),
        format!("kubectl wait --namespace {namespace} --for=jsonpath='{{.status.health.status}}'=Healthy --timeout=30m application --all"),
        format!("kubectl get applications --namespace {namespace}"),
    ]);
}

/// How long it takes, step by step.
pub(super) fn time(page: &mut Page, zero: &DayZero, remote: &[&ClusterFacts]) {
    let deepest = |folder: &str| {
        let prefix = format!("/clusters/{folder}/");
        let waves = zero.files.iter().filter(|file: &&FileFacts| file.path.contains(&prefix));
        waves.flat_map(|file| &file.objects).filter_map(|object| object.wave).max().unwrap_or(0)
    };
    let hub = &zero.hub.name;
    let others: Vec<&&ClusterFacts> = remote.iter().filter(|it| it.name != *hub).collect();
    let hub_waves = deepest(hub) + 1;
    let waves = others.iter().map(|it| deepest(&it.name)).max().map_or(0, |most| most + 1);
    let mut rows = vec![
        ("Argo CD, and the root".to_owned(), 4),
        (format!("the hub: {hub_waves} waves, one after the other"), hub_waves),
    ];
    if !others.is_empty() {
        rows.push((
            "machines of the other clusters, side by side, until their API servers answer"
                .to_owned(),
            8,
        ));
        rows.push((
            format!("their software: at most {waves} waves, all clusters side by side"),
            waves,
        ));
    }
    let sum: i64 = rows.iter().map(|(_, minutes)| minutes).sum();
    page.heading("How long it takes");
    page.say("From an empty management cluster to all clusters synced, with images at hand at a usual speed: a minute a wave, and what Cluster API needs for the first machine of a cluster.");
    let mut cells: Vec<Vec<String>> =
        rows.into_iter().map(|(step, minutes)| vec![step, format!("{minutes} min")]).collect();
    cells.push(vec!["together".to_owned(), format!("{sum} min")]);
    page.table(&["Step", "Time"], &cells);
}
