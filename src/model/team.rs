//! People who share namespaces.

use super::{Map, Of, Ref};
use crate::source::Sym;

/// `kind Team`.
#[derive(Clone, PartialEq, Debug)]
pub struct Team<'a> {
    /// The clusters where they may do something.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of its objects.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of its objects.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name.
    pub name: Of<Sym>,
    /// Their namespaces.
    pub namespaces: Vec<Of<Ref>>,
    /// The group of the identity provider.
    pub group: Of<&'a str>,
    /// `view`, `deploy` or `operate`.
    pub access: Of<Sym>,
    /// Their project in Argo CD.
    pub project: Option<Of<Ref>>,
}

/// What a team may do, each with what it says before.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Access {
    /// See what runs.
    View,
    /// Change what runs.
    Deploy,
    /// Run commands in what runs.
    Operate,
}

impl Team<'_> {
    /// What they may do.
    pub fn may(&self) -> Access {
        match self.access.value.as_str() {
            "operate" => Access::Operate,
            "deploy" => Access::Deploy,
            _ => Access::View,
        }
    }
}
