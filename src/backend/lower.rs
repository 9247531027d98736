//! What a backend is, and the list of them.

use super::{Document, capi, namespaces, objects, patch, prometheus};
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

/// Turns resources of some kinds into manifests. A pure function: the same model gives the same jobs, in the same order.
pub trait Backend: Sync {
    /// Its folder's name.
    fn name(&self) -> &'static str;

    /// A job for each file. What the files share is made here, once.
    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>>;
}

/// Every backend.
pub const BACKENDS: &[&dyn Backend] =
    &[&capi::ClusterApi, &namespaces::Namespaces, &objects::Objects, &prometheus::Prometheus];

/// The jobs of every backend, patched as the program says.
pub fn lower<'a>(model: &'a Model<'a>) -> Vec<Job<'a>> {
    patch::amended(model, unpatched(model))
}

/// The jobs of every backend as they make them.
pub(super) fn unpatched<'a>(model: &'a Model<'a>) -> Vec<Job<'a>> {
    BACKENDS.iter().flat_map(|backend| backend.lower(model)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{BACKENDS, lower};
    use crate::backend::fixture;

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
        let names: BTreeSet<_> = BACKENDS.iter().map(|backend| backend.name()).collect();
        assert_eq!(names.len(), BACKENDS.len());
    }
}
