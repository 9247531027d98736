//! A declared instance of a kind.

use std::fmt;

use super::{Kind, Of, Tree};
use crate::eval::Origin;
use crate::source::Sym;

/// A resource of a run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ResourceId(pub u32);

/// A reference to a resource, which may be `external`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Ref {
    /// The resource.
    pub id: ResourceId,
    /// Its name.
    pub name: Sym,
}

/// A resource of any kind, or the part of it that is the same on some of its targets.
#[derive(Clone, PartialEq, Debug)]
pub struct Any<'m> {
    /// Which one it is.
    pub id: ResourceId,
    /// Its name.
    pub name: Sym,
    /// Its kind.
    pub kind: Kind,
    /// Its place in the model's list of that kind.
    pub part: usize,
    /// `cluster.eu-1`.
    pub address: String,
    /// The clusters where it looks like this; none for a kind that does not live in clusters.
    pub targets: &'m [Ref],
}

/// A reference from one resource to another: the second must be there before the first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Edge {
    /// Who refers.
    pub from: ResourceId,
    /// To whom; it may be `external`.
    pub to: ResourceId,
}

/// What a resource says to need.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Need {
    /// The resource; it may be `external`.
    pub to: Ref,
    /// One of its ports; none where all of the resource is meant.
    pub port: Option<Sym>,
    /// What says so.
    pub origin: Origin,
}

/// A type whose values are resources.
pub trait Declared {
    /// The kind that declares it.
    const KIND: Kind;
}

/// A resource, or the part of it that is the same on some of its targets.
///
/// Where a value depends on the target, a resource has one of these for each distinct value: same `id` and `name`,
/// other `targets`.
#[derive(Clone, PartialEq, Debug)]
pub struct Resource<'a, T> {
    /// Which one it is.
    pub id: ResourceId,
    /// Its name.
    pub name: Of<Sym>,
    /// The file that declares it, as shown to people; of what a component makes, the file that uses it.
    pub source: &'a str,
    /// Its address, where that is not made of its kind and name: `checkout.workload.web`.
    pub made: Option<Sym>,
    /// The preset it is based on: of several the last.
    pub base: Option<Sym>,
    /// The clusters where it looks like this, by name; none for a kind that does not live in clusters.
    pub targets: Vec<Ref>,
    /// What its patches amend: type and name of an object as written (`k8s.core.v1.ResourceQuota shop`), and the part.
    pub patches: Vec<(Sym, Tree<'a>)>,
    /// What it needs beside what its values refer to.
    pub needs: Vec<Need>,
    /// Its fields.
    pub value: T,
}

impl<T: Declared> Resource<'_, T> {
    /// `cluster.eu-1`; `checkout.workload.web` of what a component makes.
    pub fn address(&self) -> impl fmt::Display {
        Address { kind: T::KIND, name: self.name.value, made: self.made }
    }
}

struct Address {
    kind: Kind,
    name: Sym,
    made: Option<Sym>,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.made {
            Some(address) => f.write_str(address.as_str()),
            None => write!(f, "{}.{}", self.kind.keyword(), self.name),
        }
    }
}
