//! What a backend is, and the list of them.

use super::{
    Document, argocd, backup, capi, database, day_zero, expiry, grafana, images, monitoring,
    namespaces, network, objects, patch, policies, prometheus, secrets, teams, workload,
};
use crate::model::{Model, Ref};

/// A file's body and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Output<'a> {
    /// The clusters in whose folders the file stands, all with the same body.
    pub clusters: Vec<Ref>,
    /// The file; its path counts from a cluster's folder: `monitoring/nodes.yaml`.
    pub document: Document<'a>,
}

/// Makes one [`Output`]. Jobs know nothing of each other: any thread may run them, in any order.
pub type Job<'a> = Box<dyn Fn() -> Output<'a> + Send + Sync + 'a>;

/// A kind of object that resources become. What stands in `<>` differs from one to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Makes {
    /// The keyword of the kind of the resources: `namespace`.
    pub kind: &'static str,
    /// `apiVersion` and `kind` of the object: `v1 Namespace`.
    pub object: &'static str,
    /// The name of the object.
    pub name: &'static str,
    /// The file, below the output's folder: `<cluster>/<name>/namespace.yaml`.
    pub file: &'static str,
    /// How many there are, and what for.
    pub about: &'static str,
}

/// Turns resources of some kinds into manifests. A pure function: the same model gives the same jobs, in the same order.
pub trait Backend: Sync {
    /// Its folder's name.
    fn name(&self) -> &'static str;

    /// Every kind of object that it makes.
    fn makes(&self) -> &'static [Makes];

    /// A job for each file. What the files share is made here, once.
    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>>;
}

/// The backends that make what clusters hold.
pub(super) const CONTENT: &[&dyn Backend] = &[
    &capi::ClusterApi,
    &day_zero::DayZero,
    &monitoring::Stack,
    &grafana::Grafana,
    &namespaces::Namespaces,
    &network::Network,
    &objects::Objects,
    &prometheus::Prometheus,
    &policies::Policies,
    &secrets::Secrets,
    &teams::Teams,
    &argocd::Releases,
    &workload::Workloads,
    &database::Databases,
    &backup::Backups,
    &expiry::Expiries,
];

/// The backends that tell Argo CD of it.
const OF_ARGO_CD: &[&dyn Backend] = &[&argocd::ArgoCd];

/// Every backend.
pub fn backends() -> impl Iterator<Item = &'static dyn Backend> {
    CONTENT.iter().chain(OF_ARGO_CD).copied()
}

/// The jobs of every backend, patched as the program says.
pub fn lower<'a>(model: &'a Model<'a>) -> Vec<Job<'a>> {
    images::locked(model, patch::amended(model, unpatched(model)))
}

/// The backends that make namespaces, and what runs in them.
const OF_PODS: &[&dyn Backend] = &[
    &namespaces::Namespaces,
    &network::Network,
    &objects::Objects,
    &expiry::Expiries,
    &backup::Backups,
    &workload::Workloads,
];

/// The jobs that may make namespaces, pods or network policies, patched as the program says. What Argo CD is told of them is left out.
pub fn lower_pods<'a>(model: &'a Model<'a>) -> Vec<Job<'a>> {
    let jobs = OF_PODS.iter().flat_map(|backend| backend.lower(model)).collect();
    images::locked(model, patch::amended(model, jobs))
}

/// The kinds of objects that resources of the kind with this keyword become.
pub fn makes(keyword: &str) -> Vec<Makes> {
    let all = backends().flat_map(|backend| backend.makes());
    all.filter(|makes| makes.kind == keyword).copied().collect()
}

/// The jobs of every backend as they make them.
pub(super) fn unpatched<'a>(model: &'a Model<'a>) -> Vec<Job<'a>> {
    argocd::around(model, CONTENT.iter().flat_map(|backend| backend.lower(model)).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Job, Makes, backends, lower, lower_pods};
    use crate::backend::fixture;

    /// Whether a text is of a form in which `<..>` stands for any text, without a slash where more stands around it.
    fn is_of(form: &str, text: &str) -> bool {
        if form.starts_with('<') && form.find('>') == Some(form.len() - 1) {
            return !text.is_empty();
        }
        let Some((start, rest)) = form.split_once('<') else { return form == text };
        let (_, after) = rest.split_once('>').unwrap();
        let Some(text) = text.strip_prefix(start) else { return false };
        let within = text.find('/').unwrap_or(text.len());
        (1..=within).any(|end| text.is_char_boundary(end) && is_of(after, &text[end..]))
    }

    #[test]
    fn forms() {
        let check = |form: &str, text: &str, fits: bool| assert_eq!(is_of(form, text), fits);
        check("<a>/b-<c>.yaml", "x/b-y.yaml", true);
        check("<a>/b-<c>.yaml", "x/b-.yaml", false);
        check("<a>/<b>.c", "x/y/z.c", false);
        check("<a>", "", false);
        check("<a>", "x/y", true);
        check("a", "a", true);
    }

    #[test]
    fn backends_say_what_they_make() {
        let model = fixture::model();
        let all: Vec<Makes> = backends().flat_map(|backend| backend.makes()).copied().collect();
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        for output in lower(&model).iter().map(|job| job()) {
            let document = &output.document;
            for manifest in &document.manifests {
                let object = fixture::json(&manifest.root);
                let text = |path: &str| {
                    object
                        .pointer(path)
                        .and_then(|it| it.as_str())
                        .unwrap_or_else(|| panic!("{path} of {object}"))
                };
                let of = format!("{} {}", text("/apiVersion"), text("/kind"));
                let is_it = |makes: &Makes| {
                    document.address.starts_with(&format!("{}.", makes.kind))
                        && is_of(makes.object, &of)
                        && is_of(makes.name, text("/metadata/name"))
                        && is_of(makes.file, &format!("c/{}", document.path))
                };
                // A form such as `<namespace>` holds for what another row says more closely.
                let rows: Vec<usize> =
                    (0..).zip(&all).filter(|(_, row)| is_it(row)).map(|(at, _)| at).collect();
                assert!(!rows.is_empty(), "{of} of {} in no table", document.address);
                seen.extend(rows);
            }
        }
        let unseen: Vec<&Makes> =
            (0..).zip(&all).filter(|(at, _)| !seen.contains(at)).map(|(_, makes)| makes).collect();
        assert!(unseen.is_empty(), "nothing is made of {unseen:#?}");
    }

    #[test]
    fn pods_and_namespaces_come_of_few_backends() {
        const KINDS: &[&str] =
            &["Namespace", "Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];
        let model = fixture::model();
        let objects = |jobs: Vec<Job<'_>>| {
            let mut found = BTreeSet::new();
            for output in jobs.iter().map(|job| job()) {
                for manifest in &output.document.manifests {
                    let kind = manifest.root.get("kind").and_then(|it| it.as_text());
                    let kind = kind.unwrap_or_default().to_owned();
                    if KINDS.contains(&kind.as_str()) {
                        found.insert((kind, output.document.path.clone()));
                    }
                }
            }
            found
        };
        let all = objects(lower(&model));
        assert_eq!(objects(lower_pods(&model)), all);
        assert!(all.iter().any(|it| it.0 == "Deployment"), "{all:?}");
    }

    #[test]
    fn a_file_stands_once_in_a_folder() {
        let model = fixture::model();
        let mut paths = BTreeSet::new();
        for output in lower(&model).iter().map(|job| job()) {
            assert!(!output.clusters.is_empty(), "{} stands nowhere", output.document.path);
            assert!(!output.document.manifests.is_empty(), "{} is empty", output.document.path);
            for cluster in &output.clusters {
                let path = format!("{}/{}", cluster.name, output.document.path);
                assert!(paths.insert(path.clone()), "{path} stands twice");
            }
        }
        assert!(paths.contains("eu-1/clusters/dev-1.yaml"), "{paths:?}");
        assert!(paths.contains("dev-1/monitoring/nodes.yaml"), "{paths:?}");
    }

    #[test]
    fn backends_have_names_of_their_own() {
        let names: BTreeSet<_> = backends().map(|backend| backend.name()).collect();
        assert_eq!(names.len(), backends().count());
    }
}
