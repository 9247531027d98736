//! Objects of Argo CD that a program writes as manifests, held to what files of others are held to.

use std::rc::Rc;

use super::theorems::Places;
use crate::argocd::{File, Tree, judge_objects};
use crate::backend::{self, Node};
use crate::diag::Diagnostic;
use crate::eval::Origin;
use crate::model::{Kind, Manifest, Model, ResourceId, Tree as Data};
use crate::prove::Place;
use crate::source::{Extent, Span};

const GROUP: &str = "argoproj.io";

/// An object before it is known where it is written.
pub(super) struct Object {
    resource: ResourceId,
    name: String,
    root: Value<Origin>,
}

/// A value, and where its scalars are written.
pub(super) enum Value<A> {
    Scalar(String, bool, A),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
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

/// The value of a node.
pub(super) fn value(node: &Node<'_>) -> Value<Origin> {
    match node {
        Node::Bool(it, origin) => Value::Scalar(it.to_string(), true, *origin),
        Node::Int(it, origin) => Value::Scalar(it.to_string(), true, *origin),
        Node::Float(it, origin) => Value::Scalar(it.to_string(), true, *origin),
        Node::Text(it, origin) => Value::Scalar(it.to_string(), false, *origin),
        Node::List(items) => Value::List(items.iter().map(value).collect()),
        Node::Map(entries) => {
            Value::Map(entries.iter().map(|(key, it)| (key.to_string(), value(it))).collect())
        }
    }
}

/// What is found in them, each at its place.
pub(super) fn judge(objects: Vec<Object>, places: &mut Places<'_, '_>) -> Vec<Diagnostic> {
    let files: Vec<File<Written>> = objects
        .into_iter()
        .filter_map(|object| {
            let name = places.span(&Place::name(object.resource))?;
            let mut at =
                |origin: Origin| places.span(&Place::new(object.resource, origin)).unwrap_or(name);
            let root = Written(Rc::new(placed(object.root, &mut at)), name);
            Some(File { name: format!("{}.yaml", object.name), roots: vec![root] })
        })
        .collect();
    judge_objects(&files)
}

/// The same, with places in the program.
pub(super) fn placed(value: Value<Origin>, at: &mut impl FnMut(Origin) -> Span) -> Value<Span> {
    match value {
        Value::Scalar(text, is_bare, origin) => Value::Scalar(text, is_bare, at(origin)),
        Value::List(items) => Value::List(items.into_iter().map(|it| placed(it, at)).collect()),
        Value::Map(entries) => {
            Value::Map(entries.into_iter().map(|(key, it)| (key, placed(it, at))).collect())
        }
    }
}

/// A value of an object, and where that stands in the program: its first scalar, or the block.
#[derive(Clone)]
pub(super) struct Written(Rc<Value<Span>>, Span);

impl<A> Value<A> {
    /// The text of a field.
    pub(super) fn word(&self, name: &str) -> Option<&str> {
        let Self::Map(entries) = self else { return None };
        match entries.iter().find(|(key, _)| key == name) {
            Some((_, Self::Scalar(text, ..))) => Some(text),
            _ => None,
        }
    }
}

impl Written {
    /// A value that nothing wrote is told of at the name.
    pub(super) fn new(value: Rc<Value<Span>>, name: Span) -> Self {
        Self(value, name)
    }

    fn of(&self, value: &Value<Span>) -> Self {
        Self(Rc::new(copy(value)), self.1)
    }
}

fn copy(value: &Value<Span>) -> Value<Span> {
    match value {
        Value::Scalar(text, is_bare, at) => Value::Scalar(text.clone(), *is_bare, *at),
        Value::List(items) => Value::List(items.iter().map(copy).collect()),
        Value::Map(entries) => {
            Value::Map(entries.iter().map(|(key, it)| (key.clone(), copy(it))).collect())
        }
    }
}

fn first(value: &Value<Span>) -> Option<Span> {
    match value {
        Value::Scalar(_, _, at) => Some(*at),
        Value::List(items) => items.iter().find_map(first),
        Value::Map(entries) => entries.iter().find_map(|(_, it)| first(it)),
    }
}

impl Tree for Written {
    fn get(&self, name: &str) -> Option<Self> {
        let Value::Map(entries) = &*self.0 else { return None };
        entries.iter().find(|(key, _)| key == name).map(|(_, value)| self.of(value))
    }

    fn fields(&self) -> Option<Vec<(String, Self, Self)>> {
        let Value::Map(entries) = &*self.0 else { return None };
        let field = |(key, value): &(String, Value<Span>)| {
            let at = first(value).unwrap_or(self.1);
            let name = Self(Rc::new(Value::Scalar(key.clone(), false, at)), self.1);
            (key.clone(), name, self.of(value))
        };
        Some(entries.iter().map(field).collect())
    }

    fn items(&self) -> Option<Vec<Self>> {
        let Value::List(items) = &*self.0 else { return None };
        Some(items.iter().map(|it| self.of(it)).collect())
    }

    fn text(&self) -> Option<&str> {
        match &*self.0 {
            Value::Scalar(text, ..) => Some(text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    fn is_bare(&self) -> bool {
        matches!(&*self.0, Value::Scalar(_, true, _))
    }

    fn span(&self) -> Span {
        first(&self.0).unwrap_or(self.1)
    }

    fn part(&self, _: Extent) -> (Span, bool) {
        (self.span(), false)
    }

    fn inside(&self) -> Option<Self> {
        let read: serde_json::Value = serde_yaml::from_str(self.text()?).ok()?;
        Some(Self(Rc::new(inner(&read, self.span())), self.1))
    }
}

/// What a text holds: all of it is written where the text is.
fn inner(value: &serde_json::Value, at: Span) -> Value<Span> {
    match value {
        serde_json::Value::Array(items) => {
            Value::List(items.iter().map(|it| inner(it, at)).collect())
        }
        serde_json::Value::Object(entries) => {
            Value::Map(entries.iter().map(|(key, it)| (key.clone(), inner(it, at))).collect())
        }
        serde_json::Value::String(text) => Value::Scalar(text.clone(), false, at),
        bare @ (serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)) => Value::Scalar(bare.to_string(), true, at),
    }
}
