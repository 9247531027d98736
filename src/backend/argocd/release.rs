//! Manifests of a release, which a kustomization reads.

use super::addon::folder_of;
use crate::backend::k8s::{Metadata, labels, list, object};
use crate::backend::{Backend, Document, Job, Makes, Manifest, Node, Output};
use crate::model::{Addon, Model, Resource};

/// The backend.
pub(in crate::backend) struct Releases;

impl Backend for Releases {
    fn name(&self) -> &'static str {
        "releases"
    }

    fn makes(&self) -> &'static [Makes] {
        &[Makes {
            kind: "addon",
            object: "kustomize.config.k8s.io/v1beta1 Kustomization",
            name: "<name>",
            file: "<cluster>/<namespace>/addon-<name>/kustomization.yaml",
            about: "What reads the manifests of a release, where `url` is set. No cluster sees it.",
        }]
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let of = |it: &'a Resource<'a, Addon<'a>>| {
            let output = kustomization(model, it)?;
            Some(Box::new(move || output.clone()) as Job<'a>)
        };
        model.addons.iter().filter_map(of).collect()
    }
}

/// The kustomization that reads the manifests of a release, where the addon is one.
fn kustomization<'a>(
    model: &'a Model<'a>,
    resource: &'a Resource<'a, Addon<'a>>,
) -> Option<Output<'a>> {
    let addon = &resource.value;
    let url = addon.url?;
    let metadata = Metadata::new(addon.name, labels(model)).labels(&addon.labels);
    let Manifest { mut root } =
        object("kustomize.config.k8s.io/v1beta1", "Kustomization", metadata, None);
    if let Node::Map(entries) = &mut root {
        entries.push(("resources".into(), list([url])));
    }
    Some(Output {
        clusters: resource.targets.clone(),
        document: Document {
            path: format!("{}/kustomization.yaml", folder_of(addon)),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests: vec![Manifest { root }],
        },
    })
}

#[cfg(test)]
mod tests {
    use super::Releases;
    use crate::backend::fixture;

    #[test]
    fn a_release_is_read_by_a_kustomization() {
        insta::assert_snapshot!(fixture::lowered(&Releases, &fixture::model()));
    }
}
