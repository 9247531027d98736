//! Somebody else's software, and how Argo CD applies it.

use super::lift::{Item, Lift, Reader};
use super::{Map, Of, Quantity, Ref, Tree};
use crate::eval::{Evaluator, Origin, Value};
use crate::source::Sym;

/// `kind Addon`.
#[derive(Clone, PartialEq, Debug)]
pub struct Addon<'a> {
    /// The clusters where it runs.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of its Applications.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of its Applications.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name, and that of the Helm release.
    pub name: Of<Sym>,
    /// The namespace that it runs in.
    pub namespace: Of<Ref>,
    /// The chart.
    pub chart: Option<Chart<'a>>,
    /// A file of manifests.
    pub url: Option<Of<&'a str>>,
    /// A folder of a repository.
    pub folder: Option<Folder<'a>>,
    /// Values of the chart.
    pub values: Tree<'a>,
    /// Whether it must run before Argo CD can.
    pub bootstrap: Of<bool>,
    /// Whether the chart's own CustomResourceDefinitions are installed.
    pub crds: Of<bool>,
    /// Groups of the CustomResourceDefinitions that it brings.
    pub provides: Vec<Of<&'a str>>,
    /// The StorageClasses that it brings.
    pub storage_classes: Vec<Of<Sym>>,
    /// The project of Argo CD.
    pub project: Option<Of<Ref>>,
    /// How Argo CD applies it.
    pub sync: Sync<'a>,
    /// Differences that Argo CD leaves alone.
    pub ignore: Map<Ignore<'a>>,
    /// Whether what is installed stays when the Application goes.
    pub protect: Of<bool>,
}

/// What is stated of an `external addon`.
#[derive(Clone, PartialEq, Debug)]
pub struct ExternalAddon<'a> {
    /// The chart.
    pub chart: Option<Chart<'a>>,
    /// Groups of the CustomResourceDefinitions that it brings.
    pub provides: Vec<Of<&'a str>>,
    /// The StorageClasses that it brings.
    pub storage_classes: Vec<Of<Sym>>,
}

/// `schema Chart`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chart<'a> {
    /// Where it comes from.
    pub repo: Of<&'a str>,
    /// Its name there.
    pub name: Of<&'a str>,
    /// Its version.
    pub version: Of<&'a str>,
}

/// `schema Folder`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Folder<'a> {
    /// The repository.
    pub repository: Of<Ref>,
    /// The folder.
    pub path: Of<&'a str>,
    /// The branch, tag or commit.
    pub revision: Option<Of<&'a str>>,
}

/// `schema Sync`.
#[derive(Clone, PartialEq, Debug)]
pub struct Sync<'a> {
    /// Whether what is merged is applied by itself.
    pub automatic: Of<bool>,
    /// Whether objects that left the source are deleted.
    pub prune: Of<bool>,
    /// Whether what was changed by hand is put back.
    pub self_heal: Of<bool>,
    /// Whether the API server merges.
    pub server_side: Of<bool>,
    /// Further options.
    pub options: Vec<Of<&'a str>>,
    /// What happens when applying fails.
    pub retry: Retry<'a>,
}

/// `schema Retry`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Retry<'a> {
    /// How often; -1 is for ever.
    pub limit: Of<i64>,
    /// How long the first wait is.
    pub backoff: Of<Quantity<'a>>,
    /// By how much each wait is longer.
    pub factor: Of<i64>,
    /// How long a wait is at most.
    pub max: Of<Quantity<'a>>,
}

/// `schema Ignore`.
#[derive(Clone, PartialEq, Debug)]
pub struct Ignore<'a> {
    /// The type of the objects.
    pub object: ObjectKind<'a>,
    /// The objects' name; all of that type where there is none.
    pub name: Option<Of<&'a str>>,
    /// JSON pointers; at least one.
    pub pointers: Vec<Of<&'a str>>,
}

/// `Object`: a type of Kubernetes objects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ObjectKind<'a> {
    /// `apps`; the core group is empty.
    pub group: &'a str,
    /// `Deployment`.
    pub kind: &'a str,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    /// Who says so.
    pub origin: Origin,
}

impl<'a> Lift<'a> for ObjectKind<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let Value::Object(object) = value else { return None };
        let values: &'a Evaluator<'a> = reader.values;
        let found = values.names.catalog.objects.get(object as usize)?;
        Some(Self {
            group: found.group.as_str(),
            kind: found.kind.as_str(),
            namespaced: found.namespaced,
            origin,
        })
    }
}

impl<'a> Item<'a> for ObjectKind<'a> {
    fn all(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Vec<Self>> {
        let Value::List(run) = value else { return None };
        let values: &'a Evaluator<'a> = reader.values;
        values.store.items(run).iter().map(|&item| Self::lift(reader, item, origin)).collect()
    }
}
