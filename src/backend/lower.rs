//! What a backend is, and the list of them.

use super::{Document, capi, namespaces, prometheus};
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
    &[&capi::ClusterApi, &namespaces::Namespaces, &prometheus::Prometheus];

/// The jobs of every backend.
pub fn lower<'a>(model: &'a Model<'a>) -> Vec<Job<'a>> {
    BACKENDS.iter().flat_map(|backend| backend.lower(model)).collect()
}

#[cfg(test)]
mod tests {
    use super::lower;
    use crate::backend::fixture;

    #[test]
    #[ignore = "scaffold"]
    fn dump() {
        let model = fixture::model();
        for job in lower(&model) {
            let output = job();
            for cluster in &output.clusters {
                for (at, manifest) in output.document.manifests.iter().enumerate() {
                    let path = format!("/tmp/domain-dump/{}/{}.{at}.json", cluster.name, output.document.path);
                    let path = std::path::Path::new(&path);
                    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                    std::fs::write(path, fixture::json(&manifest.root).to_string()).unwrap();
                }
            }
        }
    }
}
