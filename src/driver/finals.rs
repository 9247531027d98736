//! Final objects of a program, as trees that know where they are written: what judges of files read, too.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::theorems::Places;
use crate::argocd::Tree;
use crate::backend::{Job, Node};
use crate::diag::Diagnostic;
use crate::eval::Origin;
use crate::model::{Kind, Manifest, Model, Ref, ResourceId, Tree as Data};
use crate::prove::Place;
use crate::source::{Extent, FileId, Span};

/// A value, and where its scalars are written.
pub(super) enum Value<A> {
    Scalar(String, bool, A),
    List(Vec<Rc<Self>>),
    Map(Vec<(String, Rc<Self>)>),
}

impl<A> Value<A> {
    /// A field of a map.
    pub(super) fn field(&self, name: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(key, _)| key == name).map(|(_, value)| &**value)
    }

    /// The text of a field.
    pub(super) fn word(&self, name: &str) -> Option<&str> {
        match self.field(name)? {
            Self::Scalar(text, ..) => Some(text),
            Self::List(_) | Self::Map(_) => None,
        }
    }
}

/// The value of a node.
pub(super) fn value(node: &Node<'_>) -> Value<Origin> {
    match node {
        Node::Bool(it, origin) => Value::Scalar(it.to_string(), true, *origin),
        Node::Int(it, origin) => Value::Scalar(it.to_string(), true, *origin),
        Node::Float(it, origin) => Value::Scalar(it.to_string(), true, *origin),
        Node::Text(it, origin) => Value::Scalar(it.to_string(), false, *origin),
        Node::List(items) => Value::List(items.iter().map(|it| value(it).into()).collect()),
        Node::Map(entries) => {
            let entry = |(key, it): &(_, _)| (String::from(key as &str), value(it).into());
            Value::Map(entries.iter().map(entry).collect())
        }
    }
}

fn placed(value: &Value<Origin>, at: &mut dyn FnMut(Origin) -> Span) -> Value<Span> {
    match value {
        Value::Scalar(text, is_bare, origin) => Value::Scalar(text.clone(), *is_bare, at(*origin)),
        Value::List(items) => Value::List(items.iter().map(|it| placed(it, at).into()).collect()),
        Value::Map(entries) => Value::Map(
            entries.iter().map(|(key, it)| (key.clone(), placed(it, at).into())).collect(),
        ),
    }
}

/// An object before it is known where it is written.
pub(super) struct Object {
    pub(super) resource: ResourceId,
    /// The kind of the resource.
    pub(super) kind: Kind,
    pub(super) clusters: Vec<Ref>,
    pub(super) root: Value<Origin>,
}

/// The objects that jobs make of resources, as far as they are wanted.
pub(super) fn objects(
    model: &Model<'_>,
    jobs: &[Job<'_>],
    is_wanted: &dyn Fn(&Value<Origin>) -> bool,
) -> Vec<Object> {
    let by_address: FxHashMap<String, (ResourceId, Kind)> =
        model.resources().into_iter().map(|it| (it.address, (it.id, it.kind))).collect();
    let mut objects = Vec::new();
    for output in jobs.iter().map(|job| job()) {
        let Some(&(resource, kind)) = by_address.get(output.document.address.as_ref()) else {
            continue;
        };
        let roots = output.document.manifests.iter().map(|it| value(&it.root));
        for root in roots.filter(is_wanted) {
            objects.push(Object { resource, kind, clusters: output.clusters.clone(), root });
        }
    }
    objects
}

/// Whether a manifest is of a kind that is wanted.
pub(super) fn is_of_kind(manifest: &Manifest<'_>, is_wanted: &dyn Fn(&str) -> bool) -> bool {
    match manifest.object {
        Some(path) => path.as_str().rsplit('.').next().is_some_and(is_wanted),
        None => manifest.body.iter().any(|(key, value)| {
            matches!(value, Data::Text(it) if key.as_str() == "kind" && is_wanted(it.value))
        }),
    }
}

/// The namespaces that hold more than the program's objects show: charts bring the rest.
pub(super) fn with_charts(model: &Model<'_>) -> BTreeSet<String> {
    let charts = model.addons.iter().map(|it| it.value.namespace.value.name);
    let watched = model.monitorings.iter().map(|it| it.value.namespace.value.name);
    charts.chain(watched).map(|it| it.to_string()).collect()
}

/// The clusters of objects.
pub(super) fn clusters(objects: &[Object]) -> Vec<Ref> {
    let mut all: Vec<Ref> = objects.iter().flat_map(|it| it.clusters.iter().copied()).collect();
    all.sort_unstable_by_key(|it| it.id);
    all.dedup_by_key(|it| it.id);
    all
}

/// Objects that know where they are written, with their clusters.
pub(super) struct Trees(Vec<(Vec<Ref>, Written)>);

impl Trees {
    /// Of objects; `look` is called for each.
    pub(super) fn new(
        objects: Vec<Object>,
        places: &mut Places<'_, '_>,
        mut look: impl FnMut(Kind, &Written),
    ) -> Self {
        let mut trees = Vec::new();
        for object in objects {
            let Some(name) = places.span(&Place::name(object.resource)) else { continue };
            let tree = Written::new(&object.root, object.resource, name, places);
            look(object.kind, &tree);
            trees.push((object.clusters, tree));
        }
        Self(trees)
    }

    /// Where nobody asks for the places.
    pub(super) fn nowhere(objects: Vec<Object>) -> Self {
        let tree = |it: Object| (it.clusters, Written::nowhere(&it.root));
        Self(objects.into_iter().map(tree).collect())
    }

    /// Those of a cluster.
    pub(super) fn on(&self, cluster: ResourceId) -> impl Iterator<Item = &Written> {
        let here = self.0.iter().filter(move |(on, _)| on.iter().any(|it| it.id == cluster));
        here.map(|(_, tree)| tree)
    }
}

/// What is found on clusters, each once.
pub(super) fn on_each<C>(
    clusters: impl IntoIterator<Item = C>,
    mut judge: impl FnMut(C) -> Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for cluster in clusters {
        for new in judge(cluster) {
            if !found.contains(&new) {
                found.push(new);
            }
        }
    }
    found
}

/// A value of an object, and where that stands in the program: its first scalar, or the block.
#[derive(Clone)]
pub(super) struct Written(Rc<Value<Span>>, Span);

impl Written {
    /// The object of a resource. A value that nothing wrote is told of at the name.
    pub(super) fn new(
        root: &Value<Origin>,
        resource: ResourceId,
        name: Span,
        places: &mut Places<'_, '_>,
    ) -> Self {
        let mut at = |origin: Origin| places.span(&Place::new(resource, origin)).unwrap_or(name);
        Self(Rc::new(placed(root, &mut at)), name)
    }

    /// The same where nobody asks for places.
    pub(super) fn nowhere(root: &Value<Origin>) -> Self {
        let nowhere = Span::new(FileId(0), 0, 0);
        Self(Rc::new(placed(root, &mut |_| nowhere)), nowhere)
    }

    fn of(&self, value: &Rc<Value<Span>>) -> Self {
        Self(Rc::clone(value), self.1)
    }
}

fn first(value: &Value<Span>) -> Option<Span> {
    match value {
        Value::Scalar(_, _, at) => Some(*at),
        Value::List(items) => items.iter().find_map(|it| first(it)),
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
        let field = |(key, value): &(String, Rc<Value<Span>>)| {
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
            Value::List(items.iter().map(|it| inner(it, at).into()).collect())
        }
        serde_json::Value::Object(entries) => Value::Map(
            entries.iter().map(|(key, it)| (key.clone(), inner(it, at).into())).collect(),
        ),
        serde_json::Value::String(text) => Value::Scalar(text.clone(), false, at),
        bare @ (serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)) => Value::Scalar(bare.to_string(), true, at),
    }
}
