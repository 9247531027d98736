//! Secrets whose values stand in the repository, encrypted by SOPS.

use super::metadata;
use crate::backend::k8s::{Fields, IntoNode as _, Metadata, list, object, text};
use crate::backend::{Manifest, Node};
use crate::embedded::{Data, read_yaml};
use crate::eval::Origin;
use crate::model::{Model, Of, Secret};

/// The SopsSecret; none where the text holds none, which a theorem says.
///
/// The operator does not look at the checksum of the file (its decryption leaves the field `mac` out, since an API server changes metadata in any case), so that
/// labels and annotations may be added.
pub(super) fn sealed<'a>(
    model: &Model<'a>,
    secret: &Secret<'a>,
    file: Of<&'a str>,
) -> Option<Manifest<'a>> {
    let Data::Map(entries) = read_yaml(file.value).ok()? else { return None };
    let part = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, data)| data);
    let Data::Text(version) = part("apiVersion")? else { return None };
    let metadata = metadata(model, secret);
    let Data::Map(spec) = part("spec")? else { return None };
    let Manifest { root } = object_of(version, metadata, fields(spec, file.origin));
    let encrypted = node(part("sops")?, file.origin);
    Some(Manifest { root: Fields::of(root).with("sops", encrypted).into_node() })
}

fn object_of<'a>(version: &str, metadata: Metadata<'a>, spec: Fields<'a>) -> Manifest<'a> {
    // The version is the file's own: an older operator knows an older one.
    let known = ["isindir.github.com/v1alpha1", "isindir.github.com/v1alpha2"];
    let version =
        known.into_iter().find(|it| *it == version).unwrap_or("isindir.github.com/v1alpha3");
    object(version, "SopsSecret", metadata, Some(spec))
}

fn fields<'a>(entries: &[(String, Data)], origin: Origin) -> Fields<'a> {
    entries
        .iter()
        .fold(Fields::new(), |fields, (key, value)| fields.with(key.clone(), node(value, origin)))
}

/// What a file holds. What is null there is left out, as an API server leaves it out.
fn node<'a>(data: &Data, origin: Origin) -> Node<'a> {
    match data {
        Data::Null => text("", origin),
        Data::Bool(value) => Node::Bool(*value, origin),
        Data::Int(value) => Node::Int(*value, origin),
        Data::Float(value) => Node::Float(*value, origin),
        Data::Text(value) => text(value.clone(), origin),
        Data::List(items) => {
            list(items.iter().filter(|it| **it != Data::Null).map(|it| node(it, origin)))
        }
        Data::Map(entries) => {
            let kept = entries.iter().filter(|(_, value)| *value != Data::Null);
            kept.fold(Fields::new(), |fields, (key, value)| {
                fields.with(key.clone(), node(value, origin))
            })
            .into_node()
        }
    }
}
