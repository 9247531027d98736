//! Building maps entry by entry.

use std::borrow::Cow;

use crate::backend::Node;
use crate::eval::Origin;
use crate::model::{Of, Ref};
use crate::source::Sym;

/// What can stand in a manifest.
pub(in crate::backend) trait IntoNode<'a> {
    /// As a node.
    fn into_node(self) -> Node<'a>;
}

impl<'a> IntoNode<'a> for Node<'a> {
    fn into_node(self) -> Node<'a> {
        self
    }
}
impl<'a> IntoNode<'a> for Fields<'a> {
    fn into_node(self) -> Node<'a> {
        Node::Map(self.0)
    }
}
impl<'a> IntoNode<'a> for Of<&'a str> {
    fn into_node(self) -> Node<'a> {
        Node::Text(Cow::Borrowed(self.value), self.origin)
    }
}
impl<'a> IntoNode<'a> for Of<Cow<'a, str>> {
    fn into_node(self) -> Node<'a> {
        Node::Text(self.value, self.origin)
    }
}
impl<'a> IntoNode<'a> for Of<Sym> {
    fn into_node(self) -> Node<'a> {
        Node::Text(Cow::Borrowed(self.value.as_str()), self.origin)
    }
}
impl<'a> IntoNode<'a> for Of<Ref> {
    fn into_node(self) -> Node<'a> {
        Node::Text(Cow::Borrowed(self.value.name.as_str()), self.origin)
    }
}
impl<'a> IntoNode<'a> for Of<i64> {
    fn into_node(self) -> Node<'a> {
        Node::Int(self.value, self.origin)
    }
}
impl<'a> IntoNode<'a> for Of<bool> {
    fn into_node(self) -> Node<'a> {
        Node::Bool(self.value, self.origin)
    }
}

/// A text that a rule of a backend decides.
pub(in crate::backend) fn text<'a>(text: impl Into<Cow<'a, str>>, origin: Origin) -> Node<'a> {
    Node::Text(text.into(), origin)
}

/// A list of what can stand in a manifest.
pub(in crate::backend) fn list<'a, T: IntoNode<'a>>(
    items: impl IntoIterator<Item = T>,
) -> Node<'a> {
    Node::List(items.into_iter().map(T::into_node).collect())
}

/// A map under construction; keys keep the order of the calls.
#[derive(Clone, PartialEq, Debug, Default)]
pub(in crate::backend) struct Fields<'a>(Vec<(Cow<'a, str>, Node<'a>)>);

impl<'a> Fields<'a> {
    /// A map that is one already; anything else is empty.
    pub(in crate::backend) fn of(node: Node<'a>) -> Self {
        match node {
            Node::Map(entries) => Self(entries),
            Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::Text(..) | Node::List(_) => {
                Self::default()
            }
        }
    }

    /// An empty map.
    pub(in crate::backend) fn new() -> Self {
        Self::default()
    }

    /// Adds an entry. A key that is there already keeps its place and gets the new value.
    #[must_use]
    pub(in crate::backend) fn with(
        mut self,
        key: impl Into<Cow<'a, str>>,
        value: impl IntoNode<'a>,
    ) -> Self {
        let key = key.into();
        let value = value.into_node();
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key, value)),
        }
        self
    }

    /// Adds an entry if there is a value.
    #[must_use]
    pub(in crate::backend) fn maybe(
        self,
        key: impl Into<Cow<'a, str>>,
        value: Option<impl IntoNode<'a>>,
    ) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Adds an entry unless its value is an empty map or list.
    #[must_use]
    pub(in crate::backend) fn unless_empty(
        self,
        key: impl Into<Cow<'a, str>>,
        value: impl IntoNode<'a>,
    ) -> Self {
        let value = value.into_node();
        let empty = match &value {
            Node::List(items) => items.is_empty(),
            Node::Map(entries) => entries.is_empty(),
            Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::Text(..) => false,
        };
        if empty { self } else { self.with(key, value) }
    }

    /// Adds the entries of another map.
    #[must_use]
    pub(in crate::backend) fn join(self, other: Self) -> Self {
        other.0.into_iter().fold(self, |fields, (key, value)| fields.with(key, value))
    }

    /// Adds the entries of a map whose keys are names.
    #[must_use]
    pub(in crate::backend) fn all<T: IntoNode<'a> + Copy>(self, entries: &[(Sym, T)]) -> Self {
        entries.iter().fold(self, |fields, &(key, value)| fields.with(key.as_str(), value))
    }
}
