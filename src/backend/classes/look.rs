//! Looking into objects.

use crate::backend::judge;
use crate::backend::{Node, Output};
use crate::eval::Origin;

/// An object of a folder.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object<'o, 'a> {
    /// The resource that it comes from.
    pub(super) address: &'o str,
    /// All of it.
    pub(super) root: &'o Node<'a>,
    /// `cluster.x-k8s.io/v1beta2`.
    pub(super) api_version: &'o str,
    /// `ClusterClass`.
    pub(super) kind: &'o str,
    /// Its name.
    pub(super) name: &'o str,
    /// The namespace that it lives in.
    pub(super) namespace: &'o str,
}

impl<'o, 'a> Object<'o, 'a> {
    /// The objects of a file.
    pub(super) fn of_output(output: &'o Output<'a>) -> impl Iterator<Item = Self> {
        let address = output.document.address.as_ref();
        output.document.manifests.iter().filter_map(move |manifest| {
            let root = &manifest.root;
            let read = |path: &[&str]| text_at(root, path);
            Some(Self {
                address,
                root,
                api_version: read(&["apiVersion"])?,
                kind: read(&["kind"])?,
                name: read(&["metadata", "name"]).unwrap_or(""),
                namespace: read(&["metadata", "namespace"]).unwrap_or(""),
            })
        })
    }

    pub(super) fn is(&self, api_version: &str, kind: &str) -> bool {
        self.api_version == api_version && self.kind == kind
    }
}

/// An entry of a map.
pub(super) fn get<'o, 'a>(node: &'o Node<'a>, key: &str) -> Option<&'o Node<'a>> {
    entries(node).iter().find(|(known, _)| known == key).map(|(_, value)| value)
}

/// What lies at a path.
pub(super) fn at<'o, 'a>(node: &'o Node<'a>, path: &[&str]) -> Option<&'o Node<'a>> {
    path.iter().try_fold(node, |node, key| get(node, key))
}

/// The entries of a map; of anything else, none.
pub(super) fn entries<'o, 'a>(node: &'o Node<'a>) -> &'o [(std::borrow::Cow<'a, str>, Node<'a>)] {
    match node {
        Node::Map(entries) => entries,
        Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::Text(..) | Node::List(_) => &[],
    }
}

/// The items of a list; of anything else, none.
pub(super) fn items<'o, 'a>(node: Option<&'o Node<'a>>) -> &'o [Node<'a>] {
    match node {
        Some(Node::List(items)) => items,
        Some(Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::Text(..) | Node::Map(_))
        | None => &[],
    }
}

/// A text.
pub(super) fn text<'o>(node: &'o Node<'_>) -> Option<&'o str> {
    match node {
        Node::Text(text, _) => Some(text),
        Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::List(_) | Node::Map(_) => None,
    }
}

/// The text at a path.
pub(super) fn text_at<'o>(node: &'o Node<'_>, path: &[&str]) -> Option<&'o str> {
    at(node, path).and_then(text)
}

/// A whole number or one with a fraction.
pub(super) fn number(node: &Node<'_>) -> Option<f64> {
    match node {
        #[expect(clippy::cast_precision_loss, reason = "bounds and sizes are far below 2^53")]
        Node::Int(value, _) => Some(*value as f64),
        Node::Float(value, _) => Some(*value),
        Node::Bool(..) | Node::Text(..) | Node::List(_) | Node::Map(_) => None,
    }
}

/// Whether a flag is there and set.
pub(super) fn flag(node: &Node<'_>, path: &[&str]) -> bool {
    matches!(at(node, path), Some(Node::Bool(true, _)))
}

/// What wrote a value, or the first thing inside of it.
pub(super) fn origin_of(node: &Node<'_>) -> Origin {
    judge::origin_of(node)
}

/// A value as messages show it.
pub(super) fn shown(node: &Node<'_>) -> String {
    match node {
        Node::Bool(value, _) => format!("`{value}`"),
        Node::Int(value, _) => format!("`{value}`"),
        Node::Float(value, _) => format!("`{value}`"),
        Node::Text(text, _) if text.chars().count() > 40 || text.contains('\n') => {
            "a text".to_owned()
        }
        Node::Text(text, _) => format!("{text:?}"),
        Node::List(_) => "a list".to_owned(),
        Node::Map(_) => "a record".to_owned(),
    }
}
