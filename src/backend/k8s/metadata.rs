//! The head of every object.

use super::{Fields, IntoNode, text};
use crate::backend::{Manifest, Node};
use crate::eval::Origin;
use crate::model::{Map, Model, Of};

/// The annotation that makes Argo CD ask a person.
pub(in crate::backend) const CONFIRM: &str = "argocd.argoproj.io/sync-options";

/// What [`CONFIRM`] says where a person is asked before the object is deleted or pruned.
pub(in crate::backend) fn confirm<'a>(origin: Origin) -> Node<'a> {
    text("Delete=confirm,Prune=confirm", origin)
}

/// An object's `metadata`, under construction.
#[derive(Clone, Debug)]
pub(in crate::backend) struct Metadata<'a> {
    name: Node<'a>,
    namespace: Option<Node<'a>>,
    labels: Fields<'a>,
    annotations: Fields<'a>,
}

impl<'a> Metadata<'a> {
    /// The metadata of a cluster-wide object.
    pub(in crate::backend) fn new(name: impl IntoNode<'a>, labels: Fields<'a>) -> Self {
        Self { name: name.into_node(), namespace: None, labels, annotations: Fields::new() }
    }

    /// The namespace that the object lives in.
    #[must_use]
    pub(in crate::backend) fn namespace(mut self, namespace: impl IntoNode<'a>) -> Self {
        self.namespace = Some(namespace.into_node());
        self
    }

    /// Labels that win over those of the platform.
    #[must_use]
    pub(in crate::backend) fn labels(mut self, labels: &Map<Of<&'a str>>) -> Self {
        self.labels = self.labels.all(labels);
        self
    }

    /// A label that wins over all before, if there is one.
    #[must_use]
    pub(in crate::backend) fn label(mut self, key: &'static str, value: Option<Node<'a>>) -> Self {
        self.labels = self.labels.maybe(key, value);
        self
    }

    /// An annotation, if there is one.
    #[must_use]
    pub(in crate::backend) fn annotation(
        mut self,
        key: &'static str,
        value: Option<Node<'a>>,
    ) -> Self {
        self.annotations = self.annotations.maybe(key, value);
        self
    }

    /// Further annotations.
    #[must_use]
    pub(in crate::backend) fn entries(mut self, annotations: Fields<'a>) -> Self {
        self.annotations = self.annotations.join(annotations);
        self
    }

    /// Annotations that win over those before.
    #[must_use]
    pub(in crate::backend) fn annotations(mut self, annotations: &Map<Of<&'a str>>) -> Self {
        self.annotations = self.annotations.all(annotations);
        self
    }
}

impl<'a> IntoNode<'a> for Metadata<'a> {
    fn into_node(self) -> Node<'a> {
        Fields::new()
            .with("name", self.name)
            .maybe("namespace", self.namespace)
            .unless_empty("labels", self.labels)
            .unless_empty("annotations", self.annotations)
            .into_node()
    }
}

/// The labels that every object carries: who wrote it, and the platform's own.
pub(in crate::backend) fn labels<'a>(model: &Model<'a>) -> Fields<'a> {
    let writer = Origin::rule("every object says that InfraFlux wrote it");
    let fields = Fields::new().with("app.kubernetes.io/managed-by", text("infraflux", writer));
    model
        .platforms
        .first()
        .map_or(fields.clone(), |platform| fields.all(&platform.value.common_labels))
}

/// A Kubernetes object, with `fields` after its metadata.
pub(in crate::backend) fn object<'a>(
    api_version: &'static str,
    kind: impl Into<std::borrow::Cow<'a, str>>,
    metadata: Metadata<'a>,
    spec: Option<Fields<'a>>,
) -> Manifest<'a> {
    let rule = Origin::rule("the object's type");
    let root = Fields::new()
        .with("apiVersion", text(api_version, rule))
        .with("kind", text(kind, rule))
        .with("metadata", metadata)
        .maybe("spec", spec)
        .into_node();
    Manifest { root }
}
