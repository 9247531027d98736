//! What Argo CD makes applications of.
//!
//! * **Takes** `apps` resources.
//! * **Gives** `<hub>/argocd/clusters/<cluster>/apps-<name>.yaml`, an ApplicationSet a cluster, or `<hub>/argocd/root/apps-<name>.yaml` where
//!   the applications say where they go; and `<hub>/guards/<set>/guard.yaml`, what bounds the namespaces of applications.
//! * **Owns** how later values are spelled in Argo CD's templates: always Go's, and what is missing is an error there.
//! * **Never** writes a parameter into a text that something else parses: what is more than a text is written as JSON.
//! * **Read first** this file, then `print.rs`.

mod generators;
mod guard;
mod print;

use generators::repository_of;
use print::Printer;

use super::argocd::application::{self, WAVE};
use super::argocd::{AFTER_CLUSTERS, Frame};
use super::k8s::{Fields, IntoNode, Metadata, labels, list, object, text};
use super::{Document, Job, Makes, Manifest, Node, Output};
use crate::eval::Origin;
use crate::model::{Apps, Destination, Model, Platform, Reading, ReadingStep, Ref, Resource};
use crate::source::Sym;

/// How many characters Helm takes as the name of a release.
const RELEASE: u32 = 53;

const GUARD: &str = "<hub>/guards/<set>/guard.yaml";

/// What is made of `apps`.
pub(super) const MAKES: [Makes; 5] = [
    Makes {
        kind: "apps",
        object: "argoproj.io/v1alpha1 ApplicationSet",
        name: "<cluster>-<name>",
        file: "<hub>/<argocd>/clusters/<cluster>/apps-<name>.yaml",
        about: "What makes the applications of a cluster.",
    },
    Makes {
        kind: "apps",
        object: "argoproj.io/v1alpha1 ApplicationSet",
        name: "<name>",
        file: "<hub>/<argocd>/root/apps-<name>.yaml",
        about: "The same where the applications say where they go.",
    },
    Makes {
        kind: "apps",
        object: "v1 ResourceQuota",
        name: "guard",
        file: GUARD,
        about: "What the pods of each application may use together, where `guard` has a quota.",
    },
    Makes {
        kind: "apps",
        object: "v1 LimitRange",
        name: "guard",
        file: GUARD,
        about: "What pods request that do not say it, where that quota bounds CPU or memory.",
    },
    Makes {
        kind: "apps",
        object: "networking.k8s.io/v1 NetworkPolicy",
        name: "guard",
        file: GUARD,
        about: "No traffic but DNS, where `guard` denies it by default.",
    },
];

/// The jobs of all sets.
pub(super) fn jobs<'a>(frame: &Frame<'a>) -> Vec<Job<'a>> {
    let (model, platform) = (frame.model, frame.platform);
    let mut jobs: Vec<Job<'a>> = Vec::new();
    let mut done: Vec<crate::model::ResourceId> = Vec::new();
    for resource in &model.apps {
        let mut sets: Vec<Option<Ref>> = resource.targets.iter().copied().map(Some).collect();
        if resource.value.is_one_set() {
            if done.contains(&resource.id) {
                continue;
            }
            done.push(resource.id);
            sets = vec![None];
        }
        for cluster in sets {
            let wave = cluster.map_or(AFTER_CLUSTERS, |it| frame.wave(it, resource.id));
            let set = Set { model, platform, resource, cluster, wave };
            jobs.push(Box::new(move || set.output()));
            let guard = resource.value.guard.as_ref();
            if guard.is_some_and(guard::has_objects) {
                jobs.push(Box::new(move || set.guards()));
            }
        }
    }
    jobs
}

/// An ApplicationSet.
#[derive(Clone, Copy)]
struct Set<'a> {
    model: &'a Model<'a>,
    platform: &'a Platform<'a>,
    resource: &'a Resource<'a, Apps<'a>>,
    /// The cluster that its applications go to; none where they say it.
    cluster: Option<Ref>,
    /// When it is applied.
    wave: usize,
}

impl<'a> Set<'a> {
    fn name(&self) -> String {
        match self.cluster {
            Some(cluster) => format!("{}-{}", cluster.name, self.resource.name.value),
            None => self.resource.name.value.to_string(),
        }
    }

    fn document(&self, path: String, manifests: Vec<Manifest<'a>>) -> Output<'a> {
        Output {
            clusters: vec![self.platform.hub.value],
            document: Document {
                path,
                source: self.resource.source.into(),
                address: self.resource.address().to_string().into(),
                manifests,
            },
        }
    }

    fn guards(&self) -> Output<'a> {
        let guard = self.resource.value.guard.as_ref();
        let manifests = guard.map_or_else(Vec::new, |it| guard::manifests(self.model, it));
        self.document(format!("{}/guard.yaml", self.guard_folder()), manifests)
    }

    fn guard_folder(&self) -> String {
        format!("guards/{}", self.name())
    }

    fn output(&self) -> Output<'a> {
        let printer = Printer { model: self.model, apps: &self.resource.value };
        let rule =
            Origin::rule("a set is called after its block, and its cluster where it has one");
        let computed = Origin::rule("computed from what refers to what");
        let metadata = Metadata::new(text(self.name(), rule), labels(self.model))
            .namespace(self.platform.argo_cd.namespace)
            .annotation(WAVE, (self.wave > 0).then(|| text(self.wave.to_string(), computed)));
        let go = Origin::rule("templates are Go's, and what is missing there is an error");
        let spec = Fields::new()
            .with("goTemplate", Node::Bool(true, go))
            .with("goTemplateOptions", list([text("missingkey=error", go)]))
            .with("generators", generators::generators(printer))
            .with("syncPolicy", self.keeping())
            .with("template", self.template(printer));
        let object = object("argoproj.io/v1alpha1", "ApplicationSet", metadata, Some(spec));
        let name = self.resource.name.value;
        let place = match self.cluster {
            Some(cluster) => format!("clusters/{}/apps-{name}", cluster.name),
            None => format!("root/apps-{name}"),
        };
        let folder = self.platform.argo_cd.namespace.value;
        self.document(format!("{folder}/{place}.yaml"), vec![object])
    }

    /// What becomes of applications that are not found any more.
    fn keeping(&self) -> Fields<'a> {
        let keeps = self.resource.value.keeps();
        let said = self.resource.value.keep.map(|keep| keep.origin);
        let rule = said.unwrap_or(Origin::rule(
            "what is not found any more stays, but for what a pull request made",
        ));
        let policy = if keeps { "create-update" } else { "sync" };
        Fields::new()
            .with("preserveResourcesOnDeletion", Node::Bool(keeps, rule))
            .with("applicationsSync", text(policy, rule))
    }

    fn template(&self, printer: Printer<'_, 'a>) -> Fields<'a> {
        let apps = &self.resource.value;
        let name = match self.cluster {
            Some(cluster) => printer.prefixed(&format!("{}-", cluster.name), &apps.name),
            None => printer.text(&apps.name),
        };
        let all = |entries: &'a [(Sym, crate::model::LaterText<'a>)], fields: Fields<'a>| {
            entries
                .iter()
                .fold(fields, |all, (key, value)| all.with(key.as_str(), printer.text(value)))
        };
        let finalizer = Origin::rule("what an application applied goes with it, where it goes");
        let finalizers = (!apps.keeps())
            .then(|| list([text("resources-finalizer.argocd.argoproj.io", finalizer)]));
        let metadata = Fields::new()
            .with("name", name)
            .with("labels", all(&apps.labels, labels(self.model)))
            .unless_empty("annotations", all(&apps.annotations, Fields::new()))
            .maybe("finalizers", finalizers);
        let mut spec = Fields::new().with("project", apps.project);
        spec = match self.guard_source() {
            Some(guard) => spec.with("sources", list([self.source(printer), guard])),
            None => spec.with("source", self.source(printer)),
        };
        let spec = spec
            .with("destination", self.destination(printer))
            .with("syncPolicy", self.sync())
            .unless_empty("ignoreDifferences", application::ignore(&apps.ignore))
            .with("revisionHistoryLimit", apps.history);
        Fields::new().with("metadata", metadata).with("spec", spec)
    }

    fn source(&self, printer: Printer<'_, 'a>) -> Fields<'a> {
        let source = &self.resource.value.source;
        let mut fields = Fields::new();
        if let Some(named) = source.repository {
            let found = repository_of(self.model, named);
            let revision = match &source.revision {
                Some(revision) => Some(printer.text(revision)),
                None => found.map(|repository| repository.revision.into_node()),
            };
            fields = fields
                .maybe("repoURL", found.map(|repository| repository.url))
                .maybe("path", source.path.as_ref().map(|path| printer.text(path)))
                .maybe("targetRevision", revision);
        }
        if let Some(chart) = &source.chart {
            fields = fields
                .with("repoURL", chart.repo)
                .with("chart", printer.text(&chart.name))
                .with("targetRevision", printer.text(&chart.version));
        }
        if let Some(kustomize) = &source.kustomize {
            let labels = kustomize.labels.iter().fold(Fields::new(), |all, (key, value)| {
                all.with(key.as_str(), printer.text(value))
            });
            let told = Fields::new()
                .unless_empty("images", list(kustomize.images.iter().map(|it| printer.text(it))))
                .maybe("nameSuffix", kustomize.name_suffix.as_ref().map(|it| printer.text(it)))
                .unless_empty("commonLabels", labels);
            fields = fields.unless_empty("kustomize", told);
        }
        fields.unless_empty("helm", self.helm(printer))
    }

    fn helm(&self, printer: Printer<'_, 'a>) -> Fields<'a> {
        let apps = &self.resource.value;
        let helm = apps.source.helm.as_ref();
        if helm.is_none() && apps.source.chart.is_none() {
            return Fields::new();
        }
        let mut fields = Fields::new();
        match helm.and_then(|helm| helm.release.as_ref()) {
            Some(release) => fields = fields.with("releaseName", printer.text(release)),
            None => fields = fields.maybe("releaseName", self.release(printer)),
        }
        let Some(helm) = helm else { return fields };
        fields = fields
            .unless_empty("valueFiles", list(helm.value_files.iter().map(|it| printer.text(it))));
        if helm.ignore_missing.value {
            fields = fields.with("ignoreMissingValueFiles", helm.ignore_missing);
        }
        match printer.values(&helm.values) {
            Some((key, node)) => fields.with(key, node),
            None => fields,
        }
    }

    /// A name of the release that Helm takes, where the application's could be too long.
    fn release(&self, printer: Printer<'_, 'a>) -> Option<Node<'a>> {
        let apps = &self.resource.value;
        let prefix = self
            .cluster
            .map_or(0, |it| u32::try_from(it.name.as_str().len() + 1).unwrap_or(u32::MAX));
        let longest = self.model.lengths(apps, &apps.name).1;
        if longest.is_some_and(|longest| longest.saturating_add(prefix) <= RELEASE) {
            return None;
        }
        let rule = Origin::rule("Helm takes names of releases of at most 53 characters");
        let name = printer.text_operand(&apps.name);
        let name = match self.cluster {
            Some(cluster) => format!("(printf \"{}-%s\" {name})", cluster.name),
            None => name,
        };
        Some(text(format!("{{{{ {name} | trunc {RELEASE} | trimSuffix \"-\" }}}}"), rule))
    }

    /// The folder of the guard's objects, which every application reads beside its own.
    fn guard_source(&self) -> Option<Fields<'a>> {
        let guard = self.resource.value.guard.as_ref()?;
        let repo = self.platform.repo?;
        if !guard::has_objects(guard) {
            return None;
        }
        let rule = Origin::rule("the objects of a guard stand in the output");
        let path = format!(
            "{}/{}/{}",
            self.platform.path.value,
            self.platform.hub.value.name,
            self.guard_folder()
        );
        Some(
            Fields::new()
                .with("repoURL", repo)
                .with("path", text(path, rule))
                .with("targetRevision", self.platform.revision),
        )
    }

    /// Argo CD knows the cluster that it runs in by its address there, and the others by the names of their blocks.
    fn destination(&self, printer: Printer<'_, 'a>) -> Fields<'a> {
        let apps = &self.resource.value;
        let rule = Origin::rule("Argo CD knows clusters by the names of their blocks");
        let fields = match (self.cluster, &apps.destination) {
            (Some(cluster), _) => self.known_destination(cluster, rule),
            (None, Some(Destination::Cluster(cluster))) => {
                self.known_destination(cluster.value, cluster.origin)
            }
            (None, Some(Destination::Later(reading, origin))) => {
                self.later_destination(printer, reading, *origin)
            }
            (None, None) => match apps.by_clusters() {
                Some(generator) => {
                    let steps = vec![ReadingStep::Name(Sym::new("name"))];
                    let reading = Reading::Parameter { generator, steps };
                    self.later_destination(printer, &reading, rule)
                }
                None => Fields::new(),
            },
        };
        fields.with("namespace", printer.text(&apps.namespace))
    }

    fn known_destination(&self, cluster: Ref, origin: Origin) -> Fields<'a> {
        if cluster.id == self.platform.hub.value.id {
            return application::destination(self.platform, cluster);
        }
        Fields::new().with("name", text(cluster.name.as_str(), origin))
    }

    /// Where the hub may be among the clusters, it is called as Argo CD calls it.
    fn later_destination(
        &self,
        printer: Printer<'_, 'a>,
        reading: &Reading<'a>,
        origin: Origin,
    ) -> Fields<'a> {
        let hub = self.platform.hub.value.name;
        let values = match reading {
            Reading::Parameter { generator, steps } => {
                let found = self.model.parameter(printer.apps, *generator, steps);
                found.and_then(|parameter| parameter.values)
            }
            Reading::Call(..) | Reading::Otherwise(..) => None,
        };
        let may_be_hub = values.is_none_or(|values| values.iter().any(|it| it == hub.as_str()));
        let name = printer.operand(reading);
        let printed = if may_be_hub {
            format!(
                "{{{{ if eq {name} \"{hub}\" }}}}in-cluster{{{{ else }}}}{{{{ {name} }}}}{{{{ end }}}}"
            )
        } else {
            format!("{{{{ {name} }}}}")
        };
        Fields::new().with("name", text(printed, origin))
    }

    fn sync(&self) -> Fields<'a> {
        let apps = &self.resource.value;
        let create = apps.create_namespace;
        let first = create.value.then(|| text("CreateNamespace=true", create.origin));
        let managed = apps.guard.as_ref().filter(|_| create.value).map(|it| {
            let clusters = self.resource.targets.iter();
            let minors = clusters.map(|it| self.model.minors.get(&it.id.0).copied());
            Fields::new().with("labels", guard::namespace_labels(it, minors))
        });
        application::sync(&apps.sync, first.into_iter().collect())
            .maybe("managedNamespaceMetadata", managed)
    }
}
