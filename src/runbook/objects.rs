//! What stands in the files of a build.

use crate::backend::{Manifest, Node, Output};

/// A file of the hub's folder, or of another cluster's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileFacts {
    /// The cluster in whose folder it stands.
    pub folder: String,
    /// Its path below the output folder: `mgmt/clusters/eu-1.yaml`.
    pub path: String,
    /// Its objects, in apply order.
    pub objects: Vec<ObjectFacts>,
}

/// An object of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ObjectFacts {
    /// Its API group; empty for the core group.
    pub group: String,
    /// The version in its group: `v1beta2`.
    pub version: String,
    /// Its kind.
    pub kind: String,
    /// Its namespace; empty for what lives in none.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The ClusterClass of a Cluster.
    pub class: Option<String>,
    /// When Argo CD applies it within its Application; none where it comes with the first.
    pub wave: Option<i64>,
    /// The set of manifests that a Cluster picks by its label, or that a ClusterResourceSet is.
    pub set: Option<String>,
}

impl ObjectFacts {
    /// Whether it is of a kind in a group.
    pub(super) fn is(&self, group: &str, kind: &str) -> bool {
        self.group == group && self.kind == kind
    }
}

/// The label by which a Cluster picks its manifests.
const SET: &str = "infraflux.dev/cni";

/// The files of a build, by path.
pub(super) fn files(outputs: &[Output<'_>]) -> Vec<FileFacts> {
    let mut files: Vec<FileFacts> = outputs
        .iter()
        .flat_map(|output| {
            let document = &output.document;
            output.clusters.iter().map(|cluster| FileFacts {
                folder: cluster.name.as_str().to_owned(),
                path: format!("{}/{}", cluster.name, document.path),
                objects: document.manifests.iter().map(object).collect(),
            })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn object(manifest: &Manifest<'_>) -> ObjectFacts {
    let text = |path: &[&str]| text(&manifest.root, path);
    let api_version = text(&["apiVersion"]).unwrap_or_default();
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let class = text(&["spec", "topology", "classRef", "name"]);
    let set = text(&["metadata", "labels", SET])
        .or_else(|| text(&["spec", "clusterSelector", "matchLabels", SET]));
    ObjectFacts {
        group: group.to_owned(),
        version: version.to_owned(),
        kind: owned(text(&["kind"])),
        namespace: owned(text(&["metadata", "namespace"])),
        name: owned(text(&["metadata", "name"])),
        class: class.map(str::to_owned),
        set: set.map(str::to_owned),
        wave: text(&["metadata", "annotations", "argocd.argoproj.io/sync-wave"])
            .and_then(|wave| wave.parse().ok()),
    }
}

/// The text at a path of keys.
fn text<'n>(root: &'n Node<'_>, path: &[&str]) -> Option<&'n str> {
    let mut node = root;
    for key in path {
        let Node::Map(entries) = node else { return None };
        node = entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)?;
    }
    match node {
        Node::Text(text, _) => Some(text),
        Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::List(_) | Node::Map(_) => None,
    }
}
