//! Objects, whoever holds them.

use crate::backend::Node;

/// A scalar as its type.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Scalar<'n> {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text.
    Text(&'n str),
}

/// A value inside of an object. A field that is `null` is one that is not there.
pub trait View: Clone {
    /// The field of a map.
    fn get(&self, name: &str) -> Option<Self>;
    /// Calls for every item of a list, with its number.
    fn items(&self, call: &mut dyn FnMut(usize, Self));
    /// Calls for every field of a map.
    fn entries(&self, call: &mut dyn FnMut(&str, Self));
    /// The value of a scalar; none of lists, maps and numbers with a fraction.
    fn scalar(&self) -> Option<Scalar<'_>>;

    /// What several names lead to.
    fn at(&self, path: &[&str]) -> Option<Self> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.get(first)?, |node, name| node.get(name))
    }

    /// The text that it is.
    fn text(&self) -> Option<&str> {
        match self.scalar() {
            Some(Scalar::Text(text)) => Some(text),
            Some(Scalar::Bool(_) | Scalar::Int(_)) | None => None,
        }
    }

    /// The truth value that it is.
    fn truth(&self) -> Option<bool> {
        match self.scalar() {
            Some(Scalar::Bool(value)) => Some(value),
            Some(Scalar::Text(_) | Scalar::Int(_)) | None => None,
        }
    }
}

impl View for &Node<'_> {
    fn get(&self, name: &str) -> Option<Self> {
        let node: Self = self;
        match node {
            Node::Map(entries) => entries.iter().find(|it| it.0 == name).map(|it| &it.1),
            Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::Text(..) | Node::List(_) => {
                None
            }
        }
    }

    fn items(&self, call: &mut dyn FnMut(usize, Self)) {
        let node: Self = self;
        if let Node::List(items) = node {
            items.iter().enumerate().for_each(|(at, item)| call(at, item));
        }
    }

    fn entries(&self, call: &mut dyn FnMut(&str, Self)) {
        let node: Self = self;
        if let Node::Map(entries) = node {
            entries.iter().for_each(|(key, value)| call(key, value));
        }
    }

    fn scalar(&self) -> Option<Scalar<'_>> {
        match self {
            Node::Bool(value, _) => Some(Scalar::Bool(*value)),
            Node::Int(value, _) => Some(Scalar::Int(*value)),
            Node::Text(text, _) => Some(Scalar::Text(text)),
            Node::Float(..) | Node::List(_) | Node::Map(_) => None,
        }
    }
}
