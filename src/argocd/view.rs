//! Applications, ApplicationSets and AppProjects among objects.

use super::folder::Folder;
use super::tree::{File, Tree};

/// All files together.
pub(super) struct Whole<'f, T> {
    pub(super) files: &'f [File<T>],
    pub(super) folder: Folder,
    pub(super) apps: Vec<App<'f, T>>,
    pub(super) sets: Vec<Set<'f, T>>,
    pub(super) projects: Vec<Project<T>>,
}

/// An Application, or the template of one.
pub(super) struct App<'f, T> {
    pub(super) file: &'f File<T>,
    /// `the Application `web` `.
    pub(super) shown: String,
    pub(super) name: String,
    /// What has `metadata` and `spec`.
    pub(super) root: T,
    pub(super) spec: T,
    pub(super) sources: Vec<Source<T>>,
}

/// Where an Application gets its objects from.
#[derive(Clone)]
pub(super) struct Source<T> {
    pub(super) node: T,
    pub(super) repository: String,
    pub(super) chart: Option<String>,
    pub(super) path: Option<String>,
    pub(super) revision: Option<T>,
}

/// An ApplicationSet.
pub(super) struct Set<'f, T> {
    pub(super) name: String,
    pub(super) root: T,
    pub(super) spec: T,
    pub(super) is_go: bool,
    /// Its template, as an Application.
    pub(super) app: Option<App<'f, T>>,
}

/// An AppProject.
pub(super) struct Project<T> {
    pub(super) name: String,
    pub(super) root: T,
    pub(super) spec: T,
}

impl<'f, T: Tree> Whole<'f, T> {
    pub(super) fn new(files: &'f [File<T>], others: &[String]) -> Self {
        let (mut apps, mut sets, mut projects) = (Vec::new(), Vec::new(), Vec::new());
        let charts: Vec<&str> =
            files.iter().filter(|it| it.base() == "Chart.yaml").map(File::folder).collect();
        for file in files {
            // A template of Helm may be YAML, and says something else then.
            let is_template = charts.iter().any(|chart| {
                let front = if chart.is_empty() { String::new() } else { format!("{chart}/") };
                file.name.starts_with(&format!("{front}templates/"))
            });
            for root in &file.roots {
                let (Some(kind), Some(spec)) = (root.word("kind"), root.get("spec")) else {
                    continue;
                };
                if !root.word("apiVersion").is_some_and(|it| it.starts_with("argoproj.io/")) {
                    continue;
                }
                let name = root.word_at(&["metadata", "name"]).unwrap_or_default();
                match kind.as_str() {
                    "Application" | "ApplicationSet" if is_template => {}
                    "Application" => apps.extend(App::new(root, &name, false, file)),
                    "ApplicationSet" => sets.push(Set {
                        app: spec.get("template").and_then(|it| App::new(&it, &name, true, file)),
                        is_go: spec.flag(&["goTemplate"]) == Some(true),
                        root: root.clone(),
                        name,
                        spec,
                    }),
                    "AppProject" => projects.push(Project { root: root.clone(), name, spec }),
                    _ => {}
                }
            }
        }
        let folder = Folder::new(files, others, &apps);
        Self { files, folder, apps, sets, projects }
    }

    /// Applications, and the templates of ApplicationSets.
    pub(super) fn all(&self) -> impl Iterator<Item = &App<'f, T>> {
        self.apps.iter().chain(self.sets.iter().filter_map(|it| it.app.as_ref()))
    }

    /// Every object with a kind, in its file.
    pub(super) fn objects(&self) -> impl Iterator<Item = (&'f File<T>, &'f T, String)> {
        let all = self.files.iter().flat_map(|file| file.roots.iter().map(move |it| (file, it)));
        all.filter_map(|(file, root)| Some((file, root, root.word("kind")?)))
    }
}

impl<'f, T: Tree> App<'f, T> {
    fn new(root: &T, owner: &str, is_template: bool, file: &'f File<T>) -> Option<Self> {
        let spec = root.get("spec")?;
        let own = spec.get("source").into_iter().chain(spec.list("sources"));
        let sources: Vec<Source<T>> = own.map(|it| Source::new(&it)).collect();
        // Others' kinds of this name have no destination.
        if sources.is_empty() && spec.get("destination").is_none() {
            return None;
        }
        let kind = if is_template { "ApplicationSet" } else { "Application" };
        Some(Self {
            file,
            shown: format!("the {kind} `{owner}`"),
            name: owner.to_owned(),
            root: root.clone(),
            spec,
            sources,
        })
    }

    /// Where its name is written.
    pub(super) fn named(&self) -> T {
        self.root.at(&["metadata", "name"]).unwrap_or_else(|| self.root.clone())
    }

    /// The namespace that it deploys to.
    pub(super) fn namespace(&self) -> Option<T> {
        self.spec.at(&["destination", "namespace"])
    }

    /// Whether it has an option of its sync.
    pub(super) fn has_option(&self, option: &str) -> bool {
        let options = self.spec.get("syncPolicy").map(|it| it.list("syncOptions"));
        options.unwrap_or_default().iter().any(|it| it.text() == Some(option))
    }

    /// The place of an option of its sync.
    pub(super) fn option(&self, option: &str) -> Option<T> {
        let options = self.spec.get("syncPolicy").map(|it| it.list("syncOptions"));
        options.unwrap_or_default().into_iter().find(|it| it.text() == Some(option))
    }

    /// Its wave, and where it is written.
    pub(super) fn wave(&self) -> (i64, Option<T>) {
        let path = ["metadata", "annotations", "argocd.argoproj.io/sync-wave"];
        let at = self.root.at(&path);
        let wave = at.as_ref().and_then(|it| it.text()?.trim().parse().ok());
        (wave.unwrap_or(0), at)
    }
}

impl<T: Tree> Source<T> {
    fn new(node: &T) -> Self {
        let path = node.word("path");
        let chart = node.word("chart");
        Self {
            repository: node.word("repoURL").unwrap_or_default(),
            chart: chart.filter(|it| !it.is_empty()),
            path: path.map(|it| plain(&it)),
            revision: node.get("targetRevision"),
            node: node.clone(),
        }
    }

    /// What is written as the version.
    pub(super) fn version(&self) -> &str {
        self.revision.as_ref().and_then(|it| it.text()).unwrap_or_default()
    }

    /// Whether nothing of where it comes from is filled in later.
    pub(super) fn is_plain(&self) -> bool {
        let texts = [Some(self.repository.as_str()), self.chart.as_deref(), self.path.as_deref()];
        texts.into_iter().flatten().all(|it| !it.contains("{{"))
    }
}

/// A path without what means nothing: `./apps/web/` is `apps/web`.
pub(super) fn plain(path: &str) -> String {
    let steps = path.split('/').filter(|it| !it.is_empty() && *it != ".");
    steps.collect::<Vec<_>>().join("/")
}
