//! Objects of Argo CD that a program writes as manifests, held to what files of others are held to.

use super::finals::{Value, Written, value};
use super::theorems::Places;
use crate::argocd::{File, judge_objects};
use crate::backend;
use crate::diag::Diagnostic;
use crate::eval::Origin;
use crate::model::{Kind, Manifest, Model, ResourceId, Tree as Data};
use crate::prove::Place;

const GROUP: &str = "argoproj.io";

/// An object before it is known where it is written.
pub(super) struct Object {
    resource: ResourceId,
    name: String,
    root: Value<Origin>,
}

/// The objects of Argo CD among the manifests of a program.
pub(super) fn objects(model: &Model<'_>) -> Vec<Object> {
    if !model.manifests.iter().any(|it| is_of_argo_cd(&it.value)) {
        return Vec::new();
    }
    let prefix = format!("{}.", Kind::Manifest.keyword());
    let mut out: Vec<Object> = Vec::new();
    for output in backend::lower(model).iter().map(|job| job()) {
        let address = output.document.address.as_ref();
        if !address.starts_with(&prefix) || out.iter().any(|it| it.name == address) {
            continue;
        }
        let Some(resource) = model
            .manifests
            .iter()
            .find(|it| is_of_argo_cd(&it.value) && it.address().to_string() == address)
        else {
            continue;
        };
        for manifest in &output.document.manifests {
            let root = value(&manifest.root);
            out.push(Object { resource: resource.id, name: address.to_owned(), root });
        }
    }
    out
}

fn is_of_argo_cd(manifest: &Manifest<'_>) -> bool {
    match manifest.object {
        Some(path) => path.as_str().starts_with("argoproj."),
        None => manifest.body.iter().any(|(key, value)| {
            matches!(value, Data::Text(text) if key.as_str() == "apiVersion" && text.value.starts_with(GROUP))
        }),
    }
}

/// What is found in them, each at its place.
pub(super) fn judge(objects: Vec<Object>, places: &mut Places<'_, '_>) -> Vec<Diagnostic> {
    let files: Vec<File<Written>> = objects
        .into_iter()
        .filter_map(|object| {
            let name = places.span(&Place::name(object.resource))?;
            let root = Written::new(&object.root, object.resource, name, places);
            Some(File { name: format!("{}.yaml", object.name), roots: vec![root] })
        })
        .collect();
    judge_objects(&files)
}
