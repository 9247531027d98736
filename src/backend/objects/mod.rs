//! Objects as they are written.
//!
//! * **Takes** `manifest` resources.
//! * **Gives** `<cluster>/<namespace>/<name>.yaml`, or `<cluster>/objects/<name>.yaml` for what lives in no namespace: the object.
//! * **Owns** the head of such an object, and how lists that are written as blocks become lists.
//! * **Never** adds a field that the program does not write; `Raw` objects stay as they are.
//! * **Read first** this file.

use super::k8s::{Fields, IntoNode, Metadata, labels, list, text};
use super::{Backend, Document, Job, Makes, Node, Output};
use crate::eval::Origin;
use crate::kubernetes::{Catalog, FieldType, ObjectType, Shape};
use crate::model::{Manifest, Model, Resource, Tree};
use crate::source::Sym;

/// The backend.
pub(super) struct Objects;

impl Backend for Objects {
    fn name(&self) -> &'static str {
        "objects"
    }

    fn makes(&self) -> &'static [Makes] {
        const NAME: &str = "<its own>";
        &[
            Makes {
                kind: "manifest",
                object: "<of its type>",
                name: NAME,
                file: "<cluster>/<namespace>/<name>.yaml",
                about: "The object, where it lives in a namespace.",
            },
            Makes {
                kind: "manifest",
                object: "<of its type>",
                name: NAME,
                file: "<cluster>/objects/<name>.yaml",
                about: "The object, where it lives in none.",
            },
            Makes {
                kind: "manifest",
                object: "<as written>",
                name: NAME,
                file: "<cluster>/raw/<name>.yaml",
                about: "The object of a `Raw`.",
            },
        ]
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let job = |manifest| Box::new(move || output(model, manifest)) as Job<'a>;
        model.manifests.iter().map(job).collect()
    }
}

fn output<'a>(model: &'a Model<'a>, resource: &'a Resource<'a, Manifest<'a>>) -> Output<'a> {
    let manifest = &resource.value;
    let object = manifest.object.and_then(|path| model.catalog.by_path(path.as_str()));
    let root = match object {
        Some(object) => typed(model, manifest, object),
        None => Node::Map(
            manifest.body.iter().map(|(key, value)| (key.as_str().into(), plain(value))).collect(),
        ),
    };
    let area = match (&manifest.namespace, object) {
        (Some(namespace), _) => namespace.value.name.as_str(),
        (None, Some(_)) => "objects",
        (None, None) => "raw",
    };
    Output {
        clusters: resource.targets.clone(),
        document: Document {
            path: format!("{area}/{}.yaml", file_name(resource.name.value)),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests: vec![super::Manifest { root }],
        },
    }
}

/// A name as part of a path: what a folder or file may not hold stands as `_`.
fn file_name(name: Sym) -> String {
    let safe =
        |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
    name.as_str().chars().map(safe).collect()
}

fn typed<'a>(model: &'a Model<'a>, manifest: &'a Manifest<'a>, object: &'a ObjectType) -> Node<'a> {
    let rule = Origin::rule("the object's type");
    let metadata = Metadata::new(manifest.name, labels(model))
        .labels(&manifest.labels)
        .annotations(&manifest.annotations);
    let metadata = match manifest.namespace {
        Some(namespace) => metadata.namespace(namespace),
        None => metadata,
    };
    let mut metadata = metadata.into_node();
    if let (Node::Map(entries), false) = (&mut metadata, manifest.finalizers.is_empty()) {
        entries.push(("finalizers".into(), list(manifest.finalizers.iter().copied())));
    }
    let head = Fields::new()
        .with("apiVersion", text(object.api_version(), rule))
        .with("kind", text(object.kind.as_str(), rule))
        .with("metadata", metadata);
    let body = manifest.body.iter();
    body.fold(head, |fields, (key, value)| {
        let shape = shape_of(&model.catalog, &object.schema, key.as_str());
        fields.with(key.as_str(), node(&model.catalog, value, shape))
    })
    .into_node()
}

/// A field of a type, as the newest version that has it knows it.
fn shape_of<'c>(catalog: &'c Catalog, owner: &str, field: &str) -> Option<&'c FieldType> {
    catalog.fields(owner).iter().rfind(|it| it.name == field)
}

/// A value of a field; entries of a map become items where the field is a list.
pub(super) fn node<'a>(
    catalog: &'a Catalog,
    value: &'a Tree<'a>,
    field: Option<&'a FieldType>,
) -> Node<'a> {
    match (field, value) {
        (Some(FieldType { shape: Shape::List(of), keys, .. }), Tree::Map(entries)) => {
            let key = keys.first().map_or("name", String::as_str);
            Node::List(
                entries.iter().map(|(name, item)| keyed(catalog, *name, key, item, of)).collect(),
            )
        }
        (Some(field), value) => shaped(catalog, value, &field.shape),
        (None, value) => plain(value),
    }
}

fn shaped<'a>(catalog: &'a Catalog, value: &'a Tree<'a>, shape: &'a Shape) -> Node<'a> {
    match (shape, value) {
        (Shape::Type(name), Tree::Map(entries)) => {
            let field = |key: &Sym| shape_of(catalog, name, key.as_str());
            let entry = |(key, value): &'a (Sym, Tree<'a>)| {
                (key.as_str().into(), node(catalog, value, field(key)))
            };
            Node::Map(entries.iter().map(entry).collect())
        }
        (Shape::Map(of), Tree::Map(entries)) => Node::Map(
            entries
                .iter()
                .map(|(key, value)| (key.as_str().into(), shaped(catalog, value, of)))
                .collect(),
        ),
        (Shape::List(of), Tree::List(items)) => {
            Node::List(items.iter().map(|item| shaped(catalog, item, of)).collect())
        }
        (_, value) => plain(value),
    }
}

/// An item that is written as a block: its key stands for the field that tells items apart, unless it sets that itself.
pub(super) fn keyed<'a>(
    catalog: &'a Catalog,
    name: Sym,
    key: &'a str,
    item: &'a Tree<'a>,
    of: &'a Shape,
) -> Node<'a> {
    let inner = shaped(catalog, item, of);
    let Node::Map(entries) = inner else { return inner };
    if entries.iter().any(|(known, _)| known == key) {
        return Node::Map(entries);
    }
    let rule = Origin::rule("the key of a block is the key of the list's item");
    let is_number = of
        .inner()
        .and_then(|inner| shape_of(catalog, inner, key))
        .is_some_and(|field| matches!(field.shape, Shape::Int | Shape::IntOrString));
    let value = match name.as_str().parse() {
        Ok(number) if is_number => Node::Int(number, rule),
        _ => text(name.as_str(), rule),
    };
    Node::Map(std::iter::once((key.into(), value)).chain(entries).collect())
}

pub(super) fn plain<'a>(value: &'a Tree<'a>) -> Node<'a> {
    match value {
        Tree::Bool(value) => (*value).into_node(),
        Tree::Int(value) => (*value).into_node(),
        Tree::Float(value, origin) => Node::Float(*value, *origin),
        Tree::Text(value) => (*value).into_node(),
        Tree::List(items) => Node::List(items.iter().map(plain).collect()),
        Tree::Map(entries) => Node::Map(
            entries.iter().map(|(key, value)| (key.as_str().into(), plain(value))).collect(),
        ),
    }
}
