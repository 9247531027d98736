//! A Kubernetes object before it is YAML.

use std::borrow::Cow;

use crate::eval::Origin;

/// A value inside a manifest. Entries of maps keep the order in which the backend wrote them; keys are unique.
#[derive(Clone, PartialEq, Debug)]
pub enum Node<'a> {
    /// A boolean.
    Bool(bool, Origin),
    /// A whole number.
    Int(i64, Origin),
    /// A number with a fraction; finite.
    Float(f64, Origin),
    /// A text: always read back as this very string, whatever it looks like.
    Text(Cow<'a, str>, Origin),
    /// A list.
    List(Vec<Node<'a>>),
    /// A map.
    Map(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// The text that it is.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text, _) => Some(text),
            Self::Bool(..) | Self::Int(..) | Self::Float(..) | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The entry of a map with a key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => {
                entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
            }
            Self::Bool(..) | Self::Int(..) | Self::Float(..) | Self::Text(..) | Self::List(_) => {
                None
            }
        }
    }
}

/// A Kubernetes object: a [`Node::Map`] with `apiVersion`, `kind` and `metadata`.
#[derive(Clone, PartialEq, Debug)]
pub struct Manifest<'a> {
    /// The object.
    pub root: Node<'a>,
}

/// The objects of one file of the output.
#[derive(Clone, PartialEq, Debug)]
pub struct Document<'a> {
    /// Path below the output folder, with `/`: `eu-1/monitoring/nodes.yaml`.
    pub path: String,
    /// The source that decides it, as shown in the header: `platform.iflux`.
    pub source: Cow<'a, str>,
    /// The resource's address, as shown in the header: `alerts.nodes`.
    pub address: Cow<'a, str>,
    /// The objects, in apply order.
    pub manifests: Vec<Manifest<'a>>,
}
