//! What Argo CD reads, and what its applications may do.

use super::addon::ObjectKind;
use super::lift::{Lift, Reader};
use super::{Of, Ref};
use crate::eval::{Origin, Value};
use crate::source::Sym;

/// `kind Repository`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Repository<'a> {
    /// The block's own name.
    pub name: Of<Sym>,
    /// Its address.
    pub url: Of<&'a str>,
    /// The branch, tag or commit that is read where nothing else is said.
    pub revision: Of<&'a str>,
    /// The Secret that Argo CD logs in with.
    pub credentials: Option<Of<Ref>>,
}

/// `kind Project`.
#[derive(Clone, PartialEq, Debug)]
pub struct Project<'a> {
    /// The block's own name.
    pub name: Of<Sym>,
    /// What it is for.
    pub description: Of<&'a str>,
    /// Repositories beside those of its own applications.
    pub repositories: Vec<Of<Ref>>,
    /// Repositories of charts beside those of its own applications.
    pub charts: Vec<Of<&'a str>>,
    /// The clusters that may be written to; those of its applications where there is none.
    pub clusters: Option<Vec<Of<Ref>>>,
    /// The namespaces that may be written to; those of its applications where there is none.
    pub namespaces: Option<Vec<Of<&'a str>>>,
    /// The kinds of objects without a namespace that may be written; those that the program puts there where there is none.
    pub cluster_objects: Option<ClusterObjects<'a>>,
    /// The kinds of objects with a namespace that may not be written.
    pub deny_objects: Vec<ObjectKind<'a>>,
}

/// `[Object] | "all"`.
#[derive(Clone, PartialEq, Debug)]
pub enum ClusterObjects<'a> {
    /// Every kind.
    All(Origin),
    /// These.
    Only(Vec<ObjectKind<'a>>),
}

impl<'a> Lift<'a> for ClusterObjects<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        if let Value::List(_) = value {
            return Some(Self::Only(Lift::lift(reader, value, origin)?));
        }
        Some(Self::All(origin))
    }
}
